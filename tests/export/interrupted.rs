//! Interruptions: run again with the same arguments, an export ends in the same rows, and finished mailboxes are not
//! read twice.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};
use std::time::{Duration, Instant};

use crate::command::{Run, command, finished, run};
use crate::reading::Folder;
use crate::support::by_token;
use crate::support::server::{Act, Scripted};

const USERS: &str = "VALUES ('adele@contoso.com'), ('alex@contoso.com'), ('megan@contoso.com'), ('diego@contoso.com')";

/// The arguments of an export of four mailboxes from a server.
fn arguments<'a>(folder: &'a Folder, connection: &'a str) -> Vec<&'a str> {
    vec![
        "export",
        "Messages",
        "Events",
        "Users",
        "--format",
        "parquet",
        "--partition-by",
        "month",
        "--users",
        USERS,
        "--to",
        folder.text(),
        "--connection",
        connection,
    ]
}

fn export(folder: &Folder, connection: &str) -> Run {
    run(&arguments(folder, connection))
}

/// The same export without any trouble.
fn expected(name: &str) -> Folder {
    let server = Scripted::honest();
    let folder = Folder::new(name);
    let run = export(&folder, &by_token(&server, ""));
    assert_eq!(run.code, Some(0), "{}", run.err);
    folder
}

#[track_caller]
fn agree(folder: &Folder, expected: &Folder) {
    for name in ["Messages", "Events", "Users"] {
        assert!(folder.rows(name) == expected.rows(name), "{name} differs");
        let names = |folder: &Folder| -> Vec<String> {
            let files = folder.files(name).into_iter();
            files
                .map(|file| {
                    file.strip_prefix(&folder.0)
                        .expect("below")
                        .display()
                        .to_string()
                })
                .collect()
        };
        assert_eq!(names(folder), names(expected), "no file is left over");
    }
    for file in folder.files("_office365") {
        assert!(
            !file.to_string_lossy().ends_with(".tmp"),
            "{}",
            file.display()
        );
    }
}

/// The connection breaks at another request in each run: dropped, cut in the middle of an answer, refused.
#[test]
fn broken_connections_end_in_the_same_rows() {
    let expected = expected("unbroken");
    let fuse = Arc::new(AtomicIsize::new(-1));
    let burning = Arc::clone(&fuse);
    let server = Scripted::start(move |seen, _| {
        // From the last one on everything fails, as it does when a network is gone.
        let next = |left: isize| (left > 1).then(|| left - 1);
        match burning.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next) {
            Err(1) => match seen.target.len() % 3 {
                0 => Act::Drop,
                1 => Act::Cut,
                _ => Act::refusal(500, "InternalServerError", Vec::new()),
            },
            _ => Act::Pass,
        }
    });
    let folder = Folder::new("broken");
    let connection = by_token(&server, "MaxRetries=0");
    let mut broken = 0;
    for request in [1, 2, 3, 5, 8, 13] {
        fuse.store(request, Ordering::SeqCst);
        let run = export(&folder, &connection);
        assert!(matches!(run.code, Some(0 | 1 | 6)), "{run:?}");
        broken += usize::from(run.code != Some(0));
    }
    assert!(broken >= 4, "{broken} runs were broken");
    fuse.store(-1, Ordering::SeqCst);
    let run = export(&folder, &connection);
    assert_eq!(run.code, Some(0), "{}", run.err);
    agree(&folder, &expected);
    let before = server.graph().len();
    let run = export(&folder, &connection);
    assert!(run.err.contains("nothing to do: 9 of 9"), "{}", run.err);
    let asked = server.graph().split_off(before);
    assert!(
        asked.iter().all(|seen| seen.target.contains("/users?")),
        "{asked:?}"
    );
}

