//! Fills a plan with values: the requests to make, what the scan must check itself, and no request at
//! all where a NULL or an impossible value already decides.

use super::{Argument, Counting, Op, Plan, Purpose, Term};
use crate::catalog::{
    Answer, Column, Count, Key, Mode, OrderRule, Owner, Role, Route, Search, Service, Source,
    Table, Type,
};
use crate::error::{Error, Result};
use crate::instant::{self, Instant};
use crate::odata::{Filter, Literal, path_segment};
use crate::value::{self, Value};

/// The directory refuses more children of an OR or an IN (FACTS §2.7); mail is kept as low.
const CHUNK: usize = 15;
/// More chunks than this cost more than reading the collection.
const CHUNKS: usize = 20;
/// The directory refuses longer values of `eq` in the default mode (FACTS §1.4).
const LONGEST_TEXT: usize = 120;
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
    /// What the user filters.
    pub raw: Option<Box<str>>,
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
    let window = match window(table, &given)? {
        Bounds::Impossible => return Ok(bound),
        Bounds::Query(query) => query,
    };
    let route = route(table, plan, context);
    for place in places(table, route, &given, context) {
        for filter in &asked.filters {
            bound.targets.push(Target {
                place: with_query(place.place.clone(), &window),
                answer: place.answer,
                absent_is_empty: matches!(route.key, Key::Property(_)),
                owner: place.owner.clone(),
                filter: filter.clone(),
                raw: text_of(table, &given, Role::Filter).map(Into::into),
                search: place.search.clone(),
                advanced: asked.advanced || needs_eventual(table, place.search.as_deref()),
                echo: place.echo.clone(),
            });
        }
    }
    settle_order(table, &given, &mut bound, context);
    settle_count(table, &mut bound, context);
    Ok(bound)
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

/// The filters to send: one, or one for each chunk of a long IN.
struct Asked {
    filters: Vec<Filter>,
    advanced: bool,
}

/// What one argument becomes.
enum Pushed {
    /// This filter; `exact` when it gives the same rows.
    Filter {
        filter: Filter,
        exact: bool,
        mode: Mode,
    },
    /// One request for each of these.
    Chunks { chunks: Vec<Filter>, mode: Mode },
    /// Nothing is sent.
    Nothing,
    /// No row can satisfy it.
    Impossible,
}

