//! Task lists and tasks: each verb, what reads say then, and what is refused.

mod coupling;
mod refusals;

use serde_json::{Value, json};

use crate::demo::write::client::{Client, Told};

const LISTS: &str = "me/todo/lists";

fn made(client: &Client, path: &str, body: Value) -> Told {
    let told = client.post(path, body);
    assert_eq!(told.status, 201, "{told:?}");
    told
}

/// A list of one's own with nothing in it, as a path.
fn empty_list(client: &Client) -> String {
    let list = made(client, LISTS, json!({"displayName": "Own"}));
    format!("{LISTS}/{}", list.id())
}

/// The path of a built-in list.
fn built_in(client: &Client, name: &str) -> String {
    let all = client.get(LISTS);
    let found = all.rows().iter().find(|r| r["wellknownListName"] == name);
    let id = found.expect(name)["id"].as_str().expect("an id");
    format!("{LISTS}/{id}")
}

fn titles(client: &Client, path: &str) -> Vec<String> {
    let all = client.get(path);
    let title = |row: &Value| row["title"].as_str().map(String::from);
    all.rows().iter().filter_map(title).collect()
}

#[test]
fn a_list_is_made_renamed_and_deleted() {
    let client = Client::new();
    let before = client.get(LISTS).rows().len();
    let new = made(&client, LISTS, json!({"displayName": "Ünï 🛒"}));
    assert!(!new.headers.contains_key("Location"));
    let told = |name: &str| new.body[name].clone();
    assert_eq!(
        (told("isOwner"), told("isShared"), told("wellknownListName")),
        (json!(true), json!(false), json!("none"))
    );
    let path = format!("{LISTS}/{}", new.id());
    assert_eq!(client.get(&path).body, new.body);
    assert_eq!(client.get(LISTS).rows().len(), before + 1);
    let renamed = client.patch(&path, json!({"displayName": "Other"}));
    assert_eq!(
        (renamed.status, &renamed.body["displayName"]),
        (200, &json!("Other"))
    );
    assert_ne!(renamed.body["@odata.etag"], told("@odata.etag"));
    assert_eq!(client.get(LISTS).rows()[before]["displayName"], "Other");
    let tasks = format!("{path}/tasks");
    made(&client, &tasks, json!({"title": "goes with it"}));
    assert_eq!(client.delete(&path).status, 204);
    for gone in [&path, &tasks] {
        assert_eq!(client.get(gone).refusal(), (404, "ErrorItemNotFound"));
    }
    assert_eq!(client.get(LISTS).rows().len(), before);
    let own = client.get(LISTS).rows()[2]["id"].clone();
    let own = format!("{LISTS}/{}", own.as_str().expect("an id"));
    assert_eq!(client.delete(&own).status, 204);
    assert_eq!(client.get(LISTS).rows().len(), before - 1);
}

#[test]
fn a_task_is_made_changed_and_deleted() {
    let client = Client::new();
    let tasks = format!("{}/tasks", built_in(&client, "defaultList"));
    let new = made(&client, &tasks, json!({"title": "Buy 100% milk"}));
    let told = |name: &str| new.body[name].clone();
    for (name, value) in [
        ("status", json!("notStarted")),
        ("importance", json!("normal")),
        ("isReminderOn", json!(false)),
        ("hasAttachments", json!(false)),
        ("categories", json!([])),
        ("body", json!({"content": "", "contentType": "text"})),
        ("dueDateTime", Value::Null),
        ("recurrence", Value::Null),
        ("completedDateTime", Value::Null),
    ] {
        assert_eq!(told(name), value, "{name}");
    }
    let path = format!("{tasks}/{}", new.id());
    assert_eq!(client.get(&path).body, new.body);
    assert_eq!(
        titles(&client, &format!("{tasks}?$skip=130")),
        ["Buy 100% milk"]
    );
    let changed = client.patch(&path, json!({"title": "Buy", "importance": "high"}));
    assert_eq!(
        (changed.status, &changed.body["importance"]),
        (200, &json!("high"))
    );
    for moved in ["@odata.etag", "lastModifiedDateTime"] {
        assert_ne!(changed.body[moved], told(moved), "{moved}");
    }
    assert_eq!(changed.body["createdDateTime"], told("createdDateTime"));
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&path).refusal(), (404, "ErrorItemNotFound"));
    assert_eq!(client.delete(&path).status, 404);
    assert_eq!(titles(&client, &format!("{tasks}?$skip=130")), [""; 0]);
}

#[test]
fn a_generated_task_is_changed_and_deleted() {
    let client = Client::new();
    let tasks = format!("{}/tasks", built_in(&client, "defaultList"));
    let row = client.get(&format!("{tasks}?$skip=2&$top=1")).rows()[0].clone();
    let path = format!("{tasks}/{}", row["id"].as_str().expect("an id"));
    let told = client.patch(&path, json!({"categories": ["Blue category"]}));
    assert_eq!(told.body["categories"], json!(["Blue category"]));
    for same in ["title", "status", "dueDateTime", "body", "createdDateTime"] {
        assert_eq!(told.body[same], row[same], "{same}");
    }
    assert_ne!(told.body["@odata.etag"], row["@odata.etag"]);
    let listed = client.get(&format!("{tasks}?$skip=2&$top=1")).rows()[0].clone();
    assert_eq!(listed["@odata.etag"], told.body["@odata.etag"]);
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&format!("{tasks}?$skip=129")).rows().len(), 0);
}

#[test]
fn filters_and_sorts_see_what_was_written() {
    let client = Client::new();
    let tasks = format!("{}/tasks", empty_list(&client));
    for (title, status) in [("b", "completed"), ("a", "inProgress"), ("c", "deferred")] {
        made(&client, &tasks, json!({"title": title, "status": status}));
    }
    assert_eq!(titles(&client, &tasks), ["b", "a", "c"]);
    let open = format!("{tasks}?$filter=status%20ne%20'completed'");
    assert_eq!(titles(&client, &open), ["a", "c"]);
    let sorted = format!("{tasks}?$orderby=title%20desc");
    assert_eq!(titles(&client, &sorted), ["c", "b", "a"]);
    assert_eq!(titles(&client, &format!("{sorted}&$top=1&$skip=1")), ["b"]);
}

#[test]
fn a_batch_writes_tasks_too() {
    let client = Client::new();
    let list = empty_list(&client);
    let tasks = format!("{list}/tasks");
    let kind = json!({"Content-Type": "application/json"});
    let told = client.post(
        "$batch",
        json!({"requests": [
            {"id": "1", "method": "POST", "url": format!("/{tasks}"), "headers": kind, "body": {"title": "x"}},
            {"id": "2", "method": "PATCH", "url": format!("/{list}"), "headers": kind, "body": {"displayName": "y"}},
        ]}),
    );
    let all = told.body["responses"].as_array().expect("answers");
    let status = |id: &str| {
        let one = all.iter().find(|one| one["id"] == id);
        one.expect("an answer")["status"].clone()
    };
    assert_eq!((status("1"), status("2")), (json!(201), json!(200)));
    assert_eq!(titles(&client, &tasks), ["x"]);
    assert_eq!(client.get(&list).body["displayName"], "y");
}
