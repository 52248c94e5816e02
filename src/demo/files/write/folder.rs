//! New folders: POST `…/children`.

use serde_json::Value;

use super::name::{self, BEHAVIOR, Conflict};
use super::store::{Content, Store};
use super::{holds, refuse, shown};
use crate::demo::call::Call;
use crate::demo::error::Answer;
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::world::drives::Kind;
use crate::demo::write::body::{Body, Fields};

const FOLDER: Fields = Fields {
    type_name: "driveItem",
    code: "invalidRequest",
    required: &["name", "folder"],
    on_create: &["name", "folder", "description", "fileSystemInfo", BEHAVIOR],
    conditions: &[empty_facet],
    ..Fields::NONE
};

/// What the facet says is counted by the service.
fn empty_facet(body: &Body, _: Option<&dyn Row>) -> Answer<()> {
    let facet = body.get("folder").and_then(Value::as_object);
    let told = facet.is_some_and(|facet| facet.keys().any(|name| !name.contains('@')));
    match told {
        true => Err(refuse("The facet 'folder' of a new folder is empty.")),
        false => Ok(()),
    }
}

/// A folder. Without a word about conflicts a name that is taken is refused (K: the default is `replace` for PUT alone); `replace` keeps the folder that is there and all that is in it (I OneDrive/onedrive-api-docs#1144, #1702).
pub fn create(call: &Call, store: &mut Store, parent: usize) -> Answer<Reply> {
    let sent = call.json_body()?;
    let mut body = FOLDER.create(&sent)?;
    let conflict = Conflict::of(call, Some(&sent))?.unwrap_or(Conflict::Fail);
    let name = body.remove("name");
    let name = name.as_ref().and_then(Value::as_str).unwrap_or("");
    name::check(name)?;
    body.retain(|name, _| ["description", "fileSystemInfo"].contains(&name.as_str()));
    let drive = store.drive();
    holds(&drive, parent)?;
    let known = drive.walk(parent, &[name]);
    match (known, conflict) {
        (Some(item), Conflict::Replace) if drive.items[item].kind == Kind::Folder => {
            store.change(item, body);
            store.touch(parent);
            shown(call, store, item, 200)
        }
        (Some(_), Conflict::Fail | Conflict::Replace) => Err(name::taken()),
        (_, _) => {
            let name = name::free(&drive, parent, name);
            let item = store.make(parent, &name, Content::Folder, body);
            store.touch(parent);
            shown(call, store, item, 201)
        }
    }
}
