//! What a shard has finished of a folder: an append-only file, one line for each step, each on the disk before the
//! next step is taken.
//!
//! A unit's files are written under names of their own in the shard's staging folder. The line `files` is the
//! point where the unit is finished: it names all its files, and from then on they are moved to their places, now
//! or by the next run. The line `done` says that they are there. What a run left before that line is thrown away.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::shard::Shard;
use super::sheet::unwritten;
use crate::error::{Error, Result};
use crate::private_file;

/// A file of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Below the folder of the export, `/` between the names.
    pub path: String,
    /// Its name in the staging folder.
    pub staged: String,
    /// How many rows it has.
    pub rows: u64,
}

#[derive(Serialize, Deserialize)]
struct Line {
    unit: String,
    #[serde(flatten)]
    step: Step,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// All is written; these files are to be moved to their places, and those of an earlier run go.
    Files { new: Vec<Piece>, old: Vec<String> },
    /// All is in its place.
    Done {},
    /// A file is in neither place: the unit is to be read again.
    Lost {},
}

/// The ledger of one shard, which is its alone while this lives.
pub struct Ledger {
    /// The folder of the export.
    root: PathBuf,
    /// Where unfinished files are.
    pub staging: PathBuf,
    file: File,
    finished: HashMap<String, Vec<Piece>>,
    /// Held, so that no other process writes the same shard.
    _lock: File,
}

impl Ledger {
    /// Opens the ledger of a shard below `records`, finishes what a run before began to finish, and throws away
    /// what it had not.
    ///
    /// # Errors
    /// Another process that has it open, a ledger that was damaged, or files that cannot be written.
    pub fn open(root: &Path, records: &Path, shard: Shard) -> Result<Self> {
        let name = format!("shard-{}-of-{}", shard.index, shard.count);
        let path = records.join(format!("{name}.jsonl"));
        let lock = private_file::lock_file(&path).map_err(unwritten)?;
        if lock.try_lock().is_err() {
            return Err(Error::usage(format!(
                "another process is exporting share {shard} into {}",
                root.display()
            ))
            .next("Wait for it, or name another folder with --to"));
        }
        let steps = read(&path)?;
        let staging = records.join(name);
        let mut ledger = Self {
            root: root.to_owned(),
            staging,
            file: private_file::append(&path).map_err(unwritten)?,
            finished: HashMap::new(),
            _lock: lock,
        };
        private_file::make_folder(&ledger.staging).map_err(unwritten)?;
        ledger.resume(steps)?;
        ledger.sweep()?;
        Ok(ledger)
    }

    /// The files of a unit that is finished.
    pub fn finished(&self, unit: &str) -> Option<&[Piece]> {
        self.finished.get(unit).map(Vec::as_slice)
    }

    /// Finishes a unit whose files are all on the disk.
    ///
    /// # Errors
    /// Files that cannot be moved, or a ledger that cannot be written.
    pub fn finish(&mut self, unit: &str, new: Vec<Piece>) -> Result<()> {
        let places: HashSet<&str> = new.iter().map(|piece| piece.path.as_str()).collect();
        let before = self.finished.remove(unit).unwrap_or_default();
        let old: Vec<String> = before
            .into_iter()
            .map(|piece| piece.path)
            .filter(|path| !places.contains(path.as_str()))
            .collect();
        sync_folder(&self.staging)?;
        let files = Step::Files {
            new: new.clone(),
            old: old.clone(),
        };
        self.append(unit, files)?;
        self.put_in_place(&new, &old)?;
        self.append(unit, Step::Done {})?;
        self.finished.insert(unit.to_owned(), new);
        Ok(())
    }

    /// Throws away what is in the staging folder.
    ///
    /// # Errors
    /// Files that cannot be removed.
    pub fn sweep(&self) -> Result<()> {
        for entry in fs::read_dir(&self.staging).map_err(unwritten)? {
            let path = entry.map_err(unwritten)?.path();
            fs::remove_file(path).map_err(unwritten)?;
        }
        Ok(())
    }

