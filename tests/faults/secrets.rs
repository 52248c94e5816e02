//! No token, secret or value of a row stands in an error, a log or a trace.

use std::process::Command;

use office365::demo::DELEGATED_TOKEN;
use rusqlite::Connection;

use crate::support::server::{Act, Scripted};
use crate::support::{by_secret, by_token, connect, failure};

const SECRET: &str = "s3cr3t-of-the-application";

/// Everything that a connection shows of itself.
fn shown(connection: &Connection) -> String {
    let mut text = String::new();
    for sql in [
        "SELECT o365_connection()",
        "SELECT o365_last_error()",
        "SELECT json_group_array(json_array(method, url, status, cache, request_id, error)) FROM o365_requests",
        "SELECT json_group_array(json_array(url)) FROM o365_cache",
    ] {
        let value: Option<String> = connection
            .query_row(sql, [], |row| row.get(0))
            .expect("shown");
        text.push_str(&value.unwrap_or_default());
    }
    text
}

/// The answers that could carry something out.
fn ways_to_fail() -> Vec<fn() -> Act> {
    vec![
        || Act::refusal(401, "InvalidAuthenticationToken", Vec::new()),
        || Act::refusal(403, "ErrorAccessDenied", Vec::new()),
        || Act::refusal(400, "BadRequest", Vec::new()),
        || Act::Cut,
        || Act::json("{"),
        || {
            Act::json(
                r#"{"value":[{"id":"1"}],"@odata.nextLink":"http://elsewhere.localhost/v1.0"}"#,
            )
        },
        || Act::Answer(500, Vec::new(), "<html>".into()),
    ]
}

#[test]
fn a_token_is_in_no_output() {
    for way in ways_to_fail() {
        let server = Scripted::start(move |_, _| way());
        let connection = connect(&by_token(&server, "MaxRetries=0"));
        let error = failure(&connection, "SELECT displayName FROM Users");
        let text = format!("{error} {}", shown(&connection));
        assert!(!text.contains(DELEGATED_TOKEN), "{text}");
        assert!(text.contains("OAuthAccessToken=[redacted]"), "{text}");
    }
}

#[test]
fn a_secret_and_its_token_are_in_no_output() {
    for way in ways_to_fail() {
        let server = Scripted::start(move |seen, _| match seen.is_token() {
            true => Act::json(r#"{"access_token":"t0ken-of-the-application","expires_in":3600}"#),
            false => way(),
        });
        let connection = connect(&by_secret(&server, SECRET, "MaxRetries=0"));
        let error = failure(&connection, "SELECT displayName FROM Users");
        let text = format!("{error} {}", shown(&connection));
        assert!(!text.contains(SECRET), "{text}");
        assert!(!text.contains("t0ken-of-the-application"), "{text}");
        assert!(text.contains("OAuthClientSecret=[redacted]"), "{text}");
    }
}

#[test]
fn a_token_endpoint_that_echoes_the_request_gives_nothing_away() {
    let server = Scripted::start(|seen, _| {
        Act::Answer(400, Vec::new(), format!("<html>{}</html>", seen.body))
    });
    let connection = connect(&by_secret(&server, SECRET, "MaxRetries=0"));
    let error = failure(&connection, "SELECT displayName FROM Users");
    let text = format!("{error} {}", shown(&connection));
    assert!(!text.contains(SECRET), "{text}");
}

#[test]
fn a_trace_shows_requests_and_no_secret() {
    let server = Scripted::honest();
    for (properties, secret) in [
        (by_secret(&server, "demo-secret", ""), "demo-secret"),
        (by_token(&server, ""), DELEGATED_TOKEN),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_office365"))
            .args([
                "--trace",
                "--connection",
                &properties,
                "SELECT count(mail) FROM Users; SELECT o365_connection()",
            ])
            .output()
            .expect("started");
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(text.contains("/v1.0/users?$select=id,mail"), "{text}");
        assert!(!text.contains(secret), "{text}");
        assert!(!text.contains("Bearer"), "{text}");
    }
}

#[test]
fn a_mistyped_connection_string_is_not_repeated() {
    let connection = connect("Demo=true");
    for text in [
        format!("OAuthClientSecert={SECRET}"),
        format!("{SECRET}{SECRET}"),
        format!("OAuthClientSecret='{SECRET}"),
        format!("OAuthClientSecret={SECRET};AuthScheme=Nonsense"),
        format!("OAuthClientSecret={SECRET};GraphUrl=ftp://x"),
    ] {
        let error = connection
            .query_row("SELECT o365_connect(?1)", [&text], |row| {
                row.get::<_, String>(0)
            })
            .expect_err("refused")
            .to_string();
        assert!(!error.contains(SECRET), "{error}");
    }
}

#[test]
fn bodies_stay_out_of_errors() {
    let server = Scripted::start(|_, _| {
        Act::json(
            r#"{"value":[{"id":"1","subject":"private matter","body":{"content":"very private"#,
        )
    });
    let connection = connect(&by_token(&server, ""));
    let error = failure(&connection, "SELECT subject, body_content FROM Messages");
    let text = format!("{error} {}", shown(&connection));
    assert!(!text.contains("private"), "{text}");
}
