//! Which application is asking, and how it proves that it is the one.

use http::HeaderMap;

use super::Ask;
use super::assertion;
use super::form::Form;
use super::refusal::SignInError;
use super::registrations::{Registration, registration};
use crate::demo::encoding::{base64_decode, form_decode};

const SECRET: &str = "demo-secret";

/// The application of a request.
pub struct Client {
    /// Its id.
    pub id: String,
    /// What is known about it.
    pub registration: Registration,
    /// It showed a secret or an assertion that is right; public ones never do.
    pub proved: bool,
}

impl Client {
    /// 7000218 in the flows without a redirect URI, unless the registration allows them to public clients or the application proved itself.
    pub fn may_be_public(&self) -> Result<(), SignInError> {
        if self.registration.is_confidential {
            return self.must_have_proved();
        }
        Ok(())
    }

    /// 7000218 for an application that must prove itself and did not.
    pub fn must_have_proved(&self) -> Result<(), SignInError> {
        if self.proved {
            return Ok(());
        }
        Err(SignInError::new(
            "invalid_client",
            7000218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        ))
    }
}

/// The application of a token request. Public ones show nothing; what is shown must be right.
pub fn client(ask: &Ask, tenant: &str, form: &Form) -> Result<Client, SignInError> {
    let basic = basic(ask.headers)?;
    let (header_id, header_secret) = basic.unzip();
    let id = match (form.get("client_id"), header_id) {
        (Some(id), Some(other)) if id != other => {
            return Err(malformed("It names two applications."));
        }
        (_, Some(id)) => id,
        (_, None) => form.need("client_id")?.to_string(),
    };
    let secret = form.get("client_secret").map(String::from);
    let secret = match (secret, header_secret) {
        (Some(_), Some(_)) => return Err(malformed("It holds two secrets.")),
        (one, other) => one.or(other),
    };
    let registration = registration(ask, &id)?;
    let assertion = asserted(form)?;
    if registration.keeps_nothing && (secret.is_some() || assertion.is_some()) {
        return Err(SignInError::new(
            "invalid_client",
            700025,
            "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        ));
    }
    let proved = match (secret, assertion) {
        // RFC 6749 2.3: not more than one way in each request. The number is our choice.
        (Some(_), Some(_)) => return Err(malformed("It holds a secret and an assertion.")),
        (Some(secret), None) => check_secret(&secret).map(|()| true)?,
        (None, Some(text)) => assertion::check(ask, tenant, &id, text).map(|()| true)?,
        (None, None) => false,
    };
    Ok(Client {
        id,
        registration,
        proved,
    })
}

/// The assertion, when there is one.
fn asserted(form: &Form) -> Result<Option<&str>, SignInError> {
    if form.get("client_assertion").is_none() && form.get("client_assertion_type").is_none() {
        return Ok(None);
    }
    let text = form.need("client_assertion")?;
    if form.need("client_assertion_type")? != assertion::KIND {
        return Err(SignInError::new(
            "invalid_request",
            90100,
            "The 'client_assertion_type' parameter is not valid.",
        ));
    }
    Ok(Some(text))
}

/// Id and secret of an `Authorization: Basic` header, both form-encoded (RFC 6749 2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, SignInError> {
    let value = headers.get("Authorization");
    let value = value.and_then(|value| value.to_str().ok()).unwrap_or("");
    let Some((scheme, pair)) = value.split_once(' ') else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let read = || {
        let text = String::from_utf8(base64_decode(pair.trim())?).ok()?;
        let (id, secret) = text.split_once(':')?;
        form_decode(id).zip(form_decode(secret))
    };
    read()
        .map(Some)
        .ok_or_else(|| malformed("Its Authorization header cannot be read."))
}

fn check_secret(secret: &str) -> Result<(), SignInError> {
    if secret == SECRET {
        return Ok(());
    }
    Err(SignInError::new(
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.",
    ))
}

fn malformed(reason: &str) -> SignInError {
    SignInError::new(
        "invalid_request",
        9002313,
        format!("Invalid request. Request is malformed or invalid. {reason}"),
    )
}
