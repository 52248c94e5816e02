//! What is written is there, and what is not there was not said to be: writes against the demo tenant, which
//! is strict and keeps them. Each test has a tenant of its own.

use std::time::Duration;

use rusqlite::Connection;

use crate::support::server::{Act, Scripted};
use crate::support::{column, failure, one};
use crate::{execute, ids, writer};

/// Statements that write, and what a query gives afterwards, one after the other.
pub fn story(steps: &[(&str, &str, &str)]) {
    let server = Scripted::honest();
    let connection = writer(&server, "");
    for (write, query, expected) in steps {
        execute(&connection, write);
        let rows: Vec<rusqlite::types::Value> = column(&connection, query);
        let shown: Vec<String> = rows
            .into_iter()
            .map(|value| match value {
                rusqlite::types::Value::Null => "NULL".to_owned(),
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(shown.join(" | "), *expected, "after {write}: {query}");
    }
}

#[test]
fn messages_are_drafted_changed_moved_and_thrown_away() {
    let subjects = "SELECT m.subject || ' in ' || f.displayName FROM Messages m JOIN MailFolders f ON f.id = m.parentFolderId WHERE m.subject LIKE 'Plan%'";
    story(&[
        (
            "INSERT INTO Messages(subject, body_content, toRecipients) VALUES ('Plan', 'Text', 'alex@contoso.com; Miriam <miriam@contoso.com>')",
            subjects,
            "Plan in Drafts",
        ),
        (
            "UPDATE Messages SET subject = 'Plan B', importance = 'high', categories = 'Red;Blue' WHERE id = o365_last_id()",
            "SELECT importance || categories || isDraft FROM Messages WHERE id = o365_last_id()",
            "high[\"Red\",\"Blue\"]1",
        ),
        (
            "INSERT INTO MessageAttachments(MessageId, name, contentBytes) SELECT id, 'a.txt', CAST('hello' AS BLOB) FROM Messages WHERE subject = 'Plan B'",
            "SELECT CAST(contentBytes AS TEXT) FROM MessageAttachments WHERE MessageId = (SELECT id FROM Messages WHERE subject = 'Plan B')",
            "hello",
        ),
        (
            "INSERT INTO MailFolders(displayName) VALUES ('Plans')",
            "SELECT totalItemCount FROM MailFolders WHERE displayName = 'Plans'",
            "0",
        ),
        (
            "UPDATE Messages SET parentFolderId = (SELECT id FROM MailFolders WHERE displayName = 'Plans') WHERE subject = 'Plan B'",
            "SELECT totalItemCount FROM MailFolders WHERE displayName = 'Plans'",
            "1",
        ),
        (
            "UPDATE MailFolders SET displayName = 'Old plans' WHERE displayName = 'Plans'",
            subjects,
            "Plan B in Old plans",
        ),
        (
            "DELETE FROM Messages WHERE subject = 'Plan B'",
            subjects,
            "Plan B in Deleted Items",
        ),
        (
            "DELETE FROM MailFolders WHERE displayName = 'Old plans'",
            "SELECT p.displayName FROM MailFolders f JOIN MailFolders p ON p.id = f.parentFolderId WHERE f.displayName = 'Old plans'",
            "Deleted Items",
        ),
    ]);
}

#[test]
fn a_mail_is_sent_once_and_kept() {
    let sent =
        "SELECT count(*) FROM Messages WHERE folder = 'sentitems' AND subject = 'Minutes of today'";
    story(&[
        ("SELECT 1", sent, "0"),
        (
            "INSERT INTO SendMail(ToRecipients, Subject, Content, Attachments) VALUES ('alex@contoso.com', 'Minutes of today', 'As agreed.', 'a.txt,aGVsbG8=')",
            sent,
            "1",
        ),
        (
            "INSERT INTO SendMail(ToRecipients, Subject, SaveToSentItems) VALUES ('alex@contoso.com', 'Minutes of today', 0)",
            sent,
            "1",
        ),
        (
            "INSERT INTO Messages(subject, toRecipients) VALUES ('Minutes of today', 'alex@contoso.com')",
            sent,
            "1",
        ),
        ("INSERT INTO SendMail(Id) SELECT o365_last_id()", sent, "2"),
    ]);
}

#[test]
fn rules_categories_and_settings_are_changed() {
    story(&[
        (
            "INSERT INTO Categories(displayName, color) VALUES ('Urgent', 'preset1'); UPDATE Categories SET color = 'preset2' WHERE displayName = 'Urgent'",
            "SELECT color FROM Categories WHERE displayName = 'Urgent'",
            "preset2",
        ),
        (
            "DELETE FROM Categories WHERE displayName = 'Urgent'",
            "SELECT count(*) FROM Categories WHERE displayName = 'Urgent'",
            "0",
        ),
        (
            "INSERT INTO MailRules(displayName, sequence, isEnabled, conditions_senderContains, actions_stopProcessingRules) VALUES ('r', 1, 1, '[\"x\"]', 1); UPDATE MailRules SET isEnabled = 0 WHERE displayName = 'r'",
            "SELECT isEnabled || conditions_senderContains FROM MailRules WHERE displayName = 'r'",
            "0[\"x\"]",
        ),
        (
            "DELETE FROM MailRules WHERE displayName = 'r'",
            "SELECT count(*) FROM MailRules WHERE displayName = 'r'",
            "0",
        ),
        (
            "UPDATE MailboxSettings SET timeZone = 'W. Europe Standard Time'",
            "SELECT timeZone FROM MailboxSettings",
            "W. Europe Standard Time",
        ),
    ]);
}

#[test]
fn users_and_their_licences_are_managed() {
    let free = "SELECT available FROM SubscribedSkus WHERE skuPartNumber = 'FLOW_FREE'";
    story(&[
        (
            "INSERT INTO Users(displayName, mailNickname, userPrincipalName, accountEnabled, passwordProfile_password, usageLocation) VALUES ('Eva Novák', 'eva', 'eva@contoso.com', 1, 'Contoso-2026', 'DE')",
            "SELECT displayName || usageLocation FROM Users WHERE userPrincipalName = 'eva@contoso.com'",
            "Eva NovákDE",
        ),
        (
            "UPDATE Users SET jobTitle = 'Engineer' WHERE userPrincipalName = 'eva@contoso.com'",
            "SELECT jobTitle FROM Users WHERE displayName LIKE 'Eva N%'",
            "Engineer",
        ),
        ("SELECT 1", free, "9990"),
        (
            "INSERT INTO AssignLicense(UserPrincipalName, AddLicenseSkuId) VALUES ('eva@contoso.com', 'FLOW_FREE')",
            free,
            "9989",
        ),
        (
            "DELETE FROM UserLicenses WHERE UserId = 'eva@contoso.com' AND skuPartNumber = 'FLOW_FREE'",
            free,
            "9990",
        ),
        (
            "INSERT INTO UserLicenses(UserId, skuId) SELECT 'eva@contoso.com', skuId FROM SubscribedSkus WHERE skuPartNumber = 'FLOW_FREE'",
            "SELECT skuPartNumber FROM UserLicenses WHERE UserId = 'eva@contoso.com'",
            "FLOW_FREE",
        ),
        (
            "DELETE FROM Users WHERE userPrincipalName = 'eva@contoso.com'; DELETE FROM Users WHERE userPrincipalName = 'eva@contoso.com'",
            "SELECT displayName FROM DeletedUsers WHERE displayName LIKE 'Eva N%'",
            "Eva Novák",
        ),
        ("SELECT 1", free, "9990"),
    ]);
}

#[test]
fn a_user_whose_licence_fails_is_not_left_behind() {
    let server = Scripted::honest();
    let connection = writer(&server, "");
    let error = failure(
        &connection,
        "INSERT INTO CreateUser(DisplayName, MailNickname, Password, UsageLocation, ServiceId) VALUES ('Ira', 'ira', 'Contoso-2026', 'DE', 'ENTERPRISEPACK')",
    );
    assert!(error.contains("ENTERPRISEPACK"), "{error}");
    let count = "SELECT count(*) FROM Users WHERE userPrincipalName LIKE 'ira@%'";
    assert_eq!(one::<i64>(&connection, count), 0);
}

#[test]
fn groups_and_their_members_are_managed() {
    let group = "(SELECT id FROM Groups WHERE displayName = 'Team A')";
    let members = format!("SELECT count(*) FROM GroupMembers WHERE GroupId = {group}");
    story(&[
        (
            "INSERT INTO Groups(displayName, mailNickname, mailEnabled, securityEnabled) VALUES ('Team A', 'teama', 0, 1)",
            &members,
            "0",
        ),
        (
            &format!(
                "INSERT INTO GroupMembers(GroupId, id) SELECT {group}, id FROM Users ORDER BY id LIMIT 5"
            ),
            &members,
            "5",
        ),
        (
            &format!(
                "DELETE FROM GroupMembers WHERE GroupId = {group} AND id = (SELECT id FROM Users ORDER BY id LIMIT 1)"
            ),
            &members,
            "4",
        ),
        (
            "DELETE FROM Groups WHERE displayName = 'Team A'",
            "SELECT count(*) FROM Groups WHERE displayName = 'Team A'",
            "0",
        ),
    ]);
}

#[test]
fn planner_keeps_its_version_rule() {
    let task = "SELECT title || percentComplete FROM Tasks WHERE id = o365_last_id()";
    story(&[
        (
            "INSERT INTO Tasks(planId, title) SELECT id, 'New task ' FROM Plans ORDER BY id LIMIT 1",
            task,
            "New task 0",
        ),
        (
            "UPDATE Tasks SET percentComplete = 50 WHERE id = o365_last_id()",
            task,
            "New task 50",
        ),
        (
            "UPDATE Tasks SET percentComplete = 60 WHERE id = o365_last_id()",
            task,
            "New task 60",
        ),
        ("DELETE FROM Tasks WHERE id = o365_last_id()", task, ""),
        (
            "INSERT INTO Buckets(planId, name) SELECT id, 'New bucket' FROM Plans ORDER BY id LIMIT 1",
            "SELECT name FROM Buckets WHERE PlanId = (SELECT id FROM Plans ORDER BY id LIMIT 1) AND id = o365_last_id()",
            "New bucket",
        ),
    ]);
}

#[test]
fn files_are_uploaded_renamed_moved_and_deleted() {
    let place = "SELECT path FROM Files WHERE name LIKE 'note%.txt'";
    story(&[
        (
            "INSERT INTO UploadFile(FileName, Content) VALUES ('note.txt', 'hello')",
            place,
            "/note.txt",
        ),
        (
            "UPDATE Files SET name = 'note 2.txt' WHERE name = 'note.txt'",
            place,
            "/note 2.txt",
        ),
        (
            "INSERT INTO CreateFolder(FolderName) VALUES ('Fresh'); INSERT INTO MoveFile(FileId, DestinationId) SELECT id, o365_last_id() FROM Files WHERE name = 'note 2.txt'",
            place,
            "/Fresh/note 2.txt",
        ),
        (
            "INSERT INTO DownloadFile(FileId, Encoding) SELECT id, 'NONE' FROM Files WHERE name = 'note 2.txt'",
            "SELECT CAST(FileData AS TEXT) FROM DownloadFile",
            "hello",
        ),
        (
            "INSERT INTO CopyFile(FileId, DestinationId, NewName) SELECT id, 'root', 'note 3.txt' FROM Files WHERE name = 'note 2.txt'",
            "SELECT size FROM Files WHERE path = '/note 3.txt'",
            "5",
        ),
        (
            "DELETE FROM Files WHERE name = 'Fresh'",
            place,
            "/note 3.txt",
        ),
        (
            "INSERT INTO ListItems(SiteId, ListId, fields) SELECT SiteId, id, '{\"Title\":\"New item\"}' FROM Lists WHERE SiteId IN (SELECT id FROM Sites) AND list_template = 'genericList' LIMIT 1",
            "SELECT state FROM o365_writes ORDER BY seq DESC LIMIT 1",
            "done",
        ),
    ]);
}

#[test]
fn events_are_made_changed_answered_and_called_off() {
    let one = "SELECT subject || ' ' || start_dateTime || ' ' || isCancelled FROM Events WHERE subject LIKE 'Offsite%'";
    story(&[
        (
            "INSERT INTO Events(subject, start_dateTime, start_timeZone, end_dateTime, end_timeZone, attendees) VALUES ('Offsite', '2026-12-09 10:00', 'UTC', '2026-12-09 11:00', 'UTC', 'alex@contoso.com; Miriam <miriam@contoso.com>')",
            one,
            "Offsite 2026-12-09 10:00:00 0",
        ),
        (
            "UPDATE Events SET subject = 'Offsite in Graz', start_dateTime = '2026-12-09 09:30' WHERE subject = 'Offsite'",
            one,
            "Offsite in Graz 2026-12-09 09:30:00 0",
        ),
        (
            "SELECT 1",
            "SELECT address FROM EventAttendees WHERE subject = 'Offsite in Graz' ORDER BY 1",
            "alex@contoso.com | miriam@contoso.com",
        ),
        (
            "INSERT INTO DismissEventReminder(EventId) SELECT id FROM Events WHERE subject = 'Offsite in Graz'",
            "SELECT count(*) FROM CalendarView WHERE subject = 'Offsite in Graz' AND start_dateTime >= '2026-12-01' AND start_dateTime < '2026-12-31'",
            "1",
        ),
        (
            "INSERT INTO CancelEvent(EventId, Comment) SELECT id, 'Another time' FROM Events WHERE subject = 'Offsite in Graz'",
            one,
            "",
        ),
        (
            "INSERT INTO Events(subject, start_dateTime, start_timeZone, end_dateTime, end_timeZone) VALUES ('Offsite alone', '2026-12-10 10:00', 'UTC', '2026-12-10 11:00', 'UTC'); DELETE FROM Events WHERE subject = 'Offsite alone'",
            one,
            "",
        ),
    ]);
}

#[test]
fn contacts_and_their_folders_are_managed() {
    let all = "SELECT displayName || ' ' || coalesce(companyName, '-') FROM Contacts WHERE givenName = 'Zora' ORDER BY 1";
    story(&[
        (
            "INSERT INTO Contacts(givenName, surname, companyName, emailAddresses) VALUES ('Zora', 'Neale', 'Contoso', 'Zora Neale <zora@contoso.com>')",
            all,
            "Zora Neale Contoso",
        ),
        (
            "SELECT 1",
            "SELECT address FROM ContactEmails WHERE ContactId = o365_last_id()",
            "zora@contoso.com",
        ),
        (
            "UPDATE Contacts SET companyName = NULL, jobTitle = 'Writer' WHERE givenName = 'Zora'",
            "SELECT jobTitle FROM Contacts WHERE givenName = 'Zora' AND companyName IS NULL",
            "Writer",
        ),
        (
            "INSERT INTO ContactFolders(displayName) VALUES ('Writers')",
            "SELECT displayName FROM ContactFolders WHERE displayName LIKE 'Writers%'",
            "Writers",
        ),
        (
            "UPDATE ContactFolders SET displayName = 'Writers and poets' WHERE displayName = 'Writers'",
            "SELECT displayName FROM ContactFolders WHERE displayName LIKE 'Writers%'",
            "Writers and poets",
        ),
        (
            "DELETE FROM ContactFolders WHERE displayName = 'Writers and poets'",
            "SELECT count(*) FROM ContactFolders WHERE displayName LIKE 'Writers%'",
            "0",
        ),
        ("DELETE FROM Contacts WHERE givenName = 'Zora'", all, ""),
    ]);
}

#[test]
fn to_do_lists_and_tasks_are_managed() {
    let tasks = "SELECT t.title || ' ' || t.status FROM TodoLists l JOIN TodoTasks t ON t.TodoListId = l.id WHERE l.displayName = 'Garden' ORDER BY 1";
    story(&[
        (
            "INSERT INTO TodoLists(displayName) VALUES ('Garden')",
            "SELECT isOwner FROM TodoLists WHERE displayName = 'Garden'",
            "1",
        ),
        (
            "INSERT INTO TodoTasks(TodoListId, title, importance) SELECT id, 'Weed', 'high' FROM TodoLists WHERE displayName = 'Garden'",
            tasks,
            "Weed notStarted",
        ),
        (
            "UPDATE TodoTasks SET status = 'completed' WHERE TodoListId = (SELECT id FROM TodoLists WHERE displayName = 'Garden') AND title = 'Weed'",
            tasks,
            "Weed completed",
        ),
        (
            "DELETE FROM TodoTasks WHERE TodoListId = (SELECT id FROM TodoLists WHERE displayName = 'Garden')",
            tasks,
            "",
        ),
        (
            "DELETE FROM TodoLists WHERE displayName = 'Garden'",
            "SELECT count(*) FROM TodoLists WHERE displayName = 'Garden'",
            "0",
        ),
    ]);
}

#[test]
fn subscriptions_are_made_renewed_and_ended() {
    let mine =
        "SELECT count(*) FROM Subscriptions WHERE notificationUrl = 'https://x.example/hook'";
    story(&[
        (
            "INSERT INTO CreateSubscription(Resource, ChangeType, NotificationUrl, ExpirationDateTime) VALUES ('me/messages', 'created', 'https://x.example/hook', '2026-12-02')",
            mine,
            "1",
        ),
        (
            "INSERT INTO RenewSubscription(SubscriptionId, ExpirationDateTime) SELECT id, '2026-12-03' FROM Subscriptions WHERE notificationUrl = 'https://x.example/hook'",
            "SELECT expirationDateTime FROM Subscriptions WHERE notificationUrl = 'https://x.example/hook'",
            "2026-12-03 00:00:00",
        ),
        (
            "INSERT INTO DeleteAllSubscriptions(NotificationUrl) VALUES ('https://x.example/hook')",
            mine,
            "0",
        ),
    ]);
}

/// Whether the tenant agrees with `o365_writes`: what is done is there, what failed or was not sent is not.
fn agrees(connection: &Connection, is_there: &dyn Fn(&str) -> bool, key: &str) -> (usize, usize) {
    let sql = format!("SELECT {key}, state FROM o365_writes WHERE operation <> 'CALL'");
    let mut statement = connection.prepare(&sql).expect("prepared");
    let writes: Vec<(String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .expect("writes");
    let mut done = 0;
    for (key, state) in &writes {
        match state.as_str() {
            "done" => {
                done += 1;
                assert!(is_there(key), "{key} is done and not there");
            }
            "unknown" => {}
            other => assert!(!is_there(key), "{key} is {other} and there"),
        }
    }
    (writes.len(), done)
}

/// Fails the so-manieth request that changes something.
fn failing(number: usize, act: fn() -> Act) -> Scripted {
    let writes = std::sync::atomic::AtomicUsize::new(0);
    Scripted::start(move |seen, _| {
        if seen.method == "GET" {
            return Act::Pass;
        }
        match writes.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            n if n == number => act(),
            _ => Act::Pass,
        }
    })
}

/// Before the tenant hears of the request, while its answer comes, and instead of its answer.
const CUTS: [fn() -> Act; 3] = [
    || Act::Drop,
    || Act::Cut,
    || {
        Act::refusal(
            503,
            "serviceNotAvailable",
            vec![("Retry-After", "0".to_owned())],
        )
    },
];

#[test]
fn sixty_rows_cut_anywhere_leave_what_the_list_says() {
    for number in 0..3 {
        for cut in CUTS {
            let server = failing(number, cut);
            let connection = writer(&server, "MaxRetries=1");
            let before = ids(&connection, 60);
            let list = before.join("', '");
            let outcome = connection.execute_batch(&format!(
                "UPDATE Messages SET categories = 'Touched' WHERE id IN ('{list}')"
            ));
            let reader = writer(&server, "CacheTTL=0");
            let touched: Vec<String> = column(
                &reader,
                "SELECT id FROM Messages WHERE categories LIKE '%\"Touched\"%'",
            );
            let is_there = |id: &str| touched.iter().any(|known| known == id);
            let (all, done) = agrees(&connection, &is_there, "key");
            assert_eq!(all, 60);
            assert_eq!(outcome.is_ok(), done == 60, "{outcome:?}");
        }
    }
}

#[test]
fn sixty_new_rows_cut_anywhere_are_there_at_most_once() {
    for number in 0..3 {
        for cut in CUTS {
            let server = failing(number, cut);
            let connection = writer(&server, "MaxRetries=1");
            let outcome = connection.execute_batch(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
                 INSERT INTO Messages(subject) SELECT 'New ' || i FROM n",
            );
            let reader = writer(&server, "CacheTTL=0");
            let made: Vec<String> = column(
                &reader,
                "SELECT id FROM Messages WHERE subject LIKE 'New %'",
            );
            let twice = "SELECT count(*) FROM (SELECT subject FROM Messages WHERE subject LIKE 'New %' GROUP BY subject HAVING count(*) > 1)";
            assert_eq!(one::<i64>(&reader, twice), 0);
            let is_there = |id: &str| made.iter().any(|known| known == id);
            let (all, done) = agrees(&connection, &is_there, "ifnull(new_id, CAST(seq AS TEXT))");
            assert_eq!(all, 60);
            assert!(made.len() >= done && made.len() <= 60);
            assert_eq!(outcome.is_ok(), done == 60, "{outcome:?}");
        }
    }
}

/// Of twenty, three are throttled and two refused: the three are done in the end, the two are not, and the list says so.
#[test]
fn a_batch_that_is_throttled_and_refused_in_part_leaves_what_the_list_says() {
    let server = Scripted::start(|seen, _| {
        let whole = seen.target.ends_with("/$batch") && seen.body.matches("\"id\"").count() >= 20;
        match whole && seen.method == "POST" {
            true => Act::Parts(vec![
                (3, 429, "TooManyRequests"),
                (4, 429, "TooManyRequests"),
                (5, 429, "TooManyRequests"),
                (8, 403, "ErrorAccessDenied"),
                (9, 403, "ErrorAccessDenied"),
            ]),
            false => Act::Pass,
        }
    });
    let connection = writer(&server, "");
    let list = ids(&connection, 20).join("', '");
    let error = failure(
        &connection,
        &format!("UPDATE Messages SET categories = 'Touched' WHERE id IN ('{list}')"),
    );
    assert!(error.contains("of 20 writes 18 done, 2 refused"), "{error}");
    let touched: Vec<String> = column(
        &writer(&server, "CacheTTL=0"),
        "SELECT id FROM Messages WHERE categories LIKE '%\"Touched\"%'",
    );
    assert_eq!(touched.len(), 18);
    let is_there = |id: &str| touched.iter().any(|known| known == id);
    assert_eq!(agrees(&connection, &is_there, "key"), (20, 18));
}

#[test]
fn twenty_five_megabytes_arrive_once_and_whole() {
    for number in 0..4 {
        for cut in [CUTS[0], CUTS[1]] {
            let server = failing(number, cut);
            let connection = writer(&server, "");
            let outcome = connection.execute_batch(
                "INSERT INTO UploadFile(FileName, ContentStream) VALUES ('big.bin', zeroblob(25000000))",
            );
            let reader = writer(&server, "CacheTTL=0");
            let sizes: Vec<i64> = column(&reader, "SELECT size FROM Files WHERE name = 'big.bin'");
            let state: String = one(&connection, "SELECT state FROM o365_writes");
            match (outcome.is_ok(), state.as_str()) {
                (true, "done") => assert_eq!(sizes, [25_000_000]),
                (false, "unknown") => assert!(sizes.is_empty() || sizes == [25_000_000]),
                (false, "failed") => assert!(sizes.is_empty(), "{sizes:?}"),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_commit_that_is_interrupted_leaves_what_the_list_says() {
    let server = Scripted::start(|seen, _| match seen.method.as_str() {
        "GET" => Act::Pass,
        _ => Act::Late(Duration::from_millis(200)),
    });
    let connection = writer(&server, "");
    let list = ids(&connection, 60).join("', '");
    let handle = connection.get_interrupt_handle();
    let interrupter = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        handle.interrupt();
    });
    let outcome = connection.execute_batch(&format!(
        "BEGIN; UPDATE Messages SET categories = 'Touched' WHERE id IN ('{list}'); COMMIT"
    ));
    interrupter.join().expect("no panic");
    assert!(outcome.is_err());
    let reader = writer(&server, "CacheTTL=0");
    let touched: Vec<String> = column(
        &reader,
        "SELECT id FROM Messages WHERE categories LIKE '%\"Touched\"%'",
    );
    let is_there = |id: &str| touched.iter().any(|known| known == id);
    let (all, done) = agrees(&connection, &is_there, "key");
    assert!(all == 60 && done < 60, "{done} of {all}");
}

#[test]
fn what_was_rolled_back_is_not_in_the_tenant() {
    let server = Scripted::honest();
    let connection = writer(&server, "");
    execute(
        &connection,
        "BEGIN;
         INSERT INTO Messages(subject) VALUES ('kept');
         SAVEPOINT s;
         INSERT INTO Messages(subject) VALUES ('dropped');
         ROLLBACK TO s;",
    );
    let error = failure(
        &connection,
        "INSERT INTO Messages(subject, importance) VALUES ('bad', 'urgent')",
    );
    assert!(error.contains("importance must be"), "{error}");
    execute(&connection, "COMMIT");
    let reader = writer(&server, "CacheTTL=0");
    let there: Vec<String> = column(
        &reader,
        "SELECT subject FROM Messages WHERE subject IN ('kept', 'dropped', 'bad')",
    );
    assert_eq!(there, ["kept"]);
}

/// A page that another connection has in the cache shows what was written, at once.
#[test]
fn what_is_cached_is_forgotten_in_the_whole_process() {
    let server = Scripted::honest();
    let (reader, connection) = (writer(&server, "CacheTTL=3600"), writer(&server, ""));
    let unread = "SELECT count(*) FROM Messages WHERE isRead = 0 AND folder = 'inbox'";
    assert!(one::<i64>(&reader, unread) > 0);
    execute(
        &connection,
        "UPDATE Messages SET isRead = 1 WHERE isRead = 0 AND folder = 'inbox'",
    );
    assert_eq!(one::<i64>(&reader, unread), 0);
}
