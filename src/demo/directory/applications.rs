//! Application registrations, and the service principal of Microsoft Graph, whose permissions they name: enough to register an application and to sign in with it.
//!
//! Neither is in FACTS; this follows the pages of the documentation on both resources (application-post-applications, application-list, serviceprincipal-list).

use serde_json::{Map, Value, json};

use super::rules::Rules;
use super::{Lines, list, not_found, single};
use crate::demo::call::Call;
use crate::demo::directory::json_row;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::{guid, mix_text};
use crate::demo::reply::Reply;
use crate::demo::world::people::TENANT_ID;
use crate::demo::write::ledger::Ledger;

/// The shelf of applications, by object id, and their one home.
pub const SHELF: &str = "applications";

/// Microsoft Graph among the applications of the world.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Applications.
pub const APPLICATION: Rules = Rules {
    type_name: "application",
    filters: &[
        ("id", "dda----"),
        ("appId", "dda----"),
        ("displayName", "dda-da-"),
        ("signInAudience", "dda----"),
    ],
    sorts: &["displayName"],
    sorts_advanced: &["createdDateTime"],
    defaults: &[
        "id",
        "deletedDateTime",
        "appId",
        "createdDateTime",
        "displayName",
        "identifierUris",
        "isFallbackPublicClient",
        "notes",
        "publicClient",
        "publisherDomain",
        "requiredResourceAccess",
        "signInAudience",
        "spa",
        "tags",
        "web",
    ],
    single_only: &[],
    expands: &[],
    searches: &["displayName"],
};

/// Service principals.
pub const SERVICE_PRINCIPAL: Rules = Rules {
    type_name: "servicePrincipal",
    filters: &[
        ("id", "dda----"),
        ("appId", "dda----"),
        ("displayName", "dda-da-"),
        ("servicePrincipalType", "dda----"),
    ],
    sorts: &["displayName"],
    sorts_advanced: &[],
    defaults: &[
        "id",
        "deletedDateTime",
        "accountEnabled",
        "appDisplayName",
        "appId",
        "appOwnerOrganizationId",
        "displayName",
        "oauth2PermissionScopes",
        "servicePrincipalNames",
        "servicePrincipalType",
    ],
    single_only: &[],
    expands: &[],
    searches: &["displayName"],
};

/// Answers below `applications`.
pub fn respond(call: &Call, rest: &[&str]) -> Answer<Reply> {
    served(call, &APPLICATION, "applications", &all(&call.ledger), rest)
}

/// Answers below `servicePrincipals`: only Graph's own is there. That of a registered application would come with the first consent, which the demo does not ask for.
pub fn service_principals(call: &Call, rest: &[&str]) -> Answer<Reply> {
    let rows = [graph()];
    served(call, &SERVICE_PRINCIPAL, "servicePrincipals", &rows, rest)
}

fn served(
    call: &Call,
    rules: &Rules,
    resource: &str,
    rows: &[JsonRow],
    rest: &[&str],
) -> Answer<Reply> {
    let lines = Lines(rows.iter().collect());
    match rest {
        [] => list::list(
            call,
            rules,
            resource,
            &lines,
            &super::objects::expands_nothing,
        ),
        ["$count"] => list::count_segment(call, rules, &lines),
        [key] => {
            let row = find(rows, key)?;
            single(call, rules, resource, row, &super::objects::expands_nothing)
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// By object id, or by `(appId='…')`.
fn find<'r>(rows: &'r [JsonRow], key: &str) -> Answer<&'r JsonRow> {
    let (name, value) = match super::alternate_key(key, "appId") {
        Some(id) => ("appId", id),
        None => ("id", key),
    };
    let is_it = |row: &&JsonRow| {
        let own = row.property(name);
        own.as_str()
            .is_some_and(|own| own.eq_ignore_ascii_case(value))
    };
    rows.iter().find(is_it).ok_or_else(|| not_found(key))
}

/// All that were registered.
fn all(ledger: &Ledger) -> Vec<JsonRow> {
    ledger.shelf(SHELF).laid_over(SHELF, Vec::new())
}

/// One application, as the request that reads or registers it sees it.
pub fn shown(call: &Call, ledger: &Ledger, id: &str) -> Answer<Reply> {
    served(call, &APPLICATION, "applications", &all(ledger), &[id])
}

/// The application with this `appId`, for the sign-in service.
pub fn registered(ledger: &Ledger, app_id: &str) -> Option<Map<String, Value>> {
    let shelf = ledger.shelf(SHELF);
    let mut living = shelf.at_home(SHELF);
    living
        .find(|(_, entry)| entry.values["appId"] == app_id)
        .map(|(_, entry)| entry.values.clone())
}

fn graph() -> JsonRow {
    json_row(
        "servicePrincipal",
        json!({
            "id": guid(&[mix_text("service principal"), mix_text(TENANT_ID)]),
            "deletedDateTime": null,
            "accountEnabled": true,
            "appDisplayName": "Microsoft Graph",
            "appId": GRAPH,
            // Microsoft's own tenant.
            "appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
            "displayName": "Microsoft Graph",
            "oauth2PermissionScopes": scopes(),
            "servicePrincipalNames": [GRAPH, "https://graph.microsoft.com"],
            "servicePrincipalType": "Application",
        }),
    )
}

fn scopes() -> Vec<Value> {
    let lines = include_str!("scopes.txt").lines();
    let pairs = lines
        .filter_map(|line| line.split_once(' '))
        .filter(|(id, _)| *id != "#");
    pairs
        .map(|(id, name)| json!({"id": id, "value": name, "isEnabled": true}))
        .collect()
}

/// Does Graph have the permission with this id?
pub fn has_scope(id: &str) -> bool {
    scopes().iter().any(|scope| scope["id"] == id)
}
