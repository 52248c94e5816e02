//! Upload sessions: a file comes in pieces to an address outside of Graph, and is there when the last one is (FACTS 3.4).

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, request::Parts};
use serde_json::{Map, Value, json};

use super::content::{may_add, save, seen};
use super::name::Conflict;
use super::pieces::Piece;
use super::store::{Store, map};
use super::{Drive, Kind, Named, name, no_item, refuse, shown};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::download;
use crate::demo::error::{Answer, Fault};
use crate::demo::files::row::remaining;
use crate::demo::query::row::JsonRow;
use crate::demo::reply::Reply;
use crate::demo::signin::Caller;
use crate::demo::time::{self, DAY};
use crate::demo::write::body::parameters;
use crate::demo::write::ledger::Ledger;
use crate::demo::write::optional_body;
use crate::demo::write::route::no_such_verb;

/// The sessions that are open.
const SHELF: &str = "drive uploads";

/// `POST …/createUploadSession`: 200 with an address. A name that is taken is told at the end; what is not said about it is `replace`, as seen (I microsoft-graph-docs#19010), although the page says `fail`.
pub fn begin(call: &Call, store: &mut Store, named: &Named) -> Answer<Reply> {
    let known = [
        ("item", "driveItemUploadableProperties"),
        ("deferCommit", "Boolean"),
    ];
    let body = parameters(&optional_body(call)?, &known, "invalidRequest")?;
    let item = body.get("item").cloned().unwrap_or(Value::Null);
    let conflict = Conflict::of(call, Some(&item))?.unwrap_or(Conflict::Replace);
    seen(call, store, named)?;
    let drive = store.drive();
    let mut session = target(&drive, named)?;
    same_name(&drive, named, &item)?;
    if item["fileSize"].as_u64().unwrap_or(0) > remaining(&drive) {
        return Err(full());
    }
    let expires = time::show(store.ledger.now() + DAY);
    session.extend(map(json!({
        "drive": store.number, "by": store.by, "conflict": conflict.name(), "expires": expires,
        "deferred": body.get("deferCommit") == Some(&json!(true)), "received": 0, "blobs": [],
        "fileSystemInfo": item["fileSystemInfo"], "description": item["description"],
    })));
    let key = store.ledger.number().to_string();
    let row = JsonRow::of("entity", Value::Object(session));
    store.ledger.create(SHELF, &key, "", row);
    let seal = download::sealed("tempauth", "upload", &key);
    Ok(Reply::json(map(json!({
        "@odata.context": call.context("microsoft.graph.uploadSession"),
        "uploadUrl": format!("{}/upload/drive/{key}?{seal}", call.origin),
        "expirationDateTime": expires, "nextExpectedRanges": ["0-"],
    }))))
}

/// Where the file goes, by what does not change meanwhile: the item itself, or a folder and a path below it.
fn target(drive: &Drive, named: &Named) -> Answer<Map<String, Value>> {
    let target = match named {
        Named::Item(item) if drive.items[*item].kind != Kind::File => {
            return Err(refuse("Only a file has content that can be replaced."));
        }
        Named::Item(item) => json!({"item": item}),
        Named::AtPath(0) => return Err(refuse("The root has no content.")),
        Named::AtPath(item) => {
            let item = &drive.items[*item];
            json!({"above": item.parent, "names": [item.name]})
        }
        Named::Missing { above, names } => {
            may_add(drive, *above, names)?;
            json!({"above": above, "names": names})
        }
    };
    Ok(map(target))
}

/// 400 for another name than that of the address.
fn same_name(drive: &Drive, named: &Named, item: &Value) -> Answer<()> {
    let own = match named {
        Named::Item(item) | Named::AtPath(item) => drive.items[*item].name.as_str(),
        Named::Missing { names, .. } => names.last().map_or("", String::as_str),
    };
    let said = item["name"].as_str().unwrap_or(own);
    match said.to_lowercase() == own.to_lowercase() {
        true => Ok(()),
        false => Err(refuse("The name in the body is not that of the address.")),
    }
}

/// `/upload/drive/{number}?tempauth=…`: PUT brings a piece, GET tells what is missing, DELETE gives up, POST commits what was deferred. No token may travel there.
pub fn upload(tenant: &Tenant, origin: &str, parts: &Parts, body: &Bytes) -> Answer<Reply> {
    let key = parts.uri.path().trim_start_matches("/upload/drive/");
    let sealed = download::sealed("tempauth", "upload", key);
    download::check(&parts.headers, parts.uri.query().unwrap_or(""), &sealed)?;
    if parts.method == Method::GET {
        return Ok(status(&open(&tenant.state.seen(), key)?, 200));
    }
    tenant.state.write(|_, ledger| {
        let session = open(ledger, key)?;
        let mut upload = Upload {
            tenant,
            ledger,
            origin,
            key,
            session,
        };
        match parts.method {
            Method::PUT => upload.take(&parts.headers, body),
            Method::POST => upload.commit(),
            Method::DELETE => {
                upload.close();
                Ok(Reply::empty(204))
            }
            _ => Err(no_such_verb()),
        }
    })
}

