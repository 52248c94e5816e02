//! A JSON object a line: numbers are numbers, JSON is JSON, truth is true or false.

use std::fs::File;
use std::io::{BufWriter, Write};

use rusqlite::types::ValueRef;
use serde_json::value::RawValue;

use super::cell;
use super::kind::{Column, Kind};
use super::sheet::{Sheet, end_text, unwritten};
use crate::error::Result;

struct Lines {
    out: BufWriter<File>,
    /// Each with the comma or brace before it and the colon behind it.
    keys: Vec<String>,
    kinds: Vec<Kind>,
}

/// Begins a file.
///
/// # Errors
/// None; the other formats have some.
pub fn begin(file: File, columns: &[Column]) -> Result<Box<dyn Sheet>> {
    Ok(Box::new(Lines {
        out: BufWriter::new(file),
        keys: keys(columns),
        kinds: columns.iter().map(|column| column.kind).collect(),
    }))
}

fn keys(columns: &[Column]) -> Vec<String> {
    let before = std::iter::once('{').chain(std::iter::repeat(','));
    let pairs = before.zip(columns);
    pairs
        .map(|(before, column)| format!("{before}{}:", string(&column.name)))
        .collect()
}

impl Sheet for Lines {
    fn row(&mut self, row: &[ValueRef<'_>]) -> Result<()> {
        object(&mut self.out, &self.keys, &self.kinds, row).map_err(unwritten)
    }

    fn held(&self) -> usize {
        self.out.buffer().len()
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(unwritten)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        end_text(&mut self.out)
    }
}

fn object(
    out: &mut impl Write,
    keys: &[String],
    kinds: &[Kind],
    row: &[ValueRef<'_>],
) -> std::io::Result<()> {
    for ((key, kind), value) in keys.iter().zip(kinds).zip(row) {
        out.write_all(key.as_bytes())?;
        out.write_all(json(*kind, *value).as_bytes())?;
    }
    out.write_all(b"}\n")
}

fn json(kind: Kind, value: ValueRef<'_>) -> String {
    let Some(text) = cell::text(kind, value) else {
        return "null".to_owned();
    };
    match value {
        // JSON knows no infinity.
        ValueRef::Real(number) if !number.is_finite() => "null".to_owned(),
        ValueRef::Integer(_) | ValueRef::Real(_) => text.into_owned(),
        // An end of line can stand between tokens only.
        ValueRef::Text(_)
            if kind == Kind::Json && serde_json::from_str::<&RawValue>(&text).is_ok() =>
        {
            text.replace(['\n', '\r'], " ")
        }
        _ => string(&text),
    }
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::{Column, Kind, keys, object};

    #[test]
    fn a_line_is_an_object() {
        let columns = [
            ("a\"b", Kind::Text),
            ("n", Kind::Integer),
            ("r", Kind::Double),
            ("t", Kind::Boolean),
            ("j", Kind::Json),
            ("i", Kind::Instant),
            ("b", Kind::Blob),
        ]
        .map(|(name, kind)| Column {
            name: name.to_owned(),
            kind,
        });
        let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
        let written = |row: &[ValueRef<'_>]| {
            let mut out = Vec::new();
            object(&mut out, &keys(&columns), &kinds, row).expect("written");
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(
            written(&[
                ValueRef::Text(b"\n\"\0"),
                ValueRef::Integer(i64::MAX),
                ValueRef::Real(2.0),
                ValueRef::Integer(1),
                ValueRef::Text(b"[1,\n{\"x\":\"y\"}]"),
                ValueRef::Text(b"2026-01-01 00:00:00"),
                ValueRef::Blob(b"f"),
            ]),
            "{\"a\\\"b\":\"\\n\\\"\\u0000\",\"n\":9223372036854775807,\"r\":2.0,\"t\":true,\
             \"j\":[1, {\"x\":\"y\"}],\"i\":\"2026-01-01T00:00:00Z\",\"b\":\"Zg==\"}\n"
        );
        let nothing = written(&[ValueRef::Null; 7]);
        assert_eq!(nothing.matches("null").count(), 7, "{nothing}");
        let mut odd = [ValueRef::Null; 7];
        odd[2] = ValueRef::Real(f64::INFINITY);
        odd[4] = ValueRef::Text(b"{no json");
        let odd = written(&odd);
        assert!(
            odd.contains("\"r\":null") && odd.contains("\"j\":\"{no json\""),
            "{odd}"
        );
    }
}
