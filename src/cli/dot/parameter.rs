//! `.parameter`: values for the `?1`, `:name`, `@name` and `$name` of the statements that follow.
//!
//! They stand in `temp.sqlite_parameters`, as in the sqlite3 shell, so that SQL can set them too.

use std::io::Write;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Result, Statement};

use super::{Call, Command};
use crate::cli::exit::Flow;
use crate::cli::report;
use crate::cli::session::Session;

pub const COMMANDS: &[Command] = &[Command {
    name: ".parameter",
    aliases: &[],
    usage: "list|clear|unset NAME|set NAME VALUE",
    doc: "Set values for the parameters of statements; a value is an SQL expression, or else a text.",
    run: parameter,
}];

/// The name is SQLite's own, which takes a moment of leave.
const MADE: &str = "PRAGMA writable_schema = ON;
    CREATE TABLE IF NOT EXISTS temp.sqlite_parameters(
        key TEXT PRIMARY KEY, value) WITHOUT ROWID;
    PRAGMA writable_schema = OFF";

fn parameter(session: &mut Session, call: &Call<'_>) -> Flow {
    let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["list"] => list(session),
        ["clear"] => clear(&session.db),
        ["unset", name] => unset(&session.db, name),
        ["set", name, value] => set(&session.db, name, value),
        _ => return call.misused(),
    };
    match done {
        Ok(()) => Flow::Done,
        Err(error) => Flow::Failed(report::error(&session.db, &error, None)),
    }
}

fn list(session: &mut Session) -> Result<()> {
    if !is_there(&session.db)? {
        return Ok(());
    }
    let sql = "SELECT key, quote(value) FROM temp.sqlite_parameters ORDER BY key";
    let rows: Vec<(String, String)> = session
        .db
        .prepare(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let width = rows.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    for (key, value) in rows {
        let _shown_with_the_results = writeln!(session.output, "{key:width$} {value}");
    }
    Ok(())
}

fn clear(db: &Connection) -> Result<()> {
    if is_there(db)? {
        db.execute("DELETE FROM temp.sqlite_parameters", [])?;
    }
    Ok(())
}

fn unset(db: &Connection, name: &str) -> Result<()> {
    if is_there(db)? {
        db.execute("DELETE FROM temp.sqlite_parameters WHERE key = ?1", [name])?;
    }
    Ok(())
}

/// The value as SQL understands it; what it does not understand is a text.
fn set(db: &Connection, name: &str, value: &str) -> Result<()> {
    db.execute_batch(MADE)?;
    let as_sql = format!("REPLACE INTO temp.sqlite_parameters(key, value) VALUES (?1, {value})");
    let understood = match db.prepare(&as_sql) {
        Ok(mut statement) if statement.parameter_count() == 1 => statement.execute([name]).is_ok(),
        _ => false,
    };
    if !understood {
        let as_text = "REPLACE INTO temp.sqlite_parameters(key, value) VALUES (?1, ?2)";
        db.execute(as_text, [name, value])?;
    }
    Ok(())
}

/// Sets a parameter to a value as it is.
///
/// # Errors
/// SQLite's.
pub fn give(db: &Connection, name: &str, value: Option<&str>) -> Result<()> {
    db.execute_batch(MADE)?;
    let sql = "REPLACE INTO temp.sqlite_parameters(key, value) VALUES (?1, ?2)";
    db.execute(sql, (name, value)).map(drop)
}

fn is_there(db: &Connection) -> Result<bool> {
    let sql = "SELECT count(*) FROM temp.sqlite_schema WHERE name = 'sqlite_parameters'";
    db.query_row(sql, [], |row| row.get(0))
}

/// Gives a statement's parameters the values that were set; others are NULL.
pub fn bind(db: &Connection, statement: &mut Statement<'_>) -> Result<()> {
    if statement.parameter_count() == 0 || !is_there(db)? {
        return Ok(());
    }
    let mut known = db.prepare("SELECT value FROM temp.sqlite_parameters WHERE key = ?1")?;
    for position in 1..=statement.parameter_count() {
        let name = match statement.parameter_name(position) {
            Some(name) => name.to_owned(),
            // A plain question mark has a number only.
            None => format!("?{position}"),
        };
        let value: Option<Value> = known.query_row([name], |row| row.get(0)).optional()?;
        statement.raw_bind_parameter(position, value.unwrap_or(Value::Null))?;
    }
    Ok(())
}
