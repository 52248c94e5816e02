//! What several tests share: a server whose answers a test scripts, and a connection to it.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod server;
pub mod willing;

use std::sync::Arc;

use office365::demo::DELEGATED_TOKEN;
use office365::session::Session;
use office365::sqlite::Access;
use office365::sqlite::host::open_with_session;
use rusqlite::Connection;

use server::Scripted;

/// A connection with properties of its own.
pub fn connect(properties: &str) -> Connection {
    connect_with_session(properties).0
}

/// A connection and its session.
pub fn connect_with_session(properties: &str) -> (Connection, Arc<Session>) {
    let (connection, session) = open_with_session(None, Access::Full).expect("a connection");
    session.connect(properties).expect("connected");
    (connection, session)
}

/// A connection to a scripted server with a token as it is, and further properties.
pub fn signed_in(server: &Scripted, more: &str) -> Connection {
    connect(&by_token(server, more))
}

/// The properties of [`signed_in`].
pub fn by_token(server: &Scripted, more: &str) -> String {
    format!(
        "GraphUrl={};OAuthAccessToken={{{DELEGATED_TOKEN}}};{more}",
        server.url()
    )
}

/// The properties of an application that signs in with its secret at the scripted server.
pub fn by_secret(server: &Scripted, secret: &str, more: &str) -> String {
    format!(
        "AuthScheme=AzureServicePrincipal;AzureTenant=contoso.com;OAuthClientId=app;\
         OAuthClientSecret={secret};GraphUrl={0};LoginUrl={0};{more}",
        server.url()
    )
}

/// The only value of a statement.
pub fn one<T: rusqlite::types::FromSql>(connection: &Connection, sql: &str) -> T {
    connection
        .query_row(sql, [], |row| row.get(0))
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The first column of every row.
pub fn column<T: rusqlite::types::FromSql>(connection: &Connection, sql: &str) -> Vec<T> {
    let mut statement = connection.prepare(sql).expect("prepared");
    statement
        .query_map([], |row| row.get(0))
        .expect("queried")
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The sentence a statement fails with.
pub fn failure(connection: &Connection, sql: &str) -> String {
    let outcome = connection.prepare(sql).and_then(|mut statement| {
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
        Ok(())
    });
    match outcome {
        Ok(()) => panic!("{sql} did not fail"),
        Err(error) => error.to_string(),
    }
}

/// `kind` of `o365_last_error()`.
pub fn kind(connection: &Connection) -> String {
    one(connection, "SELECT o365_last_error() ->> 'kind'")
}
