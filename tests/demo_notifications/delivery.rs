//! How notifications are brought: what they say, to whom they go, and what happens when nobody takes them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use office365::demo::notify::Notifications;
use serde_json::{Value, json};

use crate::receiver::{Receiver, good};
use crate::{Tenant, a_while, changes, in_minutes, segment, text, wish};

const ADELE: &str = "87d349ed-44d7-43e1-9a83-5f2406dee5bd";

fn draft(tenant: &Tenant, subject: &str) -> String {
    let made = tenant.write("POST", "/v1.0/me/messages", json!({"subject": subject}));
    text(&made, "id")
}

#[test]
fn a_notification_says_all_that_graph_says() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let made = tenant.write(
        "POST",
        "/v1.0/subscriptions",
        wish(&receiver, "/me/messages", "created"),
    );
    let message = tenant.write("POST", "/v1.0/me/messages", json!({"subject": "a"}));
    let (told, id) = (receiver.wait("/told", 1), text(&message, "id"));
    let resource = format!("Users/{ADELE}/Messages/{id}");
    assert_eq!(
        told,
        [json!({
            "subscriptionId": made["id"],
            "subscriptionExpirationDateTime": made["expirationDateTime"],
            "clientState": "s3cret",
            "changeType": "created",
            "resource": resource,
            "tenantId": "84841066-274d-4ec0-a5c1-276be684bdd3",
            "resourceData": {
                "@odata.type": "#Microsoft.Graph.Message", "@odata.id": resource,
                "@odata.etag": message["@odata.etag"], "id": id,
            },
        })]
    );
    let post = receiver.all().pop().expect("a notification");
    assert_eq!(
        (post.method.as_str(), post.content_type.as_str()),
        ("POST", "application/json; charset=utf-8")
    );
    // Its path is one that can be read.
    let read = tenant.ask(
        "GET",
        &format!("/v1.0/users/{ADELE}/messages/{}", segment(&id)),
        Value::Null,
    );
    assert_eq!(read.json()["subject"], "a");
}

#[test]
fn without_a_secret_it_is_null() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let mut body = wish(&receiver, "me/messages", "created");
    body.as_object_mut()
        .expect("an object")
        .remove("clientState");
    tenant.subscribe_with(&body, &[]);
    draft(&tenant, "a");
    assert_eq!(receiver.wait("/told", 1)[0]["clientState"], Value::Null);
}

#[test]
fn only_what_was_asked_for_is_told() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    tenant.subscribe(&receiver, "me/messages", "updated");
    let id = draft(&tenant, "a");
    let path = format!("/v1.0/me/messages/{}", segment(&id));
    tenant.write("PATCH", &path, json!({"subject": "b"}));
    // What was refused changed nothing.
    assert_eq!(tenant.ask("PATCH", &path, json!({"colour": 1})).status, 400);
    tenant.write("DELETE", &path, Value::Null);
    assert_eq!(
        changes(&receiver.wait("/told", 1)),
        [("updated".into(), id)]
    );
    a_while();
    assert_eq!(receiver.told("/told").len(), 1);
}

#[test]
fn a_filter_leaves_the_others_out() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    tenant.subscribe(
        &receiver,
        "me/messages?$filter=subject eq 'wanted'",
        "created",
    );
    draft(&tenant, "unwanted");
    let id = draft(&tenant, "wanted");
    assert_eq!(
        changes(&receiver.wait("/told", 1)),
        [("created".into(), id)]
    );
    a_while();
    assert_eq!(receiver.told("/told").len(), 1);
}

#[test]
fn whoever_writes_the_subscriber_hears_of_it() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    tenant.subscribe(&receiver, "me/messages", "created");
    let message = json!({"message": {"subject": "to Adele", "toRecipients": [{"emailAddress": {"address": "adele@contoso.com"}}]}});
    let form = "grant_type=client_credentials&client_id=app&client_secret=demo-secret&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default";
    let url = tenant.server.url();
    let token = crate::http::exchange(
        &url,
        "POST",
        "/contoso.com/oauth2/v2.0/token",
        crate::http::FORM,
        form,
    );
    let bearer = format!("Bearer {}", text(&token.json(), "access_token"));
    let sent = crate::http::exchange(
        &url,
        "POST",
        "/v1.0/users/alex@contoso.com/sendMail",
        &[
            ("Authorization", &bearer),
            ("Content-Type", "application/json"),
        ],
        &message.to_string(),
    );
    assert_eq!(sent.status, 202, "{}", sent.text());
    assert_eq!(text(&receiver.wait("/told", 1)[0], "changeType"), "created");
}

