//! Subscriptions are made, renewed and ended (FACTS 3.5). The demo tenant makes no outgoing request, so that the validation handshake is left out: any https address is believed, and nothing is ever notified.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::{HOME, SHELF, find, shown};
use crate::demo::directory::json_row;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::random::guid;
use crate::demo::reply::Reply;
use crate::demo::signin::{Caller, permissions};
use crate::demo::time::{self, SECOND};
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
            Ok(Reply::empty(204))
        }
        _ => Err(no_such_verb()),
    }
}

fn create(write: &mut Write) -> Answer<Reply> {
    let mut body = FIELDS.create(&write.call.json_body()?)?;
    let resource = text(&body, "resource").trim_start_matches('/').to_string();
    let segments = segments(&resource);
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
    check(&body, &kind)?;
    expires(write, &mut body, &kind)?;
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
    let segments = segments(&found.resource);
    let mut kind =
        kind(&segments).ok_or_else(|| refuse("The resource is not supported any more."))?;
    kind.limit(
        found.row.property("includeResourceData") == json!(true),
        found.row.property("lifecycleNotificationUrl").is_string(),
    );
    expires_by(write, &mut body, kind.minutes)?;
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

/// What can be watched.
struct Kind {
    /// The longest life.
    minutes: i64,
    /// The changes of which it tells.
    changes: &'static [&'static str],
    /// The longest life with resource data; none where it has none.
    with_data: Option<i64>,
    /// The longest life without an address for lifecycle events.
    without_lifecycle: Option<i64>,
}

impl Kind {
    fn limit(&mut self, data: bool, lifecycle: bool) {
        if let Some(minutes) = self.with_data.filter(|_| data) {
            self.minutes = minutes;
        }
        if let Some(minutes) = self.without_lifecycle.filter(|_| !lifecycle) {
            self.minutes = minutes;
        }
    }
}

const ALL: &[&str] = &["created", "updated", "deleted"];

/// The lives and changes of FACTS 3.5.
fn kind(segments: &[&str]) -> Option<Kind> {
    let plain = |minutes: i64, changes: &'static [&'static str]| Kind {
        minutes,
        changes,
        with_data: None,
        without_lifecycle: None,
    };
    let own = match segments {
        ["me", rest @ ..] | ["users", _, rest @ ..] => rest,
        _ => &[],
    };
    let outlook = matches!(
        own,
        ["messages" | "events" | "contacts"]
            | ["mailFolders" | "mailfolders", _, "messages"]
            | ["contactFolders", _, "contacts"]
            | ["calendars", _, "events"]
    );
    if outlook {
        return Some(Kind {
            with_data: Some(1_440),
            ..plain(10_080, ALL)
        });
    }
    let teams = Kind {
        with_data: Some(4_320),
        without_lifecycle: Some(60),
        ..plain(4_320, ALL)
    };
    match (segments, own) {
        (
            ["users" | "groups"] | ["users" | "groups", _] | ["groups", _, "members" | "owners"],
            _,
        ) => Some(plain(41_760, &["updated", "deleted"])),
        (_, ["drive", "root"])
        | (["drives", _, "root"] | ["groups" | "sites", _, "drive", "root"], _)
        | (["sites", _, "lists", _], _) => Some(plain(42_300, &["updated"])),
        (["groups", _, "conversations" | "threads"], _) => Some(plain(4_230, ALL)),
        (_, ["todo", "lists", _, "tasks"]) => Some(plain(4_230, ALL)),
        (["teams" | "chats"] | ["teams" | "chats", _], _)
        | (["teams", _, "channels" | "members"] | ["teams", _, "channels", _, "messages"], _)
        | (["chats", _, "messages" | "members"], _) => Some(teams),
        (["communications", "presences", _], _) => Some(plain(60, &["updated"])),
        (["communications", "callRecords"], _) => Some(plain(4_230, ALL)),
        (["security", "alerts"], _) => Some(plain(43_200, &["updated"])),
        _ => None,
    }
}

fn check(body: &Body, kind: &Kind) -> Answer<()> {
    let changes: Vec<&str> = text(body, "changeType").split(',').map(str::trim).collect();
    if let Some(change) = changes.iter().find(|change| !kind.changes.contains(change)) {
        return Err(refuse(&format!(
            "The change type '{change}' is not supported for this resource."
        )));
    }
    // An event hub is named by an address of its own.
    let url = text(body, "notificationUrl");
    if !url.starts_with("https://") && !url.starts_with("EventHub:https://") {
        return Err(refuse("The notification URL must be an https address."));
    }
    let lifecycle = text(body, "lifecycleNotificationUrl");
    if !lifecycle.is_empty() && !lifecycle.starts_with("https://") {
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
    let mut kind = Kind { ..*kind };
    kind.limit(
        with_data(body),
        !text(body, "lifecycleNotificationUrl").is_empty(),
    );
    expires_by(write, body, kind.minutes)
}

/// In the future, no later than allowed; a short life is made longer.
fn expires_by(write: &Write, body: &mut Body, most: i64) -> Answer<()> {
    let minutes = |minutes: i64| write.ledger.now() + minutes * 60 * SECOND;
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

/// The path of a resource, without a filter.
pub fn segments(resource: &str) -> Vec<&str> {
    let path = resource.split('?').next().unwrap_or("");
    path.trim_matches('/').split('/').collect()
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
