//! Calendar: what answers below a user's `calendar`, `calendars`, `calendarGroups`, `events` and `calendarView` (FACTS 1.2).

mod attachments;
mod calendars;
mod delta;
mod events;
mod groups;
pub mod news;
mod row;
pub mod schedule;
mod shelf;
mod standing;
pub mod write;

use super::call::Call;
use super::delta::is_delta;
use super::error::{Answer, Fault};
use super::outlook::{id_form, malformed_id, no_item};
use super::reply::Reply;
use super::world::ids::{Kind, decode};
use super::world::zones::{self, ZONES};
use row::{Occurrence, View};

pub use super::outlook::place::Place;

impl Place<'_> {
    /// The id of a calendar: the same whatever form ids take (FACTS 2.9).
    fn calendar_id(&self, calendar: usize) -> String {
        self.container_id(Kind::Calendar, calendar)
    }

    /// The calendar that a path segment names.
    pub fn calendar(&self, key: &str) -> Answer<usize> {
        let calendar = self.number(Kind::Calendar, key, usize::MAX)?;
        match self.calendars().contains(&calendar) {
            true => Ok(calendar),
            false => Err(no_item()),
        }
    }

    fn calendar_group(&self, key: &str) -> Answer<usize> {
        let group = self.number(Kind::CalendarGroup, key, usize::MAX)?;
        match self.calendar_groups().contains(&group) {
            true => Ok(group),
            false => Err(no_item()),
        }
    }

    /// The event or occurrence that a path segment names.
    fn event(&self, key: &str) -> Answer<(usize, Option<Occurrence>)> {
        let (item, _) = decode(key).ok_or_else(malformed_id)?;
        if item.mailbox != self.mailbox || !self.has_event(item.number) {
            return Err(no_item());
        }
        match item.kind {
            Kind::Event => Ok((item.number, None)),
            Kind::Occurrence => events::occurrence(*self, item.number, item.part)
                .map(|occurrence| (item.number, Some(occurrence)))
                .ok_or_else(no_item),
            _ => Err(no_item()),
        }
    }
}

/// Answers below `calendar`, `calendars`, `calendarGroups`, `events`, `calendarView`.
pub fn respond(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    match rest {
        ["calendars"] => {
            calendars::list(call, place, &place.resource("calendars"), place.calendars())
        }
        ["calendars", "$count"] => calendars::count(call, place, place.calendars()),
        ["calendarGroups"] => groups::list(call, place),
        ["calendarGroups", key] => groups::single(call, place, place.calendar_group(key)?),
        ["calendarGroups", key, "calendars", rest @ ..] => {
            below_group(call, place, place.calendar_group(key)?, rest)
        }
        ["calendar", rest @ ..] => below_calendar(call, place, 0, rest),
        ["calendars", key, rest @ ..] => below_calendar(call, place, place.calendar(key)?, rest),
        // Without a calendar in the path the default one answers.
        ["events" | "calendarView", ..] => below_calendar(call, place, 0, rest),
        _ => Err(Fault::unknown_segment(rest.first().unwrap_or(&""))),
    }
}

/// A calendar is found below its own group only.
fn below_group(call: &Call, place: Place, group: usize, rest: &[&str]) -> Answer<Reply> {
    let own = place.calendars_in(group);
    match rest {
        [] => groups::list_calendars(call, place, group),
        ["$count"] => calendars::count(call, place, own),
        [key, rest @ ..] => match place.calendar(key)? {
            calendar if own.contains(&calendar) => below_calendar(call, place, calendar, rest),
            _ => Err(no_item()),
        },
    }
}

fn below_calendar(call: &Call, place: Place, calendar: usize, rest: &[&str]) -> Answer<Reply> {
    let view = view(call)?;
    match rest {
        [] => calendars::single(call, place, calendar),
        ["calendarView"] => events::calendar_view(call, place, calendar, view),
        ["calendarView", function] if is_delta(function) => delta::respond(call, place, calendar),
        ["events"] => events::list(call, place, calendar, view),
        ["events", "$count"] => events::count(call, place, calendar, view),
        ["events", key] => events::single(call, place, place.event(key)?, view),
        ["events", key, "instances"] => events::instances(call, place, place.event(key)?, view),
        ["events", key, "attachments", rest @ ..] => {
            attachments::respond(call, place, place.event(key)?, view, rest)
        }
        ["events", key, "calendar"] => {
            let (number, _) = place.event(key)?;
            calendars::single(call, place, place.event_facts(number).calendar)
        }
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

fn unknown_zone(name: &str) -> Fault {
    Fault::new(
        400,
        "TimeZoneNotSupportedException",
        format!(
            "A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'."
        ),
    )
}

fn view(call: &Call) -> Answer<View> {
    let zone = match call.prefer("outlook.timezone") {
        None => &ZONES[0],
        // FACTS gives no code for an unknown zone; it is certainly not answered in UTC as if nothing had been asked.
        Some(name) => zones::find(&name).ok_or_else(|| unknown_zone(&name))?,
    };
    let text = call
        .prefer("outlook.body-content-type")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("text"));
    Ok(View {
        form: id_form(call),
        zone,
        text,
    })
}
