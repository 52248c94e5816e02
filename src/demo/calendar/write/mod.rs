//! Writes to events (FACTS 3.2): made, changed, taken away, answered, called off.
//!
//! Invitations, answers and forwards reach nobody: the calendars of others are as they were generated. An occurrence of a series that is changed becomes an exception; what is written of it stands with the series, so that the versions of the whole series change with it (K).

mod actions;
mod attachments;
mod calendars;
mod fields;
mod groups;
mod series;
#[cfg(test)]
mod tests;

use http::Method;
use serde_json::{Value, json};

pub use self::attachments::UPLOADS;
use self::fields::{EVENT, OCCURRENCE, begin, times};
use super::row::{EventRow, Occurrence, View};
use super::standing::{CHANGED, GONE, shelf};
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

    /// Sets properties of the event or of the one occurrence, which was changed now.
    fn set(&self, write: &mut Write, mut body: Body) {
        let now = json!(time::show(write.ledger.now()));
        body.insert("lastModifiedDateTime".into(), now);
        if let Some(occurrence) = self.occurrence {
            body = self.with_exception(write, occurrence.ordinal, body);
        }
        let key = self.number.to_string();
        write.ledger.set(&shelf(self.mailbox), &key, body);
    }

    /// What the series has to be told so that one of its occurrences has these properties.
    fn with_exception(&self, write: &Write, ordinal: usize, body: Body) -> Body {
        let here = place(write, self.mailbox);
        let entry = here.event_entry(self.number);
        let known = entry.and_then(|entry| entry.values.get(CHANGED)?.as_object().cloned());
        let mut all = known.unwrap_or_default();
        let known = here.exception(self.number, ordinal);
        let mut own = known.cloned().unwrap_or_default();
        own.extend(body);
        all.insert(ordinal.to_string(), Value::Object(own));
        Body::from_iter([(CHANGED.to_string(), Value::Object(all))])
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
        let series = Target {
            occurrence: None,
            ..*self
        };
        let gone = Body::from_iter([(GONE.to_string(), Value::Array(gone))]);
        series.set(write, gone);
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
            let calendar = within(place(write, mailbox), group, key)?;
            below(write, mailbox, calendar, rest)
        }
        ["calendar"] => calendars::one(write, mailbox, 0),
        ["calendars"] => calendars::create(write, mailbox, groups::MINE),
        ["calendars", key] => {
            let calendar = place(write, mailbox).calendar(key)?;
            calendars::one(write, mailbox, calendar)
        }
        ["calendarGroups"] => groups::create(write, mailbox),
        ["calendarGroups", group] => {
            let group = place(write, mailbox).calendar_group(group)?;
            groups::one(write, mailbox, group)
        }
        ["calendarGroups", group, "calendars"] => {
            let group = place(write, mailbox).calendar_group(group)?;
            calendars::create(write, mailbox, group)
        }
        ["calendarGroups", group, "calendars", key] => {
            let calendar = within(place(write, mailbox), group, key)?;
            calendars::one(write, mailbox, calendar)
        }
        _ => Err(no_such_verb()),
    }
}

/// A calendar is found below its own group only.
fn within(place: Place, group: &str, key: &str) -> Answer<usize> {
    let group = place.calendar_group(group)?;
    let calendar = place.calendar(key)?;
    match place.group_of(calendar) == group {
        true => Ok(calendar),
        false => Err(no_item()),
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
        [key, "attachments", rest @ ..] => {
            let target = target(write, key)?;
            attachments::respond(write, target, rest)
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
    let sent = write.call.json_body()?;
    let row = target.row(write);
    let rules = match target.occurrence {
        None => &EVENT,
        Some(_) => &OCCURRENCE,
    };
    let mut body = rules.update(&sent, &row)?;
    times(&body, Some(&row))?;
    fields::complete(&mut body, &row);
    fields::tidy(&mut body);
    match target.occurrence {
        Some(occurrence) => series::between(
            place(write, target.mailbox),
            target.number,
            occurrence,
            &body,
        )?,
        None => series::begin_anew(&mut body, &row),
    }
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
    let id = percent_encode(&shown_id(write, target));
    let user = &place.owner().id;
    let location = format!("{}/users('{user}')/events('{id}')", write.call.base());
    Ok(reply.header("Location", location))
}

/// The id in the form that was asked for.
fn shown_id(write: &Write, target: Target) -> String {
    let id = target.row(write).property("id");
    id.as_str().unwrap_or_default().to_string()
}
