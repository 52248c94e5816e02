//! Replies and forwards: as drafts, or sent at once (FACTS 3.1).

use serde_json::{Value, json};

use super::fields::MESSAGE;
use super::moving::whole;
use super::send::dispatch;
use super::update::{attach, put};
use super::{Here, STORED, mime, shown};
use crate::demo::error::Answer;
use crate::demo::mail::body::{html, shown as as_kind};
use crate::demo::mail::row::MessageRow;
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::world::mailbox::DRAFTS;
use crate::demo::write::body::{Body, parameters};
use crate::demo::write::optional_body;
use crate::demo::write::route::Write;

/// Which answer to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To whoever sent it.
    Reply,
    /// And to everybody else whom it names.
    ReplyAll,
    /// To somebody else.
    Forward,
}

/// `POST messages/{id}/reply`, `replyAll`, `forward`: 202. FACTS has a body for them always.
pub fn send(write: &mut Write, here: Here, number: usize, kind: Kind) -> Answer<Reply> {
    let asked = asked(&write.call.json_body()?, kind)?;
    let draft = make(write, here, number, kind, asked)?;
    dispatch(write, here, draft, true)
}

/// `POST messages/{id}/createReply` and its like: 201 with the draft.
pub fn draft(write: &mut Write, here: Here, number: usize, kind: Kind) -> Answer<Reply> {
    let asked = match mime::sent(write.call)? {
        Some(message) => Asked {
            message,
            comment: String::new(),
        },
        None => asked(&optional_body(write.call)?, kind)?,
    };
    let draft = make(write, here, number, kind, asked)?;
    shown(write, here, draft, 201)
}

/// What the caller wants to say.
struct Asked {
    message: Body,
    comment: String,
}

fn asked(body: &Value, kind: Kind) -> Answer<Asked> {
    let known = [
        ("message", "message"),
        ("comment", "String"),
        ("toRecipients", "Collection(recipient)"),
    ];
    let known = if kind == Kind::Forward {
        &known[..]
    } else {
        &known[..2]
    };
    let mut body = parameters(body, known, MESSAGE.code)?;
    body.retain(|_, value| !value.is_null());
    let mut message = match body.get("message") {
        Some(message) => MESSAGE.create(message)?,
        None => Body::new(),
    };
    if body.contains_key("comment") && message.contains_key("body") {
        return Err(MESSAGE.refuse("Either 'comment' or the body of 'message' can be given."));
    }
    if let Some(to) = body.remove("toRecipients") {
        if message.contains_key("toRecipients") {
            return Err(MESSAGE.refuse("'toRecipients' is given twice."));
        }
        // Checked once more as a property: there are so many recipients and no more.
        message.extend(MESSAGE.create(&json!({"toRecipients": to}))?);
    }
    let comment = body.get("comment").and_then(Value::as_str);
    Ok(Asked {
        message,
        comment: comment.unwrap_or_default().to_string(),
    })
}

fn make(write: &mut Write, here: Here, number: usize, kind: Kind, asked: Asked) -> Answer<usize> {
    let row = MessageRow::new(here.now(write), number, STORED);
    let mut body = Body::new();
    body.insert("subject".into(), subject(&row, kind).into());
    body.insert("conversationId".into(), row.property("conversationId"));
    let (to, cc) = recipients(&row, kind, &own_address(write, here));
    body.insert("toRecipients".into(), Value::Array(to));
    body.insert("ccRecipients".into(), Value::Array(cc));
    let text = quoted(&row, &asked);
    body.extend(asked.message);
    body.insert("body".into(), text);
    // The whole must still be a message that may be written: not too many recipients.
    let mut checked = body.clone();
    checked.remove("conversationId");
    MESSAGE.create(&Value::Object(checked))?;
    let files = match kind {
        Kind::Forward => whole(write, here, number).1,
        Kind::Reply | Kind::ReplyAll => Vec::new(),
    };
    let made = put(write, here.mailbox, DRAFTS, body)?;
    attach(write, here.mailbox, made, files);
    Ok(made)
}

fn own_address(write: &Write, here: Here) -> String {
    let owner = &write.tenant.users[here.mailbox];
    owner.mail.clone().unwrap_or_else(|| owner.upn.clone())
}

/// "RE: " or "FW: " once, whatever its capitals.
fn subject(row: &dyn Row, kind: Kind) -> String {
    let prefix = if kind == Kind::Forward {
        "FW: "
    } else {
        "RE: "
    };
    let old = row.property("subject");
    let old = old.as_str().unwrap_or_default();
    let there = old
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if there {
        old.to_string()
    } else {
        format!("{prefix}{old}")
    }
}

/// To whom an answer goes: to those whom `replyTo` names, else to the author; with all the others, but not to oneself.
fn recipients(row: &dyn Row, kind: Kind, own: &str) -> (Vec<Value>, Vec<Value>) {
    let people = |name: &str| row.property(name).as_array().cloned().unwrap_or_default();
    if kind == Kind::Forward {
        return (Vec::new(), Vec::new());
    }
    let mut to = people("replyTo");
    if to.is_empty() {
        to.extend(Some(row.property("from")).filter(|from| !from.is_null()));
    }
    if kind == Kind::Reply {
        return (to, Vec::new());
    }
    let address = |person: &Value| {
        let address = person["emailAddress"]["address"].as_str();
        address.unwrap_or_default().to_lowercase()
    };
    let mut seen: Vec<String> = to.iter().map(address).collect();
    seen.push(own.to_lowercase());
    let mut new = |person: &Value| {
        let address = address(person);
        let fresh = !seen.contains(&address);
        seen.push(address);
        fresh
    };
    to.extend(people("toRecipients").into_iter().filter(&mut new));
    let cc = people("ccRecipients")
        .into_iter()
        .filter(&mut new)
        .collect();
    (to, cc)
}

/// What is said, above what it answers, in the kind of the body that is given or else of the one that is answered.
fn quoted(row: &MessageRow, asked: &Asked) -> Value {
    let (kind, old) = row.body();
    let given = asked.message.get("body");
    let kind = match given.and_then(|body| body["contentType"].as_str()) {
        Some("html") => "html",
        Some(_) => "text",
        None => kind,
    };
    let new = match given {
        Some(body) => body["content"].as_str().unwrap_or_default().to_string(),
        None if kind == "html" => html(&asked.comment),
        None => asked.comment.clone(),
    };
    let from = row.property("from")["emailAddress"]["address"].take();
    let sent = row.property("sentDateTime");
    let head = format!(
        "From: {}\r\nSent: {}\r\n",
        from.as_str().unwrap_or_default(),
        sent.as_str().unwrap_or_default()
    );
    let (_, old) = as_kind(row.body().0, &old, Some(kind));
    let content = if kind == "html" {
        format!("{new}<hr>{}{old}", html(&head))
    } else {
        format!("{new}\r\n________________________________\r\n{head}\r\n{old}")
    };
    json!({"contentType": kind, "content": content})
}
