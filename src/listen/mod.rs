//! Change notifications: subscriptions that are kept alive, an address that hears, and what is done with what it
//! heard.

pub mod book;
mod notification;
pub mod receiver;
pub mod subscriptions;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use book::{Book, Subscription, Waiting};
use receiver::{Receiver, Refused};
use subscriptions::{Keeper, Wanted};

use crate::cache::cache;
use crate::catalog::notified::Notified;
use crate::catalog::{self, Table};
use crate::error::{Error, Kind, Result};
use crate::private_file;
use crate::sync::{Done, Sync, copy, written};

/// A burst is one round: so long is waited for more of it.
const GATHERING: Duration = Duration::from_millis(500);
/// How long until what failed is tried again.
const AGAIN: Duration = Duration::from_secs(60);
/// How often new mailboxes and lists are looked for.
const PLANNING: Duration = Duration::from_secs(6 * 60 * 60);
/// The longest time between two looks at what ends soon.
const LOOK: Duration = Duration::from_secs(5);

/// What a listener tells while it runs.
#[derive(Debug)]
pub enum Event {
    /// A resource is watched, until then.
    Subscribed(String, String),
    /// It is watched for longer, until then.
    Renewed(String, String),
    /// The service refuses a subscription; it is tried again.
    Refused(String, Error),
    /// A copy of a table was brought up to date.
    Copied(&'static Table, String, Done),
    /// A copy could not be brought up to date; it is tried again.
    Stale(&'static Table, String, Error),
    /// Requests came that are none of ours.
    Strange(Refused),
    /// A notification was not acted on, because a listener was ended while it was.
    GivenUp(usize),
}

/// What is done with a notification of a change; what it fails with is written down.
pub type Act<'a> = &'a mut dyn FnMut(&Waiting) -> std::result::Result<(), String>;

/// How a listener runs.
pub struct Options<'a> {
    /// The file of the copy.
    pub file: &'a Path,
    /// The connection's properties.
    pub properties: &'a str,
    /// What is watched.
    pub wanted: Wanted,
    /// Where it hears.
    pub bind: SocketAddr,
    /// How long notifications are kept.
    pub keep: Duration,
    /// How often everything is brought up to date though nothing was heard.
    pub every: Option<Duration>,
}

/// A listener.
pub struct Listener {
    /// The copy.
    pub sync: Sync,
    /// The subscriptions.
    pub keeper: Keeper,
    book: Arc<Book>,
    receiver: Receiver,
    lock: File,
    keep: Duration,
    every: Option<Duration>,
    /// Tables of mailboxes to be brought up to date, and from when on.
    due: BTreeMap<(String, String), Instant>,
    /// When it is looked next what there is to be watched.
    plan_at: Option<Instant>,
    swept: Option<Instant>,
}

impl Listener {
    /// Opens the file, and hears from now on; nothing is subscribed to yet.
    ///
    /// # Errors
    /// A file that cannot be written, an address that is taken, a property that is wrong.
    pub fn open(options: Options<'_>) -> Result<Self> {
        let sync = Sync::open(options.file, options.properties)?;
        let book = Arc::new(Book::open(options.file).map_err(|error| trouble(&error))?);
        let lock = private_file::lock_file(options.file)
            .map_err(|error| Error::usage(format!("{}: {error}", options.file.display())))?;
        Ok(Self {
            sync,
            keeper: Keeper::new(options.properties, options.wanted)?,
            receiver: Receiver::start(options.bind, Arc::clone(&book))?,
            book,
            lock,
            keep: options.keep,
            every: options.every,
            due: BTreeMap::new(),
            plan_at: None,
            swept: None,
        })
    }

    /// Where it hears.
    pub fn address(&self) -> SocketAddr {
        self.receiver.address()
    }

    /// What was being acted on when the listener before was ended is not begun again: it is told instead.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn begin(&mut self, say: &mut dyn FnMut(Event)) -> Result<()> {
        let given_up = self
            .book
            .give_up_what_ran()
            .map_err(|error| trouble(&error))?;
        if given_up > 0 {
            say(Event::GivenUp(given_up));
        }
        Ok(())
    }

