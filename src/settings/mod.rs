//! Every connection property, once: its name, its default, what it means, and how text becomes a value.
//!
//! Two stages: [`parse`] reads what was said (`Key=Value;…`), [`Settings`] says what it means. What
//! was said in several places is merged before it is understood.

mod meaning;
mod parse;
#[cfg(test)]
mod tests;

pub use meaning::{Application, DEMO_GRAPH_URL, Settings, SignIn, is_loopback, not_connected};
pub use parse::{Parsed, nearest, parse};

use std::collections::BTreeMap;
use std::fmt;

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
        "CallbackURL",
        "http://localhost:33333",
        "Where the browser goes after a sign-in: a redirect URI of the application.",
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
        "true refuses everything that would change the tenant; the default in the extension, and where --db opens a file that exists.",
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
    property(
        "MaxWrites",
        "1000",
        "Rows one statement may write; a statement that would write more sends nothing.",
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
    "Verbosity",
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
