//! Sends reads: token, limits, retries, and the check that a token goes to the Graph host only.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};

use super::effort::Effort;
use super::fault;
use super::limits::Limits;
use super::retry::{Decision, Outcome, decide};
use super::token::{Grant, Tokens, bearer, challenge, grant};
use super::transport::{InProcess, Network, Transport};
use crate::error::{Error, Fault, Kind, Result};
use crate::secret::Secret;
use crate::settings::{Network as Way, Proxy, Settings, SignIn};

/// Longer requests are refused by what stands in front of services: FACTS §2.7 names no number, and
/// links to further pages, which carry a token, must pass.
pub const LONGEST_URL: usize = 16_384;

/// A client for one identity, shared by all connections of the process that have it.
pub struct Client {
    /// Names the identity without revealing it: a key for caches.
    pub identity: String,
    base: url::Url,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) tokens: Arc<Tokens>,
    pub(super) limits: Limits,
    /// How often the service refused what can be asked otherwise.
    refusals: Mutex<HashMap<String, u32>>,
}

/// How patient a connection is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For one try.
    pub timeout: Duration,
    /// After the first try.
    pub retries: u32,
}

/// One read.
#[derive(Clone, Debug)]
pub struct Call {
    /// The whole URL.
    pub url: String,
    /// Beside authorisation and the request's id.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The mailbox or service whose limits count.
    pub owner: String,
    /// For the hint on a 403.
    pub permission: &'static str,
    /// What is posted, where reading is a POST (getSchedule).
    pub body: Option<Bytes>,
    /// The answer is a redirect to a file, which is read without the token (usage reports).
    pub redirects: bool,
    /// A longer URL is known to be refused.
    pub longest: usize,
}

impl Call {
    /// The HTTP method.
    pub fn method(&self) -> &'static str {
        match self.body {
            Some(_) => "POST",
            None => "GET",
        }
    }
}

impl Client {
    /// The client of these settings: the one that exists for the identity, or a new one.
    ///
    /// # Errors
    /// When the network client cannot be built.
    pub fn of(settings: &Arc<Settings>) -> Result<Arc<Self>> {
        static CLIENTS: Mutex<Option<HashMap<String, Arc<Client>>>> = Mutex::new(None);
        let identity = identity(settings);
        // Connections of a parent process must not be used in a forked child.
        let key = format!(
            "{} {identity} {} {:?}",
            std::process::id(),
            settings.max_concurrency,
            settings.network
        );
        let mut clients = CLIENTS.lock().unwrap_or_else(PoisonError::into_inner);
        let clients = clients.get_or_insert_default();
        if let Some(client) = clients.get(&key) {
            return Ok(Arc::clone(client));
        }
        let transport = transport(settings)?;
        let client = Arc::new(Self {
            identity,
            base: url::Url::parse(&settings.graph_url)
                .map_err(|error| Error::usage(format!("GraphUrl: {error}")))?,
            tokens: Arc::new(Tokens::new(
                Arc::clone(settings),
                token_transport(settings, &transport)?,
            )),
            transport,
            limits: Limits::new(settings.max_concurrency),
            refusals: Mutex::default(),
        });
        clients.insert(key, Arc::clone(&client));
        Ok(client)
    }

    /// The whole URL of a path below the version.
    pub fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// Asks the identity platform for a token with these fields of a form, once: a code that it has seen is
    /// no longer good.
    ///
    /// # Errors
    /// What the identity platform said, with what to do about it.
    pub async fn grant(
        &self,
        url: &str,
        fields: &[(&str, &str)],
        timeout: Duration,
    ) -> Result<Grant> {
        let once = Patience {
            timeout,
            retries: 0,
        };
        grant::ask(self.transport.as_ref(), once, url, fields).await
    }

    /// What requests are sent by: for signing in.
    pub fn transport(&self) -> &dyn Transport {
        self.transport.as_ref()
    }

    /// Gets a token now, to see whether that is possible.
    ///
    /// # Errors
    /// What the identity platform said, with what to do about it.
    pub async fn sign_in(&self, patience: Patience) -> Result<()> {
        self.token(patience).await.map(drop)
    }

    /// Remembers that the service refused a form of request.
    pub fn refused(&self, form: &str) {
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        *refusals.entry(form.to_owned()).or_default() += 1;
    }

    /// True when a form of request was refused twice: once may be the fault of a value.
    pub fn is_refusing(&self, form: &str) -> bool {
        let refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        refusals.get(form).is_some_and(|times| *times >= 2)
    }

    /// True when a URL is on the Graph host: others never get the token.
    pub fn is_own(&self, url: &str) -> bool {
        url::Url::parse(url).is_ok_and(|url| url.origin() == self.base.origin())
    }

    /// A token of the identity.
    pub(super) async fn token(&self, patience: Patience) -> Result<Secret> {
        self.tokens.get(patience).await
    }

