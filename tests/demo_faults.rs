//! The demo server's troubles, each ordered and then seen from a raw socket: what the driver's fault tests stand on.

#[path = "graph_quirks/http.rs"]
#[allow(dead_code, reason = "shared with graph_quirks, which uses the rest")]
mod http;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use http::{Answer, exchange};
use office365::demo::DELEGATED_TOKEN;
use office365::demo::faults::{Fault, Faults, RetryAfter, When};
use office365::demo::server::{Server, ServerOptions};

fn server(when: When, what: Fault) -> Server {
    Server::start(ServerOptions {
        faults: Faults::one(when, what),
        ..ServerOptions::default()
    })
    .expect("a free port")
}

fn get(server: &Server, path: &str) -> Answer {
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    exchange(
        &server.url(),
        "GET",
        path,
        &[("Authorization", &bearer)],
        "",
    )
}

fn raw(server: &Server, path: &str) -> TcpStream {
    let mut stream =
        TcpStream::connect(server.url().replace("http://", "")).expect("the server listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {DELEGATED_TOKEN}\r\n\r\n").expect("sent");
    stream
}

#[test]
fn throttling_says_when_to_come_back_in_four_ways() {
    for (after, header) in [
        (RetryAfter::Seconds("1".into()), Some("1")),
        (RetryAfter::Seconds("2.128".into()), Some("2.128")),
        (RetryAfter::Absent, None),
    ] {
        let server = server(When::always().every(2), Fault::Throttle(after));
        assert_eq!(get(&server, "/v1.0/me").status, 200);
        let answer = get(&server, "/v1.0/me");
        assert_eq!(
            (
                answer.status,
                answer.code().as_str(),
                answer.header("retry-after")
            ),
            (429, "TooManyRequests", header)
        );
    }
    let server = server(When::always(), Fault::Unavailable(RetryAfter::Date(3)));
    let answer = get(&server, "/v1.0/me");
    let date = answer.header("retry-after").expect("a date");
    assert!(
        answer.status == 503 && date.len() == 29 && date.ends_with(" GMT"),
        "{date}"
    );
}

#[test]
fn an_expired_token_once() {
    let server = server(When::always().first(1), Fault::ExpiredToken);
    assert_eq!(
        get(&server, "/v1.0/me").code(),
        "InvalidAuthenticationToken"
    );
    assert_eq!(get(&server, "/v1.0/me").status, 200);
    assert_eq!(
        server
            .requests()
            .iter()
            .map(|request| request.status)
            .collect::<Vec<_>>(),
        [401, 200]
    );
}

#[test]
fn a_cut_body_is_shorter_than_it_says_and_a_truncated_one_is_not() {
    let server = server(When::always(), Fault::CutBody);
    let mut bytes = Vec::new();
    let _ = raw(&server, "/v1.0/users").read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").expect("headers");
    let length: usize = head
        .to_lowercase()
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ").map(str::to_string))
        .and_then(|text| text.parse().ok())
        .expect("a length");
    assert!(body.len() < length, "{} of {length}", body.len());

    server.set_faults(Faults::one(When::always(), Fault::TruncatedJson));
    let answer = get(&server, "/v1.0/users");
    assert_eq!(
        answer.header("content-length"),
        Some(answer.body.len().to_string().as_str())
    );
    assert!(
        answer.status == 200 && serde_json::from_slice::<serde_json::Value>(&answer.body).is_err()
    );
}

#[test]
fn a_proxy_speaks_html() {
    let server = server(When::always(), Fault::HtmlPage(200));
    let answer = get(&server, "/v1.0/users");
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("text/html"))
    );
}

