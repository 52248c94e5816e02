//! For each column and operator: does Graph give the same rows, at least these rows, or can it not
//! be told? Every `Exact` says why, every `Local` too; the generated pages in `docs/tables/` are
//! this function over the catalogue.

use super::{Collation, Op};
use crate::catalog::{Column, Fetch, Mode, Role, Service, Source, Table, Type};

/// How Graph's answer relates to SQLite's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The same rows.
    Exact,
    /// The same rows and perhaps more: SQLite compares again.
    Superset,
    /// Graph is not told.
    Local,
}

impl Fit {
    /// Its name in documentation and metadata.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Superset => "superset",
            Self::Local => "local",
        }
    }
}

/// The comparisons that SQLite can hand over, as a reader writes them.
const COMPARISONS: &[(&str, Op, bool)] = &[
    ("=", Op::Eq, false),
    ("IN", Op::Eq, true),
    ("<>", Op::Ne, false),
    (">=", Op::Ge, false),
    (">", Op::Gt, false),
    ("<=", Op::Le, false),
    ("<", Op::Lt, false),
    ("LIKE", Op::Like, false),
    ("GLOB", Op::Glob, false),
    ("IS NULL", Op::IsNull, false),
    ("IS NOT NULL", Op::IsNotNull, false),
];

/// What becomes of each comparison with a column, under the column's own collation.
pub fn comparisons(table: &Table, column: &Column) -> Vec<(&'static str, Judgement)> {
    let collation = match column.ty {
        Type::Instant | Type::Zoned => Collation::Instant,
        _ => Collation::Binary,
    };
    COMPARISONS
        .iter()
        .map(|(written, op, list)| (*written, fit(table, column, *op, *list, collation)))
        .collect()
}

/// A fit and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The fit.
    pub fit: Fit,
    /// Why, in a few words.
    pub reason: &'static str,
}

const fn exact(reason: &'static str) -> Judgement {
    Judgement {
        fit: Fit::Exact,
        reason,
    }
}

const fn superset(reason: &'static str) -> Judgement {
    Judgement {
        fit: Fit::Superset,
        reason,
    }
}

const fn local(reason: &'static str) -> Judgement {
    Judgement {
        fit: Fit::Local,
        reason,
    }
}

/// Judges one comparison. `list` is an IN.
pub fn fit(table: &Table, column: &Column, op: Op, list: bool, collation: Collation) -> Judgement {
    match column.source {
        Source::Input(role) => return input(role, op),
        Source::Property => {}
        Source::Element | Source::ElementName | Source::Kind | Source::Ordinal => {
            return local("within an item");
        }
        _ => return local("made from other properties"),
    }
    if column.fetch == Fetch::Item {
        return local("not a property of the collection");
    }
    match column.ty {
        Type::Boolean => boolean(column, op),
        Type::Enum(_) => enumeration(column, op, collation),
        Type::Integer | Type::Long => whole_number(column, op, list),
        Type::Instant | Type::Zoned => instant(table, column, op, list, collation),
        Type::Text => text(table, column, op, list, collation),
        Type::Double | Type::Date | Type::Time | Type::Json | Type::Blob => {
            local("no filter on this type is dependable")
        }
    }
}

fn input(role: Role, op: Op) -> Judgement {
    match (role, op) {
        (Role::Match, Op::Match | Op::Eq) => exact("$search"),
        (_, Op::Eq) => exact("a parameter of the request, echoed"),
        _ => local("compared with the echoed text"),
    }
}

/// Exact: two values on both sides, and a null is neither in OData's `eq` nor in SQL. `<>` is sent
/// as `eq` of the other value, because `ne` would also give nulls.
fn boolean(column: &Column, op: Op) -> Judgement {
    match op {
        Op::Eq | Op::Ne if column.operators.eq != Mode::No => exact("eq; null is neither"),
        Op::Eq | Op::Ne => local("not filterable"),
        _ => local("not worth a filter"),
    }
}

