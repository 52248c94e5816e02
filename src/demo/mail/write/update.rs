//! Drafts are made, messages changed and thrown away.

use serde_json::{Value, json};

use super::fields::{FILE, MESSAGE, tidy};
use super::{Here, STORED, mime, shown};
use crate::demo::encoding::{base64, base64_decode};
use crate::demo::error::Answer;
use crate::demo::mail::attachments;
use crate::demo::mail::row::MessageRow;
use crate::demo::mail::shelf;
use crate::demo::outlook::attachments::{Base, file};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::{guid, mix};
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::world::mailbox::DELETED;
use crate::demo::write::body::Body;
use crate::demo::write::route::Write;

/// `POST messages`: a draft.
pub fn create(write: &mut Write, here: Here, folder: usize) -> Answer<Reply> {
    let body = match mime::sent(write.call)? {
        Some(body) => body,
        None => MESSAGE.create(&write.call.json_body()?)?,
    };
    here.holds(write, folder)?;
    let number = put(write, here.mailbox, folder, body)?;
    shown(write, here, number, 201)
}

/// `PATCH messages/{id}`
pub fn update(write: &mut Write, here: Here, number: usize) -> Answer<Reply> {
    let body = write.call.json_body()?;
    let row = MessageRow::new(here.now(write), number, STORED);
    let mut body = MESSAGE.update(&body, &row)?;
    tidy(&mut body);
    body.insert(
        "lastModifiedDateTime".into(),
        json!(time::show(write.ledger.now())),
    );
    write
        .ledger
        .set(&shelf(here.mailbox), &number.to_string(), body);
    shown(write, here, number, 200)
}

/// `DELETE messages/{id}`: into Deleted Items; from there it is gone for all that a client sees.
pub fn delete(write: &mut Write, here: Here, number: usize) -> Answer<Reply> {
    if here.now(write).folder_of(number) == DELETED {
        return destroy(write, here, number);
    }
    relocate(write, here.mailbox, number, DELETED);
    Ok(Reply::empty(204))
}

/// `POST messages/{id}/permanentDelete`: FACTS says only that it exists.
pub fn destroy(write: &mut Write, here: Here, number: usize) -> Answer<Reply> {
    let folder = here.now(write).folder_of(number).to_string();
    write
        .ledger
        .delete(&shelf(here.mailbox), &number.to_string(), &folder);
    Ok(Reply::empty(204))
}

/// Moves a message to another folder of its mailbox.
pub fn relocate(write: &mut Write, mailbox: usize, number: usize, folder: usize) {
    let from = super::Place::new(write.tenant, mailbox, write.ledger).folder_of(number);
    write.ledger.relocate(
        &shelf(mailbox),
        &number.to_string(),
        &from.to_string(),
        &folder.to_string(),
    );
}

/// Puts a new message into a folder of any mailbox: what it does not say is as on a draft.
pub fn put(write: &mut Write, mailbox: usize, folder: usize, mut body: Body) -> Answer<usize> {
    tidy(&mut body);
    let brought = body.remove("attachments");
    let files = files(brought.as_ref())?;
    let row = JsonRow {
        type_name: "message",
        map: body,
        annotations: Vec::new(),
    };
    Ok(insert(write, mailbox, folder, row, files))
}

/// The same with a row and attachments that are good already.
pub fn insert(
    write: &mut Write,
    mailbox: usize,
    folder: usize,
    mut row: JsonRow,
    files: Vec<JsonRow>,
) -> usize {
    let number = write.ledger.number();
    let mut values = blank(write.ledger.now(), number);
    values.extend(std::mem::take(&mut row.map));
    row.map = values;
    let (shelf, key) = (shelf(mailbox), number.to_string());
    write.ledger.create(&shelf, &key, &folder.to_string(), row);
    attach(write, mailbox, number, files);
    number
}

/// Hangs attachments on a message. Inline ones do not count (FACTS 1.1).
pub fn attach(write: &mut Write, mailbox: usize, message: usize, rows: Vec<JsonRow>) {
    if rows.iter().any(|row| row.property("isInline") != true) {
        let counts = Body::from_iter([("hasAttachments".to_string(), json!(true))]);
        write
            .ledger
            .set(&shelf(mailbox), &message.to_string(), counts);
    }
    for mut row in rows {
        let part = write.ledger.number();
        // The type is shown by the reader, the id depends on the form asked for.
        row.annotations.clear();
        write.ledger.create(
            &attachments::shelf(mailbox),
            &attachments::key(message, part),
            &message.to_string(),
            row,
        );
    }
}

/// The rows of files that a body brings along.
fn files(brought: Option<&Value>) -> Answer<Vec<JsonRow>> {
    let all = brought.and_then(Value::as_array).into_iter().flatten();
    all.map(|one| {
        let body = FILE.create(one)?;
        Ok(file_row(&body, &time::show(time::today())))
    })
    .collect()
}

/// The row of a file that a good body describes.
pub fn file_row(body: &Body, modified: &str) -> JsonRow {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let base = Base {
        id: "",
        name: text("name"),
        inline: body.get("isInline") == Some(&json!(true)),
        modified,
    };
    let content = text("contentBytes").and_then(base64_decode);
    let kind = text("contentType").unwrap_or("application/octet-stream");
    let mut row = file(&base, kind, &content.unwrap_or_default());
    row.map.insert("contentId".into(), json!(text("contentId")));
    row
}

/// The key of a message or folder on its shelf.
pub fn key(number: usize) -> String {
    number.to_string()
}

/// A draft that says nothing.
fn blank(now: i64, number: usize) -> Body {
    let at = time::show(now);
    let index = mix(&[64, number as u64]).to_be_bytes().repeat(3);
    let value = json!({
        "subject": "", "body": {"contentType": "text", "content": ""},
        "toRecipients": [], "ccRecipients": [], "bccRecipients": [], "replyTo": [],
        "isRead": true, "isDraft": true, "categories": [], "importance": "normal",
        "inferenceClassification": "focused", "flag": {"flagStatus": "notFlagged"},
        "hasAttachments": false, "isReadReceiptRequested": false, "isDeliveryReceiptRequested": false,
        "createdDateTime": at, "lastModifiedDateTime": at, "receivedDateTime": at, "sentDateTime": at,
        "internetMessageId": format!("<{}@contoso.com>", guid(&[61, number as u64])),
        "conversationIndex": base64(&index[..22]),
    });
    match value {
        Value::Object(map) => map,
        _ => Body::new(),
    }
}
