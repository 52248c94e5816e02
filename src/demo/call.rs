//! A request as the handlers see it: path segments, options, preferences and who is asking.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value};

use super::encoding::{percent_decode, percent_encode};
use super::error::{Answer, Fault};
use super::notify::validation::Validation;
use super::query::options::Query;
use super::query::select::context_suffix;
use super::sha256::seal;
use super::signin::Caller;
use super::write::ledger::Ledger;

/// One request below `/v1.0`.
#[derive(Clone)]
pub struct Call {
    /// `https://host`, from the request; links repeat it.
    pub origin: String,
    /// The raw path below `/v1.0`, without a leading slash.
    pub path: String,
    /// The raw query.
    pub raw_query: String,
    /// Decoded path segments, with `users('x')` split into `users`, `x`.
    pub segments: Vec<String>,
    /// The query options.
    pub query: Query,
    /// The request headers.
    pub headers: HeaderMap,
    /// The owner of the token.
    pub caller: Caller,
    /// Part of a batch.
    pub batched: bool,
    /// The body: writes have one, and reads by POST.
    pub body: Bytes,
    /// What had been written when the request began.
    pub ledger: Arc<Ledger>,
    /// After how many writes the token of a delta round is too old; none for never.
    pub delta_lifetime: Option<u64>,
    /// What is known of the addresses to which it wants notifications sent.
    pub validation: Validation,
}

impl Call {
    /// Reads a request whose path is below `/v1.0`.
    pub fn new(
        origin: String,
        path: &str,
        raw_query: &str,
        headers: HeaderMap,
        caller: Caller,
    ) -> Answer<Call> {
        Ok(Call {
            origin,
            path: path.trim_matches('/').to_string(),
            raw_query: raw_query.to_string(),
            segments: segments(path)?,
            query: Query::parse(raw_query)?,
            headers,
            caller,
            batched: false,
            body: Bytes::new(),
            ledger: Arc::default(),
            delta_lifetime: None,
            validation: Validation::default(),
        })
    }

    /// The body as the JSON object that an action takes, or 400.
    pub fn json_body(&self) -> Answer<Value> {
        let kind = self.headers.get("Content-Type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("");
        if kind.is_empty() {
            return Err(Fault::bad_request(
                "Write requests (excluding DELETE) must contain the Content-Type header declaration.",
            ));
        }
        let body: Option<Value> = serde_json::from_slice(&self.body).ok();
        body.filter(|body| kind.starts_with("application/json") && body.is_object())
            .ok_or_else(|| {
                Fault::bad_request(
                    "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
                )
            })
    }

    /// `https://host/v1.0`.
    pub fn base(&self) -> String {
        format!("{}/v1.0", self.origin)
    }

    /// `@odata.context` for a resource.
    pub fn context(&self, resource: &str) -> String {
        format!("{}/$metadata#{resource}", self.base())
    }

    /// A collection: context with the selection, rows, and a link onwards.
    pub fn page(
        &self,
        resource: &str,
        value: Vec<Value>,
        link: Option<(&str, String)>,
    ) -> Map<String, Value> {
        let suffix = context_suffix(self.query.select.as_deref());
        let mut body = Map::new();
        body.insert(
            "@odata.context".into(),
            self.context(&format!("{resource}{suffix}")).into(),
        );
        body.insert("value".into(), Value::Array(value));
        if let Some((name, link)) = link {
            body.insert(name.into(), link.into());
        }
        body
    }

    /// The link of a list that goes on at an offset by skip token; a nextLink if there is one.
    pub fn skip_link(&self, next: Option<usize>) -> Option<(&'static str, String)> {
        next.map(|next| {
            (
                "@odata.nextLink",
                self.next_link(("$skiptoken", &self.skip_token(next))),
            )
        })
    }

    /// The link of a delta round: onwards while there is more, then to the next round.
    pub fn delta_link(
        &self,
        next: Option<usize>,
        round: (&str, &str),
    ) -> Option<(&'static str, String)> {
        self.skip_link(next)
            .or_else(|| Some(("@odata.deltaLink", self.next_link(round))))
    }

    /// `ConsistencyLevel: eventual`.
    pub fn eventual(&self) -> bool {
        self.headers
            .get_all("ConsistencyLevel")
            .iter()
            .any(|value| value.as_bytes().eq_ignore_ascii_case(b"eventual"))
    }

    /// Eventual consistency and `$count=true`: advanced query mode (FACTS 1.4).
    pub fn advanced(&self) -> bool {
        self.eventual() && self.query.count == Some(true)
    }

    /// The value of a preference such as `outlook.timezone`, quotes removed. Several share one header, comma-separated (FACTS 1.1).
    pub fn prefer(&self, name: &str) -> Option<String> {
        let values = self
            .headers
            .get_all("Prefer")
            .iter()
            .filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split([',', ';']))
            .find_map(|one| {
                let (key, value) = one.split_once('=').unwrap_or((one, ""));
                key.trim()
                    .eq_ignore_ascii_case(name)
                    .then(|| value.trim().trim_matches('"').to_string())
            })
    }

