//! Writes to Planner (FACTS 3.5): buckets, tasks and their details. A change wants the etag that the caller saw last.

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use super::{
    BUCKETS, DETAILS, TASKS, bucket, details, find_plan, hint, not_found, one, tagged, task,
};
use crate::demo::encoding::base64_url;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::mix;
use crate::demo::reply::Reply;
use crate::demo::signin::Caller;
use crate::demo::time;
use crate::demo::write::body::{Body, Fields};
use crate::demo::write::etag::{Match, if_match};
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_body, no_options};

/// Planner's codes are empty (FACTS 4.4).
const TASK: Fields = Fields {
    type_name: "plannerTask",
    code: "",
    required: &["planId", "title"],
    on_create: &[
        "appliedCategories",
        "assigneePriority",
        "assignments",
        "bucketId",
        "conversationThreadId",
        "dueDateTime",
        "orderHint",
        "percentComplete",
        "planId",
        "priority",
        "startDateTime",
        "title",
    ],
    on_update: &[
        "appliedCategories",
        "assigneePriority",
        "assignments",
        "bucketId",
        "conversationThreadId",
        "dueDateTime",
        "orderHint",
        "percentComplete",
        "priority",
        "startDateTime",
        "title",
    ],
    ..Fields::NONE
};

const BUCKET: Fields = Fields {
    type_name: "plannerBucket",
    code: "",
    required: &["name", "planId"],
    on_create: &["name", "orderHint", "planId"],
    on_update: &["name", "orderHint"],
    ..Fields::NONE
};

const TASK_DETAILS: Fields = Fields {
    type_name: "plannerTaskDetails",
    code: "",
    on_update: &["checklist", "description", "previewType", "references"],
    ..Fields::NONE
};

/// Answers a write below `planner`.
pub fn respond(write: &mut Write, rest: &[&str]) -> Answer<Reply> {
    no_options(write.call)?;
    fits(write.call)?;
    match (write.method.as_str(), rest) {
        ("POST", ["tasks"]) => create_task(write),
        ("PATCH", ["tasks", key]) => update_task(write, key),
        ("DELETE", ["tasks", key]) => delete_task(write, key),
        ("PATCH", ["tasks", key, "details"]) => update_details(write, key),
        ("POST", ["buckets"]) => create_bucket(write),
        ("PATCH", ["buckets", key]) => update_bucket(write, key),
        ("DELETE", ["buckets", key]) => delete_bucket(write, key),
        _ => Err(no_such_verb()),
    }
}

fn create_task(write: &mut Write) -> Answer<Reply> {
    let mut body = TASK.create(&write.call.json_body()?)?;
    let blank = JsonRow::of("plannerTask", json!({"planId": body["planId"]}));
    let plan = body["planId"].as_str().unwrap_or("").to_string();
    find_plan(&plan)?;
    complete(write, &mut body, &blank)?;
    let id = new_id(write);
    let by = caller(write);
    let mut row = tagged(
        "plannerTask",
        "Task",
        &id,
        json!({
            "id": id, "orderHint": hint(write.ledger.writes()), "percentComplete": 0, "priority": 5,
            "createdDateTime": time::show(write.ledger.now()), "createdBy": by,
            "hasDescription": false, "previewType": "automatic", "referenceCount": 0,
            "checklistItemCount": 0, "activeChecklistItemCount": 0,
            "appliedCategories": {}, "assignments": {},
        }),
    );
    row.map.extend(body);
    write.ledger.create(TASKS, &id, &plan, row);
    let none = json!({"id": id, "description": null, "previewType": "automatic", "checklist": {}, "references": {}});
    let none = tagged("plannerTaskDetails", "TaskDetails", &id, none);
    write.ledger.create(DETAILS, &id, &id, none);
    let (_, row) = task(write.tenant, write.ledger, &id)?;
    made(one(write.call, "tasks", row)?, write, "tasks", &id)
}

