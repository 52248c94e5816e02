//! The device code flow.

use super::{APP, Service, Told, query};
use crate::demo::SignInOptions;

fn manual() -> Service {
    Service::new(SignInOptions {
        device_manual: true,
        ..SignInOptions::default()
    })
}

fn begin(service: &Service) -> Told {
    let fields = [
        ("client_id", APP),
        ("scope", "User.Read.All offline_access"),
    ];
    let told = service.post("/common/oauth2/v2.0/devicecode", &fields);
    assert_eq!(told.status, 200, "{told:?}");
    told
}

fn poll(service: &Service, device_code: &str) -> Told {
    service.token(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", APP),
        ("device_code", device_code),
    ])
}

#[test]
fn each_request_has_a_code_of_its_own() {
    let service = Service::honest();
    let (one, other) = (begin(&service), begin(&service));
    let code = one.text_of("user_code");
    assert_ne!(code, other.text_of("user_code"));
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    assert!(code.len() == 9 && code.bytes().all(is_plain), "{code}");
    assert!(one.text_of("message").contains(code));
    assert_eq!(
        one.text_of("verification_uri"),
        "https://login.example/devicelogin"
    );
    assert_eq!(
        (&one.json["interval"], &one.json["expires_in"]),
        (&1.into(), &900.into())
    );
    assert_eq!(one.json.get("verification_uri_complete"), None);
}

#[test]
fn it_is_typed_after_two_seconds() {
    let service = Service::honest();
    let device = begin(&service);
    let device = device.text_of("device_code");
    assert_eq!(
        poll(&service, device).refusal(),
        (400, "authorization_pending", 70016)
    );
    service.0.service.wait(2);
    let told = poll(&service, device);
    assert_eq!(service.graph(told.text_of("access_token")).status, 200);
    assert!(told.json["refresh_token"].is_string());
    assert_eq!(
        poll(&service, device).refusal(),
        (400, "invalid_grant", 54005)
    );
}

#[test]
fn who_polls_too_fast_is_slowed_down() {
    let service = manual();
    let device = begin(&service);
    let device = device.text_of("device_code");
    let ask = || poll(&service, device).text_of("error").to_string();
    assert_eq!(ask(), "authorization_pending");
    service.0.service.wait(1);
    assert_eq!(ask(), "authorization_pending");
    assert_eq!(ask(), "slow_down");
    // Now it is six seconds.
    service.0.service.wait(5);
    assert_eq!(ask(), "slow_down");
    service.0.service.wait(11);
    assert_eq!(ask(), "authorization_pending");
}

#[test]
fn somebody_types_the_code() {
    let service = manual();
    let form = service.ask("GET", "/devicelogin", &[], "");
    assert!(
        form.status == 200 && form.text.contains("name=\"otc\""),
        "{}",
        form.text
    );
    for method in ["GET", "POST"] {
        let device = begin(&service);
        service.0.service.wait(10);
        assert_eq!(
            poll(&service, device.text_of("device_code")).text_of("error"),
            "authorization_pending"
        );
        let code = device.text_of("user_code").to_lowercase();
        let fields = [("otc", code.as_str())];
        let enter = || match method {
            "GET" => service.ask("GET", &format!("/devicelogin?{}", query(&fields)), &[], ""),
            _ => service.post("/devicelogin", &fields),
        };
        let told = enter();
        assert!(
            told.status == 200 && told.text.contains("You have signed in"),
            "{}",
            told.text
        );
        let again = enter();
        assert!(
            again.status == 400 && again.text.contains("AADSTS70018: "),
            "{}",
            again.text
        );
        assert_eq!(poll(&service, device.text_of("device_code")).status, 200);
    }
    assert!(
        service
            .ask("GET", "/devicelogin?otc=x", &[], "")
            .text
            .contains("AADSTS70018: ")
    );
}

#[test]
fn somebody_says_no() {
    let service = manual();
    let device = begin(&service);
    let told = service.post(
        "/devicelogin",
        &[("otc", device.text_of("user_code")), ("decline", "1")],
    );
    assert!(told.text.contains("You declined"), "{}", told.text);
    let refused = (400, "authorization_declined", 65004);
    assert_eq!(
        poll(&service, device.text_of("device_code")).refusal(),
        refused
    );
    let service = Service::new(SignInOptions {
        decline: true,
        ..SignInOptions::default()
    });
    let device = begin(&service);
    assert_eq!(
        poll(&service, device.text_of("device_code")).refusal().1,
        "authorization_pending"
    );
    service.0.service.wait(2);
    assert_eq!(
        poll(&service, device.text_of("device_code")).refusal(),
        refused
    );
}

#[test]
fn codes_expire_and_others_are_unknown() {
    let service = Service::new(SignInOptions {
        device_lifetime: Some(20),
        device_manual: true,
        ..SignInOptions::default()
    });
    let device = begin(&service);
    assert_eq!(device.json["expires_in"], 20);
    service.0.service.wait(20);
    assert_eq!(
        poll(&service, device.text_of("device_code")).refusal(),
        (400, "expired_token", 70020)
    );
    let page = service.post("/devicelogin", &[("otc", device.text_of("user_code"))]);
    assert!(page.text.contains("AADSTS70019: "), "{}", page.text);
    assert_eq!(
        poll(&service, "x").refusal(),
        (400, "bad_verification_code", 70018)
    );
    // Another service's code is sealed alike, and unknown.
    let other = begin(&manual());
    let told = poll(&service, other.text_of("device_code"));
    assert_eq!(told.refusal(), (400, "bad_verification_code", 70018));
}

#[test]
fn who_signs_in_is_an_option() {
    let service = Service::new(SignInOptions {
        sign_in_as: Some("alex@contoso.com".into()),
        ..SignInOptions::default()
    });
    let device = begin(&service);
    service.0.service.wait(2);
    let told = poll(&service, device.text_of("device_code"));
    let bearer = format!("Bearer {}", told.text_of("access_token"));
    let me = service.ask("GET", "/v1.0/me", &[("Authorization", &bearer)], "");
    assert_eq!(
        me.text_of("userPrincipalName").to_lowercase(),
        "alex@contoso.com"
    );
}
