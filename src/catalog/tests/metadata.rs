//! The catalogue against the published metadata of Graph v1.0: every property is a column of its
//! type.

use crate::catalog::{Column, Source, Table, Type, table};

/// Each property of each catalogued type, flattened: type, path, Edm type.
const METADATA: &str = include_str!("../../../tests/data/csdl-properties.tsv");

/// Which type a table's rows have.
const ROW_TYPES: &[(&str, &str)] = &[
    ("Messages", "message"),
    ("MailFolders", "mailSearchFolder"),
    ("Events", "event"),
    ("CalendarView", "event"),
    ("Calendars", "calendar"),
    ("Users", "user"),
    ("Me", "user"),
    ("Files", "driveItem"),
    ("Drives", "drive"),
    ("FileVersions", "driveItemVersion"),
    ("FilePermissions", "permission"),
    ("Sites", "site"),
    ("Lists", "list"),
    ("ListItems", "listItem"),
    ("Plans", "plannerPlan"),
    ("Buckets", "plannerBucket"),
    ("Tasks", "plannerTask"),
    ("TodoLists", "todoTaskList"),
    ("TodoTasks", "todoTask"),
    ("Teams", "team"),
    ("Channels", "channel"),
    ("TeamMembers", "aadUserConversationMember"),
    ("ChannelMessages", "chatMessage"),
    ("Conversations", "conversation"),
    ("Threads", "conversationThread"),
    ("Posts", "post"),
];

/// Tables that choose among the properties of a type, each of which must be published all the same.
const PARTS: &[(&str, &str)] = &[
    ("SharedWithMe", "driveItem"),
    ("TaskAssignments", "plannerTask"),
];

/// Properties that are not columns.
const LEFT_OUT: &[(&str, &str)] = &[
    // The bytes of the file: a procedure's business.
    ("driveItem", "content"),
    ("driveItemVersion", "content"),
    // A type without properties, there only for what hangs below it.
    ("user", "print"),
];

/// Columns inside open objects, whose members the metadata does not flatten: the names of people that
/// everybody asks for. `email` and `group` are not declared at all but answered by SharePoint.
const ADDED: &[(&str, &str)] = &[
    ("driveItem", "createdBy/user/displayName"),
    ("driveItem", "createdBy/user/email"),
    ("driveItem", "createdBy/user/id"),
    ("driveItem", "lastModifiedBy/user/displayName"),
    ("driveItem", "lastModifiedBy/user/email"),
    ("driveItem", "lastModifiedBy/user/id"),
    ("drive", "owner/user/displayName"),
    ("drive", "owner/user/email"),
    ("drive", "owner/user/id"),
    ("drive", "owner/group/displayName"),
    ("drive", "owner/group/id"),
    ("driveItem", "remoteItem/shared/sharedBy/user/displayName"),
    ("driveItem", "remoteItem/shared/sharedBy/user/email"),
    ("driveItem", "remoteItem/shared/sharedBy/user/id"),
    ("driveItem", "remoteItem/shared/owner/user/displayName"),
    ("driveItem", "remoteItem/createdBy/user/displayName"),
    ("driveItem", "remoteItem/lastModifiedBy/user/displayName"),
    ("driveItemVersion", "lastModifiedBy/user/displayName"),
    ("driveItemVersion", "lastModifiedBy/user/email"),
    ("driveItemVersion", "lastModifiedBy/user/id"),
    ("permission", "grantedToV2/user/displayName"),
    ("permission", "grantedToV2/user/email"),
    ("permission", "grantedToV2/user/id"),
    ("permission", "grantedTo/user/displayName"),
    ("permission", "grantedTo/user/id"),
    ("site", "createdBy/user/displayName"),
    ("site", "lastModifiedBy/user/displayName"),
    ("list", "createdBy/user/displayName"),
    ("list", "createdBy/user/email"),
    ("list", "createdBy/user/id"),
    ("list", "lastModifiedBy/user/displayName"),
    ("list", "lastModifiedBy/user/email"),
    ("list", "lastModifiedBy/user/id"),
    ("listItem", "createdBy/user/displayName"),
    ("listItem", "createdBy/user/email"),
    ("listItem", "createdBy/user/id"),
    ("listItem", "lastModifiedBy/user/displayName"),
    ("listItem", "lastModifiedBy/user/email"),
    ("listItem", "lastModifiedBy/user/id"),
    // A relationship, which comes with $expand.
    ("listItem", "fields"),
    ("plannerPlan", "createdBy/user/id"),
    ("plannerTask", "createdBy/user/id"),
    ("plannerTask", "completedBy/user/id"),
    ("chatMessage", "from/user/displayName"),
    ("chatMessage", "from/user/id"),
];

