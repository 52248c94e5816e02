//! `office365 sync` as a user runs it: what it says, how it ends, what it leaves behind.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::command;
use crate::copies::{File, agree, copied_part, table};
use crate::support::server::{Act, Scripted};
use crate::support::{by_token, column, failure, one, signed_in};

#[test]
fn the_command_copies_and_plain_sqlite_reads() {
    let file = File::new("command");
    let path = file.0.to_str().expect("UTF-8");
    let run = command::run(&["sync", path, "Messages", "MailFolders", "Events", "--demo"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
    assert!(
        run.err
            .contains("Messages of me: 1200 rows, 1200 new, 0 changed, 0 gone (delta)"),
        "{}",
        run.err
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path)
            .expect("a copy")
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "mail is nobody else's to read");
    }
    let again = command::run(&["sync", path, "Messages", "--demo", "-q"]);
    // Another process is another tenant: its tokens are the same, its answers too.
    assert_eq!((again.code, again.err.as_str()), (Some(0), ""));
    let copied = file.open();
    let found: i64 = one(
        &copied,
        "SELECT count(*) FROM MessageSearch s JOIN MessageTexts t ON t.rowid = s.rowid
           JOIN Messages m ON m.UserId = t.UserId AND m.id = t.id WHERE MessageSearch MATCH 'budget'",
    );
    assert!(found > 100, "{found}");
    let kinds: Vec<String> = column(
        &copied,
        "SELECT DISTINCT type FROM sqlite_schema ORDER BY 1",
    );
    assert_eq!(kinds, ["index", "table"], "nothing that needs this program");
    let related: i64 = one(
        &copied,
        "SELECT count(*) FROM pragma_foreign_key_list('Messages') WHERE \"table\" = 'MailFolders'",
    );
    assert_eq!(related, 2);
    let wrong = command::run(&["sync", path, "Nonsense", "--demo"]);
    assert_eq!(wrong.code, Some(2));
    let wrong = command::run(&["sync", path, "ScheduleAvailability", "--demo"]);
    assert!(
        wrong.err.contains("cannot be copied: it needs addresses"),
        "{}",
        wrong.err
    );
}

