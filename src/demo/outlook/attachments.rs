//! Attachments of any Outlook item: never paged, never filtered, three kinds (FACTS 1.1, 2.1).

use serde_json::{Map, Value, json};

use super::{malformed_id, no_item, only, with_preferences};
use crate::demo::call::Call;
use crate::demo::directory::json_row;
use crate::demo::encoding::{base64, base64_decode};
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::{JsonRow, Row, render};
use crate::demo::query::schema::{self, Member};
use crate::demo::query::select::{context_suffix, unknown};
use crate::demo::reply::Reply;
use crate::demo::world::ids::decode;

/// Where an item attachment keeps what `/$value` sends: no property, so it is never shown.
const WHOLE: &str = "$value";

/// What all attachments have.
pub struct Base<'b> {
    /// The id.
    pub id: &'b str,
    /// The name; an item without a subject has none.
    pub name: Option<&'b str>,
    /// Part of the body.
    pub inline: bool,
    /// When it was put there.
    pub modified: &'b str,
}

/// A file with its bytes.
pub fn file(base: &Base, mime: &str, content: &[u8]) -> JsonRow {
    let mut row = row("fileAttachment", base, Some(mime), content.len());
    row.map
        .insert("contentBytes".into(), json!(base64(content)));
    row.map.insert(
        "contentId".into(),
        json!(base.inline.then_some("logo@contoso.com")),
    );
    row.annotations
        .push(("@odata.mediaContentType", json!(mime)));
    row
}

/// The row of one that was put there, with its id; its types are shown by the reader.
pub fn put_there(mut row: JsonRow, id: &str) -> JsonRow {
    row.map.insert("id".into(), json!(id));
    let kind = format!("#microsoft.graph.{}", row.type_name);
    row.annotations.push(("@odata.type", json!(kind)));
    if row.type_name == "fileAttachment" {
        let kind = row.property("contentType");
        row.annotations.push(("@odata.mediaContentType", kind));
    }
    row
}

/// An Outlook item, given as the type and the text that it is sent as: MIME, iCalendar or vCard.
pub fn item(base: &Base, mime: &str, text: &str) -> JsonRow {
    let mut row = row("itemAttachment", base, None, 4_096);
    row.map.insert(WHOLE.into(), json!([mime, text]));
    row
}

/// A link to a file elsewhere.
pub fn reference(base: &Base) -> JsonRow {
    row("referenceAttachment", base, None, 382)
}

fn row(type_name: &'static str, base: &Base, mime: Option<&str>, size: usize) -> JsonRow {
    let mut row = json_row(
        type_name,
        json!({
            "id": base.id, "name": base.name, "contentType": mime, "size": size,
            "isInline": base.inline, "lastModifiedDateTime": base.modified,
        }),
    );
    row.annotations.push((
        "@odata.type",
        json!(format!("#microsoft.graph.{type_name}")),
    ));
    row
}

/// Answers below the `attachments` of an item; `resource` is what a context calls them.
pub fn respond(call: &Call, resource: &str, rows: &[JsonRow], rest: &[&str]) -> Answer<Reply> {
    let [key, rest @ ..] = rest else {
        return list(call, resource, rows);
    };
    decode(key).ok_or_else(malformed_id)?;
    let row = rows
        .iter()
        .find(|row| row.property("id") == *key)
        .ok_or_else(no_item)?;
    match rest {
        [] => single(call, resource, row),
        ["$value"] => value(row),
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// The attachments as `$expand=attachments` shows them.
pub fn expanded(rows: &[JsonRow]) -> Vec<(String, Value)> {
    let shown = rows
        .iter()
        .map(|row| Value::Object(render(row, &defaults(row))))
        .collect();
    vec![("attachments".to_string(), shown)]
}

/// `$filter` is accepted and ignored (FACTS 2.1); the options without a mark in FACTS 1.1 are refused.
fn list(call: &Call, resource: &str, rows: &[JsonRow]) -> Answer<Reply> {
    only(&call.query, &["$filter", "$select", "$expand"])?;
    let select = selection(call)?;
    let value: Vec<Value> = rows
        .iter()
        .map(|row| Value::Object(shown(row, select.as_deref())))
        .collect();
    let mut body = Map::new();
    let context = format!(
        "{}{}",
        resource,
        context_suffix(call.query.select.as_deref())
    );
    body.insert("@odata.context".into(), json!(call.context(&context)));
    body.insert("value".into(), Value::Array(value));
    Ok(with_preferences(call, Reply::json(body)))
}

fn single(call: &Call, resource: &str, row: &JsonRow) -> Answer<Reply> {
    only(&call.query, &["$select", "$expand"])?;
    let mut body = shown(row, selection(call)?.as_deref());
    if call
        .query
        .expand
        .as_deref()
        .is_some_and(|text| text.to_ascii_lowercase().ends_with("itemattachment/item"))
        && row.type_name == "itemAttachment"
    {
        let item = match row.property("item") {
            Value::Null => {
                json!({"@odata.type": "#microsoft.graph.message", "subject": row.property("name"), "isRead": true})
            }
            written => written,
        };
        body.insert("item".into(), item);
    }
    let context = format!(
        "{}{}/$entity",
        resource,
        context_suffix(call.query.select.as_deref())
    );
    body.insert("@odata.context".into(), json!(call.context(&context)));
    Ok(with_preferences(call, Reply::json(body)))
}

/// The bytes: of a file as they are, of an item as what it is sent as; a reference has none (FACTS 1.1).
fn value(row: &JsonRow) -> Answer<Reply> {
    match row.type_name {
        "fileAttachment" => {
            let kind = row.property("contentType");
            let bytes = row.property("contentBytes");
            let bytes = bytes.as_str().and_then(base64_decode).unwrap_or_default();
            Ok(Reply::bytes(
                kind.as_str().unwrap_or("application/octet-stream"),
                bytes,
            ))
        }
        "itemAttachment" => {
            let sent = row.property(WHOLE);
            let text = |part: usize| sent[part].as_str().unwrap_or_default();
            Ok(Reply::bytes(text(0), text(1).as_bytes().to_vec()))
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
