//! The ledger: everything that was written, laid over a world that is made from seeds. What is not in it is as it was generated, so that a mailbox of a million messages stays a formula.

mod past;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::demo::encoding::base64;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::{guid, mix, mix_text};
use crate::demo::time::{self, SECOND};

/// Numbers of created things begin here: above those of everything generated, and within what an id can hold.
pub const CREATED: usize = 0x4000_0000;

/// All changes. A clone is cheap: what a write does not touch is shared.
#[derive(Clone, Default)]
pub struct Ledger {
    shelves: BTreeMap<String, Arc<Shelf>>,
    writes: u64,
    made: usize,
    /// What is too large to be a value: the content of files.
    blobs: Arc<BTreeMap<usize, Bytes>>,
}

/// The changes of one set of things, such as the messages of one mailbox. Within it a thing is known by a key that never changes, and lies in a home: a folder, a list, a parent.
#[derive(Clone, Default)]
pub struct Shelf {
    entries: BTreeMap<Arc<str>, Arc<Entry>>,
    /// Keys of the living things whose home is written down, in order of arrival.
    homes: BTreeMap<Arc<str>, Vec<Arc<str>>>,
}

/// What is known about one changed or created thing.
#[derive(Clone, Default)]
pub struct Entry {
    /// The type of a created thing; none for one that the world generates.
    pub type_name: Option<&'static str>,
    /// The properties that were set; all of them for a created thing.
    pub values: Map<String, Value>,
    /// Where it lies; none for where it was generated.
    pub home: Option<Arc<str>>,
    /// The homes that it left, oldest first.
    pub left: Vec<Left>,
    /// It is gone.
    pub deleted: bool,
    /// The write that changed it last.
    pub revision: u64,
    /// The `@odata.etag` that a created thing began with.
    pub etag: Option<String>,
    /// What was known before each later write, the oldest first.
    past: Vec<Arc<Entry>>,
}

/// A home that a thing left.
#[derive(Clone)]
pub struct Left {
    /// Which one.
    pub home: Arc<str>,
    /// By which write.
    pub revision: u64,
}

static EMPTY: Shelf = Shelf {
    entries: BTreeMap::new(),
    homes: BTreeMap::new(),
};

impl Ledger {
    /// Begins the next write: its instant is one second after the last one's.
    pub fn begin(&mut self) {
        self.writes += 1;
    }

    /// How many writes there were; the revision of what the present one changes.
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// The demo's noon and one second for each write: no clock is asked.
    pub fn now(&self) -> i64 {
        time::today() + (12 * 3_600 + self.writes as i64) * SECOND
    }

    /// The number of a thing that is about to be created.
    pub fn number(&mut self) -> usize {
        self.made += 1;
        CREATED + self.made - 1
    }

    /// The GUID of a thing that is about to be created.
    pub fn guid(&mut self, kind: &str) -> String {
        guid(&[98, mix_text(kind), self.number() as u64])
    }

    /// Keeps bytes, under a number by which a value may name them.
    pub fn keep(&mut self, bytes: Bytes) -> usize {
        let number = self.number();
        Arc::make_mut(&mut self.blobs).insert(number, bytes);
        number
    }

    /// Bytes that were kept.
    pub fn kept(&self, number: usize) -> Option<Bytes> {
        self.blobs.get(&number).cloned()
    }

    /// Bytes that no value names any more.
    pub fn release(&mut self, number: usize) {
        Arc::make_mut(&mut self.blobs).remove(&number);
    }

    /// The changes on a shelf; an empty one when there are none.
    pub fn shelf(&self, name: &str) -> &Shelf {
        self.shelves.get(name).map_or(&EMPTY, Arc::as_ref)
    }

    /// Puts a new thing into a home.
    pub fn create(&mut self, shelf: &str, key: &str, home: &str, row: JsonRow) {
        let mut entry = Entry {
            type_name: Some(row.type_name),
            values: row.map,
            ..Entry::default()
        };
        let etag = row
            .annotations
            .into_iter()
            .find(|(name, _)| *name == "@odata.etag");
        entry.etag = etag.and_then(|(_, etag)| etag.as_str().map(String::from));
        self.alter(shelf, key, |old| {
            entry.home = old.home.take();
            entry.left = std::mem::take(&mut old.left);
            entry.past = std::mem::take(&mut old.past);
            *old = entry;
        });
        self.alter_home(shelf, key, Some(home));
    }

    /// Sets properties of a thing.
    pub fn set(&mut self, shelf: &str, key: &str, values: Map<String, Value>) {
        self.alter(shelf, key, |entry| entry.values.extend(values));
    }

    /// Moves a thing from the home in which it lies to another.
    pub fn relocate(&mut self, shelf: &str, key: &str, from: &str, to: &str) {
        self.leave(shelf, key, from);
        self.alter_home(shelf, key, Some(to));
    }

    /// Takes a thing away for good.
    pub fn delete(&mut self, shelf: &str, key: &str, from: &str) {
        self.leave(shelf, key, from);
        self.alter(shelf, key, |entry| entry.deleted = true);
        self.alter_home(shelf, key, None);
    }

