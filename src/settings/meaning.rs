//! What the properties of a connection mean, once they are merged.

use std::time::Duration;

use super::Said;
use super::identity::{
    Application, Cloud, InitiateOAuth, SignIn, application, demo_application, initiate, sign_in,
};
use super::network::Network;
use super::parse::shorten;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// What the properties of a connection mean.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How to sign in.
    pub sign_in: SignIn,
    /// The application that signs in, as far as it is named.
    pub application: Application,
    /// How far that may go; `None` where nobody said so.
    pub initiate: Option<InitiateOAuth>,
    /// What somebody came back with from a sign-in.
    pub verifier: Option<Secret>,
    /// Where tokens are kept: a file, or `memory://`; `None` where nobody said so.
    pub token_store: Option<String>,
    /// The profile that the properties are of.
    pub profile: Option<String>,
    /// `https://graph.microsoft.com/v1.0`, without a slash at the end.
    pub graph_url: String,
    /// The default mailbox, when there is one.
    pub user_id: Option<String>,
    /// Rows per page; 0 is the endpoint's maximum.
    pub page_size: u32,
    /// Rows per scan at most.
    pub max_rows: Option<u64>,
    /// For one request.
    pub timeout: Duration,
    /// Of reads.
    pub max_retries: u32,
    /// Requests at once.
    pub max_concurrency: usize,
    /// Go on when a mailbox cannot be read.
    pub skip_mailbox_errors: bool,
    /// Nothing may change the tenant; `None` where nobody said so.
    pub read_only: Option<bool>,
    /// Rows one statement may write.
    pub max_writes: usize,
    /// In bytes.
    pub cache_size: usize,
    /// Zero keeps nothing.
    pub cache_ttl: Duration,
    /// Whether filters, orders and counts are pushed.
    pub pushdown: bool,
    /// Authorities and proxies.
    pub network: Network,
    /// Where requests are noted.
    pub log_file: Option<String>,
}

impl Settings {
    /// What the said properties mean.
    ///
    /// # Errors
    /// A value that is not of its property's form, or nothing to sign in with.
    pub fn understand(said: &Said) -> Result<Self> {
        let demo = boolean(said, "Demo")?;
        let cloud = Cloud::understand(said)?;
        let graph_url = match (demo, given(said, "GraphUrl")) {
            (true, _) => DEMO_GRAPH_URL.to_owned(),
            (false, url) => graph_url(url.as_deref().unwrap_or(cloud.graph_url))?,
        };
        let sign_in = match demo {
            true => SignIn::Demo,
            false => sign_in(said)?,
        };
        Ok(Self {
            application: match demo {
                true => demo_application(said, DEMO_GRAPH_URL),
                false => application(said, &sign_in, cloud, &graph_url)?,
            },
            sign_in,
            initiate: initiate(said)?,
            verifier: given(said, "OAuthVerifier").map(|text| Secret::new(&text)),
            token_store: given(said, "OAuthSettingsLocation"),
            profile: given(said, "Profile"),
            graph_url,
            user_id: given(said, "UserId"),
            page_size: number(said, "Pagesize", 0, 100_000)? as u32,
            max_rows: u64::try_from(number(said, "MaxRows", -1, i64::MAX)?).ok(),
            timeout: Duration::from_secs(number(said, "Timeout", 1, 86_400)? as u64),
            max_retries: number(said, "MaxRetries", 0, 100)? as u32,
            max_concurrency: number(said, "MaxConcurrency", 1, 256)? as usize,
            skip_mailbox_errors: one_of(said, "OnMailboxError", &["fail", "skip"])? == 1,
            read_only: match said.has("Readonly") {
                true => Some(boolean(said, "Readonly")?),
                false => None,
            },
            max_writes: number(said, "MaxWrites", 1, i64::from(u32::MAX))? as usize,
            cache_size: number(said, "CacheSize", 0, 1 << 20)? as usize * 1_048_576,
            cache_ttl: Duration::from_secs(number(said, "CacheTTL", 0, 31_536_000)? as u64),
            pushdown: boolean(said, "Pushdown")?,
            network: Network::understand(said)?,
            log_file: given(said, "Logfile"),
        })
    }
}

impl Settings {
    /// What whoever connects in this way should know.
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if self.network.trusts_anyone {
            warnings.push("TrustSelfSigned: no server's certificate is checked; whoever is in between reads everything, tokens included");
        }
        if matches!(self.sign_in, SignIn::Password { .. }) {
            warnings.push("AuthScheme Password works without multi-factor authentication only, and Microsoft is switching it off; use office365 login or an application of your own");
        }
        warnings
    }
}

/// Where the demo tenant answers inside the process: never looked up, never connected to.
pub const DEMO_GRAPH_URL: &str = "http://demo.localhost/v1.0";

/// The Graph base with its version: a host alone means v1.0.
fn graph_url(text: &str) -> Result<String> {
    let base = base_url("GraphUrl", text)?;
    let versioned = base.ends_with("/v1.0") || base.ends_with("/beta");
    Ok(if versioned {
        base
    } else {
        format!("{base}/v1.0")
    })
}

/// True for an address on this machine.
pub fn is_loopback(url: &url::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// An https address, or an http one on this machine, without a slash at its end.
pub(super) fn base_url(name: &str, text: &str) -> Result<String> {
    let wrong = |why: &str| {
        Error::usage(format!("{name} `{}` {why}", shorten(text)))
            .next("give an address such as https://graph.microsoft.com")
    };
    let url = url::Url::parse(text).map_err(|_| wrong("is not an address"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(wrong(
                "would send tokens unencrypted; http is for loopback only",
            ));
        }
        _ => return Err(wrong("is not an https address")),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(wrong("may hold a host and a path only"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// What was said of a property, or its default; `None` for nothing.
pub(super) fn given(said: &Said, name: &'static str) -> Option<String> {
    Some(said.get(name).to_owned()).filter(|text| !text.is_empty())
}

pub(super) fn boolean(said: &Said, name: &'static str) -> Result<bool> {
    match said.get(name).to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" | "" => Ok(false),
        _ => Err(Error::usage(format!("{name} is neither true nor false"))
            .next(format!("write {name}=true or {name}=false"))),
    }
}

pub(super) fn number(said: &Said, name: &'static str, least: i64, most: i64) -> Result<i64> {
    let text = said.get(name);
    match text.trim().parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(Error::usage(format!("{name} is `{}`", shorten(text)))
            .next(format!("give a whole number from {least} to {most}"))),
    }
}

pub(super) fn one_of(said: &Said, name: &'static str, choices: &[&str]) -> Result<usize> {
    let text = said.get(name);
    choices
        .iter()
        .position(|choice| choice.eq_ignore_ascii_case(text))
        .ok_or_else(|| {
            Error::usage(format!("{name} is `{}`", shorten(text)))
                .next(format!("choose one of {}", choices.join(", ")))
        })
}
