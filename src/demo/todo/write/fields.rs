//! What of a list or task may be written (FACTS 3.5), and what follows from it.

use serde_json::{Map, Value, json};

use crate::demo::error::Answer;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::time::{self, DAY};
use crate::demo::todo::zoned;
use crate::demo::world::zones;
use crate::demo::write::body::{Body, Fields};

/// FACTS 4.4 has three codes for a bad body and not whose they are; To Do's is this one, as far as known.
const CODE: &str = "invalidRequest";

/// Lists: all but the name is told, not set.
pub const LIST: Fields = Fields {
    type_name: "todoTaskList",
    code: CODE,
    required: &["displayName"],
    on_create: &["displayName"],
    on_update: &["displayName"],
    conditions: &[|body, _| spoken(&LIST, body, "displayName")],
    ..Fields::NONE
};

/// FACTS has no list; these are the properties of the public documentation that it does not call read-only. `linkedResources`, which it takes on a new task, are not: the demo has no place where they could be read.
const SETTABLE: &[&str] = &[
    "body",
    "categories",
    "completedDateTime",
    "dueDateTime",
    "importance",
    "isReminderOn",
    "recurrence",
    "reminderDateTime",
    "startDateTime",
    "status",
    "title",
];

/// Tasks.
pub const TASK: Fields = Fields {
    type_name: "todoTask",
    code: CODE,
    required: &["title"],
    on_create: SETTABLE,
    on_update: SETTABLE,
    conditions: &[|body, _| spoken(&TASK, body, "title")],
    ..Fields::NONE
};

const TIMES: [&str; 4] = [
    "completedDateTime",
    "dueDateTime",
    "reminderDateTime",
    "startDateTime",
];

/// 400 for a name that says nothing.
fn spoken(fields: &Fields, body: &Body, name: &str) -> Answer<()> {
    let says = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    match body.get(name).is_none_or(says) {
        true => Ok(()),
        false => Err(fields.refuse(format!("The property '{name}' must not be empty."))),
    }
}

/// "Body html only on PATCH" (FACTS 3.5): of a change the text is HTML, as it is when nothing is said; a new task may have either.
pub fn html_only(mut sent: Value) -> Answer<Value> {
    let Some(body) = sent.get_mut("body").and_then(Value::as_object_mut) else {
        return Ok(sent);
    };
    let kind = body.entry("contentType").or_insert(json!("html"));
    match kind == "text" {
        false => Ok(sent),
        true => Err(TASK.refuse("The body of a task can be changed to HTML only.")),
    }
}

/// A new task, whole.
pub fn begin(mut body: Body, now: i64) -> Answer<Body> {
    let blank = JsonRow::of("todoTask", blank(now));
    complete(&mut body, &blank, now)?;
    let mut whole = blank.map;
    whole.extend(body);
    Ok(whole)
}

/// Checks what types cannot say, and adds what follows from a change.
pub fn complete(body: &mut Body, old: &JsonRow, now: i64) -> Answer<()> {
    for name in TIMES {
        if let Some(time) = body.get_mut(name).filter(|time| !time.is_null()) {
            *time = in_utc(time).ok_or_else(|| {
                TASK.refuse(format!(
                    "The value of '{name}' is no date and time in a time zone that is known."
                ))
            })?;
        }
    }
    if let Some(recurrence) = body.get_mut("recurrence").filter(|it| !it.is_null()) {
        *recurrence =
            whole(recurrence).ok_or_else(|| TASK.refuse("The recurrence is incomplete."))?;
    }
    if let Some(text) = body.get_mut("body") {
        let content = text["content"].as_str().unwrap_or_default().to_string();
        let kind = text["contentType"].as_str().unwrap_or("text");
        *text = json!({"content": content, "contentType": kind});
        let at = (!content.is_empty()).then(|| time::show(now));
        body.insert("bodyLastModifiedDateTime".into(), json!(at));
    }
    remind(body);
    settle(body, old, now)
}

