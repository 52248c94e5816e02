//! Planner: plans, buckets, tasks; every option ignored, nothing paged (FACTS 1.8, 2.1).

use std::collections::HashSet;

use crate::http::{APP, Answer, ask, get};
use crate::refused;
use serde_json::Value;

const PLANS: &str = "/v1.0/me/planner/plans";

fn plan(title: &str) -> String {
    let found = get(PLANS)
        .rows()
        .into_iter()
        .find(|row| row["title"] == title);
    let plan = found.unwrap_or_else(|| panic!("no plan {title}"));
    plan["id"].as_str().expect("an id").to_string()
}

fn tasks(title: &str) -> Vec<Value> {
    get(&format!("/v1.0/planner/plans/{}/tasks", plan(title))).rows()
}

fn one(collection: &str, key: &Value, below: &str) -> Answer {
    let key = key.as_str().expect("an id");
    get(&format!("/v1.0/planner/{collection}/{key}{below}"))
}

#[test]
fn every_option_is_silently_ignored_and_nothing_is_paged() {
    let path = format!("/v1.0/planner/plans/{}/tasks", plan("Launch 2027"));
    let all = get(&path).json();
    assert_eq!(all["value"].as_array().map(Vec::len), Some(430));
    assert!(all["@odata.nextLink"].is_null());
    for option in [
        "$top=5",
        "$filter=percentComplete eq 100",
        "$filter=nonsense eq",
        "$orderby=title desc",
        "$select=title",
        "$select=noSuchProperty",
        "$count=true",
        "$skip=400",
        "$search=\"x\"",
        "$expand=details",
    ] {
        assert_eq!(get(&format!("{path}?{option}")).json(), all, "{option}");
    }
}

#[test]
fn plans_of_a_user_are_those_shared_with_the_user() {
    let titles: Vec<Value> = get(PLANS)
        .rows()
        .iter()
        .map(|row| row["title"].clone())
        .collect();
    assert_eq!(
        titles,
        [
            "Launch 2027",
            "SALES: pipeline & forecast",
            "O'Brien's \"small\" list",
            "Empty plan"
        ]
    );
    let alex = get("/v1.0/users/alex@contoso.com/planner/plans").rows();
    assert_eq!((alex.len(), &alex[0]["title"]), (1, &"Launch 2027".into()));
    let nobody = get("/v1.0/users/svc56@contoso.onmicrosoft.com/planner/plans");
    assert_eq!((nobody.status, nobody.rows().len()), (200, 0));
}

#[test]
fn groups_own_plans() {
    let groups = get("/v1.0/groups?$select=id,displayName,groupTypes").rows();
    let of = |name: &str| {
        let group = groups.iter().find(|row| row["displayName"] == name);
        let id = group.expect("a group")["id"].as_str().expect("an id");
        get(&format!("/v1.0/groups/{id}/planner/plans"))
    };
    let two = of("Müller & Friends").rows();
    assert_eq!(
        (two.len(), &two[1]["title"]),
        (2, &"O'Brien's \"small\" list".into())
    );
    assert_eq!(two[0]["owner"], two[0]["container"]["containerId"]);
    assert_eq!(of("Project 50%").rows().len(), 0);
    // A security group has no Planner.
    assert_eq!(of("Sales").status, 404);
    refused(
        &get("/v1.0/groups/00000000-0000-4000-8000-000000000000/planner/plans"),
        404,
        "Request_ResourceNotFound",
    );
}

#[test]
fn ids_are_28_long_and_case_sensitive() {
    let tasks = tasks("SALES: pipeline & forecast");
    let (a, b) = (
        tasks[30]["id"].as_str().expect("an id"),
        tasks[31]["id"].as_str().expect("an id"),
    );
    assert!(a != b && a.eq_ignore_ascii_case(b) && a.len() == 28);
    assert_eq!(one("tasks", &tasks[30]["id"], "").json()["id"], a);
    assert_eq!(one("tasks", &tasks[31]["id"], "").json()["id"], b);
    let swapped = tasks[0]["id"].as_str().expect("an id").to_uppercase();
    let missing = get(&format!("/v1.0/planner/tasks/{swapped}"));
    assert_eq!((missing.status, missing.code().as_str()), (404, ""));
}

