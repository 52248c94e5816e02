//! The items of a list as they are now: what was written laid over what was generated. Files of a library live in their drive; only their columns are kept here.

use serde_json::{Map, Value, json};

use super::Place;
use super::items::blank;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::time;
use crate::demo::world::drives::Item;
use crate::demo::world::lists::List;
use crate::demo::world::people::User;
use crate::demo::write::ledger::Shelf;

/// The user that SharePoint names for what an application did (K).
const APPLICATION: &str = "1073741822";

/// The shelf on which a list's changes lie; the keys are the numbers of its items. Kept of an item: `fields` that were set, `changes`, `modified`, `by`, and `created` of one that was made.
pub fn shelf(list: &List) -> String {
    format!("lists/{}/{}", list.site, list.number)
}

/// The rows of a list without the deleted, with the changed and the made.
pub fn laid_over(place: Place, list: &List, rows: Vec<JsonRow>) -> Vec<JsonRow> {
    let shelf = place.ledger.shelf(&shelf(list));
    let users = &place.tenant.users;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.property("id");
        match shelf.get(id.as_str().unwrap_or("")) {
            None => all.push(row),
            Some(entry) if entry.deleted => {}
            Some(entry) => all.push(lay(users, row, &entry.values)),
        }
    }
    all.extend(made(place, list, shelf));
    all
}

fn made(place: Place, list: &List, shelf: &Shelf) -> Vec<JsonRow> {
    let mut rows: Vec<(usize, JsonRow)> = Vec::new();
    for (key, entry) in shelf.all() {
        let created = entry.values.get("created").and_then(Value::as_i64);
        let (Ok(id), Some(created), false) = (key.parse(), created, entry.deleted) else {
            continue;
        };
        let users = &place.tenant.users;
        let mut row = lay(users, blank(place, list, id, created), &entry.values);
        if let Some(by) = entry.values.get("author") {
            name_person(users, &mut row, ("createdBy", "AuthorLookupId"), by);
        }
        rows.push((id, retagged(row, |_| 1 + changes(&entry.values))));
    }
    rows.sort_unstable_by_key(|(id, _)| *id);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// A file's row with what the drive knows of writes to it.
pub fn of_file(place: Place, mut row: JsonRow, item: &Item) -> JsonRow {
    if item.written.is_none() {
        return row;
    }
    let users = &place.tenant.users;
    for (said, names) in [
        ("createdBy", ("createdBy", "AuthorLookupId")),
        ("lastModifiedBy", ("lastModifiedBy", "EditorLookupId")),
    ] {
        if let Some(by) = item.set(said) {
            name_person(users, &mut row, names, by);
        }
    }
    let first = |old: u64| if item.is_made() { 1 } else { old };
    retagged(row, |old| first(old) + item.counted("changes"))
}

/// When a list was written to last, in ticks; 0 for never.
pub fn last_write(place: Place, list: &List) -> i64 {
    let shelf = place.ledger.shelf(&shelf(list));
    let at = |values: &Map<String, Value>| values.get("modified").and_then(Value::as_i64);
    let of_items = shelf.all().filter_map(|(_, entry)| at(&entry.values)).max();
    let drive = super::items::library(place, list);
    let written = drive.iter().flat_map(|drive| &drive.items);
    let written = written.filter(|item| item.written.is_some());
    let of_files = written.map(|item| item.modified).max();
    of_items.max(of_files).unwrap_or(0)
}

fn changes(values: &Map<String, Value>) -> u64 {
    values.get("changes").and_then(Value::as_u64).unwrap_or(0)
}

fn lay(users: &[User], mut row: JsonRow, values: &Map<String, Value>) -> JsonRow {
    let set = values.get("fields").and_then(Value::as_object);
    let plain = !in_fields(&mut row).contains_key("FileLeafRef");
    let fields = in_fields(&mut row);
    for (name, value) in set.into_iter().flatten() {
        fields.insert(name.clone(), value.clone());
        if name == "Title" && plain {
            fields.insert("LinkTitle".into(), value.clone());
            fields.insert("LinkTitleNoMenu".into(), value.clone());
        }
    }
    fields.retain(|_, value| !value.is_null());
    if let Some(at) = values.get("modified").and_then(Value::as_i64) {
        fields.insert("Modified".into(), json!(time::show(at)));
        row.map
            .insert("lastModifiedDateTime".into(), json!(time::show(at)));
    }
    if let Some(by) = values.get("by") {
        name_person(users, &mut row, ("lastModifiedBy", "EditorLookupId"), by);
    }
    retagged(row, |old| old + changes(values))
}

fn in_fields(row: &mut JsonRow) -> &mut Map<String, Value> {
    let fields = row.map.entry("fields").or_insert_with(|| json!({}));
    if !fields.is_object() {
        *fields = json!({});
    }
    fields.as_object_mut().expect("it was made one")
}

fn name_person(users: &[User], row: &mut JsonRow, (who, lookup): (&str, &str), by: &Value) {
    let id = by["user"]["id"].as_str();
    let index = id.and_then(|id| users.iter().position(|user| user.id == id));
    let number = index.map_or(APPLICATION.into(), |index| (index + 1).to_string());
    row.map.insert(who.into(), by.clone());
    in_fields(row).insert(lookup.into(), json!(number));
}

/// The same tag with another count, in all its places.
fn retagged(mut row: JsonRow, count: impl Fn(u64) -> u64) -> JsonRow {
    let old = row.property("eTag");
    let parts = old
        .as_str()
        .and_then(|tag| tag.trim_matches('"').split_once(','));
    let Some((id, old)) = parts.map(|(id, old)| (id.to_string(), old.parse().unwrap_or(0))) else {
        return row;
    };
    let tag = json!(format!("\"{id},{}\"", count(old)));
    row.map.insert("eTag".into(), tag.clone());
    in_fields(&mut row).insert("@odata.etag".into(), tag.clone());
    row.annotations = vec![("@odata.etag", tag)];
    row
}
