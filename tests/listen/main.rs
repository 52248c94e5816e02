//! `office365 listen` against a service that notifies: only what is right acts, once, and nothing is lost when either
//! side goes away for a while.

#[path = "../command/mod.rs"]
mod command;
mod listening;
mod scripts;
mod service;
#[path = "../support/mod.rs"]
mod support;
mod tenant;

use std::time::Duration;

use listening::{Folder, Listening, eventually};
use serde_json::json;
use service::{Service, deliver, post};
use support::{by_token, column, one, signed_in};

const SCRIPT: &str = "SELECT :changeType AS change, :id AS id, :table AS kind, :mailbox AS mailbox;\n\
                      SELECT m.subject, s.method FROM copy.Messages m JOIN copy.o365_sync s ON s.\"table\" = 'Messages' WHERE m.id = :id;\n";

#[test]
fn only_what_is_right_acts_and_once() {
    let (service, folder) = (Service::start(), Folder::new("right"));
    let script = folder.path("script.sql");
    std::fs::write(&script, SCRIPT).expect("written");
    let (listening, address) = Listening::start(
        &service.connection(),
        &folder,
        &["Messages", "--exec", &script],
    );
    listening.says("Messages of me: ");
    let own = service.only();
    assert_eq!(own.resource, "me/messages");
    assert!(
        own.state.len() >= 32 && own.lifecycle_url == own.url,
        "{own:?}"
    );
    let worker = signed_in(&service.server, "Readonly=false;CacheTTL=0");
    worker
        .execute_batch("INSERT INTO Messages(subject, body_content) VALUES ('it came', 'x')")
        .expect("a message");
    let id: String = one(&worker, "SELECT o365_last_id()");

    let right = own.tells("created", &id, "etag-1");
    assert_eq!(deliver(address, &[&right]), 202);
    // Told again, together with others that are wrong.
    let mut forged = own.tells("created", "other", "etag-2");
    forged["clientState"] = json!("guessed");
    let mut bare = own.tells("created", "bare", "etag-3");
    bare.as_object_mut()
        .expect("an object")
        .remove("clientState");
    let mut late = own.tells("created", "late", "etag-4");
    late["subscriptionId"] = json!("00000000-dead-dead-dead-000000000000");
    assert_eq!(
        deliver(address, &[&right, &forged, &bare, &late, &right]),
        202
    );
    let huge = format!("{{\"value\":[\"{}\"]}}", "x".repeat(5 << 20));
    assert_eq!(post(address, "/hook", huge.as_bytes()).0, 413);
    for wrong in [
        "",
        "{",
        "[]",
        "{\"value\":[{\"subscriptionId\":7}]}",
        "\u{0}\u{1}",
    ] {
        assert_eq!(post(address, "/hook", wrong.as_bytes()).0, 400, "{wrong}");
    }
    assert_eq!(service::get(address, "/hook").0, 405);

    assert!(
        eventually(|| listening.out().len() >= 2),
        "{:?}\n{}",
        listening.out(),
        listening.err()
    );
    let copy = folder.copy();
    assert!(eventually(|| one::<i64>(
        &copy,
        "SELECT count(*) FROM Notifications WHERE state = 'done'"
    ) == 1));
    // Time enough for what must not happen.
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(
        listening.out(),
        [
            json!({"change": "created", "id": id, "kind": "Messages", "mailbox": "me"}),
            json!({"subject": "it came", "method": "delta"})
        ]
    );
    let told: Vec<String> = column(
        &copy,
        "SELECT concat_ws(' ', \"table\", UserId, changeType, times, state, error) FROM Notifications",
    );
    assert_eq!(told, ["Messages me created 3 done"]);
    let refused: Vec<String> = column(
        &copy,
        "SELECT reason || ' ' || times FROM o365_refused ORDER BY reason",
    );
    assert_eq!(refused, ["no such subscription 1", "wrong clientState 2"]);
    let kept: String = one(&copy, "SELECT notification FROM Notifications");
    assert!(!kept.contains(&own.state), "{kept}");
    listening.says("refused: 1 notifications of no subscription of ours, 2 with a wrong secret, 6 unreadable requests");
}

