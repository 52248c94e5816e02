//! Chooses the way to the rows: the most specific route whose placeholders the statement fills.

use super::{Ask, Collation, Op, SearchKind, first_of_role, search_kind};
use crate::catalog::{Answer, Mode, Owner, Role, Route, Source, Table};

/// The chosen way.
pub(super) struct Chosen {
    /// Position in [`Table::routes`].
    pub route: usize,
    /// The constraint that fills the route's property placeholder.
    pub key: Option<usize>,
    /// What the route answers.
    pub answer: Answer,
    /// Whether MATCH is used, and what it forbids.
    pub search: Option<SearchKind>,
    /// Every way needs an input that is not given: there is nothing to ask yet.
    pub lacking: bool,
}

/// Chooses a route.
///
/// Given inputs must be honoured, so ways that would pass one over are out, unless its value can be
/// compared in the rows; then an item is best, then a narrower collection, then the way that takes most
/// inputs, then the first in the catalogue's order.
pub(super) fn choose(table: &Table, ask: &Ask, pushdown: bool) -> Chosen {
    let search = search_kind(table, ask);
    let mut best: Option<((u8, usize), usize, Option<usize>)> = None;
    for (position, route) in table.routes.iter().enumerate() {
        if !honours(table, ask, route) {
            continue;
        }
        let Some((rank, key)) = rank(table, ask, route, pushdown, search.is_some()) else {
            continue;
        };
        let rank = (rank, table.needs(route).count());
        if best.is_none_or(|(known, ..)| rank > known) {
            best = Some((rank, position, key));
        }
    }
    let (_, route, key) = best.unwrap_or(((0, 0), 0, None));
    Chosen {
        route,
        key,
        answer: match search {
            // Whatever the level, a search answers with a flat list.
            Some(_) => Answer::Collection,
            None => table.routes[route].answer,
        },
        search,
        lacking: best.is_none(),
    }
}

/// How specific a way is, and the constraint that fills its property placeholder; `None` when it
/// cannot be taken.
fn rank(
    table: &Table,
    ask: &Ask,
    route: &Route,
    pushdown: bool,
    searching: bool,
) -> Option<(u8, Option<usize>)> {
    let Some(path) = table.keys(route).next() else {
        return Some((0, None));
    };
    if !pushdown || needs_tree(table, ask) {
        return None;
    }
    let key = equality(table, ask, path)?;
    if route.answer != Answer::Item {
        return Some((1, Some(key)));
    }
    // An item cannot be filtered or searched, and does not know where it hangs in a tree.
    let raw = first_of_role(table, ask, Role::Filter).is_some();
    let is_row = table.window.is_none() && is_row(table, route);
    (!raw && !searching && is_row && !takes_list(table, ask, key)).then_some((2, Some(key)))
}

/// True when a way has all the inputs that it needs and passes over none that is given.
fn honours(table: &Table, ask: &Ask, route: &Route) -> bool {
    let is_given = |role| first_of_role(table, ask, role).is_some();
    let some_way = |role: Role| {
        table
            .routes
            .iter()
            .any(|route| table.needs(route).any(|needed| needed == role))
    };
    let passes_over = |role: Role| match role {
        Role::Mailbox | Role::Drive => {
            !route.has_owner() && table.routes.iter().any(Route::has_owner)
        }
        Role::Folder | Role::Site | Role::Parent(_) => {
            some_way(role) && !takes(table, route, role) && !is_told(table, role)
        }
        Role::WindowStart | Role::WindowEnd | Role::Filter | Role::Match => false,
    };
    table.needs(route).all(is_given)
        && table.columns.iter().all(|column| match column.source {
            Source::Input(role) => !is_given(role) || !passes_over(role),
            _ => true,
        })
}

/// True when a way's path or body has this input.
pub(super) fn takes(table: &Table, route: &Route, role: Role) -> bool {
    table.needs(route).any(|needed| needed == role)
}

/// True when rows tell an input's value themselves.
pub(super) fn is_told(table: &Table, role: Role) -> bool {
    table
        .input(role)
        .is_some_and(|column| table.columns[column].known.is_some())
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
                column.path == path && matches!(column.source, Source::Property | Source::DrivePath)
            })
    })
}

/// True when what the item's path answers is surely a row, and not where any owner's items answer
/// there, unless the entry takes that for granted.
fn is_row(table: &Table, route: &Route) -> bool {
    table.owner == Owner::Tenant || route.has_owner() || route.anywhere
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