    /// The link to this request's next page: its own options, percent-encoded, with the position in place of the old one.
    pub fn next_link(&self, (name, value): (&str, &str)) -> String {
        let position = pair(name, value);
        match self.options() {
            none if none.is_empty() => self.address(&position),
            options => self.address(&format!("{options}&{position}")),
        }
    }

    /// The request's own options, percent-encoded, without a position.
    pub fn options(&self) -> String {
        let kept =
            self.query.sent.iter().filter(|(name, _)| {
                !["$skip", "$skiptoken", "$deltatoken"].contains(&name.as_str())
            });
        let pairs = kept
            .chain(&self.query.plain)
            .map(|(name, value)| pair(name, value));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The request's address with other options.
    pub fn address(&self, options: &str) -> String {
        let mark = if options.is_empty() { "" } else { "?" };
        format!("{}/{}{mark}{options}", self.base(), self.path)
    }

    /// Is the token of a delta round too old that was given after a write?
    pub fn is_expired(&self, given: u64) -> bool {
        let age = self.ledger.writes().saturating_sub(given);
        self.delta_lifetime.is_some_and(|lifetime| age >= lifetime)
    }

    /// A skip token: opaque, and good for this path and these options only.
    pub fn skip_token(&self, offset: usize) -> String {
        let text = offset.to_string();
        format!(
            "RFNwdAIAAQ{}.{text}",
            seal("skiptoken", &format!("{}|{text}", self.identity()))
        )
    }

    /// Where the request's skip token points; 0 without one.
    pub fn skip_offset(&self) -> Answer<usize> {
        let Some(token) = &self.query.skiptoken else {
            return Ok(0);
        };
        let offset = token
            .rsplit_once('.')
            .and_then(|(_, offset)| offset.parse().ok());
        match offset {
            Some(offset) if self.skip_token(offset) == *token => Ok(offset),
            _ => Err(Fault::new(
                400,
                "Request_BadRequest",
                "Skip token is malformed or does not belong to this request.",
            )),
        }
    }

    fn identity(&self) -> String {
        let options: Vec<String> = self
            .query
            .sent
            .iter()
            .filter(|(name, _)| !["$skiptoken", "$count", "$format"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{}?{}", self.path, options.join("&"))
    }
}

fn pair(name: &str, value: &str) -> String {
    format!("{}={}", percent_encode(name), percent_encode(value))
}

/// Collections that take a key besides the id, as in `devices(deviceId='x')`.
const ALTERNATE: [&str; 4] = [
    "devices",
    "directoryRoles",
    "applications",
    "servicePrincipals",
];

fn keyed_by(segment: &str, name: &str) -> bool {
    segment
        .strip_prefix(name)
        .is_some_and(|key| key.starts_with('('))
}

/// The segments of a path, decoded, with `users('x')` split in two.
pub fn segments(path: &str) -> Answer<Vec<String>> {
    let mut out = Vec::new();
    let mut in_item_path = false;
    for raw in path
        .trim_matches('/')
        .split('/')
        .filter(|raw| !raw.is_empty())
    {
        let segment = percent_decode(raw)
            .ok_or_else(|| Fault::bad_request("The path is not valid percent-encoded UTF-8."))?;
        // Below `root:` segments are file names, in which parentheses and quotes are ordinary characters.
        match segment
            .strip_suffix("')")
            .and_then(|rest| rest.split_once("('"))
        {
            Some((name, key)) if !in_item_path && name.chars().all(char::is_alphanumeric) => {
                out.push(name.to_string());
                out.push(key.replace("''", "'"));
            }
            _ if ALTERNATE.iter().any(|name| keyed_by(&segment, name)) => {
                let (name, key) = segment.split_at(segment.find('(').unwrap_or(0));
                out.push(name.to_string());
                out.push(key.to_string());
            }
            _ => {
                in_item_path ^=
                    segment.ends_with(':') || (in_item_path && segment.starts_with(':'));
                out.push(segment);
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_syntax_is_a_path() {
        assert_eq!(
            segments("/users('a''b')/messages"),
            Ok(["users", "a'b", "messages"].map(String::from).to_vec())
        );
        assert_eq!(
            segments("/me/drive/root:/x('1')/b%2Bc"),
            Ok(["me", "drive", "root:", "x('1')", "b+c"]
                .map(String::from)
                .to_vec())
        );
        assert_eq!(
            segments("/me/drive/root/search(q='a''b')"),
            Ok(["me", "drive", "root", "search(q='a''b')"]
                .map(String::from)
                .to_vec())
        );
        assert_eq!(
            segments("/devices(deviceId='x')/registeredOwners"),
            Ok(["devices", "(deviceId='x')", "registeredOwners"]
                .map(String::from)
                .to_vec())
        );
    }
}