fn metadata_of(row_type: &str) -> Vec<(&'static str, &'static str)> {
    METADATA
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut fields = line.split('\t');
            let mut next = || fields.next().expect("three fields a line");
            (next(), next(), next())
        })
        .filter(|(of, _, _)| *of == row_type)
        .map(|(_, path, edm)| (path, edm))
        .collect()
}

/// Whether a column's type is the one for an Edm type.
fn suits(column: &Column, edm: &str, zoned: bool) -> bool {
    if let Some(members) = edm.strip_prefix("enum ") {
        let (_, members) = members.split_once(' ').expect("a name, then the members");
        // The sentinel of evolvable enums is not a value that anybody sets.
        let known = members.split('|').filter(|m| *m != "unknownFutureValue");
        return matches!(column.ty, Type::Enum(own) if own.iter().copied().eq(known));
    }
    let expected = match edm {
        "Edm.String" if zoned => Type::Zoned,
        "Edm.String" => Type::Text,
        "Edm.Boolean" => Type::Boolean,
        "Edm.Int16" | "Edm.Int32" => Type::Integer,
        "Edm.Int64" => Type::Long,
        "Edm.Double" => Type::Double,
        "Edm.DateTimeOffset" => Type::Instant,
        "Edm.Date" => Type::Date,
        "Edm.TimeOfDay" => Type::Time,
        "Edm.Binary" => Type::Blob,
        _ => {
            let whole = ["Collection(", "open ", "empty "];
            return column.ty == Type::Json && whole.iter().any(|start| edm.starts_with(start));
        }
    };
    column.ty == expected
}

/// The input whose value this property tells, which stands for it.
fn known_by(table: &Table, path: &str) -> Option<usize> {
    table
        .columns
        .iter()
        .position(|column| column.known == Some(path))
}

#[test]
fn every_property_of_the_metadata_is_a_column_of_its_type() {
    for (table_name, row_type) in ROW_TYPES {
        let table = table(table_name).expect("listed");
        let metadata = metadata_of(row_type);
        assert!(!metadata.is_empty(), "{row_type} is not in the list");
        for (path, edm) in &metadata {
            let found = table.property(path).or_else(|| known_by(table, path));
            if LEFT_OUT.contains(&(row_type, path)) {
                assert_eq!(found, None, "{table_name}: {path} is said to be left out");
                continue;
            }
            let at = found.unwrap_or_else(|| panic!("{table_name} lacks {path}"));
            let zone = path.replace("/dateTime", "/timeZone");
            let zoned = path.ends_with("/dateTime") && metadata.iter().any(|(p, _)| *p == zone);
            let column = &table.columns[at];
            assert!(
                suits(column, edm, zoned),
                "{table_name}.{path}: {edm} is not {:?}",
                column.ty
            );
        }
    }
}

#[test]
fn every_property_column_is_in_the_metadata_or_added_on_purpose() {
    for (table_name, row_type) in ROW_TYPES.iter().chain(PARTS) {
        let metadata = metadata_of(row_type);
        let table = table(table_name).expect("listed");
        for column in table.columns {
            let path = match column.source {
                Source::Property => column.path,
                Source::Input(_) => match column.known {
                    Some(path) => path,
                    None => continue,
                },
                _ => continue,
            };
            let published = metadata.iter().any(|(known, _)| *known == path);
            let added = ADDED.contains(&(row_type, path));
            assert!(published != added, "{table_name}.{}", column.path);
        }
    }
}
