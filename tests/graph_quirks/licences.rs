//! Licences: what was bought, what is held, and what of it works (FACTS 1.4).

use serde_json::{Value, json};

use crate::http::{self, get, get_with};
use crate::{EVENTUAL, refused};

/// One SKU by its part number.
fn sku(part: &str) -> Value {
    let rows = get("/v1.0/subscribedSkus").rows();
    let found = rows.into_iter().find(|row| row["skuPartNumber"] == part);
    found.unwrap_or_else(|| panic!("no {part}"))
}

/// The values of one property.
fn column(rows: &Value, name: &str) -> Vec<String> {
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| row[name].as_str().unwrap_or("null").to_string())
        .collect()
}

#[test]
fn subscribed_skus_take_no_option() {
    assert_eq!(get("/v1.0/subscribedSkus").rows().len(), 8);
    let filtered = get("/v1.0/subscribedSkus?$filter=capabilityStatus eq 'Enabled'");
    refused(&filtered, 400, "Request_BadRequest");
    assert!(
        filtered
            .text()
            .contains("Filtered searches against this resource are not supported")
    );
    for option in ["$select=skuId", "$top=1", "$orderby=skuId"] {
        refused(
            &get(&format!("/v1.0/subscribedSkus?{option}")),
            400,
            "Request_BadRequest",
        );
    }
    let id = sku("DEVELOPERPACK")["id"]
        .as_str()
        .map(String::from)
        .expect("an id");
    assert!(id.ends_with("_189a915c-fe4f-4ffa-bde4-85b9628d07a0"));
    assert_eq!(
        get(&format!("/v1.0/subscribedSkus/{id}")).json()["consumedUnits"],
        1
    );
    refused(
        &get("/v1.0/subscribedSkus/189a915c-fe4f-4ffa-bde4-85b9628d07a0"),
        404,
        "Request_ResourceNotFound",
    );
}

#[test]
fn units_may_be_used_up_overdrawn_in_grace_or_suspended() {
    let units = |part: &str| {
        let sku = sku(part);
        let of = &sku["prepaidUnits"];
        (
            sku["consumedUnits"].as_u64(),
            ["enabled", "suspended", "warning", "lockedOut"].map(|name| of[name].as_u64()),
            sku["capabilityStatus"].as_str().map(String::from),
        )
    };
    let expected = |consumed, units: [u64; 4], status: &str| {
        (Some(consumed), units.map(Some), Some(status.to_string()))
    };
    assert_eq!(
        units("ENTERPRISEPACK"),
        expected(9, [9, 0, 0, 0], "Enabled")
    );
    assert_eq!(units("POWER_BI_PRO"), expected(6, [5, 0, 0, 0], "Enabled"));
    assert_eq!(units("VISIOCLIENT"), expected(2, [0, 0, 5, 0], "Warning"));
    assert_eq!(
        units("PROJECTPROFESSIONAL"),
        expected(1, [0, 3, 0, 0], "Suspended")
    );
    assert_eq!(
        (
            sku("WINDOWS_STORE")["appliesTo"].clone(),
            sku("FLOW_FREE")["accountId"].clone()
        ),
        (json!("Company"), Value::Null)
    );
}

#[test]
fn a_published_report_of_licensed_users_can_be_made() {
    let path = "/v1.0/users/Demo@BMC1016.onmicrosoft.com?$select=displayName,mail,assignedPlans,provisionedPlans";
    let user = get(path).json();
    assert_eq!(
        (&user["displayName"], &user["mail"]),
        (&json!("Demo"), &json!("Demo@BMC1016.onmicrosoft.com"))
    );
    assert_eq!(
        column(&user["assignedPlans"], "service"),
        [
            "ProcessSimple",
            "TeamspaceAPI",
            "ProjectWorkManagement",
            "SharePoint",
            "MicrosoftStream",
            "PowerAppsService",
            "To-Do",
            "MicrosoftOffice",
            "SharePoint",
            "exchange",
            "OfficeForms",
            "Sway",
            "MicrosoftCommunicationsOnline"
        ]
    );
    assert!(
        column(&user["assignedPlans"], "capabilityStatus")
            .iter()
            .all(|status| status == "Enabled")
    );
    let plan = |service: &str| json!({"capabilityStatus": "Enabled", "provisioningStatus": "Success", "service": service});
    assert_eq!(
        user["provisionedPlans"],
        json!([
            plan("MicrosoftCommunicationsOnline"),
            plan("exchange"),
            plan("SharePoint"),
            plan("SharePoint")
        ])
    );
}

