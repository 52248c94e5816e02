//! The attachments of an event: an agenda, and beside it on some the link to a plan, a visiting card and an invitation without a subject (FACTS 1.2).

use super::Place;
use super::row::{EventRow, Occurrence, View};
use crate::demo::call::Call;
use crate::demo::encoding::percent_encode;
use crate::demo::error::Answer;
use crate::demo::outlook::attachments::{self, Base};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::world::ids::{Item, Kind, encode};

/// Messages and events number their attachments from different ends, because an id does not say whose attachment it is.
const FIRST: usize = 900;

/// Answers below `events/{id}/attachments`.
pub fn respond(
    call: &Call,
    place: Place,
    event: (usize, Option<Occurrence>),
    view: View,
    rest: &[&str],
) -> Answer<Reply> {
    let row = EventRow::new(place, event.0, event.1, view);
    let id = row.property("id");
    let resource = place.resource(&format!(
        "events('{}')/attachments",
        percent_encode(id.as_str().unwrap_or_default())
    ));
    attachments::respond(call, &resource, &rows(place, event.0, view, &row), rest)
}

/// The shelf of the attachments of a mailbox's events: a key is the number of the event and of the part, a home the number of the event.
pub fn shelf(mailbox: usize) -> String {
    format!("eventAttachments/{mailbox}")
}

/// The key of one attachment.
pub fn key(event: usize, part: usize) -> String {
    format!("{event}.{part}")
}

/// The attachments of an event: the generated ones that are left, then those that were put there.
pub fn rows(place: Place, number: usize, view: View, row: &EventRow) -> Vec<JsonRow> {
    let changes = place.ledger.shelf(&shelf(place.mailbox));
    let id = |part: usize| {
        let item = Item {
            kind: Kind::Attachment,
            mailbox: place.mailbox,
            number,
            part,
        };
        encode(item, view.form)
    };
    let modified = row.property("lastModifiedDateTime");
    let modified = modified.as_str().unwrap_or_default();
    let left = (0..generated(row)).filter(|part| changes.get(&key(number, FIRST + part)).is_none());
    let mut all: Vec<JsonRow> = left
        .map(|part| attachment(&id(FIRST + part), part, modified))
        .collect();
    for (key, entry) in changes.at_home(&number.to_string()) {
        let part = key.rsplit('.').next().and_then(|part| part.parse().ok());
        if let (Some(part), Some(row)) = (part, entry.created()) {
            all.push(attachments::put_there(row, &id(part)));
        }
    }
    all
}

/// How many were generated: only the agenda is everywhere where there are any.
fn generated(row: &EventRow) -> usize {
    match row.facts.has_attachments() {
        true => [1, 4, 2][(row.facts.seed / 15 % 3) as usize],
        false => 0,
    }
}

fn attachment(id: &str, part: usize, modified: &str) -> JsonRow {
    let base = |name: &'static str| Base {
        id,
        name: (!name.is_empty()).then_some(name),
        inline: false,
        modified,
    };
    match part {
        0 => attachments::file(&base("agenda.txt"), "text/plain", b"Agenda"),
        1 => attachments::reference(&base("Plan 50% & Größe.xlsx")),
        2 => attachments::item(
            &base("Dana Swope"),
            "text/vcard",
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dana Swope\r\nEMAIL:danas@adatum.com\r\nEND:VCARD\r\n",
        ),
        _ => attachments::item(
            &base(""),
            "text/calendar",
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:20260302T080000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ),
    }
}
