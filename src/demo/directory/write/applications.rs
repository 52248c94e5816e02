//! Applications are registered. What is registered may sign in at once.

use serde_json::{Value, json};

use super::super::applications::{SHELF, has_scope, shown};
use super::super::json_row;
use super::super::list::bad_request;
use super::{created, values};
use crate::demo::error::Answer;
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::write::body::{Body, Fields};
use crate::demo::write::route::{Write, no_such_verb};
use crate::demo::write::{fits, no_options};

const FIELDS: Fields = Fields {
    type_name: "application",
    code: "Request_BadRequest",
    required: &["displayName"],
    on_create: &[
        "displayName",
        "identifierUris",
        "isFallbackPublicClient",
        "notes",
        "publicClient",
        "requiredResourceAccess",
        "signInAudience",
        "spa",
        "tags",
        "web",
    ],
    ..Fields::NONE
};

/// Who may sign in to an application.
const AUDIENCES: [&str; 4] = [
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
];

/// `POST applications`
pub fn create(write: &mut Write) -> Answer<Reply> {
    if write.method != http::Method::POST {
        return Err(no_such_verb());
    }
    no_options(write.call)?;
    fits(write.call)?;
    let body = FIELDS.create(&write.call.json_body()?)?;
    check(&body)?;
    let (id, app_id) = (write.ledger.guid("application"), write.ledger.guid("app"));
    let mut row = values(json!({
        "id": id, "appId": app_id, "deletedDateTime": null, "notes": null, "tags": [],
        "createdDateTime": time::show(write.ledger.now()),
        "publisherDomain": "contoso.com", "signInAudience": "AzureADMyOrg",
        "identifierUris": [], "requiredResourceAccess": [], "isFallbackPublicClient": null,
        "publicClient": {"redirectUris": []}, "spa": {"redirectUris": []},
        "web": {"homePageUrl": null, "logoutUrl": null, "redirectUris": []},
    }));
    row.extend(body);
    let row = json_row("application", Value::Object(row));
    write.ledger.create(SHELF, &id, SHELF, row);
    let reply = shown(write.call, write.ledger, &id)?;
    let base = write.call.base();
    Ok(created(
        reply,
        format!("{base}/directoryObjects/{id}/Microsoft.DirectoryServices.Application"),
    ))
}

/// What the declared types cannot say.
fn check(body: &Body) -> Answer<()> {
    let name = body["displayName"].as_str().unwrap_or("");
    if name.is_empty() || name.chars().count() > 256 {
        return Err(bad_request(
            "Invalid value specified for property 'displayName' of resource 'Application'.",
        ));
    }
    let audience = body.get("signInAudience").and_then(Value::as_str);
    if audience.is_some_and(|audience| !AUDIENCES.contains(&audience)) {
        return Err(bad_request(
            "Invalid value specified for property 'signInAudience' of resource 'Application'.",
        ));
    }
    for kind in ["publicClient", "spa", "web"] {
        let uris = body
            .get(kind)
            .and_then(|kind| kind["redirectUris"].as_array());
        for uri in uris.into_iter().flatten() {
            let uri = uri.as_str().unwrap_or("");
            if url::Url::parse(uri).is_err() || uri.contains(['*', '#']) {
                return Err(bad_request(&format!(
                    "Invalid value specified for property 'redirectUris' of resource '{kind}': '{uri}'."
                )));
            }
        }
    }
    let needed = body.get("requiredResourceAccess").and_then(Value::as_array);
    let access = needed
        .into_iter()
        .flatten()
        .filter_map(|needed| needed["resourceAccess"].as_array());
    for one in access.flatten() {
        let id = one["id"].as_str().unwrap_or("");
        // The demo has no application roles to look up.
        if one["type"] == "Scope" && !has_scope(id) {
            return Err(bad_request(&format!(
                "Invalid value specified for property 'resourceAccess' of resource 'RequiredResourceAccess': there is no permission '{id}'."
            )));
        }
    }
    Ok(())
}
