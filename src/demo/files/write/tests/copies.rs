//! Copies, and the monitor that tells when they are done.

use super::*;

fn location(told: &Told) -> String {
    assert_eq!(told.status, 202, "{:?}", told.body);
    told.headers["Location"]
        .to_str()
        .expect("an address")
        .to_string()
}

fn asked(client: &Client, url: &str) -> (u16, Value) {
    let (status, body) = outside(client, "GET", url);
    (status, serde_json::from_slice(&body).expect("JSON"))
}

#[test]
fn a_tree_is_copied_in_its_own_time() {
    let client = Client::new();
    let old = client.get("me/drive/root:/Projects").body;
    let item = format!("me/drive/items/{}", old["id"].as_str().expect("an id"));
    let drive = client.get("users/alex@contoso.com/drive");
    let target = client.get("users/alex@contoso.com/drive/root:/Documents");
    let url = location(&client.post(
        &format!("{item}/copy"),
        json!({"parentReference": {"driveId": drive.id(), "id": target.id()}, "name": "Copied"}),
    ));
    assert!(!url.contains("/v1.0/"));
    assert_eq!(
        client
            .get("users/alex@contoso.com/drive/root:/Documents/Copied")
            .status,
        404
    );
    let (status, body) = asked(&client, &url);
    assert_eq!((status, &body["status"]), (202, &json!("inProgress")));
    assert!(body["percentageComplete"].is_number() && body.get("resourceId").is_none());
    let (status, body) = asked(&client, &url);
    assert_eq!((status, &body["status"]), (200, &json!("completed")));
    assert_eq!(asked(&client, &url).1, body);
    let id = body["resourceId"].as_str().expect("an id");
    let copy = client
        .get(&format!("users/alex@contoso.com/drive/items/{id}"))
        .body;
    assert_eq!(
        (&copy["name"], &copy["size"], &copy["folder"]["childCount"]),
        (&json!("Copied"), &old["size"], &old["folder"]["childCount"])
    );
    let munich = |root: &str| {
        client
            .get(&format!("{root}/2025/Q1/Europe/Germany/M%C3%BCnchen"))
            .body
    };
    let (there, here) = (
        munich("users/alex@contoso.com/drive/root:/Documents/Copied"),
        munich("me/drive/root:/Projects"),
    );
    assert_eq!(there["size"], here["size"]);
    assert_ne!(there["id"], here["id"]);
    assert_eq!(there["createdBy"]["user"]["displayName"], "Adele Vance");
    let token = [("Authorization", "Bearer x")];
    let request = Request::builder().uri(&url).header(token[0].0, token[0].1);
    let refused = client
        .tenant
        .respond(request.body(Bytes::new()).expect("a request"));
    assert_eq!(refused.status(), 401);
    assert_eq!(
        outside(&client, "GET", &url.replace("tempauth=", "tempauth=x")).0,
        401
    );
    assert_eq!(outside(&client, "DELETE", &url).0, 405);
}

#[test]
fn a_copy_has_the_content_and_does_not_follow_the_original() {
    let client = Client::new();
    let made = put(&client, "me/drive/root:/o.txt:/content", "first");
    let item = format!("me/drive/items/{}", made.id());
    let url = location(&client.post(
        &format!("{item}/microsoft.graph.copy"),
        json!({"name": "p.txt"}),
    ));
    // The next write finds it done.
    put(&client, &format!("{item}/content"), "second");
    assert_eq!(content(&client, "me/drive/root:/p.txt:"), "first");
    let (_, told) = asked(&client, &url);
    assert_eq!(
        told["resourceId"],
        client.get("me/drive/root:/p.txt").body["id"]
    );
}

#[test]
fn names_that_are_taken_when_the_copy_is_done() {
    let client = Client::new();
    let made = put(&client, "me/drive/root:/o.txt:/content", "o");
    put(&client, "me/drive/root:/q.txt:/content", "q");
    let copy = |behavior: &str, body: Value| {
        let path = format!("me/drive/items/{}/copy{behavior}", made.id());
        let url = location(&client.post(&path, body));
        asked(&client, &url);
        asked(&client, &url).1
    };
    let failed = copy("", json!({}));
    assert_eq!(
        (&failed["status"], &failed["error"]["code"]),
        (&json!("failed"), &json!("nameAlreadyExists"))
    );
    copy("?@microsoft.graph.conflictBehavior=rename", json!({}));
    assert_eq!(content(&client, "me/drive/root:/o%201.txt:"), "o");
    copy(
        "?@microsoft.graph.conflictBehavior=replace",
        json!({"name": "q.txt"}),
    );
    assert_eq!(content(&client, "me/drive/root:/q.txt:"), "o");
}

#[test]
fn refused_copies() {
    let client = Client::new();
    let projects = client.get("me/drive/root:/Projects").id().to_string();
    let deep = client.get("me/drive/root:/Projects/2025").id().to_string();
    let drive = client.get("me/drive").id().to_string();
    let copy = format!("me/drive/items/{projects}/copy");
    for (body, wanted) in [
        (
            json!({"parentReference": {"id": deep}}),
            (400, "invalidRequest"),
        ),
        (
            json!({"parentReference": {"driveId": drive}}),
            (400, "invalidRequest"),
        ),
        (
            json!({"parentReference": {"driveId": drive, "id": deep}}),
            (400, "invalidRequest"),
        ),
        (
            json!({"parentReference": {"driveId": "b!none", "id": deep}}),
            (404, "itemNotFound"),
        ),
        (
            json!({"parentReference": {"driveId": drive, "id": "01NONE"}}),
            (404, "itemNotFound"),
        ),
        (json!({"name": "a|b"}), (400, "invalidRequest")),
        (json!({"name": 1}), (400, "invalidRequest")),
        (json!({"Name": "x"}), (400, "invalidRequest")),
    ] {
        assert_eq!(client.post(&copy, body.clone()).refusal(), wanted, "{body}");
    }
    assert_eq!(
        client
            .post("me/drive/root/copy", json!({"name": "x"}))
            .refusal(),
        (400, "invalidRequest")
    );
    assert_eq!(
        client
            .post("me/drive/items/01NONE/copy", json!({"name": "x"}))
            .refusal(),
        (404, "itemNotFound")
    );
    assert_eq!(
        client.patch(&copy, json!({"name": "x"})).refusal(),
        (405, "Request_BadRequest")
    );
}
