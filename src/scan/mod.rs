//! From a bound plan to rows: targets one after the other, pages through the cache, and whatever Graph
//! was not asked exactly done here.
//!
//! The scan is the only user of both cache and client. It keeps three promises: what SQLite was told
//! not to check again is checked here or by Graph; rows come in the promised order; a page that fails
//! is an error, never the end.

mod ahead;
mod changes;
mod fetch;
mod lookups;
mod opening;
mod place;
mod raw;
mod reading;
mod request;
mod row;
mod sorting;

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use crate::catalog::{Answer, Fetch, Source, Table};
use crate::decode::{ID, Page, Shape};
use crate::error::{Error, Kind, Result};
use crate::plan::bind::{Bound, Place, Target};
use crate::session::Environment;
use crate::value::Value;

pub use changes::{ChangesScan, Line, Since, is_expired};
pub use lookups::Lookups;
pub use raw::RawScan;

use ahead::Ahead;
use fetch::Waiter;
use reading::{Reading, Tier};
use sorting::Sorted;

/// Tells whether the statement was interrupted.
pub type Interrupted<'a> = &'a dyn Fn() -> bool;

/// The rows of one bound plan.
pub struct Scan {
    table: &'static Table,
    environment: Environment,
    bound: Bound,
    waiting: VecDeque<Step>,
    reading: Option<Reading>,
    /// Hashes of the rows given, once a row could come twice.
    given: HashSet<u128>,
    several: bool,
    sorted: Option<Sorted>,
    ahead: Ahead,
    /// A request was made, and not only the cache read.
    asked: bool,
    row: Option<Row>,
    rows: u64,
}

/// A target to read, and where it hangs in a tree.
#[derive(Clone)]
struct Step {
    target: Arc<Target>,
    /// The path of the item whose children these are.
    above: Arc<str>,
}

/// The current row.
#[derive(Clone)]
enum Row {
    /// Read.
    Read {
        page: Arc<Page>,
        index: usize,
        /// Its place among all rows of its target, from 0.
        place: u64,
        shape: Arc<Shape>,
        step: Step,
        /// Further values, fetched for this row alone.
        fetched: Vec<(usize, Value)>,
    },
    /// Counted, not read: number `n` of its target.
    Counted { step: Step, n: u64 },
}

impl Scan {
    /// A scan that has not begun.
    pub fn new(table: &'static Table, environment: Environment, bound: Bound) -> Self {
        let steps: VecDeque<Step> = bound
            .targets
            .iter()
            .map(|target| Step {
                target: Arc::new(target.clone()),
                above: "".into(),
            })
            .collect();
        Self {
            table,
            environment,
            several: steps.len() > 1,
            bound,
            waiting: steps,
            reading: None,
            given: HashSet::new(),
            sorted: None,
            ahead: Ahead::default(),
            asked: false,
            row: None,
            rows: 0,
        }
    }

    /// The collection that this scan looks one value up in, when it does that and had to ask Graph:
    /// the path of its only target.
    pub fn looked_up(&self) -> Option<&str> {
        let [target] = self.bound.targets.as_slice() else {
            return None;
        };
        match &target.place {
            Place::Path(path) if is_lookup(target) && self.asked => Some(path),
            _ => None,
        }
    }

    /// Reads the first page of the whole collection that lookups go to. A small collection is in the
    /// cache then, and further lookups ask nothing; of a large one, one page was read in vain.
    pub fn read_whole(&mut self, interrupted: Interrupted<'_>) {
        let Some(target) = self.bound.targets.first() else {
            return;
        };
        let Place::Path(path) = &target.place else {
            return;
        };
        if !is_lookup(target) || self.environment.policy().is_off() {
            return;
        }
        let step = Step {
            target: Arc::new(target.clone()),
            above: "".into(),
        };
        let waiter = Waiter::new(self.table, &self.environment, &target.owner, interrupted);
        let mut reading = Reading::open(
            &waiter,
            self.table,
            &self.bound,
            step,
            path,
            Tier::Unfiltered,
            true,
        );
        // A service that refuses this will say so again when it matters.
        let _ = reading.turn(&waiter, self.table, &self.bound);
    }

    /// Goes to the next row; false behind the last one.
    ///
    /// # Errors
    /// Graph's refusal, a broken answer, an interrupt, or a limit reached.
    pub fn advance(&mut self, interrupted: Interrupted<'_>) -> Result<bool> {
        let found = self
            .next_row(interrupted)
            .map_err(|error| error.on(self.table.name))?;
        if found {
            self.rows += 1;
            if self
                .environment
                .settings
                .max_rows
                .is_some_and(|most| self.rows > most)
            {
                return Err(
                    Error::usage(format!("MaxRows ({}) is reached", self.rows - 1))
                        .next("Narrow the statement, or raise MaxRows (-1 is no limit)")
                        .on(self.table.name),
                );
            }
        }
        Ok(found)
    }

