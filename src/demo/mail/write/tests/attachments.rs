//! Attachments one by one, and files in pieces.

use serde_json::{Value, json};

use super::{PREFER, draft, first, id};
use crate::demo::write::client::{Client, Told};

fn file(name: &str, bytes: &str) -> Value {
    json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": name, "contentType": "text/plain", "contentBytes": bytes})
}

fn flagged(client: &Client, message: &str) -> Value {
    client.get(message).body["hasAttachments"].clone()
}

#[test]
fn attachments_of_three_kinds_come_and_go() {
    let client = Client::new();
    let mine = draft(&client, "with files");
    let message = format!("me/messages/{}", mine.id());
    let all = format!("{message}/attachments");
    let made = client.post(&all, file("a.txt", "aGk="));
    assert_eq!((made.status, &made.body["size"]), (201, &json!(2)));
    assert!(made.headers.contains_key("Location"));
    assert_eq!(flagged(&client, &message), true);
    let changed = client.get(&message).body;
    assert_ne!(changed["changeKey"], mine.body["changeKey"]);
    assert_eq!(
        client.get(&format!("{all}/{}/$value", made.id())).body,
        "hi"
    );
    let item = json!({"@odata.type": "#microsoft.graph.itemAttachment", "name": "Lunch",
        "item": {"@odata.type": "microsoft.graph.event", "subject": "Lunch?"}});
    let item = client.post(&all, item);
    assert_eq!((item.status, &item.body["item"]), (201, &Value::Null));
    let path = format!("{all}/{}", item.id());
    let opened = client.get(&format!(
        "{path}?$expand=microsoft.graph.itemattachment/item"
    ));
    assert_eq!(opened.body["item"]["subject"], "Lunch?");
    let text = client.get(&format!("{path}/$value")).body;
    assert!(
        text.as_str()
            .is_some_and(|text| text.contains("SUMMARY:Lunch?"))
    );
    let link = json!({"@odata.type": "#microsoft.graph.referenceAttachment", "name": "Plan.docx"});
    let link = client.post(&all, link);
    assert_eq!(link.status, 201);
    assert_eq!(
        client.get(&format!("{all}/{}/$value", link.id())).status,
        405
    );
    assert_eq!(client.get(&all).rows().len(), 3);
    for made in [made, item, link] {
        let path = format!("{all}/{}", made.id());
        assert_eq!(client.delete(&path).status, 204);
        assert_eq!(client.get(&path).status, 404);
        assert_eq!(client.delete(&path).status, 404);
    }
    assert_eq!(client.get(&all).rows().len(), 0);
    assert_eq!(flagged(&client, &message), false);
}

#[test]
fn inline_ones_do_not_count_and_generated_ones_can_go() {
    let client = Client::new();
    let mine = draft(&client, "inline");
    let message = format!("me/messages/{}", mine.id());
    let mut inline = file("logo.png", "aGk=");
    inline["isInline"] = json!(true);
    inline["contentId"] = json!("logo");
    let made = client.post(&format!("{message}/attachments"), inline);
    assert_eq!(made.body["contentId"], "logo");
    assert_eq!(flagged(&client, &message), false);
    let found = client.get("me/messages?$filter=hasAttachments%20eq%20true&$top=1");
    let old = format!("me/messages/{}", id(&found.rows()[0]));
    let all = client.get(&format!("{old}/attachments"));
    for row in all.rows() {
        let path = format!("{old}/attachments/{}", id(row));
        assert_eq!(client.delete(&path).status, 204);
    }
    assert_eq!(client.get(&format!("{old}/attachments")).rows().len(), 0);
    assert_eq!(flagged(&client, &old), false);
    let later = client.get("me/messages?$filter=hasAttachments%20eq%20true&$top=1");
    assert_ne!(later.rows()[0]["id"], found.rows()[0]["id"]);
    let again = client.post(&format!("{old}/attachments"), file("b", "aGk="));
    assert_eq!(again.status, 201);
    assert_eq!(flagged(&client, &old), true);
}

