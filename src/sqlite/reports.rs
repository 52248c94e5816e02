//! Functions that answer one question of an administrator by SQL over the tables: licence counts, and
//! the licence reports as JSON.

use std::sync::Arc;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, OptionalExtension, Result};

use super::table::sql_error;
use crate::error::{Error, Kind};
use crate::session::Session;

/// A report that is a view too.
struct Report {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// The view's file.
    view: &'static str,
}

/// Seed 001's two reports, with its titles; it shows no description of the second.
const REPORTS: &[Report] = &[
    Report {
        name: "UsersWithLicenses",
        title: "Users with licenses",
        description: "Shows all users in tenant that have at least one assigned license.",
        view: include_str!("../../sql/views/UsersWithLicenses.sql"),
    },
    Report {
        name: "UsersWithoutLicenses",
        title: "Users without licenses",
        description: "Shows all users in tenant that have no assigned license.",
        view: include_str!("../../sql/views/UsersWithoutLicenses.sql"),
    },
];

/// The reports as views: their names, and the statements that make them.
pub fn views() -> impl Iterator<Item = (&'static str, &'static str)> {
    REPORTS.iter().map(|report| (report.name, report.view))
}

/// Registers them.
pub(super) fn register(connection: &Connection, session: &Arc<Session>) -> Result<()> {
    // Not from a view or a trigger of a file that somebody else made: they ask Graph.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    let own = Arc::clone(session);
    connection.create_scalar_function(c"o365_report_json", 1, flags, move |context| {
        report_json(context).map_err(|error| kept(&own, error))
    })?;
    let own = Arc::clone(session);
    connection.create_scalar_function(c"GetAvailableLicenseCount", 1, flags, move |context| {
        available(context).map_err(|error| kept(&own, error))
    })?;
    let own = Arc::clone(session);
    connection.create_scalar_function(c"IsLicenseAvailable", 1, flags, move |context| {
        let available = available(context).map_err(|error| kept(&own, error))?;
        Ok(available.map(|count| count > 0))
    })
}

/// Our own errors are kept for `o365_last_error()`; what a table said is kept already.
fn kept(session: &Session, error: Failure) -> rusqlite::Error {
    match error {
        Failure::Own(error) => {
            session.failed(&error);
            sql_error(&error)
        }
        Failure::Sql(error) => error,
    }
}

enum Failure {
    Own(Error),
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// How many licences of a SKU are left, by its id or part number; NULL of NULL.
fn available(context: &Context<'_>) -> std::result::Result<Option<i64>, Failure> {
    let Some(sku) = context.get::<Option<String>>(0)? else {
        return Ok(None);
    };
    // SAFETY: the connection is used for this call only, on the thread that makes it.
    let connection = unsafe { context.get_connection() }?;
    let found = connection
        .query_row(
            "SELECT available FROM SubscribedSkus
              WHERE skuPartNumber = ?1 COLLATE NOCASE OR skuId = ?1 COLLATE NOCASE",
            [&sku],
            |row| row.get(0),
        )
        .optional()?;
    found.ok_or_else(|| {
        Failure::Own(
            Error::new(
                Kind::NotFound,
                format!("the tenant has no subscription to `{sku}`"),
            )
            .next("SELECT skuId, skuPartNumber FROM SubscribedSkus lists those it has"),
        )
    })
}

/// A report in the JSON shape of the seed's action.
fn report_json(context: &Context<'_>) -> std::result::Result<String, Failure> {
    let name: String = context.get(0)?;
    let report = REPORTS
        .iter()
        .find(|report| report.name.eq_ignore_ascii_case(&name))
        .ok_or_else(|| {
            let names: Vec<&str> = REPORTS.iter().map(|report| report.name).collect();
            Failure::Own(
                Error::usage(format!("there is no report `{name}`"))
                    .next(format!("The reports are {}", names.join(" and "))),
            )
        })?;
    // A view of the user's own with this name must not change the report: its SELECT is run.
    let select = report
        .view
        .split_once(" AS\n")
        .map_or("", |(_, select)| select.trim().trim_end_matches(';'));
    let sql = format!(
        "SELECT json_object('description', ?1, 'title', ?2, 'users', json_group_array(json_object(
             'displayName', displayName, 'email', email,
             'assignedServicePlans', json(assignedServicePlans),
             'provisionedServicePlans', json(provisionedServicePlans)))) FROM ({select})"
    );
    // SAFETY: the connection is used for this call only, on the thread that makes it.
    let connection = unsafe { context.get_connection() }?;
    Ok(connection.query_row(&sql, [report.description, report.title], |row| row.get(0))?)
}
