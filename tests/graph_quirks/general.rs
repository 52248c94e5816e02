//! Answers in general: tokens, request ids, options (FACTS 2.1, 4.4).

use crate::http::{APP, ask, get, get_with};
use crate::refused;

#[test]
fn every_answer_has_request_ids_and_echoes_ours() {
    let answer = get_with(
        "/v1.0/users",
        &[("client-request-id", "11111111-2222-3333-4444-555555555555")],
    );
    assert_eq!(
        answer.header("client-request-id"),
        Some("11111111-2222-3333-4444-555555555555")
    );
    assert_eq!(answer.header("request-id").map(str::len), Some(36));
    assert!(
        answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/json;odata.metadata=minimal"))
    );
    let error = get_with("/v1.0/users?$foo=1", &[("client-request-id", "abc")]);
    assert_eq!(
        error.json()["error"]["innerError"]["client-request-id"],
        "abc"
    );
}

#[test]
fn without_a_good_token_401() {
    let answer = ask("GET", "/v1.0/users", &[], "");
    refused(&answer, 401, "InvalidAuthenticationToken");
    assert!(
        answer
            .header("www-authenticate")
            .is_some_and(|value| value.starts_with("Bearer"))
    );
    refused(
        &ask(
            "GET",
            "/v1.0/users",
            &[("Authorization", "Bearer nonsense")],
            "",
        ),
        401,
        "InvalidAuthenticationToken",
    );
}

#[test]
fn me_is_not_for_applications() {
    let answer = ask("GET", "/v1.0/me", &[("Authorization", &APP)], "");
    refused(&answer, 400, "BadRequest");
    assert_eq!(
        answer.json()["error"]["message"],
        "/me request is only valid with delegated authentication flow."
    );
    assert_eq!(
        get("/v1.0/me").json()["userPrincipalName"],
        "adele@contoso.com"
    );
}

#[test]
fn options_are_decoded_and_unknown_ones_refused() {
    assert_eq!(get("/v1.0/users?%24top=2").rows().len(), 2);
    refused(&get("/v1.0/users?$foo=1"), 400, "BadRequest");
    refused(&get("/v1.0/users?$top=1&$top=2"), 400, "BadRequest");
    refused(&get("/v1.0/users?$top=x"), 400, "BadRequest");
    // Without the dollar sign the option is not one (FACTS 2.1).
    assert_eq!(get("/v1.0/users?top=2").rows().len(), 60);
    refused(&get("/v1.0/nothing"), 400, "BadRequest");
}
