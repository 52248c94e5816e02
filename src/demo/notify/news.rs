//! What one write changed, as notifications tell it: two states of the ledger compared, as a delta round does (FACTS 3.5).

use serde_json::{Value, json};

use crate::demo::Tenant;
use crate::demo::query::eval::{Misses, passes};
use crate::demo::query::filter::Expr;
use crate::demo::query::row::Row;
use crate::demo::world::ids::Form;
use crate::demo::write::ledger::{Entry, Ledger};

/// What happened to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new, or came into the folder.
    Created,
    /// It is another than before.
    Updated,
    /// It is gone, or left the folder.
    Deleted,
}

impl Change {
    /// As `changeType` has it.
    pub fn name(self) -> &'static str {
        match self {
            Change::Created => "created",
            Change::Updated => "updated",
            Change::Deleted => "deleted",
        }
    }
}

/// One change of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// What happened.
    pub change: Change,
    /// The thing: `Users/{id}/Messages/{id}`.
    pub resource: String,
    /// `resourceData`.
    pub data: Value,
}

/// One write.
#[derive(Clone, Copy)]
pub struct Step<'s> {
    /// The tenant as it was generated.
    pub tenant: &'s Tenant,
    /// The ledger without it.
    pub before: &'s Ledger,
    /// The ledger with it.
    pub after: &'s Ledger,
}

impl<'s> Step<'s> {
    /// What it changed on a shelf.
    pub fn changed(&self, shelf: &str) -> impl Iterator<Item = (&'s str, &'s Entry)> {
        self.after.shelf(shelf).since(self.before.writes())
    }
}

/// In which form a subscription wants ids, and of which things alone it wants to hear.
pub struct Wish {
    /// The form that was preferred when the subscription was made (FACTS 2.9; C/outlook-immutable-id).
    pub form: Form,
    /// The `$filter` of the resource.
    pub filter: Option<Expr>,
}

impl Wish {
    /// Whether the subscription wants to hear of a thing.
    pub fn includes(&self, row: &dyn Row, misses: Misses) -> bool {
        let filter = self.filter.as_ref();
        filter.is_none_or(|filter| passes(filter, row, misses))
    }
}

/// A thing as a subscription sees it at one time.
pub struct Sight {
    /// Where it lies. One that moves is deleted here and created there, for a subscription to the whole mailbox too (I microsoft-graph-docs#14914, #11710), and with immutable ids as well (K).
    pub home: String,
    /// Its id then.
    pub id: String,
    /// Its etag then.
    pub etag: Value,
    /// The subscription wants to hear of it.
    pub wanted: bool,
}

impl Sight {
    /// Of a row.
    pub fn of(home: impl ToString, row: &dyn Row, wanted: bool) -> Sight {
        let annotations = row.annotations().into_iter();
        let etag = annotations.filter(|(name, _)| *name == "@odata.etag");
        Sight {
            home: home.to_string(),
            id: row.property("id").as_str().unwrap_or_default().to_string(),
            etag: etag.map(|(_, etag)| etag).next().unwrap_or_default(),
            wanted,
        }
    }
}

/// Things of one mailbox of one kind.
pub struct Kind<'k> {
    /// Where their changes are.
    pub shelf: String,
    /// The path of the collection: `Users/{id}/Messages`.
    pub collection: String,
    /// Their type: `Message`.
    pub type_name: &'k str,
    /// The thing with a key as the subscription sees it with a ledger; none if it does not.
    pub sight: &'k dyn Fn(&Ledger, &str) -> Option<Sight>,
}

impl Kind<'_> {
    /// What a write did to them.
    pub fn news(&self, step: &Step) -> Vec<News> {
        let keys = step.changed(&self.shelf).map(|(key, _)| key);
        keys.flat_map(|key| {
            let sight = |ledger| (self.sight)(ledger, key);
            self.compared(sight(step.before), sight(step.after))
        })
        .collect()
    }

    fn compared(&self, before: Option<Sight>, after: Option<Sight>) -> Vec<News> {
        let changes = match (before, after) {
            (Some(before), Some(after)) if before.home == after.home => {
                vec![(Change::Updated, after)]
            }
            (before, after) => {
                let gone = before.map(|before| (Change::Deleted, before));
                let new = after.map(|after| (Change::Created, after));
                gone.into_iter().chain(new).collect()
            }
        };
        let wanted = changes.into_iter().filter(|(_, sight)| sight.wanted);
        wanted
            .map(|(change, sight)| self.told(change, &sight))
            .collect()
    }

    fn told(&self, change: Change, sight: &Sight) -> News {
        let resource = format!("{}/{}", self.collection, sight.id);
        let mut data = json!({
            "@odata.type": format!("#Microsoft.Graph.{}", self.type_name),
            "@odata.id": resource, "id": sight.id,
        });
        // What is gone has no version (K).
        if change != Change::Deleted && !sight.etag.is_null() {
            data["@odata.etag"] = sight.etag.clone();
        }
        News {
            change,
            resource,
            data,
        }
    }
}
