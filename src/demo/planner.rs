//! Planner: plans, buckets, tasks and their details. Every query option is silently ignored and nothing is paged (FACTS 1.8, 2.1).

pub mod write;

use serde_json::{Map, Value, json};

use super::Tenant;
use super::call::Call;
use super::collection::{self, Nulls, Rules};
use super::directory::json_row;
use super::encoding::base64;
use super::error::{Answer, Fault};
use super::query::row::{JsonRow, Row};
use super::random::{guid, mix};
use super::reply::Reply;
use super::time;
use super::world::conversations;
use super::world::groups::is_unified;
use super::world::people::User;
use super::world::planner::{self as world, Kind, PLANS, Plan, Task};
use super::write::ledger::Ledger;

/// The shelves of tasks and buckets, whose homes are plans, and of details, whose home is their task; all by id.
const TASKS: &str = "planner/tasks";
const BUCKETS: &str = "planner/buckets";
const DETAILS: &str = "planner/details";

/// Nothing is ever refused: the options do not reach this.
const fn rules(type_name: &'static str) -> Rules {
    Rules {
        type_name,
        code: "",
        options: &[],
        options_on_one: &[],
        filters: &[],
        sorts: &[],
        hidden: &[],
        pages: None,
        nulls: Nulls::Sent,
    }
}

/// Answers below `planner`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    match rest {
        ["plans", key, below @ ..] => below_plan(call, tenant, find_plan(key)?, below),
        ["buckets", key] => {
            let (_, bucket) = bucket(&call.ledger, key)?;
            one(call, "buckets", bucket)
        }
        ["buckets", key, "tasks"] => {
            let (plan, _) = bucket(&call.ledger, key)?;
            let mut tasks = task_rows(tenant, &call.ledger, &[plan]);
            tasks.retain(|task| task.property("bucketId") == *key);
            many(call, "tasks", tasks)
        }
        ["tasks", key, below @ ..] => {
            let (plan, row) = task(tenant, &call.ledger, key)?;
            match below {
                [] => one(call, "tasks", row),
                ["details"] => one(
                    call,
                    "tasks/details",
                    details(tenant, &call.ledger, plan, key)?,
                ),
                [other, ..] => Err(Fault::unknown_segment(other)),
            }
        }
        // All plans, buckets or tasks of the tenant are served nowhere (FACTS 1.8 lists no such address).
        ["plans" | "buckets" | "tasks"] => Err(Fault::bad_request(
            "The entity set cannot be listed without a parent.",
        )),
        _ => Err(Fault::unknown_segment(rest.first().unwrap_or(&""))),
    }
}

/// Answers below `me/planner` and `users/{id}/planner`: plans shared with the user, tasks assigned to the user.
pub fn of_user(call: &Call, tenant: &Tenant, user: &User, rest: &[&str]) -> Answer<Reply> {
    match rest {
        ["plans"] => {
            let shared = PLANS
                .iter()
                .filter(|plan| plan.shared_with.contains(&user.index));
            many(
                call,
                "plans",
                shared.map(|plan| plan_row(tenant, plan)).collect(),
            )
        }
        ["tasks"] => {
            let plans: Vec<&Plan> = PLANS.iter().collect();
            let mut tasks = task_rows(tenant, &call.ledger, &plans);
            tasks.retain(|task| task.property("assignments").get(&user.id).is_some());
            many(call, "tasks", tasks)
        }
        _ => Err(Fault::unknown_segment(rest.first().unwrap_or(&"planner"))),
    }
}

/// Answers below `groups/{id}/planner`. Only a Microsoft 365 group owns plans; what another one says is undocumented, so it is refused as a thing that is not there.
pub fn of_group(call: &Call, tenant: &Tenant, group: usize, rest: &[&str]) -> Answer<Reply> {
    if rest != ["plans"] {
        return Err(Fault::unknown_segment(rest.first().unwrap_or(&"planner")));
    }
    if !is_unified(group) {
        return Err(not_found());
    }
    let own = PLANS.iter().filter(|plan| plan.group == group);
    many(
        call,
        "plans",
        own.map(|plan| plan_row(tenant, plan)).collect(),
    )
}

