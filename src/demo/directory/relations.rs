//! Relations in a delta round: `members@delta` and its like, in pieces, with who is related no more as `@removed` (FACTS 6).
//!
//! FACTS has the form for members and owners; that a manager is told in the same is K.

use serde_json::{Value, json};

use super::delta::Thing;
use super::now::Directory;
use crate::demo::delta::rows::{Shown, news};
use crate::demo::world::groups::Group;
use crate::demo::world::people::User;

/// How many related objects one line tells of. FACTS says only that one group's may be spread over pages: the rest comes behind all other lines.
const PIECE: usize = 20;

/// Something that is related to an object.
#[derive(Clone, PartialEq, Eq)]
pub struct Related {
    /// `members`, `owners`, `manager`.
    pub relation: &'static str,
    type_name: &'static str,
    id: String,
}

/// The manager of a user.
pub fn of_user(directory: &Directory, user: &User) -> Vec<Related> {
    let manager = user
        .manager
        .map(|place| person(directory, "manager", place));
    manager.into_iter().collect()
}

/// The members and owners of a group.
pub fn of_group(directory: &Directory, group: &Group) -> Vec<Related> {
    let nested = group.nested.iter().map(|place| Related {
        relation: "members",
        type_name: "group",
        id: directory.groups[*place].id.clone(),
    });
    let people = |relation: &'static str, places: &[usize]| -> Vec<Related> {
        let people = places.iter();
        people
            .map(|place| person(directory, relation, *place))
            .collect()
    };
    nested
        .chain(people("members", &group.members))
        .chain(people("owners", &group.owners))
        .collect()
}

fn person(directory: &Directory, relation: &'static str, place: usize) -> Related {
    Related {
        relation,
        type_name: "user",
        id: directory.all[place].id.clone(),
    }
}

/// The lines of all that is there: what is new or changed, and then the pieces that did not fit.
pub fn lines(before: &[Thing], now: Vec<Thing>) -> Vec<Value> {
    let (mut all, mut rest) = (Vec::new(), Vec::new());
    for thing in now {
        let old = before.iter().find(|old| old.id() == thing.id());
        let told = told(old, &thing);
        let id = thing.id().to_string();
        let row = news(old.map(|old| &old.row), thing.row);
        let mut pieces = told.chunks(PIECE);
        let first = pieces.next().unwrap_or_default();
        if row.is_some() || !first.is_empty() {
            all.push(line(row.unwrap_or_else(|| bare(&id)), first));
        }
        rest.extend(pieces.map(|piece| line(bare(&id), piece)));
    }
    all.extend(rest);
    all
}

/// What is told of the relations: who is related no more, then who is now.
fn told(old: Option<&Thing>, new: &Thing) -> Vec<(&'static str, Value)> {
    let old = old.map_or(&[][..], |old| &old.related);
    let gone = old.iter().filter(|one| !new.related.contains(one));
    let gone = gone.map(|one| (one.relation, one.shown(Some("deleted"))));
    let come = new.related.iter().filter(|one| !old.contains(one));
    gone.chain(come.map(|one| (one.relation, one.shown(None))))
        .collect()
}

impl Related {
    fn shown(&self, removed: Option<&str>) -> Value {
        let mut shown =
            json!({"@odata.type": format!("#microsoft.graph.{}", self.type_name), "id": self.id});
        if let Some(reason) = removed {
            shown["@removed"] = json!({"reason": reason});
        }
        shown
    }
}

fn bare(id: &str) -> Shown {
    Shown::from_iter([("id".to_string(), json!(id))])
}

fn line(mut row: Shown, piece: &[(&'static str, Value)]) -> Value {
    for (relation, related) in piece {
        let list = row.entry(format!("{relation}@delta"));
        if let Value::Array(list) = list.or_insert_with(|| json!([])) {
            list.push(related.clone());
        }
    }
    Value::Object(row)
}
