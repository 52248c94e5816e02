//! The subcommands: one file each, with its arguments and what it does.

pub mod demo_server;

use clap::Subcommand;

use super::exit::Exit;

/// What to do instead of running SQL.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the demo tenant over HTTP on 127.0.0.1, sign-in endpoints included.
    DemoServer(demo_server::Args),
}

impl Command {
    /// Does it.
    pub fn run(self) -> Exit {
        match self {
            Self::DemoServer(args) => demo_server::run(&args),
        }
    }
}
