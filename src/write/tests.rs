//! What statements become: method, path and body, compared with FACTS §3.

use serde_json::{Value as Json, json};

use super::{Address, Context, Request, delete, insert, update};
use crate::catalog::{self, Role, Source, Table};
use crate::value::Value;

const CONTEXT: Context<'_> = Context {
    user_id: None,
    guid: "11111111-2222-4333-8444-555555555555",
};

fn table(name: &str) -> &'static Table {
    catalog::table(name).expect("a table")
}

fn values(table: &Table, given: &[(&str, Value)]) -> Vec<(usize, Value)> {
    given
        .iter()
        .map(|(name, value)| (table.named(name).expect(name), value.clone()))
        .collect()
}

fn t(text: &str) -> Value {
    Value::text(text)
}

fn n(number: i64) -> Value {
    Value::Integer(number)
}

fn inserted(name: &str, given: &[(&str, Value)]) -> Result<Request, String> {
    let table = table(name);
    insert(table, &values(table, given), CONTEXT).map_err(|error| error.to_string())
}

/// A row that a scan found with these inputs.
fn found(name: &str, inputs: &[(&str, &str)]) -> Address {
    let table = table(name);
    let echo = inputs
        .iter()
        .map(|(name, value)| (table.named(name).expect(name), t(value)))
        .collect();
    let has_owner = table.routes.iter().any(catalog::Route::has_owner);
    Address {
        owner: match (has_owner, table.owner) {
            (false, _) => "".to_owned(),
            (true, catalog::Owner::Drive) => "me/drive".to_owned(),
            (true, _) => "me".to_owned(),
        },
        key: "K=".to_owned(),
        echo,
        etag: Some("W/\"1\"".to_owned()),
    }
}

fn updated(
    name: &str,
    inputs: &[(&str, &str)],
    set: &[(&str, Value)],
) -> Result<Vec<Request>, String> {
    let table = table(name);
    update(table, &found(name, inputs), &values(table, set)).map_err(|error| error.to_string())
}

fn deleted(name: &str, inputs: &[(&str, &str)]) -> Request {
    delete(table(name), &found(name, inputs)).expect("a request")
}

/// `METHOD path` and the body.
fn sent(request: &Request) -> (String, Json) {
    let body = request.body.clone().unwrap_or(Json::Null);
    (format!("{} {}", request.verb.name(), request.path), body)
}

fn assert_inserts(name: &str, given: &[(&str, Value)], line: &str, body: Json) {
    let request = inserted(name, given).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(sent(&request), (line.to_owned(), body), "{name}");
}

#[test]
fn drafts_and_folders() {
    assert_inserts(
        "Messages",
        &[
            ("subject", t("Hi")),
            (
                "toRecipients",
                t("a@x.com; \"Doe, Jane\" <jane@x.com>, b@x.com"),
            ),
            ("body_content", t("<p>")),
            ("body_contentType", t("HTML")),
        ],
        "POST me/messages",
        json!({
            "subject": "Hi",
            "toRecipients": [
                {"emailAddress": {"address": "a@x.com"}},
                {"emailAddress": {"address": "jane@x.com", "name": "Doe, Jane"}},
                {"emailAddress": {"address": "b@x.com"}},
            ],
            "body": {"content": "<p>", "contentType": "html"},
        }),
    );
    assert_inserts(
        "Messages",
        &[("folder", t("archive")), ("UserId", t("Ä@x.com"))],
        "POST users/%C3%84@x.com/mailFolders/archive/messages",
        json!({}),
    );
    assert_inserts(
        "MailFolders",
        &[
            ("displayName", t("🎉 \"x\"")),
            ("parentFolderId", t("A/B=")),
        ],
        "POST me/mailFolders/A%2FB%3D/childFolders",
        json!({"displayName": "🎉 \"x\""}),
    );
}

