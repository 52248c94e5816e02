//! The token endpoint: one function per grant (FACTS 5).

use serde_json::Value;

use super::Ask;
use super::authorize::no_challenge;
use super::claims;
use super::clients::{Client, client};
use super::device;
use super::form::Form;
use super::redirects;
use super::refusal::SignInError;
use super::sealed::open;
use super::tokens::{SignedIn, app_only, delegated};
use crate::demo::encoding::base64_url;
use crate::demo::reply::Reply;
use crate::demo::sha256::sha256;
use crate::demo::world::people::User;

const PASSWORD: &str = "demo-password";

/// One token request.
pub struct Grant<'a> {
    /// The request around it.
    pub ask: &'a Ask<'a>,
    /// The tenant as it was spelled.
    pub tenant: &'a str,
    /// What was sent.
    pub form: &'a Form,
    /// Who sent it.
    pub client: Client,
}

impl Grant<'_> {
    /// Does this very request answer the claims challenge?
    pub fn answers(&self) -> Result<bool, SignInError> {
        claims::answered(self.ask.service, self.form)
    }
}

/// Answers a token request.
pub fn token(ask: &Ask, tenant: &str) -> Result<Reply, SignInError> {
    let form = &Form::posted(ask.headers, ask.body).without_duplicates()?;
    if form.get("resource").is_some() {
        return Err(SignInError::new(
            "invalid_request",
            901002,
            "The 'resource' request parameter is not supported.",
        ));
    }
    let answer = match form.need("grant_type")? {
        "client_credentials" => client_credentials,
        "authorization_code" => authorization_code,
        "refresh_token" => refresh_token,
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => device::redeem,
        "password" => password,
        _ => {
            return Err(SignInError::new(
                "unsupported_grant_type",
                70003,
                "The app requested an unsupported grant type.",
            ));
        }
    };
    answer(&Grant {
        ask,
        tenant,
        form,
        client: client(ask, tenant, form)?,
    })
}

fn client_credentials(grant: &Grant) -> Result<Reply, SignInError> {
    if ["common", "organizations", "consumers"].contains(&grant.tenant) {
        return Err(SignInError::new(
            "invalid_request",
            50059,
            "No tenant-identifying information found in either the request or implied by any provided credentials.",
        ));
    }
    grant.client.must_have_proved()?;
    let scope = grant.form.need("scope")?;
    if scope.contains(' ') || !scope.ends_with("/.default") {
        return Err(SignInError::new(
            "invalid_scope",
            70011,
            format!(
                "The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."
            ),
        ));
    }
    if !scope.starts_with("http") {
        return Err(SignInError::new(
            "invalid_resource",
            500011,
            format!(
                "The resource principal named {scope} was not found in the tenant named Contoso."
            ),
        ));
    }
    let client = &grant.client.id;
    let service = grant.ask.service;
    // There is no sign-in that could carry it on: it is remembered.
    if claims::answered(service, grant.form)? {
        service.memory().answered.insert(client.clone());
    }
    let answered = service.memory().answered.contains(client);
    Ok(app_only(grant.ask, client, scope, answered))
}

fn authorization_code(grant: &Grant) -> Result<Reply, SignInError> {
    let form = grant.form;
    let text = form.need("code")?;
    let code = live(
        grant,
        "code",
        text,
        70008,
        "The provided authorization code or refresh token has expired or is not valid.",
    )?;
    if code["client"] != grant.client.id.as_str() {
        return Err(SignInError::new(
            "invalid_grant",
            70000,
            "The code was issued to another client.",
        ));
    }
    let redirect = form.need("redirect_uri")?;
    if code["redirect"] != redirect {
        // RFC 6749 5.2 has invalid_grant here; Microsoft answers invalid_client (I django-auth-adfs#354).
        return Err(SignInError::new(
            "invalid_client",
            500112,
            format!(
                "The reply address '{redirect}' does not match the reply address {} provided when requesting Authorization code.",
                code["redirect"]
            ),
        ));
    }
    let web = &grant.client.registration.web;
    if web.iter().any(|known| redirects::matches(known, redirect)) {
        grant.client.must_have_proved()?;
    }
    verify(code["challenge"].as_str(), grant)?;
    let signed_in = SignedIn {
        user: user_of(&code, grant.ask.users)?,
        scope: code["scope"].as_str().unwrap_or(""),
        nonce: code["nonce"].as_str(),
        answered: code["answered"] == true || grant.answers()?,
    };
    let reply = delegated(grant.ask, &grant.client, &signed_in)?;
    if grant.ask.service.memory().redeemed.insert(text.into()) {
        return Ok(reply);
    }
    Err(SignInError::new(
        "invalid_grant",
        54005,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
    ))
}

