//! Points in time as text: every spelling read, one spelling written, compared by instant.
//!
//! Written: UTC `YYYY-MM-DD HH:MM:SS`, `.SSS` only when not zero, at most three digits (contract §3).

use std::cmp::Ordering;
use std::fmt;

/// A point in time, to the nanosecond, in the years 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Seconds since 1970-01-01 UTC.
    pub seconds: i64,
    /// Nanoseconds in that second.
    pub nanos: u32,
}

/// 0001-01-01 00:00:00.
const FIRST: i64 = -62_135_596_800;
/// 9999-12-31 23:59:59.
const LAST: i64 = 253_402_300_799;

impl Instant {
    /// Reads `YYYY-MM-DD`, `YYYY-MM-DD[T ]HH:MM[:SS[.fraction]]` with `Z`, `±HH:MM` or nothing (UTC)
    /// behind it, or whole milliseconds since 1970 of at least eleven digits (a JDBC timestamp
    /// parameter). `None` for everything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.trim().as_bytes();
        if bytes.len() >= 10 && bytes[4] == b'-' {
            parse_calendar(bytes)
        } else {
            parse_milliseconds(bytes)
        }
    }

    /// Milliseconds since 1970.
    pub fn from_millis(millis: i64) -> Self {
        Self {
            seconds: millis.div_euclid(1000),
            // In 0..1000, so the product fits.
            nanos: (millis.rem_euclid(1000) * 1_000_000) as u32,
        }
    }

    /// This instant moved by whole seconds, at most to an end of the calendar.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let moved = self.seconds.saturating_add(seconds);
        Self {
            seconds: moved.clamp(FIRST.min(self.seconds), LAST.max(self.seconds)),
            nanos: self.nanos,
        }
    }

    /// True from year 1 to year 9999: what Edm.DateTimeOffset holds, and what can be written with four
    /// digits for the year, so that texts of instants sort as the instants do.
    pub fn is_in_calendar(self) -> bool {
        (FIRST..=LAST).contains(&self.seconds)
    }

    /// The last whole second that is not later.
    pub fn floor_second(self) -> Self {
        Self {
            seconds: self.seconds,
            nanos: 0,
        }
    }

    /// The first whole second that is not earlier.
    pub fn ceil_second(self) -> Self {
        if self.nanos == 0 {
            self
        } else {
            self.floor_second().plus_seconds(1)
        }
    }

    /// True without a fraction of a second.
    pub fn is_whole_second(self) -> bool {
        self.nanos == 0
    }

    /// The date and time of day, for literals of other languages: (year, month, day, h, m, s).
    pub fn civil(self) -> (i64, u32, u32, u32, u32, u32) {
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(86_400));
        // In 0..86400.
        let second = self.seconds.rem_euclid(86_400) as u32;
        (
            year,
            month,
            day,
            second / 3600,
            second / 60 % 60,
            second % 60,
        )
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day, hour, minute, second) = self.civil();
        write!(
            f,
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        )?;
        match self.nanos / 1_000_000 {
            0 => Ok(()),
            millis => write!(f, ".{millis:03}"),
        }
    }
}

