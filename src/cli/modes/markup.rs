//! Modes with a frame around each value: html and line.

use std::io::{self, Write};

use rusqlite::types::ValueRef;

use super::{Sheet, Style, cell};

/// `html`: table rows.
pub fn html(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    Box::new(Html {
        style,
        columns,
        begun: false,
    })
}

/// `line`: one value per line, an empty line between rows.
pub fn line(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    // Five is the sqlite3 shell's least width; names count in bytes there.
    let width = columns.iter().map(String::len).fold(5, usize::max);
    Box::new(Line {
        style,
        columns,
        width,
        begun: false,
    })
}

struct Html<'a> {
    style: &'a Style,
    columns: Vec<String>,
    begun: bool,
}

impl Sheet for Html<'_> {
    fn row(&mut self, out: &mut dyn Write, row: &[ValueRef<'_>]) -> io::Result<()> {
        if !self.begun && self.style.header {
            let names = self.columns.iter().map(|name| escaped(name.as_bytes()));
            table_row(out, "TH", names)?;
        }
        self.begun = true;
        let values = row.iter().map(|value| match cell::text(*value) {
            Some(text) => escaped(&text),
            None => escaped(self.style.null.as_bytes()),
        });
        table_row(out, "TD", values)
    }

    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn table_row(
    out: &mut dyn Write,
    tag: &str,
    cells: impl Iterator<Item = Vec<u8>>,
) -> io::Result<()> {
    out.write_all(b"<TR>")?;
    for cell in cells {
        write!(out, "<{tag}>")?;
        out.write_all(&cell)?;
        writeln!(out, "</{tag}>")?;
    }
    out.write_all(b"</TR>\n")
}

fn escaped(text: &[u8]) -> Vec<u8> {
    let mut made = Vec::with_capacity(text.len());
    for &byte in text {
        match byte {
            b'<' => made.extend(b"&lt;"),
            b'>' => made.extend(b"&gt;"),
            b'&' => made.extend(b"&amp;"),
            b'"' => made.extend(b"&quot;"),
            b'\'' => made.extend(b"&#39;"),
            _ => made.push(byte),
        }
    }
    made
}

struct Line<'a> {
    style: &'a Style,
    columns: Vec<String>,
    width: usize,
    begun: bool,
}

impl Sheet for Line<'_> {
    fn row(&mut self, out: &mut dyn Write, row: &[ValueRef<'_>]) -> io::Result<()> {
        let end = self.style.row_separator.as_bytes();
        if self.begun {
            out.write_all(end)?;
        }
        self.begun = true;
        for (name, value) in self.columns.iter().zip(row) {
            let pad = self.width - name.len();
            write!(out, "{:pad$}{name} = ", "")?;
            match cell::text(*value) {
                Some(text) => out.write_all(&text)?,
                None => out.write_all(self.style.null.as_bytes())?,
            }
            out.write_all(end)?;
        }
        Ok(())
    }

    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
