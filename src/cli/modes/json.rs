//! Modes in JSON: json (one array, as the sqlite3 shell writes it) and jsonl (one object per line).
//!
//! They differ in two values: `json` writes the bytes of a BLOB as they are and infinity as `1e999`,
//! because sqlite3 3.40.1 does; `jsonl` writes base64 and null, which every reader takes.

use std::io::{self, Write};

use rusqlite::types::ValueRef;

use super::{Sheet, Style, cell, real};

/// `json`: an array, valid from its first row on once [`Sheet::end`] has closed it.
pub fn array(_style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    Box::new(Array {
        keys: keys(&columns),
        begun: false,
    })
}

/// `jsonl`: an object per line.
pub fn lines(_style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    Box::new(Lines {
        keys: keys(&columns),
    })
}

struct Array {
    keys: Vec<Vec<u8>>,
    begun: bool,
}

impl Sheet for Array {
    fn row(&mut self, out: &mut dyn Write, row: &[ValueRef<'_>]) -> io::Result<()> {
        out.write_all(if self.begun { b",\n" } else { b"[" })?;
        self.begun = true;
        object(out, &self.keys, row, |value| match value {
            ValueRef::Blob(bytes) => string(bytes),
            ValueRef::Real(number) => real::exact(number).into_bytes(),
            other => scalar(other),
        })
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"]\n")
    }
}

struct Lines {
    keys: Vec<Vec<u8>>,
}

impl Sheet for Lines {
    fn row(&mut self, out: &mut dyn Write, row: &[ValueRef<'_>]) -> io::Result<()> {
        object(out, &self.keys, row, |value| match value {
            ValueRef::Blob(bytes) => string(base64(bytes).as_bytes()),
            ValueRef::Text(bytes) => string(String::from_utf8_lossy(bytes).as_bytes()),
            ValueRef::Real(number) if !number.is_finite() => b"null".to_vec(),
            // The shortest text that reads back as the same number.
            ValueRef::Real(number) => format!("{number:?}").into_bytes(),
            other => scalar(other),
        })?;
        out.write_all(b"\n")
    }

    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn object(
    out: &mut dyn Write,
    keys: &[Vec<u8>],
    row: &[ValueRef<'_>],
    of_value: impl Fn(ValueRef<'_>) -> Vec<u8>,
) -> io::Result<()> {
    out.write_all(b"{")?;
    for (index, (key, value)) in keys.iter().zip(row).enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        out.write_all(key)?;
        out.write_all(b":")?;
        out.write_all(&of_value(*value))?;
    }
    out.write_all(b"}")
}

fn scalar(value: ValueRef<'_>) -> Vec<u8> {
    match value {
        ValueRef::Null => b"null".to_vec(),
        ValueRef::Integer(number) => number.to_string().into_bytes(),
        ValueRef::Real(number) => real::exact(number).into_bytes(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => string(cell::c_string(bytes)),
    }
}

fn keys(columns: &[String]) -> Vec<Vec<u8>> {
    columns.iter().map(|name| string(name.as_bytes())).collect()
}

fn string(bytes: &[u8]) -> Vec<u8> {
    let mut made = b"\"".to_vec();
    for &byte in bytes {
        match byte {
            b'\\' | b'"' => made.extend([b'\\', byte]),
            b'\x08' => made.extend(b"\\b"),
            b'\x0c' => made.extend(b"\\f"),
            b'\n' => made.extend(b"\\n"),
            b'\r' => made.extend(b"\\r"),
            b'\t' => made.extend(b"\\t"),
            0..0x20 => made.extend(format!("\\u{byte:04x}").into_bytes()),
            _ => made.push(byte),
        }
    }
    made.push(b'"');
    made
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut made = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= chunk.len() {
                let sextet = group >> (18 - 6 * place) & 63;
                made.push(char::from(ALPHABET[sextet as usize]));
            } else {
                made.push('=');
            }
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_pads() {
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foo"), "Zm9v");
        assert_eq!(base64(&[0xff, 0xef]), "/+8=");
    }
}
