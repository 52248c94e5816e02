//! Users are made, changed, deleted, restored; their managers; their sessions.

use http::Method;
use serde_json::{Value, json};

use super::super::list::bad_request;
use super::super::now::USERS;
use super::super::{json_row, not_found, user as shown};
use super::fields::{PROFILE, USER};
use super::{created, licences, links, local_part, taken, values};
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::signin::{Caller, permissions};
use crate::demo::time;
use crate::demo::world::domains::DOMAINS;
use crate::demo::world::people::User;
use crate::demo::write::body::Body;
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_body, no_options};

/// `POST users`
pub fn create(write: &mut Write) -> Answer<Reply> {
    if write.method != Method::POST {
        return Err(no_such_verb());
    }
    no_options(write.call)?;
    fits(write.call)?;
    let mut body = USER.create(&write.call.json_body()?)?;
    let id = write.ledger.guid("user");
    named(&mut body, &id)?;
    check(write, &body, None)?;
    body.remove("passwordProfile");
    let mut row = blank(write, &id, &body);
    row.extend(body);
    let row = json_row("user", Value::Object(row));
    write.ledger.create(USERS, &id, USERS, row);
    let now = write.tenant.at(write.ledger);
    let user = now.now.users().find(|user| user.id == id);
    let reply = shown(write.call, &now, user.ok_or_else(|| not_found(&id))?)?;
    let base = write.call.base();
    Ok(created(
        reply,
        format!("{base}/directoryObjects/{id}/Microsoft.DirectoryServices.User"),
    ))
}

/// What is written to one user.
pub fn below(write: &mut Write, user: &User, rest: &[&str]) -> Answer<Reply> {
    no_options(write.call)?;
    fits(write.call)?;
    match (write.method.as_str(), rest) {
        ("PATCH", []) => update(write, user),
        ("DELETE", []) => delete(write, user),
        ("PUT", ["manager", "$ref"]) => set_manager(write, user),
        ("DELETE", ["manager", "$ref"]) => remove_manager(write, user),
        ("POST", [action]) if action.ends_with("assignLicense") => licences::assign(write, user),
        ("POST", [action]) if action.ends_with("revokeSignInSessions") => revoke(write, user),
        _ => Err(no_such_verb()),
    }
}

fn update(write: &mut Write, user: &User) -> Answer<Reply> {
    let sent = write.call.json_body()?;
    let mut body = USER.update(&sent, &user)?;
    check(write, &body, Some(user))?;
    let profile = body.keys().any(|name| PROFILE.contains(&name.as_str()));
    let sets_password = body.remove("passwordProfile").is_some();
    let application = write.call.caller == Caller::Application;
    if profile && application || sets_password && !permissions::sets_passwords(&write.call.caller) {
        return Err(denied());
    }
    if sets_password {
        let now = json!(time::show(write.ledger.now()));
        body.insert("lastPasswordChangeDateTime".into(), now);
    }
    write.ledger.set(USERS, &user.id, body);
    Ok(Reply::empty(204))
}

/// Into `directory/deletedItems`, for thirty days.
fn delete(write: &mut Write, user: &User) -> Answer<Reply> {
    no_body(write.call)?;
    let at = time::show(write.ledger.now());
    write
        .ledger
        .set(USERS, &user.id, values(json!({"deletedDateTime": at})));
    Ok(Reply::empty(204))
}

/// `POST directory/deletedItems/{id}/restore` and `DELETE directory/deletedItems/{id}`. FACTS says only that deleted users are kept there; the rest is K.
pub fn deleted(write: &mut Write, rest: &[&str]) -> Answer<Reply> {
    no_options(write.call)?;
    let (key, restored) = match (write.method.as_str(), rest) {
        ("POST", [key, "restore"]) => (*key, true),
        ("DELETE", [key]) => (*key, false),
        _ => return Err(no_such_verb()),
    };
    let mut deleted = write.tenant.now.deleted.iter();
    let user = deleted.find(|user| user.id.eq_ignore_ascii_case(key));
    let user = user.ok_or_else(|| not_found(key))?;
    if !restored {
        no_body(write.call)?;
        write.ledger.delete(USERS, &user.id, USERS);
        return Ok(Reply::empty(204));
    }
    let prefix = user.id.replace('-', "");
    let name = user.upn.strip_prefix(&prefix).unwrap_or(&user.upn);
    free_name(write, name, None)?;
    let back = values(json!({"deletedDateTime": null, "userPrincipalName": name}));
    if write.ledger.shelf(USERS).get(&user.id).is_none() {
        // The world deleted this user, who has no place any more and gets a new one.
        let whole = json_row("user", Value::Object(user.values().clone()));
        write.ledger.create(USERS, &user.id, USERS, whole);
    }
    write.ledger.set(USERS, &user.id, back);
    let now = write.tenant.at(write.ledger);
    let back = now.now.users().find(|back| back.id == user.id);
    shown(write.call, &now, back.ok_or_else(|| not_found(key))?)
}

