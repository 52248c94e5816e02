//! Chooses the way to the rows: the most specific route whose key the statement gives.

use super::{Ask, Collation, Op, SearchKind, first_of_role, search_kind};
use crate::catalog::{Answer, Key, Mode, Owner, Role, Route, Source, Table};

/// The chosen way.
pub(super) struct Chosen {
    /// Position in [`Table::routes`].
    pub route: usize,
    /// The constraint that gives a property route its key.
    pub key: Option<usize>,
    /// What the route answers.
    pub answer: Answer,
    /// Whether MATCH is used, and what it forbids.
    pub search: Option<SearchKind>,
}

/// Chooses a route.
///
/// A given input must be honoured, so its route wins; then an item; then a narrower collection.
pub(super) fn choose(table: &Table, ask: &Ask, pushdown: bool) -> Chosen {
    let search = search_kind(table, ask);
    let chosen = |route: usize, key: Option<usize>| Chosen {
        route,
        key,
        answer: match search {
            // Whatever the level, a search answers with a flat list.
            Some(_) => Answer::Collection,
            None => table.routes[route].answer,
        },
        search,
    };
    let by_input = table.routes.iter().position(
        |route| matches!(route.key, Key::Input(role) if first_of_role(table, ask, role).is_some()),
    );
    if let Some(route) = by_input {
        return chosen(route, None);
    }
    if pushdown {
        let raw = first_of_role(table, ask, Role::Filter).is_some();
        let mut best: Option<(usize, usize)> = None;
        for (position, route) in table.routes.iter().enumerate() {
            let Key::Property(path) = route.key else {
                continue;
            };
            let Some(key) = equality(table, ask, path) else {
                continue;
            };
            let is_item = route.answer == Answer::Item;
            // An item cannot be filtered or searched, and does not know where it hangs in a tree.
            if is_item
                && (raw || search.is_some() || !is_row(table, route) || takes_list(table, ask, key))
            {
                continue;
            }
            if needs_tree(table, ask) {
                continue;
            }
            if is_item {
                return chosen(position, Some(key));
            }
            best.get_or_insert((position, key));
        }
        if let Some((route, key)) = best {
            return chosen(route, Some(key));
        }
    }
    let plain = table.routes.iter().position(|route| route.key == Key::None);
    chosen(plain.unwrap_or(0), None)
}

/// The usable `=` or IN on a property, if there is one. Ids are letter for letter (FACTS §2.9), so with
/// another collation than BINARY other keys would be equal too.
fn equality(table: &Table, ask: &Ask, path: &str) -> Option<usize> {
    ask.constraints.iter().position(|constraint| {
        constraint.usable
            && constraint.op == Op::Eq
            && constraint.collation == Collation::Binary
            && constraint.column.is_some_and(|column| {
                let column = &table.columns[column];
                column.path == path && !matches!(column.source, Source::Input(_))
            })
    })
}

/// True when what the item's path answers is surely a row: not where any owner's items answer there,
/// nor where rows are only what lies in a window.
fn is_row(table: &Table, route: &Route) -> bool {
    table.window.is_none() && (table.owner == Owner::Tenant || route.path.contains("{owner}"))
}

/// True for an IN that one filter can ask whole: fewer requests than an item each.
fn takes_list(table: &Table, ask: &Ask, constraint: usize) -> bool {
    let constraint = &ask.constraints[constraint];
    constraint.list
        && constraint.column.is_some_and(|column| {
            let operators = &table.columns[column].operators;
            operators.list != Mode::No || operators.eq != Mode::No
        })
}

/// True when a column is used whose value only a walk from the root knows.
fn needs_tree(table: &Table, ask: &Ask) -> bool {
    table.columns.iter().enumerate().any(|(position, column)| {
        column.source == Source::TreePath && ask.used >> position.min(63) & 1 == 1
    })
}
