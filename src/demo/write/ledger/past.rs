//! The ledger as it was: each entry keeps what was known before, so that a delta round can compare two moments and show the state of its own from the first page to the last.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Entry, Ledger, Shelf};

impl Ledger {
    /// The ledger as it was after a write.
    pub fn at(&self, revision: u64) -> Ledger {
        if revision >= self.writes {
            return self.clone();
        }
        let shelves = self.shelves.iter();
        Ledger {
            shelves: shelves
                .map(|(name, shelf)| (name.clone(), Shelf::at(shelf, revision)))
                .collect(),
            writes: revision,
            ..self.clone()
        }
    }
}

impl Shelf {
    fn at(now: &Arc<Shelf>, revision: u64) -> Arc<Shelf> {
        if now.since(revision).next().is_none() {
            return now.clone();
        }
        let (mut entries, mut arrivals) = (BTreeMap::new(), Vec::new());
        for (key, entry) in &now.entries {
            let mut known = Entry::until(entry, revision).rev();
            let Some(last) = known.next() else { continue };
            entries.insert(key.clone(), last.clone());
            if let Some(home) = &last.home {
                let same = known.take_while(|before| before.home == last.home);
                let arrived = same.last().unwrap_or(last).revision;
                arrivals.push((arrived, home.clone(), key.clone()));
            }
        }
        arrivals.sort();
        let mut homes: BTreeMap<Arc<str>, Vec<Arc<str>>> = BTreeMap::new();
        for (_, home, key) in arrivals {
            homes.entry(home).or_default().push(key);
        }
        Arc::new(Shelf { entries, homes })
    }
}

impl Entry {
    /// Keeps what was known before a write that is about to change it.
    pub(super) fn remember(&mut self, revision: u64) {
        if self.revision < revision {
            let past = std::mem::take(&mut self.past);
            let before = Arc::new(self.clone());
            self.past = past;
            self.past.push(before);
        }
    }

    /// What was known after each write up to one, the oldest first.
    fn until(entry: &Arc<Entry>, revision: u64) -> impl DoubleEndedIterator<Item = &Arc<Entry>> {
        let all = entry.past.iter().chain([entry]);
        all.filter(move |entry| entry.revision <= revision)
    }
}
