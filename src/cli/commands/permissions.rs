//! `office365 permissions`: what a table, a procedure or a script needs, and no more.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Batch, Connection};

use super::connection::failed;
use crate::catalog::{self, Table};
use crate::cli::exec::{self, Piece};
use crate::cli::exit::Exit;
use crate::error::{Error, Result};
use crate::procs::{self, Procedure};
use crate::settings::nearest;
use crate::sqlite::{Access, host};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Tables and procedures, or statements; all tables without any.
    #[arg(value_name = "NAME or SQL")]
    names: Vec<String>,
    /// The statements in this file.
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Permissions of Microsoft Graph.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Needed {
    /// Each use: what it is of, the delegated permission, the application permission.
    uses: BTreeSet<(String, &'static str, &'static str)>,
}

impl Needed {
    fn read(&mut self, table: &Table) {
        self.uses.insert((
            table.name.to_owned(),
            table.permission,
            table.app_permission,
        ));
    }

    fn write(&mut self, table: &Table) {
        if let Some(writes) = &table.writes {
            let name = format!("{} (changed)", table.name);
            self.uses
                .insert((name, writes.permission, writes.permission));
        }
    }

    fn call(&mut self, procedure: &Procedure) {
        self.uses.insert((
            procedure.name.to_owned(),
            procedure.permission,
            procedure.app_permission,
        ));
    }

    /// The scopes for somebody who signs in, without those that another one includes.
    pub fn delegated(&self) -> Vec<&'static str> {
        smallest(self.uses.iter().map(|(_, delegated, _)| *delegated))
    }

    fn application(&self) -> Vec<&'static str> {
        smallest(self.uses.iter().map(|(_, _, application)| *application))
    }
}

/// `Mail.ReadWrite` includes `Mail.Read`, and `User.Read.All` what `User.Read` and `User.ReadBasic.All` give.
fn smallest(all: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let all: BTreeSet<&str> = all
        .filter(|name| !name.is_empty() && !name.contains(' '))
        .collect();
    let includes = |wide: &str, narrow: &str| {
        let is = |kind: &str, of: &str| wide == narrow.replacen(kind, of, 1);
        wide != narrow
            && (is(".Read", ".ReadWrite")
                || is(".ReadBasic", ".Read")
                || is(".ReadBasic", ".ReadWrite"))
    };
    all.iter()
        .copied()
        .filter(|narrow| !all.iter().any(|wide| includes(wide, narrow)))
        .collect()
}

/// Prints them.
pub fn run(args: &Args) -> Exit {
    match needed(args) {
        Ok(needed) => {
            print(&needed);
            Exit::Fine
        }
        Err(error) => failed(&error),
    }
}

fn needed(args: &Args) -> Result<Needed> {
    if let Some(file) = &args.file {
        return of_file(file);
    }
    let mut needed = Needed::default();
    if args.names.is_empty() {
        for table in catalog::ALL
            .iter()
            .filter(|table| !table.permission.is_empty())
        {
            needed.read(table);
        }
    }
    for name in &args.names {
        match name.contains(char::is_whitespace) {
            true => of_statements(name, &mut needed)?,
            false => of_name(name, &mut needed)?,
        }
    }
    Ok(needed)
}

fn of_name(name: &str, needed: &mut Needed) -> Result<()> {
    if let Some(table) = catalog::table(name) {
        needed.read(table);
        needed.write(table);
        return Ok(());
    }
    if let Some(procedure) = procs::procedure(name) {
        needed.call(procedure);
        return Ok(());
    }
    let names = catalog::ALL
        .iter()
        .map(|table| table.name)
        .chain(procs::ALL.iter().map(|procedure| procedure.name));
    let near = nearest(name, names).unwrap_or("Messages");
    Err(
        Error::usage(format!("there is no table and no procedure `{name}`"))
            .next(format!("did you mean {near}? Or give SQL, or -f FILE")),
    )
}

