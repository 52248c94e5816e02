//! Mail: lists of messages (FACTS 1.1, 2.2 to 2.5, 2.10).

use crate::http::{self, get, get_with};
use crate::refused;

#[test]
fn messages_default_page_is_10_newest_first_with_bodies() {
    let page = get("/v1.0/me/messages");
    let rows = page.rows();
    assert_eq!(rows.len(), 10);
    let dates: Vec<&str> = rows
        .iter()
        .filter_map(|row| row["receivedDateTime"].as_str())
        .collect();
    assert!(dates.windows(2).all(|pair| pair[0] >= pair[1]), "{dates:?}");
    assert!(
        rows[0]["body"]["content"].is_string()
            && rows[0].get("uniqueBody").is_none()
            && rows[0].get("internetMessageHeaders").is_none()
    );
    assert!(
        rows[0]["@odata.etag"]
            .as_str()
            .is_some_and(|tag| tag.starts_with("W/\""))
    );
    let next = page.next().expect("more");
    assert!(next.ends_with("%24skip=10"), "{next}");
}

#[test]
fn message_pages_hold_1000_at_most_and_512_by_preference() {
    assert_eq!(
        get("/v1.0/me/messages?$top=1000&$select=id").rows().len(),
        1_000
    );
    refused(
        &get("/v1.0/me/messages?$top=1001"),
        400,
        "ErrorInvalidUrlQuery",
    );
    let preferred = get_with(
        "/v1.0/me/messages?$select=id",
        &[("Prefer", "odata.maxpagesize=900")],
    );
    assert_eq!(preferred.rows().len(), 512);
    assert_eq!(
        preferred.header("preference-applied"),
        Some("odata.maxpagesize=900")
    );
}

#[test]
fn all_pages_together_are_the_mailbox() {
    let ids: std::collections::HashSet<String> =
        http::all("/v1.0/me/messages?$top=250&$select=id", &[])
            .iter()
            .map(|row| row["id"].to_string())
            .collect();
    assert_eq!(ids.len(), 1_200);
    assert_eq!(get("/v1.0/me/messages/$count").text(), "1200");
    assert_eq!(
        get("/v1.0/me/messages?$count=true&$top=1&$select=id").json()["@odata.count"],
        1_200
    );
    assert_eq!(
        get("/v1.0/users/nestor@contoso.com/messages").rows().len(),
        0
    );
}

#[test]
fn a_filter_without_order_gives_the_oldest_first() {
    let rows = get("/v1.0/me/messages?$filter=isRead eq false&$select=receivedDateTime").rows();
    let dates: Vec<&str> = rows
        .iter()
        .filter_map(|row| row["receivedDateTime"].as_str())
        .collect();
    assert!(
        dates.len() == 10 && dates.windows(2).all(|pair| pair[0] <= pair[1]),
        "{dates:?}"
    );
}

#[test]
fn skip_counts_scanned_items_and_pages_may_be_empty() {
    let page = get(
        "/v1.0/me/messages?$filter=receivedDateTime ge 2026-09-01T00:00:00Z&$top=50&$select=id",
    );
    assert_eq!(
        page.rows().len(),
        0,
        "nothing among the first thousand looked at"
    );
    let next = page.next().expect("and still more");
    assert!(next.ends_with("%24skip=1000"), "{next}");
    assert_eq!(get(&next).rows().len(), 50);
}

#[test]
fn sort_properties_must_lead_the_filter() {
    let good = "/v1.0/me/messages?$filter=receivedDateTime ge 2026-01-01T00:00:00Z and isRead eq false&$orderby=receivedDateTime desc&$top=5";
    assert_eq!(get(good).rows().len(), 5);
    for bad in [
        "$filter=isRead eq false&$orderby=receivedDateTime desc",
        "$filter=isRead eq false and receivedDateTime ge 2026-01-01T00:00:00Z&$orderby=receivedDateTime desc",
        "$filter=receivedDateTime ge 2026-01-01T00:00:00Z and contains(subject,'a')&$orderby=receivedDateTime",
        "$filter=receivedDateTime ge 2026-01-01T00:00:00Z and from/emailAddress/address eq 'x@y.z'&$orderby=receivedDateTime",
        "$filter=receivedDateTime ge 2026-01-01T00:00:00Z or isRead eq true&$orderby=receivedDateTime",
        "$filter=contains(subject,'a')&$orderby=subject",
    ] {
        refused(
            &get(&format!("/v1.0/me/messages?{bad}")),
            400,
            "InefficientFilter",
        );
    }
}

