//! Contacts: each verb, what the service makes of a name, and what reads say then.

mod folders;
mod refusals;

use serde_json::{Value, json};

use crate::demo::write::client::{Client, Told};

const CONTACTS: &str = "me/contacts";

fn pavel() -> Value {
    json!({
        "givenName": "Pavel", "surname": "Bansky",
        "emailAddresses": [{"address": "pavelb@contoso.com", "name": "Pavel Bansky"}],
        "businessPhones": ["+1 732 555 0102"],
    })
}

fn made(client: &Client, path: &str, body: Value) -> Told {
    let told = client.post(path, body);
    assert_eq!(told.status, 201, "{told:?}");
    told
}

fn at(contact: &Told) -> String {
    format!("{CONTACTS}/{}", contact.id())
}

/// The id of a contact folder by its name.
fn folder(client: &Client, name: &str) -> String {
    let all = client.get("me/contactFolders?$top=100");
    let found = all.rows().iter().find(|row| row["displayName"] == name);
    found.expect(name)["id"].as_str().expect("an id").into()
}

#[test]
fn a_contact_is_made_and_found() {
    let client = Client::new();
    let before = client.count("me/contacts/$count");
    let new = made(&client, CONTACTS, pavel());
    assert!(!new.headers.contains_key("Location"));
    assert_eq!(
        new.body["@odata.etag"],
        format!("W/\"{}\"", new.body["changeKey"].as_str().expect("a key"))
    );
    let told = |name: &str| new.body[name].clone();
    assert_eq!(told("displayName"), "Pavel Bansky");
    assert_eq!(told("fileAs"), "Bansky, Pavel");
    assert_eq!(told("primaryEmailAddress"), pavel()["emailAddresses"][0]);
    assert_eq!(told("secondaryEmailAddress"), Value::Null);
    assert_eq!(
        (told("homePhones"), told("homeAddress")),
        (json!([]), json!({}))
    );
    assert_eq!(
        (told("jobTitle"), told("birthday")),
        (Value::Null, Value::Null)
    );
    let first = client.get("me/contacts?$top=1&$select=parentFolderId");
    assert_eq!(told("parentFolderId"), first.rows()[0]["parentFolderId"]);
    assert_eq!(client.get(&at(&new)).body, new.body);
    assert_eq!(client.count("me/contacts/$count"), before + 1);
    let found = client.get("me/contacts?$filter=givenName%20eq%20'Pavel'&$count=true");
    assert_eq!(
        (found.body["@odata.count"].clone(), found.rows().len()),
        (json!(1), 1)
    );
    let by_mail = "me/contacts?$filter=emailAddresses/any(a:a/address%20eq%20'pavelb@contoso.com')";
    assert_eq!(client.get(by_mail).rows()[0]["id"], new.body["id"]);
    let sorted = client.get("me/contacts?$orderby=displayName%20desc&$top=1000");
    assert!(sorted.rows().iter().any(|row| row["id"] == new.body["id"]));
    let last = client.get(&format!("me/contacts?$skip={before}"));
    assert_eq!(last.rows()[0]["id"], new.body["id"]);
    assert_eq!(last.rows()[0]["@odata.etag"], new.body["@odata.etag"]);
}

#[test]
fn every_settable_property_is_kept() {
    let client = Client::new();
    let whole = json!({
        "assistantName": "A", "birthday": "1974-07-22", "businessHomePage": "https://example.com",
        "businessAddress": {"street": "1 Way", "city": null}, "businessPhones": ["1", "2"],
        "categories": ["Blue category"], "children": ["Zoë"], "companyName": "C", "department": "D",
        "displayName": "Shown", "emailAddresses": [{"address": "a@b.example"}, {"name": "N", "address": "c@d.example"}],
        "fileAs": "Filed", "generation": "Jr.", "givenName": "G", "homePhones": ["3"], "imAddresses": ["sip:x"],
        "initials": "I", "jobTitle": "J", "manager": "M", "middleName": "Mi", "mobilePhone": "4", "nickName": "N",
        "officeLocation": "O", "personalNotes": "Line\r\nline", "profession": "P", "spouseName": "S", "surname": "Su",
        "title": "Dr.", "yomiCompanyName": "y", "yomiGivenName": "y", "yomiSurname": "y",
    });
    let new = made(&client, CONTACTS, whole.clone());
    for (name, value) in whole.as_object().expect("an object") {
        let expected = match name.as_str() {
            "birthday" => json!("1974-07-22T11:59:00Z"),
            "businessAddress" => json!({"street": "1 Way"}),
            "emailAddresses" => {
                json!([{"name": null, "address": "a@b.example"}, value[1]])
            }
            _ => value.clone(),
        };
        assert_eq!(new.body[name], expected, "{name}");
    }
    assert_eq!(new.body["secondaryEmailAddress"]["name"], "N");
    let changed = client.patch(
        &at(&new),
        json!({"businessAddress": {"city": "X"}, "birthday": "1980-01-02T00:00:00Z", "otherAddress": null,
            "emailAddresses": [], "categories": [], "jobTitle": null, "personalNotes": ""}),
    );
    assert_eq!(changed.status, 200);
    assert_eq!(
        changed.body["businessAddress"],
        json!({"street": "1 Way", "city": "X"})
    );
    assert_eq!(changed.body["birthday"], "1980-01-02T11:59:00Z");
    assert_eq!(changed.body["otherAddress"], json!({}));
    assert_eq!(changed.body["primaryEmailAddress"], Value::Null);
    assert_eq!(changed.body["jobTitle"], Value::Null);
    assert_eq!(changed.body["companyName"], "C");
}

