//! What a listener writes down: its subscriptions, and the notifications that it was told, in the file of the copy.
//!
//! Everything is on disk before it is acknowledged, and marked before it is acted on, so that a listener that was
//! ended goes on where it was and does nothing a second time.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::notification::{Received, same_secret};
use crate::sqlite::host;
use crate::sync::{now, written};

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS o365_subscriptions(
  resource TEXT NOT NULL PRIMARY KEY, mailbox TEXT NOT NULL, \"table\" TEXT NOT NULL, changeType TEXT NOT NULL,
  notificationUrl TEXT NOT NULL, secret TEXT NOT NULL, id TEXT UNIQUE, made \"TIMESTAMP(TEXT)\",
  expires \"TIMESTAMP(TEXT)\", error TEXT);
CREATE TABLE IF NOT EXISTS Notifications(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, received \"TIMESTAMP(TEXT)\" NOT NULL, \"table\" TEXT NOT NULL, UserId TEXT NOT NULL,
  changeType TEXT, id TEXT, resource TEXT, lifecycleEvent TEXT, subscriptionId TEXT NOT NULL, tenantId TEXT,
  times INTEGER NOT NULL DEFAULT 1, state TEXT NOT NULL, error TEXT, mark TEXT, notification JSON NOT NULL);
CREATE INDEX IF NOT EXISTS Notifications_waiting ON Notifications(state) WHERE state <> 'done';
CREATE INDEX IF NOT EXISTS Notifications_mark ON Notifications(mark);
CREATE INDEX IF NOT EXISTS Notifications_received ON Notifications(received);
CREATE TABLE IF NOT EXISTS o365_refused(
  reason TEXT PRIMARY KEY, times INTEGER NOT NULL, last \"TIMESTAMP(TEXT)\" NOT NULL);";

/// The file of a copy, with what a listener adds.
pub struct Book {
    file: Mutex<Connection>,
}

/// A subscription as it is written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// What is watched.
    pub resource: String,
    /// Whose mailbox or drive; empty for the tenant's.
    pub mailbox: String,
    /// The table whose rows change.
    pub table: String,
    /// The changes that are told.
    pub changes: String,
    /// Where they are told.
    pub url: String,
    /// The secret that proves it.
    pub secret: String,
    /// Its id at the service; none before it is known to be made.
    pub id: Option<String>,
    /// When it was made or renewed.
    pub made: Option<String>,
    /// When it ends.
    pub expires: Option<String>,
}

/// A notification that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Its number.
    pub seq: i64,
    /// When it came.
    pub received: String,
    /// The table whose rows changed.
    pub table: String,
    /// Whose mailbox or drive; empty for the tenant's.
    pub mailbox: String,
    /// `created`, `updated` or `deleted`.
    pub change: Option<String>,
    /// The id of what changed.
    pub id: Option<String>,
    /// The path of what changed.
    pub resource: Option<String>,
    /// What becomes of the subscription.
    pub lifecycle_event: Option<String>,
    /// Which subscription tells it.
    pub subscription: String,
    /// The tenant.
    pub tenant: Option<String>,
    /// As it came.
    pub json: String,
}

/// What becomes of a notification.
enum Verdict {
    /// It waits now.
    New,
    /// It was told before.
    Known(String, String),
    /// It is of no subscription of ours, or of one that has ended.
    Stranger,
    /// Its secret is wrong.
    Forged,
}

/// What a body held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// How many wait now.
    pub new: u64,
    /// What was told before: the table and the mailbox, to look at once more.
    pub known: Vec<(String, String)>,
    /// How many are of no subscription of ours.
    pub strange: u64,
    /// How many have a wrong secret.
    pub forged: u64,
}

/// A service tells again what was not acknowledged, for up to four hours (FACTS §3.5).
const TOLD_AGAIN: chrono::TimeDelta = chrono::TimeDelta::hours(5);

impl Book {
    /// Opens the file and makes what is missing of these tables.
    ///
    /// # Errors
    /// SQLite's.
    pub fn open(path: &Path) -> Result<Self> {
        let file = host::open_plain(path)?;
        // Half of what a sender waits for its answer (FACTS §3.5): then it is told to come again.
        file.busy_timeout(Duration::from_secs(5))?;
        file.execute_batch("PRAGMA synchronous = FULL")?;
        file.execute_batch(TABLES)?;
        Ok(Self {
            file: Mutex::new(file),
        })
    }

