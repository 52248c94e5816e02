//! Fills a plan with values: the requests to make, what the scan must check itself, and no request at
//! all where a NULL or an impossible value already decides.

mod body;
mod filters;
mod order;
mod places;
mod window;

pub use body::Slots;
pub use places::{drive_path, key_segment, owner_path, site_segment, user_path};

use super::{Argument, Counting, Op, Plan, Purpose, Term};
use crate::catalog::{Answer, Column, Role, Route, Service, Table, Type};
use crate::error::Result;
use crate::instant;
use crate::odata::Filter;
use crate::value::{self, Value};
use filters::filters;
use order::{settle_count, settle_order};
use places::{lacking, places, route, text_of};
use window::{Bounds, window, with_query};

/// A day, by which windows over wall-clock times are widened.
const DAY: i64 = 86_400;

/// A plan with its values.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The requests to make, one after the other; none is no rows.
    pub targets: Vec<Target>,
    /// What SQLite does not check again and Graph is not asked exactly: the scan checks it.
    pub enforced: Vec<Predicate>,
    /// All that SQLite does not check again, for requests that are sent without a filter.
    pub claimed: Vec<Predicate>,
    /// The order that rows must have.
    pub order: Vec<Term>,
    /// Graph is not asked for that order: the scan sorts.
    pub sort: bool,
    /// The columns to decode.
    pub columns: Vec<usize>,
    /// Whether rows may be counted instead of read.
    pub counting: Counting,
    /// As many rows as LIMIT and OFFSET need.
    pub page_hint: Option<u64>,
}

/// One collection or item to read.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where.
    pub place: Place,
    /// What the place answers.
    pub answer: Answer,
    /// A 404 means no rows: the place comes from a value that is compared again.
    pub absent_is_empty: bool,
    /// The start of every path of this target.
    pub owner: String,
    /// What the driver filters.
    pub filter: Filter,
    /// What the table's own definition filters, and what the user filters.
    pub raw: Option<Box<str>>,
    /// What is posted; the request is a GET without it.
    pub body: Option<Box<str>>,
    /// The slots that a schedule is cut into.
    pub slots: Option<Slots>,
    /// `$search`, ready to be encoded.
    pub search: Option<String>,
    /// The request needs `ConsistencyLevel: eventual`.
    pub advanced: bool,
    /// Values of input columns.
    pub echo: Vec<(usize, Value)>,
}

/// Where a target is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this path below the version.
    Path(String),
    /// In a folder that a user named by id, well-known name or path.
    Folder {
        /// The route's path, `{key}` open.
        path: &'static str,
        /// What the user wrote.
        name: String,
    },
}

/// A comparison that the scan makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// The column.
    pub column: usize,
    /// The comparison.
    pub op: Op,
    /// The value, or the values of an IN.
    pub values: Vec<Value>,
}

impl Predicate {
    /// Whether a value satisfies it: SQLite's comparison, with the column's affinity and collation.
    pub fn holds(&self, column: &Column, value: &Value) -> bool {
        self.values.iter().any(|bound| {
            let bound = with_affinity(column, bound);
            let collation = match column.ty {
                Type::Instant | Type::Zoned => instant::compare,
                _ => value::binary,
            };
            let Some(order) = value::compare(value, &bound, collation) else {
                return false;
            };
            match self.op {
                Op::Eq => order.is_eq(),
                Op::Ne => order.is_ne(),
                Op::Gt => order.is_gt(),
                Op::Ge => order.is_ge(),
                Op::Lt => order.is_lt(),
                Op::Le => order.is_le(),
                _ => false,
            }
        })
    }
}

/// A value as SQLite converts it before comparing with a column of this type.
fn with_affinity(column: &Column, value: &Value) -> Value {
    match column.ty {
        Type::Boolean | Type::Integer | Type::Long | Type::Double => value.numeric(),
        _ => as_text(value).map_or_else(|| value.clone(), Value::text),
    }
}

/// The text that TEXT affinity makes of a value; `None` for NULL and blobs.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Real(number) => Some(format!("{number:?}")),
        Value::Null | Value::Blob(_) => None,
    }
}

/// What the environment of a scan decides.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The connection's default mailbox.
    pub user_id: Option<&'a str>,
    /// Whether anything but inputs may be pushed.
    pub pushdown: bool,
}

