//! Documentation that is made from the code, and documentation that is run.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes the generated pages anew; without it a difference is a
//! failure.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use fallible_iterator::FallibleIterator;
use office365::catalog::{ALL, Column, Source, Table, Type};
use office365::plan::fit::{Fit, fit};
use office365::plan::{Collation, Op};
use office365::settings::PROPERTIES;
use office365::sqlite::{Access, host};

/// The comparisons that SQLite can hand over, as a reader writes them.
const COMPARISONS: &[(&str, Op, bool)] = &[
    ("=", Op::Eq, false),
    ("IN", Op::Eq, true),
    ("<>", Op::Ne, false),
    (">=", Op::Ge, false),
    (">", Op::Gt, false),
    ("<=", Op::Le, false),
    ("<", Op::Lt, false),
    ("LIKE", Op::Like, false),
    ("GLOB", Op::Glob, false),
    ("IS NULL", Op::IsNull, false),
    ("IS NOT NULL", Op::IsNotNull, false),
];

fn root(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root(file)).unwrap_or_default()
}

#[test]
fn the_pushdown_list_is_the_catalogues() {
    let made = pushdown_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root("docs/pushdown.md"), &made).expect("docs can be written");
    }
    assert!(
        read("docs/pushdown.md") == made,
        "docs/pushdown.md is not what the catalogue says: run UPDATE_DOCS=1 cargo test --test docs and review the difference"
    );
}

fn pushdown_page() -> String {
    let mut page = String::from(
        "# What Graph is told\n\n\
         Generated from the catalogue by `tests/docs.rs`; do not edit.\n\n\
         *Exact*: Graph gives the same rows, and SQLite does not compare again. *Superset*: Graph gives at \
         least these rows, and SQLite compares again. Everything else is *Local*: Graph is not told, and \
         SQLite compares. The answer is the same in all three.\n",
    );
    for table in ALL {
        write_table(&mut page, table);
    }
    page
}

fn write_table(page: &mut String, table: &Table) {
    let mut local: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut rows = Vec::new();
    for column in table.columns {
        if matches!(column.source, Source::Input(_)) {
            continue;
        }
        // The same fit and reason of several operators is one row.
        let mut groups: Vec<(Fit, &str, Vec<&str>)> = Vec::new();
        let mut reason_of_local = "not filterable";
        for (written, op, list) in COMPARISONS {
            let judged = fit(table, column, *op, *list, collation(column));
            if judged.fit == Fit::Local {
                if *op == Op::Eq && !*list {
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
        if groups.is_empty() {
            local
                .entry(reason_of_local)
                .or_default()
                .push(column.name());
        }
        for (fit, reason, operators) in groups {
            let operators: Vec<String> = operators.iter().map(|op| format!("`{op}`")).collect();
            rows.push(format!(
                "| `{}` | {} | {fit:?} | {reason} |",
                column.name(),
                operators.join(" ")
            ));
        }
    }
    let _ = write!(page, "\n## {}\n\n{}\n", table.name, table.doc);
    let sorted: Vec<String> = table
        .columns
        .iter()
        .filter(|column| column.sort != office365::catalog::Mode::No)
        .map(|column| format!("`{}`", column.name()))
        .collect();
    if !rows.is_empty() {
        let _ = write!(
            page,
            "\n| column | operators | fit | how, and why |\n| --- | --- | --- | --- |\n{}\n",
            rows.join("\n")
        );
    }
    for route in table.routes {
        let inputs = table.needs(route).filter_map(|role| table.input(role));
        let keys = table
            .keys(route)
            .filter_map(|path| table.columns.iter().position(|column| column.path == path));
        let given: Vec<String> = inputs
            .chain(keys)
            .map(|column| format!("`{}` `=` `IN`", table.columns[column].name()))
            .collect();
        if !given.is_empty() {
            let _ = write!(
                page,
                "\nIn the path: {}, `GET /{}`.\n",
                given.join(" and "),
                route.path
            );
        }
    }
    if !sorted.is_empty() {
        let _ = write!(
            page,
            "\n`ORDER BY` one of {} alone is `$orderby`.\n",
            sorted.join(", ")
        );
    }
    for (reason, columns) in local {
        let columns: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
        let _ = write!(page, "\nLocal ({reason}): {}.\n", columns.join(", "));
    }
}

fn collation(column: &Column) -> Collation {
    match column.ty {
        Type::Instant | Type::Zoned => Collation::Instant,
        _ => Collation::Binary,
    }
}

#[test]
fn the_readme_names_what_there_is() {
    let readme = read("README.md");
    for table in ALL {
        assert!(
            readme.contains(&format!("| `{}` |", table.name)),
            "README lacks {}",
            table.name
        );
    }
    for line in readme.lines().filter(|line| line.starts_with("| `")) {
        for name in line
            .split('|')
            .nth(1)
            .unwrap_or_default()
            .split('`')
            .skip(1)
            .step_by(2)
        {
            let known = ALL.iter().any(|table| table.name == name)
                || PROPERTIES.iter().any(|property| property.name == name);
            assert!(
                known,
                "README names {name}, which is neither a table nor a property"
            );
        }
    }
}

#[test]
fn the_sql_of_the_documents_runs() {
    let mut statements = 0;
    for file in ["README.md"] {
        for block in blocks(&read(file), "sql") {
            let connection = host::open(None, Access::Full).expect("memory opens");
            connection
                .query_row("SELECT o365_connect('Demo=true')", [], |_| Ok(()))
                .expect("the demo tenant connects");
            let mut batch = rusqlite::Batch::new(&connection, &block);
            while let Some(mut statement) = batch
                .next()
                .unwrap_or_else(|error| panic!("{file}: {error}\n{block}"))
            {
                let mut rows = statement
                    .query([])
                    .unwrap_or_else(|error| panic!("{file}: {error}\n{block}"));
                let mut count = 0;
                while rows
                    .next()
                    .unwrap_or_else(|error| panic!("{file}: {error}\n{block}"))
                    .is_some()
                {
                    count += 1;
                }
                assert!(count > 0, "{file}: a statement shows no row:\n{block}");
                statements += 1;
            }
        }
    }
    assert!(
        statements >= 3,
        "only {statements} statements were found in the documents"
    );
}

/// The fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        match &mut block {
            Some(_) if line.starts_with("```") => blocks.extend(block.take()),
            Some(lines) => {
                lines.push_str(line);
                lines.push('\n');
            }
            None if line == format!("```{language}") => block = Some(String::new()),
            None => {}
        }
    }
    blocks
}
