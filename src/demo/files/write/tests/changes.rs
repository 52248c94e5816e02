//! Files renamed, moved and deleted, and folders made.

use super::*;

#[test]
fn a_folder_is_made() {
    let client = Client::new();
    let root = client.get("me/drive/root").body;
    let made = folder(&client, "me/drive/root", "Zwei & drei");
    assert_eq!(made.status, 201);
    assert_eq!(
        (&made.body["folder"], &made.body["size"]),
        (&json!({"childCount": 0}), &json!(0))
    );
    assert!(
        made.body.get("file").is_none() && made.body.get("@microsoft.graph.downloadUrl").is_none()
    );
    let now = client.get("me/drive/root").body;
    assert_eq!(
        number(&now["folder"]["childCount"]),
        number(&root["folder"]["childCount"]) + 1
    );
    let item = format!("me/drive/items/{}", made.id());
    assert_eq!(client.get(&item).body["name"], "Zwei & drei");
    assert_eq!(folder(&client, &item, "inside").status, 201);
    assert_eq!(
        names(&client, "me/drive/root:/zwei%20%26%20drei:/children"),
        ["inside"]
    );
    assert_eq!(
        client.get(&format!("{item}/content")).refusal(),
        (400, "invalidRequest")
    );
    let told = client.post(
        "me/drive/root:/Documents:/children",
        json!({"name": "told", "folder": {"@odata.type": "microsoft.graph.folder"}, "description": "d", "fileSystemInfo": {"createdDateTime": "2020-01-01T00:00:00Z"}}),
    );
    assert_eq!(
        (
            told.status,
            &told.body["description"],
            &told.body["fileSystemInfo"]["createdDateTime"]
        ),
        (201, &json!("d"), &json!("2020-01-01T00:00:00Z"))
    );
}

#[test]
fn a_folder_whose_name_is_taken() {
    let client = Client::new();
    let ask = |behavior: &str| {
        client.post("me/drive/root/children", json!({"name": "documents", "folder": {}, "@microsoft.graph.conflictBehavior": behavior}))
    };
    let known = client.get("me/drive/root:/Documents").body;
    assert_eq!(
        folder(&client, "me/drive/root", "Documents").refusal(),
        (409, "nameAlreadyExists")
    );
    assert_eq!(ask("fail").refusal(), (409, "nameAlreadyExists"));
    assert_eq!(ask("rename").body["name"], "documents 1");
    assert_eq!(ask("rename").body["name"], "documents 2");
    let kept = ask("replace");
    assert_eq!(
        (
            kept.status,
            &kept.body["id"],
            &kept.body["folder"]["childCount"]
        ),
        (200, &known["id"], &known["folder"]["childCount"])
    );
    assert_eq!(ask("merge").refusal(), (400, "invalidRequest"));
    put(&client, "me/drive/root:/f.txt:/content", "x");
    let over = client.post(
        "me/drive/root/children",
        json!({"name": "f.txt", "folder": {}, "@microsoft.graph.conflictBehavior": "replace"}),
    );
    assert_eq!(over.refusal(), (409, "nameAlreadyExists"));
}

#[test]
fn refused_folders() {
    let client = Client::new();
    for body in [
        json!({"name": "a"}),
        json!({"folder": {}}),
        json!({"name": "a", "folder": null}),
        json!({"name": "a", "folder": {"childCount": 3}}),
        json!({"name": "a", "folder": {}, "size": 3}),
        json!({"name": "a", "folder": {}, "file": {}}),
        json!({"name": "a", "folder": {}, "foo": 1}),
        json!({"name": "a/b", "folder": {}}),
        json!({"name": 1, "folder": {}}),
        json!({"name": "a", "folder": {}, "@microsoft.graph.conflictBehavior": 1}),
    ] {
        let told = client.post("me/drive/root/children", body.clone());
        assert_eq!(told.refusal(), (400, "invalidRequest"), "{body}");
    }
    let file = put(&client, "me/drive/root:/f.txt:/content", "x");
    let below = folder(&client, &format!("me/drive/items/{}", file.id()), "a");
    assert_eq!(below.refusal(), (400, "invalidRequest"));
    assert_eq!(
        folder(&client, "me/drive/root:/none:", "a").refusal(),
        (404, "itemNotFound")
    );
    assert_eq!(
        client.patch("me/drive/root/children", json!({})).refusal(),
        (405, "Request_BadRequest")
    );
}

