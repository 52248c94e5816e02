//! Contact folders are made, renamed and deleted with all that is in them. FACTS has no request for it: the verbs are those of the metadata, the refusals those of mail folders.

use serde_json::Value;

use super::fields::FOLDER;
use super::{place, remove};
use crate::demo::contacts::standing::{Standing, folders_shelf};
use crate::demo::contacts::{DEFAULT, folders};
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::JsonRow;
use crate::demo::reply::Reply;
use crate::demo::write::body::Body;
use crate::demo::write::route::Write;

/// `POST contactFolders`, `POST contactFolders/{id}/childFolders`
pub fn create(write: &mut Write, mailbox: usize, parent: usize) -> Answer<Reply> {
    let body = FOLDER.create(&write.call.json_body()?)?;
    free(write, mailbox, parent, &body, None)?;
    let folder = write.ledger.number();
    let row = JsonRow::of("contactFolder", Value::Object(body));
    write.ledger.create(
        &folders_shelf(mailbox),
        &folder.to_string(),
        &parent.to_string(),
        row,
    );
    shown(write, mailbox, folder, 201)
}

/// `PATCH contactFolders/{id}`
pub fn update(write: &mut Write, mailbox: usize, folder: usize) -> Answer<Reply> {
    let row = folders::row(place(write, mailbox), folder);
    let body = FOLDER.update(&write.call.json_body()?, &row)?;
    ordinary(folder, "ErrorInvalidRequest")?;
    let parent = parent(write, mailbox, folder);
    free(write, mailbox, parent, &body, Some(folder))?;
    write
        .ledger
        .set(&folders_shelf(mailbox), &folder.to_string(), body);
    shown(write, mailbox, folder, 200)
}

/// `DELETE contactFolders/{id}`
pub fn delete(write: &mut Write, mailbox: usize, folder: usize) -> Answer<Reply> {
    ordinary(folder, "ErrorDeleteDistinguishedFolder")?;
    clear(write, mailbox, folder);
    Ok(Reply::empty(204))
}

fn clear(write: &mut Write, mailbox: usize, folder: usize) {
    for child in place(write, mailbox).contact_folders_in(folder) {
        clear(write, mailbox, child);
    }
    let standing = Standing::new(place(write, mailbox), folder);
    for position in 0..standing.length() {
        remove(write, mailbox, standing.number(position));
    }
    let parent = parent(write, mailbox, folder).to_string();
    write
        .ledger
        .delete(&folders_shelf(mailbox), &folder.to_string(), &parent);
}

fn parent(write: &Write, mailbox: usize, folder: usize) -> usize {
    let node = place(write, mailbox).contact_folder_node(folder);
    node.map_or(DEFAULT, |node| node.parent)
}

/// 409 for a name that another folder has there already, whatever its case.
fn free(
    write: &Write,
    mailbox: usize,
    parent: usize,
    body: &Body,
    own: Option<usize>,
) -> Answer<()> {
    let lower = |name: &str| name.to_lowercase();
    let Some(wanted) = body.get("displayName").and_then(Value::as_str).map(lower) else {
        return Ok(());
    };
    let place = place(write, mailbox);
    let name = |folder: usize| place.contact_folder_node(folder)?.name;
    let others = place.contact_folders_in(parent).into_iter();
    let mut names = others
        .filter(|folder| Some(*folder) != own)
        .filter_map(name);
    match names.any(|name| lower(&name) == wanted) {
        false => Ok(()),
        true => Err(Fault::new(
            409,
            "ErrorFolderExists",
            "A folder with the specified name already exists.",
        )),
    }
}

/// 400 for the default folder, which stays what it is.
fn ordinary(folder: usize, code: &'static str) -> Answer<()> {
    match folder {
        DEFAULT => Err(Fault::new(
            400,
            code,
            "The distinguished folder 'contacts' cannot be changed.",
        )),
        _ => Ok(()),
    }
}

fn shown(write: &Write, mailbox: usize, folder: usize, status: u16) -> Answer<Reply> {
    let reply = folders::single(write.call, place(write, mailbox), folder)?;
    Ok(Reply { status, ..reply })
}
