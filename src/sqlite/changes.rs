//! The tables of changes: `SELECT * FROM MessageChanges('token or NULL')`, for users who want what changed
//! without keeping a copy.

use std::borrow::Cow;
use std::ffi::{CStr, CString, c_int};
use std::sync::Arc;

use rusqlite::ffi;
use rusqlite::vtab::{
    Context, CreateVTab, Filters, IndexConstraintOp, IndexInfo, Module, VTab, VTabConnection,
    VTabCursor, VTabKind, escape_double_quote, sqlite3_vtab, sqlite3_vtab_cursor,
};
use rusqlite::{Connection, Result};

use super::guard::guard;
use super::interrupt::is_interrupted;
use super::table::{declared_type, no_mailbox, sql_error};
use crate::catalog::Type;
use crate::catalog::changes::{CHANGES, Changes};
use crate::error::Error;
use crate::plan::bind::owner_path;
use crate::scan::{ChangesScan, Line, Since};
use crate::session::Session;
use crate::value::Value;

const MODULE: Module<'static, ChangesTable> = Module::read_only_module();

/// Registers them.
pub(super) fn register(connection: &Connection, session: &Arc<Session>) -> Result<()> {
    CHANGES.iter().try_for_each(|changes| {
        let aux = (*changes, Arc::clone(session));
        connection.create_module(changes.name, &MODULE, Some(aux))
    })
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// The property of this column of the table.
    Property(usize),
    /// The n-th relationship's own changes.
    Further(usize),
    /// `changed`, `removed` or `end`.
    Change,
    /// Which properties came, as an array.
    Properties,
    /// Why an item was removed.
    Reason,
    /// What the next round begins with.
    Token,
    /// Whose children.
    Parent,
    /// Whose mailbox or drive.
    User,
    /// The token to go on from.
    Since,
    /// One end of a window of time.
    Window(usize),
}

/// The columns in their order; hidden ones last, which are the arguments of the table-valued form.
fn fields(changes: &Changes) -> Vec<Field> {
    let mut fields: Vec<Field> = changes.columns().into_iter().map(Field::Property).collect();
    fields.extend((0..changes.further.len()).map(Field::Further));
    fields.extend([
        Field::Change,
        Field::Properties,
        Field::Reason,
        Field::Token,
    ]);
    if changes.parent.is_some() {
        fields.push(Field::Parent);
    }
    if changes.has_owner() {
        fields.push(Field::User);
    }
    fields.push(Field::Since);
    if changes.window {
        fields.extend([Field::Window(0), Field::Window(1)]);
    }
    fields
}

fn declaration(changes: &Changes) -> String {
    let columns: Vec<String> = fields(changes)
        .into_iter()
        .map(|field| {
            let text = "TEXT".to_owned();
            let (name, ty) = match field {
                Field::Property(column) => {
                    let column = &changes.table.columns[column];
                    let collation = match column.ty {
                        Type::Instant | Type::Zoned => " COLLATE o365_instant",
                        _ => "",
                    };
                    let ty = format!("{}{collation}", declared_type(column.ty));
                    (column.name(), ty)
                }
                Field::Further(n) => (changes.further[n].0.to_owned(), text),
                Field::Change => ("change".to_owned(), text),
                Field::Properties => ("properties".to_owned(), text),
                Field::Reason => ("reason".to_owned(), text),
                Field::Token => ("token".to_owned(), text),
                Field::Parent => (
                    changes
                        .parent
                        .map_or_else(String::new, |parent| parent.name.to_owned()),
                    text,
                ),
                Field::User => ("UserId".to_owned(), text),
                Field::Since => ("since".to_owned(), "HIDDEN TEXT".to_owned()),
                Field::Window(end) => (
                    ["windowStart", "windowEnd"][end].to_owned(),
                    "HIDDEN TEXT".to_owned(),
                ),
            };
            format!("\"{}\" {ty}", escape_double_quote(&name))
        })
        .collect();
    format!("CREATE TABLE x({})", columns.join(", "))
}

