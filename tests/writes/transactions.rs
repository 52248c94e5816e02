//! When writes are sent: at COMMIT, in statement order, and nothing that was rolled back.

use crate::support::{column, failure, one};
use crate::{execute, ids, requests, sent, states, willing, writer};

#[test]
fn outside_a_transaction_each_statement_is_sent_at_its_end() {
    let server = willing();
    let connection = writer(&server, "");
    let id = &ids(&connection, 1)[0];
    execute(
        &connection,
        &format!("UPDATE Messages SET isRead = 1 WHERE id = '{id}'"),
    );
    assert_eq!(requests(&server), 1);
    execute(
        &connection,
        &format!("DELETE FROM Messages WHERE id = '{id}'"),
    );
    assert_eq!(requests(&server), 2);
    assert_eq!(states(&connection), [("done".to_owned(), 2)]);
}

#[test]
fn commit_sends_in_statement_order_across_tables() {
    let server = willing();
    let connection = writer(&server, "");
    let id = &ids(&connection, 1)[0];
    execute(
        &connection,
        &format!(
            "BEGIN;
             INSERT INTO MailFolders(displayName) VALUES ('a');
             UPDATE Messages SET isRead = 1 WHERE id = '{id}';
             INSERT INTO MailFolders(displayName) VALUES ('b');
             INSERT INTO SendMail(ToRecipients, Subject) VALUES ('a@x.com', 'Hi');"
        ),
    );
    assert_eq!(requests(&server), 0);
    assert_eq!(states(&connection), [("pending".to_owned(), 4)]);
    assert_eq!(
        one::<Option<String>>(&connection, "SELECT o365_last_id()"),
        None
    );
    execute(&connection, "COMMIT");
    let verbs: Vec<String> = sent(&server)
        .iter()
        .map(|line| line.replace(&id.replace('=', "%3D"), "ID"))
        .collect();
    assert_eq!(
        verbs,
        [
            "POST /me/mailFolders",
            "PATCH /me/messages/ID",
            "POST /me/mailFolders",
            "POST /me/sendMail",
        ]
    );
    assert_eq!(one::<String>(&connection, "SELECT o365_last_id()"), "new");
}

#[test]
fn what_was_rolled_back_is_never_sent() {
    let server = willing();
    let connection = writer(&server, "");
    execute(
        &connection,
        "BEGIN; UPDATE Messages SET isRead = 1 WHERE isRead = 0; ROLLBACK;
         BEGIN; INSERT INTO MailFolders(displayName) VALUES ('a');
         SAVEPOINT s; INSERT INTO MailFolders(displayName) VALUES ('b');
         SAVEPOINT t; INSERT INTO MailFolders(displayName) VALUES ('c');
         ROLLBACK TO s; INSERT INTO MailFolders(displayName) VALUES ('d');
         RELEASE s; COMMIT;",
    );
    let names: Vec<String> = server
        .graph()
        .iter()
        .filter(|seen| seen.method == "POST")
        .map(|seen| seen.body.clone())
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let parts = crate::parts(server.graph().last().expect("a batch"));
    let names: Vec<&str> = parts
        .iter()
        .filter_map(|part| part["body"]["displayName"].as_str())
        .collect();
    assert_eq!(names, ["a", "d"]);
}

#[test]
fn a_statement_that_fails_drops_its_own_writes_and_no_others() {
    let server = willing();
    let connection = writer(&server, "");
    execute(
        &connection,
        "BEGIN; INSERT INTO MailFolders(displayName) VALUES ('kept')",
    );
    let error = failure(
        &connection,
        "INSERT INTO MailFolders(displayName) SELECT value FROM json_each('[\"x\", \"y\", null]')",
    );
    assert!(error.contains("must give displayName"), "{error}");
    assert_eq!(states(&connection), [("pending".to_owned(), 1)]);
    execute(&connection, "COMMIT");
    assert_eq!(sent(&server), ["POST /me/mailFolders"]);
}

/// The local file is busy when COMMIT comes: it stays open, and comes again.
#[test]
fn a_commit_that_is_repeated_sends_nothing_twice() {
    let server = willing();
    let folder = std::env::temp_dir().join(format!("office365-busy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("local.db");
    let (connection, session) =
        office365::sqlite::host::open_with_session(Some(&file), office365::sqlite::Access::Full)
            .expect("a file");
    session
        .connect(&crate::support::by_token(&server, "Readonly=false"))
        .expect("connected");
    execute(
        &connection,
        "CREATE TABLE IF NOT EXISTS local(x); INSERT INTO local VALUES (1)",
    );
    let reader = rusqlite::Connection::open(&file).expect("the file again");
    let mut reading = reader.prepare("SELECT x FROM local").expect("prepared");
    let mut rows = reading.query([]).expect("queried");
    assert!(rows.next().expect("a row").is_some());
    execute(
        &connection,
        "BEGIN; INSERT INTO local VALUES (2); INSERT INTO MailFolders(displayName) VALUES ('once')",
    );
    let busy = failure(&connection, "COMMIT");
    assert!(busy.contains("locked"), "{busy}");
    drop(rows);
    execute(&connection, "COMMIT");
    assert_eq!(sent(&server), ["POST /me/mailFolders"]);
    assert_eq!(states(&connection), [("done".to_owned(), 1)]);
    drop(reading);
    drop(reader);
    drop(connection);
    std::fs::remove_dir_all(&folder).expect("cleaned");
}

#[test]
fn reads_inside_a_transaction_see_the_tenant_as_it_is() {
    let server = willing();
    let connection = writer(&server, "");
    let count = "SELECT count(*) FROM MailFolders";
    let before: i64 = one(&connection, count);
    execute(
        &connection,
        "BEGIN; INSERT INTO MailFolders(displayName) VALUES ('later')",
    );
    assert_eq!(one::<i64>(&connection, count), before);
    execute(&connection, "ROLLBACK");
}

#[test]
fn only_what_was_set_travels() {
    let server = willing();
    let connection = writer(&server, "");
    execute(
        &connection,
        "UPDATE Messages SET isRead = 1, categories = 'red; blue' WHERE id IN (SELECT id FROM Messages LIMIT 1)",
    );
    let graph = server.graph();
    let body = &graph.last().expect("a PATCH").body;
    assert_eq!(body, r#"{"categories":["red","blue"],"isRead":true}"#);
}

#[test]
fn moving_is_setting_the_folder() {
    let server = willing();
    let connection = writer(&server, "");
    let id = &ids(&connection, 1)[0];
    execute(
        &connection,
        &format!("UPDATE Messages SET isRead = 1, parentFolderId = 'archive' WHERE id = '{id}'"),
    );
    let id = id.replace('=', "%3D");
    assert_eq!(
        sent(&server),
        [
            format!("PATCH /me/messages/{id}"),
            format!("POST /me/messages/{id}/move")
        ]
    );
    assert_eq!(
        column::<String>(&connection, "SELECT new_id FROM o365_writes"),
        ["new"]
    );
}

#[test]
fn a_row_that_is_not_there_is_no_row_and_no_error() {
    let server = willing();
    let connection = writer(&server, "");
    let changed = connection
        .execute("DELETE FROM Messages WHERE id = 'nobody'", [])
        .expect("no error");
    assert_eq!((changed, requests(&server)), (0, 0));
}
