//! The entry points of the loadable library, and nothing else.
//!
//! A current rusqlite refuses every host older than its bindings (3.45.3) and would call a function
//! that is not loaded yet while saying so, which aborts the host. [`load_api`] therefore hands it a
//! copy of the host's table of functions: only the part that this host really has, zero behind it,
//! and a version number that passes the check. Calls newer than 3.38 must be gated on the real
//! version ([`host_version`]).

use std::ffi::{c_char, c_int};
use std::mem::{offset_of, size_of};
use std::panic::catch_unwind;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, AtomicPtr, Ordering};

use rusqlite::{Connection, ffi};

use crate::sqlite::{Access, register};

/// The oldest SQLite that has what the virtual tables need (whole IN lists, LIMIT constraints).
pub const OLDEST_HOST: c_int = 3_038_000;

/// Found by `.load liboffice365` under any file name.
///
/// # Safety
/// Called by SQLite alone, with a connection and the host's table of functions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sqlite3_extension_init(
    db: *mut ffi::sqlite3,
    message: *mut *mut c_char,
    api: *mut ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite keeps the promise.
    unsafe { enter(db, message, api, Access::from_environment()) }
}

/// The name SQLite derives from the file name `liboffice365`: letters only.
///
/// # Safety
/// As [`sqlite3_extension_init`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sqlite3_office_init(
    db: *mut ffi::sqlite3,
    message: *mut *mut c_char,
    api: *mut ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite keeps the promise.
    unsafe { enter(db, message, api, Access::from_environment()) }
}

/// Tables only: no writes, no procedures, and nothing that could change the connection.
///
/// # Safety
/// As [`sqlite3_extension_init`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn office365_readonly_init(
    db: *mut ffi::sqlite3,
    message: *mut *mut c_char,
    api: *mut ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite keeps the promise.
    unsafe { enter(db, message, api, Access::TablesOnly) }
}

/// What every entry point does: load the functions, register the tables, and never let a panic out.
unsafe fn enter(
    db: *mut ffi::sqlite3,
    message: *mut *mut c_char,
    api: *mut ffi::sqlite3_api_routines,
    access: Access,
) -> c_int {
    let outcome = catch_unwind(|| {
        // SAFETY: `api` is the host's table, valid for the life of the process.
        unsafe { load_api(api) }?;
        // SAFETY: `db` is open for the time of this call, and the handle is not closed by us.
        let connection =
            unsafe { Connection::from_handle(db) }.map_err(|error| error.to_string())?;
        register(&connection, access)
            .map(drop)
            .map_err(|error| error.to_string())
    });
    let sentence = match outcome {
        // The runtime's threads must not outlive the code they run.
        Ok(Ok(())) => return ffi::SQLITE_OK_LOAD_PERMANENTLY,
        Ok(Err(sentence)) => sentence,
        Err(_) => "office365: internal error while loading; please report it".to_owned(),
    };
    // SAFETY: both pointers come from SQLite.
    unsafe { report(api, message, &sentence) };
    ffi::SQLITE_ERROR
}

/// Makes rusqlite usable in this process: once for the first caller, a check for all others.
///
/// # Safety
/// `api` must be null or the table of functions of a SQLite library that stays loaded.
///
/// # Errors
/// A sentence when the host is older than [`OLDEST_HOST`], or when another SQLite library of the
/// same process loaded this library first: rusqlite keeps the functions in process globals.
pub(crate) unsafe fn load_api(api: *mut ffi::sqlite3_api_routines) -> Result<(), String> {
    static LOADED: OnceLock<Result<(), String>> = OnceLock::new();
    static FIRST: AtomicPtr<ffi::sqlite3_api_routines> = AtomicPtr::new(std::ptr::null_mut());
    if api.is_null() {
        return Err("office365: the host gave no table of SQLite functions".to_owned());
    }
    LOADED
        .get_or_init(|| {
            FIRST.store(api, Ordering::Release);
            // SAFETY: the caller's promise.
            unsafe { load_first(api) }
        })
        .clone()?;
    if FIRST.load(Ordering::Acquire) == api {
        Ok(())
    } else {
        Err(
            "office365: two different SQLite libraries of this process want to load this \
             extension; load it through one of them only"
                .to_owned(),
        )
    }
}