    fn leave(&mut self, shelf: &str, key: &str, from: &str) {
        let left = Left {
            home: from.into(),
            revision: self.writes,
        };
        self.alter(shelf, key, |entry| entry.left.push(left));
    }

    fn alter(&mut self, shelf: &str, key: &str, change: impl FnOnce(&mut Entry)) {
        let revision = self.writes;
        let entries = &mut self.open(shelf).entries;
        let is_known = entries.contains_key(key);
        let entry = Arc::make_mut(entries.entry(key.into()).or_default());
        if is_known {
            entry.remember(revision);
        }
        change(entry);
        entry.revision = revision;
    }

    fn alter_home(&mut self, shelf: &str, key: &str, home: Option<&str>) {
        let home: Option<Arc<str>> = home.map(Into::into);
        let mut old = None;
        self.alter(shelf, key, |entry| {
            old = std::mem::replace(&mut entry.home, home.clone());
        });
        let homes = &mut self.open(shelf).homes;
        if let Some(keys) = old.and_then(|old| homes.get_mut(&old)) {
            keys.retain(|known| **known != *key);
        }
        if let Some(home) = home {
            homes.entry(home).or_default().push(key.into());
        }
    }

    fn open(&mut self, shelf: &str) -> &mut Shelf {
        let shelf = self.shelves.entry(shelf.to_string()).or_default();
        Arc::make_mut(shelf)
    }
}

impl Shelf {
    /// What is known about a thing; none when it is as it was generated.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key).map(Arc::as_ref)
    }

    /// What is known about a thing that goes by a number.
    pub fn numbered(&self, number: usize) -> Option<&Entry> {
        if self.entries.is_empty() {
            return None;
        }
        self.get(&number.to_string())
    }

    /// Everything changed, by key.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries
            .iter()
            .map(|(key, entry)| (key.as_ref(), entry.as_ref()))
    }

    /// Everything changed after a write: what a delta round reports.
    pub fn since(&self, revision: u64) -> impl Iterator<Item = (&str, &Entry)> {
        self.all()
            .filter(move |(_, entry)| entry.revision > revision)
    }

    /// The living things that came into a home, by creation or by a move.
    pub fn at_home(&self, home: &str) -> impl Iterator<Item = (&str, &Entry)> {
        let keys = self.homes.get(home).map_or(&[][..], Vec::as_slice);
        keys.iter()
            .filter_map(|key| Some((key.as_ref(), self.get(key)?)))
    }

    /// A collection that is made whole, as the ledger has it: the deleted gone, the changed changed, the created behind the others. The key of each row is its `id`; one that moved was [adopted](Ledger::adopt) before.
    pub fn laid_over(&self, home: &str, rows: Vec<JsonRow>) -> Vec<JsonRow> {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.property("id");
            match id.as_str().and_then(|id| self.get(id)) {
                None => all.push(row),
                Some(entry) if entry.deleted || entry.type_name.is_some() => {}
                Some(entry) => all.push(entry.over(row)),
            }
        }
        let created = self.at_home(home).filter_map(|(_, entry)| entry.created());
        all.extend(created);
        all
    }
}

impl Ledger {
    /// Writes a generated row down whole, as if it had been created in its home: afterwards it may move although nothing else can make it.
    pub fn adopt(&mut self, shelf: &str, key: &str, home: &str, row: JsonRow) {
        self.create(shelf, key, home, row);
    }
}

impl Entry {
    /// A generated row with the changes on it.
    pub fn over(&self, mut row: JsonRow) -> JsonRow {
        if let Some(key) = row.map.get_mut("changeKey") {
            *key = self.stamped(key);
        }
        row.map.extend(self.values.clone());
        row.annotations = self.marked(row.annotations);
        row
    }

    /// The row of a created thing.
    pub fn created(&self) -> Option<JsonRow> {
        let mut row = JsonRow {
            type_name: self.type_name?,
            map: self.values.clone(),
            annotations: Vec::new(),
        };
        if let Some(key) = row.map.get_mut("changeKey") {
            *key = self.stamped(key);
        }
        let etag = self.etag.iter().map(|etag| ("@odata.etag", json!(etag)));
        row.annotations = self.marked(etag.collect());
        Some(row)
    }

    /// The same annotations, the etag another one after each write.
    fn marked(&self, mut annotations: Vec<Annotation>) -> Vec<Annotation> {
        for (name, value) in &mut annotations {
            if *name == "@odata.etag" {
                *value = self.stamped(value);
            }
        }
        annotations
    }

    /// An etag or change key after the last write: what stands between the quotes is made anew, so that the two of one item go on agreeing.
    fn stamped(&self, tag: &Value) -> Value {
        let Some(tag) = tag.as_str() else {
            return tag.clone();
        };
        let quotes = tag.find('"').zip(tag.rfind('"'));
        let (from, to) = quotes.map_or((0, tag.len()), |(from, to)| (from + 1, to));
        let part = |half: u64| mix(&[97, mix_text(&tag[from..to]), self.revision, half]);
        let bytes = [part(0).to_be_bytes(), part(1).to_be_bytes()].concat();
        json!(format!("{}{}{}", &tag[..from], base64(&bytes), &tag[to..]))
    }
}

type Annotation = (&'static str, Value);
