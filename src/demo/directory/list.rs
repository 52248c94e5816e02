//! A collection of directory objects: option rules, advanced queries, skip tokens (FACTS 1.4, 2.7).

use serde_json::{Value, json};

use super::rules::{Mode, Rules, defaults};
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::page::{self, Rows, Window};
use crate::demo::query::check::{self, Action, Misfit, Use};
use crate::demo::query::eval::never_misses;
use crate::demo::query::filter::{Expr, parse};
use crate::demo::query::options::Query;
use crate::demo::query::row::{Expand, Row, render};
use crate::demo::query::search::{self, Search};
use crate::demo::query::select::{chosen, unknown};
use crate::demo::reply::Reply;

const PAGE: u64 = 100;
const MAX_PAGE: u64 = 999;
/// FACTS 2.7.
const MAX_OR: usize = 15;
const MAX_HEIGHT: usize = 3;
const MAX_EQ_TEXT: usize = 120;
const MAX_ADVANCED_URL: usize = 2_048;

/// What was asked, checked.
pub struct Asked {
    filter: Option<Expr>,
    search: Option<Search>,
    select: Vec<String>,
    order: Vec<(Vec<String>, bool)>,
    take: usize,
}

/// The page of a collection that the call asks for.
pub fn list(
    call: &Call,
    rules: &Rules,
    resource: &str,
    rows: &dyn Rows,
    expand: Expand,
) -> Answer<Reply> {
    let asked = check(call, rules)?;
    let found = |row: &dyn Row| {
        asked
            .search
            .as_ref()
            .is_none_or(|search| search::finds(search, row))
    };
    let start = call.skip_offset()?;
    let window = Window {
        filter: asked.filter.as_ref(),
        misses: never_misses,
        also: Some(&found),
        order: asked.order.clone(),
        backwards: false,
        start,
        take: asked.take,
        scan: scan_limit(call, &asked),
    };
    let page = page::cut(rows, &window);
    let shown = |position: usize| item(call, rows.at(position).as_ref(), &asked.select, expand);
    let value = page
        .positions
        .into_iter()
        .map(shown)
        .collect::<Answer<Vec<Value>>>()?;
    let mut body = call.page(resource, value, call.skip_link(page.next));
    // FACTS 1.4: a count without the header is ignored, and only page 1 has one.
    if call.advanced() && call.query.skiptoken.is_none() {
        body.insert("@odata.count".into(), json!(page::count(rows, &window)));
    }
    Ok(Reply::json(body))
}

fn item(call: &Call, row: &dyn Row, select: &[String], expand: Expand) -> Answer<Value> {
    let mut item = match call.query.select {
        Some(_) => render(row, select),
        // Members may be of several types, each with a default set of its own.
        None => render(
            row,
            &defaults(row.type_name())
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
        ),
    };
    if let Some(text) = &call.query.expand {
        item.extend(expand(row, text)?);
    }
    Ok(Value::Object(item))
}

/// `…/$count`: a number as text, in eventual consistency only.
pub fn count_segment(call: &Call, rules: &Rules, rows: &dyn Rows) -> Answer<Reply> {
    if !call.eventual() {
        return Err(Fault::new(
            400,
            "Request_BadRequest",
            "$count is not currently supported.",
        ));
    }
    let asked = check_as(call, rules, true)?;
    let found = |row: &dyn Row| {
        asked
            .search
            .as_ref()
            .is_none_or(|search| search::finds(search, row))
    };
    let window = Window {
        filter: asked.filter.as_ref(),
        misses: never_misses,
        also: Some(&found),
        order: Vec::new(),
        backwards: false,
        start: 0,
        take: 0,
        scan: 0,
    };
    Ok(Reply::text(page::count(rows, &window).to_string()))
}

/// One page looks at 25 items when filtering in default mode: the rest comes on short or empty pages with a nextLink, as FACTS 0.1 rule 8 warns.
fn scan_limit(call: &Call, asked: &Asked) -> usize {
    if asked.filter.is_some() && !call.advanced() && asked.take < PAGE as usize {
        25
    } else {
        usize::MAX
    }
}

