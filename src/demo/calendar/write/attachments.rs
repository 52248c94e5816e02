//! Attachments are put on events and taken away, small ones at once and large files in pieces, as with messages (FACTS 3.1). Those of a series hang on the series: an occurrence takes none of its own.

use bytes::Bytes;
use http::Method;
use serde_json::json;

use super::{Target, place, shown_id};
use crate::demo::calendar::attachments::{self, key, rows, shelf};
use crate::demo::calendar::row::View;
use crate::demo::encoding::percent_encode;
use crate::demo::error::{Answer, Fault};
use crate::demo::mail::write::attachments as of_messages;
use crate::demo::outlook::{malformed_id, no_item};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::world::ids::{Form, decode};
use crate::demo::world::zones::ZONES;
use crate::demo::write::body::Body;
use crate::demo::write::no_body;
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::upload::Rules;

/// Files that come in pieces, as those of messages do.
pub const UPLOADS: Rules = Rules {
    kind: "eventAttachment",
    finish,
    ..of_messages::UPLOADS
};

/// Answers a write below `events/{id}/attachments`.
pub fn respond(write: &mut Write, target: Target, rest: &[&str]) -> Answer<Reply> {
    if target.occurrence.is_some() {
        return Err(Fault::new(
            400,
            "ErrorInvalidRequest",
            "In this tenant the attachments of a series hang on the series.",
        ));
    }
    let method = write.method.clone();
    match rest {
        [] if method == Method::POST => create(write, target),
        ["createUploadSession" | "microsoft.graph.createUploadSession"]
            if method == Method::POST =>
        {
            session(write, target)
        }
        [key] if method == Method::DELETE => delete(write, target, key),
        _ => Err(no_such_verb()),
    }
}

fn create(write: &mut Write, target: Target) -> Answer<Reply> {
    let row = of_messages::described(write)?;
    put(write, target, row);
    let id = newest(write, target);
    let event = (target.number, None);
    let here = place(write, target.mailbox);
    let reply = attachments::respond(write.call, here, event, target.view, &[&id])?;
    let address = format!(
        "{}/users('{}')/events('{}')/attachments('{}')",
        write.call.base(),
        here.owner().id,
        percent_encode(&shown_id(write, target)),
        percent_encode(&id)
    );
    Ok(Reply {
        status: 201,
        ..reply.header("Location", address)
    })
}

fn delete(write: &mut Write, target: Target, id: &str) -> Answer<Reply> {
    no_body(write.call)?;
    let (item, _) = decode(id).ok_or_else(malformed_id)?;
    let rows = all(write, target);
    if !rows.iter().any(|row| row.property("id") == id) {
        return Err(no_item());
    }
    let home = target.number.to_string();
    let key = key(target.number, item.part);
    write.ledger.delete(&shelf(target.mailbox), &key, &home);
    told(write, target);
    Ok(Reply::empty(204))
}

fn session(write: &mut Write, target: Target) -> Answer<Reply> {
    of_messages::owns(write, place(write, target.mailbox).owner())?;
    let (file, size) = of_messages::announced(write)?;
    let about = json!({
        "mailbox": target.mailbox, "number": target.number, "file": file,
        "immutable": target.view.form == Form::Immutable,
    });
    Ok(of_messages::opened(write, &UPLOADS, about, size))
}

/// The last piece is there: 201, and the address tells the id, in the form of the older service as with messages (K).
fn finish(write: &mut Write, about: &Body, content: Bytes) -> Answer<Reply> {
    let number = |name: &str| about[name].as_u64().unwrap_or_default() as usize;
    let form = match about["immutable"] == true {
        true => Form::Immutable,
        false => Form::Mutable,
    };
    let target = Target {
        mailbox: number("mailbox"),
        number: number("number"),
        occurrence: None,
        view: View {
            form,
            zone: &ZONES[0],
            text: false,
        },
    };
    if !place(write, target.mailbox).has_event(target.number) {
        return Err(no_item());
    }
    let row = of_messages::collected(write, about, &content);
    put(write, target, row);
    let owner = &place(write, target.mailbox).owner().id;
    let event = percent_encode(&shown_id(write, target));
    let id = percent_encode(&newest(write, target));
    let address = format!(
        "{}/api/v2.0/Users('{owner}')/Events('{event}')/Attachments('{id}')",
        write.call.origin
    );
    Ok(Reply::empty(201).header("Location", address))
}

fn put(write: &mut Write, target: Target, mut row: JsonRow) {
    let part = write.ledger.number();
    // The type is shown by the reader, the id depends on the form asked for.
    row.annotations.clear();
    let (key, home) = (key(target.number, part), target.number.to_string());
    let shelf = shelf(target.mailbox);
    write.ledger.create(&shelf, &key, &home, row);
    told(write, target);
}

/// The event changes with its attachments; inline ones do not count, as with messages (FACTS 1.1).
fn told(write: &mut Write, target: Target) {
    let rows = all(write, target);
    let counts = rows.iter().any(|row| row.property("isInline") != true);
    let body = Body::from_iter([("hasAttachments".to_string(), json!(counts))]);
    target.set(write, body);
}

fn all(write: &Write, target: Target) -> Vec<JsonRow> {
    let row = target.row(write);
    rows(
        place(write, target.mailbox),
        target.number,
        target.view,
        &row,
    )
}

fn newest(write: &Write, target: Target) -> String {
    let rows = all(write, target);
    let id = rows.last().map(|row| row.property("id"));
    id.and_then(|id| id.as_str().map(String::from))
        .unwrap_or_default()
}
