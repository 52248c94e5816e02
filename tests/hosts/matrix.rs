//! One list of checks in every kind of host, and the table of how they went.
//!
//! Each host runs the same checks in a language of its own (`matrix/`) and prints them in one spelling, so
//! that what is expected is written once, here. Where a host can do a thing only in another way, or not at
//! all, `Host::differs` says so and the table has a note. `tests/hosts/run.sh` prints the table.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use office365::demo::DELEGATED_TOKEN;
use office365::demo::server::{Server, ServerOptions};

use crate::host::{
    Finished, NEWEST, OLDEST, PYSQLITE3, PYTHON, Python, REFERENCE, command, finish, folder, java,
    library_text, node, odbc_driver, package, program, run, run_with_input,
};
use crate::interrupts::{control_c, silent_server, with_token};

/// The checks: what a host prints under this name, and what that has to be.
const CHECKS: [(&str, &str); 9] = [
    ("tables", "Messages | Users | team\n"),
    ("columns", "text | boolean | timestamp | blob\n"),
    (
        "values",
        "Fwd: RE: AW: status 20 | 0 | 2024-12-01 12:54:11 | \
         41c2f5a16d30941741c2f5a16d30941741c2f5a16d30 | NULL\n",
    ),
    ("parameters", "52 | 0\nAdele Vance | O'Brien\n"),
    ("instants", "26\n34\n"),
    (
        "join",
        "lead | Adele Vance\nopen | NULL\ntester | Megan Bowen\n",
    ),
    ("commit", "0\n1\n"),
    (
        "failure",
        "CalendarView: recurring events are expanded, which needs a time range. Add start_dateTime >= \
         '2026-01-01' AND start_dateTime < '2026-02-01' to WHERE (recurring events without expansion are \
         in Events)\n",
    ),
    ("cancel", "interrupted | soon\n60\n"),
];

/// What the check of values selects in the hosts that are given SQL: a text, a boolean, a timestamp, bytes
/// and a NULL.
const FIRST: &str = "subject, isRead, receivedDateTime, lower(hex(conversationIndex)), \
     flag_completedDateTime_dateTime FROM Messages ORDER BY receivedDateTime LIMIT 1";

const COLUMNS: [&str; 4] = ["subject", "isRead", "receivedDateTime", "conversationIndex"];

const JOIN: &str = "SELECT t.role, u.displayName FROM team t \
     LEFT JOIN Users u ON u.userPrincipalName = t.upn ORDER BY t.role";

const COUNT: &str = "SELECT count(*) FROM Messages WHERE subject = 'from a host'";
const INSERT: &str = "INSERT INTO Messages(subject) VALUES ('from a host')";
const DEMO: &str = "Demo=true;Readonly=false";

/// A host, and how it runs all checks in a folder of its own; `None` if it is not on this machine.
struct Host {
    name: &'static str,
    run: fn(&Place) -> Option<Printed>,
    /// The checks that go another way here: what is expected instead (nothing: it cannot be asked), and why.
    differs: &'static [(&'static str, &'static str, &'static str)],
}

const HOSTS: [Host; 11] = [
    Host::plain("sqlite3 shell", shell),
    Host::plain("Python sqlite3", |place| python(place, REFERENCE)),
    Host::plain("Python sqlite3, oldest SQLite", |place| {
        python(place, OLDEST)
    }),
    Host::plain("Python pysqlite3", |place| python(place, PYSQLITE3)),
    Host::plain("Python apsw", |place| python(place, NEWEST)),
    Host::plain("pandas", |place| {
        in_package(place, "pandas", "pandas-3.1.1")
    }),
    Host::plain("SQLAlchemy", |place| {
        in_package(place, "sqlalchemy", "sqlalchemy-2.1.9")
    }),
    Host {
        name: "ODBC: isql",
        run: isql,
        differs: &[
            (
                "parameters",
                "",
                "isql binds none (but has {ts '…'}); pyodbc does through the same driver",
            ),
            (
                "cancel",
                "",
                "Ctrl-C ends isql itself; pyodbc cancels through the same driver",
            ),
        ],
    },
    Host::plain("ODBC: pyodbc", pyodbc),
    Host::plain("JDBC: xerial", jdbc),
    Host {
        name: "Node better-sqlite3",
        run: better_sqlite3,
        differs: &[(
            "cancel",
            "stopped | soon\n60\n",
            "nothing can interrupt a call of better-sqlite3; a scan ends with its loop",
        )],
    },
];

impl Host {
    const fn plain(name: &'static str, run: fn(&Place) -> Option<Printed>) -> Host {
        Host {
            name,
            run,
            differs: &[],
        }
    }