#[test]
fn a_change_moves_etag_and_instant_and_shows_everywhere() {
    let client = Client::new();
    let row = client.get("me/contacts?$skip=8&$top=1").rows()[0].clone();
    let path = format!("{CONTACTS}/{}", row["id"].as_str().expect("an id"));
    let before = client.count("me/contacts/$count");
    let told = client.patch(&path, json!({"nickName": "Zed"}));
    assert_eq!((told.status, &told.body["nickName"]), (200, &json!("Zed")));
    for moved in ["@odata.etag", "changeKey", "lastModifiedDateTime"] {
        assert_ne!(told.body[moved], row[moved], "{moved}");
    }
    for same in [
        "id",
        "displayName",
        "fileAs",
        "createdDateTime",
        "emailAddresses",
    ] {
        assert_eq!(told.body[same], row[same], "{same}");
    }
    let mut listed = client.get("me/contacts?$skip=8&$top=1").rows()[0].clone();
    let mut single = client.get(&path).body;
    for body in [&mut listed, &mut single] {
        body.as_object_mut()
            .expect("an object")
            .remove("@odata.context");
    }
    assert_eq!(listed, single);
    assert_eq!(client.count("me/contacts/$count"), before);
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&path).refusal(), (404, "ErrorItemNotFound"));
    assert_eq!(client.count("me/contacts/$count"), before - 1);
    let next = client.get("me/contacts?$skip=8&$top=1");
    assert_ne!(next.rows()[0]["id"], row["id"]);
    assert_eq!(client.delete(&path).status, 404);
}

#[test]
fn names_are_made_unless_they_are_said() {
    let client = Client::new();
    let new = made(&client, CONTACTS, pavel());
    let patch = |body: Value| {
        let told = client.patch(&at(&new), body).body;
        (told["displayName"].clone(), told["fileAs"].clone())
    };
    assert_eq!(
        patch(json!({"middleName": "Q", "generation": "II"})),
        (json!("Pavel Q Bansky II"), json!("Bansky, Pavel"))
    );
    assert_eq!(
        patch(json!({"surname": "Novak", "displayName": "P. Novak"})),
        (json!("P. Novak"), json!("Novak, Pavel"))
    );
    // A name that somebody chose goes when a part changes (FACTS 1.3); one under which somebody filed stays.
    assert_eq!(
        patch(json!({"fileAs": "Friends"})),
        (json!("P. Novak"), json!("Friends"))
    );
    assert_eq!(
        patch(json!({"givenName": "Paul"})),
        (json!("Paul Q Novak II"), json!("Friends"))
    );
    assert_eq!(
        patch(json!({"nickName": "x"})),
        (json!("Paul Q Novak II"), json!("Friends"))
    );
    let taxi = made(&client, CONTACTS, json!({"displayName": "Taxi"}));
    assert_eq!(taxi.body["fileAs"], "Taxi");
    let firm = made(&client, CONTACTS, json!({"companyName": "Adatum"}));
    assert_eq!(
        (&firm.body["displayName"], &firm.body["fileAs"]),
        (&Value::Null, &json!("Adatum"))
    );
}

#[test]
fn either_form_of_id_leads_to_the_contact() {
    let client = Client::new();
    let new = made(&client, CONTACTS, pavel());
    let immutable = [("Prefer", "IdType=\"ImmutableId\"")];
    let told = client.ask("GET", &at(&new), &immutable, Value::Null);
    assert_ne!(told.id(), new.id());
    let changed = client.ask("PATCH", &at(&told), &immutable, json!({"title": "Dr."}));
    assert_eq!((changed.status, changed.id()), (200, told.id()));
    assert_eq!(client.get(&at(&new)).body["title"], "Dr.");
}

#[test]
fn a_batch_writes_contacts_too() {
    let client = Client::new();
    let before = client.count("me/contacts/$count");
    let kind = json!({"Content-Type": "application/json"});
    let told = client.post(
        "$batch",
        json!({"requests": [
            {"id": "1", "method": "POST", "url": "/me/contacts", "headers": kind, "body": pavel()},
            {"id": "2", "method": "GET", "url": "/me/contacts?$count=true&$top=1", "dependsOn": ["1"]},
        ]}),
    );
    let all = told.body["responses"].as_array().expect("answers");
    let of = |id: &str| all.iter().find(|one| one["id"] == id).expect("an answer");
    assert_eq!(of("1")["status"], 201);
    assert_eq!(of("1")["body"]["displayName"], "Pavel Bansky");
    assert_eq!(of("2")["body"]["@odata.count"], before + 1);
}

#[test]
fn somebody_else_has_contacts_of_their_own() {
    let client = Client::new();
    let other = client.tenant.users[1].upn.clone();
    let before = client.count("me/contacts/$count");
    let path = format!("users/{other}/contacts");
    let new = made(&client, &path, pavel());
    assert_eq!(client.count("me/contacts/$count"), before);
    assert_eq!(client.get(&at(&new)).status, 404);
    let single = format!("{path}/{}", new.id());
    assert_eq!(client.get(&single).body["surname"], "Bansky");
    assert_eq!(client.delete(&single).status, 204);
}
