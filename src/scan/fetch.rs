//! Requests of one scan: what a page is fetched with, and how SQLite's thread waits for it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use super::{Interrupted, Step};
use crate::cache::Fetch;
use crate::catalog::{Service, Table};
use crate::decode::{ID, Page, Shape};
use crate::error::Result;
use crate::graph::client::{Call, LONGEST_URL, malformed};
use crate::graph::effort::Effort;
use crate::graph::fault;
use crate::graph::log::Entry;
use crate::odata::Options;
use crate::runtime;
use crate::session::Environment;
use crate::value::Value;

/// Immutable ids and UTC, in one header and on every page (FACTS §2.9, §1.2).
pub(super) const OUTLOOK: (&str, &str) =
    ("Prefer", "IdType=\"ImmutableId\", outlook.timezone=\"UTC\"");
/// FACTS §2.7: the directory refuses longer URLs of advanced queries; links to further pages are its own.
const LONGEST_ADVANCED: usize = 2_048;
/// FACTS §1.4: advanced queries, on every page too.
pub(super) const EVENTUAL: (&str, &str) = ("ConsistencyLevel", "eventual");

/// What the requests of one target have in common.
pub(super) struct Waiter<'a> {
    /// The connection's settings and client.
    pub environment: Environment,
    table: &'static Table,
    owner: String,
    interrupted: Interrupted<'a>,
}

/// What an answer holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A page of a collection.
    Page,
    /// One item.
    Item,
    /// A file that the path redirects to.
    File,
}

impl<'a> Waiter<'a> {
    /// Requests on behalf of `owner`, whose limits count.
    pub fn new(
        table: &'static Table,
        environment: &Environment,
        owner: &str,
        interrupted: Interrupted<'a>,
    ) -> Self {
        Self {
            environment: environment.clone(),
            table,
            owner: owner.to_owned(),
            interrupted,
        }
    }

    /// Waits for a future, ending early when the statement is interrupted.
    pub fn wait<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T> {
        runtime::wait(future, self.interrupted)
    }

    /// The function that fetches and decodes a URL's page, and logs the request.
    /// A body is posted to its URL; pages behind it are read.
    pub fn fetch(
        &self,
        shape: &Arc<Shape>,
        holds: Holds,
        advanced: bool,
        posted: Option<(String, Box<str>)>,
    ) -> Fetch {
        let environment = self.environment.clone();
        let call = Call {
            url: String::new(),
            headers: self.headers(advanced),
            owner: self.owner.clone(),
            permission: self.table.permission,
            body: None,
            redirects: holds == Holds::File,
            longest: LONGEST_URL,
        };
        let advanced = advanced && self.table.service == Service::Directory;
        let shape = Arc::clone(shape);
        Arc::new(move |url: String| {
            let environment = environment.clone();
            let body = posted
                .as_ref()
                .filter(|(posted_to, _)| *posted_to == url)
                .map(|(_, body)| Bytes::copy_from_slice(body.as_bytes()));
            let longest = match advanced && !url.contains("skiptoken") {
                true => LONGEST_ADVANCED,
                false => LONGEST_URL,
            };
            let call = Call {
                url,
                body,
                longest,
                ..call.clone()
            };
            let shape = Arc::clone(&shape);
            Box::pin(async move { fetch(&environment, &call, &shape, holds).await })
        })
    }

    fn headers(&self, advanced: bool) -> Vec<(&'static str, &'static str)> {
        match self.table.service {
            Service::Outlook => vec![OUTLOOK],
            Service::Directory if advanced => vec![EVENTUAL],
            Service::Directory | Service::Drive | Service::Plain => Vec::new(),
        }
    }

