//! The shell on a real terminal: a pseudo-terminal of util-linux's `script`, keys sent, screen read.

#![cfg(unix)]

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A shell that runs on a terminal, and everything it has shown.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    news: Receiver<Vec<u8>>,
    shown: Vec<u8>,
    state: PathBuf,
}

impl Terminal {
    /// Nothing where there is no `script` that makes terminals this way.
    fn start(name: &str, arguments: &str) -> Option<Self> {
        let version = Command::new("script").arg("--version").output().ok()?;
        if !String::from_utf8_lossy(&version.stdout).contains("util-linux") {
            eprintln!("not tested: no util-linux script");
            return None;
        }
        let state =
            std::env::temp_dir().join(format!("office365-shell-{}-{name}", std::process::id()));
        let shell = format!(
            "stty cols 60 rows 24; exec '{}' {arguments}",
            env!("CARGO_BIN_EXE_office365")
        );
        let mut child = Command::new("script")
            .args(["-q", "-e", "-c", &shell, "/dev/null"])
            .env("TERM", "xterm")
            .env("XDG_STATE_HOME", &state)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let keys = child.stdin.take().expect("piped");
        let mut screen = child.stdout.take().expect("piped");
        let (sender, news) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(size @ 1..) = screen.read(&mut buffer) {
                if sender.send(buffer[..size].to_vec()).is_err() {
                    return;
                }
            }
        });
        Some(Self {
            child,
            keys,
            news,
            shown: Vec::new(),
            state,
        })
    }

    /// Presses keys once the shell waits for them.
    fn enter(&mut self, keys: &str) {
        // Bracketed paste is switched on once per line, when the terminal is ready.
        self.wait_for("\x1b[?2004h");
        self.press(keys);
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("still there");
    }

    /// Waits until the screen shows a text, and forgets everything up to it.
    fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let shown = &self.shown;
            if let Some(at) = shown
                .windows(text.len())
                .position(|part| part == text.as_bytes())
            {
                self.shown.drain(..at + text.len());
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.news.recv_timeout(left) {
                Ok(news) => self.shown.extend(news),
                Err(_) => panic!(
                    "{text:?} does not come: {}",
                    String::from_utf8_lossy(&self.shown)
                ),
            }
        }
    }

    fn exit_code(&mut self) -> Option<i32> {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            match self.child.try_wait().expect("a child of ours") {
                Some(status) => return status.code(),
                None if Instant::now() > deadline => {
                    self.shown.extend(self.news.try_iter().flatten());
                    panic!("does not end: {}", String::from_utf8_lossy(&self.shown))
                }
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    fn history(&self) -> String {
        std::fs::read_to_string(self.state.join("office365/history")).unwrap_or_default()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _gone = std::fs::remove_dir_all(&self.state);
    }
}

#[test]
fn statements_may_take_several_lines() {
    let Some(mut shell) = Terminal::start("lines", "-o list") else {
        return;
    };
    shell.enter("SELECT 40 +\r 2 AS answer;\r");
    shell.wait_for("answer\r\n42\r\n");
    shell.enter(".exit 7\r");
    assert_eq!(shell.exit_code(), Some(7));
}

#[test]
fn tab_completes_tables_columns_and_commands() {
    let Some(mut shell) = Terminal::start("tab", "--demo -o list") else {
        return;
    };
    shell.enter("SELECT displayN\t FROM Organ\t ORDER BY id DESC LIMIT 0;\r");
    shell.wait_for("SELECT displayName");
    shell.wait_for("FROM Organization");
    shell.enter(".requ\t\r");
    shell.wait_for(".requests");
    shell.enter(".quit\r");
    assert_eq!(shell.exit_code(), Some(0));
}

#[test]
fn ctrl_c_ends_the_statement_and_not_the_shell() {
    let Some(mut shell) = Terminal::start("interrupt", "-o list") else {
        return;
    };
    shell.enter(
        "SELECT 'be' || 'gun' UNION ALL SELECT count(*) FROM (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL \
         SELECT i+1 FROM c) SELECT i FROM c);\r",
    );
    shell.wait_for("begun\r\n");
    shell.press("\x03");
    shell.wait_for("Error: interrupted");
    shell.enter("SELECT 'go' || 'es on';\r");
    shell.wait_for("goes on\r\n");
    shell.enter("\x04");
    assert_eq!(shell.exit_code(), Some(0));
}

#[test]
fn wide_results_are_cut_to_the_terminal() {
    let Some(mut shell) = Terminal::start("wide", "") else {
        return;
    };
    shell.enter("SELECT '日本' w, replace(hex(zeroblob(50)), '0', 'x') t, 3 n;\r");
    shell.wait_for(&format!("| 日本 | {}… | 3 |\r\n", "x".repeat(44)));
    shell.enter(".quit\r");
    assert_eq!(shell.exit_code(), Some(0));
}

#[test]
fn the_history_keeps_no_secrets() {
    let Some(mut shell) = Terminal::start("history", "-o list") else {
        return;
    };
    shell.enter("SELECT 'kept';\r");
    shell.wait_for("kept\r\n");
    shell.enter(
        "SELECT o365_connect('Demo=true;Scope=hush');\r.connect Demo=true;Scope=hush\r.quit\r",
    );
    assert_eq!(shell.exit_code(), Some(0));
    let history = shell.history();
    assert!(history.contains("SELECT 'kept';"), "{history}");
    assert!(!history.contains("hush"), "{history}");
}
