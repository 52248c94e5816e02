//! `$search` on messages: KQL, sorted by sent time, at most 1,000 hits, and alone (FACTS 2.3).

use serde_json::Value;

use super::messages::{Messages, RULES, expand, resource};
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook;
use crate::demo::page::Rows;
use crate::demo::query::kql;
use crate::demo::query::options::Query;
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;

const MAX_HITS: usize = 1_000;

/// The page of hits that the call asks for.
pub fn search(call: &Call, rows: &Messages) -> Answer<Reply> {
    let query = &call.query;
    alone(query)?;
    let text = query.search.as_deref().unwrap_or_default();
    let kql = kql::parse(text).map_err(|reason| Fault::new(400, "BadRequest", reason))?;
    let select = outlook::names(&RULES, query.select.as_deref())?;
    let (start, take) = (call.skip_offset()?, outlook::page_size(call, &RULES)?);
    let mut hits: Vec<usize> = (0..rows.length())
        .filter(|position| {
            rows.shows(*position) && kql::finds(&kql, &rows.message(*position).searchable())
        })
        .take(MAX_HITS)
        .collect();
    hits.sort_by_cached_key(|position| {
        std::cmp::Reverse(rows.message(*position).property("sentDateTime").to_string())
    });
    let mut value = Vec::new();
    for position in hits.iter().skip(start).take(take) {
        let row = rows.message(*position);
        let expand = |row: &dyn Row, text: &str| expand(rows.place, row, text);
        value.push(Value::Object(outlook::item(call, &row, &select, &expand)?));
    }
    let next = (start + take < hits.len()).then_some(start + take);
    let body = call.page(
        &resource(rows.place, rows.folder),
        value,
        call.skip_link(next),
    );
    Ok(outlook::with_preferences(call, Reply::json(body)))
}

/// FACTS gives the code for `$orderby`; those of the others are K.
fn alone(query: &Query) -> Answer<()> {
    let others = [
        ("$orderby", "SearchWithOrderBy"),
        ("$filter", "SearchWithFilter"),
        ("$count", "ErrorInvalidUrlQuery"),
        ("$skip", "ErrorInvalidUrlQuery"),
    ];
    for (option, code) in others {
        if query.has(option) {
            return Err(Fault::new(
                400,
                code,
                format!("The query parameter '{option}' is not supported with '$search'."),
            ));
        }
    }
    outlook::only(
        query,
        &["$search", "$select", "$top", "$expand", "$skiptoken"],
    )
}
