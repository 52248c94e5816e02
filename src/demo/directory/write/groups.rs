//! Groups are made, changed, deleted; members and owners come and go.

use serde_json::{Value, json};

use super::super::groups::{find, single};
use super::super::list::bad_request;
use super::super::now::GROUPS;
use super::super::{json_row, not_found};
use super::fields::{EXCHANGE, GROUP};
use super::links::{self, Target};
use super::{created, ids, local_part, taken, values};
use crate::demo::error::Answer;
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::signin::Caller;
use crate::demo::time;
use crate::demo::world::groups::Group;
use crate::demo::write::body::Body;
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_body, no_options};

/// `POST groups`
pub fn create(write: &mut Write) -> Answer<Reply> {
    if write.method != http::Method::POST {
        return Err(no_such_verb());
    }
    no_options(write.call)?;
    fits(write.call)?;
    let mut body = GROUP.create(&write.call.json_body()?)?;
    let members = links::bound(write, &mut body, "members")?;
    let mut owners = links::bound(write, &mut body, "owners")?;
    only_users(&owners)?;
    check_kind(&body)?;
    check(write, &body, None)?;
    if unified(&body) {
        only_users(&members)?;
    }
    if owners.is_empty() {
        owners.extend(caller(write));
    }
    let id = write.ledger.guid("group");
    let mut row = blank(write, &id, &body);
    row.extend(body);
    row.insert("members".into(), refer(write, &members));
    row.insert("owners".into(), refer(write, &owners));
    let row = json_row("group", Value::Object(row));
    write.ledger.create(GROUPS, &id, GROUPS, row);
    let base = write.call.base();
    Ok(created(
        shown(write, &id)?,
        format!("{base}/directoryObjects/{id}/Microsoft.DirectoryServices.Group"),
    ))
}

/// What is written to one group.
pub fn below(write: &mut Write, key: &str, rest: &[&str]) -> Answer<Reply> {
    // Lasts as long as the request, whatever is written meanwhile.
    let tenant = write.tenant;
    match (write.method.as_str(), rest) {
        ("PATCH" | "DELETE", []) | ("POST", ["members" | "owners", "$ref"]) => {}
        // Without `$ref` Graph would delete the member itself (FACTS 3.3); the demo has no such verb.
        ("DELETE", ["members" | "owners", _, "$ref"]) => {}
        _ => return Err(no_such_verb()),
    }
    let (_, group) = find(tenant, key)?;
    no_options(write.call)?;
    fits(write.call)?;
    match (write.method.as_str(), rest) {
        ("PATCH", _) => update(write, group),
        ("POST", [relation, _]) => add(write, group, relation),
        ("DELETE", [relation, id, _]) => remove(write, group, relation, id),
        _ => delete(write, group),
    }
}

/// FACTS 3.3: 204, or 200 for what Exchange keeps, which is sent alone.
fn update(write: &mut Write, group: &Group) -> Answer<Reply> {
    let mut body = GROUP.update(&write.call.json_body()?, &group)?;
    not_mastered_elsewhere(group)?;
    if body.contains_key("owners@odata.bind") {
        return Err(bad_request(
            "Only members can be bound to a group that is there.",
        ));
    }
    let new = links::bound(write, &mut body, "members")?;
    check(write, &body, Some(group))?;
    let exchange = body.keys().filter(|name| EXCHANGE.contains(&name.as_str()));
    let exchange = exchange.count();
    if exchange > 0 && (exchange < body.len() || !new.is_empty() || !group.is("Unified")) {
        return Err(bad_request(
            "Properties that Exchange keeps of a Microsoft 365 group must be changed alone.",
        ));
    }
    if !new.is_empty() {
        body.insert("members".into(), with_members(write, group, &new)?);
    }
    write.ledger.set(GROUPS, &group.id, body);
    if exchange > 0 {
        return shown(write, &group.id);
    }
    Ok(Reply::empty(204))
}

/// The reading side shows no deleted groups: only those of Microsoft 365 could be restored.
fn delete(write: &mut Write, group: &Group) -> Answer<Reply> {
    no_body(write.call)?;
    write.ledger.delete(GROUPS, &group.id, GROUPS);
    Ok(Reply::empty(204))
}

