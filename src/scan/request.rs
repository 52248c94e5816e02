//! The request of a target: its options, the shape of its rows, the question it is kept under.

use std::sync::Arc;

use super::fetch::{Holds, Waiter};
use super::needed;
use super::reading::Tier;
use crate::cache::Question;
use crate::catalog::{Answer, Column, Flat, Root, Rows, Service, Source, Table};
use crate::decode::Shape;
use crate::odata::{Filter, Options};
use crate::plan::Counting;
use crate::plan::bind::{Bound, Target};

/// The further properties of a tree's rows, in this order in every shape.
pub(super) const CHILD_COUNT: usize = 0;
pub(super) const CONTAINER: usize = 1;
pub(super) const ROOT: usize = 2;
pub(super) const HIDDEN: usize = 3;
/// What tells rows from what only has an id: of tables that are no trees.
pub(super) const ONLY: usize = 0;
/// Of a flat collection only.
pub(super) const GONE: usize = 4;

pub(super) fn holds(table: &Table, target: &Target) -> Holds {
    match (table.rows, target.answer) {
        (Rows::Csv, _) => Holds::File,
        (_, Answer::Item) => Holds::Item,
        (_, Answer::Collection | Answer::TopLevel) => Holds::Page,
    }
}

/// The request of a target.
pub(super) struct Request {
    pub(super) question: Question,
    pub(super) shape: Arc<Shape>,
    pub(super) small_pages: bool,
}

pub(super) fn request(
    waiter: &Waiter<'_>,
    table: &'static Table,
    bound: &Bound,
    target: &Target,
    path: &str,
    tier: Tier,
) -> Request {
    let counts = bound.counting == Counting::Surely;
    // Counted rows have no values of their own.
    let columns = match counts {
        true => Vec::new(),
        false => needed(table, bound, tier),
    };
    let extra = extra(table, target, path);
    let shape = Arc::new(Shape::new(table, &columns, &extra, target.slots));
    let mut options = Options::default();
    if let Some(select) = select(table, &columns, &extra).filter(|_| tier != Tier::Bare) {
        options.push("$select", select);
    }
    if let Some(expand) = expand(table, &columns) {
        options.push("$expand", expand);
    }
    let mut small_pages = false;
    let mut top = 0;
    let (filter, order) = asked(table, bound, target, tier);
    if target.answer != Answer::Item {
        if let Some(search) = &target.search {
            options.push("$search", search.clone());
        }
        let sent = Filter::And(
            filter
                .iter()
                .cloned()
                .chain(target.raw.clone().map(Filter::Raw))
                .collect(),
        );
        if !sent.is_empty() {
            options.push("$filter", sent.to_string());
        }
        if !order.is_empty() {
            options.push("$orderby", order.clone());
        }
        let largest = page_size(waiter, table, &columns);
        top = match (bound.counting, bound.page_hint) {
            (Counting::Surely, _) => 1,
            (_, Some(hint)) if target.answer == Answer::Collection => {
                largest.min(u32::try_from(hint.max(1)).unwrap_or(largest))
            }
            _ => largest,
        };
        small_pages = top * 4 < largest && bound.counting == Counting::No;
        if !matches!(tier, Tier::Unsized | Tier::Bare) && largest > 0 {
            options.push("$top", top.to_string());
        }
        if bound.counting != Counting::No
            || (target.advanced && table.service == Service::Directory)
        {
            options.push("$count", "true");
        }
    }
    Request {
        question: Question {
            family: format!(
                "{path}\n{} {}\n{}\n{}\n{}",
                table.name,
                waiter.environment.client.identity,
                target.search.as_deref().unwrap_or_default(),
                target.raw.as_deref().unwrap_or_default(),
                target.body.as_deref().unwrap_or_default(),
            ),
            filter: filter.map(|filter| filter.to_string()).unwrap_or_default(),
            order,
            columns,
            top,
            count: counts,
            url: waiter.environment.client.url(&options.on(path)),
        },
        shape,
        small_pages,
    }
}

/// The filter and the order that a tier sends.
fn asked(table: &Table, bound: &Bound, target: &Target, tier: Tier) -> (Option<Filter>, String) {
    let filter = Some(target.filter.clone()).filter(|filter| {
        !filter.is_empty() && !matches!(tier, Tier::Unfiltered | Tier::Unsized | Tier::Bare)
    });
    let order = match (tier, bound.sort, bound.order.as_slice()) {
        (Tier::Asked, false, [term]) => {
            let direction = if term.descending { " desc" } else { "" };
            format!("{}{direction}", table.columns[term.column].path)
        }
        _ => String::new(),
    };
    (filter, order)
}

/// The flat way of a tree, if this path is one.
pub(super) fn flat(table: &'static Table, path: &str) -> Option<&'static Flat> {
    let flat = table.tree.as_ref()?.flat.as_ref()?;
    let end = flat.path.strip_prefix("{owner}")?;
    path.ends_with(end).then_some(flat)
}

fn extra(table: &'static Table, target: &Target, path: &str) -> Vec<&'static str> {
    let Some(tree) = &table.tree else {
        let only = table.only.filter(|_| target.answer == Answer::Item);
        return only.iter().map(|(property, _)| *property).collect();
    };
    let root = match tree.root {
        Root::Property(path) => path,
        Root::Path(_) => tree.child_count,
    };
    let mut extra = vec![
        tree.child_count,
        tree.container.unwrap_or(tree.child_count),
        root,
        tree.hidden.unwrap_or(tree.child_count),
    ];
    extra.extend(flat(table, path).map(|flat| flat.gone));
    extra
}

/// `$select`: the key and what is wanted, each first level once. `None` where a wanted property may
/// not be named: then everything comes.
fn select(table: &Table, columns: &[usize], extra: &[&'static str]) -> Option<String> {
    if !table.select {
        return None;
    }
    let mut names: Vec<&str> = Vec::new();
    let mut add = |path: &'static str| {
        let name = path.split('/').next().unwrap_or(path);
        if !name.is_empty() && !name.starts_with('@') && !names.contains(&name) {
            names.push(name);
        }
    };
    add(table.key);
    for column in columns {
        let column = &table.columns[*column];
        match column.source {
            Source::Property if column.unselectable => return None,
            Source::Property if column.expanded => {}
            Source::Property => add(column.path),
            Source::Input(_) => column.known.into_iter().for_each(&mut add),
            Source::DrivePath => {
                add("parentReference");
                add("name");
            }
            Source::Difference(from, less) => {
                add(from);
                add(less);
            }
            _ => {}
        }
    }
    if let Rows::Elements(lists) = table.rows {
        lists.iter().for_each(|list| add(list.path));
    }
    extra.iter().for_each(|path| add(path));
    (!names.is_empty()).then(|| names.join(","))
}

/// `$expand`: the wanted relationships that come with a row.
fn expand(table: &Table, columns: &[usize]) -> Option<String> {
    let mut names: Vec<&str> = columns
        .iter()
        .map(|column| &table.columns[*column])
        .filter(|column| column.expanded && column.source == Source::Property)
        .map(Column::selected)
        .collect();
    names.dedup();
    (!names.is_empty()).then(|| names.join(","))
}

/// As many rows as the endpoint gives, fewer where a column is large.
fn page_size(waiter: &Waiter<'_>, table: &Table, columns: &[usize]) -> u32 {
    let heavy = columns.iter().any(|column| table.columns[*column].heavy);
    let largest = if heavy { table.heavy_page } else { table.page };
    match waiter.environment.settings.page_size {
        0 => largest,
        asked => asked.min(largest),
    }
}
