//! Attachments are put on messages and taken away, small ones at once and large files in pieces (FACTS 3.1). FACTS does not bind them to drafts, so that any message takes them.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::fields::{FILE, ITEM, MESSAGE, REFERENCE};
use super::update::{attach, file_row};
use super::{Here, location};
use crate::demo::encoding::{base64, percent_encode};
use crate::demo::error::{Answer, Fault};
use crate::demo::mail::row::{MessageRow, View};
use crate::demo::mail::{attachments, shelf};
use crate::demo::outlook::attachments::{Base, item, reference};
use crate::demo::outlook::{malformed_id, no_item};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::signin::{Caller, permissions};
use crate::demo::time;
use crate::demo::world::ids::{Form, decode};
use crate::demo::world::people::User;
use crate::demo::write::body::{Body, parameters, type_of, well_formed};
use crate::demo::write::route::Write;
use crate::demo::write::upload::{Rules, open};

/// FACTS 3.1: a single file has less than 3 MB, one in pieces from there to 150 MB.
const SMALL: u64 = 3_000_000;
const LARGE: u64 = 150_000_000;

/// Files that come in pieces. FACTS does not say for how long; the pages show an hour or so.
pub const UPLOADS: Rules = Rules {
    kind: "attachment",
    code: "ErrorInvalidRequest",
    most: 4 << 20,
    step: 1,
    unfinished: 200,
    lasts: 3_600,
    finish,
};

/// `POST messages/{id}/attachments`
pub(super) fn create(write: &mut Write, here: Here, number: usize) -> Answer<Reply> {
    let row = described(write)?;
    put(write, here, number, row);
    let id = newest(write, here, number);
    let place = here.now(write);
    let reply = attachments::respond(write.call, place, number, here.view, &[&id])?;
    let message = location(write.call, place, number, here);
    let address = format!("{message}/attachments('{}')", percent_encode(&id));
    Ok(Reply {
        status: 201,
        ..reply.header("Location", address)
    })
}

/// The row of the attachment that a body describes: of any item's.
pub fn described(write: &Write) -> Answer<JsonRow> {
    let body = write.call.json_body()?;
    let at = time::show(write.ledger.now());
    match type_of(&body, "attachment").unwrap_or("attachment") {
        "fileAttachment" => small(file_row(&FILE.create(&body)?, &at)),
        "itemAttachment" => item_row(&body, &at),
        "referenceAttachment" => Ok(reference(&base(&REFERENCE.create(&body)?, &at))),
        _ => Err(FILE.refuse("An attachment must say by '@odata.type' which type it is of.")),
    }
}

/// `DELETE messages/{id}/attachments/{id}`
pub(super) fn delete(write: &mut Write, here: Here, number: usize, key: &str) -> Answer<Reply> {
    let (item, _) = decode(key).ok_or_else(malformed_id)?;
    if !rows(write, here, number, here.view)
        .iter()
        .any(|row| row.property("id") == key)
    {
        return Err(no_item());
    }
    write.ledger.delete(
        &attachments::shelf(here.mailbox),
        &attachments::key(number, item.part),
        &number.to_string(),
    );
    told(write, here, number);
    Ok(Reply::empty(204))
}

/// `POST messages/{id}/attachments/createUploadSession`
pub(super) fn session(write: &mut Write, here: Here, number: usize) -> Answer<Reply> {
    owns(write, here.now(write).owner())?;
    let (file, size) = announced(write)?;
    let about = json!({
        "mailbox": here.mailbox, "number": number, "file": file,
        "immutable": here.view.form == Form::Immutable,
    });
    Ok(opened(write, &UPLOADS, about, size))
}

/// The file whose pieces are to come, and its size.
pub fn announced(write: &Write) -> Answer<(Body, u64)> {
    let known = [("AttachmentItem", "attachmentItem")];
    let body = parameters(&write.call.json_body()?, &known, MESSAGE.code)?;
    let file = body.get("AttachmentItem").and_then(Value::as_object);
    let file = file.ok_or_else(|| MESSAGE.refuse("The parameter 'AttachmentItem' is required."))?;
    if file.get("attachmentType") != Some(&json!("file")) {
        return Err(MESSAGE.refuse("Only attachments of the type 'file' come in pieces."));
    }
    if file.get("name").and_then(Value::as_str).is_none() {
        return Err(MESSAGE.refuse("The property 'name' is required."));
    }
    let size = file.get("size").and_then(Value::as_u64);
    let size = size.ok_or_else(|| MESSAGE.refuse("The property 'size' is required."))?;
    within(size)?;
    Ok((file.clone(), size))
}

/// The answer that says where the pieces go.
pub fn opened(write: &mut Write, rules: &Rules, about: Value, size: u64) -> Reply {
    let about = about.as_object().cloned().unwrap_or_default();
    let mut told = open(write, rules, about, Some(size));
    let context = write.call.context("microsoft.graph.uploadSession");
    told.insert("@odata.context".into(), json!(context));
    Reply {
        status: 201,
        ..Reply::json(told)
    }
}

/// The row of a file whose pieces are all there.
pub fn collected(write: &Write, about: &Body, content: &Bytes) -> JsonRow {
    let mut file = about["file"].as_object().cloned().unwrap_or_default();
    file.insert("contentBytes".into(), json!(base64(content)));
    file_row(&file, &time::show(write.ledger.now()))
}

