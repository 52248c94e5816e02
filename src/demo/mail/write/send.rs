//! Sending: a message goes to Sent Items, and a copy into the inbox of everybody in the tenant whom it names (FACTS 3.1).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::fields::MESSAGE;
use super::moving::whole;
use super::update::{destroy, insert, put, relocate};
use super::{Here, STORED, mime};
use crate::demo::error::{Answer, Fault};
use crate::demo::mail::row::{MessageRow, recipient};
use crate::demo::mail::shelf;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::signin::permissions;
use crate::demo::time;
use crate::demo::world::mailbox::{DRAFTS, INBOX, SENT};
use crate::demo::world::people::User;
use crate::demo::write::body::{Body, parameters};
use crate::demo::write::no_body;
use crate::demo::write::route::Write;

const RECIPIENTS: [&str; 3] = ["toRecipients", "ccRecipients", "bccRecipients"];

/// `POST sendMail`, with JSON or with MIME.
pub fn send_mail(write: &mut Write, here: Here) -> Answer<Reply> {
    let (body, save) = match mime::sent(write.call)? {
        Some(body) => (body, true),
        None => message(write)?,
    };
    let number = put(write, here.mailbox, DRAFTS, body)?;
    dispatch(write, here, number, save)
}

/// `POST messages/{id}/send`: drafts only, and without a body.
pub fn send(write: &mut Write, here: Here, number: usize) -> Answer<Reply> {
    no_body(write.call)?;
    if here.message(write, number).property("isDraft") != true {
        // FACTS does not say what becomes of one that was sent before.
        return Err(Fault::new(
            400,
            "ErrorInvalidRequest",
            "The message is not a draft and cannot be sent.",
        ));
    }
    dispatch(write, here, number, true)
}

fn message(write: &Write) -> Answer<(Body, bool)> {
    let known = [("message", "message"), ("saveToSentItems", "Boolean")];
    let body = parameters(&write.call.json_body()?, &known, MESSAGE.code)?;
    let message = body.get("message").filter(|message| message.is_object());
    let message = message.ok_or_else(|| MESSAGE.refuse("The parameter 'message' is required."))?;
    let save = body.get("saveToSentItems") != Some(&json!(false));
    Ok((MESSAGE.create(message)?, save))
}

/// Sends a draft: 202, since accepted is not delivered.
pub fn dispatch(write: &mut Write, here: Here, number: usize, save: bool) -> Answer<Reply> {
    let row = MessageRow::new(here.now(write), number, STORED);
    let addresses = addresses(&row)?;
    let (from, sender) = author(write, here, &row)?;
    let now = json!(time::show(write.ledger.now()));
    let mut sent = Body::new();
    for (name, value) in [
        ("from", from),
        ("sender", sender),
        ("isDraft", json!(false)),
        ("isRead", json!(true)),
        ("sentDateTime", now.clone()),
        ("receivedDateTime", now.clone()),
        ("lastModifiedDateTime", now),
    ] {
        sent.insert(name.into(), value);
    }
    write
        .ledger
        .set(&shelf(here.mailbox), &number.to_string(), sent);
    deliver(write, here, number, &addresses);
    if save {
        relocate(write, here.mailbox, number, SENT);
    } else {
        destroy(write, here, number)?;
    }
    Ok(Reply::empty(202))
}

/// The addresses of all recipients; 400 when there is none, or one that is no address.
fn addresses(row: &dyn Row) -> Answer<Vec<String>> {
    let mut all = Vec::new();
    for name in RECIPIENTS {
        for person in row.property(name).as_array().into_iter().flatten() {
            let address = person["emailAddress"]["address"].as_str();
            all.push(address.unwrap_or_default().trim().to_string());
        }
    }
    let whole = |address: &String| {
        let parts = address.split_once('@');
        parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
    };
    if all.is_empty() || !all.iter().all(whole) {
        return Err(Fault::new(
            400,
            "ErrorInvalidRecipients",
            "At least one recipient isn't valid.",
        ));
    }
    Ok(all)
}

/// In whose name, and by whom. Another name than that of the mailbox needs `Mail.Send.Shared` (FACTS 3.1); FACTS has no code for its absence: the one of a missing permission.
fn author(write: &Write, here: Here, row: &dyn Row) -> Answer<(Value, Value)> {
    let users = &write.tenant.users;
    let owner = &users[here.mailbox];
    let mut named = [owner, owner];
    for (who, property) in named.iter_mut().zip(["from", "sender"]) {
        let person = row.property(property);
        if let Some(address) = person["emailAddress"]["address"].as_str() {
            *who = user_of(users, address).ok_or_else(permissions::denied)?;
        }
    }
    let foreign = named.iter().any(|who| who.index != owner.index);
    if foreign && !permissions::sends_for_others(&write.call.caller) {
        return Err(permissions::denied());
    }
    let [from, sender] = named.map(|who| {
        let address = who.mail.clone().unwrap_or_else(|| who.upn.clone());
        recipient(&(who.name.clone(), address))
    });
    Ok((from, sender))
}

/// The user with an address.
fn user_of<'u>(users: &'u [User], address: &str) -> Option<&'u User> {
    users.iter().find(|user| {
        let mail = user.mail.as_deref();
        mail.is_some_and(|mail| mail.eq_ignore_ascii_case(address))
            || user.upn.eq_ignore_ascii_case(address)
    })
}

/// A copy for each mailbox of the tenant that is named, however often; nobody sees the blind copies.
fn deliver(write: &mut Write, here: Here, number: usize, addresses: &[String]) {
    let users = &write.tenant.users;
    let named = addresses.iter().filter_map(|one| user_of(users, one));
    let mailboxes: BTreeSet<usize> = named.filter_map(|user| user.mailbox).collect();
    for mailbox in mailboxes {
        let (mut row, files) = whole(write, here, number);
        unopened(&mut row);
        insert(write, mailbox, INBOX, row, files);
    }
}

/// The message as it arrives: what the author noted about it stays with the author.
fn unopened(row: &mut JsonRow) {
    row.map.remove("conversationId");
    for (name, value) in [
        ("bccRecipients", json!([])),
        ("isRead", json!(false)),
        ("categories", json!([])),
        ("flag", json!({"flagStatus": "notFlagged"})),
        ("inferenceClassification", json!("focused")),
    ] {
        row.map.insert(name.into(), value);
    }
    let now = row.property("sentDateTime");
    row.map.insert("createdDateTime".into(), now);
}
