//! Contacts: bodies, ids, etags and scopes that are refused, and that nothing has changed then.

use serde_json::{Value, json};

use super::{CONTACTS, at, made, pavel};
use crate::demo::write::client::Client;

#[test]
fn bad_bodies_change_nothing() {
    let client = Client::new();
    let contact = made(&client, CONTACTS, pavel());
    let before = client.get("me/contacts?$top=1000").body;
    let address = json!({"address": "a@b.example"});
    for body in [
        json!({"id": "x"}),
        json!({"parentFolderId": "x"}),
        json!({"changeKey": "x"}),
        json!({"createdDateTime": "2026-01-01T00:00:00Z"}),
        json!({"primaryEmailAddress": address}),
        json!({"flag": {"flagStatus": "flagged"}}),
        json!({"gender": "x"}),
        json!({"givenName": 1}),
        json!({"emailAddresses": null}),
        json!({"emailAddresses": [address, address, address, address]}),
        json!({"emailAddresses": [{"mail": "a"}]}),
        json!({"businessPhones": "1"}),
        json!({"homeAddress": {"planet": "x"}}),
        json!({"birthday": "tomorrow"}),
        json!({"categories": [1]}),
        json!({"extensions": []}),
    ] {
        let posted = client.post(CONTACTS, body.clone());
        assert_eq!(posted.refusal(), (400, "ErrorInvalidPropertySet"), "{body}");
        let patched = client.patch(&at(&contact), body.clone());
        assert_eq!(
            patched.refusal(),
            (400, "ErrorInvalidPropertySet"),
            "{body}"
        );
    }
    for body in [json!([]), json!("text")] {
        assert_eq!(client.post(CONTACTS, body.clone()).status, 400);
        assert_eq!(client.patch(&at(&contact), body).status, 400);
    }
    assert_eq!(client.post("me/contacts?$select=id", pavel()).status, 400);
    assert_eq!(client.get("me/contacts?$top=1000").body, before);
}

#[test]
fn ids_verbs_and_places_that_are_not_there() {
    let client = Client::new();
    let gone = made(&client, CONTACTS, pavel());
    client.delete(&at(&gone));
    assert_eq!(client.patch(&at(&gone), json!({})).status, 404);
    let malformed = client.patch("me/contacts/x", json!({}));
    assert_eq!(malformed.refusal(), (400, "ErrorInvalidIdMalformed"));
    let message = client.get("me/messages?$top=1").rows()[0]["id"].clone();
    let message = format!("me/contacts/{}", message.as_str().expect("an id"));
    assert_eq!(
        client.delete(&message).refusal(),
        (404, "ErrorItemNotFound")
    );
    assert_eq!(client.delete(CONTACTS).status, 405);
    assert_eq!(client.ask("PUT", &at(&gone), &[], pavel()).status, 405);
    let nowhere = format!("me/contactFolders/{}/contacts", gone.id());
    assert_eq!(client.post(&nowhere, pavel()).status, 404);
}

#[test]
fn a_stale_etag_is_refused() {
    let client = Client::new();
    let contact = made(&client, CONTACTS, pavel());
    let seen = contact.body["@odata.etag"].as_str().expect("an etag");
    let ask = |method: &str, etag: &str, body: Value| {
        client.ask(method, &at(&contact), &[("If-Match", etag)], body)
    };
    assert_eq!(ask("PATCH", seen, json!({"title": "Dr."})).status, 200);
    let stale = ask("PATCH", seen, json!({"title": "Prof."}));
    assert_eq!(stale.refusal(), (400, "ErrorInvalidChangeKey"));
    assert_eq!(ask("DELETE", seen, Value::Null).status, 400);
    assert_eq!(client.get(&at(&contact)).body["title"], "Dr.");
    assert_eq!(ask("DELETE", "*", Value::Null).status, 204);
}

#[test]
fn reading_scopes_do_not_write() {
    let client = Client::new();
    let ask = |scopes: &str, path: &str| client.ask_as(0, scopes, "POST", path, pavel()).status;
    let other = format!("users/{}/contacts", client.tenant.users[1].upn);
    assert_eq!(ask("Contacts.Read", CONTACTS), 403);
    assert_eq!(ask("Contacts.ReadWrite", CONTACTS), 201);
    assert_eq!(ask("Contacts.ReadWrite", &other), 403);
    assert_eq!(ask("Contacts.ReadWrite.Shared", &other), 201);
}
