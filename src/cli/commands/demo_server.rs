//! `office365 demo-server`: the demo tenant behind a real socket, for other Graph clients and tests.

use crate::cli::exit::Exit;
use crate::cli::report;
use crate::demo::Options;
use crate::demo::server::{self, ServerOptions};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The port; 0 takes any free one and prints it.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Milliseconds to wait before each answer.
    #[arg(long, value_name = "N", default_value_t = 0)]
    latency_ms: u64,
    /// Messages to add to the first mailbox's inbox.
    #[arg(long, value_name = "N")]
    messages: Option<u64>,
}

/// Serves until the process is ended.
pub fn run(args: &Args) -> Exit {
    let served = server::run(ServerOptions {
        port: args.port,
        tenant: Options {
            messages: args.messages,
        },
        latency_ms: args.latency_ms,
    });
    match served {
        Ok(()) => Exit::Fine,
        Err(error) => {
            report::sentence(&format!("the demo server cannot run: {error}"), None);
            Exit::Failed
        }
    }
}
