//! Collections of the Outlook services (mail, calendar, contacts …): skip-based pages, narrow filters, the pairing rule (FACTS 1.1, 2.2).

pub mod attachments;
pub mod place;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::{Answer, Fault};
use super::page::{self, Condition, Rows, Window};
use super::query::check::{self, Action, Misfit};
use super::query::eval::{Misses, never_misses};
use super::query::filter::{Expr, parse};
use super::query::options::Query;
use super::query::row::{Expand, JsonRow, Row, render};
use super::query::schema;
use super::query::select::{chosen, context_suffix, unknown};
use super::reply::Reply;
use super::world::ids::Form;

/// What one Outlook collection can do.
pub struct Rules {
    /// The type.
    pub type_name: &'static str,
    /// Path and the actions a filter may do with it; every other use is refused.
    pub filters: &'static [(&'static str, &'static [Action])],
    /// Paths that sort.
    pub sorts: &'static [&'static str],
    /// Properties sent only when selected.
    pub hidden: &'static [&'static str],
    /// How many rows a page has when nobody says.
    pub page: u64,
    /// The largest `$top`.
    pub max: u64,
    /// Options that the collection takes.
    pub options: &'static [&'static str],
    /// `$filter` with `$orderby` obeys the pairing rule of messages.
    pub pairing: bool,
}

impl Rules {
    /// A collection that pages as most do, and takes no option: what the others start from.
    pub const BARE: Rules = Rules {
        type_name: "entity",
        filters: &[],
        sorts: &[],
        hidden: &[],
        page: 10,
        max: 1_000,
        options: &[],
        pairing: false,
    };
}

/// Actions on instants.
pub const INSTANT: &[Action] = &[
    Action::Eq,
    Action::Ne,
    Action::Gt,
    Action::Ge,
    Action::Lt,
    Action::Le,
];
/// Actions on booleans and enumerations.
pub const SAME: &[Action] = &[Action::Eq, Action::Ne];
/// Equality alone.
pub const EQ: &[Action] = &[Action::Eq];
/// Equality and beginnings.
pub const BEGIN: &[Action] = &[Action::Eq, Action::StartsWith];
/// Equality, beginnings and parts.
pub const PART: &[Action] = &[Action::Eq, Action::StartsWith, Action::Contains];

/// Collections of these types hold rows of derived types too (FACTS 1.1).
const SEVERAL_TYPES: [&str; 2] = ["message", "mailFolder"];

/// Everything that differs from request to request.
pub struct Source<'s> {
    /// The rows, in the service's own order.
    pub rows: &'s dyn Rows,
    /// The same rows as they are shown, where filters see them differently.
    pub shown: Option<&'s dyn Rows>,
    /// What the context names.
    pub resource: &'s str,
    /// Which text comparisons the service gets wrong.
    pub misses: Misses,
    /// A further condition.
    pub also: Option<Condition<'s>>,
    /// The property by which the rows' own order falls: without `$orderby` a filter then answers from the other end.
    pub falls_by: Option<&'static str>,
    /// How many items one filtered page looks at.
    pub scan: usize,
    /// Values of an expanded relationship.
    pub expand: Expand<'s>,
}

impl<'s> Source<'s> {
    /// Rows that are filtered as they are shown, and that expand to nothing.
    pub fn plain(rows: &'s dyn Rows, resource: &'s str) -> Source<'s> {
        Source {
            rows,
            shown: None,
            resource,
            misses: never_misses,
            also: None,
            falls_by: None,
            scan: usize::MAX,
            expand: &expands_nothing,
        }
    }
}

/// Rows that are there already.
impl Rows for Vec<JsonRow> {
    fn length(&self) -> usize {
        self.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(&self[position])
    }
}

/// FACTS 1.1: seen capped at 512.
const MAX_PREFERRED: u64 = 512;
/// FACTS 2.6 gives "about 15" for a chain of `or`.
const MAX_OR: usize = 15;

