//! Groups and membership (FACTS 1.4).

use crate::http::{self, get, get_with};
use crate::permissions::as_adele_with;
use crate::{EVENTUAL, refused};

fn group(name: &str) -> serde_json::Value {
    get(&format!("/v1.0/groups?$filter=displayName eq '{name}'"))
        .rows()
        .remove(0)
}

#[test]
fn groups_have_more_than_one_page_and_a_default_set() {
    let page = get("/v1.0/groups");
    assert_eq!((page.rows().len(), page.next().is_some()), (100, true));
    assert_eq!(http::all("/v1.0/groups?$select=id", &[]).len(), 105);
    let first = page.rows().remove(0);
    assert!(
        first.get("visibility").is_some()
            && first.get("allowExternalSenders").is_none()
            && first.get("assignedLicenses").is_none()
    );
    refused(
        &get("/v1.0/groups?$select=unseenCount"),
        501,
        "NotImplemented",
    );
    let id = first["id"].as_str().expect("an id");
    assert_eq!(
        get(&format!("/v1.0/groups/{id}?$select=unseenCount")).json()["unseenCount"],
        0
    );
    assert!(
        get(&format!(
            "/v1.0/groups/{id}?$select=hasMembersWithLicenseErrors"
        ))
        .json()["hasMembersWithLicenseErrors"]
            .is_null(),
        "filter only"
    );
}

#[test]
fn group_filters() {
    let unified = http::all(
        "/v1.0/groups?$filter=groupTypes/any(c:c eq 'Unified')&$select=id",
        &[],
    );
    let others = http::all(
        "/v1.0/groups?$filter=not groupTypes/any(c:c eq 'Unified')&$select=id&$count=true",
        &[EVENTUAL],
    );
    assert_eq!(unified.len() + others.len(), 105);
    refused(
        &get("/v1.0/groups?$filter=not groupTypes/any(c:c eq 'Unified')"),
        400,
        "Request_UnsupportedQuery",
    );
    for filter in [
        "visibility eq 'Public'",
        "theme eq 'Teal'",
        "securityIdentifier eq 'x'",
    ] {
        refused(
            &get(&format!("/v1.0/groups?$filter={filter}")),
            400,
            "Request_UnsupportedQuery",
        );
    }
}

#[test]
fn teams_are_found_by_their_provisioning_and_only_in_capitals_that_do_not_matter() {
    // FACTS 1.9 writes the filter with a capital: the only way to list all teams.
    let teams = http::all(
        "/v1.0/groups?$filter=resourceProvisioningOptions/Any(x:x eq 'Team')&$select=groupTypes,resourceProvisioningOptions",
        &[],
    );
    let unified = |row: &serde_json::Value| {
        row["groupTypes"]
            .as_array()
            .is_some_and(|kinds| kinds.contains(&"Unified".into()))
    };
    assert_eq!((teams.len(), teams.iter().all(unified)), (18, true));
    assert_eq!(teams[0]["resourceProvisioningOptions"][0], "Team");
    let small = http::all(
        "/v1.0/groups?$filter=resourceProvisioningOptions/any(x:x eq 'Team')&$select=id",
        &[],
    );
    assert_eq!(small.len(), 18);
}

#[test]
fn members_are_typed_and_narrowing_them_is_advanced() {
    let sales = group("Müller %26 Friends");
    let id = sales["id"].as_str().expect("an id");
    let members = get(&format!("/v1.0/groups/{id}/members")).rows();
    assert_eq!(members[0]["@odata.type"], "#microsoft.graph.group");
    assert!(
        members[0].get("visibility").is_some()
            && members[1]["@odata.type"] == "#microsoft.graph.user"
            && members[1].get("visibility").is_none()
    );
    for narrowed in [
        "members/microsoft.graph.user",
        "members?$filter=startswith(displayName,'a')",
        "members?$orderby=displayName",
    ] {
        refused(
            &get(&format!("/v1.0/groups/{id}/{narrowed}")),
            400,
            "Request_UnsupportedQuery",
        );
    }
    let users = get_with(
        &format!(
            "/v1.0/groups/{id}/members/microsoft.graph.user?$count=true&$select=id,department"
        ),
        &[EVENTUAL],
    );
    assert_eq!(
        (users.rows().len(), users.rows()[0].get("@odata.type")),
        (members.len() - 1, None)
    );
    let all = get_with(
        &format!("/v1.0/groups/{id}/transitiveMembers/$count"),
        &[EVENTUAL],
    )
    .text();
    assert!(
        all.parse::<usize>().is_ok_and(|all| all > members.len()),
        "{all}"
    );
}

#[test]
fn groups_of_a_user() {
    let groups = get("/v1.0/me/memberOf").rows();
    assert!(
        groups.len() > 3
            && groups[..groups.len() - 1]
                .iter()
                .all(|group| group["@odata.type"] == "#microsoft.graph.group")
    );
    assert!(get("/v1.0/me/transitiveMemberOf").rows().len() >= groups.len());
    refused(
        &get("/v1.0/groups/11111111-2222-3333-4444-555555555555"),
        404,
        "Request_ResourceNotFound",
    );
}

#[test]
fn members_of_a_type_that_may_not_be_read_are_ids_and_nulls() {
    let id = group("Sales")["id"]
        .as_str()
        .map(String::from)
        .expect("an id");
    let path = format!("/v1.0/groups/{id}/members?$select=id,displayName,mail");
    let full = get(&path).rows();
    let veiled = as_adele_with("GroupMember.Read.All", &path).rows();
    let (group, user) = (&veiled[0], &veiled[2]);
    assert_eq!((full.len(), group), (veiled.len(), &full[0]));
    assert_eq!(
        (&user["@odata.type"], &user["id"], &user["displayName"]),
        (
            &"#microsoft.graph.user".into(),
            &full[2]["id"],
            &serde_json::Value::Null
        )
    );
    let memberships = as_adele_with("User.Read", "/v1.0/me/memberOf?$select=id,displayName").rows();
    assert!(
        memberships
            .iter()
            .all(|row| row["id"].is_string() && row["displayName"].is_null())
    );
}