#[test]
fn plans_of_users_are_those_of_their_licences() {
    let select = "$select=id,assignedLicenses,assignedPlans";
    for user in http::all(&format!("/v1.0/users?{select}"), &[]) {
        let id = user["id"].as_str().expect("an id");
        let details = get(&format!("/v1.0/users/{id}/licenseDetails")).json();
        assert_eq!(
            column(&user["assignedLicenses"], "skuId"),
            column(&details["value"], "skuId"),
            "{id}"
        );
        let plans: Vec<String> = details["value"]
            .as_array()
            .expect("rows")
            .iter()
            .flat_map(|row| column(&row["servicePlans"], "servicePlanId"))
            .collect();
        assert_eq!(
            column(&user["assignedPlans"], "servicePlanId"),
            plans,
            "{id}"
        );
    }
}

#[test]
fn a_plan_that_is_off_stays_visible_as_such() {
    let path = "/v1.0/users/miriam@contoso.com";
    let user = get(&format!("{path}?$select=assignedLicenses,assignedPlans")).json();
    let plan = "5dbe027f-2339-4123-9542-606e4d348a72";
    assert_eq!(user["assignedLicenses"][0]["disabledPlans"], json!([plan]));
    assert_eq!(
        column(&user["assignedPlans"], "capabilityStatus"),
        ["Enabled", "Deleted", "Enabled"]
    );
    let details = get(&format!("{path}/licenseDetails")).rows();
    assert_eq!(
        column(&details[0]["servicePlans"], "provisioningStatus"),
        ["Success", "Disabled"]
    );
}

#[test]
fn licences_are_wasted_on_who_does_not_come() {
    let holders = |part: &str, also: &str| {
        let id = sku(part)["skuId"].clone();
        let id = id.as_str().expect("an id");
        let filter = format!("assignedLicenses/any(x:x/skuId eq {id}){also}");
        let rows = http::all(
            &format!(
                "/v1.0/users?$count=true&$select=displayName,usageLocation,signInActivity&$filter={filter}"
            ),
            &[EVENTUAL],
        );
        assert!(rows.iter().all(|row| row["usageLocation"].is_string()));
        rows
    };
    let off = holders("ENTERPRISEPACK", " and accountEnabled eq false");
    assert_eq!(
        (off.len(), &off[0]["displayName"], &off[0]["signInActivity"]),
        (1, &json!("Christie Cline"), &Value::Null)
    );
    let stale: Vec<Value> = holders("POWER_BI_PRO", "")
        .into_iter()
        .filter(|row| row["signInActivity"]["lastSignInDateTime"].as_str() < Some("2026-09-01"))
        .collect();
    assert_eq!(
        (stale.len(), &stale[0]["displayName"]),
        (1, &json!("Lidia Holloway"))
    );
    assert_eq!(
        stale[0]["signInActivity"]["lastSignInDateTime"],
        "2026-06-15T09:00:00Z"
    );
}

#[test]
fn guests_grow_stale_or_never_come() {
    let guests = get_with(
        "/v1.0/users?$count=true&$filter=userType eq 'Guest'&$select=displayName,externalUserState,signInActivity",
        &[EVENTUAL],
    )
    .rows();
    let never = guests.iter().filter(|row| row["signInActivity"].is_null());
    assert!(
        never
            .clone()
            .all(|row| row["externalUserState"] == "PendingAcceptance")
    );
    assert_eq!((guests.len(), never.count()), (10, 5));
    let of = |name: &str| {
        let found = guests.iter().find(|row| row["displayName"] == name);
        found.expect(name)["signInActivity"]["lastSignInDateTime"].clone()
    };
    assert_eq!(of("Fabrikam Orders"), "2025-12-01T00:00:00.1234567Z");
    assert_eq!(of("Jane Roe"), "2026-03-03T00:00:00Z");
}
