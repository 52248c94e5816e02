//! The directory: users and licences (FACTS 1.4, 2.7, 2.8).

use crate::http::{self, get, get_with};
use crate::{EVENTUAL, refused};

#[test]
fn users_come_with_the_default_property_set_only() {
    let first = get("/v1.0/users?$top=1").rows().remove(0);
    let names: Vec<&String> = first.as_object().expect("an object").keys().collect();
    assert_eq!(
        names,
        [
            "businessPhones",
            "displayName",
            "givenName",
            "id",
            "jobTitle",
            "mail",
            "mobilePhone",
            "officeLocation",
            "preferredLanguage",
            "surname",
            "userPrincipalName"
        ]
    );
    let selected = get("/v1.0/users?$top=1&$select=displayName,accountEnabled")
        .rows()
        .remove(0);
    assert_eq!(
        selected,
        serde_json::json!({"displayName": "Adele Vance", "accountEnabled": true})
    );
}

#[test]
fn unknown_property_in_select_or_filter() {
    refused(&get("/v1.0/users?$select=shoeSize"), 400, "BadRequest");
    refused(&get("/v1.0/users?$filter=shoeSize eq 5"), 400, "BadRequest");
}

#[test]
fn single_only_properties_are_501_in_the_collection() {
    refused(
        &get("/v1.0/users?$select=id,aboutMe"),
        501,
        "NotImplemented",
    );
    assert_eq!(
        get("/v1.0/me?$select=aboutMe").json()["aboutMe"],
        "About Adele Vance"
    );
}

#[test]
fn users_have_no_skip_and_no_page_above_999() {
    refused(&get("/v1.0/users?$skip=5"), 400, "Request_BadRequest");
    refused(&get("/v1.0/users?$top=1000"), 400, "Request_BadRequest");
    refused(
        &get("/v1.0/users?$top=501&$select=signInActivity"),
        400,
        "Request_BadRequest",
    );
    assert_eq!(get("/v1.0/users?$top=999").rows().len(), 60);
}

#[test]
fn next_link_is_opaque_and_needs_the_same_headers() {
    let page = get_with(
        "/v1.0/users?$top=20&$filter=accountEnabled ne false&$count=true&$orderby=displayName",
        &[EVENTUAL],
    );
    assert_eq!(page.json()["@odata.count"], 52);
    let next = page.next().expect("there are three pages");
    assert!(
        next.contains("%24skiptoken=") && next.contains("%24filter=accountEnabled%20ne%20false"),
        "{next}"
    );
    refused(&get(&next), 400, "Request_UnsupportedQuery");
    let second = get_with(&next, &[EVENTUAL]);
    assert_eq!(second.rows().len(), 20);
    assert!(
        second.json().get("@odata.count").is_none(),
        "the count is on page 1 only"
    );
    refused(
        &get_with(&next.replace("RFNwd", "RFNwe"), &[EVENTUAL]),
        400,
        "Request_BadRequest",
    );
}

#[test]
fn a_filtered_directory_page_may_be_short_and_still_go_on() {
    let page = get("/v1.0/users?$top=50&$filter=userType eq 'Guest'");
    assert_eq!((page.rows().len(), page.next().is_some()), (0, true));
    let all = http::all("/v1.0/users?$top=50&$filter=userType eq 'Guest'", &[]);
    assert_eq!(all.len(), 10);
}

#[test]
fn advanced_queries_need_header_and_count() {
    for filter in [
        "accountEnabled ne true",
        "not startswith(displayName,'A')",
        "endswith(mail,'@contoso.com')",
        "city eq null",
        "assignedLicenses/$count eq 0",
        "companyName eq 'Contoso'",
    ] {
        let plain = get(&format!("/v1.0/users?$filter={filter}"));
        refused(&plain, 400, "Request_UnsupportedQuery");
        let half = get_with(&format!("/v1.0/users?$filter={filter}"), &[EVENTUAL]);
        refused(&half, 400, "Request_UnsupportedQuery");
        let advanced = get_with(
            &format!("/v1.0/users?$filter={filter}&$count=true"),
            &[EVENTUAL],
        );
        assert_eq!(advanced.status, 200, "{filter}: {}", advanced.text());
    }
}

