//! Where tokens are kept between runs: a file that its owner alone can read, changed by one process at a
//! time; or this process's memory.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::grant::Grant;
use crate::error::{Error, Kind, Result};
use crate::private_file;
use crate::secret::Secret;
use crate::settings::{Application, Settings, SignIn};

/// Tokens of one identity.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Entry {
    /// The identity platform.
    pub login_url: String,
    /// The tenant as it was asked for.
    pub tenant: String,
    /// The application.
    pub client_id: String,
    /// Who signed in; `None` for the application itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The tenant that whoever signed in belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// The scopes that were asked for.
    pub scope: String,
    /// The scopes that were granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted: Option<String>,
    /// The newest access token.
    pub access_token: String,
    /// When another one is asked for, in seconds since 1970.
    pub renew_at: i64,
    /// The newest refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Fingerprint of the refresh token or password that all this began with, where it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_with: Option<String>,
    /// Claims that Graph asked for and that only a new sign-in can give.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
}

impl Entry {
    /// What was granted, as an entry of this application; `scope` is what was asked for.
    pub fn new(application: &Application, scope: &str, grant: &Grant) -> Self {
        let lifetime = grant.lifetime.map_or(Duration::ZERO, super::usable);
        Self {
            login_url: application.login_url.clone(),
            tenant: application.tenant.clone(),
            client_id: application.client_id.clone(),
            user: grant.account.as_ref().map(|account| account.user.clone()),
            tenant_id: grant
                .account
                .as_ref()
                .and_then(|account| account.tenant_id.clone()),
            scope: scope.to_owned(),
            granted: grant.scope.clone(),
            access_token: grant.access_token.reveal().to_owned(),
            renew_at: chrono::Utc::now().timestamp()
                + i64::try_from(lifetime.as_secs()).unwrap_or(0),
            refresh_token: grant
                .refresh_token
                .as_ref()
                .map(|token| token.reveal().to_owned()),
            began_with: None,
            claims: None,
        }
    }

    /// The refresh token as a secret.
    pub fn refresh(&self) -> Option<Secret> {
        self.refresh_token.as_deref().map(Secret::new)
    }

    /// How long the access token is still used.
    pub fn good_for(&self) -> Option<Duration> {
        let left = self.renew_at - chrono::Utc::now().timestamp();
        u64::try_from(left)
            .ok()
            .filter(|left| *left > 0)
            .map(Duration::from_secs)
    }

    /// True for the same identity.
    pub fn is_same(&self, other: &Self) -> bool {
        self.is_of(&other.login_url, &other.client_id)
            && self.tenant.eq_ignore_ascii_case(&other.tenant)
            && self.began_with == other.began_with
            && match (&self.user, &other.user) {
                (Some(user), Some(other)) => user.eq_ignore_ascii_case(other),
                (None, None) => true,
                _ => false,
            }
    }

    fn is_of(&self, login_url: &str, client_id: &str) -> bool {
        self.login_url == login_url && self.client_id.eq_ignore_ascii_case(client_id)
    }

    /// True for tokens of this application, in its tenant and with the scopes that it asks for.
    pub fn fits(&self, application: &Application) -> bool {
        let is_tenant = self.tenant.eq_ignore_ascii_case(&application.tenant)
            || self
                .tenant_id
                .as_deref()
                .is_some_and(|id| id.eq_ignore_ascii_case(&application.tenant));
        let has_scopes = application
            .scope
            .split(' ')
            .filter(|word| !word.is_empty())
            .all(|word| {
                self.scope
                    .split(' ')
                    .any(|own| own.eq_ignore_ascii_case(word))
            });
        self.is_of(&application.login_url, &application.client_id) && is_tenant && has_scopes
    }
}

/// All tokens of a store, the newest sign-in first.
#[derive(Default, Serialize, Deserialize)]
pub struct Entries {
    /// Of this file's form.
    version: u32,
    /// The identities.
    tokens: Vec<Entry>,
}

impl Entries {
    /// All of them.
    pub fn all(&self) -> &[Entry] {
        &self.tokens
    }

    /// The first that fits.
    pub fn find(&self, fits: impl Fn(&Entry) -> bool) -> Option<&Entry> {
        self.tokens.iter().find(|entry| fits(entry))
    }

    /// Takes the place of the entry of the same identity.
    pub fn renew(&mut self, entry: Entry) {
        match self.tokens.iter_mut().find(|known| known.is_same(&entry)) {
            Some(known) => *known = entry,
            None => self.tokens.push(entry),
        }
    }

