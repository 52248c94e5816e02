//! The lock around the ledger: one request is one step.

use std::sync::{Arc, PoisonError, RwLock};

use super::ledger::Ledger;
use crate::demo::error::Answer;

/// What has been written so far.
#[derive(Default)]
pub struct State(RwLock<Arc<Ledger>>);

impl State {
    /// What a read sees from its beginning to its end, whatever is written meanwhile.
    pub fn seen(&self) -> Arc<Ledger> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A state of its own that begins as this one is now: what is tried out on it, nobody sees.
    pub fn fork(&self) -> State {
        State(RwLock::new(self.seen()))
    }

    /// One write, alone. It gets the ledger as it was and a draft to change; a refused one has changed nothing.
    pub fn write<T>(&self, step: impl FnOnce(&Arc<Ledger>, &mut Ledger) -> Answer<T>) -> Answer<T> {
        // A write that panicked never got to store its draft: what is there is whole.
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut draft = Ledger::clone(&current);
        draft.begin();
        let done = step(&current, &mut draft)?;
        *current = Arc::new(draft);
        Ok(done)
    }
}
