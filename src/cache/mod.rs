//! The result cache: collections read so far, shared by all connections of one identity.
//!
//! What is kept is a [`Chain`]: the pages of one request in their order, and where the next one is. A
//! chain that was read in part is continued, never taken for whole; one request is made once however
//! many scans want its page. A chain with more columns, or a whole one that was filtered by less,
//! answers a narrower question.

mod chain;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lru::LruCache;

use crate::decode::Shape;
use crate::odata::conjuncts;

use chain::Keeping;
pub use chain::{Chain, Fetch, Question, Turn};

/// How long and how much a connection lets the cache keep.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Zero keeps nothing.
    pub ttl: Duration,
    /// In bytes, over all identities.
    pub size: usize,
}

impl Policy {
    /// True when nothing is kept.
    pub fn is_off(self) -> bool {
        self.ttl.is_zero() || self.size == 0
    }
}

/// A row of `o365_cache`.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The first page's URL.
    pub url: String,
    /// Rows read.
    pub rows: usize,
    /// Memory taken.
    pub bytes: usize,
    /// Since the first request.
    pub age: Duration,
    /// Every page was read.
    pub whole: bool,
    /// How often another scan used it.
    pub hits: u64,
}

/// The chains that are kept.
pub struct Cache {
    inner: Mutex<Inner>,
}

struct Inner {
    chains: LruCache<Question, Arc<Chain>>,
    families: HashMap<String, Vec<Question>>,
    bytes: usize,
    size: usize,
}

/// The cache of this process.
pub fn cache() -> &'static Cache {
    static CACHE: std::sync::OnceLock<Cache> = std::sync::OnceLock::new();
    CACHE.get_or_init(|| Cache {
        inner: Mutex::new(Inner {
            chains: LruCache::unbounded(),
            families: HashMap::new(),
            bytes: 0,
            size: 0,
        }),
    })
}

/// A chain, and what a scan can do with it.
pub enum Found {
    /// The same filter and order, or new: read it as if it were its own.
    Same(Arc<Chain>),
    /// Whole and filtered by no more: check and sort its rows.
    Wider(Arc<Chain>),
}

impl Cache {
    /// A chain that can answer `question`, or a new one; looking and starting are one step, so that two
    /// scans that ask at once read one chain. `local` are the columns needed to check and sort rows
    /// without Graph's help, `hint` the rows that will do.
    pub fn open(
        &self,
        question: Question,
        shape: Arc<Shape>,
        local: &[usize],
        hint: Option<u64>,
        policy: Policy,
    ) -> Found {
        if policy.is_off() {
            return Found::Same(Chain::private(question, shape));
        }
        let mut inner = self.lock();
        inner.drop_older(&question.family, policy.ttl);
        let (found, growing) = inner.find(&question, local, hint);
        let found = found.unwrap_or_else(|| Found::Same(inner.start(question, shape, policy)));
        drop(inner);
        if let Some(chain) = growing {
            chain.was_missed();
        }
        found
    }

    /// A new chain, whatever is kept for the same question.
    pub fn start(&self, question: Question, shape: Arc<Shape>, policy: Policy) -> Arc<Chain> {
        if policy.is_off() {
            return Chain::private(question, shape);
        }
        self.lock().start(question, shape, policy)
    }

    /// Counts what a chain has grown by, and makes room.
    fn grew(&self, chain: &Chain, size: usize) {
        let mut inner = self.lock();
        let is_kept = inner
            .chains
            .peek(&chain.question)
            .is_some_and(|kept| std::ptr::eq(Arc::as_ptr(kept), chain));
        if !is_kept {
            // Evicted while it was read: let it grow no further.
            drop(inner);
            chain.freeze();
            return;
        }
        inner.bytes += size;
        if chain.bytes() > inner.size / 4 {
            inner.remove(&chain.question);
            chain.freeze();
        }
        while inner.bytes > inner.size {
            let Some((question, _)) = inner.chains.peek_lru() else {
                break;
            };
            let question = question.clone();
            inner.remove(&question);
        }
    }

    /// Forgets a chain whose first request failed: a simpler one must not be taken for it.
    fn forget(&self, chain: &Chain) {
        let mut inner = self.lock();
        let kept = inner.chains.peek(&chain.question);
        if kept.is_some_and(|kept| std::ptr::eq(Arc::as_ptr(kept), chain)) {
            inner.remove(&chain.question);
        }
    }

