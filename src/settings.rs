//! Every connection property, once: its name, its default, what it means, and how text becomes a value.
//!
//! Two stages: [`parse`] reads what was said (`Key=Value;…`), [`Settings`] says what it means. What
//! was said in several places is merged before it is understood.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::error::{Error, Result};

/// A connection property.
pub struct Property {
    /// The canonical name.
    pub name: &'static str,
    /// Other spellings that are accepted.
    pub aliases: &'static [&'static str],
    /// The environment variable that also sets it (Azure SDK names).
    pub variable: Option<&'static str>,
    /// The value when nothing is said; empty for none.
    pub default: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// Secrets are never shown.
    pub secret: bool,
}

const fn property(name: &'static str, default: &'static str, doc: &'static str) -> Property {
    Property {
        name,
        aliases: &[],
        variable: None,
        default,
        doc,
        secret: false,
    }
}

const fn secret(name: &'static str, doc: &'static str) -> Property {
    let mut made = property(name, "", doc);
    made.secret = true;
    made
}

impl Property {
    const fn variable(mut self, name: &'static str) -> Self {
        self.variable = Some(name);
        self
    }

    const fn alias(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }
}

/// The properties that mean something here.
pub const PROPERTIES: &[Property] = &[
    property(
        "AuthScheme",
        "",
        "How to sign in: AzureServicePrincipal (client secret) or OFF with a token; chosen by what is given when it is not named.",
    ),
    property("InitiateOAuth", "", "OFF uses OAuthAccessToken as it is."),
    property(
        "AzureTenant",
        "",
        "The tenant: its id or one of its domains.",
    )
    .variable("AZURE_TENANT_ID"),
    property("OAuthClientId", "", "The application's (client) id.").variable("AZURE_CLIENT_ID"),
    secret(
        "OAuthClientSecret",
        "The application's secret: its value, not its id.",
    )
    .variable("AZURE_CLIENT_SECRET"),
    secret("OAuthAccessToken", "A Graph access token, used as it is."),
    property(
        "Scope",
        "",
        "The scope to ask a token for; the Graph host's /.default when not given.",
    ),
    property(
        "UserId",
        "",
        "The mailbox and drive that tables without a UserId read: an id or a user principal name; the signed-in user when not given.",
    ),
    property(
        "GraphUrl",
        "https://graph.microsoft.com",
        "The Graph service, for private endpoints and tests; plain http only on loopback.",
    ),
    property(
        "LoginUrl",
        "https://login.microsoftonline.com",
        "The identity platform, for private endpoints and tests; plain http only on loopback.",
    )
    .variable("AZURE_AUTHORITY_HOST"),
    property(
        "Readonly",
        "",
        "true refuses everything that would change the tenant.",
    ),
    property(
        "Pagesize",
        "0",
        "Rows asked for per page; 0 takes what the endpoint gives at most.",
    ),
    property(
        "MaxRows",
        "-1",
        "Rows a table gives at most in one scan; reaching it is an error; -1 is no limit.",
    ),
    property("Timeout", "60", "Seconds one request may take."),
    property(
        "MaxRetries",
        "5",
        "How often a read is tried again after 429, 503, 504 or a broken connection.",
    ),
    property(
        "MaxConcurrency",
        "8",
        "Requests at once over all mailboxes; one mailbox gets at most 4.",
    ),
    property(
        "OnMailboxError",
        "fail",
        "fail ends the statement when a mailbox cannot be read, skip goes on without it.",
    ),
    property(
        "CacheSize",
        "64",
        "Megabytes of rows kept, over all connections of the process; the largest wins.",
    ),
    property(
        "CacheTTL",
        "60",
        "Seconds for which rows are kept; 0 keeps none.",
    ),
    property(
        "Pushdown",
        "on",
        "off sends no filter, order or count of its own, so that SQLite does all the work.",
    ),
    property("Demo", "false", "The built-in demo tenant: invented data."),
    property(
        "Profile",
        "",
        "A named set of these properties in config.toml.",
    ),
    property("Verbosity", "1", "How much goes to Logfile."),
    property(
        "SSLServerCert",
        "",
        "A file of further certificate authorities (PEM).",
    )
    .alias(&["CAFile"]),
];

/// Properties that CData documents and that mean nothing here: accepted with a note.
pub const IGNORED: &[&str] = &[
    "AutoCache",
    "CacheConnection",
    "CacheDriver",
    "CacheLocation",
    "CacheMetadata",
    "CacheProvider",
    "CacheTolerance",
    "ConnectionLifeTime",
    "ConnectOnOpen",
    "Location",
    "LogModules",
    "MaxLogFileCount",
    "MaxLogFileSize",
    "Offline",
    "Other",
    "PoolIdleTimeout",
    "PoolMaxSize",
    "PoolMinSize",
    "PoolWaitTime",
    "PseudoColumns",
    "RTK",
    "SupportEnhancedSQL",
    "Tables",
    "UseConnectionPooling",
    "Views",
    "FirewallPassword",
    "FirewallPort",
    "FirewallServer",
    "FirewallType",
    "FirewallUser",
    "BrowsableSchemas",
    "DirectoryRetrievalDepth",
    "GroupId",
];

