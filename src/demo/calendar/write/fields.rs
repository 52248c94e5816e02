//! What of an event may be written, and what one has that says no more (FACTS 3.2).

use serde_json::{Value, json};

use crate::demo::calendar::row::EventRow;
use crate::demo::calendar::standing::{span, wall};
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::random::{guid, mix};
use crate::demo::time::{self, DAY};
use crate::demo::world::people::User;
use crate::demo::world::recurrence::Recurrence;
use crate::demo::write::body::{Body, Fields};

const NEW: &[&str] = &[
    "allowNewTimeProposals",
    "attendees",
    "body",
    "categories",
    "end",
    "hideAttendees",
    "importance",
    "isAllDay",
    "isOnlineMeeting",
    "isReminderOn",
    "location",
    "locations",
    "onlineMeetingProvider",
    "reminderMinutesBeforeStart",
    "responseRequested",
    "sensitivity",
    "showAs",
    "start",
    "subject",
    // What an occurrence has no more: the rule is its series's.
    "recurrence",
    // Only a new event takes it: it tells a repeated request from a second event (R/event).
    "transactionId",
];

/// Of an event that is there.
const SETTABLE: &[&str] = NEW.split_at(NEW.len() - 1).0;

/// Of an occurrence everything but the rule of its series.
const OF_OCCURRENCE: &[&str] = NEW.split_at(NEW.len() - 2).0;

/// Events.
pub const EVENT: Fields = Fields {
    type_name: "event",
    code: "ErrorInvalidPropertySet",
    required: &["start", "end"],
    on_create: NEW,
    on_update: SETTABLE,
    ..Fields::NONE
};

/// Occurrences of a series, whose rule is the series' own.
pub const OCCURRENCE: Fields = Fields {
    on_update: OF_OCCURRENCE,
    ..EVENT
};

/// 400 unless the times are times, in an order, whole days where they are said to be, and the days of a series begin with its first.
pub fn times(body: &Body, row: Option<&EventRow>) -> Answer<()> {
    let value = |name: &str| {
        let old = || row.map_or(Value::Null, |row| row.stored(name));
        body.get(name).cloned().unwrap_or_else(old)
    };
    for name in ["start", "end"] {
        if body.contains_key(name) && wall(&value(name)).is_none() {
            return Err(failed(format!(
                "The value of '{name}' is no date and time in a time zone that is known."
            )));
        }
    }
    let all_day = value("isAllDay") == true;
    let Some((_, start, length)) = span(&value("start"), &value("end"), all_day) else {
        return Err(failed("The event has no start or no end."));
    };
    if length < 0 {
        return Err(failed("The end is before the start."));
    }
    if all_day && (start % DAY != 0 || length % DAY != 0 || length == 0) {
        return Err(failed(
            "An event of whole days begins and ends at midnight of different days.",
        ));
    }
    match body.get("recurrence") {
        None | Some(Value::Null) => Ok(()),
        Some(recurrence) => Recurrence::read(recurrence, start / DAY * DAY)
            .map(|_| ())
            .ok_or_else(|| {
                failed(
                    "The recurrence is incomplete, or its first day is not the day of the start.",
                )
            }),
    }
}

fn failed(reason: impl Into<String>) -> Fault {
    Fault::new(400, "ErrorPropertyValidationFailure", reason.into())
}

/// A change of one of start and end says the other one too, and of an occurrence whether it takes whole days.
pub fn complete(body: &mut Body, row: &EventRow) {
    if ["start", "end", "isAllDay"]
        .iter()
        .any(|name| body.contains_key(*name))
    {
        for name in ["start", "end"] {
            let old = row.stored(name);
            body.entry(name).or_insert(old);
        }
        if row.is_occurrence() {
            let old = row.property("isAllDay");
            body.entry("isAllDay").or_insert(old);
        }
    }
}