#[test]
fn count_without_the_header_is_ignored_as_parameter_and_refused_as_segment() {
    assert!(
        get("/v1.0/users?$count=true")
            .json()
            .get("@odata.count")
            .is_none()
    );
    refused(&get("/v1.0/users/$count"), 400, "Request_BadRequest");
    let count = get_with("/v1.0/users/$count", &[EVENTUAL]);
    assert_eq!(
        (count.text().as_str(), count.header("content-type")),
        ("60", Some("text/plain"))
    );
}

#[test]
fn operators_that_no_mode_has() {
    for filter in [
        "contains(displayName,'a')",
        "displayName gt 'A'",
        "faxNumber eq 'x'",
        "displayName ge 'A'",
        "startswith(jobTitle,'A')",
        "createdDateTime gt 2025-01-01T00:00:00Z",
    ] {
        refused(
            &get_with(
                &format!("/v1.0/users?$filter={filter}&$count=true"),
                &[EVENTUAL],
            ),
            400,
            "Request_UnsupportedQuery",
        );
    }
    refused(
        &get("/v1.0/users?$filter=skills/all(s:s eq 'x')"),
        400,
        "BadRequest",
    );
}

#[test]
fn filter_and_orderby_together_are_advanced() {
    refused(
        &get("/v1.0/users?$filter=city eq 'London'&$orderby=displayName"),
        400,
        "Request_UnsupportedQuery",
    );
    refused(
        &get("/v1.0/users?$orderby=city"),
        400,
        "Request_UnsupportedQuery",
    );
    refused(
        &get("/v1.0/users?$orderby=createdDateTime"),
        400,
        "Request_UnsupportedQuery",
    );
    assert_eq!(
        get_with(
            "/v1.0/users?$orderby=createdDateTime desc&$count=true",
            &[EVENTUAL]
        )
        .status,
        200
    );
    assert_eq!(
        get("/v1.0/users?$orderby=displayName&$top=1").rows()[0]["displayName"],
        "100% Rabatt"
    );
}

#[test]
fn at_most_15_clauses() {
    let ids = |n: usize| {
        (0..n)
            .map(|i| format!("'u{i}'"))
            .collect::<Vec<_>>()
            .join(",")
    };
    assert_eq!(
        get(&format!("/v1.0/users?$filter=displayName in ({})", ids(15))).status,
        200
    );
    let wide = get(&format!("/v1.0/users?$filter=displayName in ({})", ids(16)));
    refused(&wide, 400, "Request_UnsupportedQuery");
    assert!(
        wide.text()
            .contains("containing 'OR' operators: 16. Max allowed: 15")
    );
    assert_eq!(
        get_with(
            &format!(
                "/v1.0/users?$count=true&$filter=displayName in ({})",
                ids(16)
            ),
            &[EVENTUAL]
        )
        .status,
        200
    );
}

#[test]
fn height_3_and_120_characters() {
    let high = get(
        "/v1.0/users?$filter=((city eq 'a' and country eq 'b') or state eq 'c') and surname eq 'd'",
    );
    refused(&high, 400, "Request_UnsupportedQuery");
    assert!(high.text().contains("excessive height: 4. Max allowed: 3"));
    refused(
        &get(&format!(
            "/v1.0/users?$filter=displayName eq '{}'",
            "x".repeat(121)
        )),
        400,
        "Request_UnsupportedQuery",
    );
    refused(
        &get_with(
            &format!(
                "/v1.0/users?$count=true&$filter=displayName eq '{}'",
                "x".repeat(2_000)
            ),
            &[EVENTUAL],
        ),
        400,
        "Request_UnsupportedQuery",
    );
}

#[test]
fn empty_text_is_refused() {
    refused(
        &get("/v1.0/users?$filter=city eq ''"),
        400,
        "Request_UnsupportedQuery",
    );
}

