//! To Do: lists and tasks of a mailbox (FACTS 1.8).

use crate::http::{self, APP, ask, get};
use crate::{encoded, refused};
use serde_json::Value;

const LISTS: &str = "/v1.0/me/todo/lists";

fn tasks(name: &str) -> String {
    let lists = get(LISTS).rows();
    let list = lists.iter().find(|row| row["displayName"] == name);
    format!("{LISTS}/{}/tasks", encoded(&list.expect("a list")["id"]))
}

#[test]
fn lists_of_a_mailbox() {
    let lists = get(LISTS).rows();
    let known: Vec<&Value> = lists.iter().map(|row| &row["wellknownListName"]).collect();
    assert_eq!(lists.len(), 7);
    assert_eq!(known[..3], ["defaultList", "flaggedEmails", "none"]);
    assert_eq!(http::all(&format!("{LISTS}?$top=3"), &[]), lists);
    let one = get(&format!("{LISTS}/{}", encoded(&lists[3]["id"]))).json();
    assert_eq!(one["displayName"], "O'Brien's 100% list");
    for option in [
        "$filter=displayName eq 'x'",
        "$orderby=displayName",
        "$select=id",
        "$count=true",
        "$top=101",
    ] {
        refused(
            &get(&format!("{LISTS}?{option}")),
            400,
            "ErrorInvalidUrlQuery",
        );
    }
    refused(
        &get(&format!("{LISTS}/defaultList")),
        400,
        "ErrorInvalidIdMalformed",
    );
    assert_eq!(get(&tasks("Nothing in here")).rows().len(), 0);
}

#[test]
fn tasks_filter_by_not_completed_only() {
    let path = tasks("Tasks");
    let page = get(&path);
    assert_eq!((page.rows().len(), page.next().is_some()), (10, true));
    let all = http::all(&format!("{path}?$top=100"), &[]);
    assert_eq!(all.len(), 130);
    let open = http::all(&format!("{path}?$filter=status ne 'completed'"), &[]);
    let expected = all
        .iter()
        .filter(|row| row["status"] != "completed")
        .count();
    assert_eq!(open.len(), expected);
    assert!(expected < 130 && open.iter().all(|row| row["completedDateTime"].is_null()));
    for filter in [
        "status eq 'completed'",
        "importance eq 'high'",
        "startswith(title,'C')",
        "not (status ne 'completed')",
        "dueDateTime/dateTime ge '2026-01-01'",
    ] {
        refused(
            &get(&format!("{path}?$filter={filter}")),
            400,
            "ErrorInvalidUrlQueryFilter",
        );
    }
    refused(
        &get(&format!("{path}?$filter=nope eq 1")),
        400,
        "RequestBroker--ParseUri",
    );
    for option in [
        "$select=title",
        "$search=\"x\"",
        "$count=true",
        "$expand=checklistItems",
    ] {
        refused(
            &get(&format!("{path}?{option}")),
            400,
            "ErrorInvalidUrlQuery",
        );
    }
}

#[test]
fn tasks_sort_and_skip() {
    let path = tasks("Tasks");
    let sorted = http::all(
        &format!("{path}?$orderby=createdDateTime desc&$top=50"),
        &[],
    );
    let times: Vec<&str> = sorted
        .iter()
        .filter_map(|row| row["createdDateTime"].as_str())
        .collect();
    assert!(times.len() == 130 && times.is_sorted_by(|a, b| a >= b));
    assert_eq!(
        get(&format!("{path}?$orderby=createdDateTime desc&$skip=125")).rows(),
        sorted[125..]
    );
    refused(
        &get(&format!("{path}?$orderby=body/content")),
        400,
        "ErrorInvalidUrlQuery",
    );
}

#[test]
fn due_start_reminder_and_completion_have_a_zone_and_the_rest_an_offset() {
    let all = http::all(&tasks("Tasks"), &[]);
    for name in [
        "dueDateTime",
        "startDateTime",
        "reminderDateTime",
        "completedDateTime",
    ] {
        let set = all.iter().find(|row| !row[name].is_null()).expect(name);
        let text = set[name]["dateTime"].as_str().expect("a text");
        assert_eq!(
            (text.len(), &set[name]["timeZone"]),
            (27, &"UTC".into()),
            "{text}"
        );
        assert!(all.iter().any(|row| row[name].is_null()), "{name}");
    }
    assert!(
        all[0]["createdDateTime"]
            .as_str()
            .is_some_and(|text| text.ends_with('Z'))
    );
    let late = all
        .iter()
        .find(|row| row["title"] == "Send the signed contract to Adatum");
    let late = late.expect("the story");
    assert_eq!(
        late["dueDateTime"]["dateTime"],
        "2026-09-30T00:00:00.0000000"
    );
    assert_eq!(
        (&late["status"], &late["importance"]),
        (&"notStarted".into(), &"high".into())
    );
    let one = get(&format!("{}/{}", tasks("Tasks"), encoded(&late["id"]))).json();
    assert_eq!(one["@odata.etag"], late["@odata.etag"]);
    assert!(
        all.iter()
            .any(|row| row["recurrence"]["pattern"]["type"] == "daily")
    );
}

#[test]
fn without_a_mailbox_or_a_person_there_is_no_to_do() {
    refused(
        &get("/v1.0/users/svc56@contoso.onmicrosoft.com/todo/lists"),
        404,
        "MailboxNotEnabledForRESTAPI",
    );
    refused(
        &get("/v1.0/users/nobody@contoso.com/todo/lists"),
        404,
        "ErrorInvalidUser",
    );
    let app = [("Authorization", APP.as_str())];
    refused(
        &ask("GET", "/v1.0/users/alex@contoso.com/todo/lists", &app, ""),
        403,
        "ErrorAccessDenied",
    );
    let empty = get("/v1.0/users/nestor@contoso.com/todo/lists").rows();
    assert_eq!(empty.len(), 2);
}
