//! What must hold for every table and column, checked over the whole list.
//!
//! The types cannot say these things; the engine relies on each of them. The comparison with the
//! published metadata has a file of its own.

mod metadata;
mod writes;

use std::collections::BTreeSet;

use super::{
    ALL, Answer, Column, Fetch, Mode, OrderRule, Owner, Role, Rows, Search, Service, Source, Table,
    Type, table,
};

/// Calls `check` for each column, with a name for messages.
fn each_column(mut check: impl FnMut(&Table, usize, &Column, String)) {
    for table in ALL {
        for (index, column) in table.columns.iter().enumerate() {
            let label = format!("{}.{}", table.name, column.name());
            check(table, index, column, label);
        }
    }
}

fn role(column: &Column) -> Option<Role> {
    match column.source {
        Source::Input(role) => Some(role),
        _ => None,
    }
}

fn assert_sentence(doc: &str, label: &str) {
    assert!(doc.ends_with('.'), "{label}: no full stop: {doc}");
    let inner = &doc[..doc.len() - 1];
    assert!(!inner.contains(". "), "{label}: two sentences: {doc}");
    assert!(inner.contains(' '), "{label}: not a sentence: {doc}");
    let first = doc.chars().next().expect("a full stop at least");
    assert!(first.is_ascii_uppercase(), "{label}: small letter: {doc}");
}

#[test]
fn tables_are_found_by_name_in_any_case() {
    let names: BTreeSet<String> = ALL.iter().map(|table| table.name.to_lowercase()).collect();
    assert_eq!(names.len(), ALL.len(), "a name stands twice");
    assert_eq!(
        table("CALENDARview").map(|table| table.name),
        Some("CalendarView")
    );
    assert!(table("Message").is_none());
}

#[test]
fn entries_are_filled_in() {
    for table in ALL {
        let name = table.name;
        assert!(
            table.question.ends_with('?'),
            "{name}: the question is none"
        );
        assert!(
            table.example.starts_with("SELECT ") && table.example.contains(name),
            "{name}: the example does not select from it"
        );
        assert!(!table.example.ends_with(';'), "{name}: a semicolon");
        assert!(!table.permission.is_empty(), "{name}: no permission");
    }
}

#[test]
fn column_names_are_unique_without_regard_to_case() {
    for table in ALL {
        let mut seen = BTreeSet::new();
        for column in table.columns {
            let name = column.name().to_ascii_lowercase();
            assert!(seen.insert(name), "{}.{}", table.name, column.name());
        }
    }
}

#[test]
fn docs_are_one_sentence() {
    for table in ALL {
        assert_sentence(table.doc, table.name);
    }
    each_column(|_, _, column, label| assert_sentence(column.doc, &label));
}

#[test]
fn the_key_comes_first() {
    for table in ALL {
        if !table.key.is_empty() {
            assert_eq!(table.columns[0].path, table.key, "{}", table.name);
        }
    }
}

#[test]
fn user_id_is_the_last_visible_column_where_a_mailbox_or_drive_owns_the_rows() {
    for table in ALL {
        let last = table
            .columns
            .iter()
            .rfind(|column| !column.hidden)
            .map(|column| column.path);
        let per_user = table.input(Role::Mailbox).is_some();
        assert_eq!(last == Some("UserId"), per_user, "{}", table.name);
        let owned = table.owner != Owner::Tenant && table.name != "Me";
        assert_eq!(owned, per_user, "{}", table.name);
    }
}

/// Contract §3: the order of the arguments of the table-valued form.
#[test]
fn hidden_columns_stand_in_the_order_of_the_arguments() {
    for table in ALL {
        let hidden: Vec<&Column> = table.columns.iter().filter(|c| c.hidden).collect();
        let roles: Vec<Role> = hidden.iter().map_while(|c| role(c)).collect();
        let rank = |role: &Role| match role {
            Role::Mailbox => 0,
            Role::Folder => 1,
            Role::Filter => 3,
            Role::Match => 4,
            _ => 2,
        };
        assert!(roles.is_sorted_by_key(rank), "{}: {roles:?}", table.name);
        let later = hidden[roles.len()..].iter().find_map(|c| role(c));
        assert_eq!(
            later, None,
            "{}: an input after hidden properties",
            table.name
        );
    }
}