/// The same instant as To Do tells it. The documentation speaks of days, but FACTS does not say that times are cut off.
fn in_utc(value: &Value) -> Option<Value> {
    let zone = zones::find(value["timeZone"].as_str().unwrap_or("UTC"))?;
    let wall = time::parse_wall(value["dateTime"].as_str()?)?;
    Some(zoned(zone.to_utc(wall)))
}

/// A reminder is on when it has a time, unless somebody says otherwise; one that is off has no time, as in the generated tasks.
fn remind(body: &mut Body) {
    let time = body.get("reminderDateTime").map(|time| !time.is_null());
    match (body.get("isReminderOn"), time) {
        (None, Some(on)) => {
            body.insert("isReminderOn".into(), json!(on));
        }
        (Some(Value::Bool(false)), _) => {
            body.insert("reminderDateTime".into(), Value::Null);
        }
        _ => {}
    }
}

/// A task is completed when it says when, and the other way round. FACTS is silent: the service's own time is the day, as in the generated tasks, and a contradiction is refused.
fn settle(body: &mut Body, old: &JsonRow, now: i64) -> Answer<()> {
    let status = body.get("status").map(|status| status == "completed");
    let at = body.get("completedDateTime").map(|at| !at.is_null());
    let was = old.property("status") == "completed";
    let done = match (status, at) {
        (Some(false), Some(true)) => {
            return Err(TASK.refuse("Only a completed task has a 'completedDateTime'."));
        }
        (Some(done), _) | (None, Some(done)) => done,
        (None, None) => return Ok(()),
    };
    if !done {
        body.insert("completedDateTime".into(), Value::Null);
    } else if at == Some(false) || at.is_none() && !was {
        let today = now.div_euclid(DAY) * DAY;
        body.insert("completedDateTime".into(), zoned(today));
    }
    if status.is_none() && done != was {
        let status = if done { "completed" } else { "notStarted" };
        body.insert("status".into(), json!(status));
    }
    Ok(())
}

/// A recurrence with the members that a client may leave out; none where one is missing that its types need.
fn whole(sent: &Value) -> Option<Value> {
    let mut pattern = json!({"month": 0, "dayOfMonth": 0, "daysOfWeek": [], "firstDayOfWeek": "sunday", "index": "first"});
    let mut range =
        json!({"endDate": "0001-01-01", "recurrenceTimeZone": "UTC", "numberOfOccurrences": 0});
    fill(&mut pattern, sent["pattern"].as_object()?);
    fill(&mut range, sent["range"].as_object()?);
    let above_0 = |number: &Value| number.as_i64().is_some_and(|number| number > 0);
    let weekdays = || {
        let days = pattern["daysOfWeek"].as_array();
        days.is_some_and(|days| !days.is_empty())
    };
    let (day, month) = (above_0(&pattern["dayOfMonth"]), above_0(&pattern["month"]));
    let repeats = match pattern["type"].as_str()? {
        "daily" => true,
        "absoluteMonthly" => day,
        "absoluteYearly" => day && month,
        "relativeYearly" => weekdays() && month,
        _ => weekdays(),
    };
    let ends = match range["type"].as_str()? {
        "endDate" => sent["range"]["endDate"].is_string(),
        "numbered" => above_0(&range["numberOfOccurrences"]),
        _ => true,
    };
    let good = repeats && ends && above_0(&pattern["interval"]) && range["startDate"].is_string();
    good.then(|| json!({"pattern": pattern, "range": range}))
}

fn fill(blank: &mut Value, sent: &Map<String, Value>) {
    for (name, value) in sent.iter().filter(|(_, value)| !value.is_null()) {
        blank[name] = value.clone();
    }
}

/// A task that says nothing.
fn blank(now: i64) -> Value {
    let at = time::show(now);
    json!({
        "status": "notStarted", "importance": "normal", "isReminderOn": false, "categories": [],
        "hasAttachments": false, "body": {"content": "", "contentType": "text"},
        "createdDateTime": at, "lastModifiedDateTime": at,
    })
}
