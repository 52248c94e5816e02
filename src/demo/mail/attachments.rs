//! Attachments of a message: never paged, never filtered, three kinds (FACTS 1.1, 2.1).

use serde_json::{Map, Value, json};

use super::Place;
use super::row::{MessageRow, View};
use crate::demo::call::Call;
use crate::demo::directory::json_row;
use crate::demo::encoding::base64;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook::{malformed_id, no_item, only, with_preferences};
use crate::demo::query::row::{JsonRow, Row, render};
use crate::demo::query::schema::{self, Member};
use crate::demo::query::select::{context_suffix, unknown};
use crate::demo::random::mix;
use crate::demo::reply::Reply;
use crate::demo::time::{self, SECOND};
use crate::demo::world::ids::{Form, Item, Kind, decode, encode};

/// Answers below `messages/{id}/attachments`.
pub fn respond(
    call: &Call,
    place: Place,
    number: usize,
    view: View,
    rest: &[&str],
) -> Answer<Reply> {
    let message = MessageRow::new(place, number, view);
    let rows = rows(place, number, view.form, &message);
    match rest {
        [] => list(call, place, &message, &rows),
        [key, rest @ ..] => {
            let row = match decode(key) {
                Some(_) => rows
                    .iter()
                    .find(|row| row.property("id") == *key)
                    .ok_or_else(no_item)?,
                None => return Err(malformed_id()),
            };
            match rest {
                [] => single(call, place, &message, row),
                ["$value"] => value(row, &message),
                [other, ..] => Err(Fault::unknown_segment(other)),
            }
        }
    }
}

/// The relationship as `$expand=attachments` shows it.
pub fn expanded(place: Place, row: &dyn Row) -> Answer<Vec<(String, Value)>> {
    let id = row.property("id");
    let Some((item, form)) = id.as_str().and_then(decode) else {
        return Ok(Vec::new());
    };
    let message = MessageRow::new(
        place,
        item.number,
        View {
            form,
            body: None,
            basic: false,
        },
    );
    let shown = rows(place, item.number, form, &message)
        .iter()
        .map(|row| Value::Object(render(row, &defaults(row))))
        .collect();
    Ok(vec![("attachments".to_string(), shown)])
}

/// `$filter` is accepted and ignored (FACTS 2.1); the options without a mark in FACTS 1.1 are refused.
fn list(call: &Call, place: Place, message: &MessageRow, rows: &[JsonRow]) -> Answer<Reply> {
    only(&call.query, &["$filter", "$select", "$expand"])?;
    let select = selection(call)?;
    let value: Vec<Value> = rows
        .iter()
        .map(|row| Value::Object(shown(row, select.as_deref())))
        .collect();
    let mut body = Map::new();
    let context = format!(
        "{}{}",
        resource(place, message),
        context_suffix(call.query.select.as_deref())
    );
    body.insert("@odata.context".into(), json!(call.context(&context)));
    body.insert("value".into(), Value::Array(value));
    Ok(with_preferences(call, Reply::json(body)))
}

fn single(call: &Call, place: Place, message: &MessageRow, row: &JsonRow) -> Answer<Reply> {
    only(&call.query, &["$select", "$expand"])?;
    let mut body = shown(row, selection(call)?.as_deref());
    if call
        .query
        .expand
        .as_deref()
        .is_some_and(|text| text.to_ascii_lowercase().ends_with("itemattachment/item"))
        && row.type_name == "itemAttachment"
    {
        body.insert("item".into(), json!({"@odata.type": "#microsoft.graph.message", "subject": row.property("name"), "isRead": true}));
    }
    let context = format!(
        "{}{}/$entity",
        resource(place, message),
        context_suffix(call.query.select.as_deref())
    );
    body.insert("@odata.context".into(), json!(call.context(&context)));
    Ok(with_preferences(call, Reply::json(body)))
}

