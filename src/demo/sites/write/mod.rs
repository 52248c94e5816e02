//! Writes below sites: the items of lists (FACTS 3.4), and the libraries, which are drives.

mod columns;
#[cfg(test)]
mod tests;

use http::Method;
use serde_json::{Map, Value, json};

use super::items::{self, ITEM};
use super::{CODE, Place, find, lists, not_found, standing};
use crate::demo::collection;
use crate::demo::error::{Answer, Fault};
use crate::demo::files;
use crate::demo::files::write::{author, modified};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::world::drives::Owner;
use crate::demo::world::groups::is_unified;
use crate::demo::world::lists::{self as world, Content, List};
use crate::demo::world::sites::{self as all_sites, Site};
use crate::demo::write::body::parameters;
use crate::demo::write::etag::{Match, if_match};
use crate::demo::write::no_body;
use crate::demo::write::route::{Write, no_such_verb};

/// Answers a write below `sites`.
pub fn respond(write: &mut Write, rest: &[&str]) -> Answer<Reply> {
    let sites = all_sites::all(&write.tenant.groups);
    if rest.is_empty() {
        return Err(no_such_verb());
    }
    let (site, below) = find(&sites, rest)?;
    below_site(write, site, below)
}

/// Answers a write below `groups/{id}/sites`.
pub fn of_group(write: &mut Write, group: usize, rest: &[&str]) -> Answer<Reply> {
    let ["root", below @ ..] = rest else {
        return Err(no_such_verb());
    };
    let sites = all_sites::all(&write.tenant.groups);
    let own = |site: &&Site| site.group == Some(group) && is_unified(group);
    let site = sites.iter().find(own).ok_or_else(not_found)?;
    below_site(write, site, below)
}

fn below_site(write: &mut Write, site: &Site, rest: &[&str]) -> Answer<Reply> {
    match rest {
        // The other sites have no drive.
        ["drive" | "drives", ..] if site.number == 0 => {
            files::write::below_owner(write, Owner::Site, rest)
        }
        ["drive" | "drives", ..] => Err(not_found()),
        ["lists", key, "items", below @ ..] => {
            let all = world::lists(site);
            let list = lists::find(&all, key)?;
            collection::only(&write.call.query, &[], CODE)?;
            below_items(write, site, list, below)
        }
        _ => Err(no_such_verb()),
    }
}

fn below_items(write: &mut Write, site: &Site, list: &List, rest: &[&str]) -> Answer<Reply> {
    let method = write.method.clone();
    match rest {
        [] if method == Method::POST => create(write, site, list),
        [key] if method == Method::DELETE => delete(write, site, list, key),
        [key, "fields"] if method == Method::PATCH => update(write, site, list, key),
        [key, "driveItem", below @ ..] => {
            item(write, site, list, key)?;
            let drive = drive_of(write, list).ok_or_else(no_such_verb)?;
            files::write::by_number(write, drive, key.parse().unwrap_or(0), below)
        }
        _ => Err(no_such_verb()),
    }
}

/// The drive behind a library.
fn drive_of(write: &Write, list: &List) -> Option<usize> {
    let Content::Files(name) = list.content else {
        return None;
    };
    let mut drives = write.tenant.drives.iter();
    drives
        .find(|drive| drive.name == name)
        .map(|drive| drive.number)
}

fn place<'p>(write: &'p Write, site: &'p Site) -> Place<'p> {
    Place {
        site,
        tenant: write.tenant,
        ledger: write.ledger,
    }
}

fn item(write: &Write, site: &Site, list: &List, key: &str) -> Answer<JsonRow> {
    let mut rows = items::rows(place(write, site), list).into_iter();
    rows.find(|row| row.property("id") == key)
        .ok_or_else(|| Fault::new(404, "itemNotFound", "The specified item was not found"))
}

/// 412 when the caller has seen another version (A/listitem-update).
fn unchanged(write: &Write, row: &JsonRow) -> Answer<()> {
    let tag = row.property("eTag");
    match if_match(write.call, tag.as_str().unwrap_or("")) {
        Match::Stale => Err(modified()),
        Match::Absent | Match::Fits => Ok(()),
    }
}

