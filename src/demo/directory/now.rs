//! Users and groups as they are now: those of the world with the ledger's changes on them. Everyone keeps a place for good, since places are what relations are made of; who is gone is left out of lists and relations.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use crate::demo::World;
use crate::demo::world::groups::Group;
use crate::demo::world::people::User;
use crate::demo::write::ledger::{Ledger, Shelf};

/// The shelf of users, by id. Besides properties an entry has the id of the `manager`.
pub const USERS: &str = "users";
/// The shelf of groups, by id. Besides properties an entry has lists of ids: `members` and `owners`.
pub const GROUPS: &str = "groups";

/// The directory at one time.
pub struct Directory {
    /// Users by place, those who are gone too.
    pub all: Vec<User>,
    /// Groups by place, those that are gone too.
    pub groups: Vec<Group>,
    /// Users who can be restored, the latest first: those whom a write deleted, then those of the world.
    pub deleted: Vec<User>,
}

impl Directory {
    /// Does the ledger say anything about it?
    pub fn is_changed(ledger: &Ledger) -> bool {
        let changed = |shelf: &str| ledger.shelf(shelf).all().next().is_some();
        changed(USERS) || changed(GROUPS)
    }

    /// The directory of a ledger.
    pub fn at(world: &World, ledger: &Ledger) -> Directory {
        let mut directory = Directory {
            all: world.users.clone(),
            groups: world.groups.clone(),
            deleted: world.deleted.clone(),
        };
        let known = ledger.shelf(USERS);
        directory
            .deleted
            .retain(|user| known.get(&user.id).is_none());
        directory.lay_users(ledger.shelf(USERS));
        directory.lay_groups(ledger.shelf(GROUPS));
        directory.part_from_the_gone();
        directory
    }

    /// Who is there, in the directory's own order.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.all.iter().filter(|user| !user.gone)
    }

    fn lay_users(&mut self, shelf: &Shelf) {
        for (place, (_, entry)) in (self.all.len()..).zip(shelf.at_home(USERS)) {
            self.all.push(User::created(place, &entry.values));
        }
        let mut deleted = Vec::new();
        for place in 0..self.all.len() {
            let Some(entry) = shelf.get(&self.all[place].id) else {
                continue;
            };
            let mut values = entry.values.clone();
            if let Some(manager) = values.remove("manager") {
                self.all[place].manager = self.place(&manager);
            }
            let user = &mut self.all[place];
            user.set(&values);
            user.gone =
                entry.deleted || values.get("deletedDateTime").is_some_and(Value::is_string);
            if user.gone && !entry.deleted {
                deleted.push((entry.revision, as_deleted(user)));
            }
        }
        deleted.sort_by_key(|(revision, _)| Reverse(*revision));
        let deleted = deleted.into_iter().map(|(_, user)| user);
        self.deleted = deleted.chain(std::mem::take(&mut self.deleted)).collect();
    }

    fn lay_groups(&mut self, shelf: &Shelf) {
        for (_, entry) in shelf.at_home(GROUPS) {
            self.groups.push(Group::created(&Map::from_iter([(
                "id".to_string(),
                entry.values["id"].clone(),
            )])));
        }
        for place in 0..self.groups.len() {
            let Some(entry) = shelf.get(&self.groups[place].id) else {
                continue;
            };
            let mut values = entry.values.clone();
            if let Some(members) = values.remove("members") {
                self.groups[place].members = self.places(&members);
                self.groups[place].nested = self.group_places(&members);
            }
            if let Some(owners) = values.remove("owners") {
                self.groups[place].owners = self.places(&owners);
            }
            let group = &mut self.groups[place];
            group.set(&values);
            group.gone = entry.deleted;
        }
    }

    fn place(&self, id: &Value) -> Option<usize> {
        let mut users = self.all.iter();
        users.position(|user| *id == user.id.as_str())
    }

    fn places(&self, ids: &Value) -> Vec<usize> {
        let ids = ids.as_array().into_iter().flatten();
        ids.filter_map(|id| self.place(id)).collect()
    }

    fn group_places(&self, ids: &Value) -> Vec<usize> {
        let place = |id: &Value| {
            self.groups
                .iter()
                .position(|group| *id == group.id.as_str())
        };
        let ids = ids.as_array().into_iter().flatten();
        ids.filter_map(place).collect()
    }

    /// Nobody is related to one who is gone.
    fn part_from_the_gone(&mut self) {
        let users: Vec<bool> = self.all.iter().map(|user| user.gone).collect();
        let groups: Vec<bool> = self.groups.iter().map(|group| group.gone).collect();
        for user in &mut self.all {
            user.manager = user.manager.filter(|place| !users[*place] && !user.gone);
        }
        for group in &mut self.groups {
            group.members.retain(|place| !users[*place] && !group.gone);
            group.owners.retain(|place| !users[*place]);
            group.nested.retain(|place| !groups[*place] && !group.gone);
        }
    }
}

/// The id before the name makes the name free for somebody else (K), as with those whom the world deleted.
fn as_deleted(user: &User) -> User {
    let mut user = user.clone();
    let upn = format!("{}{}", user.id.replace('-', ""), user.upn);
    user.set(&Map::from_iter([(
        "userPrincipalName".to_string(),
        json!(upn),
    )]));
    user
}
