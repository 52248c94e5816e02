//! Golden cases: for each statement the requests that were sent and the rows that came.
//!
//! A case in `tests/golden/*.golden` is a title (`==`), remarks (`#`), and statements; under each
//! statement stand the requests (`>`, host dropped, query decoded, with the rows of the answer), what
//! came from the cache (`=`), the rows (`|`) and the error (`!`). `UPDATE_GOLDEN=1` writes these
//! again; the review of the difference is the test. All statements of a case run on one connection
//! to the demo tenant, which starts with an empty cache.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use office365::sqlite::Access;
use office365::sqlite::host::open;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// More rows than this are counted instead of shown.
const SHOWN: usize = 6;

/// The cache belongs to the process, so one case runs at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

macro_rules! areas {
    ($($area:ident)*) => {$(
        #[test]
        fn $area() {
            check(stringify!($area));
        }
    )*};
}

areas! {
    users mail folders count order in_lists joins cache inputs search limits explain events
    calendarview files drives statements
}

#[test]
fn there_are_enough_cases() {
    let cases: usize = golden_files()
        .iter()
        .map(|file| parse(&read(file)).len())
        .sum();
    assert!(cases >= 80, "{cases} cases");
}

#[test]
fn every_file_is_tested() {
    let source = include_str!("golden.rs");
    for file in golden_files() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            source.contains(&format!(" {name} ")) || source.contains(&format!(" {name}\n")),
            "{name} is not in the list of areas"
        );
    }
}

fn golden_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("a file of cases")
}

/// Runs the cases of one file and compares, or writes what came.
fn check(area: &str) {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{area}.golden"));
    let golden = read(&file);
    let mut actual = String::new();
    let cases = parse(&golden);
    for (position, case) in cases.iter().enumerate() {
        if position > 0 {
            actual.push('\n');
        }
        actual.push_str(&run(case));
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, actual).expect("written");
    } else if actual != golden {
        panic!("{}", difference(&golden, &actual));
    }
}

/// The lines that differ, each with the case it stands in.
fn difference(golden: &str, actual: &str) -> String {
    let mut report = String::from("the golden file differs (UPDATE_GOLDEN=1 writes it again):\n");
    let case_of = |text: &str, title: &str| -> Vec<String> {
        let mut lines = text.lines().skip_while(|line| *line != title);
        let first = lines.next().map(str::to_owned);
        first
            .into_iter()
            .chain(
                lines
                    .take_while(|line| !line.starts_with("== "))
                    .map(str::to_owned),
            )
            .collect()
    };
    for title in actual.lines().filter(|line| line.starts_with("== ")) {
        let (old, new) = (case_of(golden, title), case_of(actual, title));
        if old == new {
            continue;
        }
        let _ = writeln!(report, "{title}");
        for line in old.iter().filter(|line| !new.contains(line)) {
            let _ = writeln!(report, "  - {line}");
        }
        for line in new.iter().filter(|line| !old.contains(line)) {
            let _ = writeln!(report, "  + {line}");
        }
    }
    report
}

/// A case: its title, and remarks and statements in their order.
struct Case {
    title: String,
    parts: Vec<Part>,
}

enum Part {
    Remark(String),
    Statement(String),
}

fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut statement = String::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            cases.push(Case {
                title: title.to_owned(),
                parts: Vec::new(),
            });
            continue;
        }
        let Some(case) = cases.last_mut() else {
            continue;
        };
        if line.starts_with('#') {
            case.parts.push(Part::Remark(line.to_owned()));
        } else if !line.is_empty() && !line.starts_with(['>', '=', '|', '!']) {
            statement.push_str(line);
            statement.push('\n');
            if line.ends_with(';') {
                case.parts
                    .push(Part::Statement(std::mem::take(&mut statement)));
            }
        }
    }
    assert!(statement.is_empty(), "no semicolon after {statement}");
    cases
}

fn run(case: &Case) -> String {
    let connection = open(None, Access::Full).expect("a connection");
    connection
        .execute_batch("SELECT o365_connect('Demo=true'), o365_cache_clear();")
        .expect("the demo tenant");
    let mut text = format!("== {}\n", case.title);
    // Requests that run side by side end in any order.
    let sorted = case
        .parts
        .iter()
        .any(|part| matches!(part, Part::Remark(remark) if remark.contains("side by side")));
    for part in &case.parts {
        match part {
            Part::Remark(remark) => {
                let _ = writeln!(text, "{remark}");
            }
            Part::Statement(sql) => {
                text.push_str(sql);
                text.push_str(&outcome(&connection, sql, sorted));
            }
        }
    }
    text
}

