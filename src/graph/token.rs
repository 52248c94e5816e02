//! Access tokens: where they come from, kept until shortly before they expire, fetched once however
//! many requests wait.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use serde_json::Value as Json;
use tokio::sync::Mutex;

use super::transport::Transport;
use crate::error::{Error, Fault, Kind, Result};
use crate::odata::path_segment;
use crate::settings::{Application, SignIn, not_connected};

/// A token that cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself, for whoever asked for it by name.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The header that carries it.
    ///
    /// # Errors
    /// When it holds letters that no header can.
    pub fn bearer(&self) -> Result<http::HeaderValue> {
        let mut value =
            http::HeaderValue::from_str(&format!("Bearer {}", self.0)).map_err(|_| {
                Error::new(
                    Kind::SignIn,
                    "the access token holds letters that a token never holds",
                )
                .next("give the token alone, without quotes or line ends")
            })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Gives tokens for one identity.
pub struct Tokens {
    sign_in: SignIn,
    current: Mutex<Option<Cached>>,
}

struct Cached {
    token: Secret,
    expires: Option<Instant>,
}

impl Tokens {
    /// Tokens by this way of signing in; nothing is asked before the first use.
    pub fn new(sign_in: SignIn) -> Self {
        Self {
            sign_in,
            current: Mutex::new(None),
        }
    }

    /// A token that should be accepted.
    ///
    /// # Errors
    /// What the identity platform said, with what to do about it.
    pub async fn get(&self, transport: &dyn Transport, timeout: Duration) -> Result<Secret> {
        let mut current = self.current.lock().await;
        if let Some(cached) = current.as_ref()
            && cached
                .expires
                .is_none_or(|expires| Instant::now() < expires)
        {
            return Ok(cached.token.clone());
        }
        let fresh = self.fetch(transport, timeout).await?;
        let token = fresh.token.clone();
        *current = Some(fresh);
        Ok(token)
    }

    /// Drops a token that was refused; false when there is no way to get another one.
    pub async fn refused(&self, token: &Secret) -> bool {
        if matches!(self.sign_in, SignIn::Token(_) | SignIn::Demo) {
            return false;
        }
        let mut current = self.current.lock().await;
        // Another request may have fetched a new one meanwhile: that one stays.
        if current
            .as_ref()
            .is_some_and(|cached| cached.token == *token)
        {
            *current = None;
        }
        true
    }

    async fn fetch(&self, transport: &dyn Transport, timeout: Duration) -> Result<Cached> {
        let for_ever = |token: &str| Cached {
            token: Secret::new(token),
            expires: None,
        };
        match &self.sign_in {
            SignIn::Nothing => Err(not_connected()),
            SignIn::Demo => Ok(for_ever(crate::demo::DELEGATED_TOKEN)),
            SignIn::Token(token) => Ok(for_ever(token)),
            SignIn::ClientSecret {
                login_url,
                tenant,
                client_id,
                client_secret,
                scope,
            } => {
                let fields = [
                    ("grant_type", "client_credentials"),
                    ("client_id", client_id),
                    ("client_secret", client_secret),
                    ("scope", scope),
                ];
                let url = token_url(login_url, tenant);
                let grant = ask(transport, timeout, &url, &fields).await?;
                let expires = grant
                    .lifetime
                    .map(|lifetime| Instant::now() + usable(lifetime));
                Ok(Cached {
                    token: grant.access_token,
                    expires,
                })
            }
        }
    }
}

/// `application/x-www-form-urlencoded`
fn form(fields: &[(&str, &str)]) -> String {
    let mut serializer = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        serializer.append_pair(name, value);
    }
    serializer.finish()
}

fn token_url(login_url: &str, tenant: &str) -> String {
    format!("{login_url}/{}/oauth2/v2.0/token", path_segment(tenant))
}

impl Application {
    /// Where its tokens come from (FACTS §5).
    pub fn token_url(&self) -> String {
        token_url(&self.login_url, &self.tenant)
    }
}

/// What the identity platform gave.
pub struct Grant {
    /// The access token.
    pub access_token: Secret,
    /// With it another token can be had, once (FACTS §5: the newest counts).
    pub refresh_token: Option<Secret>,
    /// How long the access token is good for.
    pub lifetime: Option<Duration>,
    /// The scopes that were granted, with blanks between them.
    pub scope: Option<String>,
}