#[test]
fn slow_and_hanging_answers() {
    let server = server(When::always(), Fault::SlowBody(Duration::from_millis(20)));
    let started = Instant::now();
    assert_eq!(get(&server, "/v1.0/users").rows().len(), 60);
    assert!(started.elapsed() >= Duration::from_millis(180));
    server.set_faults(Faults::one(When::always(), Fault::Hang));
    let mut stream = raw(&server, "/v1.0/users");
    stream
        .set_read_timeout(Some(Duration::from_millis(200)))
        .expect("a timeout");
    let error = stream.read(&mut [0; 10]).expect_err("nothing comes");
    assert!(matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut
    ));
    // Stopping the server ends the hanging request, too.
    drop(server);
}

#[test]
fn pages_go_wrong() {
    let server = server(When::always(), Fault::EmptyPages);
    let mut rows = 0;
    let mut pages = 0;
    let mut next = Some("/v1.0/users?$top=25".to_string());
    while let Some(path) = next {
        let answer = get(&server, &path);
        pages += 1;
        rows += answer.rows().len();
        next = answer.json()["@odata.nextLink"]
            .as_str()
            .map(|link| link.replace(&server.url(), ""));
    }
    assert_eq!((rows, pages), (60, 6));

    server.set_faults(Faults::one(When::always(), Fault::DuplicateRows));
    let first = get(&server, "/v1.0/users?$top=25");
    let second = get(
        &server,
        &first.json()["@odata.nextLink"]
            .as_str()
            .expect("more")
            .replace(&server.url(), ""),
    );
    assert_eq!(
        (
            first.rows().len(),
            first.rows().last() == second.rows().first()
        ),
        (26, true)
    );

    server.set_faults(Faults::one(When::always(), Fault::LoopingNextLink));
    assert_eq!(
        get(&server, "/v1.0/users?$top=25").json()["@odata.nextLink"],
        format!("{}/v1.0/users?$top=25", server.url())
    );

    server.set_faults(Faults::one(When::always(), Fault::ForeignNextLink));
    assert!(
        get(&server, "/v1.0/users?$top=25").json()["@odata.nextLink"]
            .as_str()
            .is_some_and(|link| link.starts_with("http://graph.invalid/v1.0/users"))
    );

    server.set_faults(Faults::one(When::always(), Fault::IgnoreTop));
    assert_eq!(get(&server, "/v1.0/users?$top=25").rows().len(), 60);
}

#[test]
fn a_mailbox_answers_four_at_once() {
    let options = ServerOptions {
        latency_ms: 300,
        mailbox_limit: Some(4),
        ..ServerOptions::default()
    };
    let server = Server::start(options).expect("a free port");
    let mut streams: Vec<TcpStream> = (0..6)
        .map(|_| raw(&server, "/v1.0/me/messages?$top=1&$select=id"))
        .collect();
    let mut other = raw(
        &server,
        "/v1.0/users/alex@contoso.com/messages?$top=1&$select=id",
    );
    let mut status = |stream: &mut TcpStream| {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("answered");
        String::from_utf8_lossy(&bytes)[9..12].to_string()
    };
    let mut all: Vec<String> = streams.iter_mut().map(&mut status).collect();
    all.sort();
    assert_eq!(all, ["200", "200", "200", "200", "429", "429"]);
    assert_eq!(status(&mut other), "200");
}

#[test]
fn a_million_messages_cost_no_memory_to_hold() {
    let started = Instant::now();
    let tenant = office365::demo::Options {
        messages: Some(1_000_000),
        ..Default::default()
    };
    let server = Server::start(ServerOptions {
        tenant,
        ..ServerOptions::default()
    })
    .expect("a free port");
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(get(&server, "/v1.0/me/messages/$count").text(), "1001200");
    let far = get(
        &server,
        "/v1.0/me/mailFolders/inbox/messages?$top=3&$select=id,receivedDateTime&$skip=900000",
    );
    assert_eq!(far.rows().len(), 3);
    let id = far.rows()[2]["id"]
        .as_str()
        .expect("an id")
        .replace('=', "%3D");
    assert_eq!(
        get(&server, &format!("/v1.0/me/messages/{id}")).json()["receivedDateTime"],
        far.rows()[2]["receivedDateTime"]
    );
}
