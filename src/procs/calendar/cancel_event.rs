//! CancelEvent: POST …/cancel, for organizers (FACTS §3.2).

use serde_json::json;

use super::{EVENT_ID, USER_PRINCIPAL_NAME, acted};
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, text};

/// Cancels an event.
pub static CANCEL_EVENT: Procedure = Procedure {
    name: "CancelEvent",
    doc: "Cancels an event that one organizes, and tells the attendees.",
    parameters: &[
        EVENT_ID,
        text("Comment", "What the attendees are told."),
        USER_ID,
        USER_PRINCIPAL_NAME,
    ],
    positional: &["EventId", "Comment", "UserId"],
    outputs: &[STATUS],
    permission: "Calendars.ReadWrite",
    app_permission: "Calendars.ReadWrite",
    reads: false,
    example: "EXEC CancelEvent EventId = (SELECT id FROM Events WHERE isOrganizer = 1 ORDER BY start_dateTime DESC, id LIMIT 1), Comment = 'Next week instead'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let comment = arguments.text("Comment").unwrap_or_default();
    acted(arguments, runner, "cancel", json!({ "comment": comment }))
}
