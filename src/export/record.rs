//! What a folder of an export is: the arguments that made it, and the types of its columns. All shards share it, so
//! that their files go together; whoever comes with other arguments is turned away.

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::kind::{Column, Kind};
use super::ledger;
use super::sheet::unwritten;
use crate::error::{Error, Result};
use crate::private_file;

/// Where records and unfinished files are: readers of folders pass over names that begin like this.
pub const RECORDS: &str = "_office365";

/// The arguments that decide what is in a folder. Whose mailboxes are read is none of them: further ones are added
/// to those that are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arguments {
    /// The statement; nothing for a table.
    pub sql: Option<String>,
    /// The tenant, as the connection names it.
    pub tenant: String,
    /// The format.
    pub format: String,
    /// The levels of folders.
    pub partition_by: Vec<String>,
    /// How many shards there are.
    pub shards: u64,
}

#[derive(Serialize, Deserialize)]
struct Written {
    arguments: Arguments,
    /// Names and kinds; `any` is not decided yet.
    columns: Vec<(String, String)>,
}

/// The record of one folder.
pub struct Record {
    path: PathBuf,
    name: String,
    arguments: Arguments,
}

impl Record {
    /// The record of the folder `name`, which is made where there is none.
    ///
    /// # Errors
    /// A folder that was exported with other arguments.
    pub fn open(root: &Path, name: &str, arguments: Arguments, columns: &[Column]) -> Result<Self> {
        let record = Self {
            path: root.join(RECORDS).join(name).join("export.json"),
            name: name.to_owned(),
            arguments,
        };
        let _locked = record.lock()?;
        match record.read()? {
            Some(written) => {
                if let Some(difference) = record.difference(&written, columns) {
                    // Where nothing is finished nothing can be mixed.
                    match record.is_unused()? {
                        true => record.write(columns)?,
                        false => return Err(record.refused(&difference)),
                    }
                }
            }
            None => record.write(columns)?,
        }
        Ok(record)
    }

    /// The folder that the ledgers of the shards are in.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    /// Decides what the undecided columns hold, unless another shard already has; all shards then do the same.
    ///
    /// # Errors
    /// A record that cannot be read or written.
    pub fn decide(&self, columns: &mut [Column], kinds: &[Kind]) -> Result<()> {
        let _locked = self.lock()?;
        let known = self.read()?.map(|written| written.columns);
        for (position, column) in columns.iter_mut().enumerate() {
            let decided = known
                .as_ref()
                .and_then(|known| Kind::named(&known.get(position)?.1))
                .filter(|kind| *kind != Kind::Any);
            if column.kind == Kind::Any {
                column.kind = decided.unwrap_or(kinds[position]);
            }
        }
        self.write(columns)
    }

    fn lock(&self) -> Result<File> {
        let lock = private_file::lock_file(&self.path).map_err(unwritten)?;
        lock.lock().map_err(unwritten)?;
        Ok(lock)
    }

    fn read(&self) -> Result<Option<Written>> {
        let bytes = match std::fs::read(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(unwritten)?,
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Error::usage(format!("{} is damaged: {error}", self.path.display()))
                .next("Export into another folder: what this one holds is not known any more")
        })
    }

    fn write(&self, columns: &[Column]) -> Result<()> {
        let written = Written {
            arguments: self.arguments.clone(),
            columns: columns
                .iter()
                .map(|column| (column.name.clone(), column.kind.name().to_owned()))
                .collect(),
        };
        let mut text = serde_json::to_string(&written).map_err(unwritten)?;
        text.push('\n');
        private_file::replace(&self.path, text.as_bytes()).map_err(unwritten)
    }

    /// The first thing that differs, as words.
    fn difference(&self, written: &Written, columns: &[Column]) -> Option<String> {
        let (old, new) = (&written.arguments, &self.arguments);
        let list = |levels: &[String]| match levels.is_empty() {
            true => "nothing".to_owned(),
            false => levels.join(","),
        };
        if old.format != new.format {
            return Some(format!("the format {}", old.format));
        }
        if old.sql != new.sql {
            return Some(match old.sql {
                Some(_) => "another statement".to_owned(),
                None => "a table of this name".to_owned(),
            });
        }
        if old.partition_by != new.partition_by {
            return Some(format!("--partition-by {}", list(&old.partition_by)));
        }
        if old.shards != new.shards {
            return Some(format!("{} shards", old.shards));
        }
        if old.tenant != new.tenant {
            return Some("another tenant".to_owned());
        }
        let same = |(old, new): (&(String, String), &Column)| {
            let decided = new.kind == Kind::Any || old.1 == new.kind.name();
            old.0 == new.name && decided
        };
        let is_same =
            written.columns.len() == columns.len() && written.columns.iter().zip(columns).all(same);
        (!is_same).then(|| "other columns, by another version of office365".to_owned())
    }

    fn refused(&self, difference: &str) -> Error {
        Error::usage(format!(
            "{} was exported with other arguments: {difference}",
            self.name
        ))
        .next("Give the same arguments to go on with it, or name another folder with --to")
    }

    /// Whether no shard has finished anything or is about to.
    fn is_unused(&self) -> Result<bool> {
        for entry in std::fs::read_dir(self.folder()).map_err(unwritten)? {
            let path = entry.map_err(unwritten)?.path();
            if path.extension().is_none_or(|ending| ending != "jsonl") {
                continue;
            }
            let lock = private_file::lock_file(&path).map_err(unwritten)?;
            if lock.try_lock().is_err() || ledger::has_steps(&path)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
