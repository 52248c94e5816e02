//! The library behind ODBC: unixODBC's `isql` and Debian's SQLite driver, as office programs use them.

use std::path::Path;

use office365::demo::DELEGATED_TOKEN;
use office365::demo::server::{Server, ServerOptions};

use crate::host::{
    Finished, PYTHON, command, folder, library_text, odbc_driver, package, program, run,
    run_with_input,
};

/// Statements, one a line, with the connection in the environment: an ODBC string can load a library by
/// path only, so it can neither name an entry point nor connect.
fn isql(lines: &str) -> Option<Finished> {
    let isql = program("isql")?;
    odbc_driver().then_some(())?;
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

/// Without `StepAPI` the driver reads a whole result before it gives the first row; with it, and with
/// auto-commit, rows come as pages do (`docs/tools/odbc.md`).
#[test]
fn with_step_api_the_first_row_waits_for_the_first_page_alone() {
    if !odbc_driver() {
        return;
    }
    let Some(pyodbc) = package("pyodbc-5.2.0") else {
        return;
    };
    let server = Server::start(ServerOptions::default()).expect("a free port");
    let script = "import os, pyodbc, sys\n\
        source = 'Driver=SQLite3;Database=:memory:;StepAPI=' + sys.argv[2] + ';LoadExt=' + sys.argv[1]\n\
        db = pyodbc.connect(source, autocommit=True)\n\
        print(db.execute('SELECT subject FROM Messages').fetchone()[0] is not None)\n\
        sys.stdout.flush()\n\
        os._exit(0)\n";
    let asked = |step_api: &str| {
        server.clear_requests();
        let mut host = command(Path::new(PYTHON));
        host.env("PYTHONPATH", &pyodbc).env(
            "OFFICE365_CONNECTION",
            format!(
                "GraphUrl={};OAuthAccessToken={DELEGATED_TOKEN};InitiateOAuth=OFF;Pagesize=10",
                server.url()
            ),
        );
        let finished = run(host.args(["-c", script, &library_text(), step_api]));
        assert_eq!(finished.output(), "True\n");
        server.requests().len()
    };
    assert_eq!(asked("No"), 120, "1,200 messages by ten");
    let few = asked("Yes");
    assert!(few < 12, "{few} requests");
}
