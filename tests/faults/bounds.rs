//! What a user bounds: rows, mailboxes that fail, times to keep.

use crate::support::server::{Act, Scripted};
use crate::support::{column, failure, kind, one, signed_in};

#[test]
fn reaching_max_rows_is_an_error() {
    let server = Scripted::honest();
    let connection = signed_in(&server, "MaxRows=10");
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(error.contains("MaxRows (10) is reached"), "{error}");
    assert_eq!(kind(&connection), "usage");
    let names: Vec<String> = column(&connection, "SELECT displayName FROM Users LIMIT 10");
    assert_eq!(names.len(), 10);
}

const TWO: &str = "SELECT count(subject) FROM Messages \
                   WHERE UserId IN ('alex@contoso.com', 'nobody@contoso.com')";

#[test]
fn a_mailbox_that_cannot_be_read_ends_the_statement() {
    let server = Scripted::honest();
    let connection = signed_in(&server, "");
    let error = failure(&connection, TWO);
    assert!(error.contains("404"), "{error}");
    assert_eq!(kind(&connection), "not_found");
}

#[test]
fn a_mailbox_that_cannot_be_read_is_skipped_when_asked() {
    let server = Scripted::honest();
    let connection = signed_in(&server, "OnMailboxError=skip");
    let alone: i64 = one(
        &connection,
        "SELECT count(subject) FROM Messages('alex@contoso.com')",
    );
    assert_eq!(one::<i64>(&connection, TWO), alone);
    assert!(alone > 800);
    let skipped: Vec<String> = column(
        &connection,
        "SELECT format('%s %s %d %s', \"table\", asked, status, code) FROM o365_skipped",
    );
    assert_eq!(
        skipped,
        ["Messages nobody@contoso.com 404 ErrorInvalidUser"]
    );
}

#[test]
fn what_belongs_to_nobody_is_never_skipped() {
    let server = Scripted::start(|_, _| Act::refusal(403, "Authorization_RequestDenied", vec![]));
    let connection = signed_in(&server, "OnMailboxError=skip");
    failure(&connection, "SELECT displayName FROM Users");
    assert_eq!(kind(&connection), "denied");
}

#[test]
fn only_a_mailbox_is_skipped_not_a_failure_of_the_service() {
    let server = Scripted::start(|seen, _| match seen.target.contains("nobody") {
        true => Act::refusal(
            503,
            "serviceNotAvailable",
            vec![("Retry-After", "0".into())],
        ),
        false => Act::Pass,
    });
    let connection = signed_in(&server, "OnMailboxError=skip;MaxRetries=0");
    failure(&connection, TWO);
    assert_eq!(kind(&connection), "throttled");
}

#[test]
fn nothing_is_kept_without_a_time_to_keep() {
    let server = Scripted::honest();
    let connection = signed_in(&server, "CacheTTL=0");
    for _ in 0..3 {
        one::<i64>(&connection, "SELECT count(displayName) FROM Users");
    }
    assert_eq!(server.graph().len(), 3);
    let off: i64 = one(
        &connection,
        "SELECT count(*) FROM o365_requests WHERE cache = 'off'",
    );
    assert_eq!(off, 3);
}

#[test]
fn what_is_kept_ages() {
    let server = Scripted::honest();
    let connection = signed_in(&server, "CacheTTL=1");
    one::<i64>(&connection, "SELECT count(displayName) FROM Users");
    one::<i64>(&connection, "SELECT count(displayName) FROM Users");
    assert_eq!(server.graph().len(), 1);
    std::thread::sleep(std::time::Duration::from_millis(1_050));
    one::<i64>(&connection, "SELECT count(displayName) FROM Users");
    assert_eq!(server.graph().len(), 2);
}

#[test]
fn the_connections_mailbox_is_read_where_none_is_named() {
    let server = Scripted::honest();
    let connection = crate::support::connect(&crate::support::by_secret(
        &server,
        "demo-secret",
        "UserId=alex@contoso.com",
    ));
    assert_eq!(
        one::<i64>(&connection, "SELECT count(*) FROM Messages"),
        900
    );
    assert!(
        server.graph()[0]
            .target
            .starts_with("/v1.0/users/alex@contoso.com/messages?")
    );
}

#[test]
fn an_application_without_a_mailbox_says_so() {
    let server = Scripted::honest();
    let connection =
        crate::support::connect(&crate::support::by_secret(&server, "demo-secret", ""));
    let error = failure(&connection, "SELECT subject FROM Messages");
    assert!(error.contains("UserId"), "{error}");
}
