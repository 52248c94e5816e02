//! The time window of a table that needs one, from inputs and from predicates.

use super::filters::instant_of;
use super::places::text_of;
use super::{DAY, Given, Place, as_text};
use crate::catalog::{Role, Source, Table, Window};
use crate::error::{Error, Result};
use crate::instant::Instant;
use crate::odata::Literal;
use crate::plan::{Op, Purpose};
use crate::zone;

/// What the window of a table became.
pub(super) enum Bounds {
    Impossible,
    /// `None` for a table that needs none.
    Window(Option<Between>),
}

/// A window of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Between {
    pub(super) start: Instant,
    pub(super) end: Instant,
}

impl Between {
    /// As the query options of a view.
    pub(super) fn query(self) -> String {
        format!(
            "startDateTime={}&endDateTime={}",
            Literal::Instant(self.start),
            Literal::Instant(self.end)
        )
    }
}

/// The window, from inputs as they are and from predicates a day wider.
pub(super) fn window(table: &Table, given: &[Given<'_>]) -> Result<Bounds> {
    let Some(needed) = &table.window else {
        return Ok(Bounds::Window(None));
    };
    let given_all = given;
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
        let shown_in = text_of(table, given_all, Role::Parent("timeZone"));
        let instant = match (shown_in, given.known().find_map(as_text)) {
            (Some(zone), Some(text)) => zone::to_utc(&text, &zone),
            _ => instant_of(given),
        };
        match instant {
            Some(instant) => Ok(Some(instant)),
            None => Err(Error::usage(format!(
                "{} is not a point in time",
                table.columns[given.argument.column].name()
            ))
            .next(
                "Write it as '2026-01-31' or '2026-01-31 12:00:00', and a timeZone as \
                 'Europe/Berlin' or 'Pacific Standard Time'",
            )
            .on(table.name)),
        }
    };
    let start = bound(Role::WindowStart, true)?;
    let end = bound(Role::WindowEnd, false)?;
    let (Some(start), Some(end)) = (start, end) else {
        return Err(window_missing(
            table,
            needed,
            start.is_none(),
            end.is_none(),
        ));
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
    Ok(Bounds::Window(Some(Between { start, end })))
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

fn window_missing(table: &Table, window: &Window, start: bool, end: bool) -> Error {
    let what = match (start, end) {
        (true, true) => "a time range",
        (true, false) => "the start of the time range",
        _ => "the end of the time range",
    };
    if table.property(window.start).is_none() {
        return Error::usage(format!("the table needs {what}")).next(
            "Add to WHERE: windowStart = '2026-01-05 08:00' AND windowEnd = '2026-01-05 18:00'",
        );
    }
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
