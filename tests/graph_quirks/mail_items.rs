//! Mail: folders, ids, attachments, MIME, delta (FACTS 1.1, 2.1, 2.9, 6).

use crate::http::{self, get, get_with};
use crate::{encoded, refused};

#[test]
fn folders_are_one_level_and_hide_some() {
    let top = http::all("/v1.0/me/mailFolders?$top=5", &[]);
    let names: Vec<&str> = top
        .iter()
        .filter_map(|row| row["displayName"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "Archive",
            "Clutter",
            "Deleted Items",
            "Drafts",
            "Inbox",
            "Junk Email",
            "Outbox",
            "Projects",
            "Sent Items",
            "snake_case",
            "Weekly digests"
        ]
    );
    assert_eq!(
        get("/v1.0/me/mailFolders").rows().len(),
        10,
        "the default page"
    );
    let all = http::all(
        "/v1.0/me/mailFolders?includeHiddenFolders=true&$top=50",
        &[],
    );
    assert!(
        all.len() == 14
            && all
                .iter()
                .any(|row| row["displayName"] == "Sync Issues" && row["isHidden"] == true)
    );
}

#[test]
fn folders_by_id_and_by_well_known_name() {
    let inbox = get("/v1.0/me/mailFolders/inbox").json();
    assert_eq!(
        get(&format!("/v1.0/me/mailFolders/{}", encoded(&inbox["id"]))).json()["displayName"],
        "Inbox"
    );
    let children = get("/v1.0/me/mailFolders/INBOX/childFolders").rows();
    assert_eq!(
        children.len() as u64,
        inbox["childFolderCount"].as_u64().expect("a number")
    );
    assert_eq!(
        get("/v1.0/me/mailFolders/inbox/messages/$count").text(),
        inbox["totalItemCount"].to_string()
    );
    refused(
        &get("/v1.0/me/mailFolders?$filter=parentFolderId eq 'x'"),
        400,
        "ErrorInvalidUrlQueryFilter",
    );
    assert_eq!(
        get("/v1.0/me/mailFolders?$filter=displayName eq 'inbox'")
            .rows()
            .len(),
        1
    );
    refused(
        &get("/v1.0/me/mailFolders/nosuchname"),
        400,
        "ErrorInvalidIdMalformed",
    );
}

#[test]
fn mailbox_messages_include_hidden_folders() {
    let chats = http::all(
        "/v1.0/me/messages?$search=\"subject:IM\"&$top=100&$select=subject",
        &[],
    );
    assert!(!chats.is_empty() && chats.iter().all(|row| row["subject"] == "IM"));
    assert_eq!(
        get("/v1.0/me/mailFolders/conversationhistory/messages/$count").text(),
        chats.len().to_string()
    );
}

#[test]
fn ids_come_in_two_forms_and_both_address_the_item() {
    let plain = get("/v1.0/me/messages?$top=1&$select=subject")
        .rows()
        .remove(0);
    let immutable_answer = get_with(
        "/v1.0/me/messages?$top=1&$select=subject",
        &[("Prefer", "IdType=\"ImmutableId\"")],
    );
    assert_eq!(
        immutable_answer.header("preference-applied"),
        Some("IdType=\"ImmutableId\"")
    );
    let immutable = immutable_answer.rows().remove(0);
    assert_ne!(plain["id"], immutable["id"]);
    for row in [&plain, &immutable] {
        let item = get(&format!("/v1.0/me/messages/{}", encoded(&row["id"])));
        assert_eq!(
            (item.status, &item.json()["subject"]),
            (200, &plain["subject"])
        );
    }
    let id = plain["id"].as_str().expect("an id");
    assert!(
        id.len() > 70
            && id
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_=".contains(c)),
        "{id}"
    );
    refused(
        &get(&format!("/v1.0/me/messages/{}", id.to_uppercase())),
        400,
        "ErrorInvalidIdMalformed",
    );
    refused(
        &get("/v1.0/me/messages/abc%2Fdef"),
        400,
        "ErrorInvalidIdMalformed",
    );
    refused(
        &get(&format!("/v1.0/users/alex@contoso.com/messages/{id}")),
        404,
        "ErrorItemNotFound",
    );
}

