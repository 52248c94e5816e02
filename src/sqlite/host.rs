//! Opens connections in our own programs, where the amalgamation of build.rs is the host.

use std::ffi::{c_char, c_int};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rusqlite::{Connection, OpenFlags, ffi};

use super::{Access, register};
use crate::extension::load_api;
use crate::session::Session;

/// Opens a database with every table of ours registered; `None` is a database in memory.
///
/// # Errors
/// SQLite's own message when the file cannot be opened.
pub fn open(path: Option<&Path>, access: Access) -> rusqlite::Result<Connection> {
    open_with_session(path, access).map(|(connection, _)| connection)
}

/// As [`open`], with the session that the tables share.
///
/// # Errors
/// As [`open`].
pub fn open_with_session(
    path: Option<&Path>,
    access: Access,
) -> rusqlite::Result<(Connection, Arc<Session>)> {
    load_own_sqlite()?;
    let connection = match path {
        Some(path) => Connection::open_with_flags(path, OpenFlags::default())?,
        None => Connection::open_in_memory()?,
    };
    let session = register(&connection, access)?;
    Ok((connection, session))
}

/// Opens a database without any table of ours: a copy has tables of the same names.
///
/// # Errors
/// As [`open`].
pub fn open_plain(path: &Path) -> rusqlite::Result<Connection> {
    load_own_sqlite()?;
    Connection::open_with_flags(path, OpenFlags::default())
}

/// The entry SQLite calls on each open; its third argument is the only way to the table of functions
/// of a statically linked SQLite.
type AutoEntry = unsafe extern "C" fn(
    *mut ffi::sqlite3,
    *mut *mut c_char,
    *mut ffi::sqlite3_api_routines,
) -> c_int;

unsafe extern "C" {
    fn sqlite3_auto_extension(entry: AutoEntry) -> c_int;
    fn sqlite3_cancel_auto_extension(entry: AutoEntry) -> c_int;
    fn sqlite3_open(path: *const c_char, db: *mut *mut ffi::sqlite3) -> c_int;
    fn sqlite3_close(db: *mut ffi::sqlite3) -> c_int;
}

unsafe extern "C" fn receive_api(
    _db: *mut ffi::sqlite3,
    _message: *mut *mut c_char,
    api: *mut ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite passes its own table, which lives as long as the process.
    match unsafe { load_api(api) } {
        Ok(()) => ffi::SQLITE_OK,
        Err(_) => ffi::SQLITE_ERROR,
    }
}

/// Makes the statically linked SQLite known to rusqlite, once per process.
fn load_own_sqlite() -> rusqlite::Result<()> {
    static OUTCOME: OnceLock<c_int> = OnceLock::new();
    let code = *OUTCOME.get_or_init(|| {
        let mut db = std::ptr::null_mut();
        // SAFETY: plain SQLite calls in their documented order; the handle is closed at once.
        unsafe {
            sqlite3_auto_extension(receive_api);
            let code = sqlite3_open(c":memory:".as_ptr(), &raw mut db);
            sqlite3_close(db);
            sqlite3_cancel_auto_extension(receive_api);
            code
        }
    });
    if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(code),
            Some("the built-in SQLite could not be initialised".to_owned()),
        ))
    }
}
