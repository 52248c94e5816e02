//! The address that Graph posts to: it answers the validation handshake, and writes down what it is told before it
//! says that it heard it (FACTS §3.5).
//!
//! It stands in the open, so that everything about a request is bounded: its time, its size, how many there are at
//! once. What it answers tells a stranger nothing.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};

use super::book::{Book, Heard};
use super::notification;
use crate::error::{Error, Kind, Result};
use crate::runtime;

/// The longest body, in bytes: thousands of notifications.
const LONGEST: usize = 4 << 20;
/// The longest validation token; Graph's have some hundred bytes.
const LONGEST_TOKEN: usize = 4_096;
/// How long the head of a request may take, and its body.
const PATIENCE: Duration = Duration::from_secs(10);
/// Requests at once; others wait in the system's queue.
const AT_ONCE: usize = 64;

/// A running receiver; dropping it stops it.
pub struct Receiver {
    address: SocketAddr,
    bell: Arc<Bell>,
    _stop: oneshot::Sender<()>,
}

/// Rings when something was told.
#[derive(Default)]
struct Bell {
    state: Mutex<Rung>,
    rang: Condvar,
}

#[derive(Default)]
struct Rung {
    has_rung: bool,
    /// Tables of mailboxes that were told of again.
    again: BTreeSet<(String, String)>,
    refused: Refused,
}

/// What was refused since it was last asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// Notifications of no subscription of ours.
    pub strange: u64,
    /// Notifications with a wrong secret.
    pub forged: u64,
    /// Requests that were too large, too slow, or no notifications at all.
    pub unreadable: u64,
}

