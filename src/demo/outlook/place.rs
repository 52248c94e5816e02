//! A mailbox as the handlers of its things see it: whose it is, and which of them an id names (FACTS 2.9).

use super::{malformed_id, no_item};
use crate::demo::error::Answer;
use crate::demo::world::ids::{Form, Item, Kind, decode, encode};
use crate::demo::world::people::User;
use crate::demo::write::ledger::Ledger;

/// A mailbox and everybody it may speak of.
#[derive(Clone, Copy)]
pub struct Place<'w> {
    /// The mailbox's number.
    pub mailbox: usize,
    /// All users.
    pub users: &'w [User],
    /// What has been written.
    pub ledger: &'w Ledger,
}

impl<'w> Place<'w> {
    /// The owner.
    pub fn owner(&self) -> &'w User {
        &self.users[self.mailbox]
    }

    /// What a resource of the owner is called in a context: `users('…')/contacts`.
    pub fn resource(&self, name: &str) -> String {
        format!("users('{}')/{name}", self.owner().id)
    }

    /// The id of a thing of this mailbox.
    pub fn id(&self, kind: Kind, number: usize, form: Form) -> String {
        encode(
            Item {
                kind,
                mailbox: self.mailbox,
                number,
                part: 0,
            },
            form,
        )
    }

    /// The id of a folder, calendar or group: the same whatever form ids take.
    pub fn container_id(&self, kind: Kind, number: usize) -> String {
        self.id(kind, number, Form::Container)
    }

    /// The number of the thing that a path segment names, out of so many of its kind.
    pub fn number(&self, kind: Kind, key: &str, count: usize) -> Answer<usize> {
        match decode(key) {
            Some((item, _))
                if item.kind == kind && item.mailbox == self.mailbox && item.number < count =>
            {
                Ok(item.number)
            }
            Some(_) => Err(no_item()),
            None => Err(malformed_id()),
        }
    }
}
