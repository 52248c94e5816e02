//! Refresh tokens, the life of access tokens, and the claims challenge.

use serde_json::Value;

use super::{APP, DEFAULT, Service, Told};
use crate::demo::SignInOptions;
use crate::demo::encoding::base64_decode;

const SCOPE: &str = "User.Read.All offline_access";

fn by_password(service: &Service, more: &[(&'static str, &str)]) -> Told {
    let mut fields = vec![
        ("grant_type", "password"),
        ("client_id", APP),
        ("scope", SCOPE),
        ("username", "adele@contoso.com"),
        ("password", "demo-password"),
    ];
    fields.extend_from_slice(more);
    service.token(&fields)
}

fn refresh(service: &Service, token: &str, more: &[(&'static str, &str)]) -> Told {
    let mut fields = vec![
        ("grant_type", "refresh_token"),
        ("client_id", APP),
        ("refresh_token", token),
    ];
    fields.extend_from_slice(more);
    service.token(&fields)
}

#[test]
fn each_refresh_gives_a_new_token_and_the_old_one_goes_on() {
    let service = Service::honest();
    let first = by_password(&service, &[]);
    let first = first.text_of("refresh_token");
    let second = refresh(&service, first, &[]);
    assert_ne!(second.text_of("refresh_token"), first);
    assert_eq!(refresh(&service, first, &[]).status, 200);
    let other = refresh(&service, first, &[]);
    assert_ne!(
        other.text_of("refresh_token"),
        second.text_of("refresh_token")
    );
    service.0.service.wait(91 * 86_400);
    assert_eq!(
        refresh(&service, first, &[]).refusal(),
        (400, "invalid_grant", 700082)
    );
}

#[test]
fn a_strict_service_takes_a_refresh_token_once() {
    let service = Service::new(SignInOptions {
        refresh_strict: true,
        ..SignInOptions::default()
    });
    let first = by_password(&service, &[]);
    let first = first.text_of("refresh_token");
    let second = refresh(&service, first, &[]);
    let told = refresh(&service, first, &[]);
    assert_eq!(told.refusal(), (400, "invalid_grant", 70000));
    assert_eq!(told.text_of("suberror"), "bad_token");
    let second = second.text_of("refresh_token");
    // A refusal uses nothing up.
    assert_eq!(
        refresh(&service, second, &[("client_secret", "x")])
            .refusal()
            .2,
        7000215
    );
    assert_eq!(refresh(&service, second, &[]).status, 200);
}

#[test]
fn who_proved_itself_once_proves_itself_again() {
    let service = Service::honest();
    let secret = ("client_secret", "demo-secret");
    let first = by_password(&service, &[secret]);
    let first = first.text_of("refresh_token");
    assert_eq!(
        refresh(&service, first, &[]).refusal(),
        (401, "invalid_client", 7000218)
    );
    assert_eq!(refresh(&service, first, &[secret]).status, 200);
}

#[test]
fn an_access_token_lives_as_long_as_told() {
    let service = Service::new(SignInOptions {
        token_lifetime: Some(20),
        ..SignInOptions::default()
    });
    let told = by_password(&service, &[]);
    assert_eq!(told.json["expires_in"], 20);
    let token = told.text_of("access_token");
    assert_eq!(service.graph(token).status, 200);
    service.0.service.wait(20);
    let told = service.graph(token);
    assert_eq!(
        (told.status, told.json["error"]["code"].as_str()),
        (401, Some("InvalidAuthenticationToken"))
    );
}

/// The claims that a refusal of Graph names.
#[track_caller]
fn challenged(told: &Told) -> String {
    assert_eq!(told.status, 401, "{told:?}");
    let header = told.header("www-authenticate");
    assert!(
        header.starts_with("Bearer ") && header.contains("error=\"insufficient_claims\""),
        "{header}"
    );
    let (_, claims) = header.split_once(", claims=\"").expect("claims");
    let claims = claims.trim_end_matches('"');
    String::from_utf8(base64_decode(claims).expect("base64")).expect("UTF-8")
}

#[test]
fn a_challenge_is_answered_by_a_token_with_the_claims() {
    let service = Service::new(SignInOptions {
        claims_challenge: true,
        ..SignInOptions::default()
    });
    let first = by_password(&service, &[]);
    let claims = challenged(&service.graph(first.text_of("access_token")));
    let read: Value = serde_json::from_str(&claims).expect("JSON");
    assert_eq!(read["access_token"]["nbf"]["essential"], true, "{claims}");
    let old = first.text_of("refresh_token");
    let plain = refresh(&service, old, &[]);
    challenged(&service.graph(plain.text_of("access_token")));
    let other = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
    let wrong = refresh(&service, old, &[("claims", other)]);
    challenged(&service.graph(wrong.text_of("access_token")));
    assert_eq!(
        refresh(&service, old, &[("claims", "nbf")]).refusal().2,
        90100
    );
    // More may be asked for; and who answered goes on without.
    let more = claims.replace("{\"nbf\"", "{\"xms_cc\":{\"values\":[\"cp1\"]},\"nbf\"");
    let good = refresh(&service, old, &[("claims", &more)]);
    assert_eq!(service.graph(good.text_of("access_token")).status, 200);
    let next = refresh(&service, good.text_of("refresh_token"), &[]);
    assert_eq!(service.graph(next.text_of("access_token")).status, 200);
}

#[test]
fn an_application_is_challenged_too() {
    let service = Service::new(SignInOptions {
        claims_challenge: true,
        ..SignInOptions::default()
    });
    let get = |more: &[(&'static str, &str)]| {
        let mut fields = vec![
            ("grant_type", "client_credentials"),
            ("client_id", APP),
            ("client_secret", "demo-secret"),
            ("scope", DEFAULT),
        ];
        fields.extend_from_slice(more);
        service.graph(service.token(&fields).text_of("access_token"))
    };
    let claims = challenged(&get(&[]));
    assert_eq!(get(&[("claims", &claims)]).status, 200);
    assert_eq!(get(&[]).status, 200);
}
