//! One target being read: its request, its pages, its counted rows, the check of their order.

use std::sync::Arc;

use tokio::task::AbortHandle;

use super::fetch::{Holds, Waiter};
use super::request::{CHILD_COUNT, CONTAINER, GONE, HIDDEN, ONLY, ROOT, flat, holds, request};
use super::sorting::compare;
use super::{Row, Step, needed};
use crate::cache::{Chain, Found, Question, Turn, cache};
use crate::catalog::{Answer, Root, Search, Table};
use crate::decode::{ID, Page};
use crate::error::{Error, Kind, Result};
use crate::odata::path_segment;
use crate::plan::bind::{Bound, Place, Target};
use crate::plan::{Counting, Term};
use crate::runtime;
use crate::value::Value;

/// How much of what could be asked is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tier {
    /// Filter and order.
    Asked,
    /// The filter only.
    Unordered,
    /// Neither.
    Unfiltered,
    /// Neither, and pages of whatever size the service likes: `$top` beyond a maximum that no
    /// documentation names may be refused (FACTS §2.10).
    Unsized,
    /// Nothing at all: whole items, as the service gives them.
    Bare,
}

impl Tier {
    /// The next simpler request that a refusing service may take, if this one asked for anything.
    pub fn simpler(self, target: &Target, bound: &Bound) -> Option<Self> {
        let ordered = self == Self::Asked && !bound.order.is_empty() && !bound.sort;
        match self {
            // What is posted is the whole request.
            _ if target.body.is_some() => None,
            _ if ordered => Some(Self::Unordered),
            Self::Asked | Self::Unordered if !target.filter.is_empty() => Some(Self::Unfiltered),
            // What the user asked in the service's own words is refused for its own sake, and a key
            // may be no key.
            Self::Asked | Self::Unordered | Self::Unfiltered
                if target.answer != Answer::Item
                    && target.raw.is_none()
                    && target.search.is_none()
                    && !target.absent_is_empty =>
            {
                Some(Self::Unsized)
            }
            // `$select` is honoured nearly everywhere, so it goes last.
            Self::Unsized => Some(Self::Bare),
            _ => None,
        }
    }
}

/// A target being read.
pub(super) struct Reading {
    chain: Arc<Chain>,
    step: Step,
    holds: Holds,
    tier: Tier,
    /// The chain is whole and was asked more widely: its rows are checked and sorted here.
    wider: bool,
    /// The page at hand, the next one's number, the next row's.
    page: Option<Arc<Page>>,
    page_number: usize,
    index: usize,
    first: Option<Arc<Page>>,
    /// The pages are as small as LIMIT: after the first one larger ones are asked for.
    small_pages: bool,
    restarted: bool,
    /// Rows of the pages so far.
    read: u64,
    /// Rows given so far.
    emitted: u64,
    counting: Counting,
    looked_at: bool,
    counted: u64,
    last_key: Option<Value>,
    ahead: Option<AbortHandle>,
    /// The id of the tree's root, when only that tells it.
    root_id: Option<Box<str>>,
    /// All items of a tree come at once.
    is_flat: bool,
    hit: bool,
}

impl Drop for Reading {
    fn drop(&mut self) {
        if let Some(task) = &self.ahead {
            task.abort();
            self.chain.forgive();
        }
    }
}

impl Reading {
    /// Finds or starts the chain of a target; asks for nothing yet.
    pub fn open(
        waiter: &Waiter<'_>,
        table: &'static Table,
        bound: &Bound,
        step: Step,
        path: &str,
        tier: Tier,
        quiet: bool,
    ) -> Self {
        let request = request(waiter, table, bound, &step.target, path, tier);
        let policy = waiter.environment.policy();
        let local = needed(table, bound, Tier::Unfiltered);
        let found = cache().open(
            request.question,
            request.shape,
            &local,
            bound.page_hint,
            policy,
        );
        let (chain, wider) = match found {
            Found::Same(chain) => (chain, false),
            Found::Wider(chain) => (chain, true),
        };
        let hit = chain.rows_at_hand();
        if let (Some(rows), false) = (hit, quiet) {
            waiter.log_hit(&chain.question.url, rows);
        }
        Self {
            holds: holds(table, &step.target),
            small_pages: request.small_pages && !wider,
            step,
            tier: if wider { Tier::Unfiltered } else { tier },
            wider,
            page: None,
            page_number: 0,
            index: 0,
            first: None,
            restarted: false,
            read: 0,
            emitted: 0,
            counting: if wider { Counting::No } else { bound.counting },
            looked_at: false,
            counted: 0,
            last_key: None,
            ahead: None,
            root_id: None,
            is_flat: flat(table, path).is_some(),
            hit: hit.is_some(),
            chain,
        }
    }

