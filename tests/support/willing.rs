//! A service that takes every write and notes it; reads are answered by the demo tenant.

use serde_json::{Value, json};

use super::server::{Act, Scripted, Seen};

/// A server that takes every write.
pub fn willing() -> Scripted {
    Scripted::start(|seen, _| taken(seen))
}

/// What a service answers that takes every write: reads are the demo tenant's.
pub fn taken(seen: &Seen) -> Act {
    match seen.method.as_str() {
        "GET" => Act::Pass,
        _ if seen.is_token() => Act::json(r#"{"access_token":"a","expires_in":3600}"#),
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

pub fn done(method: &Value) -> (u16, Value) {
    match method.as_str() {
        Some("POST") => (201, json!({"id": "new"})),
        Some("DELETE") => (204, Value::Null),
        _ => (200, json!({"id": "changed"})),
    }
}

/// The requests in a batch.
pub fn parts(seen: &Seen) -> Vec<Value> {
    let body: Value = serde_json::from_str(&seen.body).expect("a batch is JSON");
    body["requests"].as_array().expect("requests").clone()
}

/// The answer of a batch, its parts in reverse order: they come in any (FACTS 4.3).
pub fn batch(parts: &[Value], answer: impl Fn(usize, &Value) -> (u16, Value)) -> Act {
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
pub fn sent(server: &Scripted) -> Vec<String> {
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
pub fn requests(server: &Scripted) -> usize {
    let is_write = |seen: &&Seen| seen.method != "GET";
    server.graph().iter().filter(is_write).count()
}
