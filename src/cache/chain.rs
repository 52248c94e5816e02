//! The pages of one request, read once for all who want them.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};

use super::cache;
use crate::decode::{Page, Shape};
use crate::error::{Error, Result};
use crate::runtime;

/// A page, or `None` behind the last one.
pub type PageResult = Result<Option<Arc<Page>>>;
/// A page under way, for all who want it.
pub type Loading = Shared<Pin<Box<dyn Future<Output = PageResult> + Send>>>;

/// Fetches and decodes the page at a URL.
pub type Fetch =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<Page>> + Send>> + Send + Sync>;

/// What a chain was read with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// Who asked, what was asked for beside filter, order and columns: the chains that can stand in
    /// for each other.
    pub family: String,
    /// The driver's own `$filter`.
    pub filter: String,
    /// The driver's own `$orderby`.
    pub order: String,
    /// The table's columns that were decoded, ascending.
    pub columns: Vec<usize>,
    /// The `$top` that the pages have.
    pub top: u32,
    /// One row and the number of all: rows are not wanted.
    pub count: bool,
    /// The first page's URL.
    pub url: String,
}

impl Question {
    /// The path that the family shares.
    pub fn family_path(&self) -> &str {
        self.family.lines().next().unwrap_or_default()
    }
}

/// The pages of one request.
pub struct Chain {
    /// What it answers.
    pub question: Question,
    /// Where each column's cell is.
    pub shape: Arc<Shape>,
    born: Instant,
    state: Mutex<State>,
}

struct State {
    pages: Vec<Option<Arc<Page>>>,
    tail: Tail,
    seen: HashSet<String>,
    bytes: usize,
    keeping: Keeping,
    hits: u64,
    /// Narrower questions that could have been answered if all pages had been there.
    missed: u32,
    /// How the newest page was asked for, until the last one came.
    fetch: Option<Fetch>,
}

/// As many narrower questions are asked one by one before the wider answer is read to its end.
const LOOKUPS: u32 = 4;

/// What becomes of pages that were read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// Kept for others.
    Kept,
    /// Too large: nothing is added, and readers go on by themselves.
    Frozen,
    /// One reader's own: pages are dropped when they are used up.
    Private,
}

enum Tail {
    Next(String),
    /// A request made ahead of its use ended so; whoever comes for it gets that.
    Failed(String, Error),
    Loading(Underway),
    Done,
}

/// A request for the next page.
struct Underway {
    link: String,
    loading: WeakShared<Pin<Box<dyn Future<Output = PageResult> + Send>>>,
    /// Somebody waits for it, and hears how it ends.
    awaited: bool,
}

/// What a chain has for a reader.
pub enum Turn {
    /// The page, or a request under way for it; `true` when no new request was made.
    Page(Loading, bool),
    /// The chain stopped growing here: read on from this URL alone.
    GoOn(String),
}

impl Chain {
    pub(super) fn new(question: Question, shape: Arc<Shape>, keeping: Keeping) -> Self {
        let url = question.url.clone();
        Self {
            question,
            shape,
            born: Instant::now(),
            state: Mutex::new(State {
                pages: Vec::new(),
                tail: Tail::Next(url),
                seen: HashSet::new(),
                bytes: 0,
                keeping,
                hits: 0,
                missed: 0,
                fetch: None,
            }),
        }
    }

    /// A chain for one reader, starting at a URL.
    pub fn private(question: Question, shape: Arc<Shape>) -> Arc<Self> {
        Arc::new(Self::new(question, shape, Keeping::Private))
    }

    /// Page number `n`, from 0, for a reader who waits for it.
    pub fn page(self: &Arc<Self>, n: usize, fetch: &Fetch) -> Turn {
        self.turn(n, fetch, true)
    }

    /// A request for page number `n` before anybody needs it, where none is there or under way: how it fails waits
    /// for whoever comes for the page.
    pub fn ahead(self: &Arc<Self>, n: usize, fetch: &Fetch) -> Option<Loading> {
        match self.turn(n, fetch, false) {
            Turn::Page(loading, false) => Some(loading),
            _ => None,
        }
    }

    fn turn(self: &Arc<Self>, n: usize, fetch: &Fetch, awaited: bool) -> Turn {
        let mut state = self.lock();
        if let Some(page) = state.pages.get(n) {
            let page = page.clone();
            return Turn::Page(ready(Ok(page)), true);
        }
        let link = match &mut state.tail {
            Tail::Done => return Turn::Page(ready(Ok(None)), true),
            Tail::Failed(link, error) => {
                let (link, failed) = (link.clone(), ready(Err(error.clone())));
                if awaited {
                    state.tail = Tail::Next(link);
                }
                return Turn::Page(failed, true);
            }
            Tail::Loading(underway) => match underway.loading.upgrade() {
                Some(loading) => {
                    underway.awaited |= awaited;
                    return Turn::Page(loading, true);
                }
                // Whoever asked was interrupted.
                None => underway.link.clone(),
            },
            Tail::Next(link) => link.clone(),
        };
        if state.keeping == Keeping::Frozen {
            return Turn::GoOn(link);
        }
        let chain = Arc::clone(self);
        let (url, fetch) = (link.clone(), Arc::clone(fetch));
        state.fetch = Some(Arc::clone(&fetch));
        let load: Pin<Box<dyn Future<Output = PageResult> + Send>> = Box::pin(async move {
            let outcome = fetch(url.clone()).await;
            chain.settle(url, outcome)
        });
        let shared = load.shared();
        if let Some(loading) = shared.downgrade() {
            state.tail = Tail::Loading(Underway {
                link,
                loading,
                awaited,
            });
        }
        Turn::Page(shared, false)
    }