    /// How each check went, in their order, and what went wrong.
    fn went(&self, printed: &Printed) -> (Vec<&'static str>, String) {
        let mut marks = Vec::new();
        let mut wrong = String::new();
        for (check, expected) in CHECKS {
            let other = self.differs.iter().find(|(name, ..)| *name == check);
            let expected = other.map_or(expected, |&(_, expected, _)| expected);
            let got = printed.section(check);
            // Some hosts put words of their own around an error's sentence.
            let holds = match check {
                "failure" => got.contains(expected.trim_end()),
                _ => got == expected,
            };
            marks.push(match (holds, other.is_some(), expected.is_empty()) {
                (false, ..) => "FAILED",
                (true, false, _) => "ok",
                (true, true, false) => "ok *",
                (true, true, true) => "- *",
            });
            if !holds {
                wrong += &format!(
                    "{}: {check}\n  expected {expected:?}\n  got      {got:?}\n",
                    self.name
                );
            }
        }
        if !wrong.is_empty() {
            wrong += &printed.stderr;
        }
        (marks, wrong)
    }
}

/// Where a host works: a folder, and a file with tables in it.
struct Place {
    folder: PathBuf,
    file: String,
}

impl Place {
    fn new(host: &str) -> Place {
        let folder = folder("matrix").join(host.replace([':', ',', ' '], "-"));
        std::fs::create_dir_all(&folder).expect("a folder under target/tmp");
        let file = folder.join("catalog.db");
        let _ = std::fs::remove_file(&file);
        write_catalog(&file);
        Place {
            file: file.to_str().expect("a path in UTF-8").to_owned(),
            folder,
        }
    }
}

/// A file in which tools find the tables that they list, beside a local one.
fn write_catalog(file: &Path) {
    let tables = "CREATE VIRTUAL TABLE Users USING Users;
        CREATE VIRTUAL TABLE Messages USING Messages;
        CREATE TABLE team(upn TEXT, role TEXT);
        INSERT INTO team VALUES ('adele@contoso.com', 'lead'), ('megan@contoso.com', 'tester'),
            ('nobody@contoso.com', 'open');";
    run(command(Path::new(env!("CARGO_BIN_EXE_office365")))
        .args(["--demo", "--write", "--db"])
        .arg(file)
        .arg(tables))
    .output();
}

/// What a host printed: `[check]`, and lines under it.
struct Printed {
    sections: BTreeMap<String, String>,
    stderr: String,
}

impl Printed {
    fn new(stdout: &str, stderr: &str) -> Printed {
        let mut sections: BTreeMap<String, String> = BTreeMap::new();
        let mut current = None;
        for line in stdout.lines() {
            match line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'))
            {
                Some(name) => current = Some(name.to_owned()),
                None => {
                    let name = current.clone().unwrap_or_default();
                    *sections.entry(name).or_default() += &format!("{line}\n");
                }
            }
        }
        Printed {
            sections,
            stderr: stderr.to_owned(),
        }
    }

    fn section(&self, name: &str) -> &str {
        self.sections.get(name).map_or("", String::as_str)
    }

    fn set(&mut self, name: &str, text: String) {
        self.sections.insert(name.to_owned(), text);
    }
}

#[test]
fn every_host_does_the_same() {
    let results: Vec<Option<Printed>> = std::thread::scope(|scope| {
        let running: Vec<_> = HOSTS
            .iter()
            .map(|host| scope.spawn(|| (host.run)(&Place::new(host.name))))
            .collect();
        running
            .into_iter()
            .map(|host| host.join().expect("a host that is there is asked"))
            .collect()
    });
    let mut rows = vec![heading()];
    let mut notes = String::new();
    let mut wrong = String::new();
    for (host, printed) in HOSTS.iter().zip(&results) {
        let Some(printed) = printed else {
            rows.push(vec![host.name, "not on this machine"]);
            continue;
        };
        let (marks, differences) = host.went(printed);
        wrong += &differences;
        let version = printed.section("version").trim_end();
        rows.push([vec![host.name, version], marks].concat());
        for (check, _, why) in host.differs {
            notes += &format!("* {}, {check}: {why}\n", host.name);
        }
    }
    let table = format!("{}\n{notes}", aligned(&rows));
    println!("{table}");
    if let Some(path) = std::env::var_os("OFFICE365_HOSTS_TABLE") {
        std::fs::write(path, &table).expect("the table can be written");
    }
    assert!(wrong.is_empty(), "\n{table}\n{wrong}");
}

fn heading() -> Vec<&'static str> {
    let checks = CHECKS.iter().map(|(check, _)| *check);
    ["host", "SQLite"].into_iter().chain(checks).collect()
}

fn aligned(rows: &[Vec<&str>]) -> String {
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter(|row| row.len() > 2)
            .filter_map(|row| row.get(column));
        cells.map(|cell| cell.len()).max().unwrap_or(0)
    };
    let lines = rows.iter().map(|row| {
        let cells = row
            .iter()
            .enumerate()
            .map(|(n, cell)| format!("{cell:<0$}", width(n)));
        let line: Vec<String> = cells.collect();
        format!("{}\n", line.join("  ").trim_end())
    });
    lines.collect()
}

/// The part of `matrix/` that a host reads.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/hosts/matrix")
        .join(name)
}

