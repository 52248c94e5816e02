//! The copy's own tables: made from the catalogue, with keys, relations and indexes that the live ones cannot have.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::catalog::{self, Column, Mode, Owner, Source, Table, Type};
use crate::error::{Error, Kind, Result};
use crate::private_file;
use crate::sqlite::entries::quoted;
use crate::sqlite::table::declared_type;

/// What a round remembers of itself. Every table of a copy has rowids: DuckDB's scanner asks for them.
const STATE: &str = "
CREATE TABLE IF NOT EXISTS o365_sync(
  \"table\" TEXT NOT NULL, mailbox TEXT NOT NULL, method TEXT NOT NULL, rows INTEGER, added INTEGER, changed INTEGER,
  removed INTEGER, token_since \"TIMESTAMP(TEXT)\", last_run \"TIMESTAMP(TEXT)\", next_step TEXT NOT NULL, error TEXT,
  PRIMARY KEY (\"table\", mailbox));
CREATE TABLE IF NOT EXISTS o365_sync_tokens(
  \"table\" TEXT NOT NULL, mailbox TEXT NOT NULL, parent TEXT NOT NULL, token TEXT NOT NULL,
  PRIMARY KEY (\"table\", mailbox, parent));";

/// Opens the copy, and makes what is missing of its bookkeeping.
///
/// # Errors
/// When the file cannot be written, or is no database.
pub fn open(path: &std::path::Path) -> Result<Connection> {
    let trouble = |error: rusqlite::Error| {
        Error::new(Kind::Usage, format!("{}: {error}", path.display()))
            .next("Name a database file that you may write to")
    };
    // Mail is nobody else's to read: a new file is its owner's alone, and so are those that SQLite puts beside it.
    private_file::append(path).map_err(|error| {
        Error::usage(format!("{}: {error}", path.display()))
            .next("Name a database file that you may write to")
    })?;
    let copy = crate::sqlite::host::open_plain(path).map_err(trouble)?;
    copy.busy_timeout(std::time::Duration::from_secs(30))
        .map_err(trouble)?;
    // Readers see the round before until the next one is whole.
    // Relations tell tools how tables hang together; a row may be here before what it refers to.
    // 16 MiB of pages: the keys and the full-text index of a large mailbox are read again and again.
    copy.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -16384",
    )
    .map_err(trouble)?;
    copy.execute_batch(STATE).map_err(trouble)?;
    Ok(copy)
}

/// Waits until no other worker of this process writes: SQLite has one writer, and its own waiting is neither fair nor
/// without end.
pub fn turn() -> MutexGuard<'static, ()> {
    static WRITER: Mutex<()> = Mutex::new(());
    WRITER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The transaction that a round ends with.
pub struct Writing<'a> {
    // Before the turn is somebody else's it is over.
    transaction: Transaction<'a>,
    _turn: MutexGuard<'static, ()>,
}

impl Writing<'_> {
    /// Makes it visible.
    ///
    /// # Errors
    /// SQLite's.
    pub fn commit(self) -> rusqlite::Result<()> {
        self.transaction.commit()
    }
}

/// Begins the transaction that a round ends with.
///
/// # Errors
/// When somebody else writes for too long.
pub fn begin(copy: &Connection) -> rusqlite::Result<Writing<'_>> {
    let turn = turn();
    Ok(Writing {
        transaction: Transaction::new_unchecked(copy, TransactionBehavior::Immediate)?,
        _turn: turn,
    })
}

/// The columns of a table that the copy has, as their positions: all that `SELECT *` gives.
pub fn columns(table: &Table) -> Vec<usize> {
    (0..table.columns.len())
        .filter(|position| !table.columns[*position].hidden)
        .collect()
}

/// The columns of the copy's primary key; none where nothing tells rows apart.
pub fn key(table: &Table) -> Vec<usize> {
    let mut key = catalog::key(table);
    if table.key.is_empty() || key.is_empty() {
        return Vec::new();
    }
    // Ids of two mailboxes may meet where a mailbox is shared.
    if let (Owner::Mailbox | Owner::Drive, Some(user)) = (table.owner, user_column(table)) {
        key.insert(0, user);
    }
    key.dedup();
    key
}