/// Puts the filter arguments together; `None` when no row can satisfy them.
fn filters(
    table: &Table,
    given: &[Given<'_>],
    context: Context<'_>,
    bound: &mut Bound,
) -> Option<Asked> {
    let mut parts = Vec::new();
    let mut chunks = vec![None];
    let mut advanced = false;
    for given in given {
        if !matches!(given.argument.role, Purpose::Exact | Purpose::Superset) {
            continue;
        }
        let pushed = if context.pushdown {
            pushed(table, given)
        } else {
            Pushed::Nothing
        };
        let exact = match pushed {
            Pushed::Impossible => return None,
            Pushed::Nothing => false,
            Pushed::Filter {
                filter,
                exact,
                mode,
            } => {
                advanced |= mode == Mode::Advanced;
                parts.push(filter);
                exact
            }
            Pushed::Chunks { chunks: many, mode } if chunks.len() == 1 => {
                advanced |= mode == Mode::Advanced;
                chunks = many.into_iter().map(Some).collect();
                false
            }
            Pushed::Chunks { .. } => false,
        };
        if !exact && given.argument.role == Purpose::Exact {
            bound.enforced.push(predicate(given));
        }
    }
    let filters = chunks
        .into_iter()
        .map(|chunk| Filter::And(parts.iter().cloned().chain(chunk).collect()))
        .collect();
    Some(Asked { filters, advanced })
}

fn pushed(table: &Table, given: &Given<'_>) -> Pushed {
    let column = &table.columns[given.argument.column];
    match column.ty {
        Type::Boolean => boolean(column, given),
        Type::Enum(members) => enumeration(column, members, given),
        Type::Integer | Type::Long => whole_number(column, given),
        Type::Instant => instant_range(table, column, given),
        Type::Zoned => zoned_range(column, given),
        _ => text(table, column, given),
    }
}

fn boolean(column: &Column, given: &Given<'_>) -> Pushed {
    let wanted = |truth: i64| {
        given.known().any(|value| match value.numeric() {
            Value::Integer(number) => number == truth,
            Value::Real(number) => number == truth as f64,
            _ => false,
        })
    };
    let eq = |truth: bool| Pushed::Filter {
        filter: Filter::Compare(column.path, "eq", Literal::Boolean(truth)),
        exact: true,
        mode: column.operators.eq,
    };
    match (given.argument.op, wanted(0), wanted(1)) {
        (Op::Eq, false, false) => Pushed::Impossible,
        (Op::Eq, true, false) | (Op::Ne, false, true) => eq(false),
        (Op::Eq, false, true) | (Op::Ne, true, false) => eq(true),
        // Everything that is not null: a filter could only say so in the advanced mode.
        _ => Pushed::Nothing,
    }
}

fn enumeration(column: &Column, members: &[&str], given: &Given<'_>) -> Pushed {
    let mut filters = Vec::new();
    for value in given.known() {
        match value.as_text() {
            Some(text) if members.contains(&text) => {
                filters.push(Filter::Compare(
                    column.path,
                    "eq",
                    Literal::Text(text.into()),
                ));
            }
            // A member that the schema does not know yet: Graph would refuse it, SQLite may find it.
            _ => return Pushed::Nothing,
        }
    }
    Pushed::Filter {
        filter: one_or_any(filters),
        exact: true,
        mode: column.operators.eq,
    }
}

fn one_or_any(mut filters: Vec<Filter>) -> Filter {
    match filters.len() {
        1 => filters.remove(0),
        _ => Filter::Or(filters),
    }
}

fn whole_number(column: &Column, given: &Given<'_>) -> Pushed {
    let Some(Value::Integer(number)) = given.known().next().map(Value::numeric) else {
        return Pushed::Nothing;
    };
    let mode = match given.argument.op {
        Op::Eq => column.operators.eq,
        _ => column.operators.range,
    };
    match operator(given.argument.op) {
        Some(operator) => Pushed::Filter {
            filter: Filter::Compare(column.path, operator, Literal::Integer(number)),
            exact: true,
            mode,
        },
        None => Pushed::Nothing,
    }
}

fn operator(op: Op) -> Option<&'static str> {
    match op {
        Op::Eq => Some("eq"),
        Op::Gt => Some("gt"),
        Op::Ge => Some("ge"),
        Op::Lt => Some("lt"),
        Op::Le => Some("le"),
        _ => None,
    }
}

/// The instant a value means to the collation, if it means one.
fn instant_of(given: &Given<'_>) -> Option<Instant> {
    let text = given.known().next().and_then(as_text)?;
    Instant::parse(&text)
}

/// Whole-second ranges, for the reasons in [`super::fit`].
fn instant_range(table: &Table, column: &Column, given: &Given<'_>) -> Pushed {
    let Some(instant) = instant_of(given) else {
        return Pushed::Nothing;
    };
    let (first, next) = (
        instant.floor_second(),
        instant.floor_second().plus_seconds(1),
    );
    let compare =
        |operator, instant| Filter::Compare(column.path, operator, Literal::Instant(instant));
    let directory = table.service == Service::Directory;
    let filter = match (given.argument.op, directory) {
        (Op::Ge, _) => compare("ge", first),
        (Op::Gt, false) => compare("gt", first),
        (Op::Gt, true) => compare("ge", first),
        (Op::Lt, false) => compare("lt", instant.ceil_second()),
        (Op::Lt, true) => compare("le", instant.ceil_second()),
        (Op::Le, false) => compare("lt", next),
        (Op::Le, true) => compare("le", next),
        (Op::Eq, false) => Filter::And(vec![compare("ge", first), compare("lt", next)]),
        (Op::Eq, true) => Filter::And(vec![compare("ge", first), compare("le", next)]),
        _ => return Pushed::Nothing,
    };
    Pushed::Filter {
        filter,
        exact: instant.is_whole_second()
            && matches!(
                (given.argument.op, directory),
                (Op::Ge, _) | (Op::Lt, false)
            ),
        mode: column.operators.range,
    }
}

