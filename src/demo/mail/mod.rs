//! Mail: what answers below a user's `messages` and `mailFolders` (FACTS 1.1).

pub mod attachments;
pub mod body;
mod delta;
mod folders;
mod messages;
pub mod news;
mod row;
mod search;
mod standing;
mod tree;
pub mod write;

use super::call::Call;
use super::delta::is_delta;
use super::error::{Answer, Fault};
use super::outlook::{self, id_form, malformed_id, no_item};
use super::reply::Reply;
use super::settings;
use super::signin::permissions;
use super::world::ids::{Form, Item, Kind, decode, encode};
use super::world::mailbox::{INBOX, Mailbox, ROOT};
use super::world::people::User;
use super::write::ledger::{Entry, Ledger, Shelf};
use crate::demo::Tenant;
use row::View;
pub use row::recipient;

/// A mailbox, the people in its messages, and what was written.
#[derive(Clone, Copy)]
pub struct Place<'w> {
    /// The mailbox.
    pub mailbox: &'w Mailbox,
    /// All users.
    pub users: &'w [User],
    /// What has been written.
    pub ledger: &'w Ledger,
    /// What has been written about the messages.
    changes: &'w Shelf,
}

impl<'w> Place<'w> {
    /// A mailbox by its number.
    pub fn new(tenant: &'w Tenant, mailbox: usize, ledger: &'w Ledger) -> Place<'w> {
        Place {
            mailbox: &tenant.mailboxes[mailbox],
            users: &tenant.users,
            ledger,
            changes: ledger.shelf(&shelf(mailbox)),
        }
    }

    /// The same mailbox at another time.
    fn at<'l>(&self, ledger: &'l Ledger) -> Place<'l>
    where
        'w: 'l,
    {
        Place {
            mailbox: self.mailbox,
            users: self.users,
            ledger,
            changes: ledger.shelf(&shelf(self.mailbox.number)),
        }
    }

    /// The folder in which a message lies.
    fn folder_of(&self, number: usize) -> usize {
        let entry = self.changes.numbered(number);
        entry
            .and_then(home)
            .unwrap_or_else(|| self.mailbox.folder(number))
    }

    /// Is this a message that was generated, or one that was created?
    fn has(&self, number: usize) -> bool {
        match self.changes.numbered(number) {
            Some(entry) => !entry.deleted,
            None => number < self.mailbox.length(),
        }
    }

    /// How often a message was moved: its id in the ordinary form changes with each time (FACTS 2.9).
    fn moves(&self, number: usize) -> usize {
        let entry = self.changes.numbered(number);
        entry.map_or(0, |entry| entry.left.len())
    }

    /// The id of a folder: the same whatever form ids take (FACTS 2.9).
    pub fn folder_id(&self, place: usize) -> String {
        encode(
            Item {
                kind: Kind::Folder,
                mailbox: self.mailbox.number,
                number: place,
                part: 0,
            },
            Form::Container,
        )
    }

    /// The owner.
    pub fn owner(&self) -> &'w User {
        &self.users[self.mailbox.number]
    }

    /// The folder that a path segment names: an id or a well-known name.
    pub fn folder(&self, key: &str) -> Answer<usize> {
        let by_name = self.mailbox.folders.iter().position(|folder| {
            folder
                .well_known
                .is_some_and(|name| name.eq_ignore_ascii_case(key))
        });
        if let Some(place) = by_name {
            return Ok(place);
        }
        match decode(key) {
            Some((item, _))
                if item.kind == Kind::Folder
                    && item.mailbox == self.mailbox.number
                    && self.node(item.number).is_some() =>
            {
                Ok(item.number)
            }
            Some(_) => Err(no_item()),
            None => Err(malformed_id()),
        }
    }

    /// What tells the ids of a message before and after a move apart; immutable ids stay.
    fn part(&self, number: usize, form: Form) -> usize {
        match form {
            Form::Mutable => self.moves(number),
            Form::Immutable | Form::Container => 0,
        }
    }

    /// The message that a path segment names, in either form of id.
    fn message(&self, key: &str) -> Answer<usize> {
        match decode(key) {
            Some((item, form))
                if item.kind == Kind::Message
                    && item.mailbox == self.mailbox.number
                    && self.has(item.number)
                    && item.part == self.part(item.number, form) =>
            {
                Ok(item.number)
            }
            Some(_) => Err(no_item()),
            None => Err(malformed_id()),
        }
    }
}

