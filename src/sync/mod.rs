//! Local copies that stay fresh: real tables of the same names and columns in a database file, brought up to date
//! in rounds.
//!
//! A round reads with the live tables, in SQL, and writes the copy in one transaction for each table of a mailbox:
//! readers see the round before or this one, and a round that was interrupted begins again.

mod apply;
pub mod copy;
mod delta;
pub(crate) mod full;
pub mod jobs;
mod paths;
mod prune;
mod search;
mod signal;
mod stage;
mod views;
pub mod window;

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;

use rusqlite::Connection;

use crate::catalog::changes::{CHANGES, Changes, Keeps};
use crate::catalog::{self, Table};
use crate::error::{Error, Kind, Result};
use crate::graph::fault;
use crate::sqlite::Live;

/// Tables that are copied where none are named: what most questions are about, without costly or private ones.
pub const USUAL: &[&str] = &[
    "Users",
    "Groups",
    "GroupMembers",
    "SubscribedSkus",
    "MailFolders",
    "Messages",
    "Calendars",
    "Events",
    "ContactFolders",
    "Contacts",
    "Files",
    "TodoLists",
    "TodoTasks",
];

/// How a table is brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Graph tells what changed.
    Delta,
    /// Everything is read, and compared.
    Full,
}

impl Method {
    /// What `o365_sync` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delta => "delta",
            Self::Full => "full",
        }
    }
}

/// What a round did to one table of one mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// How.
    pub method: Method,
    /// Rows now.
    pub rows: i64,
    /// Rows that are new.
    pub added: i64,
    /// Rows that have other values.
    pub changed: i64,
    /// Rows that are gone.
    pub removed: i64,
}

/// A copy, and the connection that it is made from.
pub struct Sync {
    /// Where the live tables are.
    pub live: Live,
    copy: Connection,
    /// Tables of mailboxes that were brought up to date by this very process: their keys need not be asked for.
    fresh: RefCell<HashSet<(&'static str, String)>>,
}

impl Sync {
    /// Opens a copy, which is made if it is not there.
    ///
    /// # Errors
    /// A connection property that is wrong, or a file that cannot be written.
    pub fn open(file: &Path, connection: &str) -> Result<Self> {
        Ok(Self {
            live: Live::open(connection)?,
            copy: copy::open(file)?,
            fresh: RefCell::default(),
        })
    }

    /// Whether the copy has a table of a mailbox.
    ///
    /// # Errors
    /// A copy that cannot be read.
    pub fn has(&self, table: &Table, mailbox: Option<&str>) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM o365_sync WHERE \"table\" = ?1 AND mailbox = ?2)";
        self.copy
            .query_row(sql, [table.name, mailbox.unwrap_or("")], |row| row.get(0))
            .map_err(|error| copy::trouble(&error))
    }

    /// Brings one table of one mailbox up to date; tables of the tenant have none.
    ///
    /// # Errors
    /// Graph's refusal, an interrupt, or a copy that cannot be written; the copy stays as it was, and `o365_sync`
    /// says why.
    pub fn round(&self, table: &'static Table, mailbox: Option<&str>) -> Result<Done> {
        let outcome = self
            .prepare(table)
            .and_then(|()| self.attempt(table, mailbox));
        let unit = (table.name, mailbox.unwrap_or("").to_owned());
        match &outcome {
            Ok(_) => {
                self.fresh.borrow_mut().insert(unit);
            }
            Err(error) => {
                self.fresh.borrow_mut().remove(&unit);
                self.note_failure(table, mailbox, error)?;
            }
        }
        outcome
    }

    /// A table that is known to be nowhere: it is not asked for, and `o365_sync` says so.
    fn leave_out(&self, table: &Table, mailbox: Option<&str>, error: Error) -> Result<Done> {
        self.note_failure(table, mailbox, &error)?;
        Err(error)
    }

