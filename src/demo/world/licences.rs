//! The licences that contoso.com bought, the service plans in them, and who holds which.

use serde_json::{Value, json};

use crate::demo::query::row::Row;

/// One product that was bought.
pub struct Sku {
    /// GUID of the product.
    pub id: &'static str,
    /// `ENTERPRISEPACK` and the like.
    pub part: &'static str,
    /// The name that usage reports call it by.
    pub product: &'static str,
    /// `Enabled`, `Warning` or `Suspended`.
    pub status: &'static str,
    /// Units: enabled, suspended, in their grace period.
    pub units: [u32; 3],
    /// For `User` or for the `Company`.
    pub applies_to: &'static str,
    /// What is in it.
    pub plans: &'static [Plan],
}

/// One service plan: id, name, service.
pub type Plan = (&'static str, &'static str, &'static str);

const EXCHANGE: Plan = (
    "efb87545-963c-4e0d-99df-69c6916d9eb0",
    "EXCHANGE_S_ENTERPRISE",
    "exchange",
);
const SHAREPOINT: Plan = (
    "5dbe027f-2339-4123-9542-606e4d348a72",
    "SHAREPOINTENTERPRISE",
    "SharePoint",
);
const TEAMS: Plan = (
    "57ff2da0-773e-42df-b2af-ffb7a2317929",
    "TEAMS1",
    "TeamspaceAPI",
);

/// Office 365 E5.
pub const E5: usize = 0;
/// Office 365 E3: sold out.
pub const E3: usize = 1;
/// Power Automate Free.
pub const FLOW: usize = 2;
/// Office 365 E3 Developer, with plans and their order as in a published report of a developer tenant.
pub const DEVELOPER: usize = 3;
/// Power BI Pro: one unit more is used than was bought.
pub const POWER_BI: usize = 4;
/// Visio Plan 2: not renewed, in its grace period.
pub const VISIO: usize = 5;
/// Project Plan 3: suspended.
pub const PROJECT: usize = 6;

/// The licences of the tenant.
pub const SKUS: &[Sku] = &[
    Sku {
        id: "c7df2760-2c81-4ef7-b578-5b5392b571df",
        part: "ENTERPRISEPREMIUM",
        product: "OFFICE 365 E5",
        status: "Enabled",
        units: [25, 0, 0],
        applies_to: "User",
        plans: &[
            EXCHANGE,
            SHAREPOINT,
            TEAMS,
            (
                "8c098270-9dd4-4350-9b30-ba4703f3b36b",
                "ADALLOM_S_O365",
                "Adallom",
            ),
        ],
    },
    Sku {
        id: "6fd2c87f-b296-42f0-b197-1e91e994b900",
        part: "ENTERPRISEPACK",
        product: "OFFICE 365 E3",
        status: "Enabled",
        units: [9, 0, 0],
        applies_to: "User",
        plans: &[EXCHANGE, SHAREPOINT],
    },
    Sku {
        id: "f30db892-07e9-47e9-837c-80727f46fd3d",
        part: "FLOW_FREE",
        product: "MICROSOFT POWER AUTOMATE FREE",
        status: "Enabled",
        units: [10_000, 0, 0],
        applies_to: "User",
        plans: &[(
            "50e68c76-46c6-4674-81f9-75456511b170",
            "FLOW_P2_VIRAL",
            "ProcessSimple",
        )],
    },
    Sku {
        id: "189a915c-fe4f-4ffa-bde4-85b9628d07a0",
        part: "DEVELOPERPACK",
        product: "OFFICE 365 E3 DEVELOPER",
        status: "Enabled",
        units: [25, 0, 0],
        applies_to: "User",
        plans: DEVELOPER_PLANS,
    },
    Sku {
        id: "f8a1db68-be16-40ed-86d5-cb42ce701560",
        part: "POWER_BI_PRO",
        product: "POWER BI PRO",
        status: "Enabled",
        units: [5, 0, 0],
        applies_to: "User",
        plans: &[(
            "70d33638-9c74-4d01-bfd3-562de28bd4ba",
            "BI_AZURE_P2",
            "PowerBI",
        )],
    },
    Sku {
        id: "c5928f49-12ba-48f7-ada3-0d743a3601d5",
        part: "VISIOCLIENT",
        product: "VISIO PLAN 2",
        status: "Warning",
        units: [0, 0, 5],
        applies_to: "User",
        plans: &[
            (
                "2bdbaf8f-738f-4ac7-9234-3c3ee2ce7d0f",
                "VISIOONLINE",
                "VisioOnline",
            ),
            (
                "663a804f-1c30-4ff0-9915-9db84f0d1cea",
                "VISIO_CLIENT_SUBSCRIPTION",
                "MicrosoftOffice",
            ),
        ],
    },
    Sku {
        id: "53818b1b-4a27-454b-8896-0dba576410e6",
        part: "PROJECTPROFESSIONAL",
        product: "PROJECT PLAN 3",
        status: "Suspended",
        units: [0, 3, 0],
        applies_to: "User",
        plans: &[(
            "fafd7243-e5c1-4a3a-9e40-495efcb1d3c3",
            "PROJECT_CLIENT_SUBSCRIPTION",
            "MicrosoftOffice",
        )],
    },
    Sku {
        id: "6470687e-a428-4b7a-bef2-8a291ad947c9",
        part: "WINDOWS_STORE",
        product: "WINDOWS STORE FOR BUSINESS",
        status: "Enabled",
        units: [25, 0, 0],
        applies_to: "Company",
        plans: &[(
            "a420f25f-a7b3-4ff5-a9d0-5d58f73b537d",
            "WINDOWS_STORE",
            "WindowsStore",
        )],
    },
];

const DEVELOPER_PLANS: &[Plan] = &[
    (
        "76846ad7-7776-4c40-a281-a386362dd1b9",
        "FLOW_O365_P2",
        "ProcessSimple",
    ),
    TEAMS,
    (
        "b737dad2-2f6c-4c65-90e3-ca563267e8b9",
        "PROJECTWORKMANAGEMENT",
        "ProjectWorkManagement",
    ),
    (
        "a361d6e2-509e-4e25-a8ad-950060064ef4",
        "SHAREPOINT_S_DEVELOPER",
        "SharePoint",
    ),
    (
        "6c6042f5-6f01-4d67-b8c1-eb99d36eed3e",
        "STREAM_O365_E5",
        "MicrosoftStream",
    ),
    (
        "c68f8d98-5534-41c8-bf36-22fa496fa792",
        "POWERAPPS_O365_P2",
        "PowerAppsService",
    ),
    (
        "3fb82609-8c27-4f7b-bd51-30634711ee67",
        "BPOS_S_TODO_3",
        "To-Do",
    ),
    (
        "43de0ff5-c92c-492b-9116-175376d08c38",
        "OFFICESUBSCRIPTION",
        "MicrosoftOffice",
    ),
    (
        "527f7cdd-0e86-4c47-b879-f5fd357a3ac6",
        "SHAREPOINTWAC_DEVELOPER",
        "SharePoint",
    ),
    EXCHANGE,
    (
        "e212cbc7-0961-4c40-9825-01117710dcb1",
        "FORMS_PLAN_E5",
        "OfficeForms",
    ),
    ("a23b959c-7ce8-4e57-9140-b90eb88a9e97", "SWAY", "Sway"),
    (
        "0feaeb32-d00e-4d66-bd5a-43b5b83db82c",
        "MCOSTANDARD",
        "MicrosoftCommunicationsOnline",
    ),
];

/// The services that keep a copy of the user of their own: provisionedPlans names only these, in this order.
const PROVISIONED: [&str; 3] = ["MicrosoftCommunicationsOnline", "exchange", "SharePoint"];

/// The user whose plans are those of the published report.
pub const REPORTED: usize = 33;
/// Switched off, and still holds an E3 licence.
pub const DISABLED: usize = 25;
/// Holds E3 without its SharePoint plan.
pub const PARTIAL: usize = 10;

/// Places within [`SKUS`] of what the user at this place holds.
pub fn held(user: usize) -> &'static [usize] {
    match user {
        0..4 => &[E5, FLOW],
        4 | 11 => &[E3],
        5..=10 => &[E3, POWER_BI],
        12 | 15 | 18 | 21 | 24 | 27 => &[FLOW],
        13 | 14 => &[VISIO],
        16 => &[PROJECT],
        DISABLED => &[E3],
        REPORTED => &[DEVELOPER],
        _ => &[],
    }
}

