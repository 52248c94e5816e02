//! What was asked of Graph on one connection: the last requests, for `o365_requests` and `--trace`.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::private_file;

/// The newest requests are kept, older ones forgotten.
const KEPT: usize = 4_096;

/// One request, its retries included, or one answer from the cache.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Counts from 1 on each connection.
    pub seq: u64,
    /// When it began.
    pub started: chrono::DateTime<chrono::Utc>,
    /// The HTTP method.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// The last HTTP status; `None` without an answer, and from the cache.
    pub status: Option<u16>,
    /// How often it was sent.
    pub attempts: u32,
    /// Time spent waiting because the service asked for it.
    pub waited: Duration,
    /// From the first try to the last byte.
    pub elapsed: Duration,
    /// Of the body, after decompression.
    pub bytes: u64,
    /// In the answer.
    pub rows: u64,
    /// `miss`, `hit` or `off`.
    pub cache: &'static str,
    /// Graph's `request-id`.
    pub request_id: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
}

/// The log of one connection.
#[derive(Default)]
pub struct Log {
    state: Mutex<State>,
}

/// How far things are, since the connection began.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Requests that were answered or given up.
    pub requests: u64,
    /// Rows in their answers.
    pub rows: u64,
    /// How long the service asked to wait, from now.
    pub wait: Option<Duration>,
}

#[derive(Default)]
struct State {
    entries: VecDeque<Entry>,
    last: u64,
    progress: Progress,
    /// The service asked for silence until then.
    silent_until: Option<Instant>,
    tracing: bool,
    /// Where lines also go, and its name.
    file: Option<(String, File)>,
}

impl Log {
    /// Adds an entry, numbering it; prints it on stderr when tracing is on.
    pub fn push(&self, mut entry: Entry) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last += 1;
        entry.seq = state.last;
        if entry.cache != "hit" {
            state.progress.requests += 1;
            state.progress.rows += entry.rows;
        }
        if state.tracing {
            eprintln!("{}", line(&entry));
        }
        if let Some((_, file)) = &mut state.file {
            let at = entry.started.format("%Y-%m-%dT%H:%M:%S%.3fZ");
            // A statement does not fail because the disk is full.
            let _ = writeln!(file, "{at} {}", line(&entry));
        }
        if state.entries.len() == KEPT {
            state.entries.pop_front();
        }
        state.entries.push_back(entry);
    }

    /// A request waits so long before it is tried again.
    pub fn waits(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.silent_until = state.silent_until.max(Some(until));
    }

    /// How far things are.
    pub fn progress(&self) -> Progress {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = state
            .silent_until
            .map(|until| until.saturating_duration_since(Instant::now()))
            .filter(|wait| !wait.is_zero());
        Progress {
            wait,
            ..state.progress
        }
    }

    /// The entries kept, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.entries.iter().cloned().collect()
    }

    /// Appends each further request to a file, which is made if it is not there; `None` ends that.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub fn keep_in(&self, path: Option<&str>) -> Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.file.as_ref().map(|(name, _)| name.as_str()) == path {
            return Ok(());
        }
        state.file = None;
        if let Some(path) = path {
            let file = private_file::append(Path::new(path)).map_err(|error| {
                Error::usage(format!("Logfile {path} cannot be written: {error}"))
                    .next("name a file in a folder that you may write to")
            })?;
            state.file = Some((path.to_owned(), file));
        }
        Ok(())
    }

    /// Prints each further request on stderr.
    pub fn trace(&self, on: bool) {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .tracing = on;
    }
}

/// `GET url → 200, 5 rows, 12 ms, cache miss`.
fn line(entry: &Entry) -> String {
    let mut facts = Vec::new();
    facts.extend(entry.status.map(|status| status.to_string()));
    facts.push(format!("{} rows", entry.rows));
    facts.push(format!("{} ms", entry.elapsed.as_millis()));
    if !entry.waited.is_zero() {
        facts.push(format!("waited {} ms", entry.waited.as_millis()));
    }
    facts.push(format!("cache {}", entry.cache));
    if entry.attempts > 1 {
        facts.push(format!("{} attempts", entry.attempts));
    }
    facts.extend(entry.error.clone());
    format!("{} {} → {}", entry.method, entry.url, facts.join(", "))
}
