//! The time zones that the demo tenant's mailboxes support, under their Windows and IANA names, with today's daylight-saving rules.
//!
//! Zones whose rules are neither Europe's nor North America's are left out: a zone is either right or not supported.

use crate::demo::time::{DAY, SECOND, civil, date, days_in_month, weekday};

/// A time zone.
#[derive(Debug)]
pub struct Zone {
    /// Windows name: what Exchange stores.
    pub windows: &'static str,
    /// IANA name.
    pub iana: &'static str,
    /// The name for people.
    pub shown: &'static str,
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

/// The zones in which the demo tenant's events are made; UTC first.
pub const ZONES: &[Zone] = &[
    zone(
        "UTC",
        "Etc/UTC",
        0,
        Rule::None,
        "(UTC) Coordinated Universal Time",
    ),
    zone(
        "Pacific Standard Time",
        "America/Los_Angeles",
        -480,
        Rule::America,
        "(UTC-08:00) Pacific Time (US & Canada)",
    ),
    zone(
        "Eastern Standard Time",
        "America/New_York",
        -300,
        Rule::America,
        "(UTC-05:00) Eastern Time (US & Canada)",
    ),
    zone(
        "W. Europe Standard Time",
        "Europe/Berlin",
        60,
        Rule::Europe,
        "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
    ),
    zone(
        "GMT Standard Time",
        "Europe/London",
        0,
        Rule::Europe,
        "(UTC+00:00) Dublin, Edinburgh, Lisbon, London",
    ),
    zone(
        "Tokyo Standard Time",
        "Asia/Tokyo",
        540,
        Rule::None,
        "(UTC+09:00) Osaka, Sapporo, Tokyo",
    ),
    zone(
        "India Standard Time",
        "Asia/Kolkata",
        330,
        Rule::None,
        "(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi",
    ),
];

/// The others, from west to east.
const OTHERS: &[Zone] = &[
    zone(
        "Dateline Standard Time",
        "Etc/GMT+12",
        -720,
        Rule::None,
        "(UTC-12:00) International Date Line West",
    ),
    zone(
        "UTC-11",
        "Etc/GMT+11",
        -660,
        Rule::None,
        "(UTC-11:00) Coordinated Universal Time-11",
    ),
    zone(
        "Hawaiian Standard Time",
        "Pacific/Honolulu",
        -600,
        Rule::None,
        "(UTC-10:00) Hawaii",
    ),
    zone(
        "Marquesas Standard Time",
        "Pacific/Marquesas",
        -570,
        Rule::None,
        "(UTC-09:30) Marquesas Islands",
    ),
    zone(
        "Alaskan Standard Time",
        "America/Anchorage",
        -540,
        Rule::America,
        "(UTC-09:00) Alaska",
    ),
    zone(
        "US Mountain Standard Time",
        "America/Phoenix",
        -420,
        Rule::None,
        "(UTC-07:00) Arizona",
    ),
    zone(
        "Mountain Standard Time",
        "America/Denver",
        -420,
        Rule::America,
        "(UTC-07:00) Mountain Time (US & Canada)",
    ),
    zone(
        "Central America Standard Time",
        "America/Guatemala",
        -360,
        Rule::None,
        "(UTC-06:00) Central America",
    ),
    zone(
        "Central Standard Time",
        "America/Chicago",
        -360,
        Rule::America,
        "(UTC-06:00) Central Time (US & Canada)",
    ),
    zone(
        "Central Standard Time (Mexico)",
        "America/Mexico_City",
        -360,
        Rule::None,
        "(UTC-06:00) Guadalajara, Mexico City, Monterrey",
    ),
    zone(
        "Canada Central Standard Time",
        "America/Regina",
        -360,
        Rule::None,
        "(UTC-06:00) Saskatchewan",
    ),
    zone(
        "SA Pacific Standard Time",
        "America/Bogota",
        -300,
        Rule::None,
        "(UTC-05:00) Bogota, Lima, Quito, Rio Branco",
    ),
    zone(
        "Atlantic Standard Time",
        "America/Halifax",
        -240,
        Rule::America,
        "(UTC-04:00) Atlantic Time (Canada)",
    ),
    zone(
        "SA Western Standard Time",
        "America/La_Paz",
        -240,
        Rule::None,
        "(UTC-04:00) Georgetown, La Paz, Manaus, San Juan",
    ),
    zone(
        "Newfoundland Standard Time",
        "America/St_Johns",
        -210,
        Rule::America,
        "(UTC-03:30) Newfoundland",
    ),
    zone(
        "E. South America Standard Time",
        "America/Sao_Paulo",
        -180,
        Rule::None,
        "(UTC-03:00) Brasilia",
    ),
    zone(
        "Argentina Standard Time",
        "America/Buenos_Aires",
        -180,
        Rule::None,
        "(UTC-03:00) City of Buenos Aires",
    ),
    zone(
        "UTC-02",
        "Etc/GMT+2",
        -120,
        Rule::None,
        "(UTC-02:00) Coordinated Universal Time-02",
    ),
    zone(
        "Azores Standard Time",
        "Atlantic/Azores",
        -60,
        Rule::Europe,
        "(UTC-01:00) Azores",
    ),
    zone(
        "Cape Verde Standard Time",
        "Atlantic/Cape_Verde",
        -60,
        Rule::None,
        "(UTC-01:00) Cabo Verde Is.",
    ),
    zone(
        "Greenwich Standard Time",
        "Atlantic/Reykjavik",
        0,
        Rule::None,
        "(UTC+00:00) Monrovia, Reykjavik",
    ),
    zone(
        "Central Europe Standard Time",
        "Europe/Budapest",
        60,
        Rule::Europe,
        "(UTC+01:00) Belgrade, Bratislava, Budapest, Ljubljana, Prague",
    ),
    zone(
        "Romance Standard Time",
        "Europe/Paris",
        60,
        Rule::Europe,
        "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris",
    ),
    zone(
        "Central European Standard Time",
        "Europe/Warsaw",
        60,
        Rule::Europe,
        "(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb",
    ),
    zone(
        "W. Central Africa Standard Time",
        "Africa/Lagos",
        60,
        Rule::None,
        "(UTC+01:00) West Central Africa",
    ),
    zone(
        "GTB Standard Time",
        "Europe/Bucharest",
        120,
        Rule::Europe,
        "(UTC+02:00) Athens, Bucharest",
    ),
    zone(
        "FLE Standard Time",
        "Europe/Kiev",
        120,
        Rule::Europe,
        "(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius",
    ),
    zone(
        "South Africa Standard Time",
        "Africa/Johannesburg",
        120,
        Rule::None,
        "(UTC+02:00) Harare, Pretoria",
    ),
    zone(
        "Turkey Standard Time",
        "Europe/Istanbul",
        180,
        Rule::None,
        "(UTC+03:00) Istanbul",
    ),
    zone(
        "Arab Standard Time",
        "Asia/Riyadh",
        180,
        Rule::None,
        "(UTC+03:00) Kuwait, Riyadh",
    ),
    zone(
        "Russian Standard Time",
        "Europe/Moscow",
        180,
        Rule::None,
        "(UTC+03:00) Moscow, St. Petersburg",
    ),
    zone(
        "E. Africa Standard Time",
        "Africa/Nairobi",
        180,
        Rule::None,
        "(UTC+03:00) Nairobi",
    ),
    zone(
        "Arabian Standard Time",
        "Asia/Dubai",
        240,
        Rule::None,
        "(UTC+04:00) Abu Dhabi, Muscat",
    ),
    zone(
        "Afghanistan Standard Time",
        "Asia/Kabul",
        270,
        Rule::None,
        "(UTC+04:30) Kabul",
    ),
    zone(
        "West Asia Standard Time",
        "Asia/Tashkent",
        300,
        Rule::None,
        "(UTC+05:00) Ashgabat, Tashkent",
    ),
    zone(
        "Pakistan Standard Time",
        "Asia/Karachi",
        300,
        Rule::None,
        "(UTC+05:00) Islamabad, Karachi",
    ),
    zone(
        "Sri Lanka Standard Time",
        "Asia/Colombo",
        330,
        Rule::None,
        "(UTC+05:30) Sri Jayawardenepura",
    ),
    zone(
        "Nepal Standard Time",
        "Asia/Katmandu",
        345,
        Rule::None,
        "(UTC+05:45) Kathmandu",
    ),
    zone(
        "Bangladesh Standard Time",
        "Asia/Dhaka",
        360,
        Rule::None,
        "(UTC+06:00) Dhaka",
    ),
    zone(
        "Myanmar Standard Time",
        "Asia/Rangoon",
        390,
        Rule::None,
        "(UTC+06:30) Yangon (Rangoon)",
    ),
    zone(
        "SE Asia Standard Time",
        "Asia/Bangkok",
        420,
        Rule::None,
        "(UTC+07:00) Bangkok, Hanoi, Jakarta",
    ),
    zone(
        "China Standard Time",
        "Asia/Shanghai",
        480,
        Rule::None,
        "(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi",
    ),
    zone(
        "Singapore Standard Time",
        "Asia/Singapore",
        480,
        Rule::None,
        "(UTC+08:00) Kuala Lumpur, Singapore",
    ),
    zone(
        "W. Australia Standard Time",
        "Australia/Perth",
        480,
        Rule::None,
        "(UTC+08:00) Perth",
    ),
    zone(
        "Taipei Standard Time",
        "Asia/Taipei",
        480,
        Rule::None,
        "(UTC+08:00) Taipei",
    ),
    zone(
        "Korea Standard Time",
        "Asia/Seoul",
        540,
        Rule::None,
        "(UTC+09:00) Seoul",
    ),
    zone(
        "AUS Central Standard Time",
        "Australia/Darwin",
        570,
        Rule::None,
        "(UTC+09:30) Darwin",
    ),
    zone(
        "E. Australia Standard Time",
        "Australia/Brisbane",
        600,
        Rule::None,
        "(UTC+10:00) Brisbane",
    ),
    zone(
        "West Pacific Standard Time",
        "Pacific/Port_Moresby",
        600,
        Rule::None,
        "(UTC+10:00) Guam, Port Moresby",
    ),
    zone(
        "Central Pacific Standard Time",
        "Pacific/Guadalcanal",
        660,
        Rule::None,
        "(UTC+11:00) Solomon Is., New Caledonia",
    ),
    zone(
        "UTC+12",
        "Etc/GMT-12",
        720,
        Rule::None,
        "(UTC+12:00) Coordinated Universal Time+12",
    ),
    zone(
        "Tonga Standard Time",
        "Pacific/Tongatapu",
        780,
        Rule::None,
        "(UTC+13:00) Nuku'alofa",
    ),
    zone(
        "Line Islands Standard Time",
        "Pacific/Kiritimati",
        840,
        Rule::None,
        "(UTC+14:00) Kiritimati Island",
    ),
];

const fn zone(
    windows: &'static str,
    iana: &'static str,
    offset: i64,
    rule: Rule,
    shown: &'static str,
) -> Zone {
    Zone {
        windows,
        iana,
        shown,
        offset,
        rule,
    }
}

const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// All known zones.
pub fn all() -> impl Iterator<Item = &'static Zone> {
    ZONES.iter().chain(OTHERS)
}

/// The zone with a Windows or IANA name.
pub fn find(name: &str) -> Option<&'static Zone> {
    all().find(|zone| {
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
        for zone in all() {
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
