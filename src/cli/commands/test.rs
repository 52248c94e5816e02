//! `office365 test`: what works with a connection, step by step, and what to do about what does not.

use std::sync::Arc;
use std::time::Instant;

use super::connection::{Connection, failed};
use crate::cli::exit::Exit;
use crate::cli::report;
use crate::error::{Error, Kind, Result};
use crate::runtime;
use crate::session::Session;
use crate::sqlite::{Access, host};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    connection: Connection,
}

/// One request each, for what most statements begin with.
const STEPS: &[(&str, &str)] = &[
    ("tenant", "SELECT displayName FROM Organization LIMIT 1"),
    ("directory", "SELECT displayName FROM Users LIMIT 1"),
    ("mail", "SELECT id FROM Messages LIMIT 1"),
    ("calendar", "SELECT id FROM Events LIMIT 1"),
    ("contacts", "SELECT id FROM Contacts LIMIT 1"),
    ("files", "SELECT id FROM Files LIMIT 1"),
    ("tasks", "SELECT id FROM TodoLists LIMIT 1"),
];

/// Tries them.
pub fn run(args: &Args) -> Exit {
    match test(args) {
        Ok(exit) => exit,
        Err(error) => failed(&error),
    }
}

fn test(args: &Args) -> Result<Exit> {
    let trouble = |error: rusqlite::Error| Error::new(Kind::Internal, error.to_string());
    let (db, session) = host::open_with_session(None, Access::Full).map_err(trouble)?;
    for note in session.connect(&args.connection.text())? {
        eprintln!("office365: {note}");
    }
    let environment = session.environment()?;
    say(
        "ok",
        "settings",
        &format!("AuthScheme {}", environment.settings.sign_in.scheme()),
    );
    let (client, patience) = (Arc::clone(&environment.client), environment.patience());
    let begun = Instant::now();
    runtime::wait(async move { client.sign_in(patience).await }, &|| false).flatten()?;
    say(
        "ok",
        "sign-in",
        &format!("a token in {} ms", begun.elapsed().as_millis()),
    );
    let mut works = 0;
    let mut first = None;
    for (what, sql) in STEPS {
        match step(&db, &session, sql) {
            Ok(told) => {
                works += 1;
                say("ok", what, &told);
            }
            Err(error) => {
                let kind = error.kind;
                say("no", what, &error.to_string());
                first.get_or_insert(Exit::of_kind(kind.name()));
                if kind == Kind::SignIn || kind == Kind::Unavailable || kind == Kind::Timeout {
                    break;
                }
            }
        }
    }
    println!();
    Ok(match (works, first) {
        (0, exit) => {
            report::sentence(
                "nothing works with this connection",
                Some("Do what the first line with no says, then try again"),
            );
            exit.unwrap_or(Exit::Failed)
        }
        (_, None) => {
            println!("All of it works. Next: office365, and in it .tables and .help");
            Exit::Fine
        }
        (_, Some(_)) => {
            println!("Some of it works, and the rest says what it needs.");
            Exit::Fine
        }
    })
}

fn say(mark: &str, what: &str, text: &str) {
    println!("{mark:4}{what:12}{text}");
}

/// What a statement found, and how long it took.
fn step(db: &rusqlite::Connection, session: &Session, sql: &str) -> Result<String> {
    let begun = Instant::now();
    let found = db.query_row(sql, [], |row| row.get::<_, Option<String>>(0));
    let took = begun.elapsed().as_millis();
    match found {
        Ok(_) => Ok(format!("answers in {took} ms")),
        Err(rusqlite::Error::QueryReturnedNoRows) => {
            Ok(format!("answers in {took} ms, and is empty"))
        }
        Err(error) => Err(session
            .last_error()
            .unwrap_or_else(|| Error::new(Kind::Internal, error.to_string()))),
    }
}
