//! What is refused, what fails in part, and what there is nothing to do for.

use crate::reading::Folder;
use crate::{export, exported};

#[test]
fn wrong_arguments_are_told_with_what_to_do() {
    let folder = Folder::new("wrong");
    for (arguments, why) in [
        (
            &["Nonsense", "--format", "csv"][..],
            "there is no table Nonsense",
        ),
        (
            &["ScheduleAvailability", "--format", "csv"],
            "cannot be exported whole: it needs addresses",
        ),
        (
            &["Users", "--format", "xlsx"],
            "use one of parquet, csv, jsonl",
        ),
        (&["Users"], "--format"),
        (
            &["Users", "--format", "csv", "--name", "people"],
            "--name is for a statement",
        ),
        (
            &["SELECT 1", "Users", "--format", "csv"],
            "a statement stands alone",
        ),
        (
            &["SELECT 1", "--format", "csv", "--name", "../x"],
            "names no folder",
        ),
        (
            &["SELECT 1", "--format", "csv", "--name", "_x"],
            "names no folder",
        ),
        (&["SELECT 1; SELECT 2", "--format", "csv"], "two statements"),
        (
            &["SELECT nonsense FROM Users", "--format", "csv"],
            "no such column: nonsense",
        ),
        (
            &["SELECT id, id FROM Users", "--format", "csv"],
            "two columns are called id",
        ),
        (
            &["SELECT :user AS u", "--format", "csv"],
            "nothing is known for the parameter :user",
        ),
        (
            &["DELETE FROM Users WHERE id = 'x'", "--format", "csv"],
            "changes something",
        ),
        (
            &["Users", "--format", "csv", "--shard", "5/4"],
            "5/4 is no share",
        ),
        (
            &["Users", "--format", "csv", "--partition-by", "nonsense"],
            "there is no such column",
        ),
        (
            &["MailFolders", "--format", "csv", "--partition-by", "month"],
            "there is no such column, nor an instant",
        ),
        (
            &["Users", "--format", "csv", "--partition-by", "month(id)"],
            "id is no instant",
        ),
        (
            &["SELECT 1 AS a", "--format", "csv", "--partition-by", "a"],
            "nothing is left for the files",
        ),
    ] {
        let run = export(&folder, arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.err);
        assert!(run.err.contains(why), "{arguments:?}: {}", run.err);
        assert_eq!(run.out, "");
    }
    assert!(!folder.0.exists(), "nothing is made where nothing is done");
}

#[test]
fn other_arguments_do_not_mix() {
    let folder = Folder::new("mixed");
    exported(&folder, &["Users", "--format", "csv"]);
    exported(&folder, &["SELECT 1 AS n", "--format", "csv"]);
    for (arguments, why) in [
        (
            &["Users", "--format", "parquet"][..],
            "Users was exported with other arguments: the format csv",
        ),
        (
            &["Users", "--format", "csv", "--partition-by", "year"],
            "--partition-by nothing",
        ),
        (
            &["SELECT 2 AS n", "--format", "csv"],
            "query was exported with other arguments: another statement",
        ),
        (
            &["SELECT 1 AS n", "--format", "csv", "--name", "Users"],
            "a table of this name",
        ),
    ] {
        let run = export(&folder, arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.err);
        assert!(run.err.contains(why), "{arguments:?}: {}", run.err);
    }
    // Other tables may come into the same folder, in another format as well.
    exported(&folder, &["Groups", "--format", "parquet"]);
    assert_eq!(folder.rows("Users").len(), 60);
}

#[test]
fn what_is_finished_is_not_read_again_until_asked() {
    let folder = Folder::new("again");
    let arguments = ["Users", "MailFolders", "--format", "csv"];
    exported(&folder, &arguments);
    let (users, folders) = (folder.rows("Users"), folder.rows("MailFolders"));
    let run = exported(&folder, &arguments);
    assert!(
        run.err
            .starts_with("office365: nothing to do: 2 of 2 tables of mailboxes are in "),
        "{}",
        run.err
    );
    std::fs::remove_file(&folder.files("Users")[0]).expect("there");
    exported(&folder, &arguments);
    assert_eq!(
        folder.files("Users").len(),
        0,
        "what is finished is not looked at"
    );
    let run = exported(&folder, &[&arguments[..], &["--again"]].concat());
    assert!(run.err.contains("2 files, "), "{}", run.err);
    assert_eq!(
        (folder.rows("Users"), folder.rows("MailFolders")),
        (users, folders)
    );
    let run = exported(&folder, &[&arguments[..], &["-q"]].concat());
    assert_eq!(run.err, "");
}

#[test]
fn mailboxes_that_fail_do_not_stop_the_others() {
    let folder = Folder::new("failing");
    let users = "SELECT 'adele@contoso.com' UNION ALL SELECT 'nobody@contoso.com' UNION ALL SELECT 'alex@contoso.com'";
    let arguments = ["MailFolders", "--format", "csv", "--users", users];
    for already in [0, 2] {
        let run = export(&folder, &arguments);
        assert_eq!(run.code, Some(6), "{}", run.err);
        assert!(run.err.contains("ErrorInvalidUser"), "{}", run.err);
        assert!(
            run.err.contains("1 failed: run again for them"),
            "{}",
            run.err
        );
        assert_eq!(
            run.err.contains("; 2 were there already"),
            already == 2,
            "{}",
            run.err
        );
    }
    let mut owners: Vec<String> = folder
        .rows("MailFolders")
        .into_iter()
        .map(|row| row["UserId"].clone())
        .collect();
    owners.dedup();
    owners.sort();
    owners.dedup();
    assert_eq!(owners, ["adele@contoso.com", "alex@contoso.com"]);
}

/// A procedure in a statement would change the tenant; an export reads.
#[test]
fn nothing_is_written_to_the_tenant() {
    let folder = Folder::new("reads");
    let sql = "SELECT MoveMail(id, 'archive') AS moved FROM Messages LIMIT 1";
    let run = export(
        &folder,
        &[sql, "--format", "csv", "--connection", "Readonly=false"],
    );
    assert_eq!(run.code, Some(6), "{}", run.err);
    assert!(run.err.contains("read-only"), "{}", run.err);
}