/// The page that the call asks for.
pub fn list(call: &Call, rules: &Rules, source: &Source) -> Answer<Reply> {
    only(&call.query, rules.options)?;
    let select = names(rules, call.query.select.as_deref())?;
    let filter = filter(&call.query, rules)?;
    let order = order(&call.query, rules, filter.as_ref())?;
    let window = window(
        call,
        source,
        filter.as_ref(),
        order,
        page_size(call, rules)?,
    );
    let page = page::cut(source.rows, &window);
    let mut value = Vec::with_capacity(page.positions.len());
    for position in page.positions {
        let row = source.shown.unwrap_or(source.rows).at(position);
        value.push(Value::Object(item(
            call,
            row.as_ref(),
            &select,
            source.expand,
        )?));
    }
    let link = page.next.map(|next| {
        (
            "@odata.nextLink",
            call.next_link(("$skip", &next.to_string())),
        )
    });
    let mut body = call.page(source.resource, value, link);
    // A count on later pages is undocumented, so only page 1 has one.
    if call.query.count == Some(true) && window.start == 0 {
        body.insert(
            "@odata.count".into(),
            json!(page::count(source.rows, &window)),
        );
    }
    Ok(with_preferences(call, Reply::json(body)))
}

/// A collection that is never paged: all of it, and no preference about it.
pub fn whole(call: &Call, rules: &Rules, resource: &str, rows: &[JsonRow]) -> Answer<Reply> {
    only(&call.query, rules.options)?;
    let select = names(rules, call.query.select.as_deref())?;
    let shown = rows
        .iter()
        .map(|row| item(call, row, &select, &expands_nothing).map(Value::Object));
    let value = shown.collect::<Answer<Vec<Value>>>()?;
    Ok(Reply::json(call.page(resource, value, None)))
}

/// Which rows the page shows. A sort by the rows' own order is no sort but a direction, however many rows there are.
fn window<'q>(
    call: &Call,
    source: &Source<'q>,
    filter: Option<&'q Expr>,
    order: Vec<(Vec<String>, bool)>,
    take: usize,
) -> Window<'q> {
    let natural = match order.as_slice() {
        [(path, descending)] if path.len() == 1 && source.falls_by == Some(path[0].as_str()) => {
            Some(*descending)
        }
        _ => None,
    };
    let (order, backwards, limited) = match natural {
        Some(descending) => (Vec::new(), !descending, false),
        None => (
            order,
            source.falls_by.is_some() && filter.is_some(),
            filter.is_some() || source.also.is_some(),
        ),
    };
    Window {
        filter,
        misses: source.misses,
        also: source.also,
        backwards,
        order,
        start: call.query.skip.unwrap_or(0) as usize,
        take,
        scan: if limited { source.scan } else { usize::MAX },
    }
}

/// `…/$count`: a plain number (FACTS 2.10).
pub fn count_segment(call: &Call, rules: &Rules, source: &Source) -> Answer<Reply> {
    only(&call.query, &["$filter"])?;
    let filter = filter(&call.query, rules)?;
    let window = Window {
        filter: filter.as_ref(),
        misses: source.misses,
        also: source.also,
        backwards: false,
        order: Vec::new(),
        start: 0,
        take: 0,
        scan: 0,
    };
    Ok(Reply::text(page::count(source.rows, &window).to_string()))
}

/// One item by its id.
pub fn single(
    call: &Call,
    rules: &Rules,
    resource: &str,
    row: &dyn Row,
    expand: Expand,
) -> Answer<Reply> {
    only(&call.query, &["$select", "$expand"])?;
    let select = names(rules, call.query.select.as_deref())?;
    let mut body = item(call, row, &select, expand)?;
    let context = format!(
        "{resource}{}/$entity",
        context_suffix(call.query.select.as_deref())
    );
    body.insert("@odata.context".into(), json!(call.context(&context)));
    Ok(with_preferences(call, Reply::json(body)))
}

