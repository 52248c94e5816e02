//! Sends writes: each once, unless it is certain that the service did not take it.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};

use super::client::{Client, Patience, asked, guid, jitter, request_id, sendable};
use super::effort::Effort;
use super::fault;
use super::retry::{Decision, Outcome, decide, decide_change};
use super::token::{bearer, challenge};
use crate::error::{Error, Kind};

/// A request that changes something.
#[derive(Clone, Debug)]
pub struct Change {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// Beside authorisation and the request's id.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The body and its type.
    pub content: Option<(String, Bytes)>,
    /// The mailbox or service whose limits count.
    pub owner: String,
    /// For the hint on a 403.
    pub permission: &'static str,
    /// Twice has the effect of once: it may be repeated when nobody knows what became of it.
    pub repeatable: bool,
    /// Without a token, which is not for this address: what it names lets in whoever has it (upload
    /// sessions, monitors; FACTS §3.1, §3.4).
    pub bare: bool,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status, a success.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// How a write failed.
#[derive(Clone, Debug)]
pub struct Failed {
    /// Why.
    pub error: Error,
    /// What is known of its effect.
    pub certainty: Certainty,
}

/// What came of a write.
pub type Sent<T> = Result<T, Failed>;

/// What is known of a write that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The service refused it, or never saw it.
    NotDone,
    /// It may have been done: the answer was lost.
    Unknown,
}

impl Failed {
    /// The service refused it, or never saw it.
    pub fn not_done(error: Error) -> Self {
        Self {
            error,
            certainty: Certainty::NotDone,
        }
    }
}

/// What is wrong before anything is sent is not done.
impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::not_done(error)
    }
}

impl Client {
    /// Sends a write. After `stop` is set nothing is sent again.
    ///
    /// # Errors
    /// Graph's refusal, or a failure with what is known of its effect.
    pub async fn change(
        &self,
        change: &Change,
        patience: Patience,
        stop: &Arc<AtomicBool>,
        effort: &mut Effort,
    ) -> Result<Reply, Failed> {
        if !change.bare && !self.is_own(&change.url) {
            return Err(Failed::not_done(Error::new(
                Kind::Malformed,
                "the request would go to a host that is not the Graph host",
            )));
        }
        let mut renewed = false;
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(Failed::not_done(Error::new(
                    Kind::Interrupted,
                    "interrupted",
                )));
            }
            let token = match change.bare {
                true => None,
                false => Some(self.token(patience).await.map_err(Failed::not_done)?),
            };
            let bearer = token.as_ref().map(bearer).transpose();
            let request = request(change, bearer.map_err(Failed::not_done)?)?;
            let slot = self.limits.slot(&change.owner).await;
            effort.attempts += 1;
            let answer = self.transport.send(request, patience.timeout).await;
            drop(slot);
            if let Ok(response) = &answer {
                effort.status = Some(response.status().as_u16());
                effort.request_id = request_id(response);
            }
            let outcome = Outcome::of(&answer);
            let tries = effort.attempts - u32::from(renewed);
            let decide = if change.repeatable {
                decide
            } else {
                decide_change
            };
            let decision = decide(
                &outcome,
                tries,
                patience.retries,
                jitter(),
                chrono::Utc::now(),
            );
            match (decision, &token) {
                (Decision::NewToken, Some(token))
                    if !renewed && self.tokens.refused(token, challenge(&answer)).await =>
                {
                    renewed = true;
                }
                (Decision::Again(wait), _) => {
                    if effort.status == Some(429) {
                        self.limits.pause(&change.owner, wait);
                    }
                    effort.wait(wait).await;
                }
                _ => return finish(change, answer, effort),
            }
        }
    }
}

fn request(change: &Change, bearer: Option<http::HeaderValue>) -> Result<Request<Bytes>, Failed> {
    let mut builder = Request::builder()
        .method(change.method.clone())
        .uri(sendable(&change.url))
        .header(http::header::ACCEPT, "application/json");
    if let Some(bearer) = bearer {
        builder = builder
            .header(http::header::AUTHORIZATION, bearer)
            .header("client-request-id", guid());
    }
    for (name, value) in &change.headers {
        builder = builder.header(name.as_ref(), value);
    }
    let body = match &change.content {
        Some((content_type, bytes)) => {
            builder = builder.header(http::header::CONTENT_TYPE, content_type);
            bytes.clone()
        }
        None => Bytes::new(),
    };
    builder.body(body).map_err(|error| {
        Failed::not_done(Error::usage(format!("the request cannot be sent: {error}")))
    })
}

fn finish(
    change: &Change,
    answer: Result<Response<Bytes>, super::transport::Failure>,
    effort: &Effort,
) -> Result<Reply, Failed> {
    let what = format!("{} {}", change.method, asked(&change.url));
    match answer {
        Ok(response) if response.status().is_success() || response.status().is_redirection() => {
            Ok(Reply {
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                body: response.into_body(),
            })
        }
        Ok(response) => {
            let fault = fault::read(response.status(), response.headers(), response.body());
            // A service that failed may have done it before it did.
            let certainty = match fault.status {
                500.. if fault.status != 501 && fault.status != 507 && fault.status != 509 => {
                    Certainty::Unknown
                }
                _ => Certainty::NotDone,
            };
            let retried =
                matches!(fault.status, 503) && response.headers().contains_key("Retry-After");
            Err(Failed {
                error: fault::error(fault, &what, change.permission),
                certainty: if retried {
                    Certainty::NotDone
                } else {
                    certainty
                },
            })
        }
        Err(failure) => {
            let kind = match failure.timed_out {
                true => Kind::Timeout,
                false => Kind::Unavailable,
            };
            let tries = match effort.attempts {
                1 => String::new(),
                many => format!(" in {many} tries"),
            };
            Err(Failed {
                error: Error::new(
                    kind,
                    format!("{what} got no answer{tries}: {}", failure.text),
                )
                .next(failure.next()),
                certainty: match failure.unreachable {
                    true => Certainty::NotDone,
                    false => Certainty::Unknown,
                },
            })
        }
    }
}
