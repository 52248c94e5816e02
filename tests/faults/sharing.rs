//! What connections of one process share: requests under way, limits, sockets.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use office365::demo::DELEGATED_TOKEN;
use office365::demo::server::{Server, ServerOptions};

use crate::support::server::{Act, Scripted};
use crate::support::{connect, one, signed_in};

#[test]
fn one_request_serves_two_connections_that_ask_at_once() {
    let server = Arc::new(Scripted::start(|_, _| {
        Act::Late(Duration::from_millis(300))
    }));
    let together = Arc::new(Barrier::new(2));
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let (server, together) = (Arc::clone(&server), Arc::clone(&together));
            std::thread::spawn(move || {
                let connection = signed_in(&server, "");
                together.wait();
                one::<i64>(&connection, "SELECT count(displayName) FROM Users")
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no panic"), 60);
    }
    assert_eq!(server.graph().len(), 1);
}

#[test]
fn another_identity_shares_nothing() {
    let server = Scripted::honest();
    let first = connect(&crate::support::by_token(&server, ""));
    let second = connect(&crate::support::by_secret(&server, "demo-secret", ""));
    for connection in [&first, &second] {
        assert_eq!(
            one::<i64>(connection, "SELECT count(displayName) FROM Users"),
            60
        );
    }
    assert_eq!(server.graph().len(), 2);
}

#[test]
fn at_most_four_requests_are_under_way_for_one_mailbox() {
    let server = Arc::new(Scripted::start(|_, _| Act::Late(Duration::from_millis(60))));
    let threads: Vec<_> = (0..10)
        .map(|day| {
            let server = Arc::clone(&server);
            std::thread::spawn(move || {
                let connection = signed_in(&server, "MaxConcurrency=32");
                let sql = format!(
                    "SELECT count(subject) FROM Messages WHERE receivedDateTime >= '2026-10-{:02}'",
                    day + 1
                );
                one::<i64>(&connection, &sql)
            })
        })
        .collect();
    for thread in threads {
        assert!(thread.join().expect("no panic") > 0);
    }
    assert!(server.graph().len() >= 10);
    assert_eq!(server.most_at_once(), 4);
}

#[test]
fn a_tenant_that_throttles_the_fifth_request_never_has_to() {
    let server = Server::start(ServerOptions {
        latency_ms: 30,
        mailbox_limit: Some(4),
        ..ServerOptions::default()
    })
    .expect("a free port");
    let url = server.url();
    let threads: Vec<_> = (0..8)
        .map(|hour| {
            let url = url.clone();
            std::thread::spawn(move || {
                let connection = connect(&format!(
                    "GraphUrl={url};OAuthAccessToken={{{DELEGATED_TOKEN}}};MaxConcurrency=32"
                ));
                let sql = format!(
                    "SELECT count(subject) FROM Messages WHERE receivedDateTime >= '2026-11-01 {hour:02}:00:00'"
                );
                one::<i64>(&connection, &sql)
            })
        })
        .collect();
    for thread in threads {
        assert!(thread.join().expect("no panic") > 0);
    }
    let throttled = server
        .requests()
        .iter()
        .filter(|request| request.status == 429)
        .count();
    assert_eq!(throttled, 0);
}

#[test]
fn max_concurrency_bounds_all_mailboxes_together() {
    let server = Arc::new(Scripted::start(|_, _| Act::Late(Duration::from_millis(60))));
    let users = ["adele", "alex", "megan", "diego", "isaiah", "johanna"];
    let threads: Vec<_> = users
        .into_iter()
        .map(|user| {
            let server = Arc::clone(&server);
            std::thread::spawn(move || {
                let connection = signed_in(&server, "MaxConcurrency=3");
                let sql = format!("SELECT count(*) FROM Messages('{user}@contoso.com')");
                one::<i64>(&connection, &sql)
            })
        })
        .collect();
    for thread in threads {
        assert!(thread.join().expect("no panic") > 0);
    }
    assert_eq!(server.most_at_once(), 3);
}

/// One statement over the mailboxes of everybody, eleven of which have mail; whoever has no mailbox is
/// left out.
fn wide(properties: &str) -> Scripted {
    let server = Scripted::start(|seen, _| match seen.target.contains("/messages") {
        true => Act::Late(Duration::from_millis(60)),
        false => Act::Pass,
    });
    let connection = signed_in(&server, properties);
    let sql = "SELECT count(DISTINCT UserId), count(*) FROM Messages WHERE isRead = 0 \
               AND UserId IN (SELECT id FROM Users)";
    let (mailboxes, rows): (i64, i64) = connection
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("counted");
    assert!(
        mailboxes == 11 && rows > 1_000,
        "{mailboxes} mailboxes, {rows} rows"
    );
    let skipped: i64 = one(&connection, "SELECT count(*) FROM o365_skipped");
    assert_eq!(skipped, 48, "users without a mailbox");
    drop(connection);
    server
}

#[test]
fn the_mailboxes_of_one_statement_are_read_side_by_side() {
    for properties in ["MaxConcurrency=5", "MaxConcurrency=5;CacheTTL=0"] {
        let server = wide(&format!("OnMailboxError=skip;{properties}"));
        let messages: Vec<String> = server
            .graph()
            .into_iter()
            .map(|seen| seen.target)
            .filter(|target| target.contains("/messages"))
            .collect();
        assert_eq!(server.most_at_once(), 5, "{properties}");
        let mut once = messages.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), messages.len(), "{properties}: asked twice");
    }
}

#[test]
fn the_parts_of_one_mailbox_are_read_side_by_side_within_its_limit() {
    let server = Scripted::start(|_, _| Act::Late(Duration::from_millis(30)));
    let connection = signed_in(&server, "MaxConcurrency=16;CacheTTL=0");
    let sql =
        "SELECT count(subject) FROM Messages WHERE parentFolderId IN (SELECT id FROM MailFolders)";
    assert!(one::<i64>(&connection, sql) > 1_000);
    assert_eq!(server.most_at_once(), 4);
}

#[test]
fn connections_to_the_server_are_used_again() {
    let server = Scripted::honest();
    let connection = signed_in(&server, "Pagesize=10");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(displayName) FROM Users"),
        60
    );
    assert_eq!(server.graph().len(), 6);
    assert!(server.connections() <= 2, "{}", server.connections());
}

#[test]
fn a_self_join_asks_for_about_as_many_pages_as_there_are() {
    // 1,200 messages in some 300 conversations: asked one by one they would be 300 requests and more.
    let server = Scripted::honest();
    let connection = signed_in(&server, "Pagesize=200");
    let sql = "SELECT count(*) FROM Messages a JOIN Messages b \
               ON a.conversationId = b.conversationId AND a.id < b.id";
    assert_eq!(one::<i64>(&connection, sql), 1_797);
    let asked = server.graph().len();
    assert!((6..60).contains(&asked), "{asked} requests");
}
