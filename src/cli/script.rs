//! Turns lines into statements and .commands and runs them: scripts, pipes and the shell alike.

use std::io::{BufRead, Write};

use super::exit::{Exit, Flow};
use super::report::{self, Place};
use super::session::Session;
use super::{dot, statements, text};

/// Files that read files: as deep as the sqlite3 shell goes.
const DEEPEST: usize = 25;

/// Runs everything that a reader gives. The flow is that of the first failure.
pub fn run(session: &mut Session, reader: &mut dyn BufRead, file: Option<&str>) -> Flow {
    if session.depth >= DEEPEST {
        report::sentence("files read each other more than 25 deep", None);
        return Flow::Failed(Exit::Failed);
    }
    session.depth += 1;
    let flow = run_lines(session, reader, file);
    session.depth -= 1;
    flow
}

fn run_lines(session: &mut Session, reader: &mut dyn BufRead, file: Option<&str>) -> Flow {
    let mut feed = Feed::new(file);
    let mut failure = None;
    loop {
        let mut bytes = Vec::new();
        let flow = match reader.read_until(b'\n', &mut bytes) {
            Ok(0) => {
                let last = feed.finish(session);
                return after(last, failure);
            }
            Ok(_) => match String::from_utf8(bytes) {
                Ok(line) => feed.line(session, line.trim_end_matches(['\n', '\r'])),
                Err(_) => feed.unreadable("it is not UTF-8"),
            },
            Err(error) => {
                let _unreadable = feed.unreadable(&error.to_string());
                return Flow::Failed(failure.unwrap_or(Exit::Failed));
            }
        };
        match flow {
            Flow::Done => {}
            Flow::Failed(exit) if !session.switches.bail => {
                failure.get_or_insert(exit);
            }
            ended => return after(ended, failure),
        }
    }
}

/// How a script ends: the first failure is what its exit code tells.
fn after(last: Flow, failure: Option<Exit>) -> Flow {
    match (last, failure) {
        (Flow::Done | Flow::Failed(_), Some(first)) => Flow::Failed(first),
        (Flow::Leave(Exit::Fine), Some(first)) => Flow::Leave(first),
        (last, _) => last,
    }
}

/// Collects lines until they are a statement.
pub struct Feed<'a> {
    file: Option<&'a str>,
    pending: String,
    line: usize,
    first_line: usize,
}

impl<'a> Feed<'a> {
    /// Nothing read yet.
    pub fn new(file: Option<&'a str>) -> Self {
        Self {
            file,
            pending: String::new(),
            line: 0,
            first_line: 1,
        }
    }

    /// Takes one line without its end, and runs what it completes.
    pub fn line(&mut self, session: &mut Session, line: &str) -> Flow {
        self.line += 1;
        if self.pending.is_empty() {
            if line.starts_with(['.', '\\']) {
                echo(session, line);
                return dot::run(session, line);
            }
            if line.starts_with('#') || text::is_blank(line) {
                return Flow::Done;
            }
            self.first_line = self.line;
        } else {
            self.pending.push('\n');
        }
        self.pending.push_str(line);
        if line.contains(';') && text::is_complete(&self.pending) {
            return self.finish(session);
        }
        Flow::Done
    }

    /// Runs what is left at the end, complete or not: SQLite says what is wrong with it.
    pub fn finish(&mut self, session: &mut Session) -> Flow {
        let sql = std::mem::take(&mut self.pending);
        if text::is_blank(&sql) {
            return Flow::Done;
        }
        echo(session, &sql);
        let place = Place {
            file: self.file,
            line: self.first_line,
        };
        let place = Some(place).filter(|_| !session.switches.interactive || self.file.is_some());
        statements::run(session, &sql, place)
    }

    fn unreadable(&mut self, why: &str) -> Flow {
        self.line += 1;
        let file = self.file.unwrap_or("standard input");
        report::sentence(
            &format!("line {} of {file} cannot be read: {why}", self.line),
            None,
        );
        Flow::Failed(Exit::Failed)
    }
}

/// A failure to write shows with the next result.
fn echo(session: &mut Session, text: &str) {
    if session.switches.echo {
        let _shown_with_the_results = writeln!(session.output, "{text}");
    }
}
