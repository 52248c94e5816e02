//! What a write does to one drive's shelf of the ledger: items are made, changed, filled and removed, and the folders above learn of it.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::author;
use crate::demo::Tenant;
use crate::demo::files::now::{now, shelf};
use crate::demo::files::row::{ItemRow, Place};
use crate::demo::files::sharing::all_versions;
use crate::demo::query::row::JsonRow;
use crate::demo::quickxor::quick_xor;
use crate::demo::time;
use crate::demo::world::drives::{Drive, Kind};
use crate::demo::write::ledger::Ledger;
use crate::demo::write::route::Write;

/// One drive that is being written to.
pub struct Store<'s> {
    /// The generated world.
    pub tenant: &'s Tenant,
    /// What is being changed.
    pub ledger: &'s mut Ledger,
    /// The drive, by its number.
    pub number: usize,
    /// Who writes.
    pub by: Value,
}

/// What a new item is.
pub enum Content {
    /// A folder.
    Folder,
    /// A notebook.
    Package,
    /// A file, with its bytes.
    File(Bytes),
}

impl<'s> Store<'s> {
    /// For a request.
    pub fn of(write: &'s mut Write, number: usize) -> Store<'s> {
        Store {
            tenant: write.tenant,
            by: author(write.tenant, &write.call.caller),
            ledger: &mut *write.ledger,
            number,
        }
    }

    /// The drive as the write has left it so far.
    pub fn drive(&self) -> Cow<'s, Drive> {
        now(&self.tenant.drives[self.number], self.ledger)
    }

    /// A new item in a folder; its place. More may be said about it.
    pub fn make(
        &mut self,
        parent: usize,
        name: &str,
        content: Content,
        more: Map<String, Value>,
    ) -> usize {
        let at = self.ledger.now();
        let kind = match content {
            Content::Folder => "folder",
            Content::Package => "package",
            Content::File(_) => "file",
        };
        let mut values = more;
        values.extend(map(json!({
            "name": name, "parent": parent, "kind": kind, "created": at, "modified": at,
            "createdBy": self.by, "lastModifiedBy": self.by,
        })));
        if let Content::File(bytes) = content {
            values.insert("versions".into(), json!([self.version(1, bytes.len())]));
            values.extend(self.filled(bytes));
        }
        let place = self.next();
        let row = JsonRow {
            type_name: "driveItem",
            map: values,
            annotations: Vec::new(),
        };
        let shelf = shelf(self.number);
        self.ledger.create(&shelf, &place.to_string(), "", row);
        place
    }

    /// Changes what is said about an item: another etag.
    pub fn change(&mut self, item: usize, values: Map<String, Value>) {
        let drive = self.drive();
        let mut all = self.first_written(&drive, item);
        all.extend(values);
        all.insert(
            "changes".into(),
            json!(drive.items[item].counted("changes") + 1),
        );
        all.insert("modified".into(), json!(self.ledger.now()));
        all.insert("lastModifiedBy".into(), self.by.clone());
        self.set(item, all);
    }

    /// Says more about an item that was just made or filled: the same change.
    pub fn tell(&mut self, item: usize, values: Map<String, Value>) {
        self.set(item, values);
    }

    /// Gives a file other bytes: another version, and another tag of the content.
    pub fn fill(&mut self, item: usize, bytes: Bytes) {
        let drive = self.drive();
        let mut versions = all_versions(self.place(&drive), item);
        versions.insert(0, self.version(versions.len() + 1, bytes.len()));
        let mut values = map(json!({"versions": versions}));
        if let Some(Value::Object(known)) = drive.items[item].set("fileSystemInfo") {
            let mut known = known.clone();
            let at = time::show(self.ledger.now());
            known.insert("lastModifiedDateTime".into(), json!(at));
            values.insert("fileSystemInfo".into(), Value::Object(known));
        }
        values.extend(self.filled(bytes));
        self.change(item, values);
        self.touch(item);
    }

    /// Takes an item away, with everything below it.
    pub fn remove(&mut self, item: usize) {
        let drive = self.drive();
        let shelf = shelf(self.number);
        let below = |place: &usize| drive.upwards(*place).any(|above| above == item);
        let all: Vec<usize> = drive.living().filter(below).collect();
        for place in all {
            self.ledger.delete(&shelf, &place.to_string(), "");
        }
        self.touch(drive.items[item].parent);
    }

    /// The content of an item changed, and with it that of every folder above.
    pub fn touch(&mut self, item: usize) {
        let drive = self.drive();
        for place in drive.upwards(item) {
            let contents = drive.items[place].counted("contents") + 1;
            self.set(place, map(json!({"contents": contents})));
        }
    }

    fn set(&mut self, item: usize, values: Map<String, Value>) {
        let shelf = shelf(self.number);
        self.ledger.set(&shelf, &item.to_string(), values);
    }

    /// Places follow one another: behind the generated ones stand those made so far.
    fn next(&self) -> usize {
        let shelf = self.ledger.shelf(&shelf(self.number));
        let made = shelf.all().filter(|(_, entry)| entry.type_name.is_some());
        self.tenant.drives[self.number].items.len() + made.count()
    }

    fn place<'d>(&'d self, drive: &'d Drive) -> Place<'d> {
        Place {
            drive,
            users: &self.tenant.users,
        }
    }

    /// What was derived from the generated time of the last change has to be written down before that changes.
    fn first_written(&self, drive: &Drive, number: usize) -> Map<String, Value> {
        if drive.items[number].set("created").is_some() {
            return Map::new();
        }
        let place = self.place(drive);
        let row = ItemRow {
            place,
            number,
            origin: "",
            pathless: true,
        };
        let mut values = map(json!({"created": row.created()}));
        if drive.items[number].kind == Kind::File {
            values.insert("versions".into(), json!(all_versions(place, number)));
        }
        values
    }

    fn filled(&mut self, bytes: Bytes) -> Map<String, Value> {
        let (size, hash) = (bytes.len(), quick_xor(&bytes));
        let blob = self.ledger.keep(bytes);
        map(json!({"size": size, "hash": hash, "blob": blob}))
    }

    fn version(&self, number: usize, size: usize) -> Value {
        json!({
            "id": format!("{number}.0"), "lastModifiedDateTime": time::show(self.ledger.now()),
            "lastModifiedBy": self.by, "size": size,
        })
    }
}

/// The properties of a JSON object.
pub fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