    /// Does what there is to do: subscriptions, rounds of what changed, the notifications that wait.
    ///
    /// # Errors
    /// An interrupt, or a file that cannot be written; everything else is told and tried again.
    pub fn turn(&mut self, act: Act<'_>, say: &mut dyn FnMut(Event)) -> Result<()> {
        self.tend(say)?;
        let waiting = self.book.waiting().map_err(|error| trouble(&error))?;
        let (again, refused) = self.receiver.take();
        if refused != Refused::default() {
            say(Event::Strange(refused));
        }
        let told = waiting
            .iter()
            .map(|told| (told.table.clone(), told.mailbox.clone()));
        let units: BTreeSet<(String, String)> = told.chain(again).collect();
        for unit in units {
            forget_pages(&unit.0);
            self.due.insert(unit, Instant::now());
        }
        let (lifecycle, changes): (Vec<Waiting>, Vec<Waiting>) = waiting
            .into_iter()
            .partition(|told| told.lifecycle_event.is_some());
        for told in lifecycle {
            self.live_on(&told, say)?;
        }
        self.copy(say)?;
        for told in changes {
            self.book.begin(told.seq).map_err(|error| trouble(&error))?;
            let outcome = act(&told);
            self.book
                .end(told.seq, outcome.err().as_deref())
                .map_err(|error| trouble(&error))?;
        }
        Ok(())
    }

    /// Waits until there is something to do, or for a while.
    pub fn wait(&self) {
        let now = Instant::now();
        let next = self.due.values().min().copied();
        let longest = next.map_or(LOOK, |next| next.saturating_duration_since(now).min(LOOK));
        self.receiver.wait(longest);
        std::thread::sleep(GATHERING);
    }

    /// Looks what there is to be watched, now and then.
    fn plan(&mut self, say: &mut dyn FnMut(Event)) -> Result<()> {
        if self.plan_at.is_some_and(|at| Instant::now() < at) {
            return Ok(());
        }
        let before = chrono::Utc::now() - self.keep;
        self.book
            .forget_before(&written(before))
            .map_err(|error| trouble(&error))?;
        let pause = match (self.keeper.plan(&self.book), self.plan_at) {
            (Err(error), Some(_)) if error.kind != Kind::Interrupted => {
                say(Event::Refused(
                    "what there is to be watched".to_owned(),
                    error,
                ));
                AGAIN
            }
            (outcome, _) => outcome.map(|()| PLANNING)?,
        };
        self.plan_at = Some(Instant::now() + pause);
        Ok(())
    }

    fn tend(&mut self, say: &mut dyn FnMut(Event)) -> Result<()> {
        self.plan(say)?;
        let is_first = self.swept.is_none();
        let anew = self.keeper.tend(&self.book, say)?;
        // What happened before it was watched was not told.
        for own in anew {
            self.due.insert((own.table, own.mailbox), Instant::now());
        }
        if is_first || self.every.is_some_and(|every| is_over(self.swept, every)) {
            self.swept = Some(Instant::now());
            for own in self.book.subscriptions().map_err(|error| trouble(&error))? {
                self.due.insert((own.table, own.mailbox), Instant::now());
            }
        }
        Ok(())
    }

    /// Brings the copies up to date that are due.
    fn copy(&mut self, say: &mut dyn FnMut(Event)) -> Result<()> {
        let now = Instant::now();
        let due: Vec<(String, String)> = self
            .due
            .iter()
            .filter(|(_, from)| **from <= now)
            .map(|(unit, _)| unit.clone())
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        if self.lock.try_lock().is_err() {
            // Another process copies: what it does not see yet is read behind it.
            for unit in due {
                self.due.insert(unit, now + LOOK);
            }
            return Ok(());
        }
        let outcome = due
            .into_iter()
            .try_for_each(|unit| self.copy_unit(unit, say));
        // Closing the file would unlock it as well.
        let _ = self.lock.unlock();
        outcome
    }

