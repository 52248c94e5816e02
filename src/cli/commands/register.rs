//! `office365 login --register`: an application of one's own in the tenant.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bytes::Bytes;
use http::Method;
use serde_json::{Value as Json, json};

use super::connection::{environment, pair};
use crate::error::{Error, Kind, Result};
use crate::graph::change::Change;
use crate::graph::client::{Call, Client, LONGEST_URL, Patience};
use crate::graph::effort::Effort;
use crate::settings::{GRAPH_COMMAND_LINE_TOOLS, Settings};
use crate::{profiles, runtime};

/// What registering an application needs.
pub const SCOPE: &str = "Application.ReadWrite.All";
/// Microsoft Graph, as an application (the same in every tenant and cloud).
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Registers an application with the permissions of this sign-in, and has the profile use it.
///
/// # Errors
/// A profile that has one already, or Graph's refusal.
pub fn run(name: &str, settings: &Settings) -> Result<()> {
    if settings.application.client_id != GRAPH_COMMAND_LINE_TOOLS {
        return Err(Error::usage(format!(
            "profile {name} has an application of its own already"
        ))
        .next("Remove OAuthClientId from it to register another one"));
    }
    let environment = environment(&pair("Profile", name))?;
    let (client, patience) = (Arc::clone(&environment.client), environment.patience());
    let scope = granted(&settings.application.scope, name)?;
    let app_id = runtime::wait(
        async move { register(&client, patience, &scope).await },
        &|| false,
    )
    .flatten()?;
    profiles::save(name, &[("OAuthClientId", &app_id)])?;
    println!(
        "The application \"office365\" is registered as {app_id}, and profile {name} uses it."
    );
    println!("Next: office365 login --profile {name}, to sign in with it.");
    Ok(())
}

/// The permissions that the application is to have: those of the sign-in, without what is no permission of
/// Graph and what registering itself needs.
fn granted(said: &str, name: &str) -> Result<Vec<String>> {
    let entries = match crate::graph::token::store::Store::of(
        &environment(&pair("Profile", name))?.settings,
    )? {
        Some(store) => store.read()?,
        None => Default::default(),
    };
    let asked = entries
        .all()
        .first()
        .map_or(said, |entry| entry.scope.as_str());
    const NOT_OF_GRAPH: [&str; 4] = ["offline_access", "openid", "profile", SCOPE];
    Ok(asked
        .split(' ')
        .filter(|word| !word.is_empty() && !NOT_OF_GRAPH.contains(word))
        .map(str::to_owned)
        .collect())
}

async fn register(client: &Client, patience: Patience, scope: &[String]) -> Result<String> {
    let known = known_scopes(client, patience).await?;
    let access: Vec<Json> = scope
        .iter()
        .filter_map(|name| {
            let id = known.iter().find(|known| known["value"] == name.as_str())?["id"].as_str()?;
            Some(json!({"id": id, "type": "Scope"}))
        })
        .collect();
    let body = json!({
        "displayName": "office365",
        "signInAudience": "AzureADMyOrg",
        "isFallbackPublicClient": true,
        "publicClient": {"redirectUris": ["http://localhost"]},
        "requiredResourceAccess": [{"resourceAppId": GRAPH, "resourceAccess": access}],
    });
    let change = Change {
        method: Method::POST,
        url: client.url("applications"),
        headers: Vec::new(),
        content: Some(("application/json".to_owned(), Bytes::from(body.to_string()))),
        owner: "applications".to_owned(),
        permission: SCOPE,
        // Twice would be two applications.
        repeatable: false,
        bare: false,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let sent = client
        .change(&change, patience, &stop, &mut Effort::default())
        .await;
    let reply = sent.map_err(|failed| failed.error)?;
    let json: Json = serde_json::from_slice(&reply.body).unwrap_or(Json::Null);
    json["appId"].as_str().map(str::to_owned).ok_or_else(|| {
        Error::new(Kind::Malformed, "the answer names no application")
            .next("Look for \"office365\" in the tenant's app registrations")
    })
}

/// The delegated permissions of Graph in this tenant: their names and ids.
async fn known_scopes(client: &Client, patience: Patience) -> Result<Vec<Json>> {
    let call = Call {
        url: client.url(&format!(
            "servicePrincipals(appId='{GRAPH}')?$select=oauth2PermissionScopes"
        )),
        headers: Vec::new(),
        owner: "servicePrincipals".to_owned(),
        permission: SCOPE,
        body: None,
        redirects: false,
        longest: LONGEST_URL,
    };
    let bytes = client.get(&call, patience, &mut Effort::default()).await?;
    let json: Json = serde_json::from_slice(&bytes).unwrap_or(Json::Null);
    Ok(json["oauth2PermissionScopes"]
        .as_array()
        .cloned()
        .unwrap_or_default())
}
