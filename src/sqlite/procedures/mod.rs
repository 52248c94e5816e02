//! Procedures in SQL: a function for one call at once, and a table to insert calls into, which COMMIT makes.

mod function;

use std::borrow::Cow;
use std::ffi::{CStr, CString};
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::vtab::{
    CreateVTab, IndexInfo, Inserts, TransactionVTab, UpdateVTab, Updates, VTab, VTabConfig,
    VTabConnection, VTabKind, escape_double_quote, sqlite3_vtab,
};
use rusqlite::{Connection, Result, ffi};

use super::guard::guard;
use super::snapshot::Snapshot;
use super::table::{declared_type, from_sql, module_error, sql_error};
use super::transaction::{self, Writing};
use crate::journal::{Outcome, Work};
use crate::procs::{self, Arguments, Procedure, Record};
use crate::session::Session;
use crate::value::Value;

/// Registers every procedure as a function and as a table.
///
/// # Errors
/// What SQLite says to a registration.
pub(super) fn register(connection: &Connection, session: &Arc<Session>) -> Result<()> {
    for procedure in procs::ALL {
        function::register(connection, procedure, session)?;
        let called = Called {
            procedure,
            session: Arc::clone(session),
        };
        transaction::create_module::<Calls>(connection, procedure.name, called)?;
    }
    Ok(())
}

/// What a procedure's table is registered with.
#[derive(Clone)]
pub(super) struct Called {
    procedure: &'static Procedure,
    session: Arc<Session>,
}

impl Called {
    /// The calls of the connection so far.
    fn rows(&self) -> Vec<Vec<Value>> {
        let (outcomes, _) = self.session.journal.rows();
        outcomes
            .iter()
            .filter(|outcome| outcome.write.table == self.procedure.name)
            .flat_map(|outcome| rows_of(self.procedure, outcome))
            .collect()
    }
}

/// The table of a procedure: a row for each call of this connection.
#[repr(C)]
pub(super) struct Calls {
    base: sqlite3_vtab,
    called: Called,
    db: *mut ffi::sqlite3,
}

/// Where the value of a column is.
#[derive(Clone, Copy)]
enum Place {
    /// A parameter.
    Parameter(&'static procs::Parameter),
    /// An output of a name that no parameter has.
    Output(&'static procs::Output),
    /// The whole result as JSON.
    Result,
    /// The number of the call among the connection's writes.
    Call,
}

/// The columns: parameters, outputs, the whole result, and the number of the call.
fn places(procedure: &'static Procedure) -> Vec<(&'static str, Place)> {
    let is_parameter = |name: &str| {
        let mut parameters = procedure.parameters.iter();
        parameters.any(|parameter| parameter.name.eq_ignore_ascii_case(name))
    };
    let parameters = procedure
        .parameters
        .iter()
        .map(|parameter| (parameter.name, Place::Parameter(parameter)));
    let outputs = procedure
        .outputs
        .iter()
        .filter(|output| !is_parameter(output.name))
        .map(|output| (output.name, Place::Output(output)));
    let more = [("Result", Place::Result), ("o365_call", Place::Call)];
    parameters.chain(outputs).chain(more).collect()
}

fn declaration(procedure: &'static Procedure) -> String {
    let columns: Vec<String> = places(procedure)
        .into_iter()
        .map(|(name, place)| {
            let ty = match place {
                Place::Parameter(parameter) => declared_type(parameter.ty),
                Place::Output(output) => declared_type(output.ty),
                Place::Result => "TEXT",
                Place::Call => "HIDDEN INTEGER",
            };
            format!("\"{}\" {ty}", escape_double_quote(name))
        })
        .collect();
    format!("CREATE TABLE x({})", columns.join(", "))
}

// SAFETY: `base` comes first and the struct is repr(C).
unsafe impl VTab<'_> for Calls {
    type Aux = Called;
    type Cursor = Snapshot;

    fn connect(
        db: &mut VTabConnection,
        aux: Option<&Called>,
        _module: &[u8],
        _database: &[u8],
        _name: &[u8],
        _arguments: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        guard("connect", || {
            let called = aux.cloned().ok_or(rusqlite::Error::InvalidQuery)?;
            // No view and no trigger may call a procedure (contract §5).
            db.config(VTabConfig::DirectOnly)?;
            let declaration = CString::new(declaration(called.procedure))
                .map_err(|_| rusqlite::Error::InvalidQuery)?;
            let table = Self {
                base: sqlite3_vtab::default(),
                called,
                // SAFETY: the handle outlives its virtual tables.
                db: unsafe { db.handle() },
            };
            Ok((Cow::Owned(declaration), table))
        })
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        info.set_estimated_cost(1000.0);
        info.set_estimated_rows(100);
        Ok(true)
    }

    fn open(&mut self) -> Result<Snapshot> {
        guard("open", || {
            let called = self.called.clone();
            Ok(Snapshot::new(move || Ok(called.rows())))
        })
    }
}

impl CreateVTab<'_> for Calls {
    const KIND: VTabKind = VTabKind::EponymousOnly;
}

