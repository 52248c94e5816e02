//! Slow and hanging servers, timeouts and interrupts.

use std::time::{Duration, Instant};

use crate::support::server::{Act, Scripted};
use crate::support::{failure, kind, one, signed_in};

#[test]
fn a_slow_body_is_waited_for() {
    let server = Scripted::start(|_, _| Act::Slow(Duration::from_millis(600)));
    let connection = signed_in(&server, "Timeout=5");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(displayName) FROM Users"),
        60
    );
    assert_eq!(server.graph().len(), 1);
}

#[test]
fn a_body_slower_than_the_timeout_is_an_error() {
    let server = Scripted::start(|_, _| Act::Slow(Duration::from_secs(5)));
    let connection = signed_in(&server, "Timeout=1;MaxRetries=0");
    let started = Instant::now();
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(started.elapsed() < Duration::from_secs(2), "{error}");
    assert_eq!(kind(&connection), "timeout");
}

#[test]
fn a_server_that_hangs_gets_one_more_try() {
    let server = Scripted::start(|_, _| Act::Hang);
    let connection = signed_in(&server, "Timeout=1");
    let started = Instant::now();
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(error.contains("raise Timeout"), "{error}");
    assert_eq!(kind(&connection), "timeout");
    assert_eq!(server.graph().len(), 2);
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[test]
fn a_server_that_hung_once_does_not_matter() {
    let server = Scripted::start(|_, number| match number {
        0 => Act::Hang,
        _ => Act::Pass,
    });
    let connection = signed_in(&server, "Timeout=1");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(displayName) FROM Users"),
        60
    );
}

/// Interrupts a statement 300 ms after its start; gives back how long it took to end after that.
fn interrupted(server: &Scripted, sql: &str) -> Duration {
    let connection = signed_in(server, "Timeout=30");
    let handle = connection.get_interrupt_handle();
    let interrupting = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        handle.interrupt();
        Instant::now()
    });
    let error = failure(&connection, sql);
    let ended = Instant::now();
    assert!(error.contains("interrupted"), "{error}");
    // The connection goes on.
    assert_eq!(one::<i64>(&connection, "SELECT 1"), 1);
    assert_eq!(one::<i64>(&connection, "SELECT count(*) FROM Me"), 1);
    ended - interrupting.join().expect("no panic")
}

#[test]
fn an_interrupt_ends_a_statement_whose_request_hangs() {
    let server = Scripted::start(|seen, _| match seen.target.contains("/me?") {
        true => Act::Pass,
        false => Act::Hang,
    });
    let late = interrupted(&server, "SELECT displayName FROM Users");
    assert!(late < Duration::from_millis(500), "{late:?}");
}

#[test]
fn an_interrupt_ends_a_statement_that_waits_for_retry_after() {
    let server = Scripted::start(|seen, _| match seen.target.contains("/me?") {
        true => Act::Pass,
        false => Act::refusal(429, "TooManyRequests", vec![("Retry-After", "20".into())]),
    });
    let late = interrupted(
        &server,
        "SELECT subject FROM Messages WHERE UserId = 'alex@contoso.com'",
    );
    assert!(late < Duration::from_millis(500), "{late:?}");
}

#[test]
fn an_interrupt_ends_a_statement_between_pages() {
    let server = Scripted::start(
        |seen, number| match (seen.target.contains("/me?"), number) {
            (true, _) | (_, 0..3) => Act::Pass,
            _ => Act::Hang,
        },
    );
    let connection = signed_in(&server, "Pagesize=5;Timeout=30");
    drop(connection);
    let late = interrupted(
        &server,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) \
         SELECT i, (SELECT displayName FROM Users WHERE employeeId = i) FROM n",
    );
    assert!(late < Duration::from_millis(500), "{late:?}");
}
