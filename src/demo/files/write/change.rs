//! Items are renamed, moved, described and deleted: PATCH and DELETE of an item.

use serde_json::{Map, Value, json};

use super::name::{self, BEHAVIOR, Conflict};
use super::store::Store;
use super::{holds, no_item, refuse, row, shown, unchanged};
use crate::demo::call::Call;
use crate::demo::error::Answer;
use crate::demo::reply::Reply;
use crate::demo::world::drives::Kind;
use crate::demo::write::body::Fields;

const ITEM: Fields = Fields {
    type_name: "driveItem",
    code: "invalidRequest",
    on_update: &[
        "name",
        "parentReference",
        "description",
        "fileSystemInfo",
        BEHAVIOR,
    ],
    ..Fields::NONE
};

/// `PATCH …/items/{id}`: 200. Whether a stale tag or a bad body is told first is not known.
pub fn update(call: &Call, store: &mut Store, item: usize) -> Answer<Reply> {
    let sent = call.json_body()?;
    let drive = store.drive();
    let mut body = ITEM.update(&sent, &row(call, store, &drive, item))?;
    unchanged(call, store, item)?;
    let conflict = Conflict::of(call, Some(&sent))?.unwrap_or(Conflict::Fail);
    let mut values = Map::new();
    for name in ["description", "fileSystemInfo"] {
        values.extend(body.remove(name).map(|value| (name.to_string(), value)));
    }
    if body.contains_key("name") || body.contains_key("parentReference") {
        not_root(item)?;
        let old = &drive.items[item].name;
        let wanted = body.get("name");
        let name = wanted.map_or(old.as_str(), |name| name.as_str().unwrap_or(""));
        name::check(name)?;
        let parent = match sent.get("parentReference") {
            Some(reference) => target(store, item, reference)?,
            None => drive.items[item].parent,
        };
        let name = settled(store, item, parent, name, conflict)?;
        values.extend([
            ("name".to_string(), json!(name)),
            ("parent".to_string(), json!(parent)),
        ]);
    }
    if values.is_empty() {
        return shown(call, store, item, 200);
    }
    let old = drive.items[item].parent;
    store.change(item, values);
    store.touch(old);
    let new = store.drive().items[item].parent;
    if new != old {
        store.touch(new);
    }
    shown(call, store, item, 200)
}

/// `DELETE …/items/{id}`: 204, into the recycle bin.
pub fn delete(call: &Call, store: &mut Store, item: usize) -> Answer<Reply> {
    crate::demo::write::no_body(call)?;
    unchanged(call, store, item)?;
    not_root(item)?;
    store.remove(item);
    Ok(Reply::empty(204))
}

/// 400 for what the root cannot do. FACTS has no code for it.
fn not_root(item: usize) -> Answer<()> {
    match item {
        0 => Err(refuse("The root cannot be moved, renamed or deleted.")),
        _ => Ok(()),
    }
}

/// The folder that an item is moved to: by its real id, in the same drive, and not below the item (FACTS 3.4).
fn target(store: &Store, item: usize, reference: &Value) -> Answer<usize> {
    let drive = store.drive();
    let said = |name: &str| reference.get(name).and_then(Value::as_str);
    let known = ["id", "driveId", "driveType"];
    let names = reference.as_object().into_iter().flat_map(Map::keys);
    if let Some(other) = names
        .filter(|name| !name.contains('@'))
        .find(|name| !known.contains(&name.as_str()))
    {
        // FACTS names the id alone.
        return Err(refuse(format!("'{other}' does not name the new parent.")));
    }
    if said("driveId").is_some_and(|id| id != drive.id) {
        return Err(refuse("Items cannot be moved between drives."));
    }
    let id = said("id").filter(|id| *id != "root");
    let id = id.ok_or_else(|| refuse("The new parent must be named by its id."))?;
    let parent = drive.find(id).ok_or_else(no_item)?;
    holds(&drive, parent)?;
    if drive.upwards(parent).any(|above| above == item) {
        return Err(refuse("An item cannot be moved into itself."));
    }
    Ok(parent)
}

/// The name that an item can have in a folder.
fn settled(
    store: &mut Store,
    item: usize,
    parent: usize,
    name: &str,
    conflict: Conflict,
) -> Answer<String> {
    let drive = store.drive();
    let other = drive.walk(parent, &[name]).filter(|other| *other != item);
    let file = |item: usize| drive.items[item].kind == Kind::File;
    match (other, conflict) {
        (None, _) => Ok(name.into()),
        (Some(_), Conflict::Rename) => Ok(name::free(&drive, parent, name)),
        (Some(other), Conflict::Replace) if file(other) && file(item) => {
            store.remove(other);
            Ok(name.into())
        }
        (Some(_), _) => Err(name::taken()),
    }
}
