//! `contacts/delta` of one folder and `contactFolders/delta` (FACTS 6).

#[cfg(test)]
mod tests;

use super::standing::Standing;
use super::{DEFAULT, folders, items};
use crate::demo::call::Call;
use crate::demo::delta::outlook::{Source, deleted, page};
use crate::demo::delta::{Round, Service};
use crate::demo::error::Answer;
use crate::demo::outlook::{self, place::Place};
use crate::demo::query::row::JsonRow;
use crate::demo::reply::Reply;
use crate::demo::write::ledger::Ledger;

/// `contactFolders/{id}/contacts/delta`
pub fn contacts(call: &Call, place: Place, folder: usize) -> Answer<Reply> {
    let round = Round::of(call, Service::Outlook, &["$select"])?;
    let (call, form) = (&round.call, outlook::id_form(call));
    let names = outlook::names(&items::RULES, call.query.select.as_deref())?;
    let rows = |ledger: &Ledger| {
        let place = Place { ledger, ..place };
        let standing = Standing::new(place, folder);
        let contacts = (0..standing.length()).map(|position| standing.number(position));
        let rows = contacts.map(|number| items::row(place, number, form));
        rows.map(|row| outlook::item(call, &row, &names, &outlook::expands_nothing))
            .collect()
    };
    let source = Source {
        rules: &items::RULES,
        resource: "Collection(contact)",
        rows: &rows,
        reason: &deleted,
    };
    page(&round, &source)
}

/// `contactFolders/delta`: all folders in one flat list as with mail folders, the default one left out as in every list of them (FACTS says neither).
pub fn folders(call: &Call, place: Place) -> Answer<Reply> {
    let round = Round::of(call, Service::Outlook, &["$select"])?;
    let call = &round.call;
    let names = outlook::names(&folders::RULES, call.query.select.as_deref())?;
    let rows = |ledger: &Ledger| {
        let rows = below(Place { ledger, ..place }, DEFAULT).into_iter();
        rows.map(|row| outlook::item(call, &row, &names, &outlook::expands_nothing))
            .collect()
    };
    let source = Source {
        rules: &folders::RULES,
        resource: "Collection(contactFolder)",
        rows: &rows,
        reason: &deleted,
    };
    page(&round, &source)
}

/// All folders below one, however deep.
fn below(place: Place, parent: usize) -> Vec<JsonRow> {
    let children = place.contact_folders_in(parent).into_iter();
    children
        .flat_map(|folder| {
            let mut all = vec![folders::row(place, folder)];
            all.extend(below(place, folder));
            all
        })
        .collect()
}
