//! Files for other programs: tables and statements as Parquet, CSV or JSON lines, for each mailbox by itself.
//!
//! A unit is a folder (a table, or a statement) of one mailbox. Its rows are read with the live tables and written as
//! they come; its files appear when all of them are on the disk, and from then on the unit is finished, whatever
//! happens. What a run did not finish the next one begins again. Shards are processes that share the mailboxes and
//! know nothing of each other.

mod cell;
mod csv;
mod files;
mod jsonl;
pub mod kind;
mod ledger;
mod parquet_file;
pub mod partition;
pub mod question;
mod record;
mod shard;
mod sheet;

use std::collections::HashSet;
use std::path::PathBuf;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Row, Rows};

pub use question::{Question, Source};
pub use shard::{Shard, stable_hash};
pub use sheet::Format;

use crate::error::{Error, Result};
use crate::private_file;
use crate::session::Session;
use crate::sqlite::Live;
use files::{Files, Layout};
use kind::{Column, Kind};
use ledger::Ledger;
use partition::Level;
use record::{Arguments, Record};

/// So many rows, or so many bytes of them, decide what undeclared columns hold.
const SAMPLE: (usize, usize) = (100_000, 32 << 20);

/// What is to be exported.
#[derive(Debug)]
pub struct Order {
    /// The tables, or the statement.
    pub sources: Vec<Source>,
    /// The format.
    pub format: Format,
    /// The folder.
    pub to: PathBuf,
    /// The levels of folders below that of a table.
    pub partition_by: Vec<String>,
    /// The share of the mailboxes.
    pub shard: Shard,
}

/// An export under way.
pub struct Export {
    /// Where the live tables are.
    pub live: Live,
    order: Order,
    folders: Vec<Folder>,
}

/// What one source becomes.
struct Folder {
    question: Question,
    columns: Vec<Column>,
    levels: Vec<Level>,
    record: Record,
    ledger: Ledger,
}

/// A source of one mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    folder: usize,
    /// The table, or the name of the statement.
    pub name: String,
    /// Whose; nothing for what is read once.
    pub mailbox: Option<String>,
}

/// What was written of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Files.
    pub files: u64,
    /// Rows in them.
    pub rows: u64,
}

impl Export {
    /// Opens the folder, which is made if it is not there, and goes on where a run before ended.
    ///
    /// # Errors
    /// Wrong arguments, those of another export in this folder, another process that has the shard, or a folder
    /// that cannot be written.
    pub fn open(order: Order, connection: &str) -> Result<Self> {
        // What only reads may say so: a procedure in a statement could do more.
        let live = Live::open(&format!("{connection};Readonly=true"))?;
        let questions: Vec<Question> = order
            .sources
            .iter()
            .map(|source| Question::understand(source.clone(), &live))
            .collect::<Result<_>>()?;
        let levels = levels(&order, &questions)?;
        private_file::make_folder(&order.to).map_err(sheet::unwritten)?;
        let tenant = tenant(live.session())?;
        let folders = questions
            .into_iter()
            .zip(levels)
            .map(|(question, levels)| Folder::open(&order, question, levels, &tenant))
            .collect::<Result<_>>()?;
        Ok(Self {
            live,
            order,
            folders,
        })
    }

    /// The units of this shard, in the order of the sources; `users` is a statement that gives mailboxes, or `all`.
    ///
    /// # Errors
    /// What the statement ends with.
    pub fn units(&self, users: Option<&str>) -> Result<Vec<Unit>> {
        let needs_mailboxes = self
            .folders
            .iter()
            .any(|folder| folder.question.of_mailboxes);
        let mailboxes = match needs_mailboxes {
            true => once(self.live.mailboxes(users)?),
            false => Vec::new(),
        };
        let shard = self.order.shard;
        let mut units = Vec::new();
        for (folder, Folder { question, .. }) in self.folders.iter().enumerate() {
            let unit = |mailbox: Option<&String>| Unit {
                folder,
                name: question.source.name().to_owned(),
                mailbox: mailbox.cloned(),
            };
            match question.of_mailboxes {
                true => units.extend(
                    mailboxes
                        .iter()
                        .filter(|mailbox| shard.has(mailbox))
                        .map(|mailbox| unit(Some(mailbox))),
                ),
                false if shard.has(question.source.name()) => units.push(unit(None)),
                false => {}
            }
        }
        Ok(units)
    }

    /// What a run before wrote of a unit; nothing where it is not finished.
    pub fn done(&self, unit: &Unit) -> Option<Done> {
        let ledger = &self.folders[unit.folder].ledger;
        ledger.finished(&unit.key()).map(|pieces| Done {
            files: pieces.len() as u64,
            rows: pieces.iter().map(|piece| piece.rows).sum(),
        })
    }

    /// Reads a unit and writes its files, in place of those that it had.
    ///
    /// # Errors
    /// Graph's refusal, an interrupt, a value that its column cannot hold, or files that cannot be written; the
    /// files of a run before stay then.
    pub fn write(&mut self, unit: &Unit) -> Result<Done> {
        let folder = &mut self.folders[unit.folder];
        let reading = Reading {
            live: &self.live,
            unit,
        };
        match reading.files(folder, self.order.format) {
            Ok(pieces) => folder.ledger.finish(&unit.key(), pieces)?,
            Err(error) => {
                // Disks may be small, and the next unit has names of its own.
                folder.ledger.sweep()?;
                return Err(error);
            }
        }
        Ok(self.done(unit).unwrap_or_default())
    }

    /// How many requests were made so far.
    pub fn requests(&self) -> u64 {
        self.live.log().progress().requests
    }

