//! Starts the binary as a user does and reads what it leaves behind.

// Each test program uses its own part of this.
#![allow(dead_code)]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_office365");

/// What a run left behind.
#[derive(Debug, PartialEq)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// The binary, without the settings of whoever runs the tests.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments);
    for (name, _) in std::env::vars() {
        if name.starts_with("AZURE_") || name.starts_with("OFFICE365_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the binary with this on its standard input.
pub fn run_with(arguments: &[&str], input: &str) -> Run {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    // A run that ends before it has read everything is fine.
    let _ended = stdin.write_all(input.as_bytes());
    drop(stdin);
    finished(child.wait_with_output().expect("ends"))
}

/// What an ended process left behind.
pub fn finished(output: Output) -> Run {
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Runs the binary with nothing on its standard input.
pub fn run(arguments: &[&str]) -> Run {
    run_with(arguments, "")
}

/// A run that went well and said nothing on standard error.
pub fn ok(out: &str) -> Run {
    Run {
        code: Some(0),
        out: out.to_owned(),
        err: String::new(),
    }
}

/// A file of this test's own, deleted with the value.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("office365-{}-{name}", std::process::id()));
        fs::write(&path, text).expect("the temporary folder can be written");
        Self(path)
    }

    pub fn absent(name: &str) -> Self {
        let scratch = Self::new(name, "");
        fs::remove_file(&scratch.0).expect("just made");
        scratch
    }

    pub fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _gone = fs::remove_file(&self.0);
    }
}
