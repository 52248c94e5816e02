//! The smallest subscriber: a socket that writes down what comes and answers as a test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

/// One request that came.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    pub content_type: String,
    pub length: Option<usize>,
    pub body: String,
}

/// Status line, content type and body of an answer.
pub type Said = (&'static str, &'static str, String);

type Answering = Arc<dyn Fn(&Seen) -> Said + Send + Sync>;

/// A subscriber that listens until the test ends.
pub struct Receiver {
    url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Seen {
    /// The decoded token of a validation request.
    pub fn token(&self) -> Option<String> {
        let raw = self.target.split("validationToken=").nth(1)?;
        let raw = raw.replace('+', " ");
        let decoded = percent_encoding::percent_decode_str(&raw);
        Some(decoded.decode_utf8().expect("UTF-8").into_owned())
    }
}

/// As a good subscriber answers.
pub fn good(seen: &Seen) -> Said {
    match seen.token() {
        Some(token) => ("200 OK", "text/plain", token),
        None => ("202 Accepted", "text/plain", String::new()),
    }
}

impl Receiver {
    /// One that does everything right.
    pub fn start() -> Receiver {
        Receiver::answering(good)
    }

    /// One with answers of its own.
    pub fn answering(answer: impl Fn(&Seen) -> Said + Send + Sync + 'static) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (all, answer): (_, Answering) = (seen.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (all, answer) = (all.clone(), answer.clone());
                std::thread::spawn(move || converse(stream, &all, &answer));
            }
        });
        Receiver { url, seen }
    }

    /// Where it listens, without a path.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that came.
    pub fn all(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }

    /// What came to a path besides validations.
    pub fn bodies(&self, path: &str) -> Vec<Value> {
        let all = self.all().into_iter();
        let posts = all.filter(|seen| seen.token().is_none() && seen.target == path);
        posts
            .map(|seen| serde_json::from_str(&seen.body).expect("JSON"))
            .collect()
    }

    /// The notifications that came to a path.
    pub fn told(&self, path: &str) -> Vec<Value> {
        let bodies = self.bodies(path);
        let values = bodies
            .iter()
            .flat_map(|body| body["value"].as_array().expect("an array"));
        values.cloned().collect()
    }

    /// The same once there are so many.
    pub fn wait(&self, path: &str, count: usize) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let told = self.told(path);
            if told.len() >= count {
                return told;
            }
            let late = begun.elapsed() > Duration::from_secs(10);
            assert!(!late, "{count} were to come, but {told:#?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn converse(stream: TcpStream, all: &Mutex<Vec<Seen>>, answer: &Answering) {
    let mut reader = BufReader::new(stream);
    let Some(seen) = read(&mut reader) else {
        return;
    };
    all.lock().expect("no panic").push(seen.clone());
    let (status, kind, body) = answer(&seen);
    let length = body.len();
    // Who waited no longer is gone.
    let _ = write!(
        reader.get_mut(),
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_string(), words.next()?.to_string());
    let (mut length, mut content_type) = (None, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().ok(),
            "content-type" => content_type = value.to_string(),
            _ => {}
        }
    }
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Seen {
        method,
        target,
        content_type,
        length,
        body: String::from_utf8(body).ok()?,
    })
}
