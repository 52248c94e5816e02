//! The files of one unit while its rows arrive: one for each folder, and no more open at once than memory and the
//! system allow.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::types::ValueRef;

use super::kind::{Column, Kind};
use super::ledger::Piece;
use super::partition::{self, Level};
use super::shard::stable_hash;
use super::sheet::{Format, Sheet, unwritten};
use crate::error::Result;
use crate::private_file;

/// So many files are open at once; the one that waited longest is ended for another.
const OPEN: usize = 64;
/// So many bytes of rows are held, whatever the number of files.
const HELD: usize = 64 << 20;

/// What the files of a unit have in common.
pub struct Layout<'a> {
    /// The folder's name below that of the export.
    pub folder: &'a str,
    /// The format.
    pub format: Format,
    /// The columns of the output.
    pub columns: &'a [Column],
    /// The levels of folders.
    pub levels: &'a [Level],
    /// Where the files are until the unit is finished.
    pub staging: &'a Path,
    /// The mailbox, empty for what is read once: names of files come from it, so that no two shards use one.
    pub unit: &'a str,
}

/// Takes the rows of a unit.
pub struct Files<'a> {
    layout: Layout<'a>,
    /// The positions of the columns that are written, and the columns.
    kept: Vec<usize>,
    written: Vec<Column>,
    open: HashMap<String, Open>,
    /// How many files each folder has had.
    numbers: HashMap<String, usize>,
    pieces: Vec<Piece>,
    held: usize,
    /// Counts the rows, to know which file waited longest.
    clock: u64,
}

struct Open {
    sheet: Box<dyn Sheet>,
    piece: Piece,
    used: u64,
}

impl<'a> Files<'a> {
    /// No file yet.
    pub fn new(layout: Layout<'a>) -> Self {
        let kept = partition::kept(layout.levels, layout.columns);
        let written = kept
            .iter()
            .map(|position| layout.columns[*position].clone())
            .collect();
        Self {
            layout,
            kept,
            written,
            open: HashMap::new(),
            numbers: HashMap::new(),
            pieces: Vec::new(),
            held: 0,
            clock: 0,
        }
    }

    /// Takes a row.
    ///
    /// # Errors
    /// A value that its column cannot hold, or a file that cannot be written.
    pub fn row(&mut self, row: &[ValueRef<'_>]) -> Result<()> {
        let layout = &self.layout;
        let folder = partition::folder(layout.levels, layout.columns, row)?;
        self.begin(&folder)?;
        self.clock += 1;
        let kept: Vec<ValueRef<'_>> = self.kept.iter().map(|position| row[*position]).collect();
        if let Some(open) = self.open.get_mut(&folder) {
            let before = open.sheet.held();
            open.sheet.row(&kept)?;
            open.piece.rows += 1;
            open.used = self.clock;
            self.held = self.held + open.sheet.held() - before;
        }
        if self.held > HELD {
            self.relieve()?;
        }
        Ok(())
    }

    /// Ends every file. A unit without rows has one all the same where no value is needed to name its folder, so
    /// that readers find the columns.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn finish(mut self) -> Result<Vec<Piece>> {
        let undecided = |column: &Column| column.kind == Kind::Any;
        let has_types = !self.layout.format.is_typed() || !self.written.iter().any(undecided);
        if self.clock == 0 && self.layout.levels.is_empty() && has_types {
            self.begin("")?;
        }
        let folders: Vec<String> = self.open.keys().cloned().collect();
        folders.iter().try_for_each(|folder| self.end(folder))?;
        self.pieces.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(self.pieces)
    }

    /// Begins a file in a folder where none is open.
    fn begin(&mut self, folder: &str) -> Result<()> {
        if self.open.contains_key(folder) {
            return Ok(());
        }
        if self.open.len() >= OPEN {
            let oldest = self.open.iter().min_by_key(|(_, open)| open.used);
            if let Some(oldest) = oldest.map(|(folder, _)| folder.clone()) {
                self.end(&oldest)?;
            }
        }
        let number = self.numbers.entry(folder.to_owned()).or_default();
        let name = format!(
            "part-{:016x}-{number:05}.{}",
            stable_hash(self.layout.unit),
            self.layout.format.name()
        );
        *number += 1;
        let staged = format!(".{:016x}-{name}.tmp", stable_hash(folder));
        let file = private_file::create(&self.layout.staging.join(&staged)).map_err(unwritten)?;
        let place: Vec<&str> = [self.layout.folder, folder, &name]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let open = Open {
            sheet: self.layout.format.begin(file, &self.written)?,
            piece: Piece {
                path: place.join("/"),
                staged,
                rows: 0,
            },
            used: self.clock,
        };
        self.held += open.sheet.held();
        self.open.insert(folder.to_owned(), open);
        Ok(())
    }

