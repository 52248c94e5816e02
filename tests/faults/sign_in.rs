//! Tokens: refused ones, the token endpoint's own errors, permissions.

use std::process::Command;

use crate::support::server::{Act, Scripted};
use crate::support::{by_secret, by_token, connect, failure, kind, one, signed_in};

fn expired() -> Act {
    Act::refusal(401, "InvalidAuthenticationToken", Vec::new())
}

#[test]
fn a_secret_signs_in_at_the_login_url_and_reads_at_the_graph_url() {
    let server = Scripted::honest();
    let connection = connect(&by_secret(&server, "demo-secret", ""));
    assert_eq!(one::<i64>(&connection, "SELECT count(*) FROM Users"), 60);
    let tokens = server.tokens();
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].method, "POST");
    assert_eq!(tokens[0].target, "/contoso.com/oauth2/v2.0/token");
    let scope = format!(
        "scope={}%2F.default",
        server.url().replace(':', "%3A").replace('/', "%2F")
    );
    assert!(tokens[0].body.contains(&scope), "{}", tokens[0].body);
    assert!(tokens[0].body.starts_with("grant_type=client_credentials&"));
}

#[test]
fn a_token_is_fetched_once_for_many_requests() {
    let server = Scripted::honest();
    let connection = connect(&by_secret(&server, "demo-secret", "Pagesize=10"));
    assert_eq!(one::<i64>(&connection, "SELECT count(mail) FROM Users"), 49);
    assert_eq!(server.graph().len(), 6);
    assert_eq!(server.tokens().len(), 1);
}

#[test]
fn a_refused_token_is_renewed_once_and_the_request_repeated_once() {
    let server = Scripted::start(|seen, number| match number {
        0 if !seen.is_token() => expired(),
        _ => Act::Pass,
    });
    let connection = connect(&by_secret(&server, "demo-secret", ""));
    assert_eq!(one::<i64>(&connection, "SELECT count(*) FROM Users"), 60);
    assert_eq!(server.tokens().len(), 2);
    let seen = server.graph();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].target, seen[1].target);
}

#[test]
fn a_token_that_expires_between_two_pages_is_renewed() {
    let server = Scripted::start(|seen, number| match number {
        2 if !seen.is_token() => expired(),
        _ => Act::Pass,
    });
    let connection = connect(&by_secret(&server, "demo-secret", "Pagesize=10"));
    assert_eq!(one::<i64>(&connection, "SELECT count(id) FROM Users"), 60);
    assert_eq!(server.tokens().len(), 2);
    assert_eq!(server.graph().len(), 7);
}

#[test]
fn a_token_refused_for_ever_ends_after_two_tries() {
    let server = Scripted::start(|seen, _| match seen.is_token() {
        true => Act::Pass,
        false => expired(),
    });
    let connection = connect(&by_secret(&server, "demo-secret", ""));
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(
        error.contains("HTTP 401 InvalidAuthenticationToken"),
        "{error}"
    );
    assert!(error.contains("Sign in again"), "{error}");
    assert_eq!(kind(&connection), "sign_in");
    assert_eq!(server.graph().len(), 2);
    assert_eq!(server.tokens().len(), 2);
}

#[test]
fn a_token_that_was_given_cannot_be_renewed() {
    let server = Scripted::start(|_, _| expired());
    let connection = signed_in(&server, "");
    failure(&connection, "SELECT displayName FROM Users");
    assert_eq!(kind(&connection), "sign_in");
    assert_eq!(server.graph().len(), 1);
}

#[test]
fn a_wrong_secret_says_what_a_secret_is() {
    let server = Scripted::honest();
    let connection = connect(&by_secret(&server, "hush-hush", ""));
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(error.contains("AADSTS7000215"), "{error}");
    assert!(error.contains("the secret's value, not its id"), "{error}");
    assert!(!error.contains("hush-hush"), "{error}");
    assert_eq!(kind(&connection), "sign_in");
    assert_eq!(server.graph().len(), 0);
}

#[test]
fn the_identity_platforms_codes_become_next_steps() {
    for (code, next) in [
        (7_000_222, "The client secret has expired"),
        (
            700_016,
            "OAuthClientId is not an application of this tenant",
        ),
        (90_002, "Check AzureTenant"),
        (65_001, "let an administrator consent"),
        (53_003, "block this sign-in"),
    ] {
        let body = format!(
            r#"{{"error":"invalid_client","error_description":"AADSTS{code}: Something. Trace ID: t-1 Correlation ID: c-1","error_codes":[{code}],"correlation_id":"c-1"}}"#
        );
        let server = Scripted::start(move |_, _| Act::Answer(401, Vec::new(), body.clone()));
        let connection = connect(&by_secret(&server, "demo-secret", ""));
        let error = failure(&connection, "SELECT displayName FROM Users");
        assert!(error.contains(&format!("AADSTS{code}")), "{error}");
        assert!(error.contains(next), "{error}");
        assert!(!error.contains("Trace ID"), "{error}");
        assert_eq!(kind(&connection), "sign_in");
    }
}

#[test]
fn a_token_endpoint_that_answers_html_is_a_sign_in_error() {
    let server =
        Scripted::start(|_, _| Act::Answer(200, Vec::new(), "<html>captive portal</html>".into()));
    let connection = connect(&by_secret(&server, "demo-secret", ""));
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(error.contains("without a token"), "{error}");
    assert_eq!(kind(&connection), "sign_in");
}

#[test]
fn a_missing_permission_is_named() {
    for (table, permission) in [
        ("Messages", "Mail.Read"),
        ("Users", "User.Read.All"),
        ("Events", "Calendars.Read"),
    ] {
        let server = Scripted::start(|_, _| Act::refusal(403, "ErrorAccessDenied", Vec::new()));
        let connection = signed_in(&server, "");
        let error = failure(&connection, &format!("SELECT id FROM {table}"));
        assert!(error.starts_with(table), "{error}");
        assert!(
            error.contains("HTTP 403 ErrorAccessDenied, request-id r-1"),
            "{error}"
        );
        assert!(error.contains(permission), "{error}");
        assert_eq!(kind(&connection), "denied");
        assert_eq!(server.graph().len(), 1);
    }
}

#[test]
fn exit_codes_tell_what_went_wrong() {
    let sql = "SELECT displayName FROM Users";
    let code = |properties: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_office365"))
            .args(["--connection", properties, sql])
            .output()
            .expect("started");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let server = Scripted::honest();
    let (status, text) = code(&by_secret(&server, "hush-hush", ""));
    assert_eq!(status, Some(3), "{text}");
    assert!(!text.contains("hush-hush"), "{text}");

    let server =
        Scripted::start(|_, _| Act::refusal(403, "Authorization_RequestDenied", Vec::new()));
    assert_eq!(code(&by_token(&server, "")).0, Some(4));

    let server = Scripted::start(|_, _| Act::refusal(429, "", vec![("Retry-After", "0".into())]));
    assert_eq!(code(&by_token(&server, "MaxRetries=1")).0, Some(5));

    let server = Scripted::start(|_, _| Act::refusal(400, "Request_BadRequest", Vec::new()));
    assert_eq!(code(&by_token(&server, "")).0, Some(1));

    let server = Scripted::honest();
    let (status, text) = code(&by_token(&server, ""));
    assert_eq!(status, Some(0), "{text}");
}
