//! What a write gives occasion to, letters between two states of a ledger; and whom the sender trusts.

use std::time::Duration;

use serde_json::{Value, json};

use super::letter::{Letter, bodies, letters};
use super::sender::{Sender, Silence};
use super::validation::Validation;
use crate::demo::encoding::base64;
use crate::demo::server::{Server, ServerOptions};
use crate::demo::tls::Tls;
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

const CERTIFICATE: &str = include_str!("../../../tests/data/signin/certificate.pem");
const KEY: &[u8] = include_bytes!("../../../tests/data/signin/key.pk8");

#[test]
fn over_https_the_servers_own_certificate_is_trusted_and_no_strangers() {
    let key = base64(KEY);
    let key = format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n");
    let subscriber = Server::start(ServerOptions {
        tls: Some(Tls {
            certificate: CERTIFICATE.into(),
            key,
        }),
        ..ServerOptions::default()
    })
    .expect("a free port");
    let url = subscriber.url().replace("127.0.0.1", "localhost") + "/told";
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let post = |trusted: Option<&str>| {
        let patience = Duration::from_secs(5);
        let sender = Sender::new(false, patience, trusted.map(String::from));
        runtime.block_on(sender.post(&url, "text/plain", String::new()))
    };
    let told = post(Some(CERTIFICATE)).map(|told| told.status);
    assert!(matches!(told, Ok(404)), "{told:?}");
    let told = post(None).map(|told| told.status);
    assert!(matches!(told, Err(Silence::Unreachable(_))), "{told:?}");
}
