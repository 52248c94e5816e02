//! What every catalogue entry claims, tried on the demo tenant against ordinary tables with the same
//! rows: it answers; each operator that it says Graph takes is taken, and gives the rows that SQLite
//! would find; what it says Graph refuses is never asked; rows of two parents stay apart.

#[path = "../support/difference.rs"]
mod difference;

#[path = "../support/scopes.rs"]
mod scopes;

#[path = "../support/row_types.rs"]
mod row_types;

#[path = "../support/unruly.rs"]
mod unruly;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use difference::without;
use office365::catalog::{ALL, Column, Fetch, Mode, Rows, Source, Table, Type};
use office365::plan::fit::{Fit, comparisons};
use office365::sqlite::{Access, host, table::declaration};
use rusqlite::Connection;
use rusqlite::types::Value;
use scopes::scopes;

/// So many values of a column are compared with.
const SAMPLES: usize = 3;

fn connection(properties: &str) -> Connection {
    let connection = host::open(None, Access::Full).expect("memory opens");
    connection
        .query_row("SELECT o365_connect(?1)", [properties], |_| Ok(()))
        .expect("the demo tenant connects");
    connection
}

/// A table under one scope, with an ordinary table of its rows.
struct Case {
    table: &'static Table,
    given: String,
    columns: Vec<usize>,
    rows: Vec<Vec<Value>>,
}

/// The columns that come with the rows.
fn listed(table: &Table) -> Vec<usize> {
    (0..table.columns.len())
        .filter(|n| table.columns[*n].fetch == Fetch::List)
        .collect()
}

impl Case {
    fn read(plain: &Connection, table: &'static Table, given: String) -> Result<Self, String> {
        let columns = listed(table);
        let names: Vec<String> = columns.iter().map(|n| quoted(&table.columns[*n])).collect();
        let given = given.replace("{a}", "t");
        let sql = format!(
            "SELECT {} FROM {} AS t WHERE {}",
            names.join(", "),
            table.name,
            term(&given)
        );
        let rows = tried_rows(plain, &sql)?;
        Ok(Self {
            table,
            given,
            columns,
            rows,
        })
    }

    /// A connection with the rows in an ordinary table of the same name.
    fn native(&self) -> Connection {
        let native = Connection::open_in_memory().expect("memory opens");
        native
            .create_collation(c"o365_instant", office365::instant::compare)
            .expect("a collation");
        native
            .create_collation(c"TEXT)\"", office365::instant::compare)
            .expect("a collation");
        // Ordinary tables hide nothing, and may have no column named like a keyword of theirs.
        let declared = declaration(self.table, self.table.name).replacen(
            "CREATE TABLE x",
            &format!("CREATE TABLE {}", self.table.name),
            1,
        );
        native.execute_batch(&declared).expect("a native table");
        let names: Vec<String> = self
            .columns
            .iter()
            .map(|n| quoted(&self.table.columns[*n]))
            .collect();
        let marks = vec!["?"; names.len()].join(",");
        let insert = format!(
            "INSERT INTO {}({}) VALUES({marks})",
            self.table.name,
            names.join(",")
        );
        let mut insert = native.prepare(&insert).expect("an insert");
        for row in &self.rows {
            insert
                .execute(rusqlite::params_from_iter(row))
                .expect("a native row");
        }
        drop(insert);
        native
    }

    /// Values of a column that occur, and ones that nearly do.
    fn samples(&self, position: usize) -> Vec<Value> {
        let n = self
            .columns
            .iter()
            .position(|column| *column == position)
            .expect("a listed column");
        let mut values: Vec<Value> = Vec::new();
        let step = (self.rows.len() / 20).max(1);
        for row in self.rows.iter().step_by(step) {
            if row[n] != Value::Null && !values.contains(&row[n]) && values.len() < SAMPLES {
                values.push(row[n].clone());
            }
        }
        let other = match values.first() {
            Some(Value::Text(text)) => Value::Text(text.to_uppercase()),
            Some(Value::Integer(number)) => Value::Integer(number + 1),
            _ => Value::Text("no such value".to_owned()),
        };
        values.push(other);
        values
    }

    /// The columns that tell rows apart.
    fn key(&self) -> String {
        let own = self
            .table
            .columns
            .iter()
            .enumerate()
            .filter(|(n, column)| {
                (*n == 0 && self.columns.contains(&0))
                    || matches!(
                        column.source,
                        Source::Input(_) | Source::Kind | Source::Ordinal | Source::ElementName
                    )
            })
            .map(|(_, column)| quoted(column));
        own.collect::<Vec<_>>().join(", ")
    }
}

