//! What changed since a token, as rows: `MessageChanges` and its siblings.

mod support;

use rusqlite::Connection;
use support::server::{Act, Scripted};
use support::{by_secret, column, connect, failure, one, signed_in};

fn writer(server: &Scripted) -> Connection {
    signed_in(server, "Readonly=false;CacheTTL=0")
}

/// The token that a round ends with, after what it told: the change and these columns, a line each.
fn round(
    connection: &Connection,
    from: &str,
    told: &str,
    since: Option<&str>,
) -> (Vec<String>, String) {
    let argument = since.map_or("", |_| "(?1)");
    let (table, wanted) = from.split_once(' ').unwrap_or((from, ""));
    let sql = format!(
        "SELECT change || ': ' || coalesce({told}, ''), token FROM {table}{argument} {wanted}"
    );
    let mut statement = connection.prepare(&sql).expect("prepared");
    let parameters = rusqlite::params_from_iter(since);
    let rows: Vec<(String, Option<String>)> = statement
        .query_map(parameters, |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let token = rows.last().and_then(|(_, token)| token.clone());
    let told = rows[..rows.len() - 1].iter().map(|(text, _)| text.clone());
    (told.collect(), token.expect("the last row has the token"))
}

#[test]
fn a_round_tells_what_was_written_since_the_one_before() {
    let server = Scripted::honest();
    let connection = writer(&server);
    let all: i64 = one(&connection, "SELECT count(*) FROM Messages");
    let (told, token) = round(&connection, "MessageChanges", "subject", None);
    assert_eq!(told.len() as i64, all);
    assert_eq!(
        round(&connection, "MessageChanges", "subject", Some(&token)).0,
        [""; 0]
    );
    connection
        .execute_batch(
            "INSERT INTO Messages(subject) VALUES ('New one');
             UPDATE Messages SET isRead = 0 WHERE id = (SELECT id FROM Messages WHERE isRead = 1 AND folder = 'inbox' ORDER BY receivedDateTime DESC LIMIT 1);
             UPDATE Messages SET parentFolderId = 'archive' WHERE id = (SELECT id FROM Messages WHERE folder = 'drafts' AND subject = 'New one');",
        )
        .expect("written");
    let (mut told, token) = round(&connection, "MessageChanges", "subject", Some(&token));
    told.sort();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.contains(&"changed: New one".to_owned()), "{told:?}");
    // What was moved is gone from its old folder; the id stays the same.
    assert!(told.contains(&"removed: ".to_owned()), "{told:?}");
    assert_eq!(
        round(&connection, "MessageChanges", "subject", Some(&token)).0,
        [""; 0]
    );
}

#[test]
fn folders_that_come_and_go_are_followed() {
    let server = Scripted::honest();
    let connection = writer(&server);
    let (_, token) = round(&connection, "MessageChanges", "subject", None);
    connection
        .execute_batch(
            "INSERT INTO MailFolders(displayName) VALUES ('Plans');
             INSERT INTO Messages(subject) VALUES ('Plan');
             UPDATE Messages SET parentFolderId = (SELECT id FROM MailFolders WHERE displayName = 'Plans') WHERE subject = 'Plan';",
        )
        .expect("written");
    let (told, _) = round(&connection, "MessageChanges", "subject", Some(&token));
    assert!(told.contains(&"changed: Plan".to_owned()), "{told:?}");
    let (folders, _) = round(&connection, "MailFolderChanges", "displayName", None);
    assert!(
        folders.contains(&"changed: Plans".to_owned()),
        "{folders:?}"
    );
}

#[test]
fn one_folder_has_a_token_of_its_own() {
    let server = Scripted::honest();
    let connection = writer(&server);
    let token: String = one(
        &connection,
        "SELECT token FROM MessageChanges WHERE folder = 'drafts' AND change = 'end'",
    );
    assert!(token.starts_with("http"), "{token}");
    connection
        .execute_batch("INSERT INTO Messages(subject) VALUES ('A draft')")
        .expect("written");
    let told: Vec<String> = column(
        &connection,
        &format!(
            "SELECT subject || folder || UserId FROM MessageChanges('{token}') WHERE folder = 'drafts' AND change = 'changed'"
        ),
    );
    assert_eq!(told, ["A draftdraftsme"]);
    let error = failure(
        &connection,
        &format!("SELECT * FROM MessageChanges('{token}')"),
    );
    assert!(
        error.contains("no token that MessageChanges gave without folder"),
        "{error}"
    );
    let error = failure(&connection, "SELECT * FROM ContactChanges");
    assert!(error.contains("needs to know ContactFolderId"), "{error}");
}

#[test]
fn an_application_is_told_of_the_tenant_and_names_mailboxes() {
    let server = Scripted::honest();
    let connection = connect(&by_secret(&server, "demo-secret", ""));
    for table in ["UserChanges", "GroupChanges"] {
        assert!(
            !round(&connection, table, "id", None).0.is_empty(),
            "{table}"
        );
    }
    let error = failure(
        &connection,
        "SELECT * FROM MessageChanges WHERE folder = 'inbox'",
    );
    assert!(error.contains("no mailbox or drive of its own"), "{error}");
    let of = "MessageChanges WHERE folder = 'inbox' AND UserId = 'adele@contoso.com'";
    assert!(!round(&connection, of, "id", None).0.is_empty());
}

