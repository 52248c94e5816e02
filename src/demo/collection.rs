//! Collections of the services that are neither Outlook nor the directory (Planner, Teams, SharePoint): which options one takes, in what words it refuses the others, how large its pages are. The rules are data; what a row is made of is no concern of this file.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::{Answer, Fault};
use super::page::{self, Rows, Window};
use super::query::check::{self, Action, Misfit};
use super::query::eval::never_misses;
use super::query::filter::{Expr, parse};
use super::query::options::Query;
use super::query::row::{Expand, JsonRow, Row, render};
use super::query::schema;
use super::query::select::{all_but, chosen, context_suffix, unknown};
use super::reply::Reply;

/// What one collection can do.
pub struct Rules {
    /// The type.
    pub type_name: &'static str,
    /// The code of a refusal.
    pub code: &'static str,
    /// `$` options that a list takes.
    pub options: &'static [&'static str],
    /// `$` options that one item takes.
    pub options_on_one: &'static [&'static str],
    /// Path and the actions a filter may do with it; every other use is refused.
    pub filters: &'static [(&'static str, &'static [Action])],
    /// Paths that sort.
    pub sorts: &'static [&'static str],
    /// Properties sent only when selected.
    pub hidden: &'static [&'static str],
    /// How a list is cut; none: it always comes whole.
    pub pages: Option<Pages>,
    /// What becomes of properties without a value.
    pub nulls: Nulls,
}

/// Sizes of pages.
#[derive(Clone, Copy)]
pub struct Pages {
    /// Without `$top`.
    pub default: usize,
    /// The largest `$top`.
    pub max: usize,
    /// What happens to a larger one (FACTS 2.1: it differs from service to service).
    pub beyond: Beyond,
}

/// What happens to a `$top` that is too large.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// It is lowered to the largest.
    Clamped,
    /// 400.
    Refused,
}

/// What becomes of properties without a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Sent as null.
    Sent,
    /// Left out, as SharePoint does.
    LeftOut,
}

/// The terms of a sort: path and whether descending.
pub type Order = Vec<(Vec<String>, bool)>;

/// The page that the call asks for, of rows in the service's own order.
pub fn list(call: &Call, rules: &Rules, resource: &str, rows: Vec<JsonRow>) -> Answer<Reply> {
    list_with(call, rules, resource, &rows, &|_, text| {
        Err(not_expandable(text))
    })
}

/// The same with a relationship that can be expanded.
pub fn list_with(
    call: &Call,
    rules: &Rules,
    resource: &str,
    rows: &dyn Rows,
    expand: Expand,
) -> Answer<Reply> {
    let filter = filter(&call.query, rules)?;
    let order = order(&call.query, rules)?;
    narrowed(call, rules, resource, rows, (filter, order), expand)
}

/// The same when filter and order have been checked elsewhere.
pub fn narrowed(
    call: &Call,
    rules: &Rules,
    resource: &str,
    rows: &dyn Rows,
    (filter, order): (Option<Expr>, Order),
    expand: Expand,
) -> Answer<Reply> {
    only(&call.query, rules.options, rules.code)?;
    let names = names(rules, call.query.select.as_deref())?;
    let window = Window {
        filter: filter.as_ref(),
        misses: never_misses,
        also: None,
        order,
        backwards: false,
        start: call.skip_offset()?,
        take: page_size(&call.query, rules)?,
        scan: usize::MAX,
    };
    let page = page::cut(rows, &window);
    let mut value = Vec::with_capacity(page.positions.len());
    for position in page.positions {
        let row = rows.at(position);
        value.push(Value::Object(item(
            call,
            rules,
            row.as_ref(),
            &names,
            expand,
        )?));
    }
    Ok(Reply::json(call.page(
        resource,
        value,
        call.skip_link(page.next),
    )))
}

/// One item.
pub fn single(call: &Call, rules: &Rules, resource: &str, row: &dyn Row) -> Answer<Reply> {
    single_with(call, rules, resource, row, &|_, text| {
        Err(not_expandable(text))
    })
}

/// The same with a relationship that can be expanded.
pub fn single_with(
    call: &Call,
    rules: &Rules,
    resource: &str,
    row: &dyn Row,
    expand: Expand,
) -> Answer<Reply> {
    only(&call.query, rules.options_on_one, rules.code)?;
    let select = call.query.select.as_deref();
    let mut body = item(call, rules, row, &names(rules, select)?, expand)?;
    let context = format!("{resource}{}/$entity", context_suffix(select));
    body.insert("@odata.context".into(), json!(call.context(&context)));
    Ok(Reply::json(body))
}

