//! Which message stands where: the generated order of a folder or mailbox, newest first, with what was written laid over it.

use std::cmp::Reverse;

use super::{Place, home};
use crate::demo::time;
use crate::demo::world::mailbox::{INBOX, Mailbox};
use crate::demo::world::message::received;
use crate::demo::write::ledger::Entry;
use crate::demo::write::overlay::{Among, Ground, Overlay, Slot};

/// The messages of a folder, or of the whole mailbox.
pub struct Standing<'w> {
    mailbox: &'w Mailbox,
    folder: Option<usize>,
    overlay: Overlay,
}

impl<'w> Standing<'w> {
    /// Those of a folder that holds messages itself, or of the whole mailbox.
    pub fn new(place: Place<'w>, folder: Option<usize>) -> Standing<'w> {
        let mailbox = place.mailbox;
        let length = generated_length(mailbox, folder);
        let overlay = Overlay::of(
            place.changes,
            &Ground {
                length,
                position: &|number| position(mailbox, folder, number),
                here: &|number, entry| {
                    let lies = || home(entry).unwrap_or_else(|| mailbox.folder(number));
                    folder.is_none_or(|folder| lies() == folder)
                },
                rank: &|number, entry| {
                    let at = arrived(mailbox, number, entry);
                    (place_of(mailbox, folder, length, at), order(at, number))
                },
            },
        );
        Standing {
            mailbox,
            folder,
            overlay,
        }
    }

    /// How many there are.
    pub fn length(&self) -> usize {
        self.overlay.length()
    }

    /// The number of the message at a position.
    pub fn number(&self, position: usize) -> usize {
        match self.overlay.slot(position) {
            Slot::Generated(position) => generated(self.mailbox, self.folder, position),
            Slot::Added(number) => number,
        }
    }
}

fn generated_length(mailbox: &Mailbox, folder: Option<usize>) -> usize {
    match folder {
        None => mailbox.length(),
        Some(folder) if folder < mailbox.folders.len() => mailbox.folder_length(folder),
        // In a folder that was made nothing was generated.
        Some(_) => 0,
    }
}

fn generated(mailbox: &Mailbox, folder: Option<usize>, position: usize) -> usize {
    match folder {
        Some(folder) => mailbox.newest_in(folder, position),
        None => mailbox.newest(position),
    }
}

/// Where a message was generated, if it was generated here.
fn position(mailbox: &Mailbox, folder: Option<usize>, number: usize) -> Option<usize> {
    if number >= mailbox.length() {
        return None;
    }
    let stored = mailbox.folder_of.len();
    let Some(folder) = folder else {
        // The order of the whole mailbox is its own inverse.
        return Some(mailbox.newest(number));
    };
    let messages = &mailbox.folders.get(folder)?.messages;
    if number >= stored {
        return (folder == INBOX).then(|| messages.len() + number - stored);
    }
    let index = messages.binary_search(&number).ok()?;
    Some(messages.len() - 1 - index)
}

/// Before which generated message one that arrived then stands: behind all newer ones.
fn place_of(mailbox: &Mailbox, folder: Option<usize>, length: usize, at: i64) -> usize {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = (low + high) / 2;
        if received(mailbox.number, generated(mailbox, folder, middle)) > at {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// When a message arrived, as it says itself if it was created.
fn arrived(mailbox: &Mailbox, number: usize, entry: &Entry) -> i64 {
    let said = entry.values.get("receivedDateTime");
    said.and_then(|said| time::parse(said.as_str()?))
        .unwrap_or_else(|| received(mailbox.number, number))
}

/// Newest first; of the same second the one created last.
fn order(at: i64, number: usize) -> Among {
    (Reverse(at), Reverse(number))
}
