//! The hosts that read a program of ours: Python's modules and packages, Java, Node.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use office365::demo::DELEGATED_TOKEN;
use office365::demo::server::{Server, ServerOptions};

use super::place::Place;
use super::printed::Printed;
use crate::host::{
    Finished, PYTHON, Python, command, finish, java, library_text, node, odbc_driver, package, run,
};
use crate::interrupts::{silent_server, with_token};

/// The part of `matrix/` that a host reads.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/hosts/matrix")
        .join(name)
}

/// Runs a host to its end; it is told to cancel when its request has reached a service that never answers.
fn told_to_cancel(host: &mut Command) -> Option<Printed> {
    let (address, requests) = silent_server();
    host.arg(with_token(&address)).stdin(Stdio::piped());
    let mut child = host.spawn().expect("the host starts");
    if asked(&mut child, &requests) {
        let mut input = child.stdin.take().expect("a pipe");
        // A host that has died meanwhile fails the check, not the test of all the others.
        let _ = input.write_all(b"now\n");
    }
    let Finished { stdout, stderr, .. } = finish(child);
    Some(Printed::new(&stdout, &stderr))
}

/// True when the host's request has arrived; false when it has ended, or was to be ended, before.
pub fn asked(child: &mut Child, requests: &Receiver<String>) -> bool {
    let started = Instant::now();
    while requests.try_recv().is_err() {
        let ended = child.try_wait().expect("a child can be asked").is_some();
        if ended || started.elapsed() > Duration::from_secs(60) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

pub fn python(place: &Place, host: Python) -> Option<Printed> {
    host.present().then_some(())?;
    let mut command = host.python();
    command
        .arg(script("host.py"))
        .args([host.driver, &library_text(), &place.file]);
    told_to_cancel(&mut command)
}

/// A package in Debian's Python.
pub fn in_package(place: &Place, driver: &str, name: &str) -> Option<Printed> {
    let mut host = command(Path::new(PYTHON));
    host.env("PYTHONPATH", package(name)?)
        .env("ODBCINI", place.folder.join("odbc.ini"))
        .arg("-B")
        .arg(script("host.py"))
        .args([driver, &library_text(), &place.file]);
    told_to_cancel(&mut host)
}

pub fn pyodbc(place: &Place) -> Option<Printed> {
    data_source(place)?;
    in_package(place, "pyodbc", "pyodbc-5.2.0")
}

/// The data source `office365`: the library is named in `odbc.ini` alone, as office programs need it.
pub fn data_source(place: &Place) -> Option<()> {
    odbc_driver().then_some(())?;
    let source = format!(
        "[office365]\nDriver=SQLite3\nDatabase={}\nLoadExt={}\nStepAPI=Yes\n",
        place.file,
        library_text()
    );
    std::fs::write(place.folder.join("odbc.ini"), source).expect("a file under target/tmp");
    Some(())
}

/// Java in a time zone that is not ours: an instant must not depend on it.
pub fn jdbc(place: &Place) -> Option<Printed> {
    let mut host = java("Asia/Tokyo")?;
    host.arg(script("Host.java"))
        .args([&library_text(), &place.file]);
    told_to_cancel(&mut host)
}

/// Pages of ten, and each answer a while: to read the whole mailbox takes 12 s at least.
pub fn better_sqlite3(place: &Place) -> Option<Printed> {
    let mut host = node()?;
    let server = Server::start(ServerOptions {
        latency_ms: 100,
        ..ServerOptions::default()
    })
    .expect("a free port");
    let slow = format!(
        "GraphUrl={};OAuthAccessToken={DELEGATED_TOKEN};InitiateOAuth=OFF;Pagesize=10",
        server.url()
    );
    host.arg(script("host.js"))
        .args([&library_text(), &place.file, &slow]);
    let finished = run(&mut host);
    let mut printed = Printed::new(&finished.stdout, &finished.stderr);
    let requests = server.requests().len();
    // The one that was read, and those asked for ahead.
    if requests > 10 {
        printed.set("cancel", format!("{requests} requests\n"));
    }
    Some(printed)
}