    /// A narrower question had to be asked because pages are missing here. A join asks one for each
    /// outer row: from the fifth on each one also gets a page of this answer, so that a self-join ends
    /// with about as many requests as the collection has pages, not rows.
    pub(super) fn was_missed(self: &Arc<Self>) {
        let (next, fetch) = {
            let mut state = self.lock();
            state.missed = state.missed.saturating_add(1);
            if state.missed <= LOOKUPS || state.keeping != Keeping::Kept {
                return;
            }
            (state.pages.len(), state.fetch.clone())
        };
        let Some(fetch) = fetch else {
            return;
        };
        if let (Turn::Page(loading, false), Ok(runtime)) =
            (self.page(next, &fetch), runtime::handle())
        {
            runtime.spawn(loading);
        }
    }

    /// Records what came of a request.
    fn settle(&self, url: String, outcome: Result<Page>) -> PageResult {
        let page = match outcome {
            Ok(page) => page,
            Err(error) => {
                // Who waits for it hears it, and the next reader may try again; nothing of this answer is kept.
                let mut state = self.lock();
                state.tail = match &state.tail {
                    Tail::Loading(underway) if !underway.awaited => {
                        Tail::Failed(url, error.clone())
                    }
                    _ => Tail::Next(url),
                };
                let is_useless = state.pages.is_empty() && state.keeping == Keeping::Kept;
                drop(state);
                if is_useless {
                    cache().forget(self);
                }
                return Err(error);
            }
        };
        let mut state = self.lock();
        state.seen.insert(url);
        state.tail = match &page.next {
            // FACTS §2.10: stop only where there is no nextLink; a repeated one would never end.
            Some(next) if state.seen.contains(next) => {
                state.tail = Tail::Next(next.clone());
                return Err(Error::new(
                    crate::error::Kind::Malformed,
                    "the pages of the answer go round in a circle",
                )
                .next("The service repeats a nextLink; report it to whoever runs it"));
            }
            Some(next) => Tail::Next(next.clone()),
            None => Tail::Done,
        };
        if page.next.is_none() {
            state.fetch = None;
        }
        let page = Arc::new(page);
        let size = page.size();
        state.bytes += size;
        state.pages.push(Some(Arc::clone(&page)));
        let kept = state.keeping == Keeping::Kept;
        drop(state);
        if kept {
            cache().grew(self, size);
        }
        Ok(Some(page))
    }

    /// Nobody comes any more for a page that was asked for ahead: how it failed is not for the next statement.
    pub fn forgive(&self) {
        let mut state = self.lock();
        if let Tail::Failed(link, _) = &state.tail {
            state.tail = Tail::Next(link.clone());
        }
    }

    /// Lets go of a page that a private reader has used up.
    pub fn release(&self, n: usize) {
        let mut state = self.lock();
        if state.keeping == Keeping::Private
            && let Some(page) = state.pages.get_mut(n)
            && let Some(page) = page.take()
        {
            state.bytes -= page.size();
        }
    }

    /// Marks a collection that does not exist as read whole, without rows.
    pub fn close(&self) {
        self.lock().tail = Tail::Done;
    }

    /// True when every page was read.
    pub fn is_whole(&self) -> bool {
        matches!(self.lock().tail, Tail::Done)
    }

    /// The rows read so far, if any page was.
    pub fn rows_at_hand(&self) -> Option<usize> {
        let state = self.lock();
        let read = !state.pages.is_empty() || matches!(state.tail, Tail::Done);
        drop(state);
        read.then(|| self.rows())
    }

    /// Stops keeping what is read from here on.
    pub(super) fn freeze(&self) {
        self.lock().keeping = Keeping::Frozen;
    }

    /// Counts one more scan that uses it.
    pub(super) fn used(&self) {
        self.lock().hits += 1;
    }

    /// How many scans used it after the first.
    pub(super) fn hits(&self) -> u64 {
        self.lock().hits
    }

    /// Memory taken.
    pub(super) fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// Time since the first request.
    pub(super) fn age(&self) -> Duration {
        self.born.elapsed()
    }

    /// Rows read so far.
    pub(super) fn rows(&self) -> usize {
        self.lock()
            .pages
            .iter()
            .flatten()
            .map(|page| page.len())
            .sum()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ready(result: PageResult) -> Loading {
    let future: Pin<Box<dyn Future<Output = PageResult> + Send>> =
        Box::pin(std::future::ready(result));
    future.shared()
}