/// What was said: canonical names and texts.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Said(BTreeMap<&'static str, String>);

impl Said {
    /// What the environment says: the Azure SDK's variables, for what is not set otherwise.
    pub fn from_environment() -> Self {
        let mut said = BTreeMap::new();
        for property in PROPERTIES {
            let value = property.variable.and_then(|name| std::env::var(name).ok());
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                said.insert(property.name, value);
            }
        }
        Self(said)
    }

    /// This, and for what it does not say, `other`.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (name, value) in other.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }

    /// True when nothing was said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when something is said of how or where to sign in, so that these properties stand alone.
    pub fn names_connection(&self) -> bool {
        const NAMING: &[&str] = &[
            "AuthScheme",
            "AzureTenant",
            "Demo",
            "GraphUrl",
            "LoginUrl",
            "OAuthAccessToken",
            "OAuthClientId",
            "OAuthClientSecret",
            "Profile",
        ];
        NAMING.iter().any(|name| self.0.contains_key(name))
    }

    /// The text of a property: what was said, or its default.
    pub fn get(&self, name: &'static str) -> &str {
        debug_assert!(PROPERTIES.iter().any(|known| known.name == name));
        match self.0.get(name) {
            Some(value) => value,
            None => PROPERTIES
                .iter()
                .find(|known| known.name == name)
                .map_or("", |known| known.default),
        }
    }

    /// True when the property was given a text.
    pub fn has(&self, name: &'static str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_empty())
    }
}

