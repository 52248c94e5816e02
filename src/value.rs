//! A value of a row: what Graph's JSON becomes and what SQLite gets, NULL staying NULL.

use std::cmp::Ordering;

/// One value, in SQLite's five storage classes.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Missing or null.
    #[default]
    Null,
    /// Booleans (0, 1) and whole numbers.
    Integer(i64),
    /// Floating-point numbers.
    Real(f64),
    /// Text.
    Text(Box<str>),
    /// Bytes.
    Blob(Box<[u8]>),
}

impl Value {
    /// Text from anything that is text.
    pub fn text(text: impl Into<Box<str>>) -> Self {
        Self::Text(text.into())
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// True for NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What the value takes in memory beside its own place, in bytes.
    pub fn heap_size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
            _ => 0,
        }
    }

    /// The value as SQLite's NUMERIC affinity would store it: text that is a number becomes one.
    pub fn numeric(&self) -> Self {
        let Self::Text(text) = self else {
            return self.clone();
        };
        let trimmed = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
        if let Ok(whole) = trimmed.parse::<i64>() {
            return Self::Integer(whole);
        }
        // Rust also reads "inf" and "nan", which are plain text to SQLite.
        match trimmed.parse::<f64>() {
            Ok(real) if real.is_finite() && !trimmed.contains(['n', 'N', 'i', 'I']) => {
                whole_number(real).map_or(Self::Real(real), Self::Integer)
            }
            _ => self.clone(),
        }
    }
}

/// The integer that a REAL equals, where there is one.
pub fn whole_number(real: f64) -> Option<i64> {
    // 2^63 is exact as f64; below it every whole f64 is an i64.
    let bound = 9_223_372_036_854_775_808.0;
    (real.fract() == 0.0 && real >= -bound && real < bound).then_some(real as i64)
}

/// SQLite's order of two values that are not NULL: numbers, text, blobs; text by `collation`.
/// `None` when one is NULL.
pub fn compare(
    left: &Value,
    right: &Value,
    collation: fn(&str, &str) -> Ordering,
) -> Option<Ordering> {
    use Value::{Blob, Integer, Null, Real, Text};
    let class = |value: &Value| match value {
        Null => 0,
        Integer(_) | Real(_) => 1,
        Text(_) => 2,
        Blob(_) => 3,
    };
    match (left, right) {
        (Null, _) | (_, Null) => None,
        (Integer(l), Integer(r)) => Some(l.cmp(r)),
        (Integer(l), Real(r)) => Some(compare_mixed(*l, *r)),
        (Real(l), Integer(r)) => Some(compare_mixed(*r, *l).reverse()),
        (Real(l), Real(r)) => l.partial_cmp(r),
        (Text(l), Text(r)) => Some(collation(l, r)),
        (Blob(l), Blob(r)) => Some(l.cmp(r)),
        _ => Some(class(left).cmp(&class(right))),
    }
}

/// The order of a whole number and a real one, exact where `as f64` would round.
fn compare_mixed(whole: i64, real: f64) -> Ordering {
    if real >= 9_223_372_036_854_775_808.0 {
        return Ordering::Less;
    }
    if real < -9_223_372_036_854_775_808.0 {
        return Ordering::Greater;
    }
    // In range: the truncated part is exact.
    whole
        .cmp(&(real as i64))
        .then_with(|| 0.0f64.partial_cmp(&real.fract()).unwrap_or(Ordering::Equal))
}

/// SQLite's BINARY collation.
pub fn binary(left: &str, right: &str) -> Ordering {
    left.as_bytes().cmp(right.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_affinity_is_sqlites() {
        assert_eq!(Value::text(" 1 ").numeric(), Value::Integer(1));
        assert_eq!(Value::text("1.0").numeric(), Value::Integer(1));
        assert_eq!(Value::text("1.5").numeric(), Value::Real(1.5));
        assert_eq!(Value::text("true").numeric(), Value::text("true"));
        assert_eq!(Value::text("inf").numeric(), Value::text("inf"));
        assert_eq!(Value::text("").numeric(), Value::text(""));
        assert_eq!(Value::Null.numeric(), Value::Null);
    }

    #[test]
    fn classes_sort_as_in_sqlite() {
        let ordered = [
            Value::Real(-0.5),
            Value::Integer(0),
            Value::Real(0.5),
            Value::Integer(i64::MAX),
            Value::Real(9.3e18),
            Value::text(""),
            Value::text("a"),
            Value::Blob(Box::new([0])),
        ];
        for pair in ordered.windows(2) {
            assert_eq!(
                compare(&pair[0], &pair[1], binary),
                Some(Ordering::Less),
                "{pair:?}"
            );
            assert_eq!(
                compare(&pair[1], &pair[0], binary),
                Some(Ordering::Greater),
                "{pair:?}"
            );
        }
        assert_eq!(compare(&Value::Null, &Value::Integer(1), binary), None);
    }
}
