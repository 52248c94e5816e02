//! Licences: what the tenant bought and what a user holds (FACTS 1.4).

use serde_json::json;

use super::list::bad_request;
use super::{entity, json_row, not_found, only, whole};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::error::Answer;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::query::select::{all_but, chosen};
use crate::demo::random::guid;
use crate::demo::reply::Reply;
use crate::demo::world::licences::{self, SKUS};
use crate::demo::world::people::{TENANT_ID, User};

/// `/users/{id}/licenseDetails`: `$select` only.
pub fn details(call: &Call, user: &User) -> Answer<Reply> {
    only(&call.query, &["$select"])?;
    let names = chosen(
        "licenseDetails",
        call.query.select.as_deref(),
        &["id", "skuId", "skuPartNumber", "servicePlans"],
    )?;
    let held = licences::held_by(&user);
    let rows = held.iter().map(|one| {
        let sku = &SKUS[one.sku];
        let value = json!({
            "id": guid(&[20, user.index as u64, one.sku as u64]), "skuId": sku.id, "skuPartNumber": sku.part,
            "servicePlans": licences::service_plans(one.sku, &one.off),
        });
        json_row("licenseDetails", value)
    });
    Ok(whole(
        call,
        &format!("users('{}')/licenseDetails", user.id),
        rows.collect(),
        &names,
    ))
}

/// `/subscribedSkus`: no query option at all (FACTS 1.4).
pub fn subscribed_skus(call: &Call, tenant: &Tenant, key: Option<&str>) -> Answer<Reply> {
    if call.query.has("$filter") {
        return Err(bad_request(
            "Filtered searches against this resource are not supported.",
        ));
    }
    only(&call.query, &[])?;
    let names = chosen("subscribedSku", None, &all_but("subscribedSku", &[]))?;
    let rows: Vec<JsonRow> = (0..SKUS.len()).map(|place| sku(tenant, place)).collect();
    let Some(key) = key else {
        return Ok(whole(call, "subscribedSkus", rows, &names));
    };
    let row = rows
        .into_iter()
        .find(|row| row.property("id") == key)
        .ok_or_else(|| not_found(key))?;
    Ok(Reply::json(entity(
        call,
        "subscribedSkus/$entity",
        &row,
        &names,
    )))
}

/// How many users hold the licence now: who was deleted holds none.
pub fn consumed(tenant: &Tenant, place: usize) -> usize {
    let holds = |user: &&User| {
        let held = licences::held_by(user);
        held.iter().any(|one| one.sku == place)
    };
    tenant.now.users().filter(holds).count()
}

fn sku(tenant: &Tenant, place: usize) -> JsonRow {
    let sku = &SKUS[place];
    let [enabled, suspended, warning] = sku.units;
    // Free licences belong to no billing account.
    let free = place == licences::FLOW;
    let value = json!({
        "id": format!("{TENANT_ID}_{}", sku.id), "skuId": sku.id, "skuPartNumber": sku.part,
        "appliesTo": sku.applies_to, "capabilityStatus": sku.status,
        "consumedUnits": consumed(tenant, place),
        "prepaidUnits": {"enabled": enabled, "suspended": suspended, "warning": warning, "lockedOut": 0},
        "servicePlans": licences::service_plans(place, &[]),
        "accountId": (!free).then_some(TENANT_ID), "accountName": (!free).then_some("contoso"),
        "subscriptionIds": [guid(&[21, place as u64])],
    });
    json_row("subscribedSku", value)
}
