//! The paths of files, from their names: changes do not tell them, or not always.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::Sync;
use super::full::scope;
use crate::catalog::{Column, Source, Table};
use crate::odata::path_segment;

impl Sync {
    /// The paths of files, which changes do not tell, or not always: from the names of the folders above.
    pub(super) fn name_paths(&self, table: &Table, mailbox: Option<&str>) -> rusqlite::Result<()> {
        let by_names = |column: &Column| column.source == Source::DrivePath;
        let is_changed: bool =
            self.copy
                .query_row("SELECT EXISTS (SELECT 1 FROM temp.stage)", [], |row| {
                    row.get(0)
                })?;
        if !is_changed || !table.columns.iter().any(by_names) {
            return Ok(());
        }
        make_path_encoded(&self.copy)?;
        let (own, scope) = (table.name, scope(table, mailbox));
        self.copy.execute_batch(&format!(
            "DROP TABLE IF EXISTS temp.tree;
             CREATE TEMP TABLE tree(id TEXT PRIMARY KEY, above TEXT, path TEXT);
             INSERT INTO temp.tree
               WITH RECURSIVE tree(id, above, path) AS (
                 SELECT id, '', '/' || name FROM main.{own} WHERE {scope}
                   AND parentReference_id NOT IN (SELECT id FROM main.{own} WHERE {scope})
                 UNION ALL
                 SELECT f.id, tree.path, tree.path || '/' || f.name FROM tree
                   JOIN main.{own} f ON f.parentReference_id = tree.id WHERE {scope})
               SELECT id, above, path FROM tree;
             UPDATE main.{own} SET path = tree.path, parentReference_path =
                 '/drives/' || parentReference_driveId || '/root:' || o365_encoded(tree.above)
               FROM temp.tree AS tree WHERE tree.id = {own}.id AND {scope}
                AND ({own}.path IS NOT tree.path OR parentReference_path IS NOT
                 '/drives/' || parentReference_driveId || '/root:' || o365_encoded(tree.above));"
        ))
    }
}

/// `o365_encoded(path)`: each name as a URL has it, which is how Graph writes the paths of parents.
fn make_path_encoded(copy: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    copy.create_scalar_function(c"o365_encoded", 1, flags, |context| {
        let path: String = context.get(0)?;
        let names: Vec<String> = path.split('/').map(path_segment).collect();
        Ok(names.join("/"))
    })
}
