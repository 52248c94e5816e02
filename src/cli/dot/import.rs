//! `.import`: rows of a CSV file in a table of the database, so that they meet the tenant's in one query.

use std::fs::File;
use std::io::{Error as IoError, ErrorKind, Read, Seek, SeekFrom};

use csv::{ReaderBuilder, StringRecord};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::{Call, Command};
use crate::catalog;
use crate::cli::exit::{Exit, Flow};
use crate::cli::session::Session;
use crate::cli::{interrupt, report};

pub const COMMANDS: &[Command] = &[Command {
    name: ".import",
    aliases: &[],
    usage: "[--csv|--tsv] [--skip N] [--schema S] FILE TABLE",
    doc: "Read a CSV file into a table, which is made from the first line if it is not there.",
    run: import,
}];

/// What was asked for.
struct Wish {
    separator: u8,
    /// Lines to pass over.
    skip: usize,
    schema: String,
    file: String,
    table: String,
}

fn import(session: &mut Session, call: &Call<'_>) -> Flow {
    let Some(wish) = Wish::of(session, call) else {
        return call.misused();
    };
    let running = interrupt::running(&session.db);
    let outcome = run(session, &wish);
    drop(running);
    match outcome {
        Ok(rows) => {
            let word = if rows == 1 { "row" } else { "rows" };
            session.note(&format!("{rows} {word} into {}", wish.table));
            Flow::Done
        }
        Err(Trouble::Told(text, next)) => {
            report::sentence(&text, next.as_deref());
            Flow::Failed(Exit::Failed)
        }
        Err(Trouble::Sql(error)) => Flow::Failed(report::error(&session.db, &error, None)),
    }
}

impl Wish {
    fn of(session: &Session, call: &Call<'_>) -> Option<Self> {
        let (mut separator, mut skip, mut schema) = (None, 0, "main".to_owned());
        let mut names = Vec::new();
        let mut words = call.words.iter();
        while let Some(word) = words.next() {
            match word.strip_prefix("--").or_else(|| word.strip_prefix('-')) {
                None => names.push(word.clone()),
                Some("csv") => separator = Some(b','),
                Some("tsv") => separator = Some(b'\t'),
                Some("skip") => skip = words.next()?.parse().ok()?,
                Some("schema") => schema.clone_from(words.next()?),
                Some(_) => return None,
            }
        }
        let [file, table] = <[String; 2]>::try_from(names).ok()?;
        // A bar stands between columns where nobody has said anything: in no file.
        let said = match session.style.column_separator.as_bytes() {
            [b'|'] => None,
            [byte] => Some(*byte),
            _ => None,
        };
        let by_name = match file.rsplit('.').next() {
            Some("tsv" | "tab") => b'\t',
            _ => b',',
        };
        Some(Self {
            separator: separator.or(said).unwrap_or(by_name),
            skip,
            schema,
            file,
            table,
        })
    }
}

/// Why nothing was read in.
enum Trouble {
    /// A sentence, and what to do.
    Told(String, Option<String>),
    /// SQLite said no.
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// All rows or none.
fn run(session: &Session, wish: &Wish) -> Result<usize, Trouble> {
    let db = &session.db;
    let file = opened(wish)
        .map_err(|error| Trouble::Told(format!("{} cannot be read: {error}", wish.file), None))?;
    db.execute_batch("SAVEPOINT import")?;
    let outcome = read(session, wish, file);
    let end = match outcome {
        Ok(_) => "RELEASE import",
        Err(_) => "ROLLBACK TO import; RELEASE import",
    };
    db.execute_batch(end)?;
    outcome
}

/// The file behind the lines to pass over, and behind the mark that spreadsheets put before UTF-8.
fn opened(wish: &Wish) -> std::io::Result<impl Read> {
    let mut file = File::open(&wish.file)?;
    let mut mark = [0; 3];
    let has_mark = file.read(&mut mark)? == 3 && mark == *b"\xef\xbb\xbf";
    file.seek(SeekFrom::Start(if has_mark { 3 } else { 0 }))?;
    let mut file = std::io::BufReader::new(file);
    let mut line = Vec::new();
    for _ in 0..wish.skip {
        line.clear();
        if std::io::BufRead::read_until(&mut file, b'\n', &mut line)? == 0 {
            return Err(IoError::new(ErrorKind::UnexpectedEof, "it has fewer lines"));
        }
    }
    Ok(file)
}

fn read(session: &Session, wish: &Wish, file: impl Read) -> Result<usize, Trouble> {
    let mut reader = ReaderBuilder::new()
        .delimiter(wish.separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(file);
    let broken = |error: csv::Error| Trouble::Told(malformed(wish, &error), encoding(&error));
    let mut record = StringRecord::new();
    let count = match columns(&session.db, wish)? {
        0 => {
            if !reader.read_record(&mut record).map_err(broken)? {
                return Err(Trouble::Told(format!("{} is empty", wish.file), None));
            }
            create(session, wish, &record)?
        }
        count => count,
    };
    let places = vec!["?"; count].join(", ");
    let insert = format!("INSERT INTO {} VALUES ({places})", wish.target());
    let mut statement = session.db.prepare(&insert)?;
    let mut rows = 0;
    while reader.read_record(&mut record).map_err(broken)? {
        let line = record.position().map_or(0, csv::Position::line) as usize + wish.skip;
        if record.len() != count {
            uneven(session, wish, line, count, record.len());
        }
        let values = (0..count).map(|n| {
            record
                .get(n)
                .map_or(Value::Null, |text| Value::Text(text.to_owned()))
        });
        statement
            .execute(params_from_iter(values))
            .map_err(|error| match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::OperationInterrupted) => Trouble::Sql(error),
                _ => Trouble::Told(
                    format!("{}:{line}: INSERT failed: {error}", wish.file),
                    Some("nothing was imported".to_owned()),
                ),
            })?;
        rows += 1;
    }
    Ok(rows)
}

