//! Ctrl-C and `sqlite3_interrupt()` end a statement while its request hangs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::host::{PYTHONS, command, finish, library_text, program};

/// Above the 100 ms that a benchmark asks for, far below the 60 s after which a request times out.
const SOON: Duration = Duration::from_secs(2);

/// A server that takes requests and never answers; says each one's first line.
fn silent_server() -> (String, Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let connection = format!(
        "GraphUrl=http://{};OAuthAccessToken=unused;InitiateOAuth=OFF",
        listener.local_addr().expect("an address")
    );
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        // Kept open: a closed socket would end the request.
        let mut open: Vec<TcpStream> = Vec::new();
        for stream in listener.incoming() {
            let stream = stream.expect("a connection");
            let mut line = String::new();
            BufReader::new(&stream)
                .read_line(&mut line)
                .expect("a request");
            open.push(stream);
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    (connection, receiver)
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
fn control_c(child: &Child) {
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
    let (connection, requests) = silent_server();
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

#[test]
fn another_thread_of_python_interrupts() {
    for host in PYTHONS {
        if !host.present() {
            continue;
        }
        let (connection, requests) = silent_server();
        let mut child = started(&mut host.check("interrupt", &[&connection]));
        assert!(requested(&requests).starts_with("GET /v1.0/users?"));
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