    /// The table and what belongs to it, made where it is not there.
    fn prepare(&self, table: &'static Table) -> Result<()> {
        let _turn = copy::turn();
        let is_new = copy::make(&self.copy, table)?;
        search::prepare(&self.copy, table)
            .and_then(|()| match is_new {
                true => views::make(&self.copy),
                false => Ok(()),
            })
            .map_err(|error| copy::trouble(&error))
    }

    fn attempt(&self, table: &'static Table, mailbox: Option<&str>) -> Result<Done> {
        let Some(changes) = changes_of(table) else {
            return self.whole(table, mailbox);
        };
        let told = match changes.keeps {
            Keeps::Signal => self.by_signal(changes, mailbox),
            _ => self.by_changes(changes, mailbox),
        };
        match told {
            // A service that does not tell changes is read whole.
            Err(error) if fault::is_unknown_way(&error) && has_mailbox(&error) => {
                self.whole(table, mailbox)
            }
            outcome => outcome,
        }
    }

    /// A new round of all tables begins: what was read in the one before may have changed.
    pub fn begin(&self) {
        self.fresh.borrow_mut().clear();
    }

    fn note_failure(&self, table: &Table, mailbox: Option<&str>, error: &Error) -> Result<()> {
        let next = match error.kind {
            Kind::Interrupted => "run again: nothing of this round was kept".to_owned(),
            _ => error.next.clone().unwrap_or_else(|| "run again".to_owned()),
        };
        let method = changes_of(table).map_or(Method::Full, |_| Method::Delta);
        let _turn = copy::turn();
        self.copy
            .execute(
                "INSERT INTO o365_sync(\"table\", mailbox, method, last_run, next_step, error)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET last_run = excluded.last_run, next_step = excluded.next_step,
                                           error = excluded.error",
                rusqlite::params![
                    table.name,
                    mailbox.unwrap_or(""),
                    method.name(),
                    now(),
                    next,
                    error.to_string()
                ],
            )
            .map(drop)
            .map_err(|error| copy::trouble(&error))
    }

    /// Records a round in the transaction that ends it.
    fn note_success(
        &self,
        table: &Table,
        mailbox: Option<&str>,
        done: &Done,
    ) -> rusqlite::Result<()> {
        let since = match done.method {
            Method::Delta => Some(now()),
            Method::Full => None,
        };
        self.copy
            .execute(
                "INSERT INTO o365_sync VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'run again to see what changed', NULL)
                 ON CONFLICT DO UPDATE SET method = excluded.method, rows = excluded.rows, added = excluded.added,
                   changed = excluded.changed, removed = excluded.removed, token_since = excluded.token_since,
                   last_run = excluded.last_run, next_step = excluded.next_step, error = NULL",
                rusqlite::params![
                    table.name,
                    mailbox.unwrap_or(""),
                    done.method.name(),
                    done.rows,
                    done.added,
                    done.changed,
                    done.removed,
                    since,
                    now()
                ],
            )
            .map(drop)
    }
}

/// Whether it is not the mailbox that is missing.
fn has_mailbox(error: &Error) -> bool {
    error.status() != Some(404) || fault::is_absent(error)
}

/// Now, as the tables write instants.
pub fn now() -> String {
    written(chrono::Utc::now())
}

/// An instant as the tables write it.
pub fn written(instant: chrono::DateTime<chrono::Utc>) -> String {
    instant.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// How Graph tells the changes of a table, where that is enough to keep a copy.
pub fn changes_of(table: &Table) -> Option<&'static Changes> {
    CHANGES
        .iter()
        .copied()
        .find(|changes| changes.table.name == table.name && changes.keeps != Keeps::Nothing)
}

/// Why a table cannot be copied; nothing when it can.
pub fn hindrance(table: &'static Table) -> Option<String> {
    let asked = full::Parents::of(table);
    let missing = catalog::required(table)
        .into_iter()
        .find(|position| !asked.give(*position));
    missing.map(|position| {
        let name = table.columns[position].name();
        format!("it needs {name}, which no other table gives")
    })
}