    /// Reads one URL, trying again as [`decide`] says; `effort` tells what it took.
    ///
    /// # Errors
    /// Graph's refusal, or the last failure.
    pub async fn get(&self, call: &Call, patience: Patience, effort: &mut Effort) -> Result<Bytes> {
        if !self.is_own(&call.url) {
            return Err(Error::new(
                Kind::Malformed,
                "the answer continues on a host that is not the Graph host",
            )
            .next("Check GraphUrl and any proxy in between"));
        }
        if call.url.len() > call.longest {
            return Err(too_long(&call.url));
        }
        let mut renewed = false;
        let mut tried_before = 0;
        // Where the answer redirected to: an address that lets in whoever has it, and never gets a token.
        let mut file: Option<String> = None;
        loop {
            effort.attempts += 1;
            let token = self.token(patience).await?;
            let request = match &file {
                None => request(call, bearer(&token)?)?,
                Some(address) => file_request(address)?,
            };
            let slot = self.limits.slot(&call.owner).await;
            let answer = self.transport.send(request, patience.timeout).await;
            drop(slot);
            if let Ok(response) = &answer {
                effort.status = Some(response.status().as_u16());
                effort.request_id = request_id(response);
            }
            let outcome = Outcome::of(&answer);
            if let (Ok(response), true, None) = (&answer, call.redirects, &file)
                && response.status().is_redirection()
            {
                file = Some(self.redirected(response)?);
                tried_before = effort.attempts;
                continue;
            }
            let tries = effort.attempts - tried_before - u32::from(renewed);
            match decide(
                &outcome,
                tries,
                patience.retries,
                jitter(),
                chrono::Utc::now(),
            ) {
                Decision::NewToken
                    if file.is_none()
                        && !renewed
                        && self.tokens.refused(&token, challenge(&answer)).await =>
                {
                    renewed = true
                }
                Decision::Again(wait) => {
                    if effort.status == Some(429) {
                        self.limits.pause(&call.owner, wait);
                    }
                    effort.wait(wait).await;
                }
                Decision::Done | Decision::Fail | Decision::NewToken => {
                    return finish(call, answer, effort);
                }
            }
        }
    }
}

impl Client {
    /// Where an answer redirects to: over TLS, or to the Graph host itself, or to this machine.
    fn redirected(&self, response: &Response<Bytes>) -> Result<String> {
        let location = response
            .headers()
            .get(http::header::LOCATION)
            .and_then(|location| location.to_str().ok())
            .and_then(|location| self.base.join(location).ok());
        match location {
            Some(url)
                if url.scheme() == "https"
                    || url.origin() == self.base.origin()
                    || crate::settings::is_loopback(&url) =>
            {
                Ok(url.into())
            }
            _ => Err(Error::new(
                Kind::Malformed,
                "the answer redirects to no address that can be read safely",
            )
            .next("Check GraphUrl and any proxy in between")),
        }
    }
}

/// A file's request: without a token, which such an address refuses (FACTS §3.4).
fn file_request(address: &str) -> Result<Request<Bytes>> {
    Request::get(sendable(address))
        .body(Bytes::new())
        .map_err(|error| {
            Error::new(
                Kind::Malformed,
                format!("the address of a file is not usable: {error}"),
            )
        })
}

/// What a service would answer, without asking it: a caller may have a shorter request.
fn too_long(url: &str) -> Error {
    Error::new(
        Kind::Refused,
        format!(
            "GET {} would be {} bytes long",
            shown(asked(url)),
            url.len()
        ),
    )
    .with_fault(Fault {
        status: 414,
        ..Fault::default()
    })
    .next("Compare with a shorter text, or search for a shorter one")
}

/// The start of a path, for an error.
fn shown(path: &str) -> String {
    match path.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &path[..end]),
        None => path.to_owned(),
    }
}

fn finish(
    call: &Call,
    answer: std::result::Result<Response<Bytes>, super::transport::Failure>,
    effort: &Effort,
) -> Result<Bytes> {
    let asked = asked(&call.url);
    match answer {
        Ok(response) if response.status().is_success() => Ok(response.into_body()),
        Ok(response) => {
            let fault = fault::read(response.status(), response.headers(), response.body());
            let asked = format!("{} {asked}", call.method());
            Err(fault::error(fault, &asked, call.permission))
        }
        Err(failure) => {
            let kind = if failure.timed_out {
                Kind::Timeout
            } else {
                Kind::Unavailable
            };
            let tries = match effort.attempts {
                1 => String::new(),
                many => format!(" in {many} tries"),
            };
            Err(Error::new(
                kind,
                format!(
                    "{} {asked} got no answer{tries}: {}",
                    call.method(),
                    failure.text
                ),
            )
            .next(failure.next()))
        }
    }
}

/// The path of a URL: values of a statement stand behind it and stay out of errors.
pub(super) fn asked(url: &str) -> &str {
    let path = url.split('?').next().unwrap_or(url);
    path.find("://")
        .and_then(|scheme| {
            path[scheme + 3..]
                .find('/')
                .map(|slash| &path[scheme + 3 + slash..])
        })
        .unwrap_or(path)
}

