//! The subscriptions to which notifications go: those that were made here and are neither over nor waiting. What the world has from the beginning only stands in the list, since nobody ever validated its addresses.

use serde_json::{Map, Value};

use super::watched::{self, Ground};
use super::write::{IMMUTABLE, PAUSED, SECRET};
use super::{HOME, SHELF, is_over};
use crate::demo::Tenant;
use crate::demo::notify::news::{News, Step, Wish};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::world::ids::Form;
use crate::demo::write::ledger::Ledger;

/// One of them.
pub struct Live {
    /// Its id.
    pub id: String,
    /// It waits to be authorized again.
    pub paused: bool,
    row: JsonRow,
}

/// All that a ledger has now, those that wait among them.
pub fn all(tenant: &Tenant, ledger: &Ledger) -> Vec<Live> {
    let shelf = ledger.shelf(SHELF);
    let made = shelf.all().filter(|(_, entry)| !entry.deleted);
    let made = made.filter_map(|(id, entry)| Some((id, entry.created()?)));
    let there = made.filter(|(_, row)| !is_over(tenant, ledger, row));
    there
        .map(|(id, row)| Live {
            id: id.to_string(),
            paused: row.property(PAUSED) == true,
            row,
        })
        .collect()
}

/// From now on it waits to be authorized again.
pub fn pause(ledger: &mut Ledger, id: &str) {
    let waits = Map::from_iter([(PAUSED.to_string(), Value::Bool(true))]);
    ledger.set(SHELF, id, waits);
}

/// It is gone, although its subscriber did not end it.
pub fn remove(ledger: &mut Ledger, id: &str) {
    ledger.delete(SHELF, id, HOME);
}

impl Live {
    /// A property that is a text; empty without one.
    pub fn text(&self, name: &str) -> String {
        let value = self.row.property(name);
        value.as_str().unwrap_or_default().to_string()
    }

    /// What the subscriber gave to know notifications by; null without one.
    pub fn secret(&self) -> Value {
        self.row.property(SECRET)
    }

    /// What a write changed that it asked for. Of what is not there any more nothing can be said.
    pub fn news(&self, step: &Step) -> Vec<News> {
        let resource = self.text("resource");
        let creator = self.text("creatorId");
        let ground = Ground {
            tenant: &step.tenant.at(step.after),
            ledger: step.after,
            me: Some(&creator),
        };
        let found = watched::find(&ground, &resource).ok();
        let Some(watched) = found.or_else(|| watched::gone(&resource)) else {
            return Vec::new();
        };
        let form = match self.row.property(IMMUTABLE) == true {
            true => Form::Immutable,
            false => Form::Mutable,
        };
        let filter = watched.filter(&resource).unwrap_or_default();
        let changes = self.text("changeType");
        let asked = |news: &News| {
            let mut names = changes.split(',').map(str::trim);
            names.any(|name| name == news.change.name())
        };
        let all = watched.news(step, &resource, &Wish { form, filter });
        all.into_iter().filter(asked).collect()
    }
}