/// The version of the SQLite that runs us, as `sqlite3_libversion_number` gives it.
pub(crate) fn host_version() -> c_int {
    HOST_VERSION.load(Ordering::Relaxed)
}

static HOST_VERSION: AtomicI32 = AtomicI32::new(0);
/// What [`version_number`] answers: the bindings' version until rusqlite has checked it, then the truth.
static ANSWERED_VERSION: AtomicI32 = AtomicI32::new(ffi::SQLITE_VERSION_NUMBER);

unsafe extern "C" fn version_number() -> c_int {
    ANSWERED_VERSION.load(Ordering::Relaxed)
}

unsafe fn load_first(api: *mut ffi::sqlite3_api_routines) -> Result<(), String> {
    // SAFETY: libversion_number is in the table since 3.3.
    let version = match unsafe { (*api).libversion_number } {
        // SAFETY: a plain function without arguments.
        Some(number) => unsafe { number() },
        None => return Err("office365: the host's SQLite has no version number".to_owned()),
    };
    let Some(known) = known_prefix(version) else {
        return Err(format!(
            "office365 needs SQLite 3.38 or newer; this host has {}.{}.{}. Use a newer sqlite3 \
             shell, Python's apsw, or the office365 command line",
            version / 1_000_000,
            version / 1_000 % 1_000,
            version % 1_000
        ));
    };
    // Leaked: rusqlite keeps no pointer into it, but a host may load us once per connection for ever
    // and this happens once per process.
    let copy: &'static mut ffi::sqlite3_api_routines =
        // SAFETY: the struct is a table of nullable function pointers: all zero is "none".
        Box::leak(Box::new(unsafe { std::mem::zeroed() }));
    // SAFETY: the host's table is at least `known` bytes long, ours is longer.
    unsafe {
        std::ptr::copy_nonoverlapping(api.cast::<u8>(), (&raw mut *copy).cast::<u8>(), known)
    };
    copy.libversion_number = Some(version_number);
    HOST_VERSION.store(version, Ordering::Relaxed);
    // SAFETY: a table that rusqlite may read to its end.
    unsafe { ffi::rusqlite_extension_init2(copy) }
        .map_err(|error| format!("office365: {error}"))?;
    ANSWERED_VERSION.store(version, Ordering::Relaxed);
    Ok(())
}

/// How many bytes of its table of functions a SQLite of this version has: the struct only grows, and
/// what lies behind its end is other data. The cut points are the "Version 3.xx and later" comments
/// of sqlite3ext.h.
fn known_prefix(version: c_int) -> Option<usize> {
    type Api = ffi::sqlite3_api_routines;
    match version {
        3_044_000.. => Some(size_of::<Api>()),
        3_043_000.. => Some(offset_of!(Api, get_clientdata)),
        3_041_000.. => Some(offset_of!(Api, stmt_explain)),
        3_040_000.. => Some(offset_of!(Api, is_interrupted)),
        3_039_000.. => Some(offset_of!(Api, value_encoding)),
        OLDEST_HOST.. => Some(offset_of!(Api, deserialize)),
        _ => None,
    }
}

/// Hands SQLite an error message, allocated by the host itself: SQLite frees it.
unsafe fn report(api: *mut ffi::sqlite3_api_routines, message: *mut *mut c_char, sentence: &str) {
    // SAFETY: a non-null table has malloc; SQLite gives a null `message` when nobody asks.
    let Some(malloc) = (unsafe { api.as_ref() }).and_then(|api| api.malloc) else {
        return;
    };
    let Ok(size) = c_int::try_from(sentence.len() + 1) else {
        return;
    };
    if message.is_null() {
        return;
    }
    // SAFETY: `size` bytes, filled with the sentence and a zero, owned by SQLite from here on.
    unsafe {
        let copy = malloc(size).cast::<u8>();
        if !copy.is_null() {
            copy.copy_from_nonoverlapping(sentence.as_ptr(), sentence.len());
            *copy.add(sentence.len()) = 0;
            *message = copy.cast::<c_char>();
        }
    }
}
