//! What a connection is going to write, and what became of what it wrote: collected while statements run,
//! sent at COMMIT in statement order, each once.
//!
//! Nothing here sends; [`commit`] does.

mod batch;
pub mod commit;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};
use crate::procs::{Arguments, Procedure, Record};
use crate::templates::Edit;
use crate::write::Request;

/// As many outcomes are kept; older ones are forgotten.
const KEPT: usize = 65_536;

/// The writes of one connection.
#[derive(Default)]
pub struct Journal {
    state: Mutex<State>,
    dry_run: AtomicBool,
}

#[derive(Default)]
struct State {
    pending: Vec<Pending>,
    /// Open savepoints, and how many writes were pending when each began.
    marks: Vec<(i32, usize)>,
    outcomes: VecDeque<Outcome>,
    last: u64,
    last_id: Option<String>,
}

/// A write that waits for COMMIT.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Its number on the connection.
    pub seq: u64,
    /// The table.
    pub table: &'static str,
    /// The profile that the table names; `None` for the connection's own tenant.
    pub profile: Option<String>,
    /// INSERT, UPDATE or DELETE.
    pub operation: &'static str,
    /// The key of the row; empty for a new one.
    pub key: String,
    /// What is to be done.
    pub work: Work,
}

impl Pending {
    /// Whether it changes the tenant: some procedures only read.
    pub fn changes(&self) -> bool {
        match &self.work {
            Work::Requests(_) => true,
            Work::Call(procedure, _) => !procedure.reads,
            Work::Template(_) => false,
        }
    }
}

/// What is written to.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The table.
    pub table: &'static str,
    /// The profile that it names; `None` for the connection's own tenant.
    pub profile: Option<&'a str>,
}

impl From<&'static str> for Target<'_> {
    fn from(table: &'static str) -> Self {
        Self {
            table,
            profile: None,
        }
    }
}

/// What a write does.
#[derive(Clone, Debug)]
pub enum Work {
    /// It sends these, one after the other.
    Requests(Vec<Request>),
    /// It calls a procedure.
    Call(&'static Procedure, Arguments),
    /// It changes a template of this user, and nothing in the tenant.
    Template(Edit),
}

impl Work {
    /// The request, where there is exactly one.
    pub fn only_request(&self) -> Option<&Request> {
        match self {
            Self::Requests(requests) => <&[Request; 1]>::try_from(requests.as_slice())
                .ok()
                .map(|[request]| request),
            Self::Call(..) | Self::Template(_) => None,
        }
    }
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Graph did it.
    Done,
    /// Graph refused it, or never saw it.
    Failed,
    /// Nobody knows: the answer was lost.
    Unknown,
    /// It was not sent, because an earlier one showed that it would be in vain, or the user stopped.
    NotSent,
    /// It was only to be shown.
    DryRun,
}

impl Fate {
    /// Its name in `o365_writes`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotSent => "not sent",
            Self::DryRun => "dry run",
        }
    }
}

/// A row of `o365_writes`.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was to be written.
    pub write: Pending,
    /// What became of it.
    pub fate: Fate,
    /// The last HTTP status.
    pub status: Option<u16>,
    /// The id of what was made or moved.
    pub new_id: Option<String>,
    /// Why it failed.
    pub error: Option<Error>,
    /// What a procedure gave.
    pub records: Vec<Record>,
}

impl Journal {
    /// Adds a write, unless the statement already has `most`.
    ///
    /// # Errors
    /// When the statement writes more than that.
    pub fn push(
        &self,
        target: Target<'_>,
        operation: &'static str,
        key: &str,
        work: Work,
        most: usize,
    ) -> Result<()> {
        let mut state = self.state();
        let before = state.marks.last().map_or(0, |(_, length)| *length);
        if state.pending.len() - before.min(state.pending.len()) >= most {
            return Err(Error::usage(format!(
                "the statement would write more than {most} rows, and nothing was sent"
            ))
            .next(format!(
                "If that is meant, raise it: SELECT o365_connect('MaxWrites={}')",
                most.saturating_mul(10)
            ))
            .on(target.table));
        }
        state.last += 1;
        let seq = state.last;
        state.pending.push(Pending {
            seq,
            table: target.table,
            profile: target.profile.map(str::to_owned),
            operation,
            key: key.to_owned(),
            work,
        });
        Ok(())
    }

    /// A savepoint begins.
    pub fn mark(&self, savepoint: i32) {
        let mut state = self.state();
        // Each table of the transaction says so, some of them late.
        if state.marks.iter().all(|(open, _)| *open < savepoint) {
            let length = state.pending.len();
            state.marks.push((savepoint, length));
        }
    }

    /// A savepoint ends, and with it those inside it; its writes stay.
    pub fn release(&self, savepoint: i32) {
        self.state().marks.retain(|(open, _)| *open < savepoint);
    }

