//! Presence of one user and of many (FACTS 1.4).

use office365::demo::DELEGATED_TOKEN;
use serde_json::{Value, json};

use crate::http::{self, APP, Answer, ask, get};
use crate::permissions::as_adele_with;
use crate::refused;

const MANY: &str = "/v1.0/communications/getPresencesByUserId";

/// The posted question as Adele.
fn post(body: &str) -> Answer {
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    ask("POST", MANY, &headers, body)
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter()
        .map(|row| row["id"].as_str().unwrap_or_default())
        .collect()
}

#[test]
fn presence_is_a_single_value_without_options() {
    let mine = get("/v1.0/me/presence").json();
    let id = "87d349ed-44d7-43e1-9a83-5f2406dee5bd";
    assert_eq!(
        (&mine["id"], &mine["@odata.context"]),
        (
            &json!(id),
            &json!(http::context(&format!("users('{id}')/presence/$entity")))
        )
    );
    assert_eq!(get("/v1.0/users/adele@contoso.com/presence").json(), mine);
    refused(
        &get("/v1.0/me/presence?$select=availability"),
        400,
        "BadRequest",
    );
    refused(
        &get("/v1.0/users/11111111-2222-3333-4444-555555555555/presence"),
        404,
        "Request_ResourceNotFound",
    );
    let lidia = get("/v1.0/users/lidia@contoso.com/presence").json();
    assert_eq!(
        (
            &lidia["availability"],
            &lidia["workLocation"]["workLocationType"]
        ),
        (&json!("Offline"), &json!("remote"))
    );
    let guest = get("/v1.0/users/joe_aol.com%23EXT%23@contoso.onmicrosoft.com/presence").json();
    assert_eq!(
        (
            &guest["activity"],
            &guest["statusMessage"],
            &guest["sequenceNumber"]
        ),
        (&json!("PresenceUnknown"), &Value::Null, &Value::Null)
    );
}

#[test]
fn many_presences_are_asked_for_by_post_and_unknown_ids_are_left_out() {
    let users = http::all("/v1.0/users?$select=id", &[]);
    let all = ids(&users);
    let rows = post(&json!({"ids": all}).to_string()).rows();
    assert_eq!(ids(&rows), all);
    let nobody = "11111111-2222-3333-4444-555555555555";
    let rows = post(&json!({"ids": [all[3], nobody, all[1]]}).to_string()).rows();
    assert_eq!(ids(&rows), [all[3], all[1]]);
    let many = vec![nobody; 650];
    assert_eq!(
        post(&json!({"ids": many}).to_string()).rows(),
        Vec::<Value>::new()
    );
    refused(
        &post(&json!({"ids": vec![nobody; 651]}).to_string()),
        400,
        "BadRequest",
    );
}

#[test]
fn the_question_must_be_well_formed() {
    for body in [
        "",
        "{}",
        "[]",
        "{\"ids\": []}",
        "{\"ids\": \"x\"}",
        "{\"ids\": [5]}",
        "{\"ids\": [\"adele@contoso.com\"]}",
        "{\"ids\": [",
    ] {
        refused(&post(body), 400, "BadRequest");
    }
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    let untyped = ask("POST", MANY, &[("Authorization", &bearer)], "{\"ids\": []}");
    refused(&untyped, 400, "BadRequest");
    assert!(untyped.text().contains("Content-Type"));
    refused(&get(MANY), 405, "Request_BadRequest");
}

#[test]
fn the_question_works_in_a_batch() {
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    let step = json!({"id": "1", "method": "POST", "url": "/communications/getPresencesByUserId",
        "headers": {"Content-Type": "application/json"}, "body": {"ids": ["87d349ed-44d7-43e1-9a83-5f2406dee5bd"]}});
    let answer = ask(
        "POST",
        "/v1.0/$batch",
        &[
            ("Authorization", &bearer),
            ("Content-Type", "application/json"),
        ],
        &json!({"requests": [step]}).to_string(),
    );
    let body = answer.json()["responses"][0]["body"].clone();
    assert_eq!(
        body["value"][0]["id"],
        "87d349ed-44d7-43e1-9a83-5f2406dee5bd"
    );
}

#[test]
fn others_need_a_scope_for_all_and_applications_get_nothing() {
    assert_eq!(
        as_adele_with("Presence.Read", "/v1.0/me/presence").status,
        200
    );
    let alex = "/v1.0/users/alex@contoso.com/presence";
    refused(&as_adele_with("Presence.Read", alex), 403, "Forbidden");
    assert_eq!(as_adele_with("Presence.Read.All", alex).status, 200);
    refused(
        &as_adele_with("User.Read.All", "/v1.0/me/presence"),
        403,
        "Forbidden",
    );
    let app = ask("GET", alex, &[("Authorization", APP.as_str())], "");
    refused(&app, 403, "Forbidden");
}