/// A day wider on the open side: all-day events keep their wall-clock time (FACTS §1.2).
fn zoned_range(column: &Column, given: &Given<'_>) -> Pushed {
    let Some(instant) = instant_of(given) else {
        return Pushed::Nothing;
    };
    let compare = |operator, instant: Instant| {
        Filter::Compare(column.path, operator, Literal::ZonelessText(instant))
    };
    let low = compare("ge", instant.floor_second().plus_seconds(-DAY));
    let high = compare("le", instant.ceil_second().plus_seconds(DAY));
    let filter = match given.argument.op {
        Op::Ge | Op::Gt => low,
        Op::Le | Op::Lt => high,
        Op::Eq => Filter::And(vec![low, high]),
        _ => return Pushed::Nothing,
    };
    Pushed::Filter {
        filter,
        exact: false,
        mode: column.operators.range,
    }
}

fn text(table: &Table, column: &Column, given: &Given<'_>) -> Pushed {
    let superset = |filter, mode| Pushed::Filter {
        filter,
        exact: false,
        mode,
    };
    let operators = &column.operators;
    match given.argument.op {
        Op::IsNull => superset(
            Filter::Compare(column.path, "eq", Literal::Null),
            operators.null,
        ),
        Op::IsNotNull => superset(
            Filter::Compare(column.path, "ne", Literal::Null),
            operators.null,
        ),
        Op::Like | Op::Glob => pattern(column, given),
        Op::Eq if given.argument.list => list(table, column, given),
        Op::Eq => match given
            .known()
            .next()
            .and_then(|value| equal(table, column, value))
        {
            Some((filter, mode)) => superset(filter, mode),
            None => Pushed::Nothing,
        },
        _ => Pushed::Nothing,
    }
}

/// The filter for text equal to a value, if it can be sent.
///
/// A number is not sent: when it comes from a column of another table whose affinity is numeric,
/// SQLite makes numbers of both sides, and `'00123'` is equal to 123.
fn equal(table: &Table, column: &Column, value: &Value) -> Option<(Filter, Mode)> {
    let text = value.as_text()?.to_owned();
    if table.service == Service::Outlook && column.operators.starts_with != Mode::No {
        let start = sendable_start(&text)?;
        let filter = Filter::StartsWith(column.path, Literal::Text(start.into()));
        return Some((filter, column.operators.starts_with));
    }
    let whole = sendable_start(&text)? == text;
    // FACTS §2.4: an empty text and a long one are refused.
    whole.then(|| {
        let filter = Filter::Compare(column.path, "eq", Literal::Text(text.into()));
        (filter, column.operators.eq)
    })
}

/// The start of a text that can stand in a filter: not empty, no control letters, not too long.
fn sendable_start(text: &str) -> Option<&str> {
    let end = text
        .char_indices()
        .enumerate()
        .find(|(count, (_, letter))| *count >= LONGEST_TEXT || letter.is_control())
        .map_or(text.len(), |(_, (position, _))| position);
    (end > 0).then(|| &text[..end])
}

fn pattern(column: &Column, given: &Given<'_>) -> Pushed {
    // LIKE makes text of numbers; SQLite writes real ones in its own way.
    let pattern = match given.known().next() {
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::Integer(number)) => number.to_string(),
        _ => return Pushed::Nothing,
    };
    let wildcards: &[char] = match given.argument.op {
        Op::Like => &['%', '_'],
        _ => &['*', '?', '['],
    };
    let literal = |text: &str| Literal::Text(text.into());
    let start = pattern.split(wildcards).next().and_then(sendable_start);
    let operators = &column.operators;
    if let (Some(start), true) = (start, operators.starts_with != Mode::No) {
        return Pushed::Filter {
            filter: Filter::StartsWith(column.path, literal(start)),
            exact: false,
            mode: operators.starts_with,
        };
    }
    match pattern.strip_prefix('%') {
        Some(end)
            if operators.ends_with != Mode::No
                && given.argument.op == Op::Like
                && !end.contains(wildcards)
                && sendable_start(end) == Some(end) =>
        {
            Pushed::Filter {
                filter: Filter::EndsWith(column.path, literal(end)),
                exact: false,
                mode: operators.ends_with,
            }
        }
        _ => Pushed::Nothing,
    }
}

