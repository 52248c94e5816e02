//! The sign-in service, asked in the process.

mod applications;
mod assertions;
mod authorize;
mod bearers;
mod consent;
mod devices;
mod managed;
mod refreshes;
mod refusals;

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use crate::demo::{Options, SignInOptions, Tenant};

/// Where the tenant believes to be.
const ORIGIN: &str = "https://login.example";
const APP: &str = "c0ffee00-0000-4000-8000-000000000001";
const DEFAULT: &str = "https://graph.microsoft.com/.default";

/// A tenant of a test's own.
struct Service(Tenant);

/// An answer.
#[derive(Debug)]
struct Told {
    status: u16,
    headers: http::HeaderMap,
    text: String,
    json: Value,
}

impl Service {
    fn new(options: SignInOptions) -> Service {
        Service(Tenant::new(Options {
            sign_in: options,
            ..Options::default()
        }))
    }

    fn honest() -> Service {
        Service::new(SignInOptions::default())
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Told {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{ORIGIN}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(Bytes::from(body.to_string()))
            .expect("a request");
        let (parts, body) = self.0.respond(request).into_parts();
        Told {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
            json: serde_json::from_slice(&body).unwrap_or_default(),
        }
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Told {
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        self.ask("POST", path, &[form], &query(fields))
    }

    /// A token request to contoso.com.
    fn token(&self, fields: &[(&str, &str)]) -> Told {
        self.post("/contoso.com/oauth2/v2.0/token", fields)
    }

    /// GET `/v1.0/users` with a token.
    fn graph(&self, token: &str) -> Told {
        let bearer = format!("Bearer {token}");
        self.ask(
            "GET",
            "/v1.0/users?$top=1",
            &[("Authorization", &bearer)],
            "",
        )
    }
}

impl Told {
    /// The text of a property.
    #[track_caller]
    fn text_of(&self, name: &str) -> &str {
        let text = self.json[name].as_str();
        text.unwrap_or_else(|| panic!("no {name}: {self:?}"))
    }

    /// Status, error and AADSTS number.
    fn refusal(&self) -> (u16, &str, u64) {
        (
            self.status,
            self.json["error"].as_str().unwrap_or(""),
            self.json["error_codes"][0].as_u64().unwrap_or(0),
        )
    }

    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

/// `a=b&c=d`, encoded.
fn query(fields: &[(&str, &str)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(fields);
    text.finish()
}
