//! Client assertions: a JWT that an application signed with the key of its certificate, or somebody else's token that was registered for it (RFC 7521, 7523; FACTS 5).

use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::Value;

use super::Ask;
use super::certificate::Certificate;
use super::refusal::SignInError;
use crate::demo::encoding::base64_url_decode;
use crate::demo::world::people::TENANT_ID;

/// How far the clocks of application and service may differ.
const SKEW: i64 = 300;
/// No assertion is good for longer.
const LONGEST: i64 = 86_400;

/// The only kind of assertion there is.
pub const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An assertion, read and not yet believed.
struct Assertion<'a> {
    header: Value,
    claims: Value,
    /// What the signature is over.
    signed: &'a str,
    signature: Vec<u8>,
}

/// Believes an assertion as one of this application's, or says why not.
pub fn check(ask: &Ask, tenant: &str, client: &str, text: &str) -> Result<(), SignInError> {
    let read = read(text);
    match read {
        Some(assertion) if names_a_certificate(&assertion.header) => {
            own(ask, tenant, client, &assertion)
        }
        other => foreign(ask, text, other.as_ref()),
    }
}

fn read(text: &str) -> Option<Assertion<'_>> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let object = |part: &str| -> Option<Value> {
        let value: Value = serde_json::from_slice(&base64_url_decode(part)?).ok()?;
        value.is_object().then_some(value)
    };
    Some(Assertion {
        header: object(header)?,
        claims: object(claims)?,
        signed,
        signature: base64_url_decode(signature)?,
    })
}

fn names_a_certificate(header: &Value) -> bool {
    !header["x5t"].is_null() || !header["x5t#S256"].is_null()
}

/// A token of an identity provider that the application trusts. Nothing of it is verified: the registered text is the whole trust. That it expires is checked, since files with such tokens are written anew again and again.
fn foreign(ask: &Ask, text: &str, read: Option<&Assertion>) -> Result<(), SignInError> {
    let Some(assertion) = read else {
        return Err(malformed("it is no JWT"));
    };
    let known = &ask.service.options.federated_tokens;
    if !known.iter().any(|known| known == text) {
        // The error was invalid_request as long as the number was 70021 (I azure-workload-identity#616).
        return Err(SignInError::new(
            "invalid_request",
            70021,
            format!(
                "No matching federated identity record found for presented assertion. Assertion Issuer: {}. Assertion Subject: {}. Assertion Audience: {}.",
                assertion.claims["iss"], assertion.claims["sub"], assertion.claims["aud"]
            ),
        ));
    }
    match seconds(&assertion.claims["exp"]) {
        Some(expiry) if expiry + SKEW <= ask.service.now() => Err(untimely()),
        _ => Ok(()),
    }
}

fn own(ask: &Ask, tenant: &str, client: &str, assertion: &Assertion) -> Result<(), SignInError> {
    signed(
        &ask.service.options.certificates,
        ask.service.now(),
        assertion,
    )?;
    let claims = &assertion.claims;
    if claims["iss"] != client || claims["sub"] != client {
        return Err(SignInError::new(
            "invalid_client",
            700021,
            "Client assertion application identifier doesn't match 'client_id' parameter.",
        ));
    }
    if !is_for(&claims["aud"], ask.origin, tenant) {
        return Err(SignInError::new(
            "invalid_client",
            700023,
            "Client assertion audience claim does not match Realm issuer.",
        ));
    }
    timely(claims, ask.service.now())?;
    let jti = claims["jti"].as_str().filter(|jti| !jti.is_empty());
    let jti = jti.ok_or_else(|| invalid("it has no 'jti'"))?;
    // FACTS: "a fresh GUID". Microsoft does not say what a repeated one gets, and its own library (MSAL for Python) sends an assertion again while it is valid; RFC 7523 3 lets the service refuse it, which is the stricter reading.
    let mut memory = ask.service.memory();
    if !memory.assertions.insert((client.into(), jti.into())) {
        return Err(invalid("its 'jti' was used before"));
    }
    Ok(())
}

