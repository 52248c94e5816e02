//! A table that Graph tells no changes of: read whole, compared, and brought to the same rows.

use rusqlite::types::Value;

use super::stage::{self, names, same, values};
use super::{Done, Method, Sync, copy};
use crate::catalog::{self, Table};
use crate::error::Result;
use crate::sqlite::entries::quoted;

/// Calendar views are copied from so many days ago to so many ahead.
const WINDOW: (i64, i64) = (-90, 365);

impl Sync {
    /// A round that reads everything.
    pub(super) fn whole(&self, table: &'static Table, mailbox: Option<&str>) -> Result<Done> {
        self.read_whole(table, mailbox)?;
        let apply = || -> rusqlite::Result<Done> {
            let transaction = copy::begin(&self.copy)?;
            let done = self.replace(table, mailbox)?;
            self.note_success(table, mailbox, &done)?;
            transaction.commit()?;
            Ok(done)
        };
        apply().map_err(|error| copy::trouble(&error))
    }

    fn read_whole(&self, table: &'static Table, mailbox: Option<&str>) -> Result<()> {
        let trouble = |error: rusqlite::Error| copy::trouble(&error);
        stage::make(&self.copy, table, "").map_err(trouble)?;
        let (sql, parameters) = question(table, mailbox);
        let count = names(table).len();
        let mut insert = self
            .copy
            .prepare(&format!(
                "INSERT INTO temp.stage VALUES ({})",
                stage::places(count)
            ))
            .map_err(trouble)?;
        let mut statement = self.live.prepare(&sql).map_err(|error| self.error(error))?;
        let mut rows = statement
            .query(rusqlite::params_from_iter(parameters))
            .map_err(|error| self.error(error))?;
        while let Some(row) = rows.next().map_err(|error| self.error(error))? {
            let values = values(row, 0, count).map_err(|error| self.error(error))?;
            insert
                .execute(rusqlite::params_from_iter(values))
                .map_err(trouble)?;
        }
        Ok(())
    }

    /// Makes the copy's rows those of the stage.
    fn replace(&self, table: &Table, mailbox: Option<&str>) -> rusqlite::Result<Done> {
        let copy = &self.copy;
        let scope = scope(table, mailbox);
        let count =
            |sql: &str| -> rusqlite::Result<i64> { copy.query_row(sql, [], |row| row.get(0)) };
        let own = table.name;
        let all = format!("SELECT count(*) FROM main.{own} WHERE {scope}");
        let before = count(&all)?;
        let (columns, key) = (names(table).join(", "), copy::key(table));
        let different = count(&format!(
            "SELECT count(*) FROM (SELECT {columns} FROM temp.stage EXCEPT SELECT {columns} FROM main.{own} WHERE {scope})"
        ))?;
        let removed = if key.is_empty() {
            let gone = count(&format!(
                "SELECT count(*) FROM (SELECT {columns} FROM main.{own} WHERE {scope} EXCEPT SELECT {columns} FROM temp.stage)"
            ))?;
            copy.execute(&format!("DELETE FROM main.{own} WHERE {scope}"), [])?;
            copy.execute(
                &format!("INSERT INTO main.{own} SELECT * FROM temp.stage"),
                [],
            )?;
            gone
        } else {
            let names: Vec<String> = key
                .iter()
                .map(|position| quoted(&table.columns[*position].name()))
                .collect();
            copy.execute_batch(&format!(
                "CREATE INDEX temp.stage_key ON stage({})",
                names.join(", ")
            ))?;
            let gone = copy.execute(
                &format!(
                    "DELETE FROM main.{own} AS t WHERE {scope} AND NOT EXISTS (SELECT 1 FROM temp.stage s WHERE {})",
                    same(table, &key, "s", "t")
                ),
                [],
            )?;
            copy.execute(
                &stage::upsert(table, &key, "SELECT * FROM temp.stage WHERE true"),
                [],
            )?;
            i64::try_from(gone).unwrap_or(i64::MAX)
        };
        let rows = count(&all)?;
        let added = rows - (before - removed);
        Ok(Done {
            method: Method::Full,
            rows,
            added,
            changed: (different - added).max(0),
            removed,
        })
    }
}

/// The rows of a mailbox in the copy.
pub fn scope(table: &Table, mailbox: Option<&str>) -> String {
    match (copy::user_column(table), mailbox) {
        (Some(_), Some(mailbox)) => format!("\"UserId\" = '{}'", mailbox.replace('\'', "''")),
        _ => "true".to_owned(),
    }
}

/// All rows of a mailbox, parents taken from the tables that have them.
pub(crate) fn question(table: &'static Table, mailbox: Option<&str>) -> (String, Vec<Value>) {
    let mut terms = Vec::new();
    let mut parameters = Vec::new();
    let mailbox = mailbox.filter(|_| copy::user_column(table).is_some());
    if let Some(mailbox) = mailbox {
        parameters.push(Value::Text(mailbox.to_owned()));
        terms.push("\"UserId\" = ?1".to_owned());
    }
    for position in catalog::required(table) {
        let column = &table.columns[position];
        let Some(parent) = column.references.and_then(catalog::table) else {
            continue;
        };
        let is_its = mailbox.is_some() && copy::user_column(parent).is_some();
        let of_user = if is_its { " WHERE \"UserId\" = ?1" } else { "" };
        terms.push(format!(
            "{} IN (SELECT {} FROM {}{of_user})",
            quoted(&column.name()),
            quoted(parent.key),
            parent.name
        ));
    }
    let start = table
        .window
        .as_ref()
        .and_then(|window| table.property(window.start));
    if let Some(column) = start {
        let name = quoted(&table.columns[column].name());
        let (from, to) = (day(WINDOW.0), day(WINDOW.1));
        terms.push(format!("{name} >= '{from}' AND {name} < '{to}'"));
    }
    let wanted = names(table).join(", ");
    let filter = match terms.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", terms.join(" AND ")),
    };
    (
        format!("SELECT {wanted} FROM {}{filter}", table.name),
        parameters,
    )
}

/// The date so many days from now.
fn day(days: i64) -> String {
    let date = chrono::Utc::now() + chrono::Duration::days(days);
    date.format("%Y-%m-%d").to_string()
}
