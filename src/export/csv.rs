//! Comma-separated values as RFC 4180 has them: a header, rows that end with CR LF. NULL is nothing at all, an
//! empty text is `""`.

use std::fs::File;
use std::io::{BufWriter, Write};

use rusqlite::types::ValueRef;

use super::cell;
use super::kind::{Column, Kind};
use super::sheet::{Sheet, end_text, unwritten};
use crate::error::Result;

struct Csv {
    out: BufWriter<File>,
    kinds: Vec<Kind>,
}

/// Begins a file with its header.
///
/// # Errors
/// A file that cannot be written.
pub fn begin(file: File, columns: &[Column]) -> Result<Box<dyn Sheet>> {
    let mut csv = Csv {
        out: BufWriter::new(file),
        kinds: columns.iter().map(|column| column.kind).collect(),
    };
    let names = columns
        .iter()
        .map(|column| Some(column.name.as_str().into()));
    line(&mut csv.out, names).map_err(unwritten)?;
    Ok(Box::new(csv))
}

impl Sheet for Csv {
    fn row(&mut self, row: &[ValueRef<'_>]) -> Result<()> {
        let values = self.kinds.iter().zip(row);
        let fields = values.map(|(kind, value)| cell::text(*kind, *value));
        line(&mut self.out, fields).map_err(unwritten)
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

fn line<'a>(
    out: &mut impl Write,
    fields: impl Iterator<Item = Option<std::borrow::Cow<'a, str>>>,
) -> std::io::Result<()> {
    for (position, field) in fields.enumerate() {
        if position > 0 {
            out.write_all(b",")?;
        }
        match field {
            None => {}
            Some(text) if is_plain(&text) => out.write_all(text.as_bytes())?,
            Some(text) => write!(out, "\"{}\"", text.replace('"', "\"\""))?,
        }
    }
    out.write_all(b"\r\n")
}

/// Whether every reader takes it as it is; blanks at an end are trimmed by some.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(['"', ',', '\r', '\n'])
        && !text.starts_with([' ', '\t'])
        && !text.ends_with([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn fields_are_quoted_where_they_must() {
        let mut out = Vec::new();
        let fields = [
            None,
            Some(""),
            Some("a"),
            Some("a,b"),
            Some("\"x\""),
            Some("a\nb"),
            Some(" a"),
            Some("\u{fc} \u{1f600}"),
        ];
        line(
            &mut out,
            fields.into_iter().map(|field| field.map(Into::into)),
        )
        .expect("written");
        assert_eq!(
            String::from_utf8(out).expect("UTF-8"),
            ",\"\",a,\"a,b\",\"\"\"x\"\"\",\"a\nb\",\" a\",\u{fc} \u{1f600}\r\n"
        );
    }
}
