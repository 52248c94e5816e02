//! Scripts that `--exec` runs: what they see, what they may do, what becomes of those that fail.

use std::time::Duration;

use serde_json::json;

use crate::listening::{Folder, Listening, eventually};
use crate::service::{Service, deliver};
use crate::support::{one, signed_in};

#[test]
fn a_script_that_fails_is_written_down_and_not_repeated() {
    let (service, folder) = (Service::start(), Folder::new("failing"));
    let script = folder.path("script.sql");
    std::fs::write(
        &script,
        "SELECT :id AS begun;\nDELETE FROM Messages WHERE id = :id;\nSELECT 'never' AS here;",
    )
    .expect("written");
    let more = [
        "--resource",
        "me/mailFolders('inbox')/messages=created",
        "--exec",
        script.as_str(),
    ];
    let (listening, address) = Listening::start(&service.connection(), &folder, &more);
    listening.says("is watched until");
    let own = service.only();
    assert_eq!(own.resource, "me/mailFolders('inbox')/messages");
    assert_eq!(own.changes, "created");
    assert_eq!(deliver(address, &[&own.tells("created", "it's", "1")]), 202);
    let copy = folder.copy();
    let failed = "SELECT count(*) FROM Notifications WHERE state = 'failed'";
    assert!(
        eventually(|| one::<i64>(&copy, failed) == 1),
        "{}",
        listening.err()
    );
    let error: String = one(&copy, "SELECT error FROM Notifications");
    assert!(error.contains("read-only"), "{error}");
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(listening.out(), [json!({"begun": "it's"})]);
}

#[test]
fn a_script_sees_what_is_there_now_and_changes_what_it_may() {
    let (service, folder) = (Service::start(), Folder::new("writing"));
    let script = folder.path("script.sql");
    std::fs::write(
        &script,
        "SELECT subject, isRead FROM Messages WHERE id = :id;\nUPDATE Messages SET isRead = 1 WHERE id = :id;",
    )
    .expect("written");
    let more = ["Messages", "--exec", script.as_str(), "--write"];
    let (listening, address) = Listening::start(&service.connection(), &folder, &more);
    listening.says("Messages of me: ");
    let own = service.only();
    let worker = signed_in(&service.server, "Readonly=false;CacheTTL=0");
    worker
        .execute_batch(
            "INSERT INTO Messages(subject, body_content, isRead) VALUES ('first', 'x', 0)",
        )
        .expect("a message");
    let id: String = one(&worker, "SELECT o365_last_id()");
    assert_eq!(deliver(address, &[&own.tells("created", &id, "1")]), 202);
    assert!(
        eventually(|| listening.out().len() == 1),
        "{}",
        listening.err()
    );
    let is_read = format!("SELECT isRead FROM Messages WHERE id = '{id}'");
    assert!(
        eventually(|| one::<bool>(&worker, &is_read)),
        "{}",
        listening.err()
    );
    worker
        .execute_batch(&format!(
            "UPDATE Messages SET subject = 'second' WHERE id = '{id}'"
        ))
        .expect("changed");
    assert_eq!(deliver(address, &[&own.tells("updated", &id, "2")]), 202);
    assert!(
        eventually(|| listening.out().len() == 2),
        "{}",
        listening.err()
    );
    assert_eq!(
        listening.out(),
        [
            json!({"subject": "first", "isRead": 0}),
            json!({"subject": "second", "isRead": 1})
        ]
    );
}

/// What was read before a change is not read again from memory. A script that only reads: a write of its own would
/// forget everything anyway.
#[test]
fn cached_pages_of_what_changed_are_dropped() {
    let (service, folder) = (Service::start(), Folder::new("cached"));
    let script = folder.path("script.sql");
    std::fs::write(
        &script,
        "SELECT subject FROM Messages WHERE folder = 'drafts' AND subject LIKE 'cached%';",
    )
    .expect("written");
    let more = ["Messages", "--exec", script.as_str()];
    let (listening, address) = Listening::start(&service.connection(), &folder, &more);
    listening.says("Messages of me: ");
    let own = service.only();
    let worker = signed_in(&service.server, "Readonly=false;CacheTTL=0");
    worker
        .execute_batch("INSERT INTO Messages(subject, body_content) VALUES ('cached first', 'x')")
        .expect("a message");
    let id: String = one(&worker, "SELECT o365_last_id()");
    for (number, subject) in ["cached first", "cached second"].iter().enumerate() {
        let change = format!(
            "UPDATE Messages SET subject = '{subject}' WHERE id = '{id}' AND subject <> '{subject}'"
        );
        worker.execute_batch(&change).expect("changed");
        let told = own.tells("updated", &id, &number.to_string());
        assert_eq!(deliver(address, &[&told]), 202);
        let ran = || listening.out().len() == number + 1;
        assert!(eventually(ran), "{}", listening.err());
        assert_eq!(listening.out()[number], json!({ "subject": subject }));
    }
}

#[test]
fn the_script_of_the_documentation_does_what_it_says() {
    let (service, folder) = (Service::start(), Folder::new("documented"));
    let page = include_str!("../../docs/listen.md");
    let (_, block) = page
        .split_once("   -- new.sql")
        .expect("the script of the page");
    let (block, _) = block.split_once("```").expect("its end");
    let script = folder.path("new.sql");
    std::fs::write(
        &script,
        format!("--{}", block.replace("example.com", "contoso.com")),
    )
    .expect("written");
    let more = ["Messages", "--exec", script.as_str(), "--write"];
    let (listening, address) = Listening::start(&service.connection(), &folder, &more);
    listening.says("Messages of me: ");
    let own = service.only();
    let live = signed_in(&service.server, "CacheTTL=0");
    let from = |pattern: &str| -> String {
        let sql = format!(
            "SELECT id FROM Messages WHERE folder = 'inbox' AND from_emailAddress_address {pattern} AND flag_flagStatus = 'notFlagged' LIMIT 1"
        );
        one(&live, &sql)
    };
    let (inside, outside) = (
        from("LIKE '%@contoso.com'"),
        from("NOT LIKE '%@contoso.com'"),
    );
    for (change, id) in [("created", &outside), ("created", &inside)] {
        assert_eq!(deliver(address, &[&own.tells(change, id, "1")]), 202);
    }
    let status = |id: &str| -> String {
        one(
            &live,
            &format!("SELECT flag_flagStatus FROM Messages WHERE id = '{id}'"),
        )
    };
    assert!(
        eventually(|| status(&inside) == "flagged"),
        "{}",
        listening.err()
    );
    assert_eq!(status(&outside), "notFlagged");
}
