//! `users/delta` and `groups/delta`: two states of the directory compared (FACTS 6). What is told of relations has a file of its own.

#[cfg(test)]
mod tests;

use serde_json::Value;

use super::list::{bad_request, selection, unsupported};
use super::now::Directory;
use super::relations::{Related, lines, of_group, of_user};
use super::rules::{GROUP, Rules, USER};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::delta::rows::{Shown, id, removed};
use crate::demo::delta::{Round, Service};
use crate::demo::error::{Answer, Fault};
use crate::demo::query::filter::{Expr, Literal, Operator, parse};
use crate::demo::query::options::Query;
use crate::demo::query::row::{Row, render};
use crate::demo::query::select::context_suffix;
use crate::demo::reply::Reply;
use crate::demo::world::people::User;

/// FACTS 6: nobody can choose it; how large it is, FACTS does not say.
const PAGE: usize = 50;
/// FACTS 2.7.
const MAX_IDS: usize = 50;

/// `users/delta`. The first round has those who can be restored too, as removed (FACTS 6: they "may also occur").
pub fn users(call: &Call, tenant: &Tenant) -> Answer<Reply> {
    let round = Round::of(call, Service::Directory, &["$select", "$filter"])?;
    let asked = Asked::of(&round.call.query, &USER, &["manager"])?;
    let shown = |directory: &Directory| -> Vec<Thing> {
        let users = directory.users();
        users
            .map(|user| asked.thing(&user, of_user(directory, user)))
            .collect()
    };
    let (before, now) = moments(&round, tenant);
    let old = before.as_ref().map(shown).unwrap_or_default();
    let mut all = lines(&old, shown(&now));
    all.extend(gone_users(before.as_ref(), &now));
    asked.page(&round, "users", all)
}

/// Who was deleted, and of whom nothing is left. Who was made and deleted in between is not told of (FACTS 6).
fn gone_users(before: Option<&Directory>, now: &Directory) -> Vec<Value> {
    let is_among = |users: &mut dyn Iterator<Item = &User>, id: &str| {
        let mut ids = users.map(|user| &user.id);
        ids.any(|known| known == id)
    };
    let was_there = |id: &str| before.is_none_or(|before| is_among(&mut before.users(), id));
    let soft = now.deleted.iter().filter(|user| was_there(&user.id));
    let known = before.into_iter();
    let known = known.flat_map(|before| before.users().chain(&before.deleted));
    let hard = known.filter(|user| !is_among(&mut now.users().chain(&now.deleted), &user.id));
    let soft = soft.map(|user| removed(&user.id, "changed"));
    soft.chain(hard.map(|user| removed(&user.id, "deleted")))
        .collect()
}

/// `groups/delta`. Groups are deleted for good here: the tenant keeps none to restore.
pub fn groups(call: &Call, tenant: &Tenant) -> Answer<Reply> {
    let round = Round::of(call, Service::Directory, &["$select", "$filter"])?;
    let asked = Asked::of(&round.call.query, &GROUP, &["members", "owners"])?;
    let shown = |directory: &Directory| -> Vec<Thing> {
        let groups = directory.groups.iter().filter(|group| !group.gone);
        groups
            .map(|group| asked.thing(&group, of_group(directory, group)))
            .collect()
    };
    let (before, now) = moments(&round, tenant);
    let old = before.as_ref().map(shown).unwrap_or_default();
    let new = shown(&now);
    let is_there = |id: &str| new.iter().any(|thing| thing.id() == id);
    let gone = old.iter().map(Thing::id).filter(|id| !is_there(id));
    let gone: Vec<Value> = gone.map(|id| removed(id, "deleted")).collect();
    let mut all = lines(&old, new);
    all.extend(gone);
    asked.page(&round, "groups", all)
}

