//! Devices, directory roles, deleted users and domains: the smaller collections of the directory.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::http::{self, get, get_with};
use crate::{EVENTUAL, refused};

fn text<'v>(row: &'v Value, name: &str) -> &'v str {
    row[name].as_str().unwrap_or_default()
}

fn role(name: &str) -> Value {
    get(&format!(
        "/v1.0/directoryRoles?$filter=displayName eq '{name}'"
    ))
    .rows()
    .remove(0)
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| text(row, "displayName")).collect()
}

#[test]
fn devices_have_pages_and_hide_what_must_be_selected() {
    let page = get("/v1.0/devices");
    assert_eq!((page.rows().len(), page.next().is_some()), (100, true));
    assert_eq!(http::all("/v1.0/devices?$select=id", &[]).len(), 130);
    let first = page.rows().remove(0);
    assert_eq!(first.as_object().map(serde_json::Map::len), Some(30));
    assert!(first.get("onPremisesSecurityIdentifier").is_none());
    let selected = get("/v1.0/devices?$top=2&$select=onPremisesSecurityIdentifier").rows();
    assert_eq!(
        selected[1],
        json!({"onPremisesSecurityIdentifier": "S-1-5-21-100-200-300-5001"})
    );
    refused(&get("/v1.0/devices?$skip=1"), 400, "Request_BadRequest");
    refused(&get("/v1.0/devices?$select=imei"), 400, "BadRequest");
    refused(&get("/v1.0/devices/$count"), 400, "Request_BadRequest");
    assert_eq!(get_with("/v1.0/devices/$count", &[EVENTUAL]).text(), "130");
}

#[test]
fn device_filters_and_sorts() {
    let count =
        |filter: &str| http::all(&format!("/v1.0/devices?$select=id&$filter={filter}"), &[]).len();
    assert_eq!(count("operatingSystem eq 'windows'"), 44);
    assert_eq!(count("isCompliant eq false"), 15);
    assert_eq!(count("trustType in ('ServerAd','Workplace')"), 66);
    assert_eq!(
        count("approximateLastSignInDateTime le 2026-09-01T00:00:00Z"),
        10
    );
    for filter in [
        "isCompliant ne true",
        "approximateLastSignInDateTime eq null",
        "systemLabels/$count eq 0",
    ] {
        refused(
            &get(&format!("/v1.0/devices?$filter={filter}")),
            400,
            "Request_UnsupportedQuery",
        );
        let path = format!("/v1.0/devices?$count=true&$filter={filter}");
        assert_eq!(get_with(&path, &[EVENTUAL]).status, 200, "{filter}");
    }
    for filter in [
        "model eq 'x'",
        "manufacturer eq 'x'",
        "registrationDateTime ge 2026-01-01T00:00:00Z",
        "operatingSystem in ('Linux')",
    ] {
        let path = format!("/v1.0/devices?$count=true&$filter={filter}");
        refused(
            &get_with(&path, &[EVENTUAL]),
            400,
            "Request_UnsupportedQuery",
        );
    }
    refused(
        &get("/v1.0/devices?$orderby=displayName"),
        400,
        "Request_UnsupportedQuery",
    );
    let sorted = get_with(
        "/v1.0/devices?$count=true&$top=1&$orderby=approximateLastSignInDateTime desc",
        &[EVENTUAL],
    );
    assert!(text(&sorted.rows()[0], "approximateLastSignInDateTime").starts_with("2026-11-2"));
}