/// An IN over text: `in` in the directory, a chain of `or` on mail, in chunks.
fn list(table: &Table, column: &Column, given: &Given<'_>) -> Pushed {
    let mut filters = Vec::new();
    let mut literals = Vec::new();
    for value in given.known() {
        let Some((filter, _)) = equal(table, column, value) else {
            return Pushed::Nothing;
        };
        filters.push(filter);
        literals.push(Literal::Text(as_text(value).unwrap_or_default().into()));
    }
    if filters.len() > CHUNK * CHUNKS {
        return Pushed::Nothing;
    }
    let (chunks, mode): (Vec<Filter>, Mode) = if column.operators.list != Mode::No {
        let chunk = |part: &[Literal]| Filter::In(column.path, part.to_vec());
        (
            literals.chunks(CHUNK).map(chunk).collect(),
            column.operators.list,
        )
    } else {
        let mode = match column.operators.starts_with {
            Mode::No => column.operators.eq,
            mode => mode,
        };
        (
            filters
                .chunks(CHUNK)
                .map(|part| one_or_any(part.to_vec()))
                .collect(),
            mode,
        )
    };
    Pushed::Chunks { chunks, mode }
}

/// What the window of a table became.
enum Bounds {
    Impossible,
    Query(String),
}

/// The window's query, from inputs as they are and from predicates a day wider.
fn window(table: &Table, given: &[Given<'_>]) -> Result<Bounds> {
    if table.window.is_none() {
        return Ok(Bounds::Query(String::new()));
    }
    let input = |role| {
        given.iter().find(|given| {
            given.argument.role == Purpose::Input
                && table.columns[given.argument.column].source == Source::Input(role)
        })
    };
    let bound = |role, lower: bool| -> Result<Option<Instant>> {
        let Some(given) = input(role) else {
            let side = given
                .iter()
                .filter(|given| bounds(given, lower))
                .filter_map(instant_of);
            return Ok(if lower {
                side.max()
                    .map(|instant| instant.floor_second().plus_seconds(-DAY))
            } else {
                side.min()
                    .map(|instant| instant.ceil_second().plus_seconds(DAY))
            });
        };
        match instant_of(given) {
            Some(instant) => Ok(Some(instant)),
            None => Err(Error::usage(format!(
                "{} is not a point in time",
                table.columns[given.argument.column].name()
            ))
            .next("write it as '2026-01-31' or '2026-01-31 12:00:00'")
            .on(table.name)),
        }
    };
    let start = bound(Role::WindowStart, true)?;
    let end = bound(Role::WindowEnd, false)?;
    let (Some(start), Some(end)) = (start, end) else {
        return Err(window_missing(table, start.is_none(), end.is_none()));
    };
    // An event can begin before the one point and end behind the other, whichever comes first: it then
    // lasts over all that lies between them, and over both.
    let (start, end) = match (
        start < end,
        input(Role::WindowStart),
        input(Role::WindowEnd),
    ) {
        (true, _, _) => (start, end),
        (false, Some(_), Some(_)) => return Ok(Bounds::Impossible),
        (false, Some(_), None) => (start, start.plus_seconds(DAY)),
        (false, None, Some(_)) => (end.plus_seconds(-DAY), end),
        (false, None, None) => (end.plus_seconds(-DAY), start.plus_seconds(DAY)),
    };
    Ok(Bounds::Query(format!(
        "startDateTime={}&endDateTime={}",
        Literal::Instant(start),
        Literal::Instant(end)
    )))
}

/// True when a predicate bounds the window on this side: a row that starts or ends after a point
/// overlaps what lies behind it, one that starts or ends before a point what lies before it.
fn bounds(given: &Given<'_>, lower: bool) -> bool {
    given.argument.role == Purpose::Window
        && match given.argument.op {
            Op::Eq => true,
            Op::Gt | Op::Ge => lower,
            Op::Lt | Op::Le => !lower,
            _ => false,
        }
}

fn window_missing(table: &Table, start: bool, end: bool) -> Error {
    let what = match (start, end) {
        (true, true) => "a time range",
        (true, false) => "the start of the time range",
        _ => "the end of the time range",
    };
    Error::usage(format!(
        "{} expands recurring events and needs {what}",
        table.name
    ))
    .next(
        "Add start_dateTime >= '2026-01-01' AND start_dateTime < '2026-02-01' to WHERE \
         (recurring events without expansion are in Events)",
    )
}

/// A place with the window's query behind its path.
fn with_query(place: Place, query: &str) -> Place {
    match place {
        Place::Path(path) if !query.is_empty() => {
            let separator = if path.contains('?') { '&' } else { '?' };
            Place::Path(format!("{path}{separator}{query}"))
        }
        other => other,
    }
}

/// The plan's route, or the plain one where pushdown was turned off after planning: the key is
/// compared again by SQLite, so the wider collection is right too.
fn route(table: &'static Table, plan: &Plan, context: Context<'_>) -> &'static Route {
    let planned = &table.routes[plan.route.min(table.routes.len() - 1)];
    let plain = table.routes.iter().find(|route| route.key == Key::None);
    match (planned.key, plain) {
        (Key::Property(_), Some(plain)) if !context.pushdown => plain,
        _ => planned,
    }
}

