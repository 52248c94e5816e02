//! Contacts: what answers below a user's `contacts` and `contactFolders` (FACTS 1.3).

mod delta;
mod folders;
mod items;
pub mod news;
mod standing;
pub mod write;

use super::call::Call;
use super::delta::is_delta;
use super::error::{Answer, Fault};
use super::outlook::no_item;
use super::outlook::place::Place;
use super::reply::Reply;
use super::world::ids::Kind;

/// The place of the default folder.
const DEFAULT: usize = 0;

impl Place<'_> {
    /// The folder that a path segment names.
    pub fn contact_folder(&self, key: &str) -> Answer<usize> {
        let folder = self.number(Kind::ContactFolder, key, usize::MAX)?;
        self.contact_folder_node(folder).ok_or_else(no_item)?;
        Ok(folder)
    }

    /// The contact of a segment; below a folder only one that lies in it.
    fn contact(&self, folder: Option<usize>, key: &str) -> Answer<usize> {
        let number = self.number(Kind::Contact, key, usize::MAX)?;
        let lies = || folder.is_none_or(|folder| folder == self.contact_home(number));
        if self.has_contact(number) && lies() {
            Ok(number)
        } else {
            Err(no_item())
        }
    }
}

/// Answers below `contacts` and `contactFolders`.
pub fn respond(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    match rest {
        ["contacts", rest @ ..] => below_contacts(call, place, None, rest),
        ["contactFolders", rest @ ..] => below_folders(call, place, DEFAULT, rest),
        _ => Err(Fault::unknown_segment(rest.first().unwrap_or(&""))),
    }
}

fn below_folders(call: &Call, place: Place, parent: usize, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => folders::list(call, place, parent),
        [function] if parent == DEFAULT && is_delta(function) => delta::folders(call, place),
        ["$count"] => folders::count(call, place, parent),
        [key] => folders::single(call, place, child(place, parent, key)?),
        [key, "childFolders", rest @ ..] => {
            below_folders(call, place, child(place, parent, key)?, rest)
        }
        [key, "contacts", rest @ ..] => {
            below_contacts(call, place, Some(child(place, parent, key)?), rest)
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// The folder of a segment. Below `contactFolders` any folder answers, the default one too; below `childFolders` only a child does.
fn child(place: Place, parent: usize, key: &str) -> Answer<usize> {
    let folder = place.contact_folder(key)?;
    let node = place.contact_folder_node(folder);
    if parent == DEFAULT || node.is_some_and(|node| node.parent == parent) {
        Ok(folder)
    } else {
        Err(no_item())
    }
}

/// A list without a folder is of the default folder, while an item without one may lie in any.
fn below_contacts(
    call: &Call,
    place: Place,
    folder: Option<usize>,
    rest: &[&str],
) -> Answer<Reply> {
    match rest {
        [] => items::list(call, place, folder),
        [function] if is_delta(function) => match folder {
            Some(folder) => delta::contacts(call, place, folder),
            // FACTS 6: delta is per folder.
            None => Err(Fault::unknown_segment(function)),
        },
        ["$count"] => items::count(call, place, folder),
        [key] => items::single(call, place, place.contact(folder, key)?),
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}
