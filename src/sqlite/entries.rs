//! Our tables as entries of a schema: what tools list that read `sqlite_schema`, where eponymous tables do
//! not stand.

use rusqlite::{Connection, OptionalExtension};

use super::reports;
use crate::catalog::{self, Table};
use crate::error::{Error, Kind, Result};

/// Makes an entry for each table and each report in a schema; entries of ours that stand there are made anew.
///
/// `arguments` are those of `CREATE VIRTUAL TABLE`: `Profile='work'`.
///
/// # Errors
/// When something else has the name of a table, or the schema cannot be written.
pub fn make(db: &Connection, schema: &str, arguments: &str) -> Result<()> {
    for table in catalog::ALL {
        let name = table.name;
        if let Some(text) = text_of(db, schema, name)? {
            if !is_ours(&text, name) {
                return Err(taken(schema, name));
            }
            let entry = format!("{}.{}", quoted(schema), quoted(name));
            run(db, &format!("DROP TABLE {entry}"))?;
        }
        run(db, &entry(schema, table, arguments))?;
    }
    for (name, view) in reports::views() {
        let made = format!("CREATE VIEW IF NOT EXISTS {}.{name} ", quoted(schema));
        let select = view.find("AS\n").map_or("", |at| &view[at..]);
        run(db, &(made + select))?;
    }
    Ok(())
}

/// A name as SQL has it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The statement of an entry. What a row is and where keys lead stands in a comment, which SQLite keeps within
/// the parentheses only: a virtual table cannot declare keys.
fn entry(schema: &str, table: &Table, arguments: &str) -> String {
    let name = table.name;
    let mut told = vec![table.doc.to_owned()];
    let key: Vec<String> = catalog::key(table)
        .into_iter()
        .map(|column| table.columns[column].name())
        .collect();
    if !key.is_empty() {
        told.push(format!("Key: {}.", key.join(", ")));
    }
    // Not "FOREIGN KEY": tools that parse it would look for the constraint.
    told.extend(
        catalog::relations(table)
            .map(|(column, other)| format!("{} is {}.{}.", column.name(), other.name, other.key)),
    );
    format!(
        "CREATE VIRTUAL TABLE {}.{name} USING {name}(\n  /* {} */\n  {arguments})",
        quoted(schema),
        told.join("\n     ")
    )
}

/// The statement of what has this name already.
fn text_of(db: &Connection, schema: &str, name: &str) -> Result<Option<String>> {
    let sql = format!(
        "SELECT coalesce(sql, '') FROM {}.sqlite_schema WHERE name = ?1 COLLATE NOCASE",
        quoted(schema)
    );
    db.query_row(&sql, [name], |row| row.get(0))
        .optional()
        .map_err(|error| trouble(&error))
}

fn is_ours(text: &str, name: &str) -> bool {
    text.starts_with("CREATE VIRTUAL TABLE") && text.contains(&format!("USING {name}("))
}

fn taken(schema: &str, name: &str) -> Error {
    Error::usage(format!("{schema} has something else named {name}"))
        .next("Name another file or schema; nothing was changed in this one")
}

fn run(db: &Connection, sql: &str) -> Result<()> {
    db.execute_batch(sql).map_err(|error| trouble(&error))
}

fn trouble(error: &rusqlite::Error) -> Error {
    Error::new(Kind::Usage, format!("the tables cannot be listed: {error}"))
}

#[cfg(test)]
mod tests {
    use crate::catalog;

    #[test]
    fn comments_end_where_they_should() {
        for table in catalog::ALL {
            let text = super::entry("main", table, "");
            assert_eq!(text.matches("/*").count(), 1, "{text}");
            assert_eq!(text.matches("*/").count(), 1, "{text}");
        }
    }
}
