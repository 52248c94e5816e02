//! The built library in real hosts: the sqlite3 shell, Python with several SQLites, ODBC, JDBC, Node.
//!
//! A host that is not on the machine is skipped with a sentence, unless `OFFICE365_HOSTS=required`
//! (which `.ci/run` sets) makes that a failure. `tests/hosts/prepare.sh` fetches those that no Debian
//! package has.
#![cfg(target_os = "linux")]

mod copies;
mod files;
mod host;
mod interrupts;
mod library;
mod matrix;
mod msal;
mod odbc;
mod pages;
mod panics;
mod python;
mod shell;
#[path = "../support/mod.rs"]
mod support;
mod terminal;
mod writes;
