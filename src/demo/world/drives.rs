//! The drives and their trees of folders and files: 2,000 items in all, nested nine deep, with the names that paths find hard.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::people::TENANT_ID;
use crate::demo::encoding::{base64_url, percent_encode};
use crate::demo::random::{SplitMix, guid, mix, mix_text};
use crate::demo::time::{self, DAY, SECOND};

/// Whose a drive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A user, by place.
    User(usize),
    /// The root site and the group that owns it.
    Site,
}

/// Owner, name, number of items besides the root.
const PLANS: &[(Owner, &str, usize)] = &[
    (Owner::User(0), "OneDrive", 700),
    (Owner::User(1), "OneDrive", 250),
    (Owner::User(2), "OneDrive", 150),
    (Owner::User(3), "OneDrive", 100),
    (Owner::User(4), "OneDrive", 80),
    (Owner::User(5), "OneDrive", 50),
    (Owner::User(6), "OneDrive", 20),
    (Owner::User(0), "Old files & more", 50),
    (Owner::Site, "Documents", 400),
    (Owner::Site, "Reports 100%", 200),
];

/// One drive.
#[derive(Clone)]
pub struct Drive {
    /// Its place among all drives.
    pub number: usize,
    /// `b!…`
    pub id: String,
    /// Display name.
    pub name: &'static str,
    /// Whose it is.
    pub owner: Owner,
    /// The items; the first is the root.
    pub items: Vec<Item>,
}

/// One folder, file or notebook.
#[derive(Clone)]
pub struct Item {
    /// Unique within its drive only (FACTS 2.9).
    pub id: String,
    /// Name, unique within its parent without regard to case.
    pub name: String,
    /// The place of the parent; the root is its own.
    pub parent: usize,
    /// What it is.
    pub kind: Kind,
    /// Bytes; of a folder, of everything below.
    pub size: u64,
    /// When it was last changed.
    pub modified: i64,
    /// The places of its children, by name.
    pub children: Vec<usize>,
    /// What was written to it; none for one that is as it was generated.
    pub written: Option<Written>,
}

/// What writes made of an item.
#[derive(Clone)]
pub struct Written {
    /// A write made it: nothing about it is invented.
    pub made: bool,
    /// It is gone; its place stays empty.
    pub deleted: bool,
    /// The write that changed it last.
    pub revision: u64,
    /// Its bytes, if they are not those that its name and id make.
    pub content: Option<Bytes>,
    /// What else was set.
    pub values: Map<String, Value>,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The root.
    Root,
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A notebook: neither file nor folder.
    Package,
}

/// A chain nine deep, in every drive that is large enough.
const CHAIN: &[&str] = &[
    "Projects",
    "2025",
    "Q1",
    "Europe",
    "Germany",
    "München",
    "Client #1",
    "Offers 50%",
    "O'Brien + Söhne",
];

const FOLDERS: &[&str] = &[
    "Documents",
    "Pictures",
    "Team & Partners",
    "a+b",
    "100%",
    "Über uns",
    "🎉 Events",
    "notes_old",
    "Café (new)",
];

const FILES: &[(&str, &str)] = &[
    ("Report {}", "docx"),
    ("Größe {}", "txt"),
    ("C# notes {}", "md"),
    ("100% plan {}", "xlsx"),
    ("a+b {}", "csv"),
    ("O'Brien {}", "pdf"),
    ("🎉 Party {}", "pptx"),
    ("photo_{}", "jpg"),
    ("README {}", ""),
    ("Budget & forecast {}", "xlsx"),
    ("report {}", "txt"),
    ("e\u{301}tude {}", "txt"),
];

/// All drives.
pub fn all() -> Vec<Drive> {
    PLANS
        .iter()
        .enumerate()
        .map(|(number, (owner, name, size))| drive(number, *owner, name, *size))
        .collect()
}

impl Drive {
    /// The item with an id; `root` names the root.
    pub fn find(&self, id: &str) -> Option<usize> {
        if id == "root" {
            Some(0)
        } else {
            let mut living = self.living();
            living.find(|place| self.items[*place].id == id)
        }
    }

