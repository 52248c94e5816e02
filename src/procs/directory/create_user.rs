//! CreateUser: the user, the licence, and the user undone when the licence fails (seed 001, FACTS §3.3).

use serde_json::{Value as Json, json};

use super::{Licences, SERVICE_ID, left};
use crate::catalog::{Type, Verb};
use crate::countries;
use crate::error::Result;
use crate::graph::change::{Failed, Sent};
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, output, parameter, success, text, text_of,
};
use crate::value::Value;

/// What comes back of a new user.
const SELECT: &str = "id,displayName,userPrincipalName,usageLocation,assignedLicenses,assignedPlans,provisionedPlans";

/// Makes a user.
pub static CREATE_USER: Procedure = Procedure {
    name: "CreateUser",
    doc: "Makes a user and assigns a licence; if the licence fails the user is removed again.",
    parameters: &[
        text("DisplayName", "The user's name.").required(),
        text("MailNickname", "The part of the address before the @.").required(),
        text("Password", "The first password: at least 8 characters of three of the kinds small, capital, digit, other.").required().secret(),
        text("UsageLocation", "The country, as two letters of ISO 3166-1 (CountryCodes); a licence needs it."),
        SERVICE_ID,
        text("UserPrincipalName", "The sign-in name; MailNickname at the default domain where it is not given."),
        parameter("ForceChangePasswordNextSignIn", Type::Boolean, "Whether the user has to change the password first, true by default."),
        parameter("AccountEnabled", Type::Boolean, "Whether the user may sign in, true by default."),
    ],
    positional: &["DisplayName", "MailNickname", "Password", "UsageLocation", "ServiceId"],
    outputs: &[
        STATUS,
        output("Id", Type::Text, "The user's id."),
        output("UserPrincipalName", Type::Text, "The sign-in name."),
        output("DisplayName", Type::Text, "The name."),
        output("UsageLocation", Type::Text, "The country."),
        output("AssignedLicenses", Type::Json, "The licences."),
        output("AssignedPlans", Type::Json, "The service plans that they assign."),
        output("ProvisionedPlans", Type::Json, "The service plans that are there."),
    ],
    permission: "User.ReadWrite.All",
    app_permission: "User.ReadWrite.All",
    reads: false,
    example: "EXEC CreateUser DisplayName = 'Eva Novak', MailNickname = 'eva', Password = 'Contoso-2026', UsageLocation = 'DE', ServiceId = 'FLOW_FREE'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let sku = checked(arguments, runner)?;
    let body = user(arguments, runner)?;
    let made = runner.write(Verb::Post, "users", Some(body))?;
    let id = made["id"].as_str().unwrap_or("{id of the user}").to_owned();
    if let Some(sku) = sku {
        let add = json!([{ "skuId": sku, "disabledPlans": [] }]);
        let body = json!({ "addLicenses": add, "removeLicenses": [] });
        let assigned = runner.write(Verb::Post, &format!("users/{id}/assignLicense"), Some(body));
        if let Err(failed) = assigned {
            return Err(undone(runner, &id, failed));
        }
    }
    if runner.is_dry_run() {
        return Ok(success(Vec::new()));
    }
    // The directory may not show yet what was just made: the answer to the POST will do then.
    let user = runner
        .read(&format!("users/{id}?$select={SELECT}"))
        .unwrap_or(made);
    Ok(success(record(&user)))
}

/// Everything that can be known to be wrong before the user is there; the licence's SKU.
fn checked(arguments: &Arguments, runner: &Runner<'_>) -> Sent<Option<String>> {
    password(arguments)?;
    let location = arguments.text("UsageLocation");
    if let Some(code) = &location
        && !countries::is_code(code)
    {
        return Err(arguments
            .wrong(format!("UsageLocation '{code}' is no country"))
            .next("SELECT code, name FROM CountryCodes lists them")
            .into());
    }
    let Some(service) = arguments.text("ServiceId") else {
        return Ok(None);
    };
    // FACTS §3.3.
    if location.is_none() {
        return Err(arguments.wrong("a licence needs a UsageLocation").into());
    }
    let licences = Licences::read(runner)?;
    let sku = licences.find(&service)?;
    if left(sku) < 1 {
        return Err(arguments
            .wrong(format!("no licence of {service} is left"))
            .next("SELECT skuPartNumber, available FROM SubscribedSkus tells what there is")
            .into());
    }
    Ok(sku["skuId"].as_str().map(str::to_owned))
}

