//! The command line as a user meets it: the binary is started, its output and exit code are read.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_office365");

/// What a run left behind.
#[derive(Debug, PartialEq)]
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments);
    for (name, _) in std::env::vars() {
        if name.starts_with("AZURE_") || name.starts_with("OFFICE365_") {
            command.env_remove(name);
        }
    }
    command
}

fn run_with(arguments: &[&str], input: &str) -> Run {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    // A run that ends before it has read everything is fine.
    let _ended = stdin.write_all(input.as_bytes());
    drop(stdin);
    finished(child.wait_with_output().expect("ends"))
}

fn finished(output: Output) -> Run {
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn run(arguments: &[&str]) -> Run {
    run_with(arguments, "")
}

fn ok(out: &str) -> Run {
    Run {
        code: Some(0),
        out: out.to_owned(),
        err: String::new(),
    }
}

/// A file of this test's own, deleted with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("office365-{}-{name}", std::process::id()));
        fs::write(&path, text).expect("the temporary folder can be written");
        Self(path)
    }

    fn absent(name: &str) -> Self {
        let scratch = Self::new(name, "");
        fs::remove_file(&scratch.0).expect("just made");
        scratch
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _gone = fs::remove_file(&self.0);
    }
}

#[test]
fn an_argument_is_run() {
    assert_eq!(
        run(&["-o", "csv", "SELECT 1 a, 'x' b; SELECT 2 c"]),
        ok("a,b\n1,x\nc\n2\n")
    );
    assert_eq!(run(&["-o", "list", "-- a note\n"]).code, Some(2));
    assert_eq!(
        run(&["-o", "list", "--", "-- a note\nSELECT 1 a"]),
        ok("a\n1\n")
    );
    assert_eq!(run(&["VACUUM"]), ok(""));
    assert_eq!(run(&[".print hello 'a  b'"]), ok("hello a  b\n"));
}

#[test]
fn files_and_pipes_are_scripts() {
    let script = ".mode csv\n# a note\n\nSELECT 1,\n  ';' AS x;\n.print done\nSELECT 2";
    let expected = ok("1,;\r\ndone\n2\r\n");
    assert_eq!(run_with(&[], script), expected);
    assert_eq!(run_with(&["-"], script), expected);
    let file = Scratch::new("script.sql", script);
    assert_eq!(run(&["-f", file.path()]), expected);
    let reader = format!(".read {}\n", file.path());
    assert_eq!(run_with(&[], &reader), expected);
}

