//! Modes that lay columns out: table, box, markdown, column.
//!
//! A cell with line ends takes several lines, and then a rule stands between rows, as in the sqlite3
//! shell. That shell counts a character as one place wide; so do we, except on a terminal, where
//! [`Style::fit`] is set: there wide characters count as two and columns are cut to fit.

use std::io::{self, Write};

use rusqlite::types::ValueRef;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Sheet, Style, cell};

/// `table`.
pub fn table(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    sheet(style, columns, &TABLE)
}

/// `box`.
pub fn boxed(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    sheet(style, columns, &BOX)
}

/// `markdown`.
pub fn markdown(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    sheet(style, columns, &MARKDOWN)
}

/// `column`.
pub fn column(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    sheet(style, columns, &COLUMN)
}

/// What a mode draws with.
struct Frame {
    /// Before the first cell, between cells, after the last one.
    edges: [&'static str; 3],
    /// The rules: above the names, below them, between rows of several lines, at the end.
    rules: [Option<Rule>; 4],
    /// Names stand in the middle of their column.
    centred: bool,
}

/// A horizontal rule: its left end, its crossings, its right end, and what it is made of.
struct Rule([&'static str; 4]);

const CROSSES: Option<Rule> = Some(Rule(["+", "+", "+", "-"]));

const TABLE: Frame = Frame {
    edges: ["| ", " | ", " |\n"],
    rules: [CROSSES, CROSSES, CROSSES, CROSSES],
    centred: true,
};

const BOX: Frame = Frame {
    edges: ["│ ", " │ ", " │\n"],
    rules: [
        Some(Rule(["┌", "┬", "┐", "─"])),
        Some(Rule(["├", "┼", "┤", "─"])),
        Some(Rule(["├", "┼", "┤", "─"])),
        Some(Rule(["└", "┴", "┘", "─"])),
    ],
    centred: true,
};

const MARKDOWN: Frame = Frame {
    edges: ["| ", " | ", " |\n"],
    rules: [None, Some(Rule(["|", "|", "|", "-"])), None, None],
    centred: true,
};

const COLUMN: Frame = Frame {
    edges: ["", "  ", "\n"],
    rules: [None, None, None, None],
    centred: false,
};

fn sheet<'a>(style: &'a Style, columns: Vec<String>, frame: &'static Frame) -> Box<dyn Sheet + 'a> {
    let names = columns
        .iter()
        .enumerate()
        .map(|(index, name)| first_line(style, index, name.as_bytes()))
        .collect();
    Box::new(Columnar {
        style,
        frame,
        names,
        lines: Vec::new(),
        tall: false,
    })
}

struct Columnar<'a> {
    style: &'a Style,
    frame: &'static Frame,
    names: Vec<Vec<u8>>,
    lines: Vec<Line>,
    /// Some row takes several lines.
    tall: bool,
}

/// One line of output: a cell per column.
struct Line {
    cells: Vec<Vec<u8>>,
    /// The last line of its row.
    last: bool,
}

impl Sheet for Columnar<'_> {
    fn row(&mut self, _out: &mut dyn Write, row: &[ValueRef<'_>]) -> io::Result<()> {
        let texts: Vec<Vec<u8>> = row.iter().map(|value| self.shown(*value)).collect();
        let mut rests: Vec<Option<&[u8]>> =
            texts.iter().map(|text| Some(text.as_slice())).collect();
        loop {
            let mut cells = Vec::with_capacity(rests.len());
            for (index, rest) in rests.iter_mut().enumerate() {
                let (cell, next) = take_line(rest.unwrap_or_default(), self.style, index);
                cells.push(cell);
                *rest = next;
            }
            let last = rests.iter().all(Option::is_none);
            self.tall |= !last;
            self.lines.push(Line { cells, last });
            if last {
                return Ok(());
            }
        }
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let widths = self.widths();
        self.write_names(out, &widths)?;
        let count = self.lines.len();
        for (index, line) in self.lines.iter().enumerate() {
            self.write_line(out, &line.cells, &widths)?;
            if self.tall && line.last && index + 1 < count {
                self.write_rule(out, 2, &widths)?;
                if !self.frame.centred {
                    out.write_all(b"\n")?;
                }
            }
        }
        self.write_rule(out, 3, &widths)
    }
}

impl Columnar<'_> {
    fn shown(&self, value: ValueRef<'_>) -> Vec<u8> {
        if self.style.layout.quote {
            return cell::short_literal(value);
        }
        match cell::text(value) {
            Some(text) => text.into_owned(),
            None => self.style.null.as_bytes().to_vec(),
        }
    }

    /// The width of each column: as asked for, or as wide as its widest cell.
    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = (0..self.names.len())
            .map(|index| asked_width(self.style, index))
            .collect();
        let all = self.lines.iter().map(|line| &line.cells);
        for cells in std::iter::once(&self.names).chain(all) {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(measure(self.style, cell));
            }
        }
        if let Some(room) = self.style.fit {
            let frame = self.frame.edges[0].chars().count()
                + self.frame.edges[1].chars().count() * widths.len().saturating_sub(1)
                + self.frame.edges[2].trim_end_matches('\n').chars().count();
            shrink(&mut widths, room.saturating_sub(frame));
        }
        widths
    }

    fn write_names(&self, out: &mut dyn Write, widths: &[usize]) -> io::Result<()> {
        self.write_rule(out, 0, widths)?;
        if self.style.bare || (!self.frame.centred && !self.style.header) {
            return Ok(());
        }
        if !self.frame.centred {
            self.write_line(out, &self.names, widths)?;
            let dashes: Vec<Vec<u8>> = widths.iter().map(|width| vec![b'-'; *width]).collect();
            return self.write_line(out, &dashes, widths);
        }
        let centred: Vec<Vec<u8>> = self
            .names
            .iter()
            .zip(widths)
            .map(|(name, width)| {
                let room = width.saturating_sub(measure(self.style, name));
                [
                    &vec![b' '; room / 2],
                    name.as_slice(),
                    &vec![b' '; room.div_ceil(2)],
                ]
                .concat()
            })
            .collect();
        self.write_line(out, &centred, widths)?;
        self.write_rule(out, 1, widths)
    }

    fn write_line(
        &self,
        out: &mut dyn Write,
        cells: &[Vec<u8>],
        widths: &[usize],
    ) -> io::Result<()> {
        out.write_all(self.frame.edges[0].as_bytes())?;
        for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
            if index > 0 {
                out.write_all(self.frame.edges[1].as_bytes())?;
            }
            let right = self.style.widths.get(index).is_some_and(|width| *width < 0);
            let cell = cut(self.style, cell, *width);
            let pad = width.saturating_sub(measure(self.style, &cell));
            if right {
                write!(out, "{:pad$}", "")?;
            }
            out.write_all(&cell)?;
            if !right {
                write!(out, "{:pad$}", "")?;
            }
        }
        out.write_all(self.frame.edges[2].as_bytes())
    }

    fn write_rule(&self, out: &mut dyn Write, which: usize, widths: &[usize]) -> io::Result<()> {
        let Some(Rule([left, crossing, right, dash])) = &self.frame.rules[which] else {
            return Ok(());
        };
        let bars: Vec<String> = widths.iter().map(|width| dash.repeat(width + 2)).collect();
        writeln!(out, "{left}{}{right}", bars.join(crossing))
    }
}

