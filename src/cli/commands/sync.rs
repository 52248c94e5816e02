//! `office365 sync`: a local copy, brought up to date once or every so often.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::connection::{Connection, failed};
use crate::catalog::{self, Table};
use crate::cli::exit::Exit;
use crate::cli::{interrupt, progress, report};
use crate::error::{Error, Kind, Result};
use crate::graph::log::Log;
use crate::private_file;
use crate::sync::jobs::{self, Told, is_of_nothing};
use crate::sync::{Done, Sync, USUAL, copy, hindrance};

/// Its arguments.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file holds plain tables: any SQLite program reads them, also while a round is under way. \
                  SELECT * FROM o365_sync tells of each table what the last round did."
)]
pub struct Args {
    /// The database file; made if it is not there.
    file: PathBuf,
    /// The tables; without any, those of mail, calendars, contacts, files, tasks, people and groups.
    tables: Vec<String>,
    /// Whose mailboxes and drives: a SELECT whose first column names users, or all. One's own without it.
    #[arg(long, value_name = "SQL|all")]
    users: Option<String>,
    /// Begin a round every so often, such as 15m, until Ctrl-C.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    every: Option<Duration>,
    /// Forget the mailboxes of the file that --users does not give.
    #[arg(long, requires = "users")]
    prune: bool,
    /// How many tables and mailboxes are read side by side.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    workers: u8,
    /// Say nothing of what went well.
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    connection: Connection,
}

/// `90s`, `15m`, `2h` or `1d`.
pub fn duration(text: &str) -> std::result::Result<Duration, String> {
    let wrong = || format!("{text} is no time such as 90s, 15m or 2h");
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    match number.checked_mul(unit) {
        Some(seconds @ 1..) => Ok(Duration::from_secs(seconds)),
        _ => Err(wrong()),
    }
}

/// Does it.
pub fn run(args: &Args) -> Exit {
    match rounds(args) {
        Ok(exit) => exit,
        Err(error) if error.kind == Kind::Interrupted => Exit::Interrupted,
        Err(error) => failed(&error),
    }
}

fn rounds(args: &Args) -> Result<Exit> {
    let tables = tables(args)?;
    let lock = private_file::lock_file(&args.file).map_err(|error| {
        Error::usage(format!("{}: {error}", args.file.display()))
            .next("Name a file in a folder that you may write to")
    })?;
    interrupt::install(false);
    let mut workers = vec![Sync::open(&args.file, &args.connection.text())?];
    loop {
        // Two rounds do not meet; between them the file is anybody's.
        match (args.every, lock.try_lock()) {
            (_, Ok(())) => {}
            (Some(_), Err(_)) => lock
                .lock()
                .map_err(|error| Error::usage(format!("{}: {error}", args.file.display())))?,
            (None, Err(_)) => {
                return Err(Error::usage(format!(
                    "another process is copying into {}",
                    args.file.display()
                ))
                .next("Wait for it, or name another file"));
            }
        }
        let exit = round(args, &mut workers, &tables)?;
        let pause = args.every.filter(|_| exit != Exit::Interrupted);
        let Some(pause) = pause else {
            return Ok(exit);
        };
        lock.unlock()
            .map_err(|error| Error::usage(format!("{}: {error}", args.file.display())))?;
        std::thread::sleep(pause);
    }
}

fn tables(args: &Args) -> Result<Vec<&'static Table>> {
    let named = |name: &str| {
        let table = catalog::table(name).ok_or_else(|| {
            Error::usage(format!("there is no table {name}"))
                .next("office365 --demo .tables lists them")
        })?;
        match hindrance(table) {
            None => Ok(table),
            Some(why) => {
                Err(Error::usage(format!("{name} cannot be copied: {why}")).next("Leave it out"))
            }
        }
    };
    match args.tables.is_empty() {
        true => USUAL.iter().map(|name| named(name)).collect(),
        false => args.tables.iter().map(|name| named(name)).collect(),
    }
}

