//! Files: drives, items, paths, search, content (FACTS 1.6, 2.1, 2.9).

use crate::http::{self, APP, ask, get, get_with};
use crate::refused;
use serde_json::Value;

const MUNICH: &str = "Projects/2025/Q1/Europe/Germany/M%C3%BCnchen";

fn named<'r>(rows: &'r [Value], name: &str) -> &'r Value {
    rows.iter()
        .find(|row| row["name"] == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn drives_of_a_user() {
    let drives = get("/v1.0/me/drives").rows();
    let names: Vec<&str> = drives
        .iter()
        .filter_map(|drive| drive["name"].as_str())
        .collect();
    assert_eq!(names, ["OneDrive", "Old files & more"]);
    let own = get("/v1.0/me/drive").json();
    assert_eq!(
        (
            &own["id"],
            &own["driveType"],
            &own["owner"]["user"]["displayName"]
        ),
        (&drives[0]["id"], &"business".into(), &"Adele Vance".into())
    );
    assert_eq!(
        get(&format!(
            "/v1.0/drives/{}",
            own["id"].as_str().expect("an id")
        ))
        .json()["webUrl"],
        own["webUrl"]
    );
    refused(
        &get("/v1.0/users/svc56@contoso.onmicrosoft.com/drive"),
        404,
        "itemNotFound",
    );
    assert_eq!(get("/v1.0/sites/root/drives").rows().len(), 2);
}

#[test]
fn children_pages_are_200_and_999_at_most() {
    let folder = "/v1.0/me/drive/root:/Team%20%26%20Partners:";
    let all = http::all(&format!("{folder}/children?$top=50&$select=id"), &[]);
    assert!(all.len() > 200, "{}", all.len());
    assert_eq!(get(&format!("{folder}/children")).rows().len(), 200);
    // Larger than the maximum is clamped, not refused.
    assert_eq!(
        get(&format!("{folder}/children?$top=5000")).rows().len(),
        all.len()
    );
    let next = get(&format!("{folder}/children")).next().expect("more");
    assert!(next.contains("%24skiptoken="), "{next}");
}

#[test]
fn children_have_no_skip_no_count_and_hardly_a_filter() {
    for option in [
        "$skip=1",
        "$count=true",
        "$search=\"a\"",
        "$filter=size gt 5",
        "$filter=startswith(name,'a')",
        "$orderby=webUrl",
    ] {
        refused(
            &get(&format!("/v1.0/me/drive/root/children?{option}")),
            400,
            "invalidRequest",
        );
    }
    refused(
        &get("/v1.0/me/drive/root/children?$filter=file ne null"),
        501,
        "notSupported",
    );
    refused(
        &get("/v1.0/me/drive/root/children?$select=content"),
        400,
        "BadRequest",
    );
    assert_eq!(
        get("/v1.0/me/drive/root/children?$filter=name eq 'projects'")
            .rows()
            .len(),
        1
    );
    let sizes: Vec<u64> = get("/v1.0/me/drive/root/children?$orderby=size desc")
        .rows()
        .iter()
        .filter_map(|row| row["size"].as_u64())
        .collect();
    assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]));
}

#[test]
fn facets_are_there_or_not() {
    let rows = get("/v1.0/me/drive/root/children").rows();
    let folder = named(&rows, "Projects");
    assert!(
        folder["folder"]["childCount"]
            .as_u64()
            .is_some_and(|count| count > 0)
            && folder.get("file").is_none()
    );
    assert_eq!(
        folder["parentReference"]["path"],
        format!(
            "/drives/{}/root:",
            folder["parentReference"]["driveId"]
                .as_str()
                .expect("an id")
        )
    );
    let all = http::all("/v1.0/me/drive/root/delta", &[]);
    let file = all
        .iter()
        .find(|row| row.get("file").is_some())
        .expect("a file");
    assert!(
        file.get("folder").is_none()
            && file["file"]["hashes"]["quickXorHash"]
                .as_str()
                .map(str::len)
                == Some(28)
    );
    let notebook = all
        .iter()
        .find(|row| row.get("package").is_some())
        .expect("a notebook");
    assert!(notebook.get("file").is_none() && notebook.get("folder").is_none());
    assert!(all[0].get("root").is_some() && all[0]["parentReference"].get("path").is_none());
    assert_eq!(all.len(), 701, "the root and 700 items");
    assert!(
        all.iter()
            .all(|row| row["parentReference"].get("path").is_none()),
        "delta sends no paths"
    );
}