#[test]
fn what_becomes_of_a_subscription() {
    let (service, folder) = (Service::start(), Folder::new("lifecycle"));
    let (listening, address) = Listening::start(&service.connection(), &folder, &["Messages"]);
    listening.says("Messages of me: ");
    let own = service.only();
    assert_eq!(
        deliver(address, &[&own.lives("reauthorizationRequired")]),
        202
    );
    assert!(
        eventually(|| service.reauthorized() == [own.id.clone()]),
        "{}",
        listening.err()
    );

    // What was missed is read.
    let worker = signed_in(&service.server, "Readonly=false;CacheTTL=0");
    worker
        .execute_batch("INSERT INTO Messages(subject, body_content) VALUES ('missed', 'x')")
        .expect("a message");
    assert_eq!(deliver(address, &[&own.lives("missed")]), 202);
    let copy = folder.copy();
    let has = |subject: &str| {
        one::<i64>(
            &copy,
            &format!("SELECT count(*) FROM Messages WHERE subject = '{subject}'"),
        ) == 1
    };
    assert!(eventually(|| has("missed")), "{}", listening.err());

    // It is made again, with another secret, and what happened meanwhile is read.
    service.forget(&own.id);
    worker
        .execute_batch("INSERT INTO Messages(subject, body_content) VALUES ('meanwhile', 'x')")
        .expect("a message");
    assert_eq!(deliver(address, &[&own.lives("subscriptionRemoved")]), 202);
    assert!(
        eventually(|| has("meanwhile") && service.all().len() == 1),
        "{}",
        listening.err()
    );
    let new = service.only();
    assert!(new.id != own.id && new.state != own.state);
    // What the old one tells late is no longer heard.
    assert_eq!(deliver(address, &[&own.tells("created", "x", "1")]), 202);
    assert!(eventually(|| one::<i64>(
        &copy,
        "SELECT count(*) FROM o365_refused"
    ) == 1));
    let states: Vec<String> = column(
        &copy,
        "SELECT concat_ws(' ', lifecycleEvent, state, error) FROM Notifications ORDER BY seq",
    );
    assert_eq!(
        states,
        [
            "reauthorizationRequired done",
            "missed done",
            "subscriptionRemoved done"
        ]
    );
}

#[test]
fn what_is_told_before_the_subscription_is_known_is_heard() {
    let (service, folder) = (Service::start(), Folder::new("early"));
    service.is_hasty();
    let script = folder.path("script.sql");
    std::fs::write(&script, "SELECT :id AS id, :table AS kind;").expect("written");
    let more = ["Contacts", "Messages", "--exec", script.as_str()];
    let (listening, _address) = Listening::start(&service.connection(), &folder, &more);
    assert!(
        eventually(|| listening.out().len() == 2),
        "{}",
        listening.err()
    );
    let mut kinds: Vec<String> = listening
        .out()
        .iter()
        .map(|line| line["kind"].to_string())
        .collect();
    kinds.sort();
    assert_eq!(kinds, ["\"Contacts\"", "\"Messages\""]);
    let refused: i64 = one(&folder.copy(), "SELECT count(*) FROM o365_refused");
    assert_eq!(refused, 0);
}

#[test]
fn a_subscription_is_renewed_and_made_again() {
    let (service, folder) = (Service::start(), Folder::new("renewed"));
    service.lives_for(9);
    let (listening, _address) = Listening::start(&service.connection(), &folder, &["Contacts"]);
    listening.says("Contacts of me: ");
    let own = service.only();
    listening.says("(renewed)");
    assert_eq!(service.only().id, own.id);
    service.forget(&own.id);
    assert!(
        eventually(|| service.all().len() == 1),
        "{}",
        listening.err()
    );
    assert_ne!(service.only().id, own.id);
    assert_eq!(service.made(), 2);
}

