//! A service that notifies: the demo tenant, and before it subscriptions that a test steers. Written from FACTS §3.5.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::support::by_token;
use crate::support::server::{Act, Scripted, Seen};

/// A subscription as the service has it.
#[derive(Clone, Debug)]
pub struct Own {
    pub id: String,
    pub resource: String,
    pub changes: String,
    pub url: String,
    pub lifecycle_url: String,
    pub state: String,
}

impl Own {
    /// A notification of a change.
    pub fn tells(&self, change: &str, id: &str, etag: &str) -> Json {
        json!({
            "subscriptionId": self.id, "clientState": self.state, "changeType": change,
            "resource": format!("Users/87d349ed-44d7-43e1-9a83-5f2406dee5bd/Messages/{id}"),
            "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
            "subscriptionExpirationDateTime": "2026-12-01T10:00:00+00:00",
            "resourceData": {
                "@odata.type": "#Microsoft.Graph.Message", "@odata.id": format!("Users/87d3/Messages/{id}"),
                "@odata.etag": etag, "id": id
            }
        })
    }

    /// A notification of what becomes of the subscription.
    pub fn lives(&self, event: &str) -> Json {
        json!({
            "subscriptionId": self.id, "clientState": self.state, "lifecycleEvent": event,
            "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
            "subscriptionExpirationDateTime": "2026-12-01T10:00:00+00:00"
        })
    }
}

/// The service.
pub struct Service {
    pub server: Scripted,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    all: Mutex<Vec<Own>>,
    reauthorized: Mutex<Vec<String>>,
    made: AtomicUsize,
    seconds: AtomicI64,
    hasty: AtomicBool,
}

impl Service {
    pub fn start() -> Self {
        let state = Arc::new(State::default());
        state.seconds.store(3_600, Ordering::SeqCst);
        let serving = Arc::clone(&state);
        let server = Scripted::start(move |seen, _| serving.act(seen));
        Self { server, state }
    }

    /// The properties of a connection to it.
    pub fn connection(&self) -> String {
        by_token(&self.server, "MaxRetries=0")
    }

    /// How long subscriptions live from now on, in seconds.
    pub fn lives_for(&self, seconds: i64) {
        self.state.seconds.store(seconds, Ordering::SeqCst);
    }

    pub fn all(&self) -> Vec<Own> {
        self.state.all().clone()
    }

    /// The only subscription.
    #[track_caller]
    pub fn only(&self) -> Own {
        let all = self.all();
        assert_eq!(all.len(), 1, "{all:?}");
        all.into_iter().next().expect("one")
    }

    /// How many were made so far.
    pub fn made(&self) -> usize {
        self.state.made.load(Ordering::SeqCst)
    }

    pub fn reauthorized(&self) -> Vec<String> {
        self.state.reauthorized.lock().expect("unpoisoned").clone()
    }

    /// From now on it tells of a change before it answers that a subscription is made.
    pub fn is_hasty(&self) {
        self.state.hasty.store(true, Ordering::SeqCst);
    }

    /// Ends one without telling.
    pub fn forget(&self, id: &str) {
        self.state.all().retain(|own| own.id != id);
    }

    /// Another one of the same resource and address.
    pub fn leave_one(&self, own: &Own) {
        let id = format!("{}-left", own.id);
        self.state.all().push(Own { id, ..own.clone() });
    }
}

