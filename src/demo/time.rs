//! Instants as 100-nanosecond ticks since 1970 UTC: reading them out of literals and writing them the way Graph does.

/// Ticks in one second.
pub const SECOND: i64 = 10_000_000;
/// Ticks in one day.
pub const DAY: i64 = 86_400 * SECOND;

/// Ticks of a civil date at midnight UTC.
pub fn date(year: i64, month: i64, day: i64) -> i64 {
    days_from_civil(year, month, day) * DAY
}

/// The day on which the demo tenant stands still: the day after the last sign-ins, and the date in its error bodies.
pub fn today() -> i64 {
    date(2026, 11, 30)
}

/// The civil date that holds the instant: year, month, day.
pub fn civil(ticks: i64) -> (i64, i64, i64) {
    let z = ticks.div_euclid(DAY) + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (
        yoe + era * 400 + i64::from(month <= 2),
        month,
        doy - (153 * mp + 2) / 5 + 1,
    )
}

/// Weekday of the instant, 0 = Sunday.
pub fn weekday(ticks: i64) -> i64 {
    (ticks.div_euclid(DAY) + 4).rem_euclid(7)
}

/// Days in a month.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    days_from_civil(next_year, next_month, 1) - days_from_civil(year, month, 1)
}

/// `2026-01-31`.
pub fn show_date(ticks: i64) -> String {
    let (year, month, day) = civil(ticks);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-01-31T08:00:00Z`; a fraction only when there is one (FACTS 2.8: mail without fraction, directory with up to seven digits).
pub fn show(ticks: i64) -> String {
    let fraction = ticks.rem_euclid(SECOND);
    let mut text = show_seconds(ticks);
    if fraction != 0 {
        text.push('.');
        text.push_str(format!("{fraction:07}").trim_end_matches('0'));
    }
    text.push('Z');
    text
}

/// `2026-01-31T08:00:00.0000000`: the zone-less form inside dateTimeTimeZone (FACTS 1.2).
pub fn show_wall(ticks: i64) -> String {
    format!("{}.{:07}", show_seconds(ticks), ticks.rem_euclid(SECOND))
}

/// Reads `YYYY-MM-DDThh:mm[:ss[.f{1,7}]](Z|±hh:mm)`; a date alone or a missing zone is `None`.
pub fn parse(text: &str) -> Option<i64> {
    let (wall, offset) = split_offset(text)?;
    Some(parse_wall(wall)? - offset)
}

/// Reads a date-time without zone.
pub fn parse_wall(text: &str) -> Option<i64> {
    let (day, clock) = text.split_once(['T', 't'])?;
    Some(parse_date(day)? + parse_clock(clock)?)
}

/// Reads `YYYY-MM-DD`.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (year, month, day) = (digits(year)?, digits(month)?, digits(day)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    Some(date(year, month, day))
}

fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(wall) = text.strip_suffix(['Z', 'z']) {
        return Some((wall, 0));
    }
    let at = text.len().checked_sub(6)?;
    let (wall, offset) = (text.get(..at)?, text.get(at..)?);
    let sign = match offset.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = offset[1..].split_once(':')?;
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours <= 14 && minutes < 60).then_some((wall, sign * (hours * 60 + minutes) * 60 * SECOND))
}

fn parse_clock(text: &str) -> Option<i64> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.split(':');
    let (hour, minute) = (two(parts.next()?)?, two(parts.next()?)?);
    let second = parts.next().map_or(Some(0), two)?;
    if parts.next().is_some()
        || hour > 23
        || minute > 59
        || second > 59
        || fraction.len() > 7
        || text.ends_with('.')
    {
        return None;
    }
    let fraction = if fraction.is_empty() {
        0
    } else {
        digits(&format!("{fraction:0<7}"))?
    };
    Some((hour * 3_600 + minute * 60 + second) * SECOND + fraction)
}

fn two(text: &str) -> Option<i64> {
    if text.len() == 2 { digits(text) } else { None }
}

fn digits(text: &str) -> Option<i64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn show_seconds(ticks: i64) -> String {
    let seconds = ticks.div_euclid(SECOND).rem_euclid(86_400);
    format!(
        "{}T{:02}:{:02}:{:02}",
        show_date(ticks),
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_round_trip() {
        let text = "2026-02-28T23:59:59.1234567Z";
        assert_eq!(show(parse(text).expect("valid")), text);
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(
            parse("2026-01-01T01:00:00+01:00"),
            parse("2026-01-01T00:00Z")
        );
        assert_eq!(show(date(2024, 12, 1)), "2024-12-01T00:00:00Z");
        assert_eq!(show_wall(date(2024, 2, 29)), "2024-02-29T00:00:00.0000000");
        assert_eq!(weekday(date(2026, 11, 21)), 6);
    }

    #[test]
    fn malformed_instants_are_refused() {
        for text in [
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-02-30T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "x",
            "",
            "2026-01-01T00:00:00.12345678Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
