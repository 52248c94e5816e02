//! What one SQLite connection owns: its settings, its log of requests, its last error, its row numbers.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cache::Policy;
use crate::catalog::Table;
use crate::error::{Error, Result};
use crate::graph::client::{Client, Patience};
use crate::graph::log::Log;
use crate::journal::Journal;
use crate::plan::bind::Target;
use crate::procs::Procedure;
use crate::profiles;
use crate::settings::{Said, Settings, SignIn, not_connected, parse};
use crate::write::Address;

/// The state of one SQLite connection.
#[derive(Default)]
pub struct Session {
    state: Mutex<State>,
    /// The requests of this connection.
    pub log: Arc<Log>,
    /// What `OnMailboxError=skip` left out.
    pub skipped: Arc<SkipLog>,
    /// What it writes.
    pub journal: Journal,
    rowids: Mutex<Rowids>,
    /// Our own program, and no file that somebody else may have made: writes need not be asked for.
    trusting: AtomicBool,
}

#[derive(Default)]
struct State {
    said: Said,
    /// What the properties were understood as last time, and in which process: those of the connection, and
    /// those of each profile that a table of its own names.
    understood: HashMap<Option<String>, (Said, u32, Environment)>,
    last_error: Option<Error>,
}

/// What a scan needs of its connection, as it is when the scan starts.
#[derive(Clone)]
pub struct Environment {
    /// The settings.
    pub settings: Arc<Settings>,
    /// The client of their identity.
    pub client: Arc<Client>,
    /// The log of the connection.
    pub log: Arc<Log>,
    /// What the connection left out.
    pub skipped: Arc<SkipLog>,
}

impl Environment {
    /// How patient requests are.
    pub fn patience(&self) -> Patience {
        Patience {
            timeout: self.settings.timeout,
            retries: self.settings.max_retries,
        }
    }

    /// What the cache may keep.
    pub fn policy(&self) -> Policy {
        Policy {
            ttl: self.settings.cache_ttl,
            size: self.settings.cache_size,
        }
    }
}

impl Session {
    /// Takes a connection string. One that says how to sign in replaces what was said before; one that
    /// does not (`Pushdown=off`) is added to it.
    ///
    /// # Errors
    /// What [`parse`] and [`Settings::understand`] find wrong; the old properties stay then.
    pub fn connect(&self, text: &str) -> Result<Vec<String>> {
        let parsed = parse(text)?;
        let mut state = self.state();
        let said = if parsed.said.names_connection() {
            parsed.said
        } else {
            parsed.said.or(state.said.clone())
        };
        // What is said of a connection may be enough to sign in only later.
        let settings = Settings::understand(&complete(said.clone())?)?;
        state.said = said;
        state.understood.clear();
        let mut notes = parsed.notes;
        notes.extend(settings.warnings().into_iter().map(str::to_owned));
        Ok(notes)
    }

    /// The properties in force.
    ///
    /// # Errors
    /// When the environment's connection string is wrong.
    pub fn said(&self) -> Result<Said> {
        let said = self.state().said.clone();
        complete(said)
    }

    /// The properties in force, secrets redacted.
    ///
    /// # Errors
    /// When the environment's connection string is wrong.
    pub fn shown(&self) -> Result<String> {
        Ok(self.said()?.to_string())
    }

    /// The settings and the client, as they are now.
    ///
    /// # Errors
    /// Nothing to sign in with, or a property that is wrong.
    pub fn environment(&self) -> Result<Environment> {
        self.environment_of(None)
    }

    /// The settings and the client of a profile that a table names, or of the connection.
    ///
    /// # Errors
    /// As [`Session::environment`], and a profile that does not exist.
    pub fn environment_of(&self, profile: Option<&str>) -> Result<Environment> {
        let environment = self.understood(profile)?;
        match environment.settings.sign_in {
            SignIn::Nothing => Err(not_connected()),
            _ => Ok(environment),
        }
    }

    /// The settings and the client for what needs no connection: signing in.
    ///
    /// # Errors
    /// A property that is wrong.
    pub fn unconnected(&self) -> Result<Environment> {
        self.understood(None)
    }

    fn understood(&self, profile: Option<&str>) -> Result<Environment> {
        let mut state = self.state();
        let said = match profile {
            None => complete(state.said.clone())?,
            Some(name) => profiles::load(name)?
                .or(state.said.clone().without_identity())
                .or(Said::from_environment()),
        };
        let key = profile.map(str::to_owned);
        let pid = std::process::id();
        if let Some((known, owner, environment)) = state.understood.get(&key)
            && *known == said
            && *owner == pid
        {
            return Ok(environment.clone());
        }
        let settings = Arc::new(Settings::understand(&said)?);
        if profile.is_none() {
            self.log.keep_in(settings.log_file.as_deref())?;
        }
        let environment = Environment {
            client: Client::of(&settings)?,
            settings,
            log: Arc::clone(&self.log),
            skipped: Arc::clone(&self.skipped),
        };
        state
            .understood
            .insert(key, (said, pid, environment.clone()));
        Ok(environment)
    }

    /// Whether filters, orders and counts may be planned; true while the settings are not usable.
    pub fn pushdown(&self) -> bool {
        self.environment()
            .is_ok_and(|environment| environment.settings.pushdown)
    }

