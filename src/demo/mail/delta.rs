//! `messages/delta` of one folder: everything once, then a link that has nothing more, for a world that never changes (FACTS 6).

use serde_json::{Value, json};

use super::Place;
use super::messages::{Messages, RULES, expand};
use super::row::{View, misses};
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook;
use crate::demo::page::Rows;
use crate::demo::query::eval::passes;
use crate::demo::query::filter::{Expr, Operator};
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;

const OPTIONS: &[&str] = &[
    "$select",
    "$top",
    "$expand",
    "$filter",
    "$orderby",
    "$skiptoken",
    "$deltatoken",
];
/// With a filter at most so many messages come.
const MAX_FILTERED: usize = 5_000;

/// `mailFolders/{id}/messages/delta`
pub fn delta(call: &Call, place: Place, folder: usize, view: View) -> Answer<Reply> {
    outlook::only(&call.query, OPTIONS)?;
    let filter = outlook::filter(&call.query, &RULES)?;
    supported(call, filter.as_ref())?;
    let select = outlook::names(&RULES, call.query.select.as_deref())?;
    let rows = Messages {
        place,
        folder: Some(folder),
        view,
    };
    let (start, take) = (call.skip_offset()?, outlook::page_size(call, &RULES)?);
    let most = if filter.is_some() {
        MAX_FILTERED
    } else {
        usize::MAX
    };
    let end = if call.query.deltatoken.is_some() {
        0
    } else {
        rows.length().min(most)
    };
    let mut value = Vec::new();
    for position in start..(start + take).min(end) {
        let row = rows.message(position);
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
    let next = (start + take < end).then_some(start + take);
    let body = call.page(
        "Collection(message)",
        value,
        call.delta_link(next, ("$deltatoken", "latest")),
    );
    Ok(outlook::with_preferences(call, Reply::json(body)))
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