#[test]
fn events_say_when_in_which_zone_and_carry_a_transaction() {
    let given = [
        ("subject", t("Lunch")),
        ("start_dateTime", t("2026-12-01 12:00")),
        ("start_timeZone", t("Pacific Standard Time")),
        ("end_dateTime", t("2026-12-01T21:00:00Z")),
        ("attendees", t("a@x.com")),
    ];
    let request = inserted("Events", &given).expect("a request");
    assert!(request.repeatable);
    assert_eq!(
        sent(&request),
        (
            "POST me/events".to_owned(),
            json!({
                "subject": "Lunch",
                "start": {"dateTime": "2026-12-01T12:00:00", "timeZone": "Pacific Standard Time"},
                "end": {"dateTime": "2026-12-01T21:00:00", "timeZone": "UTC"},
                "attendees": [{"emailAddress": {"address": "a@x.com"}, "type": "required"}],
                "transactionId": "11111111-2222-4333-8444-555555555555",
            })
        )
    );
    // What has an offset is a point in time, shown in the zone beside it.
    let request = inserted(
        "Events",
        &[
            ("start_dateTime", t("2026-12-01T20:00:00Z")),
            ("start_timeZone", t("Pacific Standard Time")),
            ("end_dateTime", t("2026-12-01T21:00:00+01:00")),
            ("CalendarId", t("C=")),
            ("transactionId", t("mine")),
        ],
    )
    .expect("a request");
    let (line, body) = sent(&request);
    assert_eq!(line, "POST me/calendars/C%3D/events");
    assert_eq!(body["start"]["dateTime"], "2026-12-01T12:00:00");
    assert_eq!(
        body["end"],
        json!({"dateTime": "2026-12-01T20:00:00", "timeZone": "UTC"})
    );
    assert_eq!(body["transactionId"], "mine");
}

#[test]
fn people_and_licences() {
    assert_inserts(
        "Users",
        &[
            ("accountEnabled", n(1)),
            ("displayName", t("Eva")),
            ("mailNickname", t("eva")),
            ("userPrincipalName", t("eva@x.com")),
            ("passwordProfile_password", t("p")),
            ("passwordProfile_forceChangePasswordNextSignIn", n(0)),
            ("businessPhones", t("+1")),
        ],
        "POST users",
        json!({
            "accountEnabled": true, "displayName": "Eva", "mailNickname": "eva",
            "userPrincipalName": "eva@x.com",
            "passwordProfile": {"password": "p", "forceChangePasswordNextSignIn": false},
            "businessPhones": ["+1"],
        }),
    );
    assert_inserts(
        "UserLicenses",
        &[("UserId", t("eva@x.com")), ("skuId", t("s1"))],
        "POST users/eva@x.com/assignLicense",
        json!({"addLicenses": [{"skuId": "s1", "disabledPlans": []}], "removeLicenses": []}),
    );
    assert_eq!(
        sent(&deleted("UserLicenses", &[("skuId", "s1")])),
        (
            "POST me/assignLicense".to_owned(),
            json!({"addLicenses": [], "removeLicenses": ["s1"]})
        )
    );
    assert_inserts(
        "GroupMembers",
        &[("GroupId", t("g")), ("id", t("u"))],
        "POST groups/g/members/$ref",
        json!({"@odata.id": "{graph}/directoryObjects/u"}),
    );
    assert_eq!(
        sent(&deleted("GroupOwners", &[("GroupId", "g")])).0,
        "DELETE groups/g/owners/K%3D/$ref"
    );
}

