//! `If-Match`: whether the caller has seen the thing as it is now. What a service says to a stale etag differs, and whether it wants one at all (FACTS 3, 3.4, 3.5).

use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// There is none.
    Absent,
    /// It is `*` or the present etag.
    Fits,
    /// It is another one.
    Stale,
}

/// Compares the header with the etag of now.
pub fn if_match(call: &Call, current: &str) -> Match {
    let sent: Vec<&str> = call
        .headers
        .get_all("If-Match")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(listed)
        .collect();
    match sent.as_slice() {
        [] => Match::Absent,
        tags if tags.iter().any(|tag| *tag == "*" || *tag == current) => Match::Fits,
        _ => Match::Stale,
    }
}

/// Outlook's refusal when the caller has seen another version of an item than this one: 400, not 412 (FACTS 3).
pub fn as_seen(call: &Call, item: &dyn Row) -> Answer<()> {
    let annotations = item.annotations();
    let etag = annotations.iter().find(|(name, _)| *name == "@odata.etag");
    let etag = etag.and_then(|(_, etag)| etag.as_str()).unwrap_or("");
    match if_match(call, etag) {
        Match::Absent | Match::Fits => Ok(()),
        Match::Stale => Err(Fault::new(
            400,
            "ErrorInvalidChangeKey",
            "The change key passed in the request does not match the current change key for the item.",
        )),
    }
}

/// The tags of a header: a comma between quotes belongs to the tag, as in those of files.
fn listed(value: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let apart = move |letter: char| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    };
    value.split(apart).map(str::trim)
}
