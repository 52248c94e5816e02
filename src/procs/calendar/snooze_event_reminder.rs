//! SnoozeEventReminder: POST …/snoozeReminder (FACTS §3.2).

use serde_json::json;

use super::{EVENT_ID, acted};
use crate::catalog::Type;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, parameter, text};

/// Puts a reminder off.
pub static SNOOZE_EVENT_REMINDER: Procedure = Procedure {
    name: "SnoozeEventReminder",
    doc: "Puts the reminder of an event off.",
    parameters: &[
        EVENT_ID,
        parameter(
            "DateTime",
            Type::Instant,
            "When to remind again, in the zone of TimeZone.",
        )
        .required(),
        text("TimeZone", "The zone of DateTime, UTC by default."),
        USER_ID,
    ],
    positional: &["EventId", "DateTime", "TimeZone"],
    outputs: &[STATUS],
    permission: "Calendars.ReadWrite",
    app_permission: "Calendars.ReadWrite",
    reads: false,
    example: "EXEC SnoozeEventReminder EventId = (SELECT id FROM Events WHERE isReminderOn = 1 ORDER BY start_dateTime DESC, id LIMIT 1), DateTime = '2026-12-01 08:00', TimeZone = 'Europe/Berlin'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let at = arguments.required("DateTime")?.replace(' ', "T");
    let zone = arguments
        .text("TimeZone")
        .unwrap_or_else(|| "UTC".to_owned());
    let body = json!({ "newReminderTime": { "dateTime": at, "timeZone": zone } });
    acted(arguments, runner, "snoozeReminder", body)
}
