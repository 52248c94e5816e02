//! `NotificationTemplates`: the texts that SendNotification fills, to be read and changed.
//!
//! A change is collected and made at COMMIT like every write, so that ROLLBACK and savepoints hold for it
//! too.

use std::borrow::Cow;
use std::ffi::CStr;
use std::sync::Arc;

use rusqlite::Result;
use rusqlite::types::ValueRef;
use rusqlite::vtab::{
    CreateVTab, IndexInfo, Inserts, TransactionVTab, UpdateVTab, Updates, VTab, VTabConfig,
    VTabConnection, VTabKind, sqlite3_vtab,
};
use rusqlite::{Connection, ffi};

use super::{List, Origin, text, truth};
use crate::error::Error;
use crate::journal::Work;
use crate::session::Session;
use crate::sqlite::guard::guard;
use crate::sqlite::snapshot::Snapshot;
use crate::sqlite::table::{from_sql, module_error, sql_error};
use crate::sqlite::transaction::{self, Writing};
use crate::sqlite::updates::NUMBERS;
use crate::templates::{self, Edit, Template};
use crate::value::Value;

#[rustfmt::skip]
pub static TEMPLATES: List = List {
    name: c"NotificationTemplates",
    doc: "A text that SendNotification sends, with gaps for values.",
    columns: &[
        text("Name",    "What it is called: letters, digits, _ and -."),
        text("Subject", "The subject of the mail; {{Name}} is a gap for the value Name."),
        text("Body",    "The body of the mail, as HTML; {{@Name}} attaches the value Name as a file."),
        truth("IsOwn",  "Whether a user of this computer wrote or changed it; DELETE takes that back."),
    ],
    rows: Origin::Read(rows),
};

/// What a change is noted under.
const NAME: &str = "NotificationTemplates";

/// The columns, with a key by which a row is changed.
const DECLARATION: &CStr = c"CREATE TABLE x(Name TEXT PRIMARY KEY NOT NULL, Subject TEXT, Body TEXT, IsOwn BOOLEAN) WITHOUT ROWID";

/// Registers the table.
///
/// # Errors
/// What SQLite says to the registration.
pub fn register_templates(connection: &Connection, session: &Arc<Session>) -> Result<()> {
    transaction::create_module::<Templates>(connection, NAME, Arc::clone(session))
}

/// The table.
#[repr(C)]
pub(super) struct Templates {
    base: sqlite3_vtab,
    session: Arc<Session>,
    db: *mut ffi::sqlite3,
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTab<'_> for Templates {
    type Aux = Arc<Session>;
    type Cursor = Snapshot;

    fn connect(
        db: &mut VTabConnection,
        aux: Option<&Arc<Session>>,
        _module: &[u8],
        _database: &[u8],
        _name: &[u8],
        _arguments: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        guard("connect", || {
            // No view and no trigger may read a user's texts or change them.
            db.config(VTabConfig::DirectOnly)?;
            let table = Self {
                base: sqlite3_vtab::default(),
                session: aux.cloned().ok_or(rusqlite::Error::InvalidQuery)?,
                // SAFETY: the handle outlives its virtual tables.
                db: unsafe { db.handle() },
            };
            Ok((Cow::Borrowed(DECLARATION), table))
        })
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        info.set_estimated_cost(100.0);
        info.set_estimated_rows(10);
        Ok(true)
    }

    fn open(&mut self) -> Result<Snapshot> {
        guard("open", || {
            let session = Arc::clone(&self.session);
            Ok(Snapshot::new(move || TEMPLATES.rows(&session)))
        })
    }
}

impl CreateVTab<'_> for Templates {
    const KIND: VTabKind = VTabKind::EponymousOnly;
}

fn rows() -> crate::error::Result<Vec<Vec<Value>>> {
    Ok(templates::all()?.iter().map(row).collect())
}

fn row(template: &Template) -> Vec<Value> {
    vec![
        Value::text(template.name.as_str()),
        Value::text(template.subject.as_str()),
        Value::text(template.body.as_str()),
        Value::Integer(template.is_own.into()),
    ]
}

/// An error as SQLite takes it, kept for `o365_last_error()`.
fn said(session: &Session, error: &Error) -> rusqlite::Error {
    session.failed(error);
    sql_error(error)
}

impl UpdateVTab<'_> for Templates {
    fn delete(&mut self, name: ValueRef<'_>) -> Result<()> {
        guard("update", || {
            let name = name.as_str()?;
            let known = templates::find(name).map_err(|error| said(&self.session, &error))?;
            if !known.is_own {
                return Err(module_error(&format!(
                    "{name} comes with the driver: it can be changed, and a change taken back by DELETE"
                )));
            }
            self.collect("DELETE", name, Edit::Drop(name.to_owned()))
        })
    }

    fn insert(&mut self, arguments: &Inserts<'_>) -> Result<i64> {
        guard("update", || {
            let given: Vec<Value> = arguments.iter().skip(NUMBERS).map(from_sql).collect();
            let template = self.template(&given)?;
            let name = template.name.clone();
            let all = templates::all().map_err(|error| said(&self.session, &error))?;
            if all
                .iter()
                .any(|known| known.name.eq_ignore_ascii_case(&name))
            {
                return Err(module_error(&format!(
                    "there is a template {name}: UPDATE changes it"
                )));
            }
            self.collect("INSERT", &name, Edit::Keep(template))?;
            Ok(0)
        })
    }

    fn update(&mut self, arguments: &Updates<'_>) -> Result<()> {
        guard("update", || {
            let name: String = arguments.get(0)?;
            let given: Vec<Value> = arguments.iter().skip(NUMBERS).map(from_sql).collect();
            let template = self.template(&given)?;
            if template.name != name {
                return Err(module_error(
                    "the Name of a template stays: INSERT one with the new name",
                ));
            }
            self.collect("UPDATE", &name, Edit::Keep(template))
        })
    }
}

impl Templates {
    /// The template of a row's values.
    fn template(&self, given: &[Value]) -> Result<Template> {
        let text = |column: usize| given.get(column).and_then(Value::as_text).unwrap_or("");
        Template::of_user(text(0), text(1), text(2)).map_err(|error| said(&self.session, &error))
    }

    fn collect(&self, operation: &'static str, name: &str, edit: Edit) -> Result<()> {
        let collected = self.session.for_writing().and_then(|environment| {
            let most = environment.settings.max_writes;
            let work = Work::Template(edit);
            self.session
                .journal
                .push(NAME.into(), operation, name, work, most)
        });
        collected.map_err(|error| said(&self.session, &error.on(NAME)))
    }
}

impl TransactionVTab<'_> for Templates {
    fn begin(&mut self) -> Result<()> {
        guard("begin", || self.allowed())
    }

    fn sync(&mut self) -> Result<()> {
        guard("sync", || self.send_collected())
    }

    fn rollback(&mut self) -> Result<()> {
        guard("rollback", || {
            self.session.journal.clear();
            Ok(())
        })
    }
}

impl Writing for Templates {
    fn session(&self) -> &Session {
        &self.session
    }

    fn db(&self) -> *mut ffi::sqlite3 {
        self.db
    }
}
