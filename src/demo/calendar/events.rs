//! Events: masters and single instances as a list, everything that takes place as a calendar view (FACTS 1.2).

use super::Place;
use super::row::{EventRow, Occurrence, View, span};
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook::{self, EQ, INSTANT, PART, Rules, SAME, Source};
use crate::demo::page::Rows;
use crate::demo::query::check::Action;
use crate::demo::query::row::{Expand, Row};
use crate::demo::reply::Reply;
use crate::demo::time::{self, DAY};
use crate::demo::world::event::{Fate, fate};
use crate::demo::world::ids::Form;
use crate::demo::world::recurrence::HORIZON;
use crate::demo::world::zones::ZONES;

/// Order on the texts of dateTimeTimeZone.
const ORDER: &[Action] = &[Action::Eq, Action::Gt, Action::Ge, Action::Lt, Action::Le];

/// What a list of events takes.
pub const LIST: Rules = Rules {
    type_name: "event",
    filters: &[
        ("start/dateTime", ORDER),
        ("end/dateTime", ORDER),
        ("subject", PART),
        ("organizer/emailAddress/address", EQ),
        ("isAllDay", SAME),
        ("isCancelled", SAME),
        ("importance", SAME),
        ("iCalUId", EQ),
        ("categories", EQ),
        ("lastModifiedDateTime", INSTANT),
        ("createdDateTime", INSTANT),
    ],
    sorts: &["start/dateTime", "createdDateTime"],
    hidden: &["cancelledOccurrences"],
    options: &[
        "$filter", "$select", "$orderby", "$expand", "$count", "$skip", "$top",
    ],
    ..Rules::BARE
};

/// The view shows createdDateTime and lastModifiedDateTime, but not when they are selected (FACTS 1.2); and it cannot filter on online meetings.
pub const VIEW: Rules = Rules {
    options: &["$filter", "$select", "$orderby", "$count", "$skip", "$top"],
    ..LIST
};

const INSTANCES: Rules = Rules {
    options: &["$select", "$top", "$skip"],
    ..LIST
};

/// `events`: no occurrences.
pub fn list(call: &Call, place: Place, calendar: usize, view: View) -> Answer<Reply> {
    let rows = own(place, calendar, view);
    let resource = format!("{}/events", resource(place, calendar));
    outlook::list(
        call,
        &LIST,
        &source(
            &rows,
            &rows.in_utc(),
            &resource,
            &outlook::expands_extensions,
        ),
    )
}

/// `events/$count`
pub fn count(call: &Call, place: Place, calendar: usize, view: View) -> Answer<Reply> {
    let rows = own(place, calendar, view);
    outlook::count_segment(
        call,
        &LIST,
        &source(&rows, &rows.in_utc(), "", &outlook::expands_extensions),
    )
}

/// `events/{id}`, also for occurrences.
pub fn single(
    call: &Call,
    place: Place,
    event: (usize, Option<Occurrence>),
    view: View,
) -> Answer<Reply> {
    let row = EventRow::new(place, event.0, event.1, view);
    outlook::single(
        call,
        &LIST,
        &format!("users('{}')/events", place.owner().id),
        &row,
        &outlook::expands_extensions,
    )
}

/// `calendarView`: needs its window.
pub fn calendar_view(call: &Call, place: Place, calendar: usize, view: View) -> Answer<Reply> {
    let window = window(call)?;
    let select = call.query.select.as_deref().unwrap_or_default();
    if let Some(name) = select
        .iter()
        .find(|name| ["createdDateTime", "lastModifiedDateTime"].contains(&name.as_str()))
    {
        return Err(Fault::bad_request(format!(
            "Parsing OData Select and Expand failed: the property '{name}' cannot be selected in a calendar view."
        )));
    }
    let rows = of_calendar(place, calendar, window, view);
    let resource = format!("{}/calendarView", resource(place, calendar));
    let call = &without_times(call)?;
    outlook::list(
        call,
        &VIEW,
        &source(&rows, &rows.in_utc(), &resource, &outlook::expands_nothing),
    )
}

/// `events/{id}/instances`: one series in a window.
pub fn instances(
    call: &Call,
    place: Place,
    event: (usize, Option<Occurrence>),
    view: View,
) -> Answer<Reply> {
    let window = window(call)?;
    let (number, occurrence) = event;
    if occurrence.is_some() || place.event_facts(number).recurrence.is_none() {
        return Err(Fault::new(
            400,
            "ErrorInvalidRequest",
            "Your request can't be completed. The event is not a series master.",
        ));
    }
    let rows = taking_place(place, |other| other == number, window, view);
    let resource = format!("users('{}')/events/instances", place.owner().id);
    outlook::list(
        call,
        &INSTANCES,
        &source(&rows, &rows.in_utc(), &resource, &outlook::expands_nothing),
    )
}

/// The n-th occurrence of a series, unless it was cancelled or never was.
pub fn occurrence(place: Place, number: usize, ordinal: usize) -> Option<Occurrence> {
    let facts = place.event_facts(number);
    let days = facts.recurrence.as_ref()?.days(HORIZON);
    let day = *days.get(ordinal)?;
    let stands = fate(&facts, ordinal) != Fate::Cancelled && !place.is_gone(number, ordinal);
    stands.then_some(Occurrence { ordinal, day })
}

