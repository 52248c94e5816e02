//! Lists and tasks: what is refused, and that nothing has changed then.

use serde_json::json;

use super::{LISTS, built_in, empty_list, made};
use crate::demo::signin::access_token;
use crate::demo::write::client::Client;

#[test]
fn built_in_lists_stay() {
    let client = Client::new();
    for name in ["defaultList", "flaggedEmails"] {
        let path = built_in(&client, name);
        let renamed = client.patch(&path, json!({"displayName": "x"}));
        assert_eq!(renamed.refusal(), (400, "invalidRequest"));
        assert_eq!(client.delete(&path).refusal(), (400, "invalidRequest"));
        assert_eq!(client.get(&path).status, 200);
    }
}

#[test]
fn bad_bodies_change_nothing() {
    let client = Client::new();
    let list = empty_list(&client);
    let tasks = format!("{list}/tasks");
    let task = format!(
        "{tasks}/{}",
        made(&client, &tasks, json!({"title": "x"})).id()
    );
    let before = (client.get(LISTS).body, client.get(&tasks).body);
    for body in [
        json!([]),
        json!({"displayName": ""}),
        json!({"displayName": null}),
        json!({"displayName": "x", "isOwner": false}),
        json!({"displayName": "x", "wellknownListName": "none"}),
        json!({"displayName": "x", "color": "red"}),
    ] {
        assert_eq!(client.post(LISTS, body.clone()).status, 400, "{body}");
        assert_eq!(client.patch(&list, body.clone()).status, 400, "{body}");
    }
    for body in [
        json!({"title": " "}),
        json!({"title": null}),
        json!({"title": "x", "id": "x"}),
        json!({"title": "x", "createdDateTime": "2026-01-01T00:00:00Z"}),
        json!({"title": "x", "hasAttachments": true}),
        json!({"title": "x", "status": "done"}),
        json!({"title": "x", "status": null}),
        json!({"title": "x", "importance": "High"}),
        json!({"title": "x", "categories": "x"}),
        json!({"title": "x", "isReminderOn": "yes"}),
        json!({"title": "x", "body": "text"}),
        json!({"title": "x", "linkedResources": []}),
        json!({"title": "x", "percentComplete": 5}),
    ] {
        let posted = client.post(&tasks, body.clone());
        assert_eq!(posted.refusal(), (400, "invalidRequest"), "{body}");
        let patched = client.patch(&task, body.clone());
        assert_eq!(patched.refusal(), (400, "invalidRequest"), "{body}");
    }
    for new in [json!({}), json!({"importance": "high"})] {
        assert_eq!(client.post(&tasks, new).refusal(), (400, "invalidRequest"));
    }
    assert_eq!(client.post(LISTS, json!({})).status, 400);
    assert_eq!((client.get(LISTS).body, client.get(&tasks).body), before);
}

#[test]
fn ids_verbs_and_places_that_are_not_there() {
    let client = Client::new();
    let (list, other) = (empty_list(&client), built_in(&client, "defaultList"));
    let new = made(&client, &format!("{list}/tasks"), json!({"title": "x"}));
    let elsewhere = format!("{other}/tasks/{}", new.id());
    assert_eq!(client.patch(&elsewhere, json!({})).status, 404);
    assert_eq!(
        client.delete(&elsewhere).refusal(),
        (404, "ErrorItemNotFound")
    );
    let malformed = client.delete(&format!("{LISTS}/x"));
    assert_eq!(malformed.refusal(), (400, "ErrorInvalidIdMalformed"));
    let nowhere = format!("{LISTS}/{}/tasks", new.id());
    assert_eq!(client.post(&nowhere, json!({"title": "x"})).status, 404);
    assert_eq!(client.delete(LISTS).status, 405);
    assert_eq!(client.ask("PUT", &list, &[], json!({})).status, 405);
    let checklist = format!("{list}/tasks/{}/checklistItems", new.id());
    assert_eq!(
        client.post(&checklist, json!({"displayName": "x"})).status,
        405
    );
}

#[test]
fn an_etag_is_not_needed_but_counts() {
    let client = Client::new();
    let tasks = format!("{}/tasks", empty_list(&client));
    let new = made(&client, &tasks, json!({"title": "x"}));
    let path = format!("{tasks}/{}", new.id());
    let seen = new.body["@odata.etag"].as_str().expect("an etag");
    let patch = |title: &str| {
        client.ask(
            "PATCH",
            &path,
            &[("If-Match", seen)],
            json!({"title": title}),
        )
    };
    assert_eq!(patch("y").status, 200);
    assert_eq!(patch("z").refusal(), (400, "ErrorInvalidChangeKey"));
    assert_eq!(client.get(&path).body["title"], "y");
}

#[test]
fn scopes_and_applications() {
    let client = Client::new();
    let body = || json!({"displayName": "x"});
    let ask = |scopes: &str, path: &str| client.ask_as(0, scopes, "POST", path, body()).status;
    let other = format!("users/{}/todo/lists", client.tenant.users[1].upn);
    assert_eq!(ask("Tasks.Read", LISTS), 403);
    assert_eq!(ask("Tasks.ReadWrite", LISTS), 201);
    assert_eq!(ask("Tasks.ReadWrite", &other), 403);
    assert_eq!(ask("Tasks.ReadWrite.Shared", &other), 201);
    let application = access_token(None, "app", "", 600);
    let told = client.ask_with(&application, "POST", &other, &[], body());
    assert_eq!(told.refusal(), (403, "ErrorAccessDenied"));
}
