//! The catalogue against the published metadata of Graph v1.0: every property is a column of its
//! type.

use crate::catalog::{ALL, Column, Rows, Source, Table, Type, table};

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
    ("Groups", "group"),
    ("SubscribedSkus", "subscribedSku"),
    ("UserLicenses", "licenseDetails"),
    ("Organization", "organization"),
    ("Domains", "domain"),
    ("Devices", "device"),
    ("DirectoryRoles", "directoryRole"),
    ("Subscriptions", "subscription"),
    ("Presence", "presence"),
    ("Files", "driveItem"),
    ("Drives", "drive"),
];

/// Tables that have some properties only, of rows of one of these types.
const SOME_OF: &[(&str, &[&str])] = &[
    ("GroupMembers", &["user", "group"]),
    ("GroupOwners", &["user", "group"]),
    ("UserGroups", &["group", "directoryRole"]),
    ("DirectReports", &["user"]),
    ("DeletedUsers", &["user"]),
    ("DirectoryRoleMembers", &["user", "group"]),
    ("ServicePlans", &["subscribedSku"]),
    ("UserServicePlans", &["user"]),
    ("UserProvisionedPlans", &["user"]),
];

/// Which type the elements of a table of elements have.
const ELEMENT_TYPES: &[(&str, &str)] = &[
    ("ServicePlans", "servicePlanInfo"),
    ("UserServicePlans", "assignedPlan"),
    ("UserProvisionedPlans", "provisionedPlan"),
];

/// Properties that are not columns.
const LEFT_OUT: &[(&str, &str)] = &[
    // The bytes of the file: a procedure's business.
    ("driveItem", "content"),
    // A type without properties, there only for what hangs below it.
    ("user", "print"),
    // Never returned, only filtered by: `filter` can say it. A column would be NULL in rows that were
    // found because it is true.
    ("group", "hasMembersWithLicenseErrors"),
    // Not returned by a group but by its team (A/group-get).
    ("group", "isArchived"),
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
        "Edm.String" | "Edm.Guid" => Type::Text,
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

#[test]
fn every_property_of_the_metadata_is_a_column_of_its_type() {
    for (table_name, row_type) in ROW_TYPES {
        let table = table(table_name).expect("listed");
        let metadata = metadata_of(row_type);
        assert!(!metadata.is_empty(), "{row_type} is not in the list");
        for (path, edm) in &metadata {
            let found = table.property(path);
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
    for (table_name, row_type) in ROW_TYPES {
        let metadata = metadata_of(row_type);
        let table = table(table_name).expect("listed");
        for column in table.columns {
            if column.source != Source::Property {
                continue;
            }
            let published = metadata.iter().any(|(path, _)| *path == column.path);
            let added = ADDED.contains(&(row_type, column.path));
            assert!(published != added, "{table_name}.{}", column.path);
        }
    }
}

/// Nothing but a file's columns is without a type.
#[test]
fn every_table_of_graph_has_its_type() {
    let named = |list: &[(&str, &str)], name| list.iter().any(|(table, _)| *table == name);
    for table in ALL {
        let whole = named(ROW_TYPES, table.name);
        let some = SOME_OF.iter().any(|(name, _)| *name == table.name);
        let file = table.rows == Rows::Csv;
        let ways = [whole, some, file].into_iter().filter(|way| *way).count();
        assert_eq!(ways, 1, "{}", table.name);
        assert_eq!(
            matches!(table.rows, Rows::Elements(_)),
            named(ELEMENT_TYPES, table.name),
            "{}",
            table.name
        );
    }
}

/// Whether the type has this property, and the column its type.
fn is_of(column: &Column, row_type: &str) -> bool {
    metadata_of(row_type)
        .iter()
        .any(|(path, edm)| *path == column.path && suits(column, edm, false))
}

#[test]
fn columns_of_a_part_of_a_type_are_in_the_metadata() {
    for (name, types) in SOME_OF {
        let table: &Table = table(name).expect("listed");
        for column in table.columns {
            if column.source == Source::Property && !column.is_annotation() {
                let known = types.iter().any(|row_type| is_of(column, row_type));
                assert!(known, "{name}.{}", column.path);
            }
        }
    }
}

#[test]
fn elements_have_the_properties_of_their_type() {
    for (name, element_type) in ELEMENT_TYPES {
        let table: &Table = table(name).expect("listed");
        let own = |column: &&Column| column.source == Source::Element;
        for column in table.columns.iter().filter(own) {
            assert!(is_of(column, element_type), "{name}.{}", column.path);
        }
        for (path, _) in metadata_of(element_type) {
            let mut columns = table.columns.iter().filter(own);
            assert!(columns.any(|c| c.path == path), "{name} lacks {path}");
        }
    }
}