fn set_manager(write: &mut Write, user: &User) -> Answer<Reply> {
    let manager = links::one(write, &write.call.json_body()?)?;
    let links::Target::User(place) = manager else {
        // An organizational contact could be one as well; there is none here.
        return Err(bad_request("A manager must be a user."));
    };
    if place == user.index {
        return Err(bad_request("A user cannot be their own manager."));
    }
    let id = &write.tenant.now.all[place].id;
    let manager = values(json!({"manager": id}));
    write.ledger.set(USERS, &user.id, manager);
    Ok(Reply::empty(204))
}

fn remove_manager(write: &mut Write, user: &User) -> Answer<Reply> {
    no_body(write.call)?;
    if user.manager.is_none() {
        return Err(not_found("manager"));
    }
    let nobody = values(json!({"manager": null}));
    write.ledger.set(USERS, &user.id, nobody);
    Ok(Reply::empty(204))
}

/// `POST users/{id}/revokeSignInSessions`: 200 and a boolean in v1.0 (K).
fn revoke(write: &mut Write, user: &User) -> Answer<Reply> {
    no_body(write.call)?;
    let at = time::show(write.ledger.now());
    let since = values(json!({"signInSessionsValidFromDateTime": at}));
    write.ledger.set(USERS, &user.id, since);
    Ok(Reply::json(values(json!({
        "@odata.context": write.call.context("Edm.Boolean"), "value": true,
    }))))
}

/// Who has `identities` needs no names: they are made of the id.
fn named(body: &mut Body, id: &str) -> Answer<()> {
    let identified = body.get("identities").is_some_and(|all| *all != json!([]));
    let initial = DOMAINS[1].name;
    for (name, value) in [
        ("mailNickname", id.to_string()),
        ("userPrincipalName", format!("{id}@{initial}")),
    ] {
        if body.get(name).is_none_or(Value::is_null) {
            if !identified {
                return Err(USER.refuse(format!(
                    "A value is required for property '{name}' of resource 'User'."
                )));
            }
            body.insert(name.into(), json!(value));
        }
    }
    Ok(())
}

/// What names and types do not say of a user's properties.
fn check(write: &Write, body: &Body, old: Option<&User>) -> Answer<()> {
    for name in [
        "accountEnabled",
        "displayName",
        "mailNickname",
        "userPrincipalName",
    ] {
        if body
            .get(name)
            .is_some_and(|value| value.is_null() || value == "")
        {
            return Err(bad_request(&format!(
                "Invalid value specified for property '{name}' of resource 'User'."
            )));
        }
    }
    if let Some(nickname) = body.get("mailNickname").and_then(Value::as_str) {
        local_part("mailNickname", nickname)?;
    }
    if let Some(upn) = body.get("userPrincipalName").and_then(Value::as_str) {
        principal_name(body, upn)?;
        free_name(write, upn, old)?;
    }
    let phones = body.get("businessPhones").and_then(Value::as_array);
    if phones.is_some_and(|phones| phones.len() > 1) {
        // FACTS 3.3: one entry.
        return Err(bad_request(
            "Invalid value specified for property 'businessPhones' of resource 'User'.",
        ));
    }
    let country = body.get("usageLocation").and_then(Value::as_str);
    if country.is_some_and(|code| code.len() != 2 || !code.chars().all(|c| c.is_ascii_alphabetic()))
    {
        return Err(bad_request(
            "Invalid value specified for property 'usageLocation' of resource 'User'.",
        ));
    }
    let kind = body.get("userType").and_then(Value::as_str);
    if kind.is_some_and(|kind| !["Member", "Guest"].contains(&kind)) {
        return Err(bad_request(
            "Invalid value specified for property 'userType' of resource 'User'.",
        ));
    }
    password(body, old)
}

