//! Messages sent as MIME in base64 with `Content-Type: text/plain` (FACTS 3.1). It reads what programs write: folded headers, encoded words, nested multiparts, base64 and quoted-printable.

use serde_json::{Value, json};

use super::fields::MESSAGE;
use crate::demo::call::Call;
use crate::demo::encoding::{base64, base64_decode};
use crate::demo::error::{Answer, Fault};
use crate::demo::write::body::Body;

/// The message of a request whose body is MIME; none when the body says that it is something else.
pub fn sent(call: &Call) -> Answer<Option<Body>> {
    let kind = call.headers.get("Content-Type");
    if kind.is_none_or(|kind| !kind.as_bytes().starts_with(b"text/plain")) {
        return Ok(None);
    }
    let text: String = String::from_utf8_lossy(&call.body)
        .split_whitespace()
        .collect();
    let bytes = base64_decode(&text).filter(|bytes| !bytes.is_empty());
    let bytes = bytes
        .ok_or_else(|| Fault::new(400, "BadRequest", "Invalid base64 string for MIME content."))?;
    let body = message(&String::from_utf8_lossy(&bytes));
    MESSAGE.create(&body).map(Some)
}

/// Headers, lower-cased, and what follows them.
struct Part<'m> {
    headers: Vec<(String, String)>,
    content: &'m str,
}

fn message(text: &str) -> Value {
    let part = part(text);
    let mut body = Body::new();
    body.insert("subject".into(), json!(part.header("subject")));
    for (header, name) in [
        ("to", "toRecipients"),
        ("cc", "ccRecipients"),
        ("bcc", "bccRecipients"),
        ("reply-to", "replyTo"),
    ] {
        body.insert(name.into(), people(&part.header(header)).into());
    }
    if let Some(from) = people(&part.header("from")).into_iter().next() {
        body.insert("from".into(), from);
    }
    if !part.header("message-id").is_empty() {
        body.insert("internetMessageId".into(), json!(part.header("message-id")));
    }
    let mut found = Found::default();
    found.read(&part);
    let (kind, content) = found
        .html
        .map_or(("text", found.text), |html| ("html", Some(html)));
    body.insert(
        "body".into(),
        json!({"contentType": kind, "content": content.unwrap_or_default()}),
    );
    body.insert("attachments".into(), found.files.into());
    Value::Object(body)
}

/// What the parts of a message are.
#[derive(Default)]
struct Found {
    text: Option<String>,
    html: Option<String>,
    files: Vec<Value>,
}

impl Found {
    fn read(&mut self, part: &Part) {
        let kind = part.header("content-type");
        let (kind, name) = (kind.to_lowercase(), parameter(&kind, "name"));
        if let Some(boundary) = parameter(&part.header("content-type"), "boundary") {
            let fence = format!("--{boundary}");
            let inner = part.content.split(&fence).skip(1);
            for inner in inner.take_while(|inner| !inner.starts_with("--")) {
                self.read(&self::part(inner.trim_start_matches(['\r', '\n'])));
            }
            return;
        }
        let disposition = part.header("content-disposition");
        let bytes = part.bytes();
        let text = || String::from_utf8_lossy(&bytes).trim_end().to_string();
        let file = disposition.to_lowercase().starts_with("attachment");
        if !file && kind.starts_with("text/html") {
            self.html.get_or_insert_with(text);
        } else if !file && (kind.is_empty() || kind.starts_with("text/")) {
            self.text.get_or_insert_with(text);
        } else {
            let name = parameter(&disposition, "filename").or(name);
            self.files.push(json!({
                "@odata.type": "#microsoft.graph.fileAttachment",
                "name": name.unwrap_or_else(|| "attachment".into()),
                "contentType": kind.split(';').next().unwrap_or_default().trim(),
                "contentBytes": base64(&bytes),
            }));
        }
    }
}

impl Part<'_> {
    fn header(&self, name: &str) -> String {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or_else(String::new, |(_, value)| words(value))
    }

    fn bytes(&self) -> Vec<u8> {
        match self
            .header("content-transfer-encoding")
            .to_lowercase()
            .as_str()
        {
            "base64" => {
                let text: String = self.content.split_whitespace().collect();
                base64_decode(&text).unwrap_or_default()
            }
            "quoted-printable" => quoted(&self.content.replace("=\r\n", "").replace("=\n", "")),
            _ => self.content.as_bytes().to_vec(),
        }
    }
}

fn part(text: &str) -> Part<'_> {
    let (head, content) = text
        .split_once("\r\n\r\n")
        .or_else(|| text.split_once("\n\n"))
        .unwrap_or((text, ""));
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_lowercase(), value.trim().to_string()));
        }
    }
    Part { headers, content }
}

/// `name="value"` behind a header's value.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|one| {
        let (key, value) = one.split_once('=')?;
        let own = key.trim().eq_ignore_ascii_case(name);
        own.then(|| value.trim().trim_matches('"').to_string())
    })
}

/// `"Name, First" <a@b>, c@d`
fn people(text: &str) -> Vec<Value> {
    let mut quoted = false;
    let parts = text.split(|letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    });
    let person = |part: &str| {
        let (name, address) = part.rsplit_once('<').unwrap_or(("", part));
        let name = name.trim().trim_matches('"');
        let address = address.trim().trim_end_matches('>');
        let name = (!name.is_empty()).then_some(name);
        json!({"emailAddress": {"name": name, "address": address}})
    };
    parts
        .filter(|part| !part.trim().is_empty())
        .map(person)
        .collect()
}

/// A header with its encoded words read (RFC 2047), in UTF-8 only.
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once("=?") {
        let mut parts = word.splitn(4, '?');
        let (_, form, text, after) = (parts.next(), parts.next(), parts.next(), parts.next());
        let bytes = match (form, text) {
            (Some("B" | "b"), Some(text)) => base64_decode(text),
            (Some("Q" | "q"), Some(text)) => Some(quoted(&text.replace('_', " "))),
            _ => None,
        };
        let end = after.and_then(|after| after.strip_prefix('='));
        let (Some(bytes), Some(end)) = (bytes, end) else {
            break;
        };
        // White space between two encoded words is part of neither.
        if out.is_empty() || !before.trim().is_empty() {
            out.push_str(before);
        }
        out.push_str(&String::from_utf8_lossy(&bytes));
        rest = end;
    }
    out + rest
}

/// `=C3=BC`
fn quoted(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = text.get(at + 1..at + 3);
        let hex = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match hex.filter(|_| bytes[at] == b'=') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_of_parts() {
        let text = "Subject: =?utf-8?B?R3LDtsOfZQ==?=\r\nTo: \"Doe, J\" <j@x.com>,\r\n k@x.com\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=C3=BC</p>\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--b--\r\n";
        let body = message(text);
        assert_eq!(body["subject"], "Größe");
        assert_eq!(body["toRecipients"][0]["emailAddress"]["name"], "Doe, J");
        assert_eq!(
            body["toRecipients"][1]["emailAddress"]["address"],
            "k@x.com"
        );
        assert_eq!(
            body["body"],
            json!({"contentType": "html", "content": "<p>ü</p>"})
        );
        assert_eq!(body["attachments"][0]["name"], "a.csv");
        assert_eq!(body["attachments"][0]["contentBytes"], "aGk=");
        let plain = message("Subject: x\n\nhello\n");
        assert_eq!(
            plain["body"],
            json!({"contentType": "text", "content": "hello"})
        );
    }
}
