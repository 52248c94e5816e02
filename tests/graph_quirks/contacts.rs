//! Contacts and their folders (FACTS 1.3).

use crate::http::{self, APP, ask, get, get_with};
use crate::{encoded, refused};
use serde_json::{Value, json};

fn folder(name: &str) -> Value {
    http::all("/v1.0/me/contactFolders?$top=100", &[])
        .into_iter()
        .find(|row| row["displayName"] == name)
        .expect("the folder")
}

#[test]
fn a_list_without_a_folder_is_the_default_folder() {
    let default = http::all("/v1.0/me/contacts?$top=100", &[]);
    assert_eq!(default.len(), 260);
    assert_eq!(
        get("/v1.0/me/contacts").rows().len(),
        10,
        "the default page"
    );
    assert_eq!(get("/v1.0/me/contacts/$count").text(), "260");
    let count = get("/v1.0/me/contacts?$count=true&$top=1&$select=parentFolderId").json();
    assert_eq!(count["@odata.count"], 260);
    // The default folder's id is to be had from its contacts only: it is not in the list of folders, but it answers.
    let parent = &count["value"][0]["parentFolderId"];
    assert!(default.iter().all(|row| row["parentFolderId"] == *parent));
    let folders = http::all("/v1.0/me/contactFolders", &[]);
    assert_eq!(folders.len(), 12);
    assert!(folders.iter().all(|row| row["id"] != *parent));
    assert!(folders.iter().all(|row| row["parentFolderId"] == *parent));
    let path = format!("/v1.0/me/contactFolders/{}", encoded(parent));
    assert_eq!(get(&path).json()["displayName"], "Contacts");
    assert_eq!(get(&format!("{path}/contacts/$count")).text(), "260");
    for (user, count) in [("alex", "48"), ("lidia", "9"), ("nestor", "0")] {
        let path = format!("/v1.0/users/{user}@contoso.com/contacts/$count");
        assert_eq!(get(&path).text(), count, "{user}");
    }
}

#[test]
fn folders_are_one_level_and_hold_their_own() {
    let clients = folder("O'Brien's clients");
    let path = format!("/v1.0/me/contactFolders/{}", encoded(&clients["id"]));
    let below = get(&format!("{path}/childFolders")).rows();
    assert_eq!(below.len(), 1);
    assert_eq!(
        (&below[0]["displayName"], &below[0]["parentFolderId"]),
        (&json!("A/B \"Test\""), &clients["id"])
    );
    let child = format!("{path}/childFolders/{}", encoded(&below[0]["id"]));
    assert_eq!(get(&format!("{child}/contacts")).rows().len(), 6);
    let deep = get(&format!("{child}/childFolders")).rows();
    assert_eq!(deep[0]["displayName"], "2025");
    let own = http::all(&format!("{path}/contacts"), &[]);
    assert_eq!(own.len(), 25);
    // An item is found below its own folder and below none, but not below another one.
    let id = encoded(&own[0]["id"]);
    assert_eq!(get(&format!("/v1.0/me/contacts/{id}")).status, 200);
    assert_eq!(
        get(&format!("{path}/contacts/{id}")).json()["id"],
        own[0]["id"]
    );
    refused(
        &get(&format!("{child}/contacts/{id}")),
        404,
        "ErrorItemNotFound",
    );
    let other = encoded(&folder("Suppliers")["id"]);
    refused(
        &get(&format!("{path}/childFolders/{other}")),
        404,
        "ErrorItemNotFound",
    );
    let empty = encoded(&folder("Empty 🎉")["id"]);
    let path = format!("/v1.0/me/contactFolders/{empty}/contacts?$count=true");
    assert_eq!(get(&path).json()["@odata.count"], 0);
}

#[test]
fn few_filters_work() {
    let names =
        |filter: &str| http::all(&format!("/v1.0/me/contacts?$filter={filter}&$top=100"), &[]);
    // Addresses are compared without regard to case: the second entry spells it in capitals.
    let found = names("emailAddresses/any(a:a/address eq 'DanaS@adatum.com')");
    let addresses: Vec<&Value> = found
        .iter()
        .map(|row| &row["emailAddresses"][0]["address"])
        .collect();
    assert_eq!(
        addresses,
        [
            "danas@adatum.com",
            "DANAS@ADATUM.COM",
            "danas@adatum.com",
            "DANAS@ADATUM.COM"
        ]
    );
    assert_eq!(names("displayName eq 'patrick o''brien'").len(), 1);
    assert_eq!(names("startswith(displayName,'Taxi')").len(), 5);
    assert_eq!(
        names("givenName eq 'Adele' and surname eq 'Vance'").len(),
        2
    );
    for filter in [
        "emailAddresses/any(a:a/address ne 'x')",
        "emailAddresses/any(a:startswith(a/address,'x'))",
        "emailAddresses/any(a:a/name eq 'x')",
        "displayName ne 'x'",
        "contains(displayName,'x')",
        "companyName eq 'Adatum'",
        "displayName eq null",
        "birthday ge 1970-01-01T00:00:00Z",
        "categories/any(c:c eq 'Blue category')",
    ] {
        refused(
            &get(&format!("/v1.0/me/contacts?$filter={filter}")),
            400,
            "ErrorInvalidUrlQueryFilter",
        );
    }
    refused(
        &get("/v1.0/me/contacts?$filter=nothing eq 'x'"),
        400,
        "RequestBroker--ParseUri",
    );
}