    /// As [`Entries::renew`], and it is the one that is used when nobody is named.
    pub fn sign_in(&mut self, entry: Entry) {
        self.tokens.retain(|known| !known.is_same(&entry));
        self.tokens.insert(0, entry);
    }

    /// Keeps those that fit; gives how many went.
    pub fn retain(&mut self, keeps: impl Fn(&Entry) -> bool) -> usize {
        let before = self.tokens.len();
        self.tokens.retain(keeps);
        before - self.tokens.len()
    }
}

/// A place for tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// In this process, under a name.
    Memory(String),
    /// In a file.
    File(PathBuf),
}

/// The right to change a store; it ends when this is dropped, or with the process.
pub struct Lock {
    _file: Option<File>,
}

static MEMORY: Mutex<Option<HashMap<String, Vec<u8>>>> = Mutex::new(None);

impl Store {
    /// The store of these settings: what they name; else, for somebody who signs in or for a profile, the
    /// profile's file beside the `config.toml`. An application without either keeps its token to itself.
    ///
    /// # Errors
    /// Where the platform has no folder for settings.
    pub fn of(settings: &Settings) -> Result<Option<Self>> {
        let keeps = match &settings.sign_in {
            SignIn::Person { .. } => true,
            SignIn::Refresh(_)
            | SignIn::Password { .. }
            | SignIn::ClientSecret
            | SignIn::Certificate(_)
            | SignIn::Workload(_) => settings.token_store.is_some() || settings.profile.is_some(),
            _ => false,
        };
        if !keeps {
            return Ok(None);
        }
        Ok(Some(match settings.token_store.as_deref() {
            Some(text) => match text.strip_prefix("memory://") {
                Some(name) => Self::Memory(name.to_owned()),
                None => Self::File(PathBuf::from(text)),
            },
            None => {
                let name = settings.profile.as_deref().unwrap_or("default");
                let folder = crate::config::folder()?.join("tokens");
                Self::File(folder.join(format!("{name}.json")))
            }
        }))
    }

    /// Where it is, for people.
    pub fn place(&self) -> String {
        match self {
            Self::Memory(_) => "this process's memory".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// What is kept; nothing where there is no store yet.
    ///
    /// # Errors
    /// A file that cannot be read, or that holds something else.
    pub fn read(&self) -> Result<Entries> {
        let bytes = match self {
            Self::Memory(name) => {
                let memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
                memory.as_ref().and_then(|all| all.get(name)).cloned()
            }
            Self::File(path) => match std::fs::read(path) {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => return Err(self.trouble("cannot be read", &error)),
            },
        };
        match bytes {
            None => Ok(Entries::default()),
            Some(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| self.trouble("is not what office365 wrote", &error)),
        }
    }

    /// Waits for the right to change it.
    ///
    /// # Errors
    /// A folder that cannot be made or written to, or another process that keeps the right for longer than
    /// `patience`.
    pub async fn lock(&self, patience: Duration) -> Result<Lock> {
        let Self::File(path) = self else {
            return Ok(Lock { _file: None });
        };
        let trouble = |error: &dyn std::fmt::Display| self.trouble("cannot be written", error);
        let file = private_file::lock_file(path).map_err(|error| trouble(&error))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: Some(file) }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < patience => {
                    tokio::time::sleep(Duration::from_millis(25)).await;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(trouble(&"another process holds its lock"));
                }
                Err(TryLockError::Error(error)) => return Err(trouble(&error)),
            }
        }
    }

    /// Replaces what is kept, whole or not at all.
    ///
    /// # Errors
    /// A file that cannot be written; what was there stays.
    pub fn write(&self, _lock: &Lock, entries: &Entries) -> Result<()> {
        let entries = Entries {
            version: 1,
            tokens: entries.tokens.clone(),
        };
        let bytes = serde_json::to_vec_pretty(&entries)
            .map_err(|error| Error::new(Kind::Internal, error.to_string()))?;
        match self {
            Self::Memory(name) => {
                let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
                memory.get_or_insert_default().insert(name.clone(), bytes);
                Ok(())
            }
            Self::File(path) => private_file::replace(path, &bytes)
                .map_err(|error| self.trouble("cannot be written", &error)),
        }
    }

    fn trouble(&self, what: &str, error: &dyn std::fmt::Display) -> Error {
        Error::new(
            Kind::SignIn,
            format!("the token store {} {what}: {error}", self.place()),
        )
        .next("Check the file and its folder, or name another one with OAuthSettingsLocation (memory:// keeps tokens in this process)")
    }
}