#[test]
fn literals_must_have_the_property_type() {
    refused(
        &get("/v1.0/users?$filter=createdDateTime ge '2025-01-01T00:00:00Z'"),
        400,
        "BadRequest",
    );
    refused(
        &get("/v1.0/users?$filter=accountEnabled eq 'true'"),
        400,
        "BadRequest",
    );
    refused(
        &get("/v1.0/users?$filter=id eq 87d349ed-44d7-43e1-9a83-5f2406dee5bd"),
        400,
        "BadRequest",
    );
    assert_eq!(
        get("/v1.0/users?$filter=id eq '87d349ed-44d7-43e1-9a83-5f2406dee5bd'")
            .rows()
            .len(),
        1
    );
    // A plus is a space: the offset must be %2B.
    refused(
        &get("/v1.0/users?$filter=createdDateTime ge 2025-01-01T00:00:00+01:00"),
        400,
        "BadRequest",
    );
    assert_eq!(
        get("/v1.0/users?$filter=createdDateTime ge 2025-01-01T00:00:00%2B01:00").status,
        200
    );
    let licensed = http::all(
        "/v1.0/users?$filter=assignedLicenses/any(x:x/skuId eq c7df2760-2c81-4ef7-b578-5b5392b571df)",
        &[],
    );
    assert_eq!(licensed.len(), 4);
}

#[test]
fn quotes_are_doubled_and_text_ignores_case() {
    assert_eq!(
        get("/v1.0/users?$filter=displayName eq 'PATRICK o''brien'")
            .rows()
            .len(),
        1
    );
    refused(
        &get("/v1.0/users?$filter=displayName eq 'Patrick O'Brien'"),
        400,
        "BadRequest",
    );
    let sales = http::all(
        "/v1.0/users?$filter=department eq 'sales'&$select=department",
        &[],
    );
    assert!(
        sales.iter().any(|row| row["department"] == "SALES")
            && sales.iter().any(|row| row["department"] == "Sales")
    );
}

#[test]
fn search_is_quoted_tokenised_and_eventual() {
    refused(
        &get("/v1.0/users?$search=\"displayName:adele\""),
        400,
        "Request_UnsupportedQuery",
    );
    refused(
        &get_with("/v1.0/users?$search=displayName:adele", &[EVENTUAL]),
        400,
        "Request_BadRequest",
    );
    assert_eq!(
        get_with("/v1.0/users?$search=\"displayName:van ad\"", &[EVENTUAL])
            .rows()
            .len(),
        2
    );
    assert_eq!(
        get_with("/v1.0/users?$search=\"displayName:dele\"", &[EVENTUAL])
            .rows()
            .len(),
        0
    );
}

#[test]
fn expand_is_single_small_and_not_advanced() {
    let row = get("/v1.0/users?$top=1&$expand=manager($select=id,displayName)")
        .rows()
        .remove(0);
    assert_eq!(row["manager"]["displayName"], "Megan Bowen");
    let expanded = get("/v1.0/users?$top=1&$expand=memberOf($select=displayName)").rows();
    assert_eq!(
        expanded[0]["memberOf"][0]["@odata.type"],
        "#microsoft.graph.group"
    );
    refused(
        &get("/v1.0/users?$expand=manager,directReports"),
        400,
        "Request_BadRequest",
    );
    refused(
        &get_with("/v1.0/users?$expand=manager&$count=true", &[EVENTUAL]),
        400,
        "Request_UnsupportedQuery",
    );
    refused(
        &get("/v1.0/users?$expand=manager($levels=max)"),
        400,
        "Request_UnsupportedQuery",
    );
}

#[test]
fn key_lookup_by_id_and_upn() {
    assert_eq!(
        get("/v1.0/users/87d349ed-44d7-43e1-9a83-5f2406dee5bd").json()["displayName"],
        "Adele Vance"
    );
    assert_eq!(
        get("/v1.0/users/patrick.o'brien@contoso.com").json()["displayName"],
        "Patrick O'Brien"
    );
    assert_eq!(
        get("/v1.0/users('patrick.o''brien@contoso.com')").json()["displayName"],
        "Patrick O'Brien"
    );
    assert_eq!(
        get("/v1.0/users/danas_adatum.com%23EXT%23@contoso.onmicrosoft.com").json()["displayName"],
        "Dana Swope"
    );
    refused(
        &get("/v1.0/users/nobody@contoso.com"),
        404,
        "Request_ResourceNotFound",
    );
    refused(
        &get("/v1.0/users/megan@contoso.com/manager"),
        404,
        "Request_ResourceNotFound",
    );
}