fn add(write: &mut Write, group: &Group, relation: &str) -> Answer<Reply> {
    let target = links::one(write, &write.call.json_body()?)?;
    let all = if relation == "members" {
        not_mastered_elsewhere(group)?;
        with_members(write, group, &[target])?
    } else {
        only_users(&[target])?;
        let mut all = owners(write, group);
        let id = target.id(write.tenant).to_string();
        if all.contains(&id) {
            return Err(there_already("owners"));
        }
        all.push(id);
        ids(all.iter())
    };
    let all = values(json!({relation: all}));
    write.ledger.set(GROUPS, &group.id, all);
    Ok(Reply::empty(204))
}

fn remove(write: &mut Write, group: &Group, relation: &str, id: &str) -> Answer<Reply> {
    no_body(write.call)?;
    let mut all = if relation == "members" {
        not_mastered_elsewhere(group)?;
        static_members(group)?;
        members(write, group)
    } else {
        owners(write, group)
    };
    let place = all.iter().position(|one| one.eq_ignore_ascii_case(id));
    let place = place.ok_or_else(|| not_found(id))?;
    if relation == "owners" && all.len() == 1 {
        // FACTS 3.3 (K).
        return Err(bad_request(
            "The group must have at least one owner, hence this owner cannot be removed.",
        ));
    }
    all.remove(place);
    let all = values(json!({relation: ids(all.iter())}));
    write.ledger.set(GROUPS, &group.id, all);
    Ok(Reply::empty(204))
}

/// The members with new ones; 400 if one is there already.
fn with_members(write: &Write, group: &Group, new: &[Target]) -> Answer<Value> {
    static_members(group)?;
    if group.is("Unified") {
        only_users(new)?;
    }
    let mut all = members(write, group);
    for target in new {
        let id = target.id(write.tenant).to_string();
        if all.contains(&id) {
            return Err(there_already("members"));
        }
        if id == group.id {
            return Err(bad_request("A group cannot be a member of itself."));
        }
        all.push(id);
    }
    Ok(ids(all.iter()))
}

fn members(write: &Write, group: &Group) -> Vec<String> {
    let now = &write.tenant.now;
    let groups = group
        .nested
        .iter()
        .map(|place| now.groups[*place].id.clone());
    let users = group.members.iter().map(|place| now.all[*place].id.clone());
    groups.chain(users).collect()
}

fn owners(write: &Write, group: &Group) -> Vec<String> {
    let owners = group.owners.iter();
    owners
        .map(|place| write.tenant.now.all[*place].id.clone())
        .collect()
}

fn there_already(relation: &str) -> crate::demo::error::Fault {
    bad_request(&format!(
        "One or more added object references already exist for the following modified properties: '{relation}'."
    ))
}

/// A rule decides who is in a dynamic group (K).
fn static_members(group: &Group) -> Answer<()> {
    if group.is("DynamicMembership") {
        return Err(bad_request(
            "The members of a group with dynamic membership cannot be changed.",
        ));
    }
    Ok(())
}

/// A group that comes from a directory on premises is changed there (K).
fn not_mastered_elsewhere(group: &Group) -> Answer<()> {
    if group.property("onPremisesSyncEnabled") == json!(true) {
        return Err(bad_request(
            "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
        ));
    }
    Ok(())
}

/// Owners, and the members of a Microsoft 365 group, are users (K).
fn only_users(targets: &[Target]) -> Answer<()> {
    if targets
        .iter()
        .any(|target| matches!(target, Target::Group(_)))
    {
        return Err(bad_request("A group cannot be referred to here."));
    }
    Ok(())
}

/// The kinds of group that can be made: Microsoft 365 (mail-enabled) or security, with fixed or dynamic membership (A/group-post-groups, K).
fn check_kind(body: &Body) -> Answer<()> {
    let says = |name: &str| body.get(name) == Some(&json!(true));
    if unified(body) != says("mailEnabled") || !says("mailEnabled") && !says("securityEnabled") {
        return Err(bad_request(
            "The group can only be a Microsoft 365 group, which is mail-enabled, or a security group, which is not.",
        ));
    }
    let ruled = body.get("membershipRule").is_some_and(Value::is_string);
    if kind(body, "DynamicMembership") != ruled {
        return Err(bad_request(
            "A membership rule is for groups with dynamic membership, which need one.",
        ));
    }
    Ok(())
}

