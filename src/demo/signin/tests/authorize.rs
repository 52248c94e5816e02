//! The authorization endpoint and the codes that it gives.

use super::{APP, Service, Told, query};
use crate::demo::SignInOptions;

/// The example pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "http://localhost:33333";

/// A good request, with some parameters replaced; an empty one is as good as none.
fn start(service: &Service, other: &[(&'static str, &str)]) -> Told {
    let mut fields = vec![
        ("client_id", APP),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", "User.Read.All offline_access openid"),
        ("state", "s 1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in other {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    let path = format!("/common/oauth2/v2.0/authorize?{}", query(&fields));
    service.ask("GET", &path, &[], "")
}

/// A parameter with which the browser is sent back.
fn sent(told: &Told, name: &str) -> Option<String> {
    let address = url::Url::parse(told.header("location")).expect("an address");
    let found = address.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

/// Error and number with which the browser is sent back.
#[track_caller]
fn refused(told: &Told) -> (String, u32) {
    assert_eq!(told.status, 302, "{told:?}");
    let text = sent(told, "error_description").unwrap_or_default();
    let number = text
        .strip_prefix("AADSTS")
        .and_then(|text| text.split(':').next());
    let number = number.and_then(|number| number.parse().ok());
    (sent(told, "error").unwrap_or_default(), number.unwrap_or(0))
}

fn code(service: &Service, other: &[(&'static str, &str)]) -> String {
    sent(&start(service, other), "code").expect("a code")
}

fn redeem(service: &Service, code: &str, other: &[(&'static str, &str)]) -> Told {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", APP),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("code", code),
    ];
    for (name, value) in other {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    service.token(&fields)
}

#[test]
fn what_may_not_be_sent_back_is_a_page() {
    let service = Service::honest();
    for (number, other) in [
        (900144, [("client_id", "")]),
        (900971, [("redirect_uri", "")]),
        (50011, [("redirect_uri", "http://localhost.evil.example")]),
        (50011, [("redirect_uri", "http://127.0.0.1:33333")]),
        (50011, [("redirect_uri", "http://localhost:33333/back")]),
        (50011, [("redirect_uri", "https://x.example/#fragment")]),
    ] {
        let told = start(&service, &other);
        assert_eq!(
            (told.status, told.header("location")),
            (400, ""),
            "{other:?}"
        );
        assert!(told.header("content-type").starts_with("text/html"));
        assert!(
            told.text.contains(&format!("AADSTS{number}: ")),
            "{}",
            told.text
        );
    }
    let told = service.ask("GET", "/fabrikam.com/oauth2/v2.0/authorize", &[], "");
    assert!(
        told.status == 400 && told.text.contains("AADSTS90002: "),
        "{}",
        told.text
    );
    let twice = format!("/common/oauth2/v2.0/authorize?client_id={APP}&client_id={APP}");
    assert!(
        service
            .ask("GET", &twice, &[], "")
            .text
            .contains("AADSTS9000411: ")
    );
}

#[test]
fn what_is_wrong_otherwise_is_sent_back_with_the_state() {
    let service = Service::honest();
    for (error, number, other) in [
        ("invalid_request", 900144, [("response_type", "")]),
        (
            "unsupported_response_type",
            700054,
            [("response_type", "token")],
        ),
        ("invalid_request", 900144, [("scope", "")]),
        ("invalid_request", 90100, [("response_mode", "post")]),
        ("invalid_request", 90023, [("prompt", "later")]),
        ("login_required", 50058, [("prompt", "none")]),
        ("invalid_request", 50147, [("code_challenge", "")]),
        ("invalid_request", 501491, [("code_challenge", "short")]),
        (
            "invalid_request",
            501491,
            [("code_challenge_method", "plain")],
        ),
        ("invalid_request", 501491, [("code_challenge_method", "")]),
        (
            "invalid_request",
            50034,
            [("login_hint", "nobody@contoso.com")],
        ),
        (
            "invalid_request",
            50057,
            [("login_hint", "PradeepGupta12@contoso.com")],
        ),
    ] {
        let told = start(&service, &other);
        assert_eq!(refused(&told), (error.to_string(), number), "{other:?}");
        assert_eq!(sent(&told, "state").as_deref(), Some("s 1"));
        assert_eq!(sent(&told, "code"), None);
    }
}

#[test]
fn each_mode_answers_in_its_own_way() {
    let service = Service::honest();
    let fragment = start(&service, &[("response_mode", "fragment")]);
    assert!(
        fragment
            .header("location")
            .starts_with("http://localhost:33333#code=")
    );
    let form = start(
        &service,
        &[("response_mode", "form_post"), ("state", "\"<")],
    );
    assert_eq!(form.status, 200);
    assert!(
        form.text.contains("action=\"http://localhost:33333\""),
        "{}",
        form.text
    );
    assert!(
        form.text.contains("name=\"state\" value=\"&quot;&lt;\""),
        "{}",
        form.text
    );
    let back = start(&service, &[("redirect_uri", "https://x.example/back?a=1")]);
    assert!(
        back.header("location")
            .starts_with("https://x.example/back?a=1&code=")
    );
}

#[test]
fn a_code_is_good_once_and_for_ten_minutes() {
    let service = Service::honest();
    let first = code(&service, &[]);
    assert_ne!(first, code(&service, &[]));
    let told = redeem(&service, &first, &[]);
    assert!(
        told.status == 200 && told.json["id_token"].is_string(),
        "{told:?}"
    );
    assert_eq!(service.graph(told.text_of("access_token")).status, 200);
    assert_eq!(
        redeem(&service, &first, &[]).refusal(),
        (400, "invalid_grant", 54005)
    );
    let late = code(&service, &[]);
    service.0.service.wait(590);
    assert_eq!(redeem(&service, &late, &[]).status, 200);
    let late = code(&service, &[]);
    service.0.service.wait(600);
    assert_eq!(
        redeem(&service, &late, &[]).refusal(),
        (400, "invalid_grant", 70008)
    );
}

#[test]
fn a_code_is_redeemed_by_whom_it_was_given_to() {
    let service = Service::honest();
    let code = code(&service, &[]);
    let short = &VERIFIER[..42];
    for (refusal, other) in [
        ((400, "invalid_request", 900144), ("redirect_uri", "")),
        (
            (401, "invalid_client", 500112),
            ("redirect_uri", "http://localhost:33333/"),
        ),
        (
            (401, "invalid_client", 500112),
            ("redirect_uri", "http://localhost:33334"),
        ),
        ((400, "invalid_grant", 501481), ("code_verifier", "")),
        ((400, "invalid_grant", 501481), ("code_verifier", short)),
        ((400, "invalid_grant", 501481), ("code_verifier", CHALLENGE)),
        (
            (400, "invalid_grant", 70000),
            ("client_id", "c0ffee00-0000-4000-8000-000000000002"),
        ),
        ((400, "invalid_grant", 70000), ("code", "x")),
        ((400, "invalid_request", 900144), ("code", "")),
    ] {
        assert_eq!(
            redeem(&service, &code, &[other]).refusal(),
            refusal,
            "{other:?}"
        );
    }
    // None of this used it up.
    assert_eq!(redeem(&service, &code, &[]).status, 200);
}

#[test]
fn without_a_challenge_an_application_proves_itself() {
    let service = Service::honest();
    let plain = [("code_challenge", ""), ("code_challenge_method", "")];
    let (secret, none) = (("client_secret", "demo-secret"), ("code_verifier", ""));
    let code = code(&service, &plain);
    assert_eq!(
        redeem(&service, &code, &[none]).refusal(),
        (400, "invalid_request", 50147)
    );
    // A verifier for nothing is somebody who took the challenge away.
    assert_eq!(redeem(&service, &code, &[secret]).refusal().2, 501481);
    assert_eq!(redeem(&service, &code, &[none, secret]).status, 200);
}

#[test]
fn who_signs_in_is_an_option() {
    let service = Service::new(SignInOptions {
        sign_in_as: Some("alex@contoso.com".into()),
        ..SignInOptions::default()
    });
    let code = code(&service, &[("login_hint", "adele@contoso.com")]);
    let told = redeem(&service, &code, &[]);
    let bearer = format!("Bearer {}", told.text_of("access_token"));
    let me = service.ask("GET", "/v1.0/me", &[("Authorization", &bearer)], "");
    assert_eq!(
        me.text_of("userPrincipalName").to_lowercase(),
        "alex@contoso.com"
    );
}

#[test]
fn people_decline_and_administrators_have_not_consented() {
    let service = Service::new(SignInOptions {
        decline: true,
        ..SignInOptions::default()
    });
    let told = start(&service, &[]);
    assert_eq!(refused(&told), ("access_denied".into(), 65004));
    assert_eq!(sent(&told, "error_subcode").as_deref(), Some("cancel"));
    let service = Service::new(SignInOptions {
        consent_required: true,
        ..SignInOptions::default()
    });
    assert_eq!(
        refused(&start(&service, &[])),
        ("access_denied".into(), 90094)
    );
    let told = service.token(&[
        ("grant_type", "password"),
        ("client_id", APP),
        ("scope", "User.Read"),
        ("username", "adele@contoso.com"),
        ("password", "demo-password"),
    ]);
    assert_eq!(told.refusal(), (400, "invalid_grant", 65001));
    assert_eq!(told.text_of("suberror"), "consent_required");
}
