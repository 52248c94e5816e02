//! How many requests may be under way: at most four per mailbox (FACTS §4.1), and a bound over all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Exchange runs four requests of an application at once on one mailbox and throttles the fifth.
const PER_MAILBOX: usize = 4;

/// The bounds of one identity.
pub struct Limits {
    overall: Arc<Semaphore>,
    mailboxes: Mutex<HashMap<String, Mailbox>>,
}

struct Mailbox {
    slots: Arc<Semaphore>,
    /// The service asked for silence until then.
    not_before: Option<Instant>,
}

/// Held while a request is under way.
pub struct Slot {
    _overall: OwnedSemaphorePermit,
    _mailbox: OwnedSemaphorePermit,
}

impl Limits {
    /// Bounds with `overall` requests at once.
    pub fn new(overall: usize) -> Self {
        Self {
            overall: Arc::new(Semaphore::new(overall)),
            mailboxes: Mutex::new(HashMap::new()),
        }
    }

    /// Waits for a place among the requests of a mailbox (or whatever else `owner` names).
    pub async fn slot(&self, owner: &str) -> Option<Slot> {
        loop {
            let (slots, pause) = self.mailbox(owner);
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => {
                    let _mailbox = slots.acquire_owned().await.ok()?;
                    let _overall = Arc::clone(&self.overall).acquire_owned().await.ok()?;
                    return Some(Slot { _overall, _mailbox });
                }
            }
        }
    }

    /// Keeps everybody off a mailbox for a time: whoever asked next would be throttled too.
    pub fn pause(&self, owner: &str, wait: Duration) {
        let until = Instant::now() + wait;
        let mut mailboxes = self
            .mailboxes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mailbox = mailboxes
            .entry(owner.to_owned())
            .or_insert_with(new_mailbox);
        mailbox.not_before = mailbox.not_before.max(Some(until));
    }

    fn mailbox(&self, owner: &str) -> (Arc<Semaphore>, Option<Duration>) {
        let mut mailboxes = self
            .mailboxes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mailbox = mailboxes
            .entry(owner.to_owned())
            .or_insert_with(new_mailbox);
        let pause = mailbox
            .not_before
            .map(|until| until.saturating_duration_since(Instant::now()))
            .filter(|pause| !pause.is_zero());
        (Arc::clone(&mailbox.slots), pause)
    }
}

fn new_mailbox() -> Mailbox {
    Mailbox {
        slots: Arc::new(Semaphore::new(PER_MAILBOX)),
        not_before: None,
    }
}
