//! `todo/lists/delta` and `todo/lists/{id}/tasks/delta` (FACTS 6). They take `$select`, which the lists themselves do not.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::{LISTS, TASKS, id, lists, tasks};
use crate::demo::call::Call;
use crate::demo::delta::outlook::{Source, deleted, page};
use crate::demo::delta::rows::Shown;
use crate::demo::delta::{Round, Service};
use crate::demo::error::Answer;
use crate::demo::outlook::place::Place;
use crate::demo::outlook::{self, Rules};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::write::ledger::Ledger;

/// The `$filter` that the documentation has is a copy error (FACTS 6).
const OPTIONS: &[&str] = &["$select", "$top", "$expand"];

/// `todo/lists/delta`
pub fn of_lists(call: &Call, place: Place) -> Answer<Reply> {
    respond(call, &LISTS, &|ledger| lists(Place { ledger, ..place }))
}

/// `todo/lists/{id}/tasks/delta`
pub fn of_tasks(call: &Call, place: Place, list: &JsonRow) -> Answer<Reply> {
    let was_there = |place: Place| lists(place).iter().any(|known| id(known) == id(list));
    respond(call, &TASKS, &|ledger| {
        let place = Place { ledger, ..place };
        // A list that was not there had no tasks.
        match was_there(place) {
            true => tasks(place, list),
            false => Vec::new(),
        }
    })
}

fn respond(call: &Call, rules: &Rules, all: &dyn Fn(&Ledger) -> Vec<JsonRow>) -> Answer<Reply> {
    let round = Round::of(call, Service::Outlook, OPTIONS)?;
    let call = &round.call;
    let names = outlook::names(rules, call.query.select.as_deref())?;
    let rows = |ledger: &Ledger| -> Answer<Vec<Shown>> {
        let rows = all(ledger).into_iter();
        rows.map(|row| outlook::item(call, &row, &names, &expand))
            .collect()
    };
    let source = Source {
        rules,
        resource: &format!("Collection({})", rules.type_name),
        rows: &rows,
        reason: &deleted,
    };
    page(&round, &source)
}

/// FACTS does not say what can be expanded: what a task has none of here is shown so, all else is refused.
fn expand(row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    match text {
        "checklistItems" | "linkedResources" if row.type_name() == "todoTask" => {
            Ok(vec![(text.to_string(), json!([]))])
        }
        _ => outlook::expands_nothing(row, text),
    }
}
