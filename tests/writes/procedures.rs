//! Calls of procedures: once each, from direct SQL alone.

use crate::support::server::{Act, Scripted};
use crate::support::{column, failure, one};
use crate::{execute, requests, sent, willing, writer};

#[test]
fn a_call_is_made_once_however_often_sqlite_evaluates_it() {
    for (sql, calls) in [
        (
            "SELECT x, x FROM (SELECT MoveMail(id, 'archive') AS x FROM Messages LIMIT 3)",
            3,
        ),
        (
            "SELECT MoveMail(id, 'archive') AS x FROM (SELECT id FROM Messages LIMIT 4) ORDER BY x LIMIT 2",
            4,
        ),
        (
            "SELECT id FROM (SELECT id FROM Messages LIMIT 3) WHERE MoveMail(id, 'archive') IS NOT NULL",
            3,
        ),
        (
            "SELECT MoveMail('one', 'archive') FROM Messages LIMIT 50",
            1,
        ),
        (
            "SELECT MoveMail('one', 'archive'), MoveMail('one', 'archive'), MoveMail('two', 'archive')",
            2,
        ),
    ] {
        let server = willing();
        let connection = writer(&server, "");
        column::<rusqlite::types::Value>(&connection, sql);
        assert_eq!(requests(&server), calls, "{sql}");
    }
}

/// Two runs of a statement are two calls.
#[test]
fn running_a_statement_again_calls_again() {
    let server = willing();
    let connection = writer(&server, "");
    let mut statement = connection
        .prepare("SELECT MoveMail('one', 'archive')")
        .expect("prepared");
    for _ in 0..2 {
        let result: String = statement.query_row([], |row| row.get(0)).expect("a result");
        assert!(result.contains(r#""Id":"new""#), "{result}");
    }
    assert_eq!(requests(&server), 2);
}

#[test]
fn inserting_three_hundred_rows_is_three_hundred_calls() {
    let server = willing();
    let connection = writer(&server, "");
    execute(
        &connection,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
         INSERT INTO SendMail(ToRecipients, Subject) SELECT 'u' || i || '@x.com', 'Hi' FROM n",
    );
    assert_eq!(requests(&server), 300);
    let outputs = "SELECT count(*) FROM SendMail WHERE Status = 'Success'";
    assert_eq!(one::<i64>(&connection, outputs), 300);
}

#[test]
fn views_and_triggers_cannot_call() {
    let server = willing();
    let connection = writer(&server, "");
    execute(
        &connection,
        "CREATE TABLE local(x);
         CREATE VIEW calls AS SELECT SendMail('a@x.com', 'Hi', '') AS x;
         CREATE TRIGGER on_insert AFTER INSERT ON local BEGIN
             INSERT INTO SendMail(ToRecipients) VALUES ('a@x.com');
         END;
         CREATE VIEW bait AS SELECT 1 AS x;
         CREATE TRIGGER instead INSTEAD OF INSERT ON bait BEGIN
             SELECT SendMail('a@x.com', 'Hi', '');
         END;",
    );
    for sql in [
        "SELECT * FROM calls",
        "INSERT INTO local VALUES (1)",
        "INSERT INTO bait VALUES (1)",
    ] {
        let error = failure(&connection, sql);
        assert!(error.contains("unsafe use"), "{sql}: {error}");
    }
    assert_eq!(server.graph().len(), 0);
}

#[test]
fn a_function_does_not_overtake_writes_that_wait() {
    let server = willing();
    let connection = writer(&server, "");
    execute(
        &connection,
        "BEGIN; INSERT INTO MailFolders(displayName) VALUES ('a')",
    );
    let error = failure(&connection, "SELECT MoveMail('x', 'archive')");
    assert!(error.contains("1 writes wait for COMMIT"), "{error}");
    execute(&connection, "COMMIT");
    assert_eq!(sent(&server), ["POST /me/mailFolders"]);
}

#[test]
fn a_call_whose_answer_is_lost_is_not_made_again() {
    let server = Scripted::start(|seen, _| match seen.method.as_str() {
        "POST" => Act::Cut,
        _ => Act::Pass,
    });
    let connection = writer(&server, "");
    let error = failure(&connection, "SELECT MoveMail('x', 'archive')");
    assert!(error.contains("may have been done or not"), "{error}");
    assert_eq!(requests(&server), 1);
    let state = "SELECT state FROM o365_writes";
    assert_eq!(one::<String>(&connection, state), "unknown");
}

#[test]
fn a_dry_run_sends_nothing_and_shows_everything() {
    let server = willing();
    let connection = writer(&server, "");
    assert!(one::<bool>(&connection, "SELECT o365_dry_run(1)"));
    let shown: String = one(&connection, "SELECT SendMail('a@x.com', 'Hi', 'text')");
    assert!(
        shown.contains("DryRun") && shown.contains("/me/sendMail"),
        "{shown}"
    );
    execute(
        &connection,
        "INSERT INTO MailFolders(displayName) VALUES ('a')",
    );
    let requests_shown: String = one(
        &connection,
        "SELECT requests FROM o365_writes WHERE \"table\" = 'MailFolders'",
    );
    assert_eq!(
        requests_shown,
        r#"POST /me/mailFolders {"displayName":"a"}"#
    );
    assert_eq!(requests(&server), 0);
    one::<bool>(&connection, "SELECT NOT o365_dry_run(0)");
    execute(
        &connection,
        "INSERT INTO MailFolders(displayName) VALUES ('a')",
    );
    assert_eq!(requests(&server), 1);
}

/// Seed 000's SendMail names a file without content: it is sent, and the result says so.
#[test]
fn a_file_without_content_is_a_warning() {
    let server = willing();
    let connection = writer(&server, "");
    let result: String = one(
        &connection,
        "SELECT SendMail(json_object('ToRecipients', 'a@x.com', 'FileName', 'test.txt'))",
    );
    let result: serde_json::Value = serde_json::from_str(&result).expect("JSON");
    assert_eq!(result["Status"], "Success");
    assert!(
        result["Warning"]
            .as_str()
            .is_some_and(|text| text.contains("test.txt")),
        "{result}"
    );
}
