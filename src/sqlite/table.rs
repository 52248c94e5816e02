//! The one virtual table: every table of the catalogue is this, with its entry as data.
//!
//! It translates and decides nothing: SQLite's question becomes an [`Ask`], the plan travels in
//! `idxStr`, values become a [`Scan`], cells become results.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ffi::{CStr, CString, c_int};
use std::sync::Arc;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::vtab::{
    Context, CreateVTab, Filters, IndexConstraintOp, IndexFlags, IndexInfo, VTab, VTabConnection,
    VTabCursor, VTabKind, escape_double_quote, sqlite3_vtab, sqlite3_vtab_cursor,
};
use rusqlite::{Error as SqlError, Result as SqlResult, ffi};

use super::guard::guard;
use super::interrupt::is_interrupted;
use crate::catalog::{Role, Source, Table, Type};
use crate::error::{Error, Kind};
use crate::plan::bind::{Context as BindContext, bind};
use crate::plan::explain::{decode, encode};
use crate::plan::{Ask, Collation, Constraint, Op, Plan, Purpose, Term, plan};
use crate::scan::{Lookups, Scan};
use crate::session::Session;
use crate::value::Value;

/// The name of the collation that compares instants.
pub const INSTANT_COLLATION: &CStr = c"o365_instant";

/// Its other name, which is what SQLite 3.37 to 3.54 make of it for hidden columns: they cut `HIDDEN `
/// out of the declared type (vtabCallConstructor) but then look for the collation right behind the
/// shorter text, where the end of the longer one still stands.
pub const HIDDEN_COLLATION: &CStr = c"TEXT)\"";

/// After so many lookups in one collection its first page is read whole: a directory or a folder that
/// fits on a page costs one request then, instead of one for each row of the join.
const LOOKUPS: u32 = 8;

/// What a module is registered with.
#[derive(Clone)]
pub struct Registered {
    /// The catalogue's entry.
    pub table: &'static Table,
    /// The connection's session.
    pub session: Arc<Session>,
}

/// A virtual table of one connection.
#[repr(C)]
pub struct GraphTable {
    base: sqlite3_vtab,
    pub(super) registered: Registered,
    pub(super) db: *mut ffi::sqlite3,
    /// Said in CREATE VIRTUAL TABLE.
    pub(super) own: Own,
}

/// What a table of its own says of its connection.
#[derive(Clone, Default)]
pub(super) struct Own {
    /// The mailbox and drive.
    pub user_id: Option<String>,
    /// The profile.
    pub profile: Option<String>,
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTab<'_> for GraphTable {
    type Aux = Registered;
    type Cursor = Cursor;

    fn connect(
        db: &mut VTabConnection,
        aux: Option<&Registered>,
        _module: &[u8],
        _database: &[u8],
        name: &[u8],
        arguments: &[&[u8]],
    ) -> SqlResult<(Cow<'static, CStr>, Self)> {
        guard("connect", || {
            let registered = aux
                .cloned()
                .ok_or_else(|| module_error("the module lost its table"))?;
            let own = own(arguments)?;
            let name = String::from_utf8_lossy(name);
            let declaration = CString::new(declaration(registered.table, &name))
                .map_err(|_| module_error("the table's name holds a zero byte"))?;
            let table = Self {
                base: sqlite3_vtab::default(),
                registered,
                // SAFETY: the handle outlives its virtual tables.
                db: unsafe { db.handle() },
                own,
            };
            Ok((Cow::Owned(declaration), table))
        })
    }

    fn best_index(&self, info: &mut IndexInfo) -> SqlResult<bool> {
        guard("best_index", || {
            let table = self.registered.table;
            let ask = ask(table, info)?;
            let decision = plan(table, &ask, self.registered.session.pushdown());
            for (position, claim) in decision.claims.iter().enumerate() {
                let Some(claim) = claim else {
                    continue;
                };
                if decision.plan.arguments[claim.argument].list {
                    info.set_in_constraint(position, true)?;
                }
                let argument = c_int::try_from(claim.argument + 1).unwrap_or(c_int::MAX);
                let mut usage = info.constraint_usage(position);
                usage.set_argv_index(argument);
                usage.set_omit(claim.omit);
            }
            info.set_order_by_consumed(decision.ordered);
            info.set_estimated_cost(decision.cost);
            info.set_estimated_rows(decision.rows);
            let single =
                decision.rows == 1 && !decision.plan.arguments.iter().any(|argument| argument.list);
            if single {
                info.set_idx_flags(IndexFlags::SQLITE_INDEX_SCAN_UNIQUE);
            }
            info.set_idx_str(&encode(table, &decision.plan));
            Ok(true)
        })
    }

