//! The time that a report covers: a number of days, or one day of the last thirty.

use crate::demo::error::{Answer, Fault};
use crate::demo::time::{self, DAY};

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// This many days up to the refresh.
    Days(i64),
    /// The day that begins so.
    Date(i64),
}

/// Reports are two days behind.
pub fn refreshed() -> i64 {
    time::today() - 2 * DAY
}

impl Span {
    /// Reads `period='D7'`, or `date=2026-11-20` where the report takes one. The page of one report writes the date in quotes, so both forms are taken.
    pub fn parse(argument: &str, dated: bool) -> Answer<Span> {
        let bare = |text: &str| {
            let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
            Some(inner.to_string())
        };
        if let Some(period) = argument.strip_prefix("period=").and_then(bare) {
            return Span::read(&period)
                .filter(|span| matches!(span, Span::Days(_)))
                .ok_or_else(|| {
                    Fault::bad_request(format!(
                        "Invalid period value specified: {period}. Valid values are: D7,D30,D90,D180."
                    ))
                });
        }
        let date = argument.strip_prefix("date=").filter(|_| dated);
        let date = date.map(|date| bare(date).unwrap_or_else(|| date.to_string()));
        date.and_then(|date| Span::read(&date))
            .filter(|span| matches!(span, Span::Date(_)))
            .ok_or_else(|| {
                Fault::bad_request(
                    "The function takes a period, or where it is documented a date of the last 30 days as yyyy-mm-dd.",
                )
            })
    }

    /// Reads what [`Span::key`] wrote.
    pub fn read(key: &str) -> Option<Span> {
        match key {
            "D7" => Some(Span::Days(7)),
            "D30" => Some(Span::Days(30)),
            "D90" => Some(Span::Days(90)),
            "D180" => Some(Span::Days(180)),
            date => {
                let day = time::parse_date(date)?;
                let today = time::today();
                (today - 30 * DAY <= day && day <= today).then_some(Span::Date(day))
            }
        }
    }

    /// `D7` or `2026-11-20`.
    pub fn key(self) -> String {
        match self {
            Span::Days(days) => format!("D{days}"),
            Span::Date(day) => time::show_date(day),
        }
    }

    /// How many days; a single one for a date.
    pub fn days(self) -> i64 {
        match self {
            Span::Days(days) => days,
            Span::Date(_) => 1,
        }
    }

    /// The beginning.
    pub fn start(self) -> i64 {
        match self {
            Span::Days(days) => refreshed() - (days - 1) * DAY,
            Span::Date(day) => day,
        }
    }

    /// Does it hold the instant?
    pub fn holds(self, instant: i64) -> bool {
        let end = match self {
            Span::Days(_) => refreshed() + DAY,
            Span::Date(day) => day + DAY,
        };
        self.start() <= instant && instant < end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_thirty_days_and_no_other() {
        let date = |text: &str| Span::parse(&format!("date={text}"), true).ok();
        assert_eq!(
            date("2026-10-31"),
            Some(Span::Date(time::date(2026, 10, 31)))
        );
        assert_eq!(
            date("'2026-11-30'"),
            Some(Span::Date(time::date(2026, 11, 30)))
        );
        for text in ["2026-10-30", "2026-12-01", "2026-11-31", "D7", ""] {
            assert_eq!(date(text), None, "{text}");
        }
        let week = Span::Days(7);
        assert_eq!(time::show_date(week.start()), "2026-11-22");
        assert!(week.holds(time::date(2026, 11, 28)) && !week.holds(time::date(2026, 11, 29)));
    }
}
