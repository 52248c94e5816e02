//! Managed identities: the two places inside Azure that give tokens without a secret (FACTS 5). A token is for an application, and no claims challenge meets it: there is no parameter with which it could be answered.

use http::Method;
use serde_json::{Map, Value, json};

use super::Ask;
use super::form::Form;
use super::refusal::plain_json;
use super::registrations::is_guid;
use super::tokens::{access_claims, access_token};
use crate::demo::random::{guid, mix_text};
use crate::demo::reply::Reply;

/// What the environment variable IDENTITY_HEADER holds in App Service.
const IDENTITY_HEADER: &str = "demo-identity-header";
/// Graph by its application id, which is as good as its address.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// A refusal: Azure's own, without an AADSTS number of its own.
struct Refusal(u16, &'static str, String);

/// Answers at `/metadata/identity/oauth2/token`, as a virtual machine sees it: all numbers are texts.
pub fn machine(ask: &Ask) -> Reply {
    let answer = machine_token(ask);
    answer.unwrap_or_else(|Refusal(status, error, text)| {
        plain_json(status, &json!({"error": error, "error_description": text}))
    })
}

/// Answers at `/msi/token`, as App Service, Functions, Automation and Container Apps see it.
pub fn service(ask: &Ask) -> Reply {
    let answer = service_token(ask);
    // FACTS is silent about its errors; this is how Microsoft's libraries expect them.
    answer.unwrap_or_else(|Refusal(status, error, text)| {
        plain_json(
            status,
            &json!({"statusCode": status, "error": error, "message": text}),
        )
    })
}

fn machine_token(ask: &Ask) -> Result<Reply, Refusal> {
    if header(ask, "Metadata") != "true" {
        return Err(bad("Required metadata header not specified"));
    }
    // Microsoft's documentation: a request that came through a proxy is refused.
    if ask.headers.contains_key("X-Forwarded-For") {
        return Err(bad("Requests must not contain an X-Forwarded-For header"));
    }
    let form = asked(ask, "2018-02-01")?;
    let mut token = token(ask, &form)?;
    let text = |value: i64| json!(value.to_string());
    token["expires_in"] = text(ask.service.lifetime());
    token["ext_expires_in"] = text(ask.service.lifetime());
    token["not_before"] = text(ask.service.now());
    token["refresh_token"] = json!("");
    Ok(plain_json(200, &token))
}

fn service_token(ask: &Ask) -> Result<Reply, Refusal> {
    if header(ask, "X-IDENTITY-HEADER") != IDENTITY_HEADER {
        // The status is our choice: FACTS has the header, and not what is said without it.
        return Err(Refusal(
            401,
            "unauthorized_client",
            "The X-IDENTITY-HEADER header is missing or wrong.".into(),
        ));
    }
    let form = asked(ask, "2019-08-01")?;
    Ok(plain_json(200, &token(ask, &form)?))
}

/// The query of a GET in the right version.
fn asked(ask: &Ask, version: &str) -> Result<Form, Refusal> {
    if *ask.method != Method::GET {
        return Err(Refusal(
            405,
            "method_not_allowed",
            "Only GET is allowed.".into(),
        ));
    }
    let form = Form::parse(ask.query);
    match form.get("api-version") {
        None => Err(bad("Required query variable 'api-version' is missing")),
        Some(asked) if asked != version => Err(bad(&format!(
            "The api-version '{asked}' is not supported; the supported one is {version}"
        ))),
        Some(_) => Ok(form),
    }
}

/// What both places say.
fn token(ask: &Ask, form: &Form) -> Result<Value, Refusal> {
    let resource = form
        .get("resource")
        .ok_or_else(|| bad("Required query variable 'resource' is missing"))?;
    check_resource(resource)?;
    let client = identity(form)?;
    let (now, lifetime) = (ask.service.now(), ask.service.lifetime());
    let claims = access_claims(None, &client, resource, now, lifetime);
    let fields = [
        ("access_token", access_token(ask, claims, true)),
        ("client_id", client),
        ("expires_on", (now + lifetime).to_string()),
        ("resource", resource.to_string()),
        ("token_type", "Bearer".to_string()),
    ];
    let fields = fields.map(|(name, value)| (name.to_string(), Value::from(value)));
    Ok(Value::Object(Map::from_iter(fields)))
}

/// FACTS 5: the bare address, not a scope. Any address is one of something here, since the demo is reached by many.
fn check_resource(resource: &str) -> Result<(), Refusal> {
    let bare = resource.trim_end_matches('/');
    let is_address = ["https://", "http://"]
        .iter()
        .any(|start| bare.starts_with(start));
    if (is_address && !bare.ends_with("/.default")) || resource == GRAPH {
        return Ok(());
    }
    Err(Refusal(
        400,
        "invalid_resource",
        format!(
            "AADSTS500011: The resource principal named {resource} was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant."
        ),
    ))
}

/// Client id of the identity: the system-assigned one, or the user-assigned one that is named in one of three ways. Every name of the right form is assigned.
fn identity(form: &Form) -> Result<String, Refusal> {
    let names = ["client_id", "object_id", "msi_res_id"];
    let mut named = names
        .into_iter()
        .filter_map(|name| Some((name, form.get(name)?)));
    let Some((name, value)) = named.next() else {
        return Ok(guid(&[mix_text("system-assigned identity")]));
    };
    if named.next().is_some() {
        return Err(bad(
            "Only one of client_id, object_id and msi_res_id may be given",
        ));
    }
    match name {
        "msi_res_id" if value.starts_with("/subscriptions/") => Ok(guid(&[mix_text(value)])),
        "object_id" if is_guid(value) => Ok(guid(&[mix_text(value)])),
        "client_id" if is_guid(value) => Ok(value.to_string()),
        _ => Err(bad("Identity not found")),
    }
}

fn header<'a>(ask: &Ask<'a>, name: &str) -> &'a str {
    let value = ask.headers.get(name);
    value.and_then(|value| value.to_str().ok()).unwrap_or("")
}

fn bad(text: &str) -> Refusal {
    Refusal(400, "invalid_request", text.to_string())
}
