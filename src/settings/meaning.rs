//! What the properties of a connection mean, once they are merged.

use std::fmt;
use std::time::Duration;

use super::Said;
use super::parse::shorten;
use crate::error::{Error, Result};

/// What the properties of a connection mean.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How to sign in.
    pub sign_in: SignIn,
    /// The application that signs in, as far as it is named.
    pub application: Application,
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
    /// PEM file of further authorities.
    pub ca_file: Option<String>,
}

/// The ways to sign in.
#[derive(Clone, PartialEq, Eq)]
pub enum SignIn {
    /// Nothing is said of it: only what needs no connection works.
    Nothing,
    /// The built-in demo tenant.
    Demo,
    /// A token as it is.
    Token(String),
    /// An application with a secret.
    ClientSecret {
        /// `https://login.microsoftonline.com`, without a slash at the end.
        login_url: String,
        /// Tenant id or domain.
        tenant: String,
        /// Application id.
        client_id: String,
        /// The secret's value.
        client_secret: String,
        /// The scope asked for.
        scope: String,
    },
}

/// An application, as the identity platform knows it; what is not said is empty.
#[derive(Clone, PartialEq, Eq)]
pub struct Application {
    /// `https://login.microsoftonline.com`, without a slash at the end.
    pub login_url: String,
    /// Tenant id, domain, or `organizations`.
    pub tenant: String,
    /// Application id.
    pub client_id: String,
    /// The secret's value.
    pub client_secret: String,
    /// Where the browser goes after a sign-in.
    pub callback_url: String,
    /// The scopes to ask for, with blanks between them.
    pub scope: String,
    /// The Graph host's `/.default`.
    pub default_scope: String,
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Application({} in {})", self.client_id, self.tenant)
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Demo => f.write_str("Demo"),
            Self::Token(_) => f.write_str("Token([redacted])"),
            Self::ClientSecret {
                tenant, client_id, ..
            } => {
                write!(f, "ClientSecret({client_id} in {tenant}, [redacted])")
            }
        }
    }
}

impl Settings {
    /// What the said properties mean.
    ///
    /// # Errors
    /// A value that is not of its property's form, or nothing to sign in with.
    pub fn understand(said: &Said) -> Result<Self> {
        if said.has("Profile") {
            // Reading on with another identity would be another tenant's answer.
            return Err(Error::usage("profiles are not available in this version")
                .next("give the properties themselves in the connection string"));
        }
        let demo = boolean(said, "Demo")?;
        let graph_url = if demo {
            DEMO_GRAPH_URL.to_owned()
        } else {
            graph_url(said.get("GraphUrl"))?
        };
        Ok(Self {
            sign_in: if demo {
                SignIn::Demo
            } else {
                sign_in(said, &graph_url)?
            },
            application: match demo {
                true => demo_application(said),
                false => application(said, &graph_url)?,
            },
            graph_url,
            user_id: Some(said.get("UserId").to_owned()).filter(|user| !user.is_empty()),
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
            ca_file: Some(said.get("SSLServerCert").to_owned()).filter(|file| !file.is_empty()),
        })
    }
}

/// Where the demo tenant answers inside the process: never looked up, never connected to.
pub const DEMO_GRAPH_URL: &str = "http://demo.localhost/v1.0";

fn sign_in(said: &Said, graph_url: &str) -> Result<SignIn> {
    let scheme = said.get("AuthScheme").to_ascii_lowercase();
    let off = said.get("InitiateOAuth").eq_ignore_ascii_case("off");
    if !matches!(
        scheme.as_str(),
        "" | "off" | "oauth" | "azuread" | "azureserviceprincipal"
    ) {
        return Err(Error::new(
            crate::error::Kind::SignIn,
            format!(
                "AuthScheme {} is not available in this version",
                said.get("AuthScheme")
            ),
        )
        .next("use AzureServicePrincipal with OAuthClientSecret, or give an OAuthAccessToken"));
    }
    if said.has("OAuthAccessToken") && (off || scheme != "azureserviceprincipal") {
        return Ok(SignIn::Token(
            said.get("OAuthAccessToken").trim().to_owned(),
        ));
    }
    if said.has("OAuthClientSecret") {
        return client_secret(said, graph_url);
    }
    Ok(SignIn::Nothing)
}

