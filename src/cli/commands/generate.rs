//! `office365 generate`: what packages bring along, made from the arguments themselves.

use std::io::{Write, stdout};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::args::Args as Program;
use crate::cli::exit::Exit;
use crate::cli::report;

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// The page of the manual, as troff.
    Man,
    /// What a shell completes with.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// Writes it to standard output.
pub fn run(args: &Args) -> Exit {
    let mut text = Vec::new();
    let made = match args.what {
        What::Man => clap_mangen::Man::new(Program::command()).render(&mut text),
        What::Completions { shell } => {
            let mut program = Program::command();
            clap_complete::generate(shell, &mut program, "office365", &mut text);
            Ok(())
        }
    };
    match made.and_then(|()| stdout().write_all(&text)) {
        Ok(()) => Exit::Fine,
        Err(error) => {
            report::sentence(&format!("it cannot be written: {error}"), None);
            Exit::Failed
        }
    }
}
