//! List items: each write, each refusal, and what reads say afterwards.

use serde_json::{Value, json};

use crate::demo::write::client::{Client, Told};

const ISSUES: &str = "sites/root/lists/Issues/items";

fn create(client: &Client, fields: Value) -> Told {
    client.post(ISSUES, json!({"fields": fields}))
}

/// All items with their fields.
fn all(client: &Client, list: &str) -> Vec<Value> {
    let told = client.get(&format!("{list}?$expand=fields&$top=999"));
    assert_eq!(told.status, 200);
    told.rows().to_vec()
}

#[test]
fn an_item_is_made_and_read() {
    let client = Client::new();
    let count = all(&client, ISSUES).len();
    let made = create(
        &client,
        json!({
            "Title": "Größe", "Reference": "NEW-1", "Priority": 2, "DueDate": "2026-12-24T10:00:00Z", "Done": false,
            "CustomerLookupId": 3, "AssignedToLookupId": "2", "Link": {"Url": "https://a.b", "Description": "x"}, "Notes": "a\nb", "Budget": null,
        }),
    );
    assert_eq!((made.status, made.id()), (201, "271"));
    let fields = &made.body["fields"];
    for (name, value) in [
        ("Title", json!("Größe")),
        ("LinkTitle", json!("Größe")),
        ("Status", json!("Open")),
        ("Priority", json!(2)),
        ("CustomerLookupId", json!("3")),
        ("AssignedToLookupId", json!("2")),
        ("AuthorLookupId", json!("1")),
        ("ContentType", json!("Item")),
        ("Attachments", json!(false)),
    ] {
        assert_eq!(fields[name], value, "{name}");
    }
    assert!(fields.get("Budget").is_none());
    assert_eq!(
        (&fields["@odata.etag"], &made.body["@odata.etag"]),
        (&made.body["eTag"], &made.body["eTag"])
    );
    assert_eq!(made.body["createdBy"]["user"]["displayName"], "Adele Vance");
    let rows = all(&client, ISSUES);
    assert_eq!(rows.len(), count + 1);
    assert_eq!(rows[count]["fields"], *fields);
    assert_eq!(
        client.get(&format!("{ISSUES}/271")).body["eTag"],
        made.body["eTag"]
    );
    assert_eq!(
        client.get(&format!("{ISSUES}/271/fields")).body["Title"],
        "Größe"
    );
    let found =
        client.get(&format!("{ISSUES}?$filter=fields/Reference eq 'NEW-1'").replace(' ', "%20"));
    assert_eq!(
        (found.rows().len(), found.rows()[0]["id"].as_str()),
        (1, Some("271"))
    );
    let list = client.get("sites/root/lists/Issues").body;
    assert_eq!(list["lastModifiedDateTime"], made.body["createdDateTime"]);
    assert_eq!(create(&client, json!({"Title": "next"})).id(), "272");
    assert_eq!(client.delete(&format!("{ISSUES}/272")).status, 204);
    assert_eq!(create(&client, json!({"Title": "never twice"})).id(), "273");
    // Another list and the same list of another site have numbers of their own.
    let wishes = client
        .get("sites/root/lists")
        .rows()
        .iter()
        .find(|list| list["name"] == "Wunschliste")
        .cloned()
        .expect("a list");
    let wish = client.post(
        &format!(
            "sites/root/lists/{}/items",
            wishes["id"].as_str().expect("an id")
        ),
        json!({"fields": {"Title": "🎉"}}),
    );
    assert_eq!(
        (wish.status, wish.id(), wish.body["fields"].get("Status")),
        (201, "1", None)
    );
}