/// The width that `.width` asks for.
fn asked_width(style: &Style, column: usize) -> usize {
    let width = style.widths.get(column).copied().unwrap_or_default();
    width.unsigned_abs() as usize
}

/// How many places a line takes.
fn measure(style: &Style, text: &[u8]) -> usize {
    if style.fit.is_some() {
        String::from_utf8_lossy(text).width()
    } else {
        text.iter().filter(|byte| !continues(**byte)).count()
    }
}

/// A byte inside a character of UTF-8.
fn continues(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// The text cut to a width: visibly on a terminal, plainly where `.width` asked for it.
fn cut(style: &Style, text: &[u8], width: usize) -> Vec<u8> {
    if measure(style, text) <= width {
        return text.to_vec();
    }
    let text = String::from_utf8_lossy(text);
    let mut made = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or_default();
        if used > width {
            break;
        }
        made.push(character);
    }
    made.push('…');
    made.into_bytes()
}

/// Makes the widest columns narrower until all of them fit into `room`, none below four places.
fn shrink(widths: &mut [usize], room: usize) {
    const LEAST: usize = 4;
    let mut total: usize = widths.iter().sum();
    while total > room {
        let Some(widest) = widths.iter().copied().max().filter(|width| *width > LEAST) else {
            return;
        };
        if let Some(width) = widths.iter_mut().find(|width| **width == widest) {
            *width -= 1;
            total -= 1;
        }
    }
}

