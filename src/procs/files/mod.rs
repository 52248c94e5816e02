//! Procedures of files.

pub mod copy_file;
pub mod create_folder;
pub mod download_file;
pub mod move_file;
pub mod upload_file;

use super::{Arguments, Output, Parameter, Record, Runner, output, text, text_of};
use crate::catalog::Type;
use crate::error::Result;
use crate::odata::path_segment;
use crate::plan::bind::{drive_path, key_segment};
use serde_json::Value as Json;

/// Which drive, where it is nobody's own.
const DRIVE_ID: Parameter = text(
    "DriveId",
    "The drive, where it is not the one of UserId or one's own.",
);
/// The id.
const ID: Output = output("Id", Type::Text, "The item's id.");
/// The name.
const NAME: Output = output("Name", Type::Text, "The item's name.");
/// The address.
const WEB_URL: Output = output(
    "WebUrl",
    Type::Text,
    "The address that opens it in a browser.",
);

/// The path of the drive.
fn drive(arguments: &Arguments, runner: &Runner<'_>) -> Result<String> {
    match arguments.text("DriveId") {
        Some(id) => key_segment(&id)
            .map(|id| format!("drives/{id}"))
            .ok_or_else(|| arguments.wrong(format!("'{id}' cannot be a drive"))),
        None => Ok(format!("{}/drive", arguments.user(runner.user_id())?)),
    }
}

/// The path of an item that is named by its id or by its path: `items/{id}`, `root`, `root:/a/b:`.
fn item(arguments: &Arguments, drive: &str, named: &str) -> Result<String> {
    let below = match named {
        "root" | "/" | "" => return Ok(format!("{drive}/root")),
        path if path.starts_with('/') => {
            drive_path(path.trim_end_matches('/')).map(|path| format!("root:{path}:"))
        }
        id => Some(format!("items/{}", path_segment(id))),
    };
    below
        .map(|below| format!("{drive}/{below}"))
        .ok_or_else(|| arguments.wrong(format!("'{named}' is no path of a drive")))
}

/// What comes out of a drive item.
fn of_item(item: &Json) -> Record {
    vec![
        ("Id", text_of(&item["id"])),
        ("Name", text_of(&item["name"])),
        ("WebUrl", text_of(&item["webUrl"])),
    ]
}