#[test]
fn an_item_is_renamed_and_moved() {
    let client = Client::new();
    let all = client
        .get("me/drive/root:/Documents:/children")
        .rows()
        .to_vec();
    let old = all
        .iter()
        .find(|row| row["size"].as_i64().is_some_and(|size| size > 0) && row.get("file").is_some())
        .expect("a file");
    let item = format!("me/drive/items/{}", old["id"].as_str().expect("an id"));
    let text = content(&client, &item);
    let (from, to) = ("me/drive/root:/Documents", "me/drive/root:/Projects/2025");
    let sizes = |path: &str| {
        let folder = client.get(path).body;
        (
            number(&folder["size"]),
            number(&folder["folder"]["childCount"]),
        )
    };
    let (left, came, root) = (sizes(from), sizes(to), sizes("me/drive/root"));
    let renamed = client.patch(&item, json!({"name": "new name.md", "description": "why"}));
    assert_eq!(
        (
            renamed.status,
            &renamed.body["name"],
            &renamed.body["description"]
        ),
        (200, &json!("new name.md"), &json!("why"))
    );
    assert_ne!(renamed.body["eTag"], old["eTag"]);
    assert_eq!(
        (
            &renamed.body["cTag"],
            &renamed.body["createdDateTime"],
            &renamed.body["size"]
        ),
        (&old["cTag"], &old["createdDateTime"], &old["size"])
    );
    assert_eq!(content(&client, &item), text);
    let target = client.get(to);
    let moved = client.patch(&item, json!({"parentReference": {"id": target.id()}}));
    assert_eq!(
        (
            moved.status,
            moved.body["parentReference"]["id"].as_str(),
            &moved.body["name"]
        ),
        (200, Some(target.id()), &json!("new name.md"))
    );
    assert!(
        moved.body["parentReference"]["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("/root:/Projects/2025"))
    );
    let size = number(&old["size"]);
    assert_eq!(sizes(from), (left.0 - size, left.1 - 1));
    assert_eq!(sizes(to), (came.0 + size, came.1 + 1));
    assert_eq!(sizes("me/drive/root"), root);
    assert_eq!(
        client
            .get("me/drive/root:/Projects/2025/new%20name.md")
            .body["id"],
        old["id"]
    );
    assert_eq!(
        client.get("me/drive/root:/Documents/new%20name.md").status,
        404
    );
    assert!(
        !names(&client, "me/drive/root:/Documents:/children").contains(&"new name.md".to_string())
    );
    // Case alone is another name too; the description goes with null.
    let again = client.patch(&item, json!({"name": "NEW name.md", "description": null}));
    assert_eq!(
        (&again.body["name"], again.body.get("description")),
        (&json!("NEW name.md"), None)
    );
}

#[test]
fn a_folder_moves_with_its_tree() {
    let client = Client::new();
    let munich = "Projects/2025/Q1/Europe/Germany/M%C3%BCnchen";
    let item = client
        .get("me/drive/root:/Projects/2025/Q1")
        .id()
        .to_string();
    let before = client.get(&format!("me/drive/root:/{munich}"));
    let documents = client.get("me/drive/root:/Documents").id().to_string();
    let moved = client.patch(
        &format!("me/drive/items/{item}"),
        json!({"parentReference": {"id": documents}, "name": "Quarter"}),
    );
    assert_eq!(moved.status, 200);
    let now = client.get("me/drive/root:/Documents/Quarter/Europe/Germany/M%C3%BCnchen");
    assert_eq!(
        (now.id(), &now.body["eTag"]),
        (before.id(), &before.body["eTag"])
    );
    assert!(
        now.body["parentReference"]["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("/Documents/Quarter/Europe/Germany"))
    );
    assert_eq!(client.get(&format!("me/drive/root:/{munich}")).status, 404);
    let into = client.patch(
        &format!("me/drive/items/{item}"),
        json!({"parentReference": {"id": before.id()}}),
    );
    assert_eq!(into.refusal(), (400, "invalidRequest"));
}

#[test]
fn refused_changes() {
    let client = Client::new();
    let made = put(&client, "me/drive/root:/r.txt:/content", "1");
    put(&client, "me/drive/root:/taken.txt:/content", "2");
    let item = format!("me/drive/items/{}", made.id());
    let drive = client.get("users/alex@contoso.com/drive").id().to_string();
    let folder = client.get("me/drive/root:/Documents").id().to_string();
    for (body, wanted) in [
        (json!({"name": "a:b"}), (400, "invalidRequest")),
        (json!({"name": null}), (400, "invalidRequest")),
        (json!({"size": 1}), (400, "invalidRequest")),
        (json!({"id": "x"}), (400, "invalidRequest")),
        (json!({"file": {}}), (400, "invalidRequest")),
        (json!({"foo": 1}), (400, "invalidRequest")),
        (json!({"name": "Taken.txt"}), (409, "nameAlreadyExists")),
        (
            json!({"parentReference": {"id": "root"}}),
            (400, "invalidRequest"),
        ),
        (
            json!({"parentReference": {"path": "/drive/root:/Documents"}}),
            (400, "invalidRequest"),
        ),
        (
            json!({"parentReference": {"id": "01NONE"}}),
            (404, "itemNotFound"),
        ),
        (
            json!({"parentReference": {"id": made.id()}}),
            (400, "invalidRequest"),
        ),
        (
            json!({"parentReference": {"id": folder, "driveId": drive}}),
            (400, "invalidRequest"),
        ),
        (json!({"parentReference": null}), (400, "invalidRequest")),
    ] {
        assert_eq!(
            client.patch(&item, body.clone()).refusal(),
            wanted,
            "{body}"
        );
    }
    assert_eq!(client.get(&item).body["eTag"], made.body["eTag"]);
    assert_eq!(
        client
            .patch("me/drive/root", json!({"name": "x"}))
            .refusal(),
        (400, "invalidRequest")
    );
    assert_eq!(
        client
            .patch("me/drive/items/01NONE", json!({"name": "x"}))
            .refusal(),
        (404, "itemNotFound")
    );
    let stale = client.ask(
        "PATCH",
        &item,
        &[("If-Match", "\"{X},1\"")],
        json!({"name": "y"}),
    );
    assert_eq!(stale.refusal(), (412, "resourceModified"));
    let renamed = client.ask(
        "PATCH",
        &item,
        &[("If-Match", etag(&made))],
        json!({"name": "taken.txt", "@microsoft.graph.conflictBehavior": "rename"}),
    );
    assert_eq!(
        (renamed.status, &renamed.body["name"]),
        (200, &json!("taken 1.txt"))
    );
    let replaced = client.patch(
        &item,
        json!({"name": "taken.txt", "@microsoft.graph.conflictBehavior": "replace"}),
    );
    assert_eq!(
        (replaced.status, &replaced.body["name"]),
        (200, &json!("taken.txt"))
    );
    assert_eq!(
        names(&client, "me/drive/root/children")
            .iter()
            .filter(|name| name.starts_with("taken"))
            .count(),
        1
    );
}

#[test]
fn what_is_deleted_is_gone_with_all_below_it() {
    let client = Client::new();
    let before = client.get("me/drive").body["quota"].clone();
    let (all, next) = round(&client, "me/drive/root/delta");
    let projects = client.get("me/drive/root:/Projects").body;
    let item = format!("me/drive/items/{}", projects["id"].as_str().expect("an id"));
    let deep = client.get("me/drive/root:/Projects/2025/Q1");
    assert_eq!(
        client
            .ask("DELETE", &item, &[("If-Match", "\"{X},1\"")], Value::Null)
            .refusal(),
        (412, "resourceModified")
    );
    assert_eq!(client.delete(&item).status, 204);
    for path in [
        item.clone(),
        "me/drive/root:/Projects".into(),
        format!("me/drive/items/{}", deep.id()),
        format!("{item}/children"),
    ] {
        assert_eq!(client.get(&path).refusal(), (404, "itemNotFound"), "{path}");
    }
    assert_eq!(client.delete(&item).refusal(), (404, "itemNotFound"));
    assert!(!names(&client, "me/drive/root/children").contains(&"Projects".to_string()));
    let size = number(&projects["size"]);
    let after = client.get("me/drive").body["quota"].clone();
    assert_eq!(
        (number(&after["used"]), number(&after["deleted"])),
        (number(&before["used"]) - size, size)
    );
    assert_eq!(after["remaining"], before["remaining"]);
    let (changed, last) = round(&client, &next);
    let gone: Vec<&Value> = changed
        .iter()
        .filter(|row| row.get("deleted").is_some())
        .collect();
    assert!(gone.len() >= 9 && gone.iter().any(|row| row["id"] == projects["id"]));
    assert_eq!(
        (gone[0]["deleted"].clone(), gone[0].get("size")),
        (json!({"state": "deleted"}), None)
    );
    // The root changed as well: it is smaller now.
    assert_eq!(changed.len(), gone.len() + 1);
    let (now, _) = round(&client, "me/drive/root/delta");
    assert_eq!(now.len(), all.len() - gone.len());
    assert!(round(&client, &last).0.is_empty());
    // The name is free again.
    let new = folder(&client, "me/drive/root", "Projects");
    assert_eq!(new.status, 201);
    assert_ne!(new.body["id"], projects["id"]);
    assert_eq!(
        client.delete("me/drive/root").refusal(),
        (400, "invalidRequest")
    );
    assert_eq!(
        client.delete("me/drive").refusal(),
        (405, "Request_BadRequest")
    );
}

#[test]
fn delta_tells_what_was_written_since() {
    let client = Client::new();
    let latest = round(&client, "me/drive/root/delta?token=latest").1;
    assert!(round(&client, &latest).0.is_empty());
    let made = put(&client, "me/drive/root:/Documents/d.txt:/content", "1");
    let (rows, next) = round(&client, &latest);
    let ids = |rows: &[Value]| -> Vec<String> {
        rows.iter()
            .filter_map(|row| row["name"].as_str().map(String::from))
            .collect()
    };
    assert_eq!(ids(&rows), ["root", "Documents", "d.txt"]);
    // Another drive and another resource say nothing here.
    put(
        &client,
        "users/alex@contoso.com/drive/root:/x.txt:/content",
        "1",
    );
    assert!(round(&client, &next).0.is_empty());
    client.patch(
        &format!("me/drive/items/{}", made.id()),
        json!({"description": "x"}),
    );
    let (rows, _) = round(&client, &format!("{next}&$top=1"));
    assert!(ids(&rows).contains(&"d.txt".to_string()));
    let (rows, _) = round(&client, "me/drive/root/delta(token='latest')");
    assert!(rows.is_empty());
    assert_eq!(
        client.get("me/drive/root/delta?token=7.forged").refusal(),
        (410, "resyncRequired")
    );
    // What comes during a round is told in the next one.
    let first = client.get("me/drive/root/delta?$top=300");
    let (_, onwards) = first.body["@odata.nextLink"]
        .as_str()
        .and_then(|link| link.split_once("/v1.0/"))
        .expect("a link");
    client.delete("me/drive/root:/Documents/d.txt");
    let (_, next) = round(&client, onwards);
    assert!(
        round(&client, &next)
            .0
            .iter()
            .any(|row| row["id"] == made.body["id"] && row.get("deleted").is_some())
    );
}