#[test]
fn inputs_have_the_names_of_the_contract() {
    each_column(|table, _, column, label| {
        let Some(role) = role(column) else { return };
        let names: &[&str] = match role {
            Role::Mailbox => &["UserId", "mailbox"],
            Role::Folder => &["folder"],
            Role::Drive => &["DriveId"],
            Role::Site => &["SiteId"],
            Role::Parent(name) => &[name],
            Role::WindowStart => &["windowStart"],
            Role::WindowEnd => &["windowEnd"],
            Role::Filter => &["filter"],
            Role::Match => &[table.name],
        };
        assert!(names.contains(&column.path), "{label}");
        assert_eq!(column.ty, Type::Text, "{label}");
        let visible = column.path.ends_with("Id");
        assert_eq!(column.hidden, !visible, "{label}");
    });
}

#[test]
fn match_and_windows_have_their_inputs() {
    for table in ALL {
        let name = table.name;
        assert_eq!(
            table.search.is_some(),
            table.input(Role::Match).is_some(),
            "{name}"
        );
        for role in [Role::WindowStart, Role::WindowEnd] {
            assert_eq!(
                table.window.is_some(),
                table.input(role).is_some(),
                "{name}"
            );
        }
        if let Some(window) = &table.window {
            for end in [window.start, window.end] {
                let column = table.columns.iter().find(|column| column.path == end);
                let column = column.expect("an end of the window is a column");
                assert!(
                    matches!(column.ty, Type::Zoned | Type::Instant),
                    "{name}: {end}"
                );
            }
        }
        if let Some(Search::Properties { default }) = table.search {
            assert!(table.property(default).is_some(), "{name}");
        }
    }
}

/// SQLite tells exactly which of the first 63 columns a statement uses.
#[test]
fn columns_that_are_only_asked_for_stand_among_the_first_63() {
    each_column(|_, index, column, label| {
        if column.fetch == Fetch::Asked {
            assert!(index < 63, "{label} is column {index}");
        }
        let kept_out = column.fetch == Fetch::List || column.hidden;
        assert!(kept_out, "{label}: `SELECT *` would need it");
    });
}

#[test]
fn only_types_that_sort_alike_on_both_sides_sort() {
    each_column(|table, _, column, label| {
        if column.sort == Mode::No {
            return;
        }
        assert!(
            matches!(
                column.ty,
                Type::Instant | Type::Integer | Type::Long | Type::Double | Type::Boolean
            ),
            "{label}"
        );
        assert_ne!(table.order, OrderRule::Never, "{label}");
    });
    for table in ALL {
        let sorts = table.columns.iter().any(|c| c.sort != Mode::No);
        assert_eq!(sorts, table.order != OrderRule::Never, "{}", table.name);
    }
}

#[test]
fn operators_suit_the_type_and_the_service() {
    each_column(|table, _, column, label| {
        let ops = column.operators;
        let all = [
            ops.eq,
            ops.list,
            ops.ne,
            ops.range,
            ops.starts_with,
            ops.null,
            ops.ends_with,
        ];
        let any = all.iter().any(|mode| *mode != Mode::No);
        let is_text = matches!(column.ty, Type::Text);
        if ops.starts_with != Mode::No || ops.ends_with != Mode::No {
            assert!(is_text, "{label}: text operators");
        }
        if any {
            assert_eq!(column.source, Source::Property, "{label}");
            assert!(!matches!(column.ty, Type::Json | Type::Blob), "{label}");
            assert_ne!(column.fetch, Fetch::Item, "{label}: not in a collection");
            assert_ne!(table.service, Service::Drive, "{label}");
        }
        if table.service != Service::Directory {
            assert!(!all.contains(&Mode::Advanced), "{label}");
            assert_ne!(column.sort, Mode::Advanced, "{label}");
            assert_eq!(ops.list, Mode::No, "{label}: Outlook has no `in`");
        }
    });
}

