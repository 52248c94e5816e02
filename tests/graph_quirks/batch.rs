//! `$batch` (FACTS 4.3, 2.7).

use crate::http::{APP, Answer, ask};
use crate::refused;
use serde_json::{Value, json};

fn batch(requests: Value) -> Answer {
    let bearer = format!("Bearer {}", office365::demo::DELEGATED_TOKEN);
    ask(
        "POST",
        "/v1.0/$batch",
        &[
            ("Authorization", &bearer),
            ("Content-Type", "application/json"),
        ],
        &json!({"requests": requests}).to_string(),
    )
}

fn answer(all: &Value, id: &str) -> Value {
    all["responses"]
        .as_array()
        .and_then(|list| list.iter().find(|one| one["id"] == id))
        .cloned()
        .expect("an answer")
}

fn users(count: usize) -> Value {
    (0..count)
        .map(|i| json!({"id": i.to_string(), "method": "GET", "url": "/users?$top=1"}))
        .collect()
}

#[test]
fn twenty_at_most_with_unique_ids() {
    assert_eq!(
        batch(users(20)).json()["responses"]
            .as_array()
            .map(Vec::len),
        Some(20)
    );
    refused(&batch(users(21)), 400, "BadRequest");
    refused(
        &batch(
            json!([{"id": "a", "method": "GET", "url": "me"}, {"id": "A", "method": "GET", "url": "me"}]),
        ),
        400,
        "BadRequest",
    );
    refused(
        &batch(json!([{"id": "a", "method": "GET", "url": "https://graph.microsoft.com/v1.0/me"}])),
        400,
        "BadRequest",
    );
    refused(
        &batch(json!([{"id": "a", "method": "POST", "url": "/$batch"}])),
        400,
        "BadRequest",
    );
    refused(
        &batch(json!([{"id": "a", "method": "POST", "url": "/me/messages", "body": {}}])),
        400,
        "BadRequest",
    );
    refused(
        &ask("POST", "/v1.0/$batch", &[], "{}"),
        401,
        "InvalidAuthenticationToken",
    );
}

#[test]
fn answers_come_in_any_order_each_with_its_own_status() {
    let all = batch(json!([
        {"id": "1", "method": "GET", "url": "me?$select=displayName"},
        {"id": "2", "method": "GET", "url": "/users/nobody@contoso.com"},
        {"id": "3", "method": "GET", "url": "/users?$filter=startswith(displayName,'Adele') and surname eq 'Vance'"},
    ]))
    .json();
    let ids: Vec<&str> = all["responses"]
        .as_array()
        .expect("answers")
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    assert_eq!(ids, ["3", "2", "1"]);
    assert_eq!(answer(&all, "1")["body"]["displayName"], "Adele Vance");
    assert_eq!(
        (
            &answer(&all, "2")["status"],
            &answer(&all, "2")["body"]["error"]["code"]
        ),
        (&404.into(), &"Request_ResourceNotFound".into())
    );
    assert_eq!(
        answer(&all, "3")["body"]["value"].as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn headers_belong_into_the_step_and_urls_may_be_long() {
    let long = format!(
        "/users?$count=true&$filter=displayName ne '{}'",
        "x".repeat(3_000)
    );
    let all = batch(json!([
        {"id": "1", "method": "GET", "url": long, "headers": {"ConsistencyLevel": "eventual"}},
        {"id": "2", "method": "GET", "url": "/users?$count=true&$filter=displayName ne 'x'"},
    ]))
    .json();
    assert_eq!(
        (
            &answer(&all, "1")["status"],
            &answer(&all, "1")["body"]["@odata.count"]
        ),
        (&200.into(), &60.into())
    );
    assert_eq!(
        answer(&all, "2")["body"]["error"]["code"],
        "Request_UnsupportedQuery"
    );
}

#[test]
fn bodies_that_are_not_json_are_base64() {
    let all = batch(json!([{"id": "1", "method": "GET", "url": "/me/messages/$count"}, {"id": "2", "method": "GET", "url": "/me/drive/root:/Projects"}])).json();
    assert_eq!(answer(&all, "1")["body"], "MTIwMA==");
    assert_eq!(answer(&all, "2")["body"]["name"], "Projects");
}

#[test]
fn a_failed_predecessor_is_424() {
    let chain = json!([
        {"id": "1", "method": "GET", "url": "/users/nobody@contoso.com"},
        {"id": "2", "method": "GET", "url": "/me", "dependsOn": ["1"]},
    ]);
    assert_eq!(answer(&batch(chain).json(), "2")["status"], 424);
    let mixed = json!([
        {"id": "1", "method": "GET", "url": "/me"}, {"id": "2", "method": "GET", "url": "/me"},
        {"id": "3", "method": "GET", "url": "/me", "dependsOn": ["1"]},
    ]);
    refused(&batch(mixed), 400, "BadRequest");
}

#[test]
fn verbs_are_refused_and_me_needs_a_user() {
    let body = json!({"requests": [{"id": "1", "method": "GET", "url": "/me"}]}).to_string();
    let all = ask("POST", "/v1.0/$batch", &[("Authorization", &APP)], &body).json();
    assert_eq!(answer(&all, "1")["status"], 400);
    let delete = batch(json!([{"id": "1", "method": "DELETE", "url": "/me/messages"}])).json();
    assert_eq!(answer(&delete, "1")["status"], 405);
}
