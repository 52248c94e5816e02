//! Subscriptions (FACTS 1.9).

use serde_json::Value;

use crate::http::{APP, ask, get};
use crate::permissions::as_adele_with;
use crate::refused;

fn resources(rows: &[Value]) -> Vec<&str> {
    rows.iter()
        .map(|row| row["resource"].as_str().unwrap_or_default())
        .collect()
}

#[test]
fn subscriptions_take_no_option_at_all() {
    for option in [
        "$top=1",
        "$select=id",
        "$filter=resource eq 'x'",
        "$count=true",
        "$skip=1",
    ] {
        refused(
            &get(&format!("/v1.0/subscriptions?{option}")),
            400,
            "BadRequest",
        );
    }
}

#[test]
fn only_the_callers_own_and_without_the_secret() {
    let rows = get("/v1.0/subscriptions").rows();
    assert_eq!(
        resources(&rows),
        [
            "me/mailFolders/inbox/messages",
            "me/events",
            "me/messages",
            "me/drive/root",
            "groups"
        ]
    );
    assert!(rows.iter().all(|row| row["clientState"].is_null()
        && row["creatorId"] == "87d349ed-44d7-43e1-9a83-5f2406dee5bd"));
    assert_eq!(rows[0]["expirationDateTime"], "2026-12-02T12:00:00Z");
    let id = rows[1]["id"].as_str().expect("an id");
    assert_eq!(
        get(&format!("/v1.0/subscriptions/{id}")).json()["resource"],
        "me/events"
    );
    let app = |path: &str| ask("GET", path, &[("Authorization", APP.as_str())], "");
    assert_eq!(
        resources(&app("/v1.0/subscriptions").rows()),
        [
            "users",
            "users/87d349ed-44d7-43e1-9a83-5f2406dee5bd/messages"
        ]
    );
    refused(
        &app(&format!("/v1.0/subscriptions/{id}")),
        404,
        "ResourceNotFound",
    );
}

#[test]
fn the_permission_is_that_of_what_is_watched() {
    let of = |scope: &str| as_adele_with(scope, "/v1.0/subscriptions").rows();
    assert_eq!(resources(&of("Calendars.Read")), ["me/events"]);
    assert_eq!(of("Subscription.Read.All").len(), 5);
    assert_eq!(of("User.Read").len(), 0);
}
