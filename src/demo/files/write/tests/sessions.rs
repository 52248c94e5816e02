//! Upload sessions: pieces, gaps, repeats and taken names.

use super::*;

const STEP: usize = 327_680;

fn begin(client: &Client, path: &str, body: Value) -> String {
    let told = client.post(&format!("{path}/createUploadSession"), body);
    assert_eq!(told.status, 200, "{:?}", told.body);
    assert_eq!(told.body["nextExpectedRanges"], json!(["0-"]));
    assert!(told.body["expirationDateTime"].is_string());
    let url = told.body["uploadUrl"].as_str().expect("an address");
    assert!(!url.contains("/v1.0/"));
    url.to_string()
}

fn ask(client: &Client, method: &str, url: &str, range: &str, bytes: &[u8]) -> (u16, Value) {
    let mut request = Request::builder().method(method).uri(url);
    if !range.is_empty() {
        request = request.header("Content-Range", format!("bytes {range}"));
    }
    let request = request
        .body(Bytes::copy_from_slice(bytes))
        .expect("a request");
    let (parts, body) = client.tenant.respond(request).into_parts();
    (
        parts.status.as_u16(),
        serde_json::from_slice(&body).unwrap_or(Value::Null),
    )
}

fn code(told: &(u16, Value)) -> (u16, &str) {
    (told.0, told.1["error"]["code"].as_str().unwrap_or(""))
}

#[test]
fn a_file_comes_in_pieces() {
    let client = Client::new();
    let text = "0123456789".repeat(STEP / 5);
    let (total, bytes) = (text.len(), text.as_bytes());
    let url = begin(
        &client,
        "me/drive/root:/Big/large.csv:",
        json!({"item": {"name": "large.csv", "fileSystemInfo": {"createdDateTime": "2020-02-02T00:00:00Z"}}}),
    );
    let put = |from: usize, to: usize| {
        ask(
            &client,
            "PUT",
            &url,
            &format!("{from}-{}/{total}", to - 1),
            &bytes[from..to],
        )
    };
    assert_eq!(code(&put(STEP, total)), (416, "invalidRange"));
    let first = put(0, STEP);
    assert_eq!(
        (first.0, &first.1["nextExpectedRanges"]),
        (202, &json!([format!("{STEP}-")]))
    );
    assert_eq!(code(&put(0, STEP)), (416, "invalidRange"));
    assert_eq!(code(&put(STEP, STEP + 5)), (400, "invalidRequest"));
    assert_eq!(
        code(&ask(
            &client,
            "PUT",
            &url,
            &format!("{STEP}-{}/{}", STEP + 1, STEP + 2),
            b"ab"
        )),
        (400, "invalidRequest")
    );
    assert_eq!(
        code(&ask(&client, "PUT", &url, "", b"ab")),
        (400, "invalidRequest")
    );
    let status = ask(&client, "GET", &url, "", b"");
    assert_eq!(
        (status.0, &status.1["nextExpectedRanges"]),
        (200, &json!([format!("{STEP}-")]))
    );
    assert_eq!(client.get("me/drive/root:/Big").status, 404);
    let (status, made) = put(STEP, total);
    assert_eq!(
        (status, &made["name"], &made["size"]),
        (201, &json!("large.csv"), &json!(total))
    );
    assert_eq!(
        made["file"],
        json!({"mimeType": "text/csv", "hashes": {"quickXorHash": hash(&text)}})
    );
    assert_eq!(
        (
            &made["fileSystemInfo"]["createdDateTime"],
            &made["createdBy"]["user"]["displayName"]
        ),
        (&json!("2020-02-02T00:00:00Z"), &json!("Adele Vance"))
    );
    let id = made["id"].as_str().expect("an id");
    assert_eq!(content(&client, &format!("me/drive/items/{id}")), text);
    assert_eq!(
        names(&client, "me/drive/root:/Big:/children"),
        ["large.csv"]
    );
    assert_eq!(
        code(&ask(&client, "GET", &url, "", b"")),
        (404, "itemNotFound")
    );
}

#[test]
fn a_token_must_not_travel_there() {
    let client = Client::new();
    let url = begin(&client, "me/drive/root:/a.txt:", Value::Null);
    let request = Request::put(&url)
        .header("Authorization", "Bearer x")
        .header("Content-Range", "bytes 0-0/1");
    let told = client
        .tenant
        .respond(request.body(Bytes::from_static(b"a")).expect("a request"));
    assert_eq!(told.status(), 401);
    assert_eq!(
        ask(
            &client,
            "PUT",
            &url.replace("tempauth=", "tempauth=x"),
            "0-0/1",
            b"a"
        )
        .0,
        401
    );
    assert_eq!(ask(&client, "PATCH", &url, "0-0/1", b"a").0, 405);
    assert_eq!(ask(&client, "DELETE", &url, "", b"").0, 204);
    assert_eq!(
        code(&ask(&client, "PUT", &url, "0-0/1", b"a")),
        (404, "itemNotFound")
    );
    assert_eq!(client.get("me/drive/root:/a.txt").status, 404);
}