#[test]
fn the_statements_of_the_documentation_find_something() {
    let file = File::new("documented");
    let path = file.0.to_str().expect("UTF-8");
    let made = command::run(&["sync", path, "Messages", "--demo", "-q"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let page = include_str!("../../docs/copies.md");
    let blocks = page.split("```").skip(1).step_by(2);
    let search = blocks
        .map(str::trim)
        .find(|block| block.starts_with("SELECT m.receivedDateTime"))
        .expect("the search of the page");
    let found: Vec<String> = column(&file.open(), search);
    assert_eq!(found.len(), 10, "{search}");
    let (_, statement) = page.split_once("sqlite3 work.db \"").expect("a statement");
    let (statement, _) = statement.split_once('"').expect("its end");
    let months: Vec<String> = column(&file.open(), statement);
    assert_eq!(months.len(), 5, "{statement}");
}

/// Two rounds into one file do not meet: the second one ends, or waits for its turn.
#[test]
fn rounds_take_turns() {
    let file = File::new("turns");
    let path = file.0.to_str().expect("UTF-8");
    let lock = std::fs::File::create(format!("{path}.lock")).expect("a file");
    lock.lock().expect("locked");
    let second = command::run(&["sync", path, "SubscribedSkus", "--demo"]);
    assert_eq!(second.code, Some(2), "{}", second.err);
    assert!(
        second.err.contains("another process is copying into"),
        "{}",
        second.err
    );
    let mut patient =
        command::command(&["sync", path, "SubscribedSkus", "--demo", "--every", "1h"])
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
    std::thread::sleep(Duration::from_millis(700));
    let is_copied = || {
        let there = "SELECT count(*) FROM sqlite_schema WHERE name = 'SubscribedSkus'";
        file.0.exists() && one::<i64>(&file.open(), there) == 1
    };
    let waited = !is_copied();
    lock.unlock().expect("unlocked");
    let begun = std::time::Instant::now();
    while !is_copied() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let copied = is_copied();
    let _ended = patient.kill();
    let _status = patient.wait();
    assert!(waited && copied, "waited: {waited}, copied: {copied}");
}

#[test]
fn mailboxes_that_fail_do_not_stop_the_others() {
    let file = File::new("mailboxes");
    let path = file.0.to_str().expect("UTF-8");
    let users = "SELECT 'adele@contoso.com' UNION ALL SELECT 'nobody@contoso.com' UNION ALL SELECT 'alex@contoso.com'";
    let run = command::run(&["sync", path, "MailFolders", "--users", users, "--demo"]);
    assert_eq!(run.code, Some(6), "{}", run.err);
    assert!(run.err.contains("ErrorInvalidUser"), "{}", run.err);
    let copied = file.open();
    let mailboxes: Vec<String> = column(
        &copied,
        "SELECT DISTINCT UserId FROM MailFolders ORDER BY 1",
    );
    assert_eq!(mailboxes, ["adele@contoso.com", "alex@contoso.com"]);
    let failed: Vec<String> = column(
        &copied,
        "SELECT mailbox FROM o365_sync WHERE error IS NOT NULL",
    );
    assert_eq!(failed, ["nobody@contoso.com"]);
    let error = failure(&copied, "INSERT INTO MailFolders(id) VALUES ('x')");
    assert!(error.contains("readonly"), "{error}");
}

/// A tenant has users without a mailbox: they are no failure.
#[test]
fn users_without_a_mailbox_are_left_out() {
    let file = File::new("without");
    let path = file.0.to_str().expect("UTF-8");
    let run = command::run(&[
        "sync",
        path,
        "MailFolders",
        "Contacts",
        "Files",
        "--demo",
        "--users",
        "all",
        "--workers",
        "1",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(
        run.err
            .contains("that are not there (no mailbox, or no drive)"),
        "{}",
        run.err
    );
    let told: i64 = one(
        &file.open(),
        "SELECT count(*) FROM o365_sync WHERE error LIKE '%MailboxNotEnabledForRESTAPI%'",
    );
    let mailboxes: i64 = one(
        &file.open(),
        "SELECT count(DISTINCT UserId) FROM MailFolders",
    );
    assert!(told > 10 && mailboxes > 10, "{told} {mailboxes}");
    assert!(!run.err.contains("Error"), "{}", run.err);
}

/// A user that left: the copy says that the mailbox is still there, and forgets it when asked.
#[test]
fn mailboxes_that_are_no_longer_asked_for_are_forgotten_on_request() {
    let file = File::new("pruned");
    let path = file.0.to_str().expect("UTF-8");
    let both = "VALUES ('adele@contoso.com'), ('alex@contoso.com')";
    let run = |users: &str, more: &[&str]| {
        let arguments = [
            "sync",
            path,
            "Messages",
            "MailFolders",
            "Users",
            "--demo",
            "--users",
            users,
        ];
        let ended = command::run(&[arguments.as_slice(), more].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        ended.err
    };
    assert!(!run(both, &[]).contains("not asked for"));
    let one_left = "VALUES ('adele@contoso.com')";
    let told = run(one_left, &[]);
    assert!(
        told.contains("1 mailboxes of the file, such as alex@contoso.com, were not asked for"),
        "{told}"
    );
    let count = |of: &str| {
        one::<i64>(
            &file.open(),
            &format!("SELECT count(*) FROM {of} WHERE UserId = 'alex@contoso.com'"),
        )
    };
    assert!(count("Messages") > 0 && count("MessageTexts") > 0);
    let told = run(one_left, &["--prune"]);
    assert!(told.contains("alex@contoso.com is forgotten: "), "{told}");
    assert_eq!(
        (
            count("Messages"),
            count("MailFolders"),
            count("MessageTexts")
        ),
        (0, 0, 0)
    );
    let copied = file.open();
    let left: Vec<String> = column(
        &copied,
        "SELECT DISTINCT mailbox FROM o365_sync_tokens UNION SELECT mailbox FROM o365_sync ORDER BY 1",
    );
    assert_eq!(left, ["", "adele@contoso.com"]);
    copied.execute_batch("PRAGMA query_only = OFF; INSERT INTO MessageSearch(MessageSearch, rank) VALUES ('integrity-check', 1)").expect("the index is whole");
}

/// Ended in the middle, by force or by Ctrl-C, again and again: what is there is of whole rounds, and in the end it is
/// the tenant.
#[cfg(unix)]
#[test]
fn a_command_that_was_ended_goes_on() {
    let server = Scripted::start(|_, _| Act::Late(Duration::from_millis(10)));
    let file = File::new("ended");
    let live = signed_in(&server, "CacheTTL=0");
    let (path, connection) = (file.0.to_str().expect("UTF-8"), by_token(&server, ""));
    let tables = [
        "Messages",
        "MailFolders",
        "Files",
        "Contacts",
        "TodoTasks",
        "TodoLists",
    ];
    let arguments = [
        ["sync", path, "--connection", &connection].as_slice(),
        &tables,
    ]
    .concat();
    let mut codes = Vec::new();
    for (signal, after) in [
        ("-KILL", 120),
        ("-INT", 250),
        ("-KILL", 350),
        ("-INT", 450),
        ("-KILL", 550),
    ] {
        let mut child = command::command(&arguments)
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_millis(after));
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(
            sent.is_ok_and(|status| status.success()),
            "it was done already"
        );
        codes.push(child.wait().expect("ended").code());
        if !file.0.exists() {
            continue;
        }
        // Whatever is there is whole.
        let copied = file.open();
        let check: String = one(&copied, "PRAGMA integrity_check");
        assert_eq!(check, "ok");
        for name in tables {
            let there = format!("SELECT count(*) FROM sqlite_schema WHERE name = '{name}'");
            if one::<i64>(&copied, &there) == 1 {
                let count: i64 = one(&copied, &format!("SELECT count(*) FROM {name}"));
                let all: i64 = one(
                    &live,
                    &format!("SELECT count(*) FROM {name} {}", copied_part(table(name))),
                );
                assert!(count == 0 || count == all, "{name}: {count} of {all}");
            }
        }
    }
    assert_eq!(codes, [None, Some(130), None, Some(130), None]);
    let whole = command::run(&arguments);
    assert_eq!(whole.code, Some(0), "{}", whole.err);
    agree(&file, &live, &tables);
}
