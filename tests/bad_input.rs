//! Input that is wrong, hostile or absurd: the right rows or a clear error, never a wrong request.
//!
//! What is right is what SQLite says over a native copy of the same rows.

mod support;

use office365::sqlite::Access;
use office365::sqlite::host::open;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use support::{failure, one};

/// Texts that end a literal, a segment or a query option elsewhere.
fn nasty() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "'",
        "''",
        "O'Brien",
        "'; drop table Users; --",
        "' or 1 eq 1 or '",
        "') or (true",
        "a/b",
        "../..",
        "..",
        ".",
        "/",
        "//",
        "%2F",
        "%2e%2e",
        "%",
        "%%",
        "_",
        "*",
        "[a",
        "a]b",
        "?",
        "$count",
        "$value",
        "delta()",
        "x('y')",
        "x?$top=1",
        "a&$filter=true",
        "#",
        "a#b",
        "a+b",
        "a b",
        "\\",
        "\"",
        "\"quoted\"",
        "a\nb",
        "a\r\nHost: evil",
        "a\tb",
        "null",
        "true",
        "1",
        "1.0",
        "-1",
        "1e999",
        "ü",
        "ÅNGSTRÖM",
        "😀",
        "\u{202e}",
        "İ",
        "ß",
        "\u{0}",
        "a\u{0}b",
        "\u{feff}x",
        "ſ",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("x".repeat(10_240));
    texts.push("'".repeat(10_240));
    texts.push("ü".repeat(121));
    texts
}

/// Values of every type, sensible or not.
fn values() -> Vec<Value> {
    let mut values: Vec<Value> = nasty().into_iter().map(Value::Text).collect();
    values.extend([
        Value::Null,
        Value::Integer(0),
        Value::Integer(1),
        Value::Integer(2),
        Value::Integer(-1),
        Value::Integer(i64::MAX),
        Value::Integer(i64::MIN),
        Value::Real(0.0),
        Value::Real(0.5),
        Value::Real(1.0),
        Value::Real(-0.0),
        Value::Real(1e300),
        Value::Real(f64::INFINITY),
        Value::Blob(Vec::new()),
        Value::Blob(b"Sales".to_vec()),
        Value::Blob(vec![0xff, 0xfe, 0]),
        Value::Text("2026-13-45".into()),
        Value::Text("2026-02-30 25:61:61".into()),
        Value::Text("yesterday".into()),
        Value::Text("0000-00-00".into()),
        Value::Text("9999-12-31T23:59:59.9999999Z".into()),
        Value::Text("-4712-01-01".into()),
        Value::Text("2026-01-01T00:00:00+99:99".into()),
        Value::Text("2025-06-01".into()),
        Value::Text(" 2025-06-01 ".into()),
        Value::Integer(1_750_000_000_000),
        Value::Text("Sales".into()),
        Value::Text("SALES".into()),
    ]);
    values
}

fn demo() -> Connection {
    let connection = open(None, Access::Full).expect("a connection");
    one::<String>(&connection, "SELECT o365_connect('Demo=true')");
    connection
}

/// Every request so far is one that the driver means: a known path, known options, each once.
fn assert_sane(connection: &Connection) {
    const OPTIONS: &[&str] = &[
        "$select",
        "$filter",
        "$orderby",
        "$top",
        "$count",
        "$search",
        "$skip",
        "$skiptoken",
        "includeHiddenFolders",
        "startDateTime",
        "endDateTime",
    ];
    let urls: Vec<String> = support::column(
        connection,
        "SELECT url FROM o365_requests WHERE status IS NOT NULL",
    );
    for text in urls {
        let url = url::Url::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(url.host_str(), Some("demo.localhost"), "{text}");
        assert!(
            url.as_str().starts_with("http://demo.localhost/v1.0/"),
            "{text}"
        );
        assert_eq!(url.fragment(), None, "{text}");
        assert!(text.len() <= 16_384, "{} bytes", text.len());
        assert!(
            !text.contains(char::is_control) && text.is_ascii(),
            "{text}"
        );
        let mut names: Vec<String> = url
            .query_pairs()
            .map(|(name, _)| name.into_owned())
            .collect();
        for name in &names {
            assert!(OPTIONS.contains(&name.as_str()), "{name} in {text}");
        }
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "an option twice: {text}");
    }
}