/// The plans of a licence that are switched off for one user.
pub fn disabled_plans(user: usize, sku: usize) -> &'static [&'static str] {
    if (user, sku) == (PARTIAL, E3) {
        &[SHAREPOINT.0]
    } else {
        &[]
    }
}

/// Does the user hold a licence with a working plan of this service?
pub fn serves(user: usize, service: &str) -> bool {
    held(user).iter().any(|sku| {
        let off = disabled_plans(user, *sku);
        let mut plans = SKUS[*sku].plans.iter();
        plans.any(|(id, _, of)| *of == service && !off.contains(id))
    })
}

/// `servicePlans` of a licence; a user sees the plans that are off for them.
pub fn service_plans(sku: usize, off: &[String]) -> Vec<Value> {
    let plans = SKUS[sku].plans.iter();
    plans
        .map(|(id, name, _)| {
            let provisioning = if off.iter().any(|off| off == id) { "Disabled" } else { "Success" };
            json!({"servicePlanId": id, "servicePlanName": name, "provisioningStatus": provisioning, "appliesTo": SKUS[sku].applies_to})
        })
        .collect()
}

/// A licence that somebody holds.
#[derive(Clone)]
pub struct Held {
    /// Place within [`SKUS`].
    pub sku: usize,
    /// Ids of the plans that are switched off.
    pub off: Vec<String>,
    /// When it was assigned.
    pub since: String,
}

