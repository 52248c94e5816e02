//! Runs a statement on two sides, compares the answers, and makes a difference smaller.

use std::cell::Cell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::statement::{Comparison, Statement};
use crate::world::{Side, World, render};

/// The answer of one side: rows as text, or the error.
pub type Answer = Result<Vec<Vec<String>>, String>;

/// What came of a statement.
pub enum Outcome {
    /// The same answer, with so many rows.
    Same(usize),
    /// It took too long to be worth it.
    Skipped,
    /// Two answers, described.
    Different(String),
}

/// So long may one statement take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Compares one connection's answer with the native one's.
pub fn check(
    world: &World,
    statement: &Statement,
    graph: &Connection,
    native: &Connection,
) -> Outcome {
    let sql = statement.text();
    let expected = run(native, &render(&sql, world, Side::Native));
    if expected.as_ref().is_err_and(|error| error == "interrupted") {
        return Outcome::Skipped;
    }
    let got = run(graph, &render(&sql, world, Side::Graph));
    let (expected, got) = match (expected, got) {
        (_, Err(error)) if error == "interrupted" => return Outcome::Skipped,
        // Both refuse it: a row value or a collation that makes no statement.
        (Err(_), Err(_)) => return Outcome::Same(0),
        (Ok(expected), Ok(got)) => (expected, got),
        (expected, got) => return Outcome::Different(described(&expected, &got)),
    };
    let same = match statement.comparison {
        Comparison::Sequence => expected == got,
        Comparison::Rows => bag(&expected) == bag(&got),
        Comparison::Among(keys) => {
            let all = run(
                native,
                &render(&statement.unlimited().text(), world, Side::Native),
            );
            let all = all.unwrap_or_default();
            keys_of(&expected, keys) == keys_of(&got, keys) && is_among(&got, &all)
        }
    };
    if same {
        Outcome::Same(expected.len())
    } else {
        Outcome::Different(described(&Ok(expected), &Ok(got)))
    }
}

/// The smallest statement found that still differs, and how.
pub fn shrink(
    world: &World,
    statement: &Statement,
    graph: &Connection,
    native: &Connection,
) -> (Statement, String) {
    let mut best = statement.clone();
    let mut difference = String::new();
    let end = Instant::now() + Duration::from_secs(30);
    'again: while Instant::now() < end {
        for smaller in best.smaller() {
            if let Outcome::Different(how) = check(world, &smaller, graph, native) {
                best = smaller;
                difference = how;
                continue 'again;
            }
        }
        break;
    }
    if difference.is_empty()
        && let Outcome::Different(how) = check(world, &best, graph, native)
    {
        difference = how;
    }
    (best, difference)
}

/// Runs a statement to its end, or until patience is.
pub fn run(connection: &Connection, sql: &str) -> Answer {
    DEADLINE.set(Instant::now() + PATIENCE);
    collect(connection, sql)
}

thread_local! {
    static DEADLINE: Cell<Instant> = Cell::new(Instant::now());
}

/// Lets statements on a connection end when patience does.
pub fn watch(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.progress_handler(2_000, Some(|| Instant::now() > DEADLINE.get()))
}

fn collect(connection: &Connection, sql: &str) -> Answer {
    let text = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) => "interrupted".to_owned(),
        _ => error.to_string(),
    };
    let mut statement = connection.prepare(sql).map_err(text)?;
    let width = statement.column_count();
    let mut rows = statement.query([]).map_err(text)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(text)? {
        let cells = (0..width).map(|n| row.get_ref(n).map(shown));
        all.push(cells.collect::<Result<_, _>>().map_err(text)?);
    }
    Ok(all)
}

/// A value with its storage class.
fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => format!("x{bytes:02x?}"),
    }
}

fn bag(rows: &[Vec<String>]) -> HashMap<&Vec<String>, usize> {
    let mut bag = HashMap::new();
    for row in rows {
        *bag.entry(row).or_default() += 1;
    }
    bag
}

fn keys_of(rows: &[Vec<String>], keys: usize) -> Vec<&[String]> {
    rows.iter().map(|row| &row[..keys]).collect()
}

fn is_among(rows: &[Vec<String>], all: &[Vec<String>]) -> bool {
    let all = bag(all);
    bag(rows)
        .iter()
        .all(|(row, count)| all.get(row).is_some_and(|most| count <= most))
}

fn described(expected: &Answer, got: &Answer) -> String {
    let side = |answer: &Answer, other: &Answer| match answer {
        Err(error) => format!("error: {error}"),
        Ok(rows) => {
            let other = other.as_ref().map(|rows| bag(rows)).unwrap_or_default();
            let own = bag(rows);
            let only: Vec<String> = own
                .iter()
                .filter(|(row, count)| other.get(*row).unwrap_or(&0) < count)
                .take(4)
                .map(|(row, count)| format!("    {count} x {}", cut(&row.join(" | "))))
                .collect();
            format!(
                "{} rows, of these here alone:\n{}",
                rows.len(),
                only.join("\n")
            )
        }
    };
    format!(
        "  native: {}\n  graph:  {}",
        side(expected, got),
        side(got, expected)
    )
}

fn cut(text: &str) -> String {
    text.chars().take(200).collect()
}
