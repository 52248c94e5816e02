//! The command line: arguments, scripts, the shell.
//!
//! Speaks to the engine in SQL alone (`SELECT o365_connect(…)`, `o365_requests`), so that whatever
//! works here works in any other host. Data goes to standard output, everything else to standard
//! error.

mod args;
mod commands;
mod completion;
mod dot;
pub mod exec;
mod exit;
mod interrupt;
mod modes;
mod names;
mod output;
mod plan;
mod progress;
mod report;
mod script;
mod session;
mod shell;
mod statements;
mod text;

use std::fs::File;
use std::io::{self, BufReader, IsTerminal};
use std::path::Path;
use std::process::ExitCode;

use args::Args;
use exit::{Exit, Flow};
use session::Session;

/// Runs the process.
#[must_use]
pub fn run() -> ExitCode {
    crate::profiles::set_prompt(commands::prompt);
    let mut args = Args::from_process();
    if let Some(command) = args.command.take() {
        return command.run().into();
    }
    let mode = args.output.as_deref().unwrap_or("table");
    let Some(mode) = modes::find(mode) else {
        report::sentence(
            &format!("there is no output mode '{mode}'"),
            Some(&format!("use one of {}", modes::names())),
        );
        return Exit::Usage.into();
    };
    if let Err(exit) = commands::if_needed(&args.connection) {
        return exit.into();
    }
    let mut session = match Session::start(&args, mode) {
        Ok(session) => session,
        Err(exit) => return exit.into(),
    };
    let flow = match (args.sql.as_deref(), args.file.as_deref()) {
        (Some("-"), _) => from_stdin(&mut session),
        (Some(sql), _) => from_argument(&mut session, sql),
        (None, Some(file)) => from_file(&mut session, file),
        (None, None) if io::stdin().is_terminal() => {
            interrupt::install(true);
            shell::run(&mut session)
        }
        (None, None) => from_stdin(&mut session),
    };
    let exit = match flow {
        Flow::Done => Exit::Fine,
        Flow::Failed(exit) | Flow::Leave(exit) => exit,
    };
    match (session.say_what_was_not_sent(), exit) {
        (true, Exit::Fine) => Exit::Failed.into(),
        _ => exit.into(),
    }
}

fn from_argument(session: &mut Session, sql: &str) -> Flow {
    interrupt::install(false);
    if sql.starts_with(['.', '\\']) {
        return dot::run(session, sql);
    }
    statements::run(session, sql, None)
}

fn from_file(session: &mut Session, path: &Path) -> Flow {
    interrupt::install(false);
    let name = path.display().to_string();
    if name == "-" {
        return script::run(session, &mut io::stdin().lock(), None);
    }
    match File::open(path) {
        Ok(file) => script::run(session, &mut BufReader::new(file), Some(&name)),
        Err(error) => {
            report::sentence(&format!("{name} cannot be read: {error}"), None);
            Flow::Failed(Exit::Usage)
        }
    }
}

fn from_stdin(session: &mut Session) -> Flow {
    interrupt::install(false);
    script::run(session, &mut io::stdin().lock(), None)
}
