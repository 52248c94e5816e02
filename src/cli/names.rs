//! The names a user may want to see or complete: tables, columns, functions.

use rusqlite::{Connection, Params};

/// Tables and views of the database, then ours, each sorted.
pub fn tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut names = local_tables(db)?;
    names.extend(service_tables(db)?);
    Ok(names)
}

/// Tables and views that the database file or the connection holds.
pub fn local_tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    list(
        db,
        "SELECT iif(schema IN ('main', 'temp'), name, schema || '.' || name) FROM pragma_table_list
         WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND type IN ('table', 'view', 'virtual')
           AND name NOT IN (SELECT name FROM pragma_module_list)
         ORDER BY schema <> 'main', 1",
        [],
    )
}

/// The tables that exist without being made: what is registered on the connection beyond SQLite's own
/// modules.
pub fn service_tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    const MODULES: &str = "SELECT name FROM pragma_module_list
        WHERE name NOT LIKE 'pragma\\_%' ESCAPE '\\' ORDER BY name COLLATE NOCASE";
    let own = list(&Connection::open_in_memory()?, MODULES, [])?;
    let mut all = list(db, MODULES, [])?;
    all.retain(|name| !own.contains(name));
    Ok(all)
}

/// The columns of a table, hidden ones last.
pub fn columns(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    list(
        db,
        "SELECT name FROM pragma_table_xinfo(?1) ORDER BY hidden = 1, cid",
        [table],
    )
}

/// The functions that SQL may call.
pub fn functions(db: &Connection) -> rusqlite::Result<Vec<String>> {
    list(
        db,
        "SELECT DISTINCT name FROM pragma_function_list WHERE name GLOB '[a-zA-Z]*' ORDER BY 1",
        [],
    )
}

fn list(db: &Connection, sql: &str, parameters: impl Params) -> rusqlite::Result<Vec<String>> {
    db.prepare(sql)?
        .query_map(parameters, |row| row.get(0))?
        .collect()
}