    /// Drops what was written since a savepoint began; the savepoint stays open.
    pub fn roll_back_to(&self, savepoint: i32) {
        let mut state = self.state();
        // Of a savepoint that no table of ours saw begin, the first one inside it tells as much: nothing
        // was pending before that.
        let mark = state.marks.iter().find(|(open, _)| *open >= savepoint);
        let length = mark.map_or(0, |(_, length)| *length);
        state.pending.truncate(length);
        state.marks.retain(|(open, _)| *open <= savepoint);
    }

    /// Drops everything that was not sent.
    pub fn clear(&self) {
        let mut state = self.state();
        state.pending.clear();
        state.marks.clear();
    }

    /// How many writes wait.
    pub fn waiting(&self) -> usize {
        self.state().pending.len()
    }

    /// Whether something waits that changes the tenant.
    pub fn changes(&self) -> bool {
        self.state().pending.iter().any(Pending::changes)
    }

    /// Whether what waits needs a connection.
    pub fn needs_connection(&self) -> bool {
        let is_local = |write: &Pending| match &write.work {
            Work::Requests(_) => false,
            Work::Call(procedure, _) => procedure.signs_in(),
            Work::Template(_) => true,
        };
        !self.state().pending.iter().all(is_local)
    }

    /// Takes what waits: from now on it is somebody's to send, once.
    pub fn take(&self) -> Vec<Pending> {
        let mut state = self.state();
        state.marks.clear();
        std::mem::take(&mut state.pending)
    }

    /// A write that is made at once, outside the order of COMMIT.
    pub fn at_once(&self, procedure: &'static Procedure, arguments: Arguments) -> Pending {
        let mut state = self.state();
        state.last += 1;
        Pending {
            seq: state.last,
            table: procedure.name,
            profile: None,
            operation: "CALL",
            key: String::new(),
            work: Work::Call(procedure, arguments),
        }
    }

    /// Notes what became of a write.
    pub fn record(&self, outcome: Outcome) {
        let mut state = self.state();
        if let (Fate::Done, Some(id)) = (outcome.fate, &outcome.new_id) {
            state.last_id = Some(id.clone());
        }
        if state.outcomes.len() == KEPT {
            state.outcomes.pop_front();
        }
        state.outcomes.push_back(outcome);
    }

    /// What was written, and what waits; the oldest first.
    pub fn rows(&self) -> (Vec<Outcome>, Vec<Pending>) {
        let state = self.state();
        (
            state.outcomes.iter().cloned().collect(),
            state.pending.clone(),
        )
    }

    /// The id of what was made last.
    pub fn last_id(&self) -> Option<String> {
        self.state().last_id.clone()
    }

    /// From now on writes are only shown, or sent again.
    pub fn set_dry_run(&self, on: bool) {
        self.dry_run.store(on, Ordering::Relaxed);
    }

    /// Whether writes are only shown.
    pub fn is_dry_run(&self) -> bool {
        self.dry_run.load(Ordering::Relaxed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> Work {
        Work::Requests(Vec::new())
    }

    fn with(journal: &Journal, keys: &[&str]) {
        for key in keys {
            journal
                .push("Messages".into(), "DELETE", key, nothing(), 1_000)
                .expect("room");
        }
    }

    fn keys(journal: &Journal) -> Vec<String> {
        let (_, pending) = journal.rows();
        pending.into_iter().map(|write| write.key).collect()
    }

    #[test]
    fn rolling_back_to_a_savepoint_drops_exactly_what_came_after() {
        let journal = Journal::default();
        with(&journal, &["a"]);
        journal.mark(0);
        with(&journal, &["b"]);
        journal.mark(1);
        // A table that joins late says so again.
        with(&journal, &["c"]);
        journal.mark(1);
        with(&journal, &["d"]);
        journal.roll_back_to(1);
        assert_eq!(keys(&journal), ["a", "b"]);
        with(&journal, &["e"]);
        journal.release(1);
        journal.roll_back_to(0);
        assert_eq!(keys(&journal), ["a"]);
    }

    #[test]
    fn a_savepoint_that_nobody_saw_begin_had_nothing_before_it() {
        let journal = Journal::default();
        journal.mark(2);
        with(&journal, &["a"]);
        journal.roll_back_to(0);
        assert!(keys(&journal).is_empty());
    }

    #[test]
    fn what_was_taken_is_not_there_a_second_time() {
        let journal = Journal::default();
        with(&journal, &["a", "b"]);
        assert_eq!(journal.take().len(), 2);
        assert_eq!(journal.take().len(), 0);
    }

    #[test]
    fn a_statement_has_a_bound_of_its_own() {
        let journal = Journal::default();
        let push = || journal.push("Messages".into(), "DELETE", "x", nothing(), 2);
        assert!(push().is_ok() && push().is_ok() && push().is_err());
        journal.mark(0);
        assert!(push().is_ok() && push().is_ok() && push().is_err());
    }
}
