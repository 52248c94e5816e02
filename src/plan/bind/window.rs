//! The time window of a table that needs one, from inputs and from predicates.

use super::filters::instant_of;
use super::{DAY, Given, Place};
use crate::catalog::{Role, Source, Table};
use crate::error::{Error, Result};
use crate::instant::Instant;
use crate::odata::Literal;
use crate::plan::{Op, Purpose};

/// What the window of a table became.
pub(super) enum Bounds {
    Impossible,
    Query(String),
}

/// The window's query, from inputs as they are and from predicates a day wider.
pub(super) fn window(table: &Table, given: &[Given<'_>]) -> Result<Bounds> {
    if table.window.is_none() {
        return Ok(Bounds::Query(String::new()));
    }
    let input = |role| {
        given.iter().find(|given| {
            given.argument.role == Purpose::Input
                && table.columns[given.argument.column].source == Source::Input(role)
        })
    };
    let bound = |role, lower: bool| -> Result<Option<Instant>> {
        let Some(given) = input(role) else {
            let side = given
                .iter()
                .filter(|given| bounds(given, lower))
                .filter_map(instant_of);
            return Ok(if lower {
                side.max()
                    .map(|instant| instant.floor_second().plus_seconds(-DAY))
            } else {
                side.min()
                    .map(|instant| instant.ceil_second().plus_seconds(DAY))
            });
        };
        match instant_of(given) {
            Some(instant) => Ok(Some(instant)),
            None => Err(Error::usage(format!(
                "{} is not a point in time",
                table.columns[given.argument.column].name()
            ))
            .next("write it as '2026-01-31' or '2026-01-31 12:00:00'")
            .on(table.name)),
        }
    };
    let start = bound(Role::WindowStart, true)?;
    let end = bound(Role::WindowEnd, false)?;
    let (Some(start), Some(end)) = (start, end) else {
        return Err(window_missing(start.is_none(), end.is_none()));
    };
    // An event can begin before the one point and end behind the other, whichever comes first: it then
    // lasts over all that lies between them, and over both.
    let (start, end) = match (
        start < end,
        input(Role::WindowStart),
        input(Role::WindowEnd),
    ) {
        (true, _, _) => (start, end),
        (false, Some(_), Some(_)) => return Ok(Bounds::Impossible),
        (false, Some(_), None) => (start, start.plus_seconds(DAY)),
        (false, None, Some(_)) => (end.plus_seconds(-DAY), end),
        (false, None, None) => (end.plus_seconds(-DAY), start.plus_seconds(DAY)),
    };
    Ok(Bounds::Query(format!(
        "startDateTime={}&endDateTime={}",
        Literal::Instant(start),
        Literal::Instant(end)
    )))
}

/// True when a predicate bounds the window on this side: a row that starts or ends after a point
/// overlaps what lies behind it, one that starts or ends before a point what lies before it.
fn bounds(given: &Given<'_>, lower: bool) -> bool {
    given.argument.role == Purpose::Window
        && match given.argument.op {
            Op::Eq => true,
            Op::Gt | Op::Ge => lower,
            Op::Lt | Op::Le => !lower,
            _ => false,
        }
}

fn window_missing(start: bool, end: bool) -> Error {
    let what = match (start, end) {
        (true, true) => "a time range",
        (true, false) => "the start of the time range",
        _ => "the end of the time range",
    };
    Error::usage(format!("recurring events are expanded, which needs {what}")).next(
        "Add start_dateTime >= '2026-01-01' AND start_dateTime < '2026-02-01' to WHERE \
         (recurring events without expansion are in Events)",
    )
}

/// A place with the window's query behind its path.
pub(super) fn with_query(place: Place, query: &str) -> Place {
    match place {
        Place::Path(path) if !query.is_empty() => {
            let separator = if path.contains('?') { '&' } else { '?' };
            Place::Path(format!("{path}{separator}{query}"))
        }
        other => other,
    }
}
