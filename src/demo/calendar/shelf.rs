//! The calendars of a mailbox and their groups as they stand: what was generated, and what was written since.

use super::Place;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::world::event;
use crate::demo::write::ledger::{Entry, Shelf};

/// The shelf of a mailbox's calendars: their keys are their numbers, their homes the numbers of groups.
pub fn calendars_shelf(mailbox: usize) -> String {
    format!("calendars/{mailbox}")
}

/// The shelf of a mailbox's calendar groups: their keys are their numbers.
pub fn groups_shelf(mailbox: usize) -> String {
    format!("calendarGroups/{mailbox}")
}

impl<'w> Place<'w> {
    fn calendars_written(&self) -> &'w Shelf {
        self.ledger.shelf(&calendars_shelf(self.mailbox))
    }

    fn groups_written(&self) -> &'w Shelf {
        self.ledger.shelf(&groups_shelf(self.mailbox))
    }

    /// The numbers of all calendars, those that were made last.
    pub(super) fn calendars(&self) -> Vec<usize> {
        there(self.calendars_written(), event::calendars(self.mailbox))
    }

    /// The numbers of the calendars of a group: every calendar stands in one.
    pub(super) fn calendars_in(&self, group: usize) -> Vec<usize> {
        let all = self.calendars().into_iter();
        all.filter(|calendar| self.group_of(*calendar) == group)
            .collect()
    }

    /// The group in which a calendar stands.
    pub(super) fn group_of(&self, calendar: usize) -> usize {
        let entry = self.calendar_entry(calendar);
        let home = entry.and_then(|entry| entry.home.as_deref()?.parse().ok());
        home.unwrap_or_else(|| super::groups::generated_in(self.mailbox, calendar))
    }

    /// What was written about a calendar.
    pub(super) fn calendar_entry(&self, calendar: usize) -> Option<&'w Entry> {
        self.calendars_written().numbered(calendar)
    }

    /// The numbers of all groups, those that were made last.
    pub(super) fn calendar_groups(&self) -> Vec<usize> {
        there(self.groups_written(), super::groups::length(self.mailbox))
    }

    /// What was written about a group.
    pub(super) fn calendar_group_entry(&self, group: usize) -> Option<&'w Entry> {
        self.groups_written().numbered(group)
    }
}

/// The numbers of what was generated and is left, then of what was made.
fn there(shelf: &Shelf, generated: usize) -> Vec<usize> {
    let is_left = |number: &usize| shelf.numbered(*number).is_none_or(|entry| !entry.deleted);
    let made = shelf
        .all()
        .filter(|(_, entry)| entry.type_name.is_some() && !entry.deleted)
        .filter_map(|(key, _)| key.parse().ok());
    (0..generated).filter(is_left).chain(made).collect()
}

/// A row with what was written over it.
pub fn laid_over(row: JsonRow, entry: Option<&Entry>) -> JsonRow {
    match entry {
        Some(entry) => entry.over(row),
        None => row,
    }
}

/// Whether another of these rows has the name, whatever its case.
pub fn is_taken(rows: impl Iterator<Item = JsonRow>, name: &str) -> bool {
    let name = name.to_lowercase();
    rows.into_iter().any(|row| {
        let theirs = row.property("name");
        theirs
            .as_str()
            .is_some_and(|theirs| theirs.to_lowercase() == name)
    })
}