impl State {
    fn all(&self) -> MutexGuard<'_, Vec<Own>> {
        self.all.lock().expect("unpoisoned")
    }

    fn act(&self, seen: &Seen) -> Act {
        let path = seen.target.trim_start_matches("/v1.0/");
        let path: Vec<&str> = path.split(['/', '?']).collect();
        match (seen.method.as_str(), path.as_slice()) {
            ("POST", ["subscriptions"]) => self.make(seen),
            ("GET", ["subscriptions", ..]) => {
                let all: Vec<Json> = self.all().iter().map(|own| self.shown(own)).collect();
                Act::json(json!({ "value": all }).to_string())
            }
            ("POST", ["subscriptions", id, "reauthorize"]) => self.found(id, |state| {
                let mut all = state.reauthorized.lock().expect("unpoisoned");
                all.push((*id).to_owned());
                Act::Answer(204, Vec::new(), String::new())
            }),
            ("PATCH", ["subscriptions", id]) => self.found(id, |state| {
                let own = state.all().iter().find(|own| own.id == *id).cloned();
                Act::json(state.shown(&own.expect("found")).to_string())
            }),
            ("DELETE", ["subscriptions", id]) => self.found(id, |state| {
                state.all().retain(|own| own.id != *id);
                Act::Answer(204, Vec::new(), String::new())
            }),
            _ => Act::Pass,
        }
    }

    fn found(&self, id: &str, act: impl FnOnce(&Self) -> Act) -> Act {
        let is_there = self.all().iter().any(|own| own.id == id);
        match is_there {
            true => act(self),
            false => Act::refusal(404, "ResourceNotFound", Vec::new()),
        }
    }

    fn make(&self, seen: &Seen) -> Act {
        let body: Json = serde_json::from_str(&seen.body).expect("JSON");
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        assert!(
            seen.header("prefer")
                .is_some_and(|prefer| prefer.contains("ImmutableId"))
        );
        let number = self.made.fetch_add(1, Ordering::SeqCst);
        let own = Own {
            id: format!("7f105c7d-2dc5-4530-97cd-{number:012}"),
            resource: text("resource"),
            changes: text("changeType"),
            url: text("notificationUrl"),
            lifecycle_url: text("lifecycleNotificationUrl"),
            state: text("clientState"),
        };
        if !shakes_hands(&own.url) {
            self.made.fetch_sub(1, Ordering::SeqCst);
            return Act::refusal(400, "ValidationError", Vec::new());
        }
        if self.hasty.load(Ordering::SeqCst) {
            let url = url::Url::parse(&own.url).expect("a URL");
            let address = url.socket_addrs(|| None).expect("an address")[0];
            assert_eq!(
                deliver(address, &[&own.tells("created", "early", "1")]),
                202
            );
        }
        let shown = self.shown(&own).to_string();
        self.all().push(own);
        Act::Answer(
            201,
            vec![("Content-Type", "application/json".to_owned())],
            shown,
        )
    }

    fn shown(&self, own: &Own) -> Json {
        let seconds = self.seconds.load(Ordering::SeqCst);
        let end = chrono::Utc::now() + chrono::TimeDelta::seconds(seconds);
        json!({
            "id": own.id, "resource": own.resource, "changeType": own.changes, "notificationUrl": own.url,
            "lifecycleNotificationUrl": own.lifecycle_url, "clientState": null,
            "expirationDateTime": end.format("%Y-%m-%dT%H:%M:%S.1234567Z").to_string()
        })
    }
}

/// The decoded token, as plain text, and within ten seconds.
fn shakes_hands(url: &str) -> bool {
    let token = "Validation: Testing client application reachability for subscription +%&é";
    let encoded = url::form_urlencoded::byte_serialize(token.as_bytes()).collect::<String>();
    let parsed = url::Url::parse(url).expect("a URL");
    let address = format!(
        "{}:{}",
        parsed.host_str().expect("a host"),
        parsed.port_or_known_default().expect("a port")
    );
    let separator = if parsed.query().is_some() { '&' } else { '?' };
    let target = format!(
        "{}{}{separator}validationToken={encoded}",
        parsed.path(),
        parsed
            .query()
            .map_or(String::new(), |query| format!("?{query}"))
    );
    let Ok(address) = address.parse() else {
        return false;
    };
    let (status, head, body) = exchange(address, "POST", &target, b"", "text/plain; charset=utf-8");
    let is_plain = head
        .to_ascii_lowercase()
        .contains("content-type: text/plain");
    status == 200 && is_plain && body == token
}

/// Posts notifications; gives the status.
pub fn deliver(address: SocketAddr, all: &[&Json]) -> u16 {
    let body = json!({ "value": all }).to_string();
    post(address, "/hook?key=a%20b", body.as_bytes()).0
}

/// Posts a body.
pub fn post(address: SocketAddr, target: &str, body: &[u8]) -> (u16, String) {
    let (status, _, body) = exchange(address, "POST", target, body, "application/json");
    (status, body)
}

/// Asks for a page.
pub fn get(address: SocketAddr, target: &str) -> (u16, String) {
    let (status, _, body) = exchange(address, "GET", target, b"", "text/plain");
    (status, body)
}

/// One request on a connection of its own: the status, the head, the body; status 0 when nobody answers.
fn exchange(
    address: SocketAddr,
    method: &str,
    target: &str,
    body: &[u8],
    content_type: &str,
) -> (u16, String, String) {
    let nothing = || (0, String::new(), String::new());
    let Ok(mut stream) = TcpStream::connect(address) else {
        return nothing();
    };
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout");
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    // Who refuses a large body answers before it is there, and may close at once.
    let _sent = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body));
    let mut answer = Vec::new();
    let _read = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        return nothing();
    };
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
    (status.unwrap_or(0), head.to_owned(), body.to_owned())
}