    fn copy_unit(&mut self, unit: (String, String), say: &mut dyn FnMut(Event)) -> Result<()> {
        self.due.remove(&unit);
        let Some(known) = catalog::table(&unit.0).and_then(Notified::of) else {
            return Ok(());
        };
        self.sync.begin();
        for table in known.copied {
            let is_asked = table.name == known.table.name;
            let mailbox = copy::user_column(table).map(|_| unit.1.as_str());
            if !is_asked && !self.sync.has(table, mailbox)? {
                continue;
            }
            match self.sync.round(table, mailbox) {
                Ok(done) => say(Event::Copied(table, unit.1.clone(), done)),
                Err(error) if error.kind == Kind::Interrupted => return Err(error),
                Err(error) => {
                    say(Event::Stale(table, unit.1.clone(), error));
                    self.due.insert(unit.clone(), Instant::now() + AGAIN);
                }
            }
        }
        Ok(())
    }

    /// What becomes of a subscription (FACTS §3.5).
    fn live_on(&mut self, told: &Waiting, say: &mut dyn FnMut(Event)) -> Result<()> {
        self.book.begin(told.seq).map_err(|error| trouble(&error))?;
        let own = self
            .book
            .subscription(&told.subscription)
            .map_err(|error| trouble(&error))?;
        let outcome = match (told.lifecycle_event.as_deref(), own) {
            // A notification was missed: the round that is due reads what it would have told.
            (Some("missed"), _) | (_, None) => Ok(()),
            (Some("subscriptionRemoved"), Some(own)) => self.forget_id(own),
            (Some("reauthorizationRequired"), Some(own)) => {
                self.reauthorize(own, &told.subscription, say)
            }
            (other, _) => Err(Error::new(
                Kind::Malformed,
                format!(
                    "no such lifecycle event is known: {}",
                    other.unwrap_or_default()
                ),
            )),
        };
        let error = outcome.err().map(|error| error.to_string());
        self.book
            .end(told.seq, error.as_deref())
            .map_err(|error| trouble(&error))?;
        self.tend(say)
    }

    /// It is made again by the next look at what is missing.
    fn forget_id(&self, own: Subscription) -> Result<()> {
        let gone = Subscription { id: None, ..own };
        self.book.keep(&gone).map_err(|error| trouble(&error))
    }

    fn reauthorize(&self, own: Subscription, id: &str, say: &mut dyn FnMut(Event)) -> Result<()> {
        match self.keeper.reauthorize(id) {
            Ok(()) => Ok(()),
            Err(error) if error.status() == Some(404) => self.forget_id(own),
            Err(error) => {
                say(Event::Refused(own.resource.clone(), error.clone()));
                // Due at once: a renewal shows the same, and is tried again.
                let due = Subscription { made: None, ..own };
                self.book.keep(&due).map_err(|error| trouble(&error))?;
                Err(error)
            }
        }
    }
}

/// Ends every subscription that a file has. Gives how many there were.
///
/// # Errors
/// A file that cannot be read, or the service's first refusal.
pub fn end(file: &Path, properties: &str) -> Result<usize> {
    if !file.exists() {
        return Err(Error::usage(format!("{} is not there", file.display()))
            .next("Name the file that listen was started with"));
    }
    let book = Book::open(file).map_err(|error| trouble(&error))?;
    Keeper::new(properties, Wanted::default())?.end_all(&book)
}

/// Whether so long has passed since then; what never was is over.
fn is_over(at: Option<Instant>, time: Duration) -> bool {
    at.is_none_or(|at| at.elapsed() >= time)
}

/// What was read of a table before it changed is no longer true.
fn forget_pages(table: &str) {
    match catalog::table(table).and_then(Notified::of) {
        Some(known) => cache().forget_where(|path| known.is_shown_at(path)),
        // Which pages show a resource of the user's own is not known.
        None => cache().clear(),
    }
}

/// What SQLite says of the file, as an error of ours.
fn trouble(error: &rusqlite::Error) -> Error {
    copy::trouble(error)
}
