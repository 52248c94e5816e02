//! Finds folders that users name: by id, by well-known name, or by path.

use std::sync::Arc;

use super::Step;
use super::fetch::{Holds, Waiter};
use crate::cache::{Chain, Found, Question, Turn, cache};
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
        path.replace("{folder}", &path_segment(&id)),
        above.into(),
    )))
}

/// The id of what is at a path.
pub(super) fn id_at(
    waiter: &Waiter<'_>,
    table: &'static Table,
    path: &str,
) -> Result<Option<String>> {
    let chain = chain(waiter, table, &[], &format!("{path}?$select=id"));
    let page = page(waiter, &chain, 0, Holds::Item)?;
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
        Some(_) => Ok(Some(by_id.replace("{folder}", &path_segment(name)))),
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
    let mut options = Options::default();
    options.push("includeHiddenFolders", "true");
    options.push("$select", "id,displayName");
    options.push("$top", table.page.to_string());
    let chain = chain(waiter, table, &[column], &options.on(path));
    let cell = chain.shape.cell(column).unwrap_or(ID);
    let mut similar = None;
    let mut n = 0;
    while let Some(page) = page(waiter, &chain, n, Holds::Page)? {
        for row in 0..page.len() {
            match text(&page, row, cell) {
                Some(found) if found == name => return Ok(text(&page, row, ID)),
                Some(found) if found.to_lowercase() == name.to_lowercase() => {
                    similar = similar.or(text(&page, row, ID));
                }
                _ => {}
            }
        }
        n += 1;
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
    let root = id_at(waiter, table, &format!("{owner}/mailFolders/msgfolderroot"))?;
    let mut names = String::new();
    let mut id = Some(id.to_owned());
    while let Some(folder) = id {
        let path = format!(
            "{owner}/mailFolders/{}?$select=id,displayName,parentFolderId",
            path_segment(&folder)
        );
        let chain = chain(waiter, table, &columns, &path);
        let Some(page) = page(waiter, &chain, 0, Holds::Item)? else {
            break;
        };
        if page.is_empty() || text(&page, 0, ID) == root {
            break;
        }
        let cell = |n: usize| {
            chain
                .shape
                .cell(columns[n])
                .and_then(|cell| text(&page, 0, cell))
        };
        names = format!("/{}{names}", cell(0).unwrap_or_default());
        id = cell(1);
    }
    Ok(names)
}

/// The chain of a request that finds a place, kept like any other: a join finds its folder once.
fn chain(waiter: &Waiter<'_>, table: &'static Table, columns: &[usize], path: &str) -> Arc<Chain> {
    let mut columns = columns.to_vec();
    columns.sort_unstable();
    let question = Question {
        family: format!(
            "{path}\nplace {} {}",
            table.name, waiter.environment.client.identity
        ),
        filter: String::new(),
        order: String::new(),
        columns,
        top: table.page,
        count: false,
        url: waiter.environment.client.url(path),
    };
    let policy = waiter.environment.policy();
    let shape = Arc::new(Shape::new(table, &question.columns, &[], None));
    match cache().open(question, shape, &[], None, policy) {
        Found::Same(chain) | Found::Wider(chain) => chain,
    }
}

/// A page of such a chain; `None` behind the last one and where there is nothing.
fn page(
    waiter: &Waiter<'_>,
    chain: &Arc<Chain>,
    n: usize,
    holds: Holds,
) -> Result<Option<Arc<Page>>> {
    let fetch = waiter.fetch(&chain.shape, holds, false, None);
    let Turn::Page(loading, _) = chain.page(n, &fetch) else {
        // Too large to be kept: thousands of folders side by side.
        return Err(
            Error::new(Kind::Internal, "a list of folders does not fit the cache")
                .next("Raise CacheSize"),
        );
    };
    match waiter.wait(loading)? {
        Err(error) if fault::is_absent(&error) => {
            chain.close();
            Ok(None)
        }
        other => other,
    }
}

fn text(page: &Page, row: usize, cell: usize) -> Option<String> {
    match page.is_empty() {
        true => None,
        false => page.cell(row, cell).as_text().map(str::to_owned),
    }
}
