//! Tables over what the driver itself knows: requests, the cache, what was skipped, its own metadata.

use std::borrow::Cow;
use std::ffi::{CStr, c_int};
use std::sync::Arc;

use rusqlite::Result;
use rusqlite::vtab::{
    Context, CreateVTab, Filters, IndexInfo, VTab, VTabConnection, VTabCursor, VTabKind,
    sqlite3_vtab, sqlite3_vtab_cursor,
};

use super::guard::guard;
use crate::cache::cache;
use crate::instant::Instant;
use crate::session::Session;
use crate::value::Value;

/// A table whose rows a function makes.
pub struct List {
    /// Its SQL name.
    pub name: &'static CStr,
    /// Its `CREATE TABLE` text.
    declaration: &'static CStr,
    rows: fn(&Session) -> Vec<Vec<Value>>,
}

/// All such tables.
pub static LISTS: &[List] = &[
    List {
        name: c"o365_requests",
        declaration: c"CREATE TABLE x(seq INTEGER, started \"TIMESTAMP(TEXT)\" COLLATE o365_instant, method TEXT, url TEXT, status INTEGER, attempts INTEGER, wait_ms INTEGER, elapsed_ms INTEGER, bytes INTEGER, \"rows\" INTEGER, cache TEXT, request_id TEXT, error TEXT)",
        rows: requests,
    },
    List {
        name: c"o365_cache",
        declaration: c"CREATE TABLE x(url TEXT, \"rows\" INTEGER, bytes INTEGER, age_ms INTEGER, \"whole\" BOOLEAN, hits INTEGER)",
        rows: cached,
    },
    List {
        name: c"o365_skipped",
        declaration: c"CREATE TABLE x(at \"TIMESTAMP(TEXT)\" COLLATE o365_instant, \"table\" TEXT, asked TEXT, status INTEGER, code TEXT, error TEXT)",
        rows: skipped,
    },
];

fn requests(session: &Session) -> Vec<Vec<Value>> {
    let text = |text: Option<String>| text.map_or(Value::Null, Value::text);
    let number = |number: u128| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    session
        .log
        .entries()
        .into_iter()
        .map(|entry| {
            vec![
                number(entry.seq.into()),
                Value::text(Instant::from_millis(entry.started.timestamp_millis()).to_string()),
                Value::text(entry.method),
                Value::text(entry.url),
                entry
                    .status
                    .map_or(Value::Null, |status| number(status.into())),
                number(entry.attempts.into()),
                number(entry.waited.as_millis()),
                number(entry.elapsed.as_millis()),
                number(entry.bytes.into()),
                number(entry.rows.into()),
                Value::text(entry.cache),
                text(entry.request_id),
                text(entry.error),
            ]
        })
        .collect()
}

fn skipped(session: &Session) -> Vec<Vec<Value>> {
    session
        .skipped
        .entries()
        .into_iter()
        .map(|skip| {
            let status = skip.error.status().map(i64::from);
            vec![
                Value::text(Instant::from_millis(skip.at.timestamp_millis()).to_string()),
                Value::text(skip.table),
                skip.asked.map_or(Value::Null, Value::text),
                status.map_or(Value::Null, Value::Integer),
                Value::text(skip.error.code()),
                Value::text(skip.error.to_string()),
            ]
        })
        .collect()
}

fn cached(_session: &Session) -> Vec<Vec<Value>> {
    let number = |number: u128| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    cache()
        .list()
        .into_iter()
        .map(|listed| {
            vec![
                Value::text(listed.url),
                number(listed.rows as u128),
                number(listed.bytes as u128),
                number(listed.age.as_millis()),
                Value::Integer(listed.whole.into()),
                number(listed.hits.into()),
            ]
        })
        .collect()
}

/// A listing of one connection.
#[repr(C)]
pub struct Listing {
    base: sqlite3_vtab,
    list: &'static List,
    session: Arc<Session>,
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTab<'_> for Listing {
    type Aux = (&'static List, Arc<Session>);
    type Cursor = ListingCursor;

    fn connect(
        _db: &mut VTabConnection,
        aux: Option<&Self::Aux>,
        _module: &[u8],
        _database: &[u8],
        _name: &[u8],
        _arguments: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        guard("connect", || {
            let (list, session) = aux.cloned().ok_or(rusqlite::Error::InvalidQuery)?;
            let listing = Self {
                base: sqlite3_vtab::default(),
                list,
                session,
            };
            Ok((Cow::Borrowed(list.declaration), listing))
        })
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        info.set_estimated_cost(1000.0);
        info.set_estimated_rows(1000);
        Ok(true)
    }

    fn open(&mut self) -> Result<ListingCursor> {
        guard("open", || {
            Ok(ListingCursor {
                base: sqlite3_vtab_cursor::default(),
                list: self.list,
                session: Arc::clone(&self.session),
                rows: Vec::new(),
                position: 0,
            })
        })
    }
}

impl CreateVTab<'_> for Listing {
    const KIND: VTabKind = VTabKind::EponymousOnly;
}

/// A snapshot being read.
#[repr(C)]
pub struct ListingCursor {
    base: sqlite3_vtab_cursor,
    list: &'static List,
    session: Arc<Session>,
    rows: Vec<Vec<Value>>,
    position: usize,
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTabCursor for ListingCursor {
    fn filter(
        &mut self,
        _number: c_int,
        _text: Option<&str>,
        _arguments: &Filters<'_>,
    ) -> Result<()> {
        guard("filter", || {
            self.rows = (self.list.rows)(&self.session);
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
