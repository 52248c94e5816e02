//! Rounds of task lists and of tasks.

use serde_json::{Value, json};

use crate::demo::write::client::{Client, round};

#[test]
fn tasks_come_in_pages_and_then_what_was_written() {
    let client = Client::new();
    let lists = client.get("me/todo/lists").rows().to_vec();
    let list = lists[0]["id"].as_str().expect("an id");
    let tasks = format!("me/todo/lists/{list}/tasks");
    let first = client.get(&format!("{tasks}/delta?$top=40&$select=title"));
    assert_eq!(first.rows().len(), 40);
    assert!(first.rows()[0].get("status").is_none());
    let (rows, link) = round(&client, &format!("{tasks}/delta?$top=40"), &[]);
    assert_eq!(rows.len(), 130);
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
    let id = |place: usize| rows[place]["id"].as_str().expect("an id").to_string();
    let new = client.post(&tasks, json!({"title": "New"}));
    client.patch(&format!("{tasks}/{}", id(7)), json!({"title": "Changed"}));
    client.delete(&format!("{tasks}/{}", id(8)));
    let passing = client.post(&tasks, json!({"title": "Passing"}));
    client.delete(&format!("{tasks}/{}", passing.id()));
    let (told, link) = round(&client, &link, &[]);
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(
        (&told[0]["id"], &told[0]["title"]),
        (&json!(id(7)), &json!("Changed"))
    );
    assert!(told[0].get("createdDateTime").is_none());
    assert_eq!(told[1]["id"], new.id());
    assert_eq!(
        told[2],
        json!({"id": id(8), "@removed": {"reason": "deleted"}})
    );
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
}

#[test]
fn lists_come_and_go() {
    let client = Client::new();
    let (rows, link) = round(&client, "me/todo/lists/delta?$top=3", &[]);
    assert_eq!(rows.len(), 7);
    let new = client.post("me/todo/lists", json!({"displayName": "New"}));
    let path = format!("me/todo/lists/{}", new.id());
    let (_, tasks) = round(&client, &format!("{path}/tasks/delta"), &[]);
    client.post(&format!("{path}/tasks"), json!({"title": "x"}));
    assert_eq!(round(&client, &tasks, &[]).0.len(), 1);
    let (rows, link) = round(&client, &link, &[]);
    assert_eq!((rows.len(), &rows[0]["displayName"]), (1, &json!("New")));
    client.delete(&path);
    let (rows, link) = round(&client, &link, &[]);
    assert_eq!(
        rows,
        [json!({"id": new.id(), "@removed": {"reason": "deleted"}})]
    );
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
    assert_eq!(client.get(&tasks).refusal(), (404, "ErrorItemNotFound"));
}

#[test]
fn what_delta_takes() {
    let client = Client::new();
    let (rows, _) = round(&client, "me/todo/lists/delta", &[]);
    let tasks = format!(
        "me/todo/lists/{}/tasks/delta",
        rows[2]["id"].as_str().expect("an id")
    );
    let told = client.get(&format!("{tasks}?$expand=checklistItems"));
    assert_eq!(told.rows()[0]["checklistItems"], json!([]));
    for (option, code) in [
        ("$expand=attachments", "ExpandNotSupported"),
        (
            "$filter=receivedDateTime+ge+2026-01-01",
            "ErrorInvalidUrlQuery",
        ),
        ("$select=nothing", "BadRequest"),
    ] {
        let told = client.get(&format!("{tasks}?{option}"));
        assert_eq!(told.refusal(), (400, code));
    }
    let told = client.ask_as(0, "Mail.Read", "GET", "me/todo/lists/delta", Value::Null);
    assert_eq!(told.refusal(), (403, "ErrorAccessDenied"));
    let told = client.get("me/todo/lists/delta?$deltatoken=x");
    assert_eq!(told.refusal(), (410, "syncStateNotFound"));
}
