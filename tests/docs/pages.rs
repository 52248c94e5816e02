//! The pages of `docs/tables/`: for each table the question it answers, a statement with its rows, what
//! Graph is told, what it needs, its columns.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use office365::catalog::{ALL, Column, Fetch, Mode, Source, Table, Way};
use office365::plan::fit::{Fit, comparisons};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// A cell of an example's rows is cut here.
const WIDEST: usize = 48;

/// The list of all tables.
pub fn index() -> String {
    let mut page = String::from(
        "# Tables\n\nGenerated from the catalogue by `tests/docs`; do not edit.\n\n\
         Each page begins with a question and the statement that answers it, run on the demo tenant by the \
         tests. What the pages call *exact* is left to Graph alone, because it gives the same rows; for a \
         *superset* SQLite compares again; everything else is compared by SQLite. The answer is the same in \
         all three.\n\n| table | a row is | it must be given |\n| --- | --- | --- |\n",
    );
    for table in ALL {
        let _ = writeln!(
            page,
            "| [{0}](tables/{0}.md) | {1} | {2} |",
            table.name,
            table.doc,
            required(table).join(", ")
        );
    }
    page
}

/// The page of one table.
pub fn page(connection: &Connection, table: &Table) -> String {
    let mut page = format!(
        "# {}\n\n{}\n\n```sql\n{};\n```\n\n{}\n{}\n",
        table.name,
        table.question,
        table.example,
        rows(connection, table.example),
        table.doc
    );
    needs(&mut page, table);
    told(&mut page, table);
    written(&mut page, connection, table);
    columns(&mut page, table);
    page.push_str("\nGenerated from the catalogue by `tests/docs`; do not edit.\n");
    page
}

/// The inputs that every way needs.
fn required(table: &Table) -> Vec<String> {
    office365::catalog::required(table)
        .into_iter()
        .map(|column| format!("`{}`", table.columns[column].name()))
        .collect()
}

fn needs(page: &mut String, table: &Table) {
    let app = match table.app_permission {
        "" => "not open to applications".to_owned(),
        name => format!("`{name}` (application)"),
    };
    let _ = write!(
        page,
        "\nPermission: `{}` (delegated), {app}.\n",
        table.permission
    );
    let required = required(table);
    if !required.is_empty() {
        let _ = write!(page, "\nWHERE must give {}.\n", required.join(" and "));
    }
}

/// What Graph is told, and what it is not.
fn told(page: &mut String, table: &Table) {
    page.push_str("\n## What Graph is told\n");
    for route in table.routes {
        let inputs = table.needs(route).filter_map(|role| table.input(role));
        let keys = table
            .keys(route)
            .filter_map(|path| table.columns.iter().position(|column| column.path == path));
        let given: Vec<String> = inputs
            .chain(keys)
            .map(|column| format!("`{}`", table.columns[column].name()))
            .collect();
        let method = if route.body.is_some() { "POST" } else { "GET" };
        let with = match given.is_empty() {
            true => String::new(),
            false => format!(", with {} given by `=` or `IN`", given.join(" and ")),
        };
        let _ = write!(page, "\n`{method} /{}`{with}.\n", route.path);
    }
    let mut pushed = Vec::new();
    let mut local: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for column in table.columns {
        if !matches!(column.source, Source::Input(_)) {
            column_told(table, column, &mut pushed, &mut local);
        }
    }
    if !pushed.is_empty() {
        let _ = write!(
            page,
            "\n| column | operators | fit | how, and why |\n| --- | --- | --- | --- |\n{}\n",
            pushed.join("\n")
        );
    }
    let sorted: Vec<String> = table
        .columns
        .iter()
        .filter(|column| column.sort != Mode::No)
        .map(|column| format!("`{}`", column.name()))
        .collect();
    if !sorted.is_empty() {
        let _ = write!(
            page,
            "\n`ORDER BY` one of {} alone is `$orderby`.\n",
            sorted.join(", ")
        );
    }
    for (reason, columns) in local {
        let _ = write!(page, "\nLocal ({reason}): {}.\n", columns.join(", "));
    }
}

/// Adds what becomes of comparisons with one column: the same fit and reason of several operators is one
/// row.
fn column_told<'t>(
    table: &Table,
    column: &'t Column,
    pushed: &mut Vec<String>,
    local: &mut BTreeMap<&'t str, Vec<String>>,
) {
    let mut groups: Vec<(Fit, &str, Vec<&str>)> = Vec::new();
    let mut reason_of_local = "not filterable";
    for (written, judged) in comparisons(table, column) {
        if judged.fit == Fit::Local {
            if written == "=" {
                reason_of_local = judged.reason;
            }
            continue;
        }
        match groups
            .iter_mut()
            .find(|(fit, reason, _)| (*fit, *reason) == (judged.fit, judged.reason))
        {
            Some((.., all)) => all.push(written),
            None => groups.push((judged.fit, judged.reason, vec![written])),
        }
    }
    let name = format!("`{}`", column.name());
    if groups.is_empty() {
        local.entry(reason_of_local).or_default().push(name.clone());
    }
    for (fit, reason, operators) in groups {
        let operators: Vec<String> = operators.iter().map(|op| format!("`{op}`")).collect();
        pushed.push(format!(
            "| {name} | {} | {} | {reason} |",
            operators.join(" "),
            fit.name()
        ));
    }
}

