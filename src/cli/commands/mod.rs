//! The subcommands: one file each, with its arguments and what it does.

mod catalog;
mod connection;
pub mod demo_server;
mod export;
mod generate;
mod listen;
mod login;
mod logout;
mod permissions;
mod profile;
mod register;
mod status;
mod sync;
mod test;

pub use connection::{Connection, pair};
pub use login::{if_needed, prompt};

use clap::Subcommand;

use super::exit::Exit;

/// What to do instead of running SQL.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the demo tenant over HTTP on 127.0.0.1, sign-in endpoints included.
    DemoServer(demo_server::Args),
    /// Sign in, and keep the tokens for the connection.
    Login(login::Args),
    /// Sign out: the kept tokens go.
    Logout(logout::Args),
    /// Tell what is set up, without asking the service.
    Status(status::Args),
    /// Try what works with a connection.
    Test(test::Args),
    /// List, show, choose and change the named connections.
    Profile(profile::Args),
    /// Write a database file that makes tools list the tables.
    Catalog(catalog::Args),
    /// Keep a local copy up to date: plain tables in a database file.
    Sync(sync::Args),
    /// Be told of changes as they happen: keep a copy fresh, and run SQL for each.
    Listen(Box<listen::Args>),
    /// Write tables and statements into files: Parquet, CSV or JSON lines.
    Export(export::Args),
    /// Write the manual page, or the completions of a shell.
    #[command(hide = true)]
    Generate(generate::Args),
    /// Tell which permissions tables, procedures and statements need.
    Permissions(permissions::Args),
}

/// Signs in, into a profile.
pub fn login(profile: Option<String>) -> Exit {
    login::run(&login::Args::of(Connection {
        profile,
        ..Connection::default()
    }))
}

/// Lists the profiles.
pub fn list_profiles() -> Exit {
    profile::run(&profile::Args::default())
}

impl Command {
    /// Does it.
    pub fn run(self) -> Exit {
        match self {
            Self::DemoServer(args) => demo_server::run(&args),
            Self::Login(args) => login::run(&args),
            Self::Logout(args) => logout::run(&args),
            Self::Status(args) => status::run(&args),
            Self::Test(args) => test::run(&args),
            Self::Profile(args) => profile::run(&args),
            Self::Sync(args) => sync::run(&args),
            Self::Export(args) => export::run(&args),
            Self::Listen(args) => listen::run(&args),
            Self::Generate(args) => generate::run(&args),
            Self::Catalog(args) => catalog::run(&args),
            Self::Permissions(args) => permissions::run(&args),
        }
    }
}
