//! Access tokens: where they come from, kept until shortly before they expire, fetched once however many
//! requests and processes wait.

pub mod assertion;
mod command;
pub mod grant;
mod machine;
mod refusal;
pub mod store;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

pub use grant::Grant;

use super::client::Patience;
use super::transport::{Failure, Transport};
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::settings::{InitiateOAuth, Settings, SignIn, not_connected};
use assertion::Signer;
use store::{Entry, Store};

/// The type of assertions that are JSON web tokens (RFC 7523).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The header that carries a token.
///
/// # Errors
/// When it holds letters that no header can.
pub fn bearer(token: &Secret) -> Result<http::HeaderValue> {
    let text = format!("Bearer {}", token.reveal());
    let mut value = http::HeaderValue::from_str(&text).map_err(|_| {
        Error::new(
            Kind::SignIn,
            "the access token holds letters that a token never holds",
        )
        .next("give the token alone, without quotes or line ends")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// What Graph wants to be proven before it answers, where that is why it refused the token: the claims
/// challenge of continuous access evaluation.
pub fn challenge(
    answer: &std::result::Result<http::Response<bytes::Bytes>, Failure>,
) -> Option<String> {
    use base64::Engine;
    let header = answer
        .as_ref()
        .ok()?
        .headers()
        .get(http::header::WWW_AUTHENTICATE)?;
    let (_, behind) = header.to_str().ok()?.split_once("claims=\"")?;
    let packed = behind.split('"').next()?;
    let claims = base64::engine::general_purpose::STANDARD
        .decode(packed)
        .ok()?;
    String::from_utf8(claims).ok()
}

/// Gives tokens for one identity.
pub struct Tokens {
    settings: Arc<Settings>,
    transport: Arc<dyn Transport>,
    state: Mutex<State>,
}

/// What is known so far.
#[derive(Default)]
struct State {
    current: Option<Cached>,
    /// A token that Graph refused: it is not taken out of the store again.
    refused: Option<Refused>,
    /// The newest refresh token, where no store has it.
    refresh: Option<Secret>,
    /// Who it was the first time: another sign-in meanwhile must not change whose rows these are.
    user: Option<String>,
}

impl State {
    /// The token, if it is still good.
    fn usable(&self) -> Option<Secret> {
        let cached = self.current.as_ref()?;
        let is_good = cached.until.is_none_or(|until| Instant::now() < until);
        is_good.then(|| cached.token.clone())
    }
}

struct Cached {
    token: Secret,
    /// When another one is asked for.
    until: Option<Instant>,
}

#[derive(Clone)]
struct Refused {
    token: Secret,
    /// What Graph wants to be proven (a claims challenge).
    claims: Option<String>,
}

impl Cached {
    fn for_ever(token: &Secret) -> Self {
        Self {
            token: token.clone(),
            until: None,
        }
    }

    fn for_now(token: Secret, lifetime: Option<Duration>) -> Self {
        Self {
            token,
            until: lifetime.map(|lifetime| Instant::now() + usable(lifetime)),
        }
    }
}

/// Five minutes less, so that no request starts with a token that expires under way; of a short-lived
/// token half.
fn usable(lifetime: Duration) -> Duration {
    lifetime
        .saturating_sub(Duration::from_secs(300))
        .max(lifetime / 2)
}

impl Tokens {
    /// Tokens for these settings; nothing is asked before the first use.
    pub fn new(settings: Arc<Settings>, transport: Arc<dyn Transport>) -> Self {
        Self {
            settings,
            transport,
            state: Mutex::default(),
        }
    }

    /// A token that should be accepted.
    ///
    /// # Errors
    /// What the identity platform said, with what to do about it.
    pub async fn get(self: &Arc<Self>, patience: Patience) -> Result<Secret> {
        if let Some(token) = self.state.lock().await.usable() {
            return Ok(token);
        }
        let own = Arc::clone(self);
        // A statement may be interrupted; what was asked for is kept all the same, or a refresh token that
        // was just replaced would be lost with it.
        let renewing = tokio::spawn(async move { own.renew(patience).await });
        renewing.await.unwrap_or_else(|_| {
            Err(Error::new(
                Kind::Internal,
                "getting a token ended without an answer",
            ))
        })
    }

    /// As [`Tokens::get`]; whoever waited for the lock finds what was fetched meanwhile.
    async fn renew(&self, patience: Patience) -> Result<Secret> {
        let mut state = self.state.lock().await;
        if let Some(token) = state.usable() {
            return Ok(token);
        }
        let fresh = self.fetch(&mut state, patience).await?;
        let token = fresh.token.clone();
        state.current = Some(fresh);
        state.refused = None;
        Ok(token)
    }

    /// Drops a token that Graph refused, because of `claims` that it does not have where there are any;
    /// false when there is no way to get another one.
    pub async fn refused(&self, token: &Secret, claims: Option<String>) -> bool {
        if matches!(self.settings.sign_in, SignIn::Token(_) | SignIn::Demo) {
            return false;
        }
        let mut state = self.state.lock().await;
        // Another request may have fetched a new one meanwhile: that one stays.
        if state
            .current
            .as_ref()
            .is_some_and(|cached| cached.token == *token)
        {
            state.current = None;
            state.refused = Some(Refused {
                token: token.clone(),
                claims,
            });
        }
        true
    }

    async fn fetch(&self, state: &mut State, patience: Patience) -> Result<Cached> {
        let application = &self.settings.application;
        let resource = application.default_scope.trim_end_matches("/.default");
        match &self.settings.sign_in {
            SignIn::Nothing => Err(not_connected()),
            SignIn::Demo => Ok(Cached::for_ever(&Secret::new(crate::demo::DELEGATED_TOKEN))),
            SignIn::Token(token) => Ok(Cached::for_ever(token)),
            SignIn::Command(text) => {
                let printed = command::user(text, patience.timeout).await?;
                Ok(Cached::for_now(printed.token, printed.lifetime))
            }
            SignIn::AzureCli => {
                let tenant =
                    Some(application.tenant.as_str()).filter(|tenant| *tenant != "organizations");
                let printed = command::azure_cli(resource, tenant, patience.timeout).await?;
                Ok(Cached::for_now(printed.token, printed.lifetime))
            }
            SignIn::ManagedIdentity => {
                let transport = self.transport.as_ref();
                let (token, lifetime) =
                    machine::token(transport, patience, resource, &application.client_id).await?;
                Ok(Cached::for_now(token, lifetime))
            }
            _ => match Store::of(&self.settings)? {
                Some(store) => self.through(&store, state, patience).await,
                None => {
                    let grant = self.grant(state, state.refresh.clone(), patience).await?;
                    state.refresh = grant.refresh_token.or(state.refresh.take());
                    Ok(Cached::for_now(grant.access_token, grant.lifetime))
                }
            },
        }
    }

    /// Out of the store, where another process may have put a new one; else a new one, into the store.
    async fn through(
        &self,
        store: &Store,
        state: &mut State,
        patience: Patience,
    ) -> Result<Cached> {
        if let Some(cached) = self.kept(store, state)? {
            return Ok(cached);
        }
        // A store that cannot be written is still one to read: what is renewed stays in this process then.
        let lock = match store.lock(patience.timeout).await {
            Ok(lock) => Some(lock),
            Err(_) if !store.read()?.all().is_empty() => None,
            Err(error) => return Err(error),
        };
        if let Some(cached) = self.kept(store, state)? {
            return Ok(cached);
        }
        let mut entries = store.read()?;
        let known = entries.find(|entry| self.is_own(entry, state)).cloned();
        let refresh = state.refresh.take().or_else(|| known.as_ref()?.refresh());
        let grant = match self.grant(state, refresh.clone(), patience).await {
            Ok(grant) => grant,
            Err(error) => {
                if let (Some(lock), Some(mut entry), Some(claims)) =
                    (&lock, known, self.challenge(state))
                {
                    // The next `office365 login` asks for what Graph wants.
                    entry.claims = Some(claims);
                    entries.renew(entry);
                    store.write(lock, &entries)?;
                }
                return Err(error);
            }
        };
        let mut entry = Entry::new(
            &self.settings.application,
            &self.scope(known.as_ref()),
            &grant,
        );
        entry.refresh_token = entry
            .refresh_token
            .or_else(|| Some(refresh?.reveal().to_owned()));
        entry.began_with = self.began_with();
        if let Some(known) = known {
            entry.user = known.user.or(entry.user);
            entry.tenant_id = known.tenant_id.or(entry.tenant_id);
            entry.granted = entry.granted.or(known.granted);
        }
        state.user.clone_from(&entry.user);
        match &lock {
            Some(lock) => {
                entries.renew(entry);
                store.write(lock, &entries)?;
            }
            None => state.refresh = entry.refresh(),
        }
        Ok(Cached::for_now(grant.access_token, grant.lifetime))
    }

    /// The token in the store, if it is still good.
    fn kept(&self, store: &Store, state: &mut State) -> Result<Option<Cached>> {
        let entries = store.read()?;
        let Some(entry) = entries.find(|entry| self.is_own(entry, state)) else {
            return Ok(None);
        };
        let token = Secret::new(&entry.access_token);
        let is_refused = state
            .refused
            .as_ref()
            .is_some_and(|refused| refused.token == token);
        let Some(left) = entry.good_for().filter(|_| !is_refused) else {
            return Ok(None);
        };
        state.user.clone_from(&entry.user);
        Ok(Some(Cached {
            token,
            until: Some(Instant::now() + left),
        }))
    }

    /// True for the entry of this identity.
    fn is_own(&self, entry: &Entry, state: &State) -> bool {
        let application = &self.settings.application;
        let wanted = state.user.as_ref().or(application.user.as_ref());
        let is_user = match (&self.settings.sign_in, &entry.user) {
            (SignIn::ClientSecret | SignIn::Certificate(_) | SignIn::Workload(_), user) => {
                user.is_none()
            }
            (SignIn::Person { .. }, None) => false,
            (SignIn::Person { .. }, Some(user)) => {
                wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(user))
            }
            _ => true,
        };
        is_user && entry.began_with == self.began_with() && entry.fits(application)
    }

    /// A fingerprint of what was given to begin with, so that another one begins anew.
    fn began_with(&self) -> Option<String> {
        use base64::Engine;
        let given = match &self.settings.sign_in {
            SignIn::Refresh(token) => token.reveal().to_owned(),
            SignIn::Password { user, password } => format!("{user}\n{}", password.reveal()),
            _ => return None,
        };
        let digest = ring::digest::digest(&ring::digest::SHA256, given.as_bytes());
        Some(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest))
    }

    fn challenge(&self, state: &State) -> Option<String> {
        state.refused.as_ref()?.claims.clone()
    }

    /// The scopes to ask for: those of the sign-in, or what the connection says.
    fn scope(&self, known: Option<&Entry>) -> String {
        let application = &self.settings.application;
        match known {
            Some(entry) if self.settings.sign_in.is_person() => entry.scope.clone(),
            _ if self.settings.sign_in.is_person() => person_scope(&self.settings),
            _ => application.scope_of_application().to_owned(),
        }
    }

    /// A new token: by the refresh token where there is one, else from the beginning.
    async fn grant(
        &self,
        state: &mut State,
        refresh: Option<Secret>,
        patience: Patience,
    ) -> Result<Grant> {
        let claims = self.challenge(state);
        if self.settings.initiate == Some(InitiateOAuth::Off) && self.settings.sign_in.is_person() {
            return Err(nobody(&self.settings));
        }
        let proof = proof(&self.settings)?;
        if let Some(refresh) = refresh {
            let mut fields = vec![
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh.reveal()),
            ];
            fields.extend(claims.as_deref().map(|claims| ("claims", claims)));
            let answer = self.ask(fields, &proof, patience).await;
            let starts_anew = matches!(self.settings.sign_in, SignIn::Password { .. });
            match answer {
                Err(error) if error.kind == Kind::SignIn && starts_anew => {}
                answer => return answer,
            }
        }
        let scope = self.scope(None);
        let mut fields = match &self.settings.sign_in {
            SignIn::Password { user, password } => vec![
                ("grant_type", "password"),
                ("username", user.as_str()),
                ("password", password.reveal()),
                ("scope", &scope),
            ],
            SignIn::Refresh(token) => {
                vec![
                    ("grant_type", "refresh_token"),
                    ("refresh_token", token.reveal()),
                ]
            }
            SignIn::Person { .. } => return Err(nobody(&self.settings)),
            _ => vec![("grant_type", "client_credentials"), ("scope", &scope)],
        };
        fields.extend(claims.as_deref().map(|claims| ("claims", claims)));
        self.ask(fields, &proof, patience).await
    }

    async fn ask(
        &self,
        mut fields: Vec<(&str, &str)>,
        proof: &[(&str, String)],
        patience: Patience,
    ) -> Result<Grant> {
        let application = &self.settings.application;
        fields.push(("client_id", &application.client_id));
        fields.extend(proof.iter().map(|(name, value)| (*name, value.as_str())));
        grant::ask(
            self.transport.as_ref(),
            patience,
            &application.token_url(),
            &fields,
        )
        .await
    }
}

