//! Files that their owner alone can read, replaced whole or not at all.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a new file beside the old one and puts it in its place.
///
/// # Errors
/// Whatever the system says; what was there stays.
pub fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    // Another process may do the same: each has a file of its own.
    let new = with_suffix(path, &format!(".new-{}", std::process::id()));
    // A leftover may have another mode.
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = fill(&new, bytes).and_then(|()| std::fs::rename(&new, path));
    if written.is_err() {
        // The error is what counts.
        let _ = std::fs::remove_file(&new);
    }
    written
}

fn fill(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = options().create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The file beside it that processes hold while they change it; made if it is not there.
///
/// # Errors
/// Whatever the system says.
pub fn lock_file(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    options()
        .create(true)
        .truncate(false)
        .open(with_suffix(path, ".lock"))
}

/// A file to write behind what is in it; made if it is not there.
///
/// # Errors
/// Whatever the system says.
pub fn append(path: &Path) -> std::io::Result<File> {
    options().append(true).create(true).open(path)
}

/// An empty new file; whatever was there goes.
///
/// # Errors
/// Whatever the system says.
pub fn create(path: &Path) -> std::io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => options().create_new(true).open(path),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Makes a folder, and those above it, its owner's alone; one that is there already keeps its mode: it may be
/// somebody's home.
///
/// # Errors
/// Whatever the system says.
pub fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}
