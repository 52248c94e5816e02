//! `office365 sync`: a local copy, brought up to date once or every so often.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::connection::{Connection, failed};
use crate::catalog::{self, Table};
use crate::cli::exit::Exit;
use crate::cli::{interrupt, report};
use crate::error::{Error, Kind, Result};
use crate::private_file;
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
        Err(error) => failed(&error),
    }
}

fn rounds(args: &Args) -> Result<Exit> {
    let tables = tables(args)?;
    let lock = private_file::lock_file(&args.file).map_err(|error| {
        Error::usage(format!("{}: {error}", args.file.display()))
            .next("Name a file in a folder that you may write to")
    })?;
    if lock.try_lock().is_err() {
        return Err(Error::usage(format!(
            "another process is copying into {}",
            args.file.display()
        ))
        .next("Wait for it, or name another file"));
    }
    interrupt::install(false);
    let sync = Sync::open(&args.file, &args.connection.text())?;
    loop {
        let exit = round(args, &sync, &tables)?;
        match args.every {
            Some(pause) if exit != Exit::Interrupted => std::thread::sleep(pause),
            _ => return Ok(exit),
        }
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
fn round(args: &Args, sync: &Sync, tables: &[&'static Table]) -> Result<Exit> {
    sync.begin();
    let running = interrupt::running(&sync.live.connection);
    let begun = Instant::now();
    let has_mailbox = |table: &&&'static Table| copy::user_column(table).is_some();
    let mailboxes = match tables.iter().any(|table| has_mailbox(&table)) {
        true => sync.live.mailboxes(args.users.as_deref())?,
        false => Vec::new(),
    };
    let mut exit = Exit::Fine;
    let mut units = 0;
    for table in tables {
        let of_tenant = [None];
        let of_mailboxes: Vec<Option<&str>> =
            mailboxes.iter().map(|name| Some(name.as_str())).collect();
        let owners = match copy::user_column(table) {
            Some(_) => of_mailboxes.as_slice(),
            None => &of_tenant,
        };
        for mailbox in owners {
            units += 1;
            match sync.round(table, *mailbox) {
                Ok(_) if args.quiet => {}
                Ok(done) => say(table, *mailbox, &done),
                Err(error) if error.kind == Kind::Interrupted => {
                    report::sentence(
                        "interrupted",
                        Some("Run again: it goes on from the last whole table"),
                    );
                    return Ok(Exit::Interrupted);
                }
                Err(error) => {
                    report::ours(&error);
                    exit = Exit::Partial;
                }
            }
        }
    }
    drop(running);
    if !args.quiet {
        eprintln!(
            "office365: {units} tables of mailboxes in {} s",
            begun.elapsed().as_secs()
        );
    }
    Ok(exit)
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
