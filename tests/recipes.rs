//! `sql/recipes/` and `tests/cdata.sql` on the demo tenant.
//!
//! A recipe begins with its question as a comment. What it asks of Graph and which rows it gives stand in
//! `tests/recipes/`; `UPDATE_RECIPES=1` writes them anew, for review. The demo tenant lives at a fixed
//! time, so `'now'` is replaced by it here.

mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fallible_iterator::FallibleIterator;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use support::connect;

/// What the demo tenant calls today.
const TODAY: &str = "'2026-11-30 12:00:00'";

fn root(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

/// The recipes by name.
fn recipes() -> Vec<(String, String)> {
    let mut recipes: Vec<(String, String)> = std::fs::read_dir(root("sql/recipes"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "sql"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy();
            (
                name.into_owned(),
                std::fs::read_to_string(&path).expect("text"),
            )
        })
        .collect();
    recipes.sort();
    recipes
}

/// A recipe's requests and rows.
fn told(sql: &str) -> String {
    let connection = connect("Demo=true;OnMailboxError=skip");
    // The process keeps answers for all connections: what other statements have read is forgotten.
    connection
        .execute_batch("SELECT o365_cache_clear()")
        .expect("cleared");
    let sql = sql.replace("'now'", TODAY);
    let mut rows = String::new();
    for_each_row(&connection, &sql, |cells| {
        let _ = writeln!(rows, "| {}", cells.join(" | "));
    });
    let mut requests = requests(&connection);
    // What runs side by side ends in any order.
    requests.sort();
    format!("{}\n{rows}", requests.join("\n"))
}

/// Runs statements, and hands over each row's cells as text; how many rows each had.
fn for_each_row(
    connection: &Connection,
    sql: &str,
    mut take: impl FnMut(Vec<String>),
) -> Vec<usize> {
    let failed = |error: rusqlite::Error| -> ! { panic!("{error}\n{sql}") };
    let mut counts = Vec::new();
    let mut batch = rusqlite::Batch::new(connection, sql);
    while let Some(mut statement) = batch.next().unwrap_or_else(|error| failed(error)) {
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap_or_else(|error| failed(error));
        let mut count = 0;
        while let Some(row) = rows.next().unwrap_or_else(|error| failed(error)) {
            let cells = (0..width).map(|n| cell(row.get_ref(n).expect("a cell")));
            take(cells.collect());
            count += 1;
        }
        counts.push(count);
    }
    counts
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => format!("{number}"),
        ValueRef::Text(text) => String::from_utf8_lossy(text).replace(['\n', '\r'], " "),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// The requests made, as a reader would write them; many alike are one line with their number.
fn requests(connection: &Connection) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT method, url FROM o365_requests WHERE cache <> 'hit'")
        .expect("prepared");
    let all: Vec<String> = statement
        .query_map([], |row| {
            let (method, url): (String, String) = (row.get(0)?, row.get(1)?);
            let path = url
                .split_once("/v1.0/")
                .map_or(url.as_str(), |(_, path)| path);
            let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
            Ok(format!("> {method} {path}"))
        })
        .and_then(Iterator::collect)
        .expect("requests");
    match all.len() {
        0..=12 => all,
        many => vec![format!("> {many} requests, such as {}", &all[0][2..])],
    }
}

/// One reader at a time, so that no recipe finds what another test has just read.
static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

#[test]
fn recipes_give_the_reviewed_rows_with_the_reviewed_requests() {
    let _alone = ALONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut different = Vec::new();
    for (name, sql) in recipes() {
        let got = told(&sql);
        let beside = root(&format!("tests/recipes/{name}.golden"));
        if std::env::var_os("UPDATE_RECIPES").is_some() {
            std::fs::create_dir_all(beside.parent().expect("a folder")).expect("a folder");
            std::fs::write(&beside, &got).expect("written");
        }
        if std::fs::read_to_string(&beside).unwrap_or_default() != got {
            different.push(format!("{name}:\n{got}"));
        }
    }
    assert!(
        different.is_empty(),
        "UPDATE_RECIPES=1 writes them:\n{}",
        different.join("\n")
    );
}

#[test]
fn a_recipe_is_a_question_with_an_answer() {
    let recipes = recipes();
    assert!(recipes.len() >= 30, "{} recipes", recipes.len());
    for (name, sql) in recipes {
        let question = sql.lines().next().unwrap_or_default();
        assert!(
            question.starts_with("-- ") && question.ends_with('?'),
            "{name} begins with no question"
        );
        let golden = std::fs::read_to_string(root(&format!("tests/recipes/{name}.golden")));
        let golden = golden.unwrap_or_else(|_| panic!("{name} was never run"));
        let rows = golden.lines().filter(|line| line.starts_with("| ")).count();
        assert!((1..=40).contains(&rows), "{name} shows {rows} rows");
    }
}

/// Statements as the benchmark's documentation writes them run as they are.
#[test]
fn the_benchmarks_statements_run() {
    let _alone = ALONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let connection = connect("Demo=true");
    let sql = std::fs::read_to_string(root("tests/cdata.sql")).expect("the statements");
    let counts = for_each_row(&connection, &sql.replace("'now'", TODAY), |_| {});
    assert!(counts.len() >= 30, "{} statements", counts.len());
    let empty: Vec<usize> = (1..=counts.len()).filter(|n| counts[n - 1] == 0).collect();
    assert!(empty.is_empty(), "without rows: statements {empty:?}");
}
