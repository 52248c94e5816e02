//! One value as the bytes that the sqlite3 shell shows for it.
//!
//! Bytes and not text: SQLite does not promise that TEXT is UTF-8, and what is stored must come out.

use std::borrow::Cow;

use rusqlite::types::ValueRef;

use super::real;

/// The value as text; nothing for NULL. Ends at the first NUL, as a C string does.
pub fn text<'a>(value: ValueRef<'a>) -> Option<Cow<'a, [u8]>> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(Cow::Owned(number.to_string().into_bytes())),
        ValueRef::Real(number) => Some(Cow::Owned(real::plain(number).into_bytes())),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(Cow::Borrowed(c_string(bytes))),
    }
}

/// The value as an SQL literal, numbers with all their digits.
pub fn literal(value: ValueRef<'_>) -> Vec<u8> {
    match value {
        ValueRef::Null => b"NULL".to_vec(),
        ValueRef::Integer(number) => number.to_string().into_bytes(),
        ValueRef::Real(number) => real::exact(number).into_bytes(),
        ValueRef::Text(bytes) => quoted(c_string(bytes)),
        ValueRef::Blob(bytes) => hex(bytes),
    }
}

/// The value as `.mode box --quote` shows it: a literal whose numbers are short, and with a small x.
pub fn short_literal(value: ValueRef<'_>) -> Vec<u8> {
    match value {
        ValueRef::Real(number) => real::plain(number).into_bytes(),
        ValueRef::Blob(bytes) => hex(bytes).to_ascii_lowercase(),
        other => literal(other),
    }
}

/// `'text'`, with inner quotes doubled.
pub fn quoted(text: &[u8]) -> Vec<u8> {
    surrounded(text, b'\'')
}

/// `"text"`, with inner quotes doubled: a name, or a field of CSV.
pub fn double_quoted(text: &[u8]) -> Vec<u8> {
    surrounded(text, b'"')
}

/// Bytes up to the first NUL.
pub fn c_string(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

fn surrounded(text: &[u8], quote: u8) -> Vec<u8> {
    let mut made = Vec::with_capacity(text.len() + 2);
    made.push(quote);
    for &byte in text {
        if byte == quote {
            made.push(quote);
        }
        made.push(byte);
    }
    made.push(quote);
    made
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    let mut made = b"X'".to_vec();
    for byte in bytes {
        made.extend(format!("{byte:02x}").into_bytes());
    }
    made.push(b'\'');
    made
}
