//! The library in Debian's `sqlite3` shell.

use std::path::Path;

use crate::host::{Finished, command, folder, library, library_text, program, run};

/// Statements and dot-commands as the shell's arguments, on a database in memory.
fn sqlite3(shell: &Path, lines: &[&str]) -> Finished {
    run(command(shell).arg("-bail").arg(":memory:").args(lines))
}

#[test]
fn loaded_by_file_name_and_by_entry_point() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    let library = library_text();
    // As people write it: without the ending.
    let stem = library.trim_end_matches(".so");
    for load in [
        format!(".load {library}"),
        format!(".load {stem}"),
        format!(".load {library} sqlite3_office_init"),
        format!(".load {library} sqlite3_extension_init"),
    ] {
        let finished = sqlite3(
            &shell,
            &[
                &load,
                "SELECT o365_version()",
                "SELECT o365_connect('Demo=true') IS NOT NULL",
                "SELECT count(*) FROM Users",
            ],
        );
        let expected = format!("{}\n1\n60\n", env!("CARGO_PKG_VERSION"));
        assert_eq!(finished.output(), expected, "{load}");
    }
}

#[test]
fn loaded_under_any_other_file_name() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    let copy = folder("renamed").join("7-zebra.so");
    std::fs::copy(library(), &copy).expect("a copy");
    let finished = sqlite3(
        &shell,
        &[
            &format!(".load {}", copy.display()),
            "SELECT o365_version()",
        ],
    );
    assert_eq!(finished.output(), concat!(env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn tables_only_by_entry_point_and_by_environment() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    let library = library_text();
    let questions = [
        "SELECT count(*) FROM pragma_module_list WHERE name = 'Messages'",
        "SELECT count(*) FROM pragma_function_list WHERE name = 'o365_connect'",
        "SELECT count(*) FROM Users",
    ];
    let by_entry = run(command(&shell)
        .env("OFFICE365_CONNECTION", "Demo=true")
        .args([
            ":memory:",
            &format!(".load {library} office365_readonly_init"),
        ])
        .args(questions));
    assert_eq!(by_entry.output(), "1\n0\n60\n");
    let by_environment = run(command(&shell)
        .env("OFFICE365_CONNECTION", "Demo=true")
        .env("OFFICE365_READONLY", "1")
        .args([":memory:", &format!(".load {library}")])
        .args(questions));
    assert_eq!(by_environment.output(), "1\n0\n60\n");
}

#[test]
fn the_first_statement_of_the_readme() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    let finished = sqlite3(
        &shell,
        &[
            &format!(".load {}", library_text()),
            "SELECT o365_connect('Demo=true') IS NOT NULL",
            "SELECT subject, from_emailAddress_address, receivedDateTime FROM Messages \
             WHERE isRead = 0 AND receivedDateTime >= '2026-01-01' \
             ORDER BY receivedDateTime DESC LIMIT 5",
            "SELECT '--'",
            "SELECT method, status, rows, url FROM o365_requests",
        ],
    );
    let (found, requests) = finished.output().split_once("--\n").expect("two parts");
    assert_eq!(found.lines().count(), 6, "{found}");
    let (request, url) = requests.trim_end().split_at("GET|200|5|".len());
    assert_eq!(request, "GET|200|5|");
    // One request, of at most five messages.
    assert!(url.ends_with("&$top=5") && !url.contains('\n'), "{url}");
}

#[test]
fn without_a_connection_it_says_what_to_do() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    let finished = sqlite3(
        &shell,
        &[
            &format!(".load {}", library_text()),
            "SELECT count(*) FROM Users",
        ],
    );
    assert_eq!(finished.status.code(), Some(1));
    assert_eq!(finished.stdout, "");
    for said in [
        "no connection to Microsoft 365 is set up",
        "o365_connect('Demo=true')",
    ] {
        assert!(finished.stderr.contains(said), "{}", finished.stderr);
    }
}

#[test]
fn a_file_with_our_tables_opens_without_us() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    let file = folder("shell").join("tables.db");
    let _ = std::fs::remove_file(&file);
    let load = format!(".load {}", library_text());
    let made = run(command(&shell).arg(&file).args([
        &load,
        "CREATE VIRTUAL TABLE people USING Users",
        "CREATE TABLE notes(upn, note)",
        "INSERT INTO notes VALUES ('adele@contoso.com', 'call back')",
        "SELECT o365_connect('Demo=true') IS NOT NULL",
        "SELECT note, displayName FROM notes JOIN people ON people.userPrincipalName = notes.upn",
    ]));
    assert_eq!(made.output(), "1\ncall back|Adele Vance\n");
    let bare = run(command(&shell)
        .arg(&file)
        .args(["SELECT note FROM notes", "PRAGMA quick_check"]));
    assert_eq!(bare.output(), "call back\nok\n");
    let used = run(command(&shell)
        .arg(&file)
        .arg("SELECT count(*) FROM people"));
    assert!(
        used.stderr.contains("no such module: Users"),
        "{}",
        used.stderr
    );
}