    /// True when the first page was there already.
    pub fn is_from_cache(&self) -> bool {
        self.hit
    }

    /// True when the rows come in no order that was asked for, although one is wanted.
    pub fn must_sort(&self, bound: &Bound) -> bool {
        !bound.order.is_empty() && (self.wider || self.tier != Tier::Asked)
    }

    /// Goes to the next page; false behind the last one.
    ///
    /// # Errors
    /// What the request ended with.
    pub fn turn(
        &mut self,
        waiter: &Waiter<'_>,
        table: &'static Table,
        bound: &Bound,
    ) -> Result<bool> {
        if self.take_count() {
            return Ok(true);
        }
        if self.page_number == 1 && self.small_pages {
            self.enlarge_pages(waiter, table, bound);
        }
        let fetch = self.fetch(waiter);
        let loading = loop {
            match self.chain.page(self.page_number, &fetch) {
                Turn::Page(loading, _) => break loading,
                Turn::GoOn(url) => {
                    let question = Question {
                        url,
                        ..self.chain.question.clone()
                    };
                    self.chain = Chain::private(question, Arc::clone(&self.chain.shape));
                    self.page_number = 0;
                }
            }
        };
        let Some(page) = waiter.wait(loading)?? else {
            self.page = None;
            return self.check_hits(table).map(|()| false);
        };
        if self.page_number > 0 {
            self.chain.release(self.page_number - 1);
        }
        self.page_number += 1;
        self.index = 0;
        self.read += page.len() as u64;
        if self.first.is_none() {
            self.first = Some(Arc::clone(&page));
            if self.only_counts(&page) {
                return Ok(true);
            }
            self.learn_root(waiter, table, &page)?;
        } else {
            self.read_next(&fetch);
        }
        self.page = Some(page);
        Ok(true)
    }

    /// Asks for the page behind this one, while SQLite consumes this one. Not behind the first page:
    /// LIMIT is often satisfied by it.
    fn read_next(&mut self, fetch: &crate::cache::Fetch) {
        self.ask_ahead(self.page_number, fetch);
    }

    fn ask_ahead(&mut self, page: usize, fetch: &crate::cache::Fetch) {
        if let Ok(runtime) = runtime::handle()
            && let Some(loading) = self.chain.ahead(page, fetch)
        {
            self.ahead = Some(runtime.spawn(loading).abort_handle());
        }
    }

    fn fetch(&self, waiter: &Waiter<'_>) -> crate::cache::Fetch {
        let target = &self.step.target;
        let posted = target
            .body
            .clone()
            .map(|body| (self.chain.question.url.clone(), body));
        waiter.fetch(&self.chain.shape, self.holds, target.advanced, posted)
    }

    /// Starts the first request without waiting for it.
    pub fn request_first(&mut self, waiter: &Waiter<'_>) {
        let fetch = self.fetch(waiter);
        self.ask_ahead(0, &fetch);
    }

    /// The first page was as small as LIMIT and did not do: read on in large pages, from the start,
    /// the rows given so far being known.
    fn enlarge_pages(&mut self, waiter: &Waiter<'_>, table: &'static Table, bound: &Bound) {
        self.small_pages = false;
        if self.chain.is_whole() {
            return;
        }
        let Place::Path(_) = &self.step.target.place else {
            return;
        };
        let path = self.chain.question.family_path().to_owned();
        let bound = Bound {
            page_hint: None,
            counting: Counting::No,
            ..bound.clone()
        };
        let request = request(waiter, table, &bound, &self.step.target, &path, self.tier);
        let policy = waiter.environment.policy();
        self.chain = cache().start(request.question, request.shape, policy);
        self.page_number = 0;
        self.restarted = true;
        // Its rows come again: `$search` counts its hits, and the order begins anew.
        self.read = 0;
        self.last_key = None;
    }