fn update_task(write: &mut Write, key: &str) -> Answer<Reply> {
    let (_, row) = task(write.tenant, write.ledger, key)?;
    seen(write, &row)?;
    let mut body = TASK.update(&write.call.json_body()?, &row)?;
    complete(write, &mut body, &row)?;
    write.ledger.set(TASKS, key, body);
    let (_, row) = task(write.tenant, write.ledger, key)?;
    changed(write, "tasks", row)
}

fn delete_task(write: &mut Write, key: &str) -> Answer<Reply> {
    no_body(write.call)?;
    let (_, row) = task(write.tenant, write.ledger, key)?;
    seen(write, &row)?;
    remove_task(write, &row);
    Ok(Reply::empty(204))
}

fn remove_task(write: &mut Write, row: &JsonRow) {
    let (id, plan) = (row.property("id"), row.property("planId"));
    let (id, plan) = (id.as_str().unwrap_or(""), plan.as_str().unwrap_or(""));
    write.ledger.delete(TASKS, id, plan);
    write.ledger.delete(DETAILS, id, id);
}

fn update_details(write: &mut Write, key: &str) -> Answer<Reply> {
    let (plan, _) = task(write.tenant, write.ledger, key)?;
    let row = details(write.tenant, write.ledger, plan, key)?;
    seen(write, &row)?;
    let mut body = TASK_DETAILS.update(&write.call.json_body()?, &row)?;
    let stamp = json!({"lastModifiedBy": caller(write), "lastModifiedDateTime": time::show(write.ledger.now())});
    for (name, kind) in [
        ("checklist", "plannerChecklistItem"),
        ("references", "plannerExternalReference"),
    ] {
        entries(&mut body, &row, name, kind, &stamp)?;
    }
    write.ledger.set(DETAILS, key, body);
    let row = details(write.tenant, write.ledger, plan, key)?;
    write.ledger.set(TASKS, key, summary(&row));
    changed(write, "tasks/details", row)
}

/// What a task tells of its details.
fn summary(details: &JsonRow) -> Body {
    let size = |name: &str| details.property(name).as_object().map_or(0, Map::len);
    let checklist = details.property("checklist");
    let items = checklist.as_object().into_iter().flatten();
    let open = items
        .filter(|(_, item)| item["isChecked"] != json!(true))
        .count();
    let described = details.property("description");
    let described = described.as_str().is_some_and(|text| !text.is_empty());
    object(json!({
        "hasDescription": described, "previewType": details.property("previewType"),
        "referenceCount": size("references"), "checklistItemCount": size("checklist"),
        "activeChecklistItemCount": open,
    }))
}

fn create_bucket(write: &mut Write) -> Answer<Reply> {
    let mut body = BUCKET.create(&write.call.json_body()?)?;
    let plan = body["planId"].as_str().unwrap_or("").to_string();
    find_plan(&plan)?;
    check_bucket(write, &mut body)?;
    let id = new_id(write);
    let first = json!({"id": id, "orderHint": hint(write.ledger.writes())});
    let mut row = tagged("plannerBucket", "Bucket", &id, first);
    row.map.extend(body);
    write.ledger.create(BUCKETS, &id, &plan, row);
    let (_, row) = bucket(write.ledger, &id)?;
    made(one(write.call, "buckets", row)?, write, "buckets", &id)
}

fn update_bucket(write: &mut Write, key: &str) -> Answer<Reply> {
    let (_, row) = bucket(write.ledger, key)?;
    seen(write, &row)?;
    let mut body = BUCKET.update(&write.call.json_body()?, &row)?;
    check_bucket(write, &mut body)?;
    write.ledger.set(BUCKETS, key, body);
    let (_, row) = bucket(write.ledger, key)?;
    changed(write, "buckets", row)
}

/// The tasks in a bucket go with it (K).
fn delete_bucket(write: &mut Write, key: &str) -> Answer<Reply> {
    no_body(write.call)?;
    let (plan, row) = bucket(write.ledger, key)?;
    seen(write, &row)?;
    let mut tasks = super::task_rows(write.tenant, write.ledger, &[plan]);
    tasks.retain(|task| task.property("bucketId") == *key);
    for task in &tasks {
        remove_task(write, task);
    }
    let home = row.property("planId");
    write
        .ledger
        .delete(BUCKETS, key, home.as_str().unwrap_or(""));
    Ok(Reply::empty(204))
}