/// The column that tells whose mailbox or drive a row is of.
pub fn user_column(table: &Table) -> Option<usize> {
    let has_owner = table.routes.iter().any(catalog::Route::has_owner);
    table
        .named("UserId")
        .filter(|column| has_owner && !table.columns[*column].hidden)
        .filter(|column| matches!(table.columns[*column].source, Source::Input(_)))
}

/// Makes a table of the copy, with its indexes, where it is not there. Gives whether it was not.
///
/// # Errors
/// SQLite's, or a table of another shape with this name.
pub fn make(copy: &Connection, table: &Table) -> Result<bool> {
    let there: Vec<String> = copy
        .prepare("SELECT name FROM pragma_table_info(?1)")
        .and_then(|mut statement| {
            statement
                .query_map([table.name], |row| row.get(0))?
                .collect()
        })
        .map_err(|error| trouble(&error))?;
    let wanted: Vec<String> = columns(table)
        .into_iter()
        .map(|position| table.columns[position].name())
        .collect();
    if !there.is_empty() && there != wanted {
        return Err(
            Error::usage(format!("the file has another table {}", table.name))
                .next("Name another file; this one was changed, or made by another version"),
        );
    }
    copy.execute_batch(&definition(table))
        .map(|()| there.is_empty())
        .map_err(|error| trouble(&error))
}

fn definition(table: &Table) -> String {
    let name = |position: &usize| quoted(&table.columns[*position].name());
    let mut parts: Vec<String> = columns(table)
        .iter()
        .map(|position| {
            format!(
                "{} {}",
                name(position),
                declared_type(table.columns[*position].ty)
            )
        })
        .collect();
    let key: Vec<String> = key(table).iter().map(name).collect();
    if !key.is_empty() {
        parts.push(format!("PRIMARY KEY ({})", key.join(", ")));
    }
    parts.extend(
        catalog::relations(table).filter_map(|(column, other)| relation(table, column, other)),
    );
    let mut sql = format!(
        "CREATE TABLE IF NOT EXISTS {}(\n  {});\n",
        table.name,
        parts.join(",\n  ")
    );
    if let Some(tree) = tree(table) {
        sql.push_str(&tree);
    }
    for position in columns(table) {
        let column = &table.columns[position];
        let is_asked = column.ty == Type::Instant && column.sort != Mode::No;
        if is_asked || column.references.is_some() {
            let column = column.name();
            sql.push_str(&format!(
                "CREATE INDEX IF NOT EXISTS {} ON {}({});\n",
                quoted(&format!("{}_{column}", table.name)),
                table.name,
                quoted(&column)
            ));
        }
    }
    sql
}

/// The index by which the paths of files are put together, folder by folder.
fn tree(table: &Table) -> Option<String> {
    let has_path = table
        .columns
        .iter()
        .any(|column| column.source == Source::DrivePath);
    let parent = table.property("parentReference/id").filter(|_| has_path)?;
    let keys: Vec<String> = user_column(table)
        .into_iter()
        .chain([parent])
        .map(|position| quoted(&table.columns[position].name()))
        .collect();
    Some(format!(
        "CREATE INDEX IF NOT EXISTS \"{0}_tree\" ON {0}({1});\n",
        table.name,
        keys.join(", ")
    ))
}

/// A relation, where the other table's key is the same user and one value.
fn relation(table: &Table, column: &Column, other: &Table) -> Option<String> {
    if column.hidden || key(other).is_empty() {
        return None;
    }
    let own = quoted(&column.name());
    let other_key = key(other);
    let names: Vec<String> = other_key
        .iter()
        .map(|position| quoted(&other.columns[*position].name()))
        .collect();
    let with_user = user_column(table).is_some() && user_column(other).is_some();
    let from = match (names.len(), with_user) {
        (1, _) => own,
        (2, true) => format!("\"UserId\", {own}"),
        _ => return None,
    };
    Some(format!(
        "FOREIGN KEY ({from}) REFERENCES {}({})",
        other.name,
        names.join(", ")
    ))
}

/// What SQLite says, as an error of ours.
pub fn trouble(error: &rusqlite::Error) -> Error {
    Error::new(Kind::Internal, format!("the copy: {error}"))
}
