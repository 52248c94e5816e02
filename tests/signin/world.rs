//! A demo server, a user's home, and a browser.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::command::{Run, command, finished};

/// An application that the demo tenant knows by nothing but its form.
pub const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

/// A file of `tests/data/signin`.
pub fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/signin")
        .join(name);
    path.to_str().expect("UTF-8").to_owned()
}

/// A demo server of a test's own.
pub struct Server {
    child: Child,
    /// `https://localhost:1234`
    pub origin: String,
}

impl Server {
    /// Over plain HTTP, with these options.
    pub fn start(options: &[&str]) -> Self {
        let mut child = command(&["demo-server"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        let out = child.stderr.take().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line
            .split_whitespace()
            .find(|word| word.starts_with("http"))
            .expect("an address");
        let origin = address
            .split("/v1.0")
            .next()
            .expect("an origin")
            .replace("127.0.0.1", "localhost");
        Self { child, origin }
    }

    /// Over TLS, with a certificate of the test authority.
    pub fn secure(options: &[&str]) -> Self {
        let (certificate, key) = (data("server.pem"), data("server.key"));
        let mut all = vec![
            "--tls-cert",
            certificate.as_str(),
            "--tls-key",
            key.as_str(),
        ];
        all.extend_from_slice(options);
        Self::start(&all)
    }

    /// The properties of a connection to it.
    pub fn connection(&self, more: &str) -> String {
        let ca = match self.origin.starts_with("https") {
            true => format!("SSLServerCert={};", data("ca.pem")),
            false => String::new(),
        };
        format!(
            "GraphUrl={0};LoginUrl={0};{ca}AzureTenant=contoso.com;{more}",
            self.origin
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A user's home: a folder with a `config.toml`, made new and removed at the end.
pub struct Home(pub PathBuf);

impl Home {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("office365-signin-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.file(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    }

    /// The binary as this user starts it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command
            .env("OFFICE365_CONFIG", self.file("config.toml"))
            .env_remove("BROWSER")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        finished(self.command(arguments).output().expect("starts"))
    }

    /// What one statement gives, as CSV without a header.
    pub fn sql(&self, connection: &str, sql: &str) -> Run {
        self.run(&["-o", "csv", "--no-header", "--connection", connection, sql])
    }

    /// Signs in over HTTP by a code that is typed in at once; the profile is `default`.
    pub fn sign_in(&self, server: &Server, arguments: &[&str]) -> Run {
        let connection = server.connection("");
        let mut all = vec!["login", "--device", "--connection", connection.as_str()];
        all.extend_from_slice(arguments);
        self.run(&all)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // What stays lies in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A login that waits for a browser, and the address that it would open.
pub struct Waiting {
    child: Child,
    pub url: String,
}

/// Starts `office365 login` with a browser that only writes down where it is sent.
#[cfg(unix)]
pub fn login(home: &Home, arguments: &[&str]) -> Waiting {
    use std::os::unix::fs::PermissionsExt;
    let note = home.file("url");
    let browser = home.write(
        "browser",
        &format!(
            "#!/bin/sh\nprintf %s \"$1\" > {0}.part && mv {0}.part {0}\n",
            note.display()
        ),
    );
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).expect("allowed");
    let mut all = vec!["login"];
    all.extend_from_slice(arguments);
    let mut child = home
        .command(&all)
        .env("BROWSER", browser)
        .spawn()
        .expect("starts");
    let begun = Instant::now();
    let url = loop {
        if let Ok(url) = std::fs::read_to_string(&note) {
            break url;
        }
        if let Some(status) = child.try_wait().expect("a child") {
            panic!("login ended with {status}");
        }
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the browser was not opened"
        );
        std::thread::sleep(Duration::from_millis(20));
    };
    Waiting { child, url }
}

impl Waiting {
    pub fn end(self) -> Run {
        finished(self.child.wait_with_output().expect("ends"))
    }
}

/// A page over plain HTTP: its status, where it redirects to, and its text.
pub fn get(url: &str) -> (u16, Option<String>, String) {
    let behind = url.strip_prefix("http://").expect("plain http");
    let slash = behind.find(['/', '?']).unwrap_or(behind.len());
    let (host, path) = behind.split_at(slash);
    let path = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    let mut stream =
        TcpStream::connect(host.replace("localhost", "127.0.0.1")).expect("a connection");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .expect("sent");
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("set");
    let mut text = String::new();
    // A server may keep the connection open: what came is all.
    let _ = stream.read_to_string(&mut text);
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .expect("a status");
    let location = text.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location")
            .then(|| value.trim().to_owned())
    });
    (status, location, text)
}
