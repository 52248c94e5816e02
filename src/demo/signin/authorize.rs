//! The authorization endpoint: there is nobody to ask, so it sends the browser straight back (FACTS 5).

use serde_json::json;

use super::Ask;
use super::claims;
use super::form::Form;
use super::refusal::{SignInError, escape_html};
use super::sealed::close;
use crate::demo::encoding::percent_encode;
use crate::demo::reply::Reply;
use crate::demo::world::people::User;

/// The sign-in page: there is nobody to ask, so it sends the browser straight back as `login_hint`, or as Adele.
pub fn authorize(ask: &Ask) -> Result<Reply, SignInError> {
    let (form, users) = (&Form::parse(ask.query).without_duplicates()?, ask.users);
    let redirect = redirect_uri(form)?;
    let hint = form.get("login_hint").unwrap_or(&users[0].upn);
    let user = users
        .iter()
        .find(|user| user.upn.eq_ignore_ascii_case(hint));
    let mut fields = match user {
        // Nobody is ever signed in already.
        _ if form.get("prompt") == Some("none") => refusal(
            "login_required",
            "AADSTS50058: A silent sign-in request was sent but no user is signed in.",
        ),
        None => refusal(
            "invalid_request",
            "AADSTS50034: The user account does not exist in the directory.",
        ),
        Some(user) => vec![("code", code(ask, form, redirect, user)?)],
    };
    fields.extend(form.get("state").map(|state| ("state", state.to_string())));
    Ok(send_back(
        redirect,
        form.get("response_mode").unwrap_or("query"),
        &fields,
    ))
}

/// The redirect URI, once the request is known to be one that may be answered there.
fn redirect_uri(form: &Form) -> Result<&str, SignInError> {
    form.need("client_id")?;
    let redirect = form.need("redirect_uri")?;
    if form.need("response_type")? != "code" {
        return Err(SignInError::new(
            "unsupported_response_type",
            700054,
            "The response_type is not enabled for the application.",
        ));
    }
    if !["http://localhost", "http://127.0.0.1", "https://"]
        .iter()
        .any(|start| redirect.starts_with(start))
    {
        let text = format!(
            "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for the application."
        );
        return Err(SignInError::new("invalid_request", 50011, text));
    }
    Ok(redirect)
}

fn code(ask: &Ask, form: &Form, redirect: &str, user: &User) -> Result<String, SignInError> {
    let claims = json!({
        "client": form.need("client_id")?, "redirect": redirect, "oid": user.id, "scope": form.need("scope")?,
        "challenge": form.get("code_challenge"), "method": form.get("code_challenge_method"),
        "nonce": form.get("nonce"), "answered": claims::answered(ask.service, form)?, "exp": ask.service.now() + 600,
    });
    Ok(close("code", &claims))
}

fn refusal(error: &str, description: &str) -> Vec<(&'static str, String)> {
    vec![
        ("error", error.to_string()),
        ("error_description", description.to_string()),
    ]
}

fn send_back(redirect: &str, mode: &str, fields: &[(&str, String)]) -> Reply {
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
