//! Calendar groups are made, renamed and, when they are empty, thrown away (FACTS 3.2). The codes of refusals are K.

use http::Method;
use serde_json::Value;

use super::calendars::{exists, named};
use super::place;
use crate::demo::calendar::groups::{is_built_in, row, rows, single};
use crate::demo::calendar::shelf::{groups_shelf, is_taken};
use crate::demo::encoding::percent_encode;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::world::ids::Kind;
use crate::demo::write::body::{Body, Fields};
use crate::demo::write::no_body;
use crate::demo::write::route::{Write, no_such_verb};

/// My Calendars, where a new calendar stands for which no group is named.
pub const MINE: usize = 0;

const GROUP: Fields = Fields {
    type_name: "calendarGroup",
    code: "ErrorInvalidRequest",
    required: &["name"],
    on_create: &["name"],
    on_update: &["name"],
    conditions: &[named],
    ..Fields::NONE
};

/// `POST calendarGroups`
pub fn create(write: &mut Write, mailbox: usize) -> Answer<Reply> {
    if write.method != Method::POST {
        return Err(no_such_verb());
    }
    let body = GROUP.create(&write.call.json_body()?)?;
    free(write, mailbox, &body, None)?;
    let group = write.ledger.number();
    let row = JsonRow {
        type_name: "calendarGroup",
        map: body,
        annotations: Vec::new(),
    };
    let shelf = groups_shelf(mailbox);
    write.ledger.create(&shelf, &group.to_string(), "", row);
    let reply = shown(write, mailbox, group, 201)?;
    let place = place(write, mailbox);
    let id = percent_encode(&place.container_id(Kind::CalendarGroup, group));
    let owner = &place.owner().id;
    let base = write.call.base();
    let address = format!("{base}/users('{owner}')/calendarGroups('{id}')");
    Ok(reply.header("Location", address))
}

/// `PATCH calendarGroups/{id}`, `DELETE calendarGroups/{id}`
pub fn one(write: &mut Write, mailbox: usize, group: usize) -> Answer<Reply> {
    match *write.method {
        Method::PATCH => update(write, mailbox, group),
        Method::DELETE => delete(write, mailbox, group),
        _ => Err(no_such_verb()),
    }
}

fn update(write: &mut Write, mailbox: usize, group: usize) -> Answer<Reply> {
    let old = row(place(write, mailbox), group);
    let body = GROUP.update(&write.call.json_body()?, &old)?;
    free(write, mailbox, &body, Some(group))?;
    let shelf = groups_shelf(mailbox);
    write.ledger.set(&shelf, &group.to_string(), body);
    shown(write, mailbox, group, 200)
}

/// One that is empty (FACTS 3.2, K), and that somebody made: the others are the mailbox's own (K).
fn delete(write: &mut Write, mailbox: usize, group: usize) -> Answer<Reply> {
    no_body(write.call)?;
    if is_built_in(group) {
        return Err(refused(
            "ErrorDeleteDistinguishedFolder",
            "This calendar group cannot be deleted.",
        ));
    }
    if !place(write, mailbox).calendars_in(group).is_empty() {
        return Err(refused(
            "ErrorInvalidRequest",
            "A calendar group that is not empty cannot be deleted.",
        ));
    }
    let shelf = groups_shelf(mailbox);
    write.ledger.delete(&shelf, &group.to_string(), "");
    Ok(Reply::empty(204))
}

fn refused(code: &'static str, reason: &str) -> Fault {
    Fault::new(400, code, reason)
}

/// 409 for a name that another group has, whatever its case (K).
fn free(write: &Write, mailbox: usize, body: &Body, own: Option<usize>) -> Answer<()> {
    let Some(name) = body.get("name").and_then(Value::as_str) else {
        return Ok(());
    };
    let place = place(write, mailbox);
    let id = own.map(|own| place.container_id(Kind::CalendarGroup, own));
    let others = rows(place);
    let others = others.filter(|row| {
        id.as_ref()
            .is_none_or(|id| row.property("id") != id.as_str())
    });
    match is_taken(others, name) {
        true => Err(exists(name)),
        false => Ok(()),
    }
}

fn shown(write: &Write, mailbox: usize, group: usize, status: u16) -> Answer<Reply> {
    let reply = single(write.call, place(write, mailbox), group)?;
    Ok(Reply { status, ..reply })
}
