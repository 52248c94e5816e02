//! Reads what was exported back, each format by a reader that shares nothing with the writer but its library: each
//! value as the text that SQL has for it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use office365::instant::Instant;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

/// A row: names and texts of the values, folders' values included, NULL left out.
pub type Row = BTreeMap<String, String>;

/// A folder of this test's own, deleted with the value.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("office365-export-{}-{name}", std::process::id()));
        let _gone = fs::remove_dir_all(&path);
        Self(path)
    }

    pub fn text(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }

    /// The rows of a table or statement, in order.
    pub fn rows(&self, name: &str) -> Vec<Row> {
        let mut rows: Vec<Row> = self
            .files(name)
            .iter()
            .flat_map(|file| rows_of(file))
            .collect();
        rows.sort();
        rows
    }

    /// The files that a reader of folders finds.
    pub fn files(&self, name: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        below(&self.0.join(name), &mut found);
        found.sort();
        found
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => below(&path, found),
            false => found.push(path),
        }
    }
}

fn rows_of(file: &Path) -> Vec<Row> {
    let ending = file.extension().and_then(|ending| ending.to_str());
    let mut rows = match ending {
        Some("parquet") => of_parquet(file),
        Some("csv") => of_csv(&fs::read_to_string(file).expect("UTF-8")),
        Some("jsonl") => of_jsonl(&fs::read_to_string(file).expect("UTF-8")),
        _ => panic!("{} is no file of an export", file.display()),
    };
    let levels: Vec<(String, String)> = file
        .components()
        .filter_map(|part| part.as_os_str().to_str()?.split_once('='))
        .map(|(name, value)| (name.to_owned(), unescaped(value)))
        .collect();
    for (name, value) in levels {
        for row in &mut rows {
            if value != "__HIVE_DEFAULT_PARTITION__" {
                let before = row.insert(name.clone(), value.clone());
                assert_eq!(before, None, "{name} is in the files as well");
            }
        }
    }
    rows
}

fn unescaped(text: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(text);
    decoded.decode_utf8().expect("UTF-8").into_owned()
}

fn of_parquet(file: &Path) -> Vec<Row> {
    let reader = SerializedFileReader::new(File::open(file).expect("a file")).expect("Parquet");
    reader
        .get_row_iter(None)
        .expect("rows")
        .map(|row| {
            let row = row.expect("a row");
            row.get_column_iter()
                .filter_map(|(name, field)| Some((name.clone(), of_field(field)?)))
                .collect()
        })
        .collect()
}

fn of_field(field: &Field) -> Option<String> {
    Some(match field {
        Field::Null => return None,
        Field::Bool(truth) => truth.to_string(),
        Field::Long(number) => number.to_string(),
        Field::Double(number) => format!("{number:?}"),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => format!("{:02x?}", bytes.data()),
        Field::Date(days) => {
            let date = Instant::from_millis(i64::from(*days) * 86_400_000).to_string();
            date[..10].to_owned()
        }
        Field::TimestampMicros(micros) => Instant {
            seconds: micros.div_euclid(1_000_000),
            nanos: micros.rem_euclid(1_000_000) as u32 * 1_000,
        }
        .to_string(),
        other => panic!("no type of ours: {other:?}"),
    })
}

/// RFC 4180, with the difference between nothing and an empty text.
fn of_csv(text: &str) -> Vec<Row> {
    let mut lines: Vec<Vec<Option<String>>> = Vec::new();
    let mut letters = text.chars().peekable();
    let mut line = Vec::new();
    while letters.peek().is_some() {
        let mut field = None;
        if letters.next_if_eq(&'"').is_some() {
            let mut inside = String::new();
            while let Some(letter) = letters.next() {
                match letter {
                    '"' if letters.next_if_eq(&'"').is_some() => inside.push('"'),
                    '"' => break,
                    _ => inside.push(letter),
                }
            }
            field = Some(inside);
        }
        while let Some(letter) = letters.next_if(|letter| !",\r".contains(*letter)) {
            field.get_or_insert_with(String::new).push(letter);
        }
        line.push(field);
        if letters.next() == Some('\r') {
            assert_eq!(letters.next(), Some('\n'), "rows end with CR LF");
            lines.push(std::mem::take(&mut line));
        }
    }
    let mut lines = lines.into_iter();
    let names = lines.next().expect("a header");
    lines
        .map(|line| {
            assert_eq!(line.len(), names.len());
            let pairs = names.iter().cloned().zip(line);
            pairs
                .filter_map(|(name, value)| Some((name.expect("a name"), value?)))
                .collect()
        })
        .collect()
}

fn of_jsonl(text: &str) -> Vec<Row> {
    text.lines()
        .map(|line| {
            let object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(line).expect("an object");
            let values = object.into_iter();
            values
                .filter_map(|(name, value)| {
                    let text = match value {
                        serde_json::Value::Null => return None,
                        serde_json::Value::String(text) => text,
                        other => other.to_string(),
                    };
                    Some((name, text))
                })
                .collect()
        })
        .collect()
}
