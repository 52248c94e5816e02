//! Writes to inbox rules, master categories and mailbox settings (FACTS 3.1). FACTS has no codes for their refusals but those of any bad body.

#[cfg(test)]
mod tests;

use http::Method;
use serde_json::{Map, Value, json};

use super::{lists, mailbox};
use crate::demo::encoding::{base64, percent_encode};
use crate::demo::error::{Answer, Fault};
use crate::demo::mail;
use crate::demo::outlook::place::Place;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::world::languages::LANGUAGES;
use crate::demo::world::people::User;
use crate::demo::world::zones;
use crate::demo::write::body::{Body, Fields};
use crate::demo::write::ledger::CREATED;
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_options};

const RULE: Fields = Fields {
    type_name: "messageRule",
    code: "ErrorInvalidPropertySet",
    required: &["displayName", "sequence", "actions"],
    on_create: RULE_PARTS,
    on_update: RULE_PARTS,
    conditions: &[in_order, acts],
    ..Fields::NONE
};

const RULE_PARTS: &[&str] = &[
    "displayName",
    "sequence",
    "isEnabled",
    "conditions",
    "actions",
    "exceptions",
];

/// The name of a category never changes: messages have it, not the id (R/outlookcategory).
const CATEGORY: Fields = Fields {
    type_name: "outlookCategory",
    code: "ErrorInvalidPropertySet",
    required: &["displayName"],
    on_create: &["displayName", "color"],
    on_update: &["color"],
    ..Fields::NONE
};

/// `archiveFolder` and `userPurpose` are told, not set (A/user-update-mailboxsettings).
const SETTINGS: Fields = Fields {
    type_name: "mailboxSettings",
    code: "ErrorInvalidPropertySet",
    on_update: &[
        "automaticRepliesSetting",
        "dateFormat",
        "delegateMeetingMessageDeliveryOptions",
        "language",
        "timeFormat",
        "timeZone",
        "workingHours",
    ],
    ..Fields::NONE
};

/// Answers a write below `mailboxSettings` and `outlook`.
pub fn respond(write: &mut Write, user: &User, rest: &[&str]) -> Answer<Reply> {
    let mailbox = write.place(user)?.mailbox;
    no_options(write.call)?;
    fits(write.call)?;
    let method = write.method.clone();
    match rest {
        ["mailboxSettings"] if method == Method::PATCH => set(write, mailbox),
        ["outlook", "masterCategories"] if method == Method::POST => new_category(write, mailbox),
        ["outlook", "masterCategories", key] if method == Method::PATCH => {
            let row = category(write, mailbox, key)?;
            let body = CATEGORY.update(&write.call.json_body()?, &row)?;
            write
                .ledger
                .set(&lists::categories_shelf(mailbox), key, body);
            lists::categories(write.call, place(write, mailbox), &[key])
        }
        ["outlook", "masterCategories", key] if method == Method::DELETE => {
            category(write, mailbox, key)?;
            let shelf = lists::categories_shelf(mailbox);
            write.ledger.delete(&shelf, key, "");
            Ok(Reply::empty(204))
        }
        _ => Err(no_such_verb()),
    }
}

/// Answers a write below `mailFolders/inbox/messageRules`.
pub fn rules(write: &mut Write, mailbox: usize, inbox: bool, rest: &[&str]) -> Answer<Reply> {
    if !inbox {
        return Err(lists::no_inbox());
    }
    let method = write.method.clone();
    match rest {
        [] if method == Method::POST => new_rule(write, mailbox),
        [key] if method == Method::PATCH => change_rule(write, mailbox, key),
        [key] if method == Method::DELETE => {
            let row = lists::rule(place(write, mailbox), key)?;
            writable(&row)?;
            write.ledger.delete(&lists::rules_shelf(mailbox), key, "");
            Ok(Reply::empty(204))
        }
        _ => Err(no_such_verb()),
    }
}

fn place<'w>(write: &'w Write, mailbox: usize) -> Place<'w> {
    Place {
        mailbox,
        users: &write.tenant.users,
        ledger: write.ledger,
    }
}

