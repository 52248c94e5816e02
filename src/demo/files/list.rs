//! Lists of items: children, search, delta; skip tokens, no `$skip`, no `$count`, hardly any `$filter` (FACTS 1.6, 6).

use serde_json::{Map, Value, json};

use super::row::{ItemRow, Place, drive};
use super::{only, selection, shown};
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::page::{self, Rows, Window};
use crate::demo::query::check::{self, Action};
use crate::demo::query::eval::never_misses;
use crate::demo::query::filter::{Expr, parse};
use crate::demo::query::row::Row;
use crate::demo::query::search::words;
use crate::demo::query::select::{all_but, chosen, unknown};
use crate::demo::reply::Reply;
use crate::demo::world::drives::Kind;

const PAGE: usize = 200;
/// FACTS 1.6 gives 999 or 1000 as the maximum; larger values are clamped, so that a page may hold fewer rows than `$top` asked for.
const MAX_PAGE: usize = 999;
/// So much of a file is looked at for words.
const SEARCHED: usize = 1 << 20;
const SORTS: [&str; 3] = ["name", "size", "lastModifiedDateTime"];

/// `children`
pub fn children(call: &Call, place: Place, parent: usize) -> Answer<Reply> {
    only(
        &call.query,
        &[
            "$select",
            "$expand",
            "$orderby",
            "$top",
            "$skiptoken",
            "$filter",
        ],
    )?;
    let numbers = place.drive.items[parent].children.clone();
    let resource = format!(
        "drives('{}')/items('{}')/children",
        place.drive.id, place.drive.items[parent].id
    );
    respond(
        call,
        &Items {
            place,
            numbers,
            origin: &call.origin,
            pathless: false,
        },
        &resource,
    )
}

/// `search(q='…')`: everything below the item whose name or content has words that begin so.
pub fn search(call: &Call, place: Place, below: usize, text: &str) -> Answer<Reply> {
    only(
        &call.query,
        &["$select", "$expand", "$orderby", "$top", "$skiptoken"],
    )?;
    let wanted = words(text);
    if wanted.is_empty() {
        return Err(Fault::new(
            400,
            "invalidRequest",
            "The search text must not be empty.",
        ));
    }
    let found = |number: &usize| {
        let item = &place.drive.items[*number];
        let inside = place.drive.upwards(*number).any(|at| at == below);
        let content = if item.kind == Kind::File {
            let bytes = place.drive.content(*number);
            String::from_utf8_lossy(&bytes[..bytes.len().min(SEARCHED)]).into_owned()
        } else {
            String::new()
        };
        let have = [words(&item.name), words(&content)].concat();
        inside
            && wanted
                .iter()
                .all(|word| have.iter().any(|token| token.starts_with(word)))
    };
    let numbers = place.drive.living().skip(1).filter(found).collect();
    respond(
        call,
        &Items {
            place,
            numbers,
            origin: &call.origin,
            pathless: true,
        },
        "Collection(driveItem)",
    )
}

/// `drives`
pub fn drives(call: &Call, places: &[Place]) -> Answer<Reply> {
    only(
        &call.query,
        &["$select", "$expand", "$orderby", "$top", "$skiptoken"],
    )?;
    let names = chosen(
        "drive",
        call.query.select.as_deref(),
        &all_but("drive", &["system", "sharePointIds"]),
    )?;
    let (start, take) = (call.skip_offset()?, page_size(call)?);
    let mut all: Vec<Map<String, Value>> = places.iter().map(|place| drive(*place)).collect();
    for (name, descending) in &call.query.orderby {
        if name != "name" {
            return Err(unsortable(name));
        }
        all.sort_by_key(|drive| drive["name"].as_str().unwrap_or("").to_lowercase());
        if *descending {
            all.reverse();
        }
    }
    let shown = all.into_iter().skip(start).take(take).map(|mut drive| {
        drive.retain(|name, value| names.contains(name) && !value.is_null());
        Value::Object(drive)
    });
    let next = (start + take < places.len()).then_some(start + take);
    Ok(Reply::json(call.page(
        "drives",
        shown.collect(),
        call.skip_link(next),
    )))
}

