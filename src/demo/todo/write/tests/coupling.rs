//! Tasks: what follows from what is sent, and the forms in which it is kept.

use serde_json::{Value, json};

use super::{empty_list, made};
use crate::demo::write::client::Client;

const TODAY: &str = "2026-11-30T00:00:00.0000000";

/// A client and the path of a new task.
fn task(body: Value) -> (Client, String) {
    let client = Client::new();
    let tasks = format!("{}/tasks", empty_list(&client));
    let path = format!("{tasks}/{}", made(&client, &tasks, body).id());
    (client, path)
}

fn utc(at: &str) -> Value {
    json!({"dateTime": at, "timeZone": "UTC"})
}

#[test]
fn status_and_completion_agree() {
    let (client, path) = task(json!({"title": "x"}));
    let patch = |body: Value| {
        let told = client.patch(&path, body);
        assert_eq!(told.status, 200, "{told:?}");
        (
            told.body["status"].clone(),
            told.body["completedDateTime"].clone(),
        )
    };
    let done = json!("completed");
    let when = utc("2026-11-03T00:00:00.0000000");
    assert_eq!(
        patch(json!({"status": "completed"})),
        (done.clone(), utc(TODAY))
    );
    assert_eq!(
        patch(json!({"completedDateTime": when})),
        (done.clone(), when.clone())
    );
    // Completed once more: when stays.
    assert_eq!(
        patch(json!({"status": "completed"})),
        (done.clone(), when.clone())
    );
    assert_eq!(
        patch(json!({"status": "inProgress"})),
        (json!("inProgress"), Value::Null)
    );
    assert_eq!(
        patch(json!({"completedDateTime": when})),
        (done.clone(), when)
    );
    assert_eq!(
        patch(json!({"completedDateTime": null})),
        (json!("notStarted"), Value::Null)
    );
    assert_eq!(
        patch(json!({"status": "completed", "completedDateTime": null})),
        (done, utc(TODAY))
    );
    let refused = client.patch(
        &path,
        json!({"status": "deferred", "completedDateTime": utc(TODAY)}),
    );
    assert_eq!(refused.refusal(), (400, "invalidRequest"));
    let (client, path) = task(json!({"title": "x", "status": "completed"}));
    assert_eq!(client.get(&path).body["completedDateTime"], utc(TODAY));
}

#[test]
fn times_are_told_in_utc() {
    let (client, path) = task(json!({
        "title": "x",
        "dueDateTime": {"dateTime": "2026-07-25T16:00:00", "timeZone": "Eastern Standard Time"},
        "startDateTime": {"dateTime": "2026-07-01T00:00:00.0000000", "timeZone": "UTC"},
    }));
    let told = client.get(&path).body;
    assert_eq!(told["dueDateTime"], utc("2026-07-25T20:00:00.0000000"));
    assert_eq!(told["startDateTime"], utc("2026-07-01T00:00:00.0000000"));
    let told = client.patch(&path, json!({"dueDateTime": null})).body;
    assert_eq!(told["dueDateTime"], Value::Null);
    for bad in [
        json!({"dateTime": "2026-07-25", "timeZone": "UTC"}),
        json!({"dateTime": "soon", "timeZone": "UTC"}),
        json!({"dateTime": "2026-07-25T16:00:00", "timeZone": "Mars"}),
        json!({"timeZone": "UTC"}),
        json!("2026-07-25T16:00:00"),
    ] {
        let told = client.patch(&path, json!({"dueDateTime": bad}));
        assert_eq!(told.refusal(), (400, "invalidRequest"), "{bad}");
    }
}

#[test]
fn a_reminder_is_on_when_it_has_a_time() {
    let at = utc("2026-12-01T09:00:00.0000000");
    let (client, path) = task(json!({"title": "x", "reminderDateTime": at}));
    let told = client.get(&path).body;
    assert_eq!(
        (&told["isReminderOn"], &told["reminderDateTime"]),
        (&json!(true), &at)
    );
    let told = client.patch(&path, json!({"isReminderOn": false})).body;
    assert_eq!(
        (&told["isReminderOn"], &told["reminderDateTime"]),
        (&json!(false), &Value::Null)
    );
    let told = client.patch(&path, json!({"isReminderOn": true, "reminderDateTime": at}));
    assert_eq!(told.body["reminderDateTime"], at);
    let told = client.patch(&path, json!({"reminderDateTime": null})).body;
    assert_eq!(told["isReminderOn"], false);
}

#[test]
fn the_text_has_an_instant_of_its_own() {
    let (client, path) =
        task(json!({"title": "x", "body": {"content": "plain", "contentType": "text"}}));
    let old = client.get(&path).body;
    assert_eq!(old["bodyLastModifiedDateTime"], old["createdDateTime"]);
    let told = client.patch(&path, json!({"title": "y"})).body;
    assert_eq!(
        told["bodyLastModifiedDateTime"],
        old["bodyLastModifiedDateTime"]
    );
    let html = json!({"content": "<p>x</p>", "contentType": "html"});
    let told = client.patch(&path, json!({"body": html})).body;
    assert_eq!(told["body"], html);
    assert_eq!(
        told["bodyLastModifiedDateTime"],
        told["lastModifiedDateTime"]
    );
    let text = json!({"body": {"content": "x", "contentType": "text"}});
    assert_eq!(client.patch(&path, text).refusal(), (400, "invalidRequest"));
    let told = client.patch(&path, json!({"body": {"content": "x"}})).body;
    assert_eq!(told["body"]["contentType"], "html");
    let told = client.patch(&path, json!({"body": {"content": ""}})).body;
    assert_eq!(told["bodyLastModifiedDateTime"], Value::Null);
}

#[test]
fn a_recurrence_is_kept_whole() {
    let weekly = json!({"type": "weekly", "interval": 2, "daysOfWeek": ["monday"]});
    let endless = json!({"type": "noEnd", "startDate": "2026-12-07"});
    let (client, path) =
        task(json!({"title": "x", "recurrence": {"pattern": weekly, "range": endless}}));
    let told = client.get(&path).body["recurrence"].clone();
    assert_eq!(
        told,
        json!({
            "pattern": {"type": "weekly", "interval": 2, "daysOfWeek": ["monday"], "month": 0, "dayOfMonth": 0, "firstDayOfWeek": "sunday", "index": "first"},
            "range": {"type": "noEnd", "startDate": "2026-12-07", "endDate": "0001-01-01", "recurrenceTimeZone": "UTC", "numberOfOccurrences": 0},
        })
    );
    for (pattern, range) in [
        (json!({"type": "weekly", "interval": 1}), endless.clone()),
        (json!({"type": "daily", "interval": 0}), endless.clone()),
        (json!({"type": "hourly", "interval": 1}), endless.clone()),
        (weekly.clone(), json!({"type": "noEnd"})),
        (
            weekly.clone(),
            json!({"type": "endDate", "startDate": "2026-12-07"}),
        ),
        (
            weekly.clone(),
            json!({"type": "numbered", "startDate": "2026-12-07"}),
        ),
    ] {
        let body = json!({"title": "y", "recurrence": {"pattern": pattern, "range": range}});
        let tasks = path.rsplit_once('/').expect("a path").0;
        let told = client.post(tasks, body.clone());
        assert_eq!(told.refusal(), (400, "invalidRequest"), "{body}");
    }
    let told = client.patch(&path, json!({"status": "completed"})).body;
    assert_eq!(told["recurrence"]["pattern"]["interval"], 2);
    let told = client.patch(&path, json!({"recurrence": null})).body;
    assert_eq!(told["recurrence"], Value::Null);
}
