//! `$batch`: which writes may go together, and what the answer says of each (FACTS §4.3).

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value as Json, json};

use super::Pending;
use crate::catalog::Verb;
use crate::graph::fault;
use crate::write::Request;

/// FACTS §4.3: a batch holds at most 20 requests.
const MOST: usize = 20;

/// How many writes from the start may go in one batch: requests of one kind to different items, whose
/// order makes no difference. Several requests of one write depend on each other.
pub(super) fn together(writes: &[Pending]) -> usize {
    let Some(first) = writes.first() else {
        return 0;
    };
    let mut paths: Vec<&str> = Vec::new();
    for write in writes.iter().take(MOST) {
        let Some(request) = write.work.only_request() else {
            break;
        };
        let is_alike = write.table == first.table && write.operation == first.operation;
        let is_new = request.verb == Verb::Post || !paths.contains(&request.path.as_str());
        if !is_alike || !is_new {
            break;
        }
        paths.push(&request.path);
    }
    paths.len().max(1)
}

/// The body of a batch.
pub(super) fn body(requests: &[(usize, Request)]) -> Json {
    let requests: Vec<Json> = requests
        .iter()
        .map(|(id, request)| {
            let mut headers = serde_json::Map::new();
            for (name, value) in request.headers() {
                headers.insert(name.into_owned(), json!(value));
            }
            let mut one = json!({
                "id": id.to_string(),
                "method": request.verb.name(),
                "url": format!("/{}", request.path),
            });
            if let Some(body) = &request.body {
                headers.insert("Content-Type".to_owned(), json!("application/json"));
                one["body"] = body.clone();
            }
            if !headers.is_empty() {
                one["headers"] = Json::Object(headers);
            }
            one
        })
        .collect();
    json!({ "requests": requests })
}

/// One answer of a batch.
pub(super) struct Part {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// The answers, by the ids of the requests; the batch's own answer may leave some out.
pub(super) fn parts(body: &[u8]) -> Vec<(usize, Part)> {
    let answer: Json = serde_json::from_slice(body).unwrap_or_default();
    let responses = answer["responses"].as_array().cloned().unwrap_or_default();
    responses
        .iter()
        .filter_map(|response| {
            let id = response["id"].as_str()?.parse().ok()?;
            let status = u16::try_from(response["status"].as_u64()?).ok()?;
            let body = match &response["body"] {
                Json::Null => Bytes::new(),
                body => Bytes::from(body.to_string()),
            };
            let part = Part {
                status: StatusCode::from_u16(status).ok()?,
                headers: headers(&response["headers"]),
                body,
            };
            Some((id, part))
        })
        .collect()
}

fn headers(json: &Json) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in json.as_object().into_iter().flatten() {
        let text = match value {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), text.parse::<HeaderValue>()) {
            headers.insert(name, value);
        }
    }
    headers
}

impl Part {
    /// How long the service asks to wait, when it throttled this request and did not take it.
    pub(super) fn throttled(&self) -> Option<Duration> {
        let seconds = self.headers.get("Retry-After").and_then(|value| {
            let seconds: f64 = value.to_str().ok()?.trim().parse().ok()?;
            (seconds.is_finite() && seconds >= 0.0).then_some(seconds.min(1e6))
        });
        match (self.status.as_u16(), seconds) {
            (429, None) => Some(Duration::from_secs(1)),
            (429 | 503 | 509, Some(seconds)) => Some(Duration::from_secs_f64(seconds)),
            _ => None,
        }
    }

    /// The error that a refusal means.
    pub(super) fn error(&self, request: &Request) -> crate::error::Error {
        let fault = fault::read(self.status, &self.headers, &self.body);
        let asked = format!("{} /{}", request.verb.name(), request.path);
        fault::error(fault, &asked, request.permission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Work;

    fn write(operation: &'static str, verb: Verb, path: &str) -> Pending {
        Pending {
            seq: 1,
            table: "Messages",
            profile: None,
            operation,
            key: String::new(),
            work: Work::Requests(vec![Request {
                verb,
                path: path.to_owned(),
                body: None,
                if_match: None,
                owner: "me".to_owned(),
                permission: "",
                repeatable: false,
            }]),
        }
    }

    #[test]
    fn only_requests_whose_order_makes_no_difference_go_together() {
        let patch = |path| write("UPDATE", Verb::Patch, path);
        let remove = |path| write("DELETE", Verb::Delete, path);
        assert_eq!(together(&[patch("a"), patch("b"), remove("c")]), 2);
        assert_eq!(together(&[patch("a"), patch("a")]), 1);
        let made: Vec<Pending> = (0..30).map(|_| write("INSERT", Verb::Post, "m")).collect();
        assert_eq!(together(&made), 20);
        assert_eq!(together(&[]), 0);
    }

    #[test]
    fn answers_are_found_by_their_ids_in_any_order() {
        let parts = parts(
            br#"{"responses":[{"id":"1","status":429,"headers":{"retry-after":"2.5"}},{"id":"0","status":204}]}"#,
        );
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].0, parts[1].0), (1, 0));
        assert_eq!(parts[0].1.throttled(), Some(Duration::from_millis(2_500)));
        assert_eq!(parts[1].1.throttled(), None);
    }
}