fn new_rule(write: &mut Write, mailbox: usize) -> Answer<Reply> {
    let mut body = RULE.create(&write.call.json_body()?)?;
    folders(write, mailbox, &mut body)?;
    let number = (write.ledger.number() - CREATED) as u32;
    // Above those of the generated rules.
    let low = (0x9E5E_0000 + number).to_be_bytes();
    let id = base64(&[&[1, 0, 0, 0], low.as_slice()].concat());
    let mut whole = json!({
        "id": id, "isEnabled": true, "hasError": false, "isReadOnly": false,
        "conditions": null, "exceptions": null,
    });
    if let Some(map) = whole.as_object_mut() {
        map.extend(body);
    }
    let row = JsonRow::of("messageRule", whole);
    let shelf = lists::rules_shelf(mailbox);
    write.ledger.create(&shelf, &id, "", row);
    let reply = lists::rules(write.call, place(write, mailbox), true, &[&id])?;
    Ok(created(
        write,
        mailbox,
        reply,
        "mailFolders('inbox')/messageRules",
        &id,
    ))
}

/// `PATCH messageRules/{id}`: conditions and actions that are sent stand for all of them, as in the page's example (A/messagerule-update).
fn change_rule(write: &mut Write, mailbox: usize, key: &str) -> Answer<Reply> {
    let row = lists::rule(place(write, mailbox), key)?;
    let sent = write.call.json_body()?;
    let mut body = RULE.update(&sent, &row)?;
    writable(&row)?;
    for name in ["conditions", "actions", "exceptions"] {
        if let Some(whole) = body.get_mut(name) {
            *whole = sent[name].clone();
        }
    }
    folders(write, mailbox, &mut body)?;
    write.ledger.set(&lists::rules_shelf(mailbox), key, body);
    lists::rules(write.call, place(write, mailbox), true, &[key])
}

/// Rules that say so are not changed through this interface (R/messagerule).
fn writable(row: &dyn Row) -> Answer<()> {
    match row.property("isReadOnly") == true {
        false => Ok(()),
        true => Err(Fault::new(
            400,
            "ErrorInvalidRequest",
            "The rule is read-only and cannot be modified or deleted.",
        )),
    }
}

/// FACTS 3.1: a sequence is above 0.
fn in_order(body: &Body, _: Option<&dyn Row>) -> Answer<()> {
    match body.get("sequence") {
        Some(number) if number.as_i64().is_none_or(|number| number < 1) => {
            Err(RULE.refuse("The property 'sequence' must be greater than 0."))
        }
        _ => Ok(()),
    }
}

/// Exchange keeps no rule that does nothing, and none without a name.
fn acts(body: &Body, _: Option<&dyn Row>) -> Answer<()> {
    let idle = |actions: &Value| {
        let all = actions.as_object().into_iter().flatten();
        !all.into_iter()
            .any(|(name, value)| !name.contains('@') && !value.is_null())
    };
    if body.get("actions").is_some_and(idle) {
        return Err(RULE.refuse("A rule needs at least one action."));
    }
    let nameless = |name: &Value| name.as_str().is_none_or(|name| name.trim().is_empty());
    if body.get("displayName").is_some_and(nameless) {
        return Err(RULE.refuse("A rule needs a name."));
    }
    Ok(())
}

/// The folders of a rule's actions must be there; well-known names become ids.
fn folders(write: &Write, mailbox: usize, body: &mut Body) -> Answer<()> {
    let here = mail::Place::new(write.tenant, mailbox, write.ledger);
    let actions = body.get_mut("actions").and_then(Value::as_object_mut);
    let Some(actions) = actions else {
        return Ok(());
    };
    for name in ["moveToFolder", "copyToFolder"] {
        if let Some(Value::String(key)) = actions.get_mut(name) {
            *key = here.folder_id(here.folder(key)?);
        }
    }
    Ok(())
}

fn new_category(write: &mut Write, mailbox: usize) -> Answer<Reply> {
    let body = CATEGORY.create(&write.call.json_body()?)?;
    let name = body["displayName"].as_str().unwrap_or_default().to_string();
    if name.trim().is_empty() {
        return Err(CATEGORY.refuse("A category needs a name."));
    }
    let same = |row: &JsonRow| {
        let other = row.property("displayName");
        let other = other.as_str().map(str::to_lowercase);
        other.is_some_and(|other| other == name.to_lowercase())
    };
    if lists::all_categories(place(write, mailbox))
        .iter()
        .any(same)
    {
        return Err(Fault::new(
            409,
            "ErrorItemAlreadyExists",
            "A category with this name exists already.",
        ));
    }
    let id = write.ledger.guid("category");
    let color = body.get("color").filter(|color| !color.is_null());
    let color = color.cloned().unwrap_or(json!("none"));
    let row = json!({"id": id, "displayName": name, "color": color});
    let shelf = lists::categories_shelf(mailbox);
    let row = JsonRow::of("outlookCategory", row);
    write.ledger.create(&shelf, &id, "", row);
    let reply = lists::categories(write.call, place(write, mailbox), &[&id])?;
    Ok(created(
        write,
        mailbox,
        reply,
        "outlook/masterCategories",
        &id,
    ))
}

