//! Random conditions on the columns of a variant: every kind SQLite has, over values that occur, values
//! that nearly occur, and values of the wrong kind.

use office365::catalog::{Source, Type};
use rusqlite::types::Value;

use crate::random::Random;
use crate::statement::Term;
use crate::world::{Variant, World};

/// A variant under an alias.
#[derive(Clone, Copy)]
pub struct Named<'w> {
    /// Its number.
    pub number: usize,
    /// The variant.
    pub variant: &'w Variant,
    /// Its alias.
    pub alias: &'static str,
}

impl Named<'_> {
    /// A column as an expression.
    pub fn column(&self, n: usize) -> String {
        format!("{}.{}", self.alias, self.variant.name(n))
    }
}

/// A condition on one of the variants.
pub fn term(random: &mut Random, world: &World, named: &[Named<'_>], depth: usize) -> Term {
    if depth > 0 && random.percent(35) {
        let count = 2 + random.below(2);
        let terms = (0..count)
            .map(|_| term(random, world, named, depth - 1))
            .collect();
        return match random.below(5) {
            0 => Term::Not(Box::new(term(random, world, named, depth - 1))),
            1 | 2 => Term::All(terms),
            _ => Term::Any(terms),
        };
    }
    Term::Leaf(leaf(random, world, named))
}

fn leaf(random: &mut Random, world: &World, named: &[Named<'_>]) -> String {
    let one = *random.pick(named);
    if random.percent(4) {
        return echo(random, one);
    }
    let n = column(random, one.variant);
    let left = one.column(n);
    match random.below(100) {
        0..=33 => comparison(random, one.variant, n, &left),
        34..=40 => between(random, one.variant, n, &left),
        41..=46 => {
            let word = random.pick(&["IS NULL", "IS NOT NULL", "NOTNULL", "ISNULL"]);
            format!("{left} {word}")
        }
        47..=60 => list(random, one.variant, n, &left),
        61..=73 => like(random, one.variant, n, &left),
        74..=78 => rows(random, one),
        79..=83 => wrapped(random, one.variant, n, &left),
        84..=91 => subquery(random, world, one, n),
        92..=94 => with_local(random, one, n),
        95 => by_rowid(random, one),
        _ => {
            let other = *random.pick(named);
            let m = column(random, other.variant);
            let operators: &[&str] = match one.variant.column(n).ty {
                Type::Instant | Type::Zoned => &["=", "IS"],
                _ => &["=", "<>", "<", ">=", "IS"],
            };
            format!("{left} {} {}", random.pick(operators), other.column(m))
        }
    }
}

/// Inputs are parameters where they are compared with `=`; all else compares what rows echo.
fn echo(random: &mut Random, one: Named<'_>) -> String {
    let inputs: Vec<usize> = (0..one.variant.columns.len())
        .filter(|n| matches!(one.variant.column(*n).source, Source::Input(_)))
        .collect();
    if inputs.is_empty() {
        return "1".to_owned();
    }
    let n = *random.pick(&inputs);
    let (left, value) = (one.column(n), constant(random, one.variant, n));
    match random.below(5) {
        0 => format!("{left} IS NULL"),
        1 => format!("{left} <> {value}"),
        2 => format!("{left} LIKE '%o%'"),
        3 => format!("{left} >= {value}"),
        _ => format!("{left} NOT IN ({value}, 'me')"),
    }
}

/// A column that is data, rather one that a service filters than another.
pub fn column(random: &mut Random, variant: &Variant) -> usize {
    let is_data = |n: usize| !matches!(variant.column(n).source, Source::Input(_));
    let mut n = 0;
    for _ in 0..12 {
        n = random.below(variant.columns.len());
        if !is_data(n) {
            n = 0;
            continue;
        }
        let column = variant.column(n);
        let filterable = column.operators.eq != office365::catalog::Mode::No
            || column.operators.range != office365::catalog::Mode::No
            || column.path == "id"
            || column.path.contains("parent");
        if filterable || random.percent(25) {
            break;
        }
    }
    n
}

fn comparison(random: &mut Random, variant: &Variant, n: usize, left: &str) -> String {
    let instant = matches!(variant.column(n).ty, Type::Instant | Type::Zoned);
    let operators: &[&str] = if instant {
        &["=", "<", "<=", ">", ">=", ">=", "<", "<>", "IS"]
    } else {
        &[
            "=", "=", "=", "==", "<>", "!=", "<", "<=", ">", ">=", "IS", "IS NOT",
        ]
    };
    let operator = random.pick(operators);
    let value = constant(random, variant, n);
    match random.below(12) {
        0 => format!("{value} {operator} {left}"),
        1 => {
            let collation = random.pick(&["NOCASE", "BINARY", "RTRIM", "o365_instant"]);
            format!("{left} {operator} {value} COLLATE {collation}")
        }
        2 => format!("{left} COLLATE NOCASE {operator} {value}"),
        _ => format!("{left} {operator} {value}"),
    }
}

fn between(random: &mut Random, variant: &Variant, n: usize, left: &str) -> String {
    let (low, high) = (constant(random, variant, n), constant(random, variant, n));
    let not = if random.percent(20) { "NOT " } else { "" };
    format!("{left} {not}BETWEEN {low} AND {high}")
}

fn list(random: &mut Random, variant: &Variant, n: usize, left: &str) -> String {
    let count = match random.below(20) {
        // An empty list in ON makes SQLite drop the whole of it, the inputs of the table too.
        0 => usize::from(!variant.given.is_empty()),
        1 => 16 + random.below(20),
        2 if random.percent(25) => 290 + random.below(40),
        _ => 1 + random.below(5),
    };
    let values: Vec<String> = (0..count)
        .map(|position| match position {
            // Beyond what occurs: padding.
            40.. => format!("'padding {position}'"),
            _ => constant(random, variant, n),
        })
        .collect();
    let not = if random.percent(15) { "NOT " } else { "" };
    let collation = if random.percent(6) {
        " COLLATE NOCASE"
    } else {
        ""
    };
    format!("{left}{collation} {not}IN ({})", values.join(", "))
}

fn like(random: &mut Random, variant: &Variant, n: usize, left: &str) -> String {
    let sample = sample(random, variant, n);
    let text: Vec<char> = text_of(&sample).chars().collect();
    let from = random.below(text.len().min(8) + 1);
    let to = (from + 1 + random.below(9)).min(text.len()).max(from);
    let part: String = text[from..to].iter().collect();
    let start: String = text[..to].iter().collect();
    let mut part = part;
    if random.percent(25) {
        part = part.to_uppercase();
    }
    let (start, part) = (start.replace('\'', "''"), part.replace('\'', "''"));
    let end: String = text[from.min(text.len())..]
        .iter()
        .collect::<String>()
        .replace('\'', "''");
    match random.below(14) {
        0 | 1 => format!("{left} LIKE '{start}%'"),
        2 => format!("{left} LIKE '%{part}%'"),
        3 => format!("{left} LIKE '%{end}'"),
        4 => format!("{left} LIKE '{start}_%'"),
        5 => format!("{left} LIKE '{}'", start.to_uppercase()),
        6 => format!("{left} NOT LIKE '{start}%'"),
        7 => format!("{left} GLOB '{start}*'"),
        8 => format!("{left} GLOB '*{part}*'"),
        9 => format!(
            "{left} GLOB '[{}]*'",
            part.chars().take(3).collect::<String>()
        ),
        10 => format!("{left} LIKE '{start}\\%%' ESCAPE '\\'"),
        11 => format!("{left} LIKE '{}!_%' ESCAPE '!'", start.replace('!', "!!")),
        12 => format!("{left} LIKE NULL"),
        _ => format!("'{end}' LIKE {left}"),
    }
}

fn rows(random: &mut Random, one: Named<'_>) -> String {
    let (n, m) = (column(random, one.variant), column(random, one.variant));
    let (a, b) = (one.column(n), one.column(m));
    let mut pair = || {
        let (x, y) = (
            constant(random, one.variant, n),
            constant(random, one.variant, m),
        );
        format!("({x}, {y})")
    };
    let (first, second) = (pair(), pair());
    match random.below(4) {
        0 => format!("({a}, {b}) = {first}"),
        1 => format!("({a}, {b}) >= {first}"),
        2 => format!("({a}, {b}) < {first}"),
        _ => format!("({a}, {b}) IN (VALUES {first}, {second})"),
    }
}

/// The column inside an expression: SQLite's own work, unless a planner sees through it wrongly.
fn wrapped(random: &mut Random, variant: &Variant, n: usize, left: &str) -> String {
    let value = constant(random, variant, n);
    match random.below(9) {
        0 => format!("+{left} = {value}"),
        1 => format!("lower({left}) = lower({value})"),
        2 => format!("{left} || '' >= {value}"),
        3 => format!("coalesce({left}, '') = {value}"),
        4 => format!("CASE WHEN {left} = {value} THEN 1 WHEN {left} IS NULL THEN 0 END"),
        5 => left.to_owned(),
        6 => format!("CAST({left} AS INTEGER) = CAST({value} AS INTEGER)"),
        7 => format!("({left} = {value}) IS NOT TRUE"),
        _ => format!("length({left}) > {}", random.below(40)),
    }
}

fn subquery(random: &mut Random, world: &World, one: Named<'_>, n: usize) -> String {
    let number = random.below(world.variants.len());
    let other = Named {
        number,
        variant: &world.variants[number],
        alias: "s",
    };
    let left = one.column(n);
    let m = other
        .variant
        .find(&one.variant.column(n).name())
        .filter(|_| random.percent(70))
        .unwrap_or_else(|| column(random, other.variant));
    let p = column(random, other.variant);
    let inner = comparison(random, other.variant, p, &other.column(p));
    let given = match other.variant.given.replace("{a}", "s") {
        none if none.is_empty() => String::new(),
        given => format!("{given} AND "),
    };
    let right = other.column(m);
    match random.below(6) {
        0 | 1 => format!("{left} IN (SELECT {right} FROM ⟦{number}⟧ AS s WHERE {given}{inner})"),
        2 => format!("{left} NOT IN (SELECT {right} FROM ⟦{number}⟧ AS s WHERE {given}{inner})"),
        3 => format!("EXISTS (SELECT 1 FROM ⟦{number}⟧ AS s WHERE {given}{right} = {left})"),
        4 => format!("{left} >= (SELECT min({right}) FROM ⟦{number}⟧ AS s WHERE {given}{inner})"),
        _ => format!(
            "(SELECT count(*) FROM ⟦{number}⟧ AS s WHERE {given}{right} = {left} AND {inner}) > 0"
        ),
    }
}

/// Rows by their number, which is the same in every scan of a connection.
fn by_rowid(random: &mut Random, one: Named<'_>) -> String {
    let inner = Named { alias: "s", ..one };
    let n = column(random, one.variant);
    let term = comparison(random, one.variant, n, &inner.column(n));
    let given = match one.variant.given.replace("{a}", "s") {
        none if none.is_empty() => String::new(),
        given => format!("{given} AND "),
    };
    let (number, alias) = (one.number, one.alias);
    let not = if random.percent(30) { "NOT " } else { "" };
    format!("{alias}.rowid {not}IN (SELECT s.rowid FROM ⟦{number}⟧ AS s WHERE {given}{term})")
}

/// Compared with columns of an ordinary table, whose affinities convert.
///
/// Not points in time with a numeric column: pushed, such a number is read as milliseconds, as one of a
/// parameter is; SQLite alone would sort every text behind every number.
fn with_local(random: &mut Random, one: Named<'_>, n: usize) -> String {
    let left = one.column(n);
    let instant = matches!(one.variant.column(n).ty, Type::Instant | Type::Zoned);
    let columns: &[&str] = if instant {
        &["t", "d", "b"]
    } else {
        &["t", "n", "d", "b"]
    };
    let column = random.pick(columns);
    match random.below(4) {
        0 | 1 => format!("{left} IN (SELECT {column} FROM local)"),
        2 => format!("EXISTS (SELECT 1 FROM local AS l WHERE {left} = l.{column})"),
        _ => format!("{left} < (SELECT max({column}) FROM local)"),
    }
}

fn sample(random: &mut Random, variant: &Variant, n: usize) -> Value {
    match variant.samples[n].len() {
        0 => Value::Null,
        count => variant.samples[n][random.below(count)].clone(),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A value as SQL.
pub fn quoted(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Blob(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("x'{digits}'")
        }
    }
}

/// A constant to compare a column with.
pub fn constant(random: &mut Random, variant: &Variant, n: usize) -> String {
    let value = sample(random, variant, n);
    let instant = matches!(variant.column(n).ty, Type::Instant | Type::Zoned);
    match random.below(100) {
        0..=44 if !instant => quoted(&value),
        0..=79 if instant => super::instants::spelled(random, &text_of(&value)),
        45..=79 => mutated(random, &value),
        80..=82 => "NULL".to_owned(),
        83..=85 => quoted(&Value::Text(text_of(&value))),
        86..=88 => random
            .pick(&["0", "1", "2", "-1", "1.0", "0.5", "9999999999"])
            .to_string(),
        89..=90 => format!("CAST({} AS BLOB)", quoted(&value)),
        91 => "x'00ff'".to_owned(),
        92..=93 => odd(random),
        _ => {
            let other = random.below(variant.columns.len());
            quoted(&sample(random, variant, other))
        }
    }
}

/// Nearly the value.
fn mutated(random: &mut Random, value: &Value) -> String {
    let text = match value {
        Value::Integer(number) => {
            let number = number.saturating_add(random.below(3) as i64 - 1);
            return match random.below(4) {
                0 => format!("{number}.0"),
                1 => format!("'{number}'"),
                2 => format!("{number}.5"),
                _ => number.to_string(),
            };
        }
        other => text_of(other),
    };
    let letters: Vec<char> = text.chars().collect();
    let changed = match random.below(9) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        2 => letters[..random.below(letters.len() + 1)].iter().collect(),
        3 => format!("{text} "),
        4 => format!("{text}'"),
        5 => format!("{text}%"),
        6 => format!(" {text}"),
        7 => letters.iter().rev().collect(),
        _ => text.clone(),
    };
    quoted(&Value::Text(changed))
}

/// Texts that end statements, paths and filters elsewhere.
fn odd(random: &mut Random) -> String {
    match random.below(14) {
        0 => "''".to_owned(),
        1 => "'.'".to_owned(),
        2 => "'..'".to_owned(),
        3 => "'$count'".to_owned(),
        4 => "'delta'".to_owned(),
        5 => "' or 1 eq 1'".to_owned(),
        6 => "'O''Brien'' or ''1'' eq ''1'".to_owned(),
        7 => "'🎉'".to_owned(),
        8 => "printf('%.10000c', 'x')".to_owned(),
        9 => "char(97, 0, 98)".to_owned(),
        10 => "'a/b?c#d%2F..&$top=1'".to_owned(),
        11 => "'inbox'".to_owned(),
        12 => "CAST(x'ff41' AS TEXT)".to_owned(),
        _ => "'-'".to_owned(),
    }
}
