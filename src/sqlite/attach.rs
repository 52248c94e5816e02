//! `o365_attach(schema, connection)`: the tables of another connection under a schema of their own, as real
//! entries of its `sqlite_schema`, which tools list.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, Result};

use super::entries;
use super::table::sql_error;
use crate::catalog;
use crate::error::{Error, Kind};
use crate::settings::parse;

/// Registers it.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function(c"o365_attach", 2, flags, |context| {
        attach(context).map_err(|error| sql_error(&error))
    })
}

/// Attaches an empty database in memory, and makes the tables in it; gives how many.
fn attach(context: &Context<'_>) -> std::result::Result<i64, Error> {
    let text = |position: usize| {
        context.get::<String>(position).map_err(|_| {
            Error::usage("o365_attach takes a schema and a connection, both texts")
                .next("SELECT o365_attach('work', 'Profile=work')")
        })
    };
    let (schema, connection) = (text(0)?, text(1)?);
    let arguments = arguments(&connection)?;
    let trouble = |error: rusqlite::Error| {
        Error::new(Kind::Usage, format!("o365_attach: {error}"))
            .next("Use another name for the schema, outside a transaction")
    };
    // SAFETY: the connection of the running function, used within its call.
    let db = unsafe { context.get_connection() }.map_err(trouble)?;
    let quoted = entries::quoted(&schema);
    db.execute_batch(&format!("ATTACH ':memory:' AS {quoted}"))
        .map_err(trouble)?;
    if let Err(error) = entries::make(&db, &schema, &arguments) {
        // Half a schema is none; what went wrong first is what counts.
        let _ = db.execute_batch(&format!("DETACH {quoted}"));
        return Err(error);
    }
    Ok(i64::try_from(catalog::ALL.len()).unwrap_or(i64::MAX))
}

/// The connection as arguments of the tables: what stands in a schema is there for everybody to read.
///
/// # Errors
/// For a property that could be a secret, and a profile that is not there.
pub fn arguments(connection: &str) -> std::result::Result<String, Error> {
    let said = parse(connection)?.said;
    let mut arguments = Vec::new();
    for (name, text) in said.open() {
        if !matches!(name, "Profile" | "UserId") {
            return Err(not_here(name));
        }
        arguments.push(format!("{name}='{}'", text.replace('\'', "''")));
    }
    if let Some(secret) = said.secrets().next() {
        return Err(not_here(secret));
    }
    if said.has("Profile") {
        // A profile that is not there is told now, and not with the first query.
        crate::profiles::load(said.get("Profile"))?;
    }
    Ok(arguments.join(", "))
}

fn not_here(name: &str) -> Error {
    Error::usage(format!(
        "o365_attach takes Profile and UserId only, not {name}"
    ))
    .next("Put it into a profile: office365 profile set NAME 'Key=Value;…'")
}
