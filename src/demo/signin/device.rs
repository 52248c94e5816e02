//! The device code flow (FACTS 5; RFC 8628).

use serde_json::json;

use super::Ask;
use super::form::Form;
use super::grants::{Grant, live};
use super::refusal::{SignInError, plain_json};
use super::sealed::close;
use super::tokens::{SignedIn, delegated};
use crate::demo::reply::Reply;

/// Seconds until the invented user has typed the device code.
const PENDING: i64 = 2;

/// Answers at `devicecode`.
pub fn begin(ask: &Ask) -> Result<Reply, SignInError> {
    let form = Form::posted(ask.headers, ask.body).without_duplicates()?;
    let (client_id, scope) = (form.need("client_id")?, form.need("scope")?);
    let user_code = "DEMOCODE1";
    let address = format!("{}/devicelogin", ask.origin);
    let now = ask.service.now();
    let code = close(
        "device",
        &json!({"client": client_id, "scope": scope, "from": now + PENDING, "exp": now + 900}),
    );
    Ok(plain_json(
        200,
        &json!({
            "user_code": user_code,
            "device_code": code,
            "verification_uri": address,
            "expires_in": 900,
            "interval": 1,
            "message": format!("To sign in, use a web browser to open the page {address} and enter the code {user_code} to authenticate."),
        }),
    ))
}

/// Tokens for a device code.
pub fn redeem(grant: &Grant) -> Result<Reply, SignInError> {
    let code = live(
        grant,
        "device",
        grant.form.need("device_code")?,
        70020,
        "The device code has expired.",
    )
    .map_err(|error| {
        let error_name = if error.number == 70020 {
            "expired_token"
        } else {
            "bad_verification_code"
        };
        SignInError {
            error: error_name,
            ..error
        }
    })?;
    let now = grant.ask.service.now();
    if code["from"].as_i64().is_none_or(|from| now < from) {
        return Err(SignInError::new(
            "authorization_pending",
            70016,
            "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        ));
    }
    let signed_in = SignedIn {
        user: &grant.ask.users[0],
        scope: code["scope"].as_str().unwrap_or(""),
        nonce: None,
        answered: grant.answers()?,
    };
    delegated(grant.ask, &grant.client, &signed_in)
}
