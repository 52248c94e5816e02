//! A table whose changes tell too little of a row to make it: while nothing changes a round is one request, and when
//! something did the table is read whole.

use rusqlite::{OptionalExtension, params};

use super::full::scope;
use super::{Done, Method, Sync, copy, window};
use crate::catalog::changes::Changes;
use crate::error::{Error, Kind, Result};
use crate::scan::is_expired;

impl Sync {
    /// A round that reads everything when something changed.
    pub(super) fn by_signal(
        &self,
        changes: &'static Changes,
        mailbox: Option<&str>,
    ) -> Result<Done> {
        let (from, _) = window::now();
        let known = self
            .signal_token(changes, mailbox, &from)
            .map_err(|error| copy::trouble(&error))?;
        let (is_changed, token) = match self.listen_for(changes, mailbox, known.as_deref()) {
            Err(error) if known.is_some() && is_expired(&error) => {
                (true, self.listen_for(changes, mailbox, None)?.1)
            }
            outcome => outcome?,
        };
        // The token is from before the rows are read: what changes meanwhile is told by the next round.
        let read = is_changed || known.is_none();
        if read {
            self.read_whole(changes.table, mailbox)?;
        }
        let apply = || -> rusqlite::Result<Done> {
            let transaction = copy::begin(&self.copy)?;
            let done = match read {
                true => self.replace(changes.table, mailbox)?,
                false => self.unchanged(changes, mailbox)?,
            };
            let done = Done {
                method: Method::Delta,
                ..done
            };
            self.keep_signal(changes, mailbox, &from, &token)?;
            self.note_success(changes.table, mailbox, &done)?;
            transaction.commit()?;
            Ok(done)
        };
        apply().map_err(|error| copy::trouble(&error))
    }

    /// Whether anything is told, and the token of the next round.
    fn listen_for(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        token: Option<&str>,
    ) -> Result<(bool, String)> {
        let (from, to) = window::now();
        let sql = format!(
            "SELECT change, token FROM {}(?1, ?2, ?3) WHERE \"UserId\" = ?4",
            changes.name
        );
        let live = &self.live;
        let mut statement = live
            .connection
            .prepare(&sql)
            .map_err(|error| live.error(error))?;
        let mut rows = statement
            .query(params![token, from, to, mailbox])
            .map_err(|error| live.error(error))?;
        let (mut is_changed, mut next) = (false, None);
        while let Some(row) = rows.next().map_err(|error| live.error(error))? {
            next = row.get(1).map_err(|error| live.error(error))?;
            is_changed |= next.is_none();
        }
        let next = next
            .ok_or_else(|| Error::new(Kind::Malformed, "the round has no end").on(changes.name))?;
        Ok((is_changed, next))
    }

    fn unchanged(&self, changes: &Changes, mailbox: Option<&str>) -> rusqlite::Result<Done> {
        let table = changes.table;
        let sql = format!(
            "SELECT count(*) FROM main.{} WHERE {}",
            table.name,
            scope(table, mailbox)
        );
        Ok(Done {
            method: Method::Delta,
            rows: self.copy.query_row(&sql, [], |row| row.get(0))?,
            added: 0,
            changed: 0,
            removed: 0,
        })
    }

    /// The token of a window that begins there.
    fn signal_token(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        from: &str,
    ) -> rusqlite::Result<Option<String>> {
        self.copy
            .query_row(
                "SELECT token FROM o365_sync_tokens WHERE \"table\" = ?1 AND mailbox = ?2 AND parent = ?3",
                [changes.table.name, mailbox.unwrap_or(""), from],
                |row| row.get(0),
            )
            .optional()
    }

    fn keep_signal(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        from: &str,
        token: &str,
    ) -> rusqlite::Result<()> {
        let (table, mailbox) = (changes.table.name, mailbox.unwrap_or(""));
        self.copy.execute(
            "DELETE FROM o365_sync_tokens WHERE \"table\" = ?1 AND mailbox = ?2",
            [table, mailbox],
        )?;
        self.copy
            .execute(
                "INSERT INTO o365_sync_tokens VALUES (?1, ?2, ?3, ?4)",
                [table, mailbox, from, token],
            )
            .map(drop)
    }
}
