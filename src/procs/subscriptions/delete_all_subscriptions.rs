//! DeleteAllSubscriptions: those of one notification address (seed 003).

use crate::catalog::{Type, Verb};
use crate::odata::path_segment;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, output, text, text_of};
use crate::value::Value;

/// Ends subscriptions.
pub static DELETE_ALL_SUBSCRIPTIONS: Procedure = Procedure {
    name: "DeleteAllSubscriptions",
    doc: "Ends all subscriptions of one notification address, and no others.",
    parameters: &[text("NotificationUrl", "The address whose subscriptions end.").required()],
    positional: &["NotificationUrl"],
    outputs: &[
        STATUS,
        output("Id", Type::Text, "The id of a subscription that was ended."),
    ],
    permission: "the permission that reads the resource",
    app_permission: "the permission that reads the resource",
    reads: false,
    example: "EXEC DeleteAllSubscriptions NotificationUrl = 'https://example.com/hook'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let url = arguments.required("NotificationUrl")?;
    let all = super::all(runner)?;
    let own = all
        .iter()
        .filter(|other| other["notificationUrl"] == url.as_str());
    let mut records = Vec::new();
    for subscription in own {
        let id = subscription["id"].as_str().unwrap_or_default();
        runner.write(
            Verb::Delete,
            &format!("subscriptions/{}", path_segment(id)),
            None,
        )?;
        records.push(vec![
            ("Status", Value::text("Success")),
            ("Id", text_of(&subscription["id"])),
        ]);
    }
    if records.is_empty() {
        records.push(vec![("Status", Value::text("Success"))]);
    }
    Ok(records)
}