#[test]
fn files_and_list_items() {
    assert_inserts(
        "Files",
        &[("name", t("New")), ("parentReference_id", t("P"))],
        "POST me/drive/items/P/children",
        json!({"name": "New", "folder": {}, "@microsoft.graph.conflictBehavior": "fail"}),
    );
    assert_inserts(
        "Files",
        &[("name", t("New"))],
        "POST me/drive/root/children",
        json!({"name": "New", "folder": {}, "@microsoft.graph.conflictBehavior": "fail"}),
    );
    let set = [("name", t("b.txt")), ("parentReference_id", t("P"))];
    let requests = updated("Files", &[], &set).expect("a request");
    assert_eq!(
        sent(&requests[0]),
        (
            "PATCH me/drive/items/K%3D".to_owned(),
            json!({"name": "b.txt", "parentReference": {"id": "P"}})
        )
    );
    let site = [("SiteId", "contoso.com:/sites/a"), ("ListId", "L")];
    let requests = updated("ListItems", &site, &[("fields", t(r#"{"Title":"x"}"#))]).expect("one");
    assert_eq!(
        sent(&requests[0]),
        (
            "PATCH sites/contoso.com:/sites/a:/lists/L/items/K%3D/fields".to_owned(),
            json!({"Title": "x"})
        )
    );
}

#[test]
fn tasks_name_the_version_that_was_read() {
    assert_inserts(
        "Tasks",
        &[
            ("PlanId", t("p")),
            ("BucketId", t("b")),
            ("title", t("x")),
            ("dueDateTime", t("2026-12-01")),
        ],
        "POST planner/tasks",
        json!({"planId": "p", "bucketId": "b", "title": "x", "dueDateTime": "2026-12-01T00:00:00Z"}),
    );
    let requests = updated("Tasks", &[], &[("percentComplete", n(100))]).expect("one");
    assert_eq!(requests[0].if_match.as_deref(), Some("W/\"1\""));
    assert_eq!(sent(&requests[0]).1, json!({"percentComplete": 100}));
    assert_eq!(deleted("Buckets", &[]).if_match.as_deref(), Some("W/\"1\""));
    assert_eq!(deleted("TodoTasks", &[("TodoListId", "l")]).if_match, None);
}

#[test]
fn null_unsets_and_an_empty_list_empties() {
    let requests = updated(
        "Contacts",
        &[],
        &[
            ("middleName", Value::Null),
            ("emailAddresses", Value::Null),
            ("categories", t("")),
        ],
    )
    .expect("one");
    assert_eq!(
        sent(&requests[0]).1,
        json!({"middleName": null, "emailAddresses": [], "categories": []})
    );
    let requests = updated("Events", &[], &[("start_dateTime", Value::Null)]).expect("one");
    assert_eq!(sent(&requests[0]).1, json!({"start": {"dateTime": null}}));
}

#[test]
fn bytes_travel_in_base64_and_large_ones_another_way() {
    let blob = |size: usize| Value::Blob(vec![b'a'; size].into());
    let given = |size| {
        [
            ("MessageId", t("m")),
            ("name", t("a.txt")),
            ("contentBytes", blob(size)),
        ]
    };
    assert_inserts(
        "MessageAttachments",
        &given(2),
        "POST me/messages/m/attachments",
        json!({"name": "a.txt", "contentBytes": "YWE=", "@odata.type": "#microsoft.graph.fileAttachment"}),
    );
    let error = inserted("MessageAttachments", &given(3_000_001)).expect_err("too large");
    assert!(error.contains("AddAttachments"), "{error}");
}

#[test]
fn what_is_wrong_is_named() {
    for (outcome, expected) in [
        (
            inserted("Events", &[("subject", t("x"))]),
            "INSERT must give start_dateTime",
        ),
        (
            inserted("GroupMembers", &[("id", t("u"))]),
            "INSERT must say GroupId",
        ),
        (
            inserted("Contacts", &[("emailAddresses", t("{"))]),
            "emailAddresses must be JSON",
        ),
        (
            inserted(
                "TodoTasks",
                &[
                    ("TodoListId", t("l")),
                    ("title", t("x")),
                    ("status", t("open")),
                ],
            ),
            "status must be one of notStarted",
        ),
        (inserted("Users", &[("id", t("x"))]), "id is read-only"),
        (
            inserted("People", &[("displayName", t("x"))]),
            "not possible",
        ),
        (
            inserted("Messages", &[("isRead", t("yes"))]),
            "isRead must be 0 or 1",
        ),
        (
            inserted("Messages", &[("subject", Value::Blob([1].into()))]),
            "subject must be text",
        ),
    ] {
        let error = outcome.expect_err(expected);
        assert!(error.contains(expected), "{error}");
    }
    let error = updated("Events", &[], &[("transactionId", t("x"))]).expect_err("once");
    assert!(error.contains("only when the row is made"), "{error}");
    let error = updated("GroupMembers", &[("GroupId", "g")], &[("id", t("x"))]).expect_err("never");
    assert!(error.contains("not possible"), "{error}");
    let error = updated("Events", &[], &[("UserId", t("x"))]).expect_err("where it is");
    assert!(error.contains("cannot be changed"), "{error}");
}

/// Every entry makes a request of the least that an INSERT must give.
#[test]
fn every_table_makes_a_row_of_what_it_requires() {
    for table in catalog::ALL {
        let Some(writes) = table.writes.filter(|writes| !writes.insert.is_empty()) else {
            continue;
        };
        let mut given: Vec<(usize, Value)> = Vec::new();
        for (position, column) in table.columns.iter().enumerate() {
            let path = column.known.unwrap_or(column.path);
            let in_path =
                catalog::placeholders(writes.insert[0].path).any(|name| name == column.path);
            let is_owner = matches!(column.source, Source::Input(Role::Drive));
            if (writes.required.contains(&path) || in_path) && !is_owner {
                let value = match column.ty {
                    catalog::Type::Boolean | catalog::Type::Integer => n(1),
                    catalog::Type::Enum(members) => t(members[0]),
                    catalog::Type::Json => t("{}"),
                    catalog::Type::Blob => Value::Blob([0].into()),
                    catalog::Type::Instant | catalog::Type::Zoned => t("2026-12-01"),
                    _ => t("x"),
                };
                given.push((position, value));
            }
        }
        insert(table, &given, CONTEXT).unwrap_or_else(|error| panic!("{}: {error}", table.name));
    }
}
