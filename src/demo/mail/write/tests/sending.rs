//! Messages on their way: moved, copied, sent, answered.

use serde_json::{Value, json};

use super::{PREFER, agrees, draft, first, folder, id};
use crate::demo::encoding::base64;
use crate::demo::write::client::{Client, Told};

const ALEX: &str = "users/alex@contoso.com";

fn to(address: &str) -> Value {
    json!([{"emailAddress": {"address": address}}])
}

/// The newest message of a folder whose subject begins so.
fn found(client: &Client, folder: &str, subject: &str) -> Vec<Value> {
    let path =
        format!("{folder}/messages?$filter=startswith(subject,'{subject}')&$expand=attachments");
    client.get(&path.replace(' ', "%20")).rows().to_vec()
}

fn act(client: &Client, row: &Value, action: &str, body: Value) -> Told {
    client.post(&format!("me/messages/{}/{action}", id(row)), body)
}

#[test]
fn a_move_gives_a_new_id_unless_ids_are_immutable() {
    let client = Client::new();
    let (inbox, archive) = (folder(&client, "inbox").0, folder(&client, "archive").0);
    let row = first(&client, "inbox");
    let moved = act(&client, &row, "move", json!({"destinationId": "archive"}));
    assert_eq!(moved.status, 201);
    assert_ne!(moved.body["id"], row["id"]);
    assert_eq!(moved.body["subject"], row["subject"]);
    assert_eq!(client.get(&format!("me/messages/{}", id(&row))).status, 404);
    let target = client.get("me/mailFolders/archive").body;
    assert_eq!(moved.body["parentFolderId"], target["id"]);
    assert_eq!(folder(&client, "inbox").0, inbox - 1);
    assert_eq!(folder(&client, "archive").0, archive + 1);
    let list = client.ask(
        "GET",
        "me/mailFolders/inbox/messages?$top=1",
        &[PREFER],
        Value::Null,
    );
    let row = &list.rows()[0];
    let path = format!("me/messages/{}/move", id(row));
    let moved = client.ask(
        "POST",
        &path,
        &[PREFER],
        json!({"destinationId": target["id"]}),
    );
    assert_eq!((moved.status, moved.id()), (201, id(row)));
    agrees(&client, "inbox");
    agrees(&client, "archive");
}

