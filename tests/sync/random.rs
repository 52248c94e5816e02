//! Somebody at work in the tenant, and rounds that break anywhere.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use office365::sync::Sync;
use rusqlite::Connection;

use crate::copies::{File, agree, own, rows, table};
use crate::support::server::{Act, Scripted};
use crate::support::{by_token, column, one, signed_in};

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
    /// Which kinds of things were done.
    done: BTreeSet<usize>,
}

impl Worker {
    fn new(server: &Scripted, seed: u64) -> Self {
        Self {
            connection: signed_in(server, "Readonly=false;CacheTTL=0"),
            dice: Dice(seed),
            count: 0,
            done: BTreeSet::new(),
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
        let (n, what) = (self.count, self.dice.roll(25));
        let (table, condition) = match what {
            2..=6 => ("Messages", "folder = 'drafts'"),
            8 | 9 => ("MailFolders", "displayName LIKE 'f%'"),
            11 | 12 => ("Contacts", "displayName LIKE 'x%'"),
            13..=15 => ("Files", "file_mimeType IS NOT NULL"),
            16 => ("TodoLists", "displayName LIKE 'x%'"),
            17 => ("Users", "mail IS NOT NULL"),
            18..=20 | 24 => ("Groups", "displayName LIKE 'x%'"),
            22 => ("Users", "displayName LIKE 'x%'"),
            23 => ("DeletedUsers", "displayName LIKE 'x%'"),
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
            21 => format!(
                "INSERT INTO Users(displayName, mailNickname, userPrincipalName, accountEnabled, passwordProfile_password) VALUES ('x{n}', 'x{n}', 'x{n}@contoso.com', 1, 'Contoso-2026')"
            ),
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
            23 => format!("SELECT RawRequest('directory/deletedItems/{it}/restore', 'POST')"),
            24 => format!(
                "DELETE FROM GroupMembers WHERE GroupId = '{it}' AND id IN (SELECT id FROM GroupMembers WHERE GroupId = '{it}' LIMIT 1)"
            ),
            14 => format!("UPDATE Files SET parentReference_id = '{there}' WHERE id = '{it}'"),
            16 => format!("INSERT INTO TodoTasks(TodoListId, title) VALUES ('{it}', 't{n}')"),
            _ => format!("DELETE FROM {table} WHERE id = '{it}'"),
        };
        self.done.insert(what);
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
            true => match seen.target.len() % 4 {
                0 => Act::Drop,
                1 => Act::Cut,
                2 if seen.target.contains("oken") => {
                    Act::refusal(410, "syncStateNotFound", Vec::new())
                }
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
        for _ in 0..20 {
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
    assert!(worker.done.len() >= 20, "only {:?} was done", worker.done);
}