impl Receiver {
    /// Listens at an address.
    ///
    /// # Errors
    /// When the address is taken, or not this machine's.
    pub fn start(address: SocketAddr, book: Arc<Book>) -> Result<Self> {
        let trouble = |error: std::io::Error| {
            Error::usage(format!("nothing can be received at {address}: {error}"))
                .next("Name another address with --bind")
        };
        let listener = std::net::TcpListener::bind(address).map_err(trouble)?;
        listener.set_nonblocking(true).map_err(trouble)?;
        let address = listener.local_addr().map_err(trouble)?;
        let bell = Arc::new(Bell::default());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = Served {
            book,
            bell: Arc::clone(&bell),
        };
        let handle = runtime::handle()?;
        let _inside = handle.enter();
        let listener = TcpListener::from_std(listener).map_err(trouble)?;
        handle.spawn(async move {
            tokio::select! {
                () = accept(listener, served) => {}
                _ = stopped => {}
            }
        });
        Ok(Self {
            address,
            bell,
            _stop: stop,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until something is told, or for so long.
    pub fn wait(&self, longest: Duration) {
        let rung = self.bell.state();
        let waited = self
            .bell
            .rang
            .wait_timeout_while(rung, longest, |rung| !rung.has_rung);
        let (mut rung, _) = waited.unwrap_or_else(PoisonError::into_inner);
        rung.has_rung = false;
    }

    /// The tables of mailboxes that were told of again, and what was refused; both begin anew.
    pub fn take(&self) -> (BTreeSet<(String, String)>, Refused) {
        let mut rung = self.bell.state();
        (
            std::mem::take(&mut rung.again),
            std::mem::take(&mut rung.refused),
        )
    }
}

impl Bell {
    fn state(&self) -> MutexGuard<'_, Rung> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self, heard: Heard) {
        let mut rung = self.state();
        rung.has_rung |= heard.new > 0 || !heard.known.is_empty();
        rung.again.extend(heard.known);
        rung.refused.strange += heard.strange;
        rung.refused.forged += heard.forged;
        self.rang.notify_all();
    }

    fn unreadable(&self) {
        self.state().refused.unreadable += 1;
    }
}

#[derive(Clone)]
struct Served {
    book: Arc<Book>,
    bell: Arc<Bell>,
}

async fn accept(listener: TcpListener, served: Served) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let served = served.clone();
                tokio::spawn(async move {
                    serve(stream, served).await;
                    drop(place);
                });
            }
            // Too many open files, say: it passes.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn serve(stream: TcpStream, served: Served) {
    let service = service_fn(move |request| {
        let served = served.clone();
        async move { Ok::<_, Infallible>(served.answer(request).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    // A sender that went away comes again.
    let _ = connection.await;
}

impl Served {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if request.method() != Method::POST {
            return said(StatusCode::METHOD_NOT_ALLOWED, &[(ALLOW, "POST")]);
        }
        if let Some(token) = validation_token(request.uri().query().unwrap_or_default()) {
            return validated(token);
        }
        let status = match read(request.into_body()).await {
            Ok(body) => self.written(body).await,
            Err(status) => status,
        };
        if status.is_client_error() {
            self.bell.unreadable();
        }
        match status {
            StatusCode::SERVICE_UNAVAILABLE => said(status, &[(RETRY_AFTER, "10")]),
            status => said(status, &[]),
        }
    }

    /// Writes down what a body tells; `202 Accepted` when it is on disk, whatever is thought of it.
    async fn written(&self, body: Bytes) -> StatusCode {
        let Ok(all) = notification::parse(&body) else {
            return StatusCode::BAD_REQUEST;
        };
        let book = Arc::clone(&self.book);
        let heard = tokio::task::spawn_blocking(move || book.receive(&all)).await;
        match heard {
            Ok(Ok(heard)) => {
                self.bell.ring(heard);
                StatusCode::ACCEPTED
            }
            // Busy, or a full disk: the sender comes again.
            _ => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

async fn read(body: Incoming) -> std::result::Result<Bytes, StatusCode> {
    if body.size_hint().lower() > LONGEST as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(PATIENCE, Limited::new(body, LONGEST).collect()).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(StatusCode::PAYLOAD_TOO_LARGE)
        }
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// The token of the handshake, decoded.
fn validation_token(query: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "validationToken")
        .map(|(_, token)| token.into_owned())
}

/// FACTS §3.5: the token as it was before it became part of an address, as plain text.
fn validated(token: String) -> Response<Full<Bytes>> {
    if token.is_empty() || token.len() > LONGEST_TOKEN {
        return said(StatusCode::BAD_REQUEST, &[]);
    }
    let mut answer = said(
        StatusCode::OK,
        &[
            (CONTENT_TYPE, "text/plain; charset=utf-8"),
            // Whoever sends a browser here gets no page.
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (CACHE_CONTROL, "no-store"),
        ],
    );
    *answer.body_mut() = Full::new(Bytes::from(token));
    answer
}

fn said(status: StatusCode, headers: &[(http::HeaderName, &'static str)]) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    for (name, value) in headers {
        answer
            .headers_mut()
            .insert(name, http::HeaderValue::from_static(value));
    }
    answer
}

/// Whether an address is this machine's alone.
///
/// # Errors
/// When it is not, and nobody said that it may be.
pub fn check_address(address: SocketAddr, beyond_loopback: bool) -> Result<()> {
    if address.ip().is_loopback() || beyond_loopback {
        return Ok(());
    }
    Err(Error::new(
        Kind::Usage,
        format!("{address} can be reached from other machines, without TLS"),
    )
    .next("Let a reverse proxy with TLS pass on to a loopback address, or say --beyond-loopback"))
}

#[cfg(test)]
mod tests {
    use super::{check_address, validation_token};

    #[test]
    fn tokens_are_decoded() {
        let token = |query: &str| validation_token(query);
        assert_eq!(
            token("validationToken=a%20b%2Bc+d%25").as_deref(),
            Some("a b+c d%")
        );
        assert_eq!(token("x=1&validationToken=t").as_deref(), Some("t"));
        assert_eq!(token("validationtoken=t"), None);
        assert_eq!(token(""), None);
    }

    #[test]
    fn beyond_loopback_must_be_said() {
        let check =
            |address: &str, said| check_address(address.parse().expect("an address"), said).is_ok();
        assert!(check("127.0.0.1:80", false) && check("[::1]:80", false));
        assert!(
            !check("0.0.0.0:80", false) && !check("[::]:80", false) && !check("10.0.0.1:80", false)
        );
        assert!(check("0.0.0.0:80", true));
    }
}
