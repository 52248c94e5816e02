//! What a plan costs, in SQLite's currency: what matters is the ratio between plans.

use super::route::Chosen;
use super::{Argument, Ask, Op, Purpose, is_input};
use crate::catalog::{Answer, Role, Rows, Source, Table, Type};

/// A plan that may be one of the branches of an OR must not be cheaper than half of a plain scan.
const SUSPICIOUS: f64 = 6e8;

/// Un-analysed local tables count as a million rows, so a lookup must be far cheaper than a scan for
/// SQLite to prefer one lookup per outer row (measured: a ratio of a million does).
pub(super) fn cost(
    table: &Table,
    ask: &Ask,
    chosen: &Chosen,
    arguments: &[Argument],
) -> (f64, i64) {
    if chosen.lacking {
        // Another join order may give what is lacking; without it there is nothing to ask.
        return (1e30, 1_000_000);
    }
    let (mut cost, rows) = match (chosen.answer, table.rows) {
        (Answer::Item, Rows::Items) => (100.0, 1),
        (Answer::Item, _) => (100.0, 5),
        _ => cost_of_collection(table, ask, chosen, arguments),
    };
    let inputs = arguments
        .iter()
        .filter(|argument| argument.role == Purpose::Input)
        .count();
    // Each input given halves the cost, so that plans which give more of them win.
    cost *= 0.5f64.powi(i32::try_from(inputs).unwrap_or(0));
    if hides_input(table, ask) && chosen.search.is_none() {
        cost = cost.max(SUSPICIOUS);
    }
    if lacks_input(table, ask) {
        // Another join order gives the input its value; without it the rows would be other rows.
        cost *= 1e12;
    }
    (cost, rows)
}

fn cost_of_collection(
    table: &Table,
    ask: &Ask,
    chosen: &Chosen,
    arguments: &[Argument],
) -> (f64, i64) {
    if chosen.search.is_some() {
        // Nothing but the search can say MATCH, and SQLite says it in no branch of an OR: two of these
        // plans must cost more than one, also where their rows are sorted.
        return (10.0, 2);
    }
    let equal_text = arguments.iter().any(|argument| {
        argument.op == Op::Eq
            && matches!(argument.role, Purpose::Exact | Purpose::Superset)
            && table.columns[argument.column].ty == Type::Text
    });
    let narrowed = arguments.iter().any(|argument| {
        matches!(
            argument.role,
            Purpose::Exact | Purpose::Superset | Purpose::Window
        )
    });
    // One request a level: a tree that has to be walked is small, and kept after its first walk.
    let small_tree = chosen.answer == Answer::TopLevel
        && table.tree.as_ref().is_some_and(|tree| tree.flat.is_none());
    let (cost, rows): (f64, i64) = match (equal_text, chosen.key.is_some(), narrowed, small_tree) {
        (true, ..) => (1e3, 10),
        (_, true, ..) => (2e7, 500),
        (_, _, true, _) => (5e8, 5_000),
        (.., true) => (1e6, 50),
        _ => (1e9, 10_000),
    };
    match is_compared_locally(table, ask, arguments) {
        true => (cost, (rows / 10).max(1)),
        false => (cost, rows),
    }
}

/// True when the statement uses an input column that this ask says nothing of. SQLite plans the branches
/// of an OR without the terms beside it that hold a subquery (`UserId IN (SELECT …) AND (a OR b)`), so
/// such a plan may lack an input that the statement gives, and would read somebody else's rows. Those
/// branches together must cost more than the plan that has the input.
fn hides_input(table: &Table, ask: &Ask) -> bool {
    table.columns.iter().enumerate().any(|(position, column)| {
        let is_used = position < 63 && ask.used >> position & 1 == 1;
        let is_choice = matches!(
            column.source,
            Source::Input(
                Role::Mailbox | Role::Drive | Role::Folder | Role::Site | Role::Parent(_)
            )
        );
        is_used
            && is_choice
            && !ask
                .constraints
                .iter()
                .any(|constraint| constraint.column == Some(position))
    })
}

/// True when SQLite itself compares a property with `=`, so that fewer rows leave the table.
fn is_compared_locally(table: &Table, ask: &Ask, arguments: &[Argument]) -> bool {
    ask.constraints.iter().any(|constraint| {
        constraint.usable
            && constraint.op == Op::Eq
            && constraint.column.is_some_and(|column| {
                table.columns[column].source == Source::Property
                    && !arguments.iter().any(|argument| argument.column == column)
            })
    })
}

/// True when an input is compared with something that is not known yet in this join order.
fn lacks_input(table: &Table, ask: &Ask) -> bool {
    ask.constraints.iter().any(|constraint| {
        !constraint.usable
            && constraint.column.is_some_and(|column| {
                matches!(table.columns[column].source, Source::Input(role) if is_input(role, constraint.op))
            })
    })
}