/// One round over all tables and mailboxes; one that fails does not stop the others.
fn round(args: &Args, workers: &mut Vec<Sync>, tables: &[&'static Table]) -> Result<Exit> {
    let begun = Instant::now();
    let running = interrupt::running(&workers[0].live.connection);
    let mailboxes = match tables
        .iter()
        .any(|table| copy::user_column(table).is_some())
    {
        true => workers[0].live.mailboxes(args.users.as_deref())?,
        false => Vec::new(),
    };
    drop(running);
    let all = jobs::jobs(tables, &mailboxes);
    while workers.len() < all.len().min(args.workers.into()) {
        workers.push(Sync::open(&args.file, &args.connection.text())?);
    }
    let connections: Vec<_> = workers
        .iter()
        .map(|worker| &worker.live.connection)
        .collect();
    let running = interrupt::running_all(&connections);
    let logs: Vec<_> = workers
        .iter()
        .map(|worker| Arc::clone(worker.live.log()))
        .collect();
    let sent = |logs: &[Arc<Log>]| logs.iter().map(|log| log.progress().requests).sum::<u64>();
    let before = sent(&logs);
    let progress = progress::show_of(logs.clone(), !args.quiet);
    let mut summary = Summary::default();
    let is_interrupted = jobs::run(workers, all, &mut |told| {
        progress::clear();
        summary.tell(told, args.quiet);
    });
    drop((progress, running));
    if is_interrupted {
        report::sentence(
            "interrupted",
            Some("Run again: it goes on from the last whole table"),
        );
        return Ok(Exit::Interrupted);
    }
    if !args.quiet {
        eprintln!(
            "office365: {} in {} s, {} requests",
            summary.words(),
            begun.elapsed().as_secs(),
            sent(&logs) - before
        );
    }
    others(args, &workers[0], &mailboxes)?;
    Ok(summary.exit())
}

/// Forgets the mailboxes that nobody asked for, or says that they are there.
fn others(args: &Args, sync: &Sync, mailboxes: &[String]) -> Result<()> {
    if mailboxes.is_empty() {
        return Ok(());
    }
    let others = sync.others(mailboxes)?;
    if args.prune {
        for mailbox in &others {
            let rows = sync.forget(mailbox)?;
            if !args.quiet {
                eprintln!("office365: {mailbox} is forgotten: {rows} rows");
            }
        }
    } else if let (false, Some(first)) = (args.quiet, others.first()) {
        eprintln!(
            "office365: {} mailboxes of the file, such as {first}, were not asked for and stay as they were; --prune forgets them",
            others.len()
        );
    }
    Ok(())
}

/// What a round did, all together.
#[derive(Default)]
struct Summary {
    done: usize,
    failed: usize,
    /// Tables of users without a mailbox, or without a drive.
    nothing: usize,
    rows: i64,
    added: i64,
    changed: i64,
    removed: i64,
}

impl Summary {
    fn tell(&mut self, told: Told, quiet: bool) {
        match told.outcome {
            Ok(done) => {
                self.done += 1;
                self.rows += done.rows;
                self.added += done.added;
                self.changed += done.changed;
                self.removed += done.removed;
                if !quiet {
                    say(told.table, told.mailbox.as_deref(), &done);
                }
            }
            Err(error) if error.kind == Kind::Interrupted => {}
            Err(error) if is_of_nothing(Some(told.table), &error) => self.nothing += 1,
            Err(error) => {
                self.failed += 1;
                report::ours(&error);
            }
        }
    }

    fn words(&self) -> String {
        let failed = match self.failed {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        let nothing = match self.nothing {
            0 => String::new(),
            nothing => format!(", {nothing} that are not there (no mailbox, or no drive)"),
        };
        format!(
            "{} tables{failed}{nothing}: {} rows, {} new, {} changed, {} gone",
            self.done, self.rows, self.added, self.changed, self.removed
        )
    }

    fn exit(&self) -> Exit {
        match self.failed {
            0 => Exit::Fine,
            _ => Exit::Partial,
        }
    }
}

/// Tells what a round did.
pub fn say(table: &Table, mailbox: Option<&str>, done: &Done) {
    let of = mailbox.map_or(String::new(), |mailbox| format!(" of {mailbox}"));
    eprintln!(
        "office365: {}{of}: {} rows, {} new, {} changed, {} gone ({})",
        table.name,
        done.rows,
        done.added,
        done.changed,
        done.removed,
        done.method.name()
    );
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::duration;

    #[test]
    fn times_have_units() {
        assert_eq!(duration("15m"), Ok(Duration::from_secs(900)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7_200)));
        for wrong in [
            "15",
            "m",
            "",
            "0s",
            "1.5h",
            "5w",
            "-1m",
            "99999999999999999999d",
        ] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
