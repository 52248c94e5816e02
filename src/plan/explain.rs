//! A plan as text: first a line for people, then the part that travels to the scan.

use super::{Counting, Op, Plan, Purpose};
use crate::catalog::{Answer, Rows, Table};

/// Between the two parts: EXPLAIN QUERY PLAN prints both.
const SEPARATOR: &str = " || ";

/// Writes both parts; [`decode`] reads the second.
pub fn encode(table: &Table, plan: &Plan) -> String {
    // A plan is numbers and names: serialising it cannot fail.
    let machine = serde_json::to_string(plan).unwrap_or_default();
    format!("{}{SEPARATOR}{machine}", describe(table, plan))
}

/// The plan in a text made by [`encode`].
pub fn decode(text: &str) -> Option<Plan> {
    let (_, machine) = text.rsplit_once(SEPARATOR)?;
    serde_json::from_str(machine).ok()
}

/// The readable line: the request with `?` for values, and what SQLite does itself.
pub fn describe(table: &Table, plan: &Plan) -> String {
    let route = &table.routes[plan.route];
    let method = if route.body.is_some() { "POST" } else { "GET" };
    let mut line = format!("{method} /{}", route.path);
    let names: Vec<&str> = selected(table, plan);
    if !names.is_empty() {
        line.push_str(&format!(" $select={}", names.join(",")));
    }
    let mut filter: Vec<String> = terms(table, plan, |role| {
        matches!(role, Purpose::Exact | Purpose::Superset)
    });
    if !route.filter.is_empty() {
        filter.insert(0, route.filter.to_owned());
    }
    if !filter.is_empty() {
        line.push_str(&format!(" $filter={}", filter.join(" and ")));
    }
    for term in &plan.order {
        let direction = if term.descending { " desc" } else { "" };
        line.push_str(&format!(
            " $orderby={}{direction}",
            table.columns[term.column].path
        ));
    }
    if plan
        .arguments
        .iter()
        .any(|argument| argument.op == Op::Limit)
    {
        line.push_str(" $top=?");
    }
    if plan.counting != Counting::No {
        line.push_str(" $count=true");
    }
    if route.answer == Answer::TopLevel {
        line.push_str(" and each level below");
    }
    let inputs = terms(table, plan, |role| role == Purpose::Input);
    if !inputs.is_empty() {
        line.push_str(&format!("; given {}", inputs.join(", ")));
    }
    let again = terms(table, plan, |role| {
        matches!(role, Purpose::Superset | Purpose::Key | Purpose::Window)
    });
    if !again.is_empty() {
        line.push_str(&format!("; SQLite checks {} again", again.join(", ")));
    }
    line
}

fn selected(table: &Table, plan: &Plan) -> Vec<&'static str> {
    if !table.select {
        return Vec::new();
    }
    let mut names: Vec<&str> = vec![table.key];
    names.retain(|name| !name.is_empty());
    if let Some(tree) = table
        .tree
        .as_ref()
        .filter(|_| table.routes[plan.route].answer == Answer::TopLevel)
    {
        let first = |path: &'static str| path.split('/').next().unwrap_or(path);
        names.push(first(tree.child_count));
        names.extend(tree.hidden.map(first));
    }
    if let Rows::Elements(lists) = table.rows {
        names.extend(lists.iter().map(|list| list.path));
    }
    for column in &plan.columns {
        let column = &table.columns[*column];
        if matches!(column.source, crate::catalog::Source::Property)
            && !column.is_annotation()
            && !column.expanded
            && !names.contains(&column.selected())
        {
            names.push(column.selected());
        }
    }
    names
}

fn terms(table: &Table, plan: &Plan, wanted: impl Fn(Purpose) -> bool) -> Vec<String> {
    plan.arguments
        .iter()
        .filter(|argument| wanted(argument.role))
        .map(|argument| {
            let column = table.columns[argument.column].path;
            let list = if argument.list { "…" } else { "" };
            match argument.op {
                Op::IsNull => format!("{column} eq null"),
                Op::IsNotNull => format!("{column} ne null"),
                op => format!("{column} {} ?{list}", word(op)),
            }
        })
        .collect()
}

fn word(op: Op) -> &'static str {
    match op {
        Op::Eq => "eq",
        Op::Ne => "ne",
        Op::Gt => "gt",
        Op::Ge => "ge",
        Op::Lt => "lt",
        Op::Le => "le",
        Op::Like => "like",
        Op::Glob => "glob",
        Op::Match => "match",
        _ => "",
    }
}
