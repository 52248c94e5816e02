//! The window of time that a copy has of what repeats without end: whole months, so that it stays the same for a month.

use chrono::{DateTime, Months, NaiveDate, Utc};

/// So many months before this one, and so many from this one on.
const MONTHS: (u32, u32) = (3, 13);

/// The first day of the window, and the first day behind it.
pub fn now() -> (String, String) {
    around(Utc::now())
}

fn around(instant: DateTime<Utc>) -> (String, String) {
    let month = instant.format("%Y-%m-01").to_string();
    // The first of a month that there is.
    let first = NaiveDate::parse_from_str(&month, "%Y-%m-%d").unwrap_or_default();
    let day = |date: Option<NaiveDate>| date.unwrap_or(first).to_string();
    (
        day(first.checked_sub_months(Months::new(MONTHS.0))),
        day(first.checked_add_months(Months::new(MONTHS.1))),
    )
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn the_window_is_of_whole_months() {
        let ends = |text: &str| around(text.parse().expect("an instant"));
        let same = ("2026-08-01".to_owned(), "2027-12-01".to_owned());
        assert_eq!(ends("2026-11-27T05:00:00Z"), same);
        assert_eq!(ends("2026-11-01T00:00:00Z"), same);
        assert_eq!(ends("2026-01-31T23:59:59Z").0, "2025-10-01");
    }
}
