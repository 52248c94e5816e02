//! What is refused, and that a refused write has changed nothing.

use serde_json::{Value, json};

use super::{draft, first, folder, id};
use crate::demo::write::client::Client;

#[test]
fn bad_bodies() {
    let client = Client::new();
    let before = folder(&client, "drafts");
    for body in [
        json!({"foo": 1}),
        json!({"subject": 1}),
        json!({"isDraft": false}),
        json!({"id": "x"}),
        json!({"importance": "urgent"}),
        json!({"toRecipients": [{"emailAddress": {"mail": "a@b"}}]}),
        json!({"attachments": [{"@odata.type": "#microsoft.graph.fileAttachment", "name": "a"}]}),
        json!({"attachments": [{"@odata.type": "#microsoft.graph.event"}]}),
    ] {
        let told = client.post("me/messages", body.clone());
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{body}");
    }
    assert_eq!(client.post("me/messages", json!([])).status, 400);
    assert_eq!(client.post("me/messages", Value::Null).status, 400);
    assert_eq!(
        client.post("me/messages?$select=id", json!({})).refusal(),
        (400, "ErrorInvalidUrlQuery")
    );
    assert_eq!(folder(&client, "drafts"), before);
}

#[test]
fn recipients_and_bytes_have_their_limits() {
    let client = Client::new();
    let to = |count: usize| json!({"toRecipients": vec![json!({"emailAddress": {"address": "a@b.com"}}); count]});
    assert_eq!(client.post("me/messages", to(500)).status, 201);
    assert_eq!(
        client.post("me/messages", to(501)).refusal(),
        (400, "ErrorInvalidRecipients")
    );
    let large = json!({"subject": "x".repeat(4 << 20)});
    assert_eq!(client.post("me/messages", large).status, 413);
}

#[test]
fn only_drafts_change_what_was_said() {
    let client = Client::new();
    let row = first(&client, "inbox");
    let path = format!("me/messages/{}", id(&row));
    for name in ["subject", "internetMessageId"] {
        let told = client.patch(&path, json!({name: "x", "isRead": true}));
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{name}");
    }
    assert_eq!(client.get(&path).body["changeKey"], row["changeKey"]);
    let mine = draft(&client, "old");
    let path = format!("me/messages/{}", mine.id());
    let told = client.patch(
        &path,
        json!({"subject": "new", "body": {"contentType": "html", "content": "<b>x</b>"}}),
    );
    assert_eq!((told.status, &told.body["subject"]), (200, &json!("new")));
    assert_eq!(told.body["bodyPreview"], "x");
}

#[test]
fn a_stale_etag_is_a_400_on_mail() {
    let client = Client::new();
    let made = draft(&client, "etag");
    let path = format!("me/messages/{}", made.id());
    let etag = made.body["@odata.etag"].as_str().expect("an etag");
    let change = |etag: &str| {
        client.ask(
            "PATCH",
            &path,
            &[("If-Match", etag)],
            json!({"isRead": false}),
        )
    };
    assert_eq!(change(etag).status, 200);
    assert_eq!(change(etag).refusal(), (400, "ErrorInvalidChangeKey"));
    assert_eq!(change("*").status, 200);
    let told = client.ask("DELETE", &path, &[("If-Match", etag)], Value::Null);
    assert_eq!(told.refusal(), (400, "ErrorInvalidChangeKey"));
}

#[test]
fn ids_and_verbs() {
    let client = Client::new();
    assert_eq!(
        client.patch("me/messages/x", json!({})).refusal(),
        (400, "ErrorInvalidIdMalformed")
    );
    assert_eq!(
        client.delete("me/messages/x").refusal(),
        (400, "ErrorInvalidIdMalformed")
    );
    let row = first(&client, "inbox");
    let elsewhere = format!("me/mailFolders/drafts/messages/{}", id(&row));
    assert_eq!(
        client.delete(&elsewhere).refusal(),
        (404, "ErrorItemNotFound")
    );
    for (method, path) in [
        ("PUT", "me/messages/x"),
        ("DELETE", "me/messages"),
        ("PUT", "me/mailboxSettings"),
        ("POST", "reports"),
    ] {
        let told = client.ask(method, path, &[], json!({}));
        assert_eq!(told.status, 405, "{method} {path}");
    }
    assert_eq!(
        client
            .post("users/nobody@contoso.com/messages", json!({}))
            .refusal(),
        (404, "ErrorInvalidUser")
    );
}

#[test]
fn a_token_that_only_reads_writes_nothing() {
    let client = Client::new();
    let create = |user, scopes, path| {
        client
            .ask_as(user, scopes, "POST", path, json!({}))
            .refusal()
            .0
    };
    assert_eq!(create(0, "Mail.Read Mail.Send", "me/messages"), 403);
    assert_eq!(create(0, "Mail.ReadWrite", "me/messages"), 201);
    let told = client.ask_as(0, "Mail.Read", "POST", "me/messages", json!({}));
    assert_eq!(told.refusal(), (403, "ErrorAccessDenied"));
    assert_eq!(
        create(0, "Mail.ReadWrite", "users/alex@contoso.com/messages"),
        403
    );
    assert_eq!(
        create(
            0,
            "Mail.ReadWrite.Shared",
            "users/alex@contoso.com/messages"
        ),
        201
    );
}