    fn next_row(&mut self, interrupted: Interrupted<'_>) -> Result<bool> {
        self.row = match &mut self.sorted {
            Some(sorted) => sorted.next(),
            None => self.next_unsorted(interrupted)?,
        };
        // Only now is it known whether Graph took the order.
        if self.bound.sort && self.sorted.is_none() {
            self.sort(interrupted)?;
        }
        Ok(self.row.is_some())
    }

    /// Reads everything, then sorts it: Graph was not asked for the order, or refused it.
    fn sort(&mut self, interrupted: Interrupted<'_>) -> Result<()> {
        let mut rows = Vec::new();
        let mut row = self.row.take();
        while let Some(read) = row {
            rows.push(read);
            row = self.next_unsorted(interrupted)?;
        }
        let mut sorted = Sorted::new(self.table, &self.bound.order, rows);
        self.row = sorted.next();
        self.sorted = Some(sorted);
        Ok(())
    }

    fn next_unsorted(&mut self, interrupted: Interrupted<'_>) -> Result<Option<Row>> {
        loop {
            let Some(reading) = &mut self.reading else {
                let Some(step) = self.waiting.pop_front() else {
                    return Ok(None);
                };
                self.reading = self.start(step, interrupted)?;
                continue;
            };
            if let Some(row) = reading.next_in_page(self.table, &self.bound) {
                if self.is_repeated(&row) {
                    continue;
                }
                return Ok(Some(row));
            }
            if !self.turn_page(interrupted)? {
                self.reading = None;
            }
        }
    }

    /// True for a row that was given before: pages shift while mail arrives (FACTS §2.10), and the
    /// parts of a long IN overlap where a service ignores case.
    fn is_repeated(&mut self, row: &Row) -> bool {
        let Row::Read {
            page, index, step, ..
        } = row
        else {
            return false;
        };
        if page.cell(*index, ID).is_null() {
            // Nothing tells it from another row.
            return false;
        }
        let first_page = self.reading.as_ref().is_some_and(Reading::is_on_first_page);
        if first_page && !self.several {
            return false;
        }
        !self.given.insert(fetch::identity(step, page, *index))
    }

    /// Reads the next page of the current target; false behind the last one.
    fn turn_page(&mut self, interrupted: Interrupted<'_>) -> Result<bool> {
        let Some(reading) = &mut self.reading else {
            return Ok(false);
        };
        if let Some((step, page)) = reading.used_up_first_page()
            && !self.several
        {
            for index in 0..page.len() {
                self.given.insert(fetch::identity(&step, &page, index));
            }
        }
        let owner = reading.owner().to_owned();
        let waiter = Waiter::new(self.table, &self.environment, &owner, interrupted);
        let more = reading.turn(&waiter, self.table, &self.bound)?;
        if !more {
            return Ok(false);
        }
        if !self.bound.sort && reading.is_out_of_order(self.table, &self.bound) {
            return Err(Error::new(
                Kind::Malformed,
                "the service did not keep the order it was asked for",
            )
            .next("Run the statement again after SELECT o365_connect('Pushdown=off')"));
        }
        let children = reading.children(self.table);
        self.enqueue(children);
        Ok(true)
    }

    fn enqueue(&mut self, children: Vec<Step>) {
        // An item moved while the tree is walked can be met twice.
        self.several |= !children.is_empty();
        self.waiting.extend(children);
    }
}

fn changed() -> Error {
    Error::new(
        Kind::Unavailable,
        "rows disappeared while they were counted",
    )
    .next("Run the statement again")
}

/// True for a filtered collection without a search.
fn is_lookup(target: &Target) -> bool {
    target.answer == Answer::Collection && target.search.is_none() && !target.filter.is_empty()
}

/// The columns that a page must have: those of the plan, and those that rows are checked and sorted by.
fn needed(table: &Table, bound: &Bound, tier: Tier) -> Vec<usize> {
    let mut columns = bound.columns.clone();
    let checked = match tier {
        Tier::Asked | Tier::Unordered => &bound.enforced,
        Tier::Unfiltered | Tier::Unsized | Tier::Bare => &bound.claimed,
    };
    columns.extend(checked.iter().map(|predicate| predicate.column));
    columns.extend(bound.order.iter().map(|term| term.column));
    // A computed path needs the name.
    let uses_tree = columns
        .iter()
        .any(|column| table.columns[*column].source == Source::TreePath);
    if let (true, Some(tree)) = (uses_tree, &table.tree) {
        columns.extend(table.property(tree.name));
    }
    // A write must name the version that was read; it comes with every item.
    columns.extend(row::etag_column(table));
    columns.extend((0..table.columns.len()).filter(|n| row::is_written_with(table, *n)));
    columns.retain(|column| table.columns[*column].fetch != Fetch::Item);
    columns.sort_unstable();
    columns.dedup();
    columns
}