/// PKCE (RFC 7636 4.6). Without a challenge only an application that proves itself gets on.
fn verify(challenge: Option<&str>, grant: &Grant) -> Result<(), SignInError> {
    let verifier = grant.form.get("code_verifier");
    let good = match (challenge, verifier) {
        (Some(challenge), Some(verifier)) => {
            (43..=128).contains(&verifier.len())
                && base64_url(&sha256(verifier.as_bytes())) == challenge
        }
        (None, None) if grant.client.proved => true,
        (None, None) => return Err(no_challenge()),
        _ => false,
    };
    if good {
        return Ok(());
    }
    Err(SignInError::new(
        "invalid_grant",
        501481,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    ))
}

fn refresh_token(grant: &Grant) -> Result<Reply, SignInError> {
    let text = grant.form.need("refresh_token")?;
    let old = live(
        grant,
        "refresh",
        text,
        700082,
        "The refresh token has expired due to inactivity.",
    )?;
    if old["client"] != grant.client.id.as_str() {
        return Err(SignInError::new(
            "invalid_grant",
            70000,
            "The refresh token was issued to another client.",
        ));
    }
    // RFC 6749 6: who proved itself for the first token proves itself for the next.
    if old["proved"] == true {
        grant.client.must_have_proved()?;
    }
    let scope = grant.form.get("scope").or(old["scope"].as_str());
    let signed_in = SignedIn {
        user: user_of(&old, grant.ask.users)?,
        // A refresh always rotates, whether or not offline_access is repeated.
        scope: &with_offline(scope.unwrap_or("")),
        nonce: None,
        answered: old["answered"] == true || grant.answers()?,
    };
    let reply = delegated(grant.ask, &grant.client, &signed_in)?;
    let fresh = grant.ask.service.memory().refreshed.insert(text.into());
    // FACTS: the old one is not revoked at once. Strictness finds the clients that go on with it.
    if grant.ask.service.options.refresh_strict && !fresh {
        return Err(SignInError::new(
            "invalid_grant",
            70000,
            "Provided grant is invalid or malformed: the refresh token was used before.",
        )
        .with_suberror("bad_token"));
    }
    Ok(reply)
}

fn password(grant: &Grant) -> Result<Reply, SignInError> {
    if ["common", "consumers"].contains(&grant.tenant) {
        return Err(SignInError::new(
            "invalid_request",
            9001023,
            "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
        ));
    }
    grant.client.may_be_public()?;
    let name = grant.form.need("username")?;
    let password = grant.form.need("password")?;
    let user = grant.ask.user(name);
    // Who does not know the password learns nothing of a disabled account.
    let is_somebody = !matches!(&user, Err(error) if error.number == 50034);
    if is_somebody && password != PASSWORD {
        return Err(SignInError::new(
            "invalid_grant",
            50126,
            "Error validating credentials due to invalid username or password.",
        ));
    }
    let signed_in = SignedIn {
        user: user?,
        scope: grant.form.need("scope")?,
        nonce: None,
        answered: grant.answers()?,
    };
    delegated(grant.ask, &grant.client, &signed_in)
}

/// The claims of something that was given out and has not expired.
fn live(
    grant: &Grant,
    purpose: &str,
    text: &str,
    expired: u32,
    sentence: &str,
) -> Result<Value, SignInError> {
    let claims = open(purpose, text).ok_or_else(|| {
        SignInError::new("invalid_grant", 70000, "The provided grant is not valid.")
    })?;
    let now = grant.ask.service.now();
    if claims["exp"].as_i64().is_none_or(|expiry| expiry <= now) {
        return Err(SignInError::new("invalid_grant", expired, sentence));
    }
    Ok(claims)
}

fn user_of<'u>(claims: &Value, users: &'u [User]) -> Result<&'u User, SignInError> {
    let found = users.iter().find(|user| claims["oid"] == user.id.as_str());
    found.ok_or_else(|| {
        SignInError::new(
            "invalid_grant",
            50034,
            "The user account does not exist in the directory.",
        )
    })
}

fn with_offline(scope: &str) -> String {
    if scope.split(' ').any(|word| word == "offline_access") {
        scope.to_string()
    } else {
        format!("{scope} offline_access")
    }
}