/// What the statements of a file need.
///
/// # Errors
/// A file that cannot be read, a statement that SQLite does not understand.
pub fn of_file(file: &Path) -> Result<Needed> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Error::usage(format!("{} cannot be read: {error}", file.display())))?;
    let mut needed = Needed::default();
    // Dot-commands ask for nothing.
    let sql: Vec<&str> = text.lines().filter(|line| !line.starts_with('.')).collect();
    of_statements(&sql.join("\n"), &mut needed)?;
    Ok(needed)
}

/// SQLite says what each statement touches while it prepares it; only what later statements build on is run,
/// on the demo tenant.
fn of_statements(sql: &str, needed: &mut Needed) -> Result<()> {
    let wrong = |error: rusqlite::Error| {
        Error::usage(format!("a statement cannot be understood: {error}"))
            .next("Check it in office365 --demo")
    };
    let mut db = host::open(None, Access::Full).map_err(wrong)?;
    let connected = db.query_row("SELECT o365_connect('Demo=true')", [], |_| Ok(()));
    connected.map_err(wrong)?;
    let found = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = Arc::clone(&found);
    db.authorizer(Some(move |context: AuthContext<'_>| {
        if let Some(touch) = touched(&context.action) {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.insert(touch);
        }
        Authorization::Allow
    }))
    .map_err(wrong)?;
    for piece in exec::pieces(sql) {
        match piece {
            Piece::Plain(sql) => prepare(&db, sql).map_err(wrong)?,
            Piece::Exec(sql) => {
                let call = exec::parse(sql).map_err(Error::usage)?;
                prepare(&db, &call.insert).map_err(wrong)?;
            }
        }
    }
    let found = found.lock().unwrap_or_else(PoisonError::into_inner);
    for (name, is_change) in found.iter() {
        match (catalog::table(name), procs::procedure(name), is_change) {
            (Some(table), _, false) => needed.read(table),
            (Some(table), _, true) => needed.write(table),
            (None, Some(procedure), true) => needed.call(procedure),
            _ => {}
        }
    }
    Ok(())
}

/// The name that is touched, and whether that is more than reading.
fn touched(action: &AuthAction<'_>) -> Option<(String, bool)> {
    match action {
        AuthAction::Read { table_name, .. } => Some(((*table_name).to_owned(), false)),
        AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name } => Some(((*table_name).to_owned(), true)),
        AuthAction::Function { function_name } => Some(((*function_name).to_owned(), true)),
        _ => None,
    }
}

fn prepare(db: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut batch = Batch::new(db, sql);
    while let Some(mut statement) = batch.next()? {
        let text = statement
            .expanded_sql()
            .unwrap_or_default()
            .trim_start()
            .to_ascii_uppercase();
        let has = |word: &str| text.contains(word);
        let builds = ["CREATE ", "DROP ", "ALTER "]
            .iter()
            .any(|word| text.starts_with(word));
        // A table made of rows would read them.
        let reads = has(" SELECT ") && !has(" VIEW ") && !has(" TRIGGER ");
        if builds && !reads {
            statement.raw_execute()?;
        }
    }
    Ok(())
}

fn print(needed: &Needed) {
    let or_none = |text: &'static str| if text.is_empty() { "-" } else { text };
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let name = width(&mut needed.uses.iter().map(|(name, _, _)| name.len())).max(4);
    let delegated = width(&mut needed.uses.iter().map(|(_, text, _)| text.len())).max(9);
    println!("{:name$}  {:delegated$}  application", "what", "delegated");
    for (what, person, application) in &needed.uses {
        println!(
            "{what:name$}  {:delegated$}  {}",
            or_none(person),
            or_none(application)
        );
    }
    println!();
    println!(
        "For somebody who signs in: {}",
        needed.delegated().join(" ")
    );
    println!(
        "For an application:        {}",
        needed.application().join(" ")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_permission_includes_is_not_asked_for() {
        let asked = [
            "Mail.Read",
            "Mail.ReadWrite",
            "User.ReadBasic.All",
            "User.Read.All",
            "",
            "the one of the path",
        ];
        assert_eq!(
            smallest(asked.into_iter()),
            ["Mail.ReadWrite", "User.Read.All"]
        );
        assert_eq!(
            smallest(["Mail.Read", "Calendars.ReadWrite"].into_iter()),
            ["Calendars.ReadWrite", "Mail.Read"]
        );
    }
}
