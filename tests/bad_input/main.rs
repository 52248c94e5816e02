//! Input that is wrong, hostile or absurd: the right rows or a clear error, never a wrong request.
//!
//! What is right is what SQLite says over a native copy of the same rows.

mod native;
mod requests;
mod statements;
#[path = "../support/mod.rs"]
mod support;

use office365::sqlite::Access;
use office365::sqlite::host::open;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use support::one;

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