#[test]
fn a_listener_that_was_killed_goes_on() {
    let (service, folder) = (Service::start(), Folder::new("killed"));
    let (listening, address) =
        Listening::start(&service.connection(), &folder, &["Messages", "Contacts"]);
    listening.says("Contacts of me: ");
    let first = service.all();
    assert_eq!(first.len(), 2);
    // Nobody else listens for the file meanwhile.
    let db = folder.path("copy.db");
    let connection = by_token(&service.server, "");
    let second = command::run(&[
        "listen",
        "--db",
        &db,
        "--url",
        "http://127.0.0.1:1/",
        "--bind",
        "127.0.0.1:0",
        "--connection",
        &connection,
    ]);
    assert_eq!(second.code, Some(2), "{}", second.err);
    assert!(
        second.err.contains("another process listens"),
        "{}",
        second.err
    );
    drop(listening);

    // It was ended while it acted on one, and before another one.
    let copy = folder.copy();
    for (state, id) in [("running", "a"), ("received", "b")] {
        copy.execute(
            "INSERT INTO Notifications(received, \"table\", UserId, changeType, id, subscriptionId, state, notification)
             VALUES (datetime(), 'Messages', 'me', 'updated', ?2, 'x', ?1, '{}')",
            [state, id],
        )
        .expect("written");
    }
    // One that it made and did not write down.
    service.leave_one(&first[0]);
    copy.execute(
        "UPDATE o365_subscriptions SET id = NULL WHERE id = ?1",
        [&first[0].id],
    )
    .expect("written");
    let worker = signed_in(&service.server, "Readonly=false;CacheTTL=0");
    worker
        .execute_batch(
            "INSERT INTO Messages(subject, body_content) VALUES ('while it was off', 'x')",
        )
        .expect("a message");
    let script = folder.path("script.sql");
    std::fs::write(&script, "SELECT :id AS id;").expect("written");
    let more = ["Messages", "Contacts", "--exec", script.as_str()];
    let listening = Listening::start_at(&service.connection(), &folder, address, &more);
    listening.says("1 notifications were being acted on when the listener before was ended");
    let off = "SELECT count(*) FROM Messages WHERE subject = 'while it was off'";
    assert!(
        eventually(|| one::<i64>(&copy, off) == 1),
        "{}",
        listening.err()
    );
    assert!(
        eventually(|| !listening.out().is_empty()),
        "{}",
        listening.err()
    );
    assert_eq!(listening.out(), [json!({"id": "b"})]);
    let states =
        "SELECT group_concat(id || ' ' || state) FROM (SELECT * FROM Notifications ORDER BY seq)";
    assert!(
        eventually(|| one::<String>(&copy, states) == "a failed,b done"),
        "{}",
        listening.err()
    );
    // No two for one resource: the leftovers are gone, the other one was kept.
    let mut resources: Vec<String> = service.all().into_iter().map(|own| own.resource).collect();
    resources.sort();
    assert_eq!(resources, ["me/contacts", "me/messages"]);
    assert!(service.all().iter().any(|own| own.id == first[1].id));
    drop(listening);

    let ended = command::run(&["listen", "--db", &db, "--end", "--connection", &connection]);
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (Some(0), ""),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("2 subscriptions ended"), "{}", ended.err);
    assert!(service.all().is_empty());
}

#[test]
fn a_busy_file_makes_the_sender_come_again() {
    let (service, folder) = (Service::start(), Folder::new("busy"));
    let (listening, address) = Listening::start(&service.connection(), &folder, &["Contacts"]);
    listening.says("Contacts of me: ");
    let own = service.only();
    let copy = folder.copy();
    copy.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let told = own.tells("updated", "x", "1");
    assert_eq!(deliver(address, &[&told]), 503);
    copy.execute_batch("ROLLBACK").expect("unlocked");
    assert_eq!(deliver(address, &[&told]), 202);
    assert!(eventually(|| one::<i64>(
        &copy,
        "SELECT count(*) FROM Notifications WHERE state = 'done'"
    ) == 1));
}

#[test]
fn what_cannot_be_is_refused() {
    let (service, folder) = (Service::start(), Folder::new("refused"));
    let db = folder.path("copy.db");
    let connection = by_token(&service.server, "MaxRetries=0");
    let run = |more: &[&str]| {
        let mut arguments = vec!["listen", "--db", &db, "--connection", &connection];
        arguments.extend(more);
        command::run(&arguments)
    };
    let url = ["--url", "http://127.0.0.1:1/", "--bind", "127.0.0.1:0"];
    for (more, code, text) in [
        (vec![], 2, "--url"),
        (
            vec!["--url", "http://example.com/"],
            2,
            "https addresses only",
        ),
        (
            vec!["--url", "https://example.com/", "--bind", "0.0.0.0:0"],
            2,
            "--beyond-loopback",
        ),
        (
            [url.as_slice(), &["SubscribedSkus"]].concat(),
            2,
            "Graph tells nobody of changes of SubscribedSkus",
        ),
        (
            [url.as_slice(), &["--exec", "/nowhere/x.sql"]].concat(),
            2,
            "cannot be read",
        ),
        // Nobody is there whom the service could ask.
        (url.to_vec(), 1, "is not watched"),
        (
            [url.as_slice(), &["--users", "SELECT nonsense"]].concat(),
            2,
            "nonsense",
        ),
    ] {
        let ended = run(&more);
        assert_eq!(ended.code, Some(code), "{more:?}: {}", ended.err);
        assert!(ended.err.contains(text), "{more:?}: {}", ended.err);
    }
    assert!(service.all().is_empty());
}
