//! Procedures of change notifications.

pub mod create_subscription;
pub mod delete_all_subscriptions;
pub mod renew_subscription;

use std::time::Duration;

use serde_json::Value as Json;

use super::{Arguments, Parameter, Runner, parameter};
use crate::catalog::Type;
use crate::graph::change::Sent;
use crate::instant::Instant;

/// Until when.
const EXPIRATION: Parameter = parameter(
    "ExpirationDateTime",
    Type::Instant,
    "When it ends, in UTC; 10,070 minutes from now by default, just under what mail and calendars allow.",
);
/// As seed 003 has it; FACTS §3.5: 10,080 at most for Outlook.
const MINUTES: u64 = 10_070;

/// When a subscription ends, as Graph writes it.
fn expiration(arguments: &Arguments) -> String {
    let given = arguments
        .text("ExpirationDateTime")
        .and_then(|text| Instant::parse(&text));
    let at = given.unwrap_or_else(|| {
        let end = chrono::Utc::now() + Duration::from_secs(MINUTES * 60);
        Instant::from_millis(end.timestamp_millis()).floor_second()
    });
    format!("{}Z", at.to_string().replace(' ', "T"))
}

/// All subscriptions of the app.
fn all(runner: &Runner<'_>) -> Sent<Vec<Json>> {
    match runner.read("subscriptions")?["value"].take() {
        Json::Array(all) => Ok(all),
        _ => Ok(Vec::new()),
    }
}