/// What a statement led to.
fn outcome(connection: &Connection, sql: &str, sorted: bool) -> String {
    let before: i64 = connection
        .query_row("SELECT ifnull(max(seq), 0) FROM o365_requests", [], |row| {
            row.get(0)
        })
        .expect("the log");
    let result = rows(connection, sql);
    let mut text = String::new();
    for line in requests(connection, before, sorted) {
        let _ = writeln!(text, "{line}");
    }
    match result {
        Ok(rows) => {
            for row in rows.iter().take(SHOWN) {
                let _ = writeln!(text, "| {row}");
            }
            if rows.len() > SHOWN {
                let _ = writeln!(text, "| … {} rows", rows.len());
            } else if rows.is_empty() {
                let _ = writeln!(text, "| no rows");
            }
        }
        Err(error) => {
            let _ = writeln!(text, "! {}", stable(&error));
        }
    }
    text
}

fn rows(connection: &Connection, sql: &str) -> Result<Vec<String>, String> {
    let mut statement = connection.prepare(sql).map_err(|error| error.to_string())?;
    let explains = sql.to_ascii_uppercase().starts_with("EXPLAIN QUERY PLAN");
    let columns = statement.column_count();
    let mut rows = statement.query([]).map_err(|error| error.to_string())?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next().map_err(|error| error.to_string())? {
        let cell = |column: usize| shown(row.get_ref(column).expect("a column"));
        lines.push(if explains {
            // The machine's part is not for readers.
            let detail = cell(3);
            detail.split(" || ").next().unwrap_or_default().to_owned()
        } else {
            (0..columns).map(cell).collect::<Vec<_>>().join(" | ")
        });
    }
    Ok(lines)
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(text) => stable(&String::from_utf8_lossy(text).replace('\n', "⏎")),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// The requests since `before`: `>` what was sent, `=` what the cache had.
fn requests(connection: &Connection, before: i64, sorted: bool) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT method, url, cache, rows, status FROM o365_requests WHERE seq > ?1 ORDER BY seq")
        .expect("the log");
    let mut lines: Vec<String> = statement
        .query_map([before], |row| {
            let (method, url): (String, String) = (row.get(0)?, row.get(1)?);
            let (cache, rows): (String, i64) = (row.get(2)?, row.get(3)?);
            let status: Option<u16> = row.get(4)?;
            let mark = if cache == "hit" { '=' } else { '>' };
            let outcome = match status {
                Some(status) if status >= 400 => format!("HTTP {status}"),
                _ => format!("{rows} rows"),
            };
            Ok(format!("{mark} {method} {} -> {outcome}", readable(&url)))
        })
        .expect("the log")
        .collect::<Result<_, _>>()
        .expect("the log");
    if sorted {
        lines.sort();
    }
    let mut counted: Vec<(String, usize)> = Vec::new();
    for line in lines {
        match counted.last_mut() {
            Some((last, times)) if *last == line => *times += 1,
            _ => counted.push((line, 1)),
        }
    }
    let text = |(line, times): (String, usize)| match times {
        1 => line,
        times => format!("{line}, {times} times"),
    };
    counted.into_iter().map(text).collect()
}

/// A URL without host and version, decoded, long ids shortened.
fn readable(url: &str) -> String {
    let path = url
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once("/v1.0/"))
        .map_or(url, |(_, path)| path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let options: Vec<String> = query
        .split('&')
        .filter(|option| !option.is_empty())
        .map(decoded)
        .collect();
    let text = match options.is_empty() {
        true => format!("/{path}"),
        false => format!("/{path} ? {}", options.join(" & ")),
    };
    stable(&text)
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// Ids and the numbers of requests, which say nothing, short and always the same.
fn stable(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '=' | '!') {
            word.push(letter);
            continue;
        }
        let is_guid = word.len() == 36 && word.matches('-').count() == 4;
        if is_guid && out.ends_with("request-id ") {
            out.push('…');
        } else if word.len() > 40 {
            let hash = word.bytes().fold(0xcbf2_9ce4_u32, |hash, byte| {
                (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
            });
            let _ = write!(out, "{}…{:04x}", &word[..4], hash & 0xffff);
        } else {
            out.push_str(&word);
        }
        word.clear();
        out.push(letter);
    }
    out.pop();
    out
}