#[test]
fn a_trigger_is_one_statement() {
    let script = ".mode list
CREATE TABLE t(a); CREATE TABLE log(b);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN
  INSERT INTO log VALUES (new.a);
  INSERT INTO log VALUES (new.a * 2);
END;
INSERT INTO t VALUES (5);
SELECT b FROM log;
";
    assert_eq!(run_with(&[], script), ok("5\n10\n"));
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
fn bail_ends_a_script_at_its_first_error() {
    let script = "SELECT 1 a;\nSELECT nosuch;\nSELECT 2 b;\n";
    let found = run_with(&["-o", "list", "--bail"], script);
    assert_eq!((found.code, found.out.as_str()), (Some(1), "a\n1\n"));
    let found = run_with(&["-o", "list"], &format!(".bail on\n{script}"));
    assert_eq!((found.code, found.out.as_str()), (Some(1), "a\n1\n"));
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
        &["login"][..],
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

#[test]
fn the_shells_commands_show_the_service() {
    let script = ".mode list
.tables Use%
.plan SELECT displayName FROM Users WHERE accountEnabled = 1
SELECT count(*) FROM Users;
.requests 1
.cache clear
";
    let found = run_with(&["--demo", "-q"], script);
    assert_eq!((found.code, found.err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = found.out.lines().collect();
    assert_eq!(lines[0], "Users");
    assert_eq!(lines[1], "QUERY PLAN");
    assert!(
        lines[2].contains("GET /users") && !lines[2].contains('{'),
        "{}",
        lines[2]
    );
    assert_eq!(lines[3], "60");
    assert!(
        lines[4].starts_with("1|GET|http://demo.localhost/v1.0/users?"),
        "{}",
        lines[4]
    );
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

#[test]
fn exec_says_that_it_is_not_there() {
    let found = run(&["/* x */ EXEC MoveMail @MessageId='1'"]);
    assert_eq!(found.code, Some(1));
    assert!(
        found.err.ends_with(
            "  EXEC is not available in this version of office365: it has no procedures\n"
        ),
        "{}",
        found.err
    );
}

#[test]
fn exit_codes_of_scripts() {
    assert_eq!(run_with(&[], ".exit 7\nSELECT nosuch;\n").code, Some(7));
    assert_eq!(run_with(&[], "SELECT nosuch;\n.quit\n").code, Some(1));
    assert_eq!(run_with(&[], ".quit\nSELECT nosuch;\n"), ok(""));
    assert_eq!(run_with(&[], ".nosuch\n").code, Some(1));
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

#[test]
fn dot_commands_show_and_change_the_style() {
    let script = "\
CREATE TABLE one(a INTEGER PRIMARY KEY, b TEXT NOT NULL);
CREATE VIEW two AS SELECT 1;
.mode list
.separator , \"\\n\"
.nullvalue ∅
.headers on
SELECT NULL a, 1 b;
.mode
.tables one
.schema one
\\d one
.mode qbox
.mode
.once /nonexistent/folder/out.txt
";
    let found = run_with(&[], script);
    assert_eq!(
        found.out,
        "a,b\n∅,1\ncurrent output mode: list\none\n\
         CREATE TABLE one(a INTEGER PRIMARY KEY, b TEXT NOT NULL);\n\
         name,type,null,key,hidden\na,INTEGER,,key,\nb,TEXT,not null,,\n\
         current output mode: box --wrap 60 --wordwrap off --quote\n"
    );
    assert!(
        found
            .err
            .starts_with("Error: cannot write to /nonexistent/folder/out.txt: ")
    );
    assert_eq!(found.code, Some(1));
}

#[test]
fn results_go_into_files_and_commands() {
    let file = Scratch::absent("out.csv");
    let script = format!(
        ".mode csv\n.once {0}\nSELECT 1, 2;\nSELECT 3;\n.output {0}.all\nSELECT 4;\nSELECT 5;\n.output\nSELECT 6;\n",
        file.path()
    );
    assert_eq!(run_with(&[], &script), ok("3\r\n6\r\n"));
    assert_eq!(fs::read_to_string(file.path()).expect("written"), "1,2\r\n");
    let all = format!("{}.all", file.path());
    assert_eq!(fs::read_to_string(&all).expect("written"), "4\r\n5\r\n");
    fs::remove_file(all).expect("there");
    if cfg!(unix) {
        assert_eq!(
            run_with(&[], ".mode list\n.once |tr a-z A-Z\nSELECT 'x';\n"),
            ok("X\n")
        );
    }
}

#[test]
fn notes_stay_off_standard_output() {
    let timed = run_with(&["-o", "list"], ".timer on\nSELECT 1 a;\n");
    assert_eq!((timed.code, timed.out.as_str()), (Some(0), "a\n1\n"));
    assert!(timed.err.starts_with("Run Time: real 0."), "{}", timed.err);
}

#[test]
fn help_lists_every_command_once() {
    let help = run_with(&[], ".help\n");
    for name in [
        ".bail",
        ".cache",
        ".changes",
        ".connect",
        ".databases",
        ".echo",
        ".eqp",
        ".exit",
        ".explain",
        ".headers",
        ".help",
        ".mode",
        ".nullvalue",
        ".once",
        ".open",
        ".output",
        ".plan",
        ".print",
        ".quit",
        ".read",
        ".requests",
        ".schema",
        ".separator",
        ".show",
        ".status",
        ".tables",
        ".timer",
        ".width",
    ] {
        let lines = help.out.lines();
        assert_eq!(
            lines
                .filter(|line| line.split(' ').next() == Some(name))
                .count(),
            1,
            "{name}"
        );
    }
    assert_eq!(
        run_with(&[], ".help \\q\n"),
        ok(".quit\n   Leave.\n   Also: \\q\n")
    );
}
