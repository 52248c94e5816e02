//! Runs the statements of a text one after the other and writes their rows.

use std::io::{self, Write};
use std::time::Instant;

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, Statement};

use super::exec::{self, Piece};
use super::exit::{Exit, Flow};
use super::modes::Style;
use super::output::Output;
use super::report::{self, Place};
use super::session::Session;
use super::{dot, interrupt, plan, progress, text};

/// Why a statement ended early.
pub enum Ended {
    /// SQLite or a table said no.
    Sql(rusqlite::Error),
    /// The results cannot be written.
    Write(io::Error),
}

impl From<rusqlite::Error> for Ended {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// Runs every statement of a text; the first error ends the text, as in the sqlite3 shell.
pub fn run(session: &mut Session, sql: &str, place: Option<Place<'_>>) -> Flow {
    let running = interrupt::running(&session.db);
    let progress = progress::show(session);
    let outcome = run_all(session, sql);
    drop(progress);
    let asked = running.end();
    // The rows come before the error: both may be the same terminal.
    let written = session.output.text_ended().map_err(Ended::from);
    match outcome.and(written) {
        // The last statement was quicker than Ctrl-C, but what follows is not wanted either.
        Ok(()) if asked && !session.switches.interactive => {
            report::sentence("interrupted", None);
            Flow::Leave(Exit::Interrupted)
        }
        Ok(()) => Flow::Done,
        Err(Ended::Write(error)) => unwritable(session, &error),
        Err(Ended::Sql(error)) => {
            session.failure = Some(error.to_string());
            let exit = report::error(&session.db, &error, place);
            if exit == Exit::Interrupted && !session.switches.interactive {
                return Flow::Leave(exit);
            }
            Flow::Failed(exit)
        }
    }
}

/// A closed pipe is the reader's way to say "enough"; anything else is an error.
pub fn unwritable(session: &mut Session, error: &io::Error) -> Flow {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Flow::Leave(Exit::Fine);
    }
    report::sentence(&format!("the results cannot be written: {error}"), None);
    // A full disk does not get better by trying to flush again.
    if session.output.reset().is_err() || !session.switches.interactive {
        return Flow::Leave(Exit::Failed);
    }
    Flow::Failed(Exit::Failed)
}

fn run_all(session: &mut Session, sql: &str) -> Result<(), Ended> {
    for piece in exec::pieces(sql) {
        match piece {
            Piece::Plain(sql) => run_plain(session, sql)?,
            Piece::Exec(sql) => execute(session, sql)?,
        }
    }
    Ok(())
}

/// Calls a procedure, and shows what came out of it.
fn execute(session: &mut Session, sql: &str) -> Result<(), Ended> {
    let call = exec::parse(sql).map_err(rusqlite::Error::ModuleError)?;
    let last = "SELECT coalesce(max(seq), 0) FROM o365_writes";
    let before: i64 = session.db.query_row(last, [], |row| row.get(0))?;
    run_plain(session, &call.insert)?;
    if !session.db.is_autocommit() {
        session.note("the call waits for COMMIT");
        return Ok(());
    }
    let shown = call.shown(&session.db, before)?;
    run_plain(session, &shown)
}

fn run_plain(session: &mut Session, sql: &str) -> Result<(), Ended> {
    let Session {
        db,
        style,
        output,
        switches,
        ..
    } = session;
    style.fit = if output.is_terminal() {
        text::terminal_width()
    } else {
        None
    };
    let mut batch = Batch::new(db, sql);
    while let Some(mut statement) = batch.next()? {
        let started = Instant::now();
        if switches.eqp && statement.is_explain() == 0 {
            plan::before(db, &statement, output)?;
        }
        if statement.is_explain() == 2 && !switches.plan_as_rows {
            plan::write(&mut statement, output)?;
        } else {
            dot::bind(db, &mut statement)?;
            write_rows(&mut statement, style, output)?;
        }
        drop(statement);
        if switches.changes {
            writeln!(
                output,
                "changes: {:3}   total_changes: {}",
                db.changes(),
                total_changes(db)?
            )?;
        }
        output.flush()?;
        if switches.timer {
            eprintln!("Run Time: real {:.3}", started.elapsed().as_secs_f64());
        }
    }
    Ok(())
}

fn write_rows(
    statement: &mut Statement<'_>,
    style: &Style,
    output: &mut Output,
) -> Result<(), Ended> {
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let count = names.len();
    let mut sheet = style.sheet(names);
    let mut rows = statement.raw_query();
    let mut begun = false;
    let ended = loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        begun = true;
        let values: Vec<ValueRef<'_>> = (0..count)
            .map(|index| row.get_ref(index))
            .collect::<rusqlite::Result<_>>()?;
        sheet.row(output, &values)?;
        output.row_ended()?;
    };
    // What was read before an error is shown, and an array of JSON is closed.
    if begun {
        sheet.end(output)?;
    }
    Ok(ended?)
}

fn total_changes(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT total_changes()", [], |row| row.get(0))
}