/// What a condition keeps, as a count.
fn kept(
    connection: &Connection,
    table: &str,
    condition: &str,
    value: &Value,
) -> Result<i64, String> {
    let sql = format!("SELECT count(*) FROM {table} WHERE {condition}");
    connection
        .query_row(&sql, params![value], |row| row.get(0))
        .map_err(|error| error.to_string())
}

/// Compares every operator and value over some columns of a table with a native copy.
fn compare(table: &str, source: &str, columns: &[&str]) {
    let connection = demo();
    let declared: Vec<String> = {
        let mut statement = connection
            .prepare("SELECT name, type FROM pragma_table_xinfo(?1)")
            .expect("prepared");
        let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)));
        let all: Vec<(String, String)> = rows
            .expect("queried")
            .collect::<Result<_, _>>()
            .expect("columns");
        let ty = |name: &str| {
            all.iter()
                .find(|(column, _)| column == name)
                .expect("a column")
                .1
                .clone()
        };
        let declare = |name: &&str| match ty(name) {
            ty if ty.contains("TIMESTAMP") => format!("\"{name}\" \"{ty}\" COLLATE o365_instant"),
            ty => format!("\"{name}\" {ty}"),
        };
        columns.iter().map(declare).collect()
    };
    connection
        .execute_batch(&format!(
            "CREATE TEMP TABLE copy({}); INSERT INTO copy SELECT {} FROM {source};",
            declared.join(", "),
            columns.join(", ")
        ))
        .expect("a copy");
    let mut differences = Vec::new();
    for column in columns {
        for condition in [
            "= ?1",
            "<> ?1",
            ">= ?1",
            "< ?1",
            "IS ?1",
            "LIKE ?1",
            "GLOB ?1",
            "LIKE ?1 || '%'",
            "IN (?1, 'Sales', NULL)",
        ] {
            let condition = format!("{column} {condition}");
            for value in values() {
                let ours = kept(&connection, source, &format!("{condition} AND 1"), &value);
                let native = kept(&connection, "copy", &condition, &value);
                if ours != native {
                    differences.push(format!(
                        "{condition} with {value:?}: {ours:?}, natively {native:?}"
                    ));
                }
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert_sane(&connection);
}

#[test]
fn users_compare_as_native_rows() {
    compare(
        "Users",
        "Users",
        &[
            "displayName",
            "department",
            "mail",
            "accountEnabled",
            "createdDateTime",
            "companyName",
        ],
    );
}

#[test]
fn messages_compare_as_native_rows() {
    compare(
        "Messages",
        "Messages('miriam@contoso.com')",
        &[
            "subject",
            "from_emailAddress_address",
            "isRead",
            "receivedDateTime",
            "importance",
            "toRecipients",
        ],
    );
}

#[test]
fn folders_compare_as_native_rows() {
    compare(
        "MailFolders",
        "MailFolders('miriam@contoso.com')",
        &["displayName", "totalItemCount", "path"],
    );
}

#[test]
fn events_compare_as_native_rows() {
    compare(
        "Events",
        "Events('alex@contoso.com')",
        &["subject", "start_dateTime", "isAllDay", "type"],
    );
}

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
fn ids_stay_in_their_segment() {
    let connection = demo();
    for (table, prefix) in [
        ("Messages", "/v1.0/me/messages/"),
        ("MailFolders", "/v1.0/me/mailFolders/"),
        ("Events", "/v1.0/me/events/"),
        ("Users", "/v1.0/users/"),
        ("Files", "/v1.0/me/drive/items/"),
    ] {
        for id in nasty() {
            let before: i64 = one(&connection, "SELECT ifnull(max(seq), 0) FROM o365_requests");
            let rows = kept(&connection, table, "id = ?1", &Value::Text(id.clone()));
            assert_eq!(rows, Ok(0), "{table} {id:?}");
            let mut statement = connection
                .prepare("SELECT url FROM o365_requests WHERE seq > ?1 AND cache <> 'hit'")
                .expect("prepared");
            let urls = statement
                .query_map([before], |row| row.get::<_, String>(0))
                .expect("queried");
            for url in urls {
                let url = url.expect("a URL");
                let parsed = url::Url::parse(&url).expect("a URL");
                let segment = parsed
                    .path()
                    .strip_prefix(prefix)
                    .unwrap_or_else(|| panic!("{id:?}: {url}"));
                assert!(
                    !segment.is_empty() && !segment.contains('/'),
                    "{id:?}: {url}"
                );
                let decoded = percent_encoding::percent_decode_str(segment)
                    .decode_utf8()
                    .expect("UTF-8");
                assert_eq!(decoded, id, "{url}");
            }
        }
    }
    assert_sane(&connection);
}

#[test]
fn mailboxes_and_folders_stay_in_their_segment() {
    let connection = demo();
    for text in nasty() {
        let value = Value::Text(text.clone());
        for (table, condition) in [
            ("Messages", "UserId = ?1"),
            ("Messages", "folder = ?1"),
            ("MailFolders", "folder = ?1"),
            ("Events", "CalendarId = ?1"),
            ("Files", "DriveId = ?1 AND folder = '/'"),
            ("Drives", "UserId = ?1"),
        ] {
            // A mailbox that does not exist is an error, one that cannot exist may be no rows.
            if let Ok(rows) = kept(&connection, table, condition, &value) {
                assert_eq!(rows, 0, "{table} {condition} {text:?}");
            }
        }
    }
    assert_sane(&connection);
    let elsewhere: Vec<String> = support::column(
        &connection,
        "SELECT url FROM o365_requests WHERE url NOT LIKE '%/v1.0/users/%/messages?%'
           AND url NOT LIKE '%/v1.0/users(%/messages?%' AND url NOT LIKE '%/v1.0/users(%/drives?%'
           AND url NOT LIKE '%/v1.0/users/%/drives?%' AND url NOT LIKE '%/v1.0/drives/%/root/children?%'
           AND url NOT LIKE '%/v1.0/me/mailFolders%' AND url NOT LIKE '%/v1.0/me/calendars/%/events?%'",
    );
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn paths_of_files_stay_below_the_root() {
    let connection = demo();
    for text in nasty() {
        for path in [
            text.clone(),
            format!("/{text}"),
            format!("/Documents/{text}"),
        ] {
            let rows = kept(
                &connection,
                "Files",
                "path = ?1",
                &Value::Text(path.clone()),
            );
            match rows {
                Ok(rows) => assert!(rows <= 1, "{path:?}"),
                Err(error) => assert!(error.contains("bytes long"), "{path:?}: {error}"),
            }
        }
    }
    assert_sane(&connection);
    let elsewhere: Vec<String> = support::column(
        &connection,
        "SELECT url FROM o365_requests WHERE url NOT LIKE '%/v1.0/me/drive/root:/%'",
    );
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn a_search_is_one_option() {
    let connection = demo();
    for text in nasty() {
        let value = Value::Text(text.clone());
        for table in ["Messages", "Users", "Files"] {
            // Graph may refuse a search; the error is its sentence then.
            if let Err(error) = kept(&connection, table, &format!("{table} MATCH ?1"), &value) {
                assert!(error.starts_with(table), "{text:?}: {error}");
            }
        }
    }
    assert_sane(&connection);
}

#[test]
fn a_raw_filter_is_one_option() {
    let connection = demo();
    for text in nasty() {
        if let Err(error) = kept(
            &connection,
            "Users",
            "filter = ?1",
            &Value::Text(text.clone()),
        ) {
            assert!(error.starts_with("Users"), "{text:?}: {error}");
        }
    }
    assert_sane(&connection);
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
fn numbers_and_blobs_are_no_mailbox() {
    let connection = demo();
    for value in [
        Value::Null,
        Value::Integer(5),
        Value::Real(0.5),
        Value::Blob(b"adele@contoso.com".to_vec()),
    ] {
        if let Ok(rows) = kept(&connection, "Messages", "UserId = ?1", &value) {
            assert_eq!(rows, 0, "{value:?}");
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