/// Exact: members come back letter for letter as the schema spells them, and only members are sent.
fn enumeration(column: &Column, op: Op, collation: Collation) -> Judgement {
    match op {
        Op::Eq if column.operators.eq == Mode::No => local("not filterable"),
        Op::Eq if collation == Collation::Binary => exact("eq on a member of the schema"),
        _ => local("not worth a filter"),
    }
}

/// Exact: integers compare alike everywhere; other numbers are made integers when the value is known.
fn whole_number(column: &Column, op: Op, list: bool) -> Judgement {
    match op {
        Op::Eq if !list && column.operators.eq != Mode::No => exact("eq on whole numbers"),
        Op::Ge | Op::Gt | Op::Le | Op::Lt if column.operators.range != Mode::No => {
            exact("whole numbers compare alike")
        }
        _ => local("not filterable"),
    }
}

/// What Graph shows of an instant is cut to seconds (mail) or carries up to seven digits (directory),
/// and a filter compares what lies behind. Cutting moves no instant over the start of a second, so
/// `>=` and `<` on whole seconds are the same rows; the others become the next wider whole-second
/// range.
///
/// A departure: a number is read as milliseconds since 1970, which is how JDBC binds timestamps. From a
/// column or CAST of numeric affinity SQLite alone would sort it before every text, but a virtual table
/// is not told the affinity of the other side.
fn instant(table: &Table, column: &Column, op: Op, list: bool, collation: Collation) -> Judgement {
    if column.operators.range == Mode::No {
        return local("not filterable");
    }
    if collation != Collation::Instant || list {
        return local("not compared by instant");
    }
    match (column.ty, op) {
        // FACTS §1.2: all-day events are not converted to UTC, so the range is a day wider.
        (Type::Zoned, Op::Eq | Op::Ge | Op::Gt | Op::Le | Op::Lt) => {
            superset("range a day wider: all-day events keep their wall-clock time")
        }
        (_, Op::Ge) => exact("ge on a whole second"),
        // FACTS §1.4: lt is not documented for the directory; le with the bound is wider.
        (_, Op::Lt) if table.service == Service::Directory => superset("le"),
        (_, Op::Lt) => exact("lt on a whole second"),
        (_, Op::Eq | Op::Gt | Op::Le) => superset("range of whole seconds"),
        _ => local("not filterable"),
    }
}

fn text(table: &Table, column: &Column, op: Op, list: bool, collation: Collation) -> Judgement {
    let operators = &column.operators;
    // FACTS §2.4: services compare text without regard to case, so what is equal by bytes or without
    // ASCII case is among their rows; other collations may call other texts equal.
    let comparable = matches!(collation, Collation::Binary | Collation::NoCase);
    match op {
        Op::Eq if !comparable => local("another collation"),
        // FACTS §2.5: eq on mail text misses rows that startswith finds.
        Op::Eq if table.service == Service::Outlook && operators.starts_with != Mode::No => {
            superset("startswith: eq on mail text misses rows")
        }
        // FACTS §2.7: without `in`, a chain of `or`.
        Op::Eq if list && operators.list == Mode::No && operators.eq != Mode::No => {
            superset("or of eq, which ignores case")
        }
        Op::Eq if operators.eq != Mode::No => superset("eq ignores case"),
        Op::Like if operators.starts_with != Mode::No && operators.ends_with != Mode::No => {
            superset("startswith or endswith, by the pattern")
        }
        Op::Like if operators.starts_with != Mode::No => {
            superset("startswith of the pattern's start")
        }
        Op::Like if operators.ends_with != Mode::No => superset("endswith of the pattern's end"),
        Op::Glob if operators.starts_with != Mode::No => {
            superset("startswith of the pattern's start")
        }
        Op::IsNull if operators.null != Mode::No => superset("eq null"),
        Op::IsNotNull if operators.null != Mode::No => superset("ne null"),
        Op::Gt | Op::Ge | Op::Lt | Op::Le => local("text sorts by another collation there"),
        Op::Ne => local("ne ignores case and would lose rows"),
        _ => local("not filterable"),
    }
}
