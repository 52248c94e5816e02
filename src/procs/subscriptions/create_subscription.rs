//! CreateSubscription: POST subscriptions (FACTS §3.5, seed 003).

use serde_json::json;

use super::{EXPIRATION, all, expiration};
use crate::catalog::{Type, Verb};
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, WARNING, output, parameter, success, text,
    text_of,
};
use crate::value::Value;

/// Asks for notifications.
pub static CREATE_SUBSCRIPTION: Procedure = Procedure {
    name: "CreateSubscription",
    doc: "Asks Graph to tell an address about changes.",
    parameters: &[
        text(
            "Resource",
            "What is watched, such as me/events or me/mailFolders('inbox')/messages.",
        )
        .required(),
        text(
            "NotificationUrl",
            "The https address that is told; Graph asks it for an answer first.",
        )
        .required(),
        text(
            "ChangeType",
            "created, updated, deleted, with commas between them; all three by default.",
        ),
        EXPIRATION,
        text(
            "ClientState",
            "A secret that comes with each notification, at most 128 characters.",
        )
        .secret(),
        text(
            "LifecycleNotificationUrl",
            "The address that is told about the subscription itself.",
        ),
        parameter(
            "AllowDuplicates",
            Type::Boolean,
            "Whether a second one for the same resource and address is made, false by default.",
        ),
    ],
    positional: &["Resource", "NotificationUrl", "ChangeType"],
    outputs: &[
        STATUS,
        WARNING,
        output("Id", Type::Text, "The subscription's id."),
        output("ExpirationDateTime", Type::Text, "When it ends."),
    ],
    permission: "the permission that reads the resource",
    app_permission: "the permission that reads the resource",
    reads: false,
    example: "EXEC CreateSubscription Resource = 'me/events', NotificationUrl = 'https://example.com/hook', ExpirationDateTime = '2026-12-02'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let resource = arguments.required("Resource")?;
    let url = arguments.required("NotificationUrl")?;
    if !arguments.boolean("AllowDuplicates").unwrap_or(false) {
        let existing = all(runner)?;
        let plain = |text: &str| text.trim_matches('/').to_ascii_lowercase();
        let same = existing.iter().find(|other| {
            let is = |name: &str, value: &str| {
                other[name]
                    .as_str()
                    .is_some_and(|own| plain(own) == plain(value))
            };
            is("resource", &resource) && is("notificationUrl", &url)
        });
        if let Some(same) = same {
            return Ok(success(vec![
                (
                    "Warning",
                    Value::text("there is such a subscription already, and no second one was made"),
                ),
                ("Id", text_of(&same["id"])),
                ("ExpirationDateTime", text_of(&same["expirationDateTime"])),
            ]));
        }
    }
    let mut body = json!({
        "changeType": arguments.text("ChangeType").unwrap_or_else(|| "created,updated,deleted".to_owned()),
        "notificationUrl": url,
        "resource": resource,
        "expirationDateTime": expiration(arguments),
    });
    for (name, parameter) in [
        ("clientState", "ClientState"),
        ("lifecycleNotificationUrl", "LifecycleNotificationUrl"),
    ] {
        if let Some(text) = arguments.text(parameter) {
            body[name] = json!(text);
        }
    }
    let made = runner.write(Verb::Post, "subscriptions", Some(body))?;
    Ok(success(vec![
        ("Id", text_of(&made["id"])),
        ("ExpirationDateTime", text_of(&made["expirationDateTime"])),
    ]))
}