#[test]
fn refused_attachments() {
    let client = Client::new();
    let mine = draft(&client, "x");
    let message = format!("me/messages/{}", mine.id());
    let all = format!("{message}/attachments");
    for body in [
        json!({"name": "a", "contentBytes": "aGk="}),
        json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": "a"}),
        json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "?"}),
        json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "aGk=", "size": 2}),
        json!({"@odata.type": "#microsoft.graph.itemAttachment", "name": "a"}),
        json!({"@odata.type": "#microsoft.graph.itemAttachment", "name": "a", "item": {"subject": "x"}}),
        json!({"@odata.type": "#microsoft.graph.itemAttachment", "name": "a", "item": {"@odata.type": "#microsoft.graph.message", "foo": "x"}}),
        json!({"@odata.type": "#microsoft.graph.referenceAttachment", "name": "a", "sourceUrl": "https://x"}),
        json!({"@odata.type": "#microsoft.graph.event", "name": "a"}),
    ] {
        let told = client.post(&all, body.clone());
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{body}");
    }
    let large = client.post(&all, file("large", &"AAAA".repeat(1_000_000)));
    assert_eq!(large.status, 413);
    let made = client.post(&all, file("a", &"AAAA".repeat(999_999)));
    assert_eq!(made.status, 201);
    let path = format!("{all}/{}", made.id());
    assert_eq!(client.patch(&path, json!({"name": "b"})).status, 405);
    assert_eq!(client.delete(&all).status, 405);
    assert_eq!(
        client.delete(&format!("{all}/none")).refusal(),
        (400, "ErrorInvalidIdMalformed")
    );
    let write = |scope| client.ask_as(0, scope, "POST", &all, file("a", "aGk="));
    assert_eq!(write("Mail.Read").refusal(), (403, "ErrorAccessDenied"));
    assert_eq!(write("Mail.ReadWrite").status, 201);
    assert_eq!(client.get(&all).rows().len(), 2);
}

const MEGA: usize = 1_000_000;

fn session(client: &Client, message: &str, size: usize) -> Told {
    let item =
        json!({"AttachmentItem": {"attachmentType": "file", "name": "big.bin", "size": size}});
    client.post(&format!("{message}/attachments/createUploadSession"), item)
}

fn piece(client: &Client, url: &str, from: usize, end: usize, total: usize) -> Told {
    let range = format!("bytes {from}-{}/{total}", end - 1);
    let bytes = (from..end).map(|at| (at % 251) as u8).collect();
    client.outside("PUT", url, &[("Content-Range", &range)], bytes)
}

fn address(told: &Told) -> String {
    told.body["uploadUrl"].as_str().expect("an address").into()
}

#[test]
fn a_large_file_comes_in_pieces() {
    let client = Client::new();
    let mine = draft(&client, "large");
    let message = format!("me/messages/{}", mine.id());
    let total = 6 * MEGA + 1;
    let opened = session(&client, &message, total);
    assert_eq!(
        (opened.status, &opened.body["nextExpectedRanges"]),
        (201, &json!(["0-"]))
    );
    let url = address(&opened);
    assert!(!url.contains("/v1.0"));
    assert_eq!(piece(&client, &url, MEGA, 2 * MEGA, total).status, 416);
    let told = piece(&client, &url, 0, 3 * MEGA, total);
    assert_eq!(
        (told.status, &told.body["nextExpectedRanges"]),
        (200, &json!(["3000000-"]))
    );
    assert_eq!(piece(&client, &url, 0, 3 * MEGA, total).status, 416);
    assert_eq!(
        piece(&client, &url, 3 * MEGA, 4 * MEGA, 9 * MEGA).status,
        400
    );
    let status = client.outside("GET", &url, &[], Vec::new());
    assert_eq!(status.body["nextExpectedRanges"], json!(["3000000-"]));
    assert_eq!(
        status.body["expirationDateTime"],
        opened.body["expirationDateTime"]
    );
    assert_eq!(flagged(&client, &message), false);
    let done = piece(&client, &url, 3 * MEGA, total, total);
    assert_eq!((done.status, &done.body), (201, &Value::Null));
    let place = done.headers["Location"].to_str().expect("text");
    let all = client.get(&format!("{message}/attachments"));
    let row = &all.rows()[0];
    assert!(place.contains(&format!("/Attachments('{}')", id(row).replace('=', "%3D"))));
    assert_eq!(
        (&row["name"], &row["size"]),
        (&json!("big.bin"), &json!(total))
    );
    assert_eq!(flagged(&client, &message), true);
    for method in ["GET", "DELETE"] {
        assert_eq!(client.outside(method, &url, &[], Vec::new()).status, 404);
    }
    assert_eq!(piece(&client, &url, 0, MEGA, total).status, 404);
}

