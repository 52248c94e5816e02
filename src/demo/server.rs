//! The demo tenant behind a real socket on the loopback interface.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::faults::{Armed, Fault, Faults};
use super::notify::{Courier, Notifications, lifecycle};
use super::spoil::{self, Body};
use super::tls::{self, Tls};
use super::{Options, Tenant};

/// How many requests the log keeps; older ones are dropped.
const LOG: usize = 100_000;

/// How the server runs.
#[derive(Debug, Clone, Default)]
pub struct ServerOptions {
    /// The port; 0 takes any free one.
    pub port: u16,
    /// The tenant.
    pub tenant: Options,
    /// Certificate and key; none for plain HTTP.
    pub tls: Option<Tls>,
    /// Added to every answer.
    pub latency_ms: u64,
    /// Which answers to spoil.
    pub faults: Faults,
    /// More requests than this at once for one mailbox are throttled, as Graph does above four; none for no limit.
    pub mailbox_limit: Option<usize>,
    /// How notifications of changes are sent.
    pub notifications: Notifications,
}

/// One answered request.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedRequest {
    /// HTTP method.
    pub method: String,
    /// Path and query as sent.
    pub path_and_query: String,
    /// The headers that matter to Graph: ConsistencyLevel, Prefer, User-Agent, client-request-id; never a token.
    pub headers: Vec<(String, String)>,
    /// HTTP status of the answer.
    pub status: u16,
}

/// A running server; dropping it stops it.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

struct Shared {
    tenant: Tenant,
    courier: Arc<Courier>,
    tls: Option<TlsAcceptor>,
    latency: Duration,
    log: Mutex<VecDeque<LoggedRequest>>,
    faults: Mutex<Armed>,
    mailbox_limit: Option<usize>,
    busy: Mutex<HashMap<String, usize>>,
}

impl Server {
    /// Starts a server on a thread of its own.
    pub fn start(options: ServerOptions) -> std::io::Result<Server> {
        options.tenant.sign_in.check()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)))?;
        let address = listener.local_addr()?;
        let certificate = options.tls.as_ref().map(|tls| tls.certificate.clone());
        let shared = Arc::new(Shared {
            tenant: Tenant::new(options.tenant).sending(),
            courier: Arc::new(Courier::new(options.notifications, certificate)),
            tls: options.tls.as_ref().map(Tls::acceptor).transpose()?,
            latency: Duration::from_millis(options.latency_ms),
            log: Mutex::new(VecDeque::new()),
            faults: Mutex::new(Armed::new(options.faults)),
            mailbox_limit: options.mailbox_limit,
            busy: Mutex::new(HashMap::new()),
        });
        let (stop, stopped) = oneshot::channel();
        let serving = shared.clone();
        let thread = std::thread::Builder::new()
            .name("demo-server".into())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = accept(listener, serving) => {}
                        _ = stopped => {}
                    }
                });
            })?;
        Ok(Server {
            address,
            scheme: if shared.tls.is_some() {
                "https"
            } else {
                "http"
            },
            shared,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// `http://127.0.0.1:PORT`, or `https://` with a certificate.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The requests answered so far, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        lock(&self.shared.log).iter().cloned().collect()
    }

    /// Forgets the requests answered so far.
    pub fn clear_requests(&self) {
        lock(&self.shared.log).clear();
    }
}

impl Server {
    /// Replaces the faults; counting begins anew.
    pub fn set_faults(&self, faults: Faults) {
        *lock(&self.shared.faults) = Armed::new(faults);
    }

    /// Lets time pass for what looks at the machine's clock: tokens and subscriptions.
    pub fn let_pass(&self, time: Duration) {
        self.shared.tenant.let_pass(time);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server thread was already printed; dropping must not panic again.
            let _ = thread.join();
        }
    }
}