    /// How often something was left out so far because the connection says `OnMailboxError=skip`.
    pub fn left_out(&self) -> usize {
        self.live.session().skipped.entries().len()
    }
}

impl Unit {
    /// Its name in the ledger: addresses are the same mailbox in capitals or not.
    fn key(&self) -> String {
        self.mailbox
            .as_deref()
            .unwrap_or_default()
            .to_ascii_lowercase()
    }
}

impl Folder {
    fn open(order: &Order, question: Question, levels: Vec<Level>, tenant: &str) -> Result<Self> {
        let source = &question.source;
        let arguments = Arguments {
            sql: source.sql().map(|sql| sql.trim().to_owned()),
            tenant: tenant.to_owned(),
            format: order.format.name().to_owned(),
            partition_by: order.partition_by.clone(),
            shards: order.shard.count,
        };
        let record = Record::open(&order.to, source.name(), arguments, &question.columns)?;
        let ledger = Ledger::open(&order.to, record.folder(), order.shard)?;
        Ok(Self {
            columns: question.columns.clone(),
            question,
            levels,
            record,
            ledger,
        })
    }
}

/// The levels of each source. One that has no such column goes without; a level that none has is a mistake.
fn levels(order: &Order, questions: &[Question]) -> Result<Vec<Vec<Level>>> {
    let mut all = Vec::new();
    let mut nowhere: HashSet<&String> = order.partition_by.iter().collect();
    for question in questions {
        let (levels, missing) = partition::levels(&order.partition_by, &question.columns)?;
        nowhere.retain(|asked| missing.contains(asked));
        all.push(levels);
    }
    match order.partition_by.iter().find(|asked| nowhere.contains(asked)) {
        Some(asked) => Err(Error::usage(format!(
            "--partition-by {asked}: there is no such column, nor an instant that it could be taken from"
        ))
        .next("Name a column of the output, or year, month or day, alone or of a column: month(sentDateTime)")),
        None => Ok(all),
    }
}

/// Which tenant the connection names, so that those of two are not mixed.
fn tenant(session: &Session) -> Result<String> {
    let said = session.said()?;
    Ok(match said.has("Demo") {
        true => "demo".to_owned(),
        false => said.get("AzureTenant").to_lowercase(),
    })
}

/// Mailboxes that are named twice are read once.
fn once(mailboxes: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    mailboxes
        .into_iter()
        .filter(|mailbox| seen.insert(mailbox.to_ascii_lowercase()))
        .collect()
}

/// One unit while it is read.
struct Reading<'a> {
    live: &'a Live,
    unit: &'a Unit,
}

impl Reading<'_> {
    /// Reads all rows, and writes them into files that nobody sees yet.
    fn files(&self, folder: &mut Folder, format: Format) -> Result<Vec<ledger::Piece>> {
        let said = |error: rusqlite::Error| self.live.error(error);
        let (sql, parameters) = folder.question.sql(self.unit.mailbox.as_deref());
        let mut statement = self.live.connection.prepare(&sql).map_err(said)?;
        let count = statement.column_count();
        let mut rows = statement
            .query(rusqlite::params_from_iter(parameters))
            .map_err(said)?;
        let undecided = |column: &Column| column.kind == Kind::Any;
        let sample = match format.is_typed() && folder.columns.iter().any(undecided) {
            true => sample(&mut rows, count).map_err(said)?,
            false => Vec::new(),
        };
        decide(folder, &sample)?;
        let unit = self.unit.key();
        let mut files = Files::new(Layout {
            folder: folder.question.source.name(),
            format,
            columns: &folder.columns,
            levels: &folder.levels,
            staging: &folder.ledger.staging,
            unit: &unit,
        });
        for row in sample {
            let row: Vec<ValueRef<'_>> = row.iter().map(ValueRef::from).collect();
            files.row(&row)?;
        }
        while let Some(row) = rows.next().map_err(said)? {
            let row = values(row, count).map_err(said)?;
            files.row(&row)?;
        }
        files.finish()
    }
}

fn values<'a>(row: &'a Row<'_>, count: usize) -> rusqlite::Result<Vec<ValueRef<'a>>> {
    (0..count).map(|column| row.get_ref(column)).collect()
}

/// The first rows, to see what they hold.
fn sample(rows: &mut Rows<'_>, count: usize) -> rusqlite::Result<Vec<Vec<Value>>> {
    let (mut sample, mut bytes) = (Vec::new(), 0);
    while sample.len() < SAMPLE.0 && bytes < SAMPLE.1 {
        let Some(row) = rows.next()? else {
            break;
        };
        let row: Vec<Value> = values(row, count)?.into_iter().map(owned).collect();
        bytes += row.iter().map(size).sum::<usize>();
        sample.push(row);
    }
    Ok(sample)
}

/// What the first rows say of the columns whose type SQL does not tell; without rows nothing is decided.
fn decide(folder: &mut Folder, sample: &[Vec<Value>]) -> Result<()> {
    if sample.is_empty() {
        return Ok(());
    }
    let kinds: Vec<Kind> = (0..folder.columns.len())
        .map(|column| Kind::of_values(sample.iter().map(|row| &row[column])))
        .collect();
    folder.record.decide(&mut folder.columns, &kinds)
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        // Text that is no UTF-8 is bytes.
        ValueRef::Text(bytes) => match String::from_utf8(bytes.to_vec()) {
            Ok(text) => Value::Text(text),
            Err(error) => Value::Blob(error.into_bytes()),
        },
    }
}

/// The memory of a value.
fn size(value: &Value) -> usize {
    std::mem::size_of::<Value>()
        + match value {
            Value::Text(text) => text.len(),
            Value::Blob(bytes) => bytes.len(),
            _ => 0,
        }
}
