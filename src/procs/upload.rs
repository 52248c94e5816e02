//! Large content goes up in pieces through an upload session, which goes on where a fault stopped it
//! (FACTS §3.1, §3.4).

use bytes::Bytes;
use http::Method;
use serde_json::{Value as Json, json};

use super::Runner;
use crate::error::{Error, Kind};
use crate::graph::change::{Certainty, Failed, Reply, Sent};

/// FACTS §3.4: pieces are multiples of 320 KiB; §3.1: of attachments at most 4 MB.
const UNIT: usize = 327_680;
/// One piece.
const PIECE: usize = 12 * UNIT;
/// So often one session is taken up again after a fault.
const RESUMES: u32 = 5;

/// Sends `content` to the address of a session; gives the last answer.
///
/// # Errors
/// A refusal, or a fault that could not be got over; the session is ended then, so that nothing half
/// uploaded is left.
pub(super) fn upload(runner: &Runner<'_>, session: &Json, content: &Bytes) -> Sent<Reply> {
    let Some(url) = session["uploadUrl"].as_str() else {
        return Err(Failed::not_done(Error::new(
            Kind::Malformed,
            "the upload session has no address",
        )));
    };
    let mut from = 0;
    let mut resumes = 0;
    loop {
        let to = (from + PIECE).min(content.len());
        match put(runner, url, content, from, to) {
            Ok(reply) if reply.status == 202 || (reply.status == 200 && to < content.len()) => {
                from = expected(&reply.body).unwrap_or(to);
            }
            Ok(reply) => return Ok(reply),
            Err(failed) if resumes < RESUMES && is_passing(&failed) => {
                resumes += 1;
                match position(runner, url) {
                    Some(position) => from = position,
                    // The last piece may have arrived, and its answer not: the session is gone then.
                    None if to == content.len() => {
                        return Err(Failed {
                            certainty: Certainty::Unknown,
                            ..failed
                        });
                    }
                    None => {}
                }
            }
            Err(failed) => {
                // What is left of it expires by itself when this fails too.
                let _ = runner.bare(Method::DELETE, url, Vec::new(), None, false);
                return Err(failed);
            }
        }
        if from >= content.len() {
            return Err(Failed {
                error: Error::new(
                    Kind::Malformed,
                    "the upload session asks for more than there is",
                ),
                certainty: Certainty::Unknown,
            });
        }
    }
}

fn put(runner: &Runner<'_>, url: &str, content: &Bytes, from: usize, to: usize) -> Sent<Reply> {
    let range = format!("bytes {from}-{}/{}", to - 1, content.len());
    runner.bare(
        Method::PUT,
        url,
        vec![("Content-Range".into(), range)],
        Some((
            "application/octet-stream".to_owned(),
            content.slice(from..to),
        )),
        false,
    )
}

/// Whether asking the session where it stands may help: a lost answer, a passing fault, a range that has
/// arrived already (416).
fn is_passing(failed: &Failed) -> bool {
    match failed.error.status() {
        None => failed.error.kind != Kind::Interrupted,
        Some(status) => status >= 500 || matches!(status, 408 | 416 | 429),
    }
}

/// Where the session stands.
fn position(runner: &Runner<'_>, url: &str) -> Option<usize> {
    let reply = runner.bare(Method::GET, url, Vec::new(), None, true).ok()?;
    expected(&reply.body)
}

/// The first byte that a session expects: `{"nextExpectedRanges": ["3932160-"]}`.
fn expected(body: &[u8]) -> Option<usize> {
    let answer: Json = serde_json::from_slice(body).ok()?;
    let ranges = answer["nextExpectedRanges"].as_array().or_else(|| {
        // Older services spell it so.
        answer["NextExpectedRanges"].as_array()
    })?;
    ranges.first()?.as_str()?.split('-').next()?.parse().ok()
}

/// The body that begins a session for an attachment.
pub(super) fn attachment_item(name: &str, content_type: &str, size: usize) -> Json {
    json!({ "AttachmentItem": {
        "attachmentType": "file",
        "name": name,
        "size": size,
        "contentType": content_type,
    }})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_says_where_to_go_on() {
        assert_eq!(
            expected(br#"{"nextExpectedRanges":["655360-"]}"#),
            Some(655_360)
        );
        assert_eq!(
            expected(br#"{"nextExpectedRanges":["0-99","200-"]}"#),
            Some(0)
        );
        assert_eq!(expected(br#"{"nextExpectedRanges":[]}"#), None);
        assert_eq!(expected(b"<html>"), None);
    }

    #[test]
    fn pieces_are_of_a_size_that_every_service_takes() {
        assert_eq!(PIECE % UNIT, 0);
        const { assert!(PIECE <= 4_000_000) };
    }
}