    /// Writes down what was told, all of it or nothing.
    ///
    /// # Errors
    /// When the file is busy for too long; the sender should come again.
    pub fn receive(&self, all: &[Received]) -> Result<Heard> {
        let mut file = self.file();
        let transaction =
            file.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut heard = Heard::default();
        for received in all {
            match judge(&transaction, received)? {
                Verdict::New => heard.new += 1,
                Verdict::Known(table, mailbox) => heard.known.push((table, mailbox)),
                Verdict::Stranger => heard.strange += 1,
                Verdict::Forged => heard.forged += 1,
            }
        }
        for (reason, times) in [
            ("no such subscription", heard.strange),
            ("wrong clientState", heard.forged),
        ] {
            if times > 0 {
                transaction.execute(
                    "INSERT INTO o365_refused VALUES (?1, ?2, ?3)
                     ON CONFLICT DO UPDATE SET times = times + excluded.times, last = excluded.last",
                    params![reason, times as i64, now()],
                )?;
            }
        }
        transaction.commit()?;
        Ok(heard)
    }

    /// What waits, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn waiting(&self) -> Result<Vec<Waiting>> {
        self.file()
            .prepare(
                "SELECT seq, received, \"table\", UserId, changeType, id, resource, lifecycleEvent, subscriptionId,
                        tenantId, notification
                   FROM Notifications WHERE state = 'received' ORDER BY seq",
            )?
            .query_map([], waiting)?
            .collect()
    }

    /// Marks a notification: it is acted on from now on, and never again by itself.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin(&self, seq: i64) -> Result<()> {
        self.set_state(seq, "running", None)
    }

    /// Marks what became of it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn end(&self, seq: i64, error: Option<&str>) -> Result<()> {
        let state = if error.is_some() { "failed" } else { "done" };
        self.set_state(seq, state, error)
    }

    fn set_state(&self, seq: i64, state: &str, error: Option<&str>) -> Result<()> {
        self.file()
            .execute(
                "UPDATE Notifications SET state = ?2, error = ?3 WHERE seq = ?1",
                params![seq, state, error],
            )
            .map(drop)
    }

    /// What was being acted on when a listener was ended; it is not begun again. Gives how many.
    ///
    /// # Errors
    /// SQLite's.
    pub fn give_up_what_ran(&self) -> Result<usize> {
        self.file().execute(
            "UPDATE Notifications SET state = 'failed', error = 'the listener was ended while it ran'
              WHERE state = 'running'",
            [],
        )
    }

    /// Forgets what was done before an instant.
    ///
    /// # Errors
    /// SQLite's.
    pub fn forget_before(&self, instant: &str) -> Result<usize> {
        self.file().execute(
            "DELETE FROM Notifications WHERE received < ?1 AND state IN ('done', 'failed')",
            [instant],
        )
    }

    /// The subscriptions.
    ///
    /// # Errors
    /// SQLite's.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>> {
        self.file()
            .prepare(
                "SELECT resource, mailbox, \"table\", changeType, notificationUrl, secret, id, made, expires
                   FROM o365_subscriptions ORDER BY resource",
            )?
            .query_map([], subscription)?
            .collect()
    }

    /// The subscription of an id.
    ///
    /// # Errors
    /// SQLite's.
    pub fn subscription(&self, id: &str) -> Result<Option<Subscription>> {
        self.file()
            .query_row(
                "SELECT resource, mailbox, \"table\", changeType, notificationUrl, secret, id, made, expires
                   FROM o365_subscriptions WHERE id = ?1",
                [id],
                subscription,
            )
            .optional()
    }

    /// Writes a subscription down; one of the same resource is replaced.
    ///
    /// # Errors
    /// SQLite's.
    pub fn keep(&self, own: &Subscription) -> Result<()> {
        self.file()
            .execute(
                "REPLACE INTO o365_subscriptions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)",
                params![
                    own.resource,
                    own.mailbox,
                    own.table,
                    own.changes,
                    own.url,
                    own.secret,
                    own.id,
                    own.made,
                    own.expires
                ],
            )
            .map(drop)
    }

    /// Notes why a subscription could not be made or renewed.
    ///
    /// # Errors
    /// SQLite's.
    pub fn note(&self, resource: &str, error: &str) -> Result<()> {
        self.file()
            .execute(
                "UPDATE o365_subscriptions SET error = ?2 WHERE resource = ?1",
                [resource, error],
            )
            .map(drop)
    }

    /// Strikes a subscription out.
    ///
    /// # Errors
    /// SQLite's.
    pub fn strike(&self, resource: &str) -> Result<()> {
        self.file()
            .execute(
                "DELETE FROM o365_subscriptions WHERE resource = ?1",
                [resource],
            )
            .map(drop)
    }

    fn file(&self) -> MutexGuard<'_, Connection> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose a notification may be.
