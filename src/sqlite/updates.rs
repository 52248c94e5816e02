//! INSERT, UPDATE and DELETE on the tables of the catalogue: rows become writes of the connection's journal,
//! which COMMIT sends.

use rusqlite::types::ValueRef;
use rusqlite::vtab::{ConflictMode, Inserts, TransactionVTab, UpdateVTab, Updates};
use rusqlite::{Result as SqlResult, ffi};

use super::guard::guard;
use super::table::{GraphTable, from_sql, module_error, sql_error};
use super::transaction::Writing;
use crate::error::{Error, Result};
use crate::journal::{Target, Work};
use crate::session::Session;
use crate::value::Value;
use crate::write::{self, Address, Request};

/// Before the values of the columns, xUpdate gives the old and the new row number.
pub(super) const NUMBERS: usize = 2;

impl UpdateVTab<'_> for GraphTable {
    fn delete(&mut self, rowid: ValueRef<'_>) -> SqlResult<()> {
        guard("update", || {
            let rowid = rowid.as_i64()?;
            self.write("DELETE", |table| {
                let address = table.address(rowid)?;
                let request = write::delete(table.registered.table, &address)?;
                Ok((address.key, vec![request]))
            })
        })
    }

    fn insert(&mut self, arguments: &Inserts<'_>) -> SqlResult<i64> {
        guard("update", || {
            // SAFETY: called by xUpdate, on its connection.
            let mode = unsafe { arguments.on_conflict(self.db) };
            self.refuse_conflict_clause(mode)?;
            let given: Vec<(usize, Value)> = arguments
                .iter()
                .skip(NUMBERS)
                .enumerate()
                .map(|(column, value)| (column, from_sql(value)))
                .filter(|(_, value)| !value.is_null())
                .collect();
            self.write("INSERT", |table| {
                let session = &table.registered.session;
                let environment = session.for_writing_of(table.own.profile.as_deref())?;
                let user_id = table.own.user_id.as_deref();
                let user_id = user_id.or(environment.settings.user_id.as_deref());
                let guid = crate::graph::client::guid();
                let context = write::Context {
                    user_id,
                    guid: &guid,
                };
                let request = write::insert(table.registered.table, &given, context)?;
                Ok((String::new(), vec![request]))
            })?;
            Ok(self.registered.session.new_rowid())
        })
    }

    fn update(&mut self, arguments: &Updates<'_>) -> SqlResult<()> {
        guard("update", || {
            // SAFETY: called by xUpdate, on its connection.
            let mode = unsafe { arguments.on_conflict(self.db) };
            self.refuse_conflict_clause(mode)?;
            let rowid: i64 = arguments.get(0)?;
            if arguments.get::<i64>(1)? != rowid {
                return Err(module_error("the rowid of a row cannot be changed"));
            }
            let set: Vec<(usize, Value)> = arguments
                .iter()
                .skip(NUMBERS)
                .enumerate()
                .filter(|(column, _)| !arguments.no_change(column + NUMBERS))
                .map(|(column, value)| (column, from_sql(value)))
                .collect();
            self.write("UPDATE", |table| {
                let address = table.address(rowid)?;
                let requests = write::update(table.registered.table, &address, &set)?;
                Ok((address.key, requests))
            })
        })
    }
}

impl GraphTable {
    /// Adds one row's write to the journal.
    fn write(
        &self,
        operation: &'static str,
        requests: impl FnOnce(&Self) -> Result<(String, Vec<Request>)>,
    ) -> SqlResult<()> {
        let session = &self.registered.session;
        let name = self.registered.table.name;
        let profile = self.own.profile.as_deref();
        let written = session.for_writing_of(profile).and_then(|environment| {
            let (key, requests) = requests(self)?;
            let most = environment.settings.max_writes;
            let work = Work::Requests(requests);
            let target = Target {
                table: name,
                profile,
            };
            session.journal.push(target, operation, &key, work, most)
        });
        written.map_err(|error| {
            let error = error.on(name);
            session.failed(&error);
            sql_error(&error)
        })
    }

    fn address(&self, rowid: i64) -> Result<Address> {
        self.registered.session.address(rowid).ok_or_else(|| {
            Error::usage(format!("no row of this connection has the rowid {rowid}"))
                .next("Name the row by its id")
        })
    }

    /// What SQLite would do to a row that is there already, nobody can do in Graph.
    fn refuse_conflict_clause(&self, mode: ConflictMode) -> SqlResult<()> {
        let clause = match mode {
            ConflictMode::Replace => "OR REPLACE",
            ConflictMode::Ignore => "OR IGNORE",
            ConflictMode::Fail => "OR FAIL",
            _ => return Ok(()),
        };
        let error = Error::usage(format!("{clause} is not possible: Graph has no such write"))
            .next("Leave it out")
            .on(self.registered.table.name);
        Err(sql_error(&error))
    }
}

impl TransactionVTab<'_> for GraphTable {
    fn begin(&mut self) -> SqlResult<()> {
        // Before anything is read for the statement.
        guard("begin", || self.allowed())
    }

    fn sync(&mut self) -> SqlResult<()> {
        guard("sync", || self.send_collected())
    }

    fn rollback(&mut self) -> SqlResult<()> {
        guard("rollback", || {
            self.session().journal.clear();
            Ok(())
        })
    }
}

impl Writing for GraphTable {
    fn session(&self) -> &Session {
        &self.registered.session
    }

    fn db(&self) -> *mut ffi::sqlite3 {
        self.db
    }

    fn profile(&self) -> Option<&str> {
        self.own.profile.as_deref()
    }
}
