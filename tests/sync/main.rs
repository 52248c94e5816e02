//! Local copies: after each round the copy is the tenant, row by row, whatever happened in between.

#[path = "../command/mod.rs"]
mod command;
mod command_line;
mod copies;
mod random;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use copies::{File, agree, own, rows, sync, table};
use office365::catalog::{self, Table};
use office365::sync::{Sync, USUAL, hindrance, jobs};
use support::server::{Act, Scripted};
use support::{one, signed_in};

#[test]
fn the_copy_is_the_tenant_row_by_row() {
    let (server, file) = (Scripted::honest(), File::new("all"));
    let live = signed_in(&server, "CacheTTL=0");
    let sync = sync(&file, &server);
    for name in USUAL {
        let done = sync.round(table(name), own(name)).expect("a round");
        assert_eq!(
            (done.added, done.changed, done.removed),
            (done.rows, 0, 0),
            "{name}"
        );
    }
    agree(&file, &live, USUAL);
    // Without it the paths of a large drive take hours.
    let tree: i64 = one(
        &file.open(),
        "SELECT count(*) FROM pragma_index_list('Files') WHERE name = 'Files_tree'",
    );
    assert_eq!(tree, 1);
    for name in USUAL {
        let done = sync.round(table(name), own(name)).expect("a round");
        assert_eq!(
            (done.added, done.changed, done.removed),
            (0, 0, 0),
            "{name}"
        );
    }
    agree(&file, &live, USUAL);
}

/// A token that was forgotten: everything is told again, and no row is lost or doubled.
#[test]
fn a_forgotten_token_begins_anew() {
    let forgetful = Arc::new(AtomicIsize::new(0));
    let count = Arc::clone(&forgetful);
    let server = Scripted::start(move |seen, _| {
        let goes_on = seen.target.contains("deltatoken") || seen.target.contains("token=");
        match goes_on && count.load(Ordering::SeqCst) > 0 {
            true => {
                count.fetch_sub(1, Ordering::SeqCst);
                Act::refusal(410, "syncStateNotFound", Vec::new())
            }
            false => Act::Pass,
        }
    });
    let file = File::new("forgotten");
    let live = signed_in(&server, "CacheTTL=0");
    let sync = sync(&file, &server);
    for name in ["Messages", "Files"] {
        sync.round(table(name), own(name)).expect("a round");
        live.execute_batch("SELECT o365_connect('Readonly=false')")
            .expect("connected");
        let change = match name {
            "Messages" => {
                "DELETE FROM Messages WHERE id = (SELECT id FROM Messages WHERE folder = 'drafts' LIMIT 1)"
            }
            _ => {
                "DELETE FROM Files WHERE id = (SELECT id FROM Files WHERE file_mimeType IS NOT NULL LIMIT 1)"
            }
        };
        live.execute_batch(change).expect("changed");
        forgetful.store(3, Ordering::SeqCst);
        let done = sync.round(table(name), own(name)).expect("a round");
        // A message goes to Deleted Items.
        assert!(done.removed + done.changed >= 1, "{done:?}");
        agree(&file, &live, &[name]);
    }
}

/// Graph leaves out what was never set: no row is asked for by itself because of it, and it is NULL.
#[test]
fn what_a_first_round_leaves_out_is_null() {
    let server = Scripted::start(|seen, _| {
        match seen.target.contains("delta") && !seen.target.contains("deltatoken") {
            true => Act::Terse,
            false => Act::Pass,
        }
    });
    let file = File::new("terse");
    let live = signed_in(&server, "CacheTTL=0");
    let sync = sync(&file, &server);
    let told = [
        "Users",
        "Groups",
        "Files",
        "TodoLists",
        "TodoTasks",
        "Contacts",
    ];
    for name in told {
        let before = server.graph().len();
        let done = sync.round(table(name), own(name)).expect("a round");
        let requests = server.graph().len() - before;
        // A page has ten rows at the least.
        assert!(
            requests as i64 <= done.rows / 10 + 8,
            "{name}: {requests} requests for {} rows",
            done.rows
        );
    }
    agree(&file, &live, &told);
}

