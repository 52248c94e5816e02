//! The time zones of the demo tenant's events, under their Windows and IANA names, with today's daylight-saving rules.

use crate::demo::time::{DAY, SECOND, civil, date, days_in_month, weekday};

/// A time zone.
#[derive(Debug)]
pub struct Zone {
    /// Windows name: what Exchange stores.
    pub windows: &'static str,
    /// IANA name.
    pub iana: &'static str,
    /// Standard offset in minutes east of UTC.
    offset: i64,
    rule: Rule,
}

#[derive(Debug, PartialEq)]
enum Rule {
    None,
    /// Last Sunday of March to last Sunday of October, 01:00 UTC.
    Europe,
    /// Second Sunday of March to first Sunday of November, 02:00 local time.
    America,
}

/// All known zones; UTC first.
pub const ZONES: &[Zone] = &[
    Zone {
        windows: "UTC",
        iana: "Etc/UTC",
        offset: 0,
        rule: Rule::None,
    },
    Zone {
        windows: "Pacific Standard Time",
        iana: "America/Los_Angeles",
        offset: -480,
        rule: Rule::America,
    },
    Zone {
        windows: "Eastern Standard Time",
        iana: "America/New_York",
        offset: -300,
        rule: Rule::America,
    },
    Zone {
        windows: "W. Europe Standard Time",
        iana: "Europe/Berlin",
        offset: 60,
        rule: Rule::Europe,
    },
    Zone {
        windows: "GMT Standard Time",
        iana: "Europe/London",
        offset: 0,
        rule: Rule::Europe,
    },
    Zone {
        windows: "Tokyo Standard Time",
        iana: "Asia/Tokyo",
        offset: 540,
        rule: Rule::None,
    },
    Zone {
        windows: "India Standard Time",
        iana: "Asia/Kolkata",
        offset: 330,
        rule: Rule::None,
    },
];

const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// The zone with a Windows or IANA name.
pub fn find(name: &str) -> Option<&'static Zone> {
    ZONES.iter().find(|zone| {
        zone.windows.eq_ignore_ascii_case(name) || zone.iana.eq_ignore_ascii_case(name)
    })
}

impl Zone {
    /// Wall clock at an instant.
    pub fn to_wall(&self, utc: i64) -> i64 {
        utc + self.offset_at(utc)
    }

    /// The instant of a wall clock; in the skipped hour the one after the jump, in the repeated hour the first.
    pub fn to_utc(&self, wall: i64) -> i64 {
        let summer = wall - self.offset * MINUTE - HOUR;
        if self.offset_at(summer) != self.offset * MINUTE {
            summer
        } else {
            wall - self.offset * MINUTE
        }
    }

    fn offset_at(&self, utc: i64) -> i64 {
        let (year, _, _) = civil(utc);
        let standard = self.offset * MINUTE;
        let (from, to) = match self.rule {
            Rule::None => return standard,
            Rule::Europe => (last_sunday(year, 3) + HOUR, last_sunday(year, 10) + HOUR),
            Rule::America => {
                let two = 2 * HOUR - standard;
                (
                    nth_sunday(year, 3, 2) + two,
                    nth_sunday(year, 11, 1) + two - HOUR,
                )
            }
        };
        if (from..to).contains(&utc) {
            standard + HOUR
        } else {
            standard
        }
    }
}

fn nth_sunday(year: i64, month: i64, n: i64) -> i64 {
    let first = date(year, month, 1);
    first + ((7 - weekday(first)) % 7 + 7 * (n - 1)) * DAY
}

fn last_sunday(year: i64, month: i64) -> i64 {
    let last = date(year, month, days_in_month(year, month));
    last - weekday(last) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::time::{parse, show};

    #[test]
    fn daylight_saving() {
        let berlin = find("Europe/Berlin").expect("known");
        let wall = |text: &str| show(berlin.to_wall(parse(text).expect("valid")));
        assert_eq!(wall("2026-03-29T00:59:59Z"), "2026-03-29T01:59:59Z");
        assert_eq!(wall("2026-03-29T01:00:00Z"), "2026-03-29T03:00:00Z");
        assert_eq!(wall("2026-10-25T01:00:00Z"), "2026-10-25T02:00:00Z");
        let seattle = find("pacific standard time").expect("known");
        assert_eq!(
            show(seattle.to_wall(parse("2026-03-08T10:00:00Z").expect("valid"))),
            "2026-03-08T03:00:00Z"
        );
        assert_eq!(
            show(seattle.to_wall(parse("2026-11-01T09:00:00Z").expect("valid"))),
            "2026-11-01T01:00:00Z"
        );
    }

    #[test]
    fn there_and_back() {
        for zone in ZONES {
            for hours in 0..24 * 365 {
                let utc = date(2026, 1, 1) + hours * HOUR;
                let back = zone.to_utc(zone.to_wall(utc));
                // The repeated hour in autumn has two instants.
                assert!(
                    back == utc || utc - back == HOUR,
                    "{} {}",
                    zone.windows,
                    show(utc)
                );
            }
        }
    }
}
