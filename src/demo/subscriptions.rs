//! Change notification subscriptions: the caller's own, without any query option (FACTS 1.9).

pub mod write;

use serde_json::Value;

use super::Tenant;
use super::call::Call;
use super::directory::entity;
use super::error::{Answer, Fault};
use super::presence::no_option;
use super::query::row::{JsonRow, Row, render};
use super::query::select::all_but;
use super::reply::Reply;
use super::signin::{Caller, permissions};
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
    let rows = ledger.shelf(SHELF).laid_over(HOME, made);
    let read = rows.into_iter().map(|row| {
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
    let segments = write::segments(&subscription.resource);
    made && (permissions::reads_subscriptions(caller)
        || permissions::check(caller, &segments).is_ok())
}