/// The four license properties of a user: assignedLicenses, licenseAssignmentStates, assignedPlans, provisionedPlans.
pub fn properties(user: usize) -> Value {
    let held: Vec<Held> = held(user)
        .iter()
        .map(|sku| Held {
            sku: *sku,
            off: disabled_plans(user, *sku)
                .iter()
                .map(ToString::to_string)
                .collect(),
            since: "2025-01-15T09:00:00Z".to_string(),
        })
        .collect();
    properties_of(&held)
}

/// The same of anybody who holds these.
pub fn properties_of(held: &[Held]) -> Value {
    let licenses: Vec<Value> = held
        .iter()
        .map(|one| json!({"disabledPlans": one.off, "skuId": SKUS[one.sku].id}))
        .collect();
    let states: Vec<Value> = held
        .iter()
        .map(|one| {
            json!({"skuId": SKUS[one.sku].id, "state": "Active", "error": "None", "disabledPlans": one.off, "assignedByGroup": null, "lastUpdatedDateTime": one.since})
        })
        .collect();
    let plans: Vec<Value> = statuses(held)
        .map(|((id, _, service), status, since)| {
            json!({"assignedDateTime": since, "capabilityStatus": status, "service": service, "servicePlanId": id})
        })
        .collect();
    let provisioned: Vec<Value> = PROVISIONED
        .iter()
        .flat_map(|of| statuses(held).filter(move |((_, _, service), _, _)| service == of))
        .map(|((_, _, service), status, _)| {
            json!({"capabilityStatus": status, "provisioningStatus": "Success", "service": service})
        })
        .collect();
    json!({"assignedLicenses": licenses, "licenseAssignmentStates": states, "assignedPlans": plans, "provisionedPlans": provisioned})
}

/// What somebody holds, as the properties of a user say it.
pub fn held_by(user: &dyn Row) -> Vec<Held> {
    let states = user.property("licenseAssignmentStates");
    let states = states.as_array().into_iter().flatten();
    let held = states.filter_map(|state| {
        let off = state["disabledPlans"].as_array()?.iter();
        Some(Held {
            sku: SKUS.iter().position(|sku| state["skuId"] == sku.id)?,
            off: off.filter_map(|id| id.as_str().map(String::from)).collect(),
            since: state["lastUpdatedDateTime"].as_str()?.to_string(),
        })
    });
    held.collect()
}

/// Every plan of the user's licences, its status (the licence's own, or `Deleted` where the plan was switched off) and since when.
fn statuses(held: &[Held]) -> impl Iterator<Item = (&'static Plan, &'static str, &str)> {
    held.iter().flat_map(|one| {
        SKUS[one.sku].plans.iter().map(move |plan| {
            let status = if one.off.iter().any(|off| off == plan.0) {
                "Deleted"
            } else {
                SKUS[one.sku].status
            };
            (plan, status, one.since.as_str())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::people::COUNT;

    fn consumed(sku: usize) -> usize {
        (0..COUNT).filter(|user| held(*user).contains(&sku)).count()
    }

    #[test]
    fn units_tell_their_stories() {
        let used = |sku: usize| (consumed(sku), SKUS[sku].units);
        assert_eq!(used(E5), (4, [25, 0, 0]));
        assert_eq!(used(E3), (9, [9, 0, 0]), "sold out");
        assert_eq!(used(POWER_BI), (6, [5, 0, 0]), "more than bought");
        assert_eq!(used(VISIO), (2, [0, 0, 5]), "in its grace period");
        assert_eq!(used(PROJECT), (1, [0, 3, 0]), "suspended");
    }

    #[test]
    fn nobody_holds_the_same_plan_twice_and_no_company_license_is_held() {
        for user in 0..COUNT {
            let held_plans = held(user).iter().flat_map(|sku| SKUS[*sku].plans);
            let mut plans: Vec<&str> = held_plans.map(|plan| plan.0).collect();
            let all = plans.len();
            plans.sort_unstable();
            plans.dedup();
            assert_eq!(plans.len(), all, "{user}");
            assert!(
                held(user).iter().all(|sku| SKUS[*sku].applies_to == "User"),
                "{user}"
            );
        }
    }
}
