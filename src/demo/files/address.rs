//! Which drive and which item an address names: by id, by a path below an item, or a place where nothing is yet.

use super::{no_item, not_found};
use crate::demo::error::{Answer, Fault};
use crate::demo::world::drives::{Drive, Owner};

/// What an address in a drive names.
#[derive(Debug, Clone, PartialEq)]
pub enum Named {
    /// An item, by its id or by the name that it has for all.
    Item(usize),
    /// An item, by its path.
    AtPath(usize),
    /// Nothing: of a path, the deepest item that is there and the names that are missing below it.
    Missing {
        /// The deepest item there is.
        above: usize,
        /// The rest of the path; never empty.
        names: Vec<String>,
    },
}

impl Named {
    /// What names below an item lead to.
    pub fn below<'n>(drive: &Drive, from: usize, names: impl Iterator<Item = &'n str>) -> Named {
        let mut at = from;
        let mut missing = Vec::new();
        for name in names {
            match drive.walk(at, &[name]).filter(|_| missing.is_empty()) {
                Some(next) => at = next,
                None => missing.push(name.to_string()),
            }
        }
        match missing.is_empty() {
            true => Named::AtPath(at),
            false => Named::Missing {
                above: at,
                names: missing,
            },
        }
    }

    /// The item; 404 when there is none.
    pub fn there(&self) -> Answer<usize> {
        match self {
            Named::Item(item) | Named::AtPath(item) => Ok(*item),
            Named::Missing { .. } => Err(no_item()),
        }
    }
}

/// The drive of an owner, the first being the default one, and what follows. A drive that was never provisioned is not found (FACTS 1.6).
pub fn drive<'d, 'r>(
    drives: impl Iterator<Item = &'d Drive>,
    owner: Owner,
    rest: &'r [&'r str],
) -> Answer<(&'d Drive, &'r [&'r str])> {
    let mut own = drives.filter(|drive| drive.owner == owner);
    match rest {
        ["drive", below @ ..] => {
            let first = own.next();
            let first = first.ok_or_else(|| not_found("User's mysite not found."))?;
            Ok((first, below))
        }
        ["drives", id, below @ ..] => {
            let drive = own.find(|drive| drive.id == *id).ok_or_else(no_item)?;
            Ok((drive, below))
        }
        _ => Err(Fault::unknown_segment(rest.first().unwrap_or(&""))),
    }
}

/// What is named below a drive, and what follows: `root`, `root:/a/b:`, `items/{id}`, `items/{id}:/a/b:`, `special/documents`. None for anything else.
pub fn item<'r>(drive: &Drive, rest: &'r [&'r str]) -> Answer<Option<(Named, &'r [&'r str])>> {
    let found = match rest {
        ["root", rest @ ..] => (Named::Item(0), rest),
        ["root:", rest @ ..] => by_path(drive, 0, rest),
        ["items", id, rest @ ..] => match id.strip_suffix(':') {
            Some(id) => by_path(drive, drive.find(id).ok_or_else(no_item)?, rest),
            None => (Named::Item(drive.find(id).ok_or_else(no_item)?), rest),
        },
        ["special", "documents", rest @ ..] => {
            let item = drive.walk(0, &["Documents"]).ok_or_else(no_item)?;
            (Named::Item(item), rest)
        }
        _ => return Ok(None),
    };
    Ok(Some(found))
}

/// `/a/b`, `/a/b:`, `/a/b:/children`
fn by_path<'r>(drive: &Drive, from: usize, rest: &'r [&'r str]) -> (Named, &'r [&'r str]) {
    let end = rest.iter().position(|segment| segment.ends_with(':'));
    let (path, after) = match end {
        Some(end) => (&rest[..=end], &rest[end + 1..]),
        None => (rest, &rest[rest.len()..]),
    };
    let names = path
        .iter()
        .map(|name| name.strip_suffix(':').unwrap_or(name))
        .filter(|name| !name.is_empty());
    (Named::below(drive, from, names), after)
}
