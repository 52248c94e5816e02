//! One JSON value to one value of a column's type: the only border between the two.

use std::borrow::Cow;

use base64::Engine;

use crate::catalog::Type;
use crate::instant::Instant;
use crate::value::Value;

/// One JSON value as a value of a type. What is not of the type keeps its JSON text: an answer that
/// differs from the schema is shown, not hidden.
pub(super) fn value(json: &str, ty: Type) -> Value {
    match json.as_bytes().first() {
        Some(b'n') => Value::Null,
        Some(b'"') => string(json, ty),
        Some(b't') => truth(true, ty),
        Some(b'f') => truth(false, ty),
        Some(b'{' | b'[') => Value::text(json),
        _ => number(json, ty),
    }
}

fn string(json: &str, ty: Type) -> Value {
    let Some(text) = unescaped(json) else {
        return Value::text(json);
    };
    match ty {
        Type::Json => Value::text(json),
        // Edm.Binary; what is no Base64 is shown as it is.
        Type::Blob => match base64::engine::general_purpose::STANDARD.decode(text.as_bytes()) {
            Ok(bytes) => Value::Blob(bytes.into()),
            Err(_) => Value::text(&*text),
        },
        Type::Instant => match Instant::parse(&text) {
            Some(instant) => Value::text(instant.to_string()),
            None => Value::text(&*text),
        },
        Type::Integer | Type::Long | Type::Double => Value::text(&*text).numeric(),
        _ => Value::text(&*text),
    }
}

/// The text of a JSON string; without a copy where nothing is escaped.
fn unescaped(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str(json).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

fn truth(truth: bool, ty: Type) -> Value {
    match ty {
        Type::Json | Type::Text | Type::Enum(_) => {
            Value::text(if truth { "true" } else { "false" })
        }
        _ => Value::Integer(i64::from(truth)),
    }
}

fn number(json: &str, ty: Type) -> Value {
    match (ty, json.parse::<i64>(), json.parse::<f64>()) {
        (Type::Boolean | Type::Integer | Type::Long, Ok(whole), _) => Value::Integer(whole),
        (Type::Boolean | Type::Integer | Type::Long | Type::Double, _, Ok(real)) => {
            Value::Real(real)
        }
        _ => Value::text(json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_keeps_null_and_what_it_is_not() {
        let types = [
            Type::Text,
            Type::Boolean,
            Type::Integer,
            Type::Double,
            Type::Instant,
            Type::Json,
        ];
        for ty in types {
            assert_eq!(value("null", ty), Value::Null);
        }
        assert_eq!(value("true", Type::Boolean), Value::Integer(1));
        assert_eq!(value("\"yes\"", Type::Boolean), Value::text("yes"));
        assert_eq!(
            value("9007199254740993", Type::Long),
            Value::Integer(9_007_199_254_740_993)
        );
        assert_eq!(value("\"7\"", Type::Long), Value::Integer(7));
        assert_eq!(value("1", Type::Double), Value::Real(1.0));
        assert_eq!(
            value("\"2026-01-01T00:00:00.1Z\"", Type::Instant),
            Value::text("2026-01-01 00:00:00.100")
        );
        assert_eq!(value("\"0001\"", Type::Text), Value::text("0001"));
        assert_eq!(value("\"AQI=\"", Type::Blob), Value::Blob([1, 2].into()));
        assert_eq!(value("\"no bytes\"", Type::Blob), Value::text("no bytes"));
        assert_eq!(value("[\"a\"]", Type::Json), Value::text("[\"a\"]"));
        assert_eq!(value(r#""a\"\u00fc""#, Type::Text), Value::text("a\"ü"));
    }
}
