//! The headers of each request, on every page.

use std::collections::HashSet;

use crate::support::server::{Scripted, Seen};
use crate::support::{one, signed_in};

fn seen_by(sql: &str, more: &str) -> Vec<Seen> {
    let server = Scripted::honest();
    let connection = signed_in(&server, more);
    one::<i64>(&connection, sql);
    server.graph()
}

#[test]
fn every_request_has_an_id_of_its_own() {
    let seen = seen_by("SELECT count(displayName) FROM Users", "Pagesize=10");
    assert_eq!(seen.len(), 6);
    let ids: HashSet<&str> = seen
        .iter()
        .filter_map(|seen| seen.header("client-request-id"))
        .collect();
    assert_eq!(ids.len(), 6);
    assert!(ids.iter().all(|id| id.len() == 36));
}

#[test]
fn a_retry_has_an_id_of_its_own() {
    use crate::support::server::Act;
    let server = Scripted::start(|_, number| match number {
        0 => Act::refusal(503, "", vec![("Retry-After", "0".into())]),
        _ => Act::Pass,
    });
    let connection = signed_in(&server, "");
    one::<i64>(&connection, "SELECT count(displayName) FROM Users");
    let seen = server.graph();
    assert_eq!(seen.len(), 2);
    assert_ne!(
        seen[0].header("client-request-id"),
        seen[1].header("client-request-id")
    );
}

#[test]
fn outlook_is_asked_for_immutable_ids_and_utc_on_every_page() {
    let paged = [
        ("SELECT count(subject) FROM Messages", 1_000),
        ("SELECT count(subject) FROM Events", 50),
        ("SELECT count(displayName) FROM MailFolders", 10),
        (
            "SELECT count(id) FROM CalendarView WHERE start_dateTime >= '2026-03-01' AND start_dateTime < '2026-04-01'",
            10,
        ),
    ];
    for (sql, size) in paged {
        let seen = seen_by(sql, &format!("Pagesize={size}"));
        assert!(seen.len() > 1, "{sql}");
        for request in seen {
            let prefer = request.header("prefer").unwrap_or_default();
            assert!(prefer.contains("IdType=\"ImmutableId\""), "{sql}: {prefer}");
            assert!(
                prefer.contains("outlook.timezone=\"UTC\""),
                "{sql}: {prefer}"
            );
            assert_eq!(request.header("consistencylevel"), None);
        }
    }
}

#[test]
fn advanced_directory_queries_are_marked_on_every_page() {
    let seen = seen_by(
        "SELECT count(*) FROM Users WHERE department IS NOT NULL",
        "Pagesize=10",
    );
    assert_eq!(seen.len(), 4);
    for request in &seen {
        assert_eq!(request.header("consistencylevel"), Some("eventual"));
    }
    assert!(seen[0].target.contains("$count=true"));
}

#[test]
fn plain_directory_queries_are_not_marked() {
    for sql in [
        "SELECT count(mail) FROM Users",
        "SELECT count(mail) FROM Users WHERE department = 'Sales'",
        "SELECT count(mail) FROM Users WHERE accountEnabled = 1 AND displayName LIKE 'a%'",
        "SELECT count(mail) FROM Users WHERE createdDateTime >= '2025-01-01'",
        "SELECT count(mail) FROM Me",
    ] {
        for request in seen_by(sql, "") {
            assert_eq!(request.header("consistencylevel"), None, "{sql}");
            assert!(!request.target.contains("count=true"), "{sql}");
        }
    }
}

#[test]
fn each_advanced_query_is_marked() {
    for sql in [
        "SELECT count(*) FROM Users",
        "SELECT count(*) FROM Users WHERE accountEnabled = 1",
        "SELECT count(mail) FROM Users WHERE mail LIKE '%@contoso.com'",
        "SELECT count(mail) FROM Users WHERE companyName = 'Contoso'",
        "SELECT count(createdDateTime) FROM (SELECT createdDateTime FROM Users ORDER BY createdDateTime DESC LIMIT 2)",
        "SELECT count(mail) FROM Users WHERE Users MATCH 'adele'",
    ] {
        let seen = seen_by(sql, "");
        assert_eq!(seen.len(), 1, "{sql}");
        assert_eq!(
            seen[0].header("consistencylevel"),
            Some("eventual"),
            "{sql}"
        );
    }
}

#[test]
fn every_collection_is_asked_with_select() {
    // peers 3.3: GraphSelectGuidancePlugin.
    for sql in [
        "SELECT count(*) FROM Messages",
        "SELECT count(subject) FROM Messages WHERE folder = 'inbox'",
        "SELECT count(path) FROM MailFolders",
        "SELECT count(*) FROM Users WHERE id = 'x'",
        "SELECT count(*) FROM Files WHERE folder = '/'",
    ] {
        let seen = seen_by(sql, "");
        assert!(!seen.is_empty(), "{sql}");
        for request in seen {
            let query = request.target.replace("%24", "$");
            assert!(query.contains("$select="), "{sql}: {query}");
        }
    }
}

#[test]
fn the_driver_says_who_it_is() {
    let seen = seen_by("SELECT count(mail) FROM Users", "");
    let agent = seen[0].header("user-agent").unwrap_or_default();
    assert!(agent.starts_with("NONISV|office365|office365/"), "{agent}");
    assert_eq!(seen[0].header("accept"), Some("application/json"));
}