fn application(said: &Said, graph_url: &str) -> Result<Application> {
    let tenant = match said.has("AzureTenant") {
        true => said.get("AzureTenant"),
        false => "organizations",
    };
    Ok(Application {
        login_url: base_url("LoginUrl", said.get("LoginUrl"))?,
        tenant: tenant.to_owned(),
        client_id: said.get("OAuthClientId").to_owned(),
        client_secret: said.get("OAuthClientSecret").to_owned(),
        callback_url: said.get("CallbackURL").to_owned(),
        scope: said.get("Scope").replace(',', " "),
        default_scope: default_scope(graph_url)?,
    })
}

/// The application that the demo tenant knows, so that signing in can be tried there.
fn demo_application(said: &Said) -> Application {
    let login_url = DEMO_GRAPH_URL.trim_end_matches("/v1.0");
    Application {
        login_url: login_url.to_owned(),
        tenant: "contoso.com".to_owned(),
        client_id: "office365-demo".to_owned(),
        client_secret: "demo-secret".to_owned(),
        callback_url: said.get("CallbackURL").to_owned(),
        scope: said.get("Scope").replace(',', " "),
        default_scope: format!("{login_url}/.default"),
    }
}

/// The scope names the Graph host itself, without the version (FACTS §5).
fn default_scope(graph_url: &str) -> Result<String> {
    let host = url::Url::parse(graph_url).map_err(|error| Error::usage(error.to_string()))?;
    Ok(format!("{}/.default", host.origin().ascii_serialization()))
}

/// The error of a connection that says nothing to sign in with.
pub fn not_connected() -> Error {
    Error::new(
        crate::error::Kind::SignIn,
        "no connection to Microsoft 365 is set up",
    )
    .next(
        "Use the demo tenant (--demo, or SELECT o365_connect('Demo=true')), or connect with \
         --connection or o365_connect('OAuthAccessToken=…') or \
         o365_connect('AzureTenant=…;OAuthClientId=…;OAuthClientSecret=…')",
    )
}

fn client_secret(said: &Said, graph_url: &str) -> Result<SignIn> {
    for name in ["AzureTenant", "OAuthClientId"] {
        if !said.has(name) {
            return Err(Error::new(
                crate::error::Kind::SignIn,
                format!("a client secret is given, but {name} is not"),
            )
            .next(format!("add {name}=… to the connection string")));
        }
    }
    let scope = match said.has("Scope") {
        true => said.get("Scope").replace(',', " "),
        false => default_scope(graph_url)?,
    };
    Ok(SignIn::ClientSecret {
        login_url: base_url("LoginUrl", said.get("LoginUrl"))?,
        tenant: said.get("AzureTenant").to_owned(),
        client_id: said.get("OAuthClientId").to_owned(),
        client_secret: said.get("OAuthClientSecret").to_owned(),
        scope,
    })
}

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
fn base_url(name: &str, text: &str) -> Result<String> {
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

fn boolean(said: &Said, name: &'static str) -> Result<bool> {
    match said.get(name).to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" | "" => Ok(false),
        _ => Err(Error::usage(format!("{name} is neither true nor false"))
            .next(format!("write {name}=true or {name}=false"))),
    }
}

fn number(said: &Said, name: &'static str, least: i64, most: i64) -> Result<i64> {
    let text = said.get(name);
    match text.trim().parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(Error::usage(format!("{name} is `{}`", shorten(text)))
            .next(format!("give a whole number from {least} to {most}"))),
    }
}

fn one_of(said: &Said, name: &'static str, choices: &[&str]) -> Result<usize> {
    let text = said.get(name);
    choices
        .iter()
        .position(|choice| choice.eq_ignore_ascii_case(text))
        .ok_or_else(|| {
            Error::usage(format!("{name} is `{}`", shorten(text)))
                .next(format!("choose one of {}", choices.join(", ")))
        })
}
