//! The `office365` command: see `office365 --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    office365::cli::run()
}