fn below_plan(call: &Call, tenant: &Tenant, plan: &'static Plan, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => one(call, "plans", plan_row(tenant, plan)),
        ["details"] => one(call, "plans/details", plan_details(tenant, plan)),
        ["buckets"] => many(call, "buckets", bucket_rows(&call.ledger, plan)),
        ["tasks"] => many(call, "tasks", task_rows(tenant, &call.ledger, &[plan])),
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

fn many(call: &Call, resource: &str, rows: Vec<JsonRow>) -> Answer<Reply> {
    let type_name = rows.first().map_or("plannerTask", |row| row.type_name);
    collection::list(
        &collection::deaf(call),
        &rules(type_name),
        &format!("planner/{resource}"),
        rows,
    )
}

fn one(call: &Call, resource: &str, row: JsonRow) -> Answer<Reply> {
    collection::single(
        &collection::deaf(call),
        &rules(row.type_name),
        &format!("planner/{resource}"),
        &row,
    )
}

/// Ids are compared with regard to case (FACTS 1.8).
fn find_plan(key: &str) -> Answer<&'static Plan> {
    PLANS
        .iter()
        .find(|plan| world::id(Kind::Plan, plan.number, 0) == key)
        .ok_or_else(not_found)
}

/// A bucket and its plan.
fn bucket(ledger: &Ledger, key: &str) -> Answer<(&'static Plan, JsonRow)> {
    find_row(key, |plan| bucket_rows(ledger, plan))
}

/// A task and its plan.
fn task(tenant: &Tenant, ledger: &Ledger, key: &str) -> Answer<(&'static Plan, JsonRow)> {
    find_row(key, |plan| task_rows(tenant, ledger, &[plan]))
}

fn find_row(
    key: &str,
    rows: impl Fn(&'static Plan) -> Vec<JsonRow>,
) -> Answer<(&'static Plan, JsonRow)> {
    let find = |plan: &'static Plan| {
        let mut rows = rows(plan).into_iter();
        Some((plan, rows.find(|row| row.property("id") == *key)?))
    };
    PLANS.iter().find_map(find).ok_or_else(not_found)
}

/// The details of a task that is there.
fn details(tenant: &Tenant, ledger: &Ledger, plan: &'static Plan, key: &str) -> Answer<JsonRow> {
    let mut numbers = 0..plan.tasks;
    let number = numbers.find(|number| world::id(Kind::Task, plan.number, *number) == key);
    let made = number.map(|number| {
        let task = world::task(plan, &tenant.groups, number);
        task_details(tenant, plan, &task)
    });
    let rows = ledger
        .shelf(DETAILS)
        .laid_over(key, made.into_iter().collect());
    rows.into_iter().next().ok_or_else(not_found)
}

/// Planner's refusals have an empty code (FACTS 4.4).
fn not_found() -> Fault {
    Fault::new(404, "", "The requested item is not found.")
}

fn plan_row(tenant: &Tenant, plan: &Plan) -> JsonRow {
    let group = &tenant.groups[plan.group].id;
    let id = world::id(Kind::Plan, plan.number, 0);
    let created = time::date(2025, 1, 6) + plan.number as i64 * 40 * time::DAY + 1_234_567;
    let value = json!({
        "id": id,
        "title": plan.title,
        "owner": group,
        "container": {"containerId": group, "type": "group", "url": format!("https://graph.microsoft.com/v1.0/groups/{group}")},
        "createdDateTime": time::show(created),
        "createdBy": (plan.number != 6).then(|| identity(&tenant.users[plan.number])),
    });
    tagged("plannerPlan", "Plan", &id, value)
}

