//! Each operation, each refusal, and what reads say afterwards.

mod attachments;
mod folders;
mod refusals;
mod sending;

use serde_json::{Value, json};

use crate::demo::write::client::{Client, Told};

const PREFER: (&str, &str) = ("Prefer", "IdType=\"ImmutableId\"");

fn draft(client: &Client, subject: &str) -> Told {
    let body = json!({"subject": subject, "toRecipients": [{"emailAddress": {"address": "alex@contoso.com"}}]});
    let made = client.post("me/messages", body);
    assert_eq!(made.status, 201, "{made:?}");
    made
}

fn folder(client: &Client, name: &str) -> (i64, i64) {
    let told = client.get(&format!("me/mailFolders/{name}")).body;
    let number = |name: &str| told[name].as_i64().expect("a number");
    (number("totalItemCount"), number("unreadItemCount"))
}

/// Folder counts, `$count` and the list itself must agree.
fn agrees(client: &Client, name: &str) {
    let (total, unread) = folder(client, name);
    let messages = format!("me/mailFolders/{name}/messages");
    assert_eq!(client.count(&format!("{messages}/$count")), total);
    let all = client.get(&format!(
        "{messages}?$top=1000&$select=isRead,receivedDateTime"
    ));
    assert_eq!(all.rows().len() as i64, total.min(1_000));
    let unseen = all.rows().iter().filter(|row| row["isRead"] == false);
    assert_eq!(unseen.count() as i64, unread);
    let times = all
        .rows()
        .iter()
        .map(|row| row["receivedDateTime"].to_string());
    assert!(times.is_sorted_by(|newer, older| newer >= older));
}

fn first(client: &Client, folder: &str) -> Value {
    let path = format!("me/mailFolders/{folder}/messages?$top=5");
    client.get(&path).rows()[4].clone()
}

fn id(row: &Value) -> &str {
    row["id"].as_str().expect("an id")
}

#[test]
fn a_draft_is_made_and_found_everywhere() {
    let client = Client::new();
    let before = folder(&client, "drafts");
    let made = draft(&client, "Brand new");
    assert_eq!(made.body["isDraft"], true);
    assert_eq!(made.body["createdDateTime"], "2026-11-30T12:00:01Z");
    assert_eq!(
        made.body["toRecipients"][0]["emailAddress"]["name"],
        "alex@contoso.com"
    );
    assert!(made.headers.contains_key("Location"));
    let read = client.get(&format!("me/messages/{}", made.id()));
    assert_eq!(read.body, made.body);
    assert_eq!(
        client.get("me/mailFolders/drafts/messages?$top=1").rows()[0]["id"],
        made.body["id"]
    );
    let found =
        client.get("me/mailFolders/drafts/messages?$filter=startswith(subject,'Brand%20new')");
    assert_eq!(found.rows().len(), 1);
    let found = client.get("me/messages?$search=%22brand%22");
    assert_eq!(found.rows().len(), 1);
    assert_eq!(folder(&client, "drafts"), (before.0 + 1, before.1));
    agrees(&client, "drafts");
    let mime = client
        .get(&format!("me/messages/{}/$value", made.id()))
        .body;
    assert!(
        mime.as_str()
            .is_some_and(|mime| mime.contains("Subject: Brand new"))
    );
}

#[test]
fn a_draft_may_be_made_in_any_folder_and_bring_files() {
    let client = Client::new();
    let file = json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGk="});
    let made = client.post(
        "me/mailFolders/archive/messages",
        json!({"attachments": [file]}),
    );
    assert_eq!(
        (made.status, &made.body["hasAttachments"]),
        (201, &json!(true))
    );
    let files = client.get(&format!("me/messages/{}/attachments", made.id()));
    assert_eq!(files.rows()[0]["contentBytes"], "aGk=");
    let bytes = format!(
        "me/messages/{}/attachments/{}/$value",
        made.id(),
        id(&files.rows()[0])
    );
    assert_eq!(client.get(&bytes).body, "hi");
    agrees(&client, "archive");
}

#[test]
fn changes_show_in_items_lists_filters_and_counts() {
    let client = Client::new();
    let unread = client.get("me/mailFolders/inbox/messages?$filter=isRead%20eq%20false&$top=1");
    let old = unread.rows()[0].clone();
    let (total, before) = folder(&client, "inbox");
    let path = format!("me/messages/{}", id(&old));
    let changed = client.patch(
        &path,
        json!({"isRead": true, "categories": ["Written"], "flag": {"flagStatus": "complete"}}),
    );
    assert_eq!(changed.status, 200);
    assert_eq!(changed.body["isRead"], true);
    assert_ne!(changed.body["changeKey"], old["changeKey"]);
    assert_ne!(changed.body["@odata.etag"], old["@odata.etag"]);
    assert_eq!(changed.body["lastModifiedDateTime"], "2026-11-30T12:00:01Z");
    assert_eq!(client.get(&path).body, changed.body);
    assert_eq!(folder(&client, "inbox"), (total, before - 1));
    let found = client.get("me/messages?$filter=categories/any(c:c%20eq%20'Written')&$top=1000");
    assert_eq!(found.rows().len(), 1);
    agrees(&client, "inbox");
}