/// FACTS §3.3: 8 to 256 characters of three of four kinds.
fn password(arguments: &Arguments) -> Result<()> {
    let password = arguments.required("Password")?;
    let length = password.chars().count();
    let kinds = [
        password.chars().any(char::is_lowercase),
        password.chars().any(char::is_uppercase),
        password.chars().any(|letter| letter.is_ascii_digit()),
        password.chars().any(|letter| !letter.is_alphanumeric()),
    ];
    let kinds = kinds.iter().filter(|has| **has).count();
    match (8..=256).contains(&length) && kinds >= 3 {
        true => Ok(()),
        false => Err(arguments.wrong(
            "Password must have 8 to 256 characters of three of the kinds small, capital, digit, other",
        )),
    }
}

fn user(arguments: &Arguments, runner: &Runner<'_>) -> Sent<Json> {
    let nickname = arguments.required("MailNickname")?;
    let name = match arguments.text("UserPrincipalName") {
        Some(name) => name,
        None => format!("{nickname}@{}", default_domain(arguments, runner)?),
    };
    let mut user = json!({
        "accountEnabled": arguments.boolean("AccountEnabled").unwrap_or(true),
        "displayName": arguments.required("DisplayName")?,
        "mailNickname": nickname,
        "userPrincipalName": name,
        "passwordProfile": {
            "password": arguments.required("Password")?,
            "forceChangePasswordNextSignIn": arguments.boolean("ForceChangePasswordNextSignIn").unwrap_or(true),
        },
    });
    if let Some(code) = arguments.text("UsageLocation") {
        user["usageLocation"] = json!(code.to_ascii_uppercase());
    }
    Ok(user)
}

fn default_domain(arguments: &Arguments, runner: &Runner<'_>) -> Sent<String> {
    let domains = runner.read("domains")?;
    let all = domains["value"].as_array().cloned().unwrap_or_default();
    let default = all.iter().find(|domain| domain["isDefault"] == true);
    let id = default.and_then(|domain| domain["id"].as_str());
    id.map(str::to_owned).ok_or_else(|| {
        Failed::not_done(
            arguments
                .wrong("the tenant names no default domain")
                .next("Give UserPrincipalName"),
        )
    })
}

/// Removes the user whose licence failed, and says how that went.
fn undone(runner: &mut Runner<'_>, id: &str, mut failed: Failed) -> Failed {
    let removed = runner.write(Verb::Delete, &format!("users/{id}"), None);
    let what = match removed {
        Ok(_) => "the user was removed again".to_owned(),
        Err(error) => format!(
            "the user {id} is there without a licence, because removing it failed too ({})",
            error.error
        ),
    };
    failed.error.sentence = format!(
        "the licence could not be assigned, and {what}: {}",
        failed.error.sentence
    );
    failed
}

fn record(user: &Json) -> crate::procs::Record {
    let whole = |name: &str| match &user[name] {
        Json::Null => Value::Null,
        list => Value::text(list.to_string()),
    };
    vec![
        ("Id", text_of(&user["id"])),
        ("UserPrincipalName", text_of(&user["userPrincipalName"])),
        ("DisplayName", text_of(&user["displayName"])),
        ("UsageLocation", text_of(&user["usageLocation"])),
        ("AssignedLicenses", whole("assignedLicenses")),
        ("AssignedPlans", whole("assignedPlans")),
        ("ProvisionedPlans", whole("provisionedPlans")),
    ]
}
