//! Subscriptions are made, renewed and ended (FACTS 3.5). A tenant within a process makes no outgoing request: there any https address is believed, and nothing is ever notified. Behind a socket the addresses were asked before this is reached (see [`notify`](crate::demo::notify)).

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::kind::{Kind, kind};
use super::watched::{self, Ground};
use super::{HOME, SHELF, find, path, shown};
use crate::demo::directory::json_row;
use crate::demo::error::{Answer, Fault};
use crate::demo::notify::address;
use crate::demo::outlook::id_form;
use crate::demo::query::row::Row;
use crate::demo::random::guid;
use crate::demo::reply::Reply;
use crate::demo::signin::{Caller, permissions};
use crate::demo::time::{self, SECOND};
use crate::demo::world::ids::Form;
use crate::demo::write::body::{Body, Fields};
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_body, no_options};

/// FACTS 4.4 has no code of this service; this one is K.
const CODE: &str = "InvalidRequest";

const FIELDS: Fields = Fields {
    type_name: "subscription",
    code: CODE,
    required: &[
        "changeType",
        "expirationDateTime",
        "notificationUrl",
        "resource",
    ],
    on_create: &[
        "changeType",
        "clientState",
        "encryptionCertificate",
        "encryptionCertificateId",
        "expirationDateTime",
        "includeResourceData",
        "latestSupportedTlsVersion",
        "lifecycleNotificationUrl",
        "notificationQueryOptions",
        "notificationUrl",
        "notificationUrlAppId",
        "resource",
    ],
    on_update: &["expirationDateTime"],
    ..Fields::NONE
};

/// Where the secret is kept that a subscription never shows again.
pub const SECRET: &str = "secret";
/// Where it is kept that ids are wanted in the immutable form.
pub const IMMUTABLE: &str = "immutable";
/// Where it is kept that nothing is sent until the subscription is authorized again.
pub const PAUSED: &str = "paused";
/// FACTS 3.5: a shorter life is raised to this, in minutes.
const SHORTEST: i64 = 45;

/// Answers a write at `subscriptions`.
pub fn respond(write: &mut Write, rest: &[&str]) -> Answer<Reply> {
    no_options(write.call)?;
    fits(write.call)?;
    match (write.method.as_str(), rest) {
        ("POST", []) => create(write),
        ("PATCH", [id]) => renew(write, id),
        ("DELETE", [id]) => delete(write, id),
        ("POST", [id, "reauthorize"]) => {
            no_body(write.call)?;
            find(write.tenant, write.ledger, &write.call.caller, id)?;
            write.ledger.set(SHELF, id, authorized());
            Ok(Reply::empty(204))
        }
        _ => Err(no_such_verb()),
    }
}

fn create(write: &mut Write) -> Answer<Reply> {
    let mut body = FIELDS.create(&write.call.json_body()?)?;
    let resource = text(&body, "resource").trim_start_matches('/').to_string();
    let segments = path(&resource)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let kind = kind(&segments).ok_or_else(|| {
        refuse(&format!(
            "Resource '{resource}' is not supported for subscriptions."
        ))
    })?;
    permissions::check(&write.call.caller, &segments)?;
    if write.call.caller == Caller::Application && segments[0] == "me" {
        return Err(refuse(
            "/me is only valid with delegated authentication flow.",
        ));
    }
    is_there(write, &resource)?;
    check(write, &body, &kind)?;
    expires(write, &mut body, &kind)?;
    answered(write, &body)?;
    let id = write.ledger.guid("subscription");
    let application = guid(&[171, u64::from(write.call.caller == Caller::Application)]);
    let creator = match &write.call.caller {
        Caller::Delegated { id, .. } => id.clone(),
        Caller::Application => application.clone(),
    };
    let mut row = object(json!({
        "id": id, "applicationId": application, "creatorId": creator, "latestSupportedTlsVersion": "v1_2",
        "encryptionCertificate": (!with_data(&body)).then_some(""),
    }));
    let secret = body.remove("clientState").unwrap_or_default();
    let certificate = body
        .remove("encryptionCertificate")
        .filter(|_| !with_data(&body));
    body.extend(certificate.map(|shown| ("encryptionCertificate".to_string(), shown)));
    row.extend(body);
    row.insert(SECRET.into(), secret);
    let immutable = id_form(write.call) == Form::Immutable;
    row.insert(IMMUTABLE.into(), json!(immutable));
    write.ledger.create(
        SHELF,
        &id,
        HOME,
        json_row("subscription", Value::Object(row)),
    );
    let mut reply = told(write, &id)?;
    reply.status = 201;
    let address = format!("{}/subscriptions/{id}", write.call.base());
    Ok(reply.header("Location", address))
}

fn renew(write: &mut Write, id: &str) -> Answer<Reply> {
    let found = find(write.tenant, write.ledger, &write.call.caller, id)?;
    let mut body = FIELDS.update(&write.call.json_body()?, &found.row)?;
    if body.is_empty() {
        return Err(refuse("The property 'expirationDateTime' is required."));
    }
    let segments = path(&found.resource)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut kind =
        kind(&segments).ok_or_else(|| refuse("The resource is not supported any more."))?;
    kind.limit(
        found.row.property("includeResourceData") == json!(true),
        found.row.property("lifecycleNotificationUrl").is_string(),
    );
    expires_by(write, &mut body, kind.minutes)?;
    // Who renews it authorizes it too (C/webhooks-lifecycle).
    body.extend(authorized());
    write.ledger.set(SHELF, id, body);
    told(write, id)
}

