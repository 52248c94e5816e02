//! Whether the host interrupted its connection while we wait for the network.

use rusqlite::ffi;

use crate::extension::host_version;

/// True after `sqlite3_interrupt()`.
///
/// `sqlite3_is_interrupted` is there from 3.41 on; before it a statement on the same connection tells:
/// stepping one fails with SQLITE_INTERRUPT while another one runs that was interrupted.
pub(super) fn is_interrupted(db: *mut ffi::sqlite3) -> bool {
    if host_version() >= 3_041_000 {
        // SAFETY: the handle outlives its cursors.
        return unsafe { ffi::sqlite3_is_interrupted(db) } != 0;
    }
    let mut statement = std::ptr::null_mut();
    // SAFETY: a statement of our own, finalized before we return: an open one would keep the host
    // from closing its connection.
    unsafe {
        let prepared = ffi::sqlite3_prepare_v2(
            db,
            c"SELECT 1".as_ptr(),
            -1,
            &raw mut statement,
            std::ptr::null_mut(),
        );
        let stepped = match prepared {
            ffi::SQLITE_OK => ffi::sqlite3_step(statement),
            code => code,
        };
        ffi::sqlite3_finalize(statement);
        stepped & 0xff == ffi::SQLITE_INTERRUPT
    }
}