#[test]
fn addressing_by_path_needs_each_segment_encoded() {
    let munich = get(&format!("/v1.0/me/drive/root:/{MUNICH}")).json();
    assert_eq!(munich["name"], "München");
    assert!(
        munich["parentReference"]["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("/root:/Projects/2025/Q1/Europe/Germany"))
    );
    let deep = get(&format!(
        "/v1.0/me/drive/root:/{MUNICH}/Client%20%231/Offers%2050%25:/children"
    ))
    .rows();
    let child = named(&deep, "O'Brien + Söhne");
    assert!(
        child["parentReference"]["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("/M%C3%BCnchen/Client%20%231/Offers%2050%25"))
    );
    // A quote needs no doubling in a path, a plus stays a plus, and case does not matter.
    assert_eq!(
        get(&format!(
            "/v1.0/me/drive/root:/{}/client%20%231/offers%2050%25/O'Brien%20+%20S%C3%B6hne",
            MUNICH
                .to_lowercase()
                .replace("m%c3", "m%C3")
                .replace("%bc", "%BC")
        ))
        .json()["id"],
        child["id"]
    );
    let id = munich["id"].as_str().expect("an id");
    assert_eq!(
        get(&format!("/v1.0/me/drive/items/{id}:/Client%20%231")).json()["name"],
        "Client #1"
    );
    assert_eq!(
        get(&format!("/v1.0/me/drive/items/{id}/children")).rows()[0]["parentReference"]["id"],
        munich["id"]
    );
    refused(&get("/v1.0/me/drive/root:/No/Such"), 404, "itemNotFound");
    refused(
        &get("/v1.0/me/drive/items/01NOSUCHITEM"),
        404,
        "itemNotFound",
    );
}

#[test]
fn ids_are_unique_in_their_drive_only() {
    let mine = get(&format!("/v1.0/me/drive/root:/{MUNICH}")).json();
    let alex = get(&format!(
        "/v1.0/users/alex@contoso.com/drive/root:/{MUNICH}"
    ))
    .json();
    assert_eq!(mine["id"], alex["id"]);
    assert_ne!(
        mine["parentReference"]["driveId"],
        alex["parentReference"]["driveId"]
    );
}

#[test]
fn search_doubles_quotes_and_finds_names_and_content() {
    let found = http::all("/v1.0/me/drive/root/search(q='O''Brien')", &[]);
    assert!(
        !found.is_empty()
            && found.iter().all(|row| row["name"]
                .as_str()
                .is_some_and(|name| name.contains("O'Brien")))
    );
    refused(
        &get("/v1.0/me/drive/root/search(q='O'Brien')"),
        400,
        "BadRequest",
    );
    let content = get("/v1.0/me/drive/root/search(q='budget')").rows();
    assert!(
        content.iter().any(|row| row["name"]
            .as_str()
            .is_some_and(|name| !name.contains("Budget"))),
        "content is searched too"
    );
}

#[test]
fn content_is_elsewhere_and_takes_no_token() {
    let all = http::all("/v1.0/me/drive/root/delta?$select=id,name,size,file", &[]);
    let file = all
        .iter()
        .find(|row| row.get("file").is_some() && row["size"].as_u64() > Some(100))
        .expect("a file");
    assert!(
        file.get("@microsoft.graph.downloadUrl").is_none(),
        "not selected"
    );
    let id = file["id"].as_str().expect("an id");
    let redirect = get(&format!("/v1.0/me/drive/items/{id}/content"));
    let location = redirect.header("location").expect("a location").to_string();
    assert_eq!(redirect.status, 302);
    let path = format!("/{}", location.splitn(4, '/').nth(3).expect("a path"));
    refused(
        &ask("GET", &path, &[("Authorization", &APP)], ""),
        401,
        "unauthenticated",
    );
    refused(
        &ask("GET", &path.replace("tempauth=", "tempauth=x"), &[], ""),
        401,
        "unauthenticated",
    );
    let bytes = ask("GET", &path, &[], "");
    assert_eq!(
        (bytes.status, bytes.body.len() as u64),
        (200, file["size"].as_u64().expect("a size"))
    );
    let part = ask("GET", &path, &[("Range", "bytes=10-19")], "");
    assert_eq!(
        (part.status, part.body.as_slice()),
        (206, &bytes.body[10..20])
    );
    let item = get(&format!(
        "/v1.0/me/drive/items/{id}?$select=name,@microsoft.graph.downloadUrl"
    ))
    .json();
    assert_eq!(item["@microsoft.graph.downloadUrl"], location);
    refused(&get("/v1.0/me/drive/root/content"), 400, "invalidRequest");
}

#[test]
fn unchanged_items_are_304() {
    let item = get("/v1.0/me/drive/root").json();
    let tag = item["eTag"].as_str().expect("a tag");
    assert_eq!(
        get_with("/v1.0/me/drive/root", &[("If-None-Match", tag)]).status,
        304
    );
}

#[test]
fn delta_tokens() {
    let latest = get("/v1.0/me/drive/root/delta?token=latest").json();
    assert_eq!(
        (
            latest["value"].as_array().map(Vec::len),
            latest["@odata.deltaLink"].is_string()
        ),
        (Some(0), true)
    );
    assert_eq!(get("/v1.0/me/drive/root/delta(token='latest')").status, 200);
    refused(
        &get("/v1.0/me/drive/root/delta?token=old"),
        410,
        "resyncRequired",
    );
}
