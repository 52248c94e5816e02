//! One list of checks in every kind of host, and the table of how they went.
//!
//! Each host runs the same checks in a language of its own (`matrix/`) and prints them in one spelling, so
//! that what is expected is written once, here. Where a host can do a thing only in another way, or not at
//! all, `Host::differs` says so and the table has a note. `tests/hosts/run.sh` prints the table.

mod place;
mod printed;
mod programs;
mod sql;

use crate::host::{NEWEST, OLDEST, PYSQLITE3, REFERENCE};
use place::Place;
use printed::Printed;
use programs::{better_sqlite3, in_package, jdbc, pyodbc, python};
use sql::{isql, shell};

/// The checks: what a host prints under this name, and what that has to be.
const CHECKS: [(&str, &str); 9] = [
    ("tables", EVERY_TABLE),
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

/// Stands for the names of all tables and of the local one.
const EVERY_TABLE: &str = "every table";

/// What a check has to print.
fn spelled(expected: &str) -> String {
    if expected != EVERY_TABLE {
        return expected.to_owned();
    }
    let mut names: Vec<&str> = office365::catalog::ALL
        .iter()
        .map(|table| table.name)
        .chain(["team"])
        .collect();
    names.sort_unstable();
    format!("{}\n", names.join(" | "))
}

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
            let expected = spelled(other.map_or(expected, |&(_, expected, _)| expected));
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
            .filter(|row| column == 0 || row.len() > 2)
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
