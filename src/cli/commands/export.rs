//! `office365 export`: tables and statements as files for Spark, DuckDB, pandas and the like.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::connection::{Connection, failed};
use crate::catalog;
use crate::cli::exit::Exit;
use crate::cli::{interrupt, progress, report};
use crate::error::{Error, Kind, Result};
use crate::export::{Done, Export, Format, Order, Shard, Source, Unit};
use crate::sync::jobs::is_of_nothing;
use crate::sync::{USUAL, hindrance};

/// Its arguments.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The files are in DIR/TABLE, or DIR/NAME, one or more for each mailbox. Run again after an \
                  interruption it goes on: mailboxes that are finished are not read again. A statement with the \
                  parameter :mailbox runs once for each mailbox, any other one once."
)]
pub struct Args {
    /// The tables, or one statement; without any, the tables that sync copies.
    #[arg(value_name = "SQL | TABLE")]
    what: Vec<String>,
    /// The format: parquet, csv or jsonl.
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Format,
    /// The folder; made if it is not there.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// The folder of a statement below it.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Divide into folders, as Hive does: columns, and year, month or day, alone or of a column: month(sentDateTime).
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    partition_by: Vec<String>,
    /// Whose mailboxes and drives: a SELECT whose first column names users, or all. One's own without it.
    #[arg(long, value_name = "SQL|all")]
    users: Option<String>,
    /// This share of the mailboxes only, from 0/N to N-1/N, or from 1/N to N/N: the shares can be exported at once.
    #[arg(
        long,
        value_name = "I/N",
        default_value = "0/1",
        hide_default_value = true
    )]
    shard: Shard,
    /// Read again what is finished, and put it in place of what is there.
    #[arg(long)]
    again: bool,
    /// Say nothing of what went well.
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    connection: Connection,
}

fn format(text: &str) -> std::result::Result<Format, String> {
    let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    Format::named(text).ok_or_else(|| format!("use one of {}", names.join(", ")))
}

/// Does it.
pub fn run(args: &Args) -> Exit {
    match export(args) {
        Ok(exit) => exit,
        Err(error) => failed(&error),
    }
}

fn export(args: &Args) -> Result<Exit> {
    let order = Order {
        sources: sources(args)?,
        format: args.format,
        to: args.to.clone(),
        partition_by: args.partition_by.clone(),
        shard: args.shard,
    };
    interrupt::install(false);
    let mut export = Export::open(order, &args.connection.text())?;
    let running = interrupt::running(&export.live.connection);
    let begun = Instant::now();
    let units = export.units(args.users.as_deref())?;
    let progress = progress::show_of(vec![Arc::clone(export.live.log())], !args.quiet);
    let (exit, sums) = write_all(args, &mut export, &units)?;
    drop((progress, running));
    if !args.quiet && exit != Exit::Interrupted {
        summarize(args, &export, units.len(), &sums, begun);
    }
    Ok(exit)
}

/// What a run came to.
#[derive(Default)]
struct Sums {
    written: Done,
    units: usize,
    failed: usize,
    /// Of users without a mailbox, or without a drive.
    nothing: usize,
    /// Finished by a run before.
    kept: usize,
}

/// Writes what is not finished; a unit that fails does not stop the others.
fn write_all(args: &Args, export: &mut Export, units: &[Unit]) -> Result<(Exit, Sums)> {
    let mut sums = Sums::default();
    for unit in units {
        if !args.again && export.done(unit).is_some() {
            sums.kept += 1;
            continue;
        }
        let outcome = export.write(unit);
        progress::clear();
        match outcome {
            Ok(done) => {
                sums.units += 1;
                sums.written.files += done.files;
                sums.written.rows += done.rows;
                say(args, unit, done);
            }
            Err(error) if error.kind == Kind::Interrupted => {
                report::sentence(
                    "interrupted",
                    Some(
                        "Run again with the same arguments: it goes on from the last whole mailbox",
                    ),
                );
                return Ok((Exit::Interrupted, sums));
            }
            Err(error) if is_of_nothing(catalog::table(&unit.name), &error) => sums.nothing += 1,
            Err(error) => {
                sums.failed += 1;
                report::ours(&error);
            }
        }
    }
    let exit = match sums.failed {
        0 => Exit::Fine,
        _ => Exit::Partial,
    };
    Ok((exit, sums))
}

fn say(args: &Args, unit: &Unit, done: Done) {
    if args.quiet {
        return;
    }
    let of = unit
        .mailbox
        .as_ref()
        .map_or(String::new(), |mailbox| format!(" of {mailbox}"));
    eprintln!(
        "office365: {}{of}: {} rows in {} files",
        unit.name, done.rows, done.files
    );
}