/// As a connection string, secrets redacted.
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for property in PROPERTIES {
            if let Some(value) = self.0.get(property.name) {
                let shown = if property.secret { "[redacted]" } else { value };
                write!(f, "{}={shown};", property.name)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A parsed connection string, and notes about what was accepted without effect.
pub struct Parsed {
    /// The properties.
    pub said: Said,
    /// Sentences for the user.
    pub notes: Vec<String>,
}

/// Reads `Key=Value;Key=Value`, with ODBC's quoting: a value in braces, or in single or double quotes,
/// may hold semicolons; the closing sign is doubled inside.
///
/// # Errors
/// An unknown key, naming the nearest one; an unfinished quote; a key given twice with two values.
pub fn parse(text: &str) -> Result<Parsed> {
    let mut said = BTreeMap::new();
    let mut notes = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
        if rest.is_empty() {
            break;
        }
        let Some((key, behind)) = rest.split_once('=') else {
            return Err(Error::usage(format!(
                "the connection string has `{}` where Key=Value is expected",
                shorten(rest)
            ))
            .next("write properties as Key=Value, separated by semicolons"));
        };
        let (value, behind) = take_value(behind)?;
        rest = behind;
        match find(key.trim())? {
            Found::Known(name) => {
                said.insert(name, value);
            }
            Found::Ignored(name) => {
                notes.push(format!("{name} has no meaning here and is ignored"))
            }
        }
    }
    Ok(Parsed {
        said: Said(said),
        notes,
    })
}

enum Found {
    Known(&'static str),
    Ignored(&'static str),
}

fn find(key: &str) -> Result<Found> {
    let same = |name: &&str| name.eq_ignore_ascii_case(key);
    for property in PROPERTIES {
        if same(&property.name) || property.aliases.iter().any(same) {
            return Ok(Found::Known(property.name));
        }
    }
    if let Some(name) = IGNORED.iter().copied().find(same) {
        return Ok(Found::Ignored(name));
    }
    let names = PROPERTIES.iter().map(|property| property.name);
    let nearest = nearest(key, names).unwrap_or("AuthScheme");
    Err(
        Error::usage(format!("unknown connection property `{}`", shorten(key)))
            .next(format!("did you mean {nearest}?")),
    )
}

/// The value at the start of the text and what follows its semicolon.
fn take_value(text: &str) -> Result<(String, &str)> {
    let text = text.trim_start();
    let close = match text.chars().next() {
        Some('{') => '}',
        Some(quote @ ('\'' | '"')) => quote,
        _ => {
            let (value, rest) = text.split_once(';').unwrap_or((text, ""));
            return Ok((value.trim_end().to_owned(), rest));
        }
    };
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((position, letter)) = letters.next() {
        if letter != close {
            value.push(letter);
        } else if letters.peek().is_some_and(|(_, next)| *next == close) {
            value.push(close);
            letters.next();
        } else {
            let rest = text[position + close.len_utf8()..].trim_start();
            return match rest.strip_prefix(';') {
                Some(rest) => Ok((value, rest)),
                None if rest.is_empty() => Ok((value, rest)),
                None => Err(
                    Error::usage("text follows a quoted value in the connection string")
                        .next("put a semicolon between properties"),
                ),
            };
        }
    }
    Err(
        Error::usage("a quoted value in the connection string has no end")
            .next(format!("close it with {close}")),
    )
}

/// Secrets must not reach an error by way of a mistyped string.
fn shorten(text: &str) -> String {
    text.chars().take(24).collect()
}

/// The name with the fewest single-letter changes to `key`.
pub fn nearest<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let key = key.to_ascii_lowercase();
    names.min_by_key(|name| distance(&key, &name.to_ascii_lowercase()))
}

/// Levenshtein's distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[right.len()]
}

/// What the properties of a connection mean.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How to sign in.
    pub sign_in: SignIn,
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

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
            graph_url,
            user_id: Some(said.get("UserId").to_owned()).filter(|user| !user.is_empty()),
            page_size: number(said, "Pagesize", 0, 100_000)? as u32,
            max_rows: u64::try_from(number(said, "MaxRows", -1, i64::MAX)?).ok(),
            timeout: Duration::from_secs(number(said, "Timeout", 1, 86_400)? as u64),
            max_retries: number(said, "MaxRetries", 0, 100)? as u32,
            max_concurrency: number(said, "MaxConcurrency", 1, 256)? as usize,
            skip_mailbox_errors: one_of(said, "OnMailboxError", &["fail", "skip"])? == 1,
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
    Err(not_connected())
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
    let scope = if said.has("Scope") {
        said.get("Scope").replace(',', " ")
    } else {
        // The scope names the Graph host itself, without the version (FACTS §5).
        let host = url::Url::parse(graph_url).map_err(|error| Error::usage(error.to_string()))?;
        format!("{}/.default", host.origin().ascii_serialization())
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

/// An https address, or an http one on this machine, without a slash at its end.
fn base_url(name: &str, text: &str) -> Result<String> {
    let wrong = |why: &str| {
        Error::usage(format!("{name} `{}` {why}", shorten(text)))
            .next("give an address such as https://graph.microsoft.com")
    };
    let url = url::Url::parse(text).map_err(|_| wrong("is not an address"))?;
    let host = url.host_str().unwrap_or_default();
    let loopback = host == "localhost"
        || host.ends_with(".localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
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

#[cfg(test)]
mod tests {
    use super::*;

    fn understood(text: &str) -> Result<Settings> {
        Settings::understand(&parse(text)?.said)
    }

    #[test]
    fn names_are_unique_and_documented() {
        let mut names: Vec<String> = PROPERTIES
            .iter()
            .flat_map(|p| p.aliases.iter().chain([&p.name]))
            .chain(IGNORED)
            .map(|name| name.to_ascii_lowercase())
            .collect();
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(PROPERTIES.iter().all(|p| p.doc.ends_with('.')));
    }

    #[test]
    fn quoting_is_odbcs() {
        let parsed =
            parse(" oauthaccesstoken = {a;b}}c} ; UserId='o''brien@x.org';; Timeout=5").unwrap();
        assert_eq!(parsed.said.get("OAuthAccessToken"), "a;b}c");
        assert_eq!(parsed.said.get("UserId"), "o'brien@x.org");
        assert_eq!(parsed.said.get("Timeout"), "5");
        assert_eq!(parsed.said.get("MaxRetries"), "5");
        assert!(parse("UserId='x").is_err());
        assert!(parse("UserId").is_err());
        assert_eq!(parse("Offline=true").unwrap().notes.len(), 1);
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let error = parse("AzureTenent=x").err().unwrap().to_string();
        assert!(error.contains("did you mean AzureTenant?"), "{error}");
    }

    #[test]
    fn secrets_are_not_shown() {
        let parsed =
            parse("OAuthClientSecret=hush;OAuthAccessToken=hush;AzureTenant=t;OAuthClientId=c")
                .unwrap();
        let settings = Settings::understand(&parsed.said).unwrap();
        let shown = format!("{} {:?} {settings:?}", parsed.said, parsed.said);
        assert!(!shown.contains("hush"), "{shown}");
    }

    #[test]
    fn addresses_are_checked() {
        let url = |graph: &str| {
            understood(&format!("OAuthAccessToken=t;GraphUrl={graph}")).map(|s| s.graph_url)
        };
        assert_eq!(
            url("http://127.0.0.1:8080").unwrap(),
            "http://127.0.0.1:8080/v1.0"
        );
        assert_eq!(
            url("http://localhost:1/v1.0/").unwrap(),
            "http://localhost:1/v1.0"
        );
        assert_eq!(
            url("https://graph.microsoft.us/beta").unwrap(),
            "https://graph.microsoft.us/beta"
        );
        assert!(url("http://example.org").is_err());
        assert!(url("ftp://localhost").is_err());
        assert!(url("nonsense").is_err());
        assert!(understood("").is_err());
        assert_eq!(understood("Demo=true").unwrap().sign_in, SignIn::Demo);
    }

    #[test]
    fn wrong_values_name_the_property() {
        for text in [
            "Timeout=soon",
            "Timeout=0",
            "Pushdown=maybe",
            "OnMailboxError=cry",
            "Demo=2",
        ] {
            let error = understood(&format!("OAuthAccessToken=t;{text}"))
                .unwrap_err()
                .to_string();
            assert!(error.contains(text.split('=').next().unwrap()), "{error}");
        }
    }
}
