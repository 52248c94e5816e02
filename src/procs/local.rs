//! Local files: what is downloaded is written beside its place and then put there, and never outside the folder
//! that was named.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Arguments, Parameter, parameter, text};
use crate::catalog::Type;
use crate::error::Result;
use crate::value::Value;

/// Where the content goes.
pub(super) const DOWNLOAD_TO: Parameter = text(
    "DownloadTo",
    "The file to write, or a folder; without it the content comes out as FileData.",
);
/// The form of FileData: base64 unless NONE is asked for.
pub(super) const ENCODING: Parameter = parameter(
    "Encoding",
    Type::Enum(&["NONE", "BASE64"]),
    "The form of FileData: BASE64 (the default) or NONE.",
);
/// The name that the seeds have for it.
pub(super) const FILE_STREAM: Parameter = text(
    "FileStream",
    "Taken for compatibility: without DownloadTo the content comes out as FileData.",
);

/// What goes into FileData.
pub(super) fn file_data(arguments: &Arguments, content: &[u8]) -> Value {
    use base64::Engine;
    let is_plain = arguments
        .text("Encoding")
        .is_some_and(|encoding| encoding.eq_ignore_ascii_case("NONE"));
    match (is_plain, std::str::from_utf8(content)) {
        (true, Ok(text)) => Value::text(text),
        (true, Err(_)) => Value::Blob(content.into()),
        (false, _) => Value::text(base64::engine::general_purpose::STANDARD.encode(content)),
    }
}

/// Writes a file whole, or not at all.
///
/// # Errors
/// When the folder cannot be written.
pub(super) fn save(arguments: &Arguments, path: &Path, content: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let part = folder.join(format!(".office365-{}.part", std::process::id()));
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::File::create(&part))
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| {
        // What was begun is of no use; that it cannot be removed is of no consequence.
        let _ = std::fs::remove_file(&part);
        arguments.wrong(format!("{} cannot be written: {error}", path.display()))
    })
}

/// The place for a file of this name: the path itself, or a name in it where it is a folder.
pub(super) fn place(target: &str, name: &str) -> PathBuf {
    let target = Path::new(target);
    match target.is_dir() {
        true => target.join(safe(name)),
        false => target.to_owned(),
    }
}

/// A name in a folder that no file has yet: `a.txt`, then `a (2).txt`.
pub(super) fn free_place(folder: &Path, name: &str) -> PathBuf {
    let name = safe(name);
    let first = folder.join(&name);
    if !first.exists() {
        return first;
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name.as_str(), String::new()),
    };
    (2..)
        .map(|n| folder.join(format!("{stem} ({n}){extension}")))
        .find(|place| !place.exists())
        .unwrap_or(first)
}

/// A name from the service as a file name: without what leads to other folders or means something to a system.
fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|letter| !letter.is_control() && !"<>:\"|?*".contains(*letter))
        .take(200)
        .collect();
    match kept.trim_matches([' ', '.']) {
        "" => "file".to_owned(),
        kept => kept.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_leave_their_folder() {
        for (name, expected) in [
            ("a.txt", "a.txt"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\x.exe", "x.exe"),
            ("..", "file"),
            ("", "file"),
            ("a\0b\n.txt", "ab.txt"),
            ("CON: <x>", "CON x"),
            ("übung 🎉.pdf", "übung 🎉.pdf"),
        ] {
            assert_eq!(safe(name), expected, "{name:?}");
        }
    }
}