fn check_bucket(write: &Write, body: &mut Body) -> Answer<()> {
    if body
        .get("name")
        .is_some_and(|name| name.is_null() || name == "")
    {
        return Err(BUCKET.refuse("The name of a bucket must not be empty."));
    }
    order(write, body);
    Ok(())
}

/// 412 for an etag that is stale or missing (FACTS 3.5).
fn seen(write: &Write, row: &JsonRow) -> Answer<()> {
    let annotations = row.annotations();
    let etag = annotations.iter().find(|(name, _)| *name == "@odata.etag");
    let etag = etag.and_then(|(_, etag)| etag.as_str()).unwrap_or("");
    let refuse = |message: &str| Err(Fault::new(412, "", message));
    match if_match(write.call, etag) {
        Match::Fits => Ok(()),
        Match::Absent => refuse("The If-Match header must be specified for this type of request."),
        Match::Stale => refuse(
            "The attempted changes conflicted with newer changes. Please read the item again.",
        ),
    }
}

/// 204, or 200 and the item for `Prefer: return=representation` (FACTS 3.5).
fn changed(write: &Write, resource: &str, row: JsonRow) -> Answer<Reply> {
    if write.call.prefer("return").as_deref() != Some("representation") {
        return Ok(Reply::empty(204));
    }
    let reply = one(write.call, resource, row)?;
    Ok(reply.header("Preference-Applied", "return=representation"))
}

fn made(mut reply: Reply, write: &Write, resource: &str, id: &str) -> Answer<Reply> {
    reply.status = 201;
    let address = format!("{}/planner/{resource}/{id}", write.call.base());
    Ok(reply.header("Location", address))
}

/// Checks what names and types do not say of a task, and adds what follows from it.
fn complete(write: &Write, body: &mut Body, old: &JsonRow) -> Answer<()> {
    let title = body.get("title").map(|title| title.as_str().unwrap_or(""));
    if title.is_some_and(|title| title.is_empty() || title.chars().count() > 255) {
        return Err(TASK.refuse("The title of a task has 1 to 255 characters."));
    }
    for (name, most) in [("percentComplete", 100), ("priority", 10)] {
        let number = body.get(name).map(|value| value.as_i64().unwrap_or(-1));
        if number.is_some_and(|number| !(0..=most).contains(&number)) {
            return Err(TASK.refuse(format!("'{name}' must be between 0 and {most}.")));
        }
    }
    if let Some(key) = body.get("bucketId").and_then(Value::as_str) {
        let (_, bucket) = bucket(write.ledger, key)?;
        if bucket.property("planId") != old.property("planId") {
            return Err(TASK.refuse("The bucket is one of another plan."));
        }
    }
    categories(body)?;
    let now = time::show(write.ledger.now());
    let stamp = json!({"assignedBy": caller(write), "assignedDateTime": now});
    entries(body, old, "assignments", "plannerAssignment", &stamp)?;
    assigned(write, body)?;
    if let Some(percent) = body.get("percentComplete").and_then(Value::as_i64) {
        let done = percent == 100;
        let was = old.property("percentComplete") == json!(100);
        if done && !was {
            body.insert("completedDateTime".into(), json!(now));
            body.insert("completedBy".into(), caller(write));
        } else if !done {
            body.insert("completedDateTime".into(), Value::Null);
            body.insert("completedBy".into(), Value::Null);
        }
    }
    order(write, body);
    Ok(())
}

/// Labels are there or not: `false` and null take one away.
fn categories(body: &mut Body) -> Answer<()> {
    let Some(Value::Object(labels)) = body.get_mut("appliedCategories") else {
        return Ok(());
    };
    labels.retain(|name, _| !name.starts_with('@'));
    let known = |name: &String| {
        let number = name
            .strip_prefix("category")
            .and_then(|text| text.parse().ok());
        number.is_some_and(|number: usize| (1..=25).contains(&number))
    };
    if !labels
        .iter()
        .all(|(name, value)| known(name) && (value.is_boolean() || value.is_null()))
    {
        return Err(TASK.refuse("Labels are category1 to category25, true or false."));
    }
    labels.retain(|_, value| *value == json!(true));
    Ok(())
}

