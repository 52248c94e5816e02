//! What hangs on a user, the organization, and nulls in filters (FACTS 1.4, 2.6).

use crate::http::{self, get, get_with};
use crate::{EVENTUAL, refused};

#[test]
fn null_differs_from_every_value_for_ne_and_passes_nothing_else() {
    let rows = |filter: &str| {
        http::all(
            &format!("/v1.0/users?$count=true&$select=city&$filter={filter}"),
            &[EVENTUAL],
        )
    };
    let others = rows("city ne 'London'");
    assert!(
        others.iter().any(|row| row["city"].is_null())
            && others.iter().all(|row| row["city"] != "London")
    );
    let nulls = rows("city eq null").len();
    assert_eq!(
        (
            others.len() + rows("city eq 'London'").len(),
            nulls + rows("city ne null").len()
        ),
        (60, 60)
    );
    assert!(
        rows("not startswith(city,'L')")
            .iter()
            .all(|row| row["city"].is_string()),
        "null is dropped by not"
    );
}

#[test]
fn sign_in_activity_wants_the_object_id_and_stands_alone() {
    refused(
        &get("/v1.0/users/adele@contoso.com?$select=signInActivity"),
        400,
        "Request_BadRequest",
    );
    let id = "87d349ed-44d7-43e1-9a83-5f2406dee5bd";
    assert!(get(&format!("/v1.0/users/{id}?$select=signInActivity")).json()["signInActivity"]["lastSignInDateTime"].is_string());
    refused(
        &get(
            "/v1.0/users?$filter=signInActivity/lastSignInDateTime ge 2026-11-01T00:00:00Z and accountEnabled eq true",
        ),
        400,
        "Request_UnsupportedQuery",
    );
    let since = |day: &str| {
        let filter = format!("signInActivity/lastSignInDateTime ge {day}T00:00:00Z");
        get(&format!("/v1.0/users?$filter={filter}")).rows().len()
    };
    assert_eq!((since("2026-11-01"), since("2025-01-01")), (45, 48));
}

#[test]
fn extension_attributes_filter_in_advanced_mode_only() {
    let filter = "$filter=onPremisesExtensionAttributes/extensionAttribute1 eq 'team-1'";
    refused(
        &get(&format!("/v1.0/users?{filter}")),
        400,
        "Request_UnsupportedQuery",
    );
    assert!(
        !get_with(&format!("/v1.0/users?{filter}&$count=true"), &[EVENTUAL])
            .rows()
            .is_empty()
    );
    refused(
        &get("/v1.0/users?$select=onPremisesExtensionAttributes/extensionAttribute1"),
        400,
        "BadRequest",
    );
}

#[test]
fn identities_need_issuer_and_id() {
    let issuer = "i/issuer eq 'contoso.onmicrosoft.com'";
    refused(
        &get(&format!("/v1.0/users?$filter=identities/any(i:{issuer})")),
        400,
        "Request_UnsupportedQuery",
    );
    let both = format!(
        "/v1.0/users?$filter=identities/any(i:{issuer} and i/issuerAssignedId eq 'adele@contoso.com')"
    );
    assert_eq!(get(&both).rows()[0]["displayName"], "Adele Vance");
}

#[test]
fn reports_licences_and_the_organization() {
    let reports = get("/v1.0/me/directReports").rows();
    assert!(
        reports.len() > 10
            && reports
                .iter()
                .all(|row| row["@odata.type"] == "#microsoft.graph.user")
    );
    let licences = get("/v1.0/me/licenseDetails?$select=skuPartNumber").rows();
    let names: Vec<&str> = licences
        .iter()
        .filter_map(|row| row["skuPartNumber"].as_str())
        .collect();
    assert_eq!(names, ["ENTERPRISEPREMIUM", "FLOW_FREE"]);
    refused(
        &get("/v1.0/me/licenseDetails?$filter=skuPartNumber eq 'x'"),
        400,
        "Request_BadRequest",
    );
    let organization = get("/v1.0/organization").rows();
    assert_eq!(
        (organization.len(), &organization[0]["displayName"]),
        (1, &"Contoso".into())
    );
}

/// The driver asked for the reports of somebody without any, and was told that groups have no such property.
#[test]
fn what_may_be_selected_does_not_depend_on_the_rows() {
    let path = "/v1.0/users/miriam@contoso.com/directReports?$select=id,jobTitle";
    assert_eq!(get(path).rows(), Vec::<serde_json::Value>::new());
    refused(
        &get("/v1.0/users/miriam@contoso.com/directReports?$select=visibility"),
        400,
        "BadRequest",
    );
    refused(
        &get("/v1.0/me/directReports?$filter=jobTitle eq 'Engineer'"),
        400,
        "Request_UnsupportedQuery",
    );
}