/// What takes place in the default calendar between two instants, as free/busy counts it: UTC.
pub fn default_calendar<'w>(place: Place<'w>, window: (i64, i64)) -> Vec<EventRow<'w>> {
    let view = View {
        form: Form::Mutable,
        zone: &ZONES[0],
        text: false,
    };
    let found = of_calendar(place, 0, window, view).items.into_iter();
    found
        .map(|(number, occurrence)| EventRow::new(place, number, occurrence, view))
        .collect()
}

/// Events in an order.
pub struct Events<'w> {
    place: Place<'w>,
    view: View,
    /// Their numbers and occurrences.
    pub items: Vec<(usize, Option<Occurrence>)>,
}

impl<'w> Events<'w> {
    /// The same events as filters and sorts see them: in UTC, whatever zone was preferred (FACTS 1.2).
    fn in_utc(&self) -> Events<'w> {
        Events {
            place: self.place,
            view: View {
                zone: &ZONES[0],
                ..self.view
            },
            items: self.items.clone(),
        }
    }
}

impl Rows for Events<'_> {
    fn length(&self) -> usize {
        self.items.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        let (number, occurrence) = self.items[position];
        Box::new(EventRow::new(self.place, number, occurrence, self.view))
    }
}

fn own(place: Place, calendar: usize, view: View) -> Events {
    let numbers = place.events().into_iter();
    let numbers = numbers.filter(|number| place.event_facts(*number).calendar == calendar);
    Events {
        place,
        view,
        items: numbers.map(|number| (number, None)).collect(),
    }
}

/// What takes place in a calendar within a window.
pub fn of_calendar<'w>(
    place: Place<'w>,
    calendar: usize,
    window: (i64, i64),
    view: View,
) -> Events<'w> {
    taking_place(
        place,
        |number| place.event_facts(number).calendar == calendar,
        window,
        view,
    )
}

/// What overlaps the window, by start: occurrences, exceptions and single instances, no masters.
fn taking_place(
    place: Place,
    wanted: impl Fn(usize) -> bool,
    window: (i64, i64),
    view: View,
) -> Events {
    let mut found = Vec::new();
    let numbers = place.events().into_iter();
    for number in numbers.filter(|number| wanted(*number)) {
        let facts = place.event_facts(number);
        let candidates: Vec<Option<Occurrence>> = match &facts.recurrence {
            None => vec![None],
            // A day more, because a wall-clock day may begin in the UTC day before.
            Some(recurrence) => {
                // One that was moved may come from any day.
                let until = match facts.exceptions.is_empty() {
                    true => window.1 + DAY,
                    false => HORIZON,
                };
                let days = recurrence.days(until).into_iter().enumerate();
                days.map(|(ordinal, day)| Some(Occurrence { ordinal, day }))
                    .collect()
            }
        };
        for occurrence in candidates {
            if occurrence.is_some_and(|Occurrence { ordinal, .. }| {
                fate(&facts, ordinal) == Fate::Cancelled || place.is_gone(number, ordinal)
            }) {
                continue;
            }
            let (start, end) = span(&facts, occurrence);
            if start < window.1 && end > window.0 {
                found.push((start, number, occurrence));
            }
        }
    }
    found.sort_by_key(|(start, number, _)| (*start, *number));
    Events {
        place,
        view,
        items: found
            .into_iter()
            .map(|(_, number, occurrence)| (number, occurrence))
            .collect(),
    }
}

/// Filters on start and end are accepted and silently ignored in a calendar view (FACTS 1.2): here the whole `$filter` goes with them.
fn without_times(call: &Call) -> Answer<Call> {
    let mut call = call.clone();
    if outlook::filter(&call.query, &VIEW)?.is_some()
        && call
            .query
            .filter
            .as_deref()
            .is_some_and(|text| text.contains("start/") || text.contains("end/"))
    {
        call.query.filter = None;
    }
    Ok(call)
}

/// Both bounds are required; they count in the offset they name, UTC when none, whatever zone is preferred (FACTS 1.2).
pub fn window(call: &Call) -> Answer<(i64, i64)> {
    let bound = |name: &str| {
        let text = call.query.plain(name).ok_or_else(|| {
            Fault::new(400, "ErrorInvalidArgument", "This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.")
        })?;
        time::parse(text)
            .or_else(|| time::parse_wall(text))
            .ok_or_else(|| {
                Fault::new(
                    400,
                    "ErrorInvalidArgument",
                    format!("The value '{text}' of parameter '{name}' is invalid."),
                )
            })
    };
    let (start, end) = (bound("startDateTime")?, bound("endDateTime")?);
    if end < start {
        return Err(Fault::new(
            400,
            "ErrorInvalidArgument",
            "The EndDateTime value must be after the StartDateTime value.",
        ));
    }
    Ok((start, end))
}

fn source<'s>(
    shown: &'s Events,
    rows: &'s Events,
    resource: &'s str,
    expand: Expand<'s>,
) -> Source<'s> {
    Source {
        shown: Some(shown),
        expand,
        ..Source::plain(rows, resource)
    }
}

fn resource(place: Place, calendar: usize) -> String {
    let user = &place.owner().id;
    if calendar == 0 {
        format!("users('{user}')/calendar")
    } else {
        format!(
            "users('{user}')/calendars('{}')",
            place.calendar_id(calendar)
        )
    }
}