/// The shelf of a mailbox's messages: their keys are their numbers, their homes the numbers of folders.
pub fn shelf(mailbox: usize) -> String {
    format!("messages/{mailbox}")
}

/// The folder that a message came into.
fn home(entry: &Entry) -> Option<usize> {
    entry.home.as_ref()?.parse().ok()
}

/// Answers below `messages` and `mailFolders`.
pub fn respond(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    match rest {
        ["messages", rest @ ..] => below_messages(call, place, None, rest),
        ["mailFolders", function] if is_delta(function) => folders::delta(call, place),
        ["mailFolders", rest @ ..] => below_folders(call, place, ROOT, rest),
        _ => Err(Fault::unknown_segment(rest.first().unwrap_or(&""))),
    }
}

fn below_folders(call: &Call, place: Place, parent: usize, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => folders::list(call, place, parent),
        ["$count"] => folders::count(call, place, parent),
        [key] => folders::single(call, place, place.folder(key)?),
        [key, "childFolders", rest @ ..] => below_folders(call, place, place.folder(key)?, rest),
        [key, "messageRules", rest @ ..] if parent == ROOT => {
            let below = outlook::place::Place {
                mailbox: place.mailbox.number,
                users: place.users,
                ledger: place.ledger,
            };
            settings::rules(call, below, place.folder(key)? == INBOX, rest)
        }
        [key, "messages", rest @ ..] => below_messages(call, place, Some(place.folder(key)?), rest),
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

fn below_messages(
    call: &Call,
    place: Place,
    folder: Option<usize>,
    rest: &[&str],
) -> Answer<Reply> {
    let view = view(call);
    if view.basic {
        within_basic(call, rest)?;
    }
    match rest {
        [] => messages::list(call, place, folder, view),
        ["$count"] => messages::count(call, place, folder, view),
        [function] if is_delta(function) => match folder {
            Some(folder) => delta::delta(call, place, folder, view),
            // FACTS 6: delta is per folder, never for a whole mailbox.
            None => Err(Fault::bad_request(
                "Resource not found for the segment 'delta'.",
            )),
        },
        [key, rest @ ..] => {
            let number = place.message(key)?;
            if folder.is_some_and(|folder| folder != place.folder_of(number)) {
                return Err(no_item());
            }
            match rest {
                [] => messages::single(call, place, number, view),
                ["$value"] => messages::mime(place, number, view),
                ["attachments", rest @ ..] => attachments::respond(call, place, number, view, rest),
                [other, ..] => Err(Fault::unknown_segment(other)),
            }
        }
    }
}

/// With `Mail.ReadBasic` alone there is no search, no body to select and no attachment (FACTS 1.1; it "fails or is null": here it fails).
fn within_basic(call: &Call, rest: &[&str]) -> Answer<()> {
    let hidden = ["body", "bodyPreview", "uniqueBody"];
    let asked = call
        .query
        .select
        .iter()
        .flatten()
        .any(|name| hidden.contains(&name.as_str()));
    let below = rest
        .iter()
        .any(|segment| ["attachments", "$value"].contains(segment));
    if asked || below || call.query.search.is_some() || call.query.expand.is_some() {
        return Err(permissions::denied());
    }
    Ok(())
}

fn view(call: &Call) -> View {
    let body = call.prefer("outlook.body-content-type").and_then(|kind| {
        ["text", "html"]
            .into_iter()
            .find(|known| kind.eq_ignore_ascii_case(known))
    });
    View {
        form: id_form(call),
        body,
        basic: permissions::basic_mail(&call.caller),
    }
}
