//! The lists of a site and their columns (FACTS 1.7).

use serde_json::{Value, json};

use super::{CODE, Place, items, standing, web_url};
use crate::demo::call::Call;
use crate::demo::collection::{self, Nulls, Rules, without_nulls};
use crate::demo::directory::json_row;
use crate::demo::encoding::percent_encode;
use crate::demo::error::{Answer, Fault};
use crate::demo::files::facets;
use crate::demo::query::check::Action;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::guid;
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::world::lists::{self as world, Column, Kind, List};

/// S X; a filter by displayName alone is proven, a sort is not (FACTS 1.7).
const LIST: Rules = Rules {
    type_name: "list",
    code: CODE,
    options: &["$select", "$expand", "$filter"],
    options_on_one: &["$select", "$expand"],
    filters: &[("displayName", &[Action::Eq])],
    sorts: &[],
    hidden: &["sharepointIds", "system"],
    pages: None,
    nulls: Nulls::LeftOut,
};

/// FACTS names no option of columns.
const COLUMN: Rules = Rules {
    type_name: "columnDefinition",
    options: &["$select"],
    options_on_one: &["$select"],
    filters: &[],
    hidden: &[],
    ..LIST
};

/// Answers below `sites/{id}/lists`.
pub fn respond(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    let all = world::lists(place.site);
    let resource = format!("sites('{}')/lists", place.site.id);
    let [key, below @ ..] = rest else {
        // Hidden and system lists show when `system` is selected (FACTS 1.7).
        let select = call.query.select.as_deref().unwrap_or_default();
        let everything = select.iter().any(|name| name == "system");
        let shown = all.iter().filter(|list| everything || !list.hidden);
        let rows: Vec<JsonRow> = shown.map(|list| row(place, list)).collect();
        let expand = |row: &dyn Row, text: &str| expand(&all, row, text);
        return collection::list_with(call, &LIST, &resource, &rows, &expand);
    };
    let list = find(&all, key)?;
    let resource = format!("{resource}('{}')", list.id);
    match below {
        [] => {
            let expand = |row: &dyn Row, text: &str| expand(&all, row, text);
            collection::single_with(call, &LIST, "lists", &row(place, list), &expand)
        }
        ["columns"] => {
            let rows = columns(&all, list);
            collection::list(call, &COLUMN, &format!("{resource}/columns"), rows)
        }
        ["columns", key] => {
            let mut rows = columns(&all, list).into_iter();
            let row = rows.find(|row| row.property("id") == *key || row.property("name") == *key);
            let row = row.ok_or_else(not_found)?;
            collection::single(call, &COLUMN, &format!("{resource}/columns"), &row)
        }
        ["items", below @ ..] => items::respond(call, place, list, &resource, below),
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// By id or by title, without regard to case.
pub fn find<'l>(all: &'l [List], key: &str) -> Answer<&'l List> {
    let wanted = key.to_lowercase();
    all.iter()
        .find(|list| list.id == wanted || list.title.to_lowercase() == wanted)
        .ok_or_else(not_found)
}

fn not_found() -> Fault {
    Fault::new(404, "itemNotFound", "The specified list was not found")
}

/// `$expand=columns`; nothing else.
fn expand(all: &[List], row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    let list = all
        .iter()
        .find(|list| row.property("id") == list.id.as_str());
    match list.filter(|_| text == "columns") {
        Some(list) => {
            let rows = columns(all, list).into_iter();
            let shown = rows.map(|row| Value::Object(without_nulls(row.map)));
            Ok(vec![("columns".into(), shown.collect())])
        }
        None => Err(collection::not_expandable(text)),
    }
}

