//! The command line as a user meets it: arguments, connections, errors and exit codes.

mod command;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use command::{Run, Scratch, command, finished, ok, run, run_with};

#[test]
fn an_argument_is_run() {
    assert_eq!(
        run(&["-o", "csv", "SELECT 1 a, 'x' b; SELECT 2 c"]),
        ok("a,b\n1,x\nc\n2\n")
    );
    assert_eq!(run(&["-o", "list", "-- a note\n"]), ok(""));
    assert_eq!(run(&["--a-note"]).code, Some(2));
    assert_eq!(
        run(&["-o", "list", "--", "-- a note\nSELECT 1 a"]),
        ok("a\n1\n")
    );
    assert_eq!(run(&["VACUUM"]), ok(""));
    assert_eq!(run(&[".print hello 'a  b'"]), ok("hello a  b\n"));
}

#[test]
fn errors_point_into_the_statement() {
    assert_eq!(
        run(&["SELECT nosuch"]),
        Run {
            code: Some(1),
            out: String::new(),
            err: "Error: no such column: nosuch\n  SELECT nosuch\n         ^--- error here\n"
                .to_owned(),
        }
    );
    let found = run_with(
        &["-o", "list"],
        "SELECT 1 a;\n\nSELECT\n nosuch;\nSELECT 2 b;\n",
    );
    assert_eq!(found.code, Some(1));
    assert_eq!(found.out, "a\n1\nb\n2\n");
    assert_eq!(
        found.err,
        "Error: near line 3: no such column: nosuch\n  SELECT  nosuch;\n          ^--- error here\n"
    );
}

#[test]
fn an_error_in_the_middle_leaves_valid_json() {
    let sql = "SELECT 1 a UNION ALL SELECT 2 UNION ALL SELECT abs(-9223372036854775807 - 1)";
    let found = run(&["-o", "json", sql]);
    assert_eq!(found.out, "[{\"a\":1},\n{\"a\":2}]\n");
    assert_eq!(found.err, "Error: integer overflow\n");
    assert_eq!(found.code, Some(1));
}

