//! Modes that put a separator between values: list (and ascii, tabs), csv, tsv, quote, tcl.

use std::borrow::Cow;
use std::io::{self, Write};

use rusqlite::types::ValueRef;

use super::{Sheet, Style, cell, real};

/// `list`: values as they are.
pub fn list(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    sheet(
        style,
        columns,
        |_, name| plain(name),
        |style, value| cell::text(value).map_or_else(|| plain(&style.null), Cow::into_owned),
    )
}

/// `csv`, quoted as the sqlite3 shell quotes it: more often than RFC 4180 asks.
pub fn csv(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    sheet(
        style,
        columns,
        |style, name| csv_field(name.as_bytes(), &style.column_separator),
        |style, value| match cell::text(value) {
            Some(text) => csv_field(&text, &style.column_separator),
            None => plain(&style.null),
        },
    )
}

/// `tsv`: quoted only where it must be, so that spreadsheets and pandas read every value back.
pub fn tsv(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    sheet(
        style,
        columns,
        |_, name| tsv_field(name.as_bytes()),
        |style, value| match cell::text(value) {
            Some(text) => tsv_field(&text),
            None => plain(&style.null),
        },
    )
}

/// `quote`: SQL literals.
pub fn quote(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    sheet(
        style,
        columns,
        |_, name| cell::quoted(name.as_bytes()),
        |_, value| sql_literal(value),
    )
}

/// `tcl`: C strings.
pub fn tcl(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    sheet(
        style,
        columns,
        |_, name| c_literal(name.as_bytes()),
        |style, value| match cell::text(value) {
            Some(text) => c_literal(&text),
            None => c_literal(style.null.as_bytes()),
        },
    )
}

type OfName = fn(&Style, &str) -> Vec<u8>;
type OfValue = fn(&Style, ValueRef<'_>) -> Vec<u8>;

struct Delimited<'a> {
    style: &'a Style,
    columns: Vec<String>,
    of_name: OfName,
    of_value: OfValue,
    begun: bool,
}

fn sheet(
    style: &Style,
    columns: Vec<String>,
    of_name: OfName,
    of_value: OfValue,
) -> Box<dyn Sheet + '_> {
    Box::new(Delimited {
        style,
        columns,
        of_name,
        of_value,
        begun: false,
    })
}

impl Sheet for Delimited<'_> {
    fn row(&mut self, out: &mut dyn Write, row: &[ValueRef<'_>]) -> io::Result<()> {
        if !self.begun && self.style.header {
            let names = self.columns.iter();
            write(
                self.style,
                out,
                names.map(|name| (self.of_name)(self.style, name)),
            )?;
        }
        self.begun = true;
        let values = row.iter();
        write(
            self.style,
            out,
            values.map(|value| (self.of_value)(self.style, *value)),
        )
    }

    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn write(
    style: &Style,
    out: &mut dyn Write,
    fields: impl Iterator<Item = Vec<u8>>,
) -> io::Result<()> {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.write_all(style.column_separator.as_bytes())?;
        }
        out.write_all(&field)?;
    }
    out.write_all(style.row_separator.as_bytes())
}

fn sql_literal(value: ValueRef<'_>) -> Vec<u8> {
    match value {
        // Unlike `insert`, sqlite3 3.40.1 writes infinity as a word here.
        ValueRef::Real(number) if number.is_infinite() => real::plain(number).into_bytes(),
        other => cell::literal(other),
    }
}

fn plain(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn csv_field(text: &[u8], separator: &str) -> Vec<u8> {
    let special = |byte: &u8| !matches!(byte, b'!' | b'#'..=b'&' | b'('..=b'~');
    let separator = separator.as_bytes();
    let holds_separator =
        !separator.is_empty() && text.windows(separator.len()).any(|part| part == separator);
    if text.is_empty() || text.iter().any(special) || holds_separator {
        cell::double_quoted(text)
    } else {
        text.to_vec()
    }
}

fn tsv_field(text: &[u8]) -> Vec<u8> {
    // An empty text is quoted so that it differs from NULL.
    if text.is_empty() || text.iter().any(|byte| b"\t\"\r\n".contains(byte)) {
        cell::double_quoted(text)
    } else {
        text.to_vec()
    }
}

fn c_literal(text: &[u8]) -> Vec<u8> {
    let mut made = b"\"".to_vec();
    for &byte in text {
        match byte {
            b'\\' | b'"' => made.extend([b'\\', byte]),
            b'\t' => made.extend(b"\\t"),
            b'\n' => made.extend(b"\\n"),
            b'\r' => made.extend(b"\\r"),
            b' '..=b'~' => made.push(byte),
            _ => made.extend(format!("\\{byte:03o}").into_bytes()),
        }
    }
    made.push(b'"');
    made
}
