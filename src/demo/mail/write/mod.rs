//! Writes to messages, their attachments and mail folders (FACTS 3.1).

pub mod attachments;
mod fields;
mod folders;
mod mime;
mod moving;
mod reply;
mod send;
#[cfg(test)]
mod tests;
mod update;

use http::Method;

pub use self::attachments::UPLOADS;
use self::reply::Kind;
use super::row::{MessageRow, View};
use super::{Place, messages, view};
use crate::demo::call::Call;
use crate::demo::directory;
use crate::demo::encoding::percent_encode;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook::no_item;
use crate::demo::reply::Reply;
use crate::demo::settings;
use crate::demo::world::ids::Form;
use crate::demo::world::mailbox::{DRAFTS, INBOX, ROOT};
use crate::demo::world::people::User;
use crate::demo::write::etag::{Match, if_match};
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_options};

/// What a POST behind a message's id does.
const ACTIONS: [(&str, Action); 10] = [
    ("move", moving::relocate),
    ("copy", moving::copy),
    ("permanentDelete", update::destroy),
    ("send", send::send),
    ("reply", |write, here, number| {
        reply::send(write, here, number, Kind::Reply)
    }),
    ("replyAll", |write, here, number| {
        reply::send(write, here, number, Kind::ReplyAll)
    }),
    ("forward", |write, here, number| {
        reply::send(write, here, number, Kind::Forward)
    }),
    ("createReply", |write, here, number| {
        reply::draft(write, here, number, Kind::Reply)
    }),
    ("createReplyAll", |write, here, number| {
        reply::draft(write, here, number, Kind::ReplyAll)
    }),
    ("createForward", |write, here, number| {
        reply::draft(write, here, number, Kind::Forward)
    }),
];

/// What a POST behind a folder's id does.
const FOLDER_ACTIONS: [(&str, Action); 3] = [
    ("move", folders::relocate),
    ("copy", folders::copy),
    ("permanentDelete", folders::destroy),
];

type Action = fn(&mut Write, Here, usize) -> Answer<Reply>;

/// The mailbox to which a request writes, and the form of ids in its answer.
#[derive(Clone, Copy)]
struct Here {
    mailbox: usize,
    view: View,
}

impl Here {
    /// The mailbox as the write has left it so far.
    fn now<'w>(&self, write: &'w Write) -> Place<'w> {
        Place::new(write.tenant, self.mailbox, write.ledger)
    }

    /// 400 for a search folder: nothing can be put into it. FACTS is silent on it.
    fn holds(&self, write: &Write, folder: usize) -> Answer<()> {
        match self.now(write).search_folder(folder) {
            None => Ok(()),
            Some(_) => Err(Fault::new(
                400,
                "ErrorInvalidRequest",
                "A search folder cannot hold items.",
            )),
        }
    }

    /// A message as the write has left it so far.
    fn message<'w>(&self, write: &'w Write, number: usize) -> MessageRow<'w> {
        MessageRow::new(self.now(write), number, self.view)
    }
}

/// Answers a write below a user's `messages` or `mailFolders`, or to `sendMail`.
pub fn respond(write: &mut Write, user: &User, rest: &[&str]) -> Answer<Reply> {
    let here = Here {
        mailbox: user.mailbox.ok_or_else(directory::no_mailbox)?,
        view: View {
            basic: false,
            ..view(write.call)
        },
    };
    no_options(write.call)?;
    fits(write.call)?;
    match rest {
        ["messages", rest @ ..] => below_messages(write, here, None, rest),
        ["mailFolders", rest @ ..] => below_folders(write, here, ROOT, rest),
        ["sendMail" | "microsoft.graph.sendMail"] if write.method == Method::POST => {
            send::send_mail(write, here)
        }
        _ => Err(no_such_verb()),
    }
}

