//! Mail folders: each verb, what lists and counts say then, and what well-known folders refuse.

use serde_json::{Value, json};

use super::{agrees, draft, folder, id};
use crate::demo::write::client::{Client, Told};

fn made(client: &Client, path: &str, name: &str) -> Told {
    let told = client.post(path, json!({"displayName": name}));
    assert_eq!(told.status, 201, "{told:?}");
    told
}

fn names(client: &Client, path: &str) -> Vec<String> {
    let all = client.get(&format!("{path}?$top=100"));
    let name = |row: &Value| row["displayName"].as_str().map(String::from);
    all.rows().iter().filter_map(name).collect()
}

fn project(client: &Client) -> Value {
    let found = client.get("me/mailFolders?$filter=displayName%20eq%20'Projects'");
    found.rows()[0].clone()
}

#[test]
fn a_folder_is_made_and_holds_messages() {
    let client = Client::new();
    let before = client.count("me/mailFolders/$count");
    let new = made(&client, "me/mailFolders", "New / one");
    assert!(new.headers.contains_key("Location"));
    let path = format!("me/mailFolders/{}", new.id());
    assert_eq!(client.get(&path).body["displayName"], "New / one");
    assert!(names(&client, "me/mailFolders").contains(&"New / one".to_string()));
    assert_eq!(client.count("me/mailFolders/$count"), before + 1);
    let found = client.get("me/mailFolders?$filter=displayName%20eq%20'New%20/%20one'");
    assert_eq!(found.rows().len(), 1);
    let child = made(&client, &format!("{path}/childFolders"), "Child");
    assert_eq!(child.body["parentFolderId"], new.body["id"]);
    assert_eq!(client.get(&path).body["childFolderCount"], 1);
    assert_eq!(names(&client, &format!("{path}/childFolders")), ["Child"]);
    let mail = draft(&client, "moves");
    let moved = client.post(
        &format!("me/messages/{}/move", mail.id()),
        json!({"destinationId": new.id()}),
    );
    assert_eq!(moved.body["parentFolderId"], new.body["id"]);
    let copy = format!("me/messages/{}/copy", moved.id());
    let copied = client.post(&copy, json!({"destinationId": child.id()}));
    assert_eq!(copied.status, 201);
    let posted = client.post(
        &format!("{path}/messages"),
        json!({"subject": "there", "isRead": false}),
    );
    assert_eq!(posted.body["parentFolderId"], new.body["id"]);
    assert_eq!(folder(&client, new.id()), (2, 1));
    agrees(&client, new.id());
    agrees(&client, child.id());
    let single = format!("{path}/messages/{}", posted.id());
    assert_eq!(client.get(&single).body["subject"], "there");
    let delta = client.get(&format!("{path}/messages/delta"));
    assert_eq!(delta.rows().len(), 2);
    assert_eq!(client.delete(&single).status, 204);
    assert_eq!(folder(&client, new.id()), (1, 0));
}

#[test]
fn hidden_folders_are_shown_on_demand() {
    let client = Client::new();
    let told = client.post(
        "me/mailFolders",
        json!({"displayName": "Secret", "isHidden": true}),
    );
    assert_eq!((told.status, &told.body["isHidden"]), (201, &json!(true)));
    let shown = |path: &str| {
        let all = client.get(path);
        all.rows().iter().any(|row| row["displayName"] == "Secret")
    };
    assert!(!shown("me/mailFolders?$top=100"));
    assert!(shown("me/mailFolders?$top=100&includeHiddenFolders=true"));
}