    /// The places of the items that are there, the root first.
    pub fn living(&self) -> impl Iterator<Item = usize> {
        (0..self.items.len()).filter(|place| !self.items[*place].is_gone())
    }

    /// An item and the folders above it, up to the root.
    pub fn upwards(&self, item: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(item), |at| (*at != 0).then(|| self.items[*at].parent))
    }

    /// The item at a path of names below another, without regard to case.
    pub fn walk(&self, from: usize, names: &[&str]) -> Option<usize> {
        names.iter().try_fold(from, |place, name| {
            let wanted = name.to_lowercase();
            self.items[place]
                .children
                .iter()
                .copied()
                .find(|child| self.items[*child].name.to_lowercase() == wanted)
        })
    }

    /// The percent-encoded path of an item, each segment by itself: empty for the root.
    pub fn path(&self, item: usize) -> String {
        let mut path = String::new();
        let mut at = item;
        while at != 0 {
            path = format!("/{}{path}", percent_encode(&self.items[at].name));
            at = self.items[at].parent;
        }
        path
    }

    /// The bytes of a file: what was written, or text made from its id, as long as its size says.
    pub fn content(&self, item: usize) -> Bytes {
        let item = &self.items[item];
        if let Some(bytes) = item.written.as_ref().and_then(|it| it.content.as_ref()) {
            return bytes.clone();
        }
        let line = format!(
            "{} of drive {}: budget, plan & numbers {:016x}\r\n",
            item.name,
            self.number,
            mix_text(&item.id)
        );
        line.bytes().cycle().take(item.size as usize).collect()
    }

    /// Fills in the children of every folder, by name, and the sizes of folders.
    pub fn link(&mut self) {
        let living: Vec<usize> = self.living().collect();
        for item in &mut self.items {
            item.children.clear();
            if item.kind != Kind::File {
                item.size = 0;
            }
        }
        for place in living.into_iter().skip(1) {
            let parent = self.items[place].parent;
            self.items[parent].children.push(place);
            if self.items[place].kind == Kind::File {
                let above: Vec<usize> = self.upwards(place).skip(1).collect();
                for folder in above {
                    self.items[folder].size += self.items[place].size;
                }
            }
        }
        for place in 0..self.items.len() {
            let mut children = std::mem::take(&mut self.items[place].children);
            children.sort_by_key(|child| self.items[*child].name.to_lowercase());
            self.items[place].children = children;
        }
    }
}

impl Item {
    /// A deleted one.
    pub fn is_gone(&self) -> bool {
        self.written.as_ref().is_some_and(|it| it.deleted)
    }

    /// One that a write made.
    pub fn is_made(&self) -> bool {
        self.written.as_ref().is_some_and(|it| it.made)
    }

    /// A value that was written.
    pub fn set(&self, name: &str) -> Option<&Value> {
        self.written.as_ref()?.values.get(name)
    }

    /// How often something was counted: `changes` of the item, of its `contents`.
    pub fn counted(&self, name: &str) -> u64 {
        self.set(name).and_then(Value::as_u64).unwrap_or(0)
    }

    /// `txt` of `a.txt`.
    pub fn extension(&self) -> &str {
        self.name
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
    }
}

fn drive(number: usize, owner: Owner, name: &'static str, size: usize) -> Drive {
    let seed = [
        mix(&[100, number as u64]),
        mix(&[101, number as u64]),
        mix(&[102, number as u64]),
        mix_text(TENANT_ID),
        mix(&[103]),
        mix(&[104]),
    ];
    let bytes: Vec<u8> = seed.iter().flat_map(|part| part.to_be_bytes()).collect();
    let id = format!("b!{}", base64_url(&bytes));
    let mut items = vec![item(
        0,
        "root".into(),
        0,
        Kind::Root,
        0,
        time::date(2024, 12, 1),
    )];
    for place in 1..=size {
        let mut random = SplitMix::of(&[105, number as u64, place as u64]);
        let (name, kind) = named(place, &mut random);
        let parent = parent(&items, number, place, &mut random);
        // Every sixth file is empty; every ninth change falls into the same second as others.
        let bytes = if kind != Kind::File || place.is_multiple_of(6) {
            0
        } else {
            1 + random.below(3_000)
        };
        let seconds = if place.is_multiple_of(9) {
            0
        } else {
            random.below(86_400) as i64
        };
        let modified = time::date(2024, 12, 1) + random.below(729) as i64 * DAY + seconds * SECOND;
        items.push(item(place, name, parent, kind, bytes, modified));
    }
    let mut drive = Drive {
        number,
        id,
        name,
        owner,
        items,
    };
    drive.link();
    drive
}

