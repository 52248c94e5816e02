//! A listener that runs as a process, and the folder that it keeps its file in.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use office365::sqlite::host::open_plain;
use rusqlite::Connection;
use serde_json::Value as Json;

use crate::command;

/// How long is waited for what should happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder of this test's own, deleted with the value.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("office365-listen-{}-{name}", std::process::id()));
        let _left_over = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    pub fn copy(&self) -> Connection {
        open_plain(self.0.join("copy.db").as_path()).expect("a copy")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// A listener that runs; ended with the value.
pub struct Listening {
    child: Child,
    out: Arc<Mutex<Vec<String>>>,
    err: Arc<Mutex<Vec<String>>>,
}

impl Listening {
    /// At an address that is free now; the subscriptions name it.
    pub fn start(connection: &str, folder: &Folder, more: &[&str]) -> (Self, SocketAddr) {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address");
        drop(free);
        (Self::start_at(connection, folder, address, more), address)
    }

    pub fn start_at(connection: &str, folder: &Folder, address: SocketAddr, more: &[&str]) -> Self {
        let (bind, url) = (
            address.to_string(),
            format!("http://{address}/hook?key=a%20b"),
        );
        let db = folder.path("copy.db");
        let mut arguments = vec![
            "listen",
            "--db",
            &db,
            "--url",
            &url,
            "--bind",
            &bind,
            "--connection",
            connection,
        ];
        arguments.extend(more);
        let mut child = command::command(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let out = collect(child.stdout.take().expect("piped"));
        let err = collect(child.stderr.take().expect("piped"));
        Self { child, out, err }
    }

    pub fn out(&self) -> Vec<Json> {
        let lines = self.out.lock().expect("unpoisoned");
        lines
            .iter()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
            .collect()
    }

    pub fn err(&self) -> String {
        self.err.lock().expect("unpoisoned").join("\n")
    }

    #[track_caller]
    pub fn says(&self, text: &str) {
        let ok = eventually(|| self.err().contains(text));
        assert!(ok, "never said: {text}\n{}", self.err());
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // As kill -9: nothing is tidied up.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

pub fn collect(stream: impl std::io::Read + Send + 'static) -> Arc<Mutex<Vec<String>>> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let collected = Arc::clone(&lines);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            collected.lock().expect("unpoisoned").push(line);
        }
    });
    lines
}

pub fn eventually(holds: impl Fn() -> bool) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}