#[test]
fn folders_are_renamed_and_moved_with_what_is_in_them() {
    let client = Client::new();
    let old = project(&client);
    let path = format!("me/mailFolders/{}", id(&old));
    let renamed = client.patch(&path, json!({"displayName": "Works"}));
    assert_eq!(renamed.status, 200);
    let same = |told: &Value, name: &str| told[name] == old[name];
    assert_eq!(renamed.body["displayName"], "Works");
    assert!(same(&renamed.body, "id") && same(&renamed.body, "totalItemCount"));
    assert!(names(&client, "me/mailFolders").contains(&"Works".to_string()));
    // The same name in another case is its own.
    assert_eq!(
        client.patch(&path, json!({"displayName": "WORKS"})).status,
        200
    );
    let target = client.get("me/mailFolders/archive").body;
    let moved = client.post(&format!("{path}/move"), json!({"destinationId": "archive"}));
    assert_eq!(
        (moved.status, &moved.body["parentFolderId"]),
        (200, &target["id"])
    );
    assert!(same(&moved.body, "id") && same(&moved.body, "childFolderCount"));
    assert!(!names(&client, "me/mailFolders").contains(&"WORKS".to_string()));
    assert_eq!(
        names(&client, "me/mailFolders/archive/childFolders"),
        ["WORKS"]
    );
    agrees(&client, id(&old));
    let back = client.post(
        &format!("{path}/move"),
        json!({"destinationId": "msgfolderroot"}),
    );
    assert_eq!(back.body["parentFolderId"], old["parentFolderId"]);
}

#[test]
fn a_copy_has_everything_that_is_in_the_folder() {
    let client = Client::new();
    let old = project(&client);
    let path = format!("me/mailFolders/{}", id(&old));
    let copied = client.post(&format!("{path}/copy"), json!({"destinationId": "archive"}));
    assert_eq!(copied.status, 200);
    assert_ne!(copied.body["id"], old["id"]);
    for name in [
        "displayName",
        "totalItemCount",
        "unreadItemCount",
        "childFolderCount",
    ] {
        assert_eq!(copied.body[name], old[name], "{name}");
    }
    agrees(&client, copied.id());
    let below = format!("me/mailFolders/{}/childFolders", copied.id());
    assert_eq!(
        names(&client, &below),
        names(&client, &format!("{path}/childFolders"))
    );
    let again = client.post(&format!("{path}/copy"), json!({"destinationId": "archive"}));
    assert_eq!(again.refusal(), (409, "ErrorFolderExists"));
}

/// How many messages lie in a folder and below it.
fn inside(client: &Client, path: &str) -> i64 {
    let own = client.get(path).body["totalItemCount"].as_i64();
    let below = client.get(&format!("{path}/childFolders?$top=100"));
    let below = below
        .rows()
        .iter()
        .map(|row| format!("me/mailFolders/{}", id(row)));
    own.expect("a number") + below.map(|path| inside(client, &path)).sum::<i64>()
}

#[test]
fn a_folder_goes_to_deleted_items_and_then_for_good() {
    let client = Client::new();
    let old = project(&client);
    let path = format!("me/mailFolders/{}", id(&old));
    let messages = client.get(&format!("{path}/messages?$top=1"));
    let message = format!("me/messages/{}", id(&messages.rows()[0]));
    let everything = client.count("me/messages/$count");
    assert_eq!(client.delete(&path).status, 204);
    assert!(!names(&client, "me/mailFolders").contains(&"Projects".to_string()));
    let bin = "me/mailFolders/deleteditems/childFolders";
    assert_eq!(names(&client, bin), ["Projects"]);
    assert_eq!(client.get(&message).status, 200);
    // Another one of this name finds it taken there.
    let second = made(&client, "me/mailFolders", "projects");
    assert_eq!(
        client
            .delete(&format!("me/mailFolders/{}", second.id()))
            .status,
        204
    );
    assert_eq!(names(&client, bin), ["Projects", "projects1"]);
    let child = client.get(&format!("{path}/childFolders")).rows()[0].clone();
    let lost = inside(&client, &path);
    assert_eq!(client.delete(&path).status, 204);
    for gone in [&path, &format!("me/mailFolders/{}", id(&child)), &message] {
        assert_eq!(client.get(gone).refusal(), (404, "ErrorItemNotFound"));
        assert_eq!(client.delete(gone).status, 404);
    }
    assert_eq!(client.get(&format!("{path}/messages")).status, 404);
    assert_eq!(client.count("me/messages/$count"), everything - lost);
    let new = made(&client, "me/mailFolders", "Brief");
    let new = format!("me/mailFolders/{}", new.id());
    let told = client.post(&format!("{new}/permanentDelete"), Value::Null);
    assert_eq!((told.status, client.get(&new).status), (204, 404));
}