/// Fills `plan` with one list of values per argument (one value, unless it is an IN).
///
/// # Errors
/// A window without an end, naming what to add.
pub fn bind(
    table: &'static Table,
    plan: &Plan,
    values: &[Vec<Value>],
    context: Context<'_>,
) -> Result<Bound> {
    let given: Vec<Given> = plan
        .arguments
        .iter()
        .zip(values)
        .map(|(argument, values)| Given { argument, values })
        .collect();
    let mut bound = Bound {
        targets: Vec::new(),
        enforced: Vec::new(),
        claimed: claimed(&given),
        order: plan.order.clone(),
        sort: false,
        columns: plan.columns.clone(),
        counting: plan.counting,
        page_hint: page_hint(&given),
    };
    if given.iter().any(Given::is_impossible) {
        return Ok(bound);
    }
    let Some(asked) = filters(table, &given, context, &mut bound) else {
        return Ok(bound);
    };
    let route = route(table, plan, context);
    if let Some(error) = lacking(table, route, &given) {
        return Err(error);
    }
    let window = match window(table, &given)? {
        Bounds::Impossible => return Ok(bound),
        Bounds::Window(window) => window,
    };
    let bodies = body::bodies(table, route, &given, window.as_ref())?;
    let query = match window {
        Some(window) if bodies.is_empty() => window.query(),
        _ => String::new(),
    };
    // One target for each body, or one without.
    let posted: Vec<Option<(Box<str>, Slots)>> = match bodies.is_empty() {
        true => vec![None],
        false => bodies.into_iter().map(Some).collect(),
    };
    for place in places(table, route, &given, context) {
        for (filter, posted) in asked
            .filters
            .iter()
            .flat_map(|filter| posted.iter().map(move |posted| (filter, posted)))
        {
            bound.targets.push(Target {
                place: with_query(place.place.clone(), &query),
                answer: place.answer,
                absent_is_empty: table.keys(route).next().is_some(),
                owner: place.owner.clone(),
                filter: filter.clone(),
                raw: raw(route, text_of(table, &given, Role::Filter)),
                body: posted.as_ref().map(|(body, _)| body.clone()),
                slots: posted.as_ref().map(|(_, slots)| *slots),
                search: place.search.clone(),
                advanced: asked.advanced
                    || needs_eventual(table, place.search.as_deref())
                    || may_need_eventual(table, &given),
                echo: place.echo.clone(),
            });
        }
    }
    settle_order(table, &given, &mut bound, context);
    settle_count(table, &mut bound, context);
    Ok(bound)
}

/// What makes the collection the table's, and the user's own filter.
fn raw(route: &Route, user: Option<String>) -> Option<Box<str>> {
    match (route.filter, user) {
        ("", user) => user.map(Into::into),
        (own, None) => Some(own.into()),
        (own, Some(user)) => Some(format!("{own} and ({user})").into()),
    }
}

/// FACTS §1.4: what the user filters in the directory may be an advanced query (`ne`, `not`, `/$count`),
/// and a plain one is answered in that mode too.
fn may_need_eventual(table: &Table, given: &[Given<'_>]) -> bool {
    table.service == Service::Directory && text_of(table, given, Role::Filter).is_some()
}

/// FACTS §1.4: a search of the directory needs the header.
fn needs_eventual(table: &Table, search: Option<&str>) -> bool {
    search.is_some() && table.service == Service::Directory
}

/// An argument with its values.
struct Given<'a> {
    argument: &'a Argument,
    values: &'a [Value],
}

impl Given<'_> {
    /// True when no row can satisfy it: compared with NULL, or with nothing; an input, which is text,
    /// with bytes.
    fn is_impossible(&self) -> bool {
        match (self.argument.op, self.argument.role) {
            (Op::IsNull | Op::IsNotNull | Op::Limit | Op::Offset, _) => false,
            (_, Purpose::Input) => self.values.iter().all(|value| as_text(value).is_none()),
            _ => self.values.iter().all(Value::is_null),
        }
    }

    fn known(&self) -> impl Iterator<Item = &Value> {
        self.values.iter().filter(|value| !value.is_null())
    }
}

fn claimed(given: &[Given<'_>]) -> Vec<Predicate> {
    given
        .iter()
        .filter(|given| given.argument.role == Purpose::Exact)
        .map(predicate)
        .collect()
}

fn predicate(given: &Given<'_>) -> Predicate {
    Predicate {
        column: given.argument.column,
        op: given.argument.op,
        values: given.known().cloned().collect(),
    }
}

fn page_hint(given: &[Given<'_>]) -> Option<u64> {
    let of = |op: Op| {
        given
            .iter()
            .find(|given| given.argument.op == op)
            .and_then(|given| match given.values {
                [Value::Integer(number)] => u64::try_from(*number).ok(),
                _ => None,
            })
    };
    let limit = of(Op::Limit)?;
    Some(limit.saturating_add(of(Op::Offset).unwrap_or(0)))
}