/// Tasks are assigned to users who are there.
fn assigned(write: &Write, body: &Body) -> Answer<()> {
    let all = body.get("assignments").and_then(Value::as_object);
    for id in all.into_iter().flat_map(Map::keys) {
        let mut users = write.tenant.now.all.iter();
        if !users.any(|user| user.id == *id) {
            return Err(not_found());
        }
    }
    Ok(())
}

/// The entries of an open type, which the body has merged over the old ones: null takes one away, and each that is sent must say its type (FACTS 3.5). New ones get a stamp; in details changed ones too.
fn entries(body: &mut Body, old: &JsonRow, name: &str, kind: &str, stamp: &Value) -> Answer<()> {
    let Some(Value::Object(all)) = body.get_mut(name) else {
        return Ok(());
    };
    all.retain(|key, value| !key.starts_with('@') && !value.is_null());
    let before = old.property(name);
    for (key, value) in all
        .iter_mut()
        .filter(|(key, value)| before.get(key) != Some(value))
    {
        let typed = value["@odata.type"]
            .as_str()
            .map(|named| named.trim_start_matches('#'));
        if typed.and_then(|named| named.strip_prefix("microsoft.graph.")) != Some(kind) {
            return Err(TASK.refuse(format!(
                "An entry of '{name}' must be of type 'microsoft.graph.{kind}'."
            )));
        }
        let mut whole = before.get(key).cloned().map(object).unwrap_or_default();
        let assignment = kind == "plannerAssignment";
        if whole.is_empty() || !assignment {
            whole.extend(object(stamp.clone()));
        }
        let sent = object(value.take());
        if let Some(field) = sent.keys().find(|field| !settable(kind, field)) {
            return Err(TASK.refuse(format!("The property '{field}' cannot be set.")));
        }
        if sent
            .get("isChecked")
            .is_some_and(|checked| !checked.is_boolean())
        {
            return Err(TASK.refuse("'isChecked' must be true or false."));
        }
        whole.extend(sent);
        for hinted in ["orderHint", "previewPriority"] {
            if let Some(value) = whole.get_mut(hinted) {
                *value = settled(value, mix(&[204, key.len() as u64]) % 1_000);
            }
        }
        *value = Value::Object(whole);
    }
    Ok(())
}

fn settable(kind: &str, field: &str) -> bool {
    let names: &[&str] = match kind {
        "plannerAssignment" => &["orderHint"],
        "plannerChecklistItem" => &["title", "isChecked", "orderHint"],
        _ => &["alias", "type", "previewPriority"],
    };
    field == "@odata.type" || names.contains(&field)
}

fn order(write: &Write, body: &mut Body) {
    for name in ["orderHint", "assigneePriority"] {
        if let Some(value) = body.get_mut(name) {
            *value = settled(value, 1_000 + write.ledger.writes());
        }
    }
}

/// A client says between which hints one stands, `a b!`; the service makes a hint of it (R/planner-order-hint-format).
fn settled(asked: &Value, number: u64) -> Value {
    match asked.as_str() {
        Some(text) if text.ends_with('!') => json!(hint(number)),
        _ => asked.clone(),
    }
}

fn caller(write: &Write) -> Value {
    let user = match &write.call.caller {
        Caller::Delegated { id, .. } => json!({"displayName": null, "id": id}),
        Caller::Application => Value::Null,
    };
    json!({"user": user, "application": {"displayName": null, "id": "09abbdfd-ed23-44ee-a2d9-a627aa1c90f3"}})
}

/// An id of 28 characters.
fn new_id(write: &mut Write) -> String {
    let number = write.ledger.number() as u64;
    let bytes: Vec<u8> = (0..3)
        .flat_map(|salt| mix(&[205, salt, number]).to_be_bytes())
        .collect();
    base64_url(&bytes[..21])
}

fn object(value: Value) -> Body {
    match value {
        Value::Object(map) => map,
        _ => Body::new(),
    }
}
