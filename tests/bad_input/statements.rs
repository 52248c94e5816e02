//! Statements, windows, limits and connection strings that make no sense.

use rusqlite::types::Value;

use crate::support::{failure, one};
use crate::{assert_sane, demo, kept, nasty};

#[test]
fn a_name_that_is_not_there_is_sqlites_error_and_no_request() {
    let connection = demo();
    for (sql, sentence) in [
        ("SELECT nonsense FROM Messages", "no such column: nonsense"),
        ("SELECT subject FROM Mesages", "no such table: Mesages"),
        (
            "SELECT subject FROM Messages WHERE from.address = 'x'",
            "syntax error",
        ),
        (
            "SELECT subject FROM Messages(1,2,3,4,5,6,7,8,9)",
            "too many arguments",
        ),
        ("SELECT o365_nonsense()", "no such function: o365_nonsense"),
    ] {
        let error = failure(&connection, sql);
        assert!(error.contains(sentence), "{sql}: {error}");
    }
    assert_eq!(
        one::<i64>(&connection, "SELECT count(*) FROM o365_requests"),
        0
    );
}

#[test]
fn text_that_is_not_utf8_is_no_row_and_no_request_of_another_kind() {
    let connection = demo();
    for bytes in ["ff", "61ff62", "c328", "eda080", "53616c6573ff"] {
        for condition in [
            "department = {}",
            "department LIKE {}",
            "department GLOB {}",
            "department IN ({}, 'x')",
            "id = {}",
            "createdDateTime >= {} AND 0",
            "companyName = {}",
        ] {
            let condition = condition.replace("{}", &format!("CAST(x'{bytes}' AS TEXT)"));
            let rows = kept(
                &connection,
                "Users",
                &format!("{condition} AND ?1 IS NULL"),
                &Value::Null,
            );
            assert_eq!(rows, Ok(0), "{condition}");
        }
        for (table, condition) in [
            ("Messages", "UserId = {}"),
            ("Messages", "folder = {}"),
            ("Users", "Users MATCH {}"),
            ("Files", "path = {}"),
        ] {
            let condition = condition.replace("{}", &format!("CAST(x'{bytes}' AS TEXT)"));
            if let Ok(rows) = kept(
                &connection,
                table,
                &format!("{condition} AND ?1 IS NULL"),
                &Value::Null,
            ) {
                assert_eq!(rows, 0, "{table} {condition}");
            }
        }
    }
    assert_sane(&connection);
}

#[test]
fn limits_that_are_none() {
    let connection = demo();
    let rows = |limit: &str| {
        one::<i64>(
            &connection,
            &format!("SELECT count(*) FROM (SELECT displayName FROM Users LIMIT {limit})"),
        )
    };
    assert_eq!(rows("-1"), 60);
    assert_eq!(rows("0"), 0);
    assert_eq!(rows("9223372036854775807"), 60);
    assert_eq!(rows("9223372036854775807 OFFSET 9223372036854775807"), 0);
    assert_eq!(rows("5 OFFSET -3"), 5);
    assert_eq!(rows("5 OFFSET 58"), 2);
    assert!(
        failure(&connection, "SELECT displayName FROM Users LIMIT 'x'")
            .contains("datatype mismatch")
    );
    assert_sane(&connection);
}

#[test]
fn windows_that_are_none() {
    let connection = demo();
    for text in nasty() {
        let value = Value::Text(text.clone());
        let condition = "windowStart = ?1 AND windowEnd = '2026-03-08'";
        let error = kept(&connection, "CalendarView", condition, &value);
        match error {
            // Only what means a point in time is asked with.
            Ok(_) => assert!(text.trim().parse::<f64>().is_ok(), "{text:?}"),
            Err(error) => assert!(
                error.contains("point in time") && error.len() < 400,
                "{text:?}: {error}"
            ),
        }
    }
    assert_sane(&connection);
}

#[test]
fn connection_strings_that_are_none() {
    let connection = demo();
    for text in nasty() {
        if let Err(error) = connection.query_row("SELECT o365_connect(?1)", [&text], |row| {
            row.get::<_, String>(0)
        }) {
            let error = error.to_string();
            assert!(error.len() < 400, "{text:?}: {error}");
        }
    }
    for sql in [
        "SELECT o365_connect(NULL)",
        "SELECT o365_connect(5)",
        "SELECT o365_connect(x'00')",
        "SELECT o365_connect()",
    ] {
        failure(&connection, sql);
    }
    // What was wrong changed nothing.
    assert_eq!(one::<i64>(&connection, "SELECT count(*) FROM Users"), 60);
}
