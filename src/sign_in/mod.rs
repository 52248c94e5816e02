//! Somebody signs in: in a browser of this machine, or with a code on another device (FACTS §5).
//!
//! What is asked of people is asked here and by the command line alone; inside a host nothing is.

pub mod browser;
pub mod device;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};

use crate::error::{Error, Kind, Result};
use crate::settings::Application;

/// What a sign-in asks for.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The application that asks.
    pub application: &'a Application,
    /// The scopes, with blanks between them.
    pub scope: &'a str,
    /// Claims that Graph asked for.
    pub claims: Option<&'a str>,
}

/// The two halves of a proof that whoever ends a sign-in is who began it (RFC 7636).
pub struct Pkce {
    /// Kept until the end.
    pub verifier: String,
    /// Sent at the beginning.
    pub challenge: String,
}

impl Pkce {
    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> Result<Self> {
        let verifier = unguessable()?;
        let digest = digest::digest(&digest::SHA256, verifier.as_bytes());
        Ok(Self {
            challenge: URL_SAFE_NO_PAD.encode(digest),
            verifier,
        })
    }
}

/// 256 random bits as text: unguessable, and of the length of a code verifier (RFC 7636).
///
/// # Errors
/// When the system gives no random numbers.
pub fn unguessable() -> Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::new(Kind::Internal, "the system gives no random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// An address with its query.
pub fn address(base: &str, fields: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        query.append_pair(name, value);
    }
    format!("{base}?{}", query.finish())
}

/// Where somebody signs in, so that the browser is sent back to `callback_url` with `state`.
pub fn authorization_url(
    wish: Wish<'_>,
    callback_url: &str,
    state: &str,
    pkce: &Pkce,
    further: &[(&str, &str)],
) -> String {
    let application = wish.application;
    let base = application.authorization_url.clone();
    let base = base.unwrap_or_else(|| application.endpoint("authorize"));
    let mut fields = vec![
        ("client_id", application.client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", callback_url),
        ("response_mode", "query"),
        ("scope", wish.scope),
        ("state", state),
        ("code_challenge", pkce.challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    fields.extend(wish.claims.map(|claims| ("claims", claims)));
    fields.extend_from_slice(further);
    address(&base, &fields)
}

/// What a browser came back with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The code, or the sentence of a refusal.
    pub code: std::result::Result<String, String>,
    /// The state that was sent along; none where the code alone was given.
    pub state: Option<String>,
}

impl Answer {
    /// Reads the whole address that the browser was sent back to, or the code that is in it.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let Ok(url) = url::Url::parse(text) else {
            return Self {
                code: Ok(text.to_owned()),
                state: None,
            };
        };
        let field = |name: &str| {
            let mut fields = url.query_pairs();
            fields
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.into_owned())
        };
        let refusal = || field("error_description").or_else(|| field("error"));
        Self {
            code: field("code")
                .ok_or_else(|| refusal().unwrap_or_else(|| "there is no code in it".to_owned())),
            state: field("state"),
        }
    }
}