    /// The next row of the page at hand that satisfies what is checked here.
    pub fn next_in_page(&mut self, table: &'static Table, bound: &Bound) -> Option<Row> {
        if self.counted > 0 {
            self.counted -= 1;
            self.emitted += 1;
            return Some(Row::Counted {
                step: self.step.clone(),
                n: self.emitted - 1,
            });
        }
        let page = self.page.clone()?;
        while self.index < page.len() {
            let index = self.index;
            self.index += 1;
            if !self.is_row(table, &page, index) || !self.holds_all(table, bound, &page, index) {
                continue;
            }
            self.emitted += 1;
            let place = self.read - page.len() as u64 + index as u64;
            return Some(Row::Read {
                page,
                index,
                place,
                shape: Arc::clone(&self.chain.shape),
                step: self.step.clone(),
                fetched: Vec::new(),
            });
        }
        None
    }

    /// False for the root of a tree, which can be had by its id but is no row, and for what is gone.
    fn is_row(&self, table: &Table, page: &Page, index: usize) -> bool {
        let is_gone = |page: &Page| !page.cell(index, self.chain.shape.extra(GONE)).is_null();
        if self.is_flat && is_gone(page) {
            return false;
        }
        if let (Some((_, values)), Holds::Item) = (table.only, self.holds) {
            // Further properties are JSON: a text has its quotes.
            let value = page.cell(index, self.chain.shape.extra(ONLY)).as_text();
            return value.is_none_or(|value| values.contains(&value.trim_matches('"')));
        }
        match table.tree.as_ref().map(|tree| tree.root) {
            Some(Root::Property(_)) => page.cell(index, self.chain.shape.extra(ROOT)).is_null(),
            Some(Root::Path(_)) => {
                self.root_id.is_none() || page.cell(index, ID).as_text() != self.root_id.as_deref()
            }
            None => true,
        }
    }

    fn holds_all(&self, table: &Table, bound: &Bound, page: &Page, index: usize) -> bool {
        let checked = match self.tier {
            Tier::Asked | Tier::Unordered => &bound.enforced,
            Tier::Unfiltered | Tier::Unsized | Tier::Bare => &bound.claimed,
        };
        checked.iter().all(|predicate| {
            let value = match self.chain.shape.cell(predicate.column) {
                Some(cell) => page.cell(index, cell),
                None => &Value::Null,
            };
            predicate.holds(&table.columns[predicate.column], value)
        })
    }

    /// Learns the root's id where an item was asked for by its id and only the root's id tells.
    fn learn_root(
        &mut self,
        waiter: &Waiter<'_>,
        table: &'static Table,
        page: &Page,
    ) -> Result<()> {
        let Some(Root::Path(path)) = table.tree.as_ref().map(|tree| tree.root) else {
            return Ok(());
        };
        if self.holds == Holds::Item && !page.is_empty() {
            let path = path.replace("{owner}", &self.step.target.owner);
            self.root_id = super::place::id_at(waiter, table, &path)?.map(Into::into);
        }
        Ok(())
    }

    /// Switches to counted rows when that is all that was asked for and the number came.
    fn only_counts(&mut self, page: &Page) -> bool {
        if self.counting != Counting::Surely || !self.chain.question.count {
            return false;
        }
        let all_there = page.next.is_none().then_some(page.len() as u64);
        let Some(count) = page.count.or(all_there) else {
            return false;
        };
        self.counting = Counting::No;
        self.counts_only(count);
        true
    }

    /// Switches to counted rows when the first page told how many there are and nobody looked at its
    /// rows; true when there are any.
    fn take_count(&mut self) -> bool {
        let (Counting::Perhaps, Some(first)) = (self.counting, &self.first) else {
            return false;
        };
        self.counting = Counting::No;
        let Some(count) = first.count.filter(|_| !self.looked_at) else {
            return false;
        };
        let further = count.saturating_sub(first.len() as u64);
        if further == 0 {
            return false;
        }
        self.counts_only(further);
        true
    }

    /// Behind counted rows there is no page.
    fn counts_only(&mut self, count: u64) {
        self.counted = count;
        self.page = None;
        self.small_pages = false;
        let question = self.chain.question.clone();
        let done = Chain::private(question, Arc::clone(&self.chain.shape));
        done.close();
        self.chain = done;
        self.page_number = 1;
    }

