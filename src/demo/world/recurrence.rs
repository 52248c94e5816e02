//! Recurrence: all six patterns over the three ranges, as dates (R/event by way of FACTS 2.8).

use serde_json::{Value, json};

use crate::demo::time::{DAY, SECOND, civil, date, days_in_month, parse_date, show_date, weekday};

/// Series without an end are expanded until here, so that a window without an end has one.
pub const HORIZON: i64 = 2_082_758_400 * SECOND;

/// When a series recurs.
#[derive(Debug, Clone)]
pub struct Recurrence {
    /// The pattern.
    pub pattern: Pattern,
    /// Every how many days, weeks, months or years.
    pub interval: i64,
    /// The first day, at midnight; the pattern always hits it.
    pub start: i64,
    /// The range.
    pub range: Range,
}

/// The six pattern types.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// Every n days.
    Daily,
    /// On these weekdays (0 = Sunday), every n weeks.
    Weekly(Vec<i64>),
    /// On this day of the month; the last day where the month is shorter.
    AbsoluteMonthly,
    /// On the n-th weekday of the month.
    RelativeMonthly,
    /// On this date.
    AbsoluteYearly,
    /// On the n-th weekday of this month.
    RelativeYearly,
}

/// The three range types.
#[derive(Debug, Clone, Copy)]
pub enum Range {
    /// Until this day, inclusive.
    EndDate(i64),
    /// For ever.
    NoEnd,
    /// So many times.
    Numbered(usize),
}

const WEEKDAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];
const INDEXES: [&str; 5] = ["first", "second", "third", "fourth", "last"];

impl Recurrence {
    /// The days of all occurrences up to a day, inclusive.
    pub fn days(&self, until: i64) -> Vec<i64> {
        let (end, most) = match self.range {
            Range::EndDate(end) => (end.min(until), usize::MAX),
            Range::NoEnd => (until.min(HORIZON), usize::MAX),
            Range::Numbered(count) => (until, count),
        };
        let mut days = Vec::new();
        for step in 0.. {
            let (first, candidates) = self.step(step);
            if first > end || days.len() >= most {
                break;
            }
            days.extend(
                candidates
                    .into_iter()
                    .filter(|day| (self.start..=end).contains(day)),
            );
        }
        days.truncate(most);
        days
    }

    /// The n-th unit of the pattern: no day of this or a later unit lies before the first number.
    fn step(&self, step: i64) -> (i64, Vec<i64>) {
        let (year, month, day) = civil(self.start);
        let months = |count: i64| {
            let index = month - 1 + count;
            (year + index.div_euclid(12), index.rem_euclid(12) + 1)
        };
        let (year, month) = match self.pattern {
            Pattern::Daily => {
                let at = self.start + step * self.interval * DAY;
                return (at, vec![at]);
            }
            Pattern::Weekly(ref weekdays) => {
                // Weeks begin on Sunday, as firstDayOfWeek says.
                let sunday =
                    self.start - weekday(self.start) * DAY + step * self.interval * 7 * DAY;
                return (
                    sunday,
                    weekdays
                        .iter()
                        .map(|weekday| sunday + weekday * DAY)
                        .collect(),
                );
            }
            Pattern::AbsoluteMonthly | Pattern::RelativeMonthly => months(step * self.interval),
            Pattern::AbsoluteYearly | Pattern::RelativeYearly => months(12 * step * self.interval),
        };
        let hit = match self.pattern {
            Pattern::RelativeMonthly | Pattern::RelativeYearly => {
                nth_weekday(year, month, self.index(), weekday(self.start))
            }
            _ => date(year, month, day.min(days_in_month(year, month))),
        };
        (date(year, month, 1), vec![hit])
    }

    /// Which weekday of its month the first day is: 0 to 3, or 4 for the last.
    fn index(&self) -> i64 {
        let (_, _, day) = civil(self.start);
        ((day - 1) / 7).min(4)
    }

    /// What somebody wrote, for a series that begins on this day; none where something is missing or the pattern does not hit the day.
    pub fn read(value: &Value, first: i64) -> Option<Recurrence> {
        let (pattern, range) = (&value["pattern"], &value["range"]);
        let mut weekdays: Vec<i64> = Vec::new();
        for name in pattern["daysOfWeek"].as_array().into_iter().flatten() {
            let number = WEEKDAYS
                .iter()
                .position(|known| Some(*known) == name.as_str());
            weekdays.push(number? as i64);
        }
        weekdays.sort_unstable();
        let text = |part: &Value| part.as_str().and_then(parse_date);
        let read = Recurrence {
            pattern: match pattern["type"].as_str()? {
                "daily" => Pattern::Daily,
                "weekly" => Pattern::Weekly(weekdays.clone()),
                "absoluteMonthly" => Pattern::AbsoluteMonthly,
                "relativeMonthly" => Pattern::RelativeMonthly,
                "absoluteYearly" => Pattern::AbsoluteYearly,
                "relativeYearly" => Pattern::RelativeYearly,
                _ => return None,
            },
            interval: pattern["interval"].as_i64().filter(|every| *every > 0)?,
            start: first,
            range: match range["type"].as_str()? {
                "endDate" => Range::EndDate(text(&range["endDate"])?),
                "noEnd" => Range::NoEnd,
                "numbered" => Range::Numbered(range["numberOfOccurrences"].as_u64()? as usize),
                _ => return None,
            },
        };
        let (_, month, day) = civil(first);
        let hits = match read.pattern {
            Pattern::Daily => true,
            Pattern::Weekly(ref days) => days.contains(&weekday(first)),
            Pattern::AbsoluteMonthly => pattern["dayOfMonth"] == day,
            Pattern::AbsoluteYearly => pattern["dayOfMonth"] == day && pattern["month"] == month,
            Pattern::RelativeMonthly | Pattern::RelativeYearly => {
                let index = pattern["index"].as_str().unwrap_or("first");
                let is_month =
                    matches!(read.pattern, Pattern::RelativeMonthly) || pattern["month"] == month;
                is_month
                    && weekdays == [weekday(first)]
                    && INDEXES.get(read.index() as usize) == Some(&index)
            }
        };
        (hits && text(&range["startDate"]) == Some(first)).then_some(read)
    }