fn first_line(style: &Style, column: usize, text: &[u8]) -> Vec<u8> {
    take_line(text, style, column).0
}

/// The first line of a cell, tabs expanded, and what is left for the lines below.
///
/// Any control character ends a line, as in the sqlite3 shell.
fn take_line<'a>(text: &'a [u8], style: &Style, column: usize) -> (Vec<u8>, Option<&'a [u8]>) {
    let widest = match (asked_width(style, column), style.layout.wrap) {
        (0, 0) => usize::MAX,
        (0, wrap) => wrap,
        (width, _) => width,
    };
    let (mut end, full) = scan_line(text, widest);
    let mut rest = end;
    if full
        && style.layout.words
        && let Some(better) = between_words(text, end)
    {
        end = better;
        let spaces = text[end..].iter().take_while(|byte| **byte == b' ');
        rest = end + spaces.count();
    }
    let printable = |at: usize| text.get(at).is_some_and(|byte| *byte >= b' ');
    let rest = if full && printable(rest) {
        &text[rest..]
    } else if text[rest..].starts_with(b"\r\n") {
        &text[rest + 2..]
    } else {
        text.get(rest + 1..).unwrap_or_default()
    };
    (
        expanded(&text[..end], widest),
        Some(rest).filter(|rest| !rest.is_empty()),
    )
}

/// Where the line ends, and whether it ends because it is full.
fn scan_line(text: &[u8], widest: usize) -> (usize, bool) {
    let (mut at, mut places) = (0, 0);
    while places < widest {
        match text.get(at) {
            Some(b'\t') => {
                places = (places / 8 + 1).saturating_mul(8).min(widest);
                at += 1;
            }
            Some(byte) if *byte >= b' ' => {
                places += 1;
                at += 1;
                while text.get(at).is_some_and(|byte| continues(*byte)) {
                    at += 1;
                }
            }
            _ => return (at, false),
        }
    }
    (at, true)
}

/// A place between words to break a full line at, in its second half.
fn between_words(text: &[u8], end: usize) -> Option<usize> {
    let byte = |at: usize| text.get(at).copied().unwrap_or_default();
    let after_space = (end / 2 + 1..=end)
        .rev()
        .find(|at| byte(at - 1).is_ascii_whitespace() || byte(at - 1) == 0x0b);
    let word_border = || {
        (end / 2 + 1..=end).rev().find(|at| {
            byte(at - 1).is_ascii_alphanumeric() != byte(*at).is_ascii_alphanumeric()
                && !continues(byte(*at))
        })
    };
    after_space.or_else(word_border)
}

fn expanded(line: &[u8], widest: usize) -> Vec<u8> {
    let mut made = Vec::with_capacity(line.len());
    let mut places = 0;
    for &byte in line {
        if byte == b'\t' {
            let next = (places / 8 + 1) * 8;
            let next = if next > widest { widest } else { next };
            made.resize(made.len() + next.saturating_sub(places), b' ');
            places = next;
        } else {
            places += usize::from(!continues(byte));
            made.push(byte);
        }
    }
    made
}
