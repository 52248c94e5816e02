//! `office365 catalog`: a file that makes tools list the tables.

mod command;

use command::{Run, Scratch, command, finished, run};

fn catalog(file: &Scratch, config: &str, further: &[&str]) -> Run {
    let mut arguments = vec!["catalog", file.path()];
    arguments.extend(further);
    let mut command = command(&arguments);
    command.env("OFFICE365_CONFIG", config);
    finished(command.output().expect("starts"))
}

fn sql(file: &Scratch, sql: &str) -> String {
    let run = run(&[
        "--demo",
        "-o",
        "list",
        "--no-header",
        "--db",
        file.path(),
        sql,
    ]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    run.out
}

#[test]
fn the_tables_stand_in_the_file_and_answer() {
    let file = Scratch::absent("catalog.db");
    let listed = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'";
    let made = catalog(&file, "none.toml", &[]);
    assert_eq!(
        (made.code, made.out.as_str()),
        (Some(0), ""),
        "{}",
        made.err
    );
    assert!(made.err.contains("tables are listed in"), "{}", made.err);
    let tables = sql(
        &file,
        "SELECT count(*) FROM sys_tables WHERE TableType = 'TABLE'",
    );
    assert_eq!(sql(&file, listed), tables);
    let question = "SELECT count(*) FROM Messages m JOIN MailFolders f ON f.id = m.parentFolderId WHERE m.isRead = 0";
    assert_eq!(
        sql(&file, question),
        run(&["--demo", "-o", "list", "--no-header", question]).out
    );
    assert_eq!(
        sql(&file, "SELECT count(*) > 0 FROM UsersWithoutLicenses"),
        "1\n"
    );
    // Keys are told where SQLite keeps a text: tools cannot be told in any other way.
    let text = sql(
        &file,
        "SELECT sql FROM sqlite_schema WHERE name = 'GroupMembers'",
    );
    assert!(text.contains("Key: GroupId, id."), "{text}");
    assert!(text.contains("GroupId is Groups.id."), "{text}");
}

#[test]
fn what_else_is_in_the_file_stays() {
    let file = Scratch::absent("catalog-twice.db");
    sql(&file, "CREATE TABLE mine(a); INSERT INTO mine VALUES (7)");
    for _ in 0..2 {
        assert_eq!(catalog(&file, "none.toml", &[]).code, Some(0));
    }
    assert_eq!(sql(&file, "SELECT a FROM mine"), "7\n");
    let other = Scratch::absent("catalog-other.db");
    sql(&other, "CREATE TABLE users(a)");
    let refused = catalog(&other, "none.toml", &[]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.err.contains("something else named Users"),
        "{}",
        refused.err
    );
    assert_eq!(
        sql(&other, "SELECT group_concat(name) FROM sqlite_schema"),
        "users\n"
    );
}

#[test]
fn a_profile_stands_in_the_file_and_nothing_that_it_holds() {
    let file = Scratch::absent("catalog-profile.db");
    let config = Scratch::new("catalog.toml", "");
    let unknown = catalog(&file, config.path(), &["--profile", "work"]);
    assert_eq!(unknown.code, Some(2), "{}", unknown.err);
    assert!(!std::path::Path::new(file.path()).exists());
    let text = "[profile.work]\nDemo = \"true\"\nOAuthClientSecret = \"hush-hush\"\n";
    std::fs::write(config.path(), text).expect("written");
    assert_eq!(
        catalog(&file, config.path(), &["--profile", "work"]).code,
        Some(0)
    );
    let bytes = std::fs::read(file.path()).expect("a file");
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("Profile='work'"), "the profile is not named");
    assert!(!text.contains("hush"), "the secret is in the file");
    let mut reader = command(&[
        "-o",
        "list",
        "--no-header",
        "--db",
        file.path(),
        "SELECT count(*) FROM Users",
    ]);
    reader.env("OFFICE365_CONFIG", config.path());
    assert_eq!(finished(reader.output().expect("starts")).out, "60\n");
}

/// Without the library the file is a file: the rest of it can be used, and only our tables say what is missing.
#[test]
fn without_the_library_the_file_is_harmless() {
    const SHELL: &str = "/usr/bin/sqlite3";
    if !std::path::Path::new(SHELL).exists() {
        eprintln!("not tested: no {SHELL}");
        return;
    }
    let file = Scratch::absent("catalog-plain.db");
    sql(&file, "CREATE TABLE mine(a); INSERT INTO mine VALUES (7)");
    assert_eq!(catalog(&file, "none.toml", &[]).code, Some(0));
    let plain = |sql: &str| {
        let output = std::process::Command::new(SHELL)
            .args([file.path(), sql])
            .output()
            .expect("starts");
        finished(output)
    };
    let run = plain(
        "PRAGMA quick_check; SELECT a FROM mine; VACUUM; SELECT count(*) > 70 FROM sqlite_schema",
    );
    assert_eq!(
        (run.out.as_str(), run.code),
        ("ok\n7\n1\n", Some(0)),
        "{}",
        run.err
    );
    let run = plain("SELECT * FROM Messages");
    assert!(run.err.contains("no such module: Messages"), "{}", run.err);
}
