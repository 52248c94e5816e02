//! Copies, and what they are compared with.

use std::path::PathBuf;

use office365::catalog::{self, Table};
use office365::sqlite::host::open_plain;
use office365::sync::{Sync, copy, window};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::support::by_token;
use crate::support::server::Scripted;

/// A copy's file, deleted with the value.
pub struct File(pub PathBuf);

impl File {
    pub fn new(name: &str) -> Self {
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

    pub fn open(&self) -> Connection {
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

pub fn table(name: &str) -> &'static Table {
    catalog::table(name).expect("a table")
}

/// What a copy has of a table: all of it, or the rows of parents that can be asked.
pub fn copied_part(table: &Table) -> String {
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
pub fn rows(connection: &Connection, table: &Table) -> Vec<String> {
    rows_where(connection, table, "")
}

pub fn rows_where(connection: &Connection, table: &Table, condition: &str) -> Vec<String> {
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
pub fn agree(file: &File, live: &Connection, tables: &[&str]) {
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

pub fn sync(file: &File, server: &Scripted) -> Sync {
    Sync::open(&file.0, &by_token(server, "")).expect("a copy")
}

pub fn own(name: &str) -> Option<&'static str> {
    copy::user_column(table(name)).map(|_| "me")
}
