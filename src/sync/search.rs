//! The copy's full-text index: subjects and bodies as people read them.
//!
//! Temporary triggers keep it while a round writes; nothing in the file needs this program.

use rusqlite::Connection;

use crate::catalog::Table;
use crate::sqlite::make_text_readable;

/// The tables that have one, the table of their texts, and the index.
const INDEXED: &[(&str, &str, &str)] = &[
    ("Messages", "MessageTexts", "MessageSearch"),
    ("Events", "EventTexts", "EventSearch"),
];

/// Makes what a table's index needs.
///
/// # Errors
/// SQLite's.
pub fn prepare(copy: &Connection, table: &Table) -> rusqlite::Result<()> {
    let Some((own, texts, index)) = INDEXED.iter().find(|(own, ..)| *own == table.name) else {
        return Ok(());
    };
    make_text_readable(copy)?;
    let of_row = |row: &str| format!("\"UserId\" IS {row}.\"UserId\" AND id IS {row}.id");
    let gone = format!(
        "INSERT INTO {index}({index}, rowid, subject, body)
           SELECT 'delete', rowid, subject, body FROM {texts} WHERE {0};
         DELETE FROM {texts} WHERE {0};",
        of_row("old")
    );
    let new = format!(
        "INSERT INTO {texts}(\"UserId\", id, subject, body)
           VALUES (new.\"UserId\", new.id, new.subject, o365_text(new.body_content));
         INSERT INTO {index}(rowid, subject, body)
           SELECT rowid, subject, body FROM {texts} WHERE {};",
        of_row("new")
    );
    copy.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {texts}(
           rowid INTEGER PRIMARY KEY, \"UserId\" TEXT, id TEXT, subject TEXT, body TEXT, UNIQUE (\"UserId\", id));
         CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5(subject, body, content='{texts}', content_rowid='rowid');
         CREATE TEMP TRIGGER IF NOT EXISTS {own}_new AFTER INSERT ON main.{own} BEGIN {new} END;
         CREATE TEMP TRIGGER IF NOT EXISTS {own}_gone AFTER DELETE ON main.{own} BEGIN {gone} END;
         CREATE TEMP TRIGGER IF NOT EXISTS {own}_changed AFTER UPDATE OF subject, body_content ON main.{own}
           WHEN old.subject IS NOT new.subject OR old.body_content IS NOT new.body_content
           BEGIN {gone} {new} END;"
    ))
}
