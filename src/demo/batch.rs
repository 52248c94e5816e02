//! `$batch`: up to twenty requests in one, with all its rules (FACTS 4.3).

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use serde_json::{Map, Value, json};

use super::encoding::{base64, base64_decode, percent_encode};
use super::error::{Answer, Fault};
use super::reply::Reply;

const MOST: usize = 20;

/// One request of a batch.
pub struct Step {
    id: String,
    /// Its verb.
    pub method: Method,
    /// Path and query below `/v1.0`, characters that a URL cannot hold encoded.
    pub url: String,
    /// Its own headers: ConsistencyLevel and Prefer count only here.
    pub headers: HeaderMap,
    /// Its body; empty without one.
    pub body: Bytes,
    depends_on: Option<String>,
}

/// Answers a batch; `ask` answers one step.
pub fn respond(
    body: &Bytes,
    authorization: Option<&HeaderValue>,
    ask: &dyn Fn(&Step) -> Response<Bytes>,
) -> Answer<Reply> {
    let steps = read(body, authorization)?;
    let mut answers: Vec<(String, u16, Value)> = Vec::new();
    for step in &steps {
        let failed = step.depends_on.as_ref().is_some_and(|id| {
            answers
                .iter()
                .any(|(done, status, _)| done.eq_ignore_ascii_case(id) && *status >= 400)
        });
        let (status, mut shown) = if failed {
            (424, failed_dependency())
        } else {
            show(ask(step))
        };
        shown["id"] = json!(step.id);
        answers.push((step.id.clone(), status, shown));
    }
    // Answers come in any order (FACTS 4.3): here always in the wrong one.
    let responses: Vec<Value> = answers
        .into_iter()
        .rev()
        .map(|(_, _, shown)| shown)
        .collect();
    let mut map = Map::new();
    map.insert("responses".into(), Value::Array(responses));
    Ok(Reply::json(map))
}

fn read(body: &Bytes, authorization: Option<&HeaderValue>) -> Answer<Vec<Step>> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| Fault::bad_request("Invalid batch payload format."))?;
    let requests = value["requests"]
        .as_array()
        .ok_or_else(|| Fault::bad_request("Invalid batch payload format."))?;
    if requests.is_empty() || requests.len() > MOST {
        return Err(Fault::bad_request(format!(
            "Number of batch request steps must be between 1 and {MOST}."
        )));
    }
    let mut steps: Vec<Step> = Vec::new();
    for request in requests {
        let step = step(request, authorization)?;
        // Ids are not case-sensitive.
        if steps
            .iter()
            .any(|known| known.id.eq_ignore_ascii_case(&step.id))
        {
            return Err(Fault::bad_request(format!(
                "Request Id '{}' has to be unique in a batch.",
                step.id
            )));
        }
        if step
            .depends_on
            .as_ref()
            .is_some_and(|id| !steps.iter().any(|known| known.id.eq_ignore_ascii_case(id)))
        {
            return Err(Fault::bad_request(
                "A dependsOn names a request that does not come before.",
            ));
        }
        steps.push(step);
    }
    // Either all in parallel or one chain (C/known-issues).
    let independent = steps
        .iter()
        .filter(|step| step.depends_on.is_none())
        .count();
    if independent != 1 && independent != steps.len() {
        return Err(Fault::bad_request(
            "Requests of a batch must either all be independent or form one series.",
        ));
    }
    Ok(steps)
}

fn step(request: &Value, authorization: Option<&HeaderValue>) -> Answer<Step> {
    let text = |name: &str| {
        request[name].as_str().ok_or_else(|| {
            Fault::bad_request(format!(
                "The property '{name}' of a batch request is missing."
            ))
        })
    };
    let (id, method, url) = (text("id")?, text("method")?, text("url")?);
    if url.contains("://") {
        return Err(Fault::bad_request(
            "The URL of a batch request must be relative.",
        ));
    }
    if url.trim_start_matches('/').starts_with("$batch") {
        return Err(Fault::bad_request("Batches cannot be nested."));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        let pair = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .zip(value.as_str().and_then(|value| value.parse().ok()));
        let (name, value) =
            pair.ok_or_else(|| Fault::bad_request(format!("The header '{name}' is malformed.")))?;
        headers.append(name, value);
    }
    if request.get("body").is_some() && !headers.contains_key("Content-Type") {
        return Err(Fault::bad_request(format!(
            "Request '{id}' has a body but no Content-Type header."
        )));
    }
    if let (Some(value), false) = (authorization, headers.contains_key("Authorization")) {
        headers.insert("Authorization", value.clone());
    }
    Ok(Step {
        id: id.to_string(),
        method: method
            .parse()
            .map_err(|_| Fault::bad_request(format!("Invalid method '{method}'.")))?,
        url: format!("/{}", escape(url.trim_start_matches('/'))),
        body: body(&request["body"], &headers)?,
        headers,
        depends_on: depends_on(request)?,
    })
}

/// A JSON body stands as it is; others come in base64 (FACTS 4.3).
fn body(value: &Value, headers: &HeaderMap) -> Answer<Bytes> {
    let kind = headers.get("Content-Type").map(HeaderValue::as_bytes);
    let json = kind.is_none_or(|kind| kind.starts_with(b"application/json"));
    match value {
        Value::Null => Ok(Bytes::new()),
        Value::String(text) if !json => base64_decode(text).map(Bytes::from).ok_or_else(|| {
            Fault::bad_request("The body of a batch request that is not JSON must be base64.")
        }),
        value => Ok(value.to_string().into()),
    }
}

fn depends_on(request: &Value) -> Answer<Option<String>> {
    match request.get("dependsOn") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(ids)) if ids.is_empty() => Ok(None),
        Some(Value::Array(ids)) if ids.len() == 1 => Ok(ids[0].as_str().map(String::from)),
        Some(_) => Err(Fault::bad_request(
            "dependsOn must name exactly one request.",
        )),
    }
}

/// Characters that stand bare in JSON but not in a URL.
fn escape(url: &str) -> String {
    url.chars()
        .map(|c| {
            if c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c) {
                c.to_string()
            } else {
                percent_encode(&c.to_string())
            }
        })
        .collect()
}

fn show(response: Response<Bytes>) -> (u16, Value) {
    let (parts, body) = response.into_parts();
    let mut headers = Map::new();
    for (name, value) in &parts.headers {
        headers.insert(
            spelled(name.as_str()),
            json!(value.to_str().unwrap_or_default()),
        );
    }
    let json_body = serde_json::from_slice::<Value>(&body).ok().filter(|_| {
        parts
            .headers
            .get("Content-Type")
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
    });
    // Bodies that are not JSON travel in base64.
    let body = if body.is_empty() {
        Value::Null
    } else {
        json_body.unwrap_or_else(|| json!(base64(&body)))
    };
    (
        parts.status.as_u16(),
        json!({"status": parts.status.as_u16(), "headers": headers, "body": body}),
    )
}

/// Header names come in mixed spellings: `Content-Type`, but `location` and `request-id` (examples; FACTS 4.3 "any case").
fn spelled(name: &str) -> String {
    if name == "location" || name.ends_with("request-id") {
        return name.to_string();
    }
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    });
    words.collect::<Vec<String>>().join("-")
}

fn failed_dependency() -> Value {
    json!({
        "status": 424,
        "headers": {"Content-Type": "application/json"},
        "body": {"error": {"code": "FailedDependency", "message": "The request could not be completed because a request that it depends on failed."}},
    })
}