/// What the application proves itself with, as fields of a form; a public one with nothing.
///
/// # Errors
/// A certificate or a federated token that cannot be read.
pub fn proof(settings: &Settings) -> Result<Vec<(&'static str, String)>> {
    let application = &settings.application;
    let assertion = match &settings.sign_in {
        SignIn::Certificate(certificate) => {
            let now = chrono::Utc::now().timestamp();
            Signer::read(certificate)?.assertion(
                &application.client_id,
                &application.token_url(),
                now,
            )?
        }
        // The file is written anew before its token expires.
        SignIn::Workload(file) => std::fs::read_to_string(file)
            .map(|text| text.trim().to_owned())
            .map_err(|error| {
                Error::new(
                    Kind::SignIn,
                    format!("FederatedTokenFile {file} cannot be read: {error}"),
                )
                .next("Check that the workload identity is projected into this container")
            })?,
        _ => {
            let secret = application.client_secret.as_ref();
            let secret = secret.map(|secret| ("client_secret", secret.reveal().to_owned()));
            return Ok(secret.into_iter().collect());
        }
    };
    Ok(vec![
        ("client_assertion_type", JWT_BEARER.to_owned()),
        ("client_assertion", assertion),
    ])
}

/// The scopes that somebody's sign-in asks for when it names none: all that there is consent for. With
/// `offline_access` a refresh token comes along, with `openid` and `profile` the name.
fn person_scope(settings: &Settings) -> String {
    let application = &settings.application;
    complete_scope(application.scope_of_application())
}

/// Scopes with those that bring the refresh token and the name.
pub fn complete_scope(scope: &str) -> String {
    let mut words: Vec<&str> = scope.split(' ').filter(|word| !word.is_empty()).collect();
    for word in ["offline_access", "openid", "profile"] {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(" ")
}

/// The error of a connection for which nobody has signed in.
pub fn nobody(settings: &Settings) -> Error {
    let who = match &settings.application.user {
        Some(user) => format!("{user} has not signed in"),
        None => "nobody has signed in".to_owned(),
    };
    let (of, flag) = match &settings.profile {
        Some(profile) => (
            format!(" with profile {profile}"),
            format!(" --profile {profile}"),
        ),
        None => (String::new(), String::new()),
    };
    Error::new(Kind::SignIn, format!("{who}{of}")).next(format!("Run office365 login{flag}"))
}
