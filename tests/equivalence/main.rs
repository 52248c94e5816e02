//! The first promise: an answer is what SQLite would say over native tables with the same rows,
//! whatever was pushed to Graph, cached, or paged.
//!
//! Random statements run on the demo tenant and on ordinary tables filled from it. Each failure prints
//! its seed and the smallest statement found. `EQUIVALENCE_CASES` says how many, `EQUIVALENCE_SEED`
//! where to begin.

mod compare;
mod generate;
mod instants;
mod predicates;
mod random;
#[path = "../support/scopes.rs"]
mod scopes;
mod statement;
mod stories;
#[path = "../support/unruly.rs"]
mod unruly;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use compare::{Outcome, check, shrink};
use rusqlite::Connection;
use statement::Statement;
use unruly::Manners;
use world::{Side, Sides, World, render, world};

const THREADS: usize = 2;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// What all threads found.
#[derive(Default)]
struct Tally {
    next: AtomicUsize,
    skipped: AtomicUsize,
    with_rows: AtomicUsize,
    failures: Mutex<Vec<String>>,
}

#[test]
fn random_statements_have_the_native_answer() {
    let cases = number("EQUIVALENCE_CASES", 2_500);
    let seed = number("EQUIVALENCE_SEED", 1);
    let world = world();
    let tally = Tally::default();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| work(world, seed, cases, &tally));
        }
    });
    let failures = tally.failures.into_inner().expect("no thread panicked");
    let (skipped, with_rows) = (tally.skipped.into_inner(), tally.with_rows.into_inner());
    eprintln!("{cases} statements: {with_rows} with rows, {skipped} skipped");
    assert!(failures.is_empty(), "{} statements differ", failures.len());
    assert!(skipped * 50 <= cases, "{skipped} of {cases} took too long");
    assert!(
        with_rows * 3 >= cases,
        "only {with_rows} of {cases} had rows"
    );
}

/// A service that refuses filters and orders, ignores what it was asked, and cuts pages short may cost
/// requests, never rows.
#[test]
fn an_unruly_service_gives_the_native_answer() {
    let polite = Manners::default();
    let manners = [
        Manners {
            refuses_filters: true,
            ..polite
        },
        Manners {
            refuses_orders: true,
            longest_page: Some(7),
            ..polite
        },
        Manners {
            ignores_orders: true,
            longest_page: Some(500),
            ..polite
        },
        Manners {
            ignores_counts: true,
            longest_page: Some(11),
            ..polite
        },
    ];
    let cases = number("EQUIVALENCE_CASES", 2_500) / 20;
    let world = world();
    let tally = Tally::default();
    std::thread::scope(|scope| {
        for (n, manners) in manners.into_iter().enumerate() {
            let tally = &tally;
            scope.spawn(move || {
                let mut graph = world::graph_at(&unruly::start(manners), "CacheTTL=0");
                let mut native = world::native(world);
                compare::watch(&mut graph).expect("a handler can be set");
                compare::watch(&mut native).expect("a handler can be set");
                for case in 0..cases {
                    let seed = (1_000_000 + n * cases + case) as u64;
                    let statement = generate::statement(seed, world);
                    // Without a cache joins ask once a row, here over a socket.
                    // A filter of the user's own cannot be done without.
                    let own_filter = statement.text().contains(".filter = '")
                        || world.is_defined_by_a_filter(&statement.text());
                    let refused = manners.refuses_filters && own_filter;
                    if !(statement.asks_again() || refused) {
                        let name = format!("{manners:?}");
                        one(world, &statement, seed, &name, (&graph, &native), tally);
                    }
                }
            });
        }
    });
    let failures = tally.failures.into_inner().expect("no thread panicked");
    assert!(failures.is_empty(), "{} statements differ", failures.len());
}

fn work(world: &World, first: usize, cases: usize, tally: &Tally) {
    let most = number("EQUIVALENCE_FAILURES", 5);
    let sides = Sides::open(world);
    loop {
        let n = tally.next.fetch_add(1, Ordering::Relaxed);
        let enough = tally.failures.lock().is_ok_and(|all| all.len() >= most);
        if n >= cases || enough {
            return;
        }
        let seed = (first + n) as u64;
        let statement = generate::statement(seed, world);
        let (name, side) = match (statement.asks_again(), seed % 16) {
            (_, 0) => ("plain", &sides.plain),
            (false, 1 | 2) => ("paged", &sides.paged),
            (_, 3..=5) => ("cached", &sides.cached),
            // Joins without a cache ask once a row: few of them do.
            (true, 6..=10) => ("cached", &sides.cached),
            (false, 6..=7) | (true, 11..=14) => ("warmed", &sides.cached),
            _ => ("pushed", &sides.pushed),
        };
        if name == "warmed" {
            warm(world, &statement, side);
        }
        one(world, &statement, seed, name, (side, &sides.native), tally);
    }
}

/// Empties the cache and fills it with the answers of statements that ask for a part of the same: more
/// rows, other columns, another order, fewer pages.
fn warm(world: &World, statement: &Statement, side: &Connection) {
    let _ = compare::run(side, "SELECT o365_cache_clear()");
    for smaller in statement.smaller().iter().take(3) {
        let _ = compare::run(side, &render(&smaller.text(), world, Side::Graph));
    }
}

/// Compares one statement, and notes what came of it.
fn one(
    world: &World,
    statement: &Statement,
    seed: u64,
    name: &str,
    (side, native): (&Connection, &Connection),
    tally: &Tally,
) {
    match check(world, statement, side, native) {
        Outcome::Same(0) => {}
        Outcome::Same(_) => drop(tally.with_rows.fetch_add(1, Ordering::Relaxed)),
        Outcome::Skipped => drop(tally.skipped.fetch_add(1, Ordering::Relaxed)),
        Outcome::Different(first) => {
            let (small, how) = shrink(world, statement, side, native);
            let how = if how.is_empty() { first } else { how };
            let sql = render(&small.text(), world, Side::Graph);
            let failure = format!("seed {seed}, {name}:\n  {sql}\n{how}");
            eprintln!("{failure}\n");
            if let Ok(mut failures) = tally.failures.lock() {
                failures.push(failure);
            }
        }
    }
}
