//! What the driver tells of itself and of the rest of Graph: system tables, `o365_get`, built-in lists
//! and functions.

mod support;

use rusqlite::Connection;
use support::{column, connect, failure, kind, one};

fn demo() -> Connection {
    connect("Demo=true")
}

#[test]
fn every_table_and_column_is_listed_as_sqlite_sees_it() {
    let connection = demo();
    let names: Vec<String> = column(&connection, "SELECT TableName FROM sys_tables");
    assert!(names.len() > 15);
    for name in names {
        let seen: Vec<String> = column(
            &connection,
            &format!("SELECT format('%s %d', name, hidden) FROM pragma_table_xinfo('{name}')"),
        );
        let told: Vec<String> = column(
            &connection,
            &format!(
                "SELECT format('%s %d', ColumnName, IsHidden) FROM sys_tablecolumns
                  WHERE TableName = '{name}' ORDER BY Ordinal"
            ),
        );
        assert!(!seen.is_empty(), "{name} is no table");
        assert_eq!(told, seen, "{name}");
    }
}

#[test]
fn the_system_tables_say_what_a_column_can_do() {
    let connection = demo();
    let told = |table: &str, name: &str| -> String {
        one(
            &connection,
            &format!(
                "SELECT format('%s|%s|%d|%s', DataTypeName, Pushdown, IsSortable, AllowedValues)
                   FROM sys_tablecolumns WHERE TableName = '{table}' AND ColumnName = '{name}'"
            ),
        )
    };
    assert_eq!(
        told("Messages", "isRead"),
        "BOOLEAN|= (exact), IN (exact), <> (exact)|0|"
    );
    assert_eq!(
        told("Messages", "importance"),
        "TEXT|= (exact), IN (exact)|0|low, normal, high"
    );
    assert_eq!(
        told("Messages", "id"),
        "TEXT|= in the path|0|",
        "an id is an address"
    );
    assert_eq!(told("Messages", "toRecipients"), "TEXT||0|");
    let key: Vec<String> = column(
        &connection,
        "SELECT ColumnName FROM sys_keycolumns WHERE TableName = 'Users' AND IsKey",
    );
    assert_eq!(key, ["id"]);
}

#[test]
fn properties_are_listed_without_their_secrets() {
    let connection =
        connect("GraphUrl=http://127.0.0.1:1;OAuthAccessToken=eyJhbGciOi.hidden.token;Pagesize=7");
    let told: String = one(
        &connection,
        "SELECT group_concat(Name || '=' || coalesce(Value, ''), ';') FROM sys_connection_props",
    );
    assert!(told.contains("Pagesize=7"), "{told}");
    assert!(told.contains("OAuthAccessToken=[redacted]"), "{told}");
    assert!(!told.contains("hidden"), "{told}");
    let graph: String = one(
        &connection,
        "SELECT Value FROM sys_information WHERE Name = 'Graph'",
    );
    assert_eq!(graph, "http://127.0.0.1:1/v1.0");
}

#[test]
fn without_a_connection_the_lists_are_there() {
    let connection =
        office365::sqlite::host::open(None, office365::sqlite::Access::Full).expect("a connection");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(*) FROM CountryCodes"),
        249
    );
    let armenia: String = one(
        &connection,
        "SELECT name || ' ' || alpha3 || ' ' || number FROM CountryCodes WHERE code = 'AM'",
    );
    assert_eq!(armenia, "Armenia ARM 051");
    assert!(one::<i64>(&connection, "SELECT count(*) FROM sys_tables") > 15);
    assert_eq!(
        one::<i64>(&connection, "SELECT count(*) FROM sys_procedures"),
        i64::try_from(office365::procs::ALL.len()).expect("few")
    );
    let required: String = one(
        &connection,
        "SELECT group_concat(ColumnName, ', ') FROM sys_procedureparameters
          WHERE ProcedureName = 'MoveMail' AND IsRequired",
    );
    assert_eq!(required, "MessageId, DestinationId");
}

