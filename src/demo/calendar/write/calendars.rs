//! Calendars are made, renamed and thrown away (FACTS 3.2). The codes of refusals are those of Exchange; FACTS has none.

use http::Method;
use serde_json::Value;

use super::{place, shelf};
use crate::demo::calendar::calendars::{row, rows, single};
use crate::demo::calendar::shelf::{calendars_shelf, is_taken};
use crate::demo::encoding::percent_encode;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::write::body::{Body, Fields};
use crate::demo::write::no_body;
use crate::demo::write::route::{Write, no_such_verb};

/// Name and colour (FACTS 3.2); nothing else.
const CALENDAR: Fields = Fields {
    type_name: "calendar",
    code: "ErrorInvalidRequest",
    required: &["name"],
    on_create: &["name", "color"],
    on_update: &["name", "color"],
    conditions: &[named],
    ..Fields::NONE
};

/// 400 for a name that is none.
pub fn named(body: &Body, _: Option<&dyn Row>) -> Answer<()> {
    match body.get("name") {
        Some(Value::Null) => Err(nameless()),
        Some(Value::String(name)) if name.trim().is_empty() => Err(nameless()),
        _ => Ok(()),
    }
}

fn nameless() -> Fault {
    Fault::new(400, "ErrorInvalidRequest", "The name must not be empty.")
}

/// `POST calendars`, `POST calendarGroups/{id}/calendars`
pub fn create(write: &mut Write, mailbox: usize, group: usize) -> Answer<Reply> {
    if write.method != Method::POST {
        return Err(no_such_verb());
    }
    let body = CALENDAR.create(&write.call.json_body()?)?;
    free(write, mailbox, group, &body, None)?;
    let calendar = write.ledger.number();
    let row = JsonRow {
        type_name: "calendar",
        map: coloured(body),
        annotations: Vec::new(),
    };
    let (key, home) = (calendar.to_string(), group.to_string());
    let shelf = calendars_shelf(mailbox);
    write.ledger.create(&shelf, &key, &home, row);
    let reply = shown(write, mailbox, calendar, 201)?;
    let place = place(write, mailbox);
    let id = percent_encode(&place.calendar_id(calendar));
    let owner = &place.owner().id;
    let address = format!("{}/users('{owner}')/calendars('{id}')", write.call.base());
    Ok(reply.header("Location", address))
}

/// `PATCH calendars/{id}`, `DELETE calendars/{id}`
pub fn one(write: &mut Write, mailbox: usize, calendar: usize) -> Answer<Reply> {
    match *write.method {
        Method::PATCH => update(write, mailbox, calendar),
        Method::DELETE => delete(write, mailbox, calendar),
        _ => Err(no_such_verb()),
    }
}

fn update(write: &mut Write, mailbox: usize, calendar: usize) -> Answer<Reply> {
    let old = row(write.call, place(write, mailbox), calendar);
    let body = CALENDAR.update(&write.call.json_body()?, &old)?;
    let group = place(write, mailbox).group_of(calendar);
    free(write, mailbox, group, &body, Some(calendar))?;
    let shelf = calendars_shelf(mailbox);
    write
        .ledger
        .set(&shelf, &calendar.to_string(), coloured(body));
    shown(write, mailbox, calendar, 200)
}

/// With all its events; the default calendar stays (FACTS 3.2).
fn delete(write: &mut Write, mailbox: usize, calendar: usize) -> Answer<Reply> {
    no_body(write.call)?;
    if calendar == 0 {
        return Err(Fault::new(
            400,
            "ErrorDeleteDistinguishedFolder",
            "Distinguished folders cannot be deleted.",
        ));
    }
    let place = place(write, mailbox);
    let group = place.group_of(calendar).to_string();
    let events = place.events().into_iter();
    let events: Vec<usize> = events
        .filter(|event| place.event_facts(*event).calendar == calendar)
        .collect();
    let key = calendar.to_string();
    for event in events {
        let shelf = shelf(mailbox);
        write.ledger.delete(&shelf, &event.to_string(), &key);
    }
    write.ledger.delete(&calendars_shelf(mailbox), &key, &group);
    Ok(Reply::empty(204))
}

/// The colour as a number belongs to the colour; what the service would say of one that the world does not have is not known, and so nothing.
fn coloured(mut body: Body) -> Body {
    let hex = match body.get("color").and_then(Value::as_str) {
        None => return body,
        Some("lightBlue") => "#33aaff",
        Some("lightGreen") => "#7bd148",
        Some("lightRed") => "#f83a22",
        Some(_) => "",
    };
    body.insert("hexColor".into(), hex.into());
    body
}

/// 409 for a name that another calendar of the group has, whatever its case (K).
fn free(
    write: &Write,
    mailbox: usize,
    group: usize,
    body: &Body,
    own: Option<usize>,
) -> Answer<()> {
    let Some(name) = body.get("name").and_then(Value::as_str) else {
        return Ok(());
    };
    let place = place(write, mailbox);
    let id = own.map(|own| place.calendar_id(own));
    let others = rows(write.call, place, group);
    let others = others.filter(|row| {
        id.as_ref()
            .is_none_or(|id| row.property("id") != id.as_str())
    });
    match is_taken(others, name) {
        true => Err(exists(name)),
        false => Ok(()),
    }
}

/// Exchange's words for a name that is taken.
pub fn exists(name: &str) -> Fault {
    Fault::new(
        409,
        "ErrorFolderExists",
        format!(
            "A folder with the specified name already exists., Could not create folder '{name}'."
        ),
    )
}

fn shown(write: &Write, mailbox: usize, calendar: usize, status: u16) -> Answer<Reply> {
    let reply = single(write.call, place(write, mailbox), calendar)?;
    Ok(Reply { status, ..reply })
}
