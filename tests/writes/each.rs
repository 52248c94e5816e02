//! Every procedure, by the call that its documentation shows: it succeeds, a wrong parameter is named, a
//! refusal names the permission, a lost answer is not asked for again, and a dry run sends nothing.

use office365::procs::{ALL, Procedure};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::support::failure;
use crate::support::server::{Act, Scripted, Seen};
use crate::{requests, taken, willing, writer};

/// The example as a statement: what EXEC makes of it.
fn call(procedure: &Procedure) -> String {
    let text = procedure.example.trim_start_matches("EXEC ").trim();
    let (name, arguments) = text.split_once(' ').unwrap_or((text, ""));
    assert_eq!(name, procedure.name, "{}", procedure.example);
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for argument in arguments_of(arguments) {
        let (name, value) = argument.split_once(" = ").expect("Name = value");
        names.push(name.trim().to_owned());
        values.push(value.trim().to_owned());
    }
    format!(
        "INSERT INTO {name}({}) SELECT {}",
        names.join(", "),
        values.join(", ")
    )
}

/// The parts between commas that are in no text and no parentheses.
fn arguments_of(text: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut from, mut parts) = (0, false, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

fn result(connection: &Connection, procedure: &Procedure) -> serde_json::Value {
    let sql = format!(
        "SELECT Result FROM {} ORDER BY o365_call DESC LIMIT 1",
        procedure.name
    );
    let text: String = connection
        .query_row(&sql, [], |row| row.get(0))
        .expect("a call");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn the_example_of_each_succeeds() {
    for procedure in ALL {
        let server = willing();
        let connection = writer(&server, "");
        let sql = call(procedure);
        connection
            .execute_batch(&sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        let result = result(&connection, procedure);
        assert_eq!(result["Status"], "Success", "{}: {result}", procedure.name);
        let is_known = |name: &String| procedure.output(name).is_some();
        let names: Vec<String> = result
            .as_object()
            .expect("a record")
            .keys()
            .cloned()
            .collect();
        assert!(names.iter().all(is_known), "{}: {names:?}", procedure.name);
        if procedure.reads {
            assert_eq!(requests(&server), 0, "{} only reads", procedure.name);
        }
    }
}

#[test]
fn a_dry_run_of_each_shows_what_the_call_sends() {
    for procedure in ALL {
        let server = willing();
        let connection = writer(&server, "");
        connection
            .query_row("SELECT o365_dry_run(1)", [], |_| Ok(()))
            .expect("a dry run");
        let sql = call(procedure);
        connection
            .execute_batch(&sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(requests(&server), 0, "{}", procedure.name);
        let shown = result(&connection, procedure);
        let planned = shown["Requests"].as_array().expect("requests").len();
        connection
            .query_row("SELECT o365_dry_run(0)", [], |_| Ok(()))
            .expect("no dry run");
        connection.execute_batch(&sql).expect("it succeeded before");
        let sent = requests(&server) + server.tokens().len();
        assert_eq!(sent, planned, "{}: {shown}", procedure.name);
        assert!(
            ["Contoso-2026", "demo-secret", "0.AXEA"]
                .iter()
                .all(|secret| !shown.to_string().contains(secret)),
            "a secret: {shown}"
        );
    }
}

#[test]
fn a_wrong_parameter_is_named_before_anything_is_sent() {
    // Two have functions that give the plain number.
    let plain = ["IsLicenseAvailable", "GetAvailableLicenseCount"];
    for procedure in ALL
        .iter()
        .filter(|procedure| !plain.contains(&procedure.name))
    {
        let server = willing();
        let connection = writer(&server, "");
        let name = procedure.name;
        let error = failure(
            &connection,
            &format!("SELECT {name}(json_object('Nonsense', 'x'))"),
        );
        assert!(
            error.contains("Nonsense is no parameter"),
            "{name}: {error}"
        );
        assert!(error.contains("The parameters are: "), "{name}: {error}");
        if let Some(required) = procedure
            .parameters
            .iter()
            .find(|parameter| parameter.required)
        {
            let error = failure(&connection, &format!("SELECT {name}('{{}}')"));
            assert!(
                error.contains(&format!("{} is missing", required.name)),
                "{name}: {error}"
            );
        }
        assert_eq!(requests(&server), 0, "{name}");
    }
}

/// Refuses or cuts whatever changes something.
fn unwilling(act: fn() -> Act) -> Scripted {
    Scripted::start(move |seen: &Seen, _| match seen.method.as_str() {
        "GET" => taken(seen),
        _ => act(),
    })
}

#[test]
fn a_refusal_names_the_permission() {
    for procedure in ALL.iter().filter(|procedure| sends(procedure)) {
        let server = unwilling(|| Act::refusal(403, "ErrorAccessDenied", Vec::new()));
        let connection = writer(&server, "");
        let error = failure(&connection, &call(procedure));
        let name = procedure.name;
        assert!(error.contains(procedure.permission), "{name}: {error}");
        assert!(error.contains("403"), "{name}: {error}");
        assert_eq!(state(&connection), "failed", "{name}");
    }
}

#[test]
fn a_lost_answer_is_not_asked_for_again() {
    for procedure in ALL.iter().filter(|procedure| sends(procedure)) {
        let server = unwilling(|| Act::Cut);
        let connection = writer(&server, "");
        let error = failure(&connection, &call(procedure));
        let name = procedure.name;
        assert!(
            error.contains("may have been done or not"),
            "{name}: {error}"
        );
        assert_eq!(requests(&server), 1, "{name}");
        assert_eq!(state(&connection), "unknown", "{name}");
    }
}

#[test]
fn a_read_only_connection_calls_what_only_reads() {
    for procedure in ALL {
        let server = willing();
        let connection = crate::support::signed_in(&server, &crate::application(&server));
        let outcome = connection.execute_batch(&call(procedure));
        let name = procedure.name;
        match procedure.reads {
            true => outcome.unwrap_or_else(|error| panic!("{name}: {error}")),
            false => assert!(
                outcome.is_err_and(|error| error.to_string().contains("read-only")),
                "{name}"
            ),
        }
    }
}

/// Whether the example sends something that changes something.
fn sends(procedure: &Procedure) -> bool {
    let idle = ["RawRequest", "DeleteAllSubscriptions"];
    !procedure.reads && !idle.contains(&procedure.name)
}

fn state(connection: &Connection) -> String {
    let sql = "SELECT state FROM o365_writes ORDER BY seq DESC LIMIT 1";
    match connection
        .query_row(sql, [], |row| row.get(0))
        .expect("a write")
    {
        Value::Text(state) => state,
        other => panic!("{other:?}"),
    }
}
