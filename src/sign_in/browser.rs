//! Signing in with the browser of this machine, which is sent back to a port of ours (RFC 8252).

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::{Answer, Pkce, Wish, authorization_url, unguessable};
use crate::error::{Error, Kind, Result};
use crate::graph::client::Patience;
use crate::graph::token::grant::{Grant, ask};
use crate::graph::transport::Transport;

/// A code is good for about ten minutes (FACTS §5); nobody takes longer.
const LONGEST: Duration = Duration::from_secs(600);

/// A sign-in that has begun: somebody has to go to its address.
pub struct Begun {
    /// The address to open in a browser.
    pub url: String,
    state: String,
    verifier: String,
    callback_url: String,
    listeners: Vec<TcpListener>,
}

impl Begun {
    /// Begins: a port is ours from now on where `listens` and the application's callback is on this machine.
    /// Where its port is taken it is another one, which the identity platform allows for localhost (FACTS §5).
    ///
    /// # Errors
    /// A callback that is no address; no port at all.
    pub async fn new(wish: Wish<'_>, listens: bool, further: &[(&str, &str)]) -> Result<Self> {
        let mut callback = url::Url::parse(&wish.application.callback_url).map_err(|_| {
            Error::usage("CallbackURL is not an address")
                .next("give one such as http://localhost:33333")
        })?;
        let is_here = callback.scheme() == "http" && crate::settings::is_loopback(&callback);
        let listeners = match listens && is_here {
            true => listen(&mut callback).await?,
            false => Vec::new(),
        };
        // As it is registered: without the slash that Url puts behind a host.
        let callback_url = match callback.path() {
            "/" => callback.as_str().trim_end_matches('/').to_owned(),
            _ => callback.to_string(),
        };
        let (pkce, state) = (Pkce::new()?, unguessable()?);
        Ok(Self {
            url: authorization_url(wish, &callback_url, &state, &pkce, further),
            state,
            verifier: pkce.verifier,
            callback_url,
            listeners,
        })
    }

    /// True when the browser's answer arrives by itself; otherwise somebody has to give it.
    pub fn listens(&self) -> bool {
        !self.listeners.is_empty()
    }

    /// Waits until the browser is sent back.
    ///
    /// # Errors
    /// When that takes too long.
    pub async fn answer(&mut self) -> Result<Answer> {
        let (sender, mut answers) = mpsc::channel(1);
        let waits = Arc::new(Waits {
            state: self.state.clone(),
            path: path(&self.callback_url),
            answers: sender,
        });
        let mut tasks = tokio::task::JoinSet::new();
        for listener in self.listeners.drain(..) {
            tasks.spawn(serve(listener, Arc::clone(&waits)));
        }
        let answer = tokio::time::timeout(LONGEST, answers.recv()).await;
        // The page behind the last answer is under way.
        tokio::time::sleep(Duration::from_millis(200)).await;
        answer.ok().flatten().ok_or_else(|| {
            Error::new(Kind::SignIn, "nobody signed in within ten minutes")
                .next("Run office365 login again")
        })
    }

    /// Ends the sign-in with what the browser was sent back with.
    ///
    /// # Errors
    /// An answer to another sign-in, a refusal, or what the identity platform says to the code.
    pub async fn end(
        self,
        answer: Answer,
        transport: &dyn Transport,
        patience: Patience,
        wish: Wish<'_>,
    ) -> Result<Grant> {
        if answer
            .state
            .as_ref()
            .is_some_and(|state| *state != self.state)
        {
            return Err(Error::new(Kind::SignIn, "the answer is another sign-in's")
                .next("Run office365 login again, and use the address that it shows"));
        }
        let code = answer.code.map_err(|said| {
            Error::new(Kind::SignIn, format!("the sign-in did not succeed: {said}"))
                .next("Run office365 login again; where an administrator must allow it, send one the address that SELECT GetAdminConsentURL() gives")
        })?;
        let application = wish.application;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", application.client_id.as_str()),
            ("code", code.as_str()),
            ("redirect_uri", self.callback_url.as_str()),
            ("code_verifier", self.verifier.as_str()),
            ("scope", wish.scope),
        ];
        let secret = application.client_secret.as_ref();
        fields.extend(secret.map(|secret| ("client_secret", secret.reveal())));
        // A code that was seen is no longer good: it is sent once.
        let once = Patience {
            retries: 0,
            ..patience
        };
        ask(transport, once, &application.token_url(), &fields).await
    }
}

fn path(callback_url: &str) -> String {
    url::Url::parse(callback_url).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned())
}

/// Takes the callback's port on this machine, or any other one.
async fn listen(callback: &mut url::Url) -> Result<Vec<TcpListener>> {
    let wanted = callback.port_or_known_default().unwrap_or(0);
    for port in [wanted, 0] {
        let Ok(first) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await else {
            continue;
        };
        let port = first.local_addr().map_or(port, |address| address.port());
        // Some browsers take localhost for ::1 first; a machine without it does well without.
        let second =
            TcpListener::bind(SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port)).await;
        if callback.set_port(Some(port)).is_ok() {
            return Ok(std::iter::once(first).chain(second.ok()).collect());
        }
    }
    Err(Error::new(
        Kind::Unavailable,
        "this machine gives no port for the browser to come back to",
    )
    .next("Run office365 login --device"))
}

/// What the browser is waited for with.
struct Waits {
    state: String,
    path: String,
    answers: mpsc::Sender<Answer>,
}

async fn serve(listener: TcpListener, waits: Arc<Waits>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(connection(stream, Arc::clone(&waits)));
    }
}

async fn connection(stream: TcpStream, waits: Arc<Waits>) {
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let page = waits.page(request.uri());
        async move { Ok::<_, Infallible>(page) }
    });
    // A browser that goes away is no trouble of ours.
    let _ = hyper::server::conn::http1::Builder::new()
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

impl Waits {
    /// The page for a request, and the answer that is in it, if it is this sign-in's: any page on this
    /// machine may send a browser here.
    fn page(&self, uri: &http::Uri) -> http::Response<Full<Bytes>> {
        let url = format!(
            "http://localhost{}",
            uri.path_and_query().map_or("/", |all| all.as_str())
        );
        let answer = Answer::read(&url);
        if uri.path() != self.path || answer.state.as_deref() != Some(self.state.as_str()) {
            return page(404, "This is not the sign-in that office365 waits for.");
        }
        let text = match &answer.code {
            Ok(_) => "You are signed in. This page can be closed.",
            Err(_) => "The sign-in did not succeed; office365 says why. This page can be closed.",
        };
        // The first answer counts.
        let _ = self.answers.try_send(answer);
        page(200, text)
    }
}

fn page(status: u16, text: &str) -> http::Response<Full<Bytes>> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>office365</title><body style=\"font-family:sans-serif;margin:4em\"><p>{text}</p></body></html>"
    );
    let mut response = http::Response::new(Full::new(Bytes::from(html)));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(
        http::header::CACHE_CONTROL,
        http::HeaderValue::from_static("no-store"),
    );
    headers.insert(
        http::header::REFERRER_POLICY,
        http::HeaderValue::from_static("no-referrer"),
    );
    response
}
