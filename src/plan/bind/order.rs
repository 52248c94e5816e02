//! Who sorts and who counts, once the values are known.

use super::filters::instant_of;
use super::{Bound, Context, Given};
use crate::catalog::{Answer, Count, Mode, OrderRule, Table};
use crate::instant::Instant;
use crate::odata::{Filter, Literal};
use crate::plan::{Counting, Purpose};

/// Decides who sorts, and writes mail's filters so that the order is allowed (FACTS §2.2).
pub(super) fn settle_order(
    table: &Table,
    given: &[Given<'_>],
    bound: &mut Bound,
    context: Context<'_>,
) {
    let [term] = bound.order.as_slice() else {
        return;
    };
    let column = &table.columns[term.column];
    let is_collection = bound
        .targets
        .iter()
        .all(|target| target.answer == Answer::Collection);
    bound.sort = bound.targets.len() > 1 || !context.pushdown || !is_collection;
    if !bound.columns.contains(&term.column) {
        bound.columns.push(term.column);
    }
    if bound.page_hint.is_none() && !bound.sort && bound.columns == [term.column] {
        // min() and max() look like this, and want one row; whoever wants more asks once more.
        bound.page_hint = Some(1);
    }
    let filtered = bound.targets.iter().any(|target| !target.filter.is_empty());
    if bound.sort || !filtered {
        for target in &mut bound.targets {
            target.advanced |= !bound.sort && column.sort == Mode::Advanced;
        }
        return;
    }
    match table.order {
        OrderRule::Advanced => bound
            .targets
            .iter_mut()
            .for_each(|target| target.advanced = true),
        OrderRule::FilterFirst => {
            let own_range = given.iter().any(|given| {
                given.argument.column == term.column
                    && matches!(given.argument.role, Purpose::Exact | Purpose::Superset)
                    && instant_of(given).is_some()
            });
            if own_range {
                bound
                    .targets
                    .iter_mut()
                    .for_each(|target| lead_with(&mut target.filter, column.path));
            } else if column.always {
                for target in &mut bound.targets {
                    lead_with_everything(&mut target.filter, column.path);
                }
            } else {
                bound.sort = true;
            }
        }
        OrderRule::Never | OrderRule::Alone => bound.sort = true,
    }
}

/// Moves the parts on one property to the front.
fn lead_with(filter: &mut Filter, property: &str) {
    let Filter::And(parts) = filter else {
        return;
    };
    parts.sort_by_key(|part| !mentions(part, property));
}

fn mentions(filter: &Filter, property: &str) -> bool {
    match filter {
        Filter::Compare(name, ..) => *name == property,
        Filter::And(parts) => parts.iter().any(|part| mentions(part, property)),
        _ => false,
    }
}

/// Puts a range that holds for every value to the front: the recipe of FACTS §2.2.
fn lead_with_everything(filter: &mut Filter, property: &'static str) {
    // 1900-01-01
    let ever = Instant {
        seconds: -2_208_988_800,
        nanos: 0,
    };
    if let Filter::And(parts) = filter {
        parts.insert(0, Filter::Compare(property, "ge", Literal::Instant(ever)));
    }
}

/// Counting is right only where Graph is asked exactly what is wanted.
pub(super) fn settle_count(table: &Table, bound: &mut Bound, context: Context<'_>) {
    let exact = bound.enforced.is_empty()
        && bound
            .targets
            .iter()
            .all(|target| target.answer == Answer::Collection);
    if !exact || !context.pushdown {
        bound.counting = Counting::No;
    }
    if bound.counting != Counting::No && table.count == Count::Advanced {
        bound
            .targets
            .iter_mut()
            .for_each(|target| target.advanced = true);
    }
}
