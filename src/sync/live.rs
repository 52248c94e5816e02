//! The connection to the tenant that copies and exports read with: the live tables, whatever is asked of them now.

use std::sync::Arc;

use rusqlite::Connection;

use crate::error::{Error, Kind, Result};
use crate::session::Session;
use crate::sqlite::{Access, host};

/// Opens the live tables; `connection` are the properties.
///
/// # Errors
/// A connection property that is wrong, or nothing to sign in with.
pub fn open(connection: &str) -> Result<(Connection, Arc<Session>)> {
    let trouble = |error: rusqlite::Error| Error::new(Kind::Internal, error.to_string());
    let (live, session) = host::open_with_session(None, Access::Full).map_err(trouble)?;
    // Each table is read as it is now, once.
    session.connect(&format!("{connection};CacheTTL=0"))?;
    session.environment()?;
    Ok((live, session))
}

/// The mailboxes that a statement gives, or one's own.
///
/// # Errors
/// What the statement ends with.
pub fn mailboxes(live: &Connection, session: &Session, sql: Option<&str>) -> Result<Vec<String>> {
    let sql = match sql {
        None => return Ok(vec![own_mailbox(session)?]),
        Some("all") => "SELECT id FROM Users WHERE mail IS NOT NULL ORDER BY id",
        Some(sql) => sql,
    };
    let said = |error: rusqlite::Error| said(session, &error);
    let mut statement = live.prepare(sql).map_err(said)?;
    statement
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .map_err(said)
}

fn own_mailbox(session: &Session) -> Result<String> {
    let environment = session.environment()?;
    let own = environment.settings.user_id.clone();
    Ok(own.unwrap_or_else(|| "me".to_owned()))
}

/// What a live table said, as it said it.
pub fn said(session: &Session, error: &rusqlite::Error) -> Error {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) {
        return Error::new(Kind::Interrupted, "interrupted");
    }
    let text = match error {
        // What was asked is known to who asked it.
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    };
    match session.last_error() {
        Some(own) if text.contains(&own.to_string()) => own,
        _ => Error::new(Kind::Usage, text),
    }
}
