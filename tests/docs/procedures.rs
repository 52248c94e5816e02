//! `docs/procedures.md`: what each procedure takes and gives, what it needs, and what its example sends.

use std::fmt::Write as _;

use office365::catalog::Type;
use office365::procs::{ALL, Procedure};
use rusqlite::Connection;

/// The page.
pub fn page(connection: &Connection) -> String {
    let mut page = String::from(
        "# Procedures\n\nGenerated from the procedures by `tests/docs`; do not edit.\n\n\
         Each can be called in three ways: `EXEC Name Parameter = value, …` in our own command line; \
         `INSERT INTO Name(Parameter, …) VALUES (…)` or `… SELECT …` in every program, one call a row, made at \
         COMMIT, and `SELECT * FROM Name` then shows what came out; and `SELECT Name(…)`, one call at once, whose \
         arguments are the parameters by place or one `json_object('Parameter', value, …)`. A connection of the \
         extension is read-only until `SELECT o365_connect('Readonly=false')`; `SELECT o365_dry_run(1)` shows what \
         would be sent, and sends nothing. Names of parameters may be in capitals or not.\n\n\
         | procedure | what it does |\n| --- | --- |\n",
    );
    for procedure in ALL {
        let name = procedure.name;
        let _ = writeln!(
            page,
            "| [{name}](#{}) | {} |",
            name.to_lowercase(),
            procedure.doc
        );
    }
    for procedure in ALL {
        section(&mut page, connection, procedure);
    }
    page
}

fn section(page: &mut String, connection: &Connection, procedure: &Procedure) {
    let permission = match (procedure.permission, procedure.app_permission) {
        ("", _) => "none, nor a connection".to_owned(),
        (name, "") => format!("`{name}` (delegated), not open to applications"),
        (name, app) => format!("`{name}` (delegated), `{app}` (application)"),
    };
    let reads = match procedure.reads {
        true => " It only reads.",
        false => "",
    };
    let _ = write!(
        page,
        "\n## {}\n\n{}{reads}\n\nFunction: `{0}({})`. Permission: {permission}.\n\n\
         | parameter | what it is |\n| --- | --- |\n",
        procedure.name,
        procedure.doc,
        procedure.positional.join(", "),
    );
    for parameter in procedure.parameters {
        let notes = match (parameter.required, parameter.ty) {
            (true, _) => " *(required)*",
            (_, Type::Blob) => " *(BLOB)*",
            _ => "",
        };
        let _ = writeln!(page, "| `{}` | {}{notes} |", parameter.name, parameter.doc);
    }
    page.push_str("\n| output | what it is |\n| --- | --- |\n");
    for output in procedure.outputs {
        let _ = writeln!(page, "| `{}` | {} |", output.name, output.doc);
    }
    let _ = write!(page, "\n```text\n{}\n```\n", procedure.example);
    let shown = dry_run(connection, procedure);
    if !shown.is_empty() {
        let _ = write!(page, "\nsends:\n\n```text\n{}\n```\n", shown.join("\n"));
    }
}

/// What the example sends: one line a request.
fn dry_run(connection: &Connection, procedure: &Procedure) -> Vec<String> {
    let call =
        office365::cli::exec::parse(procedure.example).unwrap_or_else(|error| panic!("{error}"));
    connection
        .execute_batch(&call.insert)
        .unwrap_or_else(|error| panic!("{error}\n{}", procedure.example));
    let name = procedure.name;
    let sql = format!("SELECT Result ->> 'Requests' FROM {name} ORDER BY o365_call DESC LIMIT 1");
    let requests: Option<String> = connection
        .query_row(&sql, [], |row| row.get(0))
        .unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let requests: Vec<serde_json::Value> =
        requests.map_or_else(Vec::new, |text| serde_json::from_str(&text).expect("JSON"));
    requests
        .iter()
        .map(|request| {
            let text = |name: &str| request[name].as_str().unwrap_or_default();
            let line = format!("{} {}", text("method"), text("path"));
            match &request["body"] {
                serde_json::Value::Null => line,
                body => format!("{line} {body}"),
            }
        })
        .collect()
}