fn check(call: &Call, rules: &Rules) -> Answer<Asked> {
    check_as(call, rules, call.advanced())
}

fn check_as(call: &Call, rules: &Rules, advanced: bool) -> Answer<Asked> {
    let query = &call.query;
    if query.has("$skip") {
        return Err(bad_request("'$skip' is not supported by the service."));
    }
    let top = query.top.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&top) {
        return Err(bad_request(&format!(
            "Invalid page size specified: '{top}'. Must be between 1 and 999 inclusive."
        )));
    }
    if advanced
        && !call.batched
        && call.base().len() + call.path.len() + call.raw_query.len() + 2 > MAX_ADVANCED_URL
    {
        return Err(unsupported(
            "The request URL is too long for an advanced query: at most 2048 characters.",
        ));
    }
    let select = selection(query, rules)?;
    let filter = query
        .filter
        .as_deref()
        .map(|text| filter(text, rules, advanced))
        .transpose()?;
    // FACTS 1.4: with signInActivity pages are at most 500.
    let activity = select.iter().any(|name| name == "signInActivity")
        || query
            .filter
            .as_deref()
            .is_some_and(|text| text.contains("signInActivity"));
    if activity && top > 500 {
        return Err(bad_request(&format!(
            "Invalid page size specified: '{top}'. Must be between 1 and 500 inclusive."
        )));
    }
    check_expand(query, rules, advanced)?;
    Ok(Asked {
        filter,
        search: search_of(call, rules)?,
        select,
        order: order(query, rules, advanced)?,
        take: top as usize,
    })
}

/// The properties to send, all of which a collection has.
pub fn selection(query: &Query, rules: &Rules) -> Answer<Vec<String>> {
    let select = chosen(rules.type_name, query.select.as_deref(), rules.defaults)?;
    if select
        .iter()
        .any(|name| rules.single_only.contains(&name.as_str()))
    {
        return Err(Fault::new(
            501,
            "NotImplemented",
            "This operation target is not yet supported.",
        ));
    }
    Ok(select)
}

fn filter(text: &str, rules: &Rules, advanced: bool) -> Answer<Expr> {
    let expr = parse(text)
        .map_err(|reason| Fault::bad_request(format!("Invalid filter clause: {reason}")))?;
    // FACTS 2.8 has bare dates for instants on mail only.
    let uses = check::uses(rules.type_name, &expr, false).map_err(misfit)?;
    for one in &uses {
        permitted(one, rules, advanced)?;
    }
    identities(&uses)?;
    let activity = |one: &Use| one.path.starts_with("signInActivity/");
    if uses.iter().any(activity) && !uses.iter().all(activity) {
        return Err(unsupported(
            "Filter on signInActivity cannot be combined with other properties.",
        ));
    }
    let height = check::height(&expr);
    if height > MAX_HEIGHT {
        return Err(unsupported(&format!(
            "The specified search filter expression has excessive height: {height}. Max allowed: {MAX_HEIGHT}."
        )));
    }
    let width = check::widest_or(&expr);
    if !advanced && width > MAX_OR {
        return Err(unsupported(&format!(
            "Too many child clauses specified in search filter expression containing 'OR' operators: {width}. Max allowed: {MAX_OR}."
        )));
    }
    Ok(expr)
}

/// FACTS 1.4: identities filters need issuer and issuerAssignedId together.
fn identities(uses: &[Use]) -> Answer<()> {
    let has = |path: &str| uses.iter().any(|one| one.path == path);
    if has("identities/issuer") != has("identities/issuerAssignedId") {
        return Err(unsupported(
            "Filter on identities must provide both issuer and issuerAssignedId.",
        ));
    }
    Ok(())
}