/// Values of input columns.
type Echo = Vec<(usize, Value)>;

/// A place, and what depends on how it was reached.
struct Reached {
    place: Place,
    answer: Answer,
    owner: String,
    search: Option<String>,
    echo: Vec<(usize, Value)>,
}

/// Every owner with every key: a list of either is read one after the other.
fn places(
    table: &'static Table,
    route: &'static Route,
    given: &[Given<'_>],
    context: Context<'_>,
) -> Vec<Reached> {
    let search = text_of(table, given, Role::Match).and_then(|text| search_text(table, &text));
    let mut reached = Vec::new();
    for (owner, owner_echo) in owners(table, given, context) {
        for (key, key_echo) in keys(table, route, given) {
            let Some((place, answer)) =
                place(table, route, &owner, key.as_deref(), search.as_deref())
            else {
                continue;
            };
            let mut echo = owner_echo.clone();
            echo.extend(key_echo);
            echo.extend(plain_echo(table, given));
            reached.push(Reached {
                place,
                answer,
                owner: owner.clone(),
                search: search
                    .clone()
                    .filter(|_| table.search != Some(Search::DriveFunction)),
                echo,
            });
        }
    }
    reached
}

/// The paths that stand for `{owner}`, with the input columns they echo.
fn owners(table: &Table, given: &[Given<'_>], context: Context<'_>) -> Vec<(String, Echo)> {
    let default = context.user_id.unwrap_or("me");
    let drive = values_of(table, given, Role::Drive);
    if !drive.is_empty() {
        return drive
            .into_iter()
            .filter_map(|id| {
                Some((
                    format!("drives/{}", key_segment(&id)?),
                    echo(table, Role::Drive, &id),
                ))
            })
            .collect();
    }
    if table.owner == Owner::Tenant {
        return vec![(String::new(), Vec::new())];
    }
    let mut mailboxes = values_of(table, given, Role::Mailbox);
    if mailboxes.is_empty() {
        if given
            .iter()
            .any(|given| is_input(table, given, Role::Mailbox))
        {
            return Vec::new();
        }
        mailboxes.push(default.to_owned());
    }
    let suffix = if table.owner == Owner::Drive {
        "/drive"
    } else {
        ""
    };
    mailboxes
        .into_iter()
        .filter_map(|user| {
            Some((
                format!("{}{suffix}", user_path(&user)?),
                echo(table, Role::Mailbox, &user),
            ))
        })
        .collect()
}

/// `me`, or `users/{id or name}`; a name that starts with `$` needs the key form (FACTS §1.4).
fn user_path(user: &str) -> Option<String> {
    if user.eq_ignore_ascii_case("me") {
        return Some("me".to_owned());
    }
    if user.starts_with('$') {
        return Some(format!(
            "users('{}')",
            path_segment(&user.replace('\'', "''"))
        ));
    }
    Some(format!("users/{}", key_segment(user)?))
}

/// A value as the segment of a path, unless no object can have it as its key: such a segment would
/// end the path (`..`), be empty, or name an operation of the service (`$count`, `delta()`).
fn key_segment(text: &str) -> Option<String> {
    let impossible = text.is_empty()
        || text.len() > 2_000
        || text == "."
        || text == ".."
        || text.starts_with('$')
        || text.contains(|letter: char| letter.is_control() || matches!(letter, '(' | ')' | '\\'));
    (!impossible).then(|| path_segment(text))
}

fn is_input(table: &Table, given: &Given<'_>, role: Role) -> bool {
    given.argument.role == Purpose::Input
        && table.columns[given.argument.column].source == Source::Input(role)
}

fn values_of(table: &Table, given: &[Given<'_>], role: Role) -> Vec<String> {
    given
        .iter()
        .filter(|given| is_input(table, given, role))
        .flat_map(Given::known)
        .filter_map(as_text)
        .collect()
}

fn text_of(table: &Table, given: &[Given<'_>], role: Role) -> Option<String> {
    values_of(table, given, role).into_iter().next()
}

/// The value in every column of an input: the visible one and its hidden twin.
fn echo(table: &Table, role: Role, text: &str) -> Vec<(usize, Value)> {
    (0..table.columns.len())
        .filter(|position| table.columns[*position].source == Source::Input(role))
        .map(|position| (position, Value::text(text)))
        .collect()
}

/// Echoes of the inputs that are neither owner nor key.
fn plain_echo(table: &Table, given: &[Given<'_>]) -> Vec<(usize, Value)> {
    [
        Role::Filter,
        Role::Match,
        Role::WindowStart,
        Role::WindowEnd,
    ]
    .into_iter()
    .filter_map(|role| Some((role, text_of(table, given, role)?)))
    .flat_map(|(role, text)| echo(table, role, &text))
    .collect()
}

/// The keys of a route with the input columns they echo; one without a key for a plain route.
fn keys(table: &Table, route: &Route, given: &[Given<'_>]) -> Vec<(Option<String>, Echo)> {
    match route.key {
        Key::None => vec![(None, Vec::new())],
        Key::Input(role) => values_of(table, given, role)
            .into_iter()
            .map(|text| {
                let echo = echo(table, role, &text);
                (Some(text), echo)
            })
            .collect(),
        Key::Property(_) => given
            .iter()
            .filter(|given| given.argument.role == Purpose::Key)
            .flat_map(Given::known)
            .filter_map(as_text)
            .map(|text| (Some(text), Vec::new()))
            .collect(),
    }
}

/// The place of one owner and key; `None` when no object can have that key.
fn place(
    table: &Table,
    route: &'static Route,
    owner: &str,
    key: Option<&str>,
    search: Option<&str>,
) -> Option<(Place, Answer)> {
    if let (Some(Search::DriveFunction), Some(text)) = (table.search, search) {
        let below = match (route.key, key) {
            (Key::Input(Role::Folder), Some(folder)) => format!("items/{}", key_segment(folder)?),
            _ => "root".to_owned(),
        };
        return Some((
            Place::Path(format!(
                "{owner}/{below}/search(q='{}')",
                path_segment(&text.replace('\'', "''"))
            )),
            Answer::Collection,
        ));
    }
    let answer = match (route.answer, search) {
        (Answer::TopLevel, Some(_)) => Answer::Collection,
        (answer, _) => answer,
    };
    let path = route.path.replace("{owner}", owner);
    match (route.key, key) {
        (Key::Input(Role::Folder), Some(name)) => Some((
            Place::Folder {
                path: route.path,
                name: name.to_owned(),
            },
            answer,
        )),
        (Key::Property("path"), Some(path_text)) => Some((
            Place::Path(path.replace("{key}", &drive_path(path_text)?)),
            answer,
        )),
        (_, Some(key)) => Some((
            Place::Path(path.replace("{key}", &key_segment(key)?)),
            answer,
        )),
        (_, None) => Some((Place::Path(path), answer)),
    }
}

/// `/a/b` with each segment encoded; `None` when no item can have that path.
pub fn drive_path(text: &str) -> Option<String> {
    let segments = text.strip_prefix('/')?;
    let mut path = String::new();
    for segment in segments.split('/') {
        if segment.is_empty()
            || segment == "."
            || segment == ".."
            || segment.contains(char::is_control)
        {
            return None;
        }
        path.push('/');
        path.push_str(&path_segment(segment));
    }
    Some(path)
}

/// `$search` as it is sent (FACTS §2.3, §1.4); for drives the bare text.
fn search_text(table: &Table, text: &str) -> Option<String> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match table.search? {
        Search::Kql { .. } => Some(quoted(text)),
        Search::DriveFunction => Some(text.to_owned()),
        // Written in the service's own syntax already.
        Search::Properties { .. } if text.contains('"') => Some(text.to_owned()),
        Search::Properties { .. } if text.contains(':') => Some(quoted(text)),
        Search::Properties { default } => Some(quoted(&format!("{default}:{text}"))),
    }
}

/// Decides who sorts, and writes mail's filters so that the order is allowed (FACTS §2.2).
fn settle_order(table: &Table, given: &[Given<'_>], bound: &mut Bound, context: Context<'_>) {
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
fn settle_count(table: &Table, bound: &mut Bound, context: Context<'_>) {
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
