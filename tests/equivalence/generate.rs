//! Random statements: one or more variants, conditions, and every shape of result.

use office365::catalog::{Source as Own, Type};

use crate::predicates::{Named, column, term};
use crate::random::Random;
use crate::statement::{Comparison, Source, Statement, Term};
use crate::world::World;

const ALIASES: [&str; 3] = ["a", "b", "c"];

/// The statement of a seed.
pub fn statement(seed: u64, world: &World) -> Statement {
    let mut random = Random::new(seed);
    let random = &mut random;
    let count = match random.below(20) {
        0..=14 => 1,
        15..=18 => 2,
        _ => 3,
    };
    let named = named(random, world, count);
    let mut statement = Statement {
        sources: sources(random, world, &named),
        terms: terms(random, world, &named),
        columns: Vec::new(),
        distinct: false,
        group: Vec::new(),
        having: None,
        order: Vec::new(),
        limit: None,
        compound: None,
        comparison: Comparison::Rows,
    };
    match random.below(100) {
        0..=24 => listed(random, &named, &mut statement),
        25..=39 => sorted(random, &named, &mut statement),
        40..=47 => top_by_key(random, &named, &mut statement),
        48..=57 => some(random, &named, &mut statement),
        58..=66 => counted(random, world, &named, &mut statement),
        67..=79 => aggregated(random, world, &named, &mut statement),
        80..=87 => extreme(random, &named, &mut statement),
        88..=93 => distinct(random, &named, &mut statement),
        _ => compound(random, world, &named, &mut statement),
    }
    statement
}

fn named<'w>(random: &mut Random, world: &'w World, count: usize) -> Vec<Named<'w>> {
    let mut all: Vec<Named<'w>> = Vec::new();
    while all.len() < count {
        let number = random.below(world.variants.len());
        let variant = &world.variants[number];
        // Products of large tables take SQLite too long.
        let rows: usize = all.iter().map(|one| one.variant.len()).product();
        if count > 1 && rows * variant.len() > 8_000 {
            continue;
        }
        let alias = ALIASES[all.len()];
        all.push(Named {
            number,
            variant,
            alias,
        });
    }
    all
}

