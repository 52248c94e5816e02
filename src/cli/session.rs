//! What one run of the command line remembers between statements.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use super::args::Args;
use super::exit::Exit;
use super::modes::{Mode, Style};
use super::output::Output;
use super::report;
use crate::graph::log::Log;
use crate::sqlite::{Access, host};

/// The state of a run.
pub struct Session {
    /// The database connection, with our tables on it.
    pub db: Connection,
    /// Its main database file; none is in memory.
    pub file: Option<PathBuf>,
    /// How results look.
    pub style: Style,
    /// Where results go.
    pub output: Output,
    /// What the dot-commands switch.
    pub switches: Switches,
    /// The requests shown so far.
    pub log: Arc<Log>,
    /// Requests are shown on standard error while they happen.
    pub tracing: bool,
    /// What the newest statement that failed ended with.
    pub failure: Option<String>,
    /// Files that are being read inside each other.
    pub depth: usize,
    /// What the flags say about the connection, for the first database and those `.open` opens.
    flags: ConnectionFlags,
}

/// On or off.
#[derive(Default)]
pub struct Switches {
    /// End a script at its first error.
    pub bail: bool,
    /// Show statements before they run.
    pub echo: bool,
    /// Show how long each took.
    pub timer: bool,
    /// Show the query plan before the rows.
    pub eqp: bool,
    /// Show how many rows each changed.
    pub changes: bool,
    /// Show EXPLAIN QUERY PLAN as rows, not as a tree.
    pub plan_as_rows: bool,
    /// No notes.
    pub quiet: bool,
    /// A person types: prompts, no line numbers in errors.
    pub interactive: bool,
}

struct ConnectionFlags {
    /// Key=Value;… of all flags together.
    settings: String,
    readonly: bool,
    dry_run: bool,
    quiet: bool,
}

/// Gives the connection properties to the engine, and its notes to the user.
pub fn connect(db: &Connection, settings: &str, quiet: bool) -> rusqlite::Result<()> {
    let answer: String = db.query_row("SELECT o365_connect(?1)", [settings], |row| row.get(0))?;
    if !quiet {
        for note in answer
            .lines()
            .filter_map(|line| line.strip_prefix("note: "))
        {
            eprintln!("office365: {note}");
        }
    }
    Ok(())
}

impl Session {
    /// Opens what the arguments ask for.
    ///
    /// # Errors
    /// The exit code, after the reason was reported.
    pub fn start(args: &Args, mode: &'static Mode) -> Result<Self, Exit> {
        let flags = ConnectionFlags::from_args(args);
        let (db, log) = flags.open(args.db.as_deref())?;
        log.trace(args.trace);
        let mut style = Style::new(mode);
        // A mode chosen by `.mode` begins without names, as in the sqlite3 shell.
        style.header = args.output.is_some() && !args.no_header;
        style.header_said = args.no_header;
        style.bare = args.no_header;
        if args.connection.demo && !args.quiet {
            eprintln!("office365: demo tenant: invented data");
        }
        Ok(Self {
            db,
            file: args.db.clone(),
            style,
            output: Output::stdout(),
            switches: Switches {
                bail: args.bail,
                quiet: args.quiet,
                ..Switches::default()
            },
            log,
            tracing: args.trace,
            failure: None,
            depth: 0,
            flags,
        })
    }

    /// Closes the database and opens another one, with the same connection to the service.
    ///
    /// # Errors
    /// The exit code, after the reason was reported; the old database stays.
    pub fn reopen(&mut self, file: Option<&Path>) -> Result<(), Exit> {
        self.say_what_was_not_sent();
        (self.db, self.log) = self.flags.open(file)?;
        self.log.trace(self.tracing);
        self.file = file.map(Path::to_owned);
        Ok(())
    }

    /// Says how many writes wait for a COMMIT that will not come; true when there are any.
    pub fn say_what_was_not_sent(&self) -> bool {
        let waiting = "SELECT count(*) FROM o365_writes WHERE state = 'pending'";
        let waiting: i64 = self
            .db
            .query_row(waiting, [], |row| row.get(0))
            .unwrap_or(0);
        if waiting > 0 {
            report::sentence(
                &format!("{waiting} writes were not sent: their transaction has no COMMIT"),
                Some("Run the statements again, with COMMIT behind them"),
            );
        }
        waiting > 0
    }

    /// A note on standard error, unless the user wants none.
    pub fn note(&self, text: &str) {
        if !self.switches.quiet {
            eprintln!("office365: {text}");
        }
    }
}

impl ConnectionFlags {
    fn from_args(args: &Args) -> Self {
        let mut settings = vec![args.connection.text()];
        if args.write {
            settings.push("Readonly=false".to_owned());
        } else if args.readonly {
            settings.push("Readonly=true".to_owned());
        }
        Self {
            settings: settings.join(";"),
            readonly: args.readonly,
            dry_run: args.dry_run,
            quiet: args.quiet,
        }
    }

    fn open(&self, file: Option<&Path>) -> Result<(Connection, Arc<Log>), Exit> {
        let uri = file.filter(|_| self.readonly).map(read_only_uri);
        let path = uri.as_deref().or(file);
        // A file may hold triggers that someone else wrote: it must not change the tenant unasked.
        let is_own = !file.is_some_and(Path::exists);
        let (db, engine) = host::open_with_session(path, Access::Full).map_err(|error| {
            let name = file.unwrap_or(Path::new(":memory:")).display();
            report::sentence(&format!("{name}: {error}"), None);
            Exit::Failed
        })?;
        if is_own {
            engine.trust();
        }
        self.connect(&db)
            .map_err(|error| match report::error(&db, &error, None) {
                // What is wrong with the settings is wrong with the arguments here.
                Exit::Failed => Exit::Usage,
                other => other,
            })?;
        Ok((db, Arc::clone(&engine.log)))
    }

    fn connect(&self, db: &Connection) -> rusqlite::Result<()> {
        if !self.settings.trim_matches(';').is_empty() {
            connect(db, &self.settings, self.quiet)?;
        }
        if self.dry_run {
            db.query_row("SELECT o365_dry_run(1)", [], |_| Ok(()))?;
        }
        Ok(())
    }
}

/// The file as a URI that SQLite opens for reading only (sqlite.org/uri.html).
pub fn read_only_uri(path: &Path) -> PathBuf {
    let escaped = path
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    PathBuf::from(format!("file:{escaped}?mode=ro"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::read_only_uri;

    #[test]
    fn paths_are_quoted() {
        assert_eq!(
            read_only_uri(Path::new("50%?#.db")),
            Path::new("file:50%25%3f%23.db?mode=ro")
        );
    }
}
