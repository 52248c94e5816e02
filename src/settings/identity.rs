//! Who signs in, how, and where.

use super::Said;
use super::certificate::Certificate;
use super::meaning::{base_url, given, one_of};
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

/// Microsoft's public client "Microsoft Graph Command Line Tools": in every tenant, so that nobody has to
/// register an application to begin.
pub const GRAPH_COMMAND_LINE_TOOLS: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

/// The ways to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SignIn {
    /// Nothing is said of it: only what needs no connection works.
    Nothing,
    /// The built-in demo tenant.
    Demo,
    /// A token as it is.
    Token(Secret),
    /// A token that a command prints.
    Command(String),
    /// Somebody who signed in with `office365 login`: by a browser, or by a code on another device.
    Person {
        /// A code on another device.
        by_device: bool,
    },
    /// Whoever a refresh token is of.
    Refresh(Secret),
    /// Somebody by name and password.
    Password {
        /// The user principal name.
        user: String,
        /// Its password.
        password: Secret,
    },
    /// An application, by its secret.
    ClientSecret,
    /// An application, by its certificate.
    Certificate(Certificate),
    /// An application, by a token of another issuer, which is in this file.
    Workload(String),
    /// The identity of the machine that this runs on.
    ManagedIdentity,
    /// Whoever signed in with `az login`.
    AzureCli,
}

impl SignIn {
    /// True when it is somebody who acts, not an application.
    pub fn is_person(&self) -> bool {
        matches!(
            self,
            Self::Person { .. } | Self::Refresh(_) | Self::Password { .. }
        )
    }

    /// True when it is an application that acts: for it there is no `me`. Of a token as it is, or one that
    /// a command prints, nobody knows.
    pub fn is_application(&self) -> bool {
        matches!(
            self,
            Self::ClientSecret | Self::Certificate(_) | Self::Workload(_) | Self::ManagedIdentity
        )
    }

    /// The name that `AuthScheme` has for it.
    pub fn scheme(&self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Demo => "Demo",
            Self::Token(_) => "OFF",
            Self::Command(_) => "OAuthTokenCommand",
            Self::Person { by_device: false } | Self::Refresh(_) => "AzureAD",
            Self::Person { by_device: true } => "DeviceCode",
            Self::Password { .. } => "Password",
            Self::ClientSecret => "AzureServicePrincipal",
            Self::Certificate(_) => "AzureServicePrincipalCert",
            Self::Workload(_) => "WorkloadIdentity",
            Self::ManagedIdentity => "AzureMSI",
            Self::AzureCli => "AzureCLI",
        }
    }
}

/// How far signing in may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InitiateOAuth {
    /// Tokens are used as they are.
    Off,
    /// Tokens are renewed; nobody is asked anything.
    Refresh,
    /// The command line may open a browser.
    GetAndRefresh,
}

/// An application, as the identity platform knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Application {
    /// `https://login.microsoftonline.com`, without a slash at the end.
    pub login_url: String,
    /// Tenant id, domain, or `organizations`.
    pub tenant: String,
    /// Application id; empty where it is not said.
    pub client_id: String,
    /// The secret's value.
    pub client_secret: Option<Secret>,
    /// Where the browser goes after a sign-in.
    pub callback_url: String,
    /// Where somebody signs in, when it is not `login_url`'s own address.
    pub authorization_url: Option<String>,
    /// Where tokens come from, when it is not `login_url`'s own address.
    pub token_url: Option<String>,
    /// The scopes to ask for, with blanks between them; empty where nothing is said.
    pub scope: String,
    /// The Graph host's `/.default`.
    pub default_scope: String,
    /// Who of several.
    pub user: Option<String>,
}

impl Application {
    /// The scopes that the application itself asks for.
    pub fn scope_of_application(&self) -> &str {
        match self.scope.as_str() {
            "" => &self.default_scope,
            scope => scope,
        }
    }
}

/// A cloud of Microsoft's: tokens of one are nothing in another (FACTS §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// The value of `AzureEnvironment`.
    pub name: &'static str,
    /// The identity platform.
    pub login_url: &'static str,
    /// Graph.
    pub graph_url: &'static str,
}

