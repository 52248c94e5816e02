//! The worker threads that requests run on, and how SQLite's thread waits for them.
//!
//! Made at the first request, never at load; made again in a forked child, where the threads of the
//! parent do not exist (a runtime that outlives a fork hangs for ever).

use std::cell::Cell;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Error, Kind, Result};

/// How often a waiting statement looks whether it was interrupted.
const POLL: Duration = Duration::from_millis(20);

/// A handle to the process's runtime.
///
/// # Errors
/// When the operating system gives no threads.
pub fn handle() -> Result<Handle> {
    static RUNTIME: Mutex<Option<(u32, Runtime)>> = Mutex::new(None);
    let pid = std::process::id();
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((owner, runtime)) = runtime.as_ref()
        && *owner == pid
    {
        return Ok(runtime.handle().clone());
    }
    let made = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("office365")
        .enable_all()
        .build()
        .map_err(|error| {
            Error::new(
                Kind::Internal,
                format!("no threads for requests could be started: {error}"),
            )
        })?;
    let handle = made.handle().clone();
    // A parent's runtime must not be dropped in the child: it would wait for threads that are not there.
    std::mem::forget(runtime.replace((pid, made)));
    Ok(handle)
}

/// Runs a future on the runtime and waits for it, ending early when `interrupted` says so.
///
/// # Errors
/// [`Kind::Interrupted`], or a panic of the future as [`Kind::Internal`].
pub fn wait<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
    interrupted: &dyn Fn() -> bool,
) -> Result<T> {
    let (sender, receiver) = sync_channel(1);
    let task = handle()?.spawn(async move {
        // The receiver is gone after an interrupt: nobody wants the value then.
        let _ = sender.send(future.await);
    });
    loop {
        match receiver.recv_timeout(POLL) {
            Ok(value) => return Ok(value),
            Err(RecvTimeoutError::Timeout) if interrupted() => {
                task.abort();
                return Err(Error::new(Kind::Interrupted, "interrupted"));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(
                    Error::new(Kind::Internal, "a request ended without an answer")
                        .next("please report it"),
                );
            }
        }
    }
}

/// Runs a future on the runtime to its end. Once `interrupted` says so, `stop` is set, so that the future
/// begins nothing new, and it gets `grace` to end by itself.
///
/// # Errors
/// [`Kind::Interrupted`] when it did not end in that time, or a panic of the future as [`Kind::Internal`].
pub fn finish<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
    interrupted: &dyn Fn() -> bool,
    stop: &AtomicBool,
    grace: Duration,
) -> Result<T> {
    let deadline: Cell<Option<Instant>> = Cell::new(None);
    wait(future, &|| match deadline.get() {
        Some(deadline) => Instant::now() >= deadline,
        None => {
            if interrupted() {
                stop.store(true, Ordering::Relaxed);
                deadline.set(Some(Instant::now() + grace));
            }
            false
        }
    })
}
