//! AssignLicense: POST users/{id}/assignLicense (FACTS §3.3).

use serde_json::{Value as Json, json};

use super::{Licences, USER_PRINCIPAL_NAME, is_guid, user};
use crate::catalog::{Type, Verb};
use crate::graph::change::Sent;
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, output, success, text, text_of,
};
use crate::value::Value;

/// Assigns licences and takes them away.
pub static ASSIGN_LICENSE: Procedure = Procedure {
    name: "AssignLicense",
    doc: "Assigns licences to a user, and takes others away, in one step.",
    parameters: &[
        USER_ID,
        USER_PRINCIPAL_NAME,
        text(
            "AddLicenseSkuId",
            "The licences to assign, as SKU ids or part numbers with , or ; between them.",
        ),
        text(
            "DisabledPlans",
            "Service plans of them that stay off, as ids or names with , or ; between them.",
        ),
        text(
            "RemoveLicenses",
            "The licences to take away, as SKU ids or part numbers.",
        ),
    ],
    positional: &["UserId", "AddLicenseSkuId"],
    outputs: &[
        STATUS,
        output("Id", Type::Text, "The user's id."),
        output(
            "AssignedLicenses",
            Type::Json,
            "The licences the user has now.",
        ),
    ],
    permission: "LicenseAssignment.ReadWrite.All",
    app_permission: "LicenseAssignment.ReadWrite.All",
    reads: false,
    example: "EXEC AssignLicense UserPrincipalName = 'alex@contoso.com', AddLicenseSkuId = 'FLOW_FREE'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = user(arguments)?;
    let body = body(arguments, runner)?;
    let assigned = runner.write(Verb::Post, &format!("{user}/assignLicense"), Some(body))?;
    Ok(success(vec![
        ("Id", text_of(&assigned["id"])),
        (
            "AssignedLicenses",
            match &assigned["assignedLicenses"] {
                Json::Null => Value::Null,
                licences => Value::text(licences.to_string()),
            },
        ),
    ]))
}

/// The request: both lists are always there. Names are looked up once, and only where there are some.
pub(super) fn body(arguments: &Arguments, runner: &Runner<'_>) -> Sent<Json> {
    let add = arguments.list("AddLicenseSkuId");
    let remove = arguments.list("RemoveLicenses");
    let plans = arguments.list("DisabledPlans");
    if add.is_empty() && remove.is_empty() {
        return Err(arguments
            .wrong("AddLicenseSkuId or RemoveLicenses is missing")
            .into());
    }
    let is_named = |texts: &[String]| texts.iter().any(|text| !is_guid(text));
    let several = add.len() > 1 && !plans.is_empty();
    let licences = match several || is_named(&add) || is_named(&remove) || is_named(&plans) {
        true => Some(Licences::read(runner)?),
        false => None,
    };
    let id = |named: &String| -> Sent<String> {
        match &licences {
            Some(licences) => {
                let sku = licences.find(named)?["skuId"].as_str().unwrap_or(named);
                Ok(sku.to_owned())
            }
            None => Ok(named.clone()),
        }
    };
    let add_ids = add.iter().map(id).collect::<Sent<Vec<String>>>()?;
    let remove_ids = remove.iter().map(id).collect::<Sent<Vec<String>>>()?;
    if let Some(both) = add_ids.iter().position(|id| contains(&remove_ids, id)) {
        return Err(arguments
            .wrong(format!(
                "AddLicenseSkuId and RemoveLicenses both name {}: nothing was sent",
                add[both]
            ))
            .next("Leave it out of one of them")
            .into());
    }
    let adds = add_ids
        .iter()
        .map(|id| {
            let disabled = disabled(arguments, licences.as_ref(), id, &plans)?;
            Ok(json!({ "skuId": id, "disabledPlans": disabled }))
        })
        .collect::<Sent<Vec<Json>>>()?;
    Ok(json!({ "addLicenses": adds, "removeLicenses": remove_ids }))
}

fn contains(ids: &[String], id: &str) -> bool {
    ids.iter().any(|other| other.eq_ignore_ascii_case(id))
}

/// The plans of a licence that stay off: with one licence all that are named, with several those that it has.
fn disabled(
    arguments: &Arguments,
    licences: Option<&Licences>,
    sku: &str,
    plans: &[String],
) -> Sent<Vec<String>> {
    let Some(licences) = licences.filter(|_| !plans.is_empty()) else {
        return Ok(plans.to_vec());
    };
    let owned = licences.find(sku)?["servicePlans"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let find = |plan: &String| {
        owned.iter().find(|own| {
            ["servicePlanId", "servicePlanName"].iter().any(|name| {
                own[*name]
                    .as_str()
                    .is_some_and(|value| value.eq_ignore_ascii_case(plan))
            })
        })
    };
    let mut ids = Vec::new();
    for plan in plans {
        match find(plan).and_then(|own| own["servicePlanId"].as_str()) {
            Some(id) => ids.push(id.to_owned()),
            None if licences.0.iter().any(|other| {
                other
                    .to_string()
                    .to_lowercase()
                    .contains(&plan.to_lowercase())
            }) => {}
            None => {
                return Err(arguments
                    .wrong(format!("no licence of the tenant has the plan {plan}"))
                    .next("SELECT servicePlanName FROM ServicePlans lists them")
                    .into());
            }
        }
    }
    Ok(ids)
}
