//! Tables over what the driver itself knows: requests, the cache, what was skipped, its own metadata.

mod countries;
mod metadata;
mod procedures;
mod templates;
mod writes;

pub(super) use templates::{TEMPLATES, register_templates};

use std::borrow::Cow;
use std::ffi::{CStr, CString};
use std::sync::Arc;

use rusqlite::Result;
use rusqlite::vtab::{
    CreateVTab, IndexInfo, VTab, VTabConnection, VTabKind, escape_double_quote, sqlite3_vtab,
};

use super::guard::guard;
use super::snapshot::Snapshot;
use super::table::{declared_type, sql_error};
use crate::cache::cache;
use crate::catalog::Type;
use crate::instant::Instant;
use crate::session::Session;
use crate::value::Value;

/// A table whose rows a function makes.
pub struct List {
    /// Its SQL name.
    pub name: &'static CStr,
    /// One sentence: what a row is.
    pub doc: &'static str,
    /// Its columns.
    pub columns: &'static [Field],
    rows: Origin,
}

/// Where the rows of such a table come from.
enum Origin {
    /// From memory.
    Known(fn(&Session) -> Vec<Vec<Value>>),
    /// From files, which may be unreadable.
    Read(fn() -> crate::error::Result<Vec<Vec<Value>>>),
}

impl List {
    fn rows(&self, session: &Session) -> Result<Vec<Vec<Value>>> {
        match self.rows {
            Origin::Known(rows) => Ok(rows(session)),
            Origin::Read(rows) => rows().map_err(|error| {
                session.failed(&error);
                sql_error(&error)
            }),
        }
    }
}

/// A column of such a table.
pub struct Field {
    /// Its SQL name.
    pub name: &'static str,
    /// The type of its values.
    pub ty: Type,
    /// One sentence.
    pub doc: &'static str,
}

const fn field(name: &'static str, ty: Type, doc: &'static str) -> Field {
    Field { name, ty, doc }
}

const fn text(name: &'static str, doc: &'static str) -> Field {
    field(name, Type::Text, doc)
}

const fn number(name: &'static str, doc: &'static str) -> Field {
    field(name, Type::Integer, doc)
}

const fn truth(name: &'static str, doc: &'static str) -> Field {
    field(name, Type::Boolean, doc)
}

const fn instant(name: &'static str, doc: &'static str) -> Field {
    field(name, Type::Instant, doc)
}

/// All such tables.
pub static LISTS: &[&List] = &[
    &REQUESTS,
    &CACHE,
    &SKIPPED,
    &writes::WRITES,
    &TEMPLATES,
    &countries::COUNTRY_CODES,
    &metadata::TABLES,
    &metadata::COLUMNS,
    &procedures::PROCEDURES,
    &procedures::PARAMETERS,
    &metadata::KEYS,
    &metadata::CONNECTION,
    &metadata::INFORMATION,
];

#[rustfmt::skip]
static REQUESTS: List = List {
    name: c"o365_requests",
    doc: "A request of this connection to Graph, or an answer it took from the cache.",
    columns: &[
        number("seq",       "The number of the request on this connection."),
        instant("started",  "When it began, in UTC."),
        text("method",      "The HTTP method."),
        text("url",         "The whole address."),
        number("status",    "The last HTTP status, NULL without an answer and from the cache."),
        number("attempts",  "How often it was sent."),
        number("wait_ms",   "Milliseconds spent waiting because the service asked for it."),
        number("elapsed_ms", "Milliseconds from the first try to the last byte."),
        number("bytes",     "The size of the answer after decompression."),
        number("rows",      "The rows of the answer."),
        text("cache",       "Whether the answer came from the cache: miss, hit or off."),
        text("request_id",  "Graph's id of the request, for a support case."),
        text("error",       "What went wrong, NULL when nothing did."),
    ],
    rows: Origin::Known(requests),
};

#[rustfmt::skip]
static CACHE: List = List {
    name: c"o365_cache",
    doc: "An answer that the process keeps.",
    columns: &[
        text("url",      "The address of its first page."),
        number("rows",   "The rows kept."),
        number("bytes",  "The memory taken."),
        number("age_ms", "Milliseconds since it was asked for."),
        truth("whole",   "Whether every page is there."),
        number("hits",   "How often another scan used it."),
    ],
    rows: Origin::Known(cached),
};

#[rustfmt::skip]
static SKIPPED: List = List {
    name: c"o365_skipped",
    doc: "A mailbox, drive or other parent that OnMailboxError=skip left out on this connection.",
    columns: &[
        instant("at",    "When, in UTC."),
        text("table",    "The table that was read."),
        text("asked",    "What the statement named, such as the UserId."),
        number("status", "The HTTP status of the refusal."),
        text("code",     "Graph's code of the refusal."),
        text("error",    "The refusal in words."),
    ],
    rows: Origin::Known(skipped),
};

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

/// The `CREATE TABLE` text of a listing.
fn declaration(list: &List) -> String {
    let columns: Vec<String> = list
        .columns
        .iter()
        .map(|field| {
            let collation = match field.ty {
                Type::Instant => " COLLATE o365_instant",
                _ => "",
            };
            format!(
                "\"{}\" {}{collation}",
                escape_double_quote(field.name),
                declared_type(field.ty)
            )
        })
        .collect();
    format!("CREATE TABLE x({})", columns.join(", "))
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
    type Cursor = Snapshot;

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
            let declaration =
                CString::new(declaration(list)).map_err(|_| rusqlite::Error::InvalidQuery)?;
            Ok((Cow::Owned(declaration), listing))
        })
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        info.set_estimated_cost(1000.0);
        info.set_estimated_rows(1000);
        Ok(true)
    }

    fn open(&mut self) -> Result<Snapshot> {
        guard("open", || {
            let (list, session) = (self.list, Arc::clone(&self.session));
            Ok(Snapshot::new(move || list.rows(&session)))
        })
    }
}

impl CreateVTab<'_> for Listing {
    const KIND: VTabKind = VTabKind::EponymousOnly;
}
