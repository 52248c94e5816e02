//! One request to one response: over the network, or into the demo tenant in this process.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use crate::error::{Error, Kind, Result};
use crate::settings::{Network as Way, Proxy};

/// A future that a [`Transport`] answers with.
pub type Sending =
    Pin<Box<dyn Future<Output = std::result::Result<Response<Bytes>, Failure>> + Send>>;

/// Sends requests.
pub trait Transport: Send + Sync {
    /// Sends one request and reads the whole body.
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> Sending;
}

/// No (whole) response.
#[derive(Clone, Debug)]
pub struct Failure {
    /// True when the time was up.
    pub timed_out: bool,
    /// True when there was no connection at all.
    pub unreachable: bool,
    /// What the library says, with its causes; never a URL, which may hold a secret.
    pub text: String,
}

impl Failure {
    /// What to do about it.
    pub fn next(&self) -> &'static str {
        match self.text.contains("peer certificate") {
            true => {
                "Name the file of the authority that issued the server's certificate with SSLServerCert; a proxy that looks inside has one"
            }
            false => {
                "Check the network, the proxy (ProxyServer), and the addresses of the connection; or raise Timeout and MaxRetries"
            }
        }
    }
}

/// Over the network.
pub struct Network(reqwest::Client);

impl Network {
    /// A client with its own pool of connections: rustls (TLS 1.2 and 1.3), HTTP/2 where the server has it,
    /// gzip, the system's authorities and Mozilla's, and what `way` says.
    ///
    /// # Errors
    /// When the further authorities are no PEM file of certificates, or the proxy is no proxy.
    pub fn new(way: &Way) -> Result<Self> {
        // Somebody else in the process may have installed one: any will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let unusable = |what: &str, error: &dyn std::fmt::Display| {
            Error::new(Kind::Usage, format!("{what}: {error}"))
        };
        // Without Mozilla's roots a machine without a certificate store could not even build a client
        // (seanmonstar/reqwest#2988).
        let mut roots: Vec<reqwest::Certificate> = webpki_root_certs::TLS_SERVER_ROOT_CERTS
            .iter()
            .filter_map(|root| reqwest::Certificate::from_der(root).ok())
            .collect();
        if let Some(file) = &way.ca_file {
            let pem = std::fs::read(file).map_err(|error| {
                unusable(&format!("SSLServerCert {file} cannot be read"), &error)
            })?;
            let more = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|error| unusable(&format!("SSLServerCert {file} is not PEM"), &error))?;
            roots.extend(more);
        }
        let builder = reqwest::Client::builder()
            .tls_certs_merge(roots)
            .tls_danger_accept_invalid_certs(way.trusts_anyone)
            // A redirect could carry a token to another host; Graph's JSON never redirects.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(20))
            .pool_idle_timeout(Duration::from_secs(90))
            .user_agent(concat!(
                "NONISV|office365|office365/",
                env!("CARGO_PKG_VERSION")
            ));
        with_proxy(builder, &way.proxy)
            .map_err(|error| unusable("ProxyServer", &error))?
            .build()
            .map(Self)
            .map_err(|error| unusable("the HTTP client cannot be built", &error))
    }
}

fn with_proxy(
    builder: reqwest::ClientBuilder,
    proxy: &Proxy,
) -> reqwest::Result<reqwest::ClientBuilder> {
    Ok(match proxy {
        Proxy::System => builder,
        Proxy::None => builder.no_proxy(),
        Proxy::At {
            url,
            login,
            exceptions,
        } => {
            let mut way = reqwest::Proxy::all(url)?;
            if let Some((user, password)) = login {
                way = way.basic_auth(user, password.reveal());
            }
            builder.proxy(way.no_proxy(reqwest::NoProxy::from_string(exceptions)))
        }
    })
}

impl Transport for Network {
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> Sending {
        let client = self.0.clone();
        Box::pin(async move {
            let mut request = reqwest::Request::try_from(request).map_err(failure)?;
            *request.timeout_mut() = Some(timeout);
            let response = client.execute(request).await.map_err(failure)?;
            let mut answer = Response::builder().status(response.status());
            if let Some(headers) = answer.headers_mut() {
                *headers = response.headers().clone();
            }
            let body = response.bytes().await.map_err(failure)?;
            answer.body(body).map_err(|error| Failure {
                timed_out: false,
                unreachable: false,
                text: error.to_string(),
            })
        })
    }
}

fn failure(error: reqwest::Error) -> Failure {
    let (timed_out, unreachable) = (error.is_timeout(), error.is_connect());
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    Failure {
        timed_out,
        unreachable,
        text,
    }
}

/// Into a function of this process.
pub struct InProcess<F>(pub Arc<F>);

impl<F> Transport for InProcess<F>
where
    F: Fn(Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
{
    fn send(&self, request: Request<Bytes>, _timeout: Duration) -> Sending {
        let respond = Arc::clone(&self.0);
        Box::pin(async move { Ok(respond(request)) })
    }
}
