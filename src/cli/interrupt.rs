//! Ctrl-C ends the running statement; a second one within two seconds ends the process.

use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, InterruptHandle};

use super::exit::Exit;

static STATE: Mutex<State> = Mutex::new(State {
    running: None,
    pressed: None,
    shell: false,
});

struct State {
    /// The statement to end.
    running: Option<InterruptHandle>,
    /// When Ctrl-C was last pressed during a statement.
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

/// While this lives, Ctrl-C interrupts the connection's statement.
#[must_use]
pub fn running(db: &Connection) -> Running {
    state().running = Some(db.get_interrupt_handle());
    Running
}

/// See [`running`].
pub struct Running;

impl Drop for Running {
    fn drop(&mut self) {
        state().running = None;
    }
}

/// Runs on a thread of its own, so that it may lock and allocate.
fn pressed() {
    const TWICE: Duration = Duration::from_secs(2);
    let mut state = state();
    let again = state.pressed.is_some_and(|before| before.elapsed() < TWICE);
    match &state.running {
        Some(statement) if !again => {
            statement.interrupt();
            state.pressed = Some(Instant::now());
        }
        None if state.shell => {}
        _ => process::exit(i32::from(Exit::Interrupted.code())),
    }
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}
