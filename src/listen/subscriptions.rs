//! The subscriptions of a listener at the service: made, renewed before they end, made again where they are gone.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, TimeDelta, Utc};
use serde_json::json;

use super::book::{Book, Subscription};
use super::{Event, trouble};
use crate::catalog::notified::Notified;
use crate::error::{Error, Kind, Result};
use crate::graph::fault;
use crate::plan::bind::owner_path;
use crate::sign_in::unguessable;
use crate::sqlite::Live;
use crate::sqlite::entries::quoted;
use crate::sync::{now, written};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The address that Graph posts to.
    pub url: String,
    /// The tables whose changes are told.
    pub tables: Vec<&'static Notified>,
    /// Further resources, with the changes that are told of them.
    pub resources: Vec<(String, String)>,
    /// Whose mailboxes and drives, as [`Live::mailboxes`] has it.
    pub users: Option<String>,
}

/// The longest life of a resource that no table has: what every service allows.
const MINUTES: u32 = 4_220;
/// How long until what failed is tried again: at first, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(900));

/// How long until a user without a mailbox is asked for again.
const UNLIKELY: Duration = Duration::from_secs(6 * 60 * 60);

/// Keeps the service's subscriptions as they are wanted.
pub struct Keeper {
    /// A connection that may write, for nothing but subscriptions.
    live: Live,
    wanted: Wanted,
    /// When what failed is tried again, and after how long the next time.
    failed: HashMap<String, (Instant, Duration)>,
    /// Resources whose subscription is known to be there: it may have ended while nobody listened.
    seen: HashSet<String>,
    /// The service's subscriptions, listed once for all that are made in one go.
    there: Option<Vec<Known>>,
}

/// A subscription as the service lists it.
struct Known {
    id: String,
    resource: String,
    url: String,
}

impl Keeper {
    /// With the connection's properties.
    ///
    /// # Errors
    /// A property that is wrong, or nothing to sign in with.
    pub fn new(properties: &str, wanted: Wanted) -> Result<Self> {
        Ok(Self {
            live: Live::open(&format!("{properties};Readonly=false"))?,
            wanted,
            failed: HashMap::new(),
            seen: HashSet::new(),
            there: None,
        })
    }

    /// The connection, to be interrupted.
    pub fn connection(&self) -> &rusqlite::Connection {
        &self.live.connection
    }

    /// Writes down what is wanted and strikes out what is not any more. A resource that is new has no id yet:
    /// [`Keeper::tend`] subscribes to it.
    ///
    /// # Errors
    /// What the statement of the mailboxes ends with, or a file that cannot be written.
    pub fn plan(&self, book: &Book) -> Result<()> {
        let wanted = self.all()?;
        let known = book.subscriptions().map_err(|error| trouble(&error))?;
        for own in &known {
            let is_wanted = wanted.iter().any(|other| other.resource == own.resource);
            if !is_wanted {
                self.end(book, own)?;
            }
        }
        for own in wanted {
            let is_same = |other: &&Subscription| {
                other.resource == own.resource
                    && other.url == own.url
                    && other.changes == own.changes
            };
            let same_resource = known.iter().find(|other| other.resource == own.resource);
            if known.iter().find(is_same).is_none() {
                if let Some(old) = same_resource {
                    self.end(book, old)?;
                }
                book.keep(&own).map_err(|error| trouble(&error))?;
            }
        }
        Ok(())
    }

    /// Makes what is missing and renews what ends soon. Gives the resources that were subscribed to anew: what
    /// happened to them meanwhile was not told.
    ///
    /// # Errors
    /// An interrupt, or a file that cannot be written; what the service refuses is an [`Event`], and tried again.
    pub fn tend(&mut self, book: &Book, say: &mut dyn FnMut(Event)) -> Result<Vec<Subscription>> {
        let mut anew = Vec::new();
        self.there = None;
        for own in book.subscriptions().map_err(|error| trouble(&error))? {
            let waits = self.failed.get(&own.resource).map(|(until, _)| *until);
            if waits.is_some_and(|until| Instant::now() < until) {
                continue;
            }
            let is_due = is_due(&own) || !self.seen.contains(&own.resource);
            let outcome = match (&own.id, is_due) {
                (Some(_), false) => continue,
                (Some(id), true) => self
                    .renew(book, &own, id)
                    .map(|is_new| is_new.then(|| own.clone())),
                (None, _) => self.make(book, &own).map(|()| Some(own.clone())),
            };
            match outcome {
                Ok(new) => {
                    self.failed.remove(&own.resource);
                    self.seen.insert(own.resource.clone());
                    let kept = book.subscriptions().map_err(|error| trouble(&error))?;
                    let kept = kept
                        .into_iter()
                        .find(|other| other.resource == own.resource);
                    let until = kept.and_then(|kept| kept.expires).unwrap_or_default();
                    say(match new {
                        Some(_) => Event::Subscribed(own.resource.clone(), until),
                        None => Event::Renewed(own.resource.clone(), until),
                    });
                    anew.extend(new);
                }
                Err(error) if error.kind == Kind::Interrupted => return Err(error),
                Err(error) => {
                    book.note(&own.resource, &error.to_string())
                        .map_err(|error| trouble(&error))?;
                    if fault::has_no_mailbox(&error) {
                        // It may have one some day.
                        let until = Instant::now() + UNLIKELY;
                        self.failed.insert(own.resource, (until, UNLIKELY));
                        continue;
                    }
                    let before = self.failed.get(&own.resource).map(|(_, pause)| *pause);
                    let pause = before.map_or(PAUSE.0, |pause| (pause * 2).min(PAUSE.1));
                    self.failed
                        .insert(own.resource.clone(), (Instant::now() + pause, pause));
                    say(Event::Refused(own.resource, error));
                }
            }
        }
        Ok(anew)
    }

