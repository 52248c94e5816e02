//! Writes to contacts and their folders (FACTS 3.2). What is deleted is gone: the demo does not show contacts in Deleted Items.

mod fields;
mod folders;
#[cfg(test)]
mod tests;

use http::Method;
use serde_json::json;

use self::fields::{CONTACT, begin, complete, with_whole_day};
use super::standing::shelf;
use super::{DEFAULT, child, items};
use crate::demo::error::Answer;
use crate::demo::outlook::place::Place;
use crate::demo::query::row::JsonRow;
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::world::ids::Form;
use crate::demo::world::people::User;
use crate::demo::write::etag;
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_options};

/// Answers a write below a user's `contacts` or `contactFolders`.
pub fn respond(write: &mut Write, user: &User, rest: &[&str]) -> Answer<Reply> {
    let mailbox = write.place(user)?.mailbox;
    no_options(write.call)?;
    fits(write.call)?;
    match rest {
        ["contacts", rest @ ..] => below_contacts(write, mailbox, None, rest),
        ["contactFolders", rest @ ..] => below_folders(write, mailbox, DEFAULT, rest),
        _ => Err(no_such_verb()),
    }
}

/// The mailbox as the write has left it so far.
fn place<'w>(write: &'w Write, mailbox: usize) -> Place<'w> {
    Place {
        mailbox,
        users: &write.tenant.users,
        ledger: write.ledger,
    }
}

fn below_folders(write: &mut Write, mailbox: usize, parent: usize, rest: &[&str]) -> Answer<Reply> {
    let method = write.method.clone();
    match rest {
        [] if method == Method::POST => folders::create(write, mailbox, parent),
        [key] if method == Method::PATCH => {
            let folder = child(place(write, mailbox), parent, key)?;
            folders::update(write, mailbox, folder)
        }
        [key] if method == Method::DELETE => {
            let folder = child(place(write, mailbox), parent, key)?;
            folders::delete(write, mailbox, folder)
        }
        [key, "childFolders", rest @ ..] => {
            let folder = child(place(write, mailbox), parent, key)?;
            below_folders(write, mailbox, folder, rest)
        }
        [key, "contacts", rest @ ..] => {
            let folder = child(place(write, mailbox), parent, key)?;
            below_contacts(write, mailbox, Some(folder), rest)
        }
        _ => Err(no_such_verb()),
    }
}

fn below_contacts(
    write: &mut Write,
    mailbox: usize,
    folder: Option<usize>,
    rest: &[&str],
) -> Answer<Reply> {
    let method = write.method.clone();
    match rest {
        [] if method == Method::POST => create(write, mailbox, folder.unwrap_or(DEFAULT)),
        [key] if method == Method::PATCH || method == Method::DELETE => {
            let number = place(write, mailbox).contact(folder, key)?;
            etag::as_seen(write.call, &stored(write, mailbox, number))?;
            if method == Method::PATCH {
                update(write, mailbox, number)
            } else {
                remove(write, mailbox, number);
                Ok(Reply::empty(204))
            }
        }
        _ => Err(no_such_verb()),
    }
}

/// A contact as the write has left it so far.
fn stored(write: &Write, mailbox: usize, number: usize) -> JsonRow {
    items::row(place(write, mailbox), number, Form::Immutable)
}

/// `POST contacts`
fn create(write: &mut Write, mailbox: usize, folder: usize) -> Answer<Reply> {
    let body = CONTACT.create(&with_whole_day(write.call.json_body()?))?;
    let number = write.ledger.number();
    let row = items::tagged(begin(body, write.ledger.now()), mailbox, number);
    write.ledger.create(
        &shelf(mailbox),
        &number.to_string(),
        &folder.to_string(),
        row,
    );
    shown(write, mailbox, number, 201)
}

/// `PATCH contacts/{id}`
fn update(write: &mut Write, mailbox: usize, number: usize) -> Answer<Reply> {
    let sent = with_whole_day(write.call.json_body()?);
    let old = stored(write, mailbox, number);
    let mut body = CONTACT.update(&sent, &old)?;
    complete(&mut body, &old);
    let now = json!(time::show(write.ledger.now()));
    body.insert("lastModifiedDateTime".into(), now);
    write.ledger.set(&shelf(mailbox), &number.to_string(), body);
    shown(write, mailbox, number, 200)
}

/// Takes a contact away.
fn remove(write: &mut Write, mailbox: usize, number: usize) {
    let folder = place(write, mailbox).contact_home(number).to_string();
    let (shelf, key) = (shelf(mailbox), number.to_string());
    write.ledger.delete(&shelf, &key, &folder);
}

/// The answer that shows a contact as it is after the write. FACTS names no `Location`.
fn shown(write: &Write, mailbox: usize, number: usize, status: u16) -> Answer<Reply> {
    let reply = items::single(write.call, place(write, mailbox), number)?;
    Ok(Reply { status, ..reply })
}
