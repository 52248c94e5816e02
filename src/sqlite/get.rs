//! `o365_get(path)`: any GET of Graph as rows.

use std::borrow::Cow;
use std::ffi::{CStr, c_int};
use std::sync::Arc;

use rusqlite::vtab::{
    Context, CreateVTab, Filters, IndexConstraintOp, IndexInfo, VTab, VTabConnection, VTabCursor,
    VTabKind, sqlite3_vtab, sqlite3_vtab_cursor,
};
use rusqlite::{Result, ffi};

use super::guard::guard;
use super::interrupt::is_interrupted;
use super::table::sql_error;
use crate::error::Error;
use crate::scan::RawScan;
use crate::session::Session;
use crate::value::Value;

/// The SQL name.
pub const NAME: &CStr = c"o365_get";

const PATH: c_int = 1;

/// The table of one connection.
#[repr(C)]
pub struct Get {
    base: sqlite3_vtab,
    session: Arc<Session>,
    db: *mut ffi::sqlite3,
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTab<'_> for Get {
    type Aux = Arc<Session>;
    type Cursor = GetCursor;

    fn connect(
        db: &mut VTabConnection,
        aux: Option<&Self::Aux>,
        _module: &[u8],
        _database: &[u8],
        _name: &[u8],
        _arguments: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        guard("connect", || {
            let table = Self {
                base: sqlite3_vtab::default(),
                session: aux.cloned().ok_or(rusqlite::Error::InvalidQuery)?,
                // SAFETY: the handle outlives its virtual tables.
                db: unsafe { db.handle() },
            };
            let declaration = c"CREATE TABLE x(value TEXT, path TEXT HIDDEN)";
            Ok((Cow::Borrowed(declaration), table))
        })
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        guard("best_index", || {
            let given = info.constraints().position(|constraint| {
                constraint.column() == PATH
                    && constraint.is_usable()
                    && constraint.operator() == IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ
            });
            if let Some(position) = given {
                let mut usage = info.constraint_usage(position);
                usage.set_argv_index(1);
                usage.set_omit(true);
            }
            // Without a path there is nothing to read: a join must give it first.
            info.set_estimated_cost(if given.is_some() { 1e4 } else { 1e30 });
            info.set_estimated_rows(1_000);
            Ok(true)
        })
    }

    fn open(&mut self) -> Result<GetCursor> {
        guard("open", || {
            Ok(GetCursor {
                base: sqlite3_vtab_cursor::default(),
                session: Arc::clone(&self.session),
                db: self.db,
                scan: None,
                path: Value::Null,
                row: None,
                number: 0,
            })
        })
    }
}

impl CreateVTab<'_> for Get {
    const KIND: VTabKind = VTabKind::EponymousOnly;
}

/// One path being read.
#[repr(C)]
pub struct GetCursor {
    base: sqlite3_vtab_cursor,
    session: Arc<Session>,
    db: *mut ffi::sqlite3,
    scan: Option<RawScan>,
    path: Value,
    row: Option<Value>,
    number: i64,
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTabCursor for GetCursor {
    fn filter(
        &mut self,
        _number: c_int,
        _text: Option<&str>,
        arguments: &Filters<'_>,
    ) -> Result<()> {
        guard("filter", || {
            (self.scan, self.row, self.number) = (None, None, 0);
            if arguments.is_empty() {
                return Err(self.failed(
                    Error::usage("o365_get needs a path")
                        .next("Write SELECT value FROM o365_get('me/messages?$top=5')"),
                ));
            }
            let Some(path) = arguments.get::<Option<String>>(0)? else {
                return Ok(());
            };
            let opened = self
                .session
                .environment()
                .and_then(|environment| RawScan::new(environment, &path));
            self.scan = Some(opened.map_err(|error| self.failed(error))?);
            self.path = Value::text(path);
            self.advance()
        })
    }

    fn next(&mut self) -> Result<()> {
        guard("next", || self.advance())
    }

    fn eof(&self) -> bool {
        self.row.is_none()
    }

    fn column(&self, context: &mut Context, column: c_int) -> Result<()> {
        guard("column", || match column {
            PATH => context.set_result(&self.path),
            _ => context.set_result(self.row.as_ref().unwrap_or(&Value::Null)),
        })
    }

    fn rowid(&self) -> Result<i64> {
        Ok(self.number)
    }
}

impl GetCursor {
    fn advance(&mut self) -> Result<()> {
        let db = self.db;
        let row = match &mut self.scan {
            Some(scan) => scan.next_row(&|| is_interrupted(db)),
            None => Ok(None),
        };
        self.number += 1;
        self.row = row.map_err(|error| self.failed(error))?;
        Ok(())
    }

    fn failed(&self, error: Error) -> rusqlite::Error {
        self.session.failed(&error);
        sql_error(&error)
    }
}
