//! The reports of a copy: plain views over its tables, which need nothing of this program.

use rusqlite::{Connection, Result};

use crate::sqlite::report_views;

/// Makes the views whose tables the copy has.
///
/// # Errors
/// SQLite's.
pub fn make(copy: &Connection) -> Result<()> {
    for (name, view) in report_views() {
        copy.execute_batch(view)?;
        // A view of what is not there would be an error in every tool that lists it.
        if copy.prepare(&format!("SELECT * FROM {name}")).is_err() {
            copy.execute_batch(&format!("DROP VIEW IF EXISTS {name}"))?;
        }
    }
    Ok(())
}
