//! The organization, one row, and its domains (FACTS 1.4).

use serde_json::json;

use super::{entity, json_row, not_found, only, whole};
use crate::demo::call::Call;
use crate::demo::error::Answer;
use crate::demo::query::row::JsonRow;
use crate::demo::query::select::{all_but, chosen, context_suffix};
use crate::demo::reply::Reply;
use crate::demo::signin::permissions;
use crate::demo::world::domains::DOMAINS;
use crate::demo::world::licences::{E5, SKUS};
use crate::demo::world::people::TENANT_ID;

/// `/organization`
pub fn organization(call: &Call, key: Option<&str>) -> Answer<Reply> {
    only(&call.query, &["$select"])?;
    let mut row = row();
    if !permissions::reads_organization(&call.caller) {
        // FACTS 1.4: with User.Read alone everything else is null.
        row.map
            .retain(|name, _| ["id", "displayName", "verifiedDomains"].contains(&name.as_str()));
    }
    let names = chosen(
        "organization",
        call.query.select.as_deref(),
        &all_but("organization", &[]),
    )?;
    match key {
        None => Ok(whole(call, "organization", vec![row], &names)),
        Some(key) if key == TENANT_ID => Ok(Reply::json(entity(
            call,
            "organization/$entity",
            &row,
            &names,
        ))),
        Some(key) => Err(not_found(key)),
    }
}

/// `/domains`. FACTS 1.4: options are claimed, their effect is not known; the stricter reading is that only `$select` has one and that the others are refused.
pub fn domains(call: &Call, key: Option<&str>) -> Answer<Reply> {
    only(&call.query, &["$select"])?;
    let select = call.query.select.as_deref();
    let names = chosen("domain", select, &all_but("domain", &[]))?;
    let mut found = DOMAINS
        .iter()
        .filter(|domain| key.is_none_or(|key| domain.name.eq_ignore_ascii_case(key)));
    let Some(key) = key else {
        let rows = found.map(|domain| json_row("domain", domain.resource()));
        return Ok(whole(call, "domains", rows.collect(), &names));
    };
    let domain = found.next().ok_or_else(|| not_found(key))?;
    Ok(Reply::json(entity(
        call,
        &format!("domains{}/$entity", context_suffix(select)),
        &json_row("domain", domain.resource()),
        &names,
    )))
}

fn row() -> JsonRow {
    let verified = DOMAINS.iter().filter(|domain| domain.verified);
    json_row(
        "organization",
        json!({
            "id": TENANT_ID, "displayName": "Contoso", "city": "Redmond", "country": null, "countryLetterCode": "US", "createdDateTime": "2024-12-01T10:00:00Z",
            "assignedPlans": [{"assignedDateTime": "2025-01-15T09:00:00Z", "capabilityStatus": "Enabled", "service": "SharePoint", "servicePlanId": SKUS[E5].plans[1].0}],
            "businessPhones": ["8006427676"], "preferredLanguage": "en", "tenantType": "AAD", "street": "One Microsoft Way", "state": "WA", "postalCode": "98052",
            "technicalNotificationMails": ["adele@contoso.com"], "marketingNotificationEmails": [], "provisionedPlans": [], "onPremisesSyncEnabled": true,
            "onPremisesLastSyncDateTime": "2026-11-20T00:00:00Z", "securityComplianceNotificationMails": [], "securityComplianceNotificationPhones": [],
            "mobileDeviceManagementAuthority": "unknown", "partnerTenantType": null, "privacyProfile": null, "defaultUsageLocation": null, "deletedDateTime": null,
            "verifiedDomains": verified.map(|domain| domain.in_organization()).collect::<Vec<_>>(),
        }),
    )
}
