//! The validation of a subscriber's addresses.

use std::time::{Duration, Instant};

use office365::demo::notify::Notifications;
use serde_json::{Value, json};

use crate::receiver::{Receiver, Said, Seen, good};
use crate::{Tenant, ask_at, in_minutes, text, wish, wish_with_lifecycle};

/// How many subscriptions the world has from the beginning that Adele sees.
const KNOWN: usize = 5;

fn listed(tenant: &Tenant) -> usize {
    tenant.rows("/v1.0/subscriptions").len()
}

/// A request that is refused, after which nothing was made.
fn refused(tenant: &Tenant, body: Value, code: &str) -> String {
    let answer = tenant.ask("POST", "/v1.0/subscriptions", body);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, code),
        "{}",
        answer.text()
    );
    assert_eq!(listed(tenant), KNOWN);
    text(&answer.json()["error"], "message")
}

#[test]
fn the_token_is_sent_and_comes_back() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    tenant.subscribe(&receiver, "me/messages", "created");
    assert_eq!(listed(&tenant), KNOWN + 1);
    let all = receiver.all();
    assert_eq!(all.len(), 1);
    assert_eq!(
        (
            all[0].method.as_str(),
            all[0].content_type.as_str(),
            all[0].body.as_str()
        ),
        ("POST", "text/plain; charset=utf-8", "")
    );
    assert!(
        all[0]
            .target
            .starts_with("/told?validationToken=Validation%3A+Testing+"),
        "{}",
        all[0].target
    );
    assert_eq!(all[0].length, Some(0));
    let token = all[0].token().expect("a token");
    assert!(
        token.contains(' ') && token.contains('+') && token.contains("%25"),
        "{token}"
    );
}

#[test]
fn the_token_is_appended_to_a_query() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let mut body = wish(&receiver, "me/messages", "created");
    body["notificationUrl"] = json!(format!("{}/told?a=1", receiver.url()));
    tenant.subscribe_with(&body, &[]);
    let target = receiver.all()[0].target.clone();
    assert!(target.starts_with("/told?a=1&validationToken="), "{target}");
}

/// What a subscriber answers, and what Graph says of it.
type Wrong = (fn(&Seen) -> Said, &'static str);

const WRONG: [Wrong; 6] = [
    (
        |_| ("200 OK", "text/plain", "another".into()),
        "Response must exactly match validationToken query parameter.",
    ),
    (
        |seen| ("200 OK", "text/plain", encoded(seen)),
        "Response must exactly match validationToken query parameter.",
    ),
    (
        |seen| ("200 OK", "text/html", good(seen).2),
        "must be text/plain",
    ),
    (
        |seen| ("202 Accepted", "text/plain", good(seen).2),
        "HTTP status code is 'Accepted'.",
    ),
    (
        |_| ("403 Forbidden", "text/plain", String::new()),
        "HTTP status code is 'Forbidden'. Notification endpoint must respond with 200 OK to validation request.",
    ),
    (
        |seen| ("200 OK", "text/plain", good(seen).2 + &"x".repeat(100_000)),
        "Response must exactly match",
    ),
];

/// The token as it came, not decoded.
fn encoded(seen: &Seen) -> String {
    let raw = seen.target.split("validationToken=").nth(1);
    raw.unwrap_or_default().to_string()
}

#[test]
fn a_wrong_answer_makes_no_subscription() {
    for (answer, said) in WRONG {
        let (tenant, receiver) = (Tenant::start(), Receiver::answering(answer));
        let message = refused(
            &tenant,
            wish(&receiver, "me/messages", "created"),
            "ValidationError",
        );
        assert!(
            message.starts_with("Subscription validation request failed. "),
            "{message}"
        );
        assert!(message.contains(said), "{message}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let tenant = Tenant::start();
    let other = Receiver::start();
    let target = other.url().to_string();
    // The header goes along with the status line.
    let line: &'static str = format!("302 Found\r\nLocation: {target}/told").leak();
    let receiver = Receiver::answering(move |_| (line, "text/plain", String::new()));
    let message = refused(
        &tenant,
        wish(&receiver, "me/messages", "created"),
        "ValidationError",
    );
    assert!(message.contains("'Found'"), "{message}");
    assert_eq!(other.all().len(), 0);
}

#[test]
fn a_slow_subscriber_is_not_waited_for() {
    let tenant = Tenant::sending(Notifications {
        patience: Duration::from_millis(200),
        ..Notifications::default()
    });
    let receiver = Receiver::answering(|seen| {
        std::thread::sleep(Duration::from_secs(8));
        good(seen)
    });
    let begun = Instant::now();
    let message = refused(
        &tenant,
        wish(&receiver, "me/messages", "created"),
        "ValidationError",
    );
    assert_eq!(message, "Subscription validation request timed out.");
    assert!(begun.elapsed() < Duration::from_secs(6));
}

#[test]
fn nobody_there_is_an_answer_too() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let mut body = wish(&receiver, "me/messages", "created");
    // Bound and given up again: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    body["notificationUrl"] = json!(format!("http://{address}/"));
    refused(&tenant, body, "ValidationError");
}

#[test]
fn the_lifecycle_address_is_validated_too() {
    let tenant = Tenant::start();
    let receiver = Receiver::answering(|seen| match seen.target.starts_with("/life") {
        true => ("500 Internal Server Error", "text/plain", String::new()),
        false => good(seen),
    });
    let body = wish_with_lifecycle(&receiver, "me/messages", "created");
    refused(&tenant, body, "ValidationError");
    let receiver = Receiver::start();
    let body = wish_with_lifecycle(&receiver, "me/messages", "created");
    tenant.subscribe_with(&body, &[]);
    let mut paths: Vec<String> = receiver.all().into_iter().map(|seen| seen.target).collect();
    paths.sort();
    assert!(
        paths.len() == 2 && paths[0].starts_with("/life?") && paths[1].starts_with("/told?"),
        "{paths:?}"
    );
}

#[test]
fn only_this_machine_is_called() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    for (url, code) in [
        ("http://example.com/hook", "InvalidRequest"),
        ("http://localhost.example.com/hook", "InvalidRequest"),
        ("ftp://127.0.0.1/hook", "InvalidRequest"),
        (
            "EventHub:https://contoso.vault.azure.net/secrets/hub",
            "InvalidRequest",
        ),
        ("https://example.com/hook", "ValidationError"),
        ("https://127.0.0.1@example.com/hook", "ValidationError"),
    ] {
        let mut body = wish(&receiver, "me/messages", "created");
        body["notificationUrl"] = json!(url);
        let message = refused(&tenant, body, code);
        assert_eq!(
            message.contains("--notify-anywhere"),
            code == "ValidationError",
            "{message}"
        );
    }
    // A name of this machine is as good as its address.
    let mut body = wish(&receiver, "me/messages", "created");
    body["notificationUrl"] = json!(receiver.url().replace("127.0.0.1", "localhost") + "/told");
    tenant.subscribe_with(&body, &[]);
}

#[test]
fn nobody_is_called_for_what_is_refused_anyway() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let good = wish(&receiver, "me/messages", "created");
    for (name, value) in [
        ("changeType", json!("touched")),
        ("resource", json!("me/drive/root")),
        ("resource", json!("me/mailFolders/nowhere/messages")),
        ("resource", json!("me/messages?$filter=colour eq 'red'")),
        ("expirationDateTime", json!(in_minutes(10_081))),
        ("expirationDateTime", json!("2020-01-01T00:00:00Z")),
        ("clientState", json!("x".repeat(129))),
        ("includeResourceData", json!(true)),
    ] {
        let mut body = good.clone();
        body[name] = value;
        let status = tenant.ask("POST", "/v1.0/subscriptions", body).status;
        assert!((400..500).contains(&status), "{name}: {status}");
    }
    let url = tenant.server.url();
    let stranger = ("Authorization", "Bearer nonsense");
    let kind = ("Content-Type", "application/json");
    let denied = crate::http::exchange(
        &url,
        "POST",
        "/v1.0/subscriptions",
        &[stranger, kind],
        &good.to_string(),
    );
    assert_eq!(denied.status, 401);
    assert_eq!((receiver.all().len(), listed(&tenant)), (0, KNOWN));
}