#[test]
fn a_device_has_two_keys_and_perhaps_an_owner() {
    let device = get("/v1.0/devices?$top=1").rows().remove(0);
    let (id, own) = (text(&device, "id"), text(&device, "deviceId"));
    assert_eq!(get(&format!("/v1.0/devices/{id}")).json()["deviceId"], own);
    assert_eq!(
        get(&format!("/v1.0/devices(deviceId='{own}')")).json()["id"],
        id
    );
    refused(
        &get(&format!("/v1.0/devices/{own}")),
        404,
        "Request_ResourceNotFound",
    );
    let owners = get(&format!("/v1.0/devices/{id}/registeredOwners")).rows();
    assert_eq!(
        (names(&owners), text(&owners[0], "@odata.type")),
        (vec!["Adele Vance"], "#microsoft.graph.user")
    );
    let kiosk =
        get("/v1.0/devices?$filter=displayName eq 'Kiosk 100%25_free'&$expand=registeredOwners")
            .rows()
            .remove(0);
    assert_eq!(kiosk["registeredOwners"], json!([]));
    let mine = get("/v1.0/me/ownedDevices").rows();
    assert_eq!(mine.len(), 3);
    assert!(
        mine.iter()
            .all(|row| text(row, "@odata.type") == "#microsoft.graph.device")
    );
    refused(
        &get("/v1.0/me/ownedDevices?$filter=isManaged eq true"),
        400,
        "Request_UnsupportedQuery",
    );
}

#[test]
fn directory_roles_do_not_page_or_sort() {
    assert_eq!(get("/v1.0/directoryRoles").rows().len(), 10);
    for option in [
        "$top=1",
        "$skip=1",
        "$orderby=displayName",
        "$search=\"displayName:a\"",
    ] {
        refused(
            &get_with(&format!("/v1.0/directoryRoles?{option}"), &[EVENTUAL]),
            400,
            "Request_BadRequest",
        );
    }
    for filter in [
        "startswith(displayName,'G')",
        "displayName ne 'x'",
        "displayName in ('x')",
    ] {
        refused(
            &get(&format!("/v1.0/directoryRoles?$filter={filter}")),
            400,
            "Request_UnsupportedQuery",
        );
    }
    let reader = role("Reports Reader");
    let (id, template) = (text(&reader, "id"), text(&reader, "roleTemplateId"));
    assert_eq!(template, "4a5d8f65-41da-4de4-8968-e035b65339cf");
    for path in [
        format!("directoryRoles/{id}"),
        format!("directoryRoles(roleTemplateId='{template}')"),
    ] {
        assert_eq!(
            get(&format!("/v1.0/{path}")).json()["displayName"],
            "Reports Reader"
        );
    }
    refused(
        &get(&format!("/v1.0/directoryRoles/{template}")),
        404,
        "Request_ResourceNotFound",
    );
    assert_eq!(
        get(&format!("/v1.0/directoryRoles/{id}/members")).rows(),
        Vec::<Value>::new()
    );
}

#[test]
fn who_is_an_administrator() {
    let global = role("Global Administrator");
    let id = text(&global, "id");
    let members = get(&format!(
        "/v1.0/directoryRoles/{id}/members?$select=displayName,accountEnabled"
    ))
    .rows();
    assert_eq!(
        names(&members),
        ["Adele Vance", "Megan Bowen", "Christie Cline"]
    );
    assert_eq!(members[2]["accountEnabled"], false);
    let expanded = get(
        "/v1.0/directoryRoles?$expand=members($select=displayName)&$filter=displayName eq 'User Administrator'",
    )
    .rows();
    assert_eq!(
        expanded[0]["members"],
        json!([
            {"@odata.type": "#microsoft.graph.user", "displayName": "Alex Wilber"},
            {"@odata.type": "#microsoft.graph.user", "displayName": "Dana Swope"}
        ])
    );
}

#[test]
fn roles_are_among_the_memberships_of_a_user() {
    let all = get("/v1.0/me/memberOf").rows();
    let last = all.last().expect("a role");
    assert_eq!(
        (text(last, "@odata.type"), text(last, "displayName")),
        ("#microsoft.graph.directoryRole", "Global Administrator")
    );
    let cast = |kind: &str| {
        let path = format!("/v1.0/me/memberOf/microsoft.graph.{kind}?$count=true");
        get_with(&path, &[EVENTUAL]).rows().len()
    };
    assert_eq!((cast("directoryRole"), cast("group")), (1, all.len() - 1));
    refused(
        &get("/v1.0/me/memberOf/microsoft.graph.group"),
        400,
        "Request_UnsupportedQuery",
    );
}

