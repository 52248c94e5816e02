//! The ways to write a result: one record per mode, and the style that a session has chosen.
//!
//! Every mode that the sqlite3 shell also has writes the same bytes as sqlite3 3.40.1
//! (`tests/modes.rs` compares). A mode is a [`Sheet`]: it gets the rows of one statement.

mod cell;
mod columnar;
mod delimited;
mod insert;
mod json;
mod markup;
mod real;

use std::io::{self, Write};

use rusqlite::types::ValueRef;

pub use insert::KEYWORDS;

/// A mode of `.mode` and `--output`.
pub struct Mode {
    /// What the user writes.
    pub name: &'static str,
    /// One sentence for `.help mode`.
    pub doc: &'static str,
    /// The separators that `.mode` sets: between columns and after rows.
    pub separators: Option<(&'static str, &'static str)>,
    /// Columns are laid out, so the whole result is kept until it ends.
    pub columnar: bool,
    /// Starts one result.
    sheet: for<'a> fn(&'a Style, Vec<String>) -> Box<dyn Sheet + 'a>,
}

/// One result that is being written.
pub trait Sheet {
    /// Writes one row, or keeps it where the layout needs all of them.
    fn row(&mut self, out: &mut dyn Write, row: &[ValueRef<'_>]) -> io::Result<()>;

    /// Ends a result of at least one row.
    fn end(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

/// How results look: what `.mode`, `.headers`, `.separator`, `.nullvalue` and `.width` change.
pub struct Style {
    /// The mode.
    pub mode: &'static Mode,
    /// Column names come first, in the modes that leave the choice.
    pub header: bool,
    /// `.headers` was said, so no mode changes it by itself.
    pub header_said: bool,
    /// No names even in the modes that always have them (`--no-header`).
    pub bare: bool,
    /// What stands for NULL.
    pub null: String,
    /// Between two columns.
    pub column_separator: String,
    /// After a row.
    pub row_separator: String,
    /// Column widths; 0 as wide as needed, negative for right-aligned.
    pub widths: Vec<i32>,
    /// The layout options of `.mode`.
    pub layout: Layout,
    /// The table that `.mode insert` names.
    pub insert_table: String,
    /// The width of the terminal that the result must fit into.
    pub fit: Option<usize>,
}

/// The options of the columnar modes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The widest a column may get before it wraps; 0 for any width.
    pub wrap: usize,
    /// Wrap between words.
    pub words: bool,
    /// Show values as SQL literals.
    pub quote: bool,
}

impl Layout {
    /// What `.mode table` and its kin start with.
    pub const OF_DOT_MODE: Self = Self {
        wrap: 60,
        words: false,
        quote: false,
    };
}

impl Style {
    /// The style a session starts with.
    pub fn new(mode: &'static Mode) -> Self {
        // As the sqlite3 flags do: `-csv` ends rows with \n where `.mode csv` ends them with \r\n.
        let (column, row) = match mode.separators {
            Some((column, "\r\n")) => (column, "\n"),
            Some(both) => both,
            None => ("|", "\n"),
        };
        Self {
            mode,
            header: false,
            header_said: false,
            bare: false,
            null: String::new(),
            column_separator: column.to_owned(),
            row_separator: row.to_owned(),
            widths: Vec::new(),
            layout: Layout::default(),
            insert_table: "table".to_owned(),
            fit: None,
        }
    }

    /// What `.mode` does: the mode, its separators, its layout.
    pub fn set(&mut self, mode: &'static Mode, layout: Layout) {
        self.mode = mode;
        if let Some((column, row)) = mode.separators {
            column.clone_into(&mut self.column_separator);
            row.clone_into(&mut self.row_separator);
        }
        if mode.columnar {
            self.layout = layout;
        }
        if mode.name == "column" && !self.header_said {
            self.header = true;
        }
    }

    /// Starts a result with these column names.
    pub fn sheet(&self, columns: Vec<String>) -> Box<dyn Sheet + '_> {
        (self.mode.sheet)(self, columns)
    }
}

/// The mode of this name.
pub fn find(name: &str) -> Option<&'static Mode> {
    MODES.iter().find(|mode| mode.name == name)
}

/// The names of all modes, for a message.
pub fn names() -> String {
    let names: Vec<&str> = MODES.iter().map(|mode| mode.name).collect();
    names.join(", ")
}

/// Every mode, by name.
pub const MODES: &[Mode] = &[
    Mode {
        name: "ascii",
        doc: "Columns and rows delimited by 0x1F and 0x1E.",
        separators: Some(("\x1f", "\x1e")),
        columnar: false,
        sheet: delimited::list,
    },
    Mode {
        name: "box",
        doc: "Tables drawn with box characters.",
        separators: None,
        columnar: true,
        sheet: columnar::boxed,
    },
    Mode {
        name: "column",
        doc: "Columns under their names (see .width).",
        separators: Some(("|", "\n")),
        columnar: true,
        sheet: columnar::column,
    },
    Mode {
        name: "csv",
        doc: "Comma-separated values.",
        separators: Some((",", "\r\n")),
        columnar: false,
        sheet: delimited::csv,
    },
    Mode {
        name: "html",
        doc: "Rows of an HTML table.",
        separators: None,
        columnar: false,
        sheet: markup::html,
    },
    Mode {
        name: "insert",
        doc: "INSERT statements for the table named after it.",
        separators: None,
        columnar: false,
        sheet: insert::insert,
    },
    Mode {
        name: "json",
        doc: "An array of objects.",
        separators: None,
        columnar: false,
        sheet: json::array,
    },
    Mode {
        name: "jsonl",
        doc: "One JSON object per line; BLOBs as base64.",
        separators: None,
        columnar: false,
        sheet: json::lines,
    },
    Mode {
        name: "line",
        doc: "One value per line.",
        separators: Some(("|", "\n")),
        columnar: false,
        sheet: markup::line,
    },
    Mode {
        name: "list",
        doc: "Values delimited by the column separator.",
        separators: Some(("|", "\n")),
        columnar: false,
        sheet: delimited::list,
    },
    Mode {
        name: "markdown",
        doc: "A Markdown table.",
        separators: None,
        columnar: true,
        sheet: columnar::markdown,
    },
    Mode {
        name: "none",
        doc: "Nothing: the statement runs to its end and its rows are dropped.",
        separators: None,
        columnar: false,
        sheet: none,
    },
    Mode {
        name: "quote",
        doc: "Values as SQL literals.",
        separators: Some((",", "\n")),
        columnar: false,
        sheet: delimited::quote,
    },
    Mode {
        name: "table",
        doc: "Tables drawn with ASCII characters.",
        separators: None,
        columnar: true,
        sheet: columnar::table,
    },
    Mode {
        name: "tabs",
        doc: "Values delimited by tabs, as they are.",
        separators: Some(("\t", "\n")),
        columnar: false,
        sheet: delimited::list,
    },
    Mode {
        name: "tcl",
        doc: "Elements of a TCL list.",
        separators: Some((" ", "\n")),
        columnar: false,
        sheet: delimited::tcl,
    },
    Mode {
        name: "tsv",
        doc: "Tab-separated values, quoted where a value holds a tab, a quote or a line end.",
        separators: Some(("\t", "\n")),
        columnar: false,
        sheet: delimited::tsv,
    },
];

fn none<'a>(_style: &'a Style, _columns: Vec<String>) -> Box<dyn Sheet + 'a> {
    Box::new(Dropped)
}

struct Dropped;

impl Sheet for Dropped {
    fn row(&mut self, _out: &mut dyn Write, _row: &[ValueRef<'_>]) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::MODES;

    #[test]
    fn names_are_sorted_and_docs_are_sentences() {
        assert!(MODES.is_sorted_by(|a, b| a.name < b.name));
        for mode in MODES {
            assert!(mode.doc.ends_with('.'), "{}", mode.name);
        }
    }
}