const CLOUDS: [Cloud; 4] = [
    Cloud {
        name: "GLOBAL",
        login_url: "https://login.microsoftonline.com",
        graph_url: "https://graph.microsoft.com",
    },
    Cloud {
        name: "USGOVT",
        login_url: "https://login.microsoftonline.us",
        graph_url: "https://graph.microsoft.us",
    },
    Cloud {
        name: "USGOVTDOD",
        login_url: "https://login.microsoftonline.us",
        graph_url: "https://dod-graph.microsoft.us",
    },
    Cloud {
        name: "CHINA",
        login_url: "https://login.partner.microsoftonline.cn",
        graph_url: "https://microsoftgraph.chinacloudapi.cn",
    },
];

impl Cloud {
    /// The one that the properties name.
    pub(super) fn understand(said: &Said) -> Result<Self> {
        let names: Vec<&str> = CLOUDS.iter().map(|cloud| cloud.name).collect();
        one_of(said, "AzureEnvironment", &names).map(|place| CLOUDS[place])
    }
}

/// What the properties say of `InitiateOAuth`; `None` where they say nothing.
pub(super) fn initiate(said: &Said) -> Result<Option<InitiateOAuth>> {
    if !said.has("InitiateOAuth") {
        return Ok(None);
    }
    let choices = ["OFF", "REFRESH", "GETANDREFRESH"];
    Ok(Some(match one_of(said, "InitiateOAuth", &choices)? {
        0 => InitiateOAuth::Off,
        1 => InitiateOAuth::Refresh,
        _ => InitiateOAuth::GetAndRefresh,
    }))
}

/// The error of a connection that says nothing to sign in with.
pub fn not_connected() -> Error {
    Error::new(
        Kind::SignIn,
        "no connection to Microsoft 365 is set up",
    )
    .next(
        "Sign in with office365 login, try the demo tenant (--demo, or SELECT o365_connect('Demo=true')), \
         or connect with --connection or o365_connect('AzureTenant=…;OAuthClientId=…;OAuthClientSecret=…')",
    )
}

/// How the properties say to sign in: by the scheme that is named, or else by what is given.
pub(super) fn sign_in(said: &Said) -> Result<SignIn> {
    let named = given(said, "AuthScheme");
    let scheme = named.as_deref().unwrap_or_default().to_ascii_lowercase();
    let is_off = said.get("InitiateOAuth").eq_ignore_ascii_case("off") || scheme == "off";
    if said.has("OAuthAccessToken")
        && (is_off || matches!(scheme.as_str(), "" | "oauth" | "azuread"))
    {
        return Ok(SignIn::Token(Secret::new(
            said.get("OAuthAccessToken").trim(),
        )));
    }
    if is_off {
        return match scheme.as_str() {
            "" | "off" => Err(missing("signing in is off", "OAuthAccessToken")),
            _ => by_scheme(said, &scheme),
        };
    }
    by_scheme(said, &scheme)
}

fn by_scheme(said: &Said, scheme: &str) -> Result<SignIn> {
    match scheme {
        "" => by_what_is_given(said),
        "azuread" | "oauth" | "oauthpkce" => Ok(match said.has("OAuthRefreshToken") {
            true => SignIn::Refresh(Secret::new(said.get("OAuthRefreshToken"))),
            false => SignIn::Person { by_device: false },
        }),
        "devicecode" => Ok(SignIn::Person { by_device: true }),
        "azureserviceprincipal" => {
            application_needs(said, "a client secret", &["OAuthClientSecret"])?;
            Ok(SignIn::ClientSecret)
        }
        "azureserviceprincipalcert" => {
            application_needs(said, "a certificate", &["OAuthJWTCert"])?;
            certificate(said)
        }
        "azuremsi" | "managedidentity" => Ok(SignIn::ManagedIdentity),
        "workloadidentity" => {
            application_needs(said, "a federated token", &["FederatedTokenFile"])?;
            Ok(SignIn::Workload(said.get("FederatedTokenFile").to_owned()))
        }
        "azurecli" => Ok(SignIn::AzureCli),
        "password" | "azurepassword" => {
            for name in ["User", "Password"] {
                if !said.has(name) {
                    return Err(missing("AuthScheme is Password", name));
                }
            }
            Ok(password(said))
        }
        _ => Err(Error::new(
            Kind::Usage,
            format!("AuthScheme {} is not known", said.get("AuthScheme")),
        )
        .next(
            "choose one of AzureAD, DeviceCode, AzureServicePrincipal, AzureServicePrincipalCert, \
             AzureMSI, WorkloadIdentity, AzureCLI, Password, OFF",
        )),
    }
}

