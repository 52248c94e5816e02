//! Bodies from Graph's own documentation become the right rows: `tests/data/examples/`, each with its
//! rows beside it. `UPDATE_EXAMPLES=1` writes the rows anew, for review.

use std::fmt::Write as _;
use std::path::PathBuf;

use office365::catalog::{Source, Table, table};
use office365::decode::{Page, Shape};
use office365::instant::Instant;
use office365::plan::bind::Slots;
use office365::value::Value;

/// Which table's rows a body has.
const EXAMPLES: &[(&str, &str)] = &[
    ("calendar-getschedule-1", "ScheduleAvailability"),
    ("domain-list-1", "Domains"),
    ("drive-list-1", "Drives"),
    ("driveitem-delta-1", "Files"),
    ("driveitem-get-1", "Files"),
    ("driveitem-list-permissions-1", "FilePermissions"),
    ("event-get-1", "EventAttendees"),
    ("event-get-1", "Events"),
    ("event-list-instances-1", "EventOccurrences"),
    ("group-list-owners-1", "GroupOwners"),
    ("group-list-threads-1", "Threads"),
    ("list-list-1", "Lists"),
    ("mailfolder-list-messagerules-1", "MailRules"),
    ("mailfolder-list-messages-1", "MessageRecipients"),
    ("mailfolder-list-messages-1", "Messages"),
    ("message-list-attachments-1", "MessageAttachments"),
    ("message-update-1", "Messages"),
    ("organization-list-1", "Organization"),
    ("planneruser-list-tasks-1", "TaskAssignments"),
    ("planneruser-list-tasks-1", "Tasks"),
    ("presence-get-1", "Presence"),
    ("site-search-1", "Sites"),
    ("subscribedsku-get-1", "ServicePlans"),
    ("subscribedsku-get-1", "SubscribedSkus"),
    ("subscription-update-1", "Subscriptions"),
    ("team-get-1", "Teams"),
    ("user-get-1", "Users"),
    ("user-list-1", "Users"),
    ("user-list-calendars-1", "Calendars"),
    ("user-list-calendarview-1", "CalendarView"),
    ("user-list-contacts-1", "Contacts"),
    ("user-list-licensedetails-1", "UserLicenses"),
    ("user-list-mailfolders-1", "MailFolders"),
    ("user-list-memberof-1", "UserGroups"),
];

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/examples")
        .join(name)
}

fn shape(table: &Table) -> Shape {
    let columns: Vec<usize> = (0..table.columns.len()).collect();
    let start = Instant::parse("2019-03-15T16:00:00Z").expect("an instant");
    let slots = Slots {
        start,
        end: start.plus_seconds(9 * 3600),
        minutes: 60,
    };
    Shape::new(table, &columns, &[], Some(slots))
}

fn read(table: &Table, body: &[u8]) -> Page {
    let whole: serde_json::Value = serde_json::from_slice(body).expect("JSON");
    // Some documented items leave out the id, without which an answer is no item: read as rows of a page.
    let page = match whole.get("value") {
        Some(_) => shape(table).page(body),
        None => shape(table).page(&[b"{\"value\":[", body, b"]}"].concat()),
    };
    page.unwrap_or_else(|error| panic!("{}: {error}", table.name))
}

/// The rows, a line for each value that is not NULL.
fn written(table: &Table, page: &Page) -> String {
    let shape = shape(table);
    let mut text = String::new();
    for row in 0..page.len() {
        let _ = writeln!(text, "# row {}", row + 1);
        for (position, column) in table.columns.iter().enumerate() {
            let Some(cell) = shape.cell(position) else {
                continue;
            };
            let value = match page.cell(row, cell) {
                Value::Null => continue,
                Value::Integer(number) => number.to_string(),
                Value::Real(number) => format!("{number:?}"),
                Value::Text(text) => format!("{text:?}"),
                Value::Blob(bytes) => format!("{bytes:02x?}"),
            };
            let _ = writeln!(text, "{} = {value}", column.name());
        }
    }
    text
}

