//! Parquet: rows are held until they make a row group, then written column by column.
//!
//! Every column is optional, because NULL is a value with rights. Types are those that Spark, DuckDB and pyarrow
//! read without being told: instants in microseconds UTC, dates, strings.

use std::fs::File;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
};
use parquet::errors::Result as Written;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use rusqlite::types::ValueRef;

use super::kind::{Column, Kind, described};
use super::sheet::{Sheet, unwritten};
use crate::error::{Error, Result};
use crate::instant::Instant;

/// A row group ends with so many rows,
const ROWS: usize = 100_000;
/// or with so many bytes of values.
const BYTES: usize = 32 << 20;
/// Pages end between batches of rows: bodies are large, and a page is made in memory.
const BATCH: usize = 64;

struct Parquet {
    writer: SerializedFileWriter<File>,
    columns: Vec<Held>,
    rows: usize,
    bytes: usize,
}

/// The values of a column that wait for their row group.
struct Held {
    name: String,
    kind: Kind,
    /// 1 for a value, 0 for NULL.
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Integers(Vec<i64>),
    Doubles(Vec<f64>),
    Truths(Vec<bool>),
    Days(Vec<i32>),
    Bytes(Vec<ByteArray>),
}

/// Begins a file.
///
/// # Errors
/// A file that cannot be written.
pub fn begin(file: File, columns: &[Column]) -> Result<Box<dyn Sheet>> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_write_batch_size(BATCH)
        .set_created_by(concat!("office365 ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let writer = schema(columns)
        .and_then(|schema| SerializedFileWriter::new(file, schema, Arc::new(properties)))
        .map_err(unwritten)?;
    Ok(Box::new(Parquet {
        writer,
        columns: columns.iter().map(Held::new).collect(),
        rows: 0,
        bytes: 0,
    }))
}

fn schema(columns: &[Column]) -> Written<TypePtr> {
    let fields: Written<Vec<TypePtr>> = columns.iter().map(field).collect();
    Type::group_type_builder("schema")
        .with_fields(fields?)
        .build()
        .map(Arc::new)
}

fn field(column: &Column) -> Written<TypePtr> {
    let (physical, logical) = match column.kind {
        Kind::Integer => (Physical::INT64, None),
        Kind::Double => (Physical::DOUBLE, None),
        Kind::Boolean => (Physical::BOOLEAN, None),
        Kind::Instant => (
            Physical::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::MICROS)),
        ),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Blob => (Physical::BYTE_ARRAY, None),
        Kind::Text | Kind::Json | Kind::Any => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .map(Arc::new)
}

impl Sheet for Parquet {
    fn row(&mut self, row: &[ValueRef<'_>]) -> Result<()> {
        for (column, value) in self.columns.iter_mut().zip(row) {
            self.bytes += column.push(*value)?;
        }
        self.rows += 1;
        match self.rows >= ROWS || self.bytes >= BYTES {
            true => self.flush(),
            false => Ok(()),
        }
    }

    fn held(&self) -> usize {
        self.bytes
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        row_group(&mut self.writer, &mut self.columns).map_err(unwritten)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.flush()?;
        let file = self.writer.into_inner().map_err(unwritten)?;
        file.sync_all().map_err(unwritten)
    }
}

fn row_group(writer: &mut SerializedFileWriter<File>, columns: &mut [Held]) -> Written<()> {
    let mut group = writer.next_row_group()?;
    for column in columns {
        column.write(&mut group)?;
    }
    group.close().map(drop)
}

impl Held {
    fn new(column: &Column) -> Self {
        Self {
            name: column.name.clone(),
            kind: column.kind,
            levels: Vec::new(),
            values: match column.kind {
                Kind::Integer | Kind::Instant => Values::Integers(Vec::new()),
                Kind::Double => Values::Doubles(Vec::new()),
                Kind::Boolean => Values::Truths(Vec::new()),
                Kind::Date => Values::Days(Vec::new()),
                _ => Values::Bytes(Vec::new()),
            },
        }
    }

    /// Takes a value; tells the memory that it takes.
    fn push(&mut self, value: ValueRef<'_>) -> Result<usize> {
        const OVERHEAD: usize = 2 + 8;
        if matches!(value, ValueRef::Null) {
            self.levels.push(0);
            return Ok(2);
        }
        let fits = match &mut self.values {
            Values::Integers(held) => integer(self.kind, value).map(|number| held.push(number)),
            Values::Doubles(held) => double(value).map(|number| held.push(number)),
            Values::Truths(held) => truth(value).map(|truth| held.push(truth)),
            Values::Days(held) => day(value).map(|day| held.push(day)),
            Values::Bytes(held) => bytes(self.kind, value).map(|bytes| held.push(bytes)),
        };
        if fits.is_none() {
            return Err(unfit(&self.name, self.kind, value));
        }
        self.levels.push(1);
        let length = match value {
            // Text lies in a block of its own.
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len() + 64,
            _ => 0,
        };
        Ok(OVERHEAD + length)
    }

    /// Writes what is held, and holds nothing any more.
    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, File>) -> Written<()> {
        let levels = std::mem::take(&mut self.levels);
        match &mut self.values {
            Values::Integers(held) => chunk::<Int64Type>(group, held, &levels),
            Values::Doubles(held) => chunk::<DoubleType>(group, held, &levels),
            Values::Truths(held) => chunk::<BoolType>(group, held, &levels),
            Values::Days(held) => chunk::<Int32Type>(group, held, &levels),
            Values::Bytes(held) => chunk::<ByteArrayType>(group, held, &levels),
        }
    }
}