/// An item's id depends on its number alone: the same ids occur in every drive.
fn item(place: usize, name: String, parent: usize, kind: Kind, size: u64, modified: i64) -> Item {
    Item {
        id: item_id(&[106, place as u64]),
        name,
        parent,
        kind,
        size,
        modified,
        children: Vec::new(),
        written: None,
    }
}

/// An id in the form that items have.
pub fn item_id(seed: &[u64]) -> String {
    const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut random = SplitMix::of(seed);
    let tail: String = (0..32).map(|_| char::from(random.pick(BASE32))).collect();
    format!("01{tail}")
}

fn named(place: usize, random: &mut SplitMix) -> (String, Kind) {
    if let Some(name) = CHAIN.get(place - 1) {
        return (name.to_string(), Kind::Folder);
    }
    if place.is_multiple_of(8) {
        let name = FOLDERS[place / 8 % FOLDERS.len()];
        return (
            if place < 80 {
                name.to_string()
            } else {
                format!("{name} {place}")
            },
            Kind::Folder,
        );
    }
    if place.is_multiple_of(97) {
        return (format!("Notebook {place}"), Kind::Package);
    }
    // A few songs and films among the papers.
    let (stem, extension) = match (place % 61, random.pick(FILES)) {
        (21, _) => ("song {}", "mp3"),
        (23, _) => ("clip {}", "mp4"),
        (_, picked) => picked,
    };
    let stem = stem.replace("{}", &place.to_string());
    (
        if extension.is_empty() {
            stem
        } else {
            format!("{stem}.{extension}")
        },
        Kind::File,
    )
}

/// The chain hangs together; half of the first drive's files lie in one folder, so that it has more than one page of 200.
fn parent(items: &[Item], drive: usize, place: usize, random: &mut SplitMix) -> usize {
    if place <= CHAIN.len() {
        return place - 1;
    }
    if place.is_multiple_of(8) && place < 80 {
        return 0;
    }
    if drive == 0 && place > 16 && random.percent(45) {
        return 16;
    }
    let folders: Vec<usize> = (0..items.len())
        .filter(|place| matches!(items[*place].kind, Kind::Folder | Kind::Root))
        .collect();
    folders[random.below(folders.len() as u64) as usize]
}

/// The GUID in an item's tags.
pub fn tag(drive: &Drive, item: usize) -> String {
    guid(&[107, drive.number as u64, item as u64]).to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_thousand_items_with_unique_names_in_each_folder() {
        let drives = all();
        assert_eq!(
            drives
                .iter()
                .map(|drive| drive.items.len() - 1)
                .sum::<usize>(),
            2_000
        );
        for drive in &drives {
            for item in &drive.items {
                let mut names: Vec<String> = item
                    .children
                    .iter()
                    .map(|child| drive.items[*child].name.to_lowercase())
                    .collect();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), item.children.len(), "{}", item.name);
            }
        }
        assert!(drives[0].items[16].children.len() > 200);
        let deep = drives[0].walk(0, CHAIN).expect("the chain");
        assert_eq!(
            drives[0].path(deep),
            "/Projects/2025/Q1/Europe/Germany/M%C3%BCnchen/Client%20%231/Offers%2050%25/O%27Brien%20%2B%20S%C3%B6hne"
        );
        assert_eq!(drives[0].items[5].id, drives[1].items[5].id);
    }

    #[test]
    fn sizes_add_up() {
        for drive in all() {
            let files: u64 = drive
                .items
                .iter()
                .filter(|item| item.kind == Kind::File)
                .map(|item| item.size)
                .sum();
            assert_eq!(drive.items[0].size, files);
        }
    }
}
