//! RenewSubscription: PATCH subscriptions/{id} (FACTS §3.5).

use serde_json::json;

use super::{EXPIRATION, expiration};
use crate::catalog::{Type, Verb};
use crate::odata::path_segment;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, output, success, text, text_of};

/// Puts the end off.
pub static RENEW_SUBSCRIPTION: Procedure = Procedure {
    name: "RenewSubscription",
    doc: "Puts the end of a subscription off.",
    parameters: &[
        text("SubscriptionId", "The subscription's id.").required(),
        EXPIRATION,
    ],
    positional: &["SubscriptionId", "ExpirationDateTime"],
    outputs: &[
        STATUS,
        output("Id", Type::Text, "The subscription's id."),
        output("ExpirationDateTime", Type::Text, "When it ends now."),
    ],
    permission: "the permission that reads the resource",
    app_permission: "the permission that reads the resource",
    reads: false,
    example: "EXEC RenewSubscription SubscriptionId = (SELECT id FROM Subscriptions ORDER BY id LIMIT 1), ExpirationDateTime = '2026-12-02'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let id = path_segment(&arguments.required("SubscriptionId")?);
    let body = json!({ "expirationDateTime": expiration(arguments) });
    let renewed = runner.write(Verb::Patch, &format!("subscriptions/{id}"), Some(body))?;
    Ok(success(vec![
        ("Id", text_of(&renewed["id"])),
        (
            "ExpirationDateTime",
            text_of(&renewed["expirationDateTime"]),
        ),
    ]))
}
