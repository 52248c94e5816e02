//! Keeps panics inside: rusqlite does not catch them in virtual-table callbacks, and one aborts the host.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use rusqlite::{Error, Result};

/// Runs one callback body; a panic becomes an SQL error that names the callback.
///
/// `OFFICE365_INDUCE_PANIC=<callback>` makes that callback panic: the way the tests prove that a host
/// survives one.
pub(crate) fn guard<T>(callback: &'static str, body: impl FnOnce() -> Result<T>) -> Result<T> {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        if induced() == Some(callback) {
            panic!("induced by OFFICE365_INDUCE_PANIC");
        }
        body()
    }));
    outcome.unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown".to_owned());
        Err(Error::ModuleError(format!(
            "office365: internal error in {callback} ({what}); please report it"
        )))
    })
}

fn induced() -> Option<&'static str> {
    static INDUCED: OnceLock<Option<String>> = OnceLock::new();
    INDUCED
        .get_or_init(|| std::env::var("OFFICE365_INDUCE_PANIC").ok())
        .as_deref()
}