/// The directory before the round, unless it is the first one, and as it is told.
fn moments(round: &Round, tenant: &Tenant) -> (Option<Directory>, Directory) {
    let before = round.before();
    let before = before.map(|ledger| Directory::at(tenant, &ledger));
    (before, Directory::at(tenant, &round.call.ledger))
}

/// An object with the relations that were asked for.
pub struct Thing {
    /// Its properties, the id always among them.
    pub row: Shown,
    /// What is related to it.
    pub related: Vec<Related>,
}

impl Thing {
    /// Its id.
    pub fn id(&self) -> &str {
        id(&self.row)
    }
}

/// What was asked for, checked.
struct Asked {
    names: Vec<String>,
    relations: Vec<&'static str>,
    /// What the context says was selected.
    selected: Option<Vec<String>>,
    /// The ids that are wanted; none for all.
    ids: Option<Vec<String>>,
}

impl Asked {
    fn of(query: &Query, rules: &Rules, relations: &[&'static str]) -> Answer<Asked> {
        let is_asked = |name: &&'static str| {
            let mut names = query.select.iter().flatten();
            names.any(|selected| selected == *name)
        };
        let mut plain = query.clone();
        if let Some(names) = &mut plain.select {
            names.retain(|name| !relations.contains(&name.as_str()));
        }
        let filter = query.filter.as_deref().map(ids);
        Ok(Asked {
            names: selection(&plain, rules)?,
            relations: relations.iter().copied().filter(is_asked).collect(),
            selected: plain.select.map(or_id),
            ids: filter.transpose()?,
        })
    }

    fn thing(&self, row: &dyn Row, related: Vec<Related>) -> Thing {
        let mut shown = render(row, &self.names);
        shown.insert("id".into(), row.property("id"));
        let is_asked = |one: &Related| self.relations.contains(&one.relation);
        Thing {
            row: shown,
            related: related.into_iter().filter(is_asked).collect(),
        }
    }

    /// The page of the round. Only those with a wanted id are shown, but the others count: a page may be empty.
    fn page(&self, round: &Round, resource: &str, lines: Vec<Value>) -> Answer<Reply> {
        let is_wanted = |line: &Value| {
            let wanted = |ids: &Vec<String>| ids.iter().any(|id| line["id"] == id.as_str());
            self.ids.as_ref().is_none_or(wanted)
        };
        let lines = lines.into_iter().map(|line| Some(line).filter(is_wanted));
        let mut body = round.page(resource, lines.collect(), PAGE);
        let names = self.selected.as_deref();
        let suffix = context_suffix(names);
        let context = round.call.context(&format!("{resource}{suffix}"));
        body.insert("@odata.context".into(), context.into());
        let reply = Reply::json(body);
        // Only what changed is sent in any case.
        let minimal = round.call.prefer("return").as_deref() == Some("minimal");
        Ok(match minimal {
            true => reply.header("Preference-Applied", "return=minimal"),
            false => reply,
        })
    }
}

fn or_id(names: Vec<String>) -> Vec<String> {
    match names.is_empty() {
        true => vec!["id".into()],
        false => names,
    }
}

/// `id eq 'a' or id eq 'b'`: nothing else can be filtered by.
fn ids(filter: &str) -> Answer<Vec<String>> {
    let expr = parse(filter)
        .map_err(|reason| Fault::bad_request(format!("Invalid filter clause: {reason}")))?;
    let terms = match &expr {
        Expr::Or(terms) => terms.as_slice(),
        one => std::slice::from_ref(one),
    };
    let wanted = |term: &Expr| match term {
        Expr::Compare(path, Operator::Eq, Literal::Text(id)) if path == &["id"] => Ok(id.clone()),
        _ => Err(unsupported(
            "Unsupported or invalid query filter clause: delta queries filter by id only.",
        )),
    };
    if terms.len() > MAX_IDS {
        return Err(bad_request(&format!(
            "Too many ids in the filter of a delta query. Max allowed: {MAX_IDS}."
        )));
    }
    terms.iter().map(wanted).collect()
}
