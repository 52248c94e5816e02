//! Sends what a connection has collected: in statement order, in batches where order makes no difference,
//! each write once; what became of each is noted before the next one goes out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::Value as Json;

use super::batch::{self, Part};
use super::{Fate, Journal, Outcome, Pending};
use crate::cache::cache;
use crate::error::{Error, Kind, Result};
use crate::graph::change::{Certainty, Change, Failed, Reply};
use crate::graph::client::Effort;
use crate::graph::log::Entry;
use crate::runtime;
use crate::session::Environment;
use crate::write::{REFERENCE, Request};

/// An interrupted write is waited for so much longer, to learn what became of it.
const GRACE: Duration = Duration::from_secs(5);
/// Throttled parts of a batch are sent again after at most so long.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

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
    pub fn send(&self, request: &Request) -> std::result::Result<Reply, Failed> {
        let client = &self.environment.client;
        self.change(Change {
            method: method(request),
            url: client.url(&request.path),
            headers: batch::headers_of(request),
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
    pub fn change(&self, change: Change) -> std::result::Result<Reply, Failed> {
        if (self.interrupted)() {
            self.stop.store(true, Ordering::Relaxed);
        }
        let environment = self.environment.clone();
        let stop = Arc::clone(&self.stop);
        let sent = async move {
            let started = chrono::Utc::now();
            let clock = Instant::now();
            let mut effort = Effort::default();
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

    /// References name objects by their whole URL (FACTS §3.3).
    fn with_graph_host(&self, body: String) -> String {
        let base = self.environment.client.url("");
        body.replace(
            REFERENCE,
            &REFERENCE.replace("{graph}", base.trim_end_matches('/')),
        )
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || (self.interrupted)()
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
    reply: &std::result::Result<Reply, Failed>,
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

/// Sends everything that waits; an error names what failed.
///
/// # Errors
/// When not every write was done.
pub fn commit(
    journal: &Journal,
    environment: impl FnOnce() -> Result<Environment>,
    interrupted: &dyn Fn() -> bool,
) -> Result<()> {
    let writes = journal.take();
    if writes.is_empty() {
        return Ok(());
    }
    if journal.is_dry_run() {
        for write in writes {
            journal.record(outcome(write, Fate::DryRun));
        }
        return Ok(());
    }
    let environment = match environment() {
        Ok(environment) => environment,
        Err(error) => {
            for write in writes {
                journal.record(failed(write, Fate::NotSent, error.clone()));
            }
            return Err(error);
        }
    };
    let sender = Sender::new(environment, interrupted);
    let outcomes = sender.send_all(writes, &mut |outcome| journal.record(outcome.clone()));
    // Pages that were read before may show what is no more. Which ones cannot be told: a message that is
    // sent changes folders, counts and other people's mailboxes.
    cache().clear();
    report(&outcomes)
}

impl Sender<'_> {
    fn send_all(&self, writes: Vec<Pending>, note: &mut dyn FnMut(&Outcome)) -> Vec<Outcome> {
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(writes.len());
        let mut rest = writes.as_slice();
        let mut hopeless: Option<Error> = None;
        while !rest.is_empty() {
            let n = batch::together(rest);
            let (now, later) = rest.split_at(n);
            rest = later;
            let done = match &hopeless {
                Some(error) => now
                    .iter()
                    .map(|write| failed(write.clone(), Fate::NotSent, error.clone()))
                    .collect(),
                None if self.is_stopped() => {
                    let error = Error::new(Kind::Interrupted, "interrupted");
                    now.iter()
                        .map(|write| failed(write.clone(), Fate::NotSent, error.clone()))
                        .collect()
                }
                None => match now {
                    [one] => vec![self.send_one(one)],
                    several => self.send_batch(several),
                },
            };
            for outcome in done {
                note(&outcome);
                hopeless = hopeless.or_else(|| in_vain(&outcome));
                outcomes.push(outcome);
            }
        }
        outcomes
    }

    /// One write, request by request.
    fn send_one(&self, write: &Pending) -> Outcome {
        let mut last = outcome(write.clone(), Fate::Done);
        for request in &write.requests {
            match self.send(request) {
                Ok(reply) => {
                    last.status = Some(reply.status);
                    last.new_id = id(&reply.body).or(last.new_id);
                }
                Err(refused) => return failure(write.clone(), refused),
            }
        }
        last
    }

    /// Several writes in one request; what was throttled is sent again, in batches too.
    fn send_batch(&self, writes: &[Pending]) -> Vec<Outcome> {
        let mut left: Vec<(usize, Request)> = writes
            .iter()
            .enumerate()
            .filter_map(|(n, write)| Some((n, write.requests.first()?.clone())))
            .collect();
        let mut outcomes: Vec<Option<Outcome>> = vec![None; writes.len()];
        let retries = self.environment.patience().retries;
        for attempt in 0..=retries {
            let parts = match self.post_batch(&left) {
                Ok(parts) => parts,
                Err(error) => {
                    for (n, _) in &left {
                        outcomes[*n] = Some(failure(writes[*n].clone(), error.clone()));
                    }
                    left.clear();
                    break;
                }
            };
            let mut wait: Option<Duration> = None;
            let mut again = Vec::new();
            for (n, request) in left {
                let part = parts.iter().find(|(id, _)| *id == n).map(|(_, part)| part);
                let throttled = part.and_then(Part::throttled);
                match throttled.filter(|_| attempt < retries && !self.is_stopped()) {
                    Some(asked) => {
                        wait = wait.max(Some(asked));
                        again.push((n, request));
                    }
                    None => outcomes[n] = Some(of_part(writes[n].clone(), &request, part)),
                }
            }
            left = again;
            let Some(wait) = wait else { break };
            self.sleep(wait.min(LONGEST_WAIT));
        }
        outcomes
            .into_iter()
            .enumerate()
            .map(|(n, known)| known.unwrap_or_else(|| unknown(writes[n].clone())))
            .collect()
    }

    fn post_batch(
        &self,
        requests: &[(usize, Request)],
    ) -> std::result::Result<Vec<(usize, Part)>, Failed> {
        let first = requests.first().map(|(_, request)| request);
        let text = self.with_graph_host(batch::body(requests).to_string());
        let reply = self.change(Change {
            method: http::Method::POST,
            url: self.environment.client.url("$batch"),
            headers: Vec::new(),
            content: Some(("application/json".to_owned(), Bytes::from(text))),
            owner: first.map_or_else(String::new, |request| request.owner.clone()),
            permission: first.map_or("", |request| request.permission),
            repeatable: false,
            bare: false,
        })?;
        Ok(batch::parts(&reply.body))
    }

    /// Waits, unless the user stops.
    fn sleep(&self, wait: Duration) {
        let until = Instant::now() + wait;
        while Instant::now() < until && !self.is_stopped() {
            std::thread::sleep(Duration::from_millis(20).min(wait));
        }
    }
}

/// The error after which further writes would be in vain: no network, no sign-in.
fn in_vain(outcome: &Outcome) -> Option<Error> {
    let error = outcome.error.as_ref()?;
    let no_network = error.status().is_none()
        && matches!(
            error.kind,
            Kind::Unavailable | Kind::Timeout | Kind::Interrupted
        );
    (no_network || error.kind == Kind::SignIn).then(|| error.clone())
}

fn outcome(write: Pending, fate: Fate) -> Outcome {
    Outcome {
        write,
        fate,
        status: None,
        new_id: None,
        error: None,
    }
}

fn failed(write: Pending, fate: Fate, error: Error) -> Outcome {
    Outcome {
        status: error.status(),
        error: Some(error),
        ..outcome(write, fate)
    }
}

fn failure(write: Pending, failed_so: Failed) -> Outcome {
    let fate = match failed_so.certainty {
        Certainty::Unknown => Fate::Unknown,
        Certainty::NotDone if failed_so.error.kind == Kind::Interrupted => Fate::NotSent,
        Certainty::NotDone => Fate::Failed,
    };
    failed(write, fate, failed_so.error)
}

fn unknown(write: Pending) -> Outcome {
    let error = Error::new(
        Kind::Malformed,
        "the batch's answer does not mention this write",
    );
    failed(write, Fate::Unknown, error)
}

fn of_part(write: Pending, request: &Request, part: Option<&Part>) -> Outcome {
    let Some(part) = part else {
        return unknown(write);
    };
    let status = part.status.as_u16();
    if part.status.is_success() {
        return Outcome {
            status: Some(status),
            new_id: id(&part.body),
            ..outcome(write, Fate::Done)
        };
    }
    let fate = match status {
        500 | 502 | 504 => Fate::Unknown,
        _ => Fate::Failed,
    };
    failed(write, fate, part.error(request))
}

/// The `id` of an answer.
fn id(body: &[u8]) -> Option<String> {
    let answer: Json = serde_json::from_slice(body).ok()?;
    Some(answer["id"].as_str()?.to_owned())
}

/// One error for all writes that were not done.
fn report(outcomes: &[Outcome]) -> Result<()> {
    let bad: Vec<&Outcome> = outcomes
        .iter()
        .filter(|outcome| outcome.fate != Fate::Done)
        .collect();
    let Some(first) = bad.first() else {
        return Ok(());
    };
    let Some(cause) = first.error.clone() else {
        return Ok(());
    };
    let count = |fate: Fate| {
        outcomes
            .iter()
            .filter(|outcome| outcome.fate == fate)
            .count()
    };
    let (done, unsure) = (count(Fate::Done), count(Fate::Unknown));
    if outcomes.len() == 1 {
        let error = named(first, cause);
        return Err(match unsure {
            0 => error,
            _ => uncertain(error),
        });
    }
    let kind = match done + unsure {
        0 => cause.kind,
        _ => Kind::Partial,
    };
    let mut parts: Vec<String> = Vec::new();
    for (fate, words) in [
        (Fate::Done, "done"),
        (Fate::Failed, "refused"),
        (Fate::Unknown, "unknown, because the answer was lost"),
        (Fate::NotSent, "not sent"),
    ] {
        if count(fate) > 0 {
            parts.push(format!("{} {words}", count(fate)));
        }
    }
    let mut error = Error::new(
        kind,
        format!(
            "of {} writes {}; the first that was not done: {}",
            outcomes.len(),
            parts.join(", "),
            named(first, cause)
        ),
    );
    error = match done + unsure {
        0 => error.next("Nothing was changed"),
        _ => error.next(
            "Running the statement again is not safe: what was done would be done twice. SELECT * \
             FROM o365_writes tells which is which",
        ),
    };
    Err(error)
}

fn named(outcome: &Outcome, mut error: Error) -> Error {
    let key = match outcome.write.key.is_empty() {
        true => String::new(),
        false => format!(" {}", outcome.write.key),
    };
    error.sentence = format!(
        "{} {}{key}: {}",
        outcome.write.operation, outcome.write.table, error.sentence
    );
    error
}

/// What to do about a write of which nobody knows what became.
fn uncertain(error: Error) -> Error {
    error.next(
        "It may have been done or not: look at the tenant before running it again (o365_writes has it \
         as unknown)",
    )
}
