//! Everything that a user can name, as one reviewed list: `tests/surface.txt`.
//!
//! A change of the list is a change of what users rely on: `UPDATE_SURFACE=1 cargo test --test surface`
//! writes it, the difference is to be reviewed and goes into the release notes.

#[path = "support/difference.rs"]
mod difference;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use difference::without;
use office365::settings::{IGNORED, PROPERTIES};
use office365::sqlite::Access;
use office365::sqlite::host::open;
use rusqlite::Connection;

#[test]
fn the_surface_is_as_reviewed() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/surface.txt");
    let surface = surface();
    if std::env::var_os("UPDATE_SURFACE").is_some() {
        std::fs::write(&file, surface).expect("written");
        return;
    }
    let reviewed = std::fs::read_to_string(&file).expect("the reviewed list");
    let gone = without(&reviewed, &surface);
    let new = without(&surface, &reviewed);
    assert!(
        gone.is_empty() && new.is_empty(),
        "the surface changed (UPDATE_SURFACE=1 writes the list):\n- {}\n+ {}",
        gone.join("\n- "),
        new.join("\n+ ")
    );
    assert_eq!(reviewed, surface, "the order changed");
}

#[test]
fn a_connection_for_tables_only_cannot_be_changed() {
    let full = functions(&open(None, Access::Full).expect("a connection"));
    let tables = functions(&open(None, Access::TablesOnly).expect("a connection"));
    let is_procedure = |name: &&String| {
        let name = name.strip_suffix("(…)").unwrap_or_default();
        office365::procs::procedure(name).is_some()
    };
    let missing = full.difference(&tables);
    let missing: Vec<&String> = missing.filter(|name| !is_procedure(name)).collect();
    assert_eq!(
        missing,
        [
            "o365_attach(2)",
            "o365_connect(1)",
            "o365_dry_run(1)",
            "o365_last_id(0)"
        ]
    );
    let of_procedures = full.iter().filter(is_procedure).count();
    assert_eq!(of_procedures, office365::procs::ALL.len());
    assert_eq!(tables.iter().filter(is_procedure).count(), 0);
    assert!(tables.is_subset(&full));
}

fn surface() -> String {
    let connection = open(None, Access::Full).expect("a connection");
    let mut text = "Everything that a user can name: see surface.rs.\n".to_owned();
    section(&mut text, "SQL functions", functions(&connection));
    section(&mut text, "Collations", collations(&connection));
    let modules = modules(&connection);
    section(&mut text, "Modules", modules.clone());
    for module in &modules {
        let _ = writeln!(text, "\n# {module}");
        for column in columns(&connection, module) {
            let _ = writeln!(text, "{column}");
        }
    }
    section(&mut text, "Connection properties", properties());
    section(
        &mut text,
        "Connection properties without effect",
        IGNORED.iter().map(ToString::to_string),
    );
    command_line(&mut text);
    text
}

fn section(text: &mut String, title: &str, lines: impl IntoIterator<Item = String>) {
    let _ = writeln!(text, "\n# {title}");
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
}

/// A connection that has nothing of ours.
fn plain() -> Connection {
    Connection::open_in_memory().expect("a connection")
}

/// What a query gives on a connection of ours and not on a plain one.
fn ours(connection: &Connection, sql: &str) -> BTreeSet<String> {
    let names = |connection: &Connection| -> BTreeSet<String> {
        let mut statement = connection.prepare(sql).expect("prepared");
        let rows = statement.query_map([], |row| row.get(0)).expect("queried");
        rows.collect::<Result<_, _>>().expect("names")
    };
    let own = names(connection);
    own.difference(&names(&plain())).cloned().collect()
}

fn functions(connection: &Connection) -> BTreeSet<String> {
    ours(
        connection,
        "SELECT DISTINCT name || '(' || iif(narg < 0, '…', narg) || ')' FROM pragma_function_list",
    )
}

fn collations(connection: &Connection) -> BTreeSet<String> {
    ours(connection, "SELECT name FROM pragma_collation_list")
}

/// In the order of the documentation: tables of Graph first, as the catalogue has them.
fn modules(connection: &Connection) -> Vec<String> {
    let own = ours(
        connection,
        "SELECT name FROM pragma_module_list WHERE name NOT LIKE 'pragma\\_%' ESCAPE '\\'",
    );
    let tables = office365::catalog::ALL.iter().map(|table| table.name);
    let mut ordered: Vec<String> = tables.map(str::to_owned).collect();
    assert!(ordered.iter().all(|name| own.contains(name)));
    let rest: Vec<String> = own
        .iter()
        .filter(|name| !ordered.contains(name))
        .cloned()
        .collect();
    ordered.extend(rest);
    ordered
}

/// `table.name TYPE` and `hidden`, in declaration order: hidden columns are the arguments of the
/// table-valued form, in this order.
fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT name, type, hidden FROM pragma_table_xinfo(?1) ORDER BY cid")
        .expect("prepared");
    let rows = statement.query_map([table], |row| {
        let (name, declared): (String, String) = (row.get(0)?, row.get(1)?);
        let hidden = if row.get::<_, i64>(2)? == 0 {
            ""
        } else {
            " hidden"
        };
        Ok(format!("{table}.{name} {declared}{hidden}"))
    });
    rows.expect("queried")
        .collect::<Result<_, _>>()
        .expect("columns")
}

fn properties() -> Vec<String> {
    PROPERTIES
        .iter()
        .map(|property| {
            let mut line = property.name.to_owned();
            for alias in property.aliases {
                let _ = write!(line, " = {alias}");
            }
            if !property.default.is_empty() {
                let _ = write!(line, ", by default {}", property.default);
            }
            if let Some(variable) = property.variable {
                let _ = write!(line, ", from {variable}");
            }
            if property.secret {
                line.push_str(", never shown");
            }
            line
        })
        .collect()
}

fn command_line(text: &mut String) {
    let (_, help, _) = run(&["--help"], "");
    let commands = between(&help, "Commands:", "\n\n");
    section(text, "Commands", words(commands));
    section(text, "Options", options(&help));
    for command in words(commands) {
        let (_, help, _) = run(&[&command, "--help"], "");
        section(text, &format!("Options of {command}"), options(&help));
    }
    let exits = between(&help, "Exit codes:", "\n\n").replace('\n', " ");
    section(
        text,
        "Exit codes",
        exits
            .trim_end_matches('.')
            .split(", ")
            .map(|exit| exit.trim().to_owned()),
    );
    let (code, _, errors) = run(&["--output", "nonsense", "SELECT 1"], "");
    assert_eq!(code, Some(2));
    let modes = between(&errors, "use one of ", "\n");
    section(text, "Output modes", modes.split(", ").map(str::to_owned));
    let (_, help, _) = run(&[], ".help");
    section(text, "Commands of the shell", words(&help));
}

/// Exit code, standard output, standard error.
fn run(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_office365"))
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input.as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("ended");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text
        .find(start)
        .unwrap_or_else(|| panic!("no {start} in {text}"))
        + start.len();
    let behind = &text[from..];
    behind[..behind.find(end).unwrap_or(behind.len())].trim()
}

/// The first word of each line that begins an entry.
fn words(list: &str) -> Vec<String> {
    let first = |line: &str| line.split_whitespace().next().map(str::to_owned);
    list.lines().filter_map(first).collect()
}

/// `-f, --file <FILE>` and the like.
fn options(help: &str) -> Vec<String> {
    let lines = help.lines().map(str::trim_start);
    let options = lines.filter(|line| line.starts_with("-"));
    options
        .map(|line| line.split("  ").next().unwrap_or(line).to_owned())
        .collect()
}
