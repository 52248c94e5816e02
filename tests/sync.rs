//! Local copies: after each round the copy is the tenant, row by row, whatever happened in between.

mod command;
mod support;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use office365::catalog::{self, Table};
use office365::sqlite::host::open_plain;
use office365::sync::{Sync, USUAL, copy, hindrance, jobs, window};
use rusqlite::Connection;
use rusqlite::types::Value;
use support::server::{Act, Scripted};
use support::{by_token, column, failure, one, signed_in};

/// A copy's file, deleted with the value.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let file =
            Self(std::env::temp_dir().join(format!("office365-{}-{name}.db", std::process::id())));
        file.remove();
        file
    }

    fn remove(&self) {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let _gone = std::fs::remove_file(format!("{}{suffix}", self.0.display()));
        }
    }

    fn open(&self) -> Connection {
        let copied = open_plain(&self.0).expect("a copy");
        copied
            .execute_batch("PRAGMA query_only = ON")
            .expect("for reading");
        copied
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}

fn table(name: &str) -> &'static Table {
    catalog::table(name).expect("a table")
}

/// What a copy has of a table: all of it, or the rows of parents that can be asked.
fn copied_part(table: &Table) -> String {
    let (from, to) = window::now();
    let in_window = format!("WHERE start_dateTime >= '{from}' AND start_dateTime < '{to}'");
    let of_series =
        format!("{in_window} AND EventId IN (SELECT id FROM Events WHERE type = 'seriesMaster')");
    let unified = "WHERE GroupId IN (SELECT id FROM Groups WHERE groupTypes LIKE '%Unified%')";
    let parents = match table.name {
        "GroupMembers" => "WHERE GroupId IN (SELECT id FROM Groups)",
        "TodoTasks" => "WHERE TodoListId IN (SELECT id FROM TodoLists)",
        "CalendarView" => &in_window,
        "EventOccurrences" => &of_series,
        "Conversations" | "Threads" => unified,
        "Channels" => "WHERE TeamId IN (SELECT id FROM Teams)",
        _ => "",
    };
    parents.to_owned()
}

/// The rows of a table, each as a text, in order.
fn rows(connection: &Connection, table: &Table) -> Vec<String> {
    rows_where(connection, table, "")
}

fn rows_where(connection: &Connection, table: &Table, condition: &str) -> Vec<String> {
    let names: Vec<String> = copy::columns(table)
        .into_iter()
        .map(|column| format!("\"{}\"", table.columns[column].name()))
        .collect();
    let count = names.len();
    let sql = format!(
        "SELECT {} FROM {} {condition}",
        names.join(", "),
        table.name
    );
    let mut statement = connection.prepare(&sql).expect("prepared");
    let rows = statement.query_map([], |row| {
        (0..count)
            .map(|column| row.get::<_, Value>(column))
            .collect::<Result<Vec<_>, _>>()
    });
    let mut rows: Vec<String> = rows
        .expect("queried")
        .map(|row| format!("{:?}", row.expect("a row")))
        .collect();
    rows.sort();
    rows
}

#[track_caller]
fn agree(file: &File, live: &Connection, tables: &[&str]) {
    let copied = file.open();
    for name in tables {
        let own = rows(&copied, table(name));
        let other = rows_where(live, table(name), &copied_part(table(name)));
        let missing: Vec<&String> = other
            .iter()
            .filter(|row| own.binary_search(row).is_err())
            .collect();
        let extra: Vec<&String> = own
            .iter()
            .filter(|row| other.binary_search(row).is_err())
            .collect();
        assert!(
            missing.is_empty() && extra.is_empty() && own.len() == other.len(),
            "{name}: {} rows, {} in the tenant\nmissing {:#?}\nextra {:#?}",
            own.len(),
            other.len(),
            missing.iter().take(2).collect::<Vec<_>>(),
            extra.iter().take(2).collect::<Vec<_>>()
        );
    }
}

fn sync(file: &File, server: &Scripted) -> Sync {
    Sync::open(&file.0, &by_token(server, "")).expect("a copy")
}

fn own(name: &str) -> Option<&'static str> {
    copy::user_column(table(name)).map(|_| "me")
}

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

/// What changes from round to round.
const LIVELY: &[&str] = &[
    "Users",
    "Groups",
    "GroupMembers",
    "MailFolders",
    "Messages",
    "Events",
    "CalendarView",
    "Contacts",
    "Files",
    "TodoLists",
    "TodoTasks",
];

/// Numbers that can be had again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// Somebody at work in the tenant.
struct Worker {
    connection: Connection,
    dice: Dice,
    count: usize,
}

