//! Change notification subscriptions: the caller's own, without any query option (FACTS 1.9).

mod kind;
pub mod live;
mod watched;
pub mod write;

use serde_json::Value;

use super::Tenant;
use super::call::{self, Call};
use super::directory::entity;
use super::error::{Answer, Fault};
use super::presence::no_option;
use super::query::row::{JsonRow, Row, render};
use super::query::select::all_but;
use super::reply::Reply;
use super::signin::{Caller, permissions};
use super::time;
use super::world::subscriptions::{Subscription, all};
use super::write::ledger::Ledger;

/// The shelf of subscriptions, by id, and their one home.
const SHELF: &str = "subscriptions";
const HOME: &str = "all";

/// Answers at `subscriptions`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    no_option(&call.query)?;
    match rest {
        [] => {
            let own = own(tenant, &call.ledger, &call.caller);
            let rows = own.map(|own| Value::Object(render(&own.row, &names())));
            Ok(Reply::json(call.page(
                "subscriptions",
                rows.collect(),
                None,
            )))
        }
        [id] => {
            let found = find(tenant, &call.ledger, &call.caller, id)?;
            Ok(shown(call, &found.row))
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

fn names() -> Vec<String> {
    let names = all_but("subscription", &[]).into_iter();
    names.map(String::from).collect()
}

/// One subscription.
fn shown(call: &Call, row: &JsonRow) -> Reply {
    Reply::json(entity(call, "subscriptions/$entity", row, &names()))
}

/// One of the caller's own.
fn find(tenant: &Tenant, ledger: &Ledger, caller: &Caller, id: &str) -> Answer<Subscription> {
    let found = own(tenant, ledger, caller).find(|own| own.row.property("id") == *id);
    found.ok_or_else(|| Fault::new(404, "ResourceNotFound", "The object was not found."))
}

/// The caller's own as they are now.
fn own(tenant: &Tenant, ledger: &Ledger, caller: &Caller) -> impl Iterator<Item = Subscription> {
    let made = all(&tenant.users).map(|made| made.row).collect();
    let shelf = ledger.shelf(SHELF);
    // Those of the world stand still with it; those that were made run out.
    let is_made = |row: &JsonRow| {
        let id = row.property("id");
        let entry = id.as_str().and_then(|id| shelf.get(id));
        entry.is_some_and(|entry| entry.type_name.is_some())
    };
    let rows = shelf.laid_over(HOME, made).into_iter();
    let rows = rows.filter(move |row| !is_made(row) || !is_over(tenant, ledger, row));
    let read = rows.map(|row| {
        let creator = row.property("creatorId");
        let resource = row.property("resource");
        Subscription {
            creator: tenant
                .users
                .iter()
                .position(|user| creator == user.id.as_str()),
            resource: resource.as_str().unwrap_or("").to_string(),
            row,
        }
    });
    read.filter(|subscription| is_own(subscription, caller, tenant))
}

/// Made for the caller, who still has the permission of what it watches or may read all subscriptions.
fn is_own(subscription: &Subscription, caller: &Caller, tenant: &Tenant) -> bool {
    let made = match caller {
        Caller::Application => subscription.creator.is_none(),
        Caller::Delegated { id, .. } => subscription
            .creator
            .is_some_and(|place| tenant.users[place].id == *id),
    };
    let may_read = || {
        let segments = path(&subscription.resource).unwrap_or_default();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        permissions::check(caller, &segments).is_ok()
    };
    made && (permissions::reads_subscriptions(caller) || may_read())
}

/// The path of a resource, without a filter.
fn path(resource: &str) -> Answer<Vec<String>> {
    call::segments(resource.split('?').next().unwrap_or(""))
}

/// Its time is over, and it is gone.
fn is_over(tenant: &Tenant, ledger: &Ledger, row: &JsonRow) -> bool {
    let end = row.property("expirationDateTime");
    let end = end.as_str().and_then(time::parse);
    end.is_some_and(|end| end <= tenant.clock(ledger))
}