#[test]
fn the_subscriber_may_call_back_meanwhile() {
    let tenant = Tenant::start();
    let url = tenant.server.url();
    let receiver = Receiver::answering(move |seen| {
        if seen.token().is_some() {
            let draft = json!({"subject": "from within"});
            let made = ask_at(&url, "POST", "/v1.0/me/messages", &[], &draft);
            assert_eq!(made.status, 201);
        }
        good(seen)
    });
    tenant.subscribe(&receiver, "me/messages", "created");
    let drafts = tenant.rows("/v1.0/me/mailFolders/drafts/messages?$top=999");
    let written = drafts
        .iter()
        .filter(|draft| draft["subject"] == "from within");
    assert_eq!(written.count(), 1);
    assert_eq!(
        receiver.told("/told").len(),
        0,
        "there was no subscription yet"
    );
}

#[test]
fn a_batch_is_validated_as_well() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let bad = Receiver::answering(|_| ("404 Not Found", "text/plain", String::new()));
    let step = |id: &str, body: Value| {
        json!({
            "id": id, "method": "POST", "url": "/subscriptions",
            "headers": {"Content-Type": "application/json"}, "body": body,
        })
    };
    let batch = json!({"requests": [
        step("1", wish(&receiver, "me/messages", "created")),
        step("2", wish(&bad, "me/messages", "created")),
    ]});
    let answers = tenant.write("POST", "/v1.0/$batch", batch);
    let status = |id: &str| {
        let mut all = answers["responses"].as_array().expect("answers").iter();
        all.find(|one| one["id"] == id)
            .map(|one| one["status"].clone())
    };
    assert_eq!(
        (status("1"), status("2")),
        (Some(json!(201)), Some(json!(400)))
    );
    assert_eq!(listed(&tenant), KNOWN + 1);
}

#[test]
fn a_short_life_is_raised_and_the_address_of_lifecycle_events_stays() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let mut body = wish(&receiver, "me/messages", "created");
    body["expirationDateTime"] = json!(in_minutes(5));
    let made = tenant.write("POST", "/v1.0/subscriptions", body);
    let end = text(&made, "expirationDateTime");
    assert!(end >= in_minutes(44) && end <= in_minutes(46), "{end}");
    let path = format!("/v1.0/subscriptions/{}", text(&made, "id"));
    let life = json!({"lifecycleNotificationUrl": format!("{}/life", receiver.url())});
    assert_eq!(tenant.ask("PATCH", &path, life).status, 400);
    let renewed = tenant.write(
        "PATCH",
        &path,
        json!({"expirationDateTime": in_minutes(90)}),
    );
    assert!(text(&renewed, "expirationDateTime") > in_minutes(88));
    assert_eq!(receiver.all().len(), 1, "a renewal is not validated");
}