    /// The values of columns that only the item at a path has, with one request: they are parts of
    /// one property, or none of them can be selected. NULL when there is no such item.
    pub fn item_values(&self, path: &str, columns: &[usize]) -> Result<Vec<(usize, Value)>> {
        let shape = Arc::new(Shape::new(self.table, columns, &[], None));
        let mut options = Options::default();
        let selected = columns
            .first()
            .map(|column| &self.table.columns[*column])
            .filter(|column| !column.unselectable);
        if let Some(column) = selected {
            options.push(
                "$select",
                format!("{},{}", self.table.key, column.selected()),
            );
        }
        let url = self.environment.client.url(&options.on(path));
        let fetch = self.fetch(&shape, Holds::Item, false, None);
        let page = match self.wait(fetch_single(fetch, url))? {
            Ok(page) => page,
            Err(error) if fault::is_absent(&error) => Page::default(),
            Err(error) => return Err(error),
        };
        let value = |column: usize| match shape.cell(column) {
            Some(cell) if !page.is_empty() => page.cell(0, cell).clone(),
            _ => Value::Null,
        };
        Ok(columns
            .iter()
            .map(|column| (*column, value(*column)))
            .collect())
    }

    /// Notes in the log that a chain of the cache is used.
    pub fn log_hit(&self, url: &str, rows: usize) {
        self.environment.log.push(Entry {
            seq: 0,
            started: chrono::Utc::now(),
            method: "GET",
            url: url.to_owned(),
            status: None,
            attempts: 0,
            waited: std::time::Duration::ZERO,
            elapsed: std::time::Duration::ZERO,
            bytes: 0,
            rows: rows as u64,
            cache: "hit",
            request_id: None,
            error: None,
        });
    }
}

async fn fetch_single(fetch: Fetch, url: String) -> Result<Page> {
    fetch(url).await
}

async fn fetch(
    environment: &Environment,
    call: &Call,
    shape: &Shape,
    holds: Holds,
) -> Result<Page> {
    logged(environment, call, |body| match holds {
        Holds::Page => shape.page(body),
        Holds::Item => shape.item(body),
        Holds::File => shape.csv(body),
    })
    .await
}

/// What an answer was decoded to, for the log.
pub(super) trait Answered {
    /// How many rows it has.
    fn rows(&self) -> usize;
}

impl Answered for Page {
    fn rows(&self) -> usize {
        self.len()
    }
}

/// Reads and decodes one URL; what came of it goes into the connection's log.
pub(super) async fn logged<T: Answered>(
    environment: &Environment,
    call: &Call,
    decode: impl FnOnce(&Bytes) -> std::result::Result<T, String>,
) -> Result<T> {
    let started = chrono::Utc::now();
    let clock = Instant::now();
    let mut effort = Effort::heard_by(&environment.log);
    let answer = environment
        .client
        .get(call, environment.patience(), &mut effort)
        .await;
    let bytes = answer.as_ref().map_or(0, |body| body.len() as u64);
    let answer =
        answer.and_then(|body| decode(&body).map_err(|sentence| malformed(&sentence, &effort)));
    environment.log.push(Entry {
        seq: 0,
        started,
        method: call.method(),
        url: call.url.clone(),
        status: effort.status,
        attempts: effort.attempts,
        waited: effort.waited,
        elapsed: clock.elapsed(),
        bytes,
        rows: answer.as_ref().map_or(0, |answer| answer.rows() as u64),
        cache: if environment.policy().is_off() {
            "off"
        } else {
            "miss"
        },
        request_id: effort.request_id,
        error: answer.as_ref().err().map(ToString::to_string),
    });
    answer
}

/// A row's identity: its owner, the inputs it echoes (an item of two folders that were asked for is two
/// rows) and its id, hashed to 128 bits, so that two of a billion rows share one with a chance below
/// 10^-20.
pub(super) fn identity(step: &Step, page: &Page, index: usize) -> u128 {
    let id = page.cell(index, ID).as_text().unwrap_or_default();
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, &step.target.owner, id).hash(&mut hasher);
        for (column, value) in &step.target.echo {
            (column, value.as_text()).hash(&mut hasher);
        }
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
