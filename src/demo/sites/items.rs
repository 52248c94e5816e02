//! The items of a list: values in `fields`, filters and sorts by indexed columns only (FACTS 1.7).

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{CODE, Place, standing, web_url};
use crate::demo::call::Call;
use crate::demo::collection::{self, Beyond, Nulls, Order, Pages, Rules};
use crate::demo::directory::json_row;
use crate::demo::encoding::percent_encode;
use crate::demo::error::{Answer, Fault};
use crate::demo::files::{self, facets};
use crate::demo::query::eval::{never_misses, passes};
use crate::demo::query::filter::{Expr, Literal, Operator, parse};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::guid;
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::world::drives::{Drive, Kind as ItemKind};
use crate::demo::world::lists::{CUSTOMER_NAMES, Content, Kind, List};

/// F O T X, pages of 200 (FACTS 1.7); the largest page is not known, so it is that of drive items, and clamped as there.
pub const ITEM: Rules = Rules {
    type_name: "listItem",
    code: CODE,
    options: &[
        "$select",
        "$expand",
        "$filter",
        "$orderby",
        "$top",
        "$skiptoken",
    ],
    options_on_one: &["$select", "$expand"],
    filters: &[],
    sorts: &[],
    hidden: &["sharepointIds", "deleted"],
    pages: Some(Pages {
        default: 200,
        max: 999,
        beyond: Beyond::Clamped,
    }),
    nulls: Nulls::LeftOut,
};

/// With this preference columns without an index are filtered too (FACTS 1.7).
const ANYWAY: &str = "HonorNonIndexedQueriesWarningMayFailRandomly";

/// Answers below `lists/{id}/items`.
pub fn respond(
    call: &Call,
    place: Place,
    list: &List,
    resource: &str,
    rest: &[&str],
) -> Answer<Reply> {
    let resource = format!("{resource}/items");
    let expand = |row: &dyn Row, text: &str| expand(list, row, text);
    let [key, below @ ..] = rest else {
        return page(call, place, list, &resource);
    };
    let mut rows = rows(place, list).into_iter();
    let row = rows
        .find(|row| row.property("id") == *key)
        .ok_or_else(|| Fault::new(404, "itemNotFound", "The specified item was not found"))?;
    match below {
        [] => collection::single_with(call, &ITEM, &resource, &row, &expand),
        ["fields"] => {
            collection::only(&call.query, &[], CODE)?;
            let mut fields = fields(list, &row, None)?;
            fields.insert(
                "@odata.context".into(),
                json!(call.context(&format!("{resource}('{key}')/fields/$entity"))),
            );
            Ok(Reply::json(fields))
        }
        ["driveItem", below @ ..] => match library(place, list) {
            Some(drive) => {
                let number = key.parse().unwrap_or(0);
                files::by_number(call, &drive, &place.tenant.users, number, below)
            }
            None => Err(Fault::new(404, "itemNotFound", "The item is no file")),
        },
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// Filters and sorts know columns, which the schema of `fields` does not.
fn page(call: &Call, place: Place, list: &List, resource: &str) -> Answer<Reply> {
    let anyway = call.prefer(ANYWAY).is_some();
    let filter = filter(call, list, anyway)?;
    let order = order(call, list, anyway)?;
    let mut rows = rows(place, list);
    if let Some(filter) = &filter {
        rows.retain(|row| passes(filter, &as_filtered(row), never_misses));
    }
    let expand = |row: &dyn Row, text: &str| expand(list, row, text);
    collection::narrowed(call, &ITEM, resource, &rows, (None, order), &expand)
}

/// The drive behind a library.
pub fn library<'t>(place: Place<'t>, list: &List) -> Option<Cow<'t, Drive>> {
    let Content::Files(name) = list.content else {
        return None;
    };
    let mut drives = place.tenant.drives.iter();
    let drive = drives.find(|drive| drive.name == name)?;
    Some(files::now::now(drive, place.ledger))
}

