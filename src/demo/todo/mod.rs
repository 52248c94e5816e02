//! To Do: the task lists of a mailbox and their tasks (FACTS 1.8).

mod delta;
pub mod news;
pub mod write;

use serde_json::{Value, json};

use super::call::Call;
use super::delta::is_delta;
use super::directory::json_row;
use super::encoding::base64;
use super::error::{Answer, Fault};
use super::opaque_rows::{find, one, page};
use super::outlook::place::Place;
use super::outlook::{self, Rules};
use super::query::check::Action;
use super::query::row::{JsonRow, Row};
use super::random::mix_text;
use super::reply::Reply;
use super::signin::Caller;
use super::signin::permissions;
use super::time;
use super::world::todo::{self as world, List, Task};

/// "Some OData", says FACTS, without naming any: pages, then, and nothing else.
const LISTS: Rules = Rules {
    type_name: "todoTaskList",
    max: 100,
    options: &["$top", "$skip"],
    ..Rules::BARE
};

/// `status ne 'completed'`, `$top`, `$skip`, `$orderby` (FACTS 1.8); `$select` and all other filters are unproven, so they are refused. Neither are the largest `$top` and the sorts known.
const TASKS: Rules = Rules {
    type_name: "todoTask",
    filters: &[("status", &[Action::Ne])],
    sorts: &[
        "title",
        "status",
        "importance",
        "createdDateTime",
        "lastModifiedDateTime",
        "dueDateTime/dateTime",
    ],
    options: &["$filter", "$orderby", "$top", "$skip"],
    ..LISTS
};

/// Answers below `me/todo` and `users/{id}/todo`.
pub fn respond(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    no_application(call)?;
    match rest {
        ["lists"] => page(call, &LISTS, &place.resource("todo/lists"), lists(place)),
        ["lists", function] if is_delta(function) => delta::of_lists(call, place),
        ["lists", key] => single_list(call, place, key),
        ["lists", key, "tasks"] => {
            let list = list(place, key)?;
            page(call, &TASKS, &address(place, &list), tasks(place, &list))
        }
        ["lists", key, "tasks", function] if is_delta(function) => {
            delta::of_tasks(call, place, &list(place, key)?)
        }
        ["lists", key, "tasks", task] => {
            let list = list(place, key)?;
            single_task(call, place, &list, task)
        }
        ["lists", _, "tasks", _, other, ..] | ["lists", _, other, ..] => {
            Err(Fault::unknown_segment(other))
        }
        _ => Err(Fault::unknown_segment(rest.first().unwrap_or(&"todo"))),
    }
}

/// FACTS 1.8 has no application permission.
fn no_application(call: &Call) -> Answer<()> {
    if call.caller == Caller::Application {
        return Err(permissions::denied());
    }
    Ok(())
}

/// `todo/lists/{id}`
fn single_list(call: &Call, place: Place, key: &str) -> Answer<Reply> {
    outlook::only(&call.query, &[])?;
    let resource = place.resource("todo/lists");
    one(call, &LISTS, &resource, &list(place, key)?)
}

/// `todo/lists/{id}/tasks/{id}`
fn single_task(call: &Call, place: Place, list: &JsonRow, key: &str) -> Answer<Reply> {
    outlook::only(&call.query, &[])?;
    let task = task(place, list, key)?;
    one(call, &TASKS, &address(place, list), &task)
}

/// What the tasks of a list are called in a context.
fn address(place: Place, list: &JsonRow) -> String {
    let resource = place.resource("todo/lists");
    format!("{resource}('{}')/tasks", id(list))
}

/// The shelf of a mailbox's lists, by id.
fn lists_shelf(mailbox: usize) -> String {
    format!("todo/{mailbox}")
}

/// The shelf of a mailbox's tasks, by id; their homes are the ids of lists.
fn tasks_shelf(mailbox: usize) -> String {
    format!("todoTasks/{mailbox}")
}

/// The lists as they are now.
fn lists(place: Place) -> Vec<JsonRow> {
    let generated = world::lists(place.mailbox).iter().map(list_row).collect();
    let shelf = place.ledger.shelf(&lists_shelf(place.mailbox));
    shelf.laid_over("", generated)
}

