//! Content put in one request, by id and by path.

use super::*;
use crate::demo::signin::access_token;

#[test]
fn a_file_is_made_by_its_path_and_read_everywhere() {
    let client = Client::new();
    let before = client.get("me/drive").body;
    let parent = client.get("me/drive/root:/Documents").body;
    let made = put(
        &client,
        "me/drive/root:/Documents/a'b%20%231.txt:/content",
        "héllo",
    );
    assert_eq!(made.status, 201);
    assert_eq!(made.body["name"], "a'b #1.txt");
    assert_eq!(made.body["size"], 6);
    assert_eq!(
        made.body["file"],
        json!({"mimeType": "text/plain", "hashes": {"quickXorHash": hash("héllo")}})
    );
    assert_eq!(made.body["parentReference"]["id"], parent["id"]);
    assert_eq!(made.body["createdBy"], made.body["lastModifiedBy"]);
    assert_eq!(made.body["createdBy"]["user"]["displayName"], "Adele Vance");
    assert!(
        made.body["eTag"]
            .as_str()
            .is_some_and(|tag| tag.ends_with(",1\""))
    );
    assert!(made.body["@microsoft.graph.downloadUrl"].is_string());
    let id = made.id().to_string();
    let item = format!("me/drive/items/{id}");
    assert_eq!(content(&client, &item), "héllo");
    for path in [item.as_str(), "me/drive/root:/documents/A'B%20%231.txt"] {
        let read = client.get(path).body;
        assert_eq!(
            (&read["id"], &read["eTag"]),
            (&made.body["id"], &made.body["eTag"])
        );
    }
    assert!(
        names(&client, "me/drive/root:/Documents:/children").contains(&"a'b #1.txt".to_string())
    );
    let found = client.get("me/drive/root/search(q='h%C3%A9llo')");
    assert_eq!(
        (found.rows().len(), found.rows()[0]["id"].as_str()),
        (1, Some(id.as_str()))
    );
    let now = client.get("me/drive/root:/Documents").body;
    assert_eq!(
        number(&now["folder"]["childCount"]),
        number(&parent["folder"]["childCount"]) + 1
    );
    assert_eq!(number(&now["size"]), number(&parent["size"]) + 6);
    assert_ne!(now["cTag"], parent["cTag"]);
    let after = client.get("me/drive").body;
    assert_eq!(
        number(&after["quota"]["used"]),
        number(&before["quota"]["used"]) + 6
    );
    assert_eq!(
        number(&after["quota"]["remaining"]),
        number(&before["quota"]["remaining"]) - 6
    );
    let versions = client.get(&format!("{item}/versions"));
    assert_eq!(
        (versions.rows().len(), &versions.rows()[0]["size"]),
        (1, &json!(6))
    );
    let own = client.get(&format!("{item}/permissions")).body;
    assert!(
        own["value"]
            .as_array()
            .expect("rows")
            .iter()
            .all(|row| row["inheritedFrom"].is_object())
    );
    assert_eq!(
        client
            .get("users/alex@contoso.com/drive/root:/Documents/a'b%20%231.txt")
            .status,
        404
    );
}

#[test]
fn every_drive_takes_files() {
    let client = Client::new();
    let own = client.get("me/drive").body["id"]
        .as_str()
        .expect("an id")
        .to_string();
    let second = client.get("me/drives").rows()[1]["id"]
        .as_str()
        .expect("an id")
        .to_string();
    let group = client.get("sites/root/drive").body["id"]
        .as_str()
        .expect("an id")
        .to_string();
    let library = client.get("sites/root/drives").rows()[1]["id"]
        .as_str()
        .expect("an id")
        .to_string();
    let first_group = client.tenant.groups[0].id.clone();
    for (number, drive) in [
        "me/drive".to_string(),
        "users/alex@contoso.com/drive".into(),
        format!("drives/{own}"),
        format!("me/drives/{second}"),
        "sites/root/drive".into(),
        format!("sites/root/drives/{library}"),
        format!("groups/{first_group}/drive"),
        format!("drives/{group}"),
    ]
    .iter()
    .enumerate()
    {
        let made = put(
            &client,
            &format!("{drive}/items/root:/n{number}.csv:/content"),
            "a;b",
        );
        assert_eq!(made.status, 201, "{drive} {:?}", made.body);
        assert_eq!(made.body["file"]["mimeType"], "text/csv");
        assert_eq!(
            content(&client, &format!("{drive}/items/{}", made.id())),
            "a;b"
        );
        assert!(
            names(&client, &format!("{drive}/root/children")).contains(&format!("n{number}.csv"))
        );
    }
    // The drive of the group is the one of its site.
    assert!(names(&client, "sites/root/drive/root/children").contains(&"n6.csv".to_string()));
    for missing in [
        "users/svc56@contoso.onmicrosoft.com/drive",
        "drives/b!none",
        "me/drives/b!none",
    ] {
        let told = put(&client, &format!("{missing}/root:/a.txt:/content"), "x");
        assert_eq!(told.refusal(), (404, "itemNotFound"), "{missing}");
    }
}

