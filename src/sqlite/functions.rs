//! The SQL functions that are not procedures.

use std::sync::Arc;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{FromSql, FromSqlResult, ValueRef};
use rusqlite::{Connection, Result};
use serde_json::json;

use super::Access;
use super::table::sql_error;
use crate::cache::cache;
use crate::error::Error;
use crate::instant::Instant;
use crate::session::Session;
use crate::zone;

/// Registers `o365_text` alone.
///
/// # Errors
/// What SQLite says to the registration.
pub fn make_text_readable(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(c"o365_text", 1, flags, readable)
}

/// Registers them.
pub(super) fn register(
    connection: &Connection,
    session: &Arc<Session>,
    access: Access,
) -> Result<()> {
    let plain = FunctionFlags::SQLITE_UTF8;
    // Not from a view or a trigger of a file that somebody else made.
    let direct = plain | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function(
        c"o365_version",
        0,
        plain | FunctionFlags::SQLITE_DETERMINISTIC,
        |_| Ok(env!("CARGO_PKG_VERSION")),
    )?;
    connection.create_scalar_function(c"o365_local", 2, plain, local)?;
    make_text_readable(connection)?;
    let own = Arc::clone(session);
    connection.create_scalar_function(c"o365_connection", 0, direct, move |_| {
        own.shown().map_err(|error| sql_error(&error))
    })?;
    let own = Arc::clone(session);
    connection
        .create_scalar_function(c"o365_last_error", 0, direct, move |_| Ok(last_error(&own)))?;
    connection.create_scalar_function(c"o365_cache_clear", 0, direct, |_| {
        let entries = cache().list().len();
        cache().clear();
        Ok(i64::try_from(entries).unwrap_or(i64::MAX))
    })?;
    if access == Access::Full {
        super::attach::register(connection)?;
        let own = Arc::clone(session);
        connection.create_scalar_function(c"o365_last_id", 0, direct, move |_| {
            Ok(own.journal.last_id())
        })?;
        let own = Arc::clone(session);
        connection.create_scalar_function(c"o365_dry_run", 1, direct, move |context| {
            own.journal.set_dry_run(context.get(0)?);
            Ok(own.journal.is_dry_run())
        })?;
        let own = Arc::clone(session);
        connection.create_scalar_function(c"o365_connect", 1, direct, move |context| {
            connect(&own, context)
        })?;
    }
    Ok(())
}

/// The wall-clock time of an instant in an IANA or Windows zone; NULL of NULL.
fn local(context: &Context<'_>) -> Result<Option<String>> {
    let (Some(instant), Some(zone)) = (
        context.get::<Option<Text>>(0)?,
        context.get::<Option<Text>>(1)?,
    ) else {
        return Ok(None);
    };
    let wrong =
        |what: &str, next: &str| sql_error(&Error::usage(format!("o365_local: {what}")).next(next));
    let Some(parsed) = Instant::parse(&instant.0) else {
        return Err(wrong(
            "the first argument is not a point in time",
            "Write it as '2026-01-31 12:00:00' (UTC) or with an offset",
        ));
    };
    zone::local(parsed, &zone.0).map(Some).ok_or_else(|| {
        wrong(
            "the second argument is not a time zone",
            "Name one such as 'Europe/Berlin' or 'Pacific Standard Time'",
        )
    })
}

/// The readable text of an HTML body; NULL of NULL.
fn readable(context: &Context<'_>) -> Result<Option<String>> {
    let html = context.get::<Option<Text>>(0)?;
    Ok(html.map(|html| crate::text::readable(&html.0)))
}

/// A text, or a number as text: JDBC binds timestamps as milliseconds.
struct Text(String);

impl FromSql for Text {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Integer(number) => Ok(Self(number.to_string())),
            other => other.as_str().map(|text| Self(text.to_owned())),
        }
    }
}

/// Takes a connection string; gives back what is in force, secrets redacted, and notes.
fn connect(session: &Session, context: &Context<'_>) -> Result<String> {
    let text: String = context.get(0)?;
    let notes = session.connect(&text).map_err(|error| {
        session.failed(&error);
        sql_error(&error)
    })?;
    let mut answer = session.shown().map_err(|error| sql_error(&error))?;
    for note in notes {
        answer.push_str(&format!("\nnote: {note}"));
    }
    Ok(answer)
}

/// The newest error as JSON; NULL when there was none.
fn last_error(session: &Session) -> Option<String> {
    let error = session.last_error()?;
    let fault = error.fault.as_deref();
    Some(
        json!({
            "kind": error.kind.name(),
            "sentence": error.sentence,
            "next": error.next,
            "status": fault.map(|fault| fault.status),
            "code": fault.map(|fault| &fault.code).filter(|code| !code.is_empty()),
            "message": fault.map(|fault| &fault.message).filter(|message| !message.is_empty()),
            "request_id": fault.and_then(|fault| fault.request_id.as_ref()),
            "table": error.table,
        })
        .to_string(),
    )
}
