//! What `office365 export` writes, in the programs that read it: DuckDB, pyarrow and Spark see the same columns, types,
//! values and folders as the live tables have.

use std::path::Path;

use office365::catalog::{self, Type};
use office365::sync::copy;

use crate::host::{command, finish, folder, run, spark};
use crate::support::connect;

const MAILBOXES: &str = "'adele@contoso.com', 'patrick.o''brien@contoso.com'";
const TABLES: [&str; 5] = ["Messages", "Events", "Contacts", "Users", "SubscribedSkus"];

/// A line for each column of the live tables, as `export_readers.py` prints them.
fn expected() -> String {
    let live = connect("Demo=true");
    let mut lines = Vec::new();
    for name in TABLES {
        let table = catalog::table(name).expect("a table");
        let of = match copy::user_column(table) {
            Some(_) => format!("UserId IN ({MAILBOXES})"),
            None => "true".to_owned(),
        };
        let mut columns: Vec<(String, &str, String)> = copy::columns(table)
            .into_iter()
            .map(|position| {
                let column = &table.columns[position];
                (
                    column.name(),
                    kind(column.ty),
                    format!("\"{}\"", column.name()),
                )
            })
            .collect();
        let instant = match name {
            "Messages" => Some("receivedDateTime"),
            "Events" => Some("start_dateTime"),
            "Contacts" | "Users" => Some("createdDateTime"),
            _ => None,
        };
        let year = |instant| {
            (
                "year".to_owned(),
                "integer",
                format!("substr({instant}, 1, 4)"),
            )
        };
        columns.extend(instant.map(year));
        columns.sort();
        for (column, kind, sql) in columns {
            let counts: (i64, i64) = live
                .query_row(
                    &format!("SELECT count(v), count(DISTINCT v) FROM (SELECT {sql} AS v FROM {name} WHERE {of})"),
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .expect(name);
            lines.push(format!(
                "{name}.{column} {kind} {} {}\n",
                counts.0, counts.1
            ));
        }
    }
    lines.concat()
}

fn kind(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Enum(_) | Type::Time | Type::Json => "text",
        Type::Boolean => "boolean",
        Type::Integer | Type::Long => "integer",
        Type::Double => "double",
        Type::Instant | Type::Zoned => "instant",
        Type::Date => "date",
        Type::Blob => "blob",
    }
}

#[test]
fn duckdb_pyarrow_and_spark_read_what_the_live_tables_have() {
    let Some(_) = spark() else {
        return;
    };
    let to = folder("export");
    std::fs::remove_dir_all(&to).expect("just made");
    let mut export = command(Path::new(env!("CARGO_BIN_EXE_office365")));
    export
        .args([
            "export",
            "--demo",
            "--format",
            "parquet",
            "--partition-by",
            "UserId,year",
        ])
        .args(TABLES)
        .args([
            "--users",
            &format!("SELECT mail FROM Users WHERE mail IN ({MAILBOXES})"),
        ])
        .arg("--to")
        .arg(&to);
    run(&mut export).output();
    let readers: Vec<_> = ["duckdb", "pyarrow", "spark"]
        .into_iter()
        .map(|reader| {
            let mut host = spark().expect("asked before");
            host.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/export_readers.py"))
                .arg(reader)
                .arg(&to)
                .args(TABLES);
            (reader, host.spawn().expect("starts"))
        })
        .collect();
    let expected = expected();
    for (reader, child) in readers {
        let finished = finish(child);
        let told = finished.output();
        for (line, known) in told.lines().zip(expected.lines()) {
            assert_eq!(line, known, "{reader}");
        }
        assert_eq!(told.lines().count(), expected.lines().count(), "{reader}");
    }
}
