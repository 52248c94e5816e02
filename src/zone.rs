//! Wall-clock time of a named zone to UTC and back.
//!
//! Zones are named as Graph names them: by IANA or by Windows name, in any case. The rules are those
//! of the IANA database that `chrono-tz` carries (2025b, computed up to the year 2100); a name that is
//! neither, such as `tzone://Microsoft/Custom`, is unknown and never taken for UTC.

mod windows;

use chrono::offset::{LocalResult, Offset, TimeZone};
use chrono::{DateTime, NaiveDateTime, TimeDelta};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::instant::Instant;

/// The instant that a clock in `zone` showed as `local`; `None` for an unknown zone or a time that is
/// no time.
///
/// An hour that a clock shows twice (autumn) is the first of the two, with the offset that ends there.
/// An hour that a clock skips (spring) moves forward by what was skipped, as in Outlook. A text with an
/// offset of its own is an instant already: `zone` must be known but changes nothing.
pub fn to_utc(local: &str, zone: &str) -> Option<Instant> {
    let shown = Instant::parse(local)?;
    let Zone::Named(tz) = find(zone)? else {
        return Some(shown);
    };
    if is_absolute(local) {
        return Some(shown);
    }
    let offset = offset_of_clock(tz, naive(shown)?);
    Some(shown.plus_seconds(-offset))
}

/// What a clock in `zone` shows at `instant`, as `YYYY-MM-DD HH:MM:SS[.SSS]`; `None` for an unknown zone.
pub fn local(instant: Instant, zone: &str) -> Option<String> {
    let offset = match find(zone)? {
        Zone::Utc => 0,
        Zone::Named(tz) => offset_at(tz, naive(instant)?),
    };
    Some(instant.plus_seconds(offset).to_string())
}

/// A zone whose rules are known.
enum Zone {
    /// The common case, which needs no calendar.
    Utc,
    Named(Tz),
}

fn find(name: &str) -> Option<Zone> {
    let name = name.trim();
    match name {
        "" | "UTC" | "Etc/UTC" | "Etc/GMT" | "GMT" | "Z" | "tzone://Microsoft/Utc" => {
            return Some(Zone::Utc);
        }
        _ => {}
    }
    let name = windows::iana(name).unwrap_or(name);
    name.parse()
        .ok()
        .or_else(|| {
            // Only for a spelling in another case: 600 names, once per cell at most.
            let same = |tz: &&Tz| tz.name().eq_ignore_ascii_case(name);
            TZ_VARIANTS.iter().find(same).copied()
        })
        .map(Zone::Named)
}

/// Seconds east of UTC that make a clock of `tz` show `shown`.
fn offset_of_clock(tz: Tz, shown: NaiveDateTime) -> i64 {
    match tz.offset_from_local_datetime(&shown) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => seconds(&offset),
        // Skipped. A day earlier, read as UTC, the change is still to come (no zone is 24 hours ahead),
        // and with the offset before the change the clock has moved on by exactly what was skipped.
        LocalResult::None => offset_at(tz, shown - TimeDelta::days(1)),
    }
}

/// Seconds east of UTC in `tz` at a time of UTC.
fn offset_at(tz: Tz, utc: NaiveDateTime) -> i64 {
    seconds(&tz.offset_from_utc_datetime(&utc))
}

fn seconds(offset: &impl Offset) -> i64 {
    i64::from(offset.fix().local_minus_utc())
}

/// The same date and time of day for the calendar library.
fn naive(instant: Instant) -> Option<NaiveDateTime> {
    DateTime::from_timestamp(instant.seconds, 0).map(|time| time.naive_utc())
}

