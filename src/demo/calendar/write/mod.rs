//! Writes to events (FACTS 3.2): made, changed, taken away, answered, called off.
//!
//! Invitations, answers and forwards reach nobody: the calendars of others are as they were generated. Of a series the whole is changed, or an occurrence taken away; another time for one occurrence is not taken.

mod actions;
mod fields;
#[cfg(test)]
mod tests;

use http::Method;
use serde_json::{Value, json};

use self::fields::{EVENT, begin, times};
use super::row::{EventRow, Occurrence, View};
use super::standing::{GONE, shelf};
use super::{Place, events, view};
use crate::demo::encoding::percent_encode;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook::no_item;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::world::people::User;
use crate::demo::write::body::Body;
use crate::demo::write::etag::{Match, if_match};
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_options};

/// An event in a mailbox that a request writes to.
#[derive(Clone, Copy)]
struct Target {
    mailbox: usize,
    number: usize,
    occurrence: Option<Occurrence>,
    view: View,
}

impl Target {
    /// The event as the write has left it so far.
    fn row<'w>(&self, write: &'w Write) -> EventRow<'w> {
        EventRow::new(
            place(write, self.mailbox),
            self.number,
            self.occurrence,
            self.view,
        )
    }

    /// Sets properties; the event was changed now.
    fn set(&self, write: &mut Write, mut body: Body) {
        let now = json!(time::show(write.ledger.now()));
        body.insert("lastModifiedDateTime".into(), now);
        let key = self.number.to_string();
        write.ledger.set(&shelf(self.mailbox), &key, body);
    }

    /// Takes the event away, or the occurrence out of its series.
    fn remove(&self, write: &mut Write) {
        let (shelf, key) = (shelf(self.mailbox), self.number.to_string());
        let Some(occurrence) = self.occurrence else {
            let calendar = place(write, self.mailbox).event_facts(self.number).calendar;
            return write.ledger.delete(&shelf, &key, &calendar.to_string());
        };
        let entry = place(write, self.mailbox).event_entry(self.number);
        let known = entry.and_then(|entry| entry.values.get(GONE)?.as_array().cloned());
        let mut gone = known.unwrap_or_default();
        gone.push(json!(occurrence.ordinal));
        self.set(
            write,
            Body::from_iter([(GONE.to_string(), Value::Array(gone))]),
        );
    }
}

/// Answers a write below a user's `events`, `calendar`, `calendars` or `calendarGroups`.
pub fn respond(write: &mut Write, user: &User, rest: &[&str]) -> Answer<Reply> {
    let mailbox = write.place(user)?.mailbox;
    no_options(write.call)?;
    fits(write.call)?;
    match rest {
        ["events", rest @ ..] | ["calendar", "events", rest @ ..] => below(write, mailbox, 0, rest),
        ["calendars", key, "events", rest @ ..] => {
            let calendar = place(write, mailbox).calendar(key)?;
            below(write, mailbox, calendar, rest)
        }
        [
            "calendarGroups",
            group,
            "calendars",
            key,
            "events",
            rest @ ..,
        ] => {
            let place = place(write, mailbox);
            let group = place.calendar_group(group)?;
            let calendar = place.calendar(key)?;
            if !super::groups::calendars(mailbox, group).contains(&calendar) {
                return Err(no_item());
            }
            below(write, mailbox, calendar, rest)
        }
        _ => Err(no_such_verb()),
    }
}

fn below(write: &mut Write, mailbox: usize, calendar: usize, rest: &[&str]) -> Answer<Reply> {
    let method = write.method.clone();
    let view = view(write.call)?;
    let target = |write: &Write, key: &str| {
        let (number, occurrence) = place(write, mailbox).event(key)?;
        Ok(Target {
            mailbox,
            number,
            occurrence,
            view,
        })
    };
    match rest {
        [] if method == Method::POST => create(write, mailbox, calendar, view),
        [key] if method == Method::PATCH => {
            let target = target(write, key)?;
            unchanged(write, target)?;
            update(write, target)
        }
        [key] if method == Method::DELETE => {
            let target = target(write, key)?;
            unchanged(write, target)?;
            target.remove(write);
            Ok(Reply::empty(204))
        }
        [key, action] if method == Method::POST => {
            let run = actions::find(action)?;
            let target = target(write, key)?;
            run(write, target)
        }
        _ => Err(no_such_verb()),
    }
}

fn place<'w>(write: &'w Write, mailbox: usize) -> Place<'w> {
    Place {
        mailbox,
        users: &write.tenant.users,
        ledger: write.ledger,
    }
}

/// `POST events`. The same transactionId makes no second event (R/event).
fn create(write: &mut Write, mailbox: usize, calendar: usize, view: View) -> Answer<Reply> {
    let body = EVENT.create(&write.call.json_body()?)?;
    times(&body, None)?;
    let made = same_transaction(write, mailbox, &body);
    let number = match made {
        Some(number) => number,
        None => {
            let number = write.ledger.number();
            let row = JsonRow {
                type_name: "event",
                map: begin(body, place(write, mailbox).owner(), write.ledger.now()),
                annotations: Vec::new(),
            };
            let (key, home) = (number.to_string(), calendar.to_string());
            write.ledger.create(&shelf(mailbox), &key, &home, row);
            number
        }
    };
    shown(
        write,
        Target {
            mailbox,
            number,
            occurrence: None,
            view,
        },
        201,
    )
}

fn same_transaction(write: &Write, mailbox: usize, body: &Body) -> Option<usize> {
    let wanted = body.get("transactionId").filter(|id| id.is_string())?;
    let shelf = write.ledger.shelf(&shelf(mailbox));
    let mut all = shelf.all();
    all.find(|(_, entry)| !entry.deleted && entry.values.get("transactionId") == Some(wanted))
        .and_then(|(key, _)| key.parse().ok())
}

/// `PATCH events/{id}`
fn update(write: &mut Write, target: Target) -> Answer<Reply> {
    if target.occurrence.is_some() {
        return Err(Fault::new(
            400,
            "ErrorInvalidRequest",
            "This tenant changes whole series only, or takes occurrences out of them.",
        ));
    }
    let sent = write.call.json_body()?;
    let row = target.row(write);
    let mut body = EVENT.update(&sent, &row)?;
    times(&body, Some(&row))?;
    fields::complete(&mut body, &row);
    fields::tidy(&mut body);
    target.set(write, body);
    shown(write, target, 200)
}

fn unchanged(write: &Write, target: Target) -> Answer<()> {
    let annotations = target.row(write).annotations();
    let etag = annotations.first().and_then(|(_, etag)| etag.as_str());
    match if_match(write.call, etag.unwrap_or_default()) {
        // As on mail (FACTS 3 speaks of all Outlook etags).
        Match::Stale => Err(Fault::new(
            400,
            "ErrorInvalidChangeKey",
            "The change key passed in the request does not match the current change key for the item.",
        )),
        Match::Absent | Match::Fits => Ok(()),
    }
}

fn shown(write: &Write, target: Target, status: u16) -> Answer<Reply> {
    let place = place(write, target.mailbox);
    let event = (target.number, target.occurrence);
    let mut reply = events::single(write.call, place, event, target.view)?;
    reply.status = status;
    if status != 201 {
        return Ok(reply);
    }
    let id = target.row(write).property("id");
    let id = percent_encode(id.as_str().unwrap_or_default());
    let user = &place.owner().id;
    let location = format!("{}/users('{user}')/events('{id}')", write.call.base());
    Ok(reply.header("Location", location))
}
