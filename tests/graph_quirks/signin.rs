//! Sign-in (FACTS 5).

use crate::http::{Answer, FORM, ask};

fn token(tenant: &str, form: &str) -> Answer {
    ask("POST", &format!("/{tenant}/oauth2/v2.0/token"), FORM, form)
}

#[test]
fn client_credentials() {
    let form = "grant_type=client_credentials&client_id=app&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&client_secret=";
    let answer = token("contoso.com", &format!("{form}demo-secret"));
    assert_eq!(answer.status, 200);
    assert!(
        answer.json().get("refresh_token").is_none(),
        "never a refresh token"
    );
    let bearer = format!(
        "Bearer {}",
        answer.json()["access_token"].as_str().expect("a token")
    );
    assert_eq!(
        ask(
            "GET",
            "/v1.0/users?$top=1",
            &[("Authorization", &bearer)],
            ""
        )
        .status,
        200
    );
}

#[test]
fn client_credentials_that_are_refused() {
    let form = "grant_type=client_credentials&client_id=app&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&client_secret=";
    aadsts(
        &token("contoso.com", &format!("{form}wrong")),
        401,
        "invalid_client",
        7000215,
    );
    aadsts(
        &token("common", &format!("{form}demo-secret")),
        400,
        "invalid_request",
        50059,
    );
    aadsts(
        &token("fabrikam.com", &format!("{form}demo-secret")),
        400,
        "invalid_request",
        90002,
    );
    aadsts(
        &token(
            "contoso.com",
            "grant_type=client_credentials&client_id=app&client_secret=demo-secret&scope=Mail.Read",
        ),
        400,
        "invalid_scope",
        70011,
    );
    aadsts(
        &token("contoso.com", "client_id=app"),
        400,
        "invalid_request",
        900144,
    );
    aadsts(
        &ask("GET", "/contoso.com/oauth2/v2.0/token", &[], ""),
        400,
        "invalid_request",
        900561,
    );
}

#[test]
fn password_and_refresh_rotation() {
    let form = "grant_type=password&client_id=app&scope=Mail.Read%20offline_access&username=adele@contoso.com&password=";
    aadsts(
        &token("organizations", &format!("{form}wrong")),
        400,
        "invalid_grant",
        50126,
    );
    aadsts(
        &token("common", &format!("{form}demo-password")),
        400,
        "invalid_request",
        9001023,
    );
    let first = token("organizations", &format!("{form}demo-password")).json();
    let old = first["refresh_token"]
        .as_str()
        .expect("offline_access was asked for")
        .to_string();
    let second = token(
        "organizations",
        &format!("grant_type=refresh_token&client_id=app&refresh_token={old}"),
    )
    .json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(second["token_type"], "Bearer");
    aadsts(
        &token(
            "organizations",
            "grant_type=refresh_token&client_id=app&refresh_token=x",
        ),
        400,
        "invalid_grant",
        70000,
    );
}

#[test]
fn accounts_that_cannot_sign_in() {
    let form = "grant_type=password&client_id=app&scope=User.Read&password=demo-password&username=";
    aadsts(
        &token("contoso.com", &format!("{form}nobody@contoso.com")),
        400,
        "invalid_grant",
        50034,
    );
    aadsts(
        &token("contoso.com", &format!("{form}PradeepGupta12@contoso.com")),
        400,
        "invalid_grant",
        50057,
    );
    aadsts(
        &token("contoso.com", "grant_type=implicit&client_id=app"),
        400,
        "unsupported_grant_type",
        70003,
    );
    aadsts(
        &token(
            "contoso.com",
            "grant_type=password&client_id=app&resource=x",
        ),
        400,
        "invalid_request",
        901002,
    );
    let silent = "/common/oauth2/v2.0/authorize?client_id=app&response_type=code&redirect_uri=http://localhost&scope=User.Read&prompt=none";
    assert!(
        ask("GET", silent, &[], "")
            .header("location")
            .is_some_and(|address| address.contains("error=login_required"))
    );
}

#[test]
fn authorization_code_with_pkce() {
    // The example pair of RFC 7636, appendix B.
    let (verifier, challenge) = (
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
    let start = format!(
        "/common/oauth2/v2.0/authorize?client_id=app&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A33333&scope=User.Read&state=xyz&code_challenge={challenge}&code_challenge_method=S256"
    );
    let answer = ask("GET", &start, &[], "");
    let location = answer.header("location").expect("a redirect").to_string();
    assert!(
        answer.status == 302
            && location.starts_with("http://localhost:33333?code=")
            && location.contains("&state=xyz&"),
        "{location}"
    );
    let code = location
        .split("code=")
        .nth(1)
        .and_then(|rest| rest.split('&').next())
        .expect("a code");
    let form = format!(
        "grant_type=authorization_code&client_id=app&redirect_uri=http%3A%2F%2Flocalhost%3A33333&code={code}&code_verifier="
    );
    aadsts(
        &token("common", &format!("{form}{}", "x".repeat(43))),
        400,
        "invalid_grant",
        501481,
    );
    assert_eq!(token("common", &format!("{form}{verifier}")).status, 200);
}

#[test]
fn device_code_is_pending_first() {
    let answer = ask(
        "POST",
        "/common/oauth2/v2.0/devicecode",
        FORM,
        "client_id=app&scope=User.Read",
    )
    .json();
    assert_eq!(
        (answer["interval"].as_i64(), answer["expires_in"].as_i64()),
        (Some(1), Some(900))
    );
    let form = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=app&device_code={}",
        answer["device_code"].as_str().expect("a code")
    );
    aadsts(&token("common", &form), 400, "authorization_pending", 70016);
}

fn aadsts(answer: &Answer, status: u16, error: &str, number: u32) {
    let body = answer.json();
    assert_eq!(
        (
            answer.status,
            body["error"].as_str(),
            body["error_codes"][0].as_u64()
        ),
        (status, Some(error), Some(u64::from(number))),
        "{body}"
    );
    assert!(
        body["error_description"]
            .as_str()
            .is_some_and(|text| text.starts_with(&format!("AADSTS{number}: ")))
    );
}