#[test]
fn several_go_in_one_body() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    for _ in 0..30 {
        tenant.subscribe(&receiver, "me/messages", "created");
    }
    let id = draft(&tenant, "a");
    let told = receiver.wait("/told", 30);
    assert!(
        told.iter()
            .all(|told| told["resourceData"]["id"] == id.as_str())
    );
    assert_eq!(receiver.bodies("/told").len(), 1);
    let mut all: Vec<String> = told
        .iter()
        .map(|told| text(told, "subscriptionId"))
        .collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 30);
}

#[test]
fn every_write_of_a_batch_is_told() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    tenant.subscribe(&receiver, "me/messages", "created");
    let step = |id: usize| {
        json!({
            "id": id.to_string(), "method": "POST", "url": "/me/messages",
            "headers": {"Content-Type": "application/json"}, "body": {"subject": format!("{id}")},
        })
    };
    let steps: Vec<Value> = (1..=20).map(step).collect();
    tenant.write("POST", "/v1.0/$batch", json!({"requests": steps}));
    assert_eq!(receiver.wait("/told", 20).len(), 20);
}

#[test]
fn what_is_not_taken_comes_again() {
    let tenant = Tenant::start();
    let refusals = AtomicUsize::new(2);
    let receiver = Receiver::answering(move |seen| {
        let left = || {
            refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            })
        };
        match seen.token().is_none() && left().is_ok() {
            true => ("500 Internal Server Error", "text/plain", String::new()),
            false => good(seen),
        }
    });
    tenant.subscribe(&receiver, "me/messages", "created");
    draft(&tenant, "a");
    let told = receiver.wait("/told", 3);
    a_while();
    assert_eq!(receiver.told("/told").len(), 3, "taken once, and no more");
    assert!(told.iter().all(|one| *one == told[0]), "{told:#?}");
}

#[test]
fn in_the_end_it_is_given_up() {
    let tenant = Tenant::sending(Notifications {
        pause: Duration::from_millis(5),
        ..Notifications::default()
    });
    let receiver = Receiver::answering(|seen| match seen.token() {
        Some(_) => good(seen),
        None => ("503 Service Unavailable", "text/plain", String::new()),
    });
    tenant.subscribe(&receiver, "me/messages", "created");
    draft(&tenant, "a");
    receiver.wait("/told", 6);
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(receiver.told("/told").len(), 6);
}

#[test]
fn each_may_come_twice() {
    let tenant = Tenant::sending(Notifications {
        twice: true,
        ..Notifications::default()
    });
    let receiver = Receiver::start();
    tenant.subscribe(&receiver, "me/messages", "created");
    draft(&tenant, "a");
    let told = receiver.wait("/told", 2);
    assert_eq!(told[0], told[1]);
    a_while();
    assert_eq!(receiver.told("/told").len(), 2);
}

#[test]
fn a_subscription_that_ended_hears_nothing() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let ended = tenant.subscribe(&receiver, "me/messages", "created");
    tenant.write(
        "DELETE",
        &format!("/v1.0/subscriptions/{ended}"),
        Value::Null,
    );
    let mut short = wish(&receiver, "me/messages", "created");
    short["expirationDateTime"] = json!(in_minutes(45));
    let over = tenant.subscribe_with(&short, &[]);
    let long = tenant.subscribe(&receiver, "me/messages", "created");
    tenant.server.let_pass(Duration::from_secs(46 * 60));
    let path = format!("/v1.0/subscriptions/{over}");
    assert_eq!(tenant.ask("GET", &path, Value::Null).status, 404);
    draft(&tenant, "a");
    receiver.wait("/told", 1);
    a_while();
    let told = receiver.told("/told");
    assert_eq!((told.len(), text(&told[0], "subscriptionId")), (1, long));
}

#[test]
fn what_waits_for_a_busy_subscriber_ends_with_the_subscription() {
    let tenant = Tenant::sending(Notifications {
        pause: Duration::from_secs(1),
        ..Notifications::default()
    });
    let receiver = Receiver::answering(|seen| match seen.token() {
        Some(_) => good(seen),
        None => ("503 Service Unavailable", "text/plain", String::new()),
    });
    let id = tenant.subscribe(&receiver, "me/messages", "created");
    draft(&tenant, "a");
    receiver.wait("/told", 1);
    tenant.write("DELETE", &format!("/v1.0/subscriptions/{id}"), Value::Null);
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(receiver.told("/told").len(), 1);
}
