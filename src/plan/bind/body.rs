//! What is posted where reading is a POST, and the slots that a schedule is cut into.

use serde_json::json;

use super::Given;
use super::places::text_of;
use super::window::Between;
use crate::catalog::{Body, Role, Route, Table};
use crate::error::{Error, Result};
use crate::instant::Instant;

/// The minutes of a slot where none are said (R/scheduleInformation).
const INTERVAL: i64 = 30;

/// The slots of a schedule, one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slots {
    /// When the first one begins.
    pub start: Instant,
    /// When the last one ends at the latest.
    pub end: Instant,
    /// How long each one is, in minutes.
    pub minutes: i64,
}

/// As many mailboxes may be asked at once (FACTS §1.2).
const SCHEDULES: usize = 20;

/// The bodies to post to a route, with the slots they ask for.
pub(super) fn bodies(
    table: &Table,
    route: &Route,
    given: &[Given<'_>],
    window: Option<&Between>,
) -> Result<Vec<(Box<str>, Slots)>> {
    let (Some(Body::Schedule), Some(window)) = (route.body, window) else {
        return Ok(Vec::new());
    };
    let input = |name| text_of(table, given, Role::Parent(name));
    let minutes = match input("intervalMinutes") {
        None => INTERVAL,
        Some(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|minutes| (5..=1440).contains(minutes))
            .ok_or_else(|| {
                Error::usage(format!("intervalMinutes is `{text}`"))
                    .next("Give whole minutes from 5 to 1440")
            })?,
    };
    let addresses = addresses(&input("addresses").unwrap_or_default())?;
    // Asked in UTC, so that the slots are where the row says, whatever changes its clocks in between.
    let point = |instant: Instant| json!({"dateTime": instant.to_string().replace(' ', "T"), "timeZone": "UTC"});
    let slots = Slots {
        start: window.start,
        end: window.end,
        minutes,
    };
    let body = |addresses: &[String]| {
        json!({
            "schedules": addresses,
            "startTime": point(window.start),
            "endTime": point(window.end),
            "availabilityViewInterval": minutes,
        })
        .to_string()
    };
    Ok(addresses
        .chunks(SCHEDULES)
        .map(|chunk| (body(chunk).into(), slots))
        .collect())
}

/// Addresses as a JSON array of texts, or with `;` between them.
fn addresses(text: &str) -> Result<Vec<String>> {
    let addresses: Vec<String> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(|error| {
            Error::usage(format!("addresses is not a JSON array of texts: {error}"))
                .next("Write '[\"a@contoso.com\"]' or 'a@contoso.com; b@contoso.com'")
        })?
    } else {
        text.split(';')
            .map(|address| address.trim().to_owned())
            .filter(|address| !address.is_empty())
            .collect()
    };
    if addresses.is_empty() {
        return Err(Error::usage("addresses is empty").next("Name at least one mailbox"));
    }
    Ok(addresses)
}
