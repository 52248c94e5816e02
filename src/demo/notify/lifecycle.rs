//! `POST /demo/lifecycle`: makes a lifecycle event happen to a subscription, which Graph does by itself when it finds reason to (C/webhooks-lifecycle).
//!
//! The body is `{"subscriptionId": …, "lifecycleEvent": …}`; the answer is 202, and the event goes to the subscription's `lifecycleNotificationUrl`. What happens besides:
//!
//! - `subscriptionRemoved`: the subscription is gone first.
//! - `reauthorizationRequired`: nothing more is sent to it until it is authorized again, by `reauthorize` or a renewal; what is written meanwhile it never hears of. (Graph waits some time before it stops; K.)
//! - `missed`: what is still under way to it is lost. So is what the next write would tell it, for which it is told `missed` once more: whoever reads the changes after each `missed` has them all.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;

use super::Courier;
use super::letter::of_lifecycle;
use crate::demo::error::{Answer, Fault};
use crate::demo::reply::Reply;
use crate::demo::subscriptions::live::{self, Live};
use crate::demo::{Tenant, finish};

/// Where it is asked for.
pub const PATH: &str = "/demo/lifecycle";

/// Answers there. No token is asked for: it belongs to the server, not to the tenant.
pub fn respond(
    courier: &Arc<Courier>,
    tenant: &Tenant,
    request: &Request<Bytes>,
) -> Response<Bytes> {
    finish(answer(courier, tenant, request), request.headers())
}

fn answer(courier: &Arc<Courier>, tenant: &Tenant, request: &Request<Bytes>) -> Answer<Reply> {
    if request.method() != Method::POST {
        return Err(Fault::new(
            405,
            "BadRequest",
            "A lifecycle event is posted.",
        ));
    }
    let body: Value = serde_json::from_slice(request.body())
        .map_err(|_| Fault::bad_request("The body is not JSON."))?;
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let live = find(tenant, text("subscriptionId"))
        .ok_or_else(|| Fault::new(404, "ResourceNotFound", "There is no such subscription."))?;
    if live.text("lifecycleNotificationUrl").is_empty() {
        return Err(Fault::bad_request(
            "The subscription has no lifecycleNotificationUrl.",
        ));
    }
    let event = text("lifecycleEvent");
    match event {
        "subscriptionRemoved" => tenant.state.write(|_, draft| {
            live::remove(draft, &live.id);
            Ok(())
        })?,
        "reauthorizationRequired" => tenant.state.write(|_, draft| {
            live::pause(draft, &live.id);
            Ok(())
        })?,
        "missed" => courier.miss(tenant, &live.id),
        _ => {
            return Err(Fault::bad_request(
                "The lifecycleEvent is none of subscriptionRemoved, reauthorizationRequired, missed.",
            ));
        }
    }
    tell(courier, tenant, &live, event);
    Ok(Reply::empty(202))
}

/// Tells a subscription that it missed something, if it still is there and wants to know.
pub fn tell_missed(courier: &Arc<Courier>, tenant: &Tenant, id: &str) {
    if let Some(live) = find(tenant, id) {
        tell(courier, tenant, &live, "missed");
    }
}

fn find(tenant: &Tenant, id: &str) -> Option<Live> {
    let all = live::all(tenant, &tenant.state.seen());
    all.into_iter().find(|live| live.id == id)
}

fn tell(courier: &Arc<Courier>, tenant: &Tenant, live: &Live, event: &str) {
    let url = live.text("lifecycleNotificationUrl");
    if !url.is_empty() {
        courier.send(tenant, url, vec![of_lifecycle(live, event)]);
    }
}