#[test]
fn content_is_replaced_by_id_and_by_path() {
    let client = Client::new();
    let old = client
        .get("me/drive/root/delta")
        .rows()
        .iter()
        .find(|row| row.get("file").is_some())
        .cloned()
        .expect("a file");
    let item = format!("me/drive/items/{}", old["id"].as_str().expect("an id"));
    let versions = client.get(&format!("{item}/versions")).rows().to_vec();
    let new = put(&client, &format!("{item}/content"), "new");
    assert_eq!(new.status, 200);
    assert_eq!(
        (&new.body["id"], &new.body["name"], &new.body["size"]),
        (&old["id"], &old["name"], &json!(3))
    );
    assert_eq!(new.body["file"]["hashes"]["quickXorHash"], hash("new"));
    assert_eq!(new.body["createdDateTime"], old["createdDateTime"]);
    assert_ne!(new.body["eTag"], old["eTag"]);
    assert_ne!(new.body["cTag"], old["cTag"]);
    assert_eq!(content(&client, &item), "new");
    let now = client.get(&format!("{item}/versions")).rows().to_vec();
    assert_eq!(now.len(), versions.len() + 1);
    assert_eq!((&now[1..], &now[0]["size"]), (&versions[..], &json!(3)));
    put(&client, "me/drive/root:/b.txt:/content", "1");
    let again = put(&client, "me/drive/root:/B.TXT:/content", "22");
    assert_eq!(
        (again.status, &again.body["name"], &again.body["size"]),
        (200, &json!("b.txt"), &json!(2))
    );
    assert_eq!(
        names(&client, "me/drive/root/children")
            .iter()
            .filter(|name| *name == "b.txt")
            .count(),
        1
    );
    assert_eq!(
        put(&client, "me/drive/root:/b.txt:/content", "").body["size"],
        0
    );
    assert_eq!(content(&client, "me/drive/root:/b.txt:"), "");
}

#[test]
fn what_happens_when_a_name_is_taken() {
    let client = Client::new();
    let ask = |behavior: &str, path: &str| {
        put(
            &client,
            &format!("me/drive/root:/{path}:/content?@microsoft.graph.conflictBehavior={behavior}"),
            behavior,
        )
    };
    assert_eq!(ask("fail", "c.tar.gz").status, 201);
    assert_eq!(
        ask("fail", "c.tar.gz").refusal(),
        (409, "nameAlreadyExists")
    );
    let renamed = ask("rename", "c.tar.gz");
    assert_eq!(
        (renamed.status, &renamed.body["name"]),
        (201, &json!("c.tar 1.gz"))
    );
    assert_eq!(ask("rename", "c.tar.gz").body["name"], "c.tar 2.gz");
    assert_eq!(ask("replace", "c.tar.gz").status, 200);
    assert_eq!(
        ask("overwrite", "c.tar.gz").refusal(),
        (400, "invalidRequest")
    );
    assert_eq!(content(&client, "me/drive/root:/c.tar.gz:"), "replace");
    // A folder is never replaced by a file.
    assert_eq!(
        ask("replace", "Documents").refusal(),
        (409, "nameAlreadyExists")
    );
    assert_eq!(ask("rename", "Documents").body["name"], "Documents 1");
    assert_eq!(
        put(&client, "me/drive/root/content", "x").refusal(),
        (400, "invalidRequest")
    );
}