fn quoted(column: &Column) -> String {
    format!("\"{}\"", column.name())
}

fn term(given: &str) -> &str {
    match given {
        "" => "1",
        given => given,
    }
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<Value>> {
    tried_rows(connection, sql).unwrap_or_else(|error| panic!("{error}"))
}

fn number(connection: &Connection, sql: &str) -> i64 {
    let number = connection.query_row(sql, [], |row| row.get(0));
    number.unwrap_or_else(|error| panic!("{error}: {sql}"))
}

fn tried_rows(connection: &Connection, sql: &str) -> Result<Vec<Vec<Value>>, String> {
    let failed = |error: rusqlite::Error| format!("{error}: {}", sql.get(..300).unwrap_or(sql));
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let width = statement.column_count();
    statement
        .query_map([], |row| (0..width).map(|n| row.get(n)).collect())
        .and_then(Iterator::collect)
        .map_err(failed)
}

fn sorted(mut rows: Vec<Vec<Value>>) -> Vec<String> {
    let mut texts: Vec<String> = rows.drain(..).map(|row| format!("{row:?}")).collect();
    texts.sort();
    texts
}

/// A value as SQL.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Blob(_) => "x''".to_owned(),
    }
}

/// Each case of every table, read once.
fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(read_cases)
}

fn read_cases() -> Vec<Case> {
    let plain = connection("Demo=true;Pushdown=off");
    let (mut cases, mut errors) = (Vec::new(), Vec::new());
    for table in ALL {
        let given = scopes(&plain, table).unwrap_or_else(|error| {
            errors.push(error);
            Vec::new()
        });
        for given in given {
            match Case::read(&plain, table, given) {
                Ok(case) => cases.push(case),
                Err(error) => errors.push(error),
            }
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    cases
}

/// Runs a statement on both sides; what differs, or was refused on the way, is noted.
fn compare(
    pushed: &Connection,
    native: &Connection,
    case: &Case,
    sql: &str,
    notes: &mut Vec<String>,
) {
    let from = |given: &str| sql.replace("{given}", term(given));
    let got = match tried_rows(pushed, &from(&case.given)) {
        Ok(got) => sorted(got),
        Err(error) => return notes.push(format!("{}: {error}", case.table.name)),
    };
    // The native table has the scope's rows alone.
    let expected = sorted(rows(native, &from("")));
    if got != expected {
        notes.push(format!(
            "{}: {} rows, natively {}: {}",
            case.table.name,
            got.len(),
            expected.len(),
            from(&case.given)
        ));
    }
    let refused: Vec<Vec<Value>> = rows(
        pushed,
        "SELECT status, url FROM o365_requests WHERE status NOT IN (200, 404)
            AND seq > (SELECT coalesce(max(n), 0) FROM temp.seen)",
    );
    if !refused.is_empty() {
        notes.push(format!(
            "{}: refused {refused:?}: {}",
            case.table.name,
            from(&case.given)
        ));
    }
    pushed
        .execute_batch("INSERT INTO temp.seen SELECT max(seq) FROM o365_requests")
        .expect("noted");
}

/// The terms that try an operator on a column.
fn tried(case: &Case, position: usize, written: &str, most: usize) -> Vec<String> {
    let name = quoted(&case.table.columns[position]);
    let mut samples = case.samples(position);
    if most == SAMPLES {
        samples.pop();
    }
    if case.given.contains(" IN (") {
        // The same again for several parents: that it is done for each of them is what is new.
        samples.truncate(1);
    }
    match written {
        "IS NULL" | "IS NOT NULL" => vec![format!("{name} {written}")],
        "IN" => {
            let all: Vec<String> = samples.iter().map(literal).collect();
            vec![format!("{name} IN ({})", all.join(", "))]
        }
        "LIKE" | "GLOB" => {
            let star = if written == "LIKE" { '%' } else { '*' };
            samples
                .iter()
                .filter_map(|value| match value {
                    Value::Text(text) => Some(text.chars().take(4).collect::<String>()),
                    _ => None,
                })
                .map(|start| {
                    let pattern = Value::Text(format!("{start}{star}"));
                    format!("{name} {written} {}", literal(&pattern))
                })
                .collect()
        }
        _ => samples
            .iter()
            .map(|value| format!("{name} {written} {}", literal(value)))
            .collect(),
    }
}

#[test]
fn every_claimed_operator_is_taken_and_sound() {
    let pushed = connection("Demo=true;CacheTTL=0");
    pushed
        .execute_batch("CREATE TEMP TABLE seen(n)")
        .expect("a table");
    let (mut notes, mut statements) = (Vec::new(), 0);
    for case in cases() {
        let native = case.native();
        let key = case.key();
        for &position in &case.columns {
            let column = &case.table.columns[position];
            if !matches!(column.source, Source::Property | Source::DrivePath) {
                continue;
            }
            let in_path = case
                .table
                .routes
                .iter()
                .any(|route| case.table.keys(route).any(|path| path == column.path));
            for (written, judged) in comparisons(case.table, column) {
                if judged.fit == Fit::Local && !(in_path && ["=", "IN"].contains(&written)) {
                    continue;
                }
                // An id in other capitals is no id, and refused as such.
                let letters = if in_path { SAMPLES } else { SAMPLES + 1 };
                for wanted in tried(case, position, written, letters) {
                    let sql = format!(
                        "SELECT {key} FROM {} AS t WHERE {{given}} AND {wanted}",
                        case.table.name
                    );
                    compare(&pushed, &native, case, &sql, &mut notes);
                    statements += 1;
                }
            }
        }
    }
    assert!(
        notes.is_empty(),
        "{} notes:\n{}",
        notes.len(),
        notes.join("\n")
    );
    assert!(statements > 1_000, "only {statements} statements");
}

#[test]
fn every_entry_counts_sorts_and_limits_as_sqlite_would() {
    let pushed = connection("Demo=true;CacheTTL=0");
    pushed
        .execute_batch("CREATE TEMP TABLE seen(n)")
        .expect("a table");
    let mut notes = Vec::new();
    for case in cases() {
        let native = case.native();
        let (name, key) = (case.table.name, case.key());
        if case.rows.is_empty() {
            notes.push(format!("{name}: no row where {}", case.given));
        }
        let count = format!("SELECT count(*) FROM {name} AS t WHERE {{given}}");
        compare(&pushed, &native, case, &count, &mut notes);
        let limited =
            format!("SELECT count(*) FROM (SELECT 1 FROM {name} AS t WHERE {{given}} LIMIT 3)");
        compare(&pushed, &native, case, &limited, &mut notes);
        for column in case.table.columns {
            if column.sort == Mode::No || column.fetch != Fetch::List {
                continue;
            }
            for direction in ["", " DESC"] {
                let sql = format!(
                    "SELECT {} FROM {name} AS t WHERE {{given}} ORDER BY 1{direction} LIMIT 4",
                    quoted(column)
                );
                compare(&pushed, &native, case, &sql, &mut notes);
            }
        }
        let apart = format!("SELECT DISTINCT {key} FROM {name} AS t WHERE {{given}}");
        compare(&pushed, &native, case, &apart, &mut notes);
        let numbered =
            format!("SELECT count(DISTINCT t.rowid) = count(*) FROM {name} AS t WHERE {{given}}");
        compare(&pushed, &native, case, &numbered, &mut notes);
    }
    assert!(
        notes.is_empty(),
        "{} notes:\n{}",
        notes.len(),
        notes.join("\n")
    );
}

/// No page is longer than this where pages are tried.
const SHORT: u32 = 2;

/// Every collection that comes in pages is read in several: a service may give fewer rows than `$top` asks
/// for, so here it gives two at a time.
#[test]
fn every_entry_is_whole_when_it_comes_in_short_pages() {
    let manners = unruly::Manners {
        longest_page: Some(SHORT),
        ..unruly::Manners::default()
    };
    let short = connection(&format!("{};CacheTTL=0", unruly::start(manners)));
    short
        .execute_batch("CREATE TEMP TABLE seen(n)")
        .expect("a table");
    let (mut notes, mut in_pages) = (Vec::new(), BTreeMap::new());
    for case in cases() {
        let table = case.table;
        let sql = format!(
            "SELECT {} FROM {} AS t WHERE {{given}}",
            case.key(),
            table.name
        );
        let before = number(&short, "SELECT coalesce(max(n), 0) FROM temp.seen");
        compare(&short, &case.native(), case, &sql, &mut notes);
        let next_pages = format!(
            "SELECT count(*) FROM o365_requests WHERE seq > {before} AND url LIKE '%skip%'"
        );
        // Each user has one drive; some groups have one owner.
        let fits = case.rows.len() <= 3 * SHORT as usize;
        let is_paged: &mut bool = in_pages
            .entry(table.name)
            .or_insert(table.page == 0 || fits);
        *is_paged |= number(&short, &next_pages) > 0;
    }
    for (name, _) in in_pages.iter().filter(|(_, is_paged)| !**is_paged) {
        notes.push(format!("{name} came in one page"));
    }
    assert!(
        notes.is_empty(),
        "{} notes:\n{}",
        notes.len(),
        notes.join("\n")
    );
}

/// Asked by an id, by its first letters, and by an OR that SQLite merges by row number.
#[test]
fn the_same_id_in_two_parents_is_two_rows() {
    let pushed = connection("Demo=true;CacheTTL=0");
    pushed
        .execute_batch("CREATE TEMP TABLE seen(n)")
        .expect("a table");
    let (mut notes, mut shared) = (Vec::new(), Vec::new());
    for case in cases() {
        if !case.columns.contains(&0) || case.table.columns[0].ty != Type::Text {
            continue;
        }
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for row in &case.rows {
            *times.entry(literal(&row[0])).or_default() += 1;
        }
        let Some((id, _)) = times.iter().max_by_key(|(_, times)| **times) else {
            continue;
        };
        if times[id] > 1 && case.table.rows == Rows::Items {
            shared.push(case.table.name);
        }
        let native = case.native();
        let (name, key, id_name) = (case.table.name, case.key(), quoted(&case.table.columns[0]));
        for term in [
            format!("{id_name} = {id}"),
            format!("({id_name} = {id} OR {id_name} LIKE 'no%' OR {id_name} IS NULL)"),
        ] {
            let sql = format!("SELECT {key} FROM {name} AS t WHERE {{given}} AND {term}");
            compare(&pushed, &native, case, &sql, &mut notes);
        }
    }
    assert!(
        notes.is_empty(),
        "{} notes:\n{}",
        notes.len(),
        notes.join("\n")
    );
    for name in ["GroupMembers", "ListItems"] {
        assert!(shared.contains(&name), "no id of {name} is in two parents");
    }
}

/// Whether the metadata lets a column be NULL: its property is no collection, and not `Nullable="false"`.
fn can_be_null(table: &Table, column: &Column) -> bool {
    let (items, element) = row_types::types_of(table.name);
    match column.source {
        // Annotations are not in the metadata.
        Source::Property if column.is_annotation() => false,
        Source::Property => !items
            .iter()
            .all(|row_type| row_types::is_set(row_type, column.path) == Some(true)),
        Source::Element => {
            element.is_none_or(|row_type| row_types::is_set(row_type, column.path) != Some(true))
        }
        _ => false,
    }
}

/// The demo tenant exercises the columns that come with the rows: NULL somewhere, a value somewhere. Those
/// where it does not are a reviewed list; `UPDATE_CONFORMANCE=1` writes it anew.
#[test]
fn columns_are_null_somewhere_and_set_somewhere() {
    let mut seen: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    // One row is NULL or set, and it is one of Users.
    for case in cases().iter().filter(|case| case.table.name != "Me") {
        for (n, &position) in case.columns.iter().enumerate() {
            let column = &case.table.columns[position];
            if column.path == case.table.key || !can_be_null(case.table, column) {
                continue;
            }
            let name = format!("{}.{}", case.table.name, column.name());
            let entry = seen.entry(name).or_default();
            for row in &case.rows {
                match row[n] {
                    Value::Null => entry.0 = true,
                    _ => entry.1 = true,
                }
            }
        }
    }
    let mut list = String::new();
    for (name, (null, set)) in &seen {
        match (null, set) {
            (false, _) => list.push_str(&format!("never NULL: {name}\n")),
            (_, false) => list.push_str(&format!("always NULL: {name}\n")),
            _ => {}
        }
    }
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/conformance/one_sided.txt"
    );
    if std::env::var_os("UPDATE_CONFORMANCE").is_some() {
        std::fs::write(file, &list).expect("written");
    }
    let reviewed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        reviewed == list,
        "tests/conformance/one_sided.txt is another list (UPDATE_CONFORMANCE=1 writes it; review the \
         difference):\n- {}\n+ {}",
        without(&reviewed, &list).join("\n- "),
        without(&list, &reviewed).join("\n+ ")
    );
}
