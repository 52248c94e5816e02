//! The smallest HTTP client that can ask the demo server: a socket, a request, the whole answer.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::LazyLock;

use office365::demo::DELEGATED_TOKEN;
use office365::demo::server::{Server, ServerOptions};
use serde_json::Value;

static SERVER: LazyLock<Server> =
    LazyLock::new(|| Server::start(ServerOptions::default()).expect("a free port"));

/// The headers of a form.
pub const FORM: &[(&str, &str)] = &[("Content-Type", "application/x-www-form-urlencoded")];

/// An app-only Authorization header.
pub static APP: LazyLock<String> = LazyLock::new(|| {
    let form = "grant_type=client_credentials&client_id=app&client_secret=demo-secret&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default";
    let answer = ask("POST", "/contoso.com/oauth2/v2.0/token", FORM, form);
    format!(
        "Bearer {}",
        answer.json()["access_token"].as_str().expect("a token")
    )
});

/// An answer: status, headers in lower case, body.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_string()
    }

    pub fn rows(&self) -> Vec<Value> {
        self.json()["value"]
            .as_array()
            .unwrap_or_else(|| panic!("no rows: {}", self.text()))
            .clone()
    }

    /// The next page's path and query.
    pub fn next(&self) -> Option<String> {
        let link = self.json()["@odata.nextLink"].as_str()?.to_string();
        Some(below_server(&link))
    }
}

/// GET as Adele.
pub fn get(path: &str) -> Answer {
    get_with(path, &[])
}

/// GET as Adele with headers.
pub fn get_with(path: &str, headers: &[(&str, &str)]) -> Answer {
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    let mut all = vec![("Authorization", bearer.as_str())];
    all.extend_from_slice(headers);
    ask("GET", path, &all, "")
}

/// `@odata.context` of a resource.
pub fn context(resource: &str) -> String {
    format!("{}/v1.0/$metadata#{resource}", SERVER.url())
}

/// Path and query of an address on the server.
pub fn below_server(url: &str) -> String {
    url.strip_prefix(&SERVER.url())
        .expect("the same host")
        .to_string()
}

/// All rows of all pages.
pub fn all(path: &str, headers: &[(&str, &str)]) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut next = Some(path.to_string());
    while let Some(path) = next {
        let page = get_with(&path, headers);
        assert_eq!(page.status, 200, "{}", page.text());
        rows.extend(page.rows());
        next = page.next();
    }
    rows
}

/// One request to the shared server.
pub fn ask(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    exchange(&SERVER.url(), method, path, headers, body)
}

/// One request; blanks and double quotes in the path are encoded for convenience, everything else goes out as it is.
pub fn exchange(
    url: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let address = url.replace("http://", "");
    let mut stream = TcpStream::connect(&address).expect("the server listens");
    let path = path.replace(' ', "%20").replace('"', "%22");
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    request.push_str(body);
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    read(&answer)
}

fn read(bytes: &[u8]) -> Answer {
    let split = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("headers end");
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok())
        .expect("a status");
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_string()))
        .collect();
    Answer {
        status,
        headers,
        body: bytes[split + 4..].to_vec(),
    }
}
