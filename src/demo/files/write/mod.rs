//! Writes to drive items (FACTS 3.4).

mod change;
mod content;
mod copy;
mod folder;
mod name;
mod pieces;
mod session;
mod store;
#[cfg(test)]
mod tests;

use http::Method;
use serde_json::{Map, Value, json};

pub use self::copy::monitor;
pub use self::session::upload;
use self::store::Store;
use super::address::{self, Named};
use super::row::{ItemRow, Place};
use super::{entity, no_item, now, only};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::signin::Caller;
use crate::demo::world::drives::{Drive, Kind, Owner};
use crate::demo::write::etag::{Match, if_match};
use crate::demo::write::route::{Write, no_such_verb};

/// Answers a write below `drive` or `drives/{id}` of an owner.
pub fn below_owner(write: &mut Write, owner: Owner, rest: &[&str]) -> Answer<Reply> {
    if let [_] = rest {
        return Err(no_such_verb());
    }
    let (drive, below) = address::drive(write.tenant.drives.iter(), owner, rest)?;
    below_drive(write, drive.number, below)
}

/// Answers a write below `drives/{id}`.
pub fn by_id(write: &mut Write, id: &str, rest: &[&str]) -> Answer<Reply> {
    let mut drives = write.tenant.drives.iter();
    let drive = drives.find(|drive| drive.id == id).ok_or_else(no_item)?;
    below_drive(write, drive.number, rest)
}

/// Answers a write to the item with a place in a drive, as the item of a library names it.
pub fn by_number(write: &mut Write, drive: usize, item: usize, rest: &[&str]) -> Answer<Reply> {
    only(&write.call.query, &[])?;
    copy::settle(write.tenant, write.ledger);
    below_item(write, drive, Named::Item(item), rest)
}

/// Deletes the file or folder that an item of a library is.
pub fn remove(write: &mut Write, drive: usize, item: usize) {
    Store::of(write, drive).remove(item);
}

/// A column of the library was set: the file has changed.
pub fn noted(write: &mut Write, drive: usize, item: usize) {
    Store::of(write, drive).change(item, Map::new());
}

fn below_drive(write: &mut Write, drive: usize, rest: &[&str]) -> Answer<Reply> {
    only(&write.call.query, &[])?;
    copy::settle(write.tenant, write.ledger);
    let now = now::now(&write.tenant.drives[drive], write.ledger);
    match address::item(&now, rest)? {
        Some((named, below)) => below_item(write, drive, named, below),
        None => Err(no_such_verb()),
    }
}

fn below_item(write: &mut Write, drive: usize, named: Named, rest: &[&str]) -> Answer<Reply> {
    let (method, call) = (write.method.clone(), write.call);
    let action = rest.first().copied().unwrap_or("");
    let action = action.trim_start_matches("microsoft.graph.");
    let mut store = Store::of(write, drive);
    match (rest.len(), action) {
        (0, _) if method == Method::PATCH => change::update(call, &mut store, named.there()?),
        (0, _) if method == Method::DELETE => change::delete(call, &mut store, named.there()?),
        (1, "content") if method == Method::PUT => content::put(call, &mut store, &named),
        (1, "children") if method == Method::POST => {
            folder::create(call, &mut store, named.there()?)
        }
        (1, "createUploadSession") if method == Method::POST => {
            session::begin(call, &mut store, &named)
        }
        (1, "copy") if method == Method::POST => copy::begin(call, &mut store, named.there()?),
        _ => Err(no_such_verb()),
    }
}

/// Who writes, as items name it.
pub fn author(tenant: &Tenant, caller: &Caller) -> Value {
    match caller {
        Caller::Delegated { id, .. } => {
            let user = tenant.users.iter().find(|user| user.id == *id);
            user.map_or(Value::Null, |user| user.identity())
        }
        Caller::Application => json!({"application": {"displayName": "Demo application"}}),
    }
}

/// The answer that shows an item as it is after the write.
fn shown(call: &Call, store: &Store, item: usize, status: u16) -> Answer<Reply> {
    let drive = store.drive();
    let mut reply = entity(call, &row(call, store, &drive, item))?;
    reply.status = status;
    Ok(reply)
}

fn row<'r>(call: &'r Call, store: &'r Store, drive: &'r Drive, number: usize) -> ItemRow<'r> {
    ItemRow {
        place: Place {
            drive,
            users: &store.tenant.users,
        },
        number,
        origin: &call.origin,
        pathless: false,
    }
}

/// 412 when the caller has seen another version (FACTS 3.4); the tag of the content counts as well (A/driveitem-update).
fn unchanged(call: &Call, store: &Store, item: usize) -> Answer<()> {
    let drive = store.drive();
    let row = row(call, store, &drive, item);
    let fits = |tag: &str| {
        let tag = row.property(tag);
        if_match(call, tag.as_str().unwrap_or("")) != Match::Stale
    };
    if fits("eTag") || fits("cTag") {
        Ok(())
    } else {
        Err(modified())
    }
}

/// 412
pub fn modified() -> Fault {
    Fault::new(
        412,
        "resourceModified",
        "ETag does not match current item's value",
    )
}

fn refuse(reason: impl Into<String>) -> Fault {
    Fault::new(400, "invalidRequest", reason)
}

/// 400 unless something can be put into the item. FACTS has no code for it.
fn holds(drive: &Drive, item: usize) -> Answer<()> {
    match drive.items[item].kind {
        Kind::Root | Kind::Folder => Ok(()),
        Kind::File | Kind::Package => Err(refuse("The parent is not a folder.")),
    }
}
