//! Graph's error answers: status, code, message and the body around them (FACTS 4.4).

use http::Response;

/// A refusal, ready to become a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// HTTP status.
    pub status: u16,
    /// Graph's error code; the only thing a client may branch on.
    pub code: &'static str,
    /// The sentence for people.
    pub message: String,
    /// Extra response headers, such as `WWW-Authenticate`.
    pub headers: Vec<(&'static str, String)>,
}

/// What every handler returns.
pub type Answer<T> = Result<T, Fault>;

impl Fault {
    /// A refusal with the given status, code and message.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Fault {
        Fault {
            status,
            code,
            message: message.into(),
            headers: Vec::new(),
        }
    }

    /// The same with one more response header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Fault {
        self.headers.push((name, value.into()));
        self
    }

    /// 400 for syntax and unknown properties (FACTS 4.4, `BadRequest`).
    pub fn bad_request(message: impl Into<String>) -> Fault {
        Fault::new(400, "BadRequest", message)
    }

    /// 404 for a path that Graph does not serve.
    pub fn unknown_segment(segment: &str) -> Fault {
        Fault::bad_request(format!("Resource not found for the segment '{segment}'."))
    }

    /// The error body and headers.
    pub fn response(&self, request_id: &str, client_request_id: &str) -> Response<Vec<u8>> {
        let body = serde_json::json!({
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": {
                    "date": "2026-11-30T12:00:00",
                    "request-id": request_id,
                    "client-request-id": client_request_id,
                }
            }
        });
        let mut builder = Response::builder()
            .status(self.status)
            .header("Content-Type", "application/json");
        for (name, value) in &self.headers {
            builder = builder.header(*name, value);
        }
        builder
            .body(body.to_string().into_bytes())
            .unwrap_or_else(|_| {
                Response::new(
                    b"{\"error\":{\"code\":\"InternalServerError\",\"message\":\"\"}}".to_vec(),
                )
            })
    }
}
