//! What the entries say of writing, checked over all of them.

use std::collections::BTreeSet;

use crate::catalog::{
    ALL, Column, Payload, Placeholder, Source, Table, Type, Verb, Writes, placeholders,
};

fn each(mut check: impl FnMut(&'static Table, &'static Writes)) {
    for table in ALL {
        if let Some(writes) = table.writes {
            check(table, writes);
        }
    }
}

/// The column that stands for a property.
fn column(table: &'static Table, path: &str) -> Option<&'static Column> {
    let stands = |column: &&Column| match column.source {
        Source::Property => column.path == path,
        Source::Input(_) => column.known == Some(path),
        _ => false,
    };
    table.columns.iter().find(stands)
}

#[test]
fn what_can_be_set_is_a_column() {
    each(|table, writes| {
        let mut seen = BTreeSet::new();
        for path in writes
            .settable
            .iter()
            .chain(writes.only_new)
            .chain(writes.only_old)
        {
            assert!(
                column(table, path).is_some(),
                "{} has no {path}",
                table.name
            );
            assert!(seen.insert(*path), "{}: {path} is named twice", table.name);
        }
        for path in writes.required {
            assert!(
                writes.by_insert(path),
                "{}: INSERT may not give {path}",
                table.name
            );
        }
        for path in writes.told.iter().chain(writes.transaction.iter()) {
            assert!(
                column(table, path).is_some(),
                "{} has no {path}",
                table.name
            );
        }
        for (path, _) in writes.lists {
            let is_json = column(table, path).is_some_and(|column| column.ty == Type::Json);
            assert!(is_json, "{}: {path} is no collection", table.name);
            let is_set = writes.by_insert(path) || writes.by_update(path);
            assert!(is_set, "{}: {path} cannot be set", table.name);
        }
        for (_, text) in writes.constants {
            serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        }
    });
}

#[test]
fn every_path_can_be_filled() {
    each(|table, writes| {
        for way in writes.insert {
            for name in placeholders(way.path) {
                let placeholder = table.placeholder(name);
                if let Placeholder::Property(path) = placeholder {
                    assert!(column(table, path).is_some(), "{}: {path}", table.name);
                }
            }
        }
        let rows = [&writes.update, &writes.delete];
        for way in rows.into_iter().flatten() {
            for name in placeholders(way.path) {
                // A row knows its key and what it was found with.
                if let Placeholder::Property(path) = table.placeholder(name) {
                    assert_eq!(path, table.key, "{}: {}", table.name, way.path);
                }
            }
        }
        let most_special_first = writes
            .insert
            .windows(2)
            .all(|pair| placeholders(pair[0].path).count() >= placeholders(pair[1].path).count());
        assert!(most_special_first, "{}", table.name);
    });
}

/// FACTS §3.3: without `/$ref` a DELETE removes the object, not the reference to it.
#[test]
fn references_are_removed_as_references() {
    each(|table, writes| {
        let is_reference = |way: &crate::catalog::Way| matches!(way.payload, Payload::Reference(_));
        if writes.insert.iter().any(is_reference) {
            let delete = writes.delete.expect("members can be removed");
            assert_eq!(delete.verb, Verb::Delete, "{}", table.name);
            assert!(delete.path.ends_with("/$ref"), "{}", table.name);
        }
        let is_plain =
            |way: &crate::catalog::Way| way.verb != Verb::Delete || way.path.contains("{id}");
        assert!(writes.delete.iter().all(is_plain), "{}", table.name);
    });
}

#[test]
fn writes_name_their_permission() {
    each(|table, writes| {
        assert!(!writes.permission.is_empty(), "{}", table.name);
        let can = !writes.insert.is_empty() || writes.update.is_some() || writes.delete.is_some();
        assert!(can, "{}", table.name);
        assert!(
            writes.update.is_some() || writes.settable.is_empty() || writes.moves.is_some(),
            "{}",
            table.name
        );
    });
}
