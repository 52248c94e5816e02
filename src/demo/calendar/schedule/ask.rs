//! What a `getSchedule` request asks, read out of its body and judged (FACTS 1.2).

use serde_json::{Map, Value};

use super::super::unknown_zone;
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::time::{self, DAY, SECOND};
use crate::demo::world::zones;

/// FACTS 1.2: at most 20 mailboxes and 62 days.
const MOST_SCHEDULES: usize = 20;
const LONGEST: i64 = 62 * DAY;
const KEYS: [&str; 4] = [
    "schedules",
    "startTime",
    "endTime",
    "availabilityViewInterval",
];

/// The question.
pub struct Ask {
    /// Addresses.
    pub schedules: Vec<String>,
    /// From when.
    pub start: i64,
    /// Until when.
    pub end: i64,
    /// How long one digit stands for.
    pub interval: i64,
}

/// Reads the body. FACTS has no code for most of what can be wrong with it; all is 400.
pub fn read(call: &Call) -> Answer<Ask> {
    let body = call.json_body()?;
    let body = body.as_object().cloned().unwrap_or_default();
    // Keys are written as FACTS has them; other spellings are other keys.
    if let Some(other) = body.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(unreadable(format!(
            "The parameter '{other}' in the request payload is not a valid parameter for the operation 'getSchedule'."
        )));
    }
    let schedules = schedules(body.get("schedules").unwrap_or(&Value::Null))?;
    let (start, end) = (instant(&body, "startTime")?, instant(&body, "endTime")?);
    if end <= start {
        return Err(invalid("The end time must be after the start time."));
    }
    if end - start > LONGEST {
        return Err(Fault::new(
            400,
            "ErrorTimeIntervalTooBig",
            "The requested time duration is too long; at most 62 days are allowed.",
        ));
    }
    let interval = interval(body.get("availabilityViewInterval"))?;
    Ok(Ask {
        schedules,
        start,
        end,
        interval,
    })
}

fn schedules(value: &Value) -> Answer<Vec<String>> {
    let list = value.as_array().ok_or_else(|| {
        unreadable("When trying to read the collection parameter 'schedules', no array was found.")
    })?;
    let texts: Option<Vec<String>> = list
        .iter()
        .map(|one| one.as_str().map(String::from))
        .collect();
    let texts = texts.ok_or_else(|| unreadable("An item of 'schedules' is not a string."))?;
    if texts.is_empty() || texts.len() > MOST_SCHEDULES {
        return Err(invalid(format!(
            "The number of schedules must be between 1 and {MOST_SCHEDULES}."
        )));
    }
    Ok(texts)
}

/// A dateTimeTimeZone: a wall clock without offset, in a zone that must be named.
fn instant(body: &Map<String, Value>, name: &str) -> Answer<i64> {
    let part = |part: &str| body.get(name).and_then(|value| value[part].as_str());
    let (Some(wall), Some(zone)) = (part("dateTime"), part("timeZone")) else {
        return Err(invalid(format!(
            "The parameter '{name}' needs a dateTime and a timeZone."
        )));
    };
    let zone = zones::find(zone).ok_or_else(|| unknown_zone(zone))?;
    let wall = time::parse_wall(wall)
        .ok_or_else(|| invalid(format!("The value '{wall}' of '{name}' is invalid.")))?;
    Ok(zone.to_utc(wall))
}

/// In minutes; 30 when it is not there. A null was once answered with 500 (I microsoft-graph-docs#4494): it is no number.
fn interval(value: Option<&Value>) -> Answer<i64> {
    let minutes = match value {
        None => 30,
        Some(value) => value
            .as_i64()
            .ok_or_else(|| unreadable("Cannot convert 'availabilityViewInterval' to Edm.Int32."))?,
    };
    if !(5..=1_440).contains(&minutes) {
        return Err(Fault::new(
            400,
            "ErrorInvalidMergedFreeBusyInterval",
            "The interval must be between 5 and 1440 minutes.",
        ));
    }
    Ok(minutes * 60 * SECOND)
}

fn unreadable(message: impl Into<String>) -> Fault {
    Fault::new(400, "RequestBodyRead", message)
}

fn invalid(message: impl Into<String>) -> Fault {
    Fault::new(400, "ErrorInvalidArgument", message)
}