/// A list by its id; the well-known names are no keys here (FACTS names them as a property only).
fn list(place: Place, key: &str) -> Answer<JsonRow> {
    by_id(lists(place), key)
}

/// The tasks of a list as they are now.
fn tasks(place: Place, list: &JsonRow) -> Vec<JsonRow> {
    let id = id(list);
    let generated = world::lists(place.mailbox);
    let generated = generated.iter().find(|list| list.id() == id);
    let rows = generated.map_or(Vec::new(), |list| {
        (0..list.tasks).map(|task| task_row(list, task)).collect()
    });
    let shelf = place.ledger.shelf(&tasks_shelf(place.mailbox));
    shelf.laid_over(&id, rows)
}

/// A task by its id.
fn task(place: Place, list: &JsonRow, key: &str) -> Answer<JsonRow> {
    by_id(tasks(place, list), key)
}

fn by_id(mut rows: Vec<JsonRow>, key: &str) -> Answer<JsonRow> {
    let number = find(rows.len(), key, |number| id(&rows[number]))?;
    Ok(rows.swap_remove(number))
}

fn id(row: &JsonRow) -> String {
    let id = row.property("id");
    id.as_str().unwrap_or_default().to_string()
}

fn list_row(list: &List) -> JsonRow {
    let id = list.id();
    let value = json!({
        "id": id,
        "displayName": list.name,
        "isOwner": list.number != 4,
        "isShared": list.number >= 3,
        "wellknownListName": list.well_known,
    });
    tagged("todoTaskList", &id, value)
}

fn task_row(list: &List, number: usize) -> JsonRow {
    let task = world::task(list, number);
    let id = list.task_id(number);
    let value = json!({
        "id": id,
        "title": task.title,
        "status": task.status,
        "importance": task.importance,
        "isReminderOn": task.reminder.is_some(),
        "createdDateTime": time::show(task.created),
        "lastModifiedDateTime": time::show(task.modified),
        "bodyLastModifiedDateTime": task.body.as_ref().is_some_and(|body| !body.is_empty()).then(|| time::show(task.modified)),
        "startDateTime": task.start.map(zoned),
        "dueDateTime": task.due.map(zoned),
        "reminderDateTime": task.reminder.map(zoned),
        "completedDateTime": task.completed.map(zoned),
        "body": task.body.as_ref().map(|body| json!({"content": body, "contentType": "text"})),
        "categories": task.categories,
        "hasAttachments": task.attachments,
        "recurrence": recurrence(&task),
    });
    tagged("todoTask", &id, value)
}

/// dateTimeTimeZone: no offset in the text (FACTS 1.8).
fn zoned(at: i64) -> Value {
    json!({"dateTime": time::show_wall(at), "timeZone": "UTC"})
}

fn recurrence(task: &Task) -> Value {
    let Some(every) = task.every else {
        return Value::Null;
    };
    json!({
        "pattern": {"type": "daily", "interval": every, "month": 0, "dayOfMonth": 0, "daysOfWeek": [], "firstDayOfWeek": "sunday", "index": "first"},
        "range": {"type": "noEnd", "startDate": time::show_date(task.created), "endDate": "0001-01-01", "recurrenceTimeZone": "UTC", "numberOfOccurrences": 0},
    })
}

fn tagged(type_name: &'static str, id: &str, value: Value) -> JsonRow {
    let mut row = json_row(type_name, value);
    let tag = base64(&mix_text(id).to_be_bytes());
    row.annotations
        .push(("@odata.etag", json!(format!("W/\"{tag}\""))));
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::collection::survey;

    #[test]
    fn names_exist_and_what_may_be_null_is_null_somewhere() {
        let lists = world::lists(0);
        let rows: Vec<JsonRow> = (0..lists[0].tasks)
            .map(|number| task_row(&lists[0], number))
            .collect();
        assert_eq!(
            survey(&rows),
            (
                Vec::new(),
                vec![
                    "id",
                    "categories",
                    "createdDateTime",
                    "importance",
                    "isReminderOn",
                    "lastModifiedDateTime",
                    "status"
                ]
            )
        );
        let rows: Vec<JsonRow> = lists.iter().map(list_row).collect();
        assert_eq!(survey(&rows).0, [""; 0]);
    }
}
