//! Texts that end up in a path or an option: they stay there.

use rusqlite::types::Value;

use crate::support::{self, one};
use crate::{assert_sane, demo, kept, nasty};

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
