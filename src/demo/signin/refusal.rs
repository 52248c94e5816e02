//! What the sign-in service says no with: an OAuth error with its AADSTS number, as JSON or as a page.

use serde_json::{Value, json};

use crate::demo::random::guid;
use crate::demo::reply::Reply;

/// An OAuth error with its AADSTS number.
#[derive(Debug, PartialEq)]
pub struct SignInError {
    /// The OAuth `error`.
    pub error: &'static str,
    /// The AADSTS number.
    pub number: u32,
    /// The sentence.
    pub description: String,
    /// What a client may branch on besides `error`.
    pub suberror: Option<&'static str>,
}

impl SignInError {
    /// An error.
    pub fn new(error: &'static str, number: u32, description: impl Into<String>) -> SignInError {
        SignInError {
            error,
            number,
            description: description.into(),
            suberror: None,
        }
    }

    /// The same with a `suberror`.
    pub fn with_suberror(mut self, suberror: &'static str) -> SignInError {
        self.suberror = Some(suberror);
        self
    }

    /// `AADSTS70016: the sentence`
    pub fn sentence(&self) -> String {
        format!("AADSTS{}: {}", self.number, self.description)
    }

    /// The answer of an endpoint that programs talk to.
    pub fn reply(&self) -> Reply {
        // Microsoft answers 401 to a client that cannot prove itself, 400 to all else.
        let status = if self.error == "invalid_client" {
            401
        } else {
            400
        };
        let id = guid(&[u64::from(self.number)]);
        let mut body = json!({
            "error": self.error,
            "error_description": format!("{} Trace ID: {id} Correlation ID: {id} Timestamp: 2026-11-30 12:00:00Z", self.sentence()),
            "error_codes": [self.number],
            "timestamp": "2026-11-30 12:00:00Z",
            "trace_id": id,
            "correlation_id": id,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.number),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = json!(suberror);
        }
        plain_json(status, &body)
    }

    /// The answer of a page that people look at.
    pub fn page(&self) -> Reply {
        page(
            400,
            "Sorry, but we're having trouble signing you in.",
            &format!("<p>{}</p>", escape_html(&self.sentence())),
        )
    }
}

/// JSON as the sign-in service sends it.
pub fn plain_json(status: u16, body: &Value) -> Reply {
    let mut reply = Reply::bytes(
        "application/json; charset=utf-8",
        body.to_string().into_bytes(),
    );
    reply.status = status;
    reply.header("Cache-Control", "no-store, no-cache")
}

/// A page with a heading.
pub fn page(status: u16, heading: &str, body: &str) -> Reply {
    let text = format!(
        "<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body><h1>{heading}</h1>{body}</body></html>"
    );
    let mut reply = Reply::bytes("text/html; charset=utf-8", text.into_bytes());
    reply.status = status;
    reply.header("Cache-Control", "no-store, no-cache")
}

/// Text inside a page.
pub fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}