fn chunk<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    held: &mut Vec<T::T>,
    levels: &[i16],
) -> Written<()> {
    let values = std::mem::take(held);
    // A schema has as many columns as were given for it.
    if let Some(mut column) = group.next_column()? {
        column
            .typed::<T>()
            .write_batch(&values, Some(levels), None)?;
        column.close()?;
    }
    Ok(())
}

fn integer(kind: Kind, value: ValueRef<'_>) -> Option<i64> {
    match (kind, value) {
        (Kind::Instant, ValueRef::Text(bytes)) => {
            let instant = Instant::parse(std::str::from_utf8(bytes).ok()?)?;
            let micros = i64::from(instant.nanos / 1_000);
            instant.seconds.checked_mul(1_000_000)?.checked_add(micros)
        }
        (Kind::Integer, ValueRef::Integer(number)) => Some(number),
        // 2.0 is the number 2; beyond 2^53 nobody knows which one was meant.
        (Kind::Integer, ValueRef::Real(number))
            if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 =>
        {
            Some(number as i64)
        }
        _ => None,
    }
}

fn double(value: ValueRef<'_>) -> Option<f64> {
    match value {
        ValueRef::Real(number) => Some(number),
        ValueRef::Integer(number) if number.unsigned_abs() <= 1 << 53 => Some(number as f64),
        _ => None,
    }
}

fn truth(value: ValueRef<'_>) -> Option<bool> {
    match value {
        ValueRef::Integer(0) => Some(false),
        ValueRef::Integer(1) => Some(true),
        _ => None,
    }
}

/// Days since 1970.
fn day(value: ValueRef<'_>) -> Option<i32> {
    let ValueRef::Text(bytes) = value else {
        return None;
    };
    let instant = Instant::parse(std::str::from_utf8(bytes).ok()?)?;
    i32::try_from(instant.seconds.div_euclid(86_400)).ok()
}

fn bytes(kind: Kind, value: ValueRef<'_>) -> Option<ByteArray> {
    let bytes = match (kind, value) {
        (Kind::Blob, ValueRef::Blob(bytes)) => bytes,
        (Kind::Blob, _) => return None,
        // Parquet's strings are UTF-8, SQLite's need not be.
        (_, ValueRef::Text(bytes)) => std::str::from_utf8(bytes).ok()?.as_bytes(),
        _ => return None,
    };
    Some(bytes.to_vec().into())
}

fn unfit(name: &str, kind: Kind, value: ValueRef<'_>) -> Error {
    let cast = match value {
        ValueRef::Blob(_) => "BLOB",
        ValueRef::Text(bytes) if std::str::from_utf8(bytes).is_err() => "BLOB",
        _ => "TEXT",
    };
    Error::usage(format!(
        "the column {name} holds values of the type {}, and {} is none",
        kind.name(),
        described(value)
    ))
    .next(format!(
        "Say in a statement what it holds, such as CAST({name} AS {cast}) AS {name}, and export into another folder"
    ))
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::{Column, Held, Kind, day, integer};

    fn takes(kind: Kind, value: ValueRef<'_>) -> bool {
        let column = Column {
            name: "c".to_owned(),
            kind,
        };
        Held::new(&column).push(value).is_ok()
    }

    #[test]
    fn instants_are_microseconds_and_dates_days() {
        let at = |text: &str| integer(Kind::Instant, ValueRef::Text(text.as_bytes()));
        assert_eq!(at("1970-01-01 00:00:01"), Some(1_000_000));
        assert_eq!(at("1969-12-31T23:59:59.750Z"), Some(-250_000));
        assert_eq!(at("9999-12-31 23:59:59"), Some(253_402_300_799_000_000));
        assert_eq!(at("0001-01-01 00:00:00"), Some(-62_135_596_800_000_000));
        assert_eq!(at("soon"), None);
        assert_eq!(day(ValueRef::Text(b"1970-01-02")), Some(1));
        assert_eq!(day(ValueRef::Text(b"1969-12-31")), Some(-1));
        assert_eq!(day(ValueRef::Integer(1)), None);
    }

    #[test]
    fn null_fits_everywhere_and_other_types_do_not() {
        let text = ValueRef::Text(b"x");
        for kind in [
            Kind::Integer,
            Kind::Double,
            Kind::Boolean,
            Kind::Instant,
            Kind::Date,
        ] {
            assert!(takes(kind, ValueRef::Null), "{kind:?}");
            assert!(!takes(kind, text), "{kind:?}");
            assert!(!takes(kind, ValueRef::Blob(b"x")), "{kind:?}");
        }
        assert!(takes(Kind::Text, text) && takes(Kind::Json, text) && !takes(Kind::Blob, text));
        assert!(takes(Kind::Blob, ValueRef::Blob(b"x")));
        assert!(!takes(Kind::Text, ValueRef::Integer(1)));
        assert!(!takes(Kind::Text, ValueRef::Text(b"\xff")), "no UTF-8");
        assert!(!takes(Kind::Boolean, ValueRef::Integer(2)));
        assert!(
            takes(Kind::Integer, ValueRef::Real(2.0)) && !takes(Kind::Integer, ValueRef::Real(2.5))
        );
        assert!(
            takes(Kind::Double, ValueRef::Integer(2))
                && !takes(Kind::Double, ValueRef::Integer(i64::MAX))
        );
    }

    #[test]
    fn what_does_not_fit_is_told_with_a_cast() {
        let column = Column {
            name: "n".to_owned(),
            kind: Kind::Integer,
        };
        let error = Held::new(&column)
            .push(ValueRef::Text(b"many"))
            .expect_err("a text");
        assert_eq!(
            error.sentence,
            "the column n holds values of the type integer, and a text of 4 bytes is none"
        );
        let next = error.next.expect("a step");
        assert!(next.contains("CAST(n AS TEXT) AS n"), "{next}");
    }
}