    fn open(&mut self) -> SqlResult<Cursor> {
        guard("open", || {
            Ok(Cursor {
                base: sqlite3_vtab_cursor::default(),
                registered: self.registered.clone(),
                db: self.db,
                own: self.own.clone(),
                planned: None,
                scan: RefCell::new(None),
                lookups: (0, String::new()),
                items: Lookups::default(),
                eof: true,
            })
        })
    }
}

impl CreateVTab<'_> for GraphTable {
    const KIND: VTabKind = VTabKind::Eponymous;
}

/// `UserId=` from the arguments of CREATE VIRTUAL TABLE: they are stored in the file in clear text, so
/// nothing that could be a secret is taken.
fn own(arguments: &[&[u8]]) -> SqlResult<Own> {
    let mut own = Own::default();
    for argument in arguments {
        let (key, value) = rusqlite::vtab::parameter(argument)?;
        if key.eq_ignore_ascii_case("UserId") {
            own.user_id = Some(value.into_owned());
        } else if key.eq_ignore_ascii_case("Profile") {
            own.profile = Some(value.into_owned());
        } else {
            return Err(module_error(&format!(
                "CREATE VIRTUAL TABLE takes Profile=… and UserId=… only, not {key}: its arguments are \
                 stored in the database file in clear text. Use SELECT o365_connect('…')"
            )));
        }
    }
    Ok(own)
}

/// The `CREATE TABLE` text of a table. The column for MATCH has the name the table was created with.
pub fn declaration(table: &Table, name: &str) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let own = column.name();
            let column_name = match column.source {
                Source::Input(Role::Match) => name,
                _ => &own,
            };
            // SQLite takes the quotes off a type that begins with one, and loses what follows.
            let hidden = if column.hidden { "HIDDEN " } else { "" };
            let collation = match column.ty {
                Type::Instant | Type::Zoned => " COLLATE o365_instant",
                _ => "",
            };
            format!(
                "\"{}\" {hidden}{}{collation}",
                escape_double_quote(column_name),
                declared_type(column.ty)
            )
        })
        .collect();
    format!("CREATE TABLE x({})", columns.join(", "))
}

/// The declared type: readers know these names, and instants keep TEXT affinity (contract §3).
pub fn declared_type(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Enum(_) | Type::Time | Type::Json => "TEXT",
        Type::Boolean => "BOOLEAN",
        Type::Integer => "INTEGER",
        Type::Long => "BIGINT",
        Type::Double => "REAL",
        Type::Instant | Type::Zoned => "\"TIMESTAMP(TEXT)\"",
        Type::Date => "\"DATE(TEXT)\"",
        Type::Blob => "BLOB",
    }
}

/// SQLite's question in the planner's words.
fn ask(table: &Table, info: &mut IndexInfo) -> SqlResult<Ask> {
    let mut constraints: Vec<Constraint> = info
        .constraints()
        .map(|constraint| {
            let op = op(constraint.operator());
            Constraint {
                column: match op {
                    Op::Limit | Op::Offset => None,
                    _ => usize::try_from(constraint.column())
                        .ok()
                        .filter(|column| *column < table.columns.len()),
                },
                op,
                usable: constraint.is_usable(),
                list: false,
                collation: Collation::Binary,
            }
        })
        .collect();
    for (position, constraint) in constraints.iter_mut().enumerate() {
        if constraint.column.is_some() {
            constraint.list = info.is_in_constraint(position)?;
            constraint.collation = collation(info.collation(position)?);
        }
    }
    let mut order: Vec<Term> = Vec::new();
    for term in info.order_bys() {
        match usize::try_from(term.column()) {
            Ok(column) => order.push(Term {
                column,
                descending: term.is_order_by_desc(),
            }),
            // By rowid: nothing that Graph knows, and the rest alone would be another order.
            Err(_) => {
                order = vec![Term {
                    column: usize::MAX,
                    descending: false,
                }];
                break;
            }
        }
    }
    Ok(Ask {
        constraints,
        order,
        used: info.col_used(),
    })
}

