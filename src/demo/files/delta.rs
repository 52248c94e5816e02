//! `root/delta`: every item in one flat list, then what was written since (FACTS 6). A folder changes with all that is below it: its size and its count do.

use serde_json::{Map, Value};

use super::list::page_size;
use super::row::{ItemRow, Place};
use super::{only, selection, shown};
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::reply::Reply;
use crate::demo::sha256::seal;

/// The token of a world that was never written to.
const UNCHANGED: &str = "none-changed";
/// What a deleted item still tells.
const OF_DELETED: [&str; 4] = ["id", "name", "deleted", "parentReference"];

/// Which part of which round is asked for.
struct Round {
    /// After this write; none in the first round.
    since: Option<u64>,
    /// Up to this one: what comes during the round is for the next.
    upto: u64,
    /// The place of the first item of the page.
    start: usize,
}

/// `delta`, `delta?token=…`, `delta(token='…')`
pub fn delta(call: &Call, place: Place, token: Option<&str>) -> Answer<Reply> {
    only(&call.query, &["$select", "$expand", "$top", "$skiptoken"])?;
    let names = selection(&call.query)?;
    let (round, take) = (Round::of(call, token)?, page_size(call)?);
    let mut changed = (round.start..place.drive.items.len()).filter(|item| round.has(place, *item));
    let value = changed.by_ref().take(take);
    let value = value.map(|number| {
        let row = ItemRow {
            place,
            number,
            origin: &call.origin,
            pathless: true,
        };
        Value::Object(line(&row, &names, call.query.select.is_none()))
    });
    let value = value.collect();
    let next = changed.next().map(|start| round.packed(start));
    let link = call
        .skip_link(next)
        .or_else(|| over(call).delta_link(None, ("token", &token_of(round.upto))));
    Ok(Reply::json(call.page("Collection(driveItem)", value, link)))
}

/// The request without its token, for the link to the next round.
fn over(call: &Call) -> Call {
    let mut first = call.clone();
    first.query.plain.retain(|(name, _)| name != "token");
    if let Some((path, _)) = first.path.rsplit_once("(token=") {
        first.path = path.into();
    }
    first
}

fn line(row: &ItemRow, names: &[String], everything: bool) -> Map<String, Value> {
    if !row.place.drive.items[row.number].is_gone() {
        return shown(row, names, everything);
    }
    let told = names
        .iter()
        .filter(|name| OF_DELETED.contains(&name.as_str()));
    shown(row, &told.cloned().collect::<Vec<_>>(), false)
}

impl Round {
    fn of(call: &Call, token: Option<&str>) -> Answer<Round> {
        let written = call.ledger.writes();
        let lost = || resync(call);
        let since = match token {
            None => None,
            Some("latest") => Some(written),
            Some(token) => {
                let since = since(token).filter(|since| *since <= written);
                Some(since.ok_or_else(lost)?)
            }
        };
        // The links onwards of a round that has begun are good to its end.
        if call.query.skiptoken.is_none()
            && token.is_some_and(|token| token != "latest")
            && since.is_some_and(|since| call.is_expired(since))
        {
            return Err(lost());
        }
        // What a skip token says: the round's end above, the place below.
        let offset = call.skip_offset()? as u64;
        Ok(Round {
            since,
            upto: match call.query.skiptoken {
                Some(_) => offset >> 32,
                None => written,
            },
            start: (offset & u64::from(u32::MAX)) as usize,
        })
    }

    fn packed(&self, start: usize) -> usize {
        ((self.upto << 32) | start as u64) as usize
    }

    fn has(&self, place: Place, item: usize) -> bool {
        let item = &place.drive.items[item];
        match self.since {
            None => !item.is_gone(),
            Some(since) => {
                let written = item.written.as_ref();
                written.is_some_and(|written| written.revision > since)
            }
        }
    }
}

fn token_of(upto: u64) -> String {
    match upto {
        0 => UNCHANGED.into(),
        _ => format!("{upto}.{}", seal("drive delta", &upto.to_string())),
    }
}

fn since(token: &str) -> Option<u64> {
    if token == UNCHANGED {
        return Some(0);
    }
    let upto = token.split_once('.')?.0.parse().ok()?;
    (token_of(upto) == token).then_some(upto)
}

/// FACTS 6: the address is where to start over.
fn resync(call: &Call) -> Fault {
    let first = over(call);
    Fault::new(
        410,
        "resyncRequired",
        "Resync required. Replace any local items with the server's version.",
    )
    .header("Location", first.address(&first.options()))
}
