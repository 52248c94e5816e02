//! Planner's tasks and buckets: each write, the version rule, and what reads say afterwards.

use serde_json::{Value, json};

use crate::demo::write::client::{Client, Told};

fn plan(client: &Client) -> String {
    client.get("me/planner/plans").rows()[0]["id"]
        .as_str()
        .unwrap_or("")
        .to_string()
}

fn etag(told: &Told) -> String {
    told.body["@odata.etag"].as_str().unwrap_or("").to_string()
}

fn has(client: &Client, list: &str, id: &str) -> bool {
    client.get(list).rows().iter().any(|row| row["id"] == id)
}

fn tagged(client: &Client, method: &str, path: &str, tag: &str, body: Value) -> Told {
    client.ask(method, path, &[("If-Match", tag)], body)
}

fn assignment() -> Value {
    json!({"@odata.type": "#microsoft.graph.plannerAssignment", "orderHint": " !"})
}

#[test]
fn tasks_come_change_and_go() {
    let client = Client::new();
    let (plan, me) = (plan(&client), client.get("me").id().to_string());
    let lists = [
        format!("planner/plans/{plan}/tasks"),
        "me/planner/tasks".to_string(),
    ];
    let before = client.get(&lists[0]).rows().len();
    let body = json!({"planId": plan, "title": "Zoe's task", "assignments": {&me: assignment()}});
    let made = client.post("planner/tasks", body);
    assert_eq!(made.status, 201, "{:?}", made.body);
    let (id, path) = (made.id(), format!("planner/tasks/{}", made.id()));
    assert_eq!(id.len(), 28);
    assert_eq!(client.get(&lists[0]).rows().len(), before + 1);
    assert!(lists.iter().all(|list| has(&client, list, id)));
    let first = etag(&client.get(&path));
    assert_eq!(first, etag(&made));
    let change = json!({"title": "Other", "percentComplete": 100, "assignments": {&me: null}});
    assert_eq!(client.patch(&path, change.clone()).status, 412, "missing");
    assert_eq!(
        tagged(&client, "PATCH", &path, "W/\"x\"", change.clone()).status,
        412
    );
    assert_eq!(
        tagged(&client, "PATCH", &path, &first, change.clone()).status,
        204
    );
    assert_eq!(
        tagged(&client, "PATCH", &path, &first, change).status,
        412,
        "stale"
    );
    let now = client.get(&path);
    assert_eq!(
        (&now.body["title"], &now.body["assignments"]),
        (&json!("Other"), &json!({}))
    );
    assert!(now.body["completedDateTime"].is_string() && !has(&client, &lists[1], id));
    let headers = [
        ("If-Match", etag(&now)),
        ("Prefer", "return=representation".to_string()),
    ];
    let headers = headers
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let shown = client.ask("PATCH", &path, &headers, json!({"percentComplete": 50}));
    assert_eq!(
        (shown.status, &shown.body["completedBy"]),
        (200, &Value::Null)
    );
    for bad in [
        json!({"title": ""}),
        json!({"percentComplete": 101}),
        json!({"priority": 11}),
        json!({"planId": plan}),
        json!({"foo": 1}),
        json!({"assignments": {&me: {"orderHint": " !"}}}),
        json!({"appliedCategories": {"category26": true}}),
    ] {
        assert_eq!(
            tagged(&client, "PATCH", &path, "*", bad.clone()).status,
            400,
            "{bad}"
        );
    }
    assert_eq!(client.delete(&path).status, 412);
    assert_eq!(
        tagged(&client, "DELETE", &path, &etag(&shown), Value::Null).status,
        204
    );
    assert_eq!(client.get(&path).status, 404);
    assert_eq!(client.get(&format!("{path}/details")).status, 404);
    assert_eq!(
        tagged(&client, "DELETE", &path, "*", Value::Null).status,
        404
    );
    assert_eq!(client.get(&lists[0]).rows().len(), before);
    for bad in [
        json!({"title": "x"}),
        json!({"planId": plan}),
        json!({"planId": plan, "title": "x", "createdBy": {}}),
    ] {
        assert_eq!(client.post("planner/tasks", bad).status, 400);
    }
    assert_eq!(
        client
            .post("planner/tasks", json!({"planId": "x", "title": "x"}))
            .status,
        404
    );
    assert_eq!(
        client
            .ask_as(0, "Tasks.Read", "POST", "planner/tasks", json!({}))
            .status,
        403
    );
    assert_eq!(client.post("planner/plans", json!({})).status, 405);
}

#[test]
fn details_are_told_by_the_task() {
    let client = Client::new();
    let list = format!("planner/plans/{}/tasks", plan(&client));
    let id = client.get(&list).rows()[0]["id"]
        .as_str()
        .unwrap_or("")
        .to_string();
    let (path, task) = (
        format!("planner/tasks/{id}/details"),
        format!("planner/tasks/{id}"),
    );
    let old = client.get(&path);
    let before = client.get(&task).body;
    let item = json!({"@odata.type": "#microsoft.graph.plannerChecklistItem", "title": "x", "isChecked": false});
    let body =
        json!({"description": "Zoe", "checklist": {"95e27074-6c4a-447a-aa24-9d718a0b86fa": item}});
    assert_eq!(client.patch(&path, body.clone()).status, 412);
    assert_eq!(
        tagged(&client, "PATCH", &path, &etag(&old), body).status,
        204
    );
    let now = client.get(&task).body;
    assert_eq!(now["hasDescription"], true);
    assert_eq!(
        now["checklistItemCount"].as_i64(),
        before["checklistItemCount"].as_i64().map(|n| n + 1)
    );
    let details = client.get(&path);
    assert_eq!(details.body["description"], "Zoe");
    assert_ne!(etag(&details), etag(&old));
}

#[test]
fn buckets_come_change_and_go_with_their_tasks() {
    let client = Client::new();
    let plan = plan(&client);
    let list = format!("planner/plans/{plan}/buckets");
    let made = client.post(
        "planner/buckets",
        json!({"name": "Zoe", "planId": plan, "orderHint": " !"}),
    );
    assert_eq!(made.status, 201);
    let path = format!("planner/buckets/{}", made.id());
    assert!(has(&client, &list, made.id()));
    let task = client.post(
        "planner/tasks",
        json!({"planId": plan, "title": "x", "bucketId": made.id()}),
    );
    assert!(has(&client, &format!("{path}/tasks"), task.id()));
    assert_eq!(client.patch(&path, json!({"name": "y"})).status, 412);
    assert_eq!(
        tagged(&client, "PATCH", &path, &etag(&made), json!({"name": "y"})).status,
        204
    );
    assert_eq!(client.get(&path).body["name"], "y");
    assert_eq!(
        tagged(&client, "PATCH", &path, "*", json!({"name": ""})).status,
        400
    );
    assert_eq!(
        tagged(&client, "DELETE", &path, &etag(&made), Value::Null).status,
        412
    );
    assert_eq!(
        tagged(&client, "DELETE", &path, "*", Value::Null).status,
        204
    );
    assert_eq!(client.get(&path).status, 404);
    assert_eq!(
        client.get(&format!("planner/tasks/{}", task.id())).status,
        404
    );
    assert!(!has(&client, &list, made.id()));
}
