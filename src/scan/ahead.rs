//! Targets whose first page was asked for before their turn; given up when the scan ends.

use std::collections::HashMap;
use std::sync::Arc;

use super::Step;
use super::fetch::Waiter;
use super::reading::Reading;

/// As many requests as one mailbox takes at once (FACTS §4.1): the target being read has its page when
/// the next ones are asked for.
const PER_OWNER: usize = 4;

/// The targets, by where they stand in memory: two may have the same path.
#[derive(Default)]
pub(super) struct Ahead(HashMap<usize, (Step, Reading)>);

fn place(step: &Step) -> usize {
    Arc::as_ptr(&step.target).addr()
}

impl Ahead {
    /// True when a target may be asked ahead: it is not yet, and neither its owner nor the scan has
    /// as many under way as are allowed.
    pub fn has_room(&self, step: &Step, most: usize) -> bool {
        let of_owner = self
            .0
            .values()
            .filter(|(other, _)| other.target.owner == step.target.owner)
            .count();
        self.0.len() < most && of_owner < PER_OWNER && !self.0.contains_key(&place(step))
    }

    /// Asks for the first page of a target.
    pub fn put(&mut self, step: Step, mut reading: Reading, waiter: &Waiter<'_>) {
        reading.request_first(waiter);
        self.0.insert(place(&step), (step, reading));
    }

    /// The target, if its first page was asked for.
    pub fn take(&mut self, step: &Step) -> Option<Reading> {
        self.0.remove(&place(step)).map(|(_, reading)| reading)
    }
}