/// Forms that a client may leave out.
pub fn tidy(body: &mut Body) {
    if let Some(attendees) = body.get_mut("attendees").and_then(Value::as_array_mut) {
        attendees.iter_mut().for_each(invited);
    }
    // A place takes the place of all places, and the first of several is the place (FACTS 3.2).
    if let Some(location) = body.get_mut("location").filter(|value| value.is_object()) {
        typed(location);
        let all = json!([location.clone()]);
        body.insert("locations".into(), all);
    } else if let Some(locations) = body.get_mut("locations").and_then(Value::as_array_mut) {
        locations.iter_mut().for_each(typed);
        let first = locations.first().cloned();
        body.insert("location".into(), first.unwrap_or_else(nowhere));
    }
}

fn invited(attendee: &mut Value) {
    if attendee["type"].is_null() {
        attendee["type"] = json!("required");
    }
    if attendee["emailAddress"]["name"].is_null() {
        attendee["emailAddress"]["name"] = attendee["emailAddress"]["address"].clone();
    }
    if attendee["status"].is_null() {
        attendee["status"] = json!({"response": "none", "time": "0001-01-01T00:00:00Z"});
    }
}

fn typed(location: &mut Value) {
    let name = location["displayName"].clone();
    for (member, value) in [
        ("locationType", json!("default")),
        ("uniqueId", name),
        ("uniqueIdType", json!("private")),
    ] {
        if location[member].is_null() {
            location[member] = value;
        }
    }
}

fn nowhere() -> Value {
    json!({"displayName": "", "locationType": "default", "uniqueIdType": "unknown", "address": {}, "coordinates": {}})
}

/// A new event, whole.
pub fn begin(mut body: Body, owner: &User, now: i64) -> Body {
    tidy(&mut body);
    let at = time::show(now);
    let zone = |name: &str| body[name]["timeZone"].as_str().unwrap_or("UTC").to_string();
    let (start_zone, end_zone) = (zone("start"), zone("end"));
    let whole = json!({
        "subject": "", "body": {"contentType": "html", "content": ""}, "location": nowhere(), "locations": [],
        "attendees": [], "categories": [], "importance": "normal", "sensitivity": "normal", "showAs": "busy",
        "isAllDay": false, "isCancelled": false, "isDraft": false, "hasAttachments": false, "hideAttendees": false,
        "isReminderOn": true, "reminderMinutesBeforeStart": 15, "responseRequested": true,
        "allowNewTimeProposals": true, "isOnlineMeeting": false, "transactionId": null,
        "organizer": {"emailAddress": {"name": owner.name, "address": owner.upn}},
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "originalStartTimeZone": start_zone, "originalEndTimeZone": end_zone,
        "createdDateTime": at, "lastModifiedDateTime": at,
        "iCalUId": format!("040000008200E00074C5B7101A82E008{}", guid(&[96, mix(&[now as u64])]).replace('-', "").to_uppercase()),
    });
    match whole {
        Value::Object(mut whole) => {
            whole.extend(body);
            whole
        }
        _ => body,
    }
}

impl EventRow<'_> {
    /// Start, end and whether it takes whole days, as they are written down: in the zone in which the event was made.
    fn stored(&self, name: &str) -> Value {
        let at = |wall: i64| json!({"dateTime": time::show_wall(wall), "timeZone": self.facts.zone.windows});
        let facts = &self.facts;
        if self.is_occurrence() && ["start", "end"].contains(&name) {
            let (start, end) = self.span();
            let ticks = if name == "start" { start } else { end };
            return at(match self.property("isAllDay") == true {
                true => ticks,
                false => facts.zone.to_wall(ticks),
            });
        }
        match name {
            "start" => at(facts.start),
            "end" if facts.all_day => at(facts.start + facts.length),
            "end" => at(facts
                .zone
                .to_wall(facts.zone.to_utc(facts.start) + facts.length)),
            other => self.property(other),
        }
    }
}
