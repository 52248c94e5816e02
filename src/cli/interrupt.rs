//! Ctrl-C ends the running statements; a second one within two seconds ends the process.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{process, thread};

use rusqlite::{Connection, InterruptHandle};

use super::exit::Exit;

static STATE: Mutex<State> = Mutex::new(State {
    running: Vec::new(),
    runs: 0,
    asked: false,
    pressed: None,
    shell: false,
});

struct State {
    /// What to end.
    running: Vec<InterruptHandle>,
    /// Counts the runs, so that a late interrupt does not hit the next one.
    runs: u64,
    /// Ctrl-C was pressed during this run.
    asked: bool,
    /// When Ctrl-C was last pressed during a run.
    pressed: Option<Instant>,
    /// Between statements a shell goes on.
    shell: bool,
}

/// Takes over Ctrl-C; in a shell it never ends the process between statements.
pub fn install(shell: bool) {
    state().shell = shell;
    // Without a handler Ctrl-C ends the process, which is what remains if this fails.
    if let Err(error) = ctrlc::set_handler(pressed) {
        eprintln!("office365: Ctrl-C cannot end single statements here: {error}");
    }
}

/// While this lives, Ctrl-C interrupts the connection's statements.
#[must_use]
pub fn running(db: &Connection) -> Running {
    running_all(&[db])
}

/// While this lives, Ctrl-C interrupts the statements of all these connections.
#[must_use]
pub fn running_all(all: &[&Connection]) -> Running {
    let mut state = state();
    state.running = all.iter().map(|db| db.get_interrupt_handle()).collect();
    state.runs += 1;
    state.asked = false;
    Running
}

/// See [`running`].
pub struct Running;

impl Running {
    /// Ends the run; says whether Ctrl-C was pressed during it.
    pub fn end(self) -> bool {
        state().asked
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        state().running.clear();
    }
}

/// Runs on a thread of its own, so that it may lock and allocate.
fn pressed() {
    const TWICE: Duration = Duration::from_secs(2);
    let mut state = state();
    let again = state.pressed.is_some_and(|before| before.elapsed() < TWICE);
    match state.running.is_empty() {
        false if !again => {
            state.pressed = Some(Instant::now());
            state.asked = true;
            let run = state.runs;
            thread::spawn(move || while interrupted(run) {});
        }
        true if state.shell => {}
        _ => process::exit(i32::from(Exit::Interrupted.code())),
    }
}

/// Interrupts a run, if it is still there; SQLite forgets an interrupt that comes between two
/// statements (sqlite.org/c3ref/interrupt.html), so once is not enough.
fn interrupted(run: u64) -> bool {
    {
        let state = state();
        match &state.running {
            running if state.runs == run && !running.is_empty() => {
                running.iter().for_each(InterruptHandle::interrupt);
            }
            _ => return false,
        }
    }
    thread::sleep(Duration::from_millis(20));
    true
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}