/// True for a text that needs no zone: with an offset, or counting milliseconds since 1970.
fn is_absolute(text: &str) -> bool {
    match text.trim().as_bytes() {
        // Behind a date there is a sign only in an offset.
        [_, _, _, _, b'-', _, _, b'-', _, _, time @ ..] => time
            .iter()
            .any(|byte| matches!(byte, b'Z' | b'z' | b'+' | b'-')),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(local: &str, zone: &str) -> Option<String> {
        to_utc(local, zone).map(|instant| instant.to_string())
    }

    fn wall(instant: &str, zone: &str) -> Option<String> {
        local(Instant::parse(instant).expect("a time"), zone)
    }

    #[track_caller]
    fn both_ways(zone: &str, shown: &str, instant: &str) {
        assert_eq!(utc(shown, zone).as_deref(), Some(instant), "{zone} to UTC");
        assert_eq!(
            wall(instant, zone).as_deref(),
            Some(shown),
            "{zone} from UTC"
        );
    }

    #[test]
    fn summer_and_winter_by_iana_and_windows_name() {
        for zone in ["Europe/Berlin", "W. Europe Standard Time"] {
            both_ways(zone, "2026-01-15 09:00:00", "2026-01-15 08:00:00");
            both_ways(zone, "2026-07-15 09:00:00", "2026-07-15 07:00:00");
        }
        for zone in ["America/Los_Angeles", "Pacific Standard Time"] {
            both_ways(zone, "2026-01-15 17:30:00", "2026-01-16 01:30:00");
            both_ways(zone, "2026-07-15 17:30:00", "2026-07-16 00:30:00");
        }
        // South of the equator summer is in January.
        both_ways(
            "AUS Eastern Standard Time",
            "2026-01-15 09:00:00",
            "2026-01-14 22:00:00",
        );
        both_ways(
            "AUS Eastern Standard Time",
            "2026-07-15 09:00:00",
            "2026-07-14 23:00:00",
        );
    }

    #[test]
    fn a_skipped_hour_moves_forward() {
        // Berlin, 2026-03-29: 02:00 becomes 03:00.
        let berlin = "W. Europe Standard Time";
        both_ways(berlin, "2026-03-29 01:59:59", "2026-03-29 00:59:59");
        assert_eq!(
            utc("2026-03-29T02:00:00", berlin).as_deref(),
            Some("2026-03-29 01:00:00")
        );
        assert_eq!(
            utc("2026-03-29T02:30:00", berlin).as_deref(),
            Some("2026-03-29 01:30:00")
        );
        assert_eq!(
            wall("2026-03-29 01:30:00", berlin).as_deref(),
            Some("2026-03-29 03:30:00")
        );
        both_ways(berlin, "2026-03-29 03:00:00", "2026-03-29 01:00:00");
        // New York, 2026-03-08.
        assert_eq!(
            utc("2026-03-08 02:15:00", "Eastern Standard Time").as_deref(),
            Some("2026-03-08 07:15:00")
        );
    }

    #[test]
    fn an_hour_shown_twice_is_the_first() {
        // Berlin, 2026-10-25: 03:00 becomes 02:00.
        let berlin = "Europe/Berlin";
        both_ways(berlin, "2026-10-25 02:30:00", "2026-10-25 00:30:00");
        assert_eq!(
            wall("2026-10-25 01:30:00", berlin).as_deref(),
            Some("2026-10-25 02:30:00")
        );
        both_ways(berlin, "2026-10-25 03:00:00", "2026-10-25 02:00:00");
        // New York, 2026-11-01: the first 01:30 is still summer time.
        both_ways(
            "America/New_York",
            "2026-11-01 01:30:00",
            "2026-11-01 05:30:00",
        );
    }

    #[test]
    fn offsets_that_are_not_whole_hours() {
        both_ways(
            "India Standard Time",
            "2026-05-01 12:00:00",
            "2026-05-01 06:30:00",
        );
        both_ways(
            "Nepal Standard Time",
            "2026-05-01 12:00:00",
            "2026-05-01 06:15:00",
        );
        both_ways(
            "Newfoundland Standard Time",
            "2026-01-01 00:00:00",
            "2026-01-01 03:30:00",
        );
        both_ways(
            "Chatham Islands Standard Time",
            "2026-01-01 13:45:00",
            "2026-01-01 00:00:00",
        );
        // Half an hour of summer time.
        both_ways(
            "Lord Howe Standard Time",
            "2026-01-01 11:00:00",
            "2026-01-01 00:00:00",
        );
        both_ways(
            "Lord Howe Standard Time",
            "2026-07-01 10:30:00",
            "2026-07-01 00:00:00",
        );
    }

    #[test]
    fn samoa_had_no_30_december_2011() {
        for zone in ["Pacific/Apia", "Samoa Standard Time"] {
            both_ways(zone, "2011-12-29 23:59:59", "2011-12-30 09:59:59");
            both_ways(zone, "2011-12-31 00:00:00", "2011-12-30 10:00:00");
            for (skipped, moved) in [
                ("2011-12-30 00:00:00", "2011-12-30 10:00:00"),
                ("2011-12-30 12:00:00", "2011-12-30 22:00:00"),
                ("2011-12-30 23:59:59", "2011-12-31 09:59:59"),
            ] {
                assert_eq!(utc(skipped, zone).as_deref(), Some(moved), "{skipped}");
            }
            assert_eq!(
                wall("2011-12-30 22:00:00", zone).as_deref(),
                Some("2011-12-31 12:00:00")
            );
        }
    }

    #[test]
    fn utc_in_all_its_names_and_the_signs_of_etc() {
        for zone in [
            "",
            "UTC",
            "utc",
            "Etc/UTC",
            "GMT",
            "Z",
            "tzone://Microsoft/Utc",
            " UTC ",
        ] {
            both_ways(zone, "2026-01-01 12:00:00", "2026-01-01 12:00:00");
        }
        // The IANA sign is the other way round.
        both_ways("UTC-11", "2026-01-01 01:00:00", "2026-01-01 12:00:00");
        both_ways("UTC+13", "2026-01-02 01:00:00", "2026-01-01 12:00:00");
        both_ways("Etc/GMT+12", "2026-01-01 00:00:00", "2026-01-01 12:00:00");
    }

    #[test]
    fn case_fractions_and_own_offsets() {
        both_ways(
            "europe/BERLIN",
            "2026-01-01 01:00:00.250",
            "2026-01-01 00:00:00.250",
        );
        both_ways(
            "tokyo standard time",
            "2026-01-01 09:00:00",
            "2026-01-01 00:00:00",
        );
        assert_eq!(
            utc("2026-01-01T09:00:00.0000000", "Asia/Tokyo").as_deref(),
            Some("2026-01-01 00:00:00")
        );
        assert_eq!(
            utc("2026-01-01T09:00:00Z", "Asia/Tokyo").as_deref(),
            Some("2026-01-01 09:00:00")
        );
        assert_eq!(
            utc("2026-01-01T09:00:00-02:00", "Asia/Tokyo").as_deref(),
            Some("2026-01-01 11:00:00")
        );
        assert_eq!(
            utc("2026-01-01", "Asia/Tokyo").as_deref(),
            Some("2025-12-31 15:00:00")
        );
    }

    #[test]
    fn what_is_unknown_is_none() {
        for zone in [
            "tzone://Microsoft/Custom",
            "Customized Time Zone",
            "Mid-Atlantic Standard Time",
            "Europe/Atlantis",
            "+01:00",
            "Europe/Berlin\0",
        ] {
            assert_eq!(utc("2026-01-01 00:00:00", zone), None, "{zone}");
            assert_eq!(wall("2026-01-01 00:00:00", zone), None, "{zone}");
        }
        assert_eq!(utc("2026-02-30 00:00:00", "Europe/Berlin"), None);
        assert_eq!(utc("noon", "Europe/Berlin"), None);
        assert_eq!(utc("noon", "UTC"), None);
    }

    #[test]
    fn the_ends_of_the_calendar() {
        both_ways("Asia/Tokyo", "9999-12-31 23:59:59", "9999-12-31 14:59:59");
        // Before zones: local mean time of Berlin, 53 minutes and 28 seconds ahead.
        both_ways(
            "Europe/Berlin",
            "1800-01-01 00:53:28",
            "1800-01-01 00:00:00",
        );
    }

    #[test]
    fn every_windows_name_is_a_zone() {
        assert_eq!(windows::ZONES.len(), 142);
        assert!(windows::ZONES.is_sorted_by(|left, right| left.0 < right.0));
        for (windows, iana) in windows::ZONES {
            assert_eq!(
                iana.parse::<Tz>().map(|tz| tz.name()),
                Ok(iana),
                "{windows}"
            );
            assert!(find(windows).is_some(), "{windows}");
        }
    }
}
