//! Procedures of calendars.

pub mod cancel_event;
pub mod dismiss_event_reminder;
pub mod forward_event;
pub mod respond_to_event;
pub mod snooze_event_reminder;

use serde_json::Value as Json;

use super::attach::item;
use super::{Arguments, Outcome, Parameter, Runner, success, text};
use crate::catalog::Verb;

/// Which event.
const EVENT_ID: Parameter = text("EventId", "The event's id.").required();
/// Whose calendar, as seed 000 has it.
const USER_PRINCIPAL_NAME: Parameter = text(
    "UserPrincipalName",
    "The same as UserId, by the user's name.",
);

/// An action on an event that answers nothing.
fn acted(arguments: &Arguments, runner: &mut Runner<'_>, action: &str, body: Json) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let event = item(&user, "events", &arguments.required("EventId")?);
    let body = Some(body).filter(|body| !body.is_null());
    runner.write(Verb::Post, &format!("{event}/{action}"), body)?;
    Ok(success(Vec::new()))
}
