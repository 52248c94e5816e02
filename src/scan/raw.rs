//! Any GET below the version, for `o365_get`: items as they are, nextLinks followed.

use std::collections::VecDeque;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Interrupted;
use super::fetch::{Answered, EVENTUAL, OUTLOOK, logged};
use crate::error::{Error, Result};
use crate::graph::client::{Call, LONGEST_URL};
use crate::runtime;
use crate::session::Environment;
use crate::value::Value;

/// The rows of one path.
pub struct RawScan {
    environment: Environment,
    next: Option<String>,
    seen: Vec<String>,
    eventual: bool,
    rows: VecDeque<Value>,
}

impl RawScan {
    /// A scan of a path such as `users?$top=5`; nothing is asked yet.
    ///
    /// # Errors
    /// When the path would leave the version.
    pub fn new(environment: Environment, path: &str) -> Result<Self> {
        let url = url(&environment, path)?;
        // FACTS §1.4: what makes a query of the directory an advanced one needs the header too.
        let eventual = ["$count", "$search", "%24count", "%24search"]
            .iter()
            .any(|option| path.contains(option));
        Ok(Self {
            environment,
            next: Some(url),
            seen: Vec::new(),
            eventual,
            rows: VecDeque::new(),
        })
    }

    /// The next row's value.
    ///
    /// # Errors
    /// Graph's refusal, or an interrupt.
    pub fn next_row(&mut self, interrupted: Interrupted<'_>) -> Result<Option<Value>> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Ok(Some(row));
            }
            let Some(url) = self.next.take() else {
                return Ok(None);
            };
            let answer = self.page(url, interrupted)?;
            self.rows = answer.rows.into();
            self.next = answer.next.filter(|next| !self.seen.contains(next));
        }
    }

    fn page(&mut self, url: String, interrupted: Interrupted<'_>) -> Result<Answer> {
        self.seen.push(url.clone());
        let call = Call {
            url,
            // As the tables ask, so that ids of both can be compared.
            headers: match self.eventual {
                true => vec![OUTLOOK, EVENTUAL],
                false => vec![OUTLOOK],
            },
            owner: String::new(),
            permission: "that the documentation of this path names",
            body: None,
            redirects: false,
            longest: LONGEST_URL,
        };
        let environment = self.environment.clone();
        runtime::wait(
            async move { logged(&environment, &call, |body| Ok(Answer::read(body))).await },
            interrupted,
        )?
    }
}

/// The whole URL of a path, which must stay below the version of the Graph host.
fn url(environment: &Environment, path: &str) -> Result<String> {
    let path = path.trim();
    let wrong = |why: &str| {
        Error::usage(format!("o365_get: {why}")).next("Give a path such as 'me/messages?$top=5'")
    };
    let base = environment.client.url("");
    let below = path
        .strip_prefix(base.trim_end_matches('/'))
        .unwrap_or(path)
        .trim_start_matches('/');
    let below = below.strip_prefix("v1.0/").unwrap_or(below);
    let only_path = below.split(['?', '#']).next().unwrap_or(below);
    if below.is_empty() {
        return Err(wrong("the path is empty"));
    }
    if below.contains("://") && !below.contains('?') || only_path.contains("://") {
        return Err(wrong("the path names another host"));
    }
    if only_path
        .split('/')
        .any(|segment| matches!(segment, "." | ".."))
    {
        return Err(wrong("the path leaves the version"));
    }
    Ok(environment.client.url(below))
}

/// What a path answered.
struct Answer {
    rows: Vec<Value>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Collection {
    value: Vec<Box<RawValue>>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

impl Answered for Answer {
    fn rows(&self) -> usize {
        self.rows.len()
    }
}

impl Answer {
    /// The items of a collection; anything else is one row: an object, a number, a text, bytes.
    fn read(body: &Bytes) -> Self {
        if let Ok(collection) = serde_json::from_slice::<Collection>(body) {
            return Self {
                rows: collection
                    .value
                    .iter()
                    .map(|item| Value::text(item.get()))
                    .collect(),
                next: collection.next,
            };
        }
        let rows = match std::str::from_utf8(body) {
            _ if body.is_empty() => Vec::new(),
            Ok(text) => vec![Value::text(text.trim_start_matches('\u{feff}'))],
            Err(_) => vec![Value::Blob(body.as_ref().into())],
        };
        Self { rows, next: None }
    }
}