/// On a verified domain; on a federated one only with the immutable id that ties it to that domain's directory (FACTS 3.3).
fn principal_name(body: &Body, upn: &str) -> Answer<()> {
    let (local, domain) = upn.rsplit_once('@').unwrap_or((upn, ""));
    local_part("userPrincipalName", local)?;
    let mut domains = DOMAINS.iter().filter(|domain| domain.verified);
    let domain = domains
        .find(|known| known.name.eq_ignore_ascii_case(domain))
        .ok_or_else(|| bad_request("The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization."))?;
    let tied = body
        .get("onPremisesImmutableId")
        .is_some_and(Value::is_string);
    if domain.authentication == "Federated" && !tied {
        return Err(bad_request(
            "Property onPremisesImmutableId is required for a user on a federated domain.",
        ));
    }
    Ok(())
}

fn free_name(write: &Write, upn: &str, old: Option<&User>) -> Answer<()> {
    let mut others = write.tenant.now.users();
    let other = |user: &User| old.is_none_or(|old| old.id != user.id);
    if others.any(|user| other(user) && user.upn.eq_ignore_ascii_case(upn)) {
        return Err(taken("userPrincipalName"));
    }
    Ok(())
}

/// 8 to 256 characters of three classes out of four, unless the strong password is switched off (FACTS 3.3, K).
fn password(body: &Body, old: Option<&User>) -> Answer<()> {
    let Some(profile) = body.get("passwordProfile") else {
        return Ok(());
    };
    let Some(password) = profile["password"].as_str() else {
        // One who has a password may just be told to change it.
        let told = old.is_some() && profile["password"].is_null();
        return if told {
            Ok(())
        } else {
            Err(bad_request(
                "A password must be specified to create a new user.",
            ))
        };
    };
    let policies = match body.get("passwordPolicies") {
        Some(policies) => policies.clone(),
        None => old.map_or(Value::Null, |old| old.property("passwordPolicies")),
    };
    let policies = policies.as_str().unwrap_or("");
    let classes: [fn(char) -> bool; 4] = [
        |c| c.is_lowercase(),
        |c| c.is_uppercase(),
        |c| c.is_numeric(),
        |c| !c.is_alphanumeric(),
    ];
    let classes = classes.iter().filter(|class| password.contains(**class));
    let strong = policies.contains("DisableStrongPassword") || classes.count() >= 3;
    if strong && (8..=256).contains(&password.chars().count()) {
        return Ok(());
    }
    Err(bad_request(
        "The specified password does not comply with password complexity requirements. Please provide a different password.",
    ))
}

/// What the directory adds to a new user. There is no mailbox, so that there is no `mail` unless it was sent.
fn blank(write: &Write, id: &str, body: &Body) -> Body {
    let at = time::show(write.ledger.now());
    let attributes = (1..=15).map(|i| (format!("extensionAttribute{i}"), Value::Null));
    let identity = json!([{"signInType": "userPrincipalName", "issuer": DOMAINS[1].name, "issuerAssignedId": body["userPrincipalName"]}]);
    let mut all = values(json!({
        "id": id, "userType": "Member", "businessPhones": [], "identities": identity,
        "createdDateTime": at, "lastPasswordChangeDateTime": at, "signInSessionsValidFromDateTime": at,
        "onPremisesExtensionAttributes": Value::Object(attributes.collect()),
        "securityIdentifier": format!("S-1-12-1-{}", &id.replace('-', "")[..8]),
        "deviceEnrollmentLimit": 5, "authorizationInfo": {"certificateUserIds": []},
        "birthday": "0001-01-01T08:00:00Z", "hireDate": "0001-01-01T08:00:00Z",
    }));
    if let Some(mail) = body.get("mail").and_then(Value::as_str) {
        all.insert("proxyAddresses".into(), json!([format!("SMTP:{mail}")]));
    }
    all
}

fn denied() -> Fault {
    Fault::new(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )
}