/// One item of a page. Outlook sends the id and the etag whatever is selected.
pub fn item(
    call: &Call,
    row: &dyn Row,
    select: &[String],
    expand: Expand,
) -> Answer<Map<String, Value>> {
    let own;
    let mut names = select;
    // A derived row shows its own properties too, unless a selection was made.
    let base = SEVERAL_TYPES
        .into_iter()
        .find(|base| schema::derives(row.type_name(), base));
    if let (None, Some(base)) = (&call.query.select, base) {
        own = [select, &schema::beyond(row.type_name(), base)].concat();
        names = &own;
    }
    let mut item = render(row, names);
    if schema::member(row.type_name(), "id").is_some() {
        item.insert("id".into(), row.property("id"));
    }
    if let Some(text) = &call.query.expand {
        item.extend(expand(row, text)?);
    }
    Ok(item)
}

/// The names to send.
pub fn names(rules: &Rules, select: Option<&[String]>) -> Answer<Vec<String>> {
    let defaults = super::query::select::all_but(rules.type_name, rules.hidden);
    chosen(rules.type_name, select, &defaults)
}

/// 400 unless the `$` options are all among these.
pub fn only(query: &Query, allowed: &[&str]) -> Answer<()> {
    match query
        .sent
        .iter()
        .find(|(name, _)| name != "$format" && !allowed.contains(&name.as_str()))
    {
        Some((name, _)) => Err(Fault::new(
            400,
            "ErrorInvalidUrlQuery",
            format!("The query option '{name}' is not supported on this resource."),
        )),
        None => Ok(()),
    }
}

/// `$top`, else the preferred size, else the collection's own.
pub fn page_size(call: &Call, rules: &Rules) -> Answer<usize> {
    if let Some(top) = call.query.top {
        // FACTS 0.1/2.1 leave open whether too large a `$top` is clamped or refused; refusing is the stricter.
        if top == 0 || top > rules.max {
            return Err(Fault::new(
                400,
                "ErrorInvalidUrlQuery",
                format!("The value of $top must be between 1 and {}.", rules.max),
            ));
        }
        return Ok(top as usize);
    }
    let preferred = call
        .prefer("odata.maxpagesize")
        .and_then(|size| size.parse::<u64>().ok())
        .filter(|size| *size > 0);
    Ok(preferred
        .map_or(rules.page, |size| size.min(MAX_PREFERRED))
        .min(rules.max) as usize)
}

/// The `$filter`, if it is one that the service takes.
pub fn filter(query: &Query, rules: &Rules) -> Answer<Option<Expr>> {
    let Some(text) = &query.filter else {
        return Ok(None);
    };
    let parse_error = |reason: String| {
        Fault::new(
            400,
            "RequestBroker--ParseUri",
            format!("Invalid filter clause: {reason}"),
        )
    };
    let expr = parse(text).map_err(parse_error)?;
    let uses = check::uses(rules.type_name, &expr, true).map_err(|misfit| match misfit {
        Misfit::Unknown { name, on } => parse_error(format!(
            "Could not find a property named '{name}' on type 'Microsoft.OutlookServices.{on}'."
        )),
        Misfit::Types(reason) => parse_error(reason),
    })?;
    for one in &uses {
        let allowed = rules
            .filters
            .iter()
            .find(|(path, _)| *path == one.path)
            .is_some_and(|(_, actions)| actions.contains(&one.action));
        // `not` is nowhere listed for Outlook (FACTS 2.6).
        if !allowed || one.negated {
            return Err(Fault::new(
                400,
                "ErrorInvalidUrlQueryFilter",
                "The query filter contains one or more invalid nodes.",
            ));
        }
    }
    if check::widest_or(&expr) > MAX_OR {
        return Err(too_complex());
    }
    Ok(Some(expr))
}