/// A table of changes on one connection.
#[repr(C)]
pub struct ChangesTable {
    base: sqlite3_vtab,
    changes: &'static Changes,
    session: Arc<Session>,
    fields: Arc<[Field]>,
    db: *mut ffi::sqlite3,
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTab<'_> for ChangesTable {
    type Aux = (&'static Changes, Arc<Session>);
    type Cursor = ChangesCursor;

    fn connect(
        db: &mut VTabConnection,
        aux: Option<&Self::Aux>,
        _module: &[u8],
        _database: &[u8],
        _name: &[u8],
        _arguments: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        guard("connect", || {
            let (changes, session) = aux.cloned().ok_or(rusqlite::Error::InvalidQuery)?;
            let declaration =
                CString::new(declaration(changes)).map_err(|_| rusqlite::Error::InvalidQuery)?;
            let table = Self {
                base: sqlite3_vtab::default(),
                changes,
                session,
                fields: fields(changes).into(),
                // SAFETY: the handle outlives its virtual tables.
                db: unsafe { db.handle() },
            };
            Ok((Cow::Owned(declaration), table))
        })
    }

    /// The inputs that are given, as their columns' positions in `idxStr`.
    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        guard("best_index", || {
            let mut given = Vec::new();
            for (position, constraint) in info.constraints().enumerate() {
                let Ok(column) = usize::try_from(constraint.column()) else {
                    continue;
                };
                let is_input = matches!(
                    self.fields.get(column),
                    Some(Field::Since | Field::Parent | Field::User | Field::Window(_))
                );
                if is_input
                    && constraint.operator() == IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ
                {
                    if !constraint.is_usable() {
                        return Ok(false);
                    }
                    given.push((position, column));
                }
            }
            let mut columns = Vec::new();
            for (number, (position, column)) in (1..).zip(given) {
                let mut usage = info.constraint_usage(position);
                usage.set_argv_index(number);
                usage.set_omit(true);
                columns.push(column.to_string());
            }
            info.set_idx_str(&columns.join(","));
            info.set_estimated_cost(1e6);
            info.set_estimated_rows(1_000);
            Ok(true)
        })
    }

    fn open(&mut self) -> Result<ChangesCursor> {
        guard("open", || {
            Ok(ChangesCursor {
                base: sqlite3_vtab_cursor::default(),
                changes: self.changes,
                session: Arc::clone(&self.session),
                fields: Arc::clone(&self.fields),
                db: self.db,
                user: Value::Null,
                parent: Value::Null,
                since: Value::Null,
                window: [Value::Null, Value::Null],
                scan: None,
                line: None,
                number: 0,
            })
        })
    }
}

impl CreateVTab<'_> for ChangesTable {
    const KIND: VTabKind = VTabKind::EponymousOnly;
}

