//! Error answers: the body's codes, the kind of error they make, and the next step.

use http::{HeaderMap, StatusCode};
use serde_json::Value as Json;

use crate::error::{Error, Fault, Kind};

/// What Graph said in an answer that is not a success.
///
/// Both spellings of `innererror` occur, and the innermost code is the most specific one; the code may
/// be empty, and proxies answer with HTML (FACTS §4.4).
pub fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Fault {
    let json: Json = serde_json::from_slice(body).unwrap_or(Json::Null);
    let error = &json["error"];
    let mut code = text(&error["code"]);
    let mut request_id = headers
        .get("request-id")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let mut inner = error;
    while let Some(deeper) = ["innerError", "innererror"]
        .iter()
        .find_map(|name| inner.get(name))
    {
        inner = deeper;
        let inner_code = text(&inner["code"]);
        if code.is_empty() {
            code = inner_code;
        }
        if request_id.is_none() {
            request_id = Some(text(&inner["request-id"])).filter(|id| !id.is_empty());
        }
    }
    Fault {
        status: status.as_u16(),
        code,
        message: shorten(&text(&error["message"])),
        request_id,
    }
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

/// Graph's sentence on one line, not longer than a reader likes.
fn shorten(message: &str) -> String {
    let line: String = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The error that a fault means. `asked` is what was asked, without values; `permission` what it needs.
pub fn error(fault: Fault, asked: &str, permission: &str) -> Error {
    let (kind, next) = match fault.status {
        401 => (
            Kind::SignIn,
            "Sign in again: the access token was refused or has expired".to_owned(),
        ),
        403 => (
            Kind::Denied,
            format!(
                "This needs the Graph permission {permission}; let an administrator consent to it"
            ),
        ),
        404 => (
            Kind::NotFound,
            "Check the ids and names in the statement".to_owned(),
        ),
        429 | 509 => (
            Kind::Throttled,
            "The service asks to wait: try later, or raise MaxRetries".to_owned(),
        ),
        503 | 504 => (
            Kind::Throttled,
            "The service is overloaded: try later, or raise MaxRetries".to_owned(),
        ),
        500 | 502 => (
            Kind::Unavailable,
            "The service failed: try later".to_owned(),
        ),
        _ => (Kind::Refused, String::new()),
    };
    let error = Error::new(kind, format!("Graph refused {asked}")).with_fault(fault);
    if next.is_empty() {
        error
    } else {
        error.next(next)
    }
}

/// True for a 404 (or a malformed id) that means "no such object" rather than "no such mailbox".
pub fn is_absent(error: &Error) -> bool {
    let missing_mailbox = matches!(
        error.code(),
        "ErrorInvalidUser" | "MailboxNotEnabledForRESTAPI" | "ErrorNonExistentMailbox"
    );
    match error.status() {
        Some(404) => !missing_mailbox,
        // A path of a drive that no item can have is answered so.
        Some(400) => matches!(error.code(), "ErrorInvalidIdMalformed" | "invalidRequest"),
        _ => false,
    }
}

/// True when there is such a user, but without a mailbox.
pub fn has_no_mailbox(error: &Error) -> bool {
    error.code() == "MailboxNotEnabledForRESTAPI"
}

/// True when a mailbox or drive cannot be read at all: what `OnMailboxError=skip` passes over.
pub fn is_mailbox(error: &Error) -> bool {
    matches!(error.status(), Some(403 | 404))
}

/// True when the service refuses the query options rather than the request: the same rows can be had
/// without them (FACTS §2.1, §2.2, §4.4). 414: a list of long texts made the request too long.
pub fn is_query(error: &Error) -> bool {
    matches!(error.status(), Some(400 | 414 | 501)) && error.code() != "ErrorInvalidIdMalformed"
}

/// True when the service does not know a path at all, whatever it says to that.
pub fn is_unknown_way(error: &Error) -> bool {
    matches!(
        error.status(),
        Some(400 | 404 | 405 | 406 | 410 | 422 | 501)
    )
}

/// True when the code says that the filter (or the order with it) is what is refused.
pub fn is_filter(error: &Error) -> bool {
    matches!(
        error.code(),
        "ErrorInvalidUrlQueryFilter"
            | "InefficientFilter"
            | "ErrorRestrictionTooComplex"
            | "Request_UnsupportedQuery"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Fault {
        read(
            StatusCode::from_u16(status).unwrap(),
            &HeaderMap::new(),
            body.as_bytes(),
        )
    }

    #[test]
    fn both_spellings_of_the_inner_error_are_read() {
        for name in ["innerError", "innererror"] {
            let fault = of(
                400,
                &format!(
                    r#"{{"error":{{"code":"","message":"Bad.","{name}":{{"code":"deep","request-id":"r1"}}}}}}"#
                ),
            );
            assert_eq!(
                (fault.code.as_str(), fault.request_id.as_deref()),
                ("deep", Some("r1"))
            );
        }
    }

    #[test]
    fn a_page_of_html_is_a_fault_too() {
        let fault = of(502, "<html>gateway</html>");
        assert_eq!(
            (fault.status, fault.code.as_str(), fault.message.as_str()),
            (502, "", "")
        );
    }

    #[test]
    fn a_missing_mailbox_is_not_a_missing_row() {
        let of = |status, code: &str| {
            error(
                Fault {
                    status,
                    code: code.to_owned(),
                    ..Fault::default()
                },
                "/me/messages",
                "Mail.Read",
            )
        };
        assert!(is_absent(&of(404, "ErrorItemNotFound")));
        assert!(is_absent(&of(400, "ErrorInvalidIdMalformed")));
        assert!(!is_absent(&of(404, "MailboxNotEnabledForRESTAPI")));
        assert!(is_query(&of(400, "InefficientFilter")));
        assert!(!is_query(&of(403, "ErrorAccessDenied")));
        assert!(
            of(403, "ErrorAccessDenied")
                .to_string()
                .contains("Mail.Read")
        );
    }
}