impl Wish {
    fn target(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.table))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// How many columns the table has that an INSERT fills; 0 where there is no such table.
fn columns(db: &Connection, wish: &Wish) -> Result<usize, Trouble> {
    let sql = format!(
        "SELECT count(*) FROM pragma_table_info(?1, ?2)
          WHERE EXISTS (SELECT 1 FROM {}.sqlite_schema WHERE name = ?1 COLLATE NOCASE)",
        quoted(&wish.schema)
    );
    let count: i64 = db.query_row(&sql, [&wish.table, &wish.schema], |row| row.get(0))?;
    if count == 0 && catalog::table(&wish.table).is_some() {
        return Err(Trouble::Told(
            format!("{} is a table of Microsoft 365", wish.table),
            Some(format!(
                "import into another table, then INSERT INTO {} (…) SELECT … FROM it",
                wish.table
            )),
        ));
    }
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Makes the table; the first line names its columns.
fn create(session: &Session, wish: &Wish, names: &StringRecord) -> Result<usize, Trouble> {
    let mut columns: Vec<String> = Vec::new();
    for (position, name) in names.iter().enumerate() {
        let wanted = match name.trim() {
            "" => format!("column{}", position + 1),
            name => name.to_owned(),
        };
        let is_free = |name: &String| !columns.iter().any(|had| had.eq_ignore_ascii_case(name));
        let further = (2..).map(|n| format!("{wanted}_{n}"));
        let unique = std::iter::once(wanted.clone()).chain(further).find(is_free);
        let unique = unique.unwrap_or_default();
        if unique != name {
            session.note(&format!("column {} is named {unique}", position + 1));
        }
        columns.push(unique);
    }
    // As the sqlite3 shell declares them: 007 stays what it is.
    let declared: Vec<String> = columns
        .iter()
        .map(|name| format!("{} TEXT", quoted(name)))
        .collect();
    let sql = format!(
        "CREATE TABLE IF NOT EXISTS {}(\n{})",
        wish.target(),
        declared.join(", ")
    );
    session.db.execute_batch(&sql)?;
    Ok(columns.len())
}

/// What the sqlite3 shell says, too.
fn uneven(session: &Session, wish: &Wish, line: usize, wanted: usize, found: usize) {
    let what = match found < wanted {
        true => "filling the rest with NULL",
        false => "extras ignored",
    };
    session.note(&format!(
        "{}:{line}: expected {wanted} columns but found {found} - {what}",
        wish.file
    ));
}

fn malformed(wish: &Wish, error: &csv::Error) -> String {
    let line = error.position().map_or(0, csv::Position::line) as usize + wish.skip;
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => format!("{}:{line}: this is not UTF-8", wish.file),
        _ => format!("{} cannot be read: {error}", wish.file),
    }
}

fn encoding(error: &csv::Error) -> Option<String> {
    matches!(error.kind(), csv::ErrorKind::Utf8 { .. })
        .then(|| "save it as CSV UTF-8; nothing was imported".to_owned())
}
