//! Mail: what answers below a user's `messages` and `mailFolders` (FACTS 1.1).

mod attachments;
mod delta;
mod folders;
mod messages;
mod row;
mod search;

use super::call::Call;
use super::error::{Answer, Fault};
use super::outlook::{self, id_form, malformed_id, no_item};
use super::reply::Reply;
use super::settings;
use super::signin::permissions;
use super::world::ids::{Form, Item, Kind, decode, encode};
use super::world::mailbox::{INBOX, Mailbox, ROOT};
use super::world::people::User;
use row::View;
pub use row::recipient;

/// A mailbox and the people in its messages.
#[derive(Clone, Copy)]
pub struct Place<'w> {
    /// The mailbox.
    pub mailbox: &'w Mailbox,
    /// All users.
    pub users: &'w [User],
}

impl<'w> Place<'w> {
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
    fn folder(&self, key: &str) -> Answer<usize> {
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
                    && item.number < self.mailbox.folders.len() =>
            {
                Ok(item.number)
            }
            Some(_) => Err(no_item()),
            None => Err(malformed_id()),
        }
    }

    /// The message that a path segment names, in either form of id.
    fn message(&self, key: &str) -> Answer<usize> {
        match decode(key) {
            Some((item, _))
                if item.kind == Kind::Message
                    && item.mailbox == self.mailbox.number
                    && item.number < self.mailbox.length() =>
            {
                Ok(item.number)
            }
            Some(_) => Err(no_item()),
            None => Err(malformed_id()),
        }
    }
}

/// Answers below `messages` and `mailFolders`.
pub fn respond(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    match rest {
        ["messages", rest @ ..] => below_messages(call, place, None, rest),
        [
            "mailFolders",
            "delta" | "microsoft.graph.delta()" | "delta()",
        ] => folders::delta(call, place),
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
        ["delta" | "microsoft.graph.delta()" | "delta()"] => match folder {
            Some(folder) => delta::delta(call, place, folder, view),
            // FACTS 6: delta is per folder, never for a whole mailbox.
            None => Err(Fault::bad_request(
                "Resource not found for the segment 'delta'.",
            )),
        },
        [key, rest @ ..] => {
            let number = place.message(key)?;
            if folder.is_some_and(|folder| folder != place.mailbox.folder(number)) {
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