impl UpdateVTab<'_> for Calls {
    fn delete(&mut self, _rowid: ValueRef<'_>) -> Result<()> {
        Err(only_inserts(self.called.procedure))
    }

    fn insert(&mut self, arguments: &Inserts<'_>) -> Result<i64> {
        guard("update", || {
            let (procedure, session) = (self.called.procedure, &self.called.session);
            let given = places(procedure)
                .into_iter()
                .zip(arguments.iter().skip(super::updates::NUMBERS))
                .map(|((name, place), value)| (name, place, from_sql(value)))
                .filter(|(_, _, value)| !value.is_null());
            let mut named = Vec::new();
            for (name, place, value) in given {
                match place {
                    Place::Parameter(_) => named.push((name.to_owned(), value)),
                    _ => {
                        return Err(module_error(&format!(
                            "{name} comes out of {} and cannot be given",
                            procedure.name
                        )));
                    }
                }
            }
            let collected = Arguments::named(procedure, named).and_then(|arguments| {
                let environment = session.for_call(procedure)?;
                let work = Work::Call(procedure, arguments);
                let most = environment.settings.max_writes;
                session
                    .journal
                    .push(procedure.name.into(), "CALL", "", work, most)
            });
            collected.map_err(|error| {
                let error = procedure.failed(error);
                session.failed(&error);
                sql_error(&error)
            })?;
            Ok(session.new_rowid())
        })
    }

    fn update(&mut self, _arguments: &Updates<'_>) -> Result<()> {
        Err(only_inserts(self.called.procedure))
    }
}

fn only_inserts(procedure: &Procedure) -> rusqlite::Error {
    module_error(&format!(
        "{} is a procedure: INSERT INTO it calls it, and what was called stays",
        procedure.name
    ))
}

impl TransactionVTab<'_> for Calls {
    fn begin(&mut self) -> Result<()> {
        guard("begin", || match self.called.procedure.reads {
            true => Ok(()),
            false => self.allowed(),
        })
    }

    fn sync(&mut self) -> Result<()> {
        guard("sync", || self.send_collected())
    }

    fn rollback(&mut self) -> Result<()> {
        guard("rollback", || {
            self.session().journal.clear();
            Ok(())
        })
    }
}

impl Writing for Calls {
    fn session(&self) -> &Session {
        &self.called.session
    }

    fn db(&self) -> *mut ffi::sqlite3 {
        self.db
    }
}

/// A row for each record of a call; one for a call that failed.
fn rows_of(procedure: &'static Procedure, outcome: &Outcome) -> Vec<Vec<Value>> {
    let Work::Call(_, arguments) = &outcome.write.work else {
        return Vec::new();
    };
    let failed: [Record; 1] = [vec![("Status", Value::text(outcome.fate.name()))]];
    let records = match outcome.records.is_empty() {
        true => &failed[..],
        false => &outcome.records,
    };
    records
        .iter()
        .map(|record| {
            places(procedure)
                .into_iter()
                .map(|(name, place)| match place {
                    Place::Parameter(parameter) if parameter.secret => Value::Null,
                    // What was not given may have come out: the name of a new user.
                    Place::Parameter(_) => match arguments.value(name) {
                        Some(value) => value.clone(),
                        None => came_out(record, name),
                    },
                    Place::Output(_) => came_out(record, name),
                    Place::Result => {
                        Value::text(procedure.json(std::slice::from_ref(record)).to_string())
                    }
                    Place::Call => {
                        Value::Integer(i64::try_from(outcome.write.seq).unwrap_or(i64::MAX))
                    }
                })
                .collect()
        })
        .collect()
}

/// The value of an output.
fn came_out(record: &Record, name: &str) -> Value {
    let found = record
        .iter()
        .find(|(output, _)| output.eq_ignore_ascii_case(name));
    found.map_or(Value::Null, |(_, value)| value.clone())
}