/// The bytes: of a file as they are, of an item as MIME; a reference has none (FACTS 1.1).
fn value(row: &JsonRow, message: &MessageRow) -> Answer<Reply> {
    match row.type_name {
        "fileAttachment" => {
            let kind = row.property("contentType");
            let bytes = row
                .property("contentBytes")
                .as_str()
                .and_then(crate::demo::encoding::base64_decode)
                .unwrap_or_default();
            Ok(Reply::bytes(
                kind.as_str().unwrap_or("application/octet-stream"),
                bytes,
            ))
        }
        "itemAttachment" => {
            let subject = message.facts.subject.as_deref().unwrap_or("");
            Ok(Reply::bytes(
                "text/plain",
                format!(
                    "Subject: Forwarded: {subject}\r\nMIME-Version: 1.0\r\n\r\n(attached item)\r\n"
                )
                .into_bytes(),
            ))
        }
        _ => Err(Fault::new(
            405,
            "ErrorInvalidRequest",
            "A reference attachment has no content.",
        )),
    }
}

/// Base properties, and derived ones behind their type: `microsoft.graph.fileAttachment/contentBytes`.
fn selection(call: &Call) -> Answer<Option<Vec<String>>> {
    let Some(select) = &call.query.select else {
        return Ok(None);
    };
    let mut names = vec!["id".to_string()];
    for name in select {
        let (type_name, property) = name
            .split_once('/')
            .map_or(("attachment", name.as_str()), |(cast, property)| {
                (cast.trim_start_matches("microsoft.graph."), property)
            });
        if !matches!(
            schema::member(type_name, property),
            Some(Member::Property(_))
        ) {
            return Err(unknown(name, "attachment"));
        }
        names.push(property.to_string());
    }
    names.dedup();
    Ok(Some(names))
}

fn shown(row: &JsonRow, select: Option<&[String]>) -> Map<String, Value> {
    render(
        row,
        &select.map_or_else(|| defaults(row), <[String]>::to_vec),
    )
}

fn defaults(row: &JsonRow) -> Vec<String> {
    schema::properties(row.type_name)
        .into_iter()
        .map(|(name, _)| name.to_string())
        .collect()
}

fn rows(place: Place, number: usize, form: Form, message: &MessageRow) -> Vec<JsonRow> {
    let facts = &message.facts;
    (0..facts.attachments + facts.inline)
        .map(|part| {
            let id = encode(
                Item {
                    kind: Kind::Attachment,
                    mailbox: place.mailbox.number,
                    number,
                    part,
                },
                form,
            );
            attachment(
                &id,
                facts.seed,
                part,
                part >= facts.attachments,
                facts.received,
            )
        })
        .collect()
}

/// Names and types of ordinary files.
const FILES: [(&str, &str); 4] = [
    ("report.pdf", "application/pdf"),
    ("Größe & Maße.txt", "text/plain"),
    ("it's.csv", "text/csv"),
    ("data 100%.bin", "application/octet-stream"),
];

fn attachment(id: &str, seed: u64, part: usize, inline: bool, received: i64) -> JsonRow {
    let lot = mix(&[70, seed, part as u64]);
    let content =
        format!("Attachment {part} of message {seed:016x}\n").repeat(1 + (lot % 40) as usize);
    let (name, mime) = FILES[lot as usize / 16 % 4];
    let (type_name, name, mime, size) = match lot % 12 {
        _ if inline => (
            "fileAttachment",
            "logo.png",
            Some("image/png"),
            content.len(),
        ),
        0 => ("itemAttachment", "Forwarded: status", None, 4_096),
        1 => ("referenceAttachment", "Shared plan.docx", None, 382),
        _ => ("fileAttachment", name, Some(mime), content.len()),
    };
    let modified = time::show(received + SECOND);
    let value = json!({"id": id, "name": name, "contentType": mime, "size": size, "isInline": inline, "lastModifiedDateTime": modified});
    let mut row = json_row(type_name, value);
    if type_name == "fileAttachment" {
        row.map
            .insert("contentBytes".into(), json!(base64(content.as_bytes())));
        row.map.insert(
            "contentId".into(),
            json!(inline.then_some("logo@contoso.com")),
        );
        row.annotations
            .push(("@odata.mediaContentType", json!(mime)));
    }
    row.annotations.push((
        "@odata.type",
        json!(format!("#microsoft.graph.{type_name}")),
    ));
    row
}

fn resource(place: Place, message: &MessageRow) -> String {
    format!(
        "users('{}')/messages('{}')/attachments",
        place.owner().id,
        crate::demo::encoding::percent_encode(&message.id())
    )
}
