//! Continuous access evaluation: a claims challenge, and the `claims` parameter that answers it.
//!
//! FACTS is silent; this follows "Claims challenges, claims requests, and client capabilities" and "How to use continuous access evaluation enabled APIs" of Microsoft's documentation. What a client says of its capabilities (`xms_cc`) does not count here: all are challenged.

use serde_json::{Value, json};

use super::form::Form;
use super::refusal::SignInError;
use super::service::Service;
use crate::demo::encoding::base64;
use crate::demo::error::Fault;

/// What a token has to be asked for with.
pub fn wanted(service: &Service) -> Value {
    json!({"access_token": {"nbf": {"essential": true, "value": service.born.to_string()}}})
}

/// Does a request ask for what the challenge wants? It may ask for more.
pub fn answered(service: &Service, form: &Form) -> Result<bool, SignInError> {
    let Some(text) = form.get("claims") else {
        return Ok(false);
    };
    let claims: Option<Value> = serde_json::from_str(text).ok();
    let claims = claims.filter(Value::is_object).ok_or_else(|| {
        SignInError::new(
            "invalid_request",
            90100,
            "The 'claims' parameter is not valid: it must be a JSON object.",
        )
    })?;
    Ok(claims["access_token"]["nbf"] == wanted(service)["access_token"]["nbf"])
}

/// Graph's refusal of a token that was not asked for with the claims.
pub fn challenge(service: &Service) -> Fault {
    let claims = base64(wanted(service).to_string().as_bytes());
    Fault::new(
        401,
        "InvalidAuthenticationToken",
        "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp",
    )
    .header(
        "WWW-Authenticate",
        format!(
            "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\", error=\"insufficient_claims\", claims=\"{claims}\""
        ),
    )
}
