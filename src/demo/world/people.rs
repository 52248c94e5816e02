//! The sixty users of contoso.com: staff, guests, rooms and service accounts, with every nullable property null somewhere.

use serde_json::{Map, Value, json};

use super::licences::REPORTED;
use super::names::{OUTSIDE, PEOPLE};
use super::profile;
use crate::demo::query::row::Row;
use crate::demo::query::schema;
use crate::demo::random::guid;

/// The directory id of the tenant.
pub const TENANT_ID: &str = "84841066-274d-4ec0-a5c1-276be684bdd3";
/// How many users there are.
pub const COUNT: usize = 60;
/// The first users own the mailboxes; the last of these is empty.
pub const MAILBOXES: usize = 12;

/// One user.
#[derive(Clone)]
pub struct User {
    /// Place in the directory's own order.
    pub index: usize,
    /// Object id.
    pub id: String,
    /// User principal name.
    pub upn: String,
    /// Display name.
    pub name: String,
    /// Primary mail address.
    pub mail: Option<String>,
    /// May sign in.
    pub enabled: bool,
    /// Number of the mailbox, if there is one.
    pub mailbox: Option<usize>,
    /// Place of the manager.
    pub manager: Option<usize>,
    /// Deleted by a write: who is listed nowhere and still has a place, which others refer to.
    pub gone: bool,
    /// Everything known about the user.
    pub(super) map: Map<String, Value>,
}

impl User {
    /// `{user: {id, displayName}}`, as drive items name people.
    pub fn identity(&self) -> Value {
        json!({"user": {"id": self.id, "displayName": self.name, "email": self.mail}})
    }

    /// Somebody who was created: neither a mailbox nor a drive is there yet (FACTS 3.3).
    pub fn created(index: usize, values: &Map<String, Value>) -> User {
        let mut user = User {
            index,
            id: String::new(),
            upn: String::new(),
            name: String::new(),
            mail: None,
            enabled: false,
            mailbox: None,
            manager: None,
            gone: false,
            map: Map::new(),
        };
        user.set(values);
        user
    }

    /// All properties that have a value.
    pub fn values(&self) -> &Map<String, Value> {
        &self.map
    }

    /// Overwrites properties.
    pub fn set(&mut self, values: &Map<String, Value>) {
        self.map.extend(values.clone());
        let text = |name: &str| self.map.get(name).and_then(Value::as_str).map(String::from);
        self.id = text("id").unwrap_or_default();
        self.upn = text("userPrincipalName").unwrap_or_default();
        self.name = text("displayName").unwrap_or_default();
        self.mail = text("mail");
        self.enabled = self.map.get("accountEnabled") == Some(&json!(true));
    }
}

impl Row for &User {
    fn type_name(&self) -> &'static str {
        "user"
    }
    fn property(&self, name: &str) -> Value {
        match self.map.get(name) {
            Some(value) => value.clone(),
            None if schema::properties("user")
                .iter()
                .any(|(known, kind)| *known == name && kind.starts_with("Collection")) =>
            {
                json!([])
            }
            None => Value::Null,
        }
    }
}

/// All users, Adele Vance first.
pub fn all() -> Vec<User> {
    (0..COUNT).map(user).collect()
}

/// What a user is.
pub enum Kind {
    /// An employee.
    Staff,
    /// Invited from outside.
    Guest,
    /// A meeting room.
    Room,
    /// An account of a program.
    Service,
}

fn user(index: usize) -> User {
    let (kind, name, given, surname) = named(index);
    let id = if index == 0 {
        "87d349ed-44d7-43e1-9a83-5f2406dee5bd".to_string()
    } else {
        guid(&[1, index as u64])
    };
    let (upn, mail) = addresses(index, &kind, given, surname);
    let enabled = !(index % 13 == 12 || matches!(kind, Kind::Room));
    let mut user = User {
        index,
        id,
        upn,
        name,
        mail,
        enabled,
        mailbox: (index < MAILBOXES).then_some(index),
        manager: manager(index),
        gone: false,
        map: Map::new(),
    };
    user.map = profile::properties(&user, &kind, given, surname);
    user
}

