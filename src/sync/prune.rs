//! Mailboxes that a copy has and a round was not asked for: users that left, or that the statement gives no more.

use rusqlite::Params;

use super::full::scope;
use super::{Sync, copy};
use crate::catalog;
use crate::error::Result;

impl Sync {
    /// The mailboxes of the copy that are not among these.
    ///
    /// # Errors
    /// A copy that cannot be read.
    pub fn others(&self, mailboxes: &[String]) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT mailbox FROM o365_sync WHERE mailbox <> '' ORDER BY 1";
        let mut known = self.texts(sql, [])?;
        known.retain(|name| !mailboxes.contains(name));
        Ok(known)
    }

    /// Forgets everything of a mailbox. Gives how many rows went.
    ///
    /// # Errors
    /// A copy that cannot be written; it stays as it was then.
    pub fn forget(&self, mailbox: &str) -> Result<usize> {
        let tables = self.texts(
            "SELECT \"table\" FROM o365_sync WHERE mailbox = ?1",
            [mailbox],
        )?;
        let known: Vec<_> = tables
            .iter()
            .filter_map(|name| catalog::table(name))
            .collect();
        for table in &known {
            // The full-text index follows.
            self.prepare(table)?;
        }
        let forget = || -> rusqlite::Result<usize> {
            let transaction = copy::begin(&self.copy)?;
            let mut rows = 0;
            for table in known {
                let sql = format!(
                    "DELETE FROM main.{} WHERE {}",
                    table.name,
                    scope(table, Some(mailbox))
                );
                rows += self.copy.execute(&sql, [])?;
            }
            self.copy
                .execute("DELETE FROM o365_sync_tokens WHERE mailbox = ?1", [mailbox])?;
            self.copy
                .execute("DELETE FROM o365_sync WHERE mailbox = ?1", [mailbox])?;
            transaction.commit()?;
            Ok(rows)
        };
        forget().map_err(|error| copy::trouble(&error))
    }

    fn texts(&self, sql: &str, parameters: impl Params) -> Result<Vec<String>> {
        let read = || -> rusqlite::Result<Vec<String>> {
            self.copy
                .prepare(sql)?
                .query_map(parameters, |row| row.get(0))?
                .collect()
        };
        read().map_err(|error| copy::trouble(&error))
    }
}
