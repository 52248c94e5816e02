//! What the arguments say; what they mean is decided in [`super::run`].

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, Parser, error::ErrorKind};

use super::commands::{Command, Connection};

/// Microsoft 365 as a SQL database.
///
/// Runs SQL given as an argument, from a file or from a pipe; on a terminal without any of them, a
/// shell.
#[derive(Debug, Parser)]
#[command(
    name = "office365",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "\
Exit codes: 0 fine, 1 SQL or service error, 2 usage, 3 sign-in needed or refused, 4 permission
denied, 5 throttled or timed out, 6 some of several writes failed, 130 interrupted.

Try it: office365 --demo \"SELECT displayName FROM Users LIMIT 5\""
)]
pub struct Args {
    /// What to do instead of running SQL.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The statements to run, or a .command; - reads standard input.
    #[arg(value_name = "SQL", conflicts_with = "file")]
    pub sql: Option<String>,
    /// Run the statements and .commands in this file.
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Which connection.
    #[command(flatten)]
    pub connection: Connection,
    /// The main database, for joins with local tables; made if it is not there.
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Allow statements that change the tenant.
    #[arg(long, conflicts_with = "readonly")]
    pub write: bool,
    /// Refuse every change: to the tenant and to the database file.
    #[arg(long)]
    pub readonly: bool,
    /// Show the requests that writes would send, and send none.
    #[arg(long)]
    pub dry_run: bool,
    /// End a script at its first error.
    #[arg(long)]
    pub bail: bool,
    /// How results look: table, box, csv, tsv, json, jsonl, markdown, html, line, none, or another
    /// mode of the shell. Without it, table.
    #[arg(short, long, value_name = "MODE")]
    pub output: Option<String>,
    /// No column names.
    #[arg(long)]
    pub no_header: bool,
    /// Show the requests on standard error.
    #[arg(long)]
    pub trace: bool,
    /// No notes on standard error; errors stay.
    #[arg(short, long)]
    pub quiet: bool,
}

impl Args {
    /// What the process was started with; ends it with a message where that is nothing we know.
    pub fn from_process() -> Self {
        let args = Self::parse_from(std::env::args_os().map(as_sql));
        if let Some(word) = args.sql.as_deref().filter(|sql| is_unknown_command(sql)) {
            Self::command()
                .error(
                    ErrorKind::InvalidSubcommand,
                    format!("unrecognized command '{word}' (and it is no SQL statement)"),
                )
                .exit()
        }
        args
    }
}

impl Args {
    /// Those of a script that nobody watches: it ends at its first error, and changes nothing unless it may.
    pub fn of_script(connection: Connection, write: bool, quiet: bool) -> Self {
        Self {
            command: None,
            sql: None,
            file: None,
            connection,
            db: None,
            write,
            readonly: !write,
            dry_run: false,
            bail: true,
            output: None,
            no_header: true,
            trace: false,
            quiet,
        }
    }
}

/// SQL may begin with a comment, which is no option: an empty line before it says so.
fn as_sql(argument: OsString) -> OsString {
    match argument.to_str() {
        Some(text) if text.starts_with("--") && text[2..].starts_with(char::is_whitespace) => {
            format!("\n{text}").into()
        }
        _ => argument,
    }
}

/// A single word is meant as a command, unless it is a whole statement of SQLite.
fn is_unknown_command(sql: &str) -> bool {
    const STATEMENTS: [&str; 8] = [
        "ANALYZE", "BEGIN", "COMMIT", "END", "REINDEX", "ROLLBACK", "VACUUM", "PRAGMA",
    ];
    let word = sql.starts_with(|first: char| first.is_ascii_alphabetic())
        && sql
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || each == '-' || each == '_');
    word && !STATEMENTS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(sql))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{Args, is_unknown_command};

    #[test]
    fn clap_finds_nothing_wrong() {
        Args::command().debug_assert();
    }

    #[test]
    fn words_are_commands_and_statements_are_not() {
        for word in ["login", "sync", "Messages"] {
            assert!(is_unknown_command(word), "{word}");
        }
        for sql in ["vacuum", "BEGIN", ".tables", "-", "SELECT 1", "commit;", ""] {
            assert!(!is_unknown_command(sql), "{sql}");
        }
    }
}
