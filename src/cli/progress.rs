//! What a long statement does meanwhile: one line on the terminal, gone when the statement is done.
//!
//! It stands on standard error, below results that may go to the same terminal: [`clear`] takes it away
//! before anything else is written.

use std::io::{IsTerminal, Write, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::session::Session;
use super::text;
use crate::graph::log::{Log, Progress};

/// Quicker statements show none.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is drawn anew.
const PACE: Duration = Duration::from_millis(200);

static LINE: Mutex<Line> = Mutex::new(Line {
    is_shown: false,
    written: None,
});

struct Line {
    is_shown: bool,
    /// When results were last written to the terminal: who reads them needs no line.
    written: Option<Instant>,
}

/// While this lives, progress is shown.
#[must_use]
pub struct Shown(Option<(Sender<()>, JoinHandle<()>)>);

/// Shows the progress of the statements that follow, where somebody looks.
pub fn show(session: &Session) -> Shown {
    let is_wanted = !session.switches.quiet && !session.tracing;
    show_of(vec![Arc::clone(&session.log)], is_wanted)
}

/// Shows the progress of all these connections together, where it is wanted and somebody looks.
pub fn show_of(logs: Vec<Arc<Log>>, is_wanted: bool) -> Shown {
    Shown((is_wanted && somebody_looks()).then(|| {
        let (sender, ended) = channel();
        let before = together(&logs);
        let begun = Instant::now();
        let thread = std::thread::spawn(move || {
            let mut pause = PATIENCE;
            while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                draw(&words(begun.elapsed(), before, together(&logs)));
                pause = PACE;
            }
        });
        (sender, thread)
    }))
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.0.take() {
            drop(sender);
            // A thread that ended badly has drawn its last line all the same.
            let _ended = thread.join();
            clear();
        }
    }
}

/// Takes the line away, because something else is written to the terminal.
pub fn clear() {
    let mut line = line();
    line.written = Some(Instant::now());
    if line.is_shown {
        line.is_shown = false;
        // Nobody can be told that the terminal is gone.
        let _ = stderr().write_all(b"\r\x1b[K");
    }
}

fn draw(text: &str) {
    let mut line = line();
    let is_read = |written: Instant| written.elapsed() < 2 * PACE;
    if !line.is_shown && line.written.is_some_and(is_read) {
        return;
    }
    line.is_shown = true;
    let _ = write!(stderr(), "\r{text}\x1b[K");
}

fn together(logs: &[Arc<Log>]) -> Progress {
    let all: Vec<Progress> = logs.iter().map(|log| log.progress()).collect();
    Progress {
        requests: all.iter().map(|one| one.requests).sum(),
        rows: all.iter().map(|one| one.rows).sum(),
        wait: all.iter().filter_map(|one| one.wait).max(),
    }
}

fn somebody_looks() -> bool {
    stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn line() -> MutexGuard<'static, Line> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `3 requests, 3,000 rows, 12 s; the service asks to wait 8 s`, in one line of the terminal.
fn words(elapsed: Duration, before: Progress, now: Progress) -> String {
    let mut words = format!(
        "{} requests, {} rows, {} s",
        grouped(now.requests - before.requests),
        grouped(now.rows - before.rows),
        elapsed.as_secs()
    );
    if let Some(wait) = now.wait {
        words.push_str(&format!(
            "; the service asks to wait {} s",
            wait.as_secs() + 1
        ));
    }
    let width = text::terminal_width().unwrap_or(80);
    words.chars().take(width.saturating_sub(1)).collect()
}

/// 1234567 as 1,234,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
