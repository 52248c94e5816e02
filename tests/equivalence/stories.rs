//! One test for each answer that was wrong once, or that the reasons behind the planner forbid: what
//! happened is told above it.

use office365::sqlite::{Access, host};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use crate::compare::run;
use crate::world::{graph, world};

/// The answer of one connection, one text a row.
fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let rows = run(connection, sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    rows.into_iter().map(|row| row.join("|")).collect()
}

/// With and without pushdown.
fn both(sql: &str) -> (Vec<String>, Vec<String>) {
    let (pushed, plain) = (graph("CacheTTL=0"), graph("Pushdown=off"));
    let (mut pushed, mut plain) = (rows(&pushed, sql), rows(&plain, sql));
    pushed.sort();
    plain.sort();
    (pushed, plain)
}

fn same(sql: &str, count: usize) {
    let (pushed, plain) = both(sql);
    assert_eq!(pushed, plain, "{sql}");
    assert_eq!(pushed.len(), count, "{sql}");
}

fn one(sql: &str) -> String {
    let answer = rows(&graph(""), sql);
    assert_eq!(answer.len(), 1, "{sql}");
    answer[0].trim_matches('\'').to_owned()
}

/// `id = 'X' COLLATE NOCASE` asked for the item `X`, letter for letter, and lost the one whose id has
/// small letters.
#[test]
fn an_id_without_case_is_no_key() {
    let id = one("SELECT id FROM Users ORDER BY id DESC LIMIT 1").to_uppercase();
    same(
        &format!("SELECT id FROM Users WHERE id = '{id}' COLLATE NOCASE"),
        1,
    );
    same(&format!("SELECT id FROM Users WHERE id = '{id}'"), 0);
    let folder = one("SELECT id FROM MailFolders WHERE displayName = 'Inbox'").to_uppercase();
    let sql = format!("FROM MailFolders WHERE id COLLATE NOCASE IN ('{folder}', '-')");
    same(&format!("SELECT id {sql}"), 1);
}

/// A column with INTEGER affinity makes numbers of the texts it is compared with: `'007' = 7` holds.
/// The filter `eq '7'` lost such rows.
#[test]
fn numbers_of_other_tables_compare_as_numbers() {
    for connection in [graph("CacheTTL=0"), graph("Pushdown=off")] {
        connection
            .execute_batch(
                "CREATE TABLE numbers(n INTEGER);
                 INSERT INTO numbers SELECT CAST(employeeId AS INTEGER) FROM Users",
            )
            .expect("a local table");
        let sql = "SELECT count(*) FROM Users WHERE employeeId IN (SELECT n FROM numbers)";
        let with_id = rows(&connection, "SELECT count(employeeId) FROM Users");
        assert_eq!(rows(&connection, sql), with_id);
        let sql = "SELECT count(DISTINCT id) FROM numbers, Users WHERE employeeId = n";
        assert_eq!(rows(&connection, sql), with_id);
    }
}

/// Of `filter IN (a, b)` only the first was asked.
#[test]
fn each_filter_of_a_list_is_asked() {
    let sql = "SELECT filter, id FROM Users
               WHERE filter IN ('accountEnabled eq true', 'accountEnabled eq false')";
    let all: usize = one("SELECT count(*) FROM Users").parse().expect("a number");
    same(sql, all);
}

/// An input that was given as bytes counted as not given: another mailbox answered.
#[test]
fn bytes_name_no_mailbox_and_no_drive() {
    same("SELECT id FROM Messages WHERE UserId = x'6c69646961'", 0);
    same("SELECT id FROM Files WHERE DriveId = x'62'", 0);
    same("SELECT id FROM Users WHERE filter = x'62'", 0);
}

/// A message that two folders show is a row of both: a search folder finds what lies in others.
#[test]
fn a_row_of_two_folders_comes_twice() {
    let inbox: usize = one("SELECT count(*) FROM Messages WHERE folder = 'inbox'")
        .parse()
        .expect("a number");
    let sql = "SELECT id FROM Messages WHERE folder IN ('inbox', 'Inbox', 'INBOX')";
    same(sql, inbox * 3);
}

