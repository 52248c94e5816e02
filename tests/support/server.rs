//! An HTTP/1.1 server on the loopback interface whose every answer a test decides: the demo tenant's,
//! or what goes wrong with it. It shares nothing with the driver's client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use office365::demo::{Options, Tenant};
use serde_json::{Value as Json, json};

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub at: Instant,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn is_token(&self) -> bool {
        self.target.contains("/oauth2/")
    }
}

/// What a request is answered with.
pub enum Act {
    /// What the demo tenant says.
    Pass,
    /// The demo tenant's answer after a while.
    Late(Duration),
    /// The demo tenant's answer, its body in ten pieces over this time.
    Slow(Duration),
    /// The demo tenant's head and half of its body, nothing where it has none; then the connection is closed.
    Cut,
    /// Nothing: the connection is closed, and the demo tenant never hears of the request.
    Drop,
    /// The demo tenant's answer without the properties that are null: as Graph leaves out what was never set.
    Terse,
    /// The demo tenant's answer, its body in a gzip envelope.
    Gzip,
    /// Nothing, until the server ends.
    Hang,
    /// Of a batch these parts, counted from 0, are refused with a status and a code; the demo tenant hears of the others.
    Parts(Vec<(usize, u16, &'static str)>),
    /// This status, these headers, this body.
    Answer(u16, Vec<(&'static str, String)>, String),
}

impl Act {
    /// A page of JSON.
    pub fn json(body: impl Into<String>) -> Self {
        Self::Answer(
            200,
            vec![("Content-Type", "application/json".to_owned())],
            body.into(),
        )
    }

    /// Graph's error body.
    pub fn refusal(status: u16, code: &str, headers: Vec<(&'static str, String)>) -> Self {
        let body = format!(
            r#"{{"error":{{"code":"{code}","message":"scripted","innerError":{{"request-id":"r-1"}}}}}}"#
        );
        Self::Answer(status, headers, body)
    }
}

type Script = Box<dyn Fn(&Seen, usize) -> Act + Send + Sync>;

/// A running server; dropping it stops it.
pub struct Scripted {
    url: String,
    shared: Arc<Shared>,
}

struct Shared {
    script: Script,
    /// A tenant of its own: what one test writes no other reads.
    tenant: LazyLock<Tenant>,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
    under_way: AtomicUsize,
    most: AtomicUsize,
    stopped: AtomicBool,
}

impl Scripted {
    /// Starts a server; the script is given each request and its number among those of its kind (Graph
    /// or token), from 0.
    pub fn start(script: impl Fn(&Seen, usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::new(Shared {
            script: Box::new(script),
            tenant: LazyLock::new(|| Tenant::new(Options::default())),
            seen: Mutex::new(Vec::new()),
            connections: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                serving.connections.fetch_add(1, Ordering::SeqCst);
                let shared = Arc::clone(&serving);
                // A client that goes away is not the server's trouble.
                std::thread::spawn(move || drop(serve(&shared, stream)));
            }
        });
        Self { url, shared }
    }

    /// A server that answers as the demo tenant does.
    pub fn honest() -> Self {
        Self::start(|_, _| Act::Pass)
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The Graph requests so far.
    pub fn graph(&self) -> Vec<Seen> {
        self.all()
            .into_iter()
            .filter(|seen| !seen.is_token())
            .collect()
    }

    /// The token requests so far.
    pub fn tokens(&self) -> Vec<Seen> {
        self.all().into_iter().filter(Seen::is_token).collect()
    }

    fn all(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// The most Graph requests that were under way at once.
    pub fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers the requests of one connection until the client closes it.
fn serve(shared: &Shared, stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    while let Some(seen) = read(&mut reader)? {
        let number = {
            let mut all = lock(&shared.seen);
            let number = all
                .iter()
                .filter(|other| other.is_token() == seen.is_token())
                .count();
            all.push(seen.clone());
            number
        };
        let now = shared.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        shared.most.fetch_max(now, Ordering::SeqCst);
        let act = (shared.script)(&seen, number);
        if let Act::Late(time) = act {
            std::thread::sleep(time);
        }
        // Before the answer: who has read its last byte may ask again before this thread runs on.
        shared.under_way.fetch_sub(1, Ordering::SeqCst);
        if !perform(shared, &mut stream, &seen, act)? {
            return Ok(());
        }
    }
    Ok(())
}

fn read(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Seen>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut seen = Seen {
        method,
        target,
        headers,
        body: String::new(),
        at: Instant::now(),
    };
    let length: usize = seen
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    seen.body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(seen))
}

/// Answers one request; false when the connection is to be closed.
fn perform(
    shared: &Shared,
    stream: &mut TcpStream,
    seen: &Seen,
    act: Act,
) -> std::io::Result<bool> {
    match act {
        Act::Answer(status, headers, body) => {
            let headers: Vec<(String, String)> = headers
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            send(stream, status, &headers, body.as_bytes())?;
        }
        // The wait is over by now.
        Act::Pass | Act::Late(_) => {
            let (status, headers, body) = honest(shared, seen);
            send(stream, status, &headers, &body)?;
        }
        Act::Parts(refused) => {
            let (status, headers, body) = in_part(shared, seen, &refused);
            send(stream, status, &headers, &body)?;
        }
        Act::Terse => {
            let (status, headers, body) = honest(shared, seen);
            let mut json: Json = serde_json::from_slice(&body).expect("JSON");
            leave_out_nulls(&mut json);
            send(stream, status, &headers, json.to_string().as_bytes())?;
        }
        Act::Gzip => {
            let (status, mut headers, body) = honest(shared, seen);
            headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
            send(stream, status, &headers, &gzip(&body))?;
        }
        Act::Slow(time) => {
            let (status, headers, body) = honest(shared, seen);
            head(stream, status, &headers, body.len())?;
            for piece in body.chunks(body.len() / 10 + 1) {
                std::thread::sleep(time / 10);
                stream.write_all(piece)?;
            }
        }
        Act::Cut => {
            let (status, headers, body) = honest(shared, seen);
            if !body.is_empty() {
                head(stream, status, &headers, body.len())?;
                stream.write_all(&body[..body.len() / 2])?;
            }
            stream.shutdown(std::net::Shutdown::Both)?;
            return Ok(false);
        }
        Act::Drop => {
            stream.shutdown(std::net::Shutdown::Both)?;
            return Ok(false);
        }
        Act::Hang => {
            while !shared.stopped.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(20));
            }
            return Ok(false);
        }
    }
    Ok(true)
}

type Answered = (u16, Vec<(String, String)>, Vec<u8>);

/// What the demo tenant says.
fn honest(shared: &Shared, seen: &Seen) -> Answered {
    let mut request = http::Request::builder()
        .method(seen.method.as_str())
        .uri(&seen.target);
    for (name, value) in &seen.headers {
        request = request.header(name, value);
    }
    let request = request
        .body(Bytes::from(seen.body.clone()))
        .expect("a request");
    let response = shared.tenant.respond(request);
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
        .collect();
    (
        response.status().as_u16(),
        headers,
        response.body().to_vec(),
    )
}

/// What the demo tenant says to a batch without the refused parts, and their refusals.
fn in_part(shared: &Shared, seen: &Seen, refused: &[(usize, u16, &str)]) -> Answered {
    let mut batch: Json = serde_json::from_str(&seen.body).expect("a batch");
    let parts = batch["requests"].as_array_mut().expect("parts");
    let refusals: Vec<Json> = refused
        .iter()
        .map(|(number, status, code)| {
            json!({"id": parts[*number]["id"], "status": status, "headers": {"Retry-After": "0"},
                "body": {"error": {"code": code, "message": "scripted"}}})
        })
        .collect();
    let mut number = 0..;
    parts.retain(|_| {
        let number = number.next();
        !refused.iter().any(|(refused, ..)| Some(*refused) == number)
    });
    let rest = Seen {
        body: batch.to_string(),
        ..seen.clone()
    };
    let (status, headers, body) = honest(shared, &rest);
    let mut answer: Json = serde_json::from_slice(&body).expect("an answer");
    let answers = answer["responses"].as_array_mut().expect("responses");
    answers.extend(refusals);
    (status, headers, answer.to_string().into_bytes())
}

fn send(
    stream: &mut TcpStream,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> std::io::Result<()> {
    head(stream, status, headers, body.len())?;
    stream.write_all(body)
}

fn head(
    stream: &mut TcpStream,
    status: u16,
    headers: &[(String, String)],
    length: usize,
) -> std::io::Result<()> {
    let mut text = format!("HTTP/1.1 {status} Scripted\r\nContent-Length: {length}\r\n");
    for (name, value) in headers {
        if !name.eq_ignore_ascii_case("content-length") {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    text.push_str("\r\n");
    stream.write_all(text.as_bytes())
}

fn leave_out_nulls(page: &mut Json) {
    let items = page["value"].as_array_mut().into_iter().flatten();
    for item in items.filter_map(Json::as_object_mut) {
        item.retain(|_, value| !value.is_null());
    }
}

/// RFC 1952 around stored blocks of RFC 1951: an envelope that needs no compressor.
fn gzip(body: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut pieces = body.chunks(0xffff).peekable();
    while let Some(piece) = pieces.next() {
        let length = u16::try_from(piece.len()).expect("a chunk");
        out.push(u8::from(pieces.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(piece);
    }
    out.extend(crc32(body).to_le_bytes());
    out.extend((u32::try_from(body.len()).expect("small")).to_le_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