    /// True when one row and a count were asked for and the count did not come.
    pub fn lacks_count(&self, bound: &Bound) -> bool {
        bound.counting == Counting::Surely
            && !self.wider
            && self
                .first
                .as_ref()
                .is_some_and(|first| first.count.is_none() && first.next.is_some())
    }

    /// A value of the current row was wanted.
    pub fn was_looked_at(&mut self) {
        self.looked_at = true;
    }

    /// True when the page at hand does not continue the order that was asked for.
    pub fn is_out_of_order(&mut self, table: &Table, bound: &Bound) -> bool {
        let ([term], Some(page)) = (bound.order.as_slice(), &self.page) else {
            return false;
        };
        let Some(cell) = self.chain.shape.cell(term.column) else {
            return false;
        };
        let term: Term = *term;
        let mut last = self.last_key.take();
        for index in 0..page.len() {
            let key = page.cell(index, cell);
            if last
                .as_ref()
                .is_some_and(|last| compare(table, term, last, key).is_gt())
            {
                return true;
            }
            last = Some(key.clone());
        }
        self.last_key = last;
        false
    }

    /// The targets below the page's rows.
    pub fn children(&self, table: &'static Table) -> Vec<Step> {
        let (Some(tree), Some(page)) = (&table.tree, &self.page) else {
            return Vec::new();
        };
        if self.step.target.answer != Answer::TopLevel {
            return Vec::new();
        }
        let shape = &self.chain.shape;
        let name = table
            .property(tree.name)
            .and_then(|column| shape.cell(column));
        let mut children = Vec::new();
        for index in 0..page.len() {
            let count = page.cell(index, shape.extra(CHILD_COUNT)).numeric();
            let container =
                tree.container.is_none() || !page.cell(index, shape.extra(CONTAINER)).is_null();
            let Some(id) = page.cell(index, ID).as_text() else {
                continue;
            };
            // Hidden folders below a hidden one are not in its number (Sync Issues).
            let hidden = tree.hidden.is_some()
                && page.cell(index, shape.extra(HIDDEN)).as_text() == Some("true");
            if !container || (matches!(count, Value::Integer(..=0)) && !hidden) {
                continue;
            }
            let path = tree
                .children
                .replace("{owner}", &self.step.target.owner)
                .replace("{key}", &path_segment(id));
            let name = name
                .and_then(|cell| page.cell(index, cell).as_text())
                .unwrap_or_default();
            children.push(Step {
                target: Arc::new(Target {
                    place: Place::Path(path),
                    ..(*self.step.target).clone()
                }),
                above: format!("{}/{name}", self.step.above).into(),
            });
        }
        children
    }

    /// `$search` on mail ends at a number of hits without saying so (FACTS §2.3).
    fn check_hits(&self, table: &Table) -> Result<()> {
        match (table.search, &self.step.target.search) {
            (Some(Search::Kql { hits }), Some(_)) if self.read >= hits as u64 => Err(Error::new(
                Kind::Refused,
                format!("a search gives at most {hits} rows, and this one reached that"),
            )
            .next("Search for more words, or ask for fewer rows with LIMIT")),
            _ => Ok(()),
        }
    }

    /// The first page with its target, when it was just used up and further pages may repeat its rows.
    pub fn used_up_first_page(&self) -> Option<(Step, Arc<Page>)> {
        let first = self.first.as_ref()?;
        let on_first = self
            .page
            .as_ref()
            .is_some_and(|page| Arc::ptr_eq(page, first));
        (on_first && (first.next.is_some() || self.small_pages))
            .then(|| (self.step.clone(), Arc::clone(first)))
    }

    /// True while the first page is read: its rows cannot repeat any.
    pub fn is_on_first_page(&self) -> bool {
        match (&self.page, &self.first) {
            (Some(page), Some(first)) => Arc::ptr_eq(page, first),
            _ => false,
        }
    }

    /// Whose limits count.
    pub fn owner(&self) -> &str {
        &self.step.target.owner
    }

    /// Remembers that the target does not exist.
    pub fn close(&self) {
        self.chain.close();
    }
}