fn permitted(one: &Use, rules: &Rules, advanced: bool) -> Answer<()> {
    if one.empty_text {
        return Err(unsupported(&format!(
            "Unsupported or invalid query filter clause specified for property '{}': empty value.",
            one.path
        )));
    }
    if !advanced && one.text_length > MAX_EQ_TEXT {
        return Err(unsupported(&format!(
            "The value compared with property '{}' is longer than {MAX_EQ_TEXT} characters.",
            one.path
        )));
    }
    match (rules.mode(one), one.action) {
        (Mode::Default, _) => Ok(()),
        (Mode::Advanced, _) if advanced => Ok(()),
        (Mode::Advanced, Action::Ne | Action::NotNull) => Err(unsupported(
            "Filter operator 'NotEqualsMatch' is not supported.",
        )),
        (_, Action::Contains) => Err(unsupported(
            "Unsupported property filter clause operator 'Contains'.",
        )),
        _ => Err(unsupported(&format!(
            "Unsupported or invalid query filter clause specified for property '{}' of resource '{}'.",
            one.path,
            capital(rules.type_name)
        ))),
    }
}

fn order(query: &Query, rules: &Rules, advanced: bool) -> Answer<Vec<(Vec<String>, bool)>> {
    let mut order = Vec::new();
    for (name, descending) in &query.orderby {
        if crate::demo::query::schema::member(rules.type_name, name.split('/').next().unwrap_or(""))
            .is_none()
        {
            return Err(unknown(name, rules.type_name));
        }
        let name_str = name.as_str();
        let advanced_only = advanced && rules.sorts_advanced.contains(&name_str);
        if !(rules.sorts.contains(&name_str) || advanced_only) {
            return Err(unsupported("Unsupported sort property."));
        }
        order.push((vec![name.clone()], *descending));
    }
    // More than one term is nowhere documented for the directory, so it is refused.
    if order.len() > 1 {
        return Err(unsupported(
            "Sorting by more than one property is not supported.",
        ));
    }
    if !order.is_empty() && query.filter.is_some() && !advanced {
        return Err(unsupported("Sorting not supported for current query."));
    }
    Ok(order)
}

fn search_of(call: &Call, rules: &Rules) -> Answer<Option<Search>> {
    let Some(text) = &call.query.search else {
        return Ok(None);
    };
    if !call.eventual() {
        return Err(unsupported(
            "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
        ));
    }
    let search = search::parse(text).map_err(|reason| bad_request(&reason))?;
    match search::properties(&search)
        .into_iter()
        .find(|name| !rules.searches.contains(name))
    {
        Some(name) => Err(bad_request(&format!(
            "Unsupported property '{name}' in $search."
        ))),
        None => Ok(Some(search)),
    }
}

/// The same for one item, where advanced mode does not exist.
pub fn check_expand_on_one(text: &str, rules: &Rules) -> Answer<()> {
    let query = Query {
        expand: Some(text.to_string()),
        ..Query::default()
    };
    check_expand(&query, rules, text.contains("$levels"))
}

fn check_expand(query: &Query, rules: &Rules, advanced: bool) -> Answer<()> {
    let Some(text) = &query.expand else {
        return Ok(());
    };
    let name = text.split('(').next().unwrap_or("");
    if text
        .split('(')
        .next()
        .is_some_and(|head| head.contains(','))
    {
        return Err(bad_request(
            "Only one relationship can be expanded per request.",
        ));
    }
    if !rules.expands.contains(&name) {
        return Err(Fault::bad_request(format!(
            "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{}'.",
            rules.type_name
        )));
    }
    match (advanced, text.contains("$levels")) {
        (true, false) => Err(unsupported(
            "$expand is not supported with advanced query capabilities.",
        )),
        (false, true) => Err(unsupported(
            "$levels needs the header 'ConsistencyLevel: eventual' and $count=true.",
        )),
        _ => Ok(()),
    }
}

/// 400 for a filter whose names or literals do not fit the type.
pub fn misfit(misfit: Misfit) -> Fault {
    match misfit {
        Misfit::Unknown { name, on } => Fault::bad_request(format!(
            "Invalid filter clause: Could not find a property named '{name}' on type 'microsoft.graph.{on}'."
        )),
        Misfit::Types(reason) => Fault::bad_request(format!("Invalid filter clause: {reason}")),
    }
}

/// 400 `Request_UnsupportedQuery`.
pub fn unsupported(message: &str) -> Fault {
    Fault::new(400, "Request_UnsupportedQuery", message)
}

/// 400 `Request_BadRequest`.
pub fn bad_request(message: &str) -> Fault {
    Fault::new(400, "Request_BadRequest", message)
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