#[test]
fn bodies_come_as_asked() {
    let html = get_with(
        "/v1.0/me/messages?$select=body&$top=50",
        &[("Prefer", "outlook.body-content-type=\"html\"")],
    );
    assert!(
        html.rows()
            .iter()
            .all(|row| row["body"]["contentType"] == "html")
    );
    let text = get_with(
        "/v1.0/me/messages?$select=body&$top=50",
        &[(
            "Prefer",
            "IdType=\"ImmutableId\", outlook.body-content-type=\"text\"",
        )],
    );
    assert_eq!(
        text.header("preference-applied"),
        Some("outlook.body-content-type=\"text\", IdType=\"ImmutableId\"")
    );
    assert!(
        text.rows()
            .iter()
            .all(|row| row["body"]["contentType"] == "text")
    );
}

#[test]
fn attachments_ignore_filters_and_cast_content() {
    let with = get("/v1.0/me/messages?$filter=hasAttachments eq true&$top=40&$select=id").rows();
    let lists: Vec<(String, Vec<serde_json::Value>)> = with
        .iter()
        .map(|row| {
            let path = format!("/v1.0/me/messages/{}/attachments", encoded(&row["id"]));
            let rows = get(&path).rows();
            (path, rows)
        })
        .collect();
    let (path, rows) = &lists[0];
    assert_eq!(
        get(&format!("{path}?$filter=name eq 'no such name'"))
            .rows()
            .len(),
        rows.len(),
        "ignored"
    );
    refused(
        &get(&format!("{path}?$select=contentBytes")),
        400,
        "BadRequest",
    );
    assert_eq!(
        get(&format!(
            "{path}?$select=id,name,microsoft.graph.fileAttachment/contentBytes"
        ))
        .status,
        200
    );
    let of_type = |wanted: &str| {
        lists
            .iter()
            .flat_map(|(path, rows)| rows.iter().map(move |row| (path, row)))
            .find(|(_, row)| row["@odata.type"] == format!("#microsoft.graph.{wanted}"))
            .expect("there is one")
    };
    let (path, file) = of_type("fileAttachment");
    assert!(file["contentBytes"].is_string());
    let bytes = get(&format!("{path}/{}/$value", encoded(&file["id"])));
    assert_eq!(
        bytes.body.len() as u64,
        file["size"].as_u64().expect("a size")
    );
    let (path, reference) = of_type("referenceAttachment");
    assert_eq!(
        get(&format!("{path}/{}/$value", encoded(&reference["id"]))).status,
        405
    );
}

#[test]
fn inline_attachments_do_not_count_and_event_messages_say_so() {
    let rows = http::all("/v1.0/me/messages?$top=500&$expand=attachments", &[]);
    let inline = rows
        .iter()
        .filter(|row| {
            row["hasAttachments"] == false
                && row["attachments"]
                    .as_array()
                    .is_some_and(|list| !list.is_empty())
        })
        .count();
    assert!(inline > 10, "{inline}");
    let event = rows
        .iter()
        .find(|row| row["@odata.type"] == "#microsoft.graph.eventMessageRequest")
        .expect("an invitation");
    assert_eq!(
        (&event["meetingMessageType"], &event["type"]),
        (&"meetingRequest".into(), &"singleInstance".into())
    );
    refused(
        &get("/v1.0/me/messages?$expand=extensions"),
        400,
        "ExpandNotSupported",
    );
}

#[test]
fn users_without_mailbox_and_unknown_users() {
    refused(
        &get("/v1.0/users/svc56@contoso.onmicrosoft.com/messages"),
        404,
        "MailboxNotEnabledForRESTAPI",
    );
    refused(
        &get("/v1.0/users/nobody@contoso.com/messages"),
        404,
        "ErrorInvalidUser",
    );
}

#[test]
fn message_as_mime() {
    let id = encoded(&get("/v1.0/me/messages?$top=1").rows()[0]["id"]);
    let mime = get(&format!("/v1.0/me/messages/{id}/$value"));
    assert!(mime.text().starts_with("From: ") && mime.text().contains("\r\nMIME-Version: 1.0\r\n"));
}

#[test]
fn message_delta_is_per_folder_and_ends_in_a_delta_link() {
    let first = get("/v1.0/me/mailFolders/inbox/messages/delta?$top=400&$select=subject");
    assert_eq!(first.rows().len(), 400);
    let second = get(&first.next().expect("more")).json();
    let link = second["@odata.deltaLink"]
        .as_str()
        .expect("the end")
        .to_string();
    let path = link.splitn(4, '/').nth(3).expect("a path");
    assert_eq!(
        get(&format!("/{path}")).rows().len(),
        0,
        "nothing ever changes"
    );
    refused(&get("/v1.0/me/messages/delta"), 400, "BadRequest");
    refused(
        &get("/v1.0/me/mailFolders/inbox/messages/delta?$filter=isRead eq true"),
        400,
        "ErrorInvalidUrlQuery",
    );
}