/// Asks for a token with these fields of a form.
pub(super) async fn ask(
    transport: &dyn Transport,
    timeout: Duration,
    url: &str,
    fields: &[(&str, &str)],
) -> Result<Grant> {
    let request = Request::post(url)
        .header(
            http::header::CONTENT_TYPE,
            "application/x-www-form-urlencoded",
        )
        .header(http::header::ACCEPT, "application/json")
        .body(Bytes::from(form(fields)))
        .map_err(|error| Error::usage(format!("the sign-in address is not usable: {error}")))?;
    let response = transport.send(request, timeout).await.map_err(|failure| {
        let kind = if failure.timed_out {
            Kind::Timeout
        } else {
            Kind::Unavailable
        };
        Error::new(
            kind,
            format!("the identity platform did not answer: {}", failure.text),
        )
        .next("Check the network, the proxy and LoginUrl")
    })?;
    let json: Json = serde_json::from_slice(response.body()).unwrap_or(Json::Null);
    if !response.status().is_success() {
        return Err(refusal(response.status().as_u16(), &json));
    }
    let Some(token) = json["access_token"].as_str() else {
        return Err(Error::new(
            Kind::SignIn,
            "the identity platform answered without a token",
        )
        .next("Check LoginUrl and AzureTenant"));
    };
    Ok(Grant {
        access_token: Secret::new(token),
        refresh_token: json["refresh_token"].as_str().map(Secret::new),
        lifetime: lifetime(&json["expires_in"]),
        scope: json["scope"].as_str().map(str::to_owned),
    })
}

/// Seconds, as a number, or as text from managed identities (FACTS §5).
fn lifetime(json: &Json) -> Option<Duration> {
    let seconds = json.as_u64().or_else(|| json.as_str()?.parse().ok())?;
    Some(Duration::from_secs(seconds))
}

/// Five minutes less, so that no request starts with a token that expires under way; of a short-lived
/// token half.
fn usable(lifetime: Duration) -> Duration {
    lifetime
        .saturating_sub(Duration::from_secs(300))
        .max(lifetime / 2)
}

/// An error of the identity platform, with what the code means for a user (FACTS §5).
fn refusal(status: u16, json: &Json) -> Error {
    let description = json["error_description"].as_str().unwrap_or_default();
    let code = json["error_codes"][0].as_u64().map_or_else(
        || json["error"].as_str().unwrap_or_default().to_owned(),
        |code| format!("AADSTS{code}"),
    );
    let next = match json["error_codes"][0].as_u64() {
        Some(7_000_215) => "OAuthClientSecret must be the secret's value, not its id",
        Some(7_000_222) => "The client secret has expired: make a new one in the app registration",
        Some(54_005 | 70_000 | 70_008 | 501_481) => {
            "The code or token was used, is too old, or is another sign-in's: sign in again"
        }
        Some(50_011) => "Add CallbackURL to the application's redirect URIs",
        Some(700_082 | 50_173 | 50_132 | 50_133 | 70_043) => {
            "The refresh token is no longer good: sign in again"
        }
        Some(700_016 | 70_001) => {
            "OAuthClientId is not an application of this tenant: check it and AzureTenant"
        }
        Some(90_002 | 50_059 | 90_019 | 50_128) => {
            "Check AzureTenant: the tenant's id or one of its domains"
        }
        Some(700_025) => "The application is a public client: leave OAuthClientSecret out",
        Some(70_011 | 700_022 | 28_002 | 500_011) => "Check Scope and GraphUrl",
        Some(65_001 | 90_094 | 90_095) => {
            "An administrator must consent to the application's permissions"
        }
        Some(53_000 | 53_001 | 53_003 | 530_032 | 530_035) => {
            "Conditional access blocks this sign-in: ask an administrator"
        }
        _ => "Check AzureTenant, OAuthClientId and OAuthClientSecret",
    };
    Error::new(Kind::SignIn, "the identity platform refused to sign in")
        .with_fault(Fault {
            status,
            code,
            message: first_sentence(description),
            request_id: json["correlation_id"].as_str().map(str::to_owned),
        })
        .next(next)
}

/// Trace and correlation ids follow on lines of their own.
fn first_sentence(description: &str) -> String {
    description
        .split(['\r', '\n'])
        .next()
        .unwrap_or_default()
        .split(" Trace ID:")
        .next()
        .unwrap_or_default()
        .to_owned()
}