#[test]
fn a_window_of_a_calendar_is_kept_by_the_token() {
    let server = Scripted::honest();
    let connection = writer(&server);
    let window = "CalendarViewChanges(NULL, '2026-12-01', '2027-01-01 00:00')";
    let (told, token) = round(&connection, window, "coalesce(subject, type)", None);
    assert!(told.len() > 10, "{told:?}");
    connection
        .execute_batch(
            "INSERT INTO Events(subject, start_dateTime, start_timeZone, end_dateTime, end_timeZone) VALUES
               ('inside', '2026-12-10 10:00', 'UTC', '2026-12-10 11:00', 'UTC'),
               ('outside', '2027-02-10 10:00', 'UTC', '2027-02-10 11:00', 'UTC')",
        )
        .expect("written");
    let (told, token) = round(&connection, "CalendarViewChanges", "subject", Some(&token));
    assert_eq!(told, ["changed: inside"]);
    connection
        .execute_batch("DELETE FROM Events WHERE subject = 'inside'")
        .expect("written");
    let (told, _) = round(&connection, "CalendarViewChanges", "reason", Some(&token));
    assert_eq!(told, ["removed: deleted"]);
    for wrong in [
        "CalendarViewChanges",
        "CalendarViewChanges(NULL, 'soon', '2027-01-01')",
    ] {
        let error = failure(&connection, &format!("SELECT * FROM {wrong}"));
        assert!(
            error.contains("needs windowStart as a point in time"),
            "{error}"
        );
    }
}

#[test]
fn files_are_told_with_what_is_gone() {
    let server = Scripted::honest();
    let connection = writer(&server);
    let (told, token) = round(&connection, "FileChanges", "name", None);
    let files: i64 = one(&connection, "SELECT count(*) FROM Files");
    assert_eq!(told.len() as i64, files);
    let name: String = one(
        &connection,
        "SELECT name FROM Files WHERE file_mimeType IS NOT NULL ORDER BY name LIMIT 1",
    );
    connection
        .execute_batch("DELETE FROM Files WHERE id = (SELECT id FROM Files WHERE file_mimeType IS NOT NULL ORDER BY name LIMIT 1)")
        .expect("deleted");
    let (told, _) = round(&connection, "FileChanges", "reason", Some(&token));
    assert!(
        told.contains(&"removed: deleted".to_owned()),
        "{name}: {told:?}"
    );
}

const LINK: &str = "@odata.deltaLink";

/// A server that answers every delta with this body.
fn answering(body: impl Fn(&str) -> String + Send + Sync + 'static) -> Scripted {
    Scripted::start(move |seen, _| match seen.target.contains("/delta") {
        true => Act::json(body(&seen.target)),
        false => Act::Pass,
    })
}

#[test]
fn what_is_absent_is_told_from_what_is_null() {
    let server = answering(|_| {
        format!(
            r#"{{"value":[{{"id":"a","subject":null,"isRead":true}},{{"id":"a","@odata.etag":"x","from":{{"emailAddress":{{"address":"a@x"}}}}}},
                {{"id":"b","@removed":{{"reason":"changed"}}}}],"{LINK}":"http://127.0.0.1/next"}}"#
        )
    });
    let connection = signed_in(&server, "");
    let (told, token) = round(
        &connection,
        "MessageChanges WHERE folder = 'inbox'",
        "id || coalesce(properties, '') || coalesce(from_emailAddress_address, '') || coalesce(reason, '')",
        None,
    );
    assert_eq!(
        told,
        [
            r#"changed: a["id","subject","isRead"]"#,
            r#"changed: a["id","from"]a@x"#,
            "removed: bchanged"
        ]
    );
    assert_eq!(token, "http://127.0.0.1/next");
}

#[test]
fn a_token_that_was_forgotten_says_to_begin_anew() {
    let server = Scripted::start(|seen, _| match seen.target.contains("deltatoken") {
        true => Act::refusal(410, "syncStateNotFound", Vec::new()),
        false => Act::Pass,
    });
    let connection = signed_in(&server, "");
    let token = format!(
        "{}/v1.0/me/mailFolders/inbox/messages/delta?$deltatoken=old",
        server.url()
    );
    let error = failure(
        &connection,
        &format!("SELECT * FROM MessageChanges('{token}') WHERE folder = 'inbox'"),
    );
    assert!(error.contains("HTTP 410 syncStateNotFound"), "{error}");
    assert!(error.contains("begin anew with NULL"), "{error}");
}

#[test]
fn half_a_round_is_an_error() {
    let server = answering(|_| r#"{"value":[]}"#.to_owned());
    let connection = signed_in(&server, "");
    let error = failure(&connection, "SELECT * FROM MailFolderChanges");
    assert!(
        error.contains("without a token for the next round"),
        "{error}"
    );
    let server =
        answering(|_| r#"{"value":[],"@odata.nextLink":"http://evil.example/x"}"#.to_owned());
    let connection = signed_in(&server, "");
    let error = failure(&connection, "SELECT * FROM MailFolderChanges");
    assert!(error.contains("not the Graph host"), "{error}");
    let nowhere = failure(&connection, "SELECT * FROM MailFolderChanges('nonsense')");
    assert!(
        nowhere.contains("no token that MailFolderChanges gave"),
        "{nowhere}"
    );
}
