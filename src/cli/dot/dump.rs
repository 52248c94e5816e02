//! `.dump` and `.indexes`: what the database itself holds, as the sqlite3 shell writes it.

use std::io::Write;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

use super::Command;
use crate::cli::exit::Flow;
use crate::cli::modes::{self, Style};
use crate::cli::report;
use crate::cli::session::Session;

pub const COMMANDS: &[Command] = &[
    Command {
        name: ".dump",
        aliases: &[],
        usage: "[PATTERN]",
        doc: "Write the database, or its tables like the pattern, as statements that make it anew.",
        run: |session, call| shown(session, dump(&session.db, call.word(0))),
    },
    Command {
        name: ".indexes",
        aliases: &["\\di"],
        usage: "[TABLE]",
        doc: "List the indexes, or those of a table.",
        run: |session, call| shown(session, indexes(&session.db, call.word(0))),
    },
];

fn shown(session: &mut Session, text: Result<Vec<u8>>) -> Flow {
    match text {
        Ok(text) => {
            let _shown_with_the_results = session.output.write_all(&text);
            Flow::Done
        }
        Err(error) => Flow::Failed(report::error(&session.db, &error, None)),
    }
}

fn indexes(db: &Connection, table: Option<&str>) -> Result<Vec<u8>> {
    let mut names = db.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND (?1 IS NULL OR tbl_name LIKE ?1) ORDER BY 1",
    )?;
    let names: Vec<String> = names
        .query_map([table], |row| row.get(0))?
        .collect::<Result<_>>()?;
    Ok(names
        .iter()
        .map(|name| format!("{name}\n"))
        .collect::<String>()
        .into_bytes())
}

fn dump(db: &Connection, pattern: Option<&str>) -> Result<Vec<u8>> {
    let mut out = b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n".to_vec();
    let mut tables = db.prepare(
        "SELECT name, sql FROM sqlite_schema
          WHERE (?1 IS NULL OR name LIKE ?1) AND type = 'table' AND sql IS NOT NULL
          ORDER BY tbl_name = 'sqlite_sequence', rowid",
    )?;
    let tables: Vec<(String, String)> = tables
        .query_map([pattern], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let mut writes_schema = false;
    for (name, sql) in &tables {
        if sql.starts_with("CREATE VIRTUAL TABLE") {
            // Its rows are the module's; the statement itself might make more than the entry.
            if !std::mem::replace(&mut writes_schema, true) {
                out.extend(b"PRAGMA writable_schema=ON;\n");
            }
            let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
            out.extend(
                format!(
                    "INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table',{0},{0},0,{1});\n",
                    quoted(name),
                    quoted(sql)
                )
                .bytes(),
            );
            continue;
        }
        match name.as_str() {
            "sqlite_sequence" => out.extend(b"DELETE FROM sqlite_sequence;\n"),
            // Which makes the table.
            name if name.starts_with("sqlite_stat") => out.extend(b"ANALYZE sqlite_schema;\n"),
            _ => out.extend(format!("{};\n", super::schema::repeatable(sql)).bytes()),
        }
        rows(db, name, &mut out)?;
    }
    let mut others = db.prepare(
        "SELECT sql FROM sqlite_schema
          WHERE (?1 IS NULL OR name LIKE ?1) AND sql IS NOT NULL AND type IN ('index', 'trigger', 'view')",
    )?;
    let mut found = others.query([pattern])?;
    while let Some(row) = found.next()? {
        out.extend(format!("{};\n", row.get::<_, String>(0)?).bytes());
    }
    if writes_schema {
        out.extend(b"PRAGMA writable_schema=OFF;\n");
    }
    out.extend(b"COMMIT;\n");
    Ok(out)
}

/// The rows of a table, an INSERT each.
fn rows(db: &Connection, table: &str, out: &mut Vec<u8>) -> Result<()> {
    let Some(mode) = modes::find("insert") else {
        return Ok(());
    };
    let mut style = Style::new(mode);
    table.clone_into(&mut style.insert_table);
    let mut statement = db.prepare(&format!("SELECT * FROM \"{}\"", table.replace('"', "\"\"")))?;
    let count = statement.column_count();
    let mut sheet = style.sheet(Vec::new());
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<ValueRef<'_>> = (0..count)
            .map(|column| row.get_ref(column))
            .collect::<Result<_>>()?;
        // Writing into memory does not fail.
        let _written = sheet.row(out, &values);
    }
    Ok(())
}