#[test]
fn fields_are_changed() {
    let client = Client::new();
    let old = client.get(&format!("{ISSUES}/8?$expand=fields")).body;
    let told = client.patch(
        &format!("{ISSUES}/8/fields"),
        json!({"Title": "new", "Score": 1.5, "Notes": null}),
    );
    assert_eq!(
        (
            told.status,
            &told.body["Title"],
            &told.body["Score"],
            told.body.get("Notes")
        ),
        (200, &json!("new"), &json!(1.5), None)
    );
    assert_eq!(told.body["Reference"], old["fields"]["Reference"]);
    let now = client.get(&format!("{ISSUES}/8?$expand=fields")).body;
    assert_ne!(now["eTag"], old["eTag"]);
    assert_eq!(
        (&now["fields"]["@odata.etag"], &now["createdDateTime"]),
        (&now["eTag"], &old["createdDateTime"])
    );
    assert_eq!(
        (&now["lastModifiedDateTime"], &now["fields"]["Modified"]),
        (&now["fields"]["Modified"], &now["lastModifiedDateTime"])
    );
    assert_eq!(now["lastModifiedBy"]["user"]["displayName"], "Adele Vance");
    assert_eq!(
        (
            &now["fields"]["EditorLookupId"],
            &now["fields"]["LinkTitle"]
        ),
        (&json!("1"), &json!("new"))
    );
    let again = client.patch(&format!("{ISSUES}/8/fields"), json!({"Notes": "back"}));
    assert_eq!(
        (&again.body["Notes"], &again.body["Title"]),
        (&json!("back"), &json!("new"))
    );
    let sorted = client.get(&format!(
        "{ISSUES}?$expand=fields&$filter=fields/Score%20eq%201.5"
    ));
    assert!(sorted.rows().iter().any(|row| row["id"] == "8"));
    let stale = client.ask(
        "PATCH",
        &format!("{ISSUES}/8/fields"),
        &[("If-Match", now["eTag"].as_str().expect("a tag"))],
        json!({"Title": "x"}),
    );
    assert_eq!(stale.refusal(), (412, "resourceModified"));
    let fits = client.ask(
        "PATCH",
        &format!("{ISSUES}/8/fields"),
        &[(
            "If-Match",
            again.body["@odata.etag"].as_str().expect("a tag"),
        )],
        json!({"Title": "x"}),
    );
    assert_eq!(fits.status, 200);
}

#[test]
fn an_item_is_deleted() {
    let client = Client::new();
    let count = all(&client, ISSUES).len();
    let item = format!("{ISSUES}/8");
    assert_eq!(
        client
            .ask("DELETE", &item, &[("If-Match", "\"x,1\"")], Value::Null)
            .refusal(),
        (412, "resourceModified")
    );
    assert_eq!(client.delete(&item).status, 204);
    for path in [item.clone(), format!("{item}/fields")] {
        assert_eq!(client.get(&path).refusal(), (404, "itemNotFound"));
    }
    assert_eq!(client.delete(&item).refusal(), (404, "itemNotFound"));
    assert_eq!(
        client
            .patch(&format!("{item}/fields"), json!({"Title": "x"}))
            .refusal(),
        (404, "itemNotFound")
    );
    assert_eq!(all(&client, ISSUES).len(), count - 1);
    assert_eq!(
        client.delete(&format!("{ISSUES}/3")).refusal(),
        (404, "itemNotFound")
    );
}

