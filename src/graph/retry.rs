//! Whether a read is tried again, and when: a decision without clocks or sleeps.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use super::transport::Failure;

/// What came of one try.
pub enum Outcome<'a> {
    /// An answer.
    Answer(StatusCode, &'a HeaderMap),
    /// No (whole) answer.
    Failure {
        /// The time was up.
        timed_out: bool,
        /// There was no connection at all.
        unreachable: bool,
    },
}

impl<'a> Outcome<'a> {
    /// What the transport gave.
    pub fn of(answer: &'a Result<Response<Bytes>, Failure>) -> Self {
        match answer {
            Ok(response) => Self::Answer(response.status(), response.headers()),
            Err(failure) => Self::Failure {
                timed_out: failure.timed_out,
                unreachable: failure.unreachable,
            },
        }
    }
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decision {
    /// Use the answer, or report it.
    Done,
    /// The token was refused: get another one, once.
    NewToken,
    /// Try again after this time.
    Again(Duration),
    /// Give up.
    Fail,
}

/// Longer waits are reported instead of waited: the user decides.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The first wait when the service names none.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait when the service names none.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// Decides after try number `attempt` (the first is 1) of at most `retries` further ones.
///
/// `jitter` in 0..1 spreads the waits of many clients; `now` is needed for a `Retry-After` that is a
/// date. FACTS §4.2: 429, 503, 504 and 509 wait as told; 500 and 502 are passing; 401 is a token.
pub fn decide(
    outcome: &Outcome<'_>,
    attempt: u32,
    retries: u32,
    jitter: f64,
    now: chrono::DateTime<chrono::Utc>,
) -> Decision {
    let again = |wait: Duration| {
        if attempt > retries || wait > LONGEST_WAIT {
            Decision::Fail
        } else {
            Decision::Again(wait)
        }
    };
    match outcome {
        Outcome::Failure {
            timed_out: true, ..
        } => match attempt {
            // A server that hung once may hang again: one more try, not all of them.
            1 => again(Duration::ZERO),
            _ => Decision::Fail,
        },
        // No network, no such host, nobody listening: seldom over within seconds.
        Outcome::Failure {
            unreachable: true, ..
        } if attempt > 2 => Decision::Fail,
        Outcome::Failure { .. } => again(backoff(attempt, jitter)),
        Outcome::Answer(status, headers) => match status.as_u16() {
            401 => Decision::NewToken,
            429 | 503 | 504 | 509 => {
                again(retry_after(headers, now).unwrap_or_else(|| backoff(attempt, jitter)))
            }
            500 | 502 => again(backoff(attempt, jitter)),
            _ => Decision::Done,
        },
    }
}

/// As [`decide`], for a request that must not take effect twice: only what the service surely did not take
/// is sent again. That is what it throttled (429; 503 and 509 that say when to come back, FACTS §4.2), what
/// it refused for its token, and what found no connection at all.
pub fn decide_change(
    outcome: &Outcome<'_>,
    attempt: u32,
    retries: u32,
    jitter: f64,
    now: chrono::DateTime<chrono::Utc>,
) -> Decision {
    let is_certain = match outcome {
        Outcome::Failure { unreachable, .. } => *unreachable,
        Outcome::Answer(status, headers) => match status.as_u16() {
            503 | 509 => retry_after(headers, now).is_some(),
            500 | 502 | 504 => false,
            _ => true,
        },
    };
    match is_certain {
        true => decide(outcome, attempt, retries, jitter, now),
        false => Decision::Fail,
    }
}

/// Doubles from [`FIRST_WAIT`], each wait between half and all of it.
fn backoff(attempt: u32, jitter: f64) -> Duration {
    let full = FIRST_WAIT
        .saturating_mul(1 << attempt.saturating_sub(1).min(10))
        .min(LONGEST_BACKOFF);
    full.mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0))
}

