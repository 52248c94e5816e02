//! Everything that touches SQLite: what is registered on a connection, and how one is opened.
//!
//! The glue makes no decisions: plans come from [`crate::plan`], rows from [`crate::scan`]. All
//! `unsafe` of the crate lives in this folder and in `extension.rs`.

pub mod attach;
mod changes;
pub mod entries;
mod functions;
mod get;
mod guard;
pub mod host;
mod interrupt;
mod listing;
mod live;
mod procedures;
mod reports;
mod snapshot;
pub mod table;
mod transaction;
mod updates;

use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::vtab::Module;

use crate::catalog;
use crate::instant;
use crate::session::Session;
pub use functions::make_text_readable;
use listing::{LISTS, Listing, TEMPLATES, register_templates};
pub use live::Live;
pub use reports::views as report_views;
use table::{GraphTable, HIDDEN_COLLATION, INSTANT_COLLATION, Registered};

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

const TABLE: Module<'static, GraphTable> = Module::read_only_module();
const GET: Module<'static, get::Get> = Module::read_only_module();
const LISTING: Module<'static, Listing> = Module::read_only_module();

/// Registers tables, functions and the collation on one connection; gives the session they share.
///
/// # Errors
/// Whatever SQLite says to a registration.
pub fn register(connection: &Connection, access: Access) -> rusqlite::Result<Arc<Session>> {
    let session = Arc::new(Session::default());
    connection.create_collation(INSTANT_COLLATION, instant::compare)?;
    connection.create_collation(HIDDEN_COLLATION, instant::compare)?;
    functions::register(connection, &session, access)?;
    reports::register(connection, &session)?;
    for table in catalog::ALL {
        let registered = Registered {
            table,
            session: Arc::clone(&session),
        };
        match access {
            Access::Full if table.writes.is_some() => {
                transaction::create_module::<GraphTable>(connection, table.name, registered)?;
            }
            _ => connection.create_module(table.name, &TABLE, Some(registered))?,
        }
    }
    if access == Access::Full {
        procedures::register(connection, &session)?;
        register_templates(connection, &session)?;
    }
    for list in LISTS.iter().filter(|list| list.name != TEMPLATES.name) {
        connection.create_module(list.name, &LISTING, Some((*list, Arc::clone(&session))))?;
    }
    changes::register(connection, &session)?;
    connection.create_module(get::NAME, &GET, Some(Arc::clone(&session)))?;
    Ok(session)
}