fn by_what_is_given(said: &Said) -> Result<SignIn> {
    if said.has("OAuthTokenCommand") {
        return Ok(SignIn::Command(said.get("OAuthTokenCommand").to_owned()));
    }
    if said.has("OAuthRefreshToken") {
        return Ok(SignIn::Refresh(Secret::new(said.get("OAuthRefreshToken"))));
    }
    if said.has("User") && said.has("Password") {
        return Ok(password(said));
    }
    if said.has("OAuthClientSecret") {
        application_needs(said, "a client secret", &[])?;
        return Ok(SignIn::ClientSecret);
    }
    if said.has("OAuthJWTCert") {
        application_needs(said, "a certificate", &[])?;
        return certificate(said);
    }
    if said.has("FederatedTokenFile") && said.has("OAuthClientId") && said.has("AzureTenant") {
        return Ok(SignIn::Workload(said.get("FederatedTokenFile").to_owned()));
    }
    let names_somebody = [
        "AzureTenant",
        "OAuthClientId",
        "User",
        "AzureEnvironment",
        "Profile",
    ];
    Ok(match names_somebody.iter().any(|name| said.has(name)) {
        true => SignIn::Person { by_device: false },
        false => SignIn::Nothing,
    })
}

fn certificate(said: &Said) -> Result<SignIn> {
    Ok(Certificate::understand(said)?.map_or(SignIn::Nothing, SignIn::Certificate))
}

fn password(said: &Said) -> SignIn {
    SignIn::Password {
        user: said.get("User").to_owned(),
        password: Secret::new(said.get("Password")),
    }
}

/// An application has a name and a tenant, and `also`.
fn application_needs(said: &Said, what: &str, also: &[&'static str]) -> Result<()> {
    for name in ["AzureTenant", "OAuthClientId"].iter().chain(also) {
        if !said.has(name) {
            return Err(missing(&format!("{what} is used"), name));
        }
    }
    Ok(())
}

fn missing(what: &str, name: &str) -> Error {
    Error::new(Kind::SignIn, format!("{what}, but {name} is not given")).next(format!(
        "add {name}=… to the connection string or the profile"
    ))
}

/// The application that the properties name; `graph_url` is where its tokens are for.
pub(super) fn application(
    said: &Said,
    sign_in: &SignIn,
    cloud: Cloud,
    graph_url: &str,
) -> Result<Application> {
    let or = |name, default: &str| given(said, name).unwrap_or_else(|| default.to_owned());
    let default_client = match sign_in.is_person() {
        true => GRAPH_COMMAND_LINE_TOOLS,
        false => "",
    };
    let address = |name| {
        given(said, name)
            .map(|text| base_url(name, &text))
            .transpose()
    };
    Ok(Application {
        login_url: base_url("LoginUrl", &or("LoginUrl", cloud.login_url))?,
        tenant: or("AzureTenant", "organizations"),
        client_id: or("OAuthClientId", default_client),
        client_secret: given(said, "OAuthClientSecret").map(|secret| Secret::new(&secret)),
        callback_url: said.get("CallbackURL").to_owned(),
        authorization_url: address("OAuthAuthorizationURL")?,
        token_url: address("OAuthAccessTokenURL")?,
        scope: scopes(said.get("Scope")),
        default_scope: default_scope(graph_url)?,
        user: given(said, "User"),
    })
}

/// The application that the demo tenant knows, so that signing in can be tried there.
pub(super) fn demo_application(said: &Said, demo_url: &str) -> Application {
    let login_url = demo_url.trim_end_matches("/v1.0");
    Application {
        login_url: login_url.to_owned(),
        tenant: "contoso.com".to_owned(),
        client_id: "office365-demo".to_owned(),
        client_secret: Some(Secret::new("demo-secret")),
        callback_url: said.get("CallbackURL").to_owned(),
        authorization_url: None,
        token_url: None,
        scope: scopes(said.get("Scope")),
        default_scope: format!("{login_url}/.default"),
        user: None,
    }
}

/// With one blank between them.
fn scopes(text: &str) -> String {
    let words: Vec<&str> = text
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// The scope names the Graph host itself, without the version (FACTS §5).
fn default_scope(graph_url: &str) -> Result<String> {
    let host = url::Url::parse(graph_url).map_err(|error| Error::usage(error.to_string()))?;
    Ok(format!("{}/.default", host.origin().ascii_serialization()))
}
