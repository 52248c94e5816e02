//! `o365_writes`: what this connection wrote, and what became of each write.

use super::{List, Origin, number, text};
use crate::journal::{Fate, Outcome, Pending, Work};
use crate::session::Session;
use crate::value::Value;

#[rustfmt::skip]
pub(super) static WRITES: List = List {
    name: c"o365_writes",
    doc: "A write of this connection, and what became of it.",
    columns: &[
        number("seq",      "The number of the write on this connection, in the order of the statements."),
        text("table",      "The table or procedure."),
        text("operation",  "INSERT, UPDATE, DELETE or CALL."),
        text("key",        "The key of the row, NULL for a new one."),
        text("state",      "pending until COMMIT, then done, failed, unknown (the answer was lost), not sent, or dry run."),
        number("status",   "The HTTP status of the answer, NULL without one."),
        text("code",       "Graph's code of the refusal."),
        text("new_id",     "The id of what was made or moved."),
        text("error",      "The refusal in words, NULL when there was none."),
        text("requests",   "What it sends, a request a line: method, path and body."),
        text("request_id", "Graph's id of the request, for a support case."),
    ],
    rows: Origin::Known(writes),
};

fn writes(session: &Session) -> Vec<Vec<Value>> {
    let (outcomes, pending) = session.journal.rows();
    let base = session
        .environment()
        .map_or_else(|_| String::new(), |environment| environment.client.url(""));
    let base = base.trim_end_matches('/');
    let done = outcomes
        .iter()
        .map(|outcome| row(&outcome.write, Some(outcome), base));
    done.chain(pending.iter().map(|write| row(write, None, base)))
        .collect()
}

fn row(write: &Pending, outcome: Option<&Outcome>, base: &str) -> Vec<Value> {
    let error = outcome.and_then(|outcome| outcome.error.as_ref());
    let text = |text: Option<&str>| {
        text.filter(|text| !text.is_empty())
            .map_or(Value::Null, Value::text)
    };
    vec![
        Value::Integer(i64::try_from(write.seq).unwrap_or(i64::MAX)),
        Value::text(write.table),
        Value::text(write.operation),
        text(Some(&write.key)),
        Value::text(outcome.map_or("pending", |outcome| outcome.fate.name())),
        outcome
            .and_then(|outcome| outcome.status)
            .map_or(Value::Null, |status| Value::Integer(status.into())),
        text(error.map(|error| error.code())),
        text(outcome.and_then(|outcome| outcome.new_id.as_deref())),
        text(error.map(ToString::to_string).as_deref()),
        text(Some(&shown(write, outcome, base))),
        text(error.and_then(|error| error.fault.as_ref()?.request_id.as_deref())),
    ]
}

/// The requests: whole in a dry run, which is there to show them; otherwise without bodies, which may hold
/// what nobody should find in a list.
fn shown(write: &Pending, outcome: Option<&Outcome>, base: &str) -> String {
    let is_dry_run = outcome.is_some_and(|outcome| outcome.fate == Fate::DryRun);
    let requests = match (&write.work, is_dry_run) {
        (Work::Requests(requests), _) => requests,
        (Work::Call(procedure, _), true) => {
            let records = outcome.map_or(&[][..], |outcome| &outcome.records);
            return procedure.json(records)["Requests"].to_string();
        }
        (Work::Call(procedure, _), false) => return format!("EXEC {}", procedure.name),
        // Nothing is sent.
        (Work::Template(_), _) => return String::new(),
    };
    let lines: Vec<String> = requests
        .iter()
        .map(|request| {
            let line = format!("{} /{}", request.verb.name(), request.path);
            let version = request.if_match.as_deref().filter(|_| is_dry_run);
            let line = version.map_or(line.clone(), |etag| format!("{line} If-Match: {etag}"));
            match &request.body {
                Some(body) if is_dry_run => {
                    format!("{line} {}", body.to_string().replace("{graph}", base))
                }
                _ => line,
            }
        })
        .collect();
    lines.join("\n")
}
