//! What is written: when it is sent, in which order, how often, and what the driver says of it. The server
//! notes every request; reads are answered by the demo tenant, writes by the test.

mod batches;
mod calendars;
#[path = "../command/mod.rs"]
mod command;
mod each;
mod notifications;
mod procedures;
mod refusals;
mod seeds;
mod sign_in;
#[path = "../support/mod.rs"]
mod support;
mod tenant;
mod transactions;
mod uploads;
mod workflows;

use rusqlite::Connection;
use support::server::Scripted;
use support::willing::{batch, done, parts, requests, sent, taken, willing};

/// A connection that may write, of an application that has a name.
fn writer(server: &Scripted, more: &str) -> Connection {
    let application = application(server);
    support::signed_in(server, &format!("Readonly=false;{application}{more}"))
}

/// The application's properties.
fn application(server: &Scripted) -> String {
    format!(
        "LoginUrl={};AzureTenant=contoso.com;OAuthClientId=app;OAuthClientSecret=demo-secret;",
        server.url()
    )
}

fn execute(connection: &Connection, sql: &str) {
    connection
        .execute_batch(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The ids of some messages.
fn ids(connection: &Connection, count: usize) -> Vec<String> {
    support::column(
        connection,
        &format!("SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT {count}"),
    )
}

/// How many writes are in each state.
fn states(connection: &Connection) -> Vec<(String, i64)> {
    let mut statement = connection
        .prepare("SELECT state, count(*) FROM o365_writes GROUP BY state ORDER BY state")
        .expect("prepared");
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .expect("states")
}
