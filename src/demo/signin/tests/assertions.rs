//! Applications that prove themselves by a certificate, or by somebody else's token.

use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use serde_json::{Value, json};

use super::{APP, DEFAULT, ORIGIN, Service, Told};
use crate::demo::encoding::{base64, base64_url};
use crate::demo::world::people::TENANT_ID;
use crate::demo::{Certificate, SignInOptions};

/// Made by `openssl req -x509 -newkey rsa:2048` for these tests alone, good until 2126.
const CERTIFICATE: &str = include_str!("../../../../tests/data/signin/certificate.pem");
const KEY: &[u8] = include_bytes!("../../../../tests/data/signin/key.pk8");
/// What `openssl dgst` says of the certificate.
const SHA1: &str = "YGrwnklS1BGNgWnqYbahdOjjE5M";
const SHA256: &str = "5Iu3Is_oat_srlL-2Y8LKQoR4orTYVxqq0EVlCk3ELs";
const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn service() -> Service {
    Service::new(SignInOptions {
        certificates: vec![Certificate::from_pem(CERTIFICATE).expect("a certificate")],
        ..SignInOptions::default()
    })
}

fn now() -> i64 {
    crate::demo::signin::service::Service::default().now()
}

fn sign(encoding: &'static dyn RsaEncoding, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64_url(value.to_string().as_bytes());
    let text = format!("{}.{}", part(header), part(claims));
    let key = RsaKeyPair::from_pkcs8(KEY).expect("a key");
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        encoding,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    )
    .expect("signed");
    format!("{text}.{}", base64_url(&signature))
}

fn header() -> Value {
    json!({"typ": "JWT", "alg": "PS256", "x5t#S256": SHA256})
}

fn claims(jti: &str) -> Value {
    json!({
        "aud": format!("{ORIGIN}/contoso.com/oauth2/v2.0/token"), "iss": APP, "sub": APP, "jti": jti,
        "nbf": now(), "iat": now(), "exp": now() + 600,
    })
}

/// The claims with some of them replaced.
fn claims_but(jti: &str, other: Value) -> Value {
    let mut claims = claims(jti);
    for (name, value) in other.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims
}

fn present(service: &Service, assertion: &str) -> Told {
    service.token(&[
        ("grant_type", "client_credentials"),
        ("client_id", APP),
        ("scope", DEFAULT),
        ("client_assertion_type", KIND),
        ("client_assertion", assertion),
    ])
}

#[test]
fn thumbprints_are_those_of_openssl() {
    let read = Certificate::from_pem(CERTIFICATE).expect("a certificate");
    assert_eq!((read.sha1.as_str(), read.sha256.as_str()), (SHA1, SHA256));
    for text in [
        "",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ] {
        assert!(Certificate::from_pem(text).is_err(), "{text}");
    }
}

#[test]
fn both_algorithms_are_taken() {
    let service = service();
    let told = present(&service, &sign(&RSA_PSS_SHA256, &header(), &claims("a")));
    assert_eq!(told.status, 200, "{told:?}");
    assert_eq!(told.json.get("refresh_token"), None);
    assert_eq!(service.graph(told.text_of("access_token")).status, 200);
    let old = json!({"typ": "JWT", "alg": "RS256", "x5t": SHA1});
    let told = present(&service, &sign(&RSA_PKCS1_SHA256, &old, &claims("b")));
    assert_eq!(told.status, 200, "{told:?}");
    let both = json!({"typ": "JWT", "alg": "RS256", "x5t": SHA1, "x5t#S256": SHA256});
    // Padding and fractions are what MSAL for Python sends.
    let padded = json!({"typ": "JWT", "alg": "PS256", "x5t#S256": format!("{SHA256}=")});
    let parts = claims_but(
        "d",
        json!({"exp": now() as f64 + 600.25, "iat": now() as f64 + 0.5, "nbf": null}),
    );
    let told = present(&service, &sign(&RSA_PSS_SHA256, &padded, &parts));
    assert_eq!(told.status, 200, "{told:?}");
    // The tenant's id is as good as the name that was called.
    let by_id = claims_but(
        "c",
        json!({"aud": format!("{ORIGIN}/{TENANT_ID}/oauth2/v2.0/token")}),
    );
    let told = present(&service, &sign(&RSA_PKCS1_SHA256, &both, &by_id));
    assert_eq!(told.status, 200, "{told:?}");
}