#[test]
fn pairs_are_the_four_that_were_seen_to_work() {
    let mut pairs = Vec::new();
    each_column(|_, _, column, label| {
        if column.pairs {
            pairs.push(label);
        }
    });
    pairs.sort();
    assert_eq!(
        pairs,
        [
            "MessageRecipients.isDraft",
            "MessageRecipients.isRead",
            "MessageRecipients.receivedDateTime",
            "MessageRecipients.sentDateTime",
            "Messages.isDraft",
            "Messages.isRead",
            "Messages.receivedDateTime",
            "Messages.sentDateTime"
        ]
    );
}

#[test]
fn placeholders_name_columns() {
    for table in ALL {
        assert_eq!(
            table.keys(&table.routes[0]).next(),
            None,
            "{}: the first way needs a property",
            table.name
        );
        for route in table.routes {
            let label = format!("{} {}", table.name, route.path);
            let keys: Vec<&str> = table.keys(route).collect();
            assert!(keys.len() <= 1, "{label}: several properties");
            for path in keys {
                let column = table.columns.iter().find(|c| c.path == path);
                let column = column.unwrap_or_else(|| panic!("{label}: {path} is no column"));
                assert!(!column.hidden, "{label}: hidden");
            }
            for role in table.needs(route) {
                assert!(table.input(role).is_some(), "{label}: {role:?}");
            }
            if route.answer == Answer::TopLevel {
                assert!(table.tree.is_some(), "{label}");
            }
            assert!(route.path.matches("{owner}").count() <= 1, "{label}");
            assert!(!route.path.starts_with('/') && !route.path.ends_with('/'));
            let owned = table.owner != Owner::Tenant;
            assert!(owned || !route.has_owner(), "{label}: nobody owns it");
        }
    }
}

#[test]
fn references_name_tables() {
    each_column(|_, _, column, label| {
        if let Some(name) = column.references {
            assert!(table(name).is_some(), "{label}: there is no table {name}");
        }
    });
}

#[test]
fn elements_belong_to_tables_of_elements() {
    each_column(|table, _, column, label| {
        let of_elements = matches!(
            column.source,
            Source::Element | Source::ElementName | Source::Kind
        );
        let has_elements = matches!(table.rows, Rows::Elements(_));
        assert!(has_elements || !of_elements, "{label}");
        assert!(
            !has_elements || table.count == super::Count::Never,
            "{label}"
        );
    });
}

#[test]
fn trees_name_existing_columns() {
    for table in ALL {
        let computed = table
            .columns
            .iter()
            .any(|c| matches!(c.source, Source::TreePath | Source::DrivePath));
        assert_eq!(computed, table.tree.is_some(), "{}", table.name);
        let Some(tree) = &table.tree else { continue };
        let count = table.property(tree.child_count).expect("a column");
        assert_eq!(table.columns[count].ty, Type::Integer, "{}", table.name);
        let name = table.property(tree.name).expect("a column");
        assert_eq!(table.columns[name].ty, Type::Text, "{}", table.name);
        assert!(tree.children.contains("{owner}") && tree.children.contains("{key}"));
    }
}

#[test]
fn heavy_pages_are_smaller_where_a_column_is_heavy() {
    for table in ALL {
        let heavy = table.columns.iter().any(|c| c.heavy);
        let smaller = table.heavy_page < table.page;
        if table.name != "Me" {
            assert_eq!(heavy, smaller, "{}", table.name);
        }
        assert!(table.page >= table.heavy_page);
    }
}

