//! Change notifications leave the tenant when it runs behind a socket (FACTS 3.5): subscribers are validated, told of what was written, and told about their subscriptions.
//!
//! The server asks the [`Courier`] twice. Before a request it shakes [hands](handshake) with the addresses that the request names, without holding any lock, and lets the request know the outcome ([`validation`]). After it the courier compares the ledger with the one that it saw last: whatever changed, by whichever request, gives occasion to [letters](letter). What a letter says of each kind of thing stands with that thing (`mail::news`, `directory::news` …). [`lifecycle`] has the address by which a test makes lifecycle events happen.
//!
//! A tenant within a process has nobody to send from: subscriptions are made without a handshake there, and nothing is sent.

pub mod address;
mod handshake;
pub mod letter;
pub mod lifecycle;
pub mod news;
mod sender;
#[cfg(test)]
mod tests;
pub mod validation;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;

use self::letter::{Letter, bodies, letters};
use self::sender::Sender;
use self::validation::Validation;
use super::Tenant;
use super::subscriptions::live;
use super::write::ledger::Ledger;

/// How the server sends notifications.
#[derive(Debug, Clone)]
pub struct Notifications {
    /// To any address. Otherwise to those of this machine only: nobody should be able to make a demo server post to other people's.
    pub anywhere: bool,
    /// Each twice, as Graph sometimes does.
    pub twice: bool,
    /// How long a subscriber may take to answer: ten seconds (FACTS 3.5).
    pub patience: Duration,
    /// The pause before what was not taken is sent again; it doubles each time.
    pub pause: Duration,
}

impl Default for Notifications {
    fn default() -> Notifications {
        Notifications {
            anywhere: false,
            twice: false,
            patience: Duration::from_secs(10),
            pause: Duration::from_secs(1),
        }
    }
}

/// How often a notification is sent before it is given up, and for how long: Graph goes on for four hours (FACTS 3.5), which nobody would wait for here.
const TRIES: u32 = 6;
const LONGEST: Duration = Duration::from_secs(60);

/// Who brings notifications to the subscribers of one tenant.
pub struct Courier {
    options: Notifications,
    sender: Sender,
    /// What was told already.
    told: Mutex<Arc<Ledger>>,
    gaps: Mutex<HashMap<String, Gap>>,
}

/// What one subscription misses.
#[derive(Debug, Clone, Copy, Default)]
struct Gap {
    /// What is still under way of the writes up to this one.
    until: u64,
    /// The next of its notifications, too.
    next: bool,
}

impl Courier {
    /// For a tenant to which nothing was written. The certificate is one that subscribers may have too.
    pub fn new(options: Notifications, certificate: Option<String>) -> Courier {
        Courier {
            sender: Sender::new(options.anywhere, options.patience, certificate),
            options,
            told: Mutex::default(),
            gaps: Mutex::default(),
        }
    }

    /// What a request has to know of the addresses that it names.
    pub async fn validate(&self, tenant: &Tenant, request: &Request<Bytes>) -> Validation {
        let urls = handshake::whom_to_ask(tenant, request);
        handshake::ask(&self.sender, urls).await
    }

    /// Sends what was written since the last look.
    pub fn look(self: &Arc<Courier>, tenant: &Tenant) {
        let now = tenant.state.seen();
        let before = std::mem::replace(&mut *lock(&self.told), now.clone());
        for (url, letters) in letters(tenant, &before, &now) {
            let (missed, letters) = self.without_gaps(letters);
            for id in missed {
                lifecycle::tell_missed(self, tenant, &id);
            }
            self.send(tenant, url, letters);
        }
    }

    /// Has letters brought to an address; nobody waits for it.
    fn send(self: &Arc<Courier>, tenant: &Tenant, url: String, letters: Vec<Letter>) {
        let (courier, tenant) = (self.clone(), tenant.clone());
        tokio::spawn(async move {
            let times = if courier.options.twice { 2 } else { 1 };
            for _ in 0..times {
                courier.bring(&tenant, &url, &letters).await;
            }
        });
    }

    /// Posts until the subscriber takes it. What another write has to tell does not wait for that, so that order is not kept: neither does Graph keep it.
    async fn bring(&self, tenant: &Tenant, url: &str, letters: &[Letter]) {
        let begun = Instant::now();
        let mut pause = self.options.pause;
        for _ in 0..TRIES {
            let due = self.due(tenant, letters);
            if self.is_taken(url, &due).await || begun.elapsed() > LONGEST {
                return;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    async fn is_taken(&self, url: &str, letters: &[&Letter]) -> bool {
        for body in bodies(letters) {
            let told = self
                .sender
                .post(url, "application/json; charset=utf-8", body);
            if !told
                .await
                .is_ok_and(|told| (200..300).contains(&told.status))
            {
                return false;
            }
        }
        true
    }

    /// What is still to be told: nothing for subscriptions that are over, gone or waiting, and nothing that is to be missed.
    fn due<'l>(&self, tenant: &Tenant, letters: &'l [Letter]) -> Vec<&'l Letter> {
        let ledger = tenant.state.seen();
        let live = live::all(tenant, &ledger).into_iter();
        let live: HashSet<String> = live
            .filter(|live| !live.paused)
            .map(|live| live.id)
            .collect();
        let gaps = lock(&self.gaps);
        let is_due = |letter: &&Letter| {
            let until = gaps.get(&letter.subscription).map_or(0, |gap| gap.until);
            let is_news = |revision| revision > until && live.contains(&letter.subscription);
            letter.revision.is_none_or(is_news)
        };
        letters.iter().filter(is_due).collect()
    }

    /// From now on a subscription misses what is under way, and the next write that it would hear of.
    fn miss(&self, tenant: &Tenant, subscription: &str) {
        let gap = Gap {
            until: tenant.state.seen().writes(),
            next: true,
        };
        lock(&self.gaps).insert(subscription.to_string(), gap);
    }

    /// Takes out what is to be missed; the subscriptions that missed something.
    fn without_gaps(&self, letters: Vec<Letter>) -> (HashSet<String>, Vec<Letter>) {
        let mut gaps = lock(&self.gaps);
        let missed: HashSet<String> = letters
            .iter()
            .filter(|letter| gaps.get(&letter.subscription).is_some_and(|gap| gap.next))
            .map(|letter| letter.subscription.clone())
            .collect();
        for (_, gap) in gaps.iter_mut().filter(|(id, _)| missed.contains(*id)) {
            gap.next = false;
        }
        let rest = letters.into_iter();
        let rest = rest.filter(|letter| !missed.contains(&letter.subscription));
        (missed.clone(), rest.collect())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
