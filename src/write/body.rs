//! Column values as the JSON of a body: nested as the paths say, each value in the form of its type.

use base64::Engine;
use serde_json::{Map, Value as Json, json};

use crate::catalog::{Column, List, Source, Table, Type, Writes};
use crate::error::{Error, Result};
use crate::instant::Instant;
use crate::value::Value;
use crate::zone;

/// The object that holds these columns.
pub(super) fn object(
    table: &'static Table,
    writes: &Writes,
    columns: &[(usize, &Value)],
) -> Result<Json> {
    let mut object = Map::new();
    for (position, value) in columns {
        let column = &table.columns[*position];
        let json = match column.ty {
            Type::Zoned => zoned(table, column, value, columns, &mut object)?,
            _ => plain(column, value, writes.list(column.path))
                .map_err(|error| error.on(table.name))?,
        };
        put(&mut object, column.known.unwrap_or(column.path), json);
    }
    Ok(Json::Object(object))
}

/// The JSON of one column, as a whole body.
pub(super) fn whole(table: &'static Table, path: &str, value: &Value) -> Result<Json> {
    let column = table
        .columns
        .iter()
        .find(|column| matches!(column.source, Source::Property) && column.path == path);
    match column {
        Some(column) => plain(column, value, None).map_err(|error| error.on(table.name)),
        None => Err(Error::usage(format!("{path} is no column")).on(table.name)),
    }
}

/// Puts a value where its path says, making the objects on the way.
fn put(object: &mut Map<String, Json>, path: &str, value: Json) {
    match path.split_once('/') {
        None => {
            object.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let below = object.entry(first).or_insert_with(|| json!({}));
            if !below.is_object() {
                *below = json!({});
            }
            if let Json::Object(below) = below {
                put(below, rest, value);
            }
        }
    }
}

/// A dateTimeTimeZone: in the zone that the statement gives beside it, else in UTC, as it is read.
fn zoned(
    table: &'static Table,
    column: &Column,
    value: &Value,
    columns: &[(usize, &Value)],
    object: &mut Map<String, Json>,
) -> Result<Json> {
    let zone_path = column.path.replace("/dateTime", "/timeZone");
    let zone = columns
        .iter()
        .find(|(position, _)| table.columns[*position].path == zone_path)
        .and_then(|(_, value)| value.as_text());
    let Some(text) = text_of(value) else {
        return Ok(Json::Null);
    };
    let wrong = || wrong(column, "a point in time such as '2026-01-31 09:00'").on(table.name);
    let instant = Instant::parse(&text).ok_or_else(wrong)?;
    let local = match zone {
        // What has an offset is a point in time, whatever the zone beside it.
        Some(zone) if has_offset(&text) => zone::local(instant, zone).ok_or_else(|| {
            Error::usage(format!("'{zone}' is no time zone"))
                .next("SELECT alias FROM SupportedTimeZones lists those of the mailbox")
                .on(table.name)
        })?,
        _ => instant.to_string(),
    };
    if zone.is_none() {
        put(object, &zone_path, json!("UTC"));
    }
    Ok(json!(local.replace(' ', "T")))
}

/// Whether a time says how far it is from UTC.
fn has_offset(text: &str) -> bool {
    let time = text.get(10..).unwrap_or_default();
    time.ends_with(['Z', 'z']) || time.contains(['+', '-'])
}

