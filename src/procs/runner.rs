//! What a procedure asks of Graph: reads, and writes that are each sent once, or only shown.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value as Json, json};

use crate::catalog::Verb;
use crate::error::{Error, Kind};
use crate::graph::change::{Change, Failed, Reply, Sent};
use crate::graph::token::Grant;
use crate::runtime;
use crate::sender::Sender;
use crate::session::Environment;

/// What a dry run may show of a form that asks for a token.
const OPEN_FIELDS: &[&str] = &["grant_type", "client_id", "scope", "redirect_uri"];

/// Runs the requests of one call.
pub struct Runner<'a> {
    environment: Environment,
    sender: Sender<'a>,
    permission: &'static str,
    planned: Option<Vec<Json>>,
}

impl<'a> Runner<'a> {
    /// A runner that sends, or with `dry_run` only notes what it would send.
    pub fn new(
        environment: Environment,
        permission: &'static str,
        dry_run: bool,
        interrupted: &'a dyn Fn() -> bool,
    ) -> Self {
        Self {
            sender: Sender::new(environment.clone(), interrupted),
            environment,
            permission,
            planned: dry_run.then(Vec::new),
        }
    }

    /// The connection's own mailbox or drive, where it names one.
    pub fn user_id(&self) -> Option<&str> {
        self.environment.settings.user_id.as_deref()
    }

    /// The settings and the client.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// What would have been sent, in a dry run.
    pub(super) fn planned(&self) -> Option<Json> {
        self.planned.clone().map(Json::Array)
    }

    /// Whether nothing is sent.
    pub fn is_dry_run(&self) -> bool {
        self.planned.is_some()
    }

    /// Reads JSON from a path below the version.
    ///
    /// # Errors
    /// Graph's refusal, or a failure.
    pub fn read(&self, path: &str) -> Sent<Json> {
        let reply = self.read_bytes(path)?;
        serde_json::from_slice(&reply.body).map_err(|_| {
            Failed::not_done(Error::new(
                Kind::Malformed,
                format!("GET /{path} was answered with something that is not JSON"),
            ))
        })
    }

    /// Reads whatever is at a path below the version.
    ///
    /// # Errors
    /// As [`Runner::read`].
    pub fn read_bytes(&self, path: &str) -> Sent<Reply> {
        self.sender.change(Change {
            repeatable: true,
            ..self.outgoing(http::Method::GET, self.environment.client.url(path))
        })
    }

    /// Sends a write with a JSON body; gives the JSON of the answer, null where there is none, and in a dry
    /// run.
    ///
    /// # Errors
    /// As [`Runner::send`].
    pub fn write(&mut self, verb: Verb, path: &str, body: Option<Json>) -> Sent<Json> {
        let content = body.map(|body| {
            let text = body.to_string();
            ("application/json".to_owned(), Bytes::from(text))
        });
        let reply = self.send(verb, path, Vec::new(), content)?;
        Ok(reply.map_or(Json::Null, |reply| {
            serde_json::from_slice(&reply.body).unwrap_or(Json::Null)
        }))
    }

