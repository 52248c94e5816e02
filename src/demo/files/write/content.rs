//! The content of files: PUT by id replaces, PUT by path makes or replaces.

use bytes::Bytes;
use serde_json::Map;

use super::name::{self, Conflict};
use super::store::{Content, Store};
use super::{holds, modified, refuse, shown, unchanged};
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::files::address::Named;
use crate::demo::reply::Reply;
use crate::demo::world::drives::{Drive, Kind};

/// The largest file that comes in one request (FACTS 3.4).
const LARGEST: usize = 250 << 20;

/// `PUT …/content`: 201 for a new file, 200 for a new content. The type is told by the name, whatever the header says (K).
pub fn put(call: &Call, store: &mut Store, named: &Named) -> Answer<Reply> {
    if call.body.len() > LARGEST {
        // FACTS has no code for it.
        return Err(Fault::new(
            413,
            "invalidRequest",
            "The file is too large for a simple upload.",
        ));
    }
    let conflict = Conflict::of(call, None)?.unwrap_or(Conflict::Replace);
    seen(call, store, named)?;
    let (item, status) = save(store, named, conflict, call.body.clone())?;
    shown(call, store, item, status)
}

/// 412 when another version was seen, or one of a file that is not there.
pub fn seen(call: &Call, store: &Store, named: &Named) -> Answer<()> {
    match named.there() {
        Ok(item) => unchanged(call, store, item),
        Err(_) if call.headers.contains_key("If-Match") => Err(modified()),
        Err(_) => Ok(()),
    }
}

/// Puts bytes where an address points: the item and the status of the answer.
pub fn save(
    store: &mut Store,
    named: &Named,
    conflict: Conflict,
    bytes: Bytes,
) -> Answer<(usize, u16)> {
    may_save(store, named, conflict)?;
    let drive = store.drive();
    match named {
        Named::AtPath(item) if conflict == Conflict::Rename => {
            let folder = drive.items[*item].parent;
            let name = name::free(&drive, folder, &drive.items[*item].name);
            Ok((add(store, folder, &name, bytes), 201))
        }
        Named::Item(item) | Named::AtPath(item) => {
            store.fill(*item, bytes);
            Ok((*item, 200))
        }
        Named::Missing { above, names } => {
            let (last, folders) = names.split_last().ok_or_else(|| refuse("No name."))?;
            let mut folder = *above;
            // Folders of the path that are missing are made on the way (K).
            for name in folders {
                folder = store.make(folder, name, Content::Folder, Map::new());
            }
            Ok((add(store, folder, last, bytes), 201))
        }
    }
}

/// Refuses what cannot be saved.
fn may_save(store: &Store, named: &Named, conflict: Conflict) -> Answer<()> {
    let drive = store.drive();
    match named {
        Named::Item(item) if drive.items[*item].kind != Kind::File => {
            Err(refuse("Only a file has content that can be replaced."))
        }
        Named::Item(_) => Ok(()),
        Named::AtPath(0) => Err(refuse("The root has no content.")),
        Named::AtPath(item) => match conflict {
            Conflict::Rename => Ok(()),
            Conflict::Replace if drive.items[*item].kind == Kind::File => Ok(()),
            Conflict::Replace | Conflict::Fail => Err(name::taken()),
        },
        Named::Missing { above, names } => may_add(&drive, *above, names),
    }
}

/// Refuses a path at which nothing can be made.
pub fn may_add(drive: &Drive, above: usize, names: &[String]) -> Answer<()> {
    holds(drive, above)?;
    names.iter().try_for_each(|name| name::check(name))
}

fn add(store: &mut Store, folder: usize, name: &str, bytes: Bytes) -> usize {
    let item = store.make(folder, name, Content::File(bytes), Map::new());
    store.touch(folder);
    item
}