/// The collation `o365_instant`: by instant where both sides are one; what is none sorts behind, by bytes.
pub fn compare(left: &str, right: &str) -> Ordering {
    match (Instant::parse(left), Instant::parse(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.as_bytes().cmp(right.as_bytes()),
    }
}

fn parse_calendar(bytes: &[u8]) -> Option<Instant> {
    let (date, rest) = bytes.split_at(10);
    if date[4] != b'-' || date[7] != b'-' {
        return None;
    }
    let (year, month, day) = (
        number(&date[..4])?,
        number(&date[5..7])?,
        number(&date[8..])?,
    );
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let days = days_from_civil(year, month, day);
    let (seconds, nanos) = parse_time_of_day(rest)?;
    Some(Instant {
        seconds: days * 86_400 + seconds,
        nanos,
    })
}

/// Seconds (offset taken off) and nanoseconds behind a date; nothing is midnight.
fn parse_time_of_day(bytes: &[u8]) -> Option<(i64, u32)> {
    let Some((separator, rest)) = bytes.split_first() else {
        return Some((0, 0));
    };
    if !matches!(separator, b'T' | b't' | b' ') || rest.len() < 5 || rest[2] != b':' {
        return None;
    }
    let (hour, minute) = (number(&rest[..2])?, number(&rest[3..5])?);
    let mut rest = &rest[5..];
    let mut second = 0;
    let mut nanos = 0;
    if rest.first() == Some(&b':') {
        second = number(rest.get(1..3)?)?;
        rest = &rest[3..];
        if rest.first() == Some(&b'.') {
            let digits = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
            nanos = fraction(&rest[1..=digits])?;
            rest = &rest[1 + digits..];
        }
    }
    // A leap second is read as the next minute's start; 24:00 is not a time of day.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = parse_offset(rest)?;
    Some((hour * 3600 + minute * 60 + second - offset, nanos))
}

/// Seconds east of UTC.
fn parse_offset(bytes: &[u8]) -> Option<i64> {
    let bytes = match bytes {
        [b' ', rest @ ..] => rest,
        all => all,
    };
    match bytes {
        [] | b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let (hours, minutes) = match rest.len() {
                2 => (number(rest)?, 0),
                4 => (number(&rest[..2])?, number(&rest[2..])?),
                5 if rest[2] == b':' => (number(&rest[..2])?, number(&rest[3..])?),
                _ => return None,
            };
            if hours > 23 || minutes > 59 {
                return None;
            }
            let seconds = hours * 3600 + minutes * 60;
            Some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

fn parse_milliseconds(bytes: &[u8]) -> Option<Instant> {
    // SQLite turns a REAL parameter into text with `.0` behind it.
    let bytes = bytes.strip_suffix(b".0").unwrap_or(bytes);
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    // 14 digits end in the year 5138; fewer than 11 would make small numbers instants.
    if !(11..=14).contains(&digits.len()) {
        return None;
    }
    let millis = number(digits)?;
    Some(Instant::from_millis(if bytes.len() == digits.len() {
        millis
    } else {
        -millis
    }))
}

/// Nanoseconds from the digits behind a point; more than nine are cut.
fn fraction(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    let mut nanos = 0;
    for position in 0..9 {
        let digit = match digits.get(position) {
            Some(byte) => u32::from(byte - b'0'),
            None => 0,
        };
        nanos = nanos * 10 + digit;
    }
    Some(nanos)
}

fn number(digits: &[u8]) -> Option<i64> {
    let mut value = 0i64;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(byte - b'0');
    }
    Some(value)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a proleptic Gregorian date (the usual shifted-March algorithm; a
/// collation runs once per comparison, which is why no calendar library is asked).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    // Both are small by construction.
    (year, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_ends_at_the_ends_of_the_calendar() {
        let at = |text: &str| Instant::parse(text).expect("an instant");
        let last = at("9999-12-31 12:00:00").plus_seconds(86_400);
        assert_eq!(last.to_string(), "9999-12-31 23:59:59");
        let first = at("0001-01-01").plus_seconds(-86_400);
        assert_eq!(first.to_string(), "0001-01-01 00:00:00");
        assert!(first.is_in_calendar() && last.is_in_calendar());
        assert!(!at("0000-12-31").is_in_calendar());
        assert!(!Instant::from_millis(i64::MAX).is_in_calendar());
    }

    fn normal(text: &str) -> Option<String> {
        Instant::parse(text).map(|instant| instant.to_string())
    }

    #[test]
    fn every_spelling_is_one_instant() {
        for text in [
            "2026-01-01",
            "2026-01-01T00:00",
            "2026-01-01 00:00:00",
            "2026-01-01T00:00:00Z",
            "2026-01-01t00:00:00.0000000z",
            "2026-01-01 01:00:00+01:00",
            "2025-12-31T18:30:00-0530",
            "2025-12-31 22:00 -02",
            "1767225600000",
            "1767225600000.0",
        ] {
            assert_eq!(
                normal(text).as_deref(),
                Some("2026-01-01 00:00:00"),
                "{text}"
            );
        }
    }

    #[test]
    fn fractions_are_written_with_three_digits() {
        assert_eq!(
            normal("2026-01-01T00:00:00.1234567Z").as_deref(),
            Some("2026-01-01 00:00:00.123")
        );
        assert_eq!(
            normal("2026-01-01T00:00:00.0004Z").as_deref(),
            Some("2026-01-01 00:00:00")
        );
        assert_eq!(
            normal("1969-12-31T23:59:59.5Z").as_deref(),
            Some("1969-12-31 23:59:59.500")
        );
        assert_eq!(
            normal("-86400000000").as_deref(),
            Some("1967-04-07 00:00:00")
        );
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-02-29",
            "2026-01-01T24:00",
            "2026-01-01x",
            "12345",
            "2026-01-01T00:00:00+1",
            "2026-01-01T00:00:00.",
            "not a date",
            "2026-1-1",
            "🙂🙂🙂",
            "99999999999999999999",
        ] {
            assert_eq!(normal(text), None, "{text}");
        }
    }

    #[test]
    fn the_calendar_goes_round() {
        for seconds in (-62_135_596_800i64..253_402_300_799).step_by(86_400 * 37 + 12_345) {
            let instant = Instant { seconds, nanos: 0 };
            assert_eq!(Instant::parse(&instant.to_string()), Some(instant));
        }
    }

    #[test]
    fn the_collation_is_total() {
        assert_eq!(
            compare("2026-01-01", "2026-01-01T00:00:00Z"),
            Ordering::Equal
        );
        assert_eq!(
            compare("2026-01-01", "2025-12-31 23:59:59.999"),
            Ordering::Greater
        );
        assert_eq!(compare("2026-01-01", "soon"), Ordering::Less);
        assert_eq!(compare("soon", "later"), Ordering::Greater);
    }
}
