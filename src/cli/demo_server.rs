//! `office365 demo-server`: the demo tenant over HTTP, for other programs and for trying the driver
//! over a real socket.

use std::ffi::OsString;

use clap::Parser;

use super::exit::Exit;
use super::report;
use crate::demo::Options;
use crate::demo::server::{ServerOptions, run};

/// Serves the built-in demo tenant over HTTP on this machine, sign-in endpoints included.
#[derive(Debug, Parser)]
#[command(name = "office365 demo-server", version)]
struct DemoServer {
    /// The port to listen on; 0 takes any free one.
    #[arg(long, default_value_t = 8365)]
    port: u16,
    /// Added to every answer, in milliseconds.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Further generated messages in the first mailbox.
    #[arg(long)]
    messages: Option<u64>,
}

/// Runs the command if it was asked for: its own arguments follow its name.
pub(super) fn if_asked() -> Option<Exit> {
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_default();
    if arguments.next()? != "demo-server" {
        return None;
    }
    let own: Vec<OsString> = std::iter::once(program).chain(arguments).collect();
    let asked = DemoServer::parse_from(own);
    let options = ServerOptions {
        port: asked.port,
        latency_ms: asked.latency_ms,
        tenant: Options {
            messages: asked.messages,
        },
        ..ServerOptions::default()
    };
    Some(match run(options) {
        Ok(()) => Exit::Fine,
        Err(error) => {
            report::sentence(
                &format!(
                    "the demo server cannot listen on port {}: {error}",
                    asked.port
                ),
                Some("choose another one with --port, or 0 for any"),
            );
            Exit::Failed
        }
    })
}
