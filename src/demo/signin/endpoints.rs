//! The sign-in service beside Graph: authorize, devicecode, discovery; the token endpoint is in `grants` (FACTS 5).

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::{close, grants, now};
use crate::demo::encoding::{form_decode, percent_encode};
use crate::demo::random::guid;
use crate::demo::reply::Reply;
use crate::demo::world::people::{TENANT_ID, User};

/// The decoded fields of a form or a query.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `a=b&c=d`.
    pub fn parse(text: &str) -> Form {
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        Form(
            pairs
                .filter_map(|(name, value)| form_decode(name).zip(form_decode(value)))
                .collect(),
        )
    }

    /// A field, if sent and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A field that must be there.
    pub fn need(&self, name: &str) -> Result<&str, SignInError> {
        self.get(name).ok_or_else(|| {
            SignInError::new(
                "invalid_request",
                900144,
                format!("The request body must contain the following parameter: '{name}'."),
            )
        })
    }
}

/// An OAuth error with its AADSTS number.
#[derive(Debug, PartialEq)]
pub struct SignInError {
    /// The OAuth `error`.
    pub error: &'static str,
    /// The AADSTS number.
    pub number: u32,
    /// The sentence.
    pub description: String,
}

impl SignInError {
    /// An error.
    pub fn new(error: &'static str, number: u32, description: impl Into<String>) -> SignInError {
        SignInError {
            error,
            number,
            description: description.into(),
        }
    }

    fn reply(&self) -> Reply {
        // Microsoft answers 401 to a client that cannot prove itself, 400 to all else.
        let status = if self.error == "invalid_client" {
            401
        } else {
            400
        };
        let id = guid(&[u64::from(self.number)]);
        let body = json!({
            "error": self.error,
            "error_description": format!("AADSTS{}: {} Trace ID: {id} Correlation ID: {id} Timestamp: 2026-11-30 12:00:00Z", self.number, self.description),
            "error_codes": [self.number],
            "timestamp": "2026-11-30 12:00:00Z",
            "trace_id": id,
            "correlation_id": id,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.number),
        });
        plain_json(status, &body)
    }
}

/// Answers a sign-in request; `None` when the path is not one.
pub fn respond(
    origin: &str,
    method: &Method,
    path: &str,
    query: &str,
    body: &Bytes,
    users: &[User],
) -> Option<Reply> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let answer = match parts.as_slice() {
        [tenant, "oauth2", "v2.0", "token"] => {
            let form = Form::parse(&String::from_utf8_lossy(body));
            posted(method)
                .and_then(|()| known(tenant))
                .and_then(|()| grants::token(tenant, &form, users))
        }
        [tenant, "oauth2", "v2.0", "devicecode"] => {
            let form = Form::parse(&String::from_utf8_lossy(body));
            posted(method)
                .and_then(|()| known(tenant))
                .and_then(|()| device_code(origin, &form))
        }
        [tenant, "oauth2", "v2.0", "authorize"] => {
            known(tenant).and_then(|()| authorize(&Form::parse(query), users))
        }
        [tenant, "v2.0", ".well-known", "openid-configuration"] => {
            known(tenant).map(|()| plain_json(200, &configuration(origin, tenant)))
        }
        ["common", "discovery", "instance"] => {
            Ok(plain_json(200, &discovery(origin, &Form::parse(query))))
        }
        _ => return None,
    };
    Some(answer.unwrap_or_else(|error| error.reply()))
}

fn posted(method: &Method) -> Result<(), SignInError> {
    if method == Method::POST {
        return Ok(());
    }
    Err(SignInError::new(
        "invalid_request",
        900561,
        format!("The endpoint only accepts POST requests. Received a {method} request."),
    ))
}

fn known(tenant: &str) -> Result<(), SignInError> {
    let names = [
        TENANT_ID,
        "contoso.com",
        "contoso.onmicrosoft.com",
        "organizations",
        "common",
        "consumers",
    ];
    if names.contains(&tenant.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    Err(SignInError::new(
        "invalid_request",
        90002,
        format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."
        ),
    ))
}

/// The sign-in page: there is nobody to ask, so it sends the browser straight back as `login_hint`, or as Adele.
fn authorize(form: &Form, users: &[User]) -> Result<Reply, SignInError> {
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
        Some(user) => vec![("code", code(form, redirect, user)?)],
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

fn code(form: &Form, redirect: &str, user: &User) -> Result<String, SignInError> {
    let claims = json!({
        "client": form.need("client_id")?, "redirect": redirect, "oid": user.id, "scope": form.need("scope")?,
        "challenge": form.get("code_challenge"), "method": form.get("code_challenge_method"),
        "nonce": form.get("nonce"), "exp": now() + 600,
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

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

fn device_code(origin: &str, form: &Form) -> Result<Reply, SignInError> {
    let (client_id, scope) = (form.need("client_id")?, form.need("scope")?);
    let user_code = "DEMOCODE1";
    let address = format!("{origin}/devicelogin");
    let code = close(
        "device",
        &json!({"client": client_id, "scope": scope, "from": now() + grants::DEVICE_PENDING, "exp": now() + 900}),
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

fn configuration(origin: &str, tenant: &str) -> Value {
    json!({
        "issuer": format!("{origin}/{TENANT_ID}/v2.0"),
        "authorization_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/devicecode"),
        "end_session_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/logout"),
        "jwks_uri": format!("{origin}/{tenant}/discovery/v2.0/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
    })
}

fn discovery(origin: &str, form: &Form) -> Value {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let tenant = form
        .get("authorization_endpoint")
        .and_then(|address| address.split('/').nth(3))
        .unwrap_or("common");
    json!({
        "tenant_discovery_endpoint": format!("{origin}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    })
}

/// JSON as the sign-in service sends it.
pub fn plain_json(status: u16, body: &Value) -> Reply {
    let mut reply = Reply::bytes(
        "application/json; charset=utf-8",
        body.to_string().into_bytes(),
    );
    reply.status = status;
    reply.header("Cache-Control", "no-store, no-cache")
}