#[test]
fn a_copy_is_another_message_that_says_the_same() {
    let client = Client::new();
    let all = client.count("me/messages/$count");
    let with_files = client.get(
        "me/mailFolders/inbox/messages?$filter=hasAttachments%20eq%20true&$expand=attachments",
    );
    let row = &with_files.rows()[0];
    let copied = act(&client, row, "copy", json!({"destinationId": "junkemail"}));
    assert_eq!(copied.status, 201);
    for name in [
        "subject",
        "body",
        "receivedDateTime",
        "internetMessageId",
        "hasAttachments",
        "from",
    ] {
        assert_eq!(copied.body[name], row[name], "{name}");
    }
    let files = client.get(&format!("me/messages/{}/attachments", copied.id()));
    let names = |rows: &[Value]| {
        rows.iter()
            .map(|row| row["name"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(files.rows()),
        names(row["attachments"].as_array().expect("files"))
    );
    assert_eq!(client.count("me/messages/$count"), all + 1);
    agrees(&client, "junkemail");
}

#[test]
fn moves_that_lead_nowhere() {
    let client = Client::new();
    let row = first(&client, "inbox");
    let refused = |body: Value| {
        let told = act(&client, &row, "move", body);
        (told.status, told.refusal().1.to_string())
    };
    assert_eq!(refused(json!({})).0, 400);
    assert_eq!(refused(json!({"destinationId": 1})).0, 400);
    assert_eq!(refused(json!({"destination": "archive"})).0, 400);
    assert_eq!(
        refused(json!({"destinationId": "nowhere"})),
        (400, "ErrorInvalidIdMalformed".into())
    );
    assert_eq!(
        refused(json!({"destinationId": row["id"]})),
        (404, "ErrorItemNotFound".into())
    );
    let all = client.get("me/mailFolders?$top=100");
    let search = all
        .rows()
        .iter()
        .find(|row| row["displayName"] == "Weekly digests");
    assert_eq!(
        refused(json!({"destinationId": search.expect("there")["id"]})).0,
        400
    );
}

#[test]
fn a_sent_draft_lies_in_sent_items_and_in_the_inbox_of_the_other() {
    let client = Client::new();
    let before = client.get(&format!("{ALEX}/mailFolders/inbox")).body;
    let drafts = folder(&client, "drafts").0;
    let made = draft(&client, "On its way");
    assert_eq!(act(&client, &made.body, "send", Value::Null).status, 202);
    let sent = found(&client, "me/mailFolders/sentitems", "On its way");
    assert_eq!(sent.len(), 1);
    assert_eq!(
        (&sent[0]["isDraft"], &sent[0]["isRead"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(sent[0]["sentDateTime"], "2026-11-30T12:00:02Z");
    assert_eq!(
        sent[0]["from"]["emailAddress"]["address"],
        "adele@contoso.com"
    );
    assert_eq!(folder(&client, "drafts").0, drafts);
    let there = found(&client, &format!("{ALEX}/mailFolders/inbox"), "On its way");
    assert_eq!(there.len(), 1);
    assert_eq!(
        (&there[0]["isRead"], &there[0]["isDraft"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(there[0]["internetMessageId"], sent[0]["internetMessageId"]);
    let after = client.get(&format!("{ALEX}/mailFolders/inbox")).body;
    for name in ["totalItemCount", "unreadItemCount"] {
        assert_eq!(
            after[name].as_i64(),
            before[name].as_i64().map(|count| count + 1)
        );
    }
    assert_eq!(
        act(&client, &sent[0], "send", Value::Null).status,
        400,
        "no draft"
    );
    agrees(&client, "sentitems");
}

#[test]
fn send_mail_with_json() {
    let client = Client::new();
    let file = json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentType": "text/plain", "contentBytes": "aGk="});
    let message = json!({"subject": "Direct", "body": {"contentType": "text", "content": "x"}, "toRecipients": to("ALEX@contoso.com"), "bccRecipients": to("out@side.org"), "attachments": [file]});
    let before = folder(&client, "sentitems").0;
    let told = client.post(
        "me/sendMail",
        json!({"message": message, "saveToSentItems": false}),
    );
    assert_eq!((told.status, told.body), (202, Value::Null));
    assert_eq!(folder(&client, "sentitems").0, before);
    let there = found(&client, &format!("{ALEX}/mailFolders/inbox"), "Direct");
    assert_eq!(there[0]["attachments"][0]["contentBytes"], "aGk=");
    assert_eq!(
        (&there[0]["hasAttachments"], &there[0]["bccRecipients"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(
        client
            .post("me/sendMail", json!({"message": message}))
            .status,
        202
    );
    assert_eq!(folder(&client, "sentitems").0, before + 1);
    let sent = found(&client, "me/mailFolders/sentitems", "Direct");
    assert_eq!(
        sent[0]["bccRecipients"][0]["emailAddress"]["address"],
        "out@side.org"
    );
    agrees(&client, "drafts");
}

#[test]
fn send_mail_with_mime() {
    let client = Client::new();
    let mime = base64(b"Subject: From a program\r\nTo: Alex <alex@contoso.com>\r\n\r\nhello\r\n");
    assert_eq!(client.post("me/sendMail", json!(mime)).status, 202);
    let there = found(
        &client,
        &format!("{ALEX}/mailFolders/inbox"),
        "From a program",
    );
    assert_eq!(there[0]["bodyPreview"], "hello");
    assert_eq!(
        client.post("me/sendMail", json!("%%%")).refusal(),
        (400, "BadRequest")
    );
    let made = client.post("me/messages", json!(mime));
    assert_eq!((made.status, &made.body["isDraft"]), (201, &json!(true)));
    let step = json!({"requests": [{"id": "1", "method": "POST", "url": "/me/sendMail", "headers": {"Content-Type": "text/plain"}, "body": base64(mime.as_bytes())}]});
    assert_eq!(
        client.post("$batch", step).body["responses"][0]["status"],
        202
    );
}

#[test]
fn what_cannot_be_sent() {
    let client = Client::new();
    let before = (folder(&client, "sentitems"), folder(&client, "drafts"));
    let send = |message: Value| client.post("me/sendMail", json!({"message": message}));
    assert_eq!(
        send(json!({"subject": "x"})).refusal(),
        (400, "ErrorInvalidRecipients")
    );
    assert_eq!(
        send(json!({"toRecipients": to("nobody")})).refusal(),
        (400, "ErrorInvalidRecipients")
    );
    let many = vec![json!({"emailAddress": {"address": "a@b.com"}}); 501];
    assert_eq!(send(json!({"ccRecipients": many})).status, 400);
    assert_eq!(send(json!({"nonsense": 1})).status, 400);
    assert_eq!(
        client.post("me/sendMail", json!({"subject": "x"})).status,
        400
    );
    assert_eq!(
        client
            .post(
                "me/sendMail",
                json!({"message": {}, "saveToSentItems": "no"})
            )
            .status,
        400
    );
    assert_eq!(
        (folder(&client, "sentitems"), folder(&client, "drafts")),
        before
    );
    let lonely = client.post("me/messages", json!({"subject": "x"}));
    assert_eq!(
        act(&client, &lonely.body, "send", Value::Null).refusal(),
        (400, "ErrorInvalidRecipients")
    );
    assert_eq!(
        act(&client, &lonely.body, "send", json!({})).status,
        400,
        "no body belongs there"
    );
    assert_eq!(act(&client, &lonely.body, "explode", json!({})).status, 405);
}

#[test]
fn in_somebody_elses_name() {
    let client = Client::new();
    let message = json!({"message": {"subject": "Named", "toRecipients": to("x@y.org"), "from": {"emailAddress": {"address": "alex@contoso.com"}}}});
    let send = |scopes: &str, path: &str, body: &Value| {
        let told = client.ask_as(0, scopes, "POST", path, body.clone());
        (told.status, told.refusal().1.to_string())
    };
    let denied = (403, "ErrorAccessDenied".to_string());
    assert_eq!(send("Mail.Send", "me/sendMail", &message), denied);
    assert_eq!(send("Mail.ReadWrite", "me/sendMail", &message), denied);
    assert_eq!(send("Mail.Send.Shared", "me/sendMail", &message).0, 202);
    let sent = found(&client, "me/mailFolders/sentitems", "Named");
    assert_eq!(
        sent[0]["from"]["emailAddress"]["address"],
        "alex@contoso.com"
    );
    assert_eq!(
        sent[0]["sender"]["emailAddress"]["address"],
        "adele@contoso.com"
    );
    let plain = json!({"message": {"subject": "Plain", "toRecipients": to("x@y.org")}});
    assert_eq!(
        send("Mail.Send", &format!("{ALEX}/sendMail"), &plain),
        denied
    );
    assert_eq!(
        send("Mail.Send.Shared", &format!("{ALEX}/sendMail"), &plain).0,
        202
    );
    let mut stranger = message;
    stranger["message"]["from"] = json!({"emailAddress": {"address": "who@else.org"}});
    assert_eq!(send("Mail.Send.Shared", "me/sendMail", &stranger), denied);
}

#[test]
fn replies() {
    let client = Client::new();
    client.post(&format!("{ALEX}/sendMail"), json!({"message": {"subject": "Question", "body": {"contentType": "text", "content": "why?"}, "toRecipients": to("adele@contoso.com"), "ccRecipients": to("out@side.org")}}));
    let question = found(&client, "me/mailFolders/inbox", "Question").remove(0);
    let drafted = act(&client, &question, "createReplyAll", Value::Null);
    assert_eq!(
        (drafted.status, &drafted.body["isDraft"]),
        (201, &json!(true))
    );
    assert_eq!(drafted.body["subject"], "RE: Question");
    let address = |list: &str| drafted.body[list][0]["emailAddress"]["address"].clone();
    assert_eq!(
        (address("toRecipients"), address("ccRecipients")),
        (json!("alex@contoso.com"), json!("out@side.org"))
    );
    assert_eq!(drafted.body["conversationId"], question["conversationId"]);
    let content = |row: &Value| {
        row["body"]["content"]
            .as_str()
            .unwrap_or_default()
            .to_string()
    };
    assert!(content(&drafted.body).contains("why?"), "the quote");
    let told = act(&client, &question, "reply", json!({"comment": "because"}));
    assert_eq!(told.status, 202, "{told:?}");
    let answer = found(
        &client,
        &format!("{ALEX}/mailFolders/inbox"),
        "RE: Question",
    )
    .remove(0);
    assert!(content(&answer).starts_with("because"));
    assert_eq!(answer["ccRecipients"], json!([]));
    let twice =
        json!({"comment": "a", "message": {"body": {"contentType": "text", "content": "b"}}});
    assert_eq!(act(&client, &question, "reply", twice).status, 400);
    assert_eq!(
        act(
            &client,
            &question,
            "reply",
            json!({"toRecipients": to("a@b.c")})
        )
        .status,
        400
    );
}

#[test]
fn forwards() {
    let client = Client::new();
    let with_files = client.get("me/mailFolders/inbox/messages?$filter=hasAttachments%20eq%20true");
    let row = &with_files.rows()[0];
    let told = act(
        &client,
        row,
        "forward",
        json!({"comment": "fyi", "toRecipients": to("alex@contoso.com")}),
    );
    assert_eq!(told.status, 202, "{told:?}");
    let there = found(&client, &format!("{ALEX}/mailFolders/inbox"), "FW: ");
    let there = there
        .iter()
        .find(|row| row["sentDateTime"] == "2026-11-30T12:00:01Z");
    assert_eq!(there.expect("it came")["hasAttachments"], true);
    assert_eq!(
        act(&client, row, "forward", json!({"comment": "x"})).refusal(),
        (400, "ErrorInvalidRecipients")
    );
    let twice = json!({"toRecipients": to("a@b.c"), "message": {"toRecipients": to("a@b.c")}});
    assert_eq!(act(&client, row, "forward", twice).status, 400);
    let drafted = act(
        &client,
        row,
        "createForward",
        json!({"message": {"toRecipients": to("a@b.c")}}),
    );
    assert_eq!(
        drafted.body["toRecipients"][0]["emailAddress"]["address"],
        "a@b.c"
    );
    agrees(&client, "drafts");
}
