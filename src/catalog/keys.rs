//! What tells rows apart, and which columns lead to other tables.

use super::{Column, Role, Source, Table, required, table};

/// The columns that tell a row of a table from the others, as their positions.
pub fn key(table: &Table) -> Vec<usize> {
    let mut key: Vec<usize> = required(table)
        .into_iter()
        .filter(|column| {
            matches!(
                table.columns[*column].source,
                Source::Input(Role::Site | Role::Parent(_))
            )
        })
        .collect();
    key.extend(table.property(table.key));
    let within_item = |column: &Column| {
        matches!(
            column.source,
            Source::Kind | Source::Ordinal | Source::ElementName
        )
    };
    key.extend((0..table.columns.len()).filter(|n| within_item(&table.columns[*n])));
    key
}

/// The columns whose values are another table's key, with that table.
pub fn relations(of: &Table) -> impl Iterator<Item = (&'static Column, &'static Table)> {
    of.columns
        .iter()
        .filter_map(|column| Some((column, column.references.and_then(table)?)))
}
