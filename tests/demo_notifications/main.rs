//! The demo server sends change notifications: a real subscriber on this machine is validated, told of what is written, and told about its subscriptions.

mod delivery;
mod directory;
mod handshake;
mod items;
mod lifecycle;
mod receiver;

#[path = "../graph_quirks/http.rs"]
#[allow(dead_code, reason = "shared with graph_quirks, which uses the rest")]
mod http;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Answer, exchange};
use office365::demo::DELEGATED_TOKEN;
use office365::demo::notify::Notifications;
use office365::demo::server::{Server, ServerOptions};
use receiver::Receiver;
use serde_json::{Value, json};

/// A tenant behind a socket.
pub struct Tenant {
    pub server: Server,
}

impl Tenant {
    /// One that sends as Graph does, but is less patient.
    pub fn start() -> Tenant {
        Tenant::sending(Notifications {
            patience: Duration::from_secs(5),
            pause: Duration::from_millis(50),
            ..Notifications::default()
        })
    }

    pub fn sending(notifications: Notifications) -> Tenant {
        let options = ServerOptions {
            notifications,
            ..ServerOptions::default()
        };
        Tenant {
            server: Server::start(options).expect("a free port"),
        }
    }

    /// A request as Adele.
    pub fn ask(&self, method: &str, path: &str, body: Value) -> Answer {
        self.ask_with(method, path, &[], body)
    }

    pub fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        ask_at(&self.server.url(), method, path, headers, &body)
    }

    /// A write that has to succeed; what it answers.
    pub fn write(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.ask(method, path, body);
        assert!(answer.status < 300, "{method} {path}: {}", answer.text());
        match answer.body.is_empty() {
            true => Value::Null,
            false => answer.json(),
        }
    }

    /// What a list has.
    pub fn rows(&self, path: &str) -> Vec<Value> {
        self.ask("GET", path, Value::Null).rows()
    }

    /// Subscribes; the subscription's id.
    pub fn subscribe(&self, receiver: &Receiver, resource: &str, changes: &str) -> String {
        self.subscribe_with(&wish(receiver, resource, changes), &[])
    }

    pub fn subscribe_with(&self, body: &Value, headers: &[(&str, &str)]) -> String {
        let made = self.ask_with("POST", "/v1.0/subscriptions", headers, body.clone());
        assert_eq!(made.status, 201, "{}", made.text());
        text(&made.json(), "id")
    }
}

/// A request as Adele, from any thread.
pub fn ask_at(
    url: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Answer {
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    let mut all = vec![
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    all.extend_from_slice(headers);
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    exchange(url, method, path, &all, &body)
}

/// The body of a subscription that ends in an hour.
pub fn wish(receiver: &Receiver, resource: &str, changes: &str) -> Value {
    json!({
        "resource": resource, "changeType": changes, "clientState": "s3cret",
        "notificationUrl": format!("{}/told", receiver.url()),
        "expirationDateTime": in_minutes(60),
    })
}

/// The same with an address for lifecycle events.
pub fn wish_with_lifecycle(receiver: &Receiver, resource: &str, changes: &str) -> Value {
    let mut body = wish(receiver, resource, changes);
    body["lifecycleNotificationUrl"] = json!(format!("{}/life", receiver.url()));
    body
}

/// An instant by the machine's clock.
pub fn in_minutes(minutes: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let at = now.expect("after 1970").as_secs() + minutes * 60;
    let at = chrono::DateTime::from_timestamp(at as i64, 0).expect("an instant");
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A property that is a text.
pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_string()
}

/// A path segment.
pub fn segment(id: &str) -> String {
    percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// What notifications say happened, and to what.
pub fn changes(told: &[Value]) -> Vec<(String, String)> {
    let one = |told: &Value| (text(told, "changeType"), text(&told["resourceData"], "id"));
    told.iter().map(one).collect()
}

/// The same in an order of its own, for changes that came separately.
pub fn sorted(told: &[Value]) -> Vec<(String, String)> {
    let mut all = changes(told);
    all.sort();
    all
}

/// Time in which something would have come.
pub fn a_while() {
    std::thread::sleep(Duration::from_millis(300));
}