    /// Forgets what was read at the paths, below the version, that `is_old` names.
    pub fn forget_where(&self, is_old: impl Fn(&str) -> bool) {
        let mut inner = self.lock();
        let old: Vec<Question> = inner
            .chains
            .iter()
            .map(|(question, _)| question)
            .filter(|question| is_old(question.family_path()))
            .cloned()
            .collect();
        for question in old {
            inner.remove(&question);
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let mut inner = self.lock();
        inner.chains.clear();
        inner.families.clear();
        inner.bytes = 0;
    }

    /// What is kept, last used first.
    pub fn list(&self) -> Vec<Listed> {
        let inner = self.lock();
        inner
            .chains
            .iter()
            .map(|(question, chain)| Listed {
                url: question.url.clone(),
                rows: chain.rows(),
                bytes: chain.bytes(),
                age: chain.age(),
                whole: chain.is_whole(),
                hits: chain.hits(),
            })
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// True when every row that `filter` keeps is kept by `candidate` too: it asks for a part of the same
/// terms. A self-join asks the inner table for the outer one's terms and one more.
fn is_wider(candidate: &str, filter: &str) -> bool {
    let terms = conjuncts(filter);
    conjuncts(candidate).iter().all(|term| terms.contains(term))
}

impl Inner {
    fn drop_older(&mut self, family: &str, ttl: Duration) {
        let old: Vec<Question> = self
            .families
            .get(family)
            .into_iter()
            .flatten()
            .filter(|question| {
                self.chains
                    .peek(question)
                    .is_none_or(|chain| chain.age() >= ttl)
            })
            .cloned()
            .collect();
        for question in old {
            self.remove(&question);
        }
    }

    /// A chain that can answer `question`; else one that could if it were whole, if there is one.
    fn find(
        &mut self,
        question: &Question,
        local: &[usize],
        hint: Option<u64>,
    ) -> (Option<Found>, Option<Arc<Chain>>) {
        let family = match self.families.get(&question.family) {
            Some(family) => family.clone(),
            None => return (None, None),
        };
        let has = |chain: &Chain, columns: &[usize]| {
            columns
                .iter()
                .all(|column| chain.question.columns.binary_search(column).is_ok())
        };
        let mut growing = None;
        for candidate in &family {
            let Some(chain) = self.chains.peek(candidate).cloned() else {
                continue;
            };
            let whole = chain.is_whole();
            let is_wider = is_wider(&candidate.filter, &question.filter)
                && has(&chain, &question.columns)
                && has(&chain, local);
            let same = candidate.filter == question.filter && candidate.order == question.order;
            // Small pages are no start for a long scan.
            // Whoever asks without a page size was refused with one.
            let sized = question.top > 0 || candidate.top == 0;
            let fits = whole || (candidate.count == question.count && sized);
            let long_enough = whole
                || candidate.top >= question.top
                || hint.is_some_and(|hint| hint <= chain.rows() as u64);
            let found = if same && fits && long_enough && has(&chain, &question.columns) {
                Found::Same(Arc::clone(&chain))
            } else if whole && is_wider {
                Found::Wider(Arc::clone(&chain))
            } else {
                if is_wider && candidate.top >= question.top {
                    growing = Some(chain);
                }
                continue;
            };
            self.chains.promote(candidate);
            chain.used();
            return (Some(found), None);
        }
        (None, growing)
    }

    fn start(&mut self, question: Question, shape: Arc<Shape>, policy: Policy) -> Arc<Chain> {
        let chain = Arc::new(Chain::new(question.clone(), shape, Keeping::Kept));
        self.size = self.size.max(policy.size);
        self.remove(&question);
        self.families
            .entry(question.family.clone())
            .or_default()
            .push(question.clone());
        self.chains.push(question, Arc::clone(&chain));
        chain
    }

    fn remove(&mut self, question: &Question) {
        if let Some(chain) = self.chains.pop(question) {
            self.bytes = self.bytes.saturating_sub(chain.bytes());
        }
        if let Some(family) = self.families.get_mut(&question.family) {
            family.retain(|other| other != question);
            if family.is_empty() {
                self.families.remove(&question.family);
            }
        }
    }
}
