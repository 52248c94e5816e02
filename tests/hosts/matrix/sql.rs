//! The hosts that read statements and nothing else: the sqlite3 shell and isql.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::place::Place;
use super::printed::Printed;
use super::programs::{asked, data_source};
use crate::host::{command, finish, library_text, program, run_with_input};
use crate::interrupts::{control_c, silent_server, with_token};

/// The end of the statement whose values are checked; bytes are shown by each host in its own way.
const FIRST: &str =
    "flag_completedDateTime_dateTime FROM Messages ORDER BY receivedDateTime LIMIT 1";

const COLUMNS: [&str; 4] = ["subject", "isRead", "receivedDateTime", "conversationIndex"];

const JOIN: &str = "SELECT t.role, u.displayName FROM team t \
     LEFT JOIN Users u ON u.userPrincipalName = t.upn ORDER BY t.role";

const COUNT: &str = "SELECT count(*) FROM Messages WHERE subject = 'from a host'";
const INSERT: &str = "INSERT INTO Messages(subject) VALUES ('from a host')";
const DEMO: &str = "Demo=true;Readonly=false";

/// Its own commands list tables and columns; statements are lines.
pub fn isql(place: &Place) -> Option<Printed> {
    data_source(place)?;
    let isql = program("isql")?;
    let mut host = command(&isql);
    host.env("HOME", &place.folder)
        .env("ODBCINI", place.folder.join("odbc.ini"))
        .env("OFFICE365_CONNECTION", DEMO)
        .args(["-v", "-b", "-d|", "office365"]);
    let since = |operator: &str| {
        format!(
            "SELECT count(*) FROM Users WHERE createdDateTime {operator} {{ts '2025-06-01 12:00:00'}}"
        )
    };
    let lines = format!(
        "SELECT '[version]'\nSELECT sqlite_version()\n\
         SELECT '[tables]'\nhelp\nSELECT '[columns]'\nhelp Messages\n\
         SELECT '[values]'\n\
         SELECT subject, isRead, receivedDateTime, conversationIndex, {FIRST}\n\
         SELECT '[instants]'\n{}\n{}\nSELECT '[join]'\n{JOIN}\n\
         SELECT '[commit]'\nBEGIN\n{INSERT}\n{COUNT}\nCOMMIT\n{COUNT}\n\
         SELECT '[failure]'\nSELECT subject FROM CalendarView\n",
        since(">="),
        since("<")
    );
    let finished = run_with_input(&mut host, &lines);
    let mut printed = Printed::new(&finished.stdout, &finished.stderr);
    isql_spelled(&mut printed);
    Some(printed)
}

/// What isql says in its own way, in the way of the others.
fn isql_spelled(printed: &mut Printed) {
    let tables = isql_tables(printed.section("tables"));
    printed.set("tables", tables);
    let columns = isql_columns(printed.section("columns"));
    printed.set("columns", columns);
    for check in ["values", "join"] {
        let rows = printed.section(check).lines().map(isql_row).collect();
        printed.set(check, rows);
    }
}

/// Lines such as `||Users|TABLE|`; views are listed, too.
fn isql_tables(help: &str) -> String {
    let mut names: Vec<&str> = help
        .lines()
        .filter(|line| line.split('|').nth(3) == Some("TABLE"))
        .filter_map(|line| line.split('|').nth(2))
        .collect();
    names.sort_unstable();
    format!("{}\n", names.join(" | "))
}

/// Lines such as `||Messages|subject|-1|TEXT|0|65536…`.
fn isql_columns(help: &str) -> String {
    let lines: Vec<Vec<&str>> = help.lines().map(|line| line.split('|').collect()).collect();
    let declared = COLUMNS.map(|name| {
        let line = lines.iter().find(|line| line.get(3) == Some(&name));
        let declared = line.and_then(|line| line.get(5)).unwrap_or(&"nothing");
        declared
            .split('(')
            .next()
            .unwrap_or_default()
            .to_lowercase()
    });
    format!("{}\n", declared.join(" | "))
}

