//! The library behind ODBC: unixODBC's `isql` and Debian's SQLite driver, as office programs use them.

use crate::host::{Finished, command, folder, library_text, missing, program, run_with_input};

/// Statements, one a line, with the connection in the environment: an ODBC string can load a library by
/// path only, so it can neither name an entry point nor connect.
fn isql(lines: &str) -> Option<Finished> {
    let isql = program("isql")?;
    let drivers = std::fs::read_to_string("/etc/odbcinst.ini").unwrap_or_default();
    if !drivers.contains("[SQLite3]") {
        missing("the ODBC driver SQLite3 (libsqliteodbc)");
        return None;
    }
    let source = format!(
        "Driver=SQLite3;Database=:memory:;LoadExt={}",
        library_text()
    );
    let mut command = command(&isql);
    command
        // isql 2.3.11 crashes without a home, whatever it loads.
        .env("HOME", folder("odbc"))
        .env("OFFICE365_CONNECTION", "Demo=true")
        .env("OFFICE365_READONLY", "1")
        .args(["-v", "-b", "-d|", "-k", &source]);
    Some(run_with_input(&mut command, lines))
}

#[test]
fn rows_with_a_timestamp_of_odbc() {
    let Some(finished) = isql(
        "SELECT displayName, accountEnabled, createdDateTime, faxNumber FROM Users \
         WHERE createdDateTime < {ts '2024-12-02 00:00:00'} ORDER BY createdDateTime\n",
    ) else {
        return;
    };
    assert_eq!(
        finished.output(),
        "Adele Vance|1|2024-12-01 04:38:37.123|\nAlex Wilber|1|2024-12-01 23:16:36|\n"
    );
}

#[test]
fn the_environment_takes_the_connection_away_from_statements() {
    let Some(finished) = isql("SELECT o365_connect('Demo=true')\nSELECT count(*) FROM Users\n")
    else {
        return;
    };
    let all = format!("{}{}", finished.stdout, finished.stderr);
    assert!(
        all.contains("no such function: o365_connect"),
        "{finished:#?}"
    );
    assert!(finished.stdout.ends_with("60\n"), "{finished:#?}");
}