/// All items of a list.
pub fn rows(place: Place, list: &List) -> Vec<JsonRow> {
    standing::laid_over(place, list, generated(place, list))
}

fn generated(place: Place, list: &List) -> Vec<JsonRow> {
    if let Some(drive) = library(place, list) {
        let items = drive.living().skip(1);
        return items
            .map(|number| file_row(place, list, &drive, number))
            .collect();
    }
    let ids = list.ids();
    ids.into_iter().map(|id| row(place, list, id)).collect()
}

fn row(place: Place, list: &List, id: usize) -> JsonRow {
    let (created, modified) = list.times(id);
    let people = list.people(id);
    let mut values = list.values(id);
    let title = values.get("Title").cloned().unwrap_or(Value::Null);
    values.insert("LinkTitle".into(), title.clone());
    values.insert("LinkTitleNoMenu".into(), title);
    values.insert("Attachments".into(), json!(id % 20 == 6));
    let row = base(place, list, id, "Item", (created, modified), people, values);
    strange(id, row)
}

/// An item that was made since, before what was written is laid over it.
pub fn blank(place: Place, list: &List, id: usize, created: i64) -> JsonRow {
    let mut values = Map::new();
    values.insert("Attachments".into(), json!(false));
    if list.column("Age").is_some() {
        values.insert("Age".into(), json!("0 days"));
    }
    base(place, list, id, "Item", (created, created), (0, 0), values)
}

/// A file or folder of a library, under the number that the drive item's `sharepointIds` names.
fn file_row(place: Place, list: &List, drive: &Drive, number: usize) -> JsonRow {
    let item = &drive.items[number];
    let kind = match item.kind {
        ItemKind::File => "Document",
        _ => "Folder",
    };
    let mut values = Map::new();
    values.insert("FileLeafRef".into(), json!(item.name));
    values.insert("LinkFilename".into(), json!(item.name));
    if item.kind == ItemKind::File {
        values.insert("FileSizeDisplay".into(), json!(item.size.to_string()));
        values.insert("DocIcon".into(), json!(item.extension()));
    }
    let created = item.set("created").and_then(Value::as_i64);
    let made = created.filter(|_| item.is_made());
    let times = (made.unwrap_or(item.modified), item.modified);
    let people = list.people(number);
    let row = base(place, list, number, kind, times, people, values);
    let row = match item.is_made() {
        true => row,
        false => strange(number, row),
    };
    standing::of_file(place, row, item)
}

fn base(
    place: Place,
    list: &List,
    id: usize,
    content_type: &str,
    (created, modified): (i64, i64),
    (author, editor): (usize, usize),
    mut values: Map<String, Value>,
) -> JsonRow {
    let users = &place.tenant.users;
    let tag = format!(
        "\"{},{}\"",
        guid(&[253, list.site as u64, list.number as u64, id as u64]),
        1 + id % 9
    );
    let set = json!({
        "@odata.etag": tag, "id": id.to_string(), "ContentType": content_type,
        "Created": time::show(created), "Modified": time::show(modified),
        "AuthorLookupId": (author + 1).to_string(), "EditorLookupId": (editor + 1).to_string(),
        "_UIVersionString": "1.0", "ItemChildCount": "0", "FolderChildCount": "0",
    });
    if let Value::Object(set) = set {
        values.extend(set);
    }
    let types = ["0x0100", "0x0101", "0x0120"];
    let type_id = types[["Item", "Document", "Folder"]
        .iter()
        .position(|name| *name == content_type)
        .unwrap_or(0)];
    let value = json!({
        "id": id.to_string(),
        "eTag": tag,
        "createdDateTime": time::show(created),
        "lastModifiedDateTime": time::show(modified),
        "createdBy": users[author].identity(),
        "lastModifiedBy": users[editor].identity(),
        "webUrl": format!("{}/{}/{id}_.000", web_url(place.site), percent_encode(list.name)),
        "parentReference": {"siteId": place.site.id},
        "contentType": {"id": type_id, "name": content_type},
        "sharepointIds": {"listId": list.id, "listItemId": id.to_string()},
        "fields": values,
    });
    let mut row = json_row("listItem", value);
    row.annotations.push(("@odata.etag", json!(tag)));
    row
}