/// `POST …/items`: 201 with the fields. A library gets its items as files, and the service keeps its own lists itself (K).
fn create(write: &mut Write, site: &Site, list: &List) -> Answer<Reply> {
    let body = write.call.json_body()?;
    let body = parameters(&body, &[("fields", "fieldValueSet")], CODE)?;
    if list.template != "genericList" {
        return Err(items::refused(format!(
            "Items cannot be added to '{}' so.",
            list.title
        )));
    }
    let fields = body.get("fields").and_then(Value::as_object);
    let fields = fields.cloned().unwrap_or_default();
    let fields = columns::of_new(place(write, site), list, &fields)?;
    let id = next_id(write, list);
    let (at, by) = (write.ledger.now(), author(write.tenant, &write.call.caller));
    let row = json!({"created": at, "modified": at, "by": by, "author": by, "fields": fields});
    let row = JsonRow::of("listItem", row);
    let key = id.to_string();
    write.ledger.create(&standing::shelf(list), &key, "", row);
    let mut call = write.call.clone();
    call.query.expand = Some("fields".into());
    let resource = format!("sites('{}')/lists('{}')/items", site.id, list.id);
    let row = item(write, site, list, &key)?;
    let expand = |row: &dyn Row, text: &str| items::expand(list, row, text);
    let mut reply = collection::single_with(&call, &ITEM, &resource, &row, &expand)?;
    reply.status = 201;
    Ok(reply)
}

/// Numbers are never given twice.
fn next_id(write: &Write, list: &List) -> usize {
    let generated = match list.content {
        Content::Issues(last) => last,
        _ => list.ids().into_iter().max().unwrap_or(0),
    };
    let shelf = write.ledger.shelf(&standing::shelf(list));
    let known = shelf.all().filter_map(|(key, _)| key.parse().ok());
    known.max().unwrap_or(0).max(generated) + 1
}

/// `PATCH …/items/{id}/fields`: 200 with all of them (K; A/listitem-update says 201).
fn update(write: &mut Write, site: &Site, list: &List, key: &str) -> Answer<Reply> {
    let row = item(write, site, list, key)?;
    let body = write.call.json_body()?;
    let sent = body.as_object().cloned().unwrap_or_default();
    let fields = columns::of_change(place(write, site), list, &sent)?;
    unchanged(write, &row)?;
    let shelf = standing::shelf(list);
    let old = write.ledger.shelf(&shelf).get(key);
    let mut values = old.map(|entry| entry.values.clone()).unwrap_or_default();
    let mut all = values.get("fields").and_then(Value::as_object).cloned();
    all.get_or_insert_default().extend(fields);
    values.insert("fields".into(), json!(all));
    match drive_of(write, list) {
        // The drive keeps when a file was changed, and by whom.
        Some(drive) => files::write::noted(write, drive, key.parse().unwrap_or(0)),
        None => {
            let changes = values.get("changes").and_then(Value::as_u64).unwrap_or(0);
            values.insert("changes".into(), json!(changes + 1));
            values.insert("modified".into(), json!(write.ledger.now()));
            values.insert("by".into(), author(write.tenant, &write.call.caller));
        }
    }
    write.ledger.set(&shelf, key, values);
    let row = item(write, site, list, key)?;
    let mut fields = items::fields(list, &row, None)?;
    let context = format!(
        "sites('{}')/lists('{}')/items('{key}')/fields/$entity",
        site.id, list.id
    );
    fields.insert("@odata.context".into(), json!(write.call.context(&context)));
    Ok(Reply::json(fields))
}

/// `DELETE …/items/{id}`: 204.
fn delete(write: &mut Write, site: &Site, list: &List, key: &str) -> Answer<Reply> {
    no_body(write.call)?;
    let row = item(write, site, list, key)?;
    unchanged(write, &row)?;
    if list.system {
        return Err(Fault::new(403, "accessDenied", "Access denied"));
    }
    if let Some(drive) = drive_of(write, list) {
        files::write::remove(write, drive, key.parse().unwrap_or(0));
        return Ok(Reply::empty(204));
    }
    let (shelf, at) = (standing::shelf(list), write.ledger.now());
    let modified = Map::from_iter([("modified".to_string(), json!(at))]);
    write.ledger.set(&shelf, key, modified);
    write.ledger.delete(&shelf, key, "");
    Ok(Reply::empty(204))
}
