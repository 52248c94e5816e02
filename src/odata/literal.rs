//! One literal of OData, from a value to the letters between the operators (FACTS §2.8).

use std::fmt;

use crate::instant::Instant;

/// A value in a `$filter`.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Edm.String, and enumeration members, which v1.0 takes as strings.
    Text(Box<str>),
    /// Edm.Boolean.
    Boolean(bool),
    /// Edm.Int32, Edm.Int64.
    Integer(i64),
    /// Edm.DateTimeOffset, in UTC: quoting one is an error of incompatible types.
    Instant(Instant),
    /// The `dateTime` of a dateTimeTimeZone: a string without an offset, in UTC.
    ZonelessText(Instant),
    /// `null`
    Null,
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Boolean(truth) => write!(f, "{truth}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Instant(instant) => write!(f, "{}Z", iso(*instant)),
            Self::ZonelessText(instant) => write!(f, "'{}'", iso(*instant)),
            Self::Null => f.write_str("null"),
        }
    }
}

/// `YYYY-MM-DDTHH:MM:SS[.fffffff]`: at most seven digits, as many as Graph keeps.
fn iso(instant: Instant) -> String {
    let (year, month, day, hour, minute, second) = instant.civil();
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    let ticks = instant.nanos / 100;
    if ticks > 0 {
        let digits = format!(".{ticks:07}");
        text.push_str(digits.trim_end_matches('0'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_form() {
        let instant = Instant::parse("2026-01-02 03:04:05.25+01:00").unwrap();
        for (literal, text) in [
            (Literal::Text("O'Brien ''".into()), "'O''Brien '''''"),
            (Literal::Text("".into()), "''"),
            (Literal::Boolean(false), "false"),
            (Literal::Integer(-5), "-5"),
            (Literal::Instant(instant), "2026-01-02T02:04:05.25Z"),
            (
                Literal::ZonelessText(instant.floor_second()),
                "'2026-01-02T02:04:05'",
            ),
            (Literal::Null, "null"),
        ] {
            assert_eq!(literal.to_string(), text);
        }
    }
}
