//! What a change does to a series beyond the properties that it sets.

use serde_json::{Value, json};

use crate::demo::calendar::Place;
use crate::demo::calendar::events::occurrence;
use crate::demo::calendar::row::{EventRow, Occurrence, span};
use crate::demo::calendar::standing::{self, CHANGED, GONE};
use crate::demo::error::{Answer, Fault};
use crate::demo::time::DAY;
use crate::demo::write::body::Body;

/// Another rule or another time makes all occurrences anew: what was written of single ones is lost, as in Outlook (K).
pub fn begin_anew(body: &mut Body, row: &EventRow) {
    let facts = &row.facts;
    let all_day = body.get("isAllDay").and_then(Value::as_bool);
    let value = |name: &str| body.get(name).unwrap_or(&Value::Null);
    let all_day = all_day.unwrap_or(facts.all_day);
    let time = standing::span(value("start"), value("end"), all_day);
    let same_time = time.is_none_or(|(zone, start, length)| {
        let old = (facts.zone.windows, facts.start, facts.length, facts.all_day);
        (zone.windows, start, length, all_day) == old
    });
    if !same_time || body.contains_key("recurrence") {
        body.insert(GONE.into(), json!([]));
        body.insert(CHANGED.into(), json!({}));
    }
}

/// 400 for an occurrence that would come to the day of its neighbours, or past it: Exchange allows neither (K).
pub fn between(place: Place, number: usize, own: Occurrence, body: &Body) -> Answer<()> {
    let all_day = body.get("isAllDay") == Some(&json!(true));
    let value = |name: &str| body.get(name).unwrap_or(&Value::Null);
    let Some((zone, start, _)) = standing::span(value("start"), value("end"), all_day) else {
        // The time stays.
        return Ok(());
    };
    let facts = place.event_facts(number);
    let start = match all_day {
        true => start,
        false => facts.zone.to_wall(zone.to_utc(start)),
    };
    let day = |ordinal: usize| {
        let neighbour = occurrence(place, number, ordinal)?;
        let (start, _) = span(&facts, Some(neighbour));
        let wall = match facts.all_day {
            true => start,
            false => facts.zone.to_wall(start),
        };
        Some(wall / DAY)
    };
    let before = own.ordinal.checked_sub(1).and_then(day);
    let after = day(own.ordinal + 1);
    let here = start / DAY;
    if before.is_some_and(|before| here <= before) || after.is_some_and(|after| here >= after) {
        return Err(Fault::new(
            400,
            "ErrorOccurrenceCrossingBoundary",
            "Modified occurrence is crossing or overlapping adjacent occurrence.",
        ));
    }
    Ok(())
}
