//! The client by which the tenant calls its subscribers: no proxy, no redirect, nothing long is read, nobody is waited for longer than was agreed.
//!
//! It calls this machine only, unless it is told that it may go anywhere: whoever reaches the demo server could otherwise have it post to the network around it. That is checked here, where the calls are made, so that no way of making a subscription leads past it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client};

use super::address::is_here;

/// How much of an answer is read: a token is shorter.
const MOST: usize = 4_096;

/// The client.
pub struct Sender {
    /// It may go anywhere.
    anywhere: bool,
    patience: Duration,
    /// The server's own certificate, as PEM: a subscriber on the same machine may have it too.
    trusted: Option<String>,
    client: OnceLock<Result<Client, String>>,
}

/// What a subscriber answered.
pub struct Told {
    /// HTTP status.
    pub status: u16,
    /// Its reason, as in `Forbidden`.
    pub reason: String,
    /// Content type; empty without one.
    pub content_type: String,
    /// The beginning of the body.
    pub body: Vec<u8>,
}

/// Why nothing was answered.
#[derive(Debug)]
pub enum Silence {
    /// It took too long.
    Slow,
    /// Nobody was reached, for this reason.
    Unreachable(String),
}

impl Sender {
    /// A client that has called nobody yet.
    pub fn new(anywhere: bool, patience: Duration, trusted: Option<String>) -> Sender {
        Sender {
            anywhere,
            patience,
            trusted,
            client: OnceLock::new(),
        }
    }

    /// Posts, and reads what comes back.
    pub async fn post(&self, url: &str, kind: &str, body: String) -> Result<Told, Silence> {
        if !self.anywhere && !is_here(url) {
            return Err(Silence::Unreachable(
                "This demo server calls addresses of its own machine only, unless it was started with --notify-anywhere.".into(),
            ));
        }
        let made = self.client.get_or_init(|| self.client());
        let client = made
            .as_ref()
            .map_err(|reason| Silence::Unreachable(reason.clone()))?;
        let request = client
            .post(url)
            .timeout(self.patience)
            .header("Content-Type", kind)
            // An empty body would go without, and some servers insist on it.
            .header("Content-Length", body.len())
            .body(body);
        let mut response = request.send().await.map_err(silence)?;
        let mut read = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(silence)? {
            read.extend_from_slice(&piece);
            if read.len() > MOST {
                break;
            }
        }
        let status = response.status();
        let header = response.headers().get("Content-Type");
        let content_type = header.and_then(|value| value.to_str().ok()).unwrap_or("");
        Ok(Told {
            status: status.as_u16(),
            reason: status
                .canonical_reason()
                .unwrap_or_default()
                .replace(' ', ""),
            content_type: content_type.to_string(),
            body: read,
        })
    }

    fn client(&self) -> Result<Client, String> {
        // Whoever was first in this process, the driver perhaps, has chosen the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
        let mut roots: Vec<Certificate> = roots
            .filter_map(|root| Certificate::from_der(root).ok())
            .collect();
        let own = self.trusted.as_ref();
        let own = own.map(|pem| Certificate::from_pem_bundle(pem.as_bytes()));
        roots.extend(
            own.transpose()
                .map_err(|error| error.to_string())?
                .into_iter()
                .flatten(),
        );
        let builder = Client::builder()
            .no_proxy()
            .no_gzip()
            .redirect(Policy::none())
            .tls_certs_only(roots)
            .connect_timeout(self.patience);
        let builder = match self.anywhere {
            true => builder,
            false => builder.dns_resolver(Arc::new(Here)),
        };
        builder.build().map_err(|error| error.to_string())
    }
}

fn silence(error: reqwest::Error) -> Silence {
    match error.is_timeout() {
        true => Silence::Slow,
        false => Silence::Unreachable(error.without_url().to_string()),
    }
}

/// The only name that is looked up, whatever the machine's own tables say of it.
struct Here;

impl Resolve for Here {
    fn resolve(&self, name: Name) -> Resolving {
        let is_local = name.as_str().eq_ignore_ascii_case("localhost");
        Box::pin(async move {
            if !is_local {
                return Err("only localhost is looked up".into());
            }
            let both: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            let all = both.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(all) as Addrs)
        })
    }
}