fn op(operator: IndexConstraintOp) -> Op {
    use IndexConstraintOp as S;
    match operator {
        S::SQLITE_INDEX_CONSTRAINT_EQ => Op::Eq,
        S::SQLITE_INDEX_CONSTRAINT_NE => Op::Ne,
        S::SQLITE_INDEX_CONSTRAINT_GT => Op::Gt,
        S::SQLITE_INDEX_CONSTRAINT_GE => Op::Ge,
        S::SQLITE_INDEX_CONSTRAINT_LT => Op::Lt,
        S::SQLITE_INDEX_CONSTRAINT_LE => Op::Le,
        S::SQLITE_INDEX_CONSTRAINT_ISNULL => Op::IsNull,
        S::SQLITE_INDEX_CONSTRAINT_ISNOTNULL => Op::IsNotNull,
        S::SQLITE_INDEX_CONSTRAINT_LIKE => Op::Like,
        S::SQLITE_INDEX_CONSTRAINT_GLOB => Op::Glob,
        S::SQLITE_INDEX_CONSTRAINT_MATCH => Op::Match,
        S::SQLITE_INDEX_CONSTRAINT_LIMIT => Op::Limit,
        S::SQLITE_INDEX_CONSTRAINT_OFFSET => Op::Offset,
        _ => Op::Other,
    }
}

fn collation(name: &str) -> Collation {
    match name {
        "BINARY" => Collation::Binary,
        "NOCASE" => Collation::NoCase,
        name if name.eq_ignore_ascii_case("o365_instant") || name == "TEXT)\"" => {
            Collation::Instant
        }
        _ => Collation::Other,
    }
}

/// One scan of one statement.
#[repr(C)]
pub struct Cursor {
    base: sqlite3_vtab_cursor,
    registered: Registered,
    db: *mut ffi::sqlite3,
    own: Own,
    /// The plan's text and the plan: a join filters with the same one for each outer row.
    planned: Option<(String, Plan)>,
    scan: RefCell<Option<Scan>>,
    /// Lookups in one collection that had to ask Graph: how many, and where.
    lookups: (u32, String),
    /// Lookups of items.
    items: Lookups,
    eof: bool,
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTabCursor for Cursor {
    fn filter(
        &mut self,
        _number: c_int,
        text: Option<&str>,
        arguments: &Filters<'_>,
    ) -> SqlResult<()> {
        guard("filter", || {
            self.scan.replace(None);
            let text = text.unwrap_or_default();
            if self.planned.as_ref().is_none_or(|(known, _)| known != text) {
                let plan = decode(text).ok_or_else(|| module_error("a plan could not be read"))?;
                self.planned = Some((text.to_owned(), plan));
            }
            let Some((_, plan)) = &self.planned else {
                return Err(module_error("a plan was lost"));
            };
            let values = values(plan, arguments)?;
            let mut scan = self
                .begin(plan, &values)
                .map_err(|error| self.failed(error))?;
            let table = self.registered.table;
            let route = &table.routes[plan.route.min(table.routes.len() - 1)];
            let (db, items) = (self.db, &mut self.items);
            scan = items
                .scan(scan, route, &|| is_interrupted(db))
                .map_err(|error| sql_error(&error.on(table.name)))?;
            if self.lookups.0 == LOOKUPS {
                scan.read_whole(&|| is_interrupted(self.db));
                self.lookups.0 += 1;
            }
            self.scan.replace(Some(scan));
            self.advance()?;
            self.count_lookup();
            Ok(())
        })
    }

    fn next(&mut self) -> SqlResult<()> {
        guard("next", || self.advance())
    }

    fn eof(&self) -> bool {
        self.eof
    }

    fn column(&self, context: &mut Context, column: c_int) -> SqlResult<()> {
        guard("column", || {
            if context.no_change() {
                // An UPDATE leaves the column as it is: no value needs to be read, and none is sent.
                return Ok(());
            }
            let column = usize::try_from(column).map_err(|_| module_error("no such column"))?;
            let mut scan = self.scan.borrow_mut();
            let Some(scan) = scan.as_mut() else {
                return Ok(());
            };
            if let Some(value) = scan.cell(column) {
                return context.set_result(value);
            }
            let value = scan
                .value(column, &|| is_interrupted(self.db))
                .map_err(|error| self.failed(error))?;
            context.set_result(&value)
        })
    }

    fn rowid(&self) -> SqlResult<i64> {
        guard("rowid", || {
            let mut scan = self.scan.borrow_mut();
            let Some(scan) = scan.as_mut() else {
                return Ok(0);
            };
            let interrupted = || is_interrupted(self.db);
            let (owner, id) = scan.key(&interrupted).map_err(|error| self.failed(error))?;
            let session = &self.registered.session;
            // Two tenants may have the same owner, `me`.
            let rowid = match &self.own.profile {
                None => session.rowid(&owner, &id),
                Some(profile) => session.rowid(&format!("{profile}:{owner}"), &id),
            };
            if self.registered.table.writes.is_some() {
                let address = scan
                    .address(&interrupted)
                    .map_err(|error| self.failed(error))?;
                session.keep_address(rowid, address);
            }
            Ok(rowid)
        })
    }
}

impl Cursor {
    fn begin(&self, plan: &Plan, values: &[Vec<Value>]) -> crate::error::Result<Scan> {
        let table = self.registered.table;
        let environment = self
            .registered
            .session
            .environment_of(self.own.profile.as_deref())
            .map_err(|error| error.on(table.name))?;
        let user_id = self
            .own
            .user_id
            .clone()
            .or_else(|| environment.settings.user_id.clone());
        let context = BindContext {
            user_id: user_id.as_deref(),
            pushdown: environment.settings.pushdown,
        };
        let bound = bind(table, plan, values, context).map_err(|error| error.on(table.name))?;
        let nobody = bound
            .targets
            .iter()
            .any(|target| target.owner == "me" || target.owner.starts_with("me/"));
        if nobody && environment.settings.sign_in.is_application() {
            return Err(no_mailbox(table));
        }
        Ok(Scan::new(table, environment, bound))
    }