    fn end(&mut self, folder: &str) -> Result<()> {
        if let Some(open) = self.open.remove(folder) {
            self.held -= open.sheet.held();
            open.sheet.finish()?;
            self.pieces.push(open.piece);
        }
        Ok(())
    }

    /// Writes what the fullest file holds.
    fn relieve(&mut self) -> Result<()> {
        if let Some(fullest) = self.open.values_mut().max_by_key(|open| open.sheet.held()) {
            let before = fullest.sheet.held();
            fullest.sheet.flush()?;
            self.held = self.held + fullest.sheet.held() - before;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use rusqlite::types::ValueRef;

    use super::{Column, Files, Format, Kind, Layout, OPEN, Piece};
    use crate::export::partition;

    struct Staging(PathBuf);

    impl Staging {
        fn new(name: &str) -> Self {
            let path =
                std::env::temp_dir().join(format!("office365-files-{}-{name}", std::process::id()));
            let _gone = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).expect("a folder");
            Self(path)
        }
    }

    impl Drop for Staging {
        fn drop(&mut self) {
            let _gone = fs::remove_dir_all(&self.0);
        }
    }

    fn columns() -> Vec<Column> {
        ["k", "n"]
            .map(|name| Column {
                name: name.to_owned(),
                kind: Kind::Integer,
            })
            .to_vec()
    }

    /// Writes rows (k, n), k naming the folder.
    fn written(staging: &Staging, rows: impl Iterator<Item = (i64, i64)>) -> Vec<Piece> {
        let columns = columns();
        let (levels, _) = partition::levels(&["k".to_owned()], &columns).expect("levels");
        let mut files = Files::new(Layout {
            folder: "T",
            format: Format::Csv,
            columns: &columns,
            levels: &levels,
            staging: &staging.0,
            unit: "me",
        });
        for (k, n) in rows {
            files
                .row(&[ValueRef::Integer(k), ValueRef::Integer(n)])
                .expect("written");
            assert!(files.open.len() <= OPEN);
        }
        files.finish().expect("finished")
    }

    #[test]
    fn more_folders_than_open_files_lose_no_row() {
        let staging = Staging::new("many");
        let folders = 3 * OPEN as i64;
        let pieces = written(&staging, (0..folders * 4).map(|n| (n % folders, n)));
        let mut numbers = Vec::new();
        for piece in &pieces {
            let text = fs::read_to_string(staging.0.join(&piece.staged)).expect("a file");
            let mut lines = text.lines();
            assert_eq!(lines.next(), Some("n"), "k is told by the folder");
            let own: Vec<i64> = lines.map(|line| line.parse().expect("a number")).collect();
            assert_eq!(own.len() as u64, piece.rows);
            assert!(
                own.iter()
                    .all(|n| piece.path.starts_with(&format!("T/k={}/", n % folders)))
            );
            numbers.extend(own);
        }
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(0..folders * 4));
        let mut paths: Vec<&String> = pieces.iter().map(|piece| &piece.path).collect();
        paths.dedup();
        assert_eq!(paths.len(), pieces.len(), "each file has a name of its own");
        assert!(pieces.len() > folders as usize, "folders were opened again");
    }

    #[test]
    fn a_unit_without_rows_has_columns_where_no_folder_is_named() {
        let staging = Staging::new("empty");
        assert_eq!(written(&staging, std::iter::empty()), []);
        let columns = columns();
        let files = Files::new(Layout {
            folder: "T",
            format: Format::Csv,
            columns: &columns,
            levels: &[],
            staging: &staging.0,
            unit: "",
        });
        let pieces = files.finish().expect("finished");
        assert_eq!(pieces.len(), 1);
        let text = fs::read_to_string(staging.0.join(&pieces[0].staged)).expect("a file");
        assert_eq!(text, "k,n\r\n");
    }
}
