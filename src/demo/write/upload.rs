//! Upload sessions: content that comes in pieces to an address outside of `/v1.0`, and makes something when the last one is there (FACTS 3.1, 3.4).
//!
//! To let a resource take such uploads: state its [`Rules`], add them to [`ALL`], and answer its `createUploadSession` with [`open`], giving what `finish` needs to know. Mail takes pieces of any length up to 4 MiB and says 200 to them; a drive would say `step: 320 << 10`, `most: (60 << 20) - 1` and `unfinished: 202`, and open sessions without a size when the request does not tell it. `finish` gets a [`Write`] whose request is empty and comes from an application: the address is the permission. If it fails, the last piece was not taken, and may come again.

use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http::{HeaderMap, Method};
use serde_json::{Map, Value, json};

use super::body::Body;
use super::ledger::Ledger;
use super::route::{Write, no_such_verb};
use crate::demo::Tenant;
use crate::demo::calendar;
use crate::demo::call::Call;
use crate::demo::download;
use crate::demo::error::{Answer, Fault};
use crate::demo::mail;
use crate::demo::query::row::JsonRow;
use crate::demo::reply::Reply;
use crate::demo::signin::Caller;
use crate::demo::time::{self, SECOND};

/// What the uploads of one kind of thing obey.
pub struct Rules {
    /// The word for them in addresses.
    pub kind: &'static str,
    /// The code of a bad piece.
    pub code: &'static str,
    /// The most bytes of a piece.
    pub most: u64,
    /// Pieces are multiples of this, but for the last.
    pub step: u64,
    /// The status of an answer to a piece that is not the last.
    pub unfinished: u16,
    /// For how many seconds a session is open.
    pub lasts: i64,
    /// Makes the thing out of what the session was opened with and the whole content.
    pub finish: fn(&mut Write, &Body, Bytes) -> Answer<Reply>,
}

/// The kinds of uploads that there are.
const ALL: [&Rules; 2] = [&mail::write::UPLOADS, &calendar::write::UPLOADS];

const SHELF: &str = "uploads";
/// The address; sealed, so that nobody guesses it.
const PATH: &str = "/upload/";

/// Opens a session: the `uploadSession` that `createUploadSession` answers with. Without a size the first piece tells it.
pub fn open(
    write: &mut Write,
    rules: &Rules,
    about: Body,
    size: Option<u64>,
) -> Map<String, Value> {
    let id = write.ledger.guid("upload");
    let expires = write.ledger.now() + rules.lasts * SECOND;
    let session = json!({
        "kind": rules.kind, "about": about, "total": size, "received": 0, "pieces": [],
        "expires": time::show(expires),
    });
    let row = JsonRow::of("entity", session.clone());
    write.ledger.create(SHELF, &id, "", row);
    let key = format!("{}/{id}", rules.kind);
    let seal = download::sealed("authtoken", "upload", &key);
    let mut told = status(&session);
    let address = format!("{}{PATH}{key}?{seal}", write.call.origin);
    told.insert("uploadUrl".into(), json!(address));
    told
}

/// Answers at an address of [`open`]: PUT brings a piece, GET tells what is missing, DELETE gives up. None if the path is none of those.
pub fn respond(
    tenant: &Tenant,
    origin: &str,
    parts: &Parts,
    body: &Bytes,
) -> Option<Answer<Reply>> {
    let key = parts.uri.path().strip_prefix(PATH)?;
    let (kind, id) = key.split_once('/')?;
    let rules = ALL.into_iter().find(|rules| rules.kind == kind)?;
    let seal = download::sealed("authtoken", "upload", key);
    let query = parts.uri.query().unwrap_or("");
    let answer = download::check(&parts.headers, query, &seal);
    Some(answer.and_then(|()| act(tenant, origin, (rules, id), parts, body)))
}

fn act(
    tenant: &Tenant,
    origin: &str,
    (rules, id): (&Rules, &str),
    parts: &Parts,
    body: &Bytes,
) -> Answer<Reply> {
    if parts.method == Method::GET {
        return Ok(Reply::json(status(&session(&tenant.state.seen(), id)?)));
    }
    tenant.state.write(|before, ledger| {
        let session = session(ledger, id)?;
        match parts.method {
            Method::DELETE => {
                close(ledger, id, &session);
                Ok(Reply::empty(204))
            }
            Method::PUT => {
                let mut call =
                    Call::new(origin.into(), "", "", HeaderMap::new(), Caller::Application)?;
                call.ledger = before.clone();
                let mut write = Write {
                    tenant,
                    call: &call,
                    method: &parts.method,
                    ledger,
                };
                let piece = Piece::of(rules, &parts.headers, body.len() as u64)?;
                take(&mut write, rules, (id, session), piece, body)
            }
            _ => Err(no_such_verb()),
        }
    })
}

/// The session of an id; 404 if it was finished or given up, or has expired.
fn session(ledger: &Ledger, id: &str) -> Answer<Value> {
    let entry = ledger.shelf(SHELF).get(id);
    let entry = entry.filter(|entry| !entry.deleted && !expired(ledger, &entry.values));
    entry
        .map(|entry| Value::Object(entry.values.clone()))
        .ok_or_else(|| Fault::new(404, "itemNotFound", "The upload session was not found"))
}

fn expired(ledger: &Ledger, session: &Body) -> bool {
    let expires = session.get("expires").and_then(Value::as_str);
    expires
        .and_then(time::parse)
        .is_none_or(|at| at < ledger.now())
}

