//! Wall-clock time of a named zone to UTC.

use crate::instant::Instant;

/// The instant that a clock in `zone` showed as `local`; `None` for an unknown zone or a time that is
/// no time.
pub fn to_utc(local: &str, zone: &str) -> Option<Instant> {
    match zone {
        "" | "UTC" | "Etc/UTC" | "Etc/GMT" | "GMT" | "Z" | "tzone://Microsoft/Utc" => {
            Instant::parse(local)
        }
        _ => None,
    }
}
