//! `office365 demo-server`: the demo tenant behind a real socket, for other Graph clients and tests.

use crate::cli::exit::Exit;
use crate::cli::report;
use crate::demo::Options;
use crate::demo::faults::{Faults, Rule};
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
    /// Spoils answers: `FAULT[=VALUE][@path=TEXT][@nth=N][@every=N][@first=N]`, for example `throttle=2@every=5`. May be repeated.
    #[arg(long, value_name = "RULE")]
    fault: Vec<Rule>,
    /// Throttles a mailbox that is asked more than this at once; Graph's limit is 4.
    #[arg(long, value_name = "N")]
    mailbox_limit: Option<usize>,
}

/// Serves until the process is ended.
pub fn run(args: &Args) -> Exit {
    let served = server::run(ServerOptions {
        port: args.port,
        tenant: Options {
            messages: args.messages,
        },
        latency_ms: args.latency_ms,
        faults: Faults {
            rules: args.fault.clone(),
        },
        mailbox_limit: args.mailbox_limit,
    });
    match served {
        Ok(()) => Exit::Fine,
        Err(error) => {
            report::sentence(&format!("the demo server cannot run: {error}"), None);
            Exit::Failed
        }
    }
}