#[test]
fn upload_addresses_prove_themselves_and_can_be_given_up() {
    let client = Client::new();
    let mine = draft(&client, "large");
    let message = format!("me/messages/{}", mine.id());
    let url = address(&session(&client, &message, 3 * MEGA));
    let token = [
        ("Authorization", "Bearer x"),
        ("Content-Range", "bytes 0-0/3000000"),
    ];
    assert_eq!(client.outside("PUT", &url, &token, vec![0]).status, 401);
    assert_eq!(
        client
            .outside("GET", &format!("{url}x"), &[], vec![])
            .status,
        401
    );
    assert_eq!(client.outside("POST", &url, &[], vec![]).status, 405);
    assert_eq!(client.outside("PUT", &url, &[], vec![0]).status, 400);
    assert_eq!(client.outside("DELETE", &url, &[], vec![]).status, 204);
    assert_eq!(piece(&client, &url, 0, MEGA, 3 * MEGA).status, 404);
    let url = address(&session(&client, &message, 3 * MEGA));
    client.post(&format!("{message}/permanentDelete"), Value::Null);
    assert_eq!(
        piece(&client, &url, 0, 3 * MEGA, 3 * MEGA).refusal(),
        (404, "ErrorItemNotFound")
    );
}

#[test]
fn refused_sessions() {
    let client = Client::new();
    let mine = draft(&client, "x");
    let message = format!("me/messages/{}", mine.id());
    for size in [1, 3 * MEGA - 1, 150 * MEGA + 1] {
        assert_eq!(session(&client, &message, size).status, 400, "{size}");
    }
    let path = format!("{message}/attachments/createUploadSession");
    for item in [
        json!({}),
        json!({"AttachmentItem": null}),
        json!({"AttachmentItem": {"attachmentType": "file", "name": "a"}}),
        json!({"AttachmentItem": {"attachmentType": "file", "size": 4_000_000}}),
        json!({"AttachmentItem": {"attachmentType": "item", "name": "a", "size": 4_000_000}}),
        json!({"AttachmentItem": {"attachmentType": "file", "name": "a", "size": 4_000_000, "x": 1}}),
    ] {
        let told = client.post(&path, item.clone());
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{item}");
    }
    let theirs = client.get("users/alex@contoso.com/messages?$top=1");
    let theirs = format!("users/alex@contoso.com/messages/{}", id(&theirs.rows()[0]));
    assert_eq!(
        session(&client, &theirs, 4 * MEGA).refusal(),
        (403, "ErrorAccessDenied")
    );
}

#[test]
fn ids_take_the_form_that_is_asked_for() {
    let client = Client::new();
    let row = first(&client, "inbox");
    let all = format!("me/messages/{}/attachments", id(&row));
    let made = client.ask("POST", &all, &[PREFER], file("a", "aGk="));
    assert_eq!(made.status, 201);
    let list = client.ask("GET", &all, &[PREFER], Value::Null);
    assert!(list.rows().iter().any(|row| row["id"] == made.id()));
}
