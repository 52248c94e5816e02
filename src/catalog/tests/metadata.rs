//! The catalogue against the published metadata of Graph v1.0: every property is a column of its
//! type.

use crate::catalog::{ALL, Column, Rows, Source, Table, Type, table};

#[path = "../../../tests/support/row_types.rs"]
#[expect(dead_code, reason = "the conformance test asks for more")]
mod row_types;

use row_types::{ELEMENT_TYPES, METADATA, ROW_TYPES, SOME_OF};

/// Tables whose types are not in the published subset.
const UNPUBLISHED: &[&str] = &["Rooms", "RoomLists"];

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
    ("driveItemVersion", "content"),
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
            let mut next = || fields.next().expect("three fields a line at least");
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

/// The columns that properties of an item become: its own, and the inputs that its rows tell.
fn own(table: &'static Table) -> Vec<(&'static str, Column)> {
    let path = |column: &Column| match column.source {
        // Annotations are no properties.
        Source::Property => Some(column.path).filter(|_| !column.is_annotation()),
        Source::Input(_) => column.known,
        _ => None,
    };
    let mut columns: Vec<(&str, Column)> = Vec::new();
    for column in table.columns {
        let Some(path) = path(column) else { continue };
        // An input may repeat a property.
        if column.source == Source::Property || table.property(path).is_none() {
            columns.push((path, *column));
        }
    }
    columns
}

fn of_elements(table: &'static Table) -> Vec<(&'static str, Column)> {
    let columns = table.columns.iter();
    columns
        .filter(|column| column.source == Source::Element)
        .map(|column| (column.path, *column))
        .collect()
}

/// Checks that each property of a type is among the columns, with its type.
fn assert_whole(table_name: &str, row_type: &str, columns: &[(&str, Column)]) {
    let metadata = metadata_of(row_type);
    assert!(!metadata.is_empty(), "{row_type} is in the list");
    for (path, _) in &metadata {
        let found = columns.iter().find(|(own, _)| own == path);
        if LEFT_OUT.contains(&(row_type, path)) {
            let found = found.map(|(path, _)| *path);
            assert_eq!(found, None, "{table_name}: {path} is said to be left out");
            continue;
        }
        let (_, column) = found.unwrap_or_else(|| panic!("{table_name} lacks {path}"));
        assert_suits(table_name, column, path, &metadata);
    }
}

/// Checks that a column is of the type that the metadata gives its property.
fn assert_suits(table_name: &str, column: &Column, path: &str, metadata: &[(&str, &str)]) {
    let (_, edm) = metadata
        .iter()
        .find(|(published, _)| *published == path)
        .unwrap_or_else(|| panic!("{table_name}: {path} is not in the metadata"));
    let zone = path.replace("/dateTime", "/timeZone");
    let zoned = path.ends_with("/dateTime") && metadata.iter().any(|(p, _)| *p == zone);
    assert!(
        suits(column, edm, zoned),
        "{table_name}.{path}: {edm} is not {:?}",
        column.ty
    );
}

#[test]
fn every_property_of_the_metadata_is_a_column_of_its_type() {
    for (table_name, row_type) in ROW_TYPES {
        let table = table(table_name).expect("listed");
        assert_whole(table_name, row_type, &own(table));
    }
    for (table_name, element_type, _) in ELEMENT_TYPES {
        let table = table(table_name).expect("listed");
        assert_whole(table_name, element_type, &of_elements(table));
    }
}

#[test]
fn every_property_column_is_in_the_metadata_or_added_on_purpose() {
    let check = |table_name: &str, row_type: &str, columns: &[(&str, Column)]| {
        let metadata = metadata_of(row_type);
        for (path, _) in columns {
            let published = metadata.iter().any(|(own, _)| own == path);
            let added = ADDED.contains(&(row_type, path));
            assert!(published != added, "{table_name}.{path}");
        }
    };
    for (table_name, row_type) in ROW_TYPES {
        let table = table(table_name).expect("listed");
        check(table_name, row_type, &own(table));
    }
    for (table_name, element_type, _) in ELEMENT_TYPES {
        let table = table(table_name).expect("listed");
        check(table_name, element_type, &of_elements(table));
    }
}

/// The collections that rows are made of, and the few properties of the item beside them.
#[test]
fn tables_of_elements_have_properties_of_their_items() {
    for (table_name, _, item_type) in ELEMENT_TYPES {
        let table = table(table_name).expect("listed");
        let metadata = metadata_of(item_type);
        for (path, column) in own(table) {
            assert_suits(table_name, &column, path, &metadata);
        }
        let Rows::Elements(lists) = table.rows else {
            panic!("{table_name} has no elements");
        };
        for list in lists {
            let is_published = metadata.iter().any(|(path, _)| *path == list.path);
            assert!(is_published, "{table_name}: {}", list.path);
        }
    }
}

/// Nothing but a file's columns is without a type.
#[test]
fn every_table_of_graph_has_its_type() {
    for table in ALL {
        let name = table.name;
        let ways = [
            ROW_TYPES.iter().any(|(known, _)| *known == name),
            SOME_OF.iter().any(|(known, _)| *known == name),
            ELEMENT_TYPES.iter().any(|(known, ..)| *known == name),
            UNPUBLISHED.contains(&name),
            table.rows == Rows::Csv,
        ];
        assert_eq!(
            ways.iter().filter(|way| **way).count(),
            1,
            "{name} must stand in exactly one list of types: in tests/support/row_types.rs ROW_TYPES, SOME_OF \
             (some properties only) or ELEMENT_TYPES (rows are elements), or UNPUBLISHED in this file"
        );
    }
}

#[test]
fn columns_of_a_part_of_a_type_are_in_the_metadata() {
    for (name, types) in SOME_OF {
        for (path, column) in own(table(name).expect("listed")) {
            let known = types.iter().any(|row_type| {
                let published = metadata_of(row_type).iter().any(|(own, edm)| {
                    *own == path && (column.known.is_some() || suits(&column, edm, false))
                });
                published || ADDED.contains(&(row_type, path))
            });
            assert!(known, "{name}.{path}");
        }
    }
}
