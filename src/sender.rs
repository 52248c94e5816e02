//! How a connection sends what changes something: one request after the other, each logged, none begun after
//! the user stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::graph::change::{Certainty, Change, Failed, Reply, Sent};
use crate::graph::effort::Effort;
use crate::graph::log::Entry;
use crate::runtime;
use crate::session::Environment;
use crate::write::{REFERENCE, Request};

/// An interrupted write is waited for so much longer, to learn what became of it.
const GRACE: Duration = Duration::from_secs(5);

/// Sends requests of one connection, one after the other.
pub struct Sender<'a> {
    environment: Environment,
    interrupted: &'a dyn Fn() -> bool,
    stop: Arc<AtomicBool>,
}

impl<'a> Sender<'a> {
    /// A sender that stops between requests once `interrupted` says so.
    pub fn new(environment: Environment, interrupted: &'a dyn Fn() -> bool) -> Self {
        Self {
            environment,
            interrupted,
            stop: Arc::default(),
        }
    }

    /// Sends one request.
    ///
    /// # Errors
    /// As [`crate::graph::client::Client::change`].
    pub fn send(&self, request: &Request) -> Sent<Reply> {
        let client = &self.environment.client;
        self.change(Change {
            method: method(request),
            url: client.url(&request.path),
            headers: request.headers(),
            content: request.body.as_ref().map(|body| {
                let text = self.with_graph_host(body.to_string());
                ("application/json".to_owned(), Bytes::from(text))
            }),
            owner: request.owner.clone(),
            permission: request.permission,
            repeatable: request.repeatable,
            bare: false,
        })
    }

    /// Sends a request as it is.
    ///
    /// # Errors
    /// As [`crate::graph::client::Client::change`].
    pub fn change(&self, change: Change) -> Sent<Reply> {
        if (self.interrupted)() {
            self.stop.store(true, Ordering::Relaxed);
        }
        let environment = self.environment.clone();
        let stop = Arc::clone(&self.stop);
        let sent = async move {
            let started = chrono::Utc::now();
            let clock = Instant::now();
            let mut effort = Effort::heard_by(&environment.log);
            let client = Arc::clone(&environment.client);
            let patience = environment.patience();
            let reply = client.change(&change, patience, &stop, &mut effort).await;
            log(
                &environment,
                &change,
                started,
                clock.elapsed(),
                &effort,
                &reply,
            );
            reply
        };
        let stop = Arc::clone(&self.stop);
        runtime::finish(sent, self.interrupted, &stop, GRACE).unwrap_or_else(|error| {
            Err(Failed {
                error,
                certainty: Certainty::Unknown,
            })
        })
    }

    /// The settings and the client.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The text of a body: references name objects by their whole URL (FACTS §3.3).
    pub fn with_graph_host(&self, body: String) -> String {
        let base = self.environment.client.url("");
        body.replace(
            REFERENCE,
            &REFERENCE.replace("{graph}", base.trim_end_matches('/')),
        )
    }

    /// Whether the user stopped.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || (self.interrupted)()
    }

    /// Waits, unless the user stops.
    pub fn sleep(&self, wait: Duration) {
        let until = Instant::now() + wait;
        while Instant::now() < until && !self.is_stopped() {
            std::thread::sleep(Duration::from_millis(20).min(wait));
        }
    }

    /// What tells that the user stopped.
    pub fn interrupted(&self) -> &dyn Fn() -> bool {
        self.interrupted
    }
}

fn method(request: &Request) -> http::Method {
    use crate::catalog::Verb;
    match request.verb {
        Verb::Post => http::Method::POST,
        Verb::Patch => http::Method::PATCH,
        Verb::Put => http::Method::PUT,
        Verb::Delete => http::Method::DELETE,
    }
}

fn log(
    environment: &Environment,
    change: &Change,
    started: chrono::DateTime<chrono::Utc>,
    elapsed: Duration,
    effort: &Effort,
    reply: &Sent<Reply>,
) {
    environment.log.push(Entry {
        seq: 0,
        started,
        method: method_name(&change.method),
        // What lets in whoever has it is not for a log.
        url: match change.bare {
            true => "(pre-authenticated address)".to_owned(),
            false => change.url.clone(),
        },
        status: effort.status,
        attempts: effort.attempts,
        waited: effort.waited,
        elapsed,
        bytes: reply.as_ref().map_or(0, |reply| reply.body.len() as u64),
        rows: 0,
        cache: "off",
        request_id: effort.request_id.clone(),
        error: reply.as_ref().err().map(|failed| failed.error.to_string()),
    });
}

fn method_name(method: &http::Method) -> &'static str {
    match method.as_str() {
        "POST" => "POST",
        "PATCH" => "PATCH",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "GET",
    }
}
