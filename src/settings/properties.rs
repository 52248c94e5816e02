//! Every connection property, once: its name, its default and what it means.

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
    /// It says how or where to sign in: given, the connection is another one.
    pub identifies: bool,
}

const fn property(name: &'static str, default: &'static str, doc: &'static str) -> Property {
    Property {
        name,
        aliases: &[],
        variable: None,
        default,
        doc,
        secret: false,
        identifies: false,
    }
}

/// One that says how or where to sign in.
const fn identity(name: &'static str, default: &'static str, doc: &'static str) -> Property {
    let mut made = property(name, default, doc);
    made.identifies = true;
    made
}

const fn secret(name: &'static str, doc: &'static str) -> Property {
    let mut made = identity(name, "", doc);
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
    identity(
        "AuthScheme",
        "",
        "How to sign in: AzureAD (browser), DeviceCode, AzureServicePrincipal (client secret), AzureServicePrincipalCert, AzureMSI, WorkloadIdentity, AzureCLI, Password, or OFF with a token; chosen by what is given when it is not named.",
    ),
    property(
        "InitiateOAuth",
        "",
        "OFF uses OAuthAccessToken as it is; REFRESH renews tokens and never asks anybody; GETANDREFRESH also lets the command line open a browser.",
    ),
    identity(
        "AzureTenant",
        "",
        "The tenant: its id or one of its domains; organizations when somebody signs in and it is not given.",
    )
    .variable("AZURE_TENANT_ID"),
    identity(
        "AzureEnvironment",
        "GLOBAL",
        "The cloud: GLOBAL, USGOVT (GCC High), USGOVTDOD or CHINA; it sets LoginUrl and GraphUrl.",
    ),
    identity(
        "OAuthClientId",
        "",
        "The application's (client) id; Microsoft's public Graph Command Line Tools when somebody signs in and it is not given.",
    )
    .variable("AZURE_CLIENT_ID"),
    secret(
        "OAuthClientSecret",
        "The application's secret: its value, not its id.",
    )
    .variable("AZURE_CLIENT_SECRET"),
    secret(
        "OAuthJWTCert",
        "The application's certificate with its private key: a file, or the text itself.",
    )
    .variable("AZURE_CLIENT_CERTIFICATE_PATH"),
    identity(
        "OAuthJWTCertType",
        "",
        "What OAuthJWTCert is: PEMKEY_FILE, PEMKEY_BLOB, PFXFILE or PFXBLOB; found out when not given.",
    ),
    secret(
        "OAuthJWTCertPassword",
        "The password of a PFX certificate.",
    )
    .variable("AZURE_CLIENT_CERTIFICATE_PASSWORD"),
    identity(
        "OAuthJWTCertSubject",
        "*",
        "Which certificate of a PFX file to use: its friendly name; * is the first with a key.",
    ),
    identity(
        "FederatedTokenFile",
        "",
        "The file with the token that WorkloadIdentity exchanges.",
    )
    .variable("AZURE_FEDERATED_TOKEN_FILE"),
    secret("OAuthAccessToken", "A Graph access token, used as it is."),
    secret(
        "OAuthRefreshToken",
        "A refresh token; each access token comes with the next one.",
    ),
    secret(
        "OAuthVerifier",
        "For GetOAuthAccessToken: the address that the browser was sent back to, or the code in it.",
    ),
    identity(
        "OAuthTokenCommand",
        "",
        "A command that prints a Graph access token, such as a vault's or a broker's; run by the shell.",
    ),
    identity(
        "User",
        "",
        "Who signs in: with Password its user, otherwise which of several signed-in users.",
    ),
    secret(
        "Password",
        "The password of User; works without multi-factor authentication only, and not for long.",
    ),
    property(
        "Scope",
        "",
        "The scopes to ask a token for, with blanks or commas between them; the Graph host's /.default when not given.",
    ),
    property(
        "OAuthSettingsLocation",
        "",
        "The file that keeps tokens, or memory:// to keep them in this process only; one file per profile when not given.",
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
    identity(
        "GraphUrl",
        "",
        "The Graph service instead of the cloud's, for private endpoints and tests; plain http only on loopback.",
    ),
    identity(
        "LoginUrl",
        "",
        "The identity platform instead of the cloud's, for private endpoints and tests; plain http only on loopback.",
    )
    .variable("AZURE_AUTHORITY_HOST"),
    identity(
        "OAuthAuthorizationURL",
        "",
        "Where somebody signs in, instead of LoginUrl's own address.",
    ),
    identity(
        "OAuthAccessTokenURL",
        "",
        "Where tokens come from, instead of LoginUrl's own address.",
    ),
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
    property(
        "Logfile",
        "",
        "A file to which a line is added for each request, without tokens and bodies.",
    ),
    identity("Demo", "false", "The built-in demo tenant: invented data."),
    identity(
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
    property(
        "TrustSelfSigned",
        "false",
        "true checks no server's certificate: whoever is in between reads everything.",
    ),
    property(
        "ProxyServer",
        "",
        "The proxy: a host, or an address beginning with http://, https:// or socks5://; the environment's when not given, none to use no proxy at all.",
    ),
    property("ProxyPort", "", "Its port, where ProxyServer has none; 80."),
    property(
        "ProxyAuthScheme",
        "",
        "NONE, or BASIC with ProxyUser and ProxyPassword.",
    ),
    property("ProxyUser", "", "The user at the proxy."),
    {
        let mut password = property("ProxyPassword", "", "The password at the proxy.");
        password.secret = true;
        password
    },
    property(
        "ProxyExceptions",
        "",
        "Hosts that are reached without the proxy, with semicolons or commas between them.",
    ),
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
    "ProxyAutoDetect",
    "ProxySSLType",
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
