//! Events as they stand: what was generated, and what was written since.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Place;
use crate::demo::random::mix;
use crate::demo::time::{self, DAY, SECOND};
use crate::demo::world::event::{self, Facts, Moved, Online, SIZES};
use crate::demo::world::recurrence::Recurrence;
use crate::demo::world::zones::{self, ZONES, Zone};
use crate::demo::write::ledger::Entry;

/// Ordinals of the occurrences that somebody took out of a series: no type declares it, so that it is never shown.
pub const GONE: &str = "~gone";
/// What was written about single occurrences of a series, by ordinal; never shown either.
pub const CHANGED: &str = "~changed";

/// Where the changes to the events of a mailbox are.
pub fn shelf(mailbox: usize) -> String {
    format!("events/{mailbox}")
}

impl<'w> Place<'w> {
    /// The numbers of all masters and single instances, the newest created ones last.
    pub(super) fn events(&self) -> Vec<usize> {
        let shelf = self.ledger.shelf(&shelf(self.mailbox));
        let is_here = |number: &usize| shelf.numbered(*number).is_none_or(|entry| !entry.deleted);
        let made = shelf
            .all()
            .filter(|(_, entry)| entry.type_name.is_some() && !entry.deleted)
            .filter_map(|(key, _)| key.parse().ok());
        (0..SIZES[self.mailbox])
            .filter(is_here)
            .chain(made)
            .collect()
    }

    /// Whether there is such an event now.
    pub(super) fn has_event(&self, number: usize) -> bool {
        match self.event_entry(number) {
            Some(entry) => !entry.deleted,
            None => number < SIZES[self.mailbox],
        }
    }

    /// What was written about an event.
    pub(super) fn event_entry(&self, number: usize) -> Option<&'w Entry> {
        self.ledger.shelf(&shelf(self.mailbox)).numbered(number)
    }

    /// What everything else about an event follows from.
    pub(super) fn event_facts(&self, number: usize) -> Facts {
        let entry = self.event_entry(number);
        let mut facts = match entry {
            Some(entry) if entry.type_name.is_some() => self.blank(number),
            _ => event::facts(self.mailbox, self.users, number),
        };
        if let Some(entry) = entry {
            apply(&mut facts, &entry.values);
            if let Some(home) = entry.home.as_deref().and_then(|home| home.parse().ok()) {
                facts.calendar = home;
            }
        }
        facts
    }

    /// Whether somebody took an occurrence out of its series.
    pub(super) fn is_gone(&self, number: usize, ordinal: usize) -> bool {
        let gone = self
            .event_entry(number)
            .and_then(|entry| entry.values.get(GONE)?.as_array());
        gone.is_some_and(|gone| gone.contains(&json!(ordinal)))
    }

    /// What was written about one occurrence.
    pub(super) fn exception(
        &self,
        number: usize,
        ordinal: usize,
    ) -> Option<&'w Map<String, Value>> {
        let changed = self.event_entry(number)?.values.get(CHANGED)?;
        changed.get(ordinal.to_string())?.as_object()
    }

    /// A created event that says nothing yet.
    fn blank(&self, number: usize) -> Facts {
        let owner = self.owner();
        Facts {
            subject: None,
            zone: &ZONES[0],
            start: 0,
            length: 30 * 60 * SECOND,
            all_day: false,
            recurrence: None,
            cancelled: false,
            online: None,
            imported: false,
            made: true,
            organizer: (owner.name.clone(), owner.upn.clone()),
            attendees: Vec::new(),
            calendar: 0,
            categories: &[],
            exceptions: BTreeMap::new(),
            // Of no kind that a generated event is of: no attachments, an organizer.
            seed: mix(&[83, number as u64]) / 990 * 990 + 1,
        }
    }
}

/// A dateTimeTimeZone: its zone, and the wall clock there.
pub fn wall(value: &Value) -> Option<(&'static Zone, i64)> {
    let zone = match value["timeZone"].as_str() {
        None => &ZONES[0],
        Some(name) => zones::find(name)?,
    };
    Some((zone, time::parse_wall(value["dateTime"].as_str()?)?))
}

/// Start and end on the clock of the start's zone, and how long it is.
pub fn span(start: &Value, end: &Value, all_day: bool) -> Option<(&'static Zone, i64, i64)> {
    let ((zone, start), (its_zone, end)) = (wall(start)?, wall(end)?);
    let length = match all_day {
        true => end - start,
        false => its_zone.to_utc(end) - zone.to_utc(start),
    };
    Some((zone, start, length))
}

/// The time that an occurrence was given. It is written down whole: start, end and whether it takes whole days.
fn moved(values: &Value) -> Option<Moved> {
    let all_day = values["isAllDay"] == true;
    let (zone, start, length) = span(&values["start"], &values["end"], all_day)?;
    let start = if all_day { start } else { zone.to_utc(start) };
    Some(Moved {
        start,
        length,
        all_day,
    })
}

fn apply(facts: &mut Facts, values: &Map<String, Value>) {
    let truth = |name: &str| values.get(name).and_then(Value::as_bool);
    if let Some(subject) = values.get("subject") {
        facts.subject = subject.as_str().map(String::from);
    }
    if let Some(all_day) = truth("isAllDay") {
        facts.all_day = all_day;
    }
    if let (Some(start), Some(end)) = (values.get("start"), values.get("end"))
        && let Some((zone, start, length)) = span(start, end, facts.all_day)
    {
        (facts.zone, facts.start, facts.length) = (zone, start, length);
    }
    if let Some(recurrence) = values.get("recurrence") {
        facts.recurrence = Recurrence::read(recurrence, facts.start / DAY * DAY);
    }
    if let Some(changed) = values.get(CHANGED).and_then(Value::as_object) {
        let all = changed.iter();
        facts.exceptions = all
            .filter_map(|(ordinal, values)| Some((ordinal.parse().ok()?, moved(values))))
            .collect();
    }
    if let Some(cancelled) = truth("isCancelled") {
        facts.cancelled = cancelled;
    }
    if let Some(online) = truth("isOnlineMeeting") {
        facts.online = online.then_some(Online::Teams);
    }
}