#[test]
fn a_taken_name_is_told_at_the_end() {
    let client = Client::new();
    put(&client, "me/drive/root:/t.txt:/content", "old");
    let run = |behavior: &str| {
        let url = begin(
            &client,
            "me/drive/items/root:/t.txt:",
            json!({"item": {"@microsoft.graph.conflictBehavior": behavior}}),
        );
        (ask(&client, "PUT", &url, "0-2/3", b"new"), url)
    };
    let (failed, url) = run("fail");
    assert_eq!(code(&failed), (409, "upload_name_conflict"));
    assert_eq!(content(&client, "me/drive/root:/t.txt:"), "old");
    // The session goes on: without the other file it succeeds.
    client.delete("me/drive/root:/t.txt");
    assert_eq!(ask(&client, "PUT", &url, "0-2/3", b"new").0, 201);
    let (renamed, _) = run("rename");
    assert_eq!((renamed.0, &renamed.1["name"]), (201, &json!("t 1.txt")));
    let (replaced, _) = run("replace");
    assert_eq!((replaced.0, &replaced.1["name"]), (200, &json!("t.txt")));
    let id = replaced.1["id"].as_str().expect("an id");
    let url = begin(&client, &format!("me/drive/items/{id}"), json!({}));
    assert_eq!(ask(&client, "PUT", &url, "0-3/4", b"more").0, 200);
    assert_eq!(content(&client, "me/drive/root:/t.txt:"), "more");
    assert_eq!(
        client
            .get(&format!("me/drive/items/{id}/versions"))
            .rows()
            .len(),
        3
    );
    let url = begin(&client, &format!("me/drive/items/{id}"), json!({}));
    client.delete(&format!("me/drive/items/{id}"));
    assert_eq!(
        code(&ask(&client, "PUT", &url, "0-3/4", b"more")),
        (404, "itemNotFound")
    );
    let over = begin(&client, "me/drive/root:/Documents:", json!({}));
    assert_eq!(
        code(&ask(&client, "PUT", &over, "0-0/1", b"a")),
        (409, "upload_name_conflict")
    );
}

#[test]
fn a_deferred_file_is_committed() {
    let client = Client::new();
    let url = begin(
        &client,
        "sites/root/drive/root:/d.txt:",
        json!({"deferCommit": true}),
    );
    assert_eq!(
        code(&ask(&client, "POST", &url, "", b"")),
        (400, "invalidRequest")
    );
    let told = ask(&client, "PUT", &url, "0-2/3", b"abc");
    assert_eq!((told.0, &told.1["nextExpectedRanges"]), (202, &json!([])));
    assert_eq!(client.get("sites/root/drive/root:/d.txt").status, 404);
    assert_eq!(ask(&client, "POST", &url, "", b"").0, 201);
    assert_eq!(content(&client, "sites/root/drive/root:/d.txt:"), "abc");
}

#[test]
fn refused_sessions() {
    let client = Client::new();
    let made = put(&client, "me/drive/root:/m.txt:/content", "x");
    for (path, body, wanted) in [
        (
            "me/drive/root:/a%7Cb.txt:",
            json!({}),
            (400, "invalidRequest"),
        ),
        (
            "me/drive/root:/m.txt/below.txt:",
            json!({}),
            (400, "invalidRequest"),
        ),
        ("me/drive/root", json!({}), (400, "invalidRequest")),
        ("me/drive/items/01NONE", json!({}), (404, "itemNotFound")),
        (
            "me/drive/root:/a.txt:",
            json!({"item": {"name": "b.txt"}}),
            (400, "invalidRequest"),
        ),
        (
            "me/drive/root:/a.txt:",
            json!({"item": {"size": 1}}),
            (400, "invalidRequest"),
        ),
        (
            "me/drive/root:/a.txt:",
            json!({"item": {"@microsoft.graph.conflictBehavior": "merge"}}),
            (400, "invalidRequest"),
        ),
        (
            "me/drive/root:/a.txt:",
            json!({"deferCommit": 1}),
            (400, "invalidRequest"),
        ),
        (
            "me/drive/root:/a.txt:",
            json!({"other": 1}),
            (400, "invalidRequest"),
        ),
        (
            "me/drive/root:/a.txt:",
            json!({"item": {"fileSize": 2_000_000_000_000_u64}}),
            (507, "quotaLimitReached"),
        ),
    ] {
        let told = client.post(&format!("{path}/createUploadSession"), body.clone());
        assert_eq!(told.refusal(), wanted, "{path} {body}");
    }
    let stale = client.ask(
        "POST",
        &format!("me/drive/items/{}/createUploadSession", made.id()),
        &[("If-Match", "\"x,1\"")],
        json!({}),
    );
    assert_eq!(stale.refusal(), (412, "resourceModified"));
    let url = begin(&client, "me/drive/root:/a.txt:", json!({}));
    let huge = ask(
        &client,
        "PUT",
        &url,
        &format!("0-{}/2000000000000", STEP - 1),
        &vec![0; STEP],
    );
    assert_eq!(code(&huge), (507, "quotaLimitReached"));
}
