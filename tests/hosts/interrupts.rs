//! Ctrl-C and `sqlite3_interrupt()` end a statement while its request hangs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::host::{PYTHONS, command, finish, library_text, program};

/// Above the 100 ms that a benchmark asks for, far below the 60 s after which a request times out.
const SOON: Duration = Duration::from_secs(2);

/// What the server says to every request.
const NOTHING: &str = "";
const COME_LATER: &str =
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 300\r\nContent-Length: 0\r\n\r\n";
const HALF_A_PAGE: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{\"value\":[";

/// A server that never answers; its address, and each request's first line.
pub fn silent_server() -> (String, Receiver<String>) {
    server(NOTHING)
}

/// A server that gives every request the same answer and goes silent.
fn server(answer: &'static str) -> (String, Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        // Kept open: a closed socket would end the request.
        let mut open: Vec<TcpStream> = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut line = String::new();
            BufReader::new(&stream)
                .read_line(&mut line)
                .expect("a request");
            stream.write_all(answer.as_bytes()).expect("an answer");
            open.push(stream);
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    (address, receiver)
}

/// A connection that asks `address` for rows.
pub fn with_token(address: &str) -> String {
    format!("GraphUrl={address};OAuthAccessToken=unused;InitiateOAuth=OFF")
}

fn started(command: &mut Command) -> Child {
    command
        .stdin(Stdio::piped())
        .spawn()
        .expect("the host starts")
}

fn requested(requests: &Receiver<String>) -> String {
    requests
        .recv_timeout(Duration::from_secs(60))
        .expect("the host sends its request")
}

/// SIGINT, as the terminal sends it.
pub fn control_c(child: &Child) {
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill is there");
    assert!(sent.success());
}

#[test]
fn control_c_in_the_shell_ends_the_statement_and_not_the_shell() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    let (address, requests) = server(NOTHING);
    let connection = with_token(&address);
    // A person at the prompt: without -interactive the shell leaves a script at the first Ctrl-C.
    let mut child = started(command(&shell).args(["-interactive", ":memory:"]));
    let mut input = child.stdin.take().expect("a pipe");
    let script = format!(
        ".load {}\nSELECT o365_connect('{connection}') IS NOT NULL;\nSELECT displayName FROM Users;\n",
        library_text()
    );
    input.write_all(script.as_bytes()).expect("the shell reads");
    assert!(requested(&requests).starts_with("GET /v1.0/users?"));
    let asked = Instant::now();
    control_c(&child);
    input
        .write_all(b"SELECT 'still here';\n")
        .expect("the shell reads");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut seen = String::new();
    while !seen.contains("still here\n") {
        let read = output.read_line(&mut seen).expect("the shell writes");
        assert!(read > 0, "the shell ended after {seen:?}");
    }
    assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
    drop(input);
    output.read_to_string(&mut seen).expect("the rest");
    let finished = finish(child);
    assert!(finished.stderr.contains("interrupted"), "{finished:#?}");
}

/// One statement in each host: it asks with `first`, and is interrupted while it waits for `answer`.
#[track_caller]
fn interrupted_by_another_thread(
    answer: &'static str,
    first: &str,
    connection: impl Fn(&str) -> String,
) {
    for host in PYTHONS {
        if !host.present() {
            continue;
        }
        let (address, requests) = server(answer);
        let mut child = started(&mut host.check("interrupt", &[&connection(&address)]));
        let request = requested(&requests);
        assert!(request.starts_with(first), "{request}");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(b"now\n").expect("Python reads");
        let finished = finish(child);
        assert_eq!(
            finished.output(),
            "interrupted\nsoon\n'alive'\n",
            "{} {}",
            host.driver,
            host.sqlite
        );
    }
}

#[test]
fn while_a_page_is_awaited() {
    interrupted_by_another_thread(NOTHING, "GET /v1.0/users?", with_token);
}

#[test]
fn in_the_middle_of_a_page() {
    interrupted_by_another_thread(HALF_A_PAGE, "GET /v1.0/users?", with_token);
}

#[test]
fn while_the_service_asks_for_patience() {
    interrupted_by_another_thread(COME_LATER, "GET /v1.0/users?", with_token);
}

#[test]
fn while_a_token_is_awaited() {
    interrupted_by_another_thread(NOTHING, "POST /contoso.com/oauth2/v2.0/token", |address| {
        format!(
            "GraphUrl={address};LoginUrl={address};AuthScheme=AzureServicePrincipal;\
             AzureTenant=contoso.com;OAuthClientId=00000000-0000-0000-0000-000000000001;\
             OAuthClientSecret=unused"
        )
    });
}
