//! Everything that touches SQLite: what is registered on a connection, and how one is opened.
//!
//! The glue makes no decisions: plans come from [`crate::plan`], rows from [`crate::scan`]. All
//! `unsafe` of the crate lives in this folder and in `extension.rs`.

#[allow(dead_code)]
mod guard;
pub mod host;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// How much of the surface a connection gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Tables and functions; writes still wait for `Readonly=false`.
    Full,
    /// Tables only: no writes, no procedures, no `o365_connect`.
    TablesOnly,
}

impl Access {
    /// `OFFICE365_READONLY=1` asks for tables only where a tool cannot name an entry point (ODBC).
    pub(crate) fn from_environment() -> Self {
        match std::env::var("OFFICE365_READONLY").as_deref() {
            Ok("1" | "true") => Self::TablesOnly,
            _ => Self::Full,
        }
    }
}

/// Registers tables, functions and the collation on one connection.
///
/// # Errors
/// Whatever SQLite says to a registration.
pub fn register(connection: &Connection, _access: Access) -> rusqlite::Result<()> {
    connection.create_scalar_function(
        c"o365_version",
        0,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |_| Ok(env!("CARGO_PKG_VERSION")),
    )
}
