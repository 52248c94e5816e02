//! `calendarView/delta`: what takes place in a window that the token keeps, then what was written since (FACTS 6).
//!
//! Occurrences come with few fields, and the master that has the others before them (K).

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use serde_json::Value;

use super::events::{VIEW, of_calendar, window};
use super::row::{EventRow, View};
use super::{Place, view};
use crate::demo::call::Call;
use crate::demo::delta::outlook::{Source, page};
use crate::demo::delta::rows::Shown;
use crate::demo::delta::{Round, Service};
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook;
use crate::demo::query::row::{Row, render};
use crate::demo::reply::Reply;
use crate::demo::write::ledger::Ledger;

/// Taken and ignored (FACTS 2.1): all but `$top`.
const IGNORED: &[&str] = &[
    "$select", "$filter", "$orderby", "$expand", "$count", "$search", "$skip",
];
/// What an occurrence comes with. Which fields are few, FACTS does not say: what tells it apart, then, and no etag.
const OF_OCCURRENCE: [&str; 5] = ["id", "type", "seriesMasterId", "start", "end"];

/// `calendarView/delta`, of the default calendar only: FACTS has no other.
pub fn respond(call: &Call, place: Place, calendar: usize) -> Answer<Reply> {
    if calendar != 0 {
        return Err(Fault::unknown_segment("delta"));
    }
    if call.query.has("$top") {
        return Err(Fault::new(
            400,
            "ErrorInvalidUrlQuery",
            "The following parameters are not supported with change tracking over the 'CalendarView' resource: '$top'.",
        ));
    }
    let mut round = Round::of(call, Service::Outlook, IGNORED)?;
    round.call.query.select = None;
    let (view, window) = (view(call)?, window(&round.call)?);
    let names = outlook::names(&VIEW, None)?;
    let rows = |ledger: &Ledger| Ok(rows(Place { ledger, ..place }, window, view, &names));
    let now = Place {
        ledger: &round.call.ledger,
        ..place
    };
    let source = Source {
        rules: &VIEW,
        resource: "Collection(event)",
        rows: &rows,
        // What is there and takes place at another time has left the view.
        reason: &|id| now.event(id).map_or("deleted", |_| "changed"),
    };
    page(&round, &source)
}

/// The view, each master before the first of its occurrences.
fn rows(place: Place, window: (i64, i64), view: View, names: &[String]) -> Vec<Shown> {
    let (mut rows, mut masters) = (Vec::new(), HashSet::new());
    for (number, occurrence) in of_calendar(place, 0, window, view).items {
        let row = EventRow::new(place, number, occurrence, view);
        if occurrence.is_some() && masters.insert(number) {
            let master = EventRow::new(place, number, None, view);
            rows.push(render(&master, names));
        }
        rows.push(match row.property("type") == "occurrence" {
            true => few(&row),
            false => render(&row, names),
        });
    }
    rows
}

fn few(row: &EventRow) -> Shown {
    let named = |name: &&str| (name.to_string(), row.property(name));
    let values = OF_OCCURRENCE.iter().map(named);
    values.collect::<serde_json::Map<String, Value>>()
}
