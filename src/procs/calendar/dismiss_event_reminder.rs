//! DismissEventReminder: POST …/dismissReminder (FACTS §3.2).

use serde_json::Value as Json;

use super::{EVENT_ID, acted};
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID};

/// Ends a reminder.
pub static DISMISS_EVENT_REMINDER: Procedure = Procedure {
    name: "DismissEventReminder",
    doc: "Ends the reminder of an event.",
    parameters: &[EVENT_ID, USER_ID],
    positional: &["EventId", "UserId"],
    outputs: &[STATUS],
    permission: "Calendars.ReadWrite",
    app_permission: "Calendars.ReadWrite",
    reads: false,
    example: "EXEC DismissEventReminder EventId = (SELECT id FROM Events WHERE isReminderOn = 1 ORDER BY start_dateTime DESC, id LIMIT 1)",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    acted(arguments, runner, "dismissReminder", Json::Null)
}