fn check(write: &Write, body: &Body, old: Option<&Group>) -> Answer<()> {
    for name in ["displayName", "mailNickname"] {
        if body
            .get(name)
            .is_some_and(|value| value.is_null() || value == "")
        {
            return Err(bad_request(&format!(
                "Invalid value specified for property '{name}' of resource 'Group'."
            )));
        }
    }
    let kinds = body.get("groupTypes").and_then(Value::as_array);
    let known =
        |kind: &Value| ["Unified", "DynamicMembership"].contains(&kind.as_str().unwrap_or(""));
    if kinds.is_some_and(|kinds| !kinds.iter().all(known)) {
        return Err(bad_request(
            "Invalid value specified for property 'groupTypes' of resource 'Group'.",
        ));
    }
    let seen = body.get("visibility").and_then(Value::as_str);
    if seen.is_some_and(|seen| !["Public", "Private", "HiddenMembership"].contains(&seen)) {
        return Err(bad_request(
            "Invalid value specified for property 'visibility' of resource 'Group'.",
        ));
    }
    let Some(nickname) = body.get("mailNickname").and_then(Value::as_str) else {
        return Ok(());
    };
    local_part("mailNickname", nickname)?;
    // A nickname becomes an address, of which there is one only.
    let mut others = write.tenant.now.groups.iter().filter(|group| !group.gone);
    let same = |group: &Group| {
        let theirs = group.property("mailNickname");
        let theirs = theirs.as_str().unwrap_or("");
        old.is_none_or(|old| old.id != group.id) && theirs.eq_ignore_ascii_case(nickname)
    };
    let mailed = unified(body) || old.is_some_and(|old| old.is("Unified"));
    if mailed && others.any(same) {
        return Err(taken("mailNickname"));
    }
    Ok(())
}

fn kind(body: &Body, kind: &str) -> bool {
    let kinds = body.get("groupTypes").and_then(Value::as_array);
    kinds.is_some_and(|kinds| kinds.iter().any(|one| one == kind))
}

fn unified(body: &Body) -> bool {
    kind(body, "Unified")
}

/// Who makes a group without owners for himself owns it; a program does not (A/group-post-groups).
fn caller(write: &Write) -> Option<Target> {
    let Caller::Delegated { id, .. } = &write.call.caller else {
        return None;
    };
    let user = write.tenant.now.users().find(|user| user.id == *id)?;
    Some(Target::User(user.index))
}

fn refer(write: &Write, targets: &[Target]) -> Value {
    let all = targets.iter().map(|target| target.id(write.tenant));
    json!(all.collect::<Vec<_>>())
}

fn blank(write: &Write, id: &str, body: &Body) -> Body {
    let at = time::show(write.ledger.now());
    let nickname = body["mailNickname"].as_str().unwrap_or("");
    let mail = unified(body).then(|| format!("{nickname}@contoso.com"));
    values(json!({
        "id": id, "createdDateTime": at, "renewedDateTime": at, "groupTypes": [],
        "mail": mail, "proxyAddresses": mail.iter().map(|mail| format!("SMTP:{mail}")).collect::<Vec<_>>(),
        "visibility": unified(body).then_some("Public"),
        "membershipRuleProcessingState": kind(body, "DynamicMembership").then_some("On"),
        "securityIdentifier": format!("S-1-12-1-{}", &id.replace('-', "")[..8]),
        "resourceProvisioningOptions": [], "assignedLicenses": [],
        "allowExternalSenders": unified(body).then_some(false),
        "autoSubscribeNewMembers": unified(body).then_some(false),
        "hideFromAddressLists": unified(body).then_some(false),
        "hideFromOutlookClients": unified(body).then_some(false),
        "isSubscribedByMail": unified(body).then_some(false), "unseenCount": unified(body).then_some(0),
    }))
}

/// The group after the write.
fn shown(write: &Write, id: &str) -> Answer<Reply> {
    let now = write.tenant.at(write.ledger);
    single(write.call, find(&now, id)?.1)
}