    fn advance(&mut self) -> SqlResult<()> {
        let moved = match self.scan.get_mut() {
            Some(scan) => scan.advance(&|| is_interrupted(self.db)),
            None => Ok(false),
        };
        // After an error there is nothing to read on.
        self.eof = !matches!(moved, Ok(true));
        moved.map(|_| ()).map_err(|error| self.failed(error))
    }

    /// Counts lookups of a join in one collection.
    fn count_lookup(&mut self) {
        let scan = self.scan.get_mut().as_ref();
        let Some(path) = scan.and_then(Scan::looked_up) else {
            return;
        };
        if self.lookups.1 != path {
            self.lookups = (0, path.to_owned());
        }
        self.lookups.0 += 1;
    }

    fn failed(&self, error: Error) -> SqlError {
        self.registered.session.failed(&error);
        sql_error(&error)
    }
}

/// Graph knows no `me` for an application (FACTS §1).
pub(super) fn no_mailbox(table: &'static Table) -> Error {
    Error::usage(
        "the connection signs in as an application, which has no mailbox or drive of its own",
    )
    .next(
        "Add UserId = 'someone@your.domain' to WHERE (or UserId IN (SELECT id FROM Users …)), or \
             UserId=… to the connection",
    )
    .on(table.name)
}

/// An error as SQLite reports it.
pub fn sql_error(error: &Error) -> SqlError {
    match error.kind {
        Kind::Interrupted => SqlError::SqliteFailure(
            ffi::Error::new(ffi::SQLITE_INTERRUPT),
            Some("interrupted".to_owned()),
        ),
        _ => SqlError::ModuleError(error.to_string()),
    }
}

pub(super) fn module_error(sentence: &str) -> SqlError {
    SqlError::ModuleError(format!("office365: {sentence}"))
}

/// The values of each argument: one, or those of an IN.
fn values(plan: &Plan, arguments: &Filters<'_>) -> SqlResult<Vec<Vec<Value>>> {
    use fallible_iterator::FallibleIterator;
    let mut all = Vec::with_capacity(plan.arguments.len());
    for (position, (argument, value)) in plan.arguments.iter().zip(arguments.iter()).enumerate() {
        let one = match (argument.list, argument.role) {
            (true, _) => {
                let mut values = Vec::new();
                let mut list = arguments.in_values(position)?;
                while let Some(value) = list.next()? {
                    values.push(from_sql(value));
                }
                values
            }
            // IS NULL has no right side.
            (false, Purpose::Superset) if matches!(argument.op, Op::IsNull | Op::IsNotNull) => {
                Vec::new()
            }
            (false, _) => vec![from_sql(value)],
        };
        all.push(one);
    }
    Ok(all)
}

/// A value of SQLite's as ours. Text that is not UTF-8 stays bytes: no row of ours can be equal to it.
pub(super) fn from_sql(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::text(text),
            Err(_) => Value::Blob(bytes.into()),
        },
        ValueRef::Blob(bytes) => Value::Blob(bytes.into()),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> SqlResult<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