    fn resume(&mut self, steps: Vec<Line>) -> Result<()> {
        let mut begun: HashMap<String, (Vec<Piece>, Vec<String>)> = HashMap::new();
        for line in steps {
            match line.step {
                Step::Files { new, old } => drop(begun.insert(line.unit, (new, old))),
                Step::Done {} => {
                    if let Some((new, _)) = begun.remove(&line.unit) {
                        self.finished.insert(line.unit, new);
                    }
                }
                Step::Lost {} => {
                    begun.remove(&line.unit);
                    self.finished.remove(&line.unit);
                }
            }
        }
        for (unit, (new, old)) in begun {
            self.finished.remove(&unit);
            match self.put_in_place(&new, &old)? {
                true => {
                    self.append(&unit, Step::Done {})?;
                    self.finished.insert(unit, new);
                }
                false => self.append(&unit, Step::Lost {})?,
            }
        }
        Ok(())
    }

    /// Moves files to their places; those that are there already are left. False when one is nowhere: somebody
    /// removed it, and then none of them stays, because the unit will be read again.
    fn put_in_place(&self, new: &[Piece], old: &[String]) -> Result<bool> {
        let mut folders = HashSet::new();
        let mut is_whole = true;
        for piece in new {
            let (from, to) = (
                self.staging.join(&piece.staged),
                self.root.join(&piece.path),
            );
            let folder = to.parent().unwrap_or(&self.root).to_owned();
            private_file::make_folder(&folder).map_err(unwritten)?;
            match from.exists() {
                true => fs::rename(&from, &to).map_err(unwritten)?,
                false => is_whole &= to.exists(),
            }
            // New folders are entries of their parents, which have to last as well.
            let parents = folder.ancestors();
            folders.extend(
                parents
                    .take_while(|parent| parent.starts_with(&self.root))
                    .map(Path::to_owned),
            );
        }
        let gone = new.iter().map(|piece| &piece.path).filter(|_| !is_whole);
        for path in old.iter().chain(gone) {
            match fs::remove_file(self.root.join(path)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(unwritten(error));
                }
                _ => {}
            }
        }
        folders.iter().try_for_each(|folder| sync_folder(folder))?;
        Ok(is_whole)
    }

    fn append(&mut self, unit: &str, step: Step) -> Result<()> {
        let line = Line {
            unit: unit.to_owned(),
            step,
        };
        let mut text = serde_json::to_string(&line).map_err(unwritten)?;
        text.push('\n');
        self.file.write_all(text.as_bytes()).map_err(unwritten)?;
        self.file.sync_all().map_err(unwritten)
    }
}

/// The steps of a ledger; half a line at its end, which a machine that stopped has left, is cut off.
fn read(path: &Path) -> Result<Vec<Line>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(unwritten)?,
    };
    let whole = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    if whole < bytes.len() {
        let file = File::options().write(true).open(path).map_err(unwritten)?;
        file.set_len(whole as u64).map_err(unwritten)?;
        file.sync_all().map_err(unwritten)?;
    }
    bytes[..whole]
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| {
            serde_json::from_slice(line).map_err(|error| {
                Error::usage(format!("{} is damaged: {error}", path.display()))
                    .next("Export into another folder: what this one holds is not known any more")
            })
        })
        .collect()
}

/// Whether a ledger has any step.
///
/// # Errors
/// A ledger that cannot be read.
pub fn has_steps(path: &Path) -> Result<bool> {
    fs::read(path)
        .map(|bytes| bytes.contains(&b'\n'))
        .map_err(unwritten)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(unwritten)
}

