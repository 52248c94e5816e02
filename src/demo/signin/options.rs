//! How the sign-in service of a tenant behaves: what it knows, and what goes wrong with it.

use std::io::{Error, ErrorKind};

use super::certificate::Certificate;
use crate::demo::world::people;

/// What can be set about signing in; the default is a service at which everything goes well.
#[derive(Debug, Clone, Default)]
pub struct SignInOptions {
    /// Certificates with whose keys an application may sign its assertions.
    pub certificates: Vec<Certificate>,
    /// Tokens of somebody else that are taken as assertions (workload identity).
    pub federated_tokens: Vec<String>,
    /// A refresh token is good once.
    pub refresh_strict: bool,
    /// Seconds that an access token lives; none for an hour.
    pub token_lifetime: Option<u32>,
    /// Graph refuses a token until it was asked for with the claims that the refusal names.
    pub claims_challenge: bool,
    /// The user principal name of whoever sits before the browser; none for whom the application hints at, or Adele.
    pub sign_in_as: Option<String>,
    /// Whoever is asked says no.
    pub decline: bool,
    /// Nobody consented to the application, and users may not.
    pub consent_required: bool,
    /// Nobody types a device code but at its page; otherwise it is typed after two seconds.
    pub device_manual: bool,
    /// Seconds that a device code lives; none for a quarter of an hour.
    pub device_lifetime: Option<u32>,
}

impl SignInOptions {
    /// Fails when nobody is called as the options say.
    pub fn check(&self) -> std::io::Result<()> {
        let Some(name) = &self.sign_in_as else {
            return Ok(());
        };
        if people::all()
            .iter()
            .any(|user| user.upn.eq_ignore_ascii_case(name))
        {
            return Ok(());
        }
        let text = format!("nobody is called {name} in the demo tenant");
        Err(Error::new(ErrorKind::InvalidInput, text))
    }
}
