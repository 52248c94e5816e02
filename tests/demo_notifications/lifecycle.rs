//! Lifecycle events, ordered at `/demo/lifecycle`.

use serde_json::{Value, json};

use crate::http::{Answer, exchange};
use crate::receiver::{Receiver, good};
use crate::{Tenant, a_while, in_minutes, text, wish, wish_with_lifecycle};

fn order(tenant: &Tenant, id: &str, event: &str) -> Answer {
    let body = json!({"subscriptionId": id, "lifecycleEvent": event}).to_string();
    exchange(&tenant.server.url(), "POST", "/demo/lifecycle", &[], &body)
}

fn draft(tenant: &Tenant) {
    tenant.write("POST", "/v1.0/me/messages", json!({"subject": "a"}));
}

fn subscribe(tenant: &Tenant, receiver: &Receiver) -> String {
    tenant.subscribe_with(
        &wish_with_lifecycle(receiver, "me/messages", "created"),
        &[],
    )
}

fn events(told: &[Value]) -> Vec<String> {
    told.iter()
        .map(|told| text(told, "lifecycleEvent"))
        .collect()
}

#[test]
fn a_removed_subscription_is_gone() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let made = tenant.write(
        "POST",
        "/v1.0/subscriptions",
        wish_with_lifecycle(&receiver, "me/messages", "created"),
    );
    let id = text(&made, "id");
    assert_eq!(order(&tenant, &id, "subscriptionRemoved").status, 202);
    assert_eq!(
        receiver.wait("/life", 1),
        [json!({
            "subscriptionId": id, "subscriptionExpirationDateTime": made["expirationDateTime"],
            "tenantId": "84841066-274d-4ec0-a5c1-276be684bdd3", "clientState": "s3cret",
            "lifecycleEvent": "subscriptionRemoved",
        })]
    );
    let path = format!("/v1.0/subscriptions/{id}");
    assert_eq!(tenant.ask("GET", &path, Value::Null).status, 404);
    draft(&tenant);
    a_while();
    assert_eq!(receiver.told("/told").len(), 0);
}

#[test]
fn nothing_comes_until_it_is_authorized_again() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let id = subscribe(&tenant, &receiver);
    let renewed = json!({"expirationDateTime": in_minutes(120)});
    let path = format!("/v1.0/subscriptions/{id}");
    let again: [(&str, String, Value); 2] = [
        ("POST", format!("{path}/reauthorize"), Value::Null),
        ("PATCH", path, renewed),
    ];
    for (done, (method, path, body)) in again.into_iter().enumerate() {
        assert_eq!(order(&tenant, &id, "reauthorizationRequired").status, 202);
        assert_eq!(
            events(&receiver.wait("/life", done + 1))[done],
            "reauthorizationRequired"
        );
        draft(&tenant);
        a_while();
        assert_eq!(receiver.told("/told").len(), done);
        tenant.write(method, &path, body);
        draft(&tenant);
        receiver.wait("/told", done + 1);
        a_while();
        assert_eq!(
            receiver.told("/told").len(),
            done + 1,
            "what was written meanwhile is not told"
        );
    }
}

#[test]
fn what_is_missed_never_comes() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let id = subscribe(&tenant, &receiver);
    let other = Receiver::start();
    tenant.subscribe(&other, "me/messages", "created");
    assert_eq!(order(&tenant, &id, "missed").status, 202);
    assert_eq!(events(&receiver.wait("/life", 1)), ["missed"]);
    draft(&tenant);
    assert_eq!(
        events(&receiver.wait("/life", 2)),
        ["missed"; 2],
        "once more for what was missed now"
    );
    other.wait("/told", 1);
    assert_eq!(receiver.told("/told").len(), 0);
    draft(&tenant);
    receiver.wait("/told", 1);
    other.wait("/told", 2);
    a_while();
    assert_eq!(receiver.told("/life").len(), 2);
}

#[test]
fn what_is_under_way_is_missed_as_well() {
    let tenant = Tenant::start();
    let receiver = Receiver::answering(|seen| match seen.target == "/told" {
        true => ("503 Service Unavailable", "text/plain", String::new()),
        false => good(seen),
    });
    let id = subscribe(&tenant, &receiver);
    draft(&tenant);
    receiver.wait("/told", 1);
    order(&tenant, &id, "missed");
    let sent = receiver.told("/told").len();
    receiver.wait("/life", 1);
    std::thread::sleep(std::time::Duration::from_millis(800));
    // One may have been on its way in that moment.
    assert!(receiver.told("/told").len() <= sent + 1);
}

#[test]
fn what_cannot_happen_is_refused() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let id = subscribe(&tenant, &receiver);
    let mute = tenant.subscribe_with(&wish(&receiver, "me/messages", "created"), &[]);
    assert_eq!(order(&tenant, &id, "bored").status, 400);
    assert_eq!(order(&tenant, "nobody", "missed").status, 404);
    assert_eq!(
        order(&tenant, &mute, "missed").status,
        400,
        "it has no address for that"
    );
    let url = tenant.server.url();
    assert_eq!(
        exchange(&url, "GET", "/demo/lifecycle", &[], "").status,
        405
    );
    assert_eq!(
        exchange(&url, "POST", "/demo/lifecycle", &[], "x").status,
        400
    );
    assert_eq!(receiver.told("/life").len(), 0);
}
