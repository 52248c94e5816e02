//! What all tables that write have in common: one journal of their connection, sent by whichever table
//! SQLite asks first, and savepoints, for which rusqlite has no slots.

use std::ffi::c_int;

use rusqlite::vtab::{Module, TransactionVTab, sqlite3_vtab};
use rusqlite::{Connection, Result as SqlResult, ffi};

use super::guard::guard;
use super::interrupt::is_interrupted;
use super::table::sql_error;
use crate::journal::commit;
use crate::session::Session;

/// A virtual table whose writes go into its connection's journal.
pub(super) trait Writing {
    /// The connection's session.
    fn session(&self) -> &Session;
    /// The connection.
    fn db(&self) -> *mut ffi::sqlite3;
    /// The profile that the table names, where it is of another tenant.
    fn profile(&self) -> Option<&str> {
        None
    }

    /// Refuses where the connection is read-only.
    fn allowed(&self) -> SqlResult<()> {
        let allowed = self.session().for_writing_of(self.profile());
        allowed.map(drop).map_err(|error| {
            self.session().failed(&error);
            sql_error(&error)
        })
    }

    /// Sends what waits. SQLite asks every table of a transaction; the first one sends, for the others
    /// nothing is left, and nothing when the same COMMIT comes a second time.
    fn send_collected(&self) -> SqlResult<()> {
        let session = self.session();
        let changes = session.journal.changes();
        let needs_connection = session.journal.needs_connection();
        let environment = |profile: Option<&str>| match (profile, changes, needs_connection) {
            (Some(_), ..) | (None, true, _) => session.for_writing_of(profile),
            (None, false, true) => session.environment(),
            (None, false, false) => session.unconnected(),
        };
        let interrupted = || is_interrupted(self.db());
        commit::commit(&session.journal, environment, &interrupted).map_err(|error| {
            session.failed(&error);
            sql_error(&error)
        })
    }
}

/// Registers a module that can be written, with savepoints.
///
/// # Errors
/// What SQLite says to the registration.
pub(super) fn create_module<T>(connection: &Connection, name: &str, aux: T::Aux) -> SqlResult<()>
where
    T: TransactionVTab<'static> + Writing + 'static,
    T::Aux: Send + 'static,
{
    let module: &'static Module<'static, T> = const { &Module::update_module_with_tx() };
    // SAFETY: Module is a transparent wrapper of sqlite3_module (sqlite.md §1), which is Copy.
    let mut raw: ffi::sqlite3_module = unsafe { *std::ptr::from_ref(module).cast() };
    raw.iVersion = 2;
    raw.xSavepoint = Some(savepoint::<T>);
    raw.xRelease = Some(release::<T>);
    raw.xRollbackTo = Some(rollback_to::<T>);
    // SAFETY: the same transparent wrapper, the other way round; a module lives as long as the process.
    let patched: &'static Module<'static, T> =
        unsafe { &*std::ptr::from_ref(Box::leak(Box::new(raw))).cast() };
    connection.create_module(name, patched, Some(aux))
}

unsafe extern "C" fn savepoint<T: Writing>(table: *mut sqlite3_vtab, number: c_int) -> c_int {
    // SAFETY: SQLite passes a table of this module.
    unsafe { on_journal::<T>(table, |session| session.journal.mark(number)) }
}

unsafe extern "C" fn release<T: Writing>(table: *mut sqlite3_vtab, number: c_int) -> c_int {
    // SAFETY: SQLite passes a table of this module.
    unsafe { on_journal::<T>(table, |session| session.journal.release(number)) }
}

unsafe extern "C" fn rollback_to<T: Writing>(table: *mut sqlite3_vtab, number: c_int) -> c_int {
    // SAFETY: SQLite passes a table of this module.
    unsafe { on_journal::<T>(table, |session| session.journal.roll_back_to(number)) }
}

/// # Safety
/// `table` is a table of `T`'s module, whose base comes first.
unsafe fn on_journal<T: Writing>(table: *mut sqlite3_vtab, act: impl FnOnce(&Session)) -> c_int {
    let outcome = guard("savepoint", || {
        // SAFETY: the caller's promise.
        let table = unsafe { &*table.cast::<T>() };
        act(table.session());
        Ok(())
    });
    match outcome {
        Ok(()) => ffi::SQLITE_OK,
        Err(_) => ffi::SQLITE_ERROR,
    }
}
