//! What is refused before anything is sent, in words that name the column and the next step.

use crate::support::failure;
use crate::{requests, willing, writer};

fn refused(sql: &str, expected: &[&str]) {
    let server = willing();
    let connection = writer(&server, "");
    let error = failure(&connection, sql);
    for part in expected {
        assert!(error.contains(part), "{sql}: {error}");
    }
    assert_eq!(requests(&server), 0, "{sql}");
}

#[test]
fn columns_that_cannot_be_written_are_named() {
    refused(
        "UPDATE Messages SET webLink = 'x'",
        &["Messages: webLink is read-only"],
    );
    refused(
        "INSERT INTO Messages(receivedDateTime) VALUES ('2026-01-01')",
        &["receivedDateTime is read-only"],
    );
    refused(
        "INSERT INTO MailFolders(isHidden) VALUES (1)",
        &["must give displayName"],
    );
    refused(
        "UPDATE MailFolders SET isHidden = 1",
        &["isHidden can be given only when the row is made"],
    );
    refused(
        "UPDATE Messages SET UserId = 'alex@contoso.com'",
        &["UserId", "cannot be changed"],
    );
}

#[test]
fn values_of_the_wrong_form_are_named() {
    refused(
        "INSERT INTO Messages(importance) VALUES ('urgent')",
        &["importance must be one of low, normal, high"],
    );
    refused(
        "UPDATE Messages SET isRead = 'maybe'",
        &["isRead must be 0 or 1"],
    );
    refused(
        "INSERT INTO Messages(toRecipients) VALUES ('[broken')",
        &["toRecipients must be JSON"],
    );
    refused(
        "UPDATE Messages SET flag_dueDateTime_dateTime = 'soon'",
        &["must be a point in time"],
    );
}

#[test]
fn clauses_that_graph_does_not_have_are_named() {
    refused(
        "INSERT OR REPLACE INTO Messages(subject) VALUES ('x')",
        &["OR REPLACE is not possible"],
    );
    refused(
        "INSERT OR IGNORE INTO Messages(subject) VALUES ('x')",
        &["OR IGNORE is not possible"],
    );
    refused(
        "INSERT INTO Messages(subject) VALUES ('x') ON CONFLICT DO NOTHING",
        &["UPSERT"],
    );
}

#[test]
fn a_read_only_connection_says_how_to_change_that() {
    let server = willing();
    let connection = crate::support::signed_in(&server, "");
    for sql in [
        "DELETE FROM Messages",
        "INSERT INTO SendMail(ToRecipients) VALUES ('a@x.com')",
        "SELECT SendMail('a@x.com', 'Hi', '')",
    ] {
        let error = failure(&connection, sql);
        assert!(
            error.contains("read-only") && error.contains("Readonly=false"),
            "{error}"
        );
    }
    assert_eq!(server.graph().len(), 0);
}