    /// Sends a write with any body below the version; `None` in a dry run.
    ///
    /// # Errors
    /// Graph's refusal, or a failure with what is known of its effect.
    pub fn send(
        &mut self,
        verb: Verb,
        path: &str,
        headers: Vec<(Cow<'static, str>, String)>,
        content: Option<(String, Bytes)>,
    ) -> Sent<Option<Reply>> {
        if let Some(planned) = &mut self.planned {
            planned.push(shown(verb.name(), path, content.as_ref()));
            return Ok(None);
        }
        let method = http::Method::from_bytes(verb.name().as_bytes()).unwrap_or_default();
        let mut change = self.outgoing(method, self.environment.client.url(path));
        change.headers.extend(headers);
        change.content = content;
        self.sender.change(change).map(Some)
    }

    /// Sends a request to an address that needs no token.
    ///
    /// # Errors
    /// As [`Runner::send`].
    pub fn bare(
        &self,
        method: http::Method,
        url: &str,
        headers: Vec<(Cow<'static, str>, String)>,
        content: Option<(String, Bytes)>,
        repeatable: bool,
    ) -> Sent<Reply> {
        self.sender.change(Change {
            headers,
            content,
            repeatable,
            bare: true,
            ..self.outgoing(method, url.to_owned())
        })
    }

    /// Asks the identity platform for a token; `None` in a dry run.
    ///
    /// # Errors
    /// What the identity platform said, with what to do about it.
    pub fn grant(&mut self, fields: Vec<(&'static str, String)>) -> Sent<Option<Grant>> {
        let settings = Arc::clone(&self.environment.settings);
        let url = settings.application.token_url();
        if let Some(planned) = &mut self.planned {
            let shown: serde_json::Map<String, Json> = fields
                .into_iter()
                .map(|(name, value)| match OPEN_FIELDS.contains(&name) {
                    true => (name.to_owned(), json!(value)),
                    false => (name.to_owned(), json!("[redacted]")),
                })
                .collect();
            planned.push(json!({ "method": "POST", "path": url, "body": shown }));
            return Ok(None);
        }
        let client = Arc::clone(&self.environment.client);
        let asked = async move {
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            client.grant(&url, &fields, settings.timeout).await
        };
        let grant = runtime::wait(asked, self.sender.interrupted()).flatten();
        grant.map(Some).map_err(Failed::not_done)
    }

    /// Sends any request below the version, for RawRequest; `None` in a dry run of one that changes something.
    ///
    /// # Errors
    /// As [`Runner::send`].
    pub fn raw(&mut self, change: Change) -> Sent<Option<Reply>> {
        let reads = change.method == http::Method::GET || change.method == http::Method::HEAD;
        if let (false, Some(planned)) = (reads, &mut self.planned) {
            let path = change.url.replace(&self.environment.client.url(""), "");
            planned.push(shown(
                change.method.as_str(),
                &path,
                change.content.as_ref(),
            ));
            return Ok(None);
        }
        self.sender.change(change).map(Some)
    }

    /// A request to a path below the version, for RawRequest.
    pub fn to(&self, method: http::Method, path: &str) -> Change {
        self.outgoing(method, self.environment.client.url(path))
    }

    /// Waits, unless the user stops.
    pub fn sleep(&self, wait: std::time::Duration) {
        self.sender.sleep(wait);
    }

    /// Whether the user stopped.
    pub fn is_stopped(&self) -> bool {
        self.sender.is_stopped()
    }

    fn outgoing(&self, method: http::Method, url: String) -> Change {
        Change {
            method,
            url,
            // As the tables ask, so that ids of both can be compared.
            headers: vec![("Prefer".into(), "IdType=\"ImmutableId\"".to_owned())],
            content: None,
            owner: String::new(),
            permission: self.permission,
            repeatable: false,
            bare: false,
        }
    }
}

/// A request that is not sent.
fn shown(method: &str, path: &str, content: Option<&(String, Bytes)>) -> Json {
    let body = match content {
        None => Json::Null,
        Some((content_type, bytes)) if content_type.starts_with("application/json") => {
            redacted(serde_json::from_slice(bytes).unwrap_or(Json::Null))
        }
        Some((content_type, bytes)) => json!(format!("{} bytes of {content_type}", bytes.len())),
    };
    json!({ "method": method, "path": format!("/{path}"), "body": body })
}

/// A body without its passwords.
fn redacted(body: Json) -> Json {
    match body {
        Json::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let is_secret = name.to_ascii_lowercase().contains("password") && value.is_string();
                let value = if is_secret {
                    json!("[redacted]")
                } else {
                    redacted(value)
                };
                (name, value)
            })
            .collect(),
        Json::Array(items) => items.into_iter().map(redacted).collect(),
        other => other,
    }
}
