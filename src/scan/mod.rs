//! From a bound plan to rows: targets one after the other, pages through the cache, and whatever Graph
//! was not asked exactly done here.
//!
//! The scan is the only user of both cache and client. It keeps three promises: what SQLite was told
//! not to check again is checked here or by Graph; rows come in the promised order; a page that fails
//! is an error, never the end.

mod fetch;
mod place;
mod reading;
mod sorting;

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use crate::catalog::{Answer, Fetch, Key, Role, Source, Table};
use crate::decode::{ID, Page, Shape};
use crate::error::{Error, Kind, Result};
use crate::graph::fault;
use crate::odata::{Filter, path_segment};
use crate::plan::Counting;
use crate::plan::bind::{Bound, Place, Target};
use crate::session::Environment;
use crate::value::Value;

use fetch::{Ahead, Waiter};
use reading::{Reading, Tier};
use sorting::Sorted;

/// How many targets ahead the first pages are asked for: with the current one, as many requests as one
/// mailbox takes at once.
const AHEAD: usize = 3;

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
        let first_page = self.reading.as_ref().is_some_and(Reading::is_on_first_page);
        if first_page && !self.several {
            return false;
        }
        !self.given.insert(fetch::identity(step, page, *index))
    }

    /// Opens a target; `None` when it has no rows.
    fn start(&mut self, step: Step, interrupted: Interrupted<'_>) -> Result<Option<Reading>> {
        let outcome = match self.flat(&step) {
            Some(flat) => match self.open(flat, interrupted) {
                // A service without this way: walk.
                Err(error) if fault::is_query(&error) || fault::is_absent(&error) => {
                    self.environment.client.refused(self.table.name);
                    self.open(step, interrupted)
                }
                other => other,
            },
            None => self.open(step, interrupted),
        };
        match outcome {
            Err(error)
                if self.environment.settings.skip_mailbox_errors && fault::is_mailbox(&error) =>
            {
                Ok(None)
            }
            other => other,
        }
    }

    /// The same items by way of one collection, where the table has one that has what is needed.
    fn flat(&self, step: &Step) -> Option<Step> {
        let flat = self.table.tree.as_ref()?.flat.as_ref()?;
        let is_whole_tree = step.target.answer == Answer::TopLevel
            && step.above.is_empty()
            && matches!(&step.target.place, Place::Path(path) if self.is_plain(path, &step.target.owner));
        let lacking = needed(self.table, &self.bound, Tier::Unfiltered)
            .iter()
            .any(|column| flat.lacks.contains(&self.table.columns[*column].path));
        if !is_whole_tree || lacking || self.environment.client.is_refusing(self.table.name) {
            return None;
        }
        let mut target = (*step.target).clone();
        target.place = Place::Path(flat.path.replace("{owner}", &target.owner));
        target.answer = Answer::Collection;
        Some(Step {
            target: Arc::new(target),
            above: Arc::clone(&step.above),
        })
    }

    /// True for the path of the table's plain route.
    fn is_plain(&self, path: &str, owner: &str) -> bool {
        self.table
            .routes
            .iter()
            .any(|route| route.key == Key::None && route.path.replace("{owner}", owner) == path)
    }

    fn open(&mut self, step: Step, interrupted: Interrupted<'_>) -> Result<Option<Reading>> {
        let waiter = Waiter::new(
            self.table,
            &self.environment,
            &step.target.owner,
            interrupted,
        );
        let Some((path, above)) = place::resolve(&waiter, self.table, &step, &self.bound)? else {
            return Ok(None);
        };
        let step = Step { above, ..step };
        let mut tier = Tier::Asked;
        while self.is_refused(&step, tier)
            && let Some(simpler) = self.simplify(&step, tier)
        {
            tier = simpler;
        }
        self.read_first(&waiter, step, &path, tier, interrupted)
    }

    /// Reads the first page at a path, asking for less where the service refuses.
    fn read_first(
        &mut self,
        waiter: &Waiter<'_>,
        step: Step,
        path: &str,
        mut tier: Tier,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Reading>> {
        loop {
            let quiet = self.ahead.is_expected(path);
            let mut reading = Reading::open(
                waiter,
                self.table,
                &self.bound,
                step.clone(),
                path,
                tier,
                quiet,
            );
            self.bound.sort |= reading.must_sort(&self.bound);
            match reading.turn(waiter, self.table, &self.bound) {
                Ok(_) if reading.lacks_count(&self.bound) => self.bound.counting = Counting::No,
                Ok(_) if !self.bound.sort && reading.is_out_of_order(self.table, &self.bound) => {
                    self.bound.sort = true;
                    tier = Tier::Unordered;
                }
                Ok(_) => {
                    self.asked |= !reading.is_from_cache();
                    self.enqueue(reading.children(self.table));
                    self.read_ahead(interrupted);
                    return Ok(Some(reading));
                }
                // What a drive refuses as a path is the path of no item.
                Err(error)
                    if step.target.absent_is_empty
                        && (fault::is_absent(&error)
                            || (path.contains("/root:/") && fault::is_query(&error))) =>
                {
                    reading.close();
                    return Ok(None);
                }
                // Counting is to blame, unless the service says it is the filter.
                Err(error)
                    if fault::is_query(&error)
                        && self.bound.counting != Counting::No
                        && !fault::is_filter(&error) =>
                {
                    self.bound.counting = Counting::No;
                }
                Err(error) if fault::is_query(&error) => {
                    self.environment.client.refused(&self.form(&step, tier));
                    match (self.simplify(&step, tier), self.without_key(&step)) {
                        (Some(simpler), _) => tier = simpler,
                        (None, Some((step, path))) => {
                            tier = Tier::Unfiltered;
                            return self.read_first(waiter, step, &path, tier, interrupted);
                        }
                        (None, None) => return Err(error),
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What a service takes or refuses of a request: everything but values.
    fn form(&self, step: &Step, tier: Tier) -> String {
        let order = match (tier, self.bound.sort, self.bound.order.first()) {
            (Tier::Asked, false, Some(term)) => self.table.columns[term.column].path,
            _ => "",
        };
        // What the user filters may be refused for its own sake.
        let raw = step.target.raw.as_deref().unwrap_or_default();
        format!(
            "{} {} {order} {raw}",
            self.table.name,
            step.target.filter.shape()
        )
    }

    fn is_refused(&self, step: &Step, tier: Tier) -> bool {
        let form = self.form(step, tier);
        tier != Tier::Unfiltered && self.environment.client.is_refusing(&form)
    }

    /// The next simpler request, with what is then done here.
    fn simplify(&mut self, step: &Step, tier: Tier) -> Option<Tier> {
        let simpler = tier.simpler(&step.target, &self.bound)?;
        self.bound.sort |= !self.bound.order.is_empty();
        // A count of what is not filtered counts too much.
        self.bound.counting = Counting::No;
        Some(simpler)
    }

    /// The whole collection in place of what a key leads to: a service may take the key for a word of
    /// its own (`delta`), and the key is compared again by SQLite.
    fn without_key(&self, step: &Step) -> Option<(Step, String)> {
        let plain = self
            .table
            .routes
            .iter()
            .find(|route| route.key == Key::None)?;
        if !step.target.absent_is_empty {
            return None;
        }
        let path = plain.path.replace("{owner}", &step.target.owner);
        let target = Target {
            place: Place::Path(path.clone()),
            answer: plain.answer,
            absent_is_empty: false,
            filter: Filter::And(Vec::new()),
            ..(*step.target).clone()
        };
        let step = Step {
            target: Arc::new(target),
            ..step.clone()
        };
        Some((step, path))
    }

    /// Starts the first pages of the next targets, once it is known that there are several.
    fn read_ahead(&mut self, interrupted: Interrupted<'_>) {
        if self.bound.page_hint.is_some() || self.environment.policy().is_off() {
            return;
        }
        let next: Vec<Step> = self.waiting.iter().take(AHEAD).cloned().collect();
        for step in next {
            let Place::Path(path) = &step.target.place else {
                continue;
            };
            if self.ahead.is_expected(path) {
                continue;
            }
            let waiter = Waiter::new(
                self.table,
                &self.environment,
                &step.target.owner,
                interrupted,
            );
            let reading = Reading::open(
                &waiter,
                self.table,
                &self.bound,
                step.clone(),
                path,
                Tier::Asked,
                true,
            );
            self.ahead.expect(path, reading.request_first(&waiter));
        }
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

    /// One value of the current row, when it is in the page at hand.
    pub fn cell(&mut self, column: usize) -> Option<&Value> {
        let Some(Row::Read {
            page,
            index,
            shape,
            step,
            ..
        }) = &self.row
        else {
            return None;
        };
        if let Some(reading) = &mut self.reading {
            reading.was_looked_at();
        }
        let echoed = step.target.echo.iter().any(|(echoed, _)| *echoed == column);
        match shape.cell(column) {
            Some(cell) if !echoed => Some(page.cell(*index, cell)),
            _ => None,
        }
    }

    /// One value of the current row.
    ///
    /// # Errors
    /// When the value has to be fetched and cannot be.
    pub fn value(&mut self, column: usize, interrupted: Interrupted<'_>) -> Result<Value> {
        self.known_value(column, interrupted)
            .map_err(|error| error.on(self.table.name))
    }

    fn known_value(&mut self, column: usize, interrupted: Interrupted<'_>) -> Result<Value> {
        if let Some(Row::Counted { step, n }) = &self.row {
            if let Some(value) = self.implied(step, column) {
                return Ok(value);
            }
            let (step, n) = (step.clone(), *n);
            self.materialize(step, n, interrupted)?;
        }
        if let Some(reading) = &mut self.reading {
            reading.was_looked_at();
        }
        let Some(Row::Read {
            page,
            index,
            shape,
            step,
            fetched,
        }) = &self.row
        else {
            return Ok(Value::Null);
        };
        if let Some((_, value)) = step
            .target
            .echo
            .iter()
            .find(|(echoed, _)| *echoed == column)
        {
            return Ok(value.clone());
        }
        match self.table.columns[column].source {
            Source::TreePath => {
                let name = self
                    .table
                    .tree
                    .as_ref()
                    .and_then(|tree| self.table.property(tree.name));
                let name = name
                    .and_then(|name| shape.cell(name))
                    .map(|cell| page.cell(*index, cell));
                return Ok(match name.and_then(Value::as_text) {
                    Some(name) => Value::text(format!("{}/{name}", step.above)),
                    None => Value::Null,
                });
            }
            Source::Input(role) if role != Role::Drive => return Ok(Value::Null),
            _ => {}
        }
        if let Some(cell) = shape.cell(column) {
            return Ok(page.cell(*index, cell).clone());
        }
        if let Some((_, value)) = fetched.iter().find(|(known, _)| *known == column) {
            return Ok(value.clone());
        }
        self.fetch_value(column, interrupted)
    }

    /// A value that a counted row has for certain: an echo, or what it was compared with.
    fn implied(&self, step: &Step, column: usize) -> Option<Value> {
        if let Some((_, value)) = step
            .target
            .echo
            .iter()
            .find(|(echoed, _)| *echoed == column)
        {
            return Some(value.clone());
        }
        if matches!(self.table.columns[column].source, Source::Input(_)) {
            return Some(Value::Null);
        }
        let compared = self.bound.claimed.iter().find(|predicate| {
            predicate.column == column
                && predicate.op == crate::plan::Op::Eq
                && predicate.values.len() == 1
        })?;
        match self.table.columns[column].ty {
            crate::catalog::Type::Enum(_) => Some(compared.values[0].clone()),
            _ => Some(compared.values[0].numeric())
                .filter(|value| matches!(value, Value::Integer(_))),
        }
    }

    /// Reads the rows that were only counted, up to the current one.
    fn materialize(&mut self, step: Step, n: u64, interrupted: Interrupted<'_>) -> Result<()> {
        self.bound.counting = Counting::No;
        self.reading = self.start(step, interrupted)?;
        for _ in 0..=n {
            // Rows of the first page were given before they were counted: they are not repeated now.
            self.row = self.next_of_target(interrupted)?;
            if self.row.is_none() {
                return Err(changed());
            }
        }
        Ok(())
    }

    /// The next row of the current target, also one that was given before.
    fn next_of_target(&mut self, interrupted: Interrupted<'_>) -> Result<Option<Row>> {
        loop {
            let Some(reading) = &mut self.reading else {
                return Ok(None);
            };
            if let Some(row) = reading.next_in_page(self.table, &self.bound) {
                return Ok(Some(row));
            }
            if !self.turn_page(interrupted)? {
                return Ok(None);
            }
        }
    }

    /// A value that only the single item has: one request for this row.
    fn fetch_value(&mut self, column: usize, interrupted: Interrupted<'_>) -> Result<Value> {
        let Some(Row::Read {
            page, index, step, ..
        }) = &self.row
        else {
            return Ok(Value::Null);
        };
        let path = self
            .table
            .routes
            .iter()
            .find(|route| route.key == Key::Property("id"))
            .map_or_else(
                // A table of one row: its only route is the item.
                || self.table.routes[0].path,
                |route| route.path,
            );
        let Some(id) = page.cell(*index, ID).as_text() else {
            return Ok(Value::Null);
        };
        let path = path
            .replace("{owner}", &step.target.owner)
            .replace("{key}", &path_segment(id));
        let waiter = Waiter::new(
            self.table,
            &self.environment,
            &step.target.owner,
            interrupted,
        );
        let value = waiter.item_value(&path, column)?;
        if let Some(Row::Read { fetched, .. }) = &mut self.row {
            fetched.push((column, value.clone()));
        }
        Ok(value)
    }

    /// What identifies the current row: its owner's path and its id.
    ///
    /// # Errors
    /// When the row was only counted and cannot be read.
    pub fn key(&mut self, interrupted: Interrupted<'_>) -> Result<(String, String)> {
        if let Some(Row::Counted { step, n }) = &self.row {
            let (step, n) = (step.clone(), *n);
            self.materialize(step, n, interrupted)?;
        }
        if let Some(reading) = &mut self.reading {
            reading.was_looked_at();
        }
        match &self.row {
            Some(Row::Read {
                page, index, step, ..
            }) => {
                let id = page.cell(*index, ID).as_text().unwrap_or_default();
                Ok((
                    format!("{} {}", self.table.name, step.target.owner),
                    id.to_owned(),
                ))
            }
            _ => Err(changed()),
        }
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
        Tier::Unfiltered => &bound.claimed,
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
    columns.retain(|column| table.columns[*column].fetch != Fetch::Item);
    columns.sort_unstable();
    columns.dedup();
    columns
}