/// The process is killed while a request hangs; finished mailboxes are not read again.
#[test]
fn a_killed_process_ends_in_the_same_rows() {
    let expected = expected("alive");
    let hang = Arc::new(AtomicBool::new(true));
    let hanging = Arc::clone(&hang);
    // The events of the last mailbox: seven of nine units are finished then.
    let is_late = |target: &str| target.contains("/events") && target.contains("diego");
    let server = Scripted::start(move |seen, _| {
        match hanging.load(Ordering::SeqCst) && is_late(&seen.target) {
            true => Act::Hang,
            false => Act::Pass,
        }
    });
    let folder = Folder::new("killed");
    let connection = by_token(&server, "");
    let mut child = command(&arguments(&folder, &connection))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let begun = Instant::now();
    while !server.graph().iter().any(|seen| is_late(&seen.target)) {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the last events were not asked for"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().expect("running");
    let killed = finished(child.wait_with_output().expect("ends"));
    assert_eq!(killed.code, None, "{}", killed.err);
    assert!(killed.err.matches(" of ").count() == 7, "{}", killed.err);
    hang.store(false, Ordering::SeqCst);
    let before = server.graph().len();
    let run = export(&folder, &connection);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(!run.err.contains("Messages of"), "{}", run.err);
    let again = server.graph().split_off(before);
    assert!(
        !again.iter().any(|seen| seen.target.contains("/messages")),
        "{again:?}"
    );
    agree(&folder, &expected);
}

/// Killed again and again, each time at another request; no run is told what the one before did.
#[test]
fn killed_at_any_request_it_ends_in_the_same_rows() {
    let expected = expected("calm");
    let fuse = Arc::new(AtomicIsize::new(-1));
    let burning = Arc::clone(&fuse);
    let server = Scripted::start(move |_, _| {
        let next = |left: isize| (left > 0).then(|| left - 1);
        match burning.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next) {
            Err(0) => Act::Hang,
            _ => Act::Pass,
        }
    });
    let folder = Folder::new("kills");
    let connection = by_token(&server, "");
    let mut killed = 0;
    for request in [0, 3, 7, 11, 16, 23] {
        fuse.store(request, Ordering::SeqCst);
        let mut child = command(&arguments(&folder, &connection))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        while fuse.load(Ordering::SeqCst) > 0 && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        // While the last answers are written, or nothing but waited for.
        std::thread::sleep(Duration::from_millis(request as u64));
        killed += usize::from(child.try_wait().expect("a child").is_none());
        let _ended = child.kill();
        child.wait().expect("ends");
    }
    assert!(killed >= 4, "{killed} runs were killed");
    fuse.store(-1, Ordering::SeqCst);
    let run = export(&folder, &connection);
    assert_eq!(run.code, Some(0), "{}", run.err);
    agree(&folder, &expected);
}

/// Ctrl-C ends with its exit code, and says what to do.
#[cfg(unix)]
#[test]
fn an_interrupt_is_told() {
    let server = Scripted::start(|seen, _| match seen.target.contains("/messages") {
        true => Act::Hang,
        false => Act::Pass,
    });
    let folder = Folder::new("interrupt");
    let connection = by_token(&server, "");
    let child = command(&arguments(&folder, &connection))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    while !server
        .graph()
        .iter()
        .any(|seen| seen.target.contains("/messages"))
    {
        std::thread::sleep(Duration::from_millis(10));
    }
    let sent = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill");
    assert!(sent.success());
    let run = finished(child.wait_with_output().expect("ends"));
    assert_eq!(run.code, Some(130), "{}", run.err);
    assert!(
        run.err.contains("Run again with the same arguments"),
        "{}",
        run.err
    );
}

/// Two runs of one shard do not meet.
#[test]
fn one_process_has_a_shard() {
    let server = Scripted::start(|seen, _| match seen.target.contains("/messages") {
        true => Act::Hang,
        false => Act::Pass,
    });
    let folder = Folder::new("met");
    let connection = by_token(&server, "");
    let mut first = command(&arguments(&folder, &connection))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    while !server
        .graph()
        .iter()
        .any(|seen| seen.target.contains("/messages"))
    {
        std::thread::sleep(Duration::from_millis(10));
    }
    let second = export(&folder, &connection);
    first.kill().expect("running");
    first.wait().expect("ends");
    assert_eq!(second.code, Some(2), "{}", second.err);
    assert!(
        second
            .err
            .contains("another process is exporting share 0/1"),
        "{}",
        second.err
    );
}