#[test]
fn refused_fields() {
    let client = Client::new();
    let count = all(&client, ISSUES).len();
    for body in [
        json!({}),
        json!({"fields": {}}),
        json!({"fields": {"Title": null}}),
        json!({"fields": {"Title": " "}}),
        json!({"fields": []}),
        json!({"Title": "x"}),
        json!({"fields": {"Title": "x"}, "id": "9"}),
        json!({"fields": {"Title": "x", "Nothing": 1}}),
        json!({"fields": {"Title": "x", "title": "y"}}),
        json!({"fields": {"Title": "x", "ID": 4}}),
        json!({"fields": {"Title": "x", "Created": "2026-01-01T00:00:00Z"}}),
        json!({"fields": {"Title": "x", "Age": "1"}}),
        json!({"fields": {"Title": "x", "Status": "open"}}),
        json!({"fields": {"Title": "x", "Priority": "2"}}),
        json!({"fields": {"Title": "x", "Done": "true"}}),
        json!({"fields": {"Title": "x", "DueDate": "tomorrow"}}),
        json!({"fields": {"Title": "x", "Customer": "Adatum"}}),
        json!({"fields": {"Title": "x", "CustomerLookupId": 13}}),
        json!({"fields": {"Title": "x", "AssignedToLookupId": 0}}),
        json!({"fields": {"Title": "x", "PriorityLookupId": 1}}),
        json!({"fields": {"Title": "x", "Link": "https://a.b"}}),
        json!({"fields": {"Title": "x".repeat(256)}}),
    ] {
        assert_eq!(
            client.post(ISSUES, body.clone()).refusal(),
            (400, "invalidRequest"),
            "{body}"
        );
    }
    assert_eq!(
        client
            .patch(&format!("{ISSUES}/8/fields"), json!({"Title": ""}))
            .refusal(),
        (400, "invalidRequest")
    );
    assert_eq!(
        client
            .patch(&format!("{ISSUES}/8"), json!({"fields": {"Title": "x"}}))
            .refusal(),
        (405, "Request_BadRequest")
    );
    assert_eq!(
        client
            .post(
                "sites/root/lists/none/items",
                json!({"fields": {"Title": "x"}})
            )
            .refusal(),
        (404, "itemNotFound")
    );
    assert_eq!(
        client
            .post("sites/root/lists", json!({"displayName": "x"}))
            .refusal(),
        (405, "Request_BadRequest")
    );
    assert_eq!(
        client
            .post(
                "sites/root/lists/Documents/items",
                json!({"fields": {"Title": "x"}})
            )
            .refusal(),
        (400, "invalidRequest")
    );
    let told = client.ask_as(
        0,
        "Sites.Read.All",
        "POST",
        ISSUES,
        json!({"fields": {"Title": "x"}}),
    );
    assert_eq!(told.refusal(), (403, "accessDenied"));
    assert_eq!(all(&client, ISSUES).len(), count);
    // A customer that is gone cannot be looked up.
    assert_eq!(
        client.delete("sites/root/lists/Customers/items/3").status,
        204
    );
    assert_eq!(
        create(&client, json!({"Title": "x", "CustomerLookupId": 3})).refusal(),
        (400, "invalidRequest")
    );
}

#[test]
fn a_library_and_its_drive_say_the_same() {
    let client = Client::new();
    let list = "sites/root/lists/Documents/items";
    let count = all(&client, list).len();
    let made = client.ask(
        "PUT",
        "sites/root/drive/root:/new.txt:/content",
        &[],
        json!("abc"),
    );
    assert_eq!(made.status, 201);
    let rows = all(&client, list);
    assert_eq!(rows.len(), count + 1);
    let row = &rows[count];
    assert_eq!(
        (
            &row["fields"]["FileLeafRef"],
            &row["fields"]["FileSizeDisplay"],
            &row["createdBy"]
        ),
        (&json!("new.txt"), &json!("3"), &made.body["createdBy"])
    );
    let item = format!("{list}/{}", row["id"].as_str().expect("an id"));
    assert_eq!(
        client.get(&format!("{item}/driveItem")).body["id"],
        made.body["id"]
    );
    let told = client.patch(&format!("{item}/fields"), json!({"Title": "T"}));
    assert_eq!((told.status, &told.body["Title"]), (200, &json!("T")));
    let changed = client
        .get(&format!("sites/root/drive/items/{}", made.id()))
        .body;
    assert_ne!(changed["eTag"], made.body["eTag"]);
    assert_eq!(
        client
            .patch(&format!("{item}/driveItem"), json!({"name": "other.txt"}))
            .status,
        200
    );
    assert_eq!(
        client.get(&format!("{item}/fields")).body["FileLeafRef"],
        "other.txt"
    );
    assert_eq!(
        client
            .patch(&format!("{item}/fields"), json!({"FileLeafRef": "x"}))
            .refusal(),
        (400, "invalidRequest")
    );
    let tag = client.get(&item).body["eTag"]
        .as_str()
        .expect("a tag")
        .to_string();
    assert_eq!(
        client
            .ask("DELETE", &item, &[("If-Match", &tag)], Value::Null)
            .status,
        204
    );
    assert_eq!(
        client
            .get(&format!("sites/root/drive/items/{}", made.id()))
            .status,
        404
    );
    assert_eq!(
        (client.get(&item).status, all(&client, list).len()),
        (404, count)
    );
}