/// Windows keeps names by itself, and opens no folder as a file.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{Ledger, Piece, Shard};

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir()
                .join(format!("office365-ledger-{}-{name}", std::process::id()));
            let _gone = fs::remove_dir_all(&path);
            Self(path)
        }

        fn open(&self) -> Ledger {
            Ledger::open(&self.0, &self.0.join("_office365"), Shard::WHOLE).expect("a ledger")
        }

        fn has(&self, path: &str) -> bool {
            self.0.join(path).exists()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _gone = fs::remove_dir_all(&self.0);
        }
    }

    fn piece(ledger: &Ledger, path: &str) -> Piece {
        let staged = path.replace('/', "-");
        fs::write(ledger.staging.join(&staged), "x").expect("written");
        Piece {
            path: path.to_owned(),
            staged,
            rows: 1,
        }
    }

    #[test]
    fn finished_units_stay_and_the_rest_is_swept() {
        let folder = Folder::new("finished");
        let mut ledger = folder.open();
        let pieces = vec![piece(&ledger, "T/a"), piece(&ledger, "T/k=v/b")];
        ledger.finish("me", pieces.clone()).expect("finished");
        piece(&ledger, "T/c");
        drop(ledger);
        let ledger = folder.open();
        assert_eq!(ledger.finished("me"), Some(pieces.as_slice()));
        assert_eq!(ledger.finished("you"), None);
        assert!(folder.has("T/a") && folder.has("T/k=v/b") && !folder.has("T/c"));
        assert_eq!(fs::read_dir(&ledger.staging).expect("a folder").count(), 0);
    }

    #[test]
    fn one_process_has_a_shard() {
        let folder = Folder::new("locked");
        let _ledger = folder.open();
        let again = Ledger::open(&folder.0, &folder.0.join("_office365"), Shard::WHOLE);
        let error = again.err().expect("locked");
        assert!(
            error
                .to_string()
                .contains("another process is exporting share 0/1"),
            "{error}"
        );
    }

    /// The machine stops at each point of a second run of a unit: behind the line `files` the new files win, before
    /// it the old ones stay.
    #[test]
    fn every_interruption_ends_in_one_version() {
        for stop in ["staged", "named", "moved"] {
            let folder = Folder::new(stop);
            let mut ledger = folder.open();
            let old = vec![piece(&ledger, "T/a"), piece(&ledger, "T/old")];
            ledger.finish("me", old.clone()).expect("finished");
            let new = vec![piece(&ledger, "T/a"), piece(&ledger, "T/new")];
            if stop != "staged" {
                let files = super::Step::Files {
                    new: new.clone(),
                    old: vec!["T/old".to_owned()],
                };
                ledger.append("me", files).expect("written");
            }
            if stop == "moved" {
                fs::rename(ledger.staging.join("T-a"), folder.0.join("T/a")).expect("moved");
            }
            drop(ledger);
            half_a_line(&folder.0);
            let ledger = folder.open();
            let is_new = stop != "staged";
            assert_eq!(
                ledger.finished("me"),
                Some(if is_new { &new } else { &old }.as_slice()),
                "{stop}"
            );
            assert_eq!(
                (folder.has("T/new"), folder.has("T/old")),
                (is_new, !is_new),
                "{stop}"
            );
            drop(ledger);
            assert_eq!(
                folder.open().finished("me").map(<[Piece]>::len),
                Some(2),
                "{stop}"
            );
        }
    }

    fn half_a_line(root: &Path) {
        use std::io::Write as _;
        let path = root.join("_office365/shard-0-of-1.jsonl");
        let mut file = fs::File::options()
            .append(true)
            .open(path)
            .expect("a ledger");
        file.write_all(b"{\"unit\":\"you\",\"files\":{\"ne")
            .expect("written");
    }

    #[test]
    fn a_unit_whose_file_is_nowhere_is_read_again() {
        let folder = Folder::new("lost");
        let mut ledger = folder.open();
        let pieces = vec![piece(&ledger, "T/a"), piece(&ledger, "T/b")];
        let files = super::Step::Files {
            new: pieces,
            old: Vec::new(),
        };
        ledger.append("me", files).expect("written");
        fs::remove_file(ledger.staging.join("T-b")).expect("there");
        drop(ledger);
        for _ in 0..2 {
            assert_eq!(folder.open().finished("me"), None);
        }
        assert!(!folder.has("T/a"));
    }
}
