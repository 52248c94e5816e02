//! CreateFolder: POST …/children (FACTS §3.4).

use serde_json::json;

use super::{DRIVE_ID, ID, NAME, WEB_URL, drive, item, of_item};
use crate::catalog::{Type, Verb};
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, parameter, success, text,
};

/// What happens when the name is taken.
pub(super) const CONFLICTS: &[&str] = &["fail", "replace", "rename"];

/// Makes a folder.
pub static CREATE_FOLDER: Procedure = Procedure {
    name: "CreateFolder",
    doc: "Makes a folder in a drive.",
    parameters: &[
        text("FolderName", "The folder's name.").required(),
        text(
            "ParentId",
            "The folder it goes into, as an id or a path such as /Reports; the drive's root by default.",
        ),
        parameter(
            "ConflictBehavior",
            Type::Enum(CONFLICTS),
            "What happens when the name is taken: fail (the default), replace or rename.",
        ),
        USER_ID,
        DRIVE_ID,
    ],
    positional: &["FolderName", "ParentId"],
    outputs: &[STATUS, ID, NAME, WEB_URL],
    permission: "Files.ReadWrite",
    app_permission: "Files.ReadWrite.All",
    reads: false,
    example: "EXEC CreateFolder FolderName = '2026', ParentId = '/Documents'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let drive = drive(arguments, runner)?;
    let parent = arguments
        .text("ParentId")
        .unwrap_or_else(|| "root".to_owned());
    let parent = item(arguments, &drive, &parent)?;
    let conflict = arguments
        .text("ConflictBehavior")
        .unwrap_or_else(|| "fail".to_owned());
    let body = json!({
        "name": arguments.required("FolderName")?,
        "folder": {},
        "@microsoft.graph.conflictBehavior": conflict.to_ascii_lowercase(),
    });
    let made = runner.write(Verb::Post, &format!("{parent}/children"), Some(body))?;
    Ok(success(of_item(&made)))
}