fn row(place: Place, list: &List) -> JsonRow {
    let (site, users) = (place.site, &place.tenant.users);
    let created = site.created + list.number as i64 * time::DAY;
    let mut value = json!({
        "id": list.id,
        "name": list.name,
        "displayName": list.title,
        "description": (list.number != 1).then_some(""),
        "eTag": format!("\"{},{}\"", list.id, 1 + list.number),
        "createdDateTime": time::show(created),
        "lastModifiedDateTime": time::show(site.modified.max(created).max(standing::last_write(place, list))),
        "webUrl": format!("{}/{}", web_url(site), percent_encode(list.name)),
        "createdBy": (!list.system).then(|| users[list.number % 12].identity()),
        "parentReference": {"siteId": site.id},
        "list": {"contentTypesEnabled": list.number == 2, "hidden": list.hidden, "template": list.template},
        "system": if list.system { json!({}) } else { Value::Null },
        "sharepointIds": {"listId": list.id, "siteUrl": web_url(site)},
    });
    match list.number {
        1 => {
            value["lastModifiedBy"] = users[1].identity();
            value["parentReference"] = facets::reference(1);
            value["sharepointIds"] = value["parentReference"]["sharepointIds"].clone();
        }
        // Made by an add-in that told little.
        3 => {
            for name in [
                "createdBy",
                "eTag",
                "list",
                "parentReference",
                "sharepointIds",
            ] {
                value[name] = Value::Null;
            }
        }
        _ => {}
    }
    json_row("list", value)
}

fn columns(all: &[List], list: &List) -> Vec<JsonRow> {
    let columns = list.columns().enumerate();
    columns
        .map(|(number, column)| column_row(all, list, number, column))
        .collect()
}

fn column_row(all: &[List], list: &List, number: usize, column: &Column) -> JsonRow {
    let mut value = json!({
        "id": guid(&[252, number as u64, list.number as u64]),
        "name": column.name,
        "displayName": column.title,
        "description": "",
        "columnGroup": if column.read_only { "_Hidden" } else { "Custom Columns" },
        "enforceUniqueValues": false,
        "hidden": false,
        "indexed": column.indexed,
        "readOnly": column.read_only,
        "required": column.name == "Title",
    });
    let (facet, details) = facet(all, column.kind);
    value[facet] = details;
    if column.name == "Status" {
        value["defaultValue"] = json!({"value": "Open"});
    }
    json_row("columnDefinition", value)
}

/// Which kind a column is of: one of many properties that are there or not.
fn facet(all: &[List], kind: Kind) -> (&'static str, Value) {
    let text = |lines: u64, many: bool| json!({"allowMultipleLines": many, "appendChangesToExistingText": false, "linesForEditing": lines, "maxLength": if many { None } else { Some(255) }});
    match kind {
        Kind::Text => ("text", text(0, false)),
        Kind::Note => ("text", text(6, true)),
        Kind::Choice(choices) => (
            "choice",
            json!({"allowTextEntry": false, "choices": choices, "displayAs": "dropDownMenu"}),
        ),
        Kind::Number => (
            "number",
            json!({"decimalPlaces": "automatic", "displayAs": "number", "maximum": 1.7976931348623157e308, "minimum": -1.7976931348623157e308}),
        ),
        Kind::Currency => ("currency", json!({"locale": "de-DE"})),
        Kind::DateTime => (
            "dateTime",
            json!({"displayAs": "default", "format": "dateTime"}),
        ),
        Kind::Boolean => ("boolean", json!({})),
        Kind::Person => (
            "personOrGroup",
            json!({"allowMultipleSelection": false, "chooseFromType": "peopleOnly", "displayAs": "nameWithPresence"}),
        ),
        Kind::Lookup(title) => {
            let other = all.iter().find(|list| list.title == title);
            (
                "lookup",
                json!({"allowMultipleValues": false, "allowUnlimitedLength": false, "columnName": "Title", "listId": other.map(|list| &list.id)}),
            )
        }
        Kind::Link => ("hyperlinkOrPicture", json!({"isPicture": false})),
        Kind::Calculated => (
            "calculated",
            json!({"format": "dateOnly", "formula": "=TODAY()-[Created]", "outputType": "text"}),
        ),
    }
}

#[cfg(test)]
pub fn surveys(place: Place) -> Vec<(Vec<String>, Vec<&'static str>)> {
    let all = world::lists(place.site);
    let lists: Vec<JsonRow> = all.iter().map(|list| row(place, list)).collect();
    vec![
        collection::survey(&lists),
        collection::survey(&columns(&all, &all[2])),
    ]
}
