//! Each write to a drive, each refusal, and what reads say afterwards.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::demo::quickxor::quick_xor;
use crate::demo::write::client::{Client, Told};

mod changes;
mod copies;
mod sessions;
mod uploads;

/// A request to an address outside of Graph, without a token.
fn outside(client: &Client, method: &str, url: &str) -> (u16, Bytes) {
    let request = Request::builder().method(method).uri(url);
    let request = request.body(Bytes::new()).expect("a request");
    let (parts, body) = client.tenant.respond(request).into_parts();
    (parts.status.as_u16(), body)
}

/// The content of a file, by the redirect.
fn content(client: &Client, item: &str) -> String {
    let told = client.get(&format!("{item}/content"));
    assert_eq!(told.status, 302);
    let url = told.headers["Location"].to_str().expect("an address");
    let (status, body) = outside(client, "GET", url);
    assert_eq!(status, 200);
    String::from_utf8(body.to_vec()).expect("text")
}

fn put(client: &Client, path: &str, text: &str) -> Told {
    client.ask("PUT", path, &[], json!(text))
}

fn folder(client: &Client, parent: &str, name: &str) -> Told {
    client.post(
        &format!("{parent}/children"),
        json!({"name": name, "folder": {}}),
    )
}

fn names(client: &Client, list: &str) -> Vec<String> {
    let told = client.get(&format!("{list}?$top=999"));
    assert_eq!(told.status, 200, "{list}");
    let name = |row: &Value| row["name"].as_str().map(String::from);
    told.rows().iter().filter_map(name).collect()
}

fn number(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

fn etag(told: &Told) -> &str {
    told.body["eTag"].as_str().expect("a tag")
}

/// A delta round: the rows, and the link to the next round below `/v1.0`.
fn round(client: &Client, path: &str) -> (Vec<Value>, String) {
    let mut rows = Vec::new();
    let mut path = path.to_string();
    loop {
        let told = client.get(&path);
        assert_eq!(told.status, 200, "{path}");
        rows.extend(told.rows().iter().cloned());
        let link = |name: &str| {
            let link = told.body[name].as_str()?;
            link.split_once("/v1.0/").map(|(_, path)| path.to_string())
        };
        match link("@odata.nextLink") {
            Some(next) => path = next,
            None => return (rows, link("@odata.deltaLink").expect("a link")),
        }
    }
}

fn hash(text: &str) -> String {
    quick_xor(text.as_bytes())
}
