//! Commands that show what there is: tables, columns, databases.

use std::borrow::Cow;
use std::io::Write;

use rusqlite::Connection;

use super::{Call, Command};
use crate::cli::exit::Flow;
use crate::cli::session::Session;
use crate::cli::{names, report, statements};

pub const COMMANDS: &[Command] = &[
    Command {
        name: ".databases",
        aliases: &["\\l"],
        usage: "",
        doc: "List the attached databases.",
        run: databases,
    },
    Command {
        name: ".describe",
        aliases: &["\\d"],
        usage: "[TABLE]",
        doc: "List the columns of a table, or all tables.",
        run: describe,
    },
    Command {
        name: ".schema",
        aliases: &[],
        usage: "[PATTERN]",
        doc: "Show the CREATE statements of tables like the pattern.",
        run: schema,
    },
    Command {
        name: ".tables",
        aliases: &["\\dt"],
        usage: "[PATTERN]",
        doc: "List the tables like the pattern.",
        run: tables,
    },
];

fn databases(session: &mut Session, _call: &Call<'_>) -> Flow {
    statements::run(
        session,
        "SELECT name, coalesce(nullif(file, ''), '(memory)') AS file FROM pragma_database_list",
        None,
    )
}

fn describe(session: &mut Session, call: &Call<'_>) -> Flow {
    let Some(table) = call.word(0) else {
        return tables(session, call);
    };
    let table = table.trim_end_matches(';').replace('\'', "''");
    let known = session.db.query_row(
        "SELECT count(*) FROM pragma_table_xinfo(?1)",
        [&table],
        |row| row.get::<_, i64>(0),
    );
    if let Ok(0) = known {
        report::sentence(
            &format!("no such table: {table}"),
            Some("enter .tables for all tables"),
        );
        return Flow::Failed(crate::cli::exit::Exit::Failed);
    }
    let sql = format!(
        "SELECT name, type, iif(\"notnull\", 'not null', '') AS \"null\", iif(pk, 'key', '') AS \"key\",
                iif(hidden = 1, 'hidden', '') AS hidden
         FROM pragma_table_xinfo('{table}') ORDER BY hidden = 1, cid"
    );
    statements::run(session, &sql, None)
}

fn tables(session: &mut Session, call: &Call<'_>) -> Flow {
    let found = names::tables(&session.db).and_then(|names| matching(&session.db, names, call));
    match found {
        Ok(names) => {
            let _shown_with_the_results = session.output.write_all(in_columns(&names).as_bytes());
            Flow::Done
        }
        Err(error) => Flow::Failed(report::error(&session.db, &error, None)),
    }
}

/// Names in columns, top to bottom, in 80 places, as the sqlite3 shell lists them.
fn in_columns(names: &[String]) -> String {
    let widest = names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or_default();
    let per_row = (80 / (widest + 2)).max(1);
    let rows = names.len().div_ceil(per_row);
    let mut text = String::new();
    for row in 0..rows {
        let line: Vec<String> = names[row..]
            .iter()
            .step_by(rows)
            .map(|name| format!("{name:widest$}"))
            .collect();
        text.push_str(&line.join("  "));
        text.push('\n');
    }
    text
}

fn schema(session: &mut Session, call: &Call<'_>) -> Flow {
    match schema_text(&session.db, call) {
        Ok(text) => {
            let _shown_with_the_results = session.output.write_all(text.as_bytes());
            Flow::Done
        }
        Err(error) => Flow::Failed(report::error(&session.db, &error, None)),
    }
}

/// Stored statements; for a table of ours that is asked for, the statement that describes it.
fn schema_text(db: &Connection, call: &Call<'_>) -> rusqlite::Result<String> {
    let mut text = String::new();
    let mut stored = db.prepare(
        "SELECT sql FROM (SELECT sql, name, tbl_name FROM main.sqlite_schema
           UNION ALL SELECT sql, name, tbl_name FROM temp.sqlite_schema)
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND (?1 IS NULL OR tbl_name LIKE ?1 OR name LIKE ?1)",
    )?;
    let mut rows = stored.query([call.word(0)])?;
    while let Some(row) = rows.next()? {
        let sql: String = row.get(0)?;
        text.push_str(&repeatable(&sql));
        text.push_str(";\n");
    }
    if call.word(0).is_some() {
        for table in matching(db, names::service_tables(db)?, call)? {
            text.push_str(&described(db, &table)?);
        }
    }
    Ok(text)
}

/// A statement as the sqlite3 shell writes it: where a name is quoted, the table may be there already.
pub fn repeatable(sql: &str) -> Cow<'_, str> {
    match sql.strip_prefix("CREATE TABLE ") {
        Some(rest) if rest.starts_with(['"', '\'']) => {
            Cow::Owned(format!("CREATE TABLE IF NOT EXISTS {rest}"))
        }
        _ => Cow::Borrowed(sql),
    }
}

fn described(db: &Connection, table: &str) -> rusqlite::Result<String> {
    let columns: Vec<String> = db
        .prepare("SELECT name, type, hidden FROM pragma_table_xinfo(?1)")?
        .query_map([table], |row| {
            let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
            let hidden = if row.get::<_, i64>(2)? == 1 {
                " HIDDEN"
            } else {
                ""
            };
            Ok(format!("  {} {kind}{hidden}", name.replace('"', "\"\""))
                .trim_end()
                .to_owned())
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(format!(
        "CREATE TABLE {table}(\n{}\n);\n",
        columns.join(",\n")
    ))
}

/// The names like the pattern that was given, if one was.
fn matching(db: &Connection, names: Vec<String>, call: &Call<'_>) -> rusqlite::Result<Vec<String>> {
    let Some(pattern) = call.word(0) else {
        return Ok(names);
    };
    let mut like = db.prepare("SELECT ?1 LIKE ?2")?;
    let mut kept = Vec::new();
    for name in names {
        if like.query_row([name.as_str(), pattern], |row| row.get(0))? {
            kept.push(name);
        }
    }
    Ok(kept)
}
