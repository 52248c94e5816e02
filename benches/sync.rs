//! What a local copy costs: a first round, one in which nothing changed, and one with twenty changes, in requests, time
//! and memory, for mailboxes of growing size. The service is the demo tenant on the loopback interface, which answers
//! at once: what is left is the driver's share (and the tenant's, which runs beside it).

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use office365::demo::DELEGATED_TOKEN;
use office365::demo::Options;
use office365::demo::server::{Server, ServerOptions};
use office365::sqlite::{Access, host};

fn main() {
    for messages in [10_000, 100_000] {
        let server = Server::start(ServerOptions {
            tenant: Options {
                messages: Some(messages),
                ..Options::default()
            },
            ..ServerOptions::default()
        })
        .expect("the loopback interface");
        let file = std::env::temp_dir().join(format!("office365-bench-{}.db", std::process::id()));
        println!("{messages} messages");
        let first = round(&server, &file, "first round");
        let empty = round(&server, &file, "empty round");
        change(&server);
        round(&server, &file, "twenty changes");
        println!(
            "  an empty round takes {:.1} % of the first one's time; the file has {:.1} MB",
            100.0 * empty.as_secs_f64() / first.as_secs_f64(),
            megabytes(std::fs::metadata(&file).map_or(0, |file| file.len()))
        );
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let _gone = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    }
}

fn properties(server: &Server) -> String {
    format!(
        "GraphUrl={}/v1.0;OAuthAccessToken={{{DELEGATED_TOKEN}}}",
        server.url()
    )
}

/// Runs the command, as a process of its own.
fn round(server: &Server, file: &Path, what: &str) -> Duration {
    server.clear_requests();
    let clock = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_office365"))
        .arg("sync")
        .arg(file)
        .args([
            "MailFolders",
            "Messages",
            "--quiet",
            "--connection",
            &properties(server),
        ])
        .stdin(Stdio::null())
        .spawn()
        .expect("the command");
    let mut memory = 0;
    let status = loop {
        memory = memory.max(peak(child.id()));
        match child.try_wait().expect("the command's end") {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let time = clock.elapsed();
    assert!(status.success(), "{what}: {status}");
    println!(
        "  {what}: {} requests, {:.2} s, {:.0} MB of memory",
        server.requests().len(),
        time.as_secs_f64(),
        megabytes(memory * 1024)
    );
    time
}

/// The most memory that a process had so far, in KiB; 0 where the system does not say (proc(5)).
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn change(server: &Server) {
    let connection = host::open(None, Access::Full).expect("memory opens");
    connection
        .query_row(
            "SELECT o365_connect(?1)",
            [format!("{};Readonly=false", properties(server))],
            |_| Ok(()),
        )
        .expect("connected");
    let sql = "UPDATE Messages SET isRead = NOT isRead WHERE id IN
                 (SELECT id FROM Messages WHERE folder = 'inbox' ORDER BY receivedDateTime DESC LIMIT 20)";
    connection.execute_batch(sql).expect("changed");
}
