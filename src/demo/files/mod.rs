//! Files: drives, items by id and by path, children, search, delta, content, sharing, versions (FACTS 1.6).

mod address;
mod content;
mod delta;
pub mod facets;
mod list;
pub mod now;
mod row;
mod sharing;
pub mod write;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::{Answer, Fault};
use super::query::options::Query;
use super::query::row::{Row, render};
use super::query::select::{all_but, chosen, context_suffix, unknown};
use super::reply::Reply;
use super::world::drives::{Drive, Owner};
use super::world::people::User;
pub use content::file;
use now::Drives;
use row::{ItemRow, Place};

/// Drives of one owner: the first is the default one.
pub fn below_owner(
    call: &Call,
    drives: &Drives,
    users: &[User],
    owner: Owner,
    rest: &[&str],
) -> Answer<Reply> {
    let place = |drive| Place { drive, users };
    let own = || drives.iter().filter(|drive| drive.owner == owner);
    match rest {
        ["drive", "sharedWithMe" | "sharedWithMe()"] => {
            let (first, _) = address::drive(drives.iter(), owner, rest)?;
            sharing::shared_with_me(call, place(first), drives)
        }
        ["drives"] => list::drives(call, &own().map(place).collect::<Vec<_>>()),
        _ => {
            let (drive, below) = address::drive(drives.iter(), owner, rest)?;
            below_drive(call, place(drive), below)
        }
    }
}

/// `drives/{id}`
pub fn by_id(
    call: &Call,
    drives: &Drives,
    users: &[User],
    id: &str,
    rest: &[&str],
) -> Answer<Reply> {
    let drive = drives
        .iter()
        .find(|drive| drive.id == id)
        .ok_or_else(no_item)?;
    below_drive(call, Place { drive, users }, rest)
}

/// One item by its number in its drive, as the item of a library names it.
pub fn by_number(
    call: &Call,
    drive: &Drive,
    users: &[User],
    number: usize,
    rest: &[&str],
) -> Answer<Reply> {
    below_item(call, Place { drive, users }, number, rest)
}

fn below_drive(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => {
            only(&call.query, &["$select", "$expand"])?;
            let names = chosen(
                "drive",
                call.query.select.as_deref(),
                &all_but("drive", &["system", "sharePointIds"]),
            )?;
            let mut body = row::drive(place);
            body.retain(|name, value| names.contains(name) && !value.is_null());
            body.insert(
                "@odata.context".into(),
                json!(call.context(&format!(
                    "drives{}/$entity",
                    context_suffix(call.query.select.as_deref())
                ))),
            );
            Ok(Reply::json(body))
        }
        ["items"] => Err(Fault::new(
            400,
            "invalidRequest",
            "The request is malformed or incorrect.",
        )),
        [function] if function.starts_with("search(") || function.starts_with("delta") => {
            below_item(call, place, 0, &[function])
        }
        _ => match address::item(place.drive, rest)? {
            Some((named, below)) => below_item(call, place, named.there()?, below),
            None => Err(Fault::unknown_segment(rest[0])),
        },
    }
}

fn below_item(call: &Call, place: Place, item: usize, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => single(call, place, item),
        ["children"] => list::children(call, place, item),
        ["content"] => content::redirect(call, place, item),
        ["permissions", rest @ ..] => sharing::permissions(call, place, item, rest),
        ["versions", rest @ ..] => sharing::versions(call, place, item, rest),
        ["delta" | "delta()" | "microsoft.graph.delta()"] => {
            delta::delta(call, place, call.query.plain("token"))
        }
        [function] if function.starts_with("delta(token='") => delta::delta(
            call,
            place,
            function
                .strip_prefix("delta(token='")
                .and_then(|rest| rest.strip_suffix("')")),
        ),
        [function] if function.starts_with("search(q='") => {
            let text = function
                .strip_prefix("search(q='")
                .and_then(|rest| rest.strip_suffix("')"));
            // A lone quote would have ended the argument: it must be doubled (FACTS 1.6).
            let text = text.filter(|text| !text.replace("''", "").contains('\''));
            let text = text.ok_or_else(|| {
                Fault::new(
                    400,
                    "BadRequest",
                    "Syntax error in the function arguments of 'search'.",
                )
            })?;
            list::search(call, place, item, &text.replace("''", "'"))
        }
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// One item; `If-None-Match` with its tag gives 304.
fn single(call: &Call, place: Place, item: usize) -> Answer<Reply> {
    only(&call.query, &["$select", "$expand"])?;
    let row = ItemRow {
        place,
        number: item,
        origin: &call.origin,
        pathless: false,
    };
    let tag = row.property("eTag");
    let known = call
        .headers
        .get("If-None-Match")
        .and_then(|value| value.to_str().ok());
    if known.is_some() && known == tag.as_str() {
        return Ok(Reply::empty(304));
    }
    entity(call, &row)
}

/// An item by itself.
fn entity(call: &Call, row: &ItemRow) -> Answer<Reply> {
    let names = selection(&call.query)?;
    let mut body = shown(row, &names, call.query.select.is_none());
    if let Some(text) = &call.query.expand {
        body.extend(list::expand(call, row, text)?);
    }
    let context = format!(
        "drives('{}')/items{}/$entity",
        row.place.drive.id,
        context_suffix(call.query.select.as_deref())
    );
    body.insert("@odata.context".into(), json!(call.context(&context)));
    Ok(Reply::json(body))
}

/// Names under which the download address can be selected.
const DOWNLOAD: [&str; 2] = ["@microsoft.graph.downloadUrl", "content.downloadUrl"];

/// The selected names; the download address is an annotation, not a property, and `content` a stream that no listing carries.
fn selection(query: &Query) -> Answer<Vec<String>> {
    let Some(select) = &query.select else {
        return Ok(all_but("driveItem", &["content", "sharepointIds"])
            .into_iter()
            .map(String::from)
            .collect());
    };
    let (urls, names): (Vec<String>, Vec<String>) = select
        .iter()
        .cloned()
        .partition(|name| DOWNLOAD.contains(&name.as_str()));
    if names.iter().any(|name| name == "content") {
        return Err(unknown("content", "driveItem"));
    }
    let mut chosen = if names.is_empty() {
        Vec::new()
    } else {
        chosen(
            "driveItem",
            Some(&names),
            &all_but("driveItem", &["content", "sharepointIds"]),
        )?
    };
    chosen.extend(urls);
    Ok(chosen)
}

/// The item without what it does not have: facets are absent, not null.
fn shown(row: &ItemRow, names: &[String], everything: bool) -> Map<String, Value> {
    let mut map = render(row, names);
    map.retain(|_, value| !value.is_null());
    let file = row.place.drive.items[row.number].kind == super::world::drives::Kind::File;
    if file && (everything || names.iter().any(|name| DOWNLOAD.contains(&name.as_str()))) {
        map.insert(DOWNLOAD[0].into(), json!(row.download_url()));
    }
    map
}

/// 400 unless the `$` options are all among these.
fn only(query: &Query, allowed: &[&str]) -> Answer<()> {
    match query
        .sent
        .iter()
        .find(|(name, _)| name != "$format" && !allowed.contains(&name.as_str()))
    {
        Some((name, _)) => Err(Fault::new(
            400,
            "invalidRequest",
            format!("{name} is not supported on this API."),
        )),
        None => Ok(()),
    }
}

fn no_item() -> Fault {
    not_found("The resource could not be found.")
}

fn not_found(message: &str) -> Fault {
    Fault::new(404, "itemNotFound", message)
}