fn category(write: &Write, mailbox: usize, key: &str) -> Answer<JsonRow> {
    lists::category(place(write, mailbox), key)
}

fn created(write: &Write, mailbox: usize, reply: Reply, name: &str, id: &str) -> Reply {
    let resource = place(write, mailbox).resource(name);
    let address = format!("{}/{resource}('{}')", write.call.base(), percent_encode(id));
    Reply {
        status: 201,
        ..reply.header("Location", address)
    }
}

/// `PATCH mailboxSettings`: 200 with what was changed, as it is now.
fn set(write: &mut Write, mailbox: usize) -> Answer<Reply> {
    let now = mailbox::now(write.ledger, mailbox);
    let row = JsonRow::of("mailboxSettings", now);
    let mut body = SETTINGS.update(&write.call.json_body()?, &row)?;
    if let Some(zone) = body.get("timeZone").and_then(Value::as_str) {
        known_zone(zone)?;
    }
    for (name, tidy) in TIDY {
        if let Some(part) = body.get_mut(name).and_then(Value::as_object_mut) {
            tidy(part)?;
        }
    }
    let names: Vec<String> = body.keys().cloned().collect();
    write.ledger.set(mailbox::SHELF, &mailbox.to_string(), body);
    mailbox::some(write.call, place(write, mailbox), &names)
}

/// Checks a complex setting, and writes it as the service does.
type Tidy = fn(&mut Map<String, Value>) -> Answer<()>;

const TIDY: [(&str, Tidy); 3] = [
    ("language", language),
    ("workingHours", hours),
    ("automaticRepliesSetting", replies),
];

fn known_zone(name: &str) -> Answer<()> {
    match zones::find(name) {
        Some(_) => Ok(()),
        None => Err(SETTINGS.refuse(format!("'{name}' is no time zone."))),
    }
}

/// A language is told by its locale; the name follows from it.
fn language(part: &mut Map<String, Value>) -> Answer<()> {
    let locale = part.get("locale").and_then(Value::as_str).unwrap_or("");
    let known = LANGUAGES.iter().find(|(known, _)| *known == locale);
    let (_, name) =
        known.ok_or_else(|| SETTINGS.refuse(format!("'{locale}' is no supported locale.")))?;
    part.insert("displayName".into(), json!(name));
    Ok(())
}

fn hours(part: &mut Map<String, Value>) -> Answer<()> {
    for name in ["startTime", "endTime"] {
        if let Some(Value::String(clock)) = part.get_mut(name) {
            let wall = time::parse_wall(&format!("2000-01-01T{clock}"));
            let wall = wall.map(time::show_wall);
            if let Some((_, shown)) = wall.as_deref().and_then(|wall| wall.split_once('T')) {
                *clock = shown.to_string();
            }
        }
    }
    let zone = part.get("timeZone").unwrap_or(&Value::Null);
    match zone["name"].as_str() {
        // One with rules of its own may have any name.
        Some(name) if zone.get("bias").is_none() => known_zone(name),
        _ => Ok(()),
    }
}

/// Replies that are scheduled need a beginning before their end.
fn replies(part: &mut Map<String, Value>) -> Answer<()> {
    let mut at = Vec::new();
    for name in ["scheduledStartDateTime", "scheduledEndDateTime"] {
        let Some(Value::Object(moment)) = part.get_mut(name) else {
            continue;
        };
        let wall = moment.get("dateTime").and_then(Value::as_str);
        let wall = wall.and_then(|wall| time::parse_wall(wall.trim_end_matches('Z')));
        let wall = wall.ok_or_else(|| SETTINGS.refuse(format!("'{name}' needs a dateTime.")))?;
        let zone = moment.get("timeZone").and_then(Value::as_str);
        let zone = zones::find(zone.unwrap_or("UTC"))
            .ok_or_else(|| SETTINGS.refuse(format!("'{name}' is in no time zone.")))?;
        at.push(zone.to_utc(wall));
        moment.insert("dateTime".into(), json!(time::show_wall(wall)));
    }
    let scheduled = part.get("status") == Some(&json!("scheduled"));
    match at.as_slice() {
        [start, end] if start < end || !scheduled => Ok(()),
        _ if !scheduled => Ok(()),
        _ => Err(SETTINGS.refuse("Scheduled replies must begin before they end.")),
    }
}
