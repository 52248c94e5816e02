//! What is written: when it is sent, in which order, how often, and what the driver says of it. The server
//! notes every request; reads are answered by the demo tenant, writes by the test.

mod batches;
mod each;
mod procedures;
mod refusals;
#[path = "../support/mod.rs"]
mod support;
mod transactions;

use rusqlite::Connection;
use serde_json::{Value, json};
use support::server::{Act, Scripted, Seen};

/// A server that takes every write.
fn willing() -> Scripted {
    Scripted::start(|seen, _| taken(seen))
}

/// What a service answers that takes every write: reads are the demo tenant's.
fn taken(seen: &Seen) -> Act {
    match seen.method.as_str() {
        "GET" => Act::Pass,
        _ if seen.target.ends_with("/$batch") => {
            let parts = parts(seen);
            batch(&parts, |_, part| done(&part["method"]))
        }
        _ => match done(&json!(seen.method)) {
            (status, body) if body.is_null() => Act::Answer(status, Vec::new(), String::new()),
            (status, body) => Act::Answer(
                status,
                vec![("Content-Type", "application/json".to_owned())],
                body.to_string(),
            ),
        },
    }
}

fn done(method: &Value) -> (u16, Value) {
    match method.as_str() {
        Some("POST") => (201, json!({"id": "new"})),
        Some("DELETE") => (204, Value::Null),
        _ => (200, json!({"id": "changed"})),
    }
}

/// The requests in a batch.
fn parts(seen: &Seen) -> Vec<Value> {
    let body: Value = serde_json::from_str(&seen.body).expect("a batch is JSON");
    body["requests"].as_array().expect("requests").clone()
}

/// The answer of a batch, its parts in reverse order: they come in any (FACTS 4.3).
fn batch(parts: &[Value], answer: impl Fn(usize, &Value) -> (u16, Value)) -> Act {
    let responses: Vec<Value> = parts
        .iter()
        .enumerate()
        .rev()
        .map(|(n, part)| {
            let (status, body) = answer(n, part);
            let headers = match status {
                429 => json!({"Retry-After": "0.1"}),
                _ => json!({}),
            };
            json!({"id": part["id"], "status": status, "headers": headers, "body": body})
        })
        .collect();
    Act::json(json!({ "responses": responses }).to_string())
}

/// What was sent that changes something: method and path, the parts of batches in their place.
fn sent(server: &Scripted) -> Vec<String> {
    let below = |target: &str| target.trim_start_matches("/v1.0").to_owned();
    server
        .graph()
        .iter()
        .filter(|seen| seen.method != "GET")
        .flat_map(|seen| match seen.target.ends_with("/$batch") {
            true => parts(seen)
                .iter()
                .map(|part| {
                    let text = |name: &str| part[name].as_str().unwrap_or_default().to_owned();
                    format!("{} {}", text("method"), text("url"))
                })
                .collect(),
            false => vec![format!("{} {}", seen.method, below(&seen.target))],
        })
        .collect()
}

/// How many requests went out that change something.
fn requests(server: &Scripted) -> usize {
    let is_write = |seen: &&Seen| seen.method != "GET";
    server.graph().iter().filter(is_write).count()
}

/// A connection that may write.
fn writer(server: &Scripted, more: &str) -> Connection {
    support::signed_in(server, &format!("Readonly=false;{more}"))
}

fn execute(connection: &Connection, sql: &str) {
    connection
        .execute_batch(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The ids of some messages.
fn ids(connection: &Connection, count: usize) -> Vec<String> {
    support::column(
        connection,
        &format!("SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT {count}"),
    )
}

/// How many writes are in each state.
fn states(connection: &Connection) -> Vec<(String, i64)> {
    let mut statement = connection
        .prepare("SELECT state, count(*) FROM o365_writes GROUP BY state ORDER BY state")
        .expect("prepared");
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .expect("states")
}
