//! Carries a fault out: turns a good answer of the tenant into the bad one that was ordered.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use serde_json::{Value, json};

use super::Tenant;
use super::faults::{Fault, RetryAfter};
use super::time;

/// What goes over the wire.
pub type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// Marks the second asking of a page that was empty the first time.
const AFTER_EMPTY: &str = "demoAfterEmpty=1";

/// The answer of the tenant, spoiled.
pub async fn respond(
    tenant: &Tenant,
    request: Request<Bytes>,
    fault: Option<Fault>,
) -> Response<Body> {
    let Some(fault) = fault else {
        return whole(tenant.respond(request));
    };
    match fault {
        Fault::Throttle(after) => refusal(429, "TooManyRequests", "Too many requests.", &after),
        Fault::Unavailable(after) => refusal(
            503,
            "serviceNotAvailable",
            "The service is unavailable.",
            &after,
        ),
        Fault::GatewayTimeout => refusal(504, "UnknownError", "", &RetryAfter::Absent),
        Fault::Internal => refusal(
            500,
            "InternalServerError",
            "An internal server error occurred.",
            &RetryAfter::Absent,
        ),
        Fault::ExpiredToken => refusal(
            401,
            "InvalidAuthenticationToken",
            "Lifetime validation failed, the token is expired.",
            &RetryAfter::Absent,
        ),
        Fault::HtmlPage(status) => html(status),
        Fault::Hang => std::future::pending().await,
        Fault::Late(delay) => {
            tokio::time::sleep(delay).await;
            whole(tenant.respond(request))
        }
        Fault::CutBody => cut(tenant.respond(request)),
        Fault::SlowBody(pause) => slow(tenant.respond(request), pause),
        Fault::TruncatedJson => {
            let (mut parts, body) = tenant.respond(request).into_parts();
            parts.headers.remove("Content-Length");
            whole(Response::from_parts(parts, body.slice(..body.len() / 2)))
        }
        Fault::IgnoreTop => whole(tenant.respond(without_top(request))),
        Fault::EmptyPages
        | Fault::DuplicateRows
        | Fault::LoopingNextLink
        | Fault::ForeignNextLink => whole(pages(tenant, request, &fault)),
    }
}

/// 429 for a mailbox that is asked too much at once (FACTS 4.1).
pub fn concurrency() -> Response<Body> {
    refusal(
        429,
        "ApplicationThrottled",
        "Application is over its MailboxConcurrency limit.",
        &RetryAfter::Seconds("1".into()),
    )
}

/// A body that is all there.
pub fn whole(response: Response<Bytes>) -> Response<Body> {
    response.map(|body| {
        Full::new(body)
            .map_err(|never| match never {})
            .boxed_unsync()
    })
}

fn refusal(status: u16, code: &str, message: &str, after: &RetryAfter) -> Response<Body> {
    let body = json!({"error": {"code": code, "message": message, "innerError": {"date": "2026-11-30T12:00:00", "request-id": "fault", "client-request-id": "fault"}}});
    let mut response = Response::new(Bytes::from(body.to_string()));
    set_status(&mut response, status);
    let header = match after {
        RetryAfter::Seconds(text) => text.clone(),
        RetryAfter::Date(seconds) => http_date(*seconds),
        RetryAfter::Absent => String::new(),
    };
    response
        .headers_mut()
        .insert("Content-Type", HeaderValue::from_static("application/json"));
    if let Some(value) = HeaderValue::from_str(&header)
        .ok()
        .filter(|_| !header.is_empty())
    {
        response.headers_mut().insert("Retry-After", value);
    }
    whole(response)
}

fn html(status: u16) -> Response<Body> {
    let mut response = Response::new(Bytes::from_static(b"<html><head><title>Bad Gateway</title></head><body><h1>Our services aren't available right now</h1></body></html>"));
    set_status(&mut response, status);
    response
        .headers_mut()
        .insert("Content-Type", HeaderValue::from_static("text/html"));
    whole(response)
}

fn set_status(response: &mut Response<Bytes>, status: u16) {
    if let Ok(status) = http::StatusCode::from_u16(status) {
        *response.status_mut() = status;
    }
}

/// Half of the body under the length of all of it, then the end of the connection.
fn cut(response: Response<Bytes>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    parts
        .headers
        .insert("Content-Length", HeaderValue::from(body.len()));
    let half = body.slice(..body.len() / 2);
    let frames = stream::unfold(Some(half), |half| async move {
        if let Some(half) = half {
            return Some((Ok(Frame::data(half)), None));
        }
        // hyper drops what it has not sent yet when a body fails: the half must be out first.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some((Err(std::io::Error::other("cut by order")), None))
    });
    Response::from_parts(parts, StreamBody::new(frames).boxed_unsync())
}