/// Rows that were only counted are read again when a value is wanted after all; with several mailboxes
/// the rows of the first page then counted as repeated, and as many others were lost.
#[test]
fn counted_rows_can_be_read_after_all() {
    let answer = |more: &str| {
        let connection = graph(more);
        let ticks = std::sync::atomic::AtomicI64::new(0);
        connection
            .create_scalar_function(c"tick", 0, FunctionFlags::SQLITE_UTF8, move |_| {
                Ok(ticks.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
            })
            .expect("a function");
        // The values of rows before the tenth are not looked at.
        rows(
            &connection,
            "SELECT CASE WHEN tick() >= 10 THEN receivedDateTime END FROM Messages
             WHERE UserId IN ('lidia@contoso.com', 'miriam@contoso.com')
               AND receivedDateTime >= '2020-01-01'",
        )
    };
    let (pushed, plain) = (answer("CacheTTL=0;Pagesize=4"), answer("Pushdown=off"));
    assert_eq!(pushed.len(), 200);
    assert_eq!(plain.len(), 200);
    let nulls = |rows: &[String]| rows.iter().filter(|row| *row == "NULL").count();
    assert_eq!((nulls(&pushed), nulls(&plain)), (10, 10));
    let different: std::collections::HashSet<&String> = pushed.iter().collect();
    assert!(different.len() > 150, "{}", different.len());
}

/// An event can end behind the later and begin before the earlier point: the window went backwards and
/// no request was made.
#[test]
fn a_window_given_backwards_finds_what_lasts_over_it() {
    let sql = "SELECT id FROM CalendarView WHERE end_dateTime > '2026-01-20' AND start_dateTime < '2026-01-10'";
    let wide = "SELECT id FROM CalendarView
                WHERE windowStart = '2025-06-01' AND windowEnd = '2026-06-01'
                  AND +end_dateTime > '2026-01-20' AND +start_dateTime < '2026-01-10'";
    let connection = graph("CacheTTL=0");
    assert_eq!(rows(&connection, sql), rows(&connection, wide));
}

/// A bound a day beyond the last year was written with five digits, and sorted before every date.
#[test]
fn bounds_at_the_ends_of_the_calendar_lose_nothing() {
    for term in [
        "end_dateTime < '9999-12-31'",
        "start_dateTime > '0001-01-01'",
        "start_dateTime > '0000-01-01'",
        "lastModifiedDateTime <= '9999-12-31 23:59:59'",
        "lastModifiedDateTime < 999999999999999999",
    ] {
        let sql = format!("SELECT count(*) FROM Events WHERE {term}");
        let (pushed, plain) = both(&sql);
        assert_eq!(pushed, plain, "{term}");
        assert_ne!(pushed, ["0"], "{term}");
    }
}

/// SQLite took the branches of an OR rather than the search, and nothing but the search can say MATCH.
#[test]
fn a_search_stands_beside_an_or() {
    let sql = "SELECT id FROM Users WHERE Users MATCH 'a' AND (id = '-' OR department = 'Sales')";
    let (pushed, plain) = both(sql);
    assert_eq!(pushed, plain);
    assert!(!pushed.is_empty());
    let sql = "SELECT id FROM Users WHERE Users MATCH 'a' AND Users = 'a' LIMIT 3";
    assert_eq!(rows(&graph(""), sql).len(), 3);
}

/// SQLite loses the collation of a hidden column of a virtual table: hidden instants compared as text.
#[test]
fn hidden_instants_compare_by_instant_too() {
    let column = "signInActivity_lastSignInDateTime";
    let text = one(&format!("SELECT max({column}) FROM Users")).replace(' ', "T");
    same(
        &format!("SELECT id FROM Users WHERE {column} = '{text}Z'"),
        1,
    );
    same(
        &format!("SELECT id FROM Users WHERE {column} > '{text}Z'"),
        0,
    );
}

/// Paths and ids that end paths elsewhere name nothing, and are no error.
#[test]
fn odd_keys_are_no_rows() {
    let long = "x".repeat(10_000);
    for key in [
        "", ".", "..", "$count", "delta", "a\u{0}b", "🎉", "a/b", "('x')", "inbox", "root", &long,
    ] {
        for (table, column) in [
            ("Users", "id"),
            ("Messages", "id"),
            ("Messages", "parentFolderId"),
            ("MailFolders", "id"),
            ("MailFolders", "parentFolderId"),
            ("Events", "id"),
            ("Calendars", "id"),
            ("Drives", "id"),
            ("Files", "id"),
            ("Files", "path"),
            ("Files", "parentReference_id"),
        ] {
            for more in ["CacheTTL=0", ""] {
                let connection = graph(more);
                let user = match table {
                    "Files" => " AND UserId = 'isaiah@contoso.com'",
                    _ => "",
                };
                let count: i64 = connection
                    .query_row(
                        &format!("SELECT count(*) FROM {table} WHERE {column} = ?1{user}"),
                        [key],
                        |row| row.get(0),
                    )
                    .unwrap_or_else(|error| panic!("{table}.{column} = {key:.20}: {error}"));
                assert_eq!(count, 0, "{table}.{column} = {key:.20}");
            }
        }
    }
}

/// Folders' and drives' roots can be had by their ids but are no rows of a listing.
#[test]
fn roots_are_no_rows() {
    let root = one("SELECT parentFolderId FROM MailFolders WHERE displayName = 'Inbox'");
    same(&format!("SELECT * FROM MailFolders WHERE id = '{root}'"), 0);
    let top = one(
        "SELECT count(*) FROM MailFolders WHERE length(path) - length(replace(path, '/', '')) = 1",
    );
    same(
        &format!("SELECT displayName FROM MailFolders WHERE parentFolderId = '{root}'"),
        top.parse().expect("a number"),
    );
    let drive = "FROM Files WHERE UserId = 'isaiah@contoso.com' AND";
    let root = one(&format!(
        "SELECT DISTINCT parentReference_id {drive} folder = 'root'"
    ));
    same(&format!("SELECT * {drive} id = '{root}'"), 0);
}

/// Hidden folders below a hidden one are not in its `childFolderCount`: the walk ended above them, and a
/// join by parent found more folders than there were.
#[test]
fn hidden_folders_of_hidden_ones_are_rows() {
    let sql = "SELECT path FROM MailFolders WHERE path LIKE '/Sync Issues/%'";
    same(sql, 3);
    let sql = "SELECT b.id FROM MailFolders a CROSS JOIN MailFolders b ON b.parentFolderId = a.id";
    let (pushed, plain) = both(sql);
    assert_eq!(pushed, plain);
}

/// Drive items of two drives have the same ids: their numbers must differ, or SQLite merges them.
#[test]
fn rows_of_two_owners_have_two_numbers() {
    let sql = "FROM Files WHERE UserId IN ('isaiah@contoso.com', 'diego@contoso.com')";
    let ids = one(&format!("SELECT count(DISTINCT id) {sql}"));
    let numbers = one(&format!("SELECT count(DISTINCT rowid) {sql}"));
    assert_eq!((ids.as_str(), numbers.as_str()), ("50", "70"));
}

/// A list longer than one filter takes is asked in parts, and each part counts.
#[test]
fn each_part_of_a_long_list_is_asked() {
    let all = one("SELECT count(*) FROM Users").parse().expect("a number");
    same(
        "SELECT id FROM Users WHERE displayName IN (SELECT displayName FROM Users)",
        all,
    );
}

/// A plan outlives the setting it was made with: hosts keep prepared statements.
#[test]
fn a_prepared_statement_outlives_pushdown() {
    let connection = graph("CacheTTL=0");
    let sql = "SELECT count(*), min(receivedDateTime) FROM Messages
               WHERE isRead = 1 AND importance <> 'low' AND receivedDateTime >= '2026-01-01'";
    let mut statement = connection.prepare(sql).expect("a statement");
    let mut ask = || -> (i64, String) {
        statement
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("a row")
    };
    let first = ask();
    connection
        .query_row("SELECT o365_connect('Pushdown=off')", [], |_| Ok(()))
        .expect("a setting");
    assert_eq!(ask(), first);
    connection
        .query_row("SELECT o365_connect('Pushdown=on;CacheTTL=60')", [], |_| {
            Ok(())
        })
        .expect("a setting");
    assert_eq!((ask(), ask()), (first.clone(), first));
}

/// Eponymous and created tables are the same.
#[test]
fn a_created_table_answers_like_the_eponymous_one() {
    let connection = host::open(None, Access::Full).expect("memory");
    connection
        .query_row("SELECT o365_connect('Demo=true')", [], |_| Ok(()))
        .expect("the demo tenant");
    connection
        .execute_batch("CREATE VIRTUAL TABLE mail USING Messages(UserId='lidia@contoso.com')")
        .expect("a table");
    let count = world()
        .variants
        .iter()
        .find(|variant| {
            variant.given.contains("lidia@contoso.com'") && variant.table.name == "Messages"
        })
        .map(|variant| variant.len().to_string());
    assert_eq!(
        rows(&connection, "SELECT count(*) FROM mail")
            .first()
            .cloned(),
        count
    );
}

/// SQLite leaves a term with a subquery out of the branches of an OR, so the branches read the
/// connection's own mailbox, and the rows of the one that was asked for were lost.
#[test]
fn an_input_from_a_subquery_stands_beside_an_or() {
    for (given, literal) in [
        (
            "UserId = (SELECT 'adele@contoso.com')",
            "UserId = 'adele@contoso.com'",
        ),
        (
            "UserId IN (SELECT mail FROM Users WHERE mail LIKE 'adele@%')",
            "UserId = 'adele@contoso.com'",
        ),
        ("folder = (SELECT 'inbox')", "folder = 'inbox'"),
    ] {
        for columns in ["id", "*", "UserId, subject"] {
            let sql = |term: &str| {
                format!(
                    "SELECT count(*), count(id) FROM (SELECT {columns}, id FROM Messages \
                     WHERE {term} AND (isRead = 0 OR subject = 'x' OR importance = 'high'))"
                )
            };
            let expected = one_row(&sql(literal));
            assert_ne!(expected, "0|0", "{literal}");
            assert_eq!(one_row(&sql(given)), expected, "{given}, {columns}");
        }
    }
}

fn one_row(sql: &str) -> String {
    rows(&graph("CacheTTL=0"), sql).join(";")
}

/// A table of one row for each mailbox is cheap, so SQLite read it first, for nobody in particular, and
/// joined what it found with everybody.
#[test]
fn a_cheap_table_waits_for_the_mailbox_it_is_joined_by() {
    for table in ["Presence", "MailboxSettings"] {
        let sql = |join: &str| {
            format!(
                "SELECT count(*) FROM Users u {join} {table} p ON p.UserId = u.id \
                 WHERE u.mail LIKE 'a%@contoso.com' AND u.userType = 'Member'"
            )
        };
        let graph = graph("OnMailboxError=skip");
        let expected = rows(&graph, &sql("CROSS JOIN"));
        assert_ne!(expected, ["0"], "{table}");
        assert_eq!(rows(&graph, &sql("JOIN")), expected, "{table}");
    }
}
