//! The demo tenant behind a real socket on the loopback interface.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

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
    /// Added to every answer.
    pub latency_ms: u64,
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
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

struct Shared {
    tenant: Tenant,
    latency: Duration,
    log: Mutex<VecDeque<LoggedRequest>>,
}

impl Server {
    /// Starts a server on a thread of its own.
    pub fn start(options: ServerOptions) -> std::io::Result<Server> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            tenant: Tenant::new(options.tenant),
            latency: Duration::from_millis(options.latency_ms),
            log: Mutex::new(VecDeque::new()),
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
            shared,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests answered so far, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared
            .log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    /// Forgets the requests answered so far.
    pub fn clear_requests(&self) {
        self.shared
            .log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
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
            let service = service_fn(move |request| answer(shared.clone(), request));
            // A client that went away is not the server's trouble.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map(|body| body.to_bytes())
        .unwrap_or_default();
    if !shared.latency.is_zero() {
        tokio::time::sleep(shared.latency).await;
    }
    let request = Request::from_parts(parts, body);
    let mut entry = logged(&request);
    let response = shared.tenant.respond(request);
    entry.status = response.status().as_u16();
    let mut log = shared.log.lock().unwrap_or_else(PoisonError::into_inner);
    if log.len() == LOG {
        log.pop_front();
    }
    log.push_back(entry);
    Ok(response.map(Full::new))
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