fn slow(response: Response<Bytes>, pause: Duration) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    parts
        .headers
        .insert("Content-Length", HeaderValue::from(body.len()));
    let piece = body.len().div_ceil(10).max(1);
    let frames = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let next = rest.split_to(piece.min(rest.len()));
        Some((Ok(Frame::data(next)), rest))
    });
    Response::from_parts(parts, StreamBody::new(frames).boxed_unsync())
}

fn without_top(request: Request<Bytes>) -> Request<Bytes> {
    let query = request.uri().query().unwrap_or("").to_string();
    let kept: Vec<&str> = query
        .split('&')
        .filter(|part| !part.starts_with("$top=") && !part.starts_with("%24top="))
        .collect();
    with_query(request, &kept.join("&"))
}

fn with_query(request: Request<Bytes>, query: &str) -> Request<Bytes> {
    let (mut parts, body) = request.into_parts();
    let text = if query.is_empty() {
        parts.uri.path().to_string()
    } else {
        format!("{}?{query}", parts.uri.path())
    };
    let mut pieces = parts.uri.clone().into_parts();
    pieces.path_and_query = text.parse().ok();
    if let Ok(uri) = Uri::from_parts(pieces) {
        parts.uri = uri;
    }
    Request::from_parts(parts, body)
}

/// Faults that rewrite the pages of a collection; anything else passes unharmed.
fn pages(tenant: &Tenant, request: Request<Bytes>, fault: &Fault) -> Response<Bytes> {
    let query = request.uri().query().unwrap_or("").to_string();
    let own = format!("{}?{query}", request.uri().path());
    let headers = request.headers().clone();
    let (mut parts, bytes) = tenant.respond(request).into_parts();
    let page: Option<Value> = serde_json::from_slice(&bytes)
        .ok()
        .filter(|page: &Value| page["value"].is_array());
    let Some(mut page) = page else {
        return Response::from_parts(parts, bytes);
    };
    let host = headers
        .get("Host")
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1");
    let next = page["@odata.nextLink"].as_str().map(String::from);
    match (fault, next) {
        (Fault::EmptyPages, _) if !query.contains(AFTER_EMPTY) => {
            let join = if query.is_empty() { "" } else { "&" };
            page["value"] = json!([]);
            page["@odata.nextLink"] = json!(format!("http://{host}{own}{join}{AFTER_EMPTY}"));
        }
        (Fault::EmptyPages, Some(next)) => {
            let (after, before) = (format!("&{AFTER_EMPTY}"), format!("{AFTER_EMPTY}&"));
            page["@odata.nextLink"] = json!(next.replace(&after, "").replace(&before, ""));
        }
        (Fault::LoopingNextLink, Some(_)) => {
            page["@odata.nextLink"] = json!(format!("http://{host}{own}"))
        }
        (Fault::ForeignNextLink, Some(next)) => {
            page["@odata.nextLink"] = json!(next.replace(host, "graph.invalid"))
        }
        (Fault::DuplicateRows, Some(next)) => {
            let following = following(tenant, &next, headers);
            if let (Some(rows), Some(first)) = (page["value"].as_array_mut(), following) {
                rows.push(first);
            }
        }
        _ => {}
    }
    parts.headers.remove("Content-Length");
    Response::from_parts(parts, Bytes::from(page.to_string()))
}

/// The first row of the next page.
fn following(tenant: &Tenant, link: &str, headers: http::HeaderMap) -> Option<Value> {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = link.parse().ok()?;
    *request.headers_mut() = headers;
    let page: Value = serde_json::from_slice(tenant.respond(request).body()).ok()?;
    page["value"].get(0).cloned()
}

/// `Sat, 21 Nov 2026 09:00:00 GMT`, so many seconds from now.
fn http_date(seconds: u64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    // Rounded up: a date in whole seconds must not lie before the wanted moment.
    let ticks = (now + seconds + 1) as i64 * time::SECOND;
    let (year, month, day) = time::civil(ticks);
    let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][time::weekday(ticks) as usize];
    let month = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ][month as usize - 1];
    let clock = time::show(ticks);
    format!(
        "{weekday}, {day:02} {month} {year:04} {} GMT",
        &clock[11..19]
    )
}
