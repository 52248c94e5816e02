//! For tests of writes: a client on a tenant of its own, so that no test sees what another wrote.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::demo::signin::{DELEGATED_TOKEN, access_token};
use crate::demo::{Options, Tenant};

/// A tenant and a token for it.
pub struct Client {
    /// The tenant, for clients with other tokens and for threads.
    pub tenant: Tenant,
}

/// An answer.
#[derive(Debug)]
pub struct Told {
    /// HTTP status.
    pub status: u16,
    /// The headers that the service sent.
    pub headers: http::HeaderMap,
    /// The body; null when there is none, text when it is not JSON.
    pub body: Value,
}

impl Told {
    /// Status and error code.
    pub fn refusal(&self) -> (u16, &str) {
        (
            self.status,
            self.body["error"]["code"].as_str().unwrap_or(""),
        )
    }

    /// The rows of a list.
    pub fn rows(&self) -> &[Value] {
        self.body["value"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The id.
    pub fn id(&self) -> &str {
        self.body["id"].as_str().unwrap_or("")
    }
}

impl Client {
    /// On a fresh tenant.
    pub fn new() -> Client {
        Client {
            tenant: Tenant::new(Options::default()),
        }
    }

    /// As Adele, who may everything.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Told {
        self.ask_with(DELEGATED_TOKEN, method, path, headers, body)
    }

    /// As a user with certain scopes.
    pub fn ask_as(&self, user: usize, scopes: &str, method: &str, path: &str, body: Value) -> Told {
        let token = access_token(self.tenant.users.get(user), "app", scopes, 600);
        self.ask_with(&token, method, path, &[], body)
    }

    /// With a token. A text is sent as it is, `text/plain`; null sends nothing.
    pub fn ask_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Told {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://demo/v1.0/{path}"))
            .header("Authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (kind, bytes) = match body {
            Value::Null => (None, Bytes::new()),
            Value::String(text) => (Some("text/plain"), text.into()),
            value => (Some("application/json"), value.to_string().into()),
        };
        if let Some(kind) = kind {
            request = request.header("Content-Type", kind);
        }
        self.send(request.body(bytes).expect("a request"))
    }

    /// To an address outside of `/v1.0`, without a token.
    pub fn outside(
        &self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Told {
        let mut request = Request::builder().method(method).uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).expect("a request"))
    }

    fn send(&self, request: Request<Bytes>) -> Told {
        let (parts, body) = self.tenant.respond(request).into_parts();
        let text = || json!(String::from_utf8_lossy(&body));
        Told {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: match body.is_empty() {
                true => Value::Null,
                false => serde_json::from_slice(&body).unwrap_or_else(|_| text()),
            },
        }
    }

    /// GET
    pub fn get(&self, path: &str) -> Told {
        self.ask("GET", path, &[], Value::Null)
    }

    /// POST
    pub fn post(&self, path: &str, body: Value) -> Told {
        self.ask("POST", path, &[], body)
    }

    /// PATCH
    pub fn patch(&self, path: &str, body: Value) -> Told {
        self.ask("PATCH", path, &[], body)
    }

    /// DELETE
    pub fn delete(&self, path: &str) -> Told {
        self.ask("DELETE", path, &[], Value::Null)
    }

    /// The number that a `$count` segment tells.
    pub fn count(&self, path: &str) -> i64 {
        let told = self.get(path).body;
        let number = || told.as_str().and_then(|text| text.parse().ok());
        told.as_i64().or_else(number).expect("a number")
    }
}

/// For tests of delta queries: all rows of a round, and the link to the next one below `/v1.0`.
pub fn round(client: &Client, path: &str, headers: &[(&str, &str)]) -> (Vec<Value>, String) {
    let (mut rows, mut path) = (Vec::new(), path.to_string());
    loop {
        let page = client.ask("GET", &path, headers, Value::Null);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        rows.extend(page.rows().to_vec());
        let link = |name: &str| page.body[name].as_str().map(below);
        if let Some(link) = link("@odata.deltaLink") {
            return (rows, link);
        }
        path = link("@odata.nextLink").expect("a link");
    }
}

/// A link as a path below `/v1.0`.
pub fn below(link: &str) -> String {
    link.replace("http://demo/v1.0/", "")
}
