//! The live tables, for parts of our own programs that speak SQL to them.

use std::sync::Arc;

use rusqlite::{Connection, Params};

use super::{Access, host};
use crate::error::{Error, Kind, Result};
use crate::graph::log::Log;
use crate::session::Session;

/// A connection with every table of ours, and what it said last.
pub struct Live {
    /// Where the tables are.
    pub connection: Connection,
    session: Arc<Session>,
}

impl Live {
    /// Opens one; every statement reads what is there now.
    ///
    /// # Errors
    /// A connection property that is wrong, or nothing to sign in with.
    pub fn open(properties: &str) -> Result<Self> {
        let (connection, session) = host::open_with_session(None, Access::Full)
            .map_err(|error| Error::new(Kind::Internal, error.to_string()))?;
        session.connect(&format!("{properties};CacheTTL=0"))?;
        session.environment()?;
        Ok(Self {
            connection,
            session,
        })
    }

    /// What a live table said, as it said it.
    pub fn error(&self, error: rusqlite::Error) -> Error {
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) {
            return Error::new(Kind::Interrupted, "interrupted");
        }
        let text = match &error {
            // What was asked is known to who asked it.
            rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
            other => other.to_string(),
        };
        match self.session.last_error() {
            Some(own) if text.contains(&own.to_string()) => own,
            _ => Error::new(Kind::Usage, text),
        }
    }

    /// The first column of every row, as texts.
    ///
    /// # Errors
    /// What the statement ends with.
    pub fn texts(&self, sql: &str, parameters: impl Params) -> Result<Vec<String>> {
        let read = || -> rusqlite::Result<Vec<String>> {
            self.connection
                .prepare(sql)?
                .query_map(parameters, |row| row.get(0))?
                .collect()
        };
        read().map_err(|error| self.error(error))
    }

    /// The mailboxes that a statement gives; `all` of them, or one's own.
    ///
    /// # Errors
    /// What the statement ends with.
    pub fn mailboxes(&self, sql: Option<&str>) -> Result<Vec<String>> {
        let sql = match sql {
            None => return Ok(vec![self.own_mailbox()?]),
            Some("all") => "SELECT id FROM Users WHERE mail IS NOT NULL ORDER BY id",
            Some(sql) => sql,
        };
        self.texts(sql, [])
    }

    fn own_mailbox(&self) -> Result<String> {
        let environment = self.session.environment()?;
        let own = environment.settings.user_id.clone();
        Ok(own.unwrap_or_else(|| "me".to_owned()))
    }

    /// What the connection owns.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What was sent so far.
    pub fn log(&self) -> &Arc<Log> {
        &self.session.log
    }
}
