//! Finds folders that users name: by id, by well-known name, or by path.

use std::sync::Arc;

use super::Step;
use super::fetch::{Holds, Waiter};
use crate::catalog::{Service, Source, Table};
use crate::decode::{ID, Page, Shape};
use crate::error::{Error, Kind, Result};
use crate::graph::fault;
use crate::odata::{Options, path_segment};
use crate::plan::bind::{Bound, Place, drive_path};

/// Names that stand for folders in every language (FACTS §1.1).
const WELL_KNOWN: &[&str] = &[
    "archive",
    "clutter",
    "conflicts",
    "conversationhistory",
    "deleteditems",
    "drafts",
    "inbox",
    "junkemail",
    "localfailures",
    "msgfolderroot",
    "outbox",
    "recoverableitemsdeletions",
    "scheduled",
    "searchfolders",
    "sentitems",
    "serverfailures",
    "syncissues",
];

/// The path of a step's target, and the path of names above its rows; `None` when a folder that was
/// named cannot exist.
pub(super) fn resolve(
    waiter: &Waiter<'_>,
    table: &'static Table,
    step: &Step,
    bound: &Bound,
) -> Result<Option<(String, Arc<str>)>> {
    let (path, name) = match &step.target.place {
        Place::Path(path) => return Ok(Some((path.clone(), Arc::clone(&step.above)))),
        Place::Folder { path, name } => (*path, name.as_str()),
    };
    let owner = &step.target.owner;
    let path = path.replace("{owner}", owner);
    if table.service == Service::Drive {
        return Ok(drive_folder(waiter, table, owner, &path, name)?.map(|path| (path, "".into())));
    }
    let Some(id) = mail_folder(waiter, owner, name)? else {
        return Err(
            Error::new(Kind::NotFound, format!("there is no mail folder `{name}`")).next(
                "Give its id, a well-known name such as inbox, or a path such as Inbox/Projects",
            ),
        );
    };
    let uses_tree = bound
        .columns
        .iter()
        .any(|column| table.columns[*column].source == Source::TreePath);
    let above = if uses_tree {
        names_above(waiter, owner, &id)?
    } else {
        String::new()
    };
    Ok(Some((
        path.replace("{key}", &path_segment(&id)),
        above.into(),
    )))
}

/// The id of what is at a path.
pub(super) fn id_at(
    waiter: &Waiter<'_>,
    table: &'static Table,
    path: &str,
) -> Result<Option<String>> {
    let shape = Arc::new(Shape::new(table, &[], &[]));
    let page = read(waiter, &shape, Holds::Item, &format!("{path}?$select=id"))?;
    Ok(page.and_then(|page| text(&page, 0, ID)))
}

/// A drive folder's children: the name is a path when it has a slash, else an id, else a path after all.
fn drive_folder(
    waiter: &Waiter<'_>,
    table: &'static Table,
    owner: &str,
    by_id: &str,
    name: &str,
) -> Result<Option<String>> {
    let trimmed = name.trim_matches('/');
    if trimmed.is_empty() || trimmed.eq_ignore_ascii_case("root") {
        return Ok(Some(format!("{owner}/root/children")));
    }
    let by_path =
        drive_path(&format!("/{trimmed}")).map(|path| format!("{owner}/root:{path}:/children"));
    if name.contains('/') {
        return Ok(by_path);
    }
    let item = format!("{owner}/items/{}", path_segment(name));
    match id_at(waiter, table, &item)? {
        Some(_) => Ok(Some(by_id.replace("{key}", &path_segment(name)))),
        None => Ok(by_path),
    }
}