fn request(call: &Call, bearer: http::HeaderValue) -> Result<Request<Bytes>> {
    let mut builder = Request::builder()
        .method(call.method())
        .uri(sendable(&call.url))
        .header(http::header::AUTHORIZATION, bearer)
        .header(http::header::ACCEPT, "application/json")
        .header("client-request-id", guid());
    for (name, value) in &call.headers {
        builder = builder.header(*name, *value);
    }
    if call.body.is_some() {
        builder = builder.header(http::header::CONTENT_TYPE, "application/json");
    }
    builder
        .body(call.body.clone().unwrap_or_default())
        .map_err(|error| {
            Error::new(
                Kind::Malformed,
                format!("the address of a page is not usable: {error}"),
            )
        })
}

/// A URL as it is, but for letters that no request can hold: some services write blanks and umlauts into
/// a nextLink, which is otherwise followed byte for byte.
pub(super) fn sendable(url: &str) -> String {
    let mut text = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

pub(super) fn request_id(response: &Response<Bytes>) -> Option<String> {
    Some(
        response
            .headers()
            .get("request-id")?
            .to_str()
            .ok()?
            .to_owned(),
    )
}

fn transport(settings: &Settings) -> Result<Arc<dyn Transport>> {
    if settings.sign_in == SignIn::Demo {
        let tenant = crate::demo::Tenant::standard();
        return Ok(Arc::new(InProcess(Arc::new(move |request| {
            tenant.respond(request)
        }))));
    }
    Ok(Arc::new(Network::new(&settings.network)?))
}

/// The machine's own token endpoint is no business of a proxy (FACTS §5).
fn token_transport(
    settings: &Settings,
    transport: &Arc<dyn Transport>,
) -> Result<Arc<dyn Transport>> {
    if settings.sign_in != SignIn::ManagedIdentity {
        return Ok(Arc::clone(transport));
    }
    let direct = Way {
        proxy: Proxy::None,
        ..settings.network.clone()
    };
    Ok(Arc::new(Network::new(&direct)?))
}

/// Who reads, as a key: secrets go in hashed with a key of this process.
fn identity(settings: &Settings) -> String {
    let who = (
        &settings.sign_in,
        &settings.application,
        &settings.token_store,
        &settings.profile,
    );
    format!("{} {:032x}", settings.graph_url, secret_hash(&who))
}

fn secret_hash(secret: &impl Hash) -> u128 {
    static KEYS: std::sync::OnceLock<(RandomState, RandomState)> = std::sync::OnceLock::new();
    let (left, right) = KEYS.get_or_init(|| (RandomState::new(), RandomState::new()));
    u128::from(left.hash_one(secret)) << 64 | u128::from(right.hash_one(secret))
}

/// In 0..1; unpredictable enough to spread retries.
pub(super) fn jitter() -> f64 {
    (random() >> 11) as f64 / (1u64 << 53) as f64
}

fn random() -> u64 {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(COUNTER.fetch_add(1, Ordering::Relaxed));
    hasher.write_u128(Instant::now().elapsed().as_nanos());
    hasher.finish()
}

/// A GUID of version 4: by it a support case finds a request, and a service one that it has seen.
pub fn guid() -> String {
    let (high, low) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

/// The fault of an answer that is not what was asked for.
pub fn malformed(what: &str, effort: &Effort) -> Error {
    Error::new(Kind::Malformed, what.to_owned())
        .with_fault(Fault {
            status: effort.status.unwrap_or(0),
            request_id: effort.request_id.clone(),
            ..Fault::default()
        })
        .next("Check GraphUrl and any proxy in between; no row of this answer was used")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_out_of_errors() {
        assert_eq!(
            asked("https://graph.microsoft.com/v1.0/me/messages?$filter=x"),
            "/v1.0/me/messages"
        );
    }

    #[test]
    fn a_request_that_is_too_long_is_refused_before_it_is_sent() {
        let error = too_long(&format!(
            "https://h/v1.0/me/messages?$filter={}",
            "x".repeat(20_000)
        ));
        assert!(crate::graph::fault::is_query(&error));
        assert_eq!(
            error.to_string(),
            "GET /v1.0/me/messages would be 20035 bytes long (HTTP 414). Compare with a shorter \
             text, or search for a shorter one"
        );
    }

    #[test]
    fn only_what_cannot_be_sent_is_encoded() {
        let url = "https://h/v1.0/me/x?$filter=a%20eq%20'b'&$skiptoken=%2B-_.~(1,2);[z]@:*!#";
        assert_eq!(sendable(url), url);
        assert_eq!(sendable("a b\"ü\\"), "a%20b%22%C3%BC%5C");
    }

    #[test]
    fn request_ids_are_guids() {
        let first = guid();
        assert_eq!(first.len(), 36);
        assert_eq!(first.as_bytes()[14], b'4');
        assert_ne!(first, guid());
    }
}
