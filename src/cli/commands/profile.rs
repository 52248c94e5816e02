//! `office365 profile`: the named connections of the configuration file.

use super::connection::failed;
use crate::cli::exit::Exit;
use crate::error::Result;
use crate::{config, profiles};

/// Its arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Their names; the one that counts when none is named has a star.
    List,
    /// The properties of one, without secrets.
    Show {
        /// Its name.
        name: String,
    },
    /// Let one count when none is named.
    Use {
        /// Its name.
        name: String,
    },
    /// Set properties of one, which is made if it is not there.
    Set {
        /// Its name.
        name: String,
        /// Connection properties: Key=Value;Key=Value.
        connection: String,
    },
    /// Take one out of the file; its tokens go with office365 logout.
    Remove {
        /// Its name.
        name: String,
    },
}

/// Does it.
pub fn run(args: &Args) -> Exit {
    match act(args.action.as_ref().unwrap_or(&Action::List)) {
        Ok(()) => Exit::Fine,
        Err(error) => failed(&error),
    }
}

fn act(action: &Action) -> Result<()> {
    match action {
        Action::List => list(),
        Action::Show { name } => {
            for (key, text) in profiles::shown(name)? {
                println!("{key} = {text}");
            }
            Ok(())
        }
        Action::Use { name } => {
            profiles::set_default(name)?;
            println!("{name} is the profile that counts when none is named.");
            Ok(())
        }
        Action::Set { name, connection } => set(name, connection),
        Action::Remove { name } => {
            profiles::remove(name)?;
            println!("{name} is gone from {}.", config::file()?.display());
            Ok(())
        }
    }
}

fn list() -> Result<()> {
    let (names, current) = (profiles::names()?, profiles::current()?);
    for name in &names {
        let star = if current.as_deref() == Some(name) {
            '*'
        } else {
            ' '
        };
        println!("{star} {name}");
    }
    if names.is_empty() {
        eprintln!(
            "office365: {} has no profiles; office365 login makes one",
            config::file()?.display()
        );
    }
    Ok(())
}

fn set(name: &str, connection: &str) -> Result<()> {
    let parsed = crate::settings::parse(connection)?;
    for note in &parsed.notes {
        eprintln!("office365: {note}");
    }
    if let Some(secret) = parsed.said.secrets().next() {
        return Err(crate::error::Error::usage(format!("{secret} would stand in the file for everybody to read"))
            .next(format!("write {secret}.env = \"VARIABLE\" (or .file, .command, .prompt) under [profile.{name}] in {}", config::file()?.display())));
    }
    let properties: Vec<(&str, &str)> = parsed.said.open().collect();
    profiles::save(name, &properties)?;
    println!("{name} is in {}.", config::file()?.display());
    Ok(())
}