#[test]
fn missing_folders_of_a_path_are_made() {
    let client = Client::new();
    let made = put(&client, "me/drive/root:/New/Deep/x.bin:/content", "abc");
    assert_eq!(
        (made.status, &made.body["file"]["mimeType"]),
        (201, &json!("application/octet-stream"))
    );
    let new = client.get("me/drive/root:/New").body;
    assert_eq!(
        (&new["folder"]["childCount"], &new["size"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(names(&client, "me/drive/root:/New:/children"), ["Deep"]);
}

#[test]
fn a_stale_tag_changes_nothing() {
    let client = Client::new();
    let made = put(&client, "me/drive/root:/t.txt:/content", "1");
    let item = format!("me/drive/items/{}", made.id());
    let path = format!("{item}/content");
    let with = |tag: &str| client.ask("PUT", &path, &[("If-Match", tag)], json!("2"));
    assert_eq!(with("\"{X},1\"").refusal(), (412, "resourceModified"));
    assert_eq!(
        client.get(&item).body,
        made_without_context(&client, &item, &made)
    );
    let second = with(etag(&made));
    assert_eq!(second.status, 200);
    assert_eq!(with(etag(&made)).refusal(), (412, "resourceModified"));
    assert_eq!(
        with(&format!(
            "\"a,b\", {}",
            second.body["cTag"].as_str().expect("a tag")
        ))
        .status,
        200
    );
    assert_eq!(with("*").status, 200);
    let absent = client.ask(
        "PUT",
        "me/drive/root:/absent.txt:/content",
        &[("If-Match", "*")],
        json!("2"),
    );
    assert_eq!(absent.refusal(), (412, "resourceModified"));
    assert_eq!(client.get("me/drive/root:/absent.txt").status, 404);
}

fn made_without_context(client: &Client, item: &str, made: &Told) -> Value {
    let read = client.get(item).body;
    assert_eq!(
        (&read["eTag"], &read["size"]),
        (&made.body["eTag"], &made.body["size"])
    );
    read
}

#[test]
fn refused_uploads() {
    let client = Client::new();
    for (path, wanted) in [
        ("me/drive/root:/a%3Fb:/content", (400, "invalidRequest")),
        ("me/drive/root:/%20a:/content", (400, "invalidRequest")),
        ("me/drive/root:/con:/content", (400, "invalidRequest")),
        ("me/drive/items/01NONE/content", (404, "itemNotFound")),
        ("me/drive/items/01NONE:/a:/content", (404, "itemNotFound")),
        (
            "me/drive/root:/a.txt:/content?$select=id",
            (400, "invalidRequest"),
        ),
        (
            "me/drive/root:/a.txt:/thumbnails",
            (405, "Request_BadRequest"),
        ),
        ("me/drive/root:/a.txt", (405, "Request_BadRequest")),
        ("me/drive", (405, "Request_BadRequest")),
        ("me/drive/nothing", (405, "Request_BadRequest")),
    ] {
        assert_eq!(put(&client, path, "x").refusal(), wanted, "{path}");
    }
    let write = |scopes: &str| {
        client.ask_as(
            0,
            scopes,
            "PUT",
            "me/drive/root:/s.txt:/content",
            json!("x"),
        )
    };
    assert_eq!(
        write("Files.Read.All Sites.Read.All").refusal(),
        (403, "accessDenied")
    );
    assert_eq!(write("Files.ReadWrite").status, 201);
    assert_eq!(client.get("me/drive/root/delta").rows().len(), 200);
}

#[test]
fn what_an_application_writes_is_nobodys() {
    let client = Client::new();
    let token = access_token(None, "app", "", 600);
    let ask = |method: &str, path: &str| client.ask_with(&token, method, path, &[], json!("x"));
    let made = ask("PUT", "users/alex@contoso.com/drive/root:/app.txt:/content");
    assert_eq!(made.status, 201);
    assert!(
        made.body["createdBy"]["application"].is_object()
            && made.body["createdBy"].get("user").is_none()
    );
    assert_eq!(ask("PUT", "me/drive/root:/app.txt:/content").status, 400);
}