/// Tables that are asked by the keys of others, which have such a collection or not, or are asked by keys themselves.
#[test]
fn tables_of_parents_are_copied_whole() {
    let (server, file) = (Scripted::honest(), File::new("parents"));
    let live = signed_in(&server, "CacheTTL=0");
    let sync = sync(&file, &server);
    let asked = [
        "EventOccurrences",
        "Conversations",
        "Threads",
        "Teams",
        "Channels",
        "ChannelMessages",
        "Posts",
    ];
    for name in asked {
        let done = sync.round(table(name), own(name)).expect(name);
        assert!(done.rows > 0, "{name}");
    }
    // Teams of a mailbox are those that its user has joined.
    let asked_alike = ["EventOccurrences", "Conversations", "Threads", "Channels"];
    agree(&file, &live, &asked_alike);
    // Which message is of which channel of which team is told by the channels.
    let copied = file.open();
    for (name, parents, same) in [
        (
            "ChannelMessages",
            "Channels",
            "t.ChannelId = p.id AND t.TeamId = p.TeamId",
        ),
        (
            "Posts",
            "Threads",
            "t.ThreadId = p.id AND t.GroupId = p.GroupId",
        ),
    ] {
        let orphans = format!(
            "SELECT count(*) FROM {name} t WHERE NOT EXISTS (SELECT 1 FROM {parents} p WHERE {same})"
        );
        assert_eq!(one::<i64>(&copied, &orphans), 0, "{name}");
        let (column, other) = match name {
            "Posts" => ("ThreadId", "GroupId"),
            _ => ("ChannelId", "TeamId"),
        };
        let parent: String = one(&copied, &format!("SELECT {column} FROM {name} LIMIT 1"));
        let of = format!("SELECT count(*) FROM {name} WHERE {column} = '{parent}'");
        let owner: String = one(
            &copied,
            &format!("SELECT {other} FROM {name} WHERE {column} = '{parent}' LIMIT 1"),
        );
        let live: i64 = one(&live, &format!("{of} AND {other} = '{owner}'"));
        assert_eq!(one::<i64>(&copied, &of), live, "{name}");
    }
    let not: Vec<&str> = catalog::ALL
        .iter()
        .filter(|table| hindrance(table).is_some())
        .map(|table| table.name)
        .collect();
    assert_eq!(not, ["ScheduleAvailability"]);
}

#[test]
fn while_nothing_changes_a_calendar_and_contacts_are_one_request() {
    let (server, file) = (Scripted::honest(), File::new("quiet"));
    let sync = sync(&file, &server);
    let writer = signed_in(&server, "Readonly=false;CacheTTL=0");
    for (name, change, expected) in [
        (
            "CalendarView",
            "INSERT INTO Events(subject, start_dateTime, start_timeZone, end_dateTime, end_timeZone)
               VALUES ('soon', datetime('now', '+9 days'), 'UTC', datetime('now', '+10 days'), 'UTC')",
            (1, 0, 0),
        ),
        (
            "Contacts",
            "UPDATE Contacts SET jobTitle = 'new' WHERE id = (SELECT id FROM Contacts LIMIT 1)",
            (0, 1, 0),
        ),
    ] {
        sync.round(table(name), own(name)).expect("a round");
        let before = server.graph().len();
        let done = sync.round(table(name), own(name)).expect("a round");
        assert_eq!(
            (done.method.name(), done.added, done.changed, done.removed),
            ("delta", 0, 0, 0),
            "{name}"
        );
        assert_eq!(server.graph().len() - before, 1, "{name}");
        writer.execute_batch(change).expect("changed");
        let done = sync.round(table(name), own(name)).expect("a round");
        assert_eq!(
            (done.added, done.changed, done.removed),
            expected,
            "{name}"
        );
        agree(&file, &writer, &[name]);
    }
}

/// Several mailboxes, several workers: the same rows as one after the other, and the reports as views.
#[test]
fn workers_side_by_side_make_the_same_copy() {
    let server = Scripted::honest();
    let (one_by_one, together) = (File::new("one"), File::new("four"));
    let mailboxes =
        ["adele@contoso.com", "alex@contoso.com", "megan@contoso.com"].map(str::to_owned);
    let tables: Vec<&'static Table> = USUAL.iter().map(|name| table(name)).collect();
    for (file, count) in [(&one_by_one, 1), (&together, 4)] {
        let mut workers: Vec<Sync> = (0..count).map(|_| sync(file, &server)).collect();
        let mut failed = Vec::new();
        let interrupted = jobs::run(&mut workers, jobs::jobs(&tables, &mailboxes), &mut |told| {
            failed.extend(told.outcome.err().map(|error| error.to_string()));
        });
        assert!(!interrupted && failed.is_empty(), "{failed:?}");
    }
    let (left, right) = (one_by_one.open(), together.open());
    for name in USUAL {
        assert_eq!(
            rows(&left, table(name)),
            rows(&right, table(name)),
            "{name}"
        );
    }
    let with: i64 = one(&right, "SELECT count(*) FROM UsersWithLicenses");
    let without: i64 = one(&right, "SELECT count(*) FROM UsersWithoutLicenses");
    let all: i64 = one(&right, "SELECT count(*) FROM Users");
    assert!(with > 0 && without > 0 && with + without == all);
}

#[test]
fn an_empty_round_costs_a_request_for_each_token() {
    let (server, file) = (Scripted::honest(), File::new("empty"));
    let sync = sync(&file, &server);
    // Folders that have just been read need not be asked for.
    sync.round(table("MailFolders"), own("MailFolders"))
        .expect("a round");
    for name in ["Files", "Messages"] {
        sync.round(table(name), own(name)).expect("a round");
        let before = server.graph().len();
        sync.round(table(name), own(name)).expect("a round");
        let all = server.graph();
        let (told, other): (Vec<_>, Vec<_>) = all[before..]
            .iter()
            .partition(|seen| seen.target.contains("token"));
        let tokens: i64 = one(
            &file.open(),
            &format!("SELECT count(*) FROM o365_sync_tokens WHERE \"table\" = '{name}'"),
        );
        assert_eq!(told.len() as i64, tokens, "{name}");
        assert_eq!(other.len(), 0, "{name}");
    }
}