#[test]
fn options_of_contacts() {
    let sorted = http::all(
        "/v1.0/me/contacts?$orderby=displayName desc&$top=90&$select=displayName",
        &[],
    );
    assert_eq!(sorted.len(), 260);
    assert_eq!(sorted[0]["displayName"], "李伟");
    assert!(sorted[259]["displayName"].is_null());
    let keys: Vec<&String> = sorted[0].as_object().expect("a row").keys().collect();
    assert_eq!(keys, ["@odata.etag", "displayName", "id"]);
    for option in ["$orderby=surname", "$search=\"x\"", "$top=1001", "$top=0"] {
        refused(
            &get(&format!("/v1.0/me/contacts?{option}")),
            400,
            "ErrorInvalidUrlQuery",
        );
    }
    refused(&get("/v1.0/me/contacts?$select=email"), 400, "BadRequest");
    refused(
        &get("/v1.0/me/contacts?$expand=manager"),
        400,
        "ExpandNotSupported",
    );
    assert_eq!(
        get("/v1.0/me/contacts?$expand=extensions&$top=1").status,
        200
    );
    for option in [
        "$filter=displayName eq 'x'",
        "$orderby=displayName",
        "$expand=contacts",
    ] {
        refused(
            &get(&format!("/v1.0/me/contactFolders?{option}")),
            400,
            "ErrorInvalidUrlQuery",
        );
    }
}

#[test]
fn contact_ids() {
    let plain = get("/v1.0/me/contacts?$top=1").rows().remove(0);
    let immutable = get_with(
        "/v1.0/me/contacts?$top=1",
        &[("Prefer", "IdType=\"ImmutableId\"")],
    )
    .rows()
    .remove(0);
    assert_ne!(plain["id"], immutable["id"]);
    assert_eq!(plain["parentFolderId"], immutable["parentFolderId"]);
    let item = get(&format!("/v1.0/me/contacts/{}", encoded(&immutable["id"])));
    assert_eq!(item.json()["displayName"], plain["displayName"]);
    refused(&get("/v1.0/me/contacts/x"), 400, "ErrorInvalidIdMalformed");
    let elsewhere = format!(
        "/v1.0/users/alex@contoso.com/contacts/{}",
        encoded(&plain["id"])
    );
    refused(&get(&elsewhere), 404, "ErrorItemNotFound");
    // A contact is no folder.
    let path = format!("/v1.0/me/contactFolders/{}", encoded(&plain["id"]));
    refused(&get(&path), 404, "ErrorItemNotFound");
}

#[test]
fn who_has_no_mailbox_has_no_contacts() {
    let users = http::all("/v1.0/users?$select=id,mail", &[]);
    let without = users.last().expect("a service account");
    for segment in ["contacts", "contactFolders"] {
        let path = format!("/v1.0/users/{}/{segment}", encoded(&without["id"]));
        refused(&get(&path), 404, "MailboxNotEnabledForRESTAPI");
        refused(
            &get(&format!("/v1.0/users/nobody@contoso.com/{segment}")),
            404,
            "ErrorInvalidUser",
        );
        let app = [("Authorization", APP.as_str())];
        refused(
            &ask("GET", &format!("/v1.0/me/{segment}"), &app, ""),
            400,
            "BadRequest",
        );
        let path = format!("/v1.0/users/adele@contoso.com/{segment}");
        assert_eq!(ask("GET", &path, &app, "").status, 200);
    }
}

#[test]
fn what_contacts_say() {
    let all = http::all("/v1.0/me/contacts?$top=260", &[]);
    let born = all.iter().find_map(|row| row["birthday"].as_str());
    assert!(born.is_some_and(|text| text.ends_with("T11:59:00Z")));
    let three = all
        .iter()
        .find(|row| row["emailAddresses"].as_array().map(Vec::len) == Some(3))
        .expect("a contact with three addresses");
    assert_eq!(three["tertiaryEmailAddress"], three["emailAddresses"][2]);
    let firm = all.iter().find(|row| row["displayName"].is_null());
    assert_eq!(firm.expect("a firm")["emailAddresses"], json!([]));
    let stale = all
        .iter()
        .filter(|row| row["jobTitle"] == "Intern" && row["companyName"] == "Contoso")
        .count();
    assert_eq!(stale, 6, "colleagues who have moved on");
}
