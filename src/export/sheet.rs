//! One file while it is written, whatever its format; and the formats.

use std::fs::File;
use std::io::{BufWriter, Write};

use rusqlite::types::ValueRef;

use super::kind::Column;
use super::{csv, jsonl, parquet_file};
use crate::error::{Error, Kind, Result};

/// What files an export writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet, compressed with Snappy.
    Parquet,
    /// RFC 4180.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[Self::Parquet, Self::Csv, Self::Jsonl];

    /// Its name, which is also the ending of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == name)
    }

    /// Whether each column has to have one type before the first row is written.
    pub fn is_typed(self) -> bool {
        self == Self::Parquet
    }

    /// Begins a file with these columns.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn begin(self, file: File, columns: &[Column]) -> Result<Box<dyn Sheet>> {
        match self {
            Self::Parquet => parquet_file::begin(file, columns),
            Self::Csv => csv::begin(file, columns),
            Self::Jsonl => jsonl::begin(file, columns),
        }
    }
}

/// A file that takes rows.
pub trait Sheet {
    /// Takes a row, one value a column.
    ///
    /// # Errors
    /// A value that its column cannot hold, or a file that cannot be written.
    fn row(&mut self, row: &[ValueRef<'_>]) -> Result<()>;

    /// The bytes of rows that are held in memory until there are enough of them.
    fn held(&self) -> usize;

    /// Writes what is held.
    ///
    /// # Errors
    /// A file that cannot be written.
    fn flush(&mut self) -> Result<()>;

    /// Ends the file; its bytes are on the disk then.
    ///
    /// # Errors
    /// A file that cannot be written.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// Writes what a file of text still holds, and waits until it is on the disk.
///
/// # Errors
/// A file that cannot be written.
pub fn end_text(out: &mut BufWriter<File>) -> Result<()> {
    out.flush().map_err(unwritten)?;
    out.get_ref().sync_all().map_err(unwritten)
}

/// A file or a folder that cannot be written.
pub fn unwritten(error: impl std::fmt::Display) -> Error {
    Error::new(Kind::Usage, format!("the export cannot be written: {error}"))
        .next("See that the folder of --to has room and may be written; what is finished is kept, run again")
}