fn status(session: &Value) -> Map<String, Value> {
    Map::from_iter([
        ("expirationDateTime".into(), session["expires"].clone()),
        (
            "nextExpectedRanges".into(),
            json!([format!("{}-", session["received"])]),
        ),
    ])
}

fn take(
    write: &mut Write,
    rules: &Rules,
    (id, mut session): (&str, Value),
    piece: Piece,
    body: &Bytes,
) -> Answer<Reply> {
    piece.follows(rules, &session)?;
    let kept = write.ledger.keep(body.clone());
    let mut pieces = pieces(&session);
    pieces.push(kept);
    session["pieces"] = json!(pieces);
    session["received"] = json!(piece.end);
    session["total"] = json!(piece.total);
    if piece.end < piece.total {
        let mut reply = Reply::json(status(&session));
        reply.status = rules.unfinished;
        let values = session.as_object().cloned().unwrap_or_default();
        write.ledger.set(SHELF, id, values);
        return Ok(reply);
    }
    let mut content = BytesMut::new();
    for kept in pieces {
        content.extend_from_slice(&write.ledger.kept(kept).unwrap_or_default());
    }
    close(write.ledger, id, &session);
    let about = session["about"].as_object().cloned().unwrap_or_default();
    (rules.finish)(write, &about, content.freeze())
}

fn close(ledger: &mut Ledger, id: &str, session: &Value) {
    for kept in pieces(session) {
        ledger.release(kept);
    }
    ledger.delete(SHELF, id, "");
}

fn pieces(session: &Value) -> Vec<usize> {
    let all = session["pieces"].as_array().into_iter().flatten();
    all.filter_map(|kept| kept.as_u64().map(|kept| kept as usize))
        .collect()
}

/// Which bytes of how many one PUT brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    from: u64,
    end: u64,
    total: u64,
}

impl Piece {
    /// By `Content-Range: bytes a-b/total`, which must fit the body.
    fn of(rules: &Rules, headers: &HeaderMap, length: u64) -> Answer<Piece> {
        let refuse = |reason: &str| Fault::new(400, rules.code, reason);
        let said = headers.get("Content-Range");
        let piece = said.and_then(|said| parsed(said.to_str().ok()?));
        let piece = piece.ok_or_else(|| refuse("Missing or malformed Content-Range header."))?;
        if piece.end - piece.from != length {
            return Err(refuse(
                "The Content-Range header does not match the number of bytes.",
            ));
        }
        if length > rules.most {
            // FACTS has no code for it.
            return Err(Fault::new(413, rules.code, "The fragment is too large."));
        }
        if piece.end < piece.total && !length.is_multiple_of(rules.step) {
            return Err(refuse(&format!(
                "A fragment must be a multiple of {} bytes.",
                rules.step
            )));
        }
        Ok(piece)
    }

    /// 416 unless it is the next one; 400 for another total than was said before.
    fn follows(&self, rules: &Rules, session: &Value) -> Answer<()> {
        let total = session["total"].as_u64();
        if total.is_some_and(|total| total != self.total) {
            return Err(Fault::new(
                400,
                rules.code,
                "The total size is not the one that was said before.",
            ));
        }
        if session["received"] == json!(self.from) {
            return Ok(());
        }
        Err(Fault::new(
            416,
            "invalidRange",
            "The fragment is not the one that is expected next.",
        ))
    }
}

fn parsed(text: &str) -> Option<Piece> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (from, to) = range.split_once('-')?;
    let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
    let total = total.parse().ok()?;
    (from <= to && to < total).then_some(Piece {
        from,
        end: to + 1,
        total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: Rules = Rules {
        kind: "test",
        code: "invalidRequest",
        most: 8,
        step: 4,
        unfinished: 202,
        lasts: 1,
        finish: |_, _, _| Ok(Reply::empty(201)),
    };

    #[test]
    fn ranges() {
        for (range, length, wanted) in [
            ("bytes 0-3/9", 4, 200),
            ("bytes 0-7/9", 8, 200),
            ("bytes 8-8/9", 1, 200),
            ("bytes 0-2/9", 3, 400),
            ("bytes 0-3/9", 3, 400),
            ("bytes 0-9/9", 10, 400),
            ("bytes 3-2/9", 0, 400),
            ("bytes 0-3/*", 4, 400),
            ("0-3/9", 4, 400),
            ("bytes 0-8/9", 9, 413),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("Content-Range", range.parse().expect("a value"));
            let told = Piece::of(&STEPS, &headers, length).map_or_else(|no| no.status, |_| 200);
            assert_eq!(told, wanted, "{range}");
        }
        assert!(Piece::of(&STEPS, &HeaderMap::new(), 4).is_err());
    }

    #[test]
    fn a_session_expires() {
        let tenant = Tenant::new(crate::demo::Options::default());
        let call = Call::new(String::new(), "", "", HeaderMap::new(), Caller::Application)
            .expect("a call");
        let mut ledger = Ledger::default();
        let mut write = Write {
            tenant: &tenant,
            call: &call,
            method: &Method::POST,
            ledger: &mut ledger,
        };
        let told = open(&mut write, &STEPS, Body::new(), None);
        assert_eq!(told["nextExpectedRanges"], json!(["0-"]));
        let address = told["uploadUrl"].as_str().expect("an address");
        let id = &address[PATH.len() + "test/".len()..address.find('?').expect("a query")];
        ledger.begin();
        assert!(session(&ledger, id).is_ok());
        ledger.begin();
        assert_eq!(session(&ledger, id).map_err(|no| no.status), Err(404));
    }
}
