//! Which path of the sign-in service is answered where, and what it says about itself (FACTS 5).

use http::Method;
use serde_json::{Value, json};

use super::Ask;
use super::authorize::authorize;
use super::consent::{consent, logout};
use super::device;
use super::device_page;
use super::form::Form;
use super::grants;
use super::managed;
use super::refusal::{SignInError, plain_json};
use crate::demo::reply::Reply;
use crate::demo::world::people::TENANT_ID;

/// Answers a sign-in request; `None` when the path is not one.
pub fn respond(ask: &Ask) -> Option<Reply> {
    let parts: Vec<&str> = ask.path.trim_matches('/').split('/').collect();
    let answer = match parts.as_slice() {
        [tenant, "oauth2", "v2.0", "token"] => posted(ask)
            .and_then(|()| known(tenant))
            .and_then(|()| grants::token(ask, tenant)),
        [tenant, "oauth2", "v2.0", "devicecode"] => posted(ask)
            .and_then(|()| known(tenant))
            .and_then(|()| device::begin(ask)),
        [tenant, "oauth2", "v2.0", "authorize"] => {
            Ok(seen(known(tenant).and_then(|()| authorize(ask))))
        }
        [tenant, "adminconsent"] => Ok(seen(known(tenant).and_then(|()| consent(ask, false)))),
        [tenant, "v2.0", "adminconsent"] => {
            Ok(seen(known(tenant).and_then(|()| consent(ask, true))))
        }
        [tenant, "oauth2", "v2.0", "logout"] => Ok(seen(known(tenant).and_then(|()| logout(ask)))),
        [tenant, "v2.0", ".well-known", "openid-configuration"] => {
            let answer =
                known(tenant).map(|()| plain_json(200, &configuration(ask.origin, tenant)));
            // Here Microsoft has another word for the same number (K).
            answer.map_err(|error| SignInError {
                error: "invalid_tenant",
                ..error
            })
        }
        ["metadata", "identity", "oauth2", "token"] => Ok(managed::machine(ask)),
        ["msi", "token"] => Ok(managed::service(ask)),
        ["devicelogin"] => Ok(device_page::respond(ask)),
        // Asked by MSAL before it sends a password. FACTS is silent; nobody here is federated.
        ["common", "userrealm", name] => {
            let domain = name.rsplit_once('@').map_or("", |(_, domain)| domain);
            let realm = json!({"ver": "1.0", "account_type": "Managed", "domain_name": domain});
            Ok(plain_json(200, &realm))
        }
        ["common", "discovery", "instance"] => Ok(plain_json(
            200,
            &discovery(ask.origin, &Form::parse(ask.query)),
        )),
        _ => return None,
    };
    Some(answer.unwrap_or_else(|error| error.reply()))
}

/// What people look at is a page, also when it says no.
fn seen(answer: Result<Reply, SignInError>) -> Reply {
    answer.unwrap_or_else(|error| error.page())
}

fn posted(ask: &Ask) -> Result<(), SignInError> {
    if ask.method == Method::POST {
        return Ok(());
    }
    Err(SignInError::new(
        "invalid_request",
        900561,
        format!(
            "The endpoint only accepts POST requests. Received a {} request.",
            ask.method
        ),
    ))
}

fn known(tenant: &str) -> Result<(), SignInError> {
    let names = [
        TENANT_ID,
        "contoso.com",
        "contoso.onmicrosoft.com",
        "organizations",
        "common",
        "consumers",
    ];
    if names.contains(&tenant.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    Err(SignInError::new(
        "invalid_request",
        90002,
        format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."
        ),
    ))
}

fn configuration(origin: &str, tenant: &str) -> Value {
    json!({
        "issuer": format!("{origin}/{TENANT_ID}/v2.0"),
        "authorization_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/devicecode"),
        "end_session_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/logout"),
        "jwks_uri": format!("{origin}/{tenant}/discovery/v2.0/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
    })
}

fn discovery(origin: &str, form: &Form) -> Value {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let tenant = form
        .get("authorization_endpoint")
        .and_then(|address| address.split('/').nth(3))
        .unwrap_or("common");
    json!({
        "tenant_discovery_endpoint": format!("{origin}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    })
}