/// The few that are not like the others.
fn strange(id: usize, mut row: JsonRow) -> JsonRow {
    let value = &mut row.map;
    match id % 23 {
        5 => {
            value.insert("name".into(), json!(format!("item {id}")));
            value.insert("description".into(), json!(""));
            value.insert("parentReference".into(), facets::reference(id as u64));
        }
        // Who made it has left the tenant.
        7 => {
            for name in [
                "createdBy",
                "lastModifiedBy",
                "contentType",
                "parentReference",
                "webUrl",
            ] {
                value.insert(name.into(), Value::Null);
            }
        }
        _ => {}
    }
    row
}

/// `$expand=fields`, `fields($select=A,B)`, `fields(select=A,B)`; nothing else is served here.
pub fn expand(list: &List, row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    let inner = text
        .strip_prefix("fields(")
        .and_then(|rest| rest.strip_suffix(')'))
        .map(|inner| inner.trim_start_matches('$'));
    let names: Option<Vec<&str>> = match (text, inner) {
        ("fields", _) => None,
        (_, Some(inner)) => match inner.strip_prefix("select=") {
            Some(names) => Some(names.split(',').map(str::trim).collect()),
            None => return Err(collection::not_expandable(text)),
        },
        _ => return Err(collection::not_expandable(text)),
    };
    let fields = fields(list, row, names.as_deref())?;
    Ok(vec![("fields".into(), Value::Object(fields))])
}

/// The values, all or some. A lookup shows its number; its text comes when the column itself is selected.
pub fn fields(list: &List, row: &dyn Row, names: Option<&[&str]>) -> Answer<Map<String, Value>> {
    let Value::Object(all) = row.property("fields") else {
        return Ok(Map::new());
    };
    let Some(names) = names else {
        return Ok(all);
    };
    let mut shown = Map::new();
    for name in ["@odata.etag"].iter().chain(names) {
        let value = match all.get(*name) {
            Some(value) => value.clone(),
            None => lookup_text(list, &all, name)?,
        };
        if !value.is_null() {
            shown.insert(name.to_string(), value);
        }
    }
    Ok(shown)
}

/// The text of a lookup; null for other columns that have no value, and a refusal for what is no column.
fn lookup_text(list: &List, all: &Map<String, Value>, name: &str) -> Answer<Value> {
    let base = name.strip_suffix("LookupId").unwrap_or(name);
    let generated = ["LinkTitle", "LinkFilename", "DocIcon"].contains(&name);
    let Some(column) = list.column(base) else {
        if generated {
            return Ok(Value::Null);
        }
        return Err(unknown_column(name));
    };
    let number = all
        .get(&format!("{name}LookupId"))
        .and_then(Value::as_str)
        .and_then(|number| number.parse::<usize>().ok());
    let text = number.filter(|_| matches!(column.kind, Kind::Lookup(_)));
    Ok(json!(
        text.and_then(|number| CUSTOMER_NAMES.get(number - 1))
    ))
}

/// 400 for what is no column.
pub fn unknown_column(name: &str) -> Fault {
    refused(format!("Field '{name}' is not recognized"))
}

/// 400
pub fn refused(message: String) -> Fault {
    Fault::new(400, CODE, message)
}

/// The item as filters see it: numbers of lookups are numbers.
fn as_filtered(row: &JsonRow) -> JsonRow {
    let mut map = row.map.clone();
    if let Some(Value::Object(fields)) = map.get_mut("fields") {
        for (name, value) in fields.iter_mut() {
            let number = value.as_str().and_then(|text| text.parse::<u64>().ok());
            if let Some(number) = number.filter(|_| name.ends_with("LookupId")) {
                *value = json!(number);
            }
        }
    }
    JsonRow {
        type_name: row.type_name,
        map,
        annotations: Vec::new(),
    }
}

