//! `office365 catalog`: a database file whose entries make tools list our tables.

use std::path::PathBuf;

use super::connection::failed;
use super::pair;
use crate::cli::exit::Exit;
use crate::error::{Error, Kind, Result};
use crate::sqlite::{Access, attach, entries, host};

/// Its arguments.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file holds no data and no secret. It is used by a tool that loads the library: docs/tools tells how."
)]
pub struct Args {
    /// The file; made if it is not there. Its other tables stay, and entries of ours are made anew.
    file: PathBuf,
    /// The profile that the tables use; without it they use what the tool's connection has.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

/// Does it.
pub fn run(args: &Args) -> Exit {
    match write(args) {
        Ok(()) => Exit::Fine,
        Err(error) => failed(&error),
    }
}

fn write(args: &Args) -> Result<()> {
    let profile = args.profile.as_deref();
    let said = profile.map_or_else(String::new, |name| pair("Profile", name));
    let arguments = attach::arguments(&said)?;
    let trouble = |error: rusqlite::Error| {
        Error::new(Kind::Usage, format!("{}: {error}", args.file.display()))
            .next("Name a file in a folder that you may write to")
    };
    let db = host::open(Some(&args.file), Access::Full).map_err(trouble)?;
    // All entries or none; what was not committed is undone when the database closes.
    db.execute_batch("BEGIN IMMEDIATE").map_err(trouble)?;
    entries::make(&db, "main", &arguments)?;
    db.execute_batch("COMMIT").map_err(trouble)?;
    let made: i64 = db
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%'",
            [],
            |row| row.get(0),
        )
        .map_err(trouble)?;
    eprintln!(
        "office365: {made} tables are listed in {}",
        args.file.display()
    );
    Ok(())
}
