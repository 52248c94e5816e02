//! How rows are divided into folders, as Hive does it: `column=value/…`, which Spark, DuckDB and pyarrow read back.

use rusqlite::types::ValueRef;

use super::kind::{Column, Kind};
use crate::error::{Error, Result};
use crate::instant::Instant;

/// The folder of rows that have no value, as Hive calls it.
const NOTHING: &str = "__HIVE_DEFAULT_PARTITION__";

/// What file systems take as one name.
const LONGEST: usize = 255;

/// The columns that tell best when a row happened; the first that a table has is its main instant.
const MAIN: &[&str] = &[
    "receivedDateTime",
    "start_dateTime",
    "createdDateTime",
    "lastModifiedDateTime",
];

/// How much of an instant names the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// `2026`
    Year,
    /// `2026-03`
    Month,
    /// `2026-03-14`
    Day,
}

impl Grain {
    fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "year" => Some(Self::Year),
            "month" => Some(Self::Month),
            "day" => Some(Self::Day),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }
}

/// One level of folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// What stands before `=`.
    pub name: String,
    /// The column whose values divide.
    pub column: usize,
    /// How much of its instants; nothing for whole values.
    pub grain: Option<Grain>,
}

/// The levels that `asked` (`UserId`, `month`, `month(sentDateTime)`) means for these columns, and those that they
/// do not have.
///
/// # Errors
/// A level that is there twice, a column that cannot name folders, or nothing left for the files.
pub fn levels(asked: &[String], columns: &[Column]) -> Result<(Vec<Level>, Vec<String>)> {
    let (mut found, mut missing): (Vec<Level>, Vec<String>) = (Vec::new(), Vec::new());
    for text in asked {
        match level(text, columns)? {
            Some(level) if found.iter().any(|other| other.name == level.name) => {
                return Err(
                    Error::usage(format!("--partition-by names {} twice", level.name))
                        .next("Name each folder once"),
                );
            }
            Some(level) => found.push(level),
            None => missing.push(text.clone()),
        }
    }
    if kept(&found, columns).is_empty() {
        return Err(Error::usage(
            "every column names a folder, so that nothing is left for the files",
        )
        .next("Leave a column out of --partition-by"));
    }
    Ok((found, missing))
}

/// The columns that are written into the files: whole values that name a folder are read from there.
pub fn kept(levels: &[Level], columns: &[Column]) -> Vec<usize> {
    let names_folder = |position: &usize| {
        levels
            .iter()
            .any(|level| level.column == *position && level.grain.is_none())
    };
    (0..columns.len())
        .filter(|position| !names_folder(position))
        .collect()
}

fn level(text: &str, columns: &[Column]) -> Result<Option<Level>> {
    let position = |name: &str| {
        columns
            .iter()
            .position(|column| column.name.eq_ignore_ascii_case(name))
    };
    if let Some(column) = position(text) {
        if columns[column].kind == Kind::Blob {
            return Err(
                Error::usage(format!("{text} holds bytes, which name no folder"))
                    .next("Name another column in --partition-by"),
            );
        }
        return Ok(Some(Level {
            name: columns[column].name.clone(),
            column,
            grain: None,
        }));
    }
    let (grain, column) = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((grain, column)) => (Grain::named(grain), position(column.trim())),
        None => (Grain::named(text), main_instant(columns)),
    };
    let (Some(grain), Some(column)) = (grain, column) else {
        return Ok(None);
    };
    match columns[column].kind {
        Kind::Instant | Kind::Date | Kind::Any => Ok(Some(Level {
            name: grain.name().to_owned(),
            column,
            grain: Some(grain),
        })),
        _ => Err(Error::usage(format!(
            "{} is no instant, so it has no {}",
            columns[column].name,
            grain.name()
        ))
        .next("Name a column of instants or dates in --partition-by")),
    }
}

/// The instant that tells best when a row happened.
pub fn main_instant(columns: &[Column]) -> Option<usize> {
    let is_instant =
        |position: &usize| matches!(columns[*position].kind, Kind::Instant | Kind::Date);
    let named = |name: &&str| columns.iter().position(|column| column.name == **name);
    let main = MAIN.iter().filter_map(named).find(is_instant);
    main.or_else(|| (0..columns.len()).find(is_instant))
}

