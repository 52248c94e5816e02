//! Conversations, threads and posts of groups (FACTS 1.5).

use crate::http::{self, APP, ask, get, get_with};
use crate::{encoded, refused};
use serde_json::Value;

fn group(name: &str) -> String {
    let groups = get("/v1.0/groups?$select=id,displayName").rows();
    let found = groups.iter().find(|row| row["displayName"] == name);
    let id = found.unwrap_or_else(|| panic!("no {name}"))["id"].as_str();
    format!("/v1.0/groups/{}", id.expect("an id"))
}

fn topic<'r>(rows: &'r [Value], topic: &str) -> &'r Value {
    let row = rows.iter().find(|row| row["topic"] == topic);
    row.unwrap_or_else(|| panic!("no {topic}"))
}

#[test]
fn conversations_page_by_ten_newest_first() {
    let path = format!("{}/conversations", group("All Company"));
    let page = get(&path);
    assert_eq!((page.rows().len(), page.next().is_some()), (10, true));
    let all = http::all(&format!("{path}?$top=20"), &[]);
    assert_eq!(all.len(), 45);
    assert!(all.is_sorted_by(
        |a, b| a["lastDeliveredDateTime"].as_str() > b["lastDeliveredDateTime"].as_str()
    ));
    assert!(all.iter().any(|row| row["topic"].is_null()) && all[0]["uniqueSenders"].is_array());
    let some = get(&format!("{path}?$select=topic&$top=1")).rows();
    assert_eq!(
        (some[0]["topic"].clone(), some[0].get("preview")),
        (all[0]["topic"].clone(), None)
    );
    for option in [
        "$filter=topic eq 'x'",
        "$orderby=lastDeliveredDateTime",
        "$search=\"x\"",
        "$count=true",
        "$expand=threads",
        "$top=101",
    ] {
        refused(
            &get(&format!("{path}?{option}")),
            400,
            "ErrorInvalidUrlQuery",
        );
    }
    let one = get(&format!("{path}/{}", encoded(&all[3]["id"]))).json();
    assert_eq!(
        one["lastDeliveredDateTime"],
        all[3]["lastDeliveredDateTime"]
    );
    refused(&get(&format!("{path}/x")), 400, "ErrorInvalidIdMalformed");
}

#[test]
fn threads_by_group_and_by_conversation() {
    let company = group("All Company");
    let threads = http::all(&format!("{company}/threads"), &[]);
    assert_eq!(threads.len(), 45 + 9);
    let conversations = http::all(&format!("{company}/conversations"), &[]);
    let below = |number: usize| {
        get(&format!(
            "{company}/conversations/{}/threads",
            encoded(&conversations[number]["id"])
        ))
    };
    assert_eq!((below(1).rows().len(), below(2).rows().len()), (1, 2));
    assert_eq!(below(2).rows()[1], threads[3]);
    assert_eq!(
        threads[0]["toRecipients"][0]["emailAddress"]["address"],
        "group0@contoso.com"
    );
    assert!(
        threads.iter().any(|row| row["isLocked"] == true)
            && threads.iter().any(|row| row["isLocked"] == false)
    );
    // A thread of another conversation is not found below this one.
    refused(
        &get(&format!(
            "{company}/conversations/{}/threads/{}",
            encoded(&conversations[1]["id"]),
            encoded(&threads[0]["id"])
        )),
        404,
        "ErrorItemNotFound",
    );
}

#[test]
fn posts_oldest_first_by_both_ways() {
    let company = group("All Company");
    let threads = get(&format!("{company}/threads")).rows();
    let long = topic(&threads, "Who takes the on-call shift?");
    let path = format!("{company}/threads/{}/posts", encoded(&long["id"]));
    let posts = http::all(&path, &[]);
    assert_eq!((get(&path).rows().len(), posts.len()), (10, 25));
    assert!(
        posts.is_sorted_by(|a, b| a["receivedDateTime"].as_str() < b["receivedDateTime"].as_str())
    );
    assert_eq!(posts[24]["receivedDateTime"], long["lastDeliveredDateTime"]);
    assert_eq!(
        (
            &posts[0]["conversationThreadId"],
            &posts[0]["body"]["contentType"]
        ),
        (&long["id"], &"html".into())
    );
    let text = get_with(&path, &[("Prefer", "outlook.body-content-type=\"text\"")]).rows();
    assert_eq!(text[0]["body"]["contentType"], "text");
    let conversation = encoded(&posts[0]["conversationId"]);
    let other = format!(
        "{company}/conversations/{conversation}/threads/{}/posts",
        encoded(&long["id"])
    );
    assert_eq!(http::all(&other, &[]), posts);
    assert_eq!(
        get(&format!("{path}/{}", encoded(&posts[7]["id"]))).json()["receivedDateTime"],
        posts[7]["receivedDateTime"]
    );
    refused(
        &get(&format!("{path}?$filter=hasAttachments eq true")),
        400,
        "ErrorInvalidUrlQuery",
    );
}

#[test]
fn somebody_outside_writes_about_a_bank_account() {
    let sales = group("SALES");
    let threads = http::all(&format!("{sales}/threads"), &[]);
    let fraud = topic(&threads, "New bank account of Fabrikam");
    let posts = get(&format!("{sales}/threads/{}/posts", encoded(&fraud["id"]))).rows();
    assert_eq!(
        posts[0]["from"]["emailAddress"]["address"],
        "orders+eu@fabrikam.com"
    );
    assert!(posts[0]["hasAttachments"] == true);
}

#[test]
fn only_microsoft_365_groups_and_only_people() {
    for service in ["conversations", "threads"] {
        refused(
            &get(&format!("{}/{service}", group("Sales"))),
            404,
            "MailboxNotEnabledForRESTAPI",
        );
        let company = format!("{}/{service}", group("All Company"));
        refused(
            &ask("GET", &company, &[("Authorization", &APP)], ""),
            403,
            "ErrorAccessDenied",
        );
        assert_eq!(
            get(&format!("{}/{service}", group("Team 008")))
                .rows()
                .len(),
            0
        );
    }
}

#[test]
fn comments_on_a_task_are_a_thread() {
    let company = group("All Company");
    let plan = get(&format!("{company}/planner/plans")).rows()[0]["id"]
        .as_str()
        .expect("an id")
        .to_string();
    let tasks = get(&format!("/v1.0/planner/plans/{plan}/tasks")).rows();
    let commented = tasks
        .iter()
        .find(|task| task["conversationThreadId"].is_string())
        .expect("one");
    let thread = get(&format!(
        "{company}/threads/{}",
        encoded(&commented["conversationThreadId"])
    ));
    assert_eq!(thread.json()["id"], commented["conversationThreadId"]);
}