fn filter(call: &Call, list: &List, anyway: bool) -> Answer<Option<Expr>> {
    let Some(text) = &call.query.filter else {
        return Ok(None);
    };
    let expr = parse(text).map_err(|reason| refused(format!("Invalid filter clause: {reason}")))?;
    checked(list, anyway, expr).map(Some)
}

/// The filter as the service understands it. Undocumented are `not`, `in`, `contains`, `endswith`, comparisons with null: they are refused.
fn checked(list: &List, anyway: bool, expr: Expr) -> Answer<Expr> {
    let all = |parts: Vec<Expr>| {
        let parts = parts.into_iter().map(|part| checked(list, anyway, part));
        parts.collect::<Answer<Vec<Expr>>>()
    };
    match expr {
        Expr::And(parts) => Ok(Expr::And(all(parts)?)),
        Expr::Or(parts) => Ok(Expr::Or(all(parts)?)),
        Expr::Compare(path, operator, literal) => {
            let kind = compared(list, anyway, &path)?;
            // The text of a lookup is silently ignored (FACTS 1.7, 2.1): a condition that is always true.
            if matches!(kind, Kind::Lookup(_) | Kind::Person) && matches!(literal, Literal::Text(_))
            {
                return Ok(Expr::And(Vec::new()));
            }
            if !fits(kind, operator, &literal) {
                return Err(refused(format!(
                    "'{}' cannot be compared so.",
                    path.join("/")
                )));
            }
            Ok(Expr::Compare(path, operator, literal))
        }
        Expr::Call(name, path, text) if name == "startswith" => {
            match compared(list, anyway, &path)? {
                Kind::Text | Kind::Choice(_) => Ok(Expr::Call(name, path, text)),
                _ => Err(refused(format!("'{}' is no text.", path.join("/")))),
            }
        }
        _ => Err(refused("The query is not supported.".into())),
    }
}

/// What the column of a path holds, if it may be filtered and sorted by.
fn compared(list: &List, anyway: bool, path: &[String]) -> Answer<Kind> {
    let [first, name] = path else {
        // createdDateTime and the other properties of the item itself (FACTS 1.7).
        return Err(refused(format!(
            "'{}' is not supported in queries.",
            path.join("/")
        )));
    };
    if first != "fields" {
        return Err(refused(format!(
            "'{}' is not supported in queries.",
            path.join("/")
        )));
    }
    let base = name.strip_suffix("LookupId").unwrap_or(name);
    let column = list.column(base).ok_or_else(|| unknown_column(name))?;
    if !column.indexed && !anyway {
        return Err(refused(format!(
            "Field '{name}' cannot be referenced in filter or orderby as it is not indexed. Provide the 'Prefer: {ANYWAY}' header to allow this, but be warned that such queries may fail on large lists."
        )));
    }
    match column.kind {
        Kind::Note | Kind::Link | Kind::Calculated => {
            Err(refused(format!("Field '{name}' cannot be queried.")))
        }
        Kind::Lookup(_) | Kind::Person if base != name => Ok(Kind::Number),
        kind => Ok(kind),
    }
}

/// Instants are written bare (FACTS 2.8); text is compared for equality alone.
fn fits(kind: Kind, operator: Operator, literal: &Literal) -> bool {
    let same = matches!(operator, Operator::Eq | Operator::Ne);
    match (kind, literal) {
        (Kind::Text | Kind::Choice(_), Literal::Text(_)) | (Kind::Boolean, Literal::Bool(_)) => {
            same
        }
        (Kind::Number | Kind::Currency, Literal::Int(_) | Literal::Float(_)) => true,
        (Kind::DateTime, Literal::Instant(_)) => true,
        _ => false,
    }
}

fn order(call: &Call, list: &List, anyway: bool) -> Answer<Order> {
    let mut order = Vec::new();
    for (text, descending) in &call.query.orderby {
        let path: Vec<String> = text.split('/').map(String::from).collect();
        compared(list, anyway, &path)?;
        order.push((path, *descending));
    }
    Ok(order)
}
