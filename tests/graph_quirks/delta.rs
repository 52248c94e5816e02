//! Delta queries: pages, tokens, and what is told of changes (FACTS 6).

use super::http::{self, Answer, below_server, get, get_with};
use super::{encoded, refused};

/// The link to the next round.
fn delta_link(answer: &Answer) -> String {
    let body = answer.json();
    below_server(body["@odata.deltaLink"].as_str().expect("the end"))
}

/// Follows the links to the last page.
fn last_page(path: &str) -> Answer {
    let mut page = get(path);
    while let Some(next) = page.next() {
        page = get(&next);
    }
    page
}

#[test]
fn options_are_within_the_token() {
    let first = get("/v1.0/users/delta?$select=displayName");
    let next = first.next().expect("more");
    assert!(!next.contains("displayName"), "{next}");
    let rows = get(&next).rows();
    let row = rows[0].as_object().expect("a row");
    assert_eq!(row.keys().collect::<Vec<_>>(), ["displayName", "id"]);
    refused(
        &get(&format!("{next}&$select=mail")),
        400,
        "Request_BadRequest",
    );
    let folders = last_page("/v1.0/me/mailFolders/delta?$select=displayName");
    refused(
        &get(&format!("{}&$select=id", delta_link(&folders))),
        400,
        "ErrorInvalidUrlQuery",
    );
}

#[test]
fn the_directory_says_where_to_start_over() {
    for resource in ["users", "groups"] {
        let lost = get(&format!("/v1.0/{resource}/delta?$deltatoken=old"));
        refused(&lost, 410, "syncStateNotFound");
        let address = below_server(lost.header("location").expect("an address"));
        assert_eq!(address, format!("/v1.0/{resource}/delta"));
        refused(
            &get(&format!("/v1.0/{resource}/delta?$top=10")),
            400,
            "Request_BadRequest",
        );
    }
    let lost = get("/v1.0/me/drive/root/delta?token=old");
    assert!(lost.header("location").is_some());
}

#[test]
fn from_now_on_is_an_empty_round() {
    let now = get("/v1.0/groups/delta?$deltatoken=latest&$select=members");
    assert_eq!(now.rows().len(), 0);
    assert_eq!(get(&delta_link(&now)).status, 200);
    // Outlook has no such word.
    refused(
        &get("/v1.0/me/contactFolders/delta?$deltatoken=latest"),
        410,
        "syncStateNotFound",
    );
}

#[test]
fn a_token_is_of_one_path() {
    let link = delta_link(&last_page("/v1.0/me/todo/lists/delta"));
    refused(
        &get(&link.replace("todo/lists", "contactFolders")),
        410,
        "syncStateNotFound",
    );
    let alias = "/v1.0/users/microsoft.graph.delta()?$select=id";
    assert_eq!(get(alias).rows().len(), 50);
}

#[test]
fn deleted_users_come_in_the_first_round() {
    let rows = http::all("/v1.0/users/delta?$select=id", &[]);
    let gone = rows.iter().filter(|row| row["@removed"].is_object());
    let reasons: Vec<String> = gone
        .map(|row| row["@removed"]["reason"].to_string())
        .collect();
    assert!(reasons.len() >= 112 && reasons.iter().all(|reason| reason == "\"changed\""));
}

#[test]
fn members_of_one_group_are_spread_over_pages() {
    let first = get("/v1.0/groups/delta?$select=members");
    let id = first.rows()[0]["id"].clone();
    let rows = http::all("/v1.0/groups/delta?$select=members", &[]);
    let places = rows.iter().enumerate().filter(|(_, row)| row["id"] == id);
    let places: Vec<usize> = places.map(|(place, _)| place).collect();
    assert!(places.len() > 1 && places[1] >= first.rows().len());
    assert_eq!(rows[places[1]].as_object().expect("a row").len(), 2);
}

#[test]
fn contacts_come_by_folder_and_in_preferred_pages() {
    let folder = get("/v1.0/me/contacts?$top=1&$select=parentFolderId").rows();
    let folder = encoded(&folder[0]["parentFolderId"]);
    let path = format!("/v1.0/me/contactFolders/{folder}/contacts/delta");
    assert_eq!(get(&path).rows().len(), 10);
    let page = get_with(&path, &[("Prefer", "odata.maxpagesize=30")]);
    assert_eq!(page.rows().len(), 30);
    refused(&get(&format!("{path}?$top=5")), 400, "ErrorInvalidUrlQuery");
    refused(&get("/v1.0/me/contacts/delta"), 400, "BadRequest");
    assert_eq!(
        get("/v1.0/users/nestor@contoso.com/contactFolders/delta").status,
        200
    );
}

#[test]
fn the_window_of_a_calendar_is_frozen() {
    let path = "/v1.0/me/calendarView/delta?startDateTime=2026-12-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z";
    let page = get_with(path, &[("Prefer", "odata.maxpagesize=500")]);
    let link = delta_link(&page);
    assert!(!link.contains("2026-12"), "{link}");
    refused(
        &get(&format!("{link}&endDateTime=2028-01-01T00:00:00Z")),
        400,
        "ErrorInvalidUrlQuery",
    );
    let rows = page.rows();
    let occurrence = rows.iter().find(|row| row["type"] == "occurrence");
    let occurrence = occurrence.expect("a series");
    assert!(occurrence["subject"].is_null());
    let master = rows
        .iter()
        .find(|row| row["id"] == occurrence["seriesMasterId"]);
    assert_eq!(master.expect("there too")["type"], "seriesMaster");
}
