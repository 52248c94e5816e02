//! Contacts and their folders as they stand: what was generated, and what was written since.

use std::cmp::Reverse;

use super::DEFAULT;
use crate::demo::outlook::place::Place;
use crate::demo::world::contact;
use crate::demo::write::ledger::{Entry, Shelf};
use crate::demo::write::overlay::{Ground, Overlay, Slot};

/// One folder.
pub struct Node {
    /// Display name; none where a phone gave none.
    pub name: Option<String>,
    /// The number of the parent; the default folder is its own.
    pub parent: usize,
}

/// The shelf of a mailbox's contacts: their keys are their numbers, their homes the numbers of folders.
pub fn shelf(mailbox: usize) -> String {
    format!("contacts/{mailbox}")
}

/// The shelf of a mailbox's contact folders: their keys are their numbers, their homes the numbers of their parents.
pub fn folders_shelf(mailbox: usize) -> String {
    format!("contactFolders/{mailbox}")
}

impl<'w> Place<'w> {
    /// What was written about the contacts.
    fn contact_changes(&self) -> &'w Shelf {
        self.ledger.shelf(&shelf(self.mailbox))
    }

    /// What was written about a contact.
    pub(super) fn contact_entry(&self, number: usize) -> Option<&'w Entry> {
        self.contact_changes().numbered(number)
    }

    /// Whether there is such a contact now.
    pub(super) fn has_contact(&self, number: usize) -> bool {
        match self.contact_entry(number) {
            Some(entry) => !entry.deleted,
            None => number < contact::length(self.mailbox),
        }
    }

    /// The folder that a contact lies in.
    pub(super) fn contact_home(&self, number: usize) -> usize {
        let entry = self.contact_entry(number);
        entry
            .and_then(home)
            .unwrap_or_else(|| generated_in(self.mailbox, number))
    }

    /// A folder; none if there is none now.
    pub(super) fn contact_folder_node(&self, folder: usize) -> Option<Node> {
        let shelf = self.ledger.shelf(&folders_shelf(self.mailbox));
        let entry = shelf.numbered(folder);
        if entry.is_some_and(|entry| entry.deleted) {
            return None;
        }
        let folders = contact::folders(self.mailbox);
        let generated = folders.get(folder);
        let written = entry.and_then(|entry| entry.values.get("displayName")?.as_str());
        let name = written.or(generated.and_then(|folder| folder.name));
        Some(Node {
            name: name.map(String::from),
            parent: entry
                .and_then(home)
                .or(generated.map(|folder| folder.parent))?,
        })
    }

    /// The numbers of the folders directly below one, the newest last.
    pub(super) fn contact_folders_in(&self, parent: usize) -> Vec<usize> {
        let below = |folder: &usize| {
            let node = self.contact_folder_node(*folder);
            *folder != DEFAULT && node.is_some_and(|node| node.parent == parent)
        };
        let shelf = self.ledger.shelf(&folders_shelf(self.mailbox));
        let made = shelf
            .all()
            .filter(|(_, entry)| entry.type_name.is_some())
            .filter_map(|(key, _)| key.parse().ok());
        (0..contact::folders(self.mailbox).len())
            .chain(made)
            .filter(below)
            .collect()
    }
}

/// Which contact of a folder stands where: the generated ones, then those that were made.
pub struct Standing {
    /// The number of the first generated contact.
    first: usize,
    overlay: Overlay,
}

impl Standing {
    /// The contacts of a folder.
    pub fn new(place: Place, folder: usize) -> Standing {
        let folders = contact::folders(place.mailbox);
        // In a folder that was made nothing was generated.
        let (first, length) = folders
            .get(folder)
            .map_or((0, 0), |folder| (folder.first, folder.length));
        let overlay = Overlay::of(
            place.contact_changes(),
            &Ground {
                length,
                position: &|number| number.checked_sub(first).filter(|at| *at < length),
                here: &|number, entry| {
                    let lies = home(entry).unwrap_or_else(|| generated_in(place.mailbox, number));
                    lies == folder
                },
                rank: &|number, _| (length, (Reverse(-(number as i64)), Reverse(number))),
            },
        );
        Standing { first, overlay }
    }

    /// How many there are.
    pub fn length(&self) -> usize {
        self.overlay.length()
    }

    /// The number of the contact at a position.
    pub fn number(&self, position: usize) -> usize {
        match self.overlay.slot(position) {
            Slot::Generated(position) => self.first + position,
            Slot::Added(number) => number,
        }
    }
}

/// The folder in which a contact was generated.
fn generated_in(mailbox: usize, number: usize) -> usize {
    let folders = contact::folders(mailbox);
    folders
        .iter()
        .rposition(|folder| folder.length > 0 && folder.first <= number)
        .unwrap_or(DEFAULT)
}

/// The folder into which something was put.
fn home(entry: &Entry) -> Option<usize> {
    entry.home.as_ref()?.parse().ok()
}