#[test]
fn the_signature_must_be_that_of_the_certificate_named() {
    let service = service();
    let refused = (401, "invalid_client", 700027);
    for header in [
        json!({"typ": "JWT", "alg": "PS256", "x5t#S256": "x"}),
        json!({"typ": "JWT", "alg": "PS256", "x5t": SHA1}),
        json!({"typ": "JWT", "alg": "PS256", "x5t#S256": SHA256, "x5t": "x"}),
        // Standard base64 is another text.
        json!({"typ": "JWT", "alg": "PS256", "x5t#S256": base64(SHA256.as_bytes())}),
    ] {
        let told = present(&service, &sign(&RSA_PSS_SHA256, &header, &claims("a")));
        assert_eq!(told.refusal(), refused, "{header}");
    }
    // The wrong padding, and claims that were changed afterwards.
    let told = present(&service, &sign(&RSA_PKCS1_SHA256, &header(), &claims("a")));
    assert_eq!(told.refusal(), refused);
    let good = sign(&RSA_PSS_SHA256, &header(), &claims("a"));
    let other = sign(&RSA_PSS_SHA256, &header(), &claims("b"));
    let (signed, _) = good.rsplit_once('.').expect("three parts");
    let (_, signature) = other.rsplit_once('.').expect("three parts");
    let told = present(&service, &format!("{signed}.{signature}"));
    assert_eq!(told.refusal(), refused);
    // Nobody registered a certificate.
    assert_eq!(present(&Service::honest(), &good).refusal(), refused);
    for header in [
        json!({"typ": "JWT", "alg": "HS256", "x5t#S256": SHA256}),
        json!({"alg": "PS256", "x5t#S256": SHA256}),
    ] {
        let told = present(&service, &sign(&RSA_PSS_SHA256, &header, &claims("a")));
        assert_eq!(told.refusal(), (400, "invalid_request", 50027), "{header}");
    }
}

#[test]
fn each_claim_is_checked() {
    let service = service();
    let elsewhere = format!("{ORIGIN}/fabrikam.com/oauth2/v2.0/token");
    let issuer = format!("{ORIGIN}/contoso.com/v2.0");
    for (number, other) in [
        (700021, json!({"iss": "somebody"})),
        (700021, json!({"sub": null})),
        (700023, json!({"aud": elsewhere})),
        (700023, json!({"aud": issuer})),
        (700023, json!({"aud": null})),
        (700024, json!({"exp": now() - 301})),
        (700024, json!({"exp": now() + 86_400 + 400})),
        (700024, json!({"exp": null})),
        (700024, json!({"exp": "600"})),
        (700024, json!({"nbf": now() + 330})),
        (50013, json!({"jti": null})),
    ] {
        let told = present(
            &service,
            &sign(&RSA_PSS_SHA256, &header(), &claims_but("a", other.clone())),
        );
        assert_eq!(told.refusal(), (401, "invalid_client", number), "{other}");
    }
    // Clocks may differ by five minutes.
    for (jti, other) in [
        ("b", json!({"exp": now() - 280})),
        ("c", json!({"nbf": now() + 280})),
    ] {
        let told = present(
            &service,
            &sign(&RSA_PSS_SHA256, &header(), &claims_but(jti, other)),
        );
        assert_eq!(told.status, 200, "{told:?}");
    }
}

#[test]
fn an_assertion_grows_old() {
    let service = service();
    let assertion = sign(&RSA_PSS_SHA256, &header(), &claims("old"));
    service.0.service.wait(901);
    assert_eq!(present(&service, &assertion).refusal().2, 700024);
    // The certificate does too.
    service.0.service.wait(101 * 365 * 86_400);
    let told = present(&service, &assertion);
    assert_eq!(told.refusal().2, 700027);
    assert!(
        told.text_of("error_description")
            .contains("The key used is expired")
    );
}