fn plan_details(tenant: &Tenant, plan: &Plan) -> JsonRow {
    let id = world::id(Kind::Plan, plan.number, 0);
    let shared: Map<String, Value> = plan
        .shared_with
        .iter()
        .map(|user| (tenant.users[*user].id.clone(), json!(true)))
        .collect();
    let named = ["Urgent", "O'Brien", "50%", "Müller & Söhne", "🎉"];
    let category = |number: usize| {
        let name = named.get(number - 1).filter(|_| plan.number < 4);
        (format!("category{number}"), json!(name))
    };
    let categories: Map<String, Value> = (1..=25).map(category).collect();
    let value = json!({"id": id, "sharedWith": shared, "categoryDescriptions": categories});
    tagged("plannerPlanDetails", "PlanDetails", &id, value)
}

fn bucket_row(plan: &Plan, bucket: usize) -> JsonRow {
    let id = world::id(Kind::Bucket, plan.number, bucket);
    let value = json!({
        "id": id,
        "name": plan.buckets[bucket],
        "planId": world::id(Kind::Plan, plan.number, 0),
        "orderHint": hint(bucket as u64 + 1),
    });
    tagged("plannerBucket", "Bucket", &id, value)
}

/// The buckets of a plan as they are now.
fn bucket_rows(ledger: &Ledger, plan: &Plan) -> Vec<JsonRow> {
    let made = (0..plan.buckets.len()).map(|bucket| bucket_row(plan, bucket));
    let home = world::id(Kind::Plan, plan.number, 0);
    ledger.shelf(BUCKETS).laid_over(&home, made.collect())
}

/// The tasks of plans as they are now.
fn task_rows(tenant: &Tenant, ledger: &Ledger, plans: &[&Plan]) -> Vec<JsonRow> {
    let shelf = ledger.shelf(TASKS);
    let of_plan = |plan: &&Plan| {
        let tasks = (0..plan.tasks).map(|number| world::task(plan, &tenant.groups, number));
        let made = tasks.map(|task| task_row(tenant, plan, &task)).collect();
        shelf.laid_over(&world::id(Kind::Plan, plan.number, 0), made)
    };
    plans.iter().flat_map(of_plan).collect()
}

fn task_row(tenant: &Tenant, plan: &Plan, task: &Task) -> JsonRow {
    let id = world::id(Kind::Task, plan.number, task.number);
    let assigned = |user: &usize| {
        let value = json!({
            "@odata.type": "#microsoft.graph.plannerAssignment",
            "assignedBy": identity(&tenant.users[task.author]),
            "assignedDateTime": time::show(task.created + time::SECOND),
            "orderHint": hint(task.seed % 97 + *user as u64),
        });
        (tenant.users[*user].id.clone(), value)
    };
    let assignments: Map<String, Value> = task.assignees.iter().map(assigned).collect();
    let labels: Map<String, Value> = task
        .labels
        .iter()
        .map(|label| (format!("category{label}"), json!(true)))
        .collect();
    let open = task
        .checklist
        .iter()
        .filter(|(_, checked)| !checked)
        .count();
    let value = json!({
        "id": id,
        "planId": world::id(Kind::Plan, plan.number, 0),
        "bucketId": task.bucket.map(|bucket| world::id(Kind::Bucket, plan.number, bucket)),
        "title": task.title,
        "orderHint": hint(task.seed % 1_000),
        "assigneePriority": (!task.seed.is_multiple_of(4)).then(|| hint(task.seed % 89)),
        "percentComplete": task.percent,
        "startDateTime": task.start.map(time::show),
        "dueDateTime": task.due.map(time::show),
        "createdDateTime": time::show(task.created),
        "completedDateTime": task.completed.map(|(at, _)| time::show(at)),
        "completedBy": task.completed.and_then(|(_, by)| by).map(|by| identity(&tenant.users[by])),
        "createdBy": identity(&tenant.users[task.author]),
        "hasDescription": task.description.is_some(),
        "previewType": preview(task),
        "referenceCount": task.references.len(),
        "checklistItemCount": task.checklist.len(),
        "activeChecklistItemCount": open,
        "conversationThreadId": thread(plan, task),
        "priority": task.priority,
        "appliedCategories": labels,
        "assignments": assignments,
    });
    tagged("plannerTask", "Task", &id, value)
}