/// Runs a host to its end; it is told to cancel when its request has reached a service that never answers.
fn told_to_cancel(host: &mut Command) -> Option<Printed> {
    let (address, requests) = silent_server();
    host.arg(with_token(&address)).stdin(Stdio::piped());
    let mut child = host.spawn().expect("the host starts");
    if asked(&mut child, &requests) {
        let mut input = child.stdin.take().expect("a pipe");
        // A host that has died meanwhile fails the check, not the test of all the others.
        let _ = input.write_all(b"now\n");
    }
    let Finished { stdout, stderr, .. } = finish(child);
    Some(Printed::new(&stdout, &stderr))
}

/// True when the host's request has arrived; false when it has ended, or was to be ended, before.
fn asked(child: &mut Child, requests: &Receiver<String>) -> bool {
    let started = Instant::now();
    while requests.try_recv().is_err() {
        let ended = child.try_wait().expect("a child can be asked").is_some();
        if ended || started.elapsed() > Duration::from_secs(60) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

fn python(place: &Place, host: Python) -> Option<Printed> {
    host.present().then_some(())?;
    let mut command = host.python();
    command
        .arg(script("host.py"))
        .args([host.driver, &library_text(), &place.file]);
    told_to_cancel(&mut command)
}

/// A package in Debian's Python.
fn in_package(place: &Place, driver: &str, name: &str) -> Option<Printed> {
    let mut host = command(Path::new(PYTHON));
    host.env("PYTHONPATH", package(name)?)
        .env("ODBCINI", place.folder.join("odbc.ini"))
        .arg("-B")
        .arg(script("host.py"))
        .args([driver, &library_text(), &place.file]);
    told_to_cancel(&mut host)
}

fn pyodbc(place: &Place) -> Option<Printed> {
    data_source(place)?;
    in_package(place, "pyodbc", "pyodbc-5.2.0")
}

/// The data source `office365`: the library is named in `odbc.ini` alone, as office programs need it.
fn data_source(place: &Place) -> Option<()> {
    odbc_driver().then_some(())?;
    let source = format!(
        "[office365]\nDriver=SQLite3\nDatabase={}\nLoadExt={}\nStepAPI=Yes\n",
        place.file,
        library_text()
    );
    std::fs::write(place.folder.join("odbc.ini"), source).expect("a file under target/tmp");
    Some(())
}

/// Its own commands list tables and columns; statements are lines.
fn isql(place: &Place) -> Option<Printed> {
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
         SELECT '[values]'\nSELECT {FIRST}\n\
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
    // ||Users|TABLE|
    let mut tables: Vec<&str> = printed
        .section("tables")
        .lines()
        .filter_map(|line| line.split('|').nth(2))
        .collect();
    tables.sort_unstable();
    let tables = format!("{}\n", tables.join(" | "));
    // ||Messages|subject|-1|TEXT|…
    let columns = printed.section("columns").lines();
    let types: Vec<String> = columns
        .filter_map(
            |line| match line.split('|').skip(3).collect::<Vec<_>>()[..] {
                [name, _, declared, ..] if COLUMNS.contains(&name) => {
                    declared.split('(').next().map(str::to_lowercase)
                }
                _ => None,
            },
        )
        .collect();
    // Messages declares them in this order: text, timestamp, boolean, blob.
    let types = match &types[..] {
        [subject, received, read, index] => {
            format!("{subject} | {read} | {received} | {index}\n")
        }
        other => format!("{other:?}\n"),
    };
    printed.set("tables", tables);
    printed.set("columns", types);
    for check in ["values", "join"] {
        // isql shows NULL as nothing.
        let rows = printed.section(check).lines().map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            let cells = cells.iter().map(|cell| match cell.is_empty() {
                true => "NULL",
                false => cell,
            });
            format!("{}\n", cells.collect::<Vec<_>>().join(" | "))
        });
        let rows = rows.collect();
        printed.set(check, rows);
    }
}

/// A script for all checks but one, and a person at the prompt who presses Ctrl-C.
fn shell(place: &Place) -> Option<Printed> {
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
         .print [columns]\nSELECT {};\n.print [values]\nSELECT {FIRST};\n.print [parameters]\n\
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

/// Java in a time zone that is not ours: an instant must not depend on it.
fn jdbc(place: &Place) -> Option<Printed> {
    let mut host = java("Asia/Tokyo")?;
    host.arg(script("Host.java"))
        .args([&library_text(), &place.file]);
    told_to_cancel(&mut host)
}

/// Pages of ten, and each answer a while: to read the whole mailbox takes 12 s at least.
fn better_sqlite3(place: &Place) -> Option<Printed> {
    let mut host = node()?;
    let server = Server::start(ServerOptions {
        latency_ms: 100,
        ..ServerOptions::default()
    })
    .expect("a free port");
    let slow = format!(
        "GraphUrl={};OAuthAccessToken={DELEGATED_TOKEN};InitiateOAuth=OFF;Pagesize=10",
        server.url()
    );
    host.arg(script("host.js"))
        .args([&library_text(), &place.file, &slow]);
    let finished = run(&mut host);
    let mut printed = Printed::new(&finished.stdout, &finished.stderr);
    let requests = server.requests().len();
    // The one that was read, and those asked for ahead.
    if requests > 10 {
        printed.set("cancel", format!("{requests} requests\n"));
    }
    Some(printed)
}
