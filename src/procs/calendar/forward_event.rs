//! ForwardEvent: POST …/forward (FACTS §3.2).

use serde_json::json;

use super::{EVENT_ID, USER_PRINCIPAL_NAME, acted};
use crate::procs::mail::recipients;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, text};

/// Forwards an event.
pub static FORWARD_EVENT: Procedure = Procedure {
    name: "ForwardEvent",
    doc: "Forwards the invitation to an event.",
    parameters: &[
        EVENT_ID,
        text(
            "ToRecipients",
            "Who gets it, addresses with ; or , between them, or a JSON array.",
        )
        .required(),
        text("Comment", "What stands before the invitation."),
        USER_ID,
        USER_PRINCIPAL_NAME,
    ],
    positional: &["EventId", "ToRecipients", "Comment"],
    outputs: &[STATUS],
    permission: "Calendars.Read",
    app_permission: "Calendars.Read",
    reads: false,
    example: "EXEC ForwardEvent EventId = (SELECT id FROM Events ORDER BY start_dateTime DESC, id LIMIT 1), ToRecipients = 'alex@contoso.com'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let body = json!({
        "ToRecipients": recipients(arguments, "ToRecipients"),
        "Comment": arguments.text("Comment").unwrap_or_default(),
    });
    acted(arguments, runner, "forward", body)
}