fn sources(random: &mut Random, world: &World, named: &[Named<'_>]) -> Vec<Source> {
    let mut sources = Vec::new();
    for (n, one) in named.iter().enumerate() {
        let join = random.pick(&[" JOIN ", ", ", " LEFT JOIN ", " JOIN ", " CROSS JOIN "]);
        let mut on = Vec::new();
        if n > 0 && *join != ", " {
            let before = &named[random.below(n)];
            on.push(Term::Leaf(link(random, before, one)));
            if random.percent(25) {
                on.push(term(random, world, &[*one], 1));
            }
        }
        sources.push(Source {
            table: format!("⟦{}⟧", one.number),
            alias: one.alias.to_owned(),
            join,
            on,
            given: one.variant.given.replace("{a}", one.alias),
        });
    }
    sources
}

/// An equality between two variants: on keys that belong together where there are some.
fn link(random: &mut Random, before: &Named<'_>, one: &Named<'_>) -> String {
    const PAIRS: &[(&str, &str)] = &[
        ("parentFolderId", "id"),
        ("id", "parentFolderId"),
        ("id", "id"),
        ("from_emailAddress_address", "mail"),
        ("mail", "from_emailAddress_address"),
        ("sender_emailAddress_address", "userPrincipalName"),
        ("seriesMasterId", "id"),
        ("parentReference_id", "id"),
        ("conversationId", "conversationId"),
        ("receivedDateTime", "receivedDateTime"),
        ("department", "department"),
        ("city", "city"),
        ("isRead", "isDraft"),
        ("subject", "subject"),
    ];
    let start = random.below(PAIRS.len());
    let fitting = (0..PAIRS.len())
        .map(|n| PAIRS[(start + n) % PAIRS.len()])
        .find_map(|(left, right)| Some((before.variant.find(left)?, one.variant.find(right)?)));
    let (left, right) = match fitting {
        Some(pair) if random.percent(85) => pair,
        _ => (column(random, before.variant), column(random, one.variant)),
    };
    let (left, right) = (before.column(left), one.column(right));
    match random.below(8) {
        0 => format!("{right} = {left} COLLATE NOCASE"),
        1 | 2 => format!("{right} = {left}"),
        _ => format!("{left} = {right}"),
    }
}

fn terms(random: &mut Random, world: &World, named: &[Named<'_>]) -> Vec<Term> {
    let count = match random.below(10) {
        0 => 0,
        1..=5 => 1,
        6..=8 => 2,
        _ => 3,
    };
    (0..count).map(|_| term(random, world, named, 2)).collect()
}

/// Columns to show; always an id, so that rows can be told apart.
fn shown(random: &mut Random, named: &[Named<'_>]) -> Vec<String> {
    let mut columns = Vec::new();
    for one in named {
        if random.percent(80) {
            columns.push(one.column(0));
        }
        for _ in 0..random.below(4) {
            let n = random.below(one.variant.columns.len());
            columns.push(one.column(n));
        }
    }
    if columns.is_empty() {
        columns.push("1".to_owned());
    }
    columns
}

/// What makes an order total: keys, and the inputs that a row can be found under.
fn keys(named: &[Named<'_>]) -> Vec<String> {
    named
        .iter()
        .flat_map(|one| {
            (0..one.variant.columns.len())
                .filter(|n| {
                    let own = one.variant.column(*n).source;
                    *n == 0
                        || matches!(
                            own,
                            Own::Input(_) | Own::Kind | Own::Ordinal | Own::ElementName
                        )
                })
                .map(|n| one.column(n))
        })
        .collect()
}

fn order_term(random: &mut Random, named: &[Named<'_>]) -> (String, String) {
    let one = random.pick(named);
    let instants: Vec<usize> = (0..one.variant.columns.len())
        .filter(|n| one.variant.column(*n).ty == Type::Instant)
        .collect();
    let n = if !instants.is_empty() && random.percent(60) {
        *random.pick(&instants)
    } else {
        random.below(one.variant.columns.len())
    };
    let expression = one.column(n);
    let collation = random.pick(&["", "", "", "", "", " COLLATE NOCASE", " COLLATE BINARY"]);
    let direction = random.pick(&[
        "",
        " DESC",
        " DESC",
        " ASC",
        " DESC NULLS LAST",
        " NULLS LAST",
    ]);
    (format!("{expression}{collation}{direction}"), expression)
}

fn limit(random: &mut Random) -> (i64, Option<i64>) {
    let limit = *random.pick(&[0, 1, 1, 2, 3, 5, 7, 10, 25, 1_000, -1]);
    let offset = random.percent(30).then(|| *random.pick(&[0, 1, 2, 5, 30]));
    (limit, offset)
}

fn listed(random: &mut Random, named: &[Named<'_>], statement: &mut Statement) {
    statement.columns = shown(random, named);
}

/// A total order, perhaps with LIMIT.
fn sorted(random: &mut Random, named: &[Named<'_>], statement: &mut Statement) {
    statement.columns = shown(random, named);
    for _ in 0..random.below(3) {
        statement.order.push(order_term(random, named).0);
    }
    statement.order.extend(keys(named));
    statement.limit = random.percent(60).then(|| limit(random));
    statement.comparison = Comparison::Sequence;
}

/// One sort key and LIMIT: rows of equal keys may come in any order.
fn top_by_key(random: &mut Random, named: &[Named<'_>], statement: &mut Statement) {
    let (term, expression) = order_term(random, named);
    let key = if term.contains("NOCASE") {
        format!("upper({expression})")
    } else {
        expression
    };
    statement.columns = vec![key];
    statement.columns.extend(shown(random, named));
    statement.order = vec![term];
    statement.limit = Some(limit(random));
    statement.comparison = Comparison::Among(1);
}

/// LIMIT without an order.
fn some(random: &mut Random, named: &[Named<'_>], statement: &mut Statement) {
    statement.columns = shown(random, named);
    statement.limit = Some(limit(random));
    statement.comparison = Comparison::Among(0);
}

fn counted(random: &mut Random, world: &World, named: &[Named<'_>], statement: &mut Statement) {
    statement.columns = vec!["count(*)".to_owned()];
    if random.percent(50) {
        // Few and simple conditions: what a service may count itself.
        statement.terms.clear();
        if random.percent(80) {
            statement.terms.push(term(random, world, named, 0));
        }
    }
    if random.percent(30) {
        let filter = term(random, world, named, 1).text();
        statement
            .columns
            .push(format!("count(*) FILTER (WHERE {filter})"));
    }
}

fn aggregated(random: &mut Random, world: &World, named: &[Named<'_>], statement: &mut Statement) {
    for _ in 0..random.below(3) {
        let one = random.pick(named);
        let n = column(random, one.variant);
        let expression = one.column(n);
        statement.group.push(expression.clone());
        statement.columns.push(expression);
    }
    for _ in 0..=random.below(3) {
        let one = random.pick(named);
        let expression = one.column(column(random, one.variant));
        statement.columns.push(match random.below(9) {
            0 => format!("count({expression})"),
            7 => format!("count(DISTINCT {}.rowid)", one.alias),
            1 => format!("count(DISTINCT {expression})"),
            2 => format!("min({expression})"),
            3 => format!("max({expression})"),
            4 => format!("sum({expression} IS NOT NULL)"),
            5 => format!("group_concat({expression}, '|' ORDER BY {expression})"),
            6 => {
                let filter = term(random, world, named, 1).text();
                format!("count(*) FILTER (WHERE {filter})")
            }
            _ => "count(*)".to_owned(),
        });
    }
    if random.percent(25) {
        statement.having = Some(format!("count(*) > {}", random.below(4)));
    }
}

/// min or max alone: SQLite asks for an order and reads one row.
fn extreme(random: &mut Random, named: &[Named<'_>], statement: &mut Statement) {
    let (_, expression) = order_term(random, named);
    let function = random.pick(&["min", "max"]);
    statement.columns = vec![format!("{function}({expression})")];
}

fn distinct(random: &mut Random, named: &[Named<'_>], statement: &mut Statement) {
    statement.distinct = true;
    for _ in 0..=random.below(2) {
        statement.columns.push(order_term(random, named).1);
    }
    if random.percent(40) {
        statement.order = statement.columns.clone();
        statement.comparison = Comparison::Sequence;
    }
}

fn compound(random: &mut Random, world: &World, named: &[Named<'_>], statement: &mut Statement) {
    let word = random.pick(&["UNION", "UNION ALL", "EXCEPT", "INTERSECT"]);
    let one = named[0];
    statement.sources.truncate(1);
    let own = [one];
    statement.terms = terms(random, world, &own);
    statement.columns = vec![one.column(0)];
    if random.percent(50) {
        let n = column(random, one.variant);
        statement.columns.push(one.column(n));
    }
    let mut other = statement.clone();
    other.terms = terms(random, world, &own);
    statement.compound = Some((word, Box::new(other)));
}
