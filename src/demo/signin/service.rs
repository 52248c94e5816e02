//! The sign-in service of one tenant: its options and the little that it has to remember.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::device::Device;
use super::options::SignInOptions;

/// One for each tenant; its clones share it.
#[derive(Default)]
pub struct Service {
    /// How it behaves.
    pub options: SignInOptions,
    /// When it began, in seconds since 1970.
    pub born: i64,
    memory: Mutex<Memory>,
    /// What the clock of this service is ahead of the machine's.
    ahead: Mutex<Duration>,
}

/// What no seal can say: what happened already.
#[derive(Default)]
pub struct Memory {
    /// The `jti` of each assertion that was taken, with its application.
    pub assertions: HashSet<(String, String)>,
    /// Authorization codes that were redeemed.
    pub redeemed: HashSet<String>,
    /// Devices that wait, by the code that people type.
    pub devices: HashMap<String, Device>,
    /// Refresh tokens that were used.
    pub refreshed: HashSet<String>,
    /// Applications that answered the claims challenge without a user.
    pub answered: HashSet<String>,
}

impl Service {
    /// A service that remembers nothing yet.
    pub fn new(options: SignInOptions) -> Service {
        let mut service = Service {
            options,
            ..Service::default()
        };
        service.born = service.now();
        service
    }

    /// The memory, for a moment.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seconds since 1970: only the lifetimes of what is given out look at the clock.
    pub fn now(&self) -> i64 {
        self.clock().as_secs() as i64
    }

    /// The time since 1970.
    pub fn clock(&self) -> Duration {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.unwrap_or_default() + *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seconds that an access token lives.
    pub fn lifetime(&self) -> i64 {
        self.options.token_lifetime.map_or(3_600, i64::from)
    }

    /// Lets time pass, for tests.
    pub fn wait(&self, seconds: u64) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) += Duration::from_secs(seconds);
    }
}