#[test]
fn wrong_arguments_are_usage_errors() {
    for arguments in [
        &["logni"][..],
        &["--nosuch"],
        &["-o", "yaml", "SELECT 1"],
        &["--write", "--readonly", "SELECT 1"],
        &["-f", "a.sql", "SELECT 1"],
        &["-f", "no-such-file.sql"],
        &["SELECT 1", "SELECT 2"],
        &["demo-server", "--port", "x"],
    ] {
        let found = run(arguments);
        assert_eq!(
            (found.code, found.out.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert_ne!(found.err, "", "{arguments:?}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let version = format!("office365 {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]), ok(&version));
    let help = run(&["--help"]);
    assert_eq!((help.code, help.err.as_str()), (Some(0), ""));
    for option in [
        "--connection",
        "--profile",
        "--demo",
        "--db",
        "--write",
        "--readonly",
        "--dry-run",
        "--bail",
        "--output",
        "--no-header",
        "--trace",
        "--quiet",
        "demo-server",
    ] {
        assert!(help.out.contains(option), "{option}");
    }
}

#[test]
fn the_database_file_is_kept_and_can_be_protected() {
    let file = Scratch::absent("kept #1.db");
    let made = run(&[
        "--db",
        file.path(),
        "CREATE TABLE t(a); INSERT INTO t VALUES (7)",
    ]);
    assert_eq!(made, ok(""));
    assert_eq!(
        run(&["--db", file.path(), "-o", "list", "SELECT a FROM t"]),
        ok("a\n7\n")
    );
    let refused = run(&["--db", file.path(), "--readonly", "DELETE FROM t"]);
    assert_eq!(
        (refused.code, refused.err.as_str()),
        (Some(1), "Error: attempt to write a readonly database\n")
    );
    assert_eq!(
        run(&["--db", "/nonexistent/folder/x.db", "SELECT 1"]),
        Run {
            code: Some(1),
            out: String::new(),
            err: "Error: /nonexistent/folder/x.db: unable to open database file: /nonexistent/folder/x.db\n"
                .to_owned(),
        }
    );
}

#[test]
fn the_demo_tenant_answers_and_says_what_it_is() {
    let sql = "SELECT displayName FROM Users WHERE mail = 'adele@contoso.com'";
    let found = run(&["--demo", "-o", "csv", sql]);
    assert_eq!(
        found,
        Run {
            code: Some(0),
            out: "displayName\n\"Adele Vance\"\n".to_owned(),
            err: "office365: demo tenant: invented data\n".to_owned(),
        }
    );
    let quiet = run(&["--demo", "--quiet", "-o", "csv", sql]);
    assert_eq!(quiet, ok(&found.out));
    assert_eq!(
        run(&["--connection", "Demo=true", "-o", "csv", sql]),
        ok(&found.out)
    );
}

#[test]
fn the_demo_tenant_joins_with_local_tables() {
    let file = Scratch::absent("local.db");
    let made = run(&[
        "--db",
        file.path(),
        "CREATE TABLE who(mail); INSERT INTO who VALUES ('alex@contoso.com')",
    ]);
    assert_eq!(made, ok(""));
    let sql = "SELECT displayName FROM who JOIN Users u ON u.mail = who.mail";
    assert_eq!(
        run(&["--demo", "-q", "--db", file.path(), "-o", "list", sql]),
        ok("displayName\nAlex Wilber\n")
    );
}

#[test]
fn without_a_connection_only_local_statements_work() {
    assert_eq!(run(&["-o", "list", "SELECT 1 a"]), ok("a\n1\n"));
    assert_eq!(
        run(&["--readonly", "-o", "list", "SELECT 1 a"]),
        ok("a\n1\n")
    );
    let refused = run(&["SELECT displayName FROM Users"]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(3), ""));
    let lines: Vec<&str> = refused.err.lines().collect();
    assert_eq!(lines.len(), 2, "{}", refused.err);
    assert_eq!(
        lines[0],
        "Error: Users: no connection to Microsoft 365 is set up"
    );
    assert!(
        lines[1].starts_with("  ") && lines[1].contains("--demo"),
        "{}",
        lines[1]
    );
}

#[test]
fn connection_flags_are_checked_and_noted() {
    let found = run(&["--connection", "Demoo=true", "SELECT 1"]);
    assert_eq!(
        found,
        Run {
            code: Some(2),
            out: String::new(),
            err: "Error: unknown connection property `Demoo`\n  did you mean Demo?\n".to_owned(),
        }
    );
    let found = run(&[
        "--connection",
        "Demo=true;AutoCache=true",
        "-o",
        "list",
        "SELECT 1 a",
    ]);
    assert_eq!(
        found.err,
        "office365: AutoCache has no meaning here and is ignored\n"
    );
    assert_eq!((found.code, found.out.as_str()), (Some(0), "a\n1\n"));
}

#[test]
fn trace_shows_requests_on_standard_error() {
    let found = run(&[
        "--demo",
        "-q",
        "--trace",
        "-o",
        "list",
        "SELECT id FROM Users LIMIT 2",
    ]);
    assert_eq!(found.code, Some(0));
    let lines: Vec<&str> = found.err.lines().collect();
    assert_eq!(lines.len(), 1, "{}", found.err);
    assert!(
        lines[0]
            .starts_with("GET http://demo.localhost/v1.0/users?$select=id&$top=2 → 200, 2 rows, "),
        "{}",
        lines[0]
    );
    assert!(lines[0].ends_with("cache miss"), "{}", lines[0]);
}

/// What the service answers decides the exit code.
#[test]
fn exit_codes_follow_the_answer_of_the_service() {
    for (answer, code) in [
        ("401 Unauthorized", 3),
        ("403 Forbidden", 4),
        ("429 Too Many Requests", 5),
        ("400 Bad Request", 1),
    ] {
        let connection = format!(
            "GraphUrl={};OAuthAccessToken=invented;MaxRetries=0",
            refusing_server(answer)
        );
        let found = run(&["--connection", &connection, "SELECT id FROM Users"]);
        assert_eq!(found.code, Some(code), "{answer}: {}", found.err);
        assert_eq!(found.out, "", "{answer}");
        assert!(
            found.err.starts_with("Error: Users: "),
            "{answer}: {}",
            found.err
        );
        assert!(!found.err.contains("invented"), "{answer}: {}", found.err);
    }
}

/// A server on loopback that gives every request the same answer.
fn refusing_server(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = BufReader::new(stream.try_clone().expect("a socket"));
            let mut line = String::new();
            while request.read_line(&mut line).is_ok_and(|size| size > 2) {
                line.clear();
            }
            let body = r#"{"error":{"code":"Refused","message":"Not now."}}"#;
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            // A client that has left does not read it.
            let _sent = stream.write_all(answer.as_bytes());
        }
    });
    format!("http://{address}")
}

