//! One question to a token endpoint, and its answer.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value as Json;

use super::refusal;
use crate::error::{Error, Kind, Result};
use crate::graph::client::{Patience, jitter};
use crate::graph::retry::{Decision, Outcome, decide};
use crate::graph::transport::{Failure, Transport};
use crate::odata::path_segment;
use crate::secret::Secret;
use crate::settings::Application;

/// What the identity platform gave.
pub struct Grant {
    /// The access token.
    pub access_token: Secret,
    /// With it another token can be had (FACTS §5: the newest counts).
    pub refresh_token: Option<Secret>,
    /// How long the access token is good for.
    pub lifetime: Option<Duration>,
    /// The scopes that were granted, with blanks between them.
    pub scope: Option<String>,
    /// Who signed in, where an identity token came along.
    pub account: Option<Account>,
}

/// Somebody who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user principal name.
    pub user: String,
    /// The tenant's id.
    pub tenant_id: Option<String>,
}

impl Application {
    /// Where its tokens come from (FACTS §5).
    pub fn token_url(&self) -> String {
        self.token_url
            .clone()
            .unwrap_or_else(|| self.endpoint("token"))
    }

    /// An endpoint of its tenant.
    pub fn endpoint(&self, name: &str) -> String {
        format!(
            "{}/{}/oauth2/v2.0/{name}",
            self.login_url,
            path_segment(&self.tenant)
        )
    }
}

/// Asks for a token with these fields of a form; what is passing is asked again.
///
/// # Errors
/// What the identity platform said, with what to do about it.
pub async fn ask(
    transport: &dyn Transport,
    patience: Patience,
    url: &str,
    fields: &[(&str, &str)],
) -> Result<Grant> {
    let response = post(transport, patience, url, fields).await?;
    read(&response)
}

/// Posts a form, again while the answer says that the trouble is passing.
///
/// # Errors
/// No answer at all.
pub async fn post(
    transport: &dyn Transport,
    patience: Patience,
    url: &str,
    fields: &[(&str, &str)],
) -> Result<Response<Bytes>> {
    let body = Bytes::from(form(fields));
    let request = || {
        Request::post(url)
            .header(
                http::header::CONTENT_TYPE,
                "application/x-www-form-urlencoded",
            )
            .header(http::header::ACCEPT, "application/json")
            .header("client-request-id", crate::graph::client::guid())
            .body(body.clone())
            .map_err(|error| Error::usage(format!("the sign-in address is not usable: {error}")))
    };
    persistent(transport, patience, request).await
}

/// Sends a request until its answer is final.
pub(super) async fn persistent(
    transport: &dyn Transport,
    patience: Patience,
    request: impl Fn() -> Result<Request<Bytes>>,
) -> Result<Response<Bytes>> {
    let mut tries = 0;
    loop {
        tries += 1;
        let answer = transport.send(request()?, patience.timeout).await;
        match decide(
            &Outcome::of(&answer),
            tries,
            patience.retries,
            jitter(),
            chrono::Utc::now(),
        ) {
            Decision::Again(wait) => tokio::time::sleep(wait).await,
            _ => return answer.map_err(|failure| no_answer(&failure)),
        }
    }
}

fn no_answer(failure: &Failure) -> Error {
    let kind = match failure.timed_out {
        true => Kind::Timeout,
        false => Kind::Unavailable,
    };
    Error::new(
        kind,
        format!("the identity platform did not answer: {}", failure.text),
    )
    .next(failure.next())
}

/// The tokens of an answer.
///
/// # Errors
/// What the identity platform refused, or an answer that is none of its.
pub fn read(response: &Response<Bytes>) -> Result<Grant> {
    let json: Json = serde_json::from_slice(response.body()).unwrap_or(Json::Null);
    if !response.status().is_success() {
        return Err(refusal::error(response.status().as_u16(), &json));
    }
    let Some(token) = json["access_token"].as_str() else {
        return Err(Error::new(
            Kind::SignIn,
            "the identity platform answered without a token",
        )
        .next("Check LoginUrl and AzureTenant"));
    };
    let text = |name: &str| json[name].as_str().filter(|text| !text.is_empty());
    Ok(Grant {
        access_token: Secret::new(token),
        refresh_token: text("refresh_token").map(Secret::new),
        lifetime: lifetime(&json["expires_in"]),
        scope: text("scope").map(str::to_owned),
        account: text("id_token").and_then(account),
    })
}

/// Seconds, as a number, or as text from managed identities (FACTS §5).
pub(super) fn lifetime(json: &Json) -> Option<Duration> {
    let seconds = json.as_u64().or_else(|| json.as_str()?.parse().ok())?;
    Some(Duration::from_secs(seconds))
}

/// The claims of an identity token: it came straight from the endpoint that was asked, over TLS, so that its
/// signature says nothing more (OpenID Connect Core 3.1.3.7).
fn account(id_token: &str) -> Option<Account> {
    let payload = id_token.split('.').nth(1)?;
    let claims: Json = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    Some(Account {
        user: claims["preferred_username"].as_str()?.to_owned(),
        tenant_id: claims["tid"].as_str().map(str::to_owned),
    })
}

/// `application/x-www-form-urlencoded`
fn form(fields: &[(&str, &str)]) -> String {
    let mut serializer = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        serializer.append_pair(name, value);
    }
    serializer.finish()
}
