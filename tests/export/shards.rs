//! Shards: processes that share the mailboxes, into one folder at the same time.

use std::process::Stdio;

use crate::command::{command, finished};
use crate::reading::Folder;
use crate::{export, exported};

/// Mailboxes, named by their addresses.
const USERS: &str = "VALUES ('adele@contoso.com'), ('alex@contoso.com'), ('megan@contoso.com'), ('diego@contoso.com'),
  ('patrick.o''brien@contoso.com'), ('isaiah@contoso.com'), ('johanna@contoso.com'), ('lee@contoso.com'),
  ('lidia@contoso.com'), ('miriam@contoso.com')";
const WHAT: [&str; 3] = ["MailFolders", "Users", "Groups"];

#[test]
fn four_shards_at_once_have_what_one_run_has() {
    let (whole, shared) = (Folder::new("whole"), Folder::new("shared"));
    let arguments = [
        "--format",
        "parquet",
        "--users",
        USERS,
        "--partition-by",
        "UserId",
    ];
    exported(&whole, &[&WHAT, &arguments[..]].concat());
    let children: Vec<_> = (0..4)
        .map(|shard| {
            command(&[
                "export",
                "--demo",
                "--to",
                shared.text(),
                "--shard",
                &format!("{shard}/4"),
            ])
            .args(WHAT)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts")
        })
        .collect();
    let mut shares = Vec::new();
    for child in children {
        let run = finished(child.wait_with_output().expect("ends"));
        assert_eq!(run.code, Some(0), "{}", run.err);
        shares.push(
            run.err
                .lines()
                .filter(|line| line.contains("MailFolders of"))
                .count(),
        );
    }
    assert_eq!(shares.iter().sum::<usize>(), 10, "{shares:?}");
    assert!(
        shares.iter().filter(|share| **share > 0).count() > 1,
        "{shares:?}"
    );
    for name in WHAT {
        let rows = whole.rows(name);
        assert!(rows.len() > 50, "{name}");
        assert_eq!(shared.rows(name), rows, "{name}");
    }
}

/// Where a column of a statement has no type, all shards take the one that the first of them found.
#[test]
fn shards_agree_on_types() {
    let folder = Folder::new("agreed");
    // Each mailbox by itself would decide otherwise.
    let sql = "SELECT :mailbox AS who, iif(:mailbox = 'b', 1, 0.5) AS n";
    let users = "SELECT 'a' UNION ALL SELECT 'b' UNION ALL SELECT 'c' UNION ALL SELECT 'd'";
    for shard in ["0/2", "1/2"] {
        exported(
            &folder,
            &[
                sql, "--format", "parquet", "--users", users, "--shard", shard,
            ],
        );
    }
    let mut numbers: Vec<String> = folder
        .rows("query")
        .into_iter()
        .map(|row| row["n"].clone())
        .collect();
    numbers.sort();
    assert_eq!(numbers, ["0.5", "0.5", "0.5", "1.0"]);
}

#[test]
fn a_mailbox_that_is_named_twice_is_read_once() {
    let folder = Folder::new("twice");
    let users = "SELECT 'adele@contoso.com' UNION ALL SELECT 'Adele@Contoso.com'";
    let run = exported(
        &folder,
        &["MailFolders", "--format", "csv", "--users", users],
    );
    assert!(run.err.contains("office365: 1 files, "), "{}", run.err);
}

#[test]
fn a_share_may_be_empty() {
    let folder = Folder::new("shares");
    let mut empty = 0;
    for shard in ["0/3", "1/3", "2/3"] {
        let run = exported(
            &folder,
            &["MailFolders", "--format", "csv", "--shard", shard],
        );
        let nothing = format!("office365: nothing to do: none of it is in share {shard}\n");
        empty += usize::from(run.err == nothing);
    }
    assert_eq!((empty, folder.rows("MailFolders").len()), (2, 37));
}

#[test]
fn another_number_of_shards_is_another_export() {
    let folder = Folder::new("resharded");
    let arguments = ["MailFolders", "--format", "csv", "--users", USERS];
    exported(&folder, &[&arguments[..], &["--shard", "0/2"]].concat());
    let run = export(&folder, &[&arguments[..], &["--shard", "0/3"]].concat());
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(
        run.err
            .contains("MailFolders was exported with other arguments: 2 shards"),
        "{}",
        run.err
    );
}
