//! A service that does not keep its word: the demo tenant behind a socket, its requests changed before
//! it sees them, so that filters are refused, orders ignored, counts left out and pages short.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use office365::demo::{DELEGATED_TOKEN, Tenant};
use tokio::net::TcpListener;

/// What the service does wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manners {
    /// 400 to every `$filter`.
    pub refuses_filters: bool,
    /// 400 to every `$orderby`.
    pub refuses_orders: bool,
    /// `$orderby` has no effect.
    pub ignores_orders: bool,
    /// `$count` has no effect.
    pub ignores_counts: bool,
    /// No page has more rows than this.
    pub longest_page: Option<u32>,
}

/// Starts the service on a thread that lives as long as the process; gives the tenant's part of a
/// connection string.
pub fn start(manners: Manners) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let listener = runtime
        .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .expect("a free port");
    let address: SocketAddr = listener.local_addr().expect("an address");
    std::thread::spawn(move || runtime.block_on(serve(listener, manners)));
    format!("GraphUrl=http://{address}/v1.0;OAuthAccessToken={DELEGATED_TOKEN};InitiateOAuth=OFF")
}

async fn serve(listener: TcpListener, manners: Manners) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, manners));
            // A client that went away is no trouble.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    manners: Manners,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (mut parts, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes());
    let query = parts.uri.query().unwrap_or("").to_owned();
    if (manners.refuses_filters && query.contains("$filter="))
        || (manners.refuses_orders && query.contains("$orderby="))
    {
        return Ok(refusal());
    }
    let options: Vec<String> = query
        .split('&')
        .filter(|option| !(manners.ignores_orders && option.starts_with("$orderby=")))
        .filter(|option| !(manners.ignores_counts && option.starts_with("$count=")))
        .map(|option| shortened(option, manners.longest_page))
        .collect();
    let path = parts.uri.path();
    let changed = format!("{path}?{}", options.join("&"));
    if let Ok(uri) = changed.parse::<Uri>() {
        parts.uri = uri;
    }
    let request = Request::from_parts(parts, body.unwrap_or_default());
    Ok(Tenant::standard().respond(request).map(Full::new))
}

fn shortened(option: &str, longest: Option<u32>) -> String {
    let top = option
        .strip_prefix("$top=")
        .and_then(|top| top.parse().ok());
    match (top, longest) {
        (Some(top), Some(longest)) => format!("$top={}", longest.min(top)),
        _ => option.to_owned(),
    }
}

fn refusal() -> Response<Full<Bytes>> {
    let body = r#"{"error":{"code":"InefficientFilter","message":"The restriction or sort order is too complex for this operation."}}"#;
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = http::StatusCode::BAD_REQUEST;
    response
}
