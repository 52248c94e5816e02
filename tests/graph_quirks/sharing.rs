//! Permissions, versions and items shared by others (FACTS 1.6).

use crate::http::{self, APP, ask, get};
use crate::refused;
use serde_json::Value;

/// The item with a number in the drive of a user.
fn item(user: &str, number: usize) -> String {
    let all = http::all(&format!("/v1.0/{user}/drive/root/delta?$select=id"), &[]);
    format!(
        "/v1.0/{user}/drive/items/{}",
        all[number]["id"].as_str().expect("an id")
    )
}

fn permissions(user: &str, number: usize) -> Vec<Value> {
    get(&format!("{}/permissions", item(user, number))).rows()
}

fn link(rows: &[Value]) -> &Value {
    rows.iter()
        .find(|row| row.get("link").is_some())
        .expect("a link")
}

#[test]
fn links_say_for_whom_they_work_and_until_when() {
    let rows = permissions("me", 17);
    let open = link(&rows);
    assert_eq!(
        (
            &open["link"]["scope"],
            &open["link"]["type"],
            &open["roles"][0]
        ),
        (&"anonymous".into(), &"edit".into(), &"write".into())
    );
    assert!(open.get("expirationDateTime").is_none() && open["hasPassword"] == false);
    assert!(open["link"]["webUrl"].is_string() && open["shareId"].is_string());
    let rows = permissions("me", 25);
    let limited = link(&rows);
    assert_eq!(
        (&limited["expirationDateTime"], &limited["hasPassword"]),
        (&"2026-12-15T12:00:00Z".into(), &true.into())
    );
    let rows = permissions("sites/root", 49);
    let people = link(&rows)["grantedToIdentitiesV2"]
        .as_array()
        .expect("people")
        .clone();
    assert_eq!(
        (people.len(), &people[2]["user"]["displayName"]),
        (3, &"Samantha Booth".into())
    );
    assert_eq!(
        link(&permissions("sites/root", 41))["expirationDateTime"],
        "2026-06-30T12:00:00Z"
    );
}

#[test]
fn a_guest_may_write_by_invitation() {
    let rows = permissions("me", 41);
    let guest = rows
        .iter()
        .find(|row| row.get("invitation").is_some())
        .expect("a guest");
    assert_eq!(
        (&guest["invitation"]["email"], &guest["roles"][0]),
        (&"danas@adatum.com".into(), &"write".into())
    );
    assert!(
        guest["grantedToV2"]["siteUser"]["loginName"]
            .as_str()
            .is_some_and(|name| name.contains("#EXT#"))
    );
}

#[test]
fn permissions_are_inherited_and_take_select_only() {
    let alex = "users/alex@contoso.com";
    let root = permissions(alex, 0);
    assert_eq!((root.len(), &root[0]["roles"][0]), (1, &"owner".into()));
    assert!(root[0].get("inheritedFrom").is_none());
    let deep = permissions(alex, 9);
    let from = |row: &Value| {
        row["inheritedFrom"]["path"]
            .as_str()
            .map(|path| path.ends_with("/root:/Projects"))
    };
    assert!(
        deep.iter().any(|row| from(row) == Some(true)
            && row["grantedTo"]["user"]["displayName"] == "Adele Vance")
    );
    let path = format!("{}/permissions", item(alex, 9));
    let some = get(&format!("{path}?$select=id,roles")).rows();
    assert_eq!(
        some.iter()
            .map(|row| row.as_object().map(|row| row.len()))
            .collect::<Vec<_>>(),
        vec![Some(2); deep.len()]
    );
    let id = deep[0]["id"].as_str().expect("an id");
    assert_eq!(
        get(&format!("{path}/{id}")).json()["roles"],
        deep[0]["roles"]
    );
    refused(&get(&format!("{path}/nope")), 404, "itemNotFound");
    refused(&get(&format!("{path}?$select=nope")), 400, "BadRequest");
    for option in [
        "$filter=roles/any(r:r eq 'owner')",
        "$top=1",
        "$orderby=id",
        "$expand=x",
        "$count=true",
        "$skip=1",
    ] {
        refused(&get(&format!("{path}?{option}")), 400, "invalidRequest");
    }
    // The permission of one person has the same id on every item.
    assert_eq!(root[0]["id"], deep.last().expect("one")["id"]);
}

#[test]
fn secrets_of_links_are_for_those_who_could_make_them() {
    let path = format!(
        "{}/permissions",
        item("users/patrick.o'brien@contoso.com", 25)
    );
    let rows = get(&path).rows();
    let foreign = link(&rows);
    assert!(foreign["link"].get("webUrl").is_none() && foreign.get("shareId").is_none());
    assert_eq!(foreign["link"]["scope"], "users");
    let rows = ask("GET", &path, &[("Authorization", &APP)], "").rows();
    assert!(link(&rows)["link"]["webUrl"].is_string());
}

#[test]
fn versions_of_files_newest_first() {
    let path = format!("{}/versions", item("me", 17));
    let rows = get(&path).rows();
    assert_eq!(
        (rows.len(), &rows[0]["id"], &rows[11]["id"]),
        (12, &"12.0".into(), &"1.0".into())
    );
    let file = get(&item("me", 17)).json();
    assert_eq!(
        (&rows[0]["size"], &rows[0]["lastModifiedDateTime"]),
        (&file["size"], &file["lastModifiedDateTime"])
    );
    assert!(rows[0]["lastModifiedDateTime"].as_str() > rows[1]["lastModifiedDateTime"].as_str());
    assert_eq!(get(&format!("{path}/3.0")).json()["id"], "3.0");
    refused(&get(&format!("{path}/99.0")), 404, "itemNotFound");
    for option in ["$select=id", "$top=1", "$filter=id eq '1.0'"] {
        refused(&get(&format!("{path}?{option}")), 400, "invalidRequest");
    }
    refused(&get("/v1.0/me/drive/root/versions"), 400, "invalidRequest");
}

#[test]
fn shared_with_me_points_into_other_drives() {
    let rows = get("/v1.0/me/drive/sharedWithMe").rows();
    assert_eq!(rows.len(), 6);
    let own = get("/v1.0/me/drive").json();
    for row in &rows {
        let remote = &row["remoteItem"];
        let drive = remote["parentReference"]["driveId"]
            .as_str()
            .expect("a drive");
        assert_ne!(own["id"], drive);
        let id = remote["id"].as_str().expect("an id");
        assert_eq!(
            get(&format!("/v1.0/drives/{drive}/items/{id}")).json()["name"],
            row["name"]
        );
        assert!(row.get("file").is_none() && row.get("parentReference").is_none());
    }
    let folder = rows
        .iter()
        .find(|row| row["name"] == "Projects")
        .expect("the folder");
    assert!(folder["remoteItem"]["folder"].is_object() && folder["remoteItem"]["file"].is_null());
    assert_eq!(
        folder["remoteItem"]["shared"]["owner"]["user"]["displayName"],
        "Alex Wilber"
    );
    for option in ["$select=id", "$top=1", "$filter=name eq 'x'"] {
        refused(
            &get(&format!("/v1.0/me/drive/sharedWithMe?{option}")),
            400,
            "invalidRequest",
        );
    }
    refused(
        &get("/v1.0/users/alex@contoso.com/drive/sharedWithMe"),
        403,
        "accessDenied",
    );
    let app = [("Authorization", APP.as_str())];
    refused(
        &ask(
            "GET",
            "/v1.0/users/adele@contoso.com/drive/sharedWithMe",
            &app,
            "",
        ),
        403,
        "accessDenied",
    );
}