fn named(index: usize) -> (Kind, String, Option<&'static str>, Option<&'static str>) {
    if let Some((given, surname)) = PEOPLE.get(index) {
        let name = match index {
            16 => "Lynne Robbins 🎉".to_string(),
            // The same person name in another case: only ids tell the two apart.
            24 => "ADELE VANCE".to_string(),
            19 => "李伟".to_string(),
            // As in the published licence report whose plans he holds.
            REPORTED => return (Kind::Staff, "Demo".to_string(), None, None),
            _ => format!("{given} {surname}"),
        };
        return (Kind::Staff, name, Some(given), Some(surname));
    }
    match index - PEOPLE.len() {
        guest @ 0..=9 => (Kind::Guest, OUTSIDE[guest].0.to_string(), None, None),
        room @ 10..=13 => (
            Kind::Room,
            format!(
                "Conf Room {}",
                ["Adams", "Baker", "Crystal_1", "50%"][room - 10]
            ),
            None,
            None,
        ),
        service => (
            Kind::Service,
            format!(
                "svc-{}",
                ["backup", "mail", "On-Premises Sync", "report"][service - 14]
            ),
            None,
            None,
        ),
    }
}

fn addresses(
    index: usize,
    kind: &Kind,
    given: Option<&str>,
    surname: Option<&str>,
) -> (String, Option<String>) {
    match kind {
        Kind::Staff if index < MAILBOXES => {
            let local = match index {
                3 => "patrick.o'brien".to_string(),
                4 => "juergen.mueller".to_string(),
                _ => given.unwrap_or("x").to_lowercase(),
            };
            let upn = format!("{local}@contoso.com");
            (upn.clone(), Some(upn))
        }
        Kind::Staff if index == REPORTED => {
            let upn = "Demo@BMC1016.onmicrosoft.com".to_string();
            (upn.clone(), Some(upn))
        }
        Kind::Staff => {
            let ascii: String = format!("{}{}", given.unwrap_or(""), surname.unwrap_or(""))
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect();
            // Mixed case: addresses compare without regard to it, ids do not.
            let upn = format!("{ascii}{index}@contoso.com");
            let mail = (index % 4 != 3).then(|| format!("{ascii}{index}@Contoso.com"));
            (upn, mail)
        }
        Kind::Guest => {
            let outside = OUTSIDE[index - PEOPLE.len()].1;
            (
                format!("{}#EXT#@contoso.onmicrosoft.com", outside.replace('@', "_")),
                Some(outside.to_string()),
            )
        }
        Kind::Room => (
            format!("room{index}@contoso.com"),
            Some(format!("room{index}@contoso.com")),
        ),
        Kind::Service => (format!("svc{index}@contoso.onmicrosoft.com"), None),
    }
}

fn manager(index: usize) -> Option<usize> {
    match index {
        0 => Some(2),
        // Megan is the head: nobody above her.
        2 => None,
        1..=11 => Some(0),
        12..=35 => Some(index % 4),
        // A chain of reports several levels deep.
        36..=39 => Some(index - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn sixty_distinct_users() {
        let users = all();
        assert_eq!(users.len(), 60);
        assert_eq!(users[0].upn, "adele@contoso.com");
        assert_eq!(users[3].name, "Patrick O'Brien");
        let ids: HashSet<_> = users.iter().map(|user| &user.id).collect();
        let names: HashSet<_> = users.iter().map(|user| user.upn.to_lowercase()).collect();
        assert_eq!((ids.len(), names.len()), (60, 60));
        assert_eq!(
            users
                .iter()
                .filter(|user| user.upn.contains("#EXT#"))
                .count(),
            10
        );
        assert_eq!(users.iter().filter(|user| !user.enabled).count(), 8);
    }

    #[test]
    fn every_property_in_use_exists_in_the_schema() {
        for user in all().into_iter().chain(super::super::deleted::all()) {
            for name in user.map.keys() {
                assert!(schema::member("user", name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn nullable_properties_are_null_somewhere_and_set_somewhere() {
        let users = all();
        for name in [
            "city",
            "country",
            "state",
            "department",
            "jobTitle",
            "companyName",
            "mail",
            "mobilePhone",
            "employeeId",
            "givenName",
            "userType",
            "officeLocation",
            "signInActivity",
        ] {
            let nulls = users
                .iter()
                .filter(|user| user.property(name).is_null())
                .count();
            assert!(nulls > 0 && nulls < 60, "{name}: {nulls}");
        }
    }
}
