//! Change notification subscriptions: the caller's own, without any query option (FACTS 1.9).

use serde_json::Value;

use super::Tenant;
use super::call::Call;
use super::directory::entity;
use super::error::{Answer, Fault};
use super::presence::no_option;
use super::query::row::{Row, render};
use super::query::select::all_but;
use super::reply::Reply;
use super::signin::{Caller, permissions};
use super::world::subscriptions::{Subscription, all};

/// Answers at `subscriptions`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    no_option(&call.query)?;
    let names: Vec<String> = all_but("subscription", &[])
        .into_iter()
        .map(String::from)
        .collect();
    let mut own =
        all(&tenant.users).filter(|subscription| is_own(subscription, &call.caller, tenant));
    match rest {
        [] => {
            let rows = own.map(|own| Value::Object(render(&own.row, &names)));
            Ok(Reply::json(call.page(
                "subscriptions",
                rows.collect(),
                None,
            )))
        }
        [id] => {
            let found = own.find(|own| own.row.property("id") == *id);
            let found = found
                .ok_or_else(|| Fault::new(404, "ResourceNotFound", "The object was not found."))?;
            Ok(Reply::json(entity(
                call,
                "subscriptions/$entity",
                &found.row,
                &names,
            )))
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// Made for the caller, who still has the permission of what it watches or may read all subscriptions.
fn is_own(subscription: &Subscription, caller: &Caller, tenant: &Tenant) -> bool {
    let made = match caller {
        Caller::Application => subscription.creator.is_none(),
        Caller::Delegated { id, .. } => subscription
            .creator
            .is_some_and(|place| tenant.users[place].id == *id),
    };
    let segments: Vec<&str> = subscription.resource.split('/').collect();
    made && (permissions::reads_subscriptions(caller)
        || permissions::check(caller, &segments).is_ok())
}