fn delete(write: &mut Write, id: &str) -> Answer<Reply> {
    no_body(write.call)?;
    find(write.tenant, write.ledger, &write.call.caller, id)?;
    write.ledger.delete(SHELF, id, HOME);
    Ok(Reply::empty(204))
}

/// The answers to writes repeat the secret (subscription-update), reads do not.
fn told(write: &Write, id: &str) -> Answer<Reply> {
    let mut found = find(write.tenant, write.ledger, &write.call.caller, id)?;
    let secret = found.row.property(SECRET);
    found.row.map.insert("clientState".into(), secret);
    Ok(shown(write.call, &found.row))
}

/// It waits for nobody.
fn authorized() -> Body {
    Body::from_iter([(PAUSED.to_string(), json!(false))])
}

/// What is watched must be there, and what is filtered must be something to filter by.
fn is_there(write: &Write, resource: &str) -> Answer<()> {
    let me = match &write.call.caller {
        Caller::Delegated { id, .. } => Some(id.as_str()),
        Caller::Application => None,
    };
    let ground = Ground {
        tenant: write.tenant,
        ledger: write.ledger,
        me,
    };
    let watched = watched::find(&ground, resource)?;
    watched.filter(resource).map(|_| ())
}

/// 400 unless the subscriber answered at its addresses as it should.
fn answered(write: &Write, body: &Body) -> Answer<()> {
    for name in ["notificationUrl", "lifecycleNotificationUrl"] {
        let url = text(body, name);
        if !url.is_empty() {
            write.call.validation.of(url)?;
        }
    }
    Ok(())
}

fn check(write: &Write, body: &Body, kind: &Kind) -> Answer<()> {
    let changes: Vec<&str> = text(body, "changeType").split(',').map(str::trim).collect();
    if let Some(change) = changes.iter().find(|change| !kind.changes.contains(change)) {
        return Err(refuse(&format!(
            "The change type '{change}' is not supported for this resource."
        )));
    }
    let sends = write.call.validation.sends();
    // An event hub is named by an address of its own.
    let url = text(body, "notificationUrl");
    if !may_be_named(url, sends) && (sends || !url.starts_with("EventHub:https://")) {
        return Err(refuse("The notification URL must be an https address."));
    }
    let lifecycle = text(body, "lifecycleNotificationUrl");
    if !lifecycle.is_empty() && !may_be_named(lifecycle, sends) {
        return Err(refuse(
            "The lifecycle notification URL must be an https address.",
        ));
    }
    if text(body, "clientState").chars().count() > 128 {
        return Err(refuse("The client state is longer than 128 characters."));
    }
    let tls = text(body, "latestSupportedTlsVersion");
    if !tls.is_empty() && !["v1_0", "v1_1", "v1_2", "v1_3"].contains(&tls) {
        return Err(refuse("The TLS version is not known."));
    }
    let certified = ["encryptionCertificate", "encryptionCertificateId"];
    if with_data(body) {
        if sends {
            return Err(refuse("This tenant sends no resource data."));
        }
        if kind.with_data.is_none() {
            return Err(refuse("This resource has no resource data."));
        }
        if certified.iter().any(|name| text(body, name).is_empty()) {
            return Err(refuse(
                "Resource data need an encryption certificate and its id.",
            ));
        }
    }
    Ok(())
}

fn expires(write: &Write, body: &mut Body, kind: &Kind) -> Answer<()> {
    let mut kind = *kind;
    kind.limit(
        with_data(body),
        !text(body, "lifecycleNotificationUrl").is_empty(),
    );
    expires_by(write, body, kind.minutes)
}

/// In the future, no later than allowed; a short life is made longer.
fn expires_by(write: &Write, body: &mut Body, most: i64) -> Answer<()> {
    let now = write.tenant.clock(write.ledger);
    let minutes = |minutes: i64| now + minutes * 60 * SECOND;
    let end = time::parse(text(body, "expirationDateTime")).unwrap_or(0);
    if end <= minutes(0) || end > minutes(most) {
        return Err(refuse(&format!(
            "Subscription expiration can only be {most} minutes in the future."
        )));
    }
    let end = end.max(minutes(SHORTEST));
    body.insert("expirationDateTime".into(), json!(time::show(end)));
    Ok(())
}

fn with_data(body: &Body) -> bool {
    body.get("includeResourceData") == Some(&json!(true))
}

/// Graph takes https alone. Where this tenant sends, http is good enough for addresses of this machine: it is there to be tried out, and a certificate for 127.0.0.1 would be more work than the rest.
fn may_be_named(url: &str, sends: bool) -> bool {
    url.starts_with("https://") || sends && url.starts_with("http://") && address::is_here(url)
}

fn text<'b>(body: &'b Body, name: &str) -> &'b str {
    body.get(name).and_then(Value::as_str).unwrap_or("")
}

fn refuse(message: &str) -> Fault {
    Fault::new(400, CODE, message)
}

fn object(value: Value) -> Body {
    match value {
        Value::Object(map) => map,
        _ => Body::new(),
    }
}
