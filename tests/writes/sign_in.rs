//! Signing in by hand: the address, what the browser is sent back with, and the tokens.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use rusqlite::Connection;
use serde_json::Value;

use crate::application;
use crate::support::server::Scripted;
use crate::support::{connect, failure, one};

/// A connection that is not signed in, of an application without a secret and of the test's own.
fn nobody(server: &Scripted, application: &str) -> Connection {
    connect(&format!(
        "GraphUrl={0};LoginUrl={0};AzureTenant=contoso.com;OAuthClientId={application}",
        server.url()
    ))
}

fn call(connection: &Connection, sql: &str) -> Value {
    serde_json::from_str(&one::<String>(connection, sql)).expect("JSON")
}

/// Where a browser is sent from an address.
fn redirected(server: &Scripted, address: &str) -> String {
    let host = server.url();
    let host = host.trim_start_matches("http://").trim_end_matches("/v1.0");
    let path = address.split_once(host).expect("the server's address").1;
    let mut stream = TcpStream::connect(host).expect("a connection");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .expect("sent");
    // The server keeps the connection: the head is all there is to read.
    let head: Vec<String> = BufReader::new(stream)
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let location = head.iter().find_map(|line| {
        line.split_once(": ")
            .filter(|(name, _)| name.eq_ignore_ascii_case("location"))
    });
    location.unwrap_or_else(|| panic!("{head:?}")).1.to_owned()
}

#[test]
fn somebody_signs_in_by_way_of_a_browser() {
    let server = Scripted::honest();
    let connection = nobody(&server, "browser");
    let begun = call(
        &connection,
        "SELECT GetOAuthAuthorizationURL(json_object('Scope', 'User.Read.All', 'State', 's 1'))",
    );
    let address = begun["URL"].as_str().expect("an address");
    for part in [
        "/contoso.com/oauth2/v2.0/authorize?client_id=browser&response_type=code",
        "redirect_uri=http%3A%2F%2Flocalhost%3A33333",
        "scope=User.Read.All+offline_access",
        "state=s+1",
        "code_challenge_method=S256",
    ] {
        assert!(address.contains(part), "{part} in {address}");
    }
    let back = redirected(&server, address);
    assert!(back.starts_with("http://localhost:33333?code="), "{back}");
    let sql = format!("SELECT GetOAuthAccessToken('WEB', '{back}')");
    let tokens = call(&connection, &sql);
    assert_eq!(tokens["ExpiresIn"], 3600, "{tokens}");
    // A code is good for one token.
    let error = failure(&connection, &sql);
    assert!(
        error.contains("no sign-in of this process has that answer"),
        "{error}"
    );

    let reader = |tokens: &Value| {
        let token = tokens["OAuthAccessToken"].as_str().expect("a token");
        let reader = connect(&format!(
            "GraphUrl={};OAuthAccessToken={{{token}}}",
            server.url()
        ));
        assert_eq!(
            one::<i64>(&reader, "SELECT count(displayName) FROM Users"),
            60
        );
    };
    reader(&tokens);
    let refresh = tokens["OAuthRefreshToken"]
        .as_str()
        .expect("a refresh token");
    let next = call(
        &connection,
        &format!("SELECT RefreshOAuthAccessToken('{refresh}')"),
    );
    assert_ne!(next["OAuthRefreshToken"], tokens["OAuthRefreshToken"]);
    reader(&next);
}

#[test]
fn the_code_alone_will_do() {
    let server = Scripted::honest();
    let connection = nobody(&server, "alone");
    let begun = call(&connection, "SELECT GetOAuthAuthorizationURL()");
    let back = redirected(&server, begun["URL"].as_str().expect("an address"));
    let code = back
        .split("code=")
        .nth(1)
        .expect("a code")
        .split('&')
        .next()
        .expect("a code");
    let tokens = call(
        &connection,
        &format!("SELECT GetOAuthAccessToken('WEB', '{code}')"),
    );
    assert_eq!(tokens["Status"], "Success");
}

#[test]
fn an_application_signs_in_by_its_secret() {
    let server = Scripted::honest();
    let connection = connect(&format!(
        "GraphUrl={};{}",
        server.url(),
        application(&server)
    ));
    let tokens = call(&connection, "SELECT GetOAuthAccessToken('APP')");
    assert_eq!(tokens["OAuthRefreshToken"], Value::Null);
    assert_eq!(tokens["Status"], "Success");
}

#[test]
fn an_administrator_is_sent_to_consent() {
    let server = Scripted::honest();
    let connection = nobody(&server, "consent");
    let plain = call(
        &connection,
        "SELECT GetAdminConsentURL('https://x.example/back')",
    );
    let address = plain["URL"].as_str().expect("an address");
    assert!(address.contains("/contoso.com/adminconsent?client_id=consent&redirect_uri=https%3A%2F%2Fx.example%2Fback&state="), "{address}");
    let scoped = call(
        &connection,
        "SELECT GetAdminConsentURL(json_object('Scope', 'Mail.Read,User.Read'))",
    );
    let address = scoped["URL"].as_str().expect("an address");
    assert!(
        address.contains("/contoso.com/v2.0/adminconsent?")
            && address.contains("scope=Mail.Read+User.Read"),
        "{address}"
    );
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let server = Scripted::honest();
    let connection = nobody(&server, "wrong");
    for (sql, part) in [
        (
            "SELECT GetOAuthAccessToken('APP')",
            "what the application proves itself with is not known",
        ),
        ("SELECT GetOAuthAccessToken('WEB')", "Verifier is not given"),
        (
            "SELECT GetOAuthAccessToken('WEB', 'never-begun')",
            "no sign-in of this process",
        ),
        (
            "SELECT GetOAuthAccessToken('WEB', 'http://localhost:33333?error=access_denied&error_description=AADSTS65004%3A+declined')",
            "AADSTS65004: declined",
        ),
        (
            "SELECT GetOAuthAccessToken('WEB', 'http://localhost:33333/')",
            "there is no code in it",
        ),
        ("SELECT RefreshOAuthAccessToken('not-one')", "AADSTS70000"),
        // Signing in by hand does not connect.
        ("SELECT * FROM Messages", "nobody has signed in"),
    ] {
        let error = failure(&connection, sql);
        assert!(error.contains(part), "{sql}: {error}");
    }
    let connection = connect("Pushdown=on");
    let error = failure(&connection, "SELECT GetAdminConsentURL()");
    assert!(error.contains("the application is not named"), "{error}");
}

#[test]
fn somebody_elses_answer_is_not_taken() {
    let server = Scripted::honest();
    let connection = nobody(&server, "forged");
    let begun = call(
        &connection,
        "SELECT GetOAuthAuthorizationURL(json_object('State', 'mine'))",
    );
    let back = redirected(&server, begun["URL"].as_str().expect("an address"));
    let forged = back.replace("state=mine", "state=theirs");
    let error = failure(
        &connection,
        &format!("SELECT GetOAuthAccessToken('WEB', '{forged}')"),
    );
    assert!(
        error.contains("no sign-in of this process has that answer"),
        "{error}"
    );
    assert_eq!(
        server
            .tokens()
            .iter()
            .filter(|seen| seen.method == "POST")
            .count(),
        0
    );
}
