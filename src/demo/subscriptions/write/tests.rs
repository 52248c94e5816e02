//! Subscriptions: made, renewed and ended, and what is refused.

use serde_json::{Value, json};

use crate::demo::write::client::Client;

fn body(resource: &str, changes: &str, until: &str) -> Value {
    json!({
        "resource": resource, "changeType": changes, "expirationDateTime": until, "clientState": "s3cret",
        "notificationUrl": "https://hooks.contoso.com/new",
    })
}

#[test]
fn a_subscription_is_made_renewed_and_ended() {
    let client = Client::new();
    let before = client.get("subscriptions").rows().len();
    let made = client.post(
        "subscriptions",
        body("me/messages", "created,updated", "2026-12-03T11:00:00Z"),
    );
    assert_eq!(
        (made.status, &made.body["clientState"]),
        (201, &json!("s3cret")),
        "{:?}",
        made.body
    );
    let path = format!("subscriptions/{}", made.id());
    let list = client.get("subscriptions");
    assert_eq!(list.rows().len(), before + 1);
    let row = list.rows().last().cloned().unwrap_or_default();
    assert_eq!(
        (&row["id"], &row["clientState"]),
        (&made.body["id"], &Value::Null)
    );
    assert_eq!(
        client.get(&path).body["expirationDateTime"],
        "2026-12-03T11:00:00Z"
    );
    let renew = |until: &str| client.patch(&path, json!({"expirationDateTime": until}));
    assert_eq!(renew("2026-12-06T11:00:00Z").status, 200);
    assert_eq!(
        client.get(&path).body["expirationDateTime"],
        "2026-12-06T11:00:00Z"
    );
    assert_eq!(renew("2026-12-09T11:00:00Z").status, 400, "too late");
    assert_eq!(renew("2026-11-01T11:00:00Z").status, 400, "past");
    for bad in [
        json!({}),
        json!({"resource": "me/events"}),
        json!({"foo": 1}),
        json!({"expirationDateTime": 1}),
    ] {
        assert_eq!(client.patch(&path, bad.clone()).status, 400, "{bad}");
    }
    let short = renew("2026-11-30T12:01:00Z").body["expirationDateTime"].clone();
    assert!(short.as_str() > Some("2026-11-30T12:44"), "{short}");
    assert_eq!(
        client
            .ask_as(1, "Mail.Read", "DELETE", &path, Value::Null)
            .status,
        404,
        "somebody else's"
    );
    assert_eq!(
        (client.delete(&path).status, client.delete(&path).status),
        (204, 404)
    );
    assert_eq!(client.get(&path).status, 404);
    assert_eq!(client.get("subscriptions").rows().len(), before);
    // A generated one.
    let old = client.get("subscriptions").rows()[1]["id"]
        .as_str()
        .unwrap_or("")
        .to_string();
    assert_eq!(
        client
            .patch(
                &format!("subscriptions/{old}"),
                json!({"expirationDateTime": "2026-12-05T00:00:00Z"})
            )
            .status,
        200
    );
    assert_eq!(client.delete(&format!("subscriptions/{old}")).status, 204);
    assert_eq!(client.get("subscriptions").rows().len(), before - 1);
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let client = Client::new();
    let until = "2026-12-03T11:00:00Z";
    for (resource, changes, until) in [
        ("me/mailboxSettings", "updated", until),
        ("me/drive/root", "created", until),
        ("users", "created", until),
        ("me/events", "touched", until),
        ("me/events", "created", "2026-12-08T11:00:00Z"),
        ("groups", "updated", "2026-12-30T11:00:00Z"),
        (
            "teams/x/channels/y/messages",
            "created",
            "2026-11-30T14:00:00Z",
        ),
    ] {
        assert_eq!(
            client
                .post("subscriptions", body(resource, changes, until))
                .status,
            400,
            "{resource}"
        );
    }
    for (resource, until) in [
        ("groups", "2026-12-28T11:00:00Z"),
        ("me/drive/root", "2026-12-29T11:00:00Z"),
        ("/me/messages?$filter=isRead eq false", until),
    ] {
        assert_eq!(
            client
                .post("subscriptions", body(resource, "updated", until))
                .status,
            201,
            "{resource}"
        );
    }
    for (name, value) in [
        ("notificationUrl", json!("http://hooks.contoso.com")),
        ("notificationUrl", Value::Null),
        ("clientState", json!("x".repeat(129))),
        ("lifecycleNotificationUrl", json!("http://a")),
        ("latestSupportedTlsVersion", json!("v2")),
        ("includeResourceData", json!(true)),
        ("id", json!("x")),
        ("foo", json!(1)),
    ] {
        let mut sent = body("me/messages", "created", until);
        sent[name] = value;
        assert_eq!(client.post("subscriptions", sent).status, 400, "{name}");
    }
    let denied = client.ask_as(
        0,
        "User.Read",
        "POST",
        "subscriptions",
        body("me/messages", "created", until),
    );
    assert_eq!(denied.status, 403);
    assert_eq!(
        client.ask("PUT", "subscriptions", &[], json!({})).status,
        405
    );
}

#[test]
fn what_is_not_there_cannot_be_watched() {
    let client = Client::new();
    let status = |resource: &str| {
        let body = body(resource, "updated", "2026-11-30T12:50:00Z");
        client.post("subscriptions", body).status
    };
    for resource in [
        "me/mailFolders('inbox')/messages",
        "me/mailFolders/archive/messages",
        "users('alex@contoso.com')/events",
        "me/contacts?$filter=displayName eq 'x'",
        "groups",
        "sites/root/drive/root",
        "communications/presences/x",
    ] {
        assert_eq!(status(resource), 201, "{resource}");
    }
    for (resource, expected) in [
        ("users/nobody@contoso.com/messages", 404),
        ("users/nobody", 404),
        ("groups/nobody/members", 404),
        ("drives/nowhere/root", 404),
        ("me/mailFolders/nowhere/messages", 400),
        ("me/calendars/nowhere/events", 400),
        ("me/todo/lists/nowhere/tasks", 400),
        ("me/messages?$filter=colour eq 'red'", 400),
        ("me/messages?$orderby=subject", 400),
        ("users?$filter=id eq 'x'", 400),
    ] {
        assert_eq!(status(resource), expected, "{resource}");
    }
}

#[test]
fn what_was_made_runs_out_and_what_the_world_has_does_not() {
    let client = Client::new();
    let before = client.get("subscriptions").rows().len();
    let made = client.post(
        "subscriptions",
        body("me/messages", "created", "2026-11-30T12:05:00Z"),
    );
    let path = format!("subscriptions/{}", made.id());
    // Each write takes a second: the 45 minutes are over after so many.
    let passed = client.tenant.state.write(|_, draft| {
        (0..45 * 60).for_each(|_| draft.begin());
        Ok(())
    });
    assert_eq!(passed, Ok(()));
    assert_eq!(client.get(&path).status, 404);
    assert_eq!(client.get("subscriptions").rows().len(), before);
}
