//! The attachments of a message: how many and which (FACTS 1.1).

use serde_json::Value;

use super::Place;
use super::row::{MessageRow, View};
use crate::demo::call::Call;
use crate::demo::encoding::percent_encode;
use crate::demo::error::Answer;
use crate::demo::outlook::attachments::{self, Base};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::mix;
use crate::demo::reply::Reply;
use crate::demo::time::{self, SECOND};
use crate::demo::world::ids::{Item, Kind, decode, encode};
use crate::demo::world::message::Facts;

/// Answers below `messages/{id}/attachments`.
pub fn respond(
    call: &Call,
    place: Place,
    number: usize,
    view: View,
    rest: &[&str],
) -> Answer<Reply> {
    let message = MessageRow::new(place, number, view);
    let resource = format!(
        "users('{}')/messages('{}')/attachments",
        place.owner().id,
        percent_encode(&message.id())
    );
    attachments::respond(
        call,
        &resource,
        &rows(place, number, view, message.facts()),
        rest,
    )
}

/// The relationship as `$expand=attachments` shows it.
pub fn expanded(place: Place, row: &dyn Row) -> Answer<Vec<(String, Value)>> {
    let id = row.property("id");
    let Some((item, form)) = id.as_str().and_then(decode) else {
        return Ok(Vec::new());
    };
    let view = View {
        form,
        body: None,
        basic: false,
    };
    let message = MessageRow::new(place, item.number, view);
    let rows = rows(place, item.number, view, message.facts());
    Ok(attachments::expanded(&rows))
}

/// The shelf of the attachments of a mailbox: a key is the number of the message and of the part, a home the number of the message.
pub fn shelf(mailbox: usize) -> String {
    format!("attachments/{mailbox}")
}

/// The key of one attachment.
pub fn key(message: usize, part: usize) -> String {
    format!("{message}.{part}")
}

/// The attachments of a message: the generated ones that are left, then those that were put there.
pub fn rows(place: Place, number: usize, view: View, facts: Option<&Facts>) -> Vec<JsonRow> {
    let mailbox = place.mailbox.number;
    let changes = place.ledger.shelf(&shelf(mailbox));
    let id = |part: usize| {
        let item = Item {
            kind: Kind::Attachment,
            mailbox,
            number,
            part,
        };
        encode(item, view.form)
    };
    let generated = facts.into_iter().flat_map(|facts| {
        let parts = 0..facts.attachments + facts.inline;
        let left = parts.filter(|part| changes.get(&key(number, *part)).is_none());
        left.map(|part| attachment(&id(part), facts, part))
    });
    let mut all: Vec<JsonRow> = generated.collect();
    for (key, entry) in changes.at_home(&number.to_string()) {
        let part = key.rsplit('.').next().and_then(|part| part.parse().ok());
        if let (Some(part), Some(row)) = (part, entry.created()) {
            all.push(attachments::put_there(row, &id(part)));
        }
    }
    all
}

/// Names and types of ordinary files.
const FILES: [(&str, &str); 4] = [
    ("report.pdf", "application/pdf"),
    ("Größe & Maße.txt", "text/plain"),
    ("it's.csv", "text/csv"),
    ("data 100%.bin", "application/octet-stream"),
];

fn attachment(id: &str, facts: &Facts, part: usize) -> JsonRow {
    let seed = facts.seed;
    let lot = mix(&[70, seed, part as u64]);
    let inline = part >= facts.attachments;
    let (name, mime) = FILES[lot as usize / 16 % 4];
    let modified = time::show(facts.received + SECOND);
    let base = |name: &'static str| Base {
        id,
        name: (!name.is_empty()).then_some(name),
        inline,
        modified: &modified,
    };
    match lot % 12 {
        0 if !inline => {
            let subject = facts.subject.as_deref().unwrap_or("");
            let text = format!(
                "Subject: Forwarded: {subject}\r\nMIME-Version: 1.0\r\n\r\n(attached item)\r\n"
            );
            attachments::item(&base("Forwarded: status"), "text/plain", &text)
        }
        // A mail without a subject has no name either.
        7 if part == 2 && !inline => attachments::item(
            &base(""),
            "text/plain",
            "MIME-Version: 1.0\r\n\r\n(attached item)\r\n",
        ),
        1 if !inline => attachments::reference(&base("Shared plan.docx")),
        _ => {
            let content = format!("Attachment {part} of message {seed:016x}\n")
                .repeat(1 + (lot % 40) as usize);
            let (name, mime) = if inline {
                ("logo.png", "image/png")
            } else {
                (name, mime)
            };
            attachments::file(&base(name), mime, content.as_bytes())
        }
    }
}