    /// As `recurrence` shows it.
    pub fn show(&self, zone: &str) -> Value {
        let (_, month, day) = civil(self.start);
        let weekday = WEEKDAYS[weekday(self.start) as usize];
        let index = INDEXES[self.index() as usize];
        let (kind, day, month, days): (&str, i64, i64, Vec<&str>) = match &self.pattern {
            Pattern::Daily => ("daily", 0, 0, vec![]),
            Pattern::Weekly(days) => (
                "weekly",
                0,
                0,
                days.iter().map(|day| WEEKDAYS[*day as usize]).collect(),
            ),
            Pattern::AbsoluteMonthly => ("absoluteMonthly", day, 0, vec![]),
            Pattern::RelativeMonthly => ("relativeMonthly", 0, 0, vec![weekday]),
            Pattern::AbsoluteYearly => ("absoluteYearly", day, month, vec![]),
            Pattern::RelativeYearly => ("relativeYearly", 0, month, vec![weekday]),
        };
        let (range, end, count) = match self.range {
            Range::EndDate(end) => ("endDate", show_date(end), 0),
            Range::NoEnd => ("noEnd", "0001-01-01".to_string(), 0),
            Range::Numbered(count) => ("numbered", "0001-01-01".to_string(), count),
        };
        json!({
            "pattern": {"type": kind, "interval": self.interval, "month": month, "dayOfMonth": day, "daysOfWeek": days, "firstDayOfWeek": "sunday", "index": index},
            "range": {"type": range, "startDate": show_date(self.start), "endDate": end, "recurrenceTimeZone": zone, "numberOfOccurrences": count},
        })
    }
}

fn nth_weekday(year: i64, month: i64, index: i64, wanted: i64) -> i64 {
    let first = date(year, month, 1);
    let day = first + ((wanted - weekday(first)).rem_euclid(7) + 7 * index.min(3)) * DAY;
    let in_month = |at: i64| civil(at).1 == month;
    if index == 4 && in_month(day + 7 * DAY) {
        day + 7 * DAY
    } else {
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(pattern: Pattern, interval: i64, start: (i64, i64, i64), range: Range) -> Vec<String> {
        let recurrence = Recurrence {
            pattern,
            interval,
            start: date(start.0, start.1, start.2),
            range,
        };
        recurrence
            .days(date(2027, 12, 31))
            .into_iter()
            .map(show_date)
            .collect()
    }

    #[test]
    fn all_six_patterns() {
        let three = Range::Numbered(3);
        assert_eq!(
            days(Pattern::Daily, 2, (2026, 2, 27), three),
            ["2026-02-27", "2026-03-01", "2026-03-03"]
        );
        // Tuesday start; Monday of the same week lies before it.
        assert_eq!(
            days(Pattern::Weekly(vec![1, 2]), 2, (2026, 1, 6), three),
            ["2026-01-06", "2026-01-19", "2026-01-20"]
        );
        assert_eq!(
            days(Pattern::AbsoluteMonthly, 1, (2026, 1, 31), three),
            ["2026-01-31", "2026-02-28", "2026-03-31"]
        );
        assert_eq!(
            days(Pattern::RelativeMonthly, 1, (2026, 1, 13), three),
            ["2026-01-13", "2026-02-10", "2026-03-10"]
        );
        assert_eq!(
            days(Pattern::RelativeMonthly, 1, (2026, 1, 30), three),
            ["2026-01-30", "2026-02-27", "2026-03-27"]
        );
        assert_eq!(
            days(Pattern::AbsoluteYearly, 1, (2024, 2, 29), three),
            ["2024-02-29", "2025-02-28", "2026-02-28"]
        );
        assert_eq!(
            days(Pattern::RelativeYearly, 1, (2025, 11, 27), three),
            ["2025-11-27", "2026-11-26", "2027-11-25"]
        );
    }

    #[test]
    fn ranges_end() {
        assert_eq!(show_date(HORIZON), "2036-01-01");
        assert_eq!(
            days(
                Pattern::Daily,
                1,
                (2026, 1, 1),
                Range::EndDate(date(2026, 1, 2))
            )
            .len(),
            2
        );
        assert_eq!(
            days(Pattern::Daily, 1, (2027, 12, 30), Range::NoEnd).len(),
            2
        );
    }
}