/// The folder of a row below that of its table; empty without levels.
///
/// # Errors
/// A value that is too long for a name, or no instant.
pub fn folder(levels: &[Level], columns: &[Column], row: &[ValueRef<'_>]) -> Result<String> {
    let mut path = String::new();
    for level in levels {
        let value = value(level, columns[level.column].kind, row[level.column])?;
        let value = match value.as_deref() {
            // Hive and Spark know no difference between the two.
            None | Some("") => NOTHING.to_owned(),
            Some(text) => escaped(text),
        };
        let name = format!("{}={value}", escaped(&level.name));
        if name.len() > LONGEST {
            return Err(Error::usage(format!(
                "a value of {} is {} bytes long, too long for the name of a folder",
                level.name,
                value.len()
            ))
            .next("Name a column of short values in --partition-by"));
        }
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(&name);
    }
    Ok(path)
}

fn value(level: &Level, kind: Kind, value: ValueRef<'_>) -> Result<Option<String>> {
    let text = match value {
        ValueRef::Null => return Ok(None),
        ValueRef::Integer(number) if kind == Kind::Boolean => (number != 0).to_string(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    let Some(grain) = level.grain else {
        return Ok(Some(text));
    };
    let instant = Instant::parse(&text).ok_or_else(|| {
        Error::usage(format!(
            "a value is no instant, so it has no {}",
            level.name
        ))
        .next("Name a column of instants or dates in --partition-by")
    })?;
    let (year, month, day, ..) = instant.civil();
    Ok(Some(match grain {
        Grain::Year => format!("{year:04}"),
        Grain::Month => format!("{year:04}-{month:02}"),
        Grain::Day => format!("{year:04}-{month:02}-{day:02}"),
    }))
}

/// A name as Hive and Spark write it (`ExternalCatalogUtils.escapePathName`): `%` and two digits for what file
/// systems or addresses treat specially; other letters stay. NUL is added: no name can hold it.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\0'..='\x1f'
            | '\x7f'
            | '"'
            | '#'
            | '%'
            | '\''
            | '*'
            | '/'
            | ':'
            | '='
            | '?'
            | '\\'
            | '{'
            | '['
            | ']'
            | '^' => made.push_str(&format!("%{:02X}", u32::from(letter))),
            // Names that Windows refuses; Spark escapes them there, and readers take them everywhere.
            '<' | '>' | '|' if cfg!(windows) => {
                made.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            _ => made.push(letter),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::{Kind, Level, escaped, folder, kept, levels, main_instant};
    use crate::catalog;
    use crate::export::kind::Column;

    fn columns() -> Vec<Column> {
        [
            ("id", Kind::Text),
            ("sentDateTime", Kind::Instant),
            ("receivedDateTime", Kind::Instant),
            ("isRead", Kind::Boolean),
            ("picture", Kind::Blob),
        ]
        .map(|(name, kind)| Column {
            name: name.to_owned(),
            kind,
        })
        .to_vec()
    }

    fn asked(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    fn place(text: &str, row: &[ValueRef<'_>]) -> String {
        let columns = columns();
        let (levels, _) = levels(&asked(text), &columns).expect("levels");
        folder(&levels, &columns, row).expect("a folder")
    }

    #[test]
    fn folders_are_hives() {
        let row = [
            ValueRef::Text("a/b=c%\u{e4}".as_bytes()),
            ValueRef::Text(b"2026-01-31 23:59:59"),
            ValueRef::Text(b"2026-02-01 00:00:00"),
            ValueRef::Integer(1),
            ValueRef::Null,
        ];
        assert_eq!(place("month", &row), "month=2026-02");
        assert_eq!(place("month(sentDateTime)", &row), "month=2026-01");
        assert_eq!(place("Year,DAY", &row), "year=2026/day=2026-02-01");
        assert_eq!(place("id", &row), "id=a%2Fb%3Dc%25\u{e4}");
        assert_eq!(place("isread", &row), "isRead=true");
        let nothing = [ValueRef::Null; 5];
        assert_eq!(
            place("id,month", &nothing),
            "id=__HIVE_DEFAULT_PARTITION__/month=__HIVE_DEFAULT_PARTITION__"
        );
        let empty = [ValueRef::Text(b""); 5];
        assert_eq!(place("id", &empty), "id=__HIVE_DEFAULT_PARTITION__");
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(escaped("a b.c@d-e_f"), "a b.c@d-e_f");
        assert_eq!(
            escaped("\n\0\"#%'*/:=?\\{[]^\x7f"),
            "%0A%00%22%23%25%27%2A%2F%3A%3D%3F%5C%7B%5B%5D%5E%7F"
        );
        assert_eq!(escaped("..")[..].len(), 2, "behind a = it is no parent");
    }

    #[test]
    fn whole_values_leave_the_files_and_parts_of_instants_stay() {
        let columns = columns();
        let (levels, missing) = levels(&asked("id,month,UserId"), &columns).expect("levels");
        assert_eq!(missing, ["UserId"]);
        assert_eq!(kept(&levels, &columns), [1, 2, 3, 4]);
    }

    #[test]
    fn what_names_no_folder_is_refused() {
        let columns = columns();
        for (text, why) in [
            ("month(id)", "id is no instant"),
            ("month,month(sentDateTime)", "twice"),
            ("id,ID", "twice"),
            ("picture", "bytes"),
        ] {
            let error = levels(&asked(text), &columns).expect_err(text);
            assert!(error.to_string().contains(why), "{error}");
            assert!(error.next.is_some(), "{error}");
        }
        let only = [columns[0].clone()];
        assert!(levels(&asked("id"), &only).is_err());
        let long = "x".repeat(300);
        let level = Level {
            name: "id".to_owned(),
            column: 0,
            grain: None,
        };
        assert!(folder(&[level], &only, &[ValueRef::Text(long.as_bytes())]).is_err());
    }

    #[test]
    fn every_table_has_the_instant_that_people_mean() {
        let main = |name: &str| {
            let table = catalog::table(name).expect("a table");
            let columns: Vec<Column> = table
                .columns
                .iter()
                .map(|column| Column {
                    name: column.name(),
                    kind: Kind::of_type(column.ty),
                })
                .collect();
            main_instant(&columns).map(|position| columns[position].name.clone())
        };
        for (table, instant) in [
            ("Messages", "receivedDateTime"),
            ("MessageRecipients", "receivedDateTime"),
            ("Events", "start_dateTime"),
            ("EventAttendees", "start_dateTime"),
            ("Files", "createdDateTime"),
            ("TodoTasks", "createdDateTime"),
            ("FileVersions", "lastModifiedDateTime"),
            ("DeletedUsers", "deletedDateTime"),
        ] {
            assert_eq!(main(table).as_deref(), Some(instant), "{table}");
        }
        assert_eq!(main("MailFolders"), None);
    }
}
