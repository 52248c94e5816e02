//! A procedure as a scalar function.
//!
//! Written against SQLite's own interface: rusqlite gives functions no way to store something for a run of
//! their statement.

use std::collections::HashMap;
use std::ffi::{CString, c_int, c_void};
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error as SqlError, Result, ffi};

use crate::cache::cache;
use crate::error::Error;
use crate::journal::Fate;
use crate::journal::commit::{self, uncertain};
use crate::procs::{Arguments, Procedure};
use crate::sender::Sender;
use crate::session::Session;
use crate::sqlite::guard::guard;
use crate::sqlite::interrupt::is_interrupted;
use crate::sqlite::table::from_sql;
use crate::value::Value;

/// What a function is registered with.
struct Function {
    procedure: &'static Procedure,
    session: Arc<Session>,
}

/// Registers a procedure's function, for any number of arguments.
///
/// # Errors
/// What SQLite says to the registration.
pub(super) fn register(
    connection: &Connection,
    procedure: &'static Procedure,
    session: &Arc<Session>,
) -> Result<()> {
    let name = CString::new(procedure.name).map_err(|_| SqlError::InvalidQuery)?;
    let function = Box::new(Function {
        procedure,
        session: Arc::clone(session),
    });
    // Not from a view or a trigger of a file that somebody else made.
    let flags = ffi::SQLITE_UTF8 | ffi::SQLITE_DIRECTONLY;
    // SAFETY: the connection is open; SQLite gives the box back to `destroy`, also when this fails.
    let code = unsafe {
        ffi::sqlite3_create_function_v2(
            connection.handle(),
            name.as_ptr(),
            -1,
            flags,
            Box::into_raw(function).cast(),
            Some(called),
            None,
            None,
            Some(destroy::<Function>),
        )
    };
    match code {
        ffi::SQLITE_OK => Ok(()),
        code => Err(SqlError::SqliteFailure(ffi::Error::new(code), None)),
    }
}

unsafe extern "C" fn destroy<T>(pointer: *mut c_void) {
    // SAFETY: SQLite gives back, once, the box that it was given.
    drop(unsafe { Box::from_raw(pointer.cast::<T>()) });
}

/// The results of one run of a statement: SQLite may evaluate a function more often than it gives rows, and
/// the same call is made once.
type Made = HashMap<String, std::result::Result<String, String>>;

/// SQLite keeps what is stored under a negative number until the run of the statement ends, for all its
/// functions (its own JSON functions rely on that).
const MADE: c_int = -365_365;

unsafe extern "C" fn called(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    let outcome = guard("function", || {
        // SAFETY: SQLite passes a running call of a function that was registered with a `Function`.
        let (function, db, made) = unsafe {
            let function = &*ffi::sqlite3_user_data(context).cast::<Function>();
            (
                function,
                ffi::sqlite3_context_db_handle(context),
                made(context)?,
            )
        };
        let count = usize::try_from(count).unwrap_or(0);
        // SAFETY: there are `count` values, valid during the call.
        let given: Vec<Value> = (0..count)
            .map(|n| unsafe { value(*values.add(n)) })
            .collect();
        // Debug tells values of all types apart.
        let key = format!("{} {given:?}", function.procedure.name);
        let result = made
            .entry(key)
            .or_insert_with(|| call(function.procedure, &function.session, db, given));
        result.clone().map_err(SqlError::ModuleError)
    });
    // SAFETY: the context is the running call's; SQLite copies the texts.
    unsafe {
        match outcome {
            Ok(text) => ffi::sqlite3_result_text(
                context,
                text.as_ptr().cast(),
                c_int::try_from(text.len()).unwrap_or(c_int::MAX),
                ffi::SQLITE_TRANSIENT(),
            ),
            Err(error) => {
                let text = error.to_string();
                let length = c_int::try_from(text.len()).unwrap_or(c_int::MAX);
                ffi::sqlite3_result_error(context, text.as_ptr().cast(), length);
            }
        }
    }
}

/// What this run of the statement made so far.
///
/// # Safety
/// `context` is a running call's.
unsafe fn made<'a>(context: *mut ffi::sqlite3_context) -> Result<&'a mut Made> {
    // SAFETY: under this number nothing but a box of this type is stored, and one thread at a time runs a
    // connection's functions.
    unsafe {
        if ffi::sqlite3_get_auxdata(context, MADE).is_null() {
            let fresh: Box<Made> = Box::default();
            ffi::sqlite3_set_auxdata(
                context,
                MADE,
                Box::into_raw(fresh).cast(),
                Some(destroy::<Made>),
            );
        }
        ffi::sqlite3_get_auxdata(context, MADE)
            .cast::<Made>()
            .as_mut()
            .ok_or(SqlError::InvalidQuery)
    }
}

/// # Safety
/// `value` is a value of a running call.
unsafe fn value(value: *mut ffi::sqlite3_value) -> Value {
    // SAFETY: the caller's promise; bytes are read before anything else could convert the value.
    unsafe {
        let bytes = |start: *const u8| match usize::try_from(ffi::sqlite3_value_bytes(value)) {
            Ok(length) if length > 0 && !start.is_null() => {
                std::slice::from_raw_parts(start, length)
            }
            _ => &[],
        };
        from_sql(match ffi::sqlite3_value_type(value) {
            ffi::SQLITE_INTEGER => ValueRef::Integer(ffi::sqlite3_value_int64(value)),
            ffi::SQLITE_FLOAT => ValueRef::Real(ffi::sqlite3_value_double(value)),
            ffi::SQLITE_TEXT => ValueRef::Text(bytes(ffi::sqlite3_value_text(value))),
            ffi::SQLITE_BLOB => ValueRef::Blob(bytes(ffi::sqlite3_value_blob(value).cast())),
            _ => ValueRef::Null,
        })
    }
}

/// One call, at once: the result as JSON, or what went wrong.
fn call(
    procedure: &'static Procedure,
    session: &Session,
    db: *mut ffi::sqlite3,
    given: Vec<Value>,
) -> std::result::Result<String, String> {
    call_at_once(procedure, session, db, given).map_err(|error| {
        session.failed(&error);
        error.to_string()
    })
}

fn call_at_once(
    procedure: &'static Procedure,
    session: &Session,
    db: *mut ffi::sqlite3,
    given: Vec<Value>,
) -> crate::error::Result<String> {
    let arguments = Arguments::of_function(procedure, given)?;
    let environment = session
        .for_call(procedure)
        .map_err(|error| procedure.failed(error))?;
    let waiting = session.journal.waiting();
    if waiting > 0 && !procedure.reads {
        return Err(procedure.failed(
            Error::usage(format!("{waiting} writes wait for COMMIT")).next(format!(
                "COMMIT first, or INSERT INTO {} to keep the order",
                procedure.name
            )),
        ));
    }
    let dry_run = session.journal.is_dry_run();
    let interrupted = || is_interrupted(db);
    let sender = Sender::new(environment, &interrupted);
    let write = session.journal.at_once(procedure, arguments.clone());
    let outcome = commit::call(write, procedure, &arguments, &sender, dry_run);
    if !procedure.reads {
        session.journal.record(outcome.clone());
        if !dry_run {
            cache().clear();
        }
    }
    match (outcome.error, outcome.fate) {
        (None, _) => Ok(procedure.json(&outcome.records).to_string()),
        (Some(error), Fate::Unknown) => Err(procedure.failed(uncertain(error))),
        (Some(error), _) => Err(procedure.failed(error)),
    }
}