/// Serves until the process ends.
pub fn run(options: ServerOptions) -> std::io::Result<()> {
    let mut server = Server::start(options)?;
    eprintln!(
        "demo tenant: {}/v1.0, client secret demo-secret, user adele@contoso.com with password demo-password",
        server.url()
    );
    match server.thread.take().map(std::thread::JoinHandle::join) {
        Some(Err(_)) => Err(std::io::Error::other(
            "the demo server's thread ended unexpectedly",
        )),
        _ => Ok(()),
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let shared = shared.clone();
        tokio::spawn(async move {
            // A client that shakes no hands, as one that went away, is not the server's trouble.
            match shared.tls.clone() {
                None => serve(stream, shared).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, shared).await;
                    }
                }
            }
        });
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let service = service_fn(move |request| answer(shared.clone(), request));
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let (mut parts, body) = request.into_parts();
    if shared.tls.is_some() && !parts.headers.contains_key(tls::SCHEME) {
        // So that links say https, as behind a proxy that takes the TLS off.
        let https = http::HeaderValue::from_static("https");
        parts.headers.insert(tls::SCHEME, https);
    }
    let body = body
        .collect()
        .await
        .map(|body| body.to_bytes())
        .unwrap_or_default();
    let mut request = Request::from_parts(parts, body);
    if request.uri().path() == lifecycle::PATH {
        let response = lifecycle::respond(&shared.courier, &shared.tenant, &request);
        return Ok(spoil::whole(response));
    }
    let mut entry = logged(&request);
    let fault = lock(&shared.faults).strike(&entry.path_and_query);
    if fault == Some(Fault::Hang) {
        // A request that never ends would never be logged: it is, with status 0.
        record(&shared, entry.clone());
    }
    let response = match Busy::enter(&shared, request.uri().path()) {
        None => spoil::concurrency(),
        Some(_busy) => {
            if !shared.latency.is_zero() {
                tokio::time::sleep(shared.latency).await;
            }
            let validation = shared.courier.validate(&shared.tenant, &request).await;
            request.extensions_mut().insert(validation);
            spoil::respond(&shared.tenant, request, fault).await
        }
    };
    shared.courier.look(&shared.tenant);
    entry.status = response.status().as_u16();
    record(&shared, entry);
    Ok(response)
}

fn record(shared: &Shared, entry: LoggedRequest) {
    let mut log = lock(&shared.log);
    if log.len() == LOG {
        log.pop_front();
    }
    log.push_back(entry);
}

/// A place among the requests that one mailbox answers at once.
struct Busy<'s> {
    shared: &'s Shared,
    mailbox: Option<String>,
}

impl Busy<'_> {
    /// `None` when the mailbox has its fill.
    fn enter<'s>(shared: &'s Shared, path: &str) -> Option<Busy<'s>> {
        let Some((limit, mailbox)) = shared.mailbox_limit.zip(mailbox_of(path)) else {
            return Some(Busy {
                shared,
                mailbox: None,
            });
        };
        let mut busy = lock(&shared.busy);
        let count = busy.entry(mailbox.clone()).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(Busy {
            shared,
            mailbox: Some(mailbox),
        })
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        if let Some(mailbox) = &self.mailbox
            && let Some(count) = lock(&self.shared.busy).get_mut(mailbox)
        {
            *count -= 1;
        }
    }
}

/// Whose mailbox a path is about; none for the directory and for files.
fn mailbox_of(path: &str) -> Option<String> {
    let mut segments = path.strip_prefix("/v1.0/")?.split('/');
    let owner = match segments.next()? {
        "me" => "me",
        "users" => segments.next()?,
        _ => return None,
    };
    let outlook = [
        "messages",
        "mailFolders",
        "calendar",
        "calendars",
        "events",
        "calendarView",
    ];
    outlook
        .contains(&segments.next()?)
        .then(|| owner.to_lowercase())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn logged(request: &Request<Bytes>) -> LoggedRequest {
    let kept = [
        "consistencylevel",
        "prefer",
        "user-agent",
        "client-request-id",
    ];
    let headers = kept.iter().filter_map(|name| {
        let value = request.headers().get(*name)?.to_str().ok()?;
        Some((name.to_string(), value.to_string()))
    });
    LoggedRequest {
        method: request.method().to_string(),
        path_and_query: request
            .uri()
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default(),
        headers: headers.collect(),
        status: 0,
    }
}