#[test]
fn a_view_differs_from_events_in_filters_sorting_and_two_names() {
    let events = table("Events").expect("listed");
    let view = table("CalendarView").expect("listed");
    let rest: Vec<&Column> = view
        .columns
        .iter()
        .filter(|c| !["windowStart", "windowEnd"].contains(&c.path))
        .collect();
    assert_eq!(rest.len(), events.columns.len());
    let mut refused = Vec::new();
    for (in_view, in_events) in rest.iter().zip(events.columns) {
        assert_eq!(in_view.path, in_events.path);
        assert_eq!(in_view.doc, in_events.doc);
        assert_eq!(in_view.operators.eq, Mode::No, "{}", in_view.path);
        assert_eq!(in_view.operators.range, Mode::No, "{}", in_view.path);
        if in_view.unselectable {
            refused.push(in_view.path);
        }
    }
    assert_eq!(refused, ["createdDateTime", "lastModifiedDateTime"]);
}

#[test]
fn me_has_the_properties_of_users_in_their_order() {
    let users = table("Users").expect("listed");
    let properties: Vec<&str> = users
        .columns
        .iter()
        .filter(|c| c.source == Source::Property)
        .map(|c| c.path)
        .collect();
    let me = table("Me").expect("listed");
    let own: Vec<&str> = me.columns.iter().map(|c| c.path).collect();
    assert_eq!(own, properties);
}

/// The rows of FACTS §1.4 that differ from their neighbours.
#[test]
fn users_keep_the_documented_operators() {
    use Mode::{Advanced as A, Default as D, No as N};
    assert_operators(
        "Users",
        &[
            // `in` is in the older page only, so a chain of `or` is sent.
            ("id", [D, N, A, N, N, N, N]),
            ("displayName", [D, D, A, N, D, A, N]),
            ("mail", [D, D, A, D, D, N, A]),
            ("userPrincipalName", [D, D, A, N, D, N, A]),
            ("accountEnabled", [D, D, A, A, N, N, N]),
            ("createdDateTime", [D, A, A, D, N, N, N]),
            ("officeLocation", [A, A, A, A, A, A, N]),
            ("signInActivity/lastSignInDateTime", [D, N, A, D, N, N, N]),
            ("aboutMe", [N, N, N, N, N, N, N]),
        ],
    );
}

/// FACTS §1.4 "Group filter".
#[test]
fn groups_keep_the_documented_operators() {
    use Mode::{Advanced as A, Default as D, No as N};
    assert_operators(
        "Groups",
        &[
            ("id", [D, D, A, N, N, N, N]),
            ("displayName", [D, D, A, D, D, A, N]),
            ("description", [D, N, A, D, D, N, N]),
            ("createdDateTime", [D, D, A, D, N, N, N]),
            ("mailEnabled", [D, N, A, N, N, N, N]),
            ("securityEnabled", [D, D, A, N, N, N, N]),
            ("visibility", [N, N, N, N, N, N, N]),
            ("theme", [N, N, N, N, N, N, N]),
            ("unseenCount", [N, N, N, N, N, N, N]),
        ],
    );
}

/// The plans of users are filtered as users are.
#[test]
fn plans_have_the_operators_of_users() {
    let users = table("Users").expect("listed");
    for name in ["UserServicePlans", "UserProvisionedPlans"] {
        let plans = table(name).expect("listed");
        for column in plans.columns {
            if column.source == Source::Property {
                let of_users = users.property(column.path).expect("a column of Users");
                let expected = users.columns[of_users].operators;
                assert_eq!(column.operators, expected, "{name}.{}", column.path);
            }
        }
    }
}

fn assert_operators(name: &str, cases: &[(&str, [Mode; 7])]) {
    let table = table(name).expect("listed");
    for (path, expected) in cases {
        let at = table.property(path).expect("a column");
        let ops = table.columns[at].operators;
        let found = [
            ops.eq,
            ops.list,
            ops.ne,
            ops.range,
            ops.starts_with,
            ops.null,
            ops.ends_with,
        ];
        assert_eq!(found, *expected, "{name}.{path}");
    }
}

#[test]
fn names_compare_while_compiling_as_they_do_at_run_time() {
    let users = table("Users").expect("listed");
    let id = users.columns[0];
    for (other, same) in [
        ("id", true),
        ("i", false),
        ("idx", false),
        ("", false),
        ("ID", false),
    ] {
        assert_eq!(id.is(other), same, "{other}");
    }
}