#[test]
fn deleting_goes_to_deleted_items_and_from_there_for_good() {
    let client = Client::new();
    let (inbox, deleted) = (
        folder(&client, "inbox").0,
        folder(&client, "deleteditems").0,
    );
    let all = client.count("me/messages/$count");
    let row = first(&client, "inbox");
    let path = format!("me/messages/{}", id(&row));
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(
        client.get(&path).refusal(),
        (404, "ErrorItemNotFound"),
        "the id changed"
    );
    assert_eq!(folder(&client, "inbox").0, inbox - 1);
    assert_eq!(folder(&client, "deleteditems").0, deleted + 1);
    assert_eq!(client.count("me/messages/$count"), all);
    agrees(&client, "inbox");
    agrees(&client, "deleteditems");
    let there = client.get("me/mailFolders/deleteditems/messages?$top=1000");
    let moved = there
        .rows()
        .iter()
        .find(|one| one["internetMessageId"] == row["internetMessageId"]);
    let path = format!("me/messages/{}", id(moved.expect("it lies there")));
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&path).status, 404);
    assert_eq!(client.count("me/messages/$count"), all - 1);
    assert_eq!(folder(&client, "deleteditems").0, deleted);
    agrees(&client, "deleteditems");
}

#[test]
fn delta_tells_what_was_written_since() {
    let client = Client::new();
    let mut path = "me/mailFolders/drafts/messages/delta?$select=subject".to_string();
    let link = loop {
        let page = client.get(&path);
        if let Some(link) = page.body["@odata.deltaLink"].as_str() {
            break link.to_string();
        }
        let next = page.body["@odata.nextLink"].as_str().expect("a link");
        path = next.replace("http://demo/v1.0/", "");
    };
    let again = |link: &str| client.get(&link.replace("http://demo/v1.0/", ""));
    assert_eq!(again(&link).rows().len(), 0);
    let made = draft(&client, "Delta");
    let old = first(&client, "drafts");
    client.delete(&format!("me/messages/{}", id(&old)));
    let round = again(&link);
    let line = |wanted: &str| round.rows().iter().find(|row| id(row) == wanted).cloned();
    assert_eq!(line(made.id()).expect("there")["subject"], "Delta");
    assert_eq!(
        line(id(&old)).expect("there")["@removed"]["reason"],
        "changed"
    );
    let link = round.body["@odata.deltaLink"].as_str().expect("a link");
    assert_eq!(again(link).rows().len(), 0);
    let bad = client.get("me/mailFolders/drafts/messages/delta?$deltatoken=x");
    assert_eq!(bad.refusal(), (410, "syncStateNotFound"));
}

#[test]
fn folders_tell_that_their_counts_changed() {
    let client = Client::new();
    let link = |told: &Told| {
        let link = told.body["@odata.deltaLink"].as_str().expect("a link");
        link.replace("http://demo/v1.0/", "")
    };
    let round = link(&client.get("me/mailFolders/delta"));
    assert_eq!(client.get(&round).rows().len(), 0);
    draft(&client, "x");
    let changed = client.get(&round);
    let names: Vec<&Value> = changed
        .rows()
        .iter()
        .map(|row| &row["displayName"])
        .collect();
    assert_eq!(names, ["Drafts", "Weekly digests"]);
    assert_eq!(client.get(&link(&changed)).rows().len(), 0);
}

#[test]
fn a_batch_writes_in_order_and_stops_a_chain_at_a_failure() {
    let client = Client::new();
    let before = folder(&client, "drafts").0;
    let headers = json!({"Content-Type": "application/json"});
    let make = |id: &str, body: Value, after: Option<&str>| json!({"id": id, "method": "POST", "url": "/me/messages", "headers": headers, "body": body, "dependsOn": after.into_iter().collect::<Vec<_>>()});
    let steps = json!({"requests": [
        make("a", json!({"subject": "one"}), None),
        make("b", json!({"nonsense": 1}), Some("a")),
        make("c", json!({"subject": "three"}), Some("b")),
    ]});
    let told = client.post("$batch", steps);
    let status = |id: &str| {
        let all = told.body["responses"].as_array().expect("answers");
        let one = all.iter().find(|one| one["id"] == id);
        one.expect("an answer")["status"].as_i64()
    };
    assert_eq!(
        [status("a"), status("b"), status("c")],
        [Some(201), Some(400), Some(424)]
    );
    assert_eq!(folder(&client, "drafts").0, before + 1);
}

#[test]
fn two_threads_write_and_nothing_is_lost() {
    let client = Client::new();
    let before = folder(&client, "drafts").0;
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let client = &client;
            scope.spawn(move || {
                for turn in 0..20 {
                    draft(client, &format!("{thread}.{turn}"));
                }
            });
        }
    });
    assert_eq!(folder(&client, "drafts").0, before + 40);
    agrees(&client, "drafts");
    let newest = client.get("me/mailFolders/drafts/messages?$top=1");
    assert_eq!(newest.rows()[0]["createdDateTime"], "2026-11-30T12:00:40Z");
}

#[test]
fn ids_that_stay_are_the_same_after_every_move() {
    let client = Client::new();
    let list = client.ask(
        "GET",
        "me/mailFolders/inbox/messages?$top=1",
        &[PREFER],
        Value::Null,
    );
    let path = format!("me/messages/{}", id(&list.rows()[0]));
    assert_eq!(
        client.ask("DELETE", &path, &[PREFER], Value::Null).status,
        204
    );
    let there = client.ask("GET", &path, &[PREFER], Value::Null);
    assert_eq!((there.status, there.id()), (200, id(&list.rows()[0])));
}