#[test]
fn well_known_folders_stay() {
    let client = Client::new();
    for name in ["inbox", "archive", "msgfolderroot", "deleteditems"] {
        let path = format!("me/mailFolders/{name}");
        let renamed = client.patch(&path, json!({"displayName": "X"}));
        assert_eq!(renamed.refusal(), (400, "ErrorInvalidRequest"));
        assert_eq!(
            client.delete(&path).refusal(),
            (400, "ErrorDeleteDistinguishedFolder")
        );
        let moved = client.post(&format!("{path}/move"), json!({"destinationId": "drafts"}));
        assert_eq!(moved.refusal(), (400, "ErrorMoveDistinguishedFolder"));
    }
}

#[test]
fn refused_folders() {
    let client = Client::new();
    let before = names(&client, "me/mailFolders");
    for body in [
        json!({}),
        json!({"displayName": ""}),
        json!({"displayName": null}),
        json!({"displayName": 1}),
        json!({"displayName": "a", "totalItemCount": 1}),
        json!({"displayName": "a", "foo": 1}),
        json!({"@odata.type": "#microsoft.graph.mailSearchFolder", "displayName": "a"}),
    ] {
        let told = client.post("me/mailFolders", body.clone());
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{body}");
    }
    let taken = client.post("me/mailFolders", json!({"displayName": "INBOX"}));
    assert_eq!(taken.refusal(), (409, "ErrorFolderExists"));
    let old = project(&client);
    let path = format!("me/mailFolders/{}", id(&old));
    for body in [
        json!({"isHidden": true}),
        json!({"parentFolderId": "inbox"}),
        json!({"displayName": ""}),
    ] {
        let told = client.patch(&path, body.clone());
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{body}");
    }
    let taken = client.patch(&path, json!({"displayName": "Inbox"}));
    assert_eq!(taken.refusal(), (409, "ErrorFolderExists"));
    let child = client.get(&format!("{path}/childFolders")).rows()[0].clone();
    for action in ["move", "copy"] {
        let to = |folder: &str| {
            client.post(
                &format!("{path}/{action}"),
                json!({"destinationId": folder}),
            )
        };
        assert_eq!(to(id(&child)).refusal(), (400, "ErrorMoveCopyFailed"));
        assert_eq!(to("nothing").refusal(), (400, "ErrorInvalidIdMalformed"));
    }
    assert_eq!(client.post(&path, json!({})).status, 405);
    assert_eq!(client.ask("PUT", &path, &[], json!({})).status, 405);
    assert_eq!(client.delete("me/mailFolders").status, 405);
    let body = || json!({"displayName": "Scoped"});
    let write = |scope| client.ask_as(0, scope, "POST", "me/mailFolders", body());
    assert_eq!(write("Mail.Read").refusal(), (403, "ErrorAccessDenied"));
    assert_eq!(names(&client, "me/mailFolders"), before);
    assert_eq!(write("Mail.ReadWrite").status, 201);
}

#[test]
fn delta_tells_what_became_of_folders() {
    let client = Client::new();
    let round = |token: &str| {
        let told = client.get(&format!("me/mailFolders/delta{token}"));
        let link = told.body["@odata.deltaLink"].as_str().expect("a link");
        let token = link[link.find('?').expect("a token")..].to_string();
        (told.rows().to_vec(), token)
    };
    let (_, token) = round("");
    let new = made(&client, "me/mailFolders/inbox/childFolders", "Told");
    let (rows, token) = round(&token);
    let told: Vec<&Value> = rows.iter().map(|row| &row["displayName"]).collect();
    assert_eq!(told, ["Inbox", "Told"]);
    client.post(
        &format!("me/mailFolders/{}/permanentDelete", new.id()),
        Value::Null,
    );
    let (rows, token) = round(&token);
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[1],
        json!({"id": new.id(), "@removed": {"reason": "deleted"}})
    );
    assert_eq!(round(&token).0.len(), 0);
}
