//! Contact folders: each verb, the contacts in them, and what the default folder refuses.

use serde_json::json;

use super::{folder, made, pavel};
use crate::demo::write::client::Client;

const FOLDERS: &str = "me/contactFolders";

#[test]
fn a_folder_is_made_and_holds_contacts_and_folders() {
    let client = Client::new();
    let (before, in_default) = (
        client.count("me/contactFolders/$count"),
        client.count("me/contacts/$count"),
    );
    let new = made(&client, FOLDERS, json!({"displayName": "New / one"}));
    let first = client.get("me/contacts?$top=1&$select=parentFolderId");
    assert_eq!(
        new.body["parentFolderId"],
        first.rows()[0]["parentFolderId"]
    );
    let path = format!("{FOLDERS}/{}", new.id());
    assert_eq!(client.get(&path).body, new.body);
    assert_eq!(folder(&client, "New / one"), new.id());
    assert_eq!(client.count("me/contactFolders/$count"), before + 1);
    let below = format!("{path}/childFolders");
    let child = made(&client, &below, json!({"displayName": "Child"}));
    assert_eq!(child.body["parentFolderId"], new.body["id"]);
    assert_eq!(client.get(&below).rows().len(), 1);
    assert_eq!(client.count("me/contactFolders/$count"), before + 1);
    let inside = format!("{below}/{}/contacts", child.id());
    let contact = made(&client, &inside, pavel());
    assert_eq!(contact.body["parentFolderId"], child.body["id"]);
    assert_eq!(client.count(&format!("{inside}/$count")), 1);
    assert_eq!(client.count("me/contacts/$count"), in_default);
    for single in [
        format!("{inside}/{}", contact.id()),
        format!("{FOLDERS}/{}/contacts/{}", child.id(), contact.id()),
        format!("me/contacts/{}", contact.id()),
    ] {
        let told = client.patch(&single, json!({"title": "Dr."}));
        assert_eq!((told.status, &told.body["title"]), (200, &json!("Dr.")));
    }
    let elsewhere = format!("{path}/contacts/{}", contact.id());
    assert_eq!(client.patch(&elsewhere, json!({})).status, 404);
    assert_eq!(client.delete(&elsewhere).status, 404);
    assert_eq!(
        client.delete(&format!("{inside}/{}", contact.id())).status,
        204
    );
    assert_eq!(client.get(&inside).rows().len(), 0);
}

#[test]
fn a_folder_is_renamed() {
    let client = Client::new();
    let path = format!("{FOLDERS}/{}", folder(&client, "Müller"));
    let told = client.patch(&path, json!({"displayName": "Meier"}));
    assert_eq!(
        (told.status, &told.body["displayName"]),
        (200, &json!("Meier"))
    );
    assert_eq!(client.get(&path).body, told.body);
    assert_eq!(client.count(&format!("{path}/contacts/$count")), 1);
    // The name it has is no other folder's.
    assert_eq!(
        client.patch(&path, json!({"displayName": "MEIER"})).status,
        200
    );
}

#[test]
fn a_folder_is_deleted_with_all_that_is_in_it() {
    let client = Client::new();
    let path = format!("{FOLDERS}/{}", folder(&client, "O'Brien's clients"));
    let child = client.get(&format!("{path}/childFolders")).rows()[0]["id"].clone();
    let child = format!("{FOLDERS}/{}", child.as_str().expect("an id"));
    let first = |path: &str| {
        let all = client.get(&format!("{path}/contacts"));
        all.rows()[0]["id"].as_str().expect("an id").to_string()
    };
    let inside = [first(&path), first(&child)];
    let before = client.count("me/contacts/$count");
    assert_eq!(client.delete(&path).status, 204);
    for gone in [&path, &child, &format!("{path}/contacts")] {
        assert_eq!(client.get(gone).refusal(), (404, "ErrorItemNotFound"));
    }
    for contact in inside {
        assert_eq!(client.get(&format!("me/contacts/{contact}")).status, 404);
    }
    assert_eq!(client.count("me/contacts/$count"), before);
    assert_eq!(client.delete(&path).status, 404);
}

#[test]
fn refused_folders() {
    let client = Client::new();
    let before = client.get("me/contactFolders?$top=100").body;
    for body in [
        json!({}),
        json!({"displayName": null}),
        json!({"displayName": " "}),
        json!({"displayName": 1}),
        json!({"displayName": "a", "parentFolderId": "x"}),
        json!({"displayName": "a", "color": "red"}),
    ] {
        let told = client.post(FOLDERS, body.clone());
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{body}");
    }
    let taken = client.post(FOLDERS, json!({"displayName": "müller"}));
    assert_eq!(taken.refusal(), (409, "ErrorFolderExists"));
    let own = format!("{FOLDERS}/{}", folder(&client, "Müller"));
    let renamed = client.patch(&own, json!({"displayName": "Rotary #3"}));
    assert_eq!(renamed.status, 409);
    let contact = client.get("me/contacts?$top=1&$select=parentFolderId");
    let default = contact.rows()[0]["parentFolderId"].clone();
    let default = format!("{FOLDERS}/{}", default.as_str().expect("an id"));
    let renamed = client.patch(&default, json!({"displayName": "x"}));
    assert_eq!(renamed.refusal(), (400, "ErrorInvalidRequest"));
    assert_eq!(
        client.delete(&default).refusal(),
        (400, "ErrorDeleteDistinguishedFolder")
    );
    assert_eq!(client.delete(&format!("{FOLDERS}/x")).status, 400);
    assert_eq!(client.ask("PUT", &own, &[], json!({})).status, 405);
    assert_eq!(client.delete(FOLDERS).status, 405);
    assert_eq!(client.get("me/contactFolders?$top=100").body, before);
}