/// `Retry-After`: seconds, which may have a fraction (FACTS §4.2), or an HTTP date.
fn retry_after(headers: &HeaderMap, now: chrono::DateTime<chrono::Utc>) -> Option<Duration> {
    let text = headers
        .get(http::header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0)
            .then(|| Duration::from_secs_f64(seconds.min(1e9)));
    }
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(status: u16, retry_after: Option<&str>, attempt: u32) -> Decision {
        let mut headers = HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert(http::header::RETRY_AFTER, text.parse().unwrap());
        }
        let now = chrono::DateTime::parse_from_rfc3339("2026-11-21T12:00:00Z")
            .unwrap()
            .to_utc();
        let status = StatusCode::from_u16(status).unwrap();
        decide(&Outcome::Answer(status, &headers), attempt, 3, 1.0, now)
    }

    #[test]
    fn the_service_says_when() {
        let again = |millis| Decision::Again(Duration::from_millis(millis));
        assert_eq!(decided(429, Some("7"), 1), again(7_000));
        assert_eq!(decided(429, Some("2.128"), 1), again(2_128));
        assert_eq!(
            decided(503, Some("Sat, 21 Nov 2026 12:00:05 GMT"), 1),
            again(5_000)
        );
        assert_eq!(
            decided(503, Some("Sat, 21 Nov 2026 11:00:00 GMT"), 1),
            again(0)
        );
        assert_eq!(decided(429, Some("soon"), 1), again(500));
        assert_eq!(decided(504, None, 3), again(2_000));
        assert_eq!(decided(429, Some("7"), 4), Decision::Fail);
        assert_eq!(decided(429, Some("3600"), 1), Decision::Fail);
    }

    #[test]
    fn only_passing_faults_are_tried_again() {
        assert_eq!(decided(200, None, 1), Decision::Done);
        assert_eq!(decided(400, None, 1), Decision::Done);
        assert_eq!(decided(403, None, 1), Decision::Done);
        assert_eq!(decided(404, None, 1), Decision::Done);
        assert_eq!(decided(501, None, 1), Decision::Done);
        assert_eq!(decided(401, None, 1), Decision::NewToken);
        assert!(matches!(decided(500, None, 1), Decision::Again(_)));
        assert!(matches!(decided(502, None, 1), Decision::Again(_)));
    }

    #[test]
    fn a_change_is_sent_again_only_when_it_was_surely_not_taken() {
        let now = chrono::Utc::now();
        let after = |outcome: Outcome<'_>| decide_change(&outcome, 1, 3, 0.0, now);
        let answer = |status: u16, retry_after: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(text) = retry_after {
                headers.insert(http::header::RETRY_AFTER, text.parse().unwrap());
            }
            after(Outcome::Answer(
                StatusCode::from_u16(status).unwrap(),
                &headers,
            ))
        };
        let again = Decision::Again(Duration::from_secs(2));
        assert_eq!(answer(429, Some("2")), again);
        assert_eq!(answer(503, Some("2")), again);
        assert_eq!(answer(401, None), Decision::NewToken);
        for status in [500, 502, 503, 504] {
            assert_eq!(answer(status, None), Decision::Fail, "{status}");
        }
        let failure = |timed_out, unreachable| {
            after(Outcome::Failure {
                timed_out,
                unreachable,
            })
        };
        assert!(matches!(failure(false, true), Decision::Again(_)));
        assert_eq!(failure(true, false), Decision::Fail);
        assert_eq!(failure(false, false), Decision::Fail);
    }

    #[test]
    fn a_hanging_server_gets_one_more_try() {
        let now = chrono::Utc::now();
        let after = |attempt| {
            let outcome = Outcome::Failure {
                timed_out: true,
                unreachable: false,
            };
            decide(&outcome, attempt, 5, 0.0, now)
        };
        assert_eq!(after(1), Decision::Again(Duration::ZERO));
        assert_eq!(after(2), Decision::Fail);
    }

    #[test]
    fn a_missing_network_is_reported_soon() {
        let now = chrono::Utc::now();
        let outcome = Outcome::Failure {
            timed_out: false,
            unreachable: true,
        };
        assert!(matches!(
            decide(&outcome, 2, 5, 0.0, now),
            Decision::Again(_)
        ));
        assert_eq!(decide(&outcome, 3, 5, 0.0, now), Decision::Fail);
    }
}
