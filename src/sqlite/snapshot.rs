//! The cursor of tables whose rows are made at once when a scan begins.

use std::ffi::c_int;

use rusqlite::Result;
use rusqlite::vtab::{Context, Filters, VTabCursor, sqlite3_vtab_cursor};

use super::guard::guard;
use crate::value::Value;

/// Makes the rows.
type Make = Box<dyn Fn() -> Result<Vec<Vec<Value>>>>;

/// The rows as they were when the scan began.
#[repr(C)]
pub struct Snapshot {
    base: sqlite3_vtab_cursor,
    make: Make,
    rows: Vec<Vec<Value>>,
    position: usize,
}

impl Snapshot {
    /// A cursor over the rows that `make` gives.
    pub fn new(make: impl Fn() -> Result<Vec<Vec<Value>>> + 'static) -> Self {
        Self {
            base: sqlite3_vtab_cursor::default(),
            make: Box::new(make),
            rows: Vec::new(),
            position: 0,
        }
    }
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTabCursor for Snapshot {
    fn filter(
        &mut self,
        _number: c_int,
        _text: Option<&str>,
        _arguments: &Filters<'_>,
    ) -> Result<()> {
        guard("filter", || {
            self.rows = (self.make)()?;
            self.position = 0;
            Ok(())
        })
    }

    fn next(&mut self) -> Result<()> {
        self.position += 1;
        Ok(())
    }

    fn eof(&self) -> bool {
        self.position >= self.rows.len()
    }

    fn column(&self, context: &mut Context, column: c_int) -> Result<()> {
        guard("column", || {
            let row = self.rows.get(self.position);
            let cell = row.and_then(|row| row.get(usize::try_from(column).ok()?));
            context.set_result(cell.unwrap_or(&Value::Null))
        })
    }

    fn rowid(&self) -> Result<i64> {
        Ok(i64::try_from(self.position).unwrap_or(i64::MAX))
    }
}