#[test]
fn buckets_hold_tasks_and_some_tasks_are_in_none() {
    let id = plan("Launch 2027");
    let buckets = get(&format!("/v1.0/planner/plans/{id}/buckets")).rows();
    assert_eq!(buckets.len(), 6);
    assert_eq!(buckets[4]["name"], "🎉 Party / events");
    let tasks = tasks("Launch 2027");
    let loose = tasks.iter().filter(|task| task["bucketId"].is_null());
    let inside: usize = buckets
        .iter()
        .map(|bucket| one("buckets", &bucket["id"], "/tasks").rows().len())
        .sum();
    assert_eq!(inside + loose.clone().count(), 430);
    assert!(loose.count() > 0);
    assert_eq!(one("buckets", &buckets[0]["id"], "").json()["planId"], id);
    let empty = plan("Empty plan");
    for below in ["buckets", "tasks"] {
        assert_eq!(
            get(&format!("/v1.0/planner/plans/{empty}/{below}"))
                .rows()
                .len(),
            0
        );
    }
}

#[test]
fn assignments_are_an_open_type_keyed_by_user() {
    let adele = get("/v1.0/me?$select=id").json()["id"].clone();
    let mine = get("/v1.0/me/planner/tasks").rows();
    let key = adele.as_str().expect("an id");
    assert!(mine.len() > 5);
    for task in &mine {
        let assignment = &task["assignments"][key];
        assert_eq!(
            assignment["@odata.type"],
            "#microsoft.graph.plannerAssignment"
        );
        assert!(assignment["assignedBy"]["user"]["id"].is_string());
    }
    let plans: HashSet<String> = mine.iter().map(|task| task["planId"].to_string()).collect();
    assert!(plans.len() > 1, "tasks of several plans");
    let labelled = tasks("Launch 2027");
    assert!(labelled.iter().any(|task| {
        task["appliedCategories"]
            .as_object()
            .is_some_and(|labels| labels.values().all(|on| *on == true) && !labels.is_empty())
    }));
}

#[test]
fn details_are_resources_with_tags_of_their_own() {
    let tasks = tasks("Launch 2027");
    let task = tasks
        .iter()
        .find(|task| task["referenceCount"] == 2 && task["checklistItemCount"] != 0)
        .expect("one with references");
    let details = one("tasks", &task["id"], "/details").json();
    assert_eq!(details["id"], task["id"]);
    assert_ne!(details["@odata.etag"], task["@odata.etag"]);
    let references = details["references"].as_object().expect("an object");
    assert!(references.contains_key("https%3A//example%2Ecom/a?b=c&d=e"));
    let checklist = details["checklist"].as_object().expect("an object");
    assert_eq!(
        task["checklistItemCount"].as_u64(),
        Some(checklist.len() as u64)
    );
    let plan = get(&format!(
        "/v1.0/planner/plans/{}/details",
        plan("Launch 2027")
    ))
    .json();
    assert_eq!(plan["sharedWith"].as_object().map(|map| map.len()), Some(4));
    assert_eq!(plan["categoryDescriptions"]["category2"], "O'Brien");
    assert!(plan["categoryDescriptions"]["category25"].is_null());
}

#[test]
fn a_late_task_that_is_nobodys() {
    let tasks = tasks("Launch 2027");
    let late: Vec<&Value> = tasks
        .iter()
        .filter(|task| {
            task["dueDateTime"].as_str() < Some("2026-11-30")
                && task["dueDateTime"].is_string()
                && task["percentComplete"] != 100
                && task["assignments"]
                    .as_object()
                    .is_some_and(|map| map.is_empty())
                && task["priority"] == 1
        })
        .collect();
    let certificate = late
        .iter()
        .find(|task| task["title"] == "Renew the TLS certificate of shop.contoso.com")
        .expect("the story");
    assert_eq!(certificate["dueDateTime"], "2026-10-01T10:00:00Z");
    assert!(certificate["completedBy"].is_null());
}

#[test]
fn nothing_is_listed_without_a_parent() {
    for path in ["plans", "buckets", "tasks"] {
        refused(&get(&format!("/v1.0/planner/{path}")), 400, "BadRequest");
    }
    refused(
        &ask("GET", PLANS, &[("Authorization", &APP)], ""),
        400,
        "BadRequest",
    );
}
