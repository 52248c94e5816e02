//! Commands about the connection to Microsoft 365: what it is, what was sent, what is kept.

use super::{Call, Command};
use crate::cli::exit::{Exit, Flow};
use crate::cli::session::{Session, connect as connect_to};
use crate::cli::{commands, report, statements};

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
        name: ".login",
        aliases: &[],
        usage: "[PROFILE]",
        doc: "Sign in, as office365 login does, and use it.",
        run: login,
    },
    Command {
        name: ".plan",
        aliases: &[],
        usage: "SQL",
        doc: "Show the requests that a statement would make, and what SQLite does itself.",
        run: plan,
    },
    Command {
        name: ".profile",
        aliases: &[],
        usage: "[PROFILE]",
        doc: "List the profiles, or use one.",
        run: profile,
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
    connected(session, settings)
}

fn connected(session: &mut Session, settings: &str) -> Flow {
    match connect_to(&session.db, settings, session.switches.quiet) {
        Ok(()) => Flow::Done,
        Err(error) => Flow::Failed(report::error(&session.db, &error, None)),
    }
}

fn login(session: &mut Session, call: &Call<'_>) -> Flow {
    let profile = call.word(0).map(str::to_owned);
    match commands::login(profile.clone()) {
        // Without a name it is the profile that counts anyway.
        Exit::Fine => profile.map_or(Flow::Done, |name| use_profile(session, &name)),
        exit => Flow::Failed(exit),
    }
}

fn profile(session: &mut Session, call: &Call<'_>) -> Flow {
    match call.word(0) {
        Some(name) => use_profile(session, name),
        None => match commands::list_profiles() {
            Exit::Fine => Flow::Done,
            exit => Flow::Failed(exit),
        },
    }
}

fn use_profile(session: &mut Session, name: &str) -> Flow {
    connected(session, &commands::pair("Profile", name))
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
