//! Exports: every format has the rows of the live tables, whatever happened on the way, and each row once.

#[path = "../command/mod.rs"]
mod command;
mod formats;
mod interrupted;
mod reading;
mod refused;
mod shards;
#[path = "../support/mod.rs"]
mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use command::{Run, run};
use office365::catalog::{self, Type};
use office365::sync::copy;
use reading::{Folder, Row};
use rusqlite::Connection;
use rusqlite::types::Value;

/// Runs `office365 export` on the demo tenant, into a folder.
fn export(folder: &Folder, arguments: &[&str]) -> Run {
    let mut all = vec!["export", "--demo", "--to", folder.text()];
    all.extend(arguments);
    run(&all)
}

/// As [`export`], and it went well.
#[track_caller]
fn exported(folder: &Folder, arguments: &[&str]) -> Run {
    let run = export(folder, arguments);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
    run
}

/// The rows of a live table, as the files have them: instants and truth in the words of a format.
fn live_rows(live: &Connection, name: &str, condition: &str, format: &str) -> Vec<Row> {
    let table = catalog::table(name).expect("a table");
    let columns = copy::columns(table);
    let names: Vec<String> = columns
        .iter()
        .map(|column| format!("\"{}\"", table.columns[*column].name()))
        .collect();
    let sql = format!("SELECT {} FROM {name} WHERE {condition}", names.join(", "));
    let mut statement = live.prepare(&sql).expect("prepared");
    let rows = statement.query_map([], |row| {
        let mut made = Row::new();
        for (position, column) in columns.iter().enumerate() {
            let column = &table.columns[*column];
            if let Some(text) = text(column.ty, row.get(position)?, format) {
                made.insert(column.name(), text);
            }
        }
        Ok(made)
    });
    let mut rows: Vec<Row> = rows
        .expect("queried")
        .collect::<Result<_, _>>()
        .expect("rows");
    rows.sort();
    rows
}

fn text(ty: Type, value: Value, format: &str) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Integer(truth) if ty == Type::Boolean => (truth == 1).to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Blob(bytes) if format == "parquet" => format!("{bytes:02x?}"),
        Value::Blob(bytes) => STANDARD.encode(bytes),
        Value::Text(text) => match (ty, format) {
            (Type::Instant | Type::Zoned, "csv" | "jsonl") => text.replace(' ', "T") + "Z",
            // Written as JSON; compared without the blanks between its tokens.
            (Type::Json, "jsonl") => {
                let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                match value {
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                }
            }
            _ => text,
        },
    })
}

#[track_caller]
fn same(own: &[Row], live: &[Row], what: &str) {
    if own == live {
        return;
    }
    let missing: Vec<&Row> = live
        .iter()
        .filter(|row| !own.contains(row))
        .take(2)
        .collect();
    let extra: Vec<&Row> = own
        .iter()
        .filter(|row| !live.contains(row))
        .take(2)
        .collect();
    panic!(
        "{what}: {} rows, {} in the tenant\nmissing {missing:#?}\nextra {extra:#?}",
        own.len(),
        live.len()
    );
}
