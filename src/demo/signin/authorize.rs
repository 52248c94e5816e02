//! The authorization endpoint: there is nobody to ask, so it sends the browser straight back (FACTS 5; RFC 6749 4.1, 7636).

use http::Method;
use serde_json::json;

use super::Ask;
use super::claims;
use super::form::Form;
use super::redirects;
use super::refusal::{SignInError, escape_html};
use super::registrations::{Registration, registration};
use super::sealed::close;
use crate::demo::encoding::percent_encode;
use crate::demo::random::guid;
use crate::demo::reply::Reply;
use crate::demo::world::people::User;

/// FACTS 5: a code lives about ten minutes.
const LIFETIME: i64 = 600;
/// base64url of a SHA-256.
const CHALLENGE_LENGTH: usize = 43;

/// Answers at `authorize`. An error is one that must not be sent anywhere.
pub fn authorize(ask: &Ask) -> Result<Reply, SignInError> {
    let form = if *ask.method == Method::POST {
        Form::posted(ask.headers, ask.body)
    } else {
        Form::parse(ask.query)
    };
    let form = form.without_duplicates()?;
    let client = form.need("client_id")?;
    let redirect = form
        .get("redirect_uri")
        .ok_or_else(|| SignInError::new("invalid_client", 900971, "No reply address provided."))?;
    let registration = registration(ask, client)?;
    let redirect = redirects::check(registration.redirects.as_deref(), client, redirect)?;
    let mut fields = match code(ask, &form, redirect, &registration) {
        Ok(code) => vec![("code", code)],
        Err(error) => refusal(&error),
    };
    fields.extend(form.get("state").map(|state| ("state", state.to_string())));
    if fields[0].0 == "code" {
        // Not in FACTS: Microsoft sends it always, and clients must not mind (RFC 6749 4.1.2).
        fields.push((
            "session_state",
            guid(&[ask.service.clock().as_nanos() as u64]),
        ));
    }
    let mode = mode(&form).unwrap_or("query");
    Ok(send_back(redirect, mode, &fields))
}

/// The code for whoever sits before the browser, or what the application is told instead.
fn code(
    ask: &Ask,
    form: &Form,
    redirect: &str,
    registration: &Registration,
) -> Result<String, SignInError> {
    if form.need("response_type")? != "code" {
        return Err(SignInError::new(
            "unsupported_response_type",
            700054,
            "The response_type is not enabled for the application.",
        ));
    }
    mode(form)?;
    let scope = form.need("scope")?;
    let challenge = challenge(form)?;
    if challenge.is_none() && registration.keeps_nothing {
        return Err(no_challenge());
    }
    match form.get("prompt") {
        // Nobody is ever signed in already.
        Some("none") => return Err(silent()),
        None | Some("login" | "consent" | "select_account") => {}
        Some(_) => return Err(invalid(90023, "Unsupported 'prompt' value.")),
    }
    let answered = claims::answered(ask.service, form)?;
    let user = who(ask, form)?;
    let options = &ask.service.options;
    if options.decline {
        return Err(declined("access_denied"));
    }
    if options.consent_required {
        return Err(SignInError::new(
            "access_denied",
            90094,
            "The grant requires administrator permission.",
        ));
    }
    let claims = json!({
        "client": form.need("client_id")?, "redirect": redirect, "oid": user.id, "scope": scope,
        "challenge": challenge, "nonce": form.get("nonce"), "answered": answered,
        "exp": ask.service.now() + LIFETIME,
        // Makes two of one second differ.
        "at": ask.service.clock().as_nanos() as u64,
    });
    Ok(close("code", &claims))
}

/// The challenge of PKCE. Microsoft's documentation allows `plain`, FACTS has S256 alone: that is the stricter reading. Who may do without is decided when the code is redeemed, unless the registration says it.
fn challenge(form: &Form) -> Result<Option<&str>, SignInError> {
    let method = form.get("code_challenge_method");
    let Some(challenge) = form.get("code_challenge") else {
        return match method {
            Some(_) => Err(no_challenge()),
            None => Ok(None),
        };
    };
    if method != Some("S256") {
        return Err(invalid(501491, "The code_challenge_method is not S256."));
    }
    let is_base64_url = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if challenge.len() != CHALLENGE_LENGTH || !challenge.bytes().all(is_base64_url) {
        return Err(invalid(
            501491,
            "The size of the code_challenge is not that of a SHA-256 in base64url.",
        ));
    }
    Ok(Some(challenge))
}

/// Who signs in: whom the options name, else whom the application hinted at, else Adele.
fn who<'u>(ask: &Ask<'u>, form: &Form) -> Result<&'u User, SignInError> {
    let hint = form.get("login_hint");
    let hint = hint.filter(|_| ask.service.options.sign_in_as.is_none());
    let user = hint.map_or_else(|| ask.at_the_browser(), |name| ask.user(name));
    // This endpoint gives no grant that could be invalid.
    user.map_err(|error| SignInError {
        error: "invalid_request",
        ..error
    })
}

fn mode(form: &Form) -> Result<&str, SignInError> {
    match form.get("response_mode") {
        None => Ok("query"),
        Some(mode) if ["query", "fragment", "form_post"].contains(&mode) => Ok(mode),
        Some(_) => Err(invalid(
            90100,
            "The 'response_mode' parameter is not valid.",
        )),
    }
}

/// The user said no (FACTS 5: 65004). The two flows have each a word for it.
pub fn declined(error: &'static str) -> SignInError {
    SignInError::new(error, 65004, "User declined to consent to access the app.")
}

/// A public client without a challenge.
pub fn no_challenge() -> SignInError {
    invalid(
        50147,
        "Missing code challenge: public clients must use Proof Key for Code Exchange.",
    )
}

fn silent() -> SignInError {
    SignInError::new(
        "login_required",
        50058,
        "A silent sign-in request was sent but no user is signed in.",
    )
}

fn invalid(number: u32, description: &str) -> SignInError {
    SignInError::new("invalid_request", number, description)
}

/// The fields of an error that is sent back.
pub fn refusal(error: &SignInError) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("error", error.error.to_string()),
        ("error_description", error.sentence()),
        (
            "error_uri",
            format!(
                "https://login.microsoftonline.com/error?code={}",
                error.number
            ),
        ),
    ];
    if error.number == 65004 {
        fields.push(("error_subcode", "cancel".to_string()));
    }
    fields
}

/// The browser's way back to the application, with these fields.
pub fn send_back(redirect: &str, mode: &str, fields: &[(&str, String)]) -> Reply {
    if mode == "form_post" {
        let inputs: String = fields
            .iter()
            .map(|(name, value)| {
                format!(
                    "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                    escape_html(value)
                )
            })
            .collect();
        let page = format!(
            "<html><body onload=\"document.forms[0].submit()\"><form method=\"post\" action=\"{}\">{inputs}</form></body></html>",
            escape_html(redirect)
        );
        return Reply::bytes("text/html; charset=utf-8", page.into_bytes());
    }
    let text: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encode(value)))
        .collect();
    let mark = if mode == "fragment" {
        '#'
    } else if redirect.contains('?') {
        '&'
    } else {
        '?'
    };
    Reply::empty(302).header("Location", format!("{redirect}{mark}{}", text.join("&")))
}
