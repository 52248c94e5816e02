//! Messages moved and copied (FACTS 2.9, 3.1).

use serde_json::{Value, json};

use super::update::{insert, relocate as place};
use super::{Here, STORED, shown};
use crate::demo::error::Answer;
use crate::demo::mail::attachments;
use crate::demo::mail::row::MessageRow;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::query::schema;
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::write::body::parameters;
use crate::demo::write::route::Write;

use super::fields::MESSAGE;

/// `POST messages/{id}/move`: the id becomes another one, an immutable one stays.
pub fn relocate(write: &mut Write, here: Here, number: usize) -> Answer<Reply> {
    let folder = destination(write, here)?;
    place(write, here.mailbox, number, folder);
    shown(write, here, number, 201)
}

/// `POST messages/{id}/copy`
pub fn copy(write: &mut Write, here: Here, number: usize) -> Answer<Reply> {
    let folder = destination(write, here)?;
    let (mut row, files) = whole(write, here, number);
    let now = json!(time::show(write.ledger.now()));
    row.map.insert("createdDateTime".into(), now.clone());
    row.map.insert("lastModifiedDateTime".into(), now);
    let number = insert(write, here.mailbox, folder, row, files);
    shown(write, here, number, 201)
}

/// The folder that the body of a move or copy names.
pub fn destination(write: &Write, here: Here) -> Answer<usize> {
    let known = [("destinationId", "String")];
    let body = parameters(&write.call.json_body()?, &known, MESSAGE.code)?;
    let key = body.get("destinationId").and_then(Value::as_str);
    let key = key.ok_or_else(|| MESSAGE.refuse("The parameter 'destinationId' is required."))?;
    let folder = here.now(write).folder(key)?;
    here.holds(write, folder)?;
    Ok(folder)
}

/// What follows from where a message is, or from the rest of it.
const DERIVED: [&str; 6] = [
    "id",
    "changeKey",
    "parentFolderId",
    "webLink",
    "bodyPreview",
    "uniqueBody",
];

/// A message and its attachments, written out.
pub fn whole(write: &Write, here: Here, number: usize) -> (JsonRow, Vec<JsonRow>) {
    let place = here.now(write);
    let row = MessageRow::new(place, number, STORED);
    let names = schema::properties(row.type_name()).into_iter();
    let stored = names.filter(|(name, _)| !DERIVED.contains(name));
    let written = JsonRow {
        type_name: row.type_name(),
        map: stored
            .map(|(name, _)| (name.to_string(), row.property(name)))
            .collect(),
        annotations: Vec::new(),
    };
    let files = attachments::rows(place, number, STORED, row.facts());
    (written, files)
}
