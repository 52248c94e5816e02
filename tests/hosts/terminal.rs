//! The shell as somebody sees it: tmux types, and what stands on its screen afterwards is `terminal.txt`.
//!
//! `UPDATE_DOCS=1 cargo test --test hosts terminal` records it anew.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use office365::demo::server::{Server, ServerOptions};

use crate::host::{folder, program};

const PROMPT: &str = "office365>";

/// Far above what any step takes.
const LIMIT: Duration = Duration::from_secs(30);

/// A terminal of 90 columns with the shell in it, on a tmux server of its own.
struct Screen {
    socket: String,
}

impl Screen {
    fn start(connection: &str) -> Self {
        let folder = folder("terminal");
        let screen = Self {
            socket: format!("office365-{}", std::process::id()),
        };
        let shell = format!(
            "env XDG_STATE_HOME='{0}' OFFICE365_CONFIG='{0}/none.toml' OFFICE365_CONNECTION='{connection}' '{1}' --write",
            folder.display(),
            env!("CARGO_BIN_EXE_office365")
        );
        // As high as everything that is shown, so that nothing scrolls out of sight.
        screen.tmux(&[
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            "90",
            "-y",
            "90",
            &shell,
        ]);
        screen.wait("the prompt", |text| text.trim_end().ends_with(PROMPT));
        screen
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux")
            .args(["-L", &self.socket])
            .args(arguments)
            .output()
            .expect("tmux starts");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What stands on the screen.
    fn text(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Types a text, each key by its number: tmux would take a semicolon for itself.
    fn keys(&self, text: &str) {
        let keys: Vec<String> = text.bytes().map(|byte| format!("{byte:x}")).collect();
        let mut arguments = vec!["send-keys", "-H"];
        arguments.extend(keys.iter().map(String::as_str));
        self.tmux(&arguments);
    }

    /// Types a line, and waits for the next prompt.
    fn line(&self, text: &str) {
        let before = self.text().matches(PROMPT).count();
        self.keys(&format!("{text}\r"));
        self.wait(text, |screen| {
            screen.matches(PROMPT).count() > before && screen.trim_end().ends_with(PROMPT)
        });
    }

    #[track_caller]
    fn wait(&self, what: &str, is_there: impl Fn(&str) -> bool) {
        let since = Instant::now();
        loop {
            let text = self.text();
            if is_there(&text) {
                return;
            }
            assert!(since.elapsed() < LIMIT, "{what} did not come:\n{text}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Its shell may have left, and the server with it.
        let _gone = Command::new("tmux")
            .args(["-L", &self.socket, "kill-server"])
            .output();
    }
}

#[test]
fn a_session_looks_as_it_was_recorded() {
    if program("tmux").is_none() {
        return;
    }
    let server = Server::start(ServerOptions {
        latency_ms: 200,
        ..ServerOptions::default()
    })
    .expect("a free port");
    let screen = Screen::start(&format!(
        "GraphUrl={}/v1.0;OAuthAccessToken={};InitiateOAuth=OFF",
        server.url(),
        office365::demo::DELEGATED_TOKEN
    ));
    screen.keys("SELECT skuPartNumber, available FROM Subscribed\t");
    screen.wait("the completed name", |text| text.contains("SubscribedSkus"));
    screen.line(" WHERE available > 0 LIMIT 2;");
    screen.keys("EXEC Move\t\t");
    screen.wait("the choices", |text| text.contains("MoveFile"));
    screen.keys("Mail");
    screen.line(" MessageId = 'x', Destination = 'archive';");
    screen.line("EXEC CreateFolder FolderName = 'Plans';");
    screen.line(".chart SELECT importance, count(*) FROM Messages GROUP BY 1 ORDER BY 2 DESC");
    // Cancelled once it shows that it works: what it showed is gone, and the shell goes on.
    let before = server.requests().len();
    screen.keys("SELECT m.id FROM Messages m JOIN Users u ON u.aboutMe = m.subject;\r");
    screen.wait("the progress", |text| text.contains(" requests, "));
    assert!(server.requests().len() > before);
    let prompts = screen.text().matches(PROMPT).count();
    screen.tmux(&["send-keys", "C-c"]);
    screen.wait("the next prompt", |text| {
        text.matches(PROMPT).count() > prompts
    });
    screen.line("SELECT 'still here';");
    let shown = screen.text().replace(env!("CARGO_PKG_VERSION"), "VERSION");
    holds(shown.trim_end());
}

#[track_caller]
fn holds(shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/terminal.txt");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{shown}\n")).expect("it can be written");
        return;
    }
    let recorded = std::fs::read_to_string(&path).expect("the recorded session");
    assert_eq!(shown, recorded.trim_end(), "\n{shown}");
}
