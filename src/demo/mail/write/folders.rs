//! Mail folders are made, renamed, moved, copied and thrown away (FACTS 3.1). Search folders cannot be made: FACTS has no request for it. The codes of refusals are those of Exchange; FACTS has none.

use serde_json::{Map, Value, json};

use super::fields::FOLDER;
use super::moving::{destination, whole};
use super::update::{insert, key};
use super::{Here, STORED};
use crate::demo::error::{Answer, Fault};
use crate::demo::mail::messages::Messages;
use crate::demo::mail::tree::shelf;
use crate::demo::mail::{folders, shelf as messages_shelf};
use crate::demo::page::Rows;
use crate::demo::query::row::JsonRow;
use crate::demo::reply::Reply;
use crate::demo::world::mailbox::{DELETED, ROOT};
use crate::demo::write::route::Write;

/// `POST mailFolders`, `POST mailFolders/{id}/childFolders`
pub fn create(write: &mut Write, here: Here, parent: usize) -> Answer<Reply> {
    let body = FOLDER.create(&write.call.json_body()?)?;
    here.holds(write, parent)?;
    let name = body.get("displayName").and_then(Value::as_str);
    free(write, here, parent, name.unwrap_or_default(), None)?;
    let folder = make(write, here, parent, body);
    shown(write, here, folder, 201)
}

/// `PATCH mailFolders/{id}`
pub fn update(write: &mut Write, here: Here, folder: usize) -> Answer<Reply> {
    let row = folders::row(here.now(write), folder);
    let body = FOLDER.update(&write.call.json_body()?, &row)?;
    ordinary(write, here, folder, "ErrorInvalidRequest")?;
    if let Some(name) = body.get("displayName").and_then(Value::as_str) {
        let parent = parent(write, here, folder);
        free(write, here, parent, name, Some(folder))?;
    }
    write.ledger.set(&shelf(here.mailbox), &key(folder), body);
    shown(write, here, folder, 200)
}

/// `POST mailFolders/{id}/move`: the id stays.
pub fn relocate(write: &mut Write, here: Here, folder: usize) -> Answer<Reply> {
    let to = destination(write, here)?;
    ordinary(write, here, folder, "ErrorMoveDistinguishedFolder")?;
    outside(write, here, folder, to)?;
    free(write, here, to, &name(write, here, folder), Some(folder))?;
    put(write, here, folder, to);
    shown(write, here, folder, 200)
}

/// `POST mailFolders/{id}/copy`: with all that is in it.
pub fn copy(write: &mut Write, here: Here, folder: usize) -> Answer<Reply> {
    let to = destination(write, here)?;
    here.holds(write, folder)?;
    outside(write, here, folder, to)?;
    free(write, here, to, &name(write, here, folder), None)?;
    let copied = duplicate(write, here, folder, to);
    shown(write, here, copied, 200)
}

/// `DELETE mailFolders/{id}`: into Deleted Items, as a message; from there it is gone.
pub fn delete(write: &mut Write, here: Here, folder: usize) -> Answer<Reply> {
    ordinary(write, here, folder, "ErrorDeleteDistinguishedFolder")?;
    let place = here.now(write);
    if place.within(folder, DELETED) || place.search_folder(folder).is_some() {
        return destroy(write, here, folder);
    }
    // A name that is taken there gets a number behind it.
    let own = name(write, here, folder);
    let mut free_name = own.clone();
    let mut number = 1;
    while free(write, here, DELETED, &free_name, None).is_err() {
        free_name = format!("{own}{number}");
        number += 1;
    }
    let values = Map::from_iter([("displayName".to_string(), json!(free_name))]);
    write.ledger.set(&shelf(here.mailbox), &key(folder), values);
    put(write, here, folder, DELETED);
    Ok(Reply::empty(204))
}

/// `POST mailFolders/{id}/permanentDelete`: FACTS has it for messages; the metadata has it for folders too.
pub fn destroy(write: &mut Write, here: Here, folder: usize) -> Answer<Reply> {
    ordinary(write, here, folder, "ErrorDeleteDistinguishedFolder")?;
    remove(write, here, folder);
    Ok(Reply::empty(204))
}

