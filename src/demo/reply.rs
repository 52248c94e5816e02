//! A successful answer before the common headers are put on it.

use bytes::Bytes;
use serde_json::{Map, Value};

/// Status, headers and body of an answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers, content type included.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
}

const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

impl Reply {
    /// 200 with a JSON object.
    pub fn json(map: Map<String, Value>) -> Reply {
        let body = Bytes::from(Value::Object(map).to_string());
        Reply {
            status: 200,
            headers: vec![
                ("Content-Type", JSON.into()),
                ("OData-Version", "4.0".into()),
            ],
            body,
        }
    }

    /// 200 with plain text: `$count` segments.
    pub fn text(text: String) -> Reply {
        Reply::bytes("text/plain", text.into_bytes())
    }

    /// 200 with bytes of a given type.
    pub fn bytes(content_type: &str, body: Vec<u8>) -> Reply {
        Reply {
            status: 200,
            headers: vec![("Content-Type", content_type.into())],
            body: body.into(),
        }
    }

    /// A status without a body.
    pub fn empty(status: u16) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// The same with one more header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }
}