#[test]
fn any_get_is_rows() {
    let connection = demo();
    let names: Vec<String> = column(
        &connection,
        "SELECT value ->> 'displayName' FROM o365_get('users?$top=25&$select=displayName')",
    );
    assert_eq!(names.len(), 60);
    assert!(names.contains(&"Adele Vance".to_owned()), "{names:?}");
    let requests: i64 = one(&connection, "SELECT count(*) FROM o365_requests");
    assert_eq!(requests, 3, "nextLinks are followed");
    let one_item: String = one(
        &connection,
        "SELECT value ->> 'displayName' FROM o365_get('/v1.0/me')",
    );
    assert_eq!(one_item, "Adele Vance");
    let count: String = one(&connection, "SELECT value FROM o365_get('users/$count')");
    assert_eq!(count, "60");
    let joined: i64 = one(
        &connection,
        "SELECT count(*) FROM (SELECT 'me' AS p UNION ALL SELECT 'me/manager') CROSS JOIN o365_get(p)",
    );
    assert_eq!(joined, 2);
    let null: i64 = one(&connection, "SELECT count(*) FROM o365_get(NULL)");
    assert_eq!(null, 0);
}

#[test]
fn a_get_stays_below_the_version_of_its_host() {
    let connection = demo();
    for (path, why) in [
        ("https://example.org/v1.0/me", "another host"),
        ("../beta/me", "leaves the version"),
        ("me/../../beta", "leaves the version"),
        ("", "empty"),
    ] {
        let error = failure(
            &connection,
            &format!("SELECT value FROM o365_get('{path}')"),
        );
        assert!(error.contains(why), "{path}: {error}");
    }
    assert_eq!(
        one::<i64>(&connection, "SELECT count(*) FROM o365_requests"),
        0
    );
    let error = failure(&connection, "SELECT value FROM o365_get");
    assert!(error.contains("needs a path"), "{error}");
    let error = failure(
        &connection,
        "SELECT value FROM o365_get('users/nobody@contoso.com')",
    );
    assert!(error.contains("nobody@contoso.com"), "{error}");
    assert_eq!(kind(&connection), "not_found");
}

#[test]
fn html_becomes_text() {
    let connection = demo();
    let text: String = one(
        &connection,
        "SELECT o365_text('<p>Hello <b>Adele</b></p><ul><li>one</li></ul>')",
    );
    assert_eq!(text, "Hello Adele\n* one");
    assert_eq!(
        one::<Option<String>>(&connection, "SELECT o365_text(NULL)"),
        None
    );
    assert_eq!(one::<String>(&connection, "SELECT o365_text(7)"), "7");
}

#[test]
fn wall_clocks_change_with_the_season() {
    let connection = demo();
    for (instant, zone, expected) in [
        (
            "2026-03-29 00:59:59",
            "Europe/Berlin",
            "2026-03-29 01:59:59",
        ),
        (
            "2026-03-29 01:00:00",
            "Europe/Berlin",
            "2026-03-29 03:00:00",
        ),
        (
            "2026-10-25 00:30:00",
            "W. Europe Standard Time",
            "2026-10-25 02:30:00",
        ),
        (
            "2026-10-25 01:30:00",
            "W. Europe Standard Time",
            "2026-10-25 02:30:00",
        ),
        (
            "2026-03-08 10:00:00",
            "Pacific Standard Time",
            "2026-03-08 03:00:00",
        ),
        (
            "2026-01-01T00:00:00+02:00",
            "Asia/Kolkata",
            "2026-01-01 03:30:00",
        ),
    ] {
        let local: String = one(
            &connection,
            &format!("SELECT o365_local('{instant}', '{zone}')"),
        );
        assert_eq!(local, expected, "{instant} {zone}");
    }
    let error = failure(&connection, "SELECT o365_local('2026-01-01', 'Mars/Base')");
    assert!(error.contains("time zone"), "{error}");
}