fn below_folders(write: &mut Write, here: Here, parent: usize, rest: &[&str]) -> Answer<Reply> {
    let method = write.method.clone();
    match rest {
        [] if method == Method::POST => folders::create(write, here, parent),
        [key] if method == Method::PATCH || method == Method::DELETE => {
            let folder = here.now(write).folder(key)?;
            if method == Method::PATCH {
                folders::update(write, here, folder)
            } else {
                folders::delete(write, here, folder)
            }
        }
        [key, "messages", rest @ ..] => {
            let folder = here.now(write).folder(key)?;
            below_messages(write, here, Some(folder), rest)
        }
        [key, "messageRules", rest @ ..] if parent == ROOT => {
            let inbox = here.now(write).folder(key)? == INBOX;
            settings::write::rules(write, here.mailbox, inbox, rest)
        }
        [key, "childFolders", rest @ ..] => {
            let parent = here.now(write).folder(key)?;
            below_folders(write, here, parent, rest)
        }
        [key, action] if method == Method::POST => {
            let action = action.trim_start_matches("microsoft.graph.");
            let known = FOLDER_ACTIONS.iter().find(|(name, _)| *name == action);
            let (_, run) = known.ok_or_else(no_such_verb)?;
            let folder = here.now(write).folder(key)?;
            run(write, here, folder)
        }
        _ => Err(no_such_verb()),
    }
}

fn below_messages(
    write: &mut Write,
    here: Here,
    folder: Option<usize>,
    rest: &[&str],
) -> Answer<Reply> {
    let method = write.method.clone();
    match rest {
        [] if method == Method::POST => update::create(write, here, folder.unwrap_or(DRAFTS)),
        [key] if method == Method::PATCH || method == Method::DELETE => {
            let number = find(write, here, folder, key)?;
            unchanged(write, here, number)?;
            if method == Method::PATCH {
                update::update(write, here, number)
            } else {
                update::delete(write, here, number)
            }
        }
        [key, "attachments", rest @ ..] => {
            let number = find(write, here, folder, key)?;
            match rest {
                [] if method == Method::POST => attachments::create(write, here, number),
                [action] if method == Method::POST && is_session(action) => {
                    attachments::session(write, here, number)
                }
                [id] if method == Method::DELETE => attachments::delete(write, here, number, id),
                _ => Err(no_such_verb()),
            }
        }
        [key, action] if method == Method::POST => {
            let action = action.trim_start_matches("microsoft.graph.");
            act(write, here, (folder, key), action)
        }
        _ => Err(no_such_verb()),
    }
}

fn is_session(action: &str) -> bool {
    action.trim_start_matches("microsoft.graph.") == "createUploadSession"
}

fn act(
    write: &mut Write,
    here: Here,
    (folder, key): (Option<usize>, &str),
    action: &str,
) -> Answer<Reply> {
    let known = ACTIONS.iter().find(|(name, _)| *name == action);
    let (_, run) = known.ok_or_else(no_such_verb)?;
    let number = find(write, here, folder, key)?;
    run(write, here, number)
}

fn find(write: &Write, here: Here, folder: Option<usize>, key: &str) -> Answer<usize> {
    let place = here.now(write);
    let number = place.message(key)?;
    match folder {
        Some(folder) if folder != place.folder_of(number) => Err(no_item()),
        _ => Ok(number),
    }
}

/// 400 when the caller has seen another version: not 412 on mail (FACTS 3).
fn unchanged(write: &Write, here: Here, number: usize) -> Answer<()> {
    let etag = format!("W/\"{}\"", here.message(write, number).change_key());
    match if_match(write.call, &etag) {
        Match::Stale => Err(Fault::new(
            400,
            "ErrorInvalidChangeKey",
            "The change key passed in the request does not match the current change key for the item.",
        )),
        Match::Absent | Match::Fits => Ok(()),
    }
}

/// The answer that shows a message as it is after the write.
fn shown(write: &Write, here: Here, number: usize, status: u16) -> Answer<Reply> {
    let mut reply = messages::single(write.call, here.now(write), number, here.view)?;
    reply.status = status;
    if status == 201 {
        reply = reply.header(
            "Location",
            location(write.call, here.now(write), number, here),
        );
    }
    Ok(reply)
}

fn location(call: &Call, place: Place, number: usize, here: Here) -> String {
    let id = MessageRow::new(place, number, here.view).id();
    format!(
        "{}/users('{}')/messages('{}')",
        call.base(),
        place.owner().id,
        percent_encode(&id)
    )
}

/// How properties are read that are going to be stored: no form of id is among them, and bodies stay what they are.
const STORED: View = View {
    form: Form::Immutable,
    body: None,
    basic: false,
};
