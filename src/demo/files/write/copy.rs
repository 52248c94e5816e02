//! Copies: 202 and an address to ask how far it is (FACTS 3.4). The copy is there when that address says so, or with the next write to any drive.

use http::{HeaderMap, Method};
use serde_json::{Map, Value, json};

use super::name::{self, Conflict};
use super::store::{Content, Store, map};
use super::{holds, no_item, refuse};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::download;
use crate::demo::error::Answer;
use crate::demo::files::now::now;
use crate::demo::query::row::JsonRow;
use crate::demo::reply::Reply;
use crate::demo::world::drives::{Drive, Kind};
use crate::demo::write::body::parameters;
use crate::demo::write::ledger::{Entry, Ledger};
use crate::demo::write::route::no_such_verb;

/// What is copied where, and what became of it.
const SHELF: &str = "drive copies";

/// `POST …/items/{id}/copy`: the target must be named by drive and id (A/driveitem-copy).
pub fn begin(call: &Call, store: &mut Store, item: usize) -> Answer<Reply> {
    let known = [("name", "String"), ("parentReference", "itemReference")];
    let body = parameters(&call.json_body()?, &known, "invalidRequest")?;
    let conflict = Conflict::of(call, None)?.unwrap_or(Conflict::Fail);
    let drive = store.drive();
    if item == 0 {
        return Err(refuse("The root cannot be copied."));
    }
    let (to, parent) = match body.get("parentReference").filter(|it| !it.is_null()) {
        Some(reference) => target(store, reference)?,
        None => (store.number, drive.items[item].parent),
    };
    if to == store.number && drive.upwards(parent).any(|above| above == item) {
        return Err(refuse("An item cannot be copied into itself."));
    }
    let name = body.get("name").and_then(Value::as_str);
    let name = name.unwrap_or(&drive.items[item].name);
    name::check(name)?;
    let number = store.ledger.number();
    let job = json!({
        "drive": store.number, "item": item, "to": to, "parent": parent, "name": name,
        "conflict": conflict.name(), "by": store.by, "asked": false,
    });
    let key = number.to_string();
    store
        .ledger
        .create(SHELF, &key, "", JsonRow::of("entity", job));
    let seal = download::sealed("tempauth", "monitor", &key);
    Ok(Reply::empty(202).header("Location", format!("{}/monitor/{key}?{seal}", call.origin)))
}

fn target(store: &Store, reference: &Value) -> Answer<(usize, usize)> {
    let said = |name: &str| {
        let said = reference.get(name).and_then(Value::as_str);
        said.ok_or_else(|| refuse(format!("The target must be named by '{name}'.")))
    };
    let mut drives = store.tenant.drives.iter();
    let id = said("driveId")?;
    let drive = drives.find(|drive| drive.id == id).ok_or_else(no_item)?;
    let here = now(drive, store.ledger);
    let parent = here.find(said("id")?).ok_or_else(no_item)?;
    holds(&here, parent)?;
    Ok((drive.number, parent))
}

/// `/monitor/{number}?tempauth=…`: 202 when it is asked for the first time, then what became of the copy. No token may travel there.
pub fn monitor(
    tenant: &Tenant,
    method: &Method,
    path: &str,
    query: &str,
    headers: &HeaderMap,
) -> Answer<Reply> {
    let key = path.trim_start_matches("/monitor/");
    download::check(
        headers,
        query,
        &download::sealed("tempauth", "monitor", key),
    )?;
    if method != Method::GET {
        return Err(no_such_verb());
    }
    tenant.state.write(|_, draft| {
        let job = draft
            .shelf(SHELF)
            .get(key)
            .map(|entry| entry.values.clone());
        let job = job.ok_or_else(no_item)?;
        if job["asked"] == false && !is_over(&job) {
            draft.set(SHELF, key, map(json!({"asked": true})));
            return Ok(told(
                202,
                json!({"status": "inProgress", "percentageComplete": 27.0}),
            ));
        }
        finish(tenant, draft, key);
        let job = draft
            .shelf(SHELF)
            .get(key)
            .map(|entry| entry.values.clone());
        Ok(outcome(&job.unwrap_or_default()))
    })
}

fn told(status: u16, body: Value) -> Reply {
    let mut reply = Reply::json(map(body));
    reply.status = status;
    reply
}

fn outcome(job: &Map<String, Value>) -> Reply {
    match (job.get("resourceId"), job.get("error")) {
        (Some(id), _) => told(
            200,
            json!({"status": "completed", "percentageComplete": 100.0, "resourceId": id}),
        ),
        (None, error) => told(
            200,
            json!({"status": "failed", "percentageComplete": 0.0, "error": error}),
        ),
    }
}

/// Copies that were begun are done.
pub fn settle(tenant: &Tenant, ledger: &mut Ledger) {
    let open = |(key, entry): (&str, &Entry)| (!is_over(&entry.values)).then(|| key.to_string());
    let keys: Vec<String> = ledger.shelf(SHELF).all().filter_map(open).collect();
    for key in keys {
        finish(tenant, ledger, &key);
    }
}

fn is_over(job: &Map<String, Value>) -> bool {
    job.contains_key("resourceId") || job.contains_key("error")
}

fn finish(tenant: &Tenant, ledger: &mut Ledger, key: &str) {
    let job = ledger
        .shelf(SHELF)
        .get(key)
        .map(|entry| entry.values.clone());
    let Some(job) = job.filter(|job| !is_over(job)) else {
        return;
    };
    let done = match perform(tenant, ledger, &job) {
        Ok(id) => json!({"resourceId": id}),
        Err(fault) => json!({"error": {"code": fault.code, "message": fault.message}}),
    };
    ledger.set(SHELF, key, map(done));
}

/// Copies an item with its tree, as it is now; the id of the copy. Who may see the original may not thereby see the copy.
fn perform(tenant: &Tenant, ledger: &mut Ledger, job: &Map<String, Value>) -> Answer<String> {
    let number = |name: &str| job.get(name).and_then(Value::as_u64).unwrap_or(0) as usize;
    let text = |name: &str| job.get(name).and_then(Value::as_str).unwrap_or("");
    let from = now(&tenant.drives[number("drive")], ledger).into_owned();
    let item = number("item");
    let mut store = Store {
        tenant,
        ledger,
        number: number("to"),
        by: job.get("by").cloned().unwrap_or_default(),
    };
    let (there, parent) = (store.drive(), number("parent"));
    if from.items[item].is_gone() || there.items[parent].is_gone() {
        return Err(no_item());
    }
    let conflict = Conflict::named(text("conflict")).unwrap_or(Conflict::Fail);
    let mut name = text("name").to_string();
    match (there.walk(parent, &[&name]), conflict) {
        (None, _) => {}
        (Some(_), Conflict::Rename) => name = name::free(&there, parent, &name),
        (Some(other), Conflict::Replace)
            if there.items[other].kind == Kind::File && from.items[item].kind == Kind::File =>
        {
            store.remove(other);
        }
        (Some(_), _) => return Err(name::taken()),
    }
    let copy = tree(&mut store, &from, item, parent, &name);
    store.touch(parent);
    Ok(store.drive().items[copy].id.clone())
}

fn tree(store: &mut Store, from: &Drive, item: usize, parent: usize, name: &str) -> usize {
    let content = match from.items[item].kind {
        Kind::Folder | Kind::Root => Content::Folder,
        Kind::Package => Content::Package,
        Kind::File => Content::File(from.content(item)),
    };
    let copy = store.make(parent, name, content, Map::new());
    for child in &from.items[item].children {
        tree(store, from, *child, copy, &from.items[*child].name);
    }
    copy
}
