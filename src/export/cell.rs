//! A value as text for the formats that are text: instants with their zone, truth as a word, bytes in base64.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::types::ValueRef;

use super::kind::Kind;
use crate::instant::Instant;

/// The text of a value; nothing for NULL.
pub fn text<'a>(kind: Kind, value: ValueRef<'a>) -> Option<Cow<'a, str>> {
    Some(match value {
        ValueRef::Null => return None,
        ValueRef::Integer(number) if kind == Kind::Boolean => {
            Cow::Borrowed(if number == 0 { "false" } else { "true" })
        }
        ValueRef::Integer(number) => Cow::Owned(number.to_string()),
        // The shortest text that reads back as the same number.
        ValueRef::Real(number) => Cow::Owned(format!("{number:?}")),
        ValueRef::Blob(bytes) => Cow::Owned(STANDARD.encode(bytes)),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            match kind {
                Kind::Instant => Cow::Owned(iso(&text).unwrap_or_else(|| text.into_owned())),
                _ => text,
            }
        }
    })
}

/// `2026-03-14 10:00:00` as `2026-03-14T10:00:00Z`, which no reader takes for local time.
fn iso(text: &str) -> Option<String> {
    let mut made = Instant::parse(text)?.to_string().replacen(' ', "T", 1);
    made.push('Z');
    Some(made)
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::text;
    use crate::export::kind::Kind;

    #[test]
    fn values_are_written_for_readers_of_any_kind() {
        let of = |kind, value| text(kind, value).map(std::borrow::Cow::into_owned);
        let instant = |text: &'static str| of(Kind::Instant, ValueRef::Text(text.as_bytes()));
        assert_eq!(
            instant("2026-03-14 10:00:00").as_deref(),
            Some("2026-03-14T10:00:00Z")
        );
        assert_eq!(
            instant("2026-03-14 10:00:00.250").as_deref(),
            Some("2026-03-14T10:00:00.250Z")
        );
        assert_eq!(
            instant("0001-01-01 00:00:00").as_deref(),
            Some("0001-01-01T00:00:00Z")
        );
        assert_eq!(instant("soon").as_deref(), Some("soon"));
        assert_eq!(
            of(Kind::Boolean, ValueRef::Integer(0)).as_deref(),
            Some("false")
        );
        assert_eq!(
            of(Kind::Integer, ValueRef::Integer(i64::MIN)).as_deref(),
            Some("-9223372036854775808")
        );
        assert_eq!(
            of(Kind::Double, ValueRef::Real(1.0)).as_deref(),
            Some("1.0")
        );
        assert_eq!(
            of(Kind::Blob, ValueRef::Blob(&[0xff, 0xef])).as_deref(),
            Some("/+8=")
        );
        assert_eq!(of(Kind::Text, ValueRef::Text(b"")).as_deref(), Some(""));
        assert_eq!(of(Kind::Text, ValueRef::Null), None);
    }
}
