//! `messages/delta` of one folder: everything once, then what was written since (FACTS 6).

use serde_json::{Value, json};

use super::Place;
use super::messages::{Messages, RULES, expand};
use super::row::{MessageRow, View, misses};
use crate::demo::call::Call;
use crate::demo::delta::{Round, Service};
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook;
use crate::demo::page::Rows;
use crate::demo::query::eval::passes;
use crate::demo::query::filter::{Expr, Operator};
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::world::ids::{Form, Item, Kind, encode};

const OPTIONS: &[&str] = &["$select", "$top", "$expand", "$filter", "$orderby"];
/// With a filter at most so many messages come.
const MAX_FILTERED: usize = 5_000;

/// `mailFolders/{id}/messages/delta`
pub fn delta(call: &Call, place: Place, folder: usize, view: View) -> Answer<Reply> {
    let round = Round::of(call, Service::Outlook, OPTIONS)?;
    let (call, place) = (&round.call, place.at(&round.call.ledger));
    let filter = outlook::filter(&call.query, &RULES)?;
    supported(call, filter.as_ref())?;
    let select = outlook::names(&RULES, call.query.select.as_deref())?;
    let take = outlook::page_size(call, &RULES)?;
    let lines = match round.since {
        Some(since) => Lines::Later(later(place, folder, since)),
        None => Lines::First(Messages::new(place, Some(folder), view)),
    };
    let most = if filter.is_some() {
        MAX_FILTERED
    } else {
        usize::MAX
    };
    let length = lines.length().min(most);
    let end = (round.start + take).min(length);
    let mut value = Vec::new();
    for position in round.start..end {
        let row = match lines.line(position) {
            Line::There(number) => MessageRow::new(place, number, view),
            Line::Gone(number, part, reason) => {
                value.push(removed(place, number, part, reason, view));
                continue;
            }
        };
        if filter
            .as_ref()
            .is_none_or(|filter| passes(filter, &row, misses))
        {
            let expand = |row: &dyn Row, text: &str| expand(place, row, text);
            let mut item = outlook::item(call, &row, &select, &expand)?;
            item.insert(
                "@odata.type".into(),
                json!(format!("#microsoft.graph.{}", row.type_name())),
            );
            value.push(Value::Object(item));
        }
    }
    let link = round.link((end < length).then_some(end));
    let body = call.page("Collection(message)", value, Some(link));
    Ok(outlook::with_preferences(call, Reply::json(body)))
}

/// One line of a round.
#[derive(Clone, Copy)]
enum Line {
    /// A message that lies in the folder.
    There(usize),
    /// One that lay there, with the part of the id that it had then, and why it is gone.
    Gone(usize, usize, &'static str),
}

/// All lines of a round.
enum Lines<'w> {
    /// The whole folder.
    First(Messages<'w>),
    /// What was written since.
    Later(Vec<Line>),
}

impl Lines<'_> {
    fn length(&self) -> usize {
        match self {
            Lines::First(rows) => rows.length(),
            Lines::Later(lines) => lines.len(),
        }
    }

    fn line(&self, position: usize) -> Line {
        match self {
            Lines::First(rows) => Line::There(rows.number(position)),
            Lines::Later(lines) => lines[position],
        }
    }
}

/// What was written after a revision, as this folder sees it.
fn later(place: Place, folder: usize, since: u64) -> Vec<Line> {
    let mut lines = Vec::new();
    for (key, entry) in place.changes.since(since) {
        let Ok(number) = key.parse() else { continue };
        if place.has(number) && place.folder_of(number) == folder {
            lines.push(Line::There(number));
            continue;
        }
        let home = folder.to_string();
        let left = entry
            .left
            .iter()
            .rposition(|left| *left.home == home && left.revision > since);
        // What lies elsewhere now has left the view; what lies nowhere is deleted.
        let reason = if entry.deleted { "deleted" } else { "changed" };
        lines.extend(left.map(|part| Line::Gone(number, part, reason)));
    }
    lines
}

fn removed(place: Place, number: usize, part: usize, reason: &str, view: View) -> Value {
    let item = Item {
        kind: Kind::Message,
        mailbox: place.mailbox.number,
        number,
        part: if view.form == Form::Mutable { part } else { 0 },
    };
    json!({"@odata.type": "#microsoft.graph.message", "id": encode(item, view.form), "@removed": {"reason": reason}})
}

/// `$filter=receivedDateTime ge|gt x` and `$orderby=receivedDateTime desc` only.
fn supported(call: &Call, filter: Option<&Expr>) -> Answer<()> {
    let by_time = |filter: &Expr| matches!(filter, Expr::Compare(path, Operator::Ge | Operator::Gt, _) if path == &["receivedDateTime"]);
    let newest = ("receivedDateTime".to_string(), true);
    if filter.is_none_or(by_time) && call.query.orderby.iter().all(|term| *term == newest) {
        return Ok(());
    }
    Err(Fault::new(
        400,
        "ErrorInvalidUrlQuery",
        "The following parameters are not supported with change tracking over the 'messages' resource.",
    ))
}