/// 400 unless the `$` options are all among these.
pub fn only(query: &Query, allowed: &[&str], code: &'static str) -> Answer<()> {
    let mut sent = query.sent.iter().map(|(name, _)| name.as_str());
    match sent.find(|name| *name != "$format" && !allowed.contains(name)) {
        Some(name) => Err(Fault::new(
            400,
            code,
            format!("Query option '{name}' is not allowed."),
        )),
        None => Ok(()),
    }
}

/// The call as a service sees it that ignores every option (FACTS 2.1).
pub fn deaf(call: &Call) -> Call {
    let mut call = call.clone();
    call.query = Query::default();
    call
}

/// 400 for a relationship that cannot be expanded.
pub fn not_expandable(text: &str) -> Fault {
    Fault::new(
        400,
        "ExpandNotSupported",
        format!("Expand is not allowed for property '{text}' according to the entity schema."),
    )
}

/// Removes properties that have no value, where the service does not send them.
pub fn without_nulls(mut map: Map<String, Value>) -> Map<String, Value> {
    map.retain(|_, value| !value.is_null());
    map
}

fn item(
    call: &Call,
    rules: &Rules,
    row: &dyn Row,
    names: &[String],
    expand: Expand,
) -> Answer<Map<String, Value>> {
    let mut item = render(row, names);
    if rules.nulls == Nulls::LeftOut {
        item = without_nulls(item);
    }
    if let Some(text) = &call.query.expand {
        item.extend(expand(row, text)?);
    }
    Ok(item)
}

fn names(rules: &Rules, select: Option<&[String]>) -> Answer<Vec<String>> {
    chosen(
        rules.type_name,
        select,
        &all_but(rules.type_name, rules.hidden),
    )
}

fn page_size(query: &Query, rules: &Rules) -> Answer<usize> {
    let Some(pages) = rules.pages else {
        return Ok(usize::MAX);
    };
    let too_large = |top: usize| top > pages.max && pages.beyond == Beyond::Refused;
    match query.top.map(|top| top as usize) {
        None => Ok(pages.default),
        Some(top) if top == 0 || too_large(top) => Err(Fault::new(
            400,
            rules.code,
            format!(
                "Invalid page size specified: '{top}'. Must be between 1 and {} inclusive.",
                pages.max
            ),
        )),
        Some(top) => Ok(top.min(pages.max)),
    }
}

fn filter(query: &Query, rules: &Rules) -> Answer<Option<Expr>> {
    let Some(text) = &query.filter else {
        return Ok(None);
    };
    let refuse =
        |reason: String| Fault::new(400, rules.code, format!("Invalid filter clause: {reason}"));
    let expr = parse(text).map_err(refuse)?;
    // FACTS 2.8 has bare dates for instants on mail only.
    let uses = check::uses(rules.type_name, &expr, false).map_err(|misfit| match misfit {
        Misfit::Unknown { name, on } => Fault::bad_request(format!(
            "Invalid filter clause: Could not find a property named '{name}' on type 'microsoft.graph.{on}'."
        )),
        Misfit::Types(reason) => refuse(reason),
    })?;
    for one in &uses {
        let taken = |(path, actions): &(&str, &[Action])| {
            *path == one.path && actions.contains(&one.action)
        };
        if one.negated || !rules.filters.iter().any(taken) {
            return Err(refuse(format!("'{}' cannot be filtered so.", one.path)));
        }
    }
    Ok(Some(expr))
}

fn order(query: &Query, rules: &Rules) -> Answer<Order> {
    let mut order = Vec::new();
    for (path, descending) in &query.orderby {
        let first = path.split('/').next().unwrap_or("");
        if schema::member(rules.type_name, first).is_none() {
            return Err(unknown(path, rules.type_name));
        }
        if !rules.sorts.contains(&path.as_str()) {
            return Err(Fault::new(
                400,
                rules.code,
                format!("Sorting by '{path}' is not supported on this API."),
            ));
        }
        order.push((path.split('/').map(String::from).collect(), *descending));
    }
    Ok(order)
}

/// For tests of the services: which names of the rows their type does not have, and which properties no row lacks.
#[cfg(test)]
pub fn survey(rows: &[JsonRow]) -> (Vec<String>, Vec<&'static str>) {
    let type_name = rows[0].type_name;
    let unknown = |name: &&String| schema::member(type_name, name).is_none();
    let mut strange: Vec<String> = Vec::new();
    for row in rows {
        strange.extend(row.map.keys().filter(unknown).cloned());
    }
    let never_null = |name: &&str| rows.iter().all(|row| !row.property(name).is_null());
    let names = schema::properties(type_name).into_iter();
    let full = names.map(|(name, _)| name).filter(|name| never_null(name));
    (strange, full.collect())
}