#[test]
fn an_assertion_is_good_once() {
    let service = service();
    let assertion = sign(&RSA_PSS_SHA256, &header(), &claims("once"));
    assert_eq!(present(&service, &assertion).status, 200);
    assert_eq!(
        present(&service, &assertion).refusal(),
        (401, "invalid_client", 50013)
    );
}

#[test]
fn somebody_elses_token_is_taken_when_registered() {
    let part = |value: Value| base64_url(value.to_string().as_bytes());
    let token = |expiry: i64| {
        let claims =
            json!({"iss": "https://kubernetes", "sub": "system:serviceaccount:a:b", "exp": expiry});
        format!(
            "{}.{}.c2ln",
            part(json!({"alg": "RS256", "kid": "1"})),
            part(claims)
        )
    };
    let (good, stale, unknown) = (token(now() + 60), token(now() - 600), token(now() + 61));
    let service = Service::new(SignInOptions {
        federated_tokens: vec![good.clone(), stale.clone()],
        ..SignInOptions::default()
    });
    assert_eq!(present(&service, &good).status, 200);
    // Such a token is read from a file again and again until another is there.
    assert_eq!(present(&service, &good).status, 200);
    assert_eq!(
        present(&service, &unknown).refusal(),
        (400, "invalid_request", 70021)
    );
    assert_eq!(
        present(&service, &stale).refusal(),
        (401, "invalid_client", 700024)
    );
    assert_eq!(
        present(&service, "x").refusal(),
        (400, "invalid_request", 50027)
    );
}

#[test]
fn an_application_proves_itself_in_one_way() {
    let service = service();
    let fields = |more: &[(&'static str, &'static str)]| {
        let mut fields = vec![("grant_type", "client_credentials"), ("scope", DEFAULT)];
        fields.extend_from_slice(more);
        service.token(&fields).refusal().2
    };
    let (id, secret, assertion) = (
        ("client_id", APP),
        ("client_secret", "demo-secret"),
        ("client_assertion", "x"),
    );
    assert_eq!(fields(&[id]), 7000218);
    assert_eq!(fields(&[secret]), 900144);
    assert_eq!(fields(&[id, assertion]), 900144);
    assert_eq!(fields(&[id, ("client_assertion_type", KIND)]), 900144);
    assert_eq!(
        fields(&[id, assertion, ("client_assertion_type", "jwt")]),
        90100
    );
    assert_eq!(
        fields(&[id, secret, assertion, ("client_assertion_type", KIND)]),
        9002313
    );
    assert_eq!(fields(&[id, id, secret]), 9000411);
    assert_eq!(fields(&[id, ("client_secret", "demo-secret ")]), 7000215);
}

#[test]
fn a_secret_may_be_in_the_header() {
    let service = service();
    let ask = |pair: &str, body: &str| {
        let basic = format!("Basic {}", base64(pair.as_bytes()));
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Authorization", basic.as_str()),
        ];
        let body = format!(
            "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default{body}"
        );
        service.ask("POST", "/contoso.com/oauth2/v2.0/token", &headers, &body)
    };
    assert_eq!(ask(&format!("{APP}:demo%2Dsecret"), "").status, 200);
    assert_eq!(ask(&format!("{APP}:wrong"), "").refusal().2, 7000215);
    assert_eq!(
        ask(&format!("{APP}:demo-secret"), "&client_id=other")
            .refusal()
            .2,
        9002313
    );
    assert_eq!(ask("nothing", "").refusal().2, 9002313);
}

#[test]
fn only_forms_are_read() {
    let body = "grant_type=client_credentials&client_id=app&client_secret=demo-secret";
    let told = service().ask("POST", "/contoso.com/oauth2/v2.0/token", &[], body);
    assert_eq!(told.refusal(), (400, "invalid_request", 900144));
}