/// The driver against a server it knows nothing about but its addresses.
#[test]
fn the_demo_server_serves_the_driver() {
    let mut server = command(&["demo-server", "--port", "0"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut line = String::new();
    let mut errors = BufReader::new(server.stderr.take().expect("piped"));
    errors.read_line(&mut line).expect("UTF-8");
    let url = line
        .split_whitespace()
        .find_map(|word| word.strip_suffix("/v1.0,"))
        .unwrap_or_else(|| panic!("no address: {line}"));
    let connection = format!(
        "GraphUrl={url};LoginUrl={url};AzureTenant=contoso.com;OAuthClientId=c0ffee00-0000-4000-8000-000000000001;\
         OAuthClientSecret=demo-secret"
    );
    let found = run(&[
        "--connection",
        &connection,
        "-o",
        "list",
        "SELECT count(*) n FROM Users",
    ]);
    server.kill().expect("a child of ours");
    server.wait().expect("ends");
    assert_eq!(found, ok("n\n60\n"));
}

#[test]
fn exec_shows_what_a_procedure_would_send() {
    let found = run(&[
        "--demo",
        "--quiet",
        "--dry-run",
        "-o",
        "list",
        "/* x */ EXEC MoveMail @MessageId = 'a' || 'b', DestinationId = 'archive'; SELECT 'then' AS x",
    ]);
    let requests =
        r#"[{"body":{"destinationId":"archive"},"method":"POST","path":"/me/messages/ab/move"}]"#;
    assert_eq!(
        found,
        ok(&format!("Status|Requests\nDryRun|{requests}\nx\nthen\n"))
    );
}

#[test]
fn exec_says_what_is_wrong_with_a_call() {
    let error = |sql: &str| run(&["--demo", "--quiet", sql]).err;
    let text = error("EXEC MoveMail MessageId = 'x'");
    assert!(text.contains("DestinationId is missing"), "{text}");
    let text = error("EXEC MovMail 'x', 'y'");
    assert!(text.contains("Did you mean MoveMail?"), "{text}");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let endless = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c) SELECT i FROM c";
    let mut child = command(&["-o", "csv", endless])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    assert_eq!(lines.next().expect("a line").expect("UTF-8"), "i");
    assert_eq!(lines.next().expect("a line").expect("UTF-8"), "1");
    drop(lines);
    let mut errors = String::new();
    let mut stderr = child.stderr.take().expect("piped");
    stderr.read_to_string(&mut errors).expect("UTF-8");
    assert_eq!(
        (child.wait().expect("ends").code(), errors.as_str()),
        (Some(0), "")
    );
}

#[cfg(unix)]
#[test]
fn interrupting_a_statement_ends_with_130() {
    let endless = "SELECT 'begun' a UNION ALL SELECT count(*) FROM (WITH RECURSIVE c(i) AS
        (SELECT 1 UNION ALL SELECT i+1 FROM c) SELECT i FROM c)";
    let child = command(&["-o", "list", &format!("SELECT 'begun' a; {endless}")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let found = interrupt_after_first_line(child);
    assert_eq!(
        (found.code, found.err.as_str()),
        (Some(130), "Error: interrupted\n")
    );
}

#[cfg(unix)]
fn interrupt_after_first_line(mut child: Child) -> Run {
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut first = String::new();
    out.read_line(&mut first).expect("UTF-8");
    let began = Instant::now();
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(killed.success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("UTF-8");
    let found = finished(child.wait_with_output().expect("ends"));
    assert!(began.elapsed() < Duration::from_secs(5));
    found
}

/// A pasted recipe begins with its question.
#[test]
fn sql_may_begin_with_a_comment() {
    let found = run(&[
        "--demo",
        "-q",
        "-o",
        "list",
        "-- How many?\nSELECT count(*) FROM Users",
    ]);
    assert_eq!(found.out, "count(*)\n60\n");
}
