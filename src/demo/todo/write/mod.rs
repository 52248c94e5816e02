//! Writes to the task lists of To Do and their tasks (FACTS 3.5). FACTS has the requests for tasks; those for lists are the like ones of the public documentation.

mod fields;
#[cfg(test)]
mod tests;

use http::Method;
use serde_json::{Value, json};

use self::fields::{LIST, TASK, begin, complete, html_only};
use super::{list, lists_shelf, no_application, tagged, task, tasks_shelf};
use crate::demo::error::Answer;
use crate::demo::outlook::place::Place;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::world::opaque;
use crate::demo::world::people::User;
use crate::demo::write::etag;
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_options};

/// Answers a write below a user's `todo`.
pub fn respond(write: &mut Write, user: &User, rest: &[&str]) -> Answer<Reply> {
    no_application(write.call)?;
    let mailbox = write.place(user)?.mailbox;
    no_options(write.call)?;
    fits(write.call)?;
    match rest {
        ["lists"] if write.method == Method::POST => create_list(write, mailbox),
        ["lists", key] => below_list(write, mailbox, key),
        ["lists", key, "tasks"] if write.method == Method::POST => {
            let list = list(place(write, mailbox), key)?;
            create_task(write, mailbox, &list)
        }
        ["lists", key, "tasks", task] => below_task(write, mailbox, key, task),
        _ => Err(no_such_verb()),
    }
}

/// The mailbox as the write has left it so far.
fn place<'w>(write: &'w Write, mailbox: usize) -> Place<'w> {
    Place {
        mailbox,
        users: &write.tenant.users,
        ledger: write.ledger,
    }
}

fn below_list(write: &mut Write, mailbox: usize, key: &str) -> Answer<Reply> {
    let change = changes(write.method)?;
    let row = list(place(write, mailbox), key)?;
    etag::as_seen(write.call, &row)?;
    match change {
        Change::Update => update_list(write, mailbox, &row),
        Change::Delete => delete_list(write, mailbox, &row),
    }
}

fn below_task(write: &mut Write, mailbox: usize, key: &str, task_key: &str) -> Answer<Reply> {
    let change = changes(write.method)?;
    let list = list(place(write, mailbox), key)?;
    let row = task(place(write, mailbox), &list, task_key)?;
    // "No etag needed" (FACTS 3.5): one that is sent counts all the same.
    etag::as_seen(write.call, &row)?;
    match change {
        Change::Update => update_task(write, mailbox, &list, &row),
        Change::Delete => {
            let (shelf, list) = (tasks_shelf(mailbox), super::id(&list));
            write.ledger.delete(&shelf, task_key, &list);
            Ok(Reply::empty(204))
        }
    }
}

/// What may happen to a thing that is there.
enum Change {
    Update,
    Delete,
}

fn changes(method: &Method) -> Answer<Change> {
    match *method {
        Method::PATCH => Ok(Change::Update),
        Method::DELETE => Ok(Change::Delete),
        _ => Err(no_such_verb()),
    }
}

/// `POST lists`. Names may repeat, as those of the generated lists nearly do.
fn create_list(write: &mut Write, mailbox: usize) -> Answer<Reply> {
    let body = LIST.create(&write.call.json_body()?)?;
    let id = opaque::id("AQMkADAw", &[3, mailbox as u64, number(write)]);
    let row = json!({
        "id": id, "displayName": body["displayName"],
        "isOwner": true, "isShared": false, "wellknownListName": "none",
    });
    let row = tagged("todoTaskList", &id, row);
    write.ledger.create(&lists_shelf(mailbox), &id, "", row);
    shown_list(write, mailbox, &id, 201)
}

/// `PATCH lists/{id}`
fn update_list(write: &mut Write, mailbox: usize, row: &JsonRow) -> Answer<Reply> {
    let body = LIST.update(&write.call.json_body()?, row)?;
    ordinary(row)?;
    let id = super::id(row);
    write.ledger.set(&lists_shelf(mailbox), &id, body);
    shown_list(write, mailbox, &id, 200)
}

/// `DELETE lists/{id}`: its tasks are nowhere to be found then.
fn delete_list(write: &mut Write, mailbox: usize, row: &JsonRow) -> Answer<Reply> {
    ordinary(row)?;
    let shelf = lists_shelf(mailbox);
    write.ledger.delete(&shelf, &super::id(row), "");
    Ok(Reply::empty(204))
}

/// 400 for a built-in list, which stays what it is. FACTS has no code for it.
fn ordinary(list: &JsonRow) -> Answer<()> {
    match list.property("wellknownListName") == "none" {
        true => Ok(()),
        false => Err(LIST.refuse("A built-in list cannot be renamed or deleted.")),
    }
}

/// `POST lists/{id}/tasks`
fn create_task(write: &mut Write, mailbox: usize, list: &JsonRow) -> Answer<Reply> {
    let body = TASK.create(&write.call.json_body()?)?;
    let id = opaque::id("AAMkAGVm", &[4, mailbox as u64, number(write)]);
    let mut whole = begin(body, write.ledger.now())?;
    whole.insert("id".into(), json!(id));
    let row = tagged("todoTask", &id, Value::Object(whole));
    let home = super::id(list);
    write.ledger.create(&tasks_shelf(mailbox), &id, &home, row);
    shown_task(write, mailbox, list, &id, 201)
}

/// `PATCH lists/{id}/tasks/{id}`. One that recurs is completed like any other: FACTS says nothing of a next one.
fn update_task(write: &mut Write, mailbox: usize, list: &JsonRow, row: &JsonRow) -> Answer<Reply> {
    let sent = html_only(write.call.json_body()?)?;
    let now = write.ledger.now();
    let mut body = TASK.update(&sent, row)?;
    complete(&mut body, row, now)?;
    body.insert("lastModifiedDateTime".into(), json!(time::show(now)));
    let id = super::id(row);
    write.ledger.set(&tasks_shelf(mailbox), &id, body);
    shown_task(write, mailbox, list, &id, 200)
}

/// A number for the id of something new.
fn number(write: &mut Write) -> u64 {
    write.ledger.number() as u64
}

fn shown_list(write: &Write, mailbox: usize, id: &str, status: u16) -> Answer<Reply> {
    let reply = super::single_list(write.call, place(write, mailbox), id)?;
    Ok(Reply { status, ..reply })
}

fn shown_task(
    write: &Write,
    mailbox: usize,
    list: &JsonRow,
    id: &str,
    status: u16,
) -> Answer<Reply> {
    let reply = super::single_task(write.call, place(write, mailbox), list, id)?;
    Ok(Reply { status, ..reply })
}