impl Worker {
    fn new(server: &Scripted, seed: u64) -> Self {
        Self {
            connection: signed_in(server, "Readonly=false;CacheTTL=0"),
            dice: Dice(seed),
            count: 0,
        }
    }

    /// One of the rows that a condition leaves.
    fn one_of(&mut self, table: &str, condition: &str) -> Option<String> {
        let sql = format!("SELECT id FROM {table} WHERE {condition} ORDER BY id");
        let ids: Vec<String> = column(&self.connection, &sql);
        let at = self.dice.roll(ids.len().max(1));
        ids.into_iter().nth(at)
    }

    /// Does one thing, if there is anything to do it with.
    fn work(&mut self) {
        self.count += 1;
        let (n, what) = (self.count, self.dice.roll(21));
        let (table, condition) = match what {
            2..=6 => ("Messages", "folder = 'drafts'"),
            8 | 9 => ("MailFolders", "displayName LIKE 'f%'"),
            11 | 12 => ("Contacts", "displayName LIKE 'x%'"),
            13..=15 => ("Files", "file_mimeType IS NOT NULL"),
            16 => ("TodoLists", "displayName LIKE 'x%'"),
            17 => ("Users", "mail IS NOT NULL"),
            18..=20 => ("Groups", "displayName LIKE 'x%'"),
            _ => ("Events", "subject LIKE 'x%'"),
        };
        let row = self.one_of(table, condition);
        let place = match what {
            4 => self.one_of("MailFolders", "displayName LIKE 'f%'"),
            19 => self.one_of("Users", "mail IS NOT NULL"),
            14 => self.one_of("Files", "folder_childCount IS NOT NULL"),
            _ => None,
        };
        let it = row.as_deref().unwrap_or_default();
        let there = place.as_deref().unwrap_or("archive");
        let sql = match what {
            0 => format!("INSERT INTO Messages(subject, body_content) VALUES ('x{n}', 'text {n}')"),
            7 => format!("INSERT INTO MailFolders(displayName) VALUES ('f{n}')"),
            10 => format!("INSERT INTO Contacts(displayName, givenName) VALUES ('x{n}', 'g{n}')"),
            18 | 19 if row.is_none() => format!(
                "INSERT INTO Groups(displayName, mailNickname, mailEnabled, securityEnabled) VALUES ('x{n}', 'x{n}', 0, 1)"
            ),
            16 if row.is_none() => format!("INSERT INTO TodoLists(displayName) VALUES ('x{n}')"),
            1 if row.is_none() => format!(
                "INSERT INTO Events(subject, start_dateTime, start_timeZone, end_dateTime, end_timeZone) VALUES ('x{n}', '2026-12-01 12:00', 'UTC', '2026-12-01 13:00', 'UTC')"
            ),
            _ if row.is_none() => return,
            1 => format!("UPDATE Events SET subject = 'x{n}' WHERE id = '{it}'"),
            2 | 3 => format!(
                "UPDATE Messages SET subject = 'y{n}', isRead = {} WHERE id = '{it}'",
                n % 2
            ),
            4 | 5 => format!("UPDATE Messages SET parentFolderId = '{there}' WHERE id = '{it}'"),
            8 => format!("UPDATE MailFolders SET displayName = 'f{n}' WHERE id = '{it}'"),
            11 => format!("UPDATE Contacts SET jobTitle = 'j{n}' WHERE id = '{it}'"),
            13 => format!("UPDATE Files SET name = 'x{n}.bin' WHERE id = '{it}'"),
            17 => format!(
                "UPDATE Users SET jobTitle = 'j{n}', officeLocation = NULL WHERE id = '{it}'"
            ),
            18 => format!("UPDATE Groups SET description = 'd{n}' WHERE id = '{it}'"),
            // Who is a member already stays one.
            19 => format!(
                "INSERT INTO GroupMembers(GroupId, id) SELECT '{it}', '{there}' WHERE '{there}' NOT IN (SELECT id FROM GroupMembers WHERE GroupId = '{it}')"
            ),
            14 => format!("UPDATE Files SET parentReference_id = '{there}' WHERE id = '{it}'"),
            16 => format!("INSERT INTO TodoTasks(TodoListId, title) VALUES ('{it}', 't{n}')"),
            _ => format!("DELETE FROM {table} WHERE id = '{it}'"),
        };
        self.connection
            .execute_batch(&sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// Random work between rounds, and rounds that break at a random request: the copy stays as it was, and the next
/// round brings it to the tenant.
#[test]
fn random_work_and_random_cuts_end_in_the_same_rows() {
    let fuse = Arc::new(AtomicIsize::new(-1));
    let burning = Arc::clone(&fuse);
    let server = Scripted::start(move |seen, _| {
        match seen.method == "GET"
            && burning.load(Ordering::SeqCst) >= 0
            && burning.fetch_sub(1, Ordering::SeqCst) == 0
        {
            false => Act::Pass,
            true => match seen.target.len() % 3 {
                0 => Act::Drop,
                1 => Act::Cut,
                _ => Act::refusal(500, "InternalServerError", Vec::new()),
            },
        }
    });
    let file = File::new("random");
    let live = signed_in(&server, "CacheTTL=0");
    let sync = Sync::open(&file.0, &by_token(&server, "MaxRetries=0")).expect("a copy");
    let mut worker = Worker::new(&server, 20_261_127);
    for name in LIVELY {
        sync.round(table(name), own(name)).expect("a round");
    }
    let mut broken = 0;
    for _ in 0..4 {
        for _ in 0..8 {
            worker.work();
        }
        for name in LIVELY {
            let before = rows(&file.open(), table(name));
            fuse.store(worker.dice.roll(12) as isize, Ordering::SeqCst);
            let outcome = sync.round(table(name), own(name));
            fuse.store(-1, Ordering::SeqCst);
            if let Err(error) = outcome {
                broken += 1;
                assert_eq!(rows(&file.open(), table(name)), before, "{name}: {error}");
                let told: String = one(
                    &file.open(),
                    &format!("SELECT error FROM o365_sync WHERE \"table\" = '{name}'"),
                );
                assert_eq!(told, error.to_string());
                sync.round(table(name), own(name)).expect("the next round");
            }
        }
        agree(&file, &live, LIVELY);
    }
    assert!(broken >= 8, "{broken} rounds were broken");
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

#[test]
fn the_command_copies_and_plain_sqlite_reads() {
    let file = File::new("command");
    let path = file.0.to_str().expect("UTF-8");
    let run = command::run(&["sync", path, "Messages", "MailFolders", "Events", "--demo"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
    assert!(
        run.err
            .contains("Messages of me: 1200 rows, 1200 new, 0 changed, 0 gone (delta)"),
        "{}",
        run.err
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path)
            .expect("a copy")
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "mail is nobody else's to read");
    }
    let again = command::run(&["sync", path, "Messages", "--demo", "-q"]);
    // Another process is another tenant: its tokens are the same, its answers too.
    assert_eq!((again.code, again.err.as_str()), (Some(0), ""));
    let copied = file.open();
    let found: i64 = one(
        &copied,
        "SELECT count(*) FROM MessageSearch s JOIN MessageTexts t ON t.rowid = s.rowid
           JOIN Messages m ON m.UserId = t.UserId AND m.id = t.id WHERE MessageSearch MATCH 'budget'",
    );
    assert!(found > 100, "{found}");
    let kinds: Vec<String> = column(
        &copied,
        "SELECT DISTINCT type FROM sqlite_schema ORDER BY 1",
    );
    assert_eq!(kinds, ["index", "table"], "nothing that needs this program");
    let related: i64 = one(
        &copied,
        "SELECT count(*) FROM pragma_foreign_key_list('Messages') WHERE \"table\" = 'MailFolders'",
    );
    assert_eq!(related, 2);
    let wrong = command::run(&["sync", path, "Nonsense", "--demo"]);
    assert_eq!(wrong.code, Some(2));
    let wrong = command::run(&["sync", path, "ScheduleAvailability", "--demo"]);
    assert!(
        wrong.err.contains("cannot be copied: it needs addresses"),
        "{}",
        wrong.err
    );
}

#[test]
fn mailboxes_that_fail_do_not_stop_the_others() {
    let file = File::new("mailboxes");
    let path = file.0.to_str().expect("UTF-8");
    let users = "SELECT 'adele@contoso.com' UNION ALL SELECT 'nobody@contoso.com' UNION ALL SELECT 'alex@contoso.com'";
    let run = command::run(&["sync", path, "MailFolders", "--users", users, "--demo"]);
    assert_eq!(run.code, Some(6), "{}", run.err);
    assert!(run.err.contains("ErrorInvalidUser"), "{}", run.err);
    let copied = file.open();
    let mailboxes: Vec<String> = column(
        &copied,
        "SELECT DISTINCT UserId FROM MailFolders ORDER BY 1",
    );
    assert_eq!(mailboxes, ["adele@contoso.com", "alex@contoso.com"]);
    let failed: Vec<String> = column(
        &copied,
        "SELECT mailbox FROM o365_sync WHERE error IS NOT NULL",
    );
    assert_eq!(failed, ["nobody@contoso.com"]);
    let error = failure(&copied, "INSERT INTO MailFolders(id) VALUES ('x')");
    assert!(error.contains("readonly"), "{error}");
}