fn open(ledger: &Ledger, key: &str) -> Answer<Map<String, Value>> {
    let entry = ledger.shelf(SHELF).get(key).filter(|entry| !entry.deleted);
    entry
        .map(|entry| entry.values.clone())
        .ok_or_else(|| Fault::new(404, "itemNotFound", "The upload session was not found"))
}

/// What is still missing.
fn status(session: &Map<String, Value>, status: u16) -> Reply {
    let received = &session["received"];
    let missing = match session.get("total") == Some(received) {
        true => Vec::new(),
        false => vec![format!("{received}-")],
    };
    let mut reply = Reply::json(map(json!({
        "expirationDateTime": session["expires"], "nextExpectedRanges": missing,
    })));
    reply.status = status;
    reply
}

fn full() -> Fault {
    Fault::new(507, "quotaLimitReached", "Insufficient Space Available")
}

/// One session, while a request works on it.
struct Upload<'u> {
    tenant: &'u Tenant,
    ledger: &'u mut Ledger,
    origin: &'u str,
    key: &'u str,
    session: Map<String, Value>,
}

impl Upload<'_> {
    fn number(&self, name: &str) -> Option<u64> {
        self.session.get(name).and_then(Value::as_u64)
    }

    fn store(&mut self) -> Store<'_> {
        Store {
            tenant: self.tenant,
            number: self.number("drive").unwrap_or(0) as usize,
            by: self.session["by"].clone(),
            ledger: &mut *self.ledger,
        }
    }

    fn take(&mut self, headers: &HeaderMap, body: &Bytes) -> Answer<Reply> {
        let piece = Piece::of(headers, body.len())?;
        let received = self.number("received").unwrap_or(0);
        piece.follows(received, self.number("total"))?;
        if piece.total > remaining(&self.store().drive()) {
            return Err(full());
        }
        let blob = self.ledger.keep(body.clone());
        let mut blobs = self.blobs();
        blobs.push(blob);
        let values = map(json!({"received": piece.end, "total": piece.total, "blobs": blobs}));
        self.session.extend(values.clone());
        self.ledger.set(SHELF, self.key, values);
        if piece.is_last() && self.session["deferred"] == false {
            return self.commit();
        }
        Ok(status(&self.session, 202))
    }

    fn blobs(&self) -> Vec<usize> {
        let blobs = self.session["blobs"].as_array();
        let blobs = blobs.into_iter().flatten().filter_map(Value::as_u64);
        blobs.map(|blob| blob as usize).collect()
    }

    /// The file is there. A conflict leaves the session open, without its last piece.
    fn commit(&mut self) -> Answer<Reply> {
        if self.number("total") != self.number("received") {
            return Err(refuse("The upload is not complete."));
        }
        let mut bytes = BytesMut::new();
        for blob in self.blobs() {
            bytes.extend_from_slice(&self.ledger.kept(blob).unwrap_or_default());
        }
        let said = self.session["conflict"].as_str().and_then(Conflict::named);
        let session = self.session.clone();
        let mut store = self.store();
        let named = found(&store.drive(), &session)?;
        let saved = save(
            &mut store,
            &named,
            said.unwrap_or(Conflict::Replace),
            bytes.freeze(),
        );
        let (item, status) = saved.map_err(|fault| match fault == name::taken() {
            // The page of the session has a code of its own (FACTS 4.4).
            true => Fault::new(
                409,
                "upload_name_conflict",
                "Another file exists with the same name as the uploaded session.",
            ),
            false => fault,
        })?;
        let mut told = session;
        told.retain(|name, value| {
            ["fileSystemInfo", "description"].contains(&name.as_str()) && !value.is_null()
        });
        store.tell(item, told);
        let call = Call::new(
            self.origin.into(),
            "",
            "",
            HeaderMap::new(),
            Caller::Application,
        )?;
        let reply = shown(&call, &self.store(), item, status)?;
        self.close();
        Ok(reply)
    }

    fn close(&mut self) {
        for blob in self.blobs() {
            self.ledger.release(blob);
        }
        self.ledger.delete(SHELF, self.key, "");
    }
}

/// What stands now where the session goes.
fn found(drive: &Drive, session: &Map<String, Value>) -> Answer<Named> {
    let number = |name: &str| {
        session
            .get(name)
            .and_then(Value::as_u64)
            .map(|it| it as usize)
    };
    let there = |item: usize| match drive.items[item].is_gone() {
        true => Err(no_item()),
        false => Ok(item),
    };
    if let Some(item) = number("item") {
        return there(item).map(Named::Item);
    }
    let above = there(number("above").unwrap_or(0))?;
    let names = session["names"].as_array();
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    Ok(Named::below(drive, above, names))
}