#[derive(Clone)]
struct Owner {
    secret: String,
    table: String,
    mailbox: String,
    is_made: bool,
}

/// The subscription of an id; else those that are being made, whose id is not known yet: the service may tell of a
/// change before it has answered that there is a subscription.
fn owners(file: &Connection, id: &str) -> Result<Vec<Owner>> {
    let all: Vec<Owner> = file
        .prepare(
            "SELECT secret, \"table\", mailbox, id IS NOT NULL FROM o365_subscriptions
              WHERE id = ?1 OR (id IS NULL AND secret <> '') ORDER BY id IS NULL",
        )?
        .query_map([id], |row| {
            Ok(Owner {
                secret: row.get(0)?,
                table: row.get(1)?,
                mailbox: row.get(2)?,
                is_made: row.get(3)?,
            })
        })?
        .collect::<Result<_>>()?;
    match all.first() {
        Some(own) if own.is_made => Ok(vec![own.clone()]),
        _ => Ok(all),
    }
}

fn judge(file: &Connection, received: &Received) -> Result<Verdict> {
    let told = &received.notification;
    let owns = owners(file, &told.subscription_id)?;
    if owns.is_empty() {
        return Ok(Verdict::Stranger);
    }
    let is_right = |own: &&Owner| {
        let state = told.client_state.as_deref();
        state.is_some_and(|state| same_secret(&own.secret, state))
    };
    let Some(Owner { table, mailbox, .. }) = owns.iter().find(is_right).cloned() else {
        let is_known = owns.iter().any(|own| own.is_made);
        return Ok(if is_known {
            Verdict::Forged
        } else {
            Verdict::Stranger
        });
    };
    let mark = told.mark();
    // Told again: by its mark, or, where it has none, in the words of one that is still waiting.
    let again = file.execute(
        "UPDATE Notifications SET times = times + 1
          WHERE (mark = ?1 AND received >= ?7) OR (?1 IS NULL AND state = 'received' AND mark IS NULL AND subscriptionId = ?2
                              AND changeType IS ?3 AND lifecycleEvent IS ?4 AND resource IS ?5 AND id IS ?6)",
        params![
            mark, told.subscription_id, told.change_type, told.lifecycle_event, told.resource, told.item(),
            written(chrono::Utc::now() - TOLD_AGAIN)
        ],
    )?;
    if again > 0 {
        return Ok(Verdict::Known(table, mailbox));
    }
    file.execute(
        "INSERT INTO Notifications(received, \"table\", UserId, changeType, id, resource, lifecycleEvent, subscriptionId,
                                   tenantId, state, mark, notification)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'received', ?10, ?11)",
        params![
            now(), table, mailbox, told.change_type, told.item(), told.resource, told.lifecycle_event,
            told.subscription_id, told.tenant_id, mark, received.json
        ],
    )?;
    Ok(Verdict::New)
}

fn waiting(row: &Row<'_>) -> Result<Waiting> {
    Ok(Waiting {
        seq: row.get(0)?,
        received: row.get(1)?,
        table: row.get(2)?,
        mailbox: row.get(3)?,
        change: row.get(4)?,
        id: row.get(5)?,
        resource: row.get(6)?,
        lifecycle_event: row.get(7)?,
        subscription: row.get(8)?,
        tenant: row.get(9)?,
        json: row.get(10)?,
    })
}

fn subscription(row: &Row<'_>) -> Result<Subscription> {
    Ok(Subscription {
        resource: row.get(0)?,
        mailbox: row.get(1)?,
        table: row.get(2)?,
        changes: row.get(3)?,
        url: row.get(4)?,
        secret: row.get(5)?,
        id: row.get(6)?,
        made: row.get(7)?,
        expires: row.get(8)?,
    })
}
