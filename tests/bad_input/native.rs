//! Every comparison with every value, over a table of Graph and over a native copy of its rows.

use crate::{assert_sane, demo, kept, values};

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