/// isql shows NULL as nothing, and bytes as a literal: X'00FF'.
fn isql_row(line: &str) -> String {
    let cells: Vec<String> = line
        .split('|')
        .map(|cell| match cell.strip_prefix("X'") {
            None if cell.is_empty() => "NULL".to_owned(),
            None => cell.to_owned(),
            Some(hex) => hex.trim_end_matches('\'').to_lowercase(),
        })
        .collect();
    format!("{}\n", cells.join(" | "))
}

/// A script for all checks but one, and a person at the prompt who presses Ctrl-C.
pub fn shell(place: &Place) -> Option<Printed> {
    let shell = program("sqlite3")?;
    let finished = run_with_input(command(&shell).arg(&place.file), &shell_script());
    let mut printed = Printed::new(&finished.stdout, &finished.stderr);
    // The shell says errors on the other stream.
    let failure = printed.stderr.clone();
    printed.set("failure", failure);
    printed.set("cancel", shell_cancelled(&shell));
    Some(printed)
}

/// Without -interactive the shell leaves at the first Ctrl-C.
fn shell_cancelled(shell: &Path) -> String {
    let (address, requests) = silent_server();
    let mut host = command(shell);
    let mut child = host
        .args(["-interactive", ":memory:"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("the host starts");
    let mut input = child.stdin.take().expect("a pipe");
    let mut say = |text: String| input.write_all(text.as_bytes()).expect("the shell reads");
    say(format!(
        ".load {}\nSELECT o365_connect('{}') IS NULL;\nSELECT displayName FROM Users;\n",
        library_text(),
        with_token(&address)
    ));
    let asked = asked(&mut child, &requests);
    let since = Instant::now();
    if asked {
        control_c(&child);
    }
    say(format!(
        "SELECT o365_connect('{DEMO}') IS NULL;\nSELECT count(*) FROM Users;\n"
    ));
    drop(input);
    let finished = finish(child);
    let interrupted = match finished.stderr.contains("interrupted") {
        true => "interrupted",
        false => "not interrupted",
    };
    let soon = match asked && since.elapsed() < Duration::from_secs(2) {
        true => "soon",
        false => "late",
    };
    // Among the prompts and what was typed, the count has a line of its own.
    let count = finished.stdout.lines().find(|line| *line == "60");
    format!("{interrupted} | {soon}\n{}\n", count.unwrap_or("dead"))
}

fn shell_script() -> String {
    let since = |operator: &str| {
        format!("SELECT count(*) FROM Users WHERE createdDateTime {operator} :moment;")
    };
    let columns = COLUMNS.map(|name| {
        format!(
            "(SELECT lower(substr(type || '(', 1, instr(type || '(', '(') - 1)) \
             FROM pragma_table_xinfo('Messages') WHERE name = '{name}')"
        )
    });
    format!(
        ".mode list\n.separator \" | \"\n.nullvalue NULL\n.load {}\n\
         SELECT o365_connect('{DEMO}') IS NULL;\n\
         .print [version]\nSELECT sqlite_version();\n.print [tables]\n\
         SELECT group_concat(name, ' | ') FROM \
         (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name);\n\
         .print [columns]\nSELECT {};\n.print [values]\n\
         SELECT subject, isRead, receivedDateTime, lower(hex(conversationIndex)), {FIRST};\n.print [parameters]\n\
         .parameter set :yes 1\n.parameter set :name \"'O''Brien'\"\n\
         SELECT (SELECT count(*) FROM Users WHERE accountEnabled = :yes), \
         (SELECT count(*) FROM Users WHERE accountEnabled = :no);\n\
         SELECT displayName, :name FROM Users WHERE mail = 'adele@contoso.com';\n\
         .print [instants]\n.parameter set :moment \"'2025-06-01 14:00:00+02:00'\"\n{}\n{}\n\
         .print [join]\n{JOIN};\n\
         .print [commit]\nBEGIN;\n{INSERT};\n{COUNT};\nCOMMIT;\n{COUNT};\n\
         .print [failure]\nSELECT subject FROM CalendarView;\n",
        library_text(),
        columns.join(", "),
        since(">="),
        since("<")
    )
}