/// Comments on a task are a thread of the group.
fn thread(plan: &Plan, task: &Task) -> Option<String> {
    let threads = conversations::all(plan.group);
    let commented = task.number % 13 == 6 && !threads.is_empty();
    commented.then(|| threads[task.number % threads.len()].id())
}

fn task_details(tenant: &Tenant, plan: &Plan, task: &Task) -> JsonRow {
    let id = world::id(Kind::Task, plan.number, task.number);
    let by = identity(&tenant.users[task.author]);
    let at = time::show(task.created + 60 * time::SECOND);
    let item = |(number, (title, checked)): (usize, &(String, bool))| {
        let value = json!({
            "@odata.type": "#microsoft.graph.plannerChecklistItem",
            "title": title, "isChecked": checked, "orderHint": hint(number as u64),
            "lastModifiedBy": by, "lastModifiedDateTime": at,
        });
        (guid(&[202, task.seed, number as u64]), value)
    };
    let checklist: Map<String, Value> = task.checklist.iter().enumerate().map(item).collect();
    let reference = |(address, alias): &(String, &'static str)| {
        let value = json!({
            "@odata.type": "#microsoft.graph.plannerExternalReference",
            "alias": alias, "type": if address.ends_with("xlsx") { "Excel" } else { "Other" },
            "previewPriority": hint(3), "lastModifiedBy": by, "lastModifiedDateTime": at,
        });
        (as_key(address), value)
    };
    let references: Map<String, Value> = task.references.iter().map(reference).collect();
    let value = json!({
        "id": id,
        "description": task.description,
        "previewType": preview(task),
        "checklist": checklist,
        "references": references,
    });
    tagged("plannerTaskDetails", "TaskDetails", &id, value)
}

fn preview(task: &Task) -> &'static str {
    if task.checklist.is_empty() {
        "automatic"
    } else {
        "checklist"
    }
}

/// An address as the name of a property of an open type: what a name cannot hold is percent-encoded (R/plannerexternalreferences).
fn as_key(address: &str) -> String {
    address
        .replace('%', "%25")
        .replace('.', "%2E")
        .replace(':', "%3A")
        .replace('@', "%40")
        .replace('#', "%23")
}

/// Order hints are text that sorts, with characters that look like quotes and escapes.
fn hint(number: u64) -> String {
    format!(
        "{}{}",
        8_586_000_000_000_000_000 + number * 7_919,
        ["P]", "W", "\"", "PG'", "PA!"][(number % 5) as usize]
    )
}

fn identity(user: &User) -> Value {
    json!({
        "user": {"displayName": null, "id": user.id},
        "application": {"displayName": null, "id": "09abbdfd-ed23-44ee-a2d9-a627aa1c90f3"},
    })
}

fn tagged(type_name: &'static str, kind: &str, id: &str, value: Value) -> JsonRow {
    let letter = char::from(b'A' + (mix(&[203, super::random::mix_text(id)]) % 26) as u8);
    let mut row = json_row(type_name, value);
    let tag = base64(format!("'1-{kind}  @@@@@@@@@@@@@@@@{letter}'").as_bytes());
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
        let tenant = Tenant::standard();
        let plans: Vec<&Plan> = PLANS.iter().collect();
        let (strange, full) = survey(&task_rows(&tenant, &Ledger::default(), &plans));
        assert_eq!(strange, [""; 0]);
        assert_eq!(
            full,
            [
                "id",
                "activeChecklistItemCount",
                "appliedCategories",
                "assignments",
                "checklistItemCount",
                "createdBy",
                "createdDateTime",
                "hasDescription",
                "orderHint",
                "percentComplete",
                "planId",
                "previewType",
                "priority",
                "referenceCount",
                "title",
            ]
        );
        let rows: Vec<JsonRow> = plans.iter().map(|plan| plan_row(&tenant, plan)).collect();
        assert_eq!(
            survey(&rows),
            (
                Vec::new(),
                vec!["id", "container", "createdDateTime", "owner", "title"]
            )
        );
    }
}
