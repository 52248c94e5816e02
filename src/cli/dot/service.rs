//! Commands about the connection to Microsoft 365: what it is, what was sent, what is kept.

use super::{Call, Command};
use crate::cli::exit::Flow;
use crate::cli::session::{Session, connect as connect_to};
use crate::cli::{report, statements};

pub const COMMANDS: &[Command] = &[
    Command {
        name: ".cache",
        aliases: &[],
        usage: "[clear]",
        doc: "Show what is kept of earlier answers, or forget it.",
        run: cache,
    },
    Command {
        name: ".connect",
        aliases: &[],
        usage: "STRING",
        doc: "Set connection properties: Key=Value;Key=Value.",
        run: connect,
    },
    Command {
        name: ".plan",
        aliases: &[],
        usage: "SQL",
        doc: "Show the requests that a statement would make, and what SQLite does itself.",
        run: plan,
    },
    Command {
        name: ".requests",
        aliases: &[],
        usage: "[N]",
        doc: "Show the last 20 or N requests.",
        run: requests,
    },
    Command {
        name: ".status",
        aliases: &[],
        usage: "",
        doc: "Show the connection's properties, secrets left out.",
        run: |session, _| statements::run(session, "SELECT o365_connection()", None),
    },
    Command {
        name: ".trace",
        aliases: &[],
        usage: "on|off",
        doc: "Show each request on standard error.",
        run: trace,
    },
];

fn cache(session: &mut Session, call: &Call<'_>) -> Flow {
    match call.word(0) {
        None => statements::run(session, "SELECT * FROM o365_cache", None),
        Some("clear") => statements::run(session, "SELECT o365_cache_clear()", None),
        Some(_) => call.misused(),
    }
}

fn connect(session: &mut Session, call: &Call<'_>) -> Flow {
    // As it was typed: a connection string has quotes of its own.
    let settings = call.rest.trim_end_matches([' ', '\t']);
    if settings.is_empty() {
        return call.misused();
    }
    let answer = connect_to(&session.db, settings, session.switches.quiet);
    match answer {
        Ok(()) => Flow::Done,
        Err(error) => Flow::Failed(report::error(&session.db, &error, None)),
    }
}

fn plan(session: &mut Session, call: &Call<'_>) -> Flow {
    if call.rest.is_empty() {
        return call.misused();
    }
    statements::run(session, &format!("EXPLAIN QUERY PLAN {}", call.rest), None)
}

fn requests(session: &mut Session, call: &Call<'_>) -> Flow {
    let count = match call.word(0).map(str::parse::<u32>) {
        None => 20,
        Some(Ok(count)) => count,
        Some(Err(_)) => return call.misused(),
    };
    let sql = format!(
        "SELECT * FROM (SELECT seq, method, url, status, rows, elapsed_ms, cache, error
           FROM o365_requests ORDER BY seq DESC LIMIT {count}) ORDER BY seq"
    );
    statements::run(session, &sql, None)
}

fn trace(session: &mut Session, call: &Call<'_>) -> Flow {
    let Some(on) = call.switch() else {
        return call.misused();
    };
    session.tracing = on;
    session.log.trace(on);
    Flow::Done
}
