//! What each compared value becomes in `$filter`: the same rows, at least these rows, or nothing.

use super::{Bound, Context, DAY, Given, as_text, predicate};
use crate::catalog::{Column, Mode, Service, Table, Type};
use crate::instant::Instant;
use crate::odata::{Filter, Literal};
use crate::plan::{Op, Purpose};
use crate::value::Value;

/// The directory refuses more children of an OR or an IN (FACTS §2.7); mail is kept as low.
const CHUNK: usize = 15;
/// More chunks than this cost more than reading the collection.
const CHUNKS: usize = 20;
/// The directory refuses longer values of `eq` in the default mode (FACTS §1.4).
const LONGEST_TEXT: usize = 120;
/// The filters to send: one, or one for each chunk of a long IN.
pub(super) struct Asked {
    pub(super) filters: Vec<Filter>,
    pub(super) advanced: bool,
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
pub(super) fn filters(
    table: &Table,
    given: &[Given<'_>],
    context: Context<'_>,
    bound: &mut Bound,
) -> Option<Asked> {
    let mut parts = Vec::new();
    let mut chunks = vec![None];
    let mut advanced = false;
    let is_filter =
        |given: &Given<'_>| matches!(given.argument.role, Purpose::Exact | Purpose::Superset);
    let beside = given
        .iter()
        .any(|given| is_filter(given) && !is_alone(table, given));
    for given in given {
        if !is_filter(given) {
            continue;
        }
        let pushed = if context.pushdown && !(beside && is_alone(table, given)) {
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

/// FACTS §1.4: a filter on signInActivity cannot be combined with others.
fn is_alone(table: &Table, given: &Given<'_>) -> bool {
    table.columns[given.argument.column].alone
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

/// The instant a value means to the collation, if it means one that Graph can be told.
pub(super) fn instant_of(given: &Given<'_>) -> Option<Instant> {
    let text = given.known().next().and_then(as_text)?;
    Instant::parse(&text).filter(|instant| instant.is_in_calendar())
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
    if next == first {
        // The last second of the calendar has none behind it that could bound it.
        return Pushed::Nothing;
    }
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