fn remove(write: &mut Write, here: Here, folder: usize) {
    for child in here.now(write).children(folder, true) {
        remove(write, here, child);
    }
    for message in messages(write, here, folder) {
        let shelf = messages_shelf(here.mailbox);
        write.ledger.delete(&shelf, &key(message), &key(folder));
    }
    let parent = parent(write, here, folder);
    write
        .ledger
        .delete(&shelf(here.mailbox), &key(folder), &key(parent));
}

fn duplicate(write: &mut Write, here: Here, folder: usize, to: usize) -> usize {
    // What is below is asked for first: the copy may be put beside it.
    let children = here.now(write).children(folder, true);
    let node = here.now(write).node(folder);
    let hidden = node.is_some_and(|node| node.hidden);
    let body = json!({"displayName": name(write, here, folder), "isHidden": hidden});
    let copied = make(
        write,
        here,
        to,
        body.as_object().cloned().unwrap_or_default(),
    );
    for message in messages(write, here, folder).into_iter().rev() {
        let (row, files) = whole(write, here, message);
        insert(write, here.mailbox, copied, row, files);
    }
    for child in children {
        if here.now(write).search_folder(child).is_none() {
            duplicate(write, here, child, copied);
        }
    }
    copied
}

/// The messages that lie in a folder; a search folder has none itself.
fn messages(write: &Write, here: Here, folder: usize) -> Vec<usize> {
    if here.now(write).search_folder(folder).is_some() {
        return Vec::new();
    }
    let rows = Messages::new(here.now(write), Some(folder), STORED);
    (0..rows.length()).map(|at| rows.number(at)).collect()
}

fn make(write: &mut Write, here: Here, parent: usize, mut body: Map<String, Value>) -> usize {
    let hidden = body.entry("isHidden").or_insert(json!(false));
    if hidden.is_null() {
        *hidden = json!(false);
    }
    let folder = write.ledger.number();
    let row = JsonRow::of("mailFolder", Value::Object(body));
    let shelf = shelf(here.mailbox);
    write.ledger.create(&shelf, &key(folder), &key(parent), row);
    folder
}

fn put(write: &mut Write, here: Here, folder: usize, to: usize) {
    let from = parent(write, here, folder);
    let shelf = shelf(here.mailbox);
    write
        .ledger
        .relocate(&shelf, &key(folder), &key(from), &key(to));
}

fn parent(write: &Write, here: Here, folder: usize) -> usize {
    let node = here.now(write).node(folder);
    node.map_or(ROOT, |node| node.parent)
}

fn name(write: &Write, here: Here, folder: usize) -> String {
    let node = here.now(write).node(folder);
    node.map(|node| node.name.into_owned()).unwrap_or_default()
}

/// 409 for a name that another folder has there already, whatever its case.
fn free(write: &Write, here: Here, parent: usize, name: &str, own: Option<usize>) -> Answer<()> {
    let place = here.now(write);
    let taken = |folder: &usize| {
        place
            .node(*folder)
            .is_some_and(|node| node.name.to_lowercase() == name.to_lowercase())
    };
    let others = place.children(parent, true);
    match others.iter().find(|folder| taken(folder)) {
        Some(folder) if Some(*folder) != own => Err(Fault::new(
            409,
            "ErrorFolderExists",
            "A folder with the specified name already exists.",
        )),
        _ => Ok(()),
    }
}

/// 400 for a well-known folder, which stays where and what it is.
fn ordinary(write: &Write, here: Here, folder: usize, code: &'static str) -> Answer<()> {
    let node = here.now(write).node(folder);
    match node.and_then(|node| node.well_known) {
        None => Ok(()),
        Some(name) => Err(Fault::new(
            400,
            code,
            format!("The distinguished folder '{name}' cannot be changed."),
        )),
    }
}

/// 400 for a place that is in the folder itself.
fn outside(write: &Write, here: Here, folder: usize, to: usize) -> Answer<()> {
    match here.now(write).within(to, folder) {
        false => Ok(()),
        true => Err(Fault::new(
            400,
            "ErrorMoveCopyFailed",
            "A folder cannot be put into itself.",
        )),
    }
}

fn shown(write: &Write, here: Here, folder: usize, status: u16) -> Answer<Reply> {
    let place = here.now(write);
    let mut reply = folders::single(write.call, place, folder)?;
    reply.status = status;
    if status == 201 {
        let address = format!(
            "{}/users('{}')/mailFolders('{}')",
            write.call.base(),
            place.owner().id,
            place.folder_id(folder)
        );
        reply = reply.header("Location", address);
    }
    Ok(reply)
}
