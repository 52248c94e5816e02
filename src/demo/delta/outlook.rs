//! Rounds over collections of Outlook that are all there at any moment: contacts, events, tasks.

use super::{Round, rows};
use crate::demo::error::Answer;
use crate::demo::outlook::{self, Rules};
use crate::demo::reply::Reply;
use crate::demo::write::ledger::Ledger;

/// What such a collection is made of.
pub struct Source<'s> {
    /// Whose page sizes hold.
    pub rules: &'s Rules,
    /// What the context names.
    pub resource: &'s str,
    /// The rows as they are shown, as a ledger has them.
    pub rows: &'s dyn Fn(&Ledger) -> Answer<Vec<rows::Shown>>,
    /// Why the thing with an id is there no more.
    pub reason: &'s dyn Fn(&str) -> &'static str,
}

/// Nothing ever left where it was but by being deleted.
pub fn deleted(_: &str) -> &'static str {
    "deleted"
}

/// The page of the round that a request asks for.
pub fn page(round: &Round, source: &Source) -> Answer<Reply> {
    let take = outlook::page_size(&round.call, source.rules)?;
    let before = round.before();
    let before = before.map(|ledger| (source.rows)(&ledger)).transpose()?;
    let now = (source.rows)(&round.call.ledger)?;
    let lines = rows::lines(before, now, source.reason);
    let body = round.page(source.resource, lines, take);
    Ok(outlook::with_preferences(&round.call, Reply::json(body)))
}