    /// Keeps an error for `o365_last_error()`.
    pub fn failed(&self, error: &Error) {
        self.state().last_error = Some(error.clone());
    }

    /// The newest error.
    pub fn last_error(&self) -> Option<Error> {
        self.state().last_error.clone()
    }

    /// From now on writes are allowed unless `Readonly=true` is said.
    pub fn trust(&self) {
        self.trusting.store(true, Ordering::Relaxed);
    }

    /// The settings for a write.
    ///
    /// # Errors
    /// As [`Session::environment`], and when the connection is read-only.
    pub fn for_writing(&self) -> Result<Environment> {
        self.for_writing_of(None)
    }

    /// The settings for a write to a table of a profile, or of the connection: what the connection says of
    /// writing counts for both.
    ///
    /// # Errors
    /// As [`Session::for_writing`].
    pub fn for_writing_of(&self, profile: Option<&str>) -> Result<Environment> {
        let environment = self.environment_of(profile)?;
        let trusting = self.trusting.load(Ordering::Relaxed);
        match environment.settings.read_only.unwrap_or(!trusting) {
            false => Ok(environment),
            true => Err(Error::usage("the connection is read-only").next(
                "To allow writes: SELECT o365_connect('Readonly=false'), or --write on the command line",
            )),
        }
    }

    /// The settings for a call of a procedure.
    ///
    /// # Errors
    /// As [`Session::environment`], and as [`Session::for_writing`] unless it only reads.
    pub fn for_call(&self, procedure: &Procedure) -> Result<Environment> {
        match (procedure.signs_in(), procedure.reads) {
            (true, _) => self.unconnected(),
            (false, true) => self.environment(),
            (false, false) => self.for_writing(),
        }
    }

    /// The number of a row, the same in every scan of this connection: SQLite merges the branches of
    /// an OR by it.
    pub fn rowid(&self, owner: &str, id: &str) -> i64 {
        self.rowids().of(owner, id)
    }

    /// Remembers where the row of a number is, for a write to it.
    pub fn keep_address(&self, rowid: i64, address: Address) {
        self.rowids().addresses.insert(rowid, address);
    }

    /// Where the row of a number is.
    pub fn address(&self, rowid: i64) -> Option<Address> {
        self.rowids().addresses.get(&rowid).cloned()
    }

    /// A number for a row that does not exist yet.
    pub fn new_rowid(&self) -> i64 {
        let mut rowids = self.rowids();
        rowids.last += 1;
        rowids.last
    }

    fn rowids(&self) -> MutexGuard<'_, Rowids> {
        self.rowids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As many are kept; older ones are forgotten.
const SKIPS: usize = 4_096;

/// What a connection left out because `OnMailboxError=skip` told it to, for `o365_skipped`.
#[derive(Default)]
pub struct SkipLog(Mutex<VecDeque<Skip>>);

/// One mailbox, drive or other parent whose rows are missing.
#[derive(Clone, Debug)]
pub struct Skip {
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// The table that was read.
    pub table: &'static str,
    /// What the statement named, such as the `UserId`.
    pub asked: Option<String>,
    /// Why.
    pub error: Error,
}

impl SkipLog {
    /// Notes that the rows of a target are missing.
    pub fn push(&self, table: &'static Table, target: &Target, error: &Error) {
        let named = target.echo.iter().find_map(|(_, value)| value.as_text());
        let mut skips = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if skips.len() == SKIPS {
            skips.pop_front();
        }
        skips.push_back(Skip {
            at: chrono::Utc::now(),
            table: table.name,
            asked: named.map(str::to_owned),
            error: error.clone(),
        });
    }

    /// All of them, the oldest first.
    pub fn entries(&self) -> Vec<Skip> {
        let skips = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        skips.iter().cloned().collect()
    }
}

/// What was said on the connection, and behind it what the environment says: `OFFICE365_CONNECTION` and the
/// current profile where nothing before them says anything of signing in, the Azure SDK's variables in any
/// case.
fn complete(said: Said) -> Result<Said> {
    let said = if said.names_connection() {
        said
    } else {
        match std::env::var("OFFICE365_CONNECTION") {
            Ok(text) if !text.trim().is_empty() => said.or(parse(&text)?.said),
            _ => said,
        }
    };
    let profile = match said.has("Profile") {
        true => Some(said.get("Profile").to_owned()),
        false if said.names_connection() => None,
        false => profiles::current()?,
    };
    let said = match profile {
        Some(name) => said.or(profiles::load(&name)?),
        None => said,
    };
    Ok(said.or(Said::from_environment()))
}

/// Numbers for (owner, id) pairs, given in the order they are asked for.
#[derive(Default)]
struct Rowids {
    owners: HashMap<String, HashMap<String, i64>>,
    /// Where rows of tables that can be written are.
    addresses: HashMap<i64, Address>,
    last: i64,
}

impl Rowids {
    fn of(&mut self, owner: &str, id: &str) -> i64 {
        if let Some(number) = self.owners.get(owner).and_then(|ids| ids.get(id)) {
            return *number;
        }
        self.last += 1;
        let ids = self.owners.entry(owner.to_owned()).or_default();
        ids.insert(id.to_owned(), self.last);
        self.last
    }
}