/// 400 for a file that is too small or too large for pieces. FACTS has no codes for it.
fn within(size: u64) -> Answer<()> {
    let (code, reason) = match size {
        ..SMALL => (
            "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
            "Attachment size must be greater than the minimum size.",
        ),
        SMALL..=LARGE => return Ok(()),
        _ => (
            "ErrorAttachmentSizeLimitExceeded",
            "The attachment size exceeds the allowable limit.",
        ),
    };
    Err(Fault::new(400, code, reason))
}

/// 403 in another one's mailbox, whatever is shared (FACTS 3.1, C/known-issues).
pub fn owns(write: &Write, owner: &User) -> Answer<()> {
    match &write.call.caller {
        Caller::Delegated { id, .. } if *id != owner.id => Err(permissions::denied()),
        _ => Ok(()),
    }
}

/// The last piece is there: 201, and the address tells the id. It is one of the older service, as the pages show it.
fn finish(write: &mut Write, about: &Body, content: Bytes) -> Answer<Reply> {
    let number = |name: &str| about[name].as_u64().unwrap_or_default() as usize;
    let form = match about["immutable"] == true {
        true => Form::Immutable,
        false => Form::Mutable,
    };
    let here = Here {
        mailbox: number("mailbox"),
        view: View::plain(form),
    };
    let number = number("number");
    if !here.now(write).has(number) {
        return Err(no_item());
    }
    let row = collected(write, about, &content);
    put(write, here, number, row);
    let owner = &here.now(write).owner().id;
    let message = percent_encode(&here.message(write, number).id());
    let id = percent_encode(&newest(write, here, number));
    let address = format!(
        "{}/api/v2.0/Users('{owner}')/Messages('{message}')/Attachments('{id}')",
        write.call.origin
    );
    Ok(Reply::empty(201).header("Location", address))
}

fn small(row: JsonRow) -> Answer<JsonRow> {
    match row.property("size").as_u64() {
        Some(SMALL..) => Err(Fault::new(
            413,
            "BadRequest",
            "Maximum request length exceeded.",
        )),
        _ => Ok(row),
    }
}

fn base<'b>(body: &'b Body, at: &'b str) -> Base<'b> {
    Base {
        id: "",
        name: body.get("name").and_then(Value::as_str),
        inline: body.get("isInline") == Some(&json!(true)),
        modified: at,
    }
}

/// A message, event or contact on a message.
fn item_row(body: &Value, at: &str) -> Answer<JsonRow> {
    let mut map = body.as_object().cloned().unwrap_or_default();
    let content = map.remove("item").unwrap_or(Value::Null);
    let body = ITEM.create(&Value::Object(map))?;
    let kind = type_of(&content, "outlookItem");
    let kind = kind.filter(|kind| ["message", "event", "contact"].contains(kind));
    let kind = kind.ok_or_else(|| {
        ITEM.refuse("'item' must be a message, an event or a contact, and say so by '@odata.type'.")
    })?;
    well_formed("item", kind, &content).map_err(|reason| ITEM.refuse(reason))?;
    let (mime, text) = sent_as(kind, &content);
    let mut row = item(&base(&body, at), mime, &text);
    row.map.insert("size".into(), json!(text.len()));
    row.map.insert("item".into(), content);
    Ok(row)
}

/// What `/$value` sends of it (FACTS 1.1): the little that a reader needs.
fn sent_as(kind: &str, item: &Value) -> (&'static str, String) {
    let text = |name: &str| item[name].as_str().unwrap_or_default();
    match kind {
        "event" => (
            "text/calendar",
            format!(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                text("subject")
            ),
        ),
        "contact" => (
            "text/vcard",
            format!(
                "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{}\r\nEND:VCARD\r\n",
                text("displayName")
            ),
        ),
        _ => (
            "text/plain",
            format!(
                "Subject: {}\r\nMIME-Version: 1.0\r\n\r\n{}\r\n",
                text("subject"),
                item["body"]["content"].as_str().unwrap_or_default()
            ),
        ),
    }
}

fn put(write: &mut Write, here: Here, number: usize, row: JsonRow) {
    attach(write, here.mailbox, number, vec![row]);
    told(write, here, number);
}

/// The message changes with its attachments; inline ones do not count (FACTS 1.1).
fn told(write: &mut Write, here: Here, number: usize) {
    let rows = rows(write, here, number, here.view);
    let counts = rows.iter().any(|row| row.property("isInline") != true);
    let values = Map::from_iter([
        ("hasAttachments".to_string(), json!(counts)),
        (
            "lastModifiedDateTime".to_string(),
            json!(time::show(write.ledger.now())),
        ),
    ]);
    let (shelf, key) = (shelf(here.mailbox), number.to_string());
    write.ledger.set(&shelf, &key, values);
}

fn rows(write: &Write, here: Here, number: usize, view: View) -> Vec<JsonRow> {
    let message = MessageRow::new(here.now(write), number, view);
    attachments::rows(here.now(write), number, view, message.facts())
}

fn newest(write: &Write, here: Here, number: usize) -> String {
    let rows = rows(write, here, number, here.view);
    let id = rows.last().map(|row| row.property("id"));
    id.and_then(|id| id.as_str().map(String::from))
        .unwrap_or_default()
}
