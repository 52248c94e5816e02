//! Rounds of contacts and of their folders.

use serde_json::{Value, json};

use crate::demo::write::client::{Client, below, round};
use crate::demo::{Options, Tenant};

/// The default folder, as FACTS 1.3 has its id found.
fn default_folder(client: &Client) -> String {
    let first = client.get("me/contacts?$top=1&$select=parentFolderId");
    let id = first.rows()[0]["parentFolderId"].as_str().expect("an id");
    format!("me/contactFolders/{id}/contacts")
}

fn reason<'r>(rows: &'r [Value], id: &str) -> &'r Value {
    let gone = rows.iter().find(|row| row["id"] == id);
    &gone.expect("a line")["@removed"]["reason"]
}

#[test]
fn a_folder_comes_in_pages_and_then_what_was_written() {
    let client = Client::new();
    let contacts = default_folder(&client);
    let path = format!("{contacts}/delta?$select=displayName,jobTitle");
    let prefer = [("Prefer", "odata.maxpagesize=25")];
    let first = client.ask("GET", &path, &prefer, Value::Null);
    assert_eq!(first.rows().len(), 25);
    assert_eq!(first.headers["Preference-Applied"], "odata.maxpagesize=25");
    let (rows, link) = round(&client, &path, &prefer);
    let all = client.count(&format!("{contacts}/$count"));
    assert_eq!(rows.len() as i64, all);
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
    let id = |place: usize| rows[place]["id"].as_str().expect("an id").to_string();
    let new = client.post(&contacts, json!({"displayName": "New"}));
    let other = client.post("me/contactFolders", json!({"displayName": "Other"}));
    let elsewhere = format!("me/contactFolders/{}/contacts", other.id());
    client.post(&elsewhere, json!({"displayName": "Elsewhere"}));
    client.patch(&format!("me/contacts/{}", id(3)), json!({"jobTitle": "X"}));
    client.delete(&format!("me/contacts/{}", id(4)));
    let (told, next) = round(&client, &link, &[]);
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(
        (&told[0]["id"], &told[0]["jobTitle"]),
        (&json!(id(3)), &json!("X"))
    );
    assert_eq!(told[0]["displayName"], Value::Null, "it did not change");
    assert!(told[0]["@odata.etag"].is_string());
    assert_eq!(
        (&told[1]["id"], &told[1]["displayName"]),
        (&json!(new.id()), &json!("New"))
    );
    assert_eq!(reason(&told, &id(4)), "deleted");
    assert_eq!(round(&client, &next, &[]).0.len(), 0);
    assert_eq!(
        round(&client, &format!("{elsewhere}/delta"), &[]).0.len(),
        1
    );
}

#[test]
fn folders_are_one_flat_list() {
    let client = Client::new();
    let parent = client.post("me/contactFolders", json!({"displayName": "Parent"}));
    let below_it = format!("me/contactFolders/{}/childFolders", parent.id());
    let child = client.post(&below_it, json!({"displayName": "Child"}));
    let (rows, link) = round(&client, "me/contactFolders/delta", &[]);
    assert!(rows.iter().any(|row| row["id"] == child.id()));
    assert!(rows.iter().all(|row| row["displayName"] != "Contacts"));
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
    let path = format!("me/contactFolders/{}", child.id());
    client.patch(&path, json!({"displayName": "Renamed"}));
    let (rows, link) = round(&client, &link, &[]);
    assert_eq!(rows, [json!({"id": child.id(), "displayName": "Renamed"})]);
    client.delete(&format!("me/contactFolders/{}", parent.id()));
    let (rows, link) = round(&client, &link, &[]);
    assert_eq!(rows.len(), 2);
    assert_eq!(reason(&rows, child.id()), "deleted");
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
}

#[test]
fn what_delta_does_not_take() {
    let client = Client::new();
    let path = format!("{}/delta", default_folder(&client));
    for option in ["$top=5", "$filter=surname+eq+'x'", "$orderby=displayName"] {
        let told = client.get(&format!("{path}?{option}"));
        assert_eq!(told.refusal(), (400, "ErrorInvalidUrlQuery"), "{option}");
    }
    assert_eq!(
        client.get("me/contacts/delta").refusal(),
        (400, "BadRequest")
    );
    for token in ["x", "latest"] {
        let told = client.get(&format!("{path}?$deltatoken={token}"));
        assert_eq!(told.refusal(), (410, "syncStateNotFound"), "{token}");
        assert!(!told.headers.contains_key("Location"));
    }
}

#[test]
fn the_rounds_of_every_service_can_be_too_old() {
    let client = Client {
        tenant: Tenant::new(Options {
            delta_lifetime: Some(0),
            ..Options::default()
        }),
    };
    let contacts = format!("{}/delta", default_folder(&client));
    for path in [
        &contacts,
        "me/mailFolders/inbox/messages/delta?$top=1000",
        "me/mailFolders/delta",
        "me/todo/lists/delta",
    ] {
        let (rows, link) = round(&client, path, &[]);
        assert!(!rows.is_empty(), "{path}");
        assert_eq!(client.get(&link).refusal(), (410, "syncStateNotFound"));
    }
    let (_, link) = round(
        &client,
        "me/drive/root/delta?$select=name&token=latest",
        &[],
    );
    let told = client.get(&link);
    assert_eq!(told.refusal(), (410, "resyncRequired"));
    let address = told.headers["Location"].to_str().expect("an address");
    assert_eq!(below(address), "me/drive/root/delta?%24select=name");
}
