//! How a connection reaches the network.

use super::Said;
use super::meaning::{boolean, given, number};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// Authorities and proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Network {
    /// PEM file of further authorities.
    pub ca_file: Option<String>,
    /// No server's certificate is checked.
    pub trusts_anyone: bool,
    /// Which proxy.
    pub proxy: Proxy,
}

/// The way out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Proxy {
    /// As the environment and the system say.
    #[default]
    System,
    /// None, whatever they say.
    None,
    /// This one.
    At {
        /// `http://proxy.example.org:8080`
        url: String,
        /// Basic authentication.
        login: Option<(String, Secret)>,
        /// Hosts that are reached without it, with commas between them.
        exceptions: String,
    },
}

impl Network {
    /// What the properties say of it.
    pub(super) fn understand(said: &Said) -> Result<Self> {
        Ok(Self {
            ca_file: given(said, "SSLServerCert"),
            trusts_anyone: boolean(said, "TrustSelfSigned")?,
            proxy: proxy(said)?,
        })
    }
}

fn proxy(said: &Said) -> Result<Proxy> {
    let Some(server) = given(said, "ProxyServer") else {
        return Ok(Proxy::System);
    };
    if server.eq_ignore_ascii_case("none") {
        return Ok(Proxy::None);
    }
    Ok(Proxy::At {
        url: address(said, &server)?,
        login: login(said)?,
        exceptions: said.get("ProxyExceptions").replace(';', ","),
    })
}

/// The proxy's address with scheme and port.
fn address(said: &Said, server: &str) -> Result<String> {
    let wrong = |why: &str| {
        Error::usage(format!("ProxyServer {why}"))
            .next("give a host, or an address such as http://proxy.example.org:8080 or socks5://localhost:1080")
    };
    let text = match server.contains("://") {
        true => server.to_owned(),
        false => format!("http://{server}"),
    };
    let mut url = url::Url::parse(&text).map_err(|_| wrong("is not an address"))?;
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(wrong("is no http, https or socks5 proxy"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "may not hold a user: use ProxyUser and ProxyPassword",
        ));
    }
    if said.has("ProxyPort") {
        let port = number(said, "ProxyPort", 1, 65_535)? as u16;
        url.set_port(Some(port))
            .map_err(|()| wrong("has no port"))?;
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn login(said: &Said) -> Result<Option<(String, Secret)>> {
    let user = given(said, "ProxyUser");
    match said.get("ProxyAuthScheme").to_ascii_uppercase().as_str() {
        "" | "BASIC" => {}
        "NONE" => return Ok(None),
        other => {
            return Err(
                Error::usage(format!("ProxyAuthScheme {other} is not spoken here"))
                    .next("use BASIC or NONE, or a local proxy that signs in for you"),
            );
        }
    }
    Ok(user.map(|user| (user, Secret::new(said.get("ProxyPassword")))))
}
