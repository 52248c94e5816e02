//! Licences are given and taken away.

use serde_json::Value;

use super::super::licences::consumed;
use super::super::list::bad_request;
use super::super::now::USERS;
use super::super::user as shown;
use super::values;
use crate::demo::error::Answer;
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::world::licences::{Held, SKUS, held_by, properties_of};
use crate::demo::world::people::User;
use crate::demo::write::body::parameters;
use crate::demo::write::route::Write;

/// `POST users/{id}/assignLicense`: both lists must be there, and the user's country be known (FACTS 3.3).
pub fn assign(write: &mut Write, user: &User) -> Answer<Reply> {
    const KNOWN: [(&str, &str); 2] = [
        ("addLicenses", "Collection(assignedLicense)"),
        ("removeLicenses", "Collection(Guid)"),
    ];
    let body = parameters(&write.call.json_body()?, &KNOWN, "Request_BadRequest")?;
    let list = |name: &str| {
        let list = body.get(name).and_then(Value::as_array);
        list.ok_or_else(|| bad_request(&format!("The parameter '{name}' is required.")))
    };
    let (added, removed) = (list("addLicenses")?, list("removeLicenses")?);
    let mut held = held_by(&user);
    let before: Vec<usize> = held.iter().map(|one| one.sku).collect();
    let mut named = Vec::new();
    for id in removed {
        let sku = once(id, &mut named)?;
        if !before.contains(&sku) {
            return Err(bad_request("User does not have a corresponding license."));
        }
        held.retain(|one| one.sku != sku);
    }
    if !added.is_empty() && !user.property("usageLocation").is_string() {
        return Err(bad_request(
            "License assignment cannot be done for user with invalid usage location.",
        ));
    }
    for license in added {
        let sku = once(&license["skuId"], &mut named)?;
        let one = Held {
            sku,
            off: switched_off(sku, &license["disabledPlans"])?,
            since: time::show(write.ledger.now()),
        };
        match held.iter_mut().find(|old| old.sku == sku) {
            // Assigned again: only the plans change.
            Some(old) => old.off = one.off,
            None => {
                available(write, sku)?;
                held.push(one);
            }
        }
    }
    conflicts(&held)?;
    write
        .ledger
        .set(USERS, &user.id, values(properties_of(&held)));
    let now = write.tenant.at(write.ledger);
    shown(write.call, &now, &now.now.all[user.index])
}

/// The place of a licence that was not named before.
fn once(id: &Value, named: &mut Vec<usize>) -> Answer<usize> {
    let id = id.as_str().unwrap_or("");
    let sku = SKUS.iter().position(|sku| sku.id.eq_ignore_ascii_case(id));
    let sku = sku.ok_or_else(|| {
        bad_request(&format!(
            "License {id} does not correspond to a valid company License."
        ))
    })?;
    if named.contains(&sku) {
        return Err(bad_request(&format!(
            "The license {id} is named more than once in addLicenses and removeLicenses."
        )));
    }
    named.push(sku);
    Ok(sku)
}

fn switched_off(sku: usize, plans: &Value) -> Answer<Vec<String>> {
    let plans = plans.as_array().into_iter().flatten();
    plans
        .map(|plan| {
            let id = plan.as_str().unwrap_or("");
            let mut known = SKUS[sku].plans.iter().map(|plan| plan.0);
            let known = known.find(|known| known.eq_ignore_ascii_case(id));
            known.map(String::from).ok_or_else(|| {
                bad_request(&format!(
                    "The service plan {id} is not part of the license {}.",
                    SKUS[sku].id
                ))
            })
        })
        .collect()
}

/// Units in their grace period still count, suspended ones do not (K).
fn available(write: &Write, sku: usize) -> Answer<()> {
    let [enabled, _, warning] = SKUS[sku].units;
    let used = consumed(write.tenant, sku);
    if SKUS[sku].applies_to != "User" || used >= (enabled + warning) as usize {
        return Err(bad_request(&format!(
            "Subscription with SKU {} does not have any available licenses.",
            SKUS[sku].id
        )));
    }
    Ok(())
}

/// Nobody holds the same plan twice (K).
fn conflicts(held: &[Held]) -> Answer<()> {
    let mut on: Vec<&str> = Vec::new();
    for one in held {
        for (plan, ..) in SKUS[one.sku].plans {
            if one.off.iter().any(|off| off == plan) {
                continue;
            }
            if on.contains(plan) {
                return Err(bad_request(
                    "License assignment failed because service plans are mutually exclusive.",
                ));
            }
            on.push(plan);
        }
    }
    Ok(())
}
