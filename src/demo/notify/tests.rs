//! What a write gives occasion to, without a socket: letters between two states of a ledger.

use serde_json::{Value, json};

use super::letter::{Letter, bodies, letters};
use super::validation::Validation;
use crate::demo::write::client::Client;

/// A client, and what its writes give occasion to.
fn told(write: impl FnOnce(&Client)) -> Vec<(String, Vec<Letter>)> {
    let client = Client::new();
    let before = client.tenant.state.seen();
    write(&client);
    let after = client.tenant.state.seen();
    letters(&client.tenant, &before, &after)
        .into_iter()
        .collect()
}

fn subscribe(client: &Client, resource: &str, url: &str) -> String {
    let body = json!({
        "resource": resource, "changeType": "updated,deleted", "notificationUrl": url,
        "expirationDateTime": "2026-12-03T11:00:00Z",
    });
    let made = client.post("subscriptions", body);
    assert_eq!(made.status, 201, "{}", made.body);
    made.id().to_string()
}

fn rename(client: &Client, name: &str) {
    let path = "users/alex@contoso.com";
    let changed = client.patch(path, json!({"jobTitle": name}));
    assert_eq!(changed.status, 204, "{}", changed.body);
}

#[test]
fn what_the_world_subscribed_to_hears_nothing() {
    // An application of the world watches all users.
    assert_eq!(told(|client| rename(client, "a")), []);
}

#[test]
fn each_write_counts_for_the_subscriptions_before_it() {
    let all = told(|client| {
        rename(client, "before");
        subscribe(client, "users", "https://a.example");
        rename(client, "first");
        let gone = subscribe(client, "users", "https://b.example");
        rename(client, "second");
        client.delete(&format!("subscriptions/{gone}"));
        rename(client, "third");
    });
    let revisions: Vec<(&str, Vec<Option<u64>>)> = all
        .iter()
        .map(|(url, letters)| {
            let revisions = letters.iter().map(|letter| letter.revision);
            (url.as_str(), revisions.collect())
        })
        .collect();
    assert_eq!(
        revisions,
        [
            ("https://a.example", vec![Some(3), Some(5), Some(7)]),
            ("https://b.example", vec![Some(5)])
        ]
    );
}

#[test]
fn a_subscription_outlives_whom_it_watches() {
    let all = told(|client| {
        let id = client.get("users/alex@contoso.com").id().to_string();
        subscribe(client, &format!("users/{id}"), "https://a.example");
        client.delete(&format!("users/{id}"));
        client.delete(&format!("directory/deletedItems/{id}"));
    });
    let changes: Vec<&Value> = all[0]
        .1
        .iter()
        .map(|letter| &letter.value["changeType"])
        .collect();
    assert_eq!(changes, ["updated", "deleted"]);
}

#[test]
fn a_body_does_not_grow_without_end() {
    let letter = Letter {
        subscription: String::new(),
        revision: None,
        value: json!({}),
    };
    let all = vec![&letter; 250];
    let sizes = bodies(&all).map(|body| body.matches("{}").count());
    assert_eq!(sizes.collect::<Vec<_>>(), [100, 100, 50]);
}

#[test]
fn without_a_sender_addresses_are_believed() {
    assert_eq!(Validation::default().of("https://a.example"), Ok(()));
    let asked = Validation::Asked(Default::default());
    let refused = asked.of("https://a.example").expect_err("nobody asked");
    assert_eq!((refused.status, refused.code), (400, "ValidationError"));
}