fn order(query: &Query, rules: &Rules, filter: Option<&Expr>) -> Answer<Vec<(Vec<String>, bool)>> {
    for (path, _) in &query.orderby {
        let first = path.split('/').next().unwrap_or("");
        if schema::member(rules.type_name, first).is_none() {
            return Err(unknown(path, rules.type_name));
        }
        if !rules.sorts.contains(&path.as_str()) {
            return Err(Fault::new(
                400,
                "ErrorInvalidUrlQuery",
                format!("Sorting by '{path}' is not supported."),
            ));
        }
    }
    if let Some(filter) = filter.filter(|_| rules.pairing && !query.orderby.is_empty()) {
        paired(&query.orderby, filter)?;
    }
    Ok(query
        .orderby
        .iter()
        .map(|(path, descending)| (path.split('/').map(String::from).collect(), *descending))
        .collect())
}

/// FACTS 2.2: the sort properties come first in the filter, in the same order; and of the other properties only these few are taken beside a sort.
fn paired(orderby: &[(String, bool)], filter: &Expr) -> Answer<()> {
    const BESIDE_A_SORT: [&str; 5] = [
        "isRead",
        "isDraft",
        "receivedDateTime",
        "sentDateTime",
        "categories",
    ];
    let terms = match filter {
        Expr::And(terms) => terms.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut leading: Vec<String> = Vec::new();
    for term in terms {
        // Whether a sort property inside an `or` counts is undocumented, so it does not.
        let Expr::Compare(path, _, _) = term else {
            break;
        };
        let path = path.join("/");
        if !leading.contains(&path) {
            leading.push(path);
        }
    }
    let in_order = orderby
        .iter()
        .enumerate()
        .all(|(i, (path, _))| leading.get(i) == Some(path));
    let uses = check::uses("message", filter, true).unwrap_or_default();
    let all_sortable = check::paths_in_order(&uses).into_iter().all(|path| {
        BESIDE_A_SORT.contains(&path) || orderby.iter().any(|(sorted, _)| sorted == path)
    });
    if in_order && all_sortable {
        Ok(())
    } else {
        Err(too_complex())
    }
}

fn too_complex() -> Fault {
    Fault::new(
        400,
        "InefficientFilter",
        "The restriction or sort order is too complex for this operation.",
    )
}

/// The form of the ids that the caller prefers (FACTS 2.9).
pub fn id_form(call: &Call) -> Form {
    let immutable = call
        .prefer("IdType")
        .is_some_and(|form| form.eq_ignore_ascii_case("ImmutableId"));
    if immutable {
        Form::Immutable
    } else {
        Form::Mutable
    }
}

/// Adds `Preference-Applied` for the preferences that had an effect.
pub fn with_preferences(call: &Call, reply: Reply) -> Reply {
    let mut applied = Vec::new();
    for name in [
        "outlook.body-content-type",
        "outlook.timezone",
        "IdType",
        "odata.maxpagesize",
    ] {
        if let Some(value) = call.prefer(name) {
            let quoted = if name == "odata.maxpagesize" {
                value
            } else {
                format!("\"{value}\"")
            };
            applied.push(format!("{name}={quoted}"));
        }
    }
    if applied.is_empty() {
        reply
    } else {
        reply.header("Preference-Applied", applied.join(", "))
    }
}

/// 400 for an id that is none.
pub fn malformed_id() -> Fault {
    Fault::new(400, "ErrorInvalidIdMalformed", "Id is malformed.")
}

/// 404 for an id of nothing.
pub fn no_item() -> Fault {
    Fault::new(
        404,
        "ErrorItemNotFound",
        "The specified object was not found in the store.",
    )
}

/// Extended properties and open extensions, of which the demo tenant's items have none.
pub fn expands_extensions(row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    match text.split('(').next().unwrap_or("") {
        "singleValueExtendedProperties" | "multiValueExtendedProperties" | "extensions" => {
            Ok(Vec::new())
        }
        _ => expands_nothing(row, text),
    }
}

/// No relationship can be expanded.
pub fn expands_nothing(_: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    Err(Fault::new(
        400,
        "ExpandNotSupported",
        format!("Expand is not allowed for property '{text}' according to the entity schema."),
    ))
}