/// 700027 unless one of the certificates signed it that have not expired.
fn signed(
    certificates: &[Certificate],
    now: i64,
    assertion: &Assertion,
) -> Result<(), SignInError> {
    let header = &assertion.header;
    let typ = header["typ"].as_str().unwrap_or("");
    if !typ.eq_ignore_ascii_case("JWT") {
        return Err(malformed("its 'typ' is not JWT"));
    }
    // FACTS names two pairs of algorithm and thumbprint; whether Microsoft takes others is not said, so they are refused.
    let (algorithm, thumbprint): (&dyn VerificationAlgorithm, _) = match header["alg"].as_str() {
        Some("PS256") => (&signature::RSA_PSS_2048_8192_SHA256, "x5t#S256"),
        Some("RS256") => (&signature::RSA_PKCS1_2048_8192_SHA256, "x5t"),
        _ => return Err(malformed("its 'alg' is neither PS256 nor RS256")),
    };
    if header[thumbprint].is_null() {
        return Err(unknown_key(&format!("the header has no '{thumbprint}'")));
    }
    let is_named = |certificate: &&Certificate| {
        // Microsoft's own library leaves the padding of base64 in place.
        let matches = |name: &str, own: &str| match &header[name] {
            Value::Null => true,
            named => named
                .as_str()
                .is_some_and(|named| named.trim_end_matches('=') == own),
        };
        matches("x5t", &certificate.sha1) && matches("x5t#S256", &certificate.sha256)
    };
    let certificate = certificates.iter().find(is_named);
    let certificate = certificate.ok_or_else(|| {
        unknown_key("The key was not found., Thumbprint of key used by client is not registered")
    })?;
    if certificate.expires <= now {
        return Err(expired());
    }
    UnparsedPublicKey::new(algorithm, &certificate.key)
        .verify(assertion.signed.as_bytes(), &assertion.signature)
        .map_err(|_| {
            unknown_key("The provided signature value did not match the expected signature value")
        })
}

/// The token endpoint as it was called, or by the tenant's id. RFC 7523 3 allows a list of audiences.
fn is_for(audience: &Value, origin: &str, tenant: &str) -> bool {
    let ours = [tenant, TENANT_ID].map(|name| format!("{origin}/{name}/oauth2/v2.0/token"));
    let is_ours = |text: &Value| ours.iter().any(|our| text == our);
    match audience {
        Value::Array(all) => all.iter().any(is_ours),
        one => is_ours(one),
    }
}

/// `exp` must be there; `nbf` and `iat` are checked if they are (RFC 7523 3). Times may have fractions (RFC 7519 2), as those of Microsoft's own library do.
fn timely(claims: &Value, now: i64) -> Result<(), SignInError> {
    let expiry = seconds(&claims["exp"]).ok_or_else(untimely)?;
    let began = |name: &str| match &claims[name] {
        Value::Null => true,
        time => seconds(time).is_some_and(|time| time <= now + SKEW),
    };
    let good =
        expiry + SKEW > now && expiry <= now + LONGEST + SKEW && began("nbf") && began("iat");
    if good { Ok(()) } else { Err(untimely()) }
}

/// A NumericDate, in whole seconds.
fn seconds(time: &Value) -> Option<i64> {
    time.as_f64().map(|time| time as i64)
}

fn unknown_key(reason: &str) -> SignInError {
    SignInError::new(
        "invalid_client",
        700027,
        format!(
            "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - {reason}.]"
        ),
    )
}

fn expired() -> SignInError {
    SignInError::new(
        "invalid_client",
        700027,
        "The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired.]",
    )
}

fn untimely() -> SignInError {
    SignInError::new(
        "invalid_client",
        700024,
        "Client assertion is not within its valid time range.",
    )
}

fn invalid(reason: &str) -> SignInError {
    SignInError::new(
        "invalid_client",
        50013,
        format!("Assertion failed: {reason}."),
    )
}

fn malformed(reason: &str) -> SignInError {
    SignInError::new(
        "invalid_request",
        50027,
        format!("JWT token is invalid or malformed: {reason}."),
    )
}