/// `$expand=children` or `thumbnails`; nothing else is served here.
pub fn expand(call: &Call, row: &ItemRow, text: &str) -> Answer<Vec<(String, Value)>> {
    match text.split('(').next().unwrap_or("") {
        "children" => {
            let names: Vec<String> = all_but("driveItem", &["content", "sharepointIds"])
                .into_iter()
                .map(String::from)
                .collect();
            let children = row.place.drive.items[row.number].children.iter().take(PAGE);
            let rows = children.map(|number| ItemRow {
                place: row.place,
                number: *number,
                origin: &call.origin,
                pathless: false,
            });
            Ok(vec![(
                "children".into(),
                rows.map(|row| Value::Object(shown(&row, &names, true)))
                    .collect(),
            )])
        }
        "thumbnails" => Ok(vec![("thumbnails".into(), json!([]))]),
        other => Err(Fault::new(
            400,
            "notSupported",
            format!("Expanding '{other}' is not supported."),
        )),
    }
}

struct Items<'w> {
    place: Place<'w>,
    numbers: Vec<usize>,
    origin: &'w str,
    pathless: bool,
}

impl<'w> Items<'w> {
    fn row(&self, position: usize) -> ItemRow<'w> {
        ItemRow {
            place: self.place,
            number: self.numbers[position],
            origin: self.origin,
            pathless: self.pathless,
        }
    }
}

impl Rows for Items<'_> {
    fn length(&self) -> usize {
        self.numbers.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(self.row(position))
    }
}

fn respond(call: &Call, rows: &Items, resource: &str) -> Answer<Reply> {
    let names = selection(&call.query)?;
    let filter = filter(call)?;
    let window = Window {
        filter: filter.as_ref(),
        misses: never_misses,
        also: None,
        order: order(call)?,
        backwards: false,
        start: call.skip_offset()?,
        take: page_size(call)?,
        scan: usize::MAX,
    };
    let page = page::cut(rows, &window);
    let mut value = Vec::new();
    for position in page.positions {
        let row = rows.row(position);
        let mut item = shown(&row, &names, call.query.select.is_none());
        if let Some(text) = &call.query.expand {
            item.extend(expand(call, &row, text)?);
        }
        value.push(Value::Object(item));
    }
    Ok(Reply::json(call.page(
        resource,
        value,
        call.skip_link(page.next),
    )))
}

/// `name eq 'x'` alone; a facet compared with null is 501, everything else is refused (FACTS 1.6).
fn filter(call: &Call) -> Answer<Option<Expr>> {
    let Some(text) = &call.query.filter else {
        return Ok(None);
    };
    let refuse = |reason: String| {
        Fault::new(
            400,
            "invalidRequest",
            format!("Invalid filter clause: {reason}"),
        )
    };
    let expr = parse(text).map_err(refuse)?;
    let uses =
        check::uses("driveItem", &expr, false).map_err(|misfit| refuse(format!("{misfit:?}")))?;
    if uses
        .iter()
        .any(|one| matches!(one.action, Action::IsNull | Action::NotNull))
    {
        return Err(Fault::new(501, "notSupported", "Operation not supported"));
    }
    if uses
        .iter()
        .any(|one| one.path != "name" || one.action != Action::Eq || one.negated)
        || uses.len() != 1
    {
        return Err(refuse("only 'name eq' is supported on this API.".into()));
    }
    Ok(Some(expr))
}

fn order(call: &Call) -> Answer<Vec<(Vec<String>, bool)>> {
    call.query
        .orderby
        .iter()
        .map(|(name, descending)| {
            if crate::demo::query::schema::member("driveItem", name).is_none() {
                return Err(unknown(name, "driveItem"));
            }
            if SORTS.contains(&name.as_str()) {
                Ok((vec![name.clone()], *descending))
            } else {
                Err(unsortable(name))
            }
        })
        .collect()
}

fn unsortable(name: &str) -> Fault {
    Fault::new(
        400,
        "invalidRequest",
        format!("Sorting by '{name}' is not supported on this API."),
    )
}

/// How many items a page has.
pub fn page_size(call: &Call) -> Answer<usize> {
    match call.query.top {
        Some(0) => Err(Fault::new(
            400,
            "invalidRequest",
            "The value of $top must be positive.",
        )),
        Some(top) => Ok((top as usize).min(MAX_PAGE)),
        None => Ok(PAGE),
    }
}