#[test]
fn documented_bodies_become_the_reviewed_rows() {
    let mut different = Vec::new();
    for (name, table_name) in EXAMPLES {
        let table = table(table_name).expect("a table");
        let body = std::fs::read(file(&format!("{name}.json"))).expect("an example");
        let got = written(table, &read(table, &body));
        let beside = file(&format!("{name}.{table_name}.rows"));
        if std::env::var_os("UPDATE_EXAMPLES").is_some() {
            std::fs::write(&beside, &got).expect("written");
        }
        if std::fs::read_to_string(&beside).unwrap_or_default() != got {
            different.push(format!("{name} as {table_name}:\n{got}"));
        }
    }
    assert!(
        different.is_empty(),
        "UPDATE_EXAMPLES=1 writes the rows:\n{}",
        different.join("\n")
    );
}

#[test]
fn every_example_is_used() {
    for entry in std::fs::read_dir(file("")).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy();
        let used = EXAMPLES.iter().any(|(example, table)| {
            name == format!("{example}.json") || name == format!("{example}.{table}.rows")
        });
        assert!(used, "{name} is read by nobody");
    }
}

/// Whatever is missing, null, new or of another type in a row, the rows around it and its other values
/// stay what they are, for every table.
#[test]
fn rows_survive_what_a_service_may_do_to_them() {
    for table in office365::catalog::ALL {
        if table.rows != office365::catalog::Rows::Items || table.key.is_empty() {
            continue;
        }
        let key = table.key;
        let body = format!(
            r#"{{"@odata.context":"x","value":[
                {{"{key}":"1","aPropertyOfTheFuture":{{"deep":[1,{{"x":null}}]}},"@odata.etag":"W/1"}},
                {{"{key}":"2"}},
                {{{nulls}"{key}":"3"}},
                {{{odd}"{key}":"4"}}],"@odata.count":4}}"#,
            nulls = members(table, "null"),
            odd = members(table, r#"{"unexpected":["object"]}"#),
        );
        let page = read(table, body.as_bytes());
        assert_eq!((page.len(), page.count), (4, Some(4)), "{}", table.name);
        let shape = shape(table);
        for (position, column) in table.columns.iter().enumerate() {
            let (Some(cell), Source::Property) = (shape.cell(position), column.source) else {
                continue;
            };
            if column.path == key {
                let ids: Vec<&Value> = (0..4).map(|row| page.cell(row, cell)).collect();
                assert_eq!(
                    ids,
                    ["1", "2", "3", "4"]
                        .map(Value::text)
                        .iter()
                        .collect::<Vec<_>>()
                );
                continue;
            }
            for row in 0..3 {
                let expected = match (row, column.path) {
                    (0, "@odata.etag") => Value::text("W/1"),
                    _ => Value::Null,
                };
                assert_eq!(
                    page.cell(row, cell),
                    &expected,
                    "{}.{} of row {row}",
                    table.name,
                    column.name()
                );
            }
        }
    }
}

/// The first level of every property with a value.
fn members(table: &Table, value: &str) -> String {
    let mut names: Vec<&str> = table
        .columns
        .iter()
        .filter(|column| column.source == Source::Property && column.path != table.key)
        .map(|column| column.selected())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .iter()
        .map(|name| format!("\"{name}\":{value},"))
        .collect()
}

#[test]
fn members_that_the_schema_does_not_know_are_shown() {
    let messages = table("Messages").expect("a table");
    let body = br#"{"value":[{"id":"1","importance":"unknownFutureValue"},{"id":"2","importance":"HIGH"}]}"#;
    let page = read(messages, body);
    let importance = messages.property("importance").expect("a column");
    let cell = shape(messages).cell(importance).expect("a cell");
    assert_eq!(page.cell(0, cell), &Value::text("unknownFutureValue"));
    assert_eq!(page.cell(1, cell), &Value::text("HIGH"));
}