    /// The service wants to see again that the caller may read what it watches.
    ///
    /// # Errors
    /// What the service says.
    pub fn reauthorize(&self, id: &str) -> Result<()> {
        self.raw("POST", &format!("subscriptions/{id}/reauthorize"))
    }

    /// Ends every subscription that is written down. Gives how many.
    ///
    /// # Errors
    /// The first refusal; those behind it stay.
    pub fn end_all(&self, book: &Book) -> Result<usize> {
        let all = book.subscriptions().map_err(|error| trouble(&error))?;
        all.iter().try_for_each(|own| self.end(book, own))?;
        Ok(all.iter().filter(|own| own.id.is_some()).count())
    }

    fn end(&self, book: &Book, own: &Subscription) -> Result<()> {
        if let Some(id) = &own.id {
            match self.raw("DELETE", &format!("subscriptions/{id}")) {
                // It has ended by itself.
                Err(error) if error.status() == Some(404) => {}
                outcome => outcome?,
            }
        }
        book.strike(&own.resource).map_err(|error| trouble(&error))
    }

    fn make(&mut self, book: &Book, own: &Subscription) -> Result<()> {
        self.end_leftovers(own)?;
        let own = Subscription {
            secret: unguessable()?,
            id: None,
            ..own.clone()
        };
        // Before it is made: it may tell something before it is known to be made.
        book.keep(&own).map_err(|error| trouble(&error))?;
        let parameters = json!({
            "Resource": own.resource, "NotificationUrl": own.url, "LifecycleNotificationUrl": own.url,
            "ChangeType": own.changes, "ClientState": own.secret, "ExpirationDateTime": self.end_of_life(&own),
            "AllowDuplicates": true,
        });
        let made = self.call("SELECT CreateSubscription(?1)", &parameters.to_string())?;
        let text = |name: &str| made[name].as_str().map(str::to_owned);
        let id = text("Id").ok_or_else(|| {
            Error::new(
                Kind::Malformed,
                "the service made a subscription without an id",
            )
        })?;
        book.keep(&Subscription {
            id: Some(id),
            made: Some(now()),
            expires: text("ExpirationDateTime").as_deref().and_then(instant),
            ..own
        })
        .map_err(|error| trouble(&error))
    }

    /// A listener that was ended between making a subscription and writing it down left one that nobody knows.
    fn end_leftovers(&mut self, own: &Subscription) -> Result<()> {
        let there = match self.there.take() {
            Some(there) => there,
            None => self.list()?,
        };
        let is_left = |other: &&Known| other.resource == own.resource && other.url == own.url;
        let leftovers: Vec<String> = there
            .iter()
            .filter(is_left)
            .map(|other| other.id.clone())
            .collect();
        self.there = Some(there);
        leftovers.iter().try_for_each(|id| {
            match self.raw("DELETE", &format!("subscriptions/{id}")) {
                Err(error) if error.status() == Some(404) => Ok(()),
                outcome => outcome,
            }
        })
    }

    fn list(&self) -> Result<Vec<Known>> {
        let read = || -> rusqlite::Result<Vec<Known>> {
            self.live
                .connection
                .prepare("SELECT id, resource, notificationUrl FROM Subscriptions")?
                .query_map([], |row| {
                    Ok(Known {
                        id: row.get(0)?,
                        resource: row.get(1)?,
                        url: row.get(2)?,
                    })
                })?
                .collect()
        };
        read().map_err(|error| self.live.error(error))
    }

    /// Gives whether it had to be made anew.
    fn renew(&mut self, book: &Book, own: &Subscription, id: &str) -> Result<bool> {
        let parameters = json!({
            "SubscriptionId": id, "ExpirationDateTime": self.end_of_life(own),
        });
        match self.call("SELECT RenewSubscription(?1)", &parameters.to_string()) {
            Ok(renewed) => {
                let expires = renewed["ExpirationDateTime"].as_str().and_then(instant);
                book.keep(&Subscription {
                    made: Some(now()),
                    expires: expires.or_else(|| instant(&self.end_of_life(own))),
                    ..own.clone()
                })
                .map_err(|error| trouble(&error))?;
                Ok(false)
            }
            Err(error) if error.status() == Some(404) => {
                let gone = Subscription {
                    id: None,
                    ..own.clone()
                };
                book.keep(&gone).map_err(|error| trouble(&error))?;
                self.make(book, &gone).map(|()| true)
            }
            Err(error) => Err(error),
        }
    }

