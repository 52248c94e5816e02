//! The folders of a mailbox as they are now: the generated ones with their changes, and those that were made.

use std::borrow::Cow;

use super::{Place, home};
use crate::demo::world::mailbox::ROOT;
use crate::demo::write::ledger::{Entry, Shelf};

/// One folder.
pub struct Node<'w> {
    /// Display name.
    pub name: Cow<'w, str>,
    /// The number of the parent; the root is its own.
    pub parent: usize,
    /// The locale-independent name, if it has one.
    pub well_known: Option<&'static str>,
    /// Shown only with `includeHiddenFolders=true`.
    pub hidden: bool,
    /// What a search folder finds in subjects.
    pub search: Option<&'static str>,
}

/// The shelf of a mailbox's folders: their keys are their numbers, their homes the numbers of their parents.
pub fn shelf(mailbox: usize) -> String {
    format!("folders/{mailbox}")
}

impl<'w> Place<'w> {
    /// What was written about the folders.
    pub fn folder_changes(&self) -> &'w Shelf {
        self.ledger.shelf(&shelf(self.mailbox.number))
    }

    /// A folder; none if there is none.
    pub fn node(&self, folder: usize) -> Option<Node<'w>> {
        let entry = self.folder_changes().numbered(folder);
        if entry.is_some_and(|entry| entry.deleted) {
            return None;
        }
        let generated = self.mailbox.folders.get(folder);
        let written = |name: &str| entry.and_then(|entry| entry.values.get(name));
        let name = written("displayName").and_then(|name| name.as_str());
        let hidden = written("isHidden").and_then(|hidden| hidden.as_bool());
        Some(Node {
            name: Cow::Borrowed(name.or(generated.map(|folder| folder.name))?),
            parent: entry.and_then(home).or(generated.map(|it| it.parent))?,
            well_known: generated.and_then(|folder| folder.well_known),
            hidden: hidden.unwrap_or(generated.is_some_and(|folder| folder.hidden)),
            search: self.search_folder(folder),
        })
    }

    /// What a search folder finds in subjects: only generated folders are such.
    pub fn search_folder(&self, folder: usize) -> Option<&'static str> {
        self.mailbox.folders.get(folder)?.search
    }

    /// The numbers of all folders below the root.
    pub fn folders(&self) -> Vec<usize> {
        let made = |(key, entry): (&str, &Entry)| {
            let number = key.parse::<usize>().ok();
            number.filter(|_| entry.type_name.is_some())
        };
        (1..self.mailbox.folders.len())
            .chain(self.folder_changes().all().filter_map(made))
            .filter(|folder| self.node(*folder).is_some())
            .collect()
    }

    /// The numbers of the folders directly below one.
    pub fn children(&self, parent: usize, hidden: bool) -> Vec<usize> {
        let below = |folder: &usize| {
            self.node(*folder)
                .is_some_and(|node| node.parent == parent && (hidden || !node.hidden))
        };
        let mut all = self.folders();
        all.retain(below);
        all
    }

    /// Is a folder another one, or somewhere below it?
    pub fn within(&self, folder: usize, above: usize) -> bool {
        let mut at = folder;
        while at != above && at != ROOT {
            at = self.node(at).map_or(ROOT, |node| node.parent);
        }
        at == above
    }
}