/// What can be written, and what an example sends.
fn written(page: &mut String, connection: &Connection, table: &Table) {
    let Some(writes) = table.writes else {
        return;
    };
    page.push_str("\n## What can be written\n\n");
    let mut ways: Vec<(&str, String)> = Vec::new();
    let told = |way: &Way| format!("`{} /{}`", way.verb.name(), way.path);
    ways.extend(writes.insert.iter().map(|way| ("INSERT", told(way))));
    ways.extend(writes.update.iter().map(|way| ("UPDATE", told(way))));
    if let Some(moves) = writes.moves {
        let what = format!("`POST /{}`, when `{}` is set", moves.path, moves.column);
        ways.push(("UPDATE", what));
    }
    ways.extend(writes.delete.iter().map(|way| ("DELETE", told(way))));
    for (statement, way) in ways {
        let _ = writeln!(page, "- {statement}: {way}");
    }
    let names = |paths: &[&str]| {
        let names = paths.iter().filter_map(|path| {
            let stands = |column: &&Column| column.known.unwrap_or(column.path) == *path;
            Some(format!("`{}`", table.columns.iter().find(stands)?.name()))
        });
        names.collect::<Vec<String>>().join(", ")
    };
    for (what, paths) in [
        ("INSERT must give", writes.required),
        ("INSERT and UPDATE may set", writes.settable),
        ("INSERT alone", writes.only_new),
        ("UPDATE alone", writes.only_old),
    ] {
        if !paths.is_empty() {
            let _ = write!(page, "\n{what}: {}.\n", names(paths));
        }
    }
    let _ = write!(page, "\nPermission: `{}`.\n", writes.permission);
    let _ = write!(
        page,
        "\n```sql\n{};\n```\n\nsends, as `SELECT o365_dry_run(1)` shows it:\n\n```text\n{}\n```\n",
        writes.example,
        dry_run(connection, writes.example)
    );
}

/// What a statement would send.
fn dry_run(connection: &Connection, sql: &str) -> String {
    let failed = |error: rusqlite::Error| -> ! { panic!("{error}\n{sql}") };
    connection
        .execute_batch(sql)
        .unwrap_or_else(|error| failed(error));
    let requests = "SELECT group_concat(requests, char(10)) FROM o365_writes
        WHERE seq > (SELECT max(n) FROM temp.shown)";
    let shown: Option<String> = connection
        .query_row(requests, [], |row| row.get(0))
        .unwrap_or_else(|error| failed(error));
    connection
        .execute_batch("INSERT INTO temp.shown SELECT max(seq) FROM o365_writes")
        .unwrap_or_else(|error| failed(error));
    shown.unwrap_or_else(|| panic!("nothing would be sent: {sql}"))
}

fn columns(page: &mut String, table: &Table) {
    page.push_str("\n## Columns\n\n| column | what it is |\n| --- | --- |\n");
    for column in table.columns {
        let notes = match (column.hidden, column.fetch) {
            (_, Fetch::Item) => " *(hidden, one request for each row)*",
            (_, Fetch::Asked) => " *(hidden, asked for only when used)*",
            (true, _) => " *(hidden)*",
            _ => "",
        };
        let _ = writeln!(page, "| `{}` | {}{notes} |", column.name(), column.doc);
    }
}

/// The rows of a statement as a table of Markdown.
fn rows(connection: &Connection, sql: &str) -> String {
    let failed = |error: rusqlite::Error| -> ! { panic!("{error}\n{sql}") };
    let mut statement = connection
        .prepare(sql)
        .unwrap_or_else(|error| failed(error));
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(names.clone());
    text.push_str(&line(vec!["---".to_owned(); names.len()]));
    let mut found = statement.query([]).unwrap_or_else(|error| failed(error));
    let mut count = 0;
    while let Some(row) = found.next().unwrap_or_else(|error| failed(error)) {
        let cells = (0..names.len())
            .map(|n| row.get_ref(n).map_or_else(|_| String::new(), cell))
            .collect();
        text.push_str(&line(cells));
        count += 1;
    }
    assert!(
        (1..=20).contains(&count),
        "{count} rows are no example:\n{sql}"
    );
    text
}

fn cell(value: ValueRef<'_>) -> String {
    let text = match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    };
    let one_line = text.replace(['\n', '\r'], " ").replace('|', "\\|");
    match one_line.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None => one_line,
    }
}