    fn end_of_life(&self, own: &Subscription) -> String {
        let minutes = self
            .wanted
            .tables
            .iter()
            .find(|known| known.table.name == own.table)
            .map_or(MINUTES, |known| known.minutes);
        written(Utc::now() + TimeDelta::minutes(minutes.into()))
    }

    fn call(&self, sql: &str, parameter: &str) -> Result<serde_json::Value> {
        let answer: String = self
            .live
            .connection
            .query_row(sql, [parameter], |row| row.get(0))
            .map_err(|error| self.live.error(error))?;
        Ok(serde_json::from_str(&answer).unwrap_or_default())
    }

    fn raw(&self, method: &str, path: &str) -> Result<()> {
        let parameters = json!({ "Path": path, "Method": method });
        self.call("SELECT RawRequest(?1)", &parameters.to_string())
            .map(drop)
    }

    /// What is wanted, as it would be written down.
    fn all(&self) -> Result<Vec<Subscription>> {
        let mut all = Vec::new();
        let is_owned = self.wanted.tables.iter().any(|known| known.has_owner());
        let mailboxes = match is_owned {
            true => self.live.mailboxes(self.wanted.users.as_deref())?,
            false => Vec::new(),
        };
        for known in &self.wanted.tables {
            if !known.has_owner() {
                all.push(self.of(known, "", known.resource.to_owned()));
                continue;
            }
            for mailbox in &mailboxes {
                let owner = owner_path(known.table, None, Some(mailbox)).ok_or_else(|| {
                    Error::usage(format!("'{mailbox}' cannot be a user"))
                        .next("Let --users give ids or user principal names")
                })?;
                let resource = known.resource.replace("{owner}", &owner);
                for resource in self.of_parents(known, mailbox, resource)? {
                    all.push(self.of(known, mailbox, resource));
                }
            }
        }
        for (resource, changes) in &self.wanted.resources {
            all.push(Subscription {
                changes: changes.clone(),
                ..self.blank(resource.clone())
            });
        }
        Ok(all)
    }

    /// The resource with the key of each parent.
    fn of_parents(&self, known: &Notified, mailbox: &str, resource: String) -> Result<Vec<String>> {
        let Some((name, parents)) = known.parent else {
            return Ok(vec![resource]);
        };
        let sql = format!(
            "SELECT {} FROM {} WHERE \"UserId\" = ?1",
            quoted(parents.key),
            parents.name
        );
        let keys = self.live.texts(&sql, [mailbox])?;
        let with = |key: String| {
            resource.replace(&format!("{{{name}}}"), &crate::odata::path_segment(&key))
        };
        Ok(keys.into_iter().map(with).collect())
    }

    fn of(&self, known: &Notified, mailbox: &str, resource: String) -> Subscription {
        Subscription {
            mailbox: mailbox.to_owned(),
            table: known.table.name.to_owned(),
            changes: known.changes.to_owned(),
            ..self.blank(resource)
        }
    }

    fn blank(&self, resource: String) -> Subscription {
        Subscription {
            resource,
            mailbox: String::new(),
            table: String::new(),
            changes: String::new(),
            url: self.wanted.url.clone(),
            secret: String::new(),
            id: None,
            made: None,
            expires: None,
        }
    }
}

/// Two thirds of its life are over.
fn is_due(own: &Subscription) -> bool {
    let read = |text: &Option<String>| {
        let text = text.as_deref()?;
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()
    };
    let (Some(made), Some(expires)) = (read(&own.made), read(&own.expires)) else {
        return true;
    };
    Utc::now().naive_utc() >= expires - (expires - made) / 3
}

/// Graph's instants, as the tables write them.
fn instant(text: &str) -> Option<String> {
    crate::instant::Instant::parse(text).map(|instant| {
        let text = instant.to_string();
        // Whole seconds will do.
        text.split('.').next().unwrap_or_default().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::{Subscription, instant, is_due};
    use crate::sync::written;

    #[test]
    fn a_subscription_is_renewed_when_two_thirds_are_over() {
        let lived = |minutes: i64, of: i64| Subscription {
            resource: String::new(),
            mailbox: String::new(),
            table: String::new(),
            changes: String::new(),
            url: String::new(),
            secret: String::new(),
            id: None,
            made: Some(written(Utc::now() - TimeDelta::minutes(minutes))),
            expires: Some(written(Utc::now() + TimeDelta::minutes(of - minutes))),
        };
        assert!(!is_due(&lived(0, 60)) && !is_due(&lived(30, 60)));
        assert!(is_due(&lived(50, 60)) && is_due(&lived(70, 60)));
    }

    #[test]
    fn instants_of_the_service() {
        assert_eq!(
            instant("2026-12-01T10:00:00.1234567Z").as_deref(),
            Some("2026-12-01 10:00:00")
        );
        assert_eq!(instant("soon"), None);
    }
}