/// One round that is being read.
#[repr(C)]
pub struct ChangesCursor {
    base: sqlite3_vtab_cursor,
    changes: &'static Changes,
    session: Arc<Session>,
    fields: Arc<[Field]>,
    db: *mut ffi::sqlite3,
    /// The inputs as they were given.
    user: Value,
    parent: Value,
    since: Value,
    window: [Value; 2],
    scan: Option<ChangesScan>,
    line: Option<Line>,
    number: i64,
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTabCursor for ChangesCursor {
    fn filter(
        &mut self,
        _number: c_int,
        text: Option<&str>,
        arguments: &Filters<'_>,
    ) -> Result<()> {
        guard("filter", || {
            (self.scan, self.line, self.number) = (None, None, 0);
            (self.user, self.parent, self.since) = (Value::Null, Value::Null, Value::Null);
            self.window = [Value::Null, Value::Null];
            let columns = text.unwrap_or_default().split(',');
            for (number, column) in columns.filter(|text| !text.is_empty()).enumerate() {
                let value = match arguments.get::<Option<String>>(number)? {
                    Some(text) => Value::text(text),
                    None => Value::Null,
                };
                let field = column.parse().ok().and_then(|n: usize| self.fields.get(n));
                match field {
                    Some(Field::Since) => self.since = value,
                    // Nothing equals NULL.
                    Some(_) if value.is_null() => return Ok(()),
                    Some(Field::Parent) => self.parent = value,
                    Some(Field::Window(end)) => self.window[*end] = value,
                    _ => self.user = value,
                }
            }
            self.begin().map_err(|error| self.failed(error))?;
            self.advance()
        })
    }

    fn next(&mut self) -> Result<()> {
        guard("next", || self.advance())
    }

    fn eof(&self) -> bool {
        self.line.is_none()
    }

    fn column(&self, context: &mut Context, column: c_int) -> Result<()> {
        guard("column", || {
            let field = usize::try_from(column)
                .ok()
                .and_then(|column| self.fields.get(column));
            let value = match (field, &self.line) {
                (Some(field), Some(line)) => self.value(*field, line),
                _ => Value::Null,
            };
            context.set_result(&value)
        })
    }

    fn rowid(&self) -> Result<i64> {
        Ok(self.number)
    }
}

impl ChangesCursor {
    fn begin(&mut self) -> std::result::Result<(), Error> {
        let environment = self.session.environment()?;
        let user = match self.user.as_text() {
            Some(user) => user.to_owned(),
            None => environment
                .settings
                .user_id
                .clone()
                .unwrap_or_else(|| "me".to_owned()),
        };
        // No object has such a name: nothing changes.
        let Some(owner) = owner_path(self.changes.table, None, Some(&user)) else {
            return Ok(());
        };
        let is_own = self.changes.has_owner() && owner.starts_with("me");
        if is_own && environment.settings.sign_in.is_application() {
            return Err(no_mailbox(self.changes.table));
        }
        self.user = Value::text(user.as_str());
        let text = |value: &Value| value.as_text().map(str::to_owned);
        let since = Since {
            token: text(&self.since),
            parent: text(&self.parent),
            user: user.clone(),
            owner,
            window: [text(&self.window[0]), text(&self.window[1])],
        };
        let db = self.db;
        let scan = ChangesScan::new(self.changes, environment, since, &|| is_interrupted(db));
        self.scan = Some(scan.map_err(|error| error.on(self.changes.name))?);
        Ok(())
    }

    fn advance(&mut self) -> Result<()> {
        let db = self.db;
        self.number += 1;
        let line = match &mut self.scan {
            Some(scan) => scan.next_line(&|| is_interrupted(db)),
            None => Ok(None),
        };
        self.line = line.map_err(|error| self.failed(error.on(self.changes.name)))?;
        Ok(())
    }

    fn value(&self, field: Field, line: &Line) -> Value {
        match (field, line) {
            (Field::User, _) => self.user.clone(),
            (Field::Since, _) => self.since.clone(),
            (Field::Window(end), _) => self.window[end].clone(),
            (Field::Change, Line::Changed { .. }) => Value::text("changed"),
            (Field::Change, Line::Removed { .. }) => Value::text("removed"),
            (Field::Change, Line::End(_)) => Value::text("end"),
            (Field::Token, Line::End(token)) => Value::text(token.as_str()),
            (Field::Parent, Line::Changed { parent, .. } | Line::Removed { parent, .. }) => parent
                .as_deref()
                .map_or_else(|| self.parent.clone(), Value::text),
            (Field::Parent, Line::End(_)) => self.parent.clone(),
            (Field::Reason, Line::Removed { reason, .. }) => Value::text(reason.as_str()),
            (Field::Property(column), Line::Removed { id, .. })
                if self.changes.table.property(self.changes.table.key) == Some(column) =>
            {
                id.clone()
            }
            (_, Line::Changed { page, index, .. }) => {
                let Some(shape) = self.scan.as_ref().map(ChangesScan::shape) else {
                    return Value::Null;
                };
                let cell = match field {
                    Field::Property(column) => shape.cell(column),
                    Field::Further(n) => Some(shape.extra(n + 1)),
                    Field::Properties => shape.names(),
                    _ => None,
                };
                cell.map_or(Value::Null, |cell| page.cell(*index, cell).clone())
            }
            _ => Value::Null,
        }
    }

    fn failed(&self, error: Error) -> rusqlite::Error {
        self.session.failed(&error);
        sql_error(&error)
    }
}