#[test]
fn deleted_items_need_a_cast_and_then_obey_its_rules() {
    refused(
        &get("/v1.0/directory/deletedItems"),
        400,
        "Request_BadRequest",
    );
    let path = "/v1.0/directory/deletedItems/microsoft.graph.user";
    let page = get(path);
    assert_eq!((page.rows().len(), page.next().is_some()), (100, true));
    assert!(page.rows()[0].get("deletedDateTime").is_none());
    let all = http::all(
        &format!("{path}?$select=id,deletedDateTime,userPrincipalName"),
        &[],
    );
    assert_eq!(all.len(), 112);
    assert!(all.iter().all(|row| row["deletedDateTime"].is_string()));
    let id = text(&all[0], "id");
    assert_eq!(
        text(&all[0], "userPrincipalName"),
        format!("{}leaver0@contoso.com", id.replace('-', ""))
    );
    refused(
        &get(&format!("{path}?$orderby=deletedDateTime")),
        400,
        "Request_UnsupportedQuery",
    );
    let latest = get_with(
        &format!("{path}?$count=true&$top=1&$orderby=deletedDateTime desc&$select=displayName"),
        &[EVENTUAL],
    );
    assert_eq!(
        (names(&latest.rows()), &latest.json()["@odata.count"]),
        (vec!["Megan Bowen"], &json!(112))
    );
    let recent = format!("{path}?$filter=deletedDateTime ge 2026-11-29T00:00:00Z&$select=id");
    assert_eq!(http::all(&recent, &[]).len(), 4);
}

#[test]
fn the_deleted_are_not_among_the_users() {
    let of = |path: &str| -> HashSet<String> {
        let rows = http::all(&format!("{path}?$select=id"), &[]);
        rows.iter().map(|row| text(row, "id").to_string()).collect()
    };
    let gone = of("/v1.0/directory/deletedItems/microsoft.graph.user");
    assert!(gone.is_disjoint(&of("/v1.0/users")));
    let one = gone.iter().min().expect("an id");
    refused(
        &get(&format!("/v1.0/users/{one}")),
        404,
        "Request_ResourceNotFound",
    );
    let item = get(&format!("/v1.0/directory/deletedItems/{one}")).json();
    assert_eq!(text(&item, "@odata.type"), "#microsoft.graph.user");
    refused(
        &get("/v1.0/directory/deletedItems/87d349ed-44d7-43e1-9a83-5f2406dee5bd"),
        404,
        "Request_ResourceNotFound",
    );
}

#[test]
fn domains_are_keyed_by_name_and_only_select_has_an_effect() {
    let domains = get("/v1.0/domains").rows();
    let ids: Vec<&str> = domains.iter().map(|row| text(row, "id")).collect();
    assert_eq!(
        ids,
        [
            "contoso.com",
            "contoso.onmicrosoft.com",
            "BMC1016.onmicrosoft.com",
            "corp.contoso.com",
            "xn--mller-kva.example"
        ]
    );
    assert_eq!(
        get("/v1.0/domains/CONTOSO.com?$select=isDefault,passwordValidityPeriodInDays").json(),
        json!({
            "@odata.context": http::context("domains(isDefault,passwordValidityPeriodInDays)/$entity"),
            "isDefault": true, "passwordValidityPeriodInDays": 2_147_483_647
        })
    );
    for option in ["$top=1", "$filter=isVerified eq true", "$orderby=id"] {
        refused(
            &get(&format!("/v1.0/domains?{option}")),
            400,
            "Request_BadRequest",
        );
    }
    refused(
        &get("/v1.0/domains/nowhere.example"),
        404,
        "Request_ResourceNotFound",
    );
    let verified = get("/v1.0/organization").rows()[0]["verifiedDomains"].clone();
    let verified = verified.as_array().expect("a list");
    let unproved = domains.iter().filter(|row| row["isVerified"] == false);
    assert_eq!(verified.len() + unproved.count(), domains.len());
}
