//! Outlook collections whose rows are all there and whose ids are recognised by comparison (To Do, group conversations): one page, one row, and what a wrong id is told.

use super::call::Call;
use super::error::{Answer, Fault};
use super::outlook::{self, Rules, Source, malformed_id, no_item};
use super::query::row::JsonRow;
use super::reply::Reply;
use super::world::opaque;

/// The page that the call asks for.
pub fn page(call: &Call, rules: &Rules, resource: &str, rows: Vec<JsonRow>) -> Answer<Reply> {
    outlook::list(call, rules, &Source::plain(&rows, resource))
}

/// One row.
pub fn one(call: &Call, rules: &Rules, resource: &str, row: &JsonRow) -> Answer<Reply> {
    outlook::single(call, rules, resource, row, &outlook::expands_nothing)
}

/// Which of the things has the id: malformed when it could be nobody's, missing when it is nobody's.
pub fn find(length: usize, key: &str, id: impl Fn(usize) -> String) -> Answer<usize> {
    (0..length)
        .find(|number| id(*number) == key)
        .ok_or_else(|| missing(key))
}

fn missing(key: &str) -> Fault {
    if opaque::plausible(key) {
        no_item()
    } else {
        malformed_id()
    }
}