fn summarize(args: &Args, export: &Export, units: usize, sums: &Sums, begun: Instant) {
    if units == 0 {
        eprintln!(
            "office365: nothing to do: none of it is in share {}",
            args.shard
        );
        return;
    }
    if sums.units == 0 && sums.failed == 0 && sums.nothing == 0 {
        eprintln!(
            "office365: nothing to do: {units} of {units} tables of mailboxes are in {} already; --again reads them again",
            args.to.display()
        );
        return;
    }
    let mut text = format!(
        "office365: {} files, {} rows, {} tables of mailboxes in {} s, {} requests",
        sums.written.files,
        sums.written.rows,
        sums.units,
        begun.elapsed().as_secs(),
        export.requests()
    );
    if sums.kept > 0 {
        text.push_str(&format!("; {} were there already", sums.kept));
    }
    if sums.nothing > 0 {
        text.push_str(&format!(
            "; {} are not there (no mailbox, or no drive)",
            sums.nothing
        ));
    }
    if sums.failed > 0 {
        text.push_str(&format!("; {} failed: run again for them", sums.failed));
    }
    eprintln!("{text}");
    if export.left_out() > 0 {
        eprintln!(
            "office365: {} mailboxes, drives or parents were left out, because the connection says OnMailboxError=skip",
            export.left_out()
        );
    }
}

fn sources(args: &Args) -> Result<Vec<Source>> {
    if let Some(sql) = args.what.iter().find(|text| is_statement(text)) {
        if args.what.len() > 1 {
            return Err(Error::usage("a statement stands alone")
                .next("Export other tables and statements by a command of their own, into the same folder"));
        }
        let name = args.name.as_deref().unwrap_or("query");
        return Ok(vec![Source::Statement {
            sql: sql.clone(),
            name: folder_name(name)?.to_owned(),
        }]);
    }
    if args.name.is_some() {
        return Err(
            Error::usage("--name is for a statement; a table has a name").next("Leave it out"),
        );
    }
    if args.what.is_empty() {
        return USUAL.iter().map(|name| table(name)).collect();
    }
    let mut sources: Vec<Source> = Vec::new();
    for name in &args.what {
        let source = table(name)?;
        if !sources.iter().any(|other| other.name() == source.name()) {
            sources.push(source);
        }
    }
    Ok(sources)
}

/// Names of tables are one word, and no statement that gives rows is.
fn is_statement(text: &str) -> bool {
    let text = text.trim_start();
    let begins = |word: &str| {
        text.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    text.contains(|letter: char| letter.is_whitespace() || letter == '(')
        || ["SELECT", "WITH", "VALUES"].iter().any(|word| begins(word))
}

fn table(name: &str) -> Result<Source> {
    let table = catalog::table(name).ok_or_else(|| {
        Error::usage(format!("there is no table {name}"))
            .next("office365 --demo .tables lists them")
    })?;
    match hindrance(table) {
        None => Ok(Source::Table(table)),
        Some(why) => Err(
            Error::usage(format!("{name} cannot be exported whole: {why}"))
                .next("Export a statement that says which rows: \"SELECT … WHERE …\" --name NAME"),
        ),
    }
}

/// Readers pass over names that begin with a dot or an underscore, and no name leads elsewhere.
fn folder_name(name: &str) -> Result<&str> {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    let begins_well = name.starts_with(char::is_alphanumeric);
    match begins_well && name.chars().all(is_plain) && name.len() <= 100 {
        true => Ok(name),
        false => Err(Error::usage(format!("--name {name} names no folder"))
            .next("Use letters, digits, - and _, beginning with a letter or a digit")),
    }
}

#[cfg(test)]
mod tests {
    use super::{folder_name, is_statement};

    #[test]
    fn statements_are_told_from_tables() {
        for sql in [
            "SELECT 1",
            "select(1)",
            "VALUES(1)",
            "with\nx AS (SELECT 1)SELECT*FROM x",
            "-- a\nSELECT 1",
        ] {
            assert!(is_statement(sql), "{sql}");
        }
        for table in ["Messages", "users", "nonsense"] {
            assert!(!is_statement(table), "{table}");
        }
    }

    #[test]
    fn names_stay_below_the_folder() {
        assert!(folder_name("unread-2026_01").is_ok());
        for wrong in ["", ".", "..", "_x", ".x", "a/b", "a\\b", "a b", "a:b"] {
            assert!(folder_name(wrong).is_err(), "{wrong}");
        }
    }
}