/// A value in the form of its column's type.
fn plain(column: &Column, value: &Value, list: Option<List>) -> Result<Json> {
    if value.is_null() {
        // A collection is emptied, anything else unset.
        return Ok(if list.is_some() {
            json!([])
        } else {
            Json::Null
        });
    }
    match column.ty {
        Type::Text | Type::Time | Type::Zoned => text_of(value)
            .map(Json::String)
            .ok_or_else(|| wrong(column, "text")),
        Type::Date => text_of(value)
            .filter(|text| text.len() == 10 && Instant::parse(text).is_some())
            .map(Json::String)
            .ok_or_else(|| wrong(column, "a date such as '2026-01-31'")),
        Type::Enum(members) => {
            let text = text_of(value).unwrap_or_default();
            let member = members
                .iter()
                .find(|member| member.eq_ignore_ascii_case(&text));
            member
                .map(|member| json!(member))
                .ok_or_else(|| wrong(column, &format!("one of {}", members.join(", "))))
        }
        Type::Boolean => match value.numeric() {
            Value::Integer(0) => Ok(json!(false)),
            Value::Integer(1) => Ok(json!(true)),
            Value::Text(text) if text.eq_ignore_ascii_case("true") => Ok(json!(true)),
            Value::Text(text) if text.eq_ignore_ascii_case("false") => Ok(json!(false)),
            _ => Err(wrong(column, "0 or 1")),
        },
        Type::Integer | Type::Long => match value.numeric() {
            Value::Integer(number) => Ok(json!(number)),
            _ => Err(wrong(column, "a whole number")),
        },
        Type::Double => match value.numeric() {
            Value::Integer(number) => Ok(json!(number)),
            Value::Real(number) => Ok(json!(number)),
            _ => Err(wrong(column, "a number")),
        },
        Type::Instant => {
            let instant = match value {
                // As JDBC binds them: milliseconds.
                Value::Integer(millis) => Some(Instant::from_millis(*millis)),
                other => text_of(other).and_then(|text| Instant::parse(&text)),
            };
            instant
                .map(|instant| json!(format!("{}Z", instant.to_string().replace(' ', "T"))))
                .ok_or_else(|| wrong(column, "a point in time such as '2026-01-31 09:00:00'"))
        }
        Type::Json => collection(column, value, list),
        Type::Blob => match value {
            Value::Blob(bytes) => Ok(json!(
                base64::engine::general_purpose::STANDARD.encode(bytes)
            )),
            Value::Text(text) => Ok(json!(
                base64::engine::general_purpose::STANDARD.encode(text.as_bytes())
            )),
            _ => Err(wrong(column, "a BLOB, or text")),
        },
    }
}

/// JSON, or a list with `;` or `,`.
fn collection(column: &Column, value: &Value, list: Option<List>) -> Result<Json> {
    let text = text_of(value).unwrap_or_default();
    let trimmed = text.trim();
    if trimmed.starts_with(['[', '{']) {
        return serde_json::from_str(trimmed)
            .map_err(|error| wrong(column, &format!("JSON ({error})")));
    }
    match list {
        Some(list) => Ok(Json::Array(
            people(trimmed).map(|item| element(list, item)).collect(),
        )),
        None => Err(wrong(column, "JSON")),
    }
}

/// The items of a list, which end at `;` or `,`: a comma inside quotes (`"Doe, Jane" <jane@…>`) ends none.
pub fn people(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |letter: char| {
        quoted ^= letter == '"';
        matches!(letter, ';' | ',') && !quoted
    })
    .map(str::trim)
    .filter(|item| !item.is_empty())
}

/// One element of a list.
pub fn element(list: List, item: &str) -> Json {
    match list {
        List::Texts => json!(item),
        List::Addresses => address(item),
        List::Recipients => json!({ "emailAddress": address(item) }),
        List::Attendees => json!({ "emailAddress": address(item), "type": "required" }),
    }
}

/// `Name <address>`, or the address alone.
fn address(item: &str) -> Json {
    match item.strip_suffix('>').and_then(|item| item.split_once('<')) {
        Some((name, address)) => {
            let name = name.trim().trim_matches('"');
            json!({ "address": address.trim(), "name": name })
        }
        None => json!({ "address": item }),
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Real(number) => Some(number.to_string()),
        Value::Null | Value::Blob(_) => None,
    }
}

fn wrong(column: &Column, expected: &str) -> Error {
    Error::usage(format!("{} must be {expected}", column.name()))
}
