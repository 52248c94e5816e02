//! Who is asking: bearer tokens that prove themselves by a seal, so that nothing about them has to be remembered.

mod assertion;
mod authorize;
pub mod certificate;
mod claims;
mod clients;
mod consent;
mod device;
mod device_page;
pub mod endpoints;
mod form;
mod grants;
mod managed;
pub mod options;
pub mod permissions;
mod redirects;
mod refusal;
mod registrations;
mod sealed;
pub mod service;
mod tokens;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::{HeaderMap, Method};

use super::error::{Answer, Fault};
use super::world::people::User;
use super::write::ledger::Ledger;
use refusal::SignInError;
use service::Service;

/// A bearer token that is always accepted as Adele Vance, who has full access to every mailbox and drive of the demo tenant.
pub const DELEGATED_TOKEN: &str = "demo-delegated-token-of-adele-vance";

/// The owner of a token.
#[derive(Debug, Clone, PartialEq)]
pub enum Caller {
    /// A signed-in user.
    Delegated {
        /// Object id.
        id: String,
        /// User principal name.
        upn: String,
        /// The scopes of the token; none for all there are.
        scopes: Option<Vec<String>>,
    },
    /// An application without a user: `/me` does not exist for it.
    Application,
}

/// A request to the sign-in service, and the tenant it is about.
pub struct Ask<'a> {
    /// What the tenant's service knows.
    pub service: &'a Service,
    /// Who may sign in.
    pub users: &'a [User],
    /// What was written, of which it is the applications that matter.
    pub ledger: &'a Ledger,
    /// `https://host`, as the request has it.
    pub origin: &'a str,
    /// The HTTP method.
    pub method: &'a Method,
    /// The path, from the root.
    pub path: &'a str,
    /// The raw query.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The raw body.
    pub body: &'a Bytes,
}

impl<'a> Ask<'a> {
    /// Who sits before the browser: whom the options name, else Adele.
    fn at_the_browser(&self) -> Result<&'a User, SignInError> {
        match &self.service.options.sign_in_as {
            Some(name) => self.user(name),
            None => Ok(&self.users[0]),
        }
    }

    /// Somebody who may sign in.
    fn user(&self, name: &str) -> Result<&'a User, SignInError> {
        let mut users = self.users.iter();
        let user = users.find(|user| user.upn.eq_ignore_ascii_case(name));
        let user = user.ok_or_else(|| {
            SignInError::new(
                "invalid_grant",
                50034,
                "The user account does not exist in the directory. To sign into this application, the account must be added to the directory.",
            )
        })?;
        if user.enabled {
            return Ok(user);
        }
        Err(SignInError::new(
            "invalid_grant",
            50057,
            "The user account is disabled.",
        ))
    }
}

/// The caller of a request, or 401.
pub fn authenticate(service: &Service, headers: &HeaderMap, users: &[User]) -> Answer<Caller> {
    let value = headers
        .get("Authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(refused("Access token is empty."));
    }
    let token = token.trim();
    if token == DELEGATED_TOKEN {
        return Ok(Caller::Delegated {
            id: users[0].id.clone(),
            upn: users[0].upn.clone(),
            scopes: None,
        });
    }
    let claims = sealed::open("token", token)
        .ok_or_else(|| refused("CompactToken parsing failed with error code: 80049217"))?;
    if claims["exp"]
        .as_i64()
        .is_none_or(|expiry| expiry <= service.now())
    {
        return Err(refused("Lifetime validation failed, the token is expired."));
    }
    if service.options.claims_challenge && claims["answered"] != true {
        return Err(claims::challenge(service));
    }
    match claims["oid"].as_str() {
        Some(_) if claims["idtyp"] == "app" => Ok(Caller::Application),
        Some(id) => {
            let user = users.iter().find(|user| user.id == id);
            let user = user.ok_or_else(|| refused("The user of the token does not exist."))?;
            let scopes = permissions::granted(claims["scp"].as_str().unwrap_or_default());
            Ok(Caller::Delegated {
                id: user.id.clone(),
                upn: user.upn.clone(),
                scopes,
            })
        }
        None => Err(refused("Invalid audience.")),
    }
}

/// An access token; `user` absent means app-only.
#[cfg(test)]
pub fn access_token(user: Option<&User>, client_id: &str, scope: &str, lifetime: i64) -> String {
    let now = Service::default().now();
    let claims = tokens::access_claims(user, client_id, scope, now, lifetime);
    sealed::close("token", &claims)
}

fn refused(message: &str) -> Fault {
    Fault::new(401, "InvalidAuthenticationToken", message).header(
        "WWW-Authenticate",
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"",
    )
}