#[test]
fn operators_that_mail_does_not_have() {
    for filter in [
        "endswith(subject,'a')",
        "toRecipients/any(r:r/emailAddress/address eq 'a@b.c')",
        "body/content eq 'x'",
        "startswith(bodyPreview,'x')",
        "subject ne 'x'",
        "subject eq null",
        "not isRead eq true",
        "subject gt 'a'",
        "importance in ('high','low')",
        "contains(from/emailAddress/name,'a')",
        "id eq 'x'",
        "isRead",
    ] {
        refused(
            &get(&format!("/v1.0/me/messages?$filter={filter}")),
            400,
            "ErrorInvalidUrlQueryFilter",
        );
    }
    let chain: Vec<String> = (0..16).map(|i| format!("subject eq '{i}'")).collect();
    refused(
        &get(&format!("/v1.0/me/messages?$filter={}", chain.join(" or "))),
        400,
        "InefficientFilter",
    );
    refused(
        &get("/v1.0/me/messages?$orderby=hasAttachments"),
        400,
        "ErrorInvalidUrlQuery",
    );
}

#[test]
fn mail_literals() {
    refused(
        &get("/v1.0/me/messages?$filter=receivedDateTime ge '2026-01-01T00:00:00Z'"),
        400,
        "RequestBroker--ParseUri",
    );
    refused(
        &get("/v1.0/me/messages?$filter=isRead eq 0"),
        400,
        "RequestBroker--ParseUri",
    );
    refused(
        &get("/v1.0/me/messages?$filter=importance eq 'urgent'"),
        400,
        "RequestBroker--ParseUri",
    );
    refused(
        &get("/v1.0/me/messages?$filter=shoeSize eq 1"),
        400,
        "RequestBroker--ParseUri",
    );
    refused(
        &get("/v1.0/me/messages?$select=shoeSize"),
        400,
        "BadRequest",
    );
    // A bare date is taken on mail.
    assert_eq!(
        get("/v1.0/me/messages?$filter=receivedDateTime ge 2026-11-01&$count=true&$top=1").json()["@odata.count"],
        get(
            "/v1.0/me/messages?$filter=receivedDateTime ge 2026-11-01T00:00:00Z&$count=true&$top=1"
        )
        .json()["@odata.count"]
    );
    assert_eq!(
        get("/v1.0/me/messages?$filter=importance eq 'high'&$top=1").status,
        200
    );
}

#[test]
fn text_equality_on_mail_misses_rows_and_startswith_does_not() {
    let count = |filter: &str| {
        get(&format!(
            "/v1.0/me/messages?$filter={filter}&$count=true&$top=1&$select=id"
        ))
        .json()["@odata.count"]
            .as_u64()
            .expect("a count")
    };
    assert_eq!(count("from/emailAddress/address eq 'joe@aol.com'"), 0);
    assert!(count("startswith(from/emailAddress/address,'joe@aol.com')") > 10);
    // Other domains are found, in any case.
    assert_eq!(
        count("from/emailAddress/address eq 'DANAS@adatum.com'"),
        count("startswith(from/emailAddress/address,'danas@adatum.com')")
    );
    let (equal, begins) = (
        count("subject eq 'lunch?'"),
        count("startswith(subject,'lunch?')"),
    );
    assert!(0 < equal && equal < begins, "{equal} of {begins}");
}

#[test]
fn contains_on_the_body_is_silently_wrong() {
    let says =
        "/v1.0/me/messages?$filter=contains(body/content,'quarter')&$count=true&$top=1&$select=id";
    let found = get(says).json()["@odata.count"].as_u64().expect("a count");
    let all = http::all("/v1.0/me/messages?$top=500&$select=body", &[]);
    let real = all
        .iter()
        .filter(|row| {
            row["body"]["content"]
                .as_str()
                .is_some_and(|body| body.contains("quarter"))
        })
        .count() as u64;
    assert!(found < real, "{found} of {real}");
}

#[test]
fn search_on_messages() {
    let found =
        get("/v1.0/me/messages?$search=\"subject:budget\"&$top=1000&$select=subject").rows();
    assert!(
        found.len() > 20
            && found.iter().all(|row| row["subject"]
                .as_str()
                .is_some_and(|subject| subject.contains("Budget")))
    );
    assert_eq!(
        get("/v1.0/me/messages?$search=\"subject:budg\"")
            .rows()
            .len(),
        0,
        "words, not parts of words"
    );
    refused(&get("/v1.0/me/messages?$search=budget"), 400, "BadRequest");
    refused(
        &get("/v1.0/me/messages?$search=\"budget\"&$orderby=receivedDateTime"),
        400,
        "SearchWithOrderBy",
    );
    refused(
        &get("/v1.0/me/messages?$search=\"budget\"&$filter=isRead eq true"),
        400,
        "SearchWithFilter",
    );
    refused(
        &get("/v1.0/me/messages?$search=\"budget\"&$count=true"),
        400,
        "ErrorInvalidUrlQuery",
    );
    assert_eq!(
        http::all(
            "/v1.0/me/messages?$search=\"received:2024-01-01..2027-01-01\"&$top=300&$select=id",
            &[]
        )
        .len(),
        1_000,
        "at most 1,000 hits"
    );
}