#[test]
fn the_licence_report_has_the_json_of_the_seed() {
    let connection = demo();
    let report: String = one(&connection, "SELECT o365_report_json('userswithlicenses')");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["title"], "Users with licenses");
    assert_eq!(
        report["description"],
        "Shows all users in tenant that have at least one assigned license."
    );
    let users = report["users"].as_array().expect("users");
    let sample = users
        .iter()
        .find(|user| user["displayName"] == "Demo")
        .expect("the seed's user");
    // Seed 001, "Office 365 Users Licenses Report notification text".
    let names = |list: &str, name: &str| -> Vec<String> {
        sample[list]
            .as_array()
            .expect("plans")
            .iter()
            .map(|plan| plan[name].as_str().expect("a name").to_owned())
            .collect()
    };
    assert_eq!(sample["email"], "Demo@BMC1016.onmicrosoft.com");
    assert_eq!(
        names("assignedServicePlans", "name"),
        [
            "ProcessSimple",
            "TeamspaceAPI",
            "ProjectWorkManagement",
            "SharePoint",
            "MicrosoftStream",
            "PowerAppsService",
            "To-Do",
            "MicrosoftOffice",
            "SharePoint",
            "exchange",
            "OfficeForms",
            "Sway",
            "MicrosoftCommunicationsOnline"
        ]
    );
    assert!(
        names("assignedServicePlans", "status")
            .iter()
            .all(|status| status == "Enabled")
    );
    assert_eq!(
        names("provisionedServicePlans", "service"),
        [
            "MicrosoftCommunicationsOnline",
            "exchange",
            "SharePoint",
            "SharePoint"
        ]
    );
    let keys: Vec<&String> = sample.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        [
            "assignedServicePlans",
            "displayName",
            "email",
            "provisionedServicePlans"
        ]
    );
    let without: i64 = one(
        &connection,
        "SELECT json_array_length(o365_report_json('UsersWithoutLicenses'), '$.users')",
    );
    let everybody: i64 = one(&connection, "SELECT count(*) FROM Users");
    assert_eq!(users.len() as i64 + without, everybody);
    let error = failure(&connection, "SELECT o365_report_json('Nobody')");
    assert!(error.contains("UsersWithLicenses"), "{error}");
}

#[test]
fn the_views_of_the_reports_are_their_rows() {
    let connection = demo();
    for file in ["UsersWithLicenses", "UsersWithoutLicenses"] {
        let path = format!("{}/sql/views/{file}.sql", env!("CARGO_MANIFEST_DIR"));
        let view = std::fs::read_to_string(path).expect("a view");
        connection.execute_batch(&view).expect("created");
        let rows: i64 = one(&connection, &format!("SELECT count(*) FROM {file}"));
        let json: i64 = one(
            &connection,
            &format!("SELECT json_array_length(o365_report_json('{file}'), '$.users')"),
        );
        assert_eq!(rows, json, "{file}");
    }
}

#[test]
fn licences_are_counted_by_id_and_by_part_number() {
    let connection = demo();
    let skus: Vec<String> = column(&connection, "SELECT skuPartNumber FROM SubscribedSkus");
    for sku in skus {
        let expected: i64 = one(
            &connection,
            &format!(
                "SELECT prepaidUnits_enabled - consumedUnits FROM SubscribedSkus WHERE skuPartNumber = '{sku}'"
            ),
        );
        let counts: (i64, i64, bool) = connection
            .query_row(
                "SELECT GetAvailableLicenseCount(?1),
                        GetAvailableLicenseCount((SELECT skuId FROM SubscribedSkus WHERE skuPartNumber = ?1)),
                        IsLicenseAvailable(lower(?1))",
                [&sku],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .expect("counted");
        assert_eq!(counts, (expected, expected, expected > 0), "{sku}");
    }
    let null: Option<i64> = one(&connection, "SELECT GetAvailableLicenseCount(NULL)");
    assert_eq!(null, None);
    let error = failure(&connection, "SELECT IsLicenseAvailable('E99')");
    assert!(error.contains("no subscription to `E99`"), "{error}");
    assert_eq!(kind(&connection), "not_found");
}
