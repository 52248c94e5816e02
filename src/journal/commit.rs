//! Sends what a connection has collected: in statement order, in batches where order makes no difference,
//! each write once; what became of each is noted before the next one goes out.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value as Json;

use super::batch::{self, Part};
use super::{Fate, Journal, Outcome, Pending, Work};
use crate::cache::cache;
use crate::error::{Error, Kind, Result};
use crate::graph::change::{Certainty, Change, Failed, Sent};
use crate::procs::{self, Runner};
use crate::sender::Sender;
use crate::session::Environment;
use crate::templates::Edit;
use crate::write::Request;

/// Throttled parts of a batch are sent again after at most so long.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Sends everything that waits, to the tenants of the profiles that `environment` is asked for; an error names
/// what failed.
///
/// # Errors
/// When not every write was done.
pub fn commit(
    journal: &Journal,
    environment: impl Fn(Option<&str>) -> Result<Environment>,
    interrupted: &dyn Fn() -> bool,
) -> Result<()> {
    let writes = journal.take();
    if writes.is_empty() {
        return Ok(());
    }
    let changes = writes.iter().any(Pending::changes);
    let dry_run = journal.is_dry_run();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(writes.len());
    let mut hopeless: Option<Error> = None;
    // In statement order, tenant after tenant.
    for part in writes.chunk_by(|left, right| left.profile == right.profile) {
        let environment = environment(part[0].profile.as_deref());
        let note = &mut |outcome: &Outcome| journal.record(outcome.clone());
        match environment {
            Ok(environment) => {
                let committing = Committing {
                    sender: Sender::new(environment, interrupted),
                    dry_run,
                };
                outcomes.extend(committing.send_all(part, &mut hopeless, note));
            }
            Err(error) => {
                let unsent = part
                    .iter()
                    .map(|write| failed(write.clone(), Fate::NotSent, error.clone()));
                for outcome in unsent {
                    note(&outcome);
                    outcomes.push(outcome);
                }
                hopeless = Some(hopeless.unwrap_or(error));
            }
        }
    }
    // Pages that were read before may show what is no more. Which ones cannot be told: a message that is
    // sent changes folders, counts and other people's mailboxes.
    if changes && !dry_run {
        cache().clear();
    }
    report(&outcomes)
}

/// Sends the writes of a COMMIT.
struct Committing<'a> {
    sender: Sender<'a>,
    dry_run: bool,
}

impl Committing<'_> {
    /// `hopeless` is why nothing more is sent, once there is a reason.
    fn send_all(
        &self,
        writes: &[Pending],
        hopeless: &mut Option<Error>,
        note: &mut dyn FnMut(&Outcome),
    ) -> Vec<Outcome> {
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(writes.len());
        let mut rest = writes;
        while !rest.is_empty() {
            let n = batch::together(rest);
            let (now, later) = rest.split_at(n);
            rest = later;
            let done = match &*hopeless {
                Some(error) => now
                    .iter()
                    .map(|write| failed(write.clone(), Fate::NotSent, error.clone()))
                    .collect(),
                None if self.sender.is_stopped() => {
                    let error = Error::new(Kind::Interrupted, "interrupted");
                    now.iter()
                        .map(|write| failed(write.clone(), Fate::NotSent, error.clone()))
                        .collect()
                }
                None => match now {
                    [one] => vec![self.send_one(one)],
                    several if self.dry_run => several
                        .iter()
                        .map(|write| outcome(write.clone(), Fate::DryRun))
                        .collect(),
                    several => self.send_batch(several),
                },
            };
            for outcome in done {
                note(&outcome);
                *hopeless = hopeless.take().or_else(|| in_vain(&outcome));
                outcomes.push(outcome);
            }
        }
        outcomes
    }

    /// One write, request by request.
    fn send_one(&self, write: &Pending) -> Outcome {
        let requests = match &write.work {
            Work::Call(procedure, arguments) => {
                let (sender, dry_run) = (&self.sender, self.dry_run);
                return call(write.clone(), procedure, arguments, sender, dry_run);
            }
            _ if self.dry_run => return outcome(write.clone(), Fate::DryRun),
            Work::Template(edit) => return edited(write, edit),
            Work::Requests(requests) => requests,
        };
        let mut last = outcome(write.clone(), Fate::Done);
        for request in requests {
            match self.sender.send(request) {
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
            .filter_map(|(n, write)| Some((n, write.work.only_request()?.clone())))
            .collect();
        let mut outcomes: Vec<Option<Outcome>> = vec![None; writes.len()];
        let retries = self.sender.environment().patience().retries;
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
                match throttled.filter(|_| attempt < retries && !self.sender.is_stopped()) {
                    Some(asked) => {
                        wait = wait.max(Some(asked));
                        again.push((n, request));
                    }
                    None => outcomes[n] = Some(of_part(writes[n].clone(), &request, part)),
                }
            }
            left = again;
            let Some(wait) = wait else { break };
            self.sender.sleep(wait.min(LONGEST_WAIT));
        }
        outcomes
            .into_iter()
            .enumerate()
            .map(|(n, known)| known.unwrap_or_else(|| unknown(writes[n].clone())))
            .collect()
    }

    fn post_batch(&self, requests: &[(usize, Request)]) -> Sent<Vec<(usize, Part)>> {
        let first = requests.first().map(|(_, request)| request);
        let text = self
            .sender
            .with_graph_host(batch::body(requests).to_string());
        let reply = self.sender.change(Change {
            method: http::Method::POST,
            url: self.sender.environment().client.url("$batch"),
            headers: Vec::new(),
            content: Some(("application/json".to_owned(), Bytes::from(text))),
            owner: first.map_or_else(String::new, |request| request.owner.clone()),
            permission: first.map_or("", |request| request.permission),
            repeatable: false,
            bare: false,
        })?;
        Ok(batch::parts(&reply.body))
    }
}

fn edited(write: &Pending, edit: &Edit) -> Outcome {
    match edit.apply() {
        Ok(()) => outcome(write.clone(), Fate::Done),
        Err(error) => failed(write.clone(), Fate::Failed, error),
    }
}

/// Calls a procedure.
pub fn call(
    write: Pending,
    procedure: &'static procs::Procedure,
    arguments: &procs::Arguments,
    sender: &Sender<'_>,
    dry_run: bool,
) -> Outcome {
    let environment = sender.environment().clone();
    let interrupted = sender.interrupted();
    let mut runner = Runner::new(environment, procedure.permission, dry_run, interrupted);
    let fate = match dry_run {
        true => Fate::DryRun,
        false => Fate::Done,
    };
    match procs::call(procedure, arguments, &mut runner) {
        Ok(records) => Outcome {
            new_id: procs::new_id(&records),
            records,
            ..outcome(write, fate)
        },
        Err(refused) => failure(write, refused),
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
        records: Vec::new(),
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
        .filter(|outcome| !matches!(outcome.fate, Fate::Done | Fate::DryRun))
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
pub fn uncertain(error: Error) -> Error {
    error.next(
        "It may have been done or not: look at the tenant before running it again (o365_writes has it \
         as unknown)",
    )
}