/// The id of a mail folder, or a well-known name, which Graph takes wherever it takes an id.
fn mail_folder(waiter: &Waiter<'_>, owner: &str, name: &str) -> Result<Option<String>> {
    let well_known = |name: &str| {
        let lower = name.to_ascii_lowercase();
        WELL_KNOWN.contains(&lower.as_str()).then_some(lower)
    };
    if let Some(name) = well_known(name) {
        return Ok(Some(name));
    }
    let segments: Vec<&str> = name
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let [first, rest @ ..] = segments.as_slice() else {
        return Ok(None);
    };
    let top = match well_known(first) {
        Some(id) => Some(id),
        None => child(waiter, &format!("{owner}/mailFolders"), first)?,
    };
    let Some(mut id) = top else {
        // Not a name: an id then, if there is such a folder.
        let table = &crate::catalog::MAIL_FOLDERS;
        return id_at(
            waiter,
            table,
            &format!("{owner}/mailFolders/{}", path_segment(name)),
        );
    };
    for segment in rest {
        let children = format!("{owner}/mailFolders/{}/childFolders", path_segment(&id));
        match child(waiter, &children, segment)? {
            Some(child) => id = child,
            None => return Ok(None),
        }
    }
    Ok(Some(id))
}

/// The id of the child with a display name: letter for letter, else without regard to case.
fn child(waiter: &Waiter<'_>, path: &str, name: &str) -> Result<Option<String>> {
    let table = &crate::catalog::MAIL_FOLDERS;
    let Some(column) = table.property("displayName") else {
        return Ok(None);
    };
    let shape = Arc::new(Shape::new(table, &[column], &[]));
    let cell = shape.cell(column).unwrap_or(ID);
    let mut options = Options::default();
    options.push("includeHiddenFolders", "true");
    options.push("$select", "id,displayName");
    options.push("$top", table.page.to_string());
    let mut next = Some(options.on(path));
    let mut similar = None;
    while let Some(path) = next {
        let Some(page) = read(waiter, &shape, Holds::Page, &path)? else {
            break;
        };
        for row in 0..page.len() {
            match text(&page, row, cell) {
                Some(found) if found == name => return Ok(text(&page, row, ID)),
                Some(found) if found.to_lowercase() == name.to_lowercase() => {
                    similar = similar.or(text(&page, row, ID));
                }
                _ => {}
            }
        }
        next = page.next.clone();
    }
    Ok(similar)
}

/// The names on the way from the root to a folder, the folder's own included.
fn names_above(waiter: &Waiter<'_>, owner: &str, id: &str) -> Result<String> {
    let table = &crate::catalog::MAIL_FOLDERS;
    let columns: Vec<usize> = ["displayName", "parentFolderId"]
        .iter()
        .filter_map(|path| table.property(path))
        .collect();
    let shape = Arc::new(Shape::new(table, &columns, &[]));
    let root = id_at(waiter, table, &format!("{owner}/mailFolders/msgfolderroot"))?;
    let mut names = String::new();
    let mut id = Some(id.to_owned());
    while let Some(folder) = id {
        let path = format!(
            "{owner}/mailFolders/{}?$select=id,displayName,parentFolderId",
            path_segment(&folder)
        );
        let Some(page) = read(waiter, &shape, Holds::Item, &path)? else {
            break;
        };
        if page.is_empty() || text(&page, 0, ID) == root {
            break;
        }
        let cell = |n: usize| shape.cell(columns[n]).and_then(|cell| text(&page, 0, cell));
        names = format!("/{}{names}", cell(0).unwrap_or_default());
        id = cell(1);
    }
    Ok(names)
}

/// Reads what is at a path (or at a whole nextLink); `None` when there is nothing.
fn read(waiter: &Waiter<'_>, shape: &Arc<Shape>, holds: Holds, path: &str) -> Result<Option<Page>> {
    let url = if path.contains("://") {
        path.to_owned()
    } else {
        waiter.environment.client.url(path)
    };
    let fetch = waiter.fetch(shape, holds, false);
    match waiter.wait(async move { fetch(url).await })? {
        Ok(page) => Ok(Some(page)),
        Err(error) if fault::is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn text(page: &Page, row: usize, cell: usize) -> Option<String> {
    match page.is_empty() {
        true => None,
        false => page.cell(row, cell).as_text().map(str::to_owned),
    }
}
