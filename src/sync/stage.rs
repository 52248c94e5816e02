//! What a round has read, before it goes into the copy: a temporary table, so that neither memory nor the copy's
//! readers notice.

use rusqlite::types::Value;
use rusqlite::{Connection, Result, Row};

use super::copy::columns;
use crate::catalog::Table;
use crate::sqlite::entries::quoted;

/// The names of the copied columns, quoted.
pub fn names(table: &Table) -> Vec<String> {
    columns(table)
        .into_iter()
        .map(|position| quoted(&table.columns[position].name()))
        .collect()
}

/// Makes the table anew: these further columns, then those of the table.
pub fn make(copy: &Connection, table: &Table, further: &str) -> Result<()> {
    copy.execute_batch(&format!(
        "DROP TABLE IF EXISTS temp.stage; CREATE TEMP TABLE stage({further}{});",
        names(table).join(", ")
    ))
}

/// Question marks for so many values.
pub fn places(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// The values of a live row, from a position on.
pub fn values(row: &Row<'_>, from: usize, count: usize) -> Result<Vec<Value>> {
    (from..from + count)
        .map(|position| row.get(position))
        .collect()
}

/// `a.k IS b.k AND …` for the columns of a key.
pub fn same(table: &Table, key: &[usize], a: &str, b: &str) -> String {
    let terms: Vec<String> = key
        .iter()
        .map(|position| {
            let name = quoted(&table.columns[*position].name());
            format!("{a}.{name} IS {b}.{name}")
        })
        .collect();
    terms.join(" AND ")
}

/// `INSERT … ON CONFLICT (key) DO UPDATE …`, which leaves a row alone that has these values already.
pub fn upsert(table: &Table, key: &[usize], source: &str) -> String {
    let (own, columns) = (table.name, names(table));
    let key: Vec<String> = key
        .iter()
        .map(|position| quoted(&table.columns[*position].name()))
        .collect();
    let set: Vec<String> = columns
        .iter()
        .filter(|name| !key.contains(name))
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    let differs: Vec<String> = columns
        .iter()
        .map(|name| format!("{own}.{name} IS NOT excluded.{name}"))
        .collect();
    let action = match set.is_empty() {
        true => "NOTHING".to_owned(),
        false => format!(
            "UPDATE SET {} WHERE {}",
            set.join(", "),
            differs.join(" OR ")
        ),
    };
    format!(
        "INSERT INTO {own}({}) {source} ON CONFLICT ({}) DO {action}",
        columns.join(", "),
        key.join(", ")
    )
}
