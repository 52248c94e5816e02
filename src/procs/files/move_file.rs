//! MoveFile: PATCH of parent and name (FACTS §3.4).

use serde_json::{Value as Json, json};

use super::{DRIVE_ID, ID, NAME, WEB_URL, drive, item, of_item};
use crate::catalog::Verb;
use crate::graph::change::Sent;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, success, text};

/// Moves a file or folder.
pub static MOVE_FILE: Procedure = Procedure {
    name: "MoveFile",
    doc: "Moves a file or folder within its drive, and can rename it.",
    parameters: &[
        text(
            "FileId",
            "The item, as an id or a path such as /Reports/a.docx.",
        )
        .required(),
        text(
            "DestinationId",
            "The folder it goes into, as an id or a path.",
        ),
        text("NewName", "The new name."),
        USER_ID,
        DRIVE_ID,
    ],
    positional: &["FileId", "DestinationId", "NewName"],
    outputs: &[STATUS, ID, NAME, WEB_URL],
    permission: "Files.ReadWrite",
    app_permission: "Files.ReadWrite.All",
    reads: false,
    example: "EXEC MoveFile FileId = (SELECT id FROM Files WHERE file_mimeType = 'application/pdf' ORDER BY name, id LIMIT 1), DestinationId = 'root', NewName = 'old.pdf'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let drive = drive(arguments, runner)?;
    let path = item(arguments, &drive, &arguments.required("FileId")?)?;
    let mut body = json!({});
    if let Some(to) = arguments.text("DestinationId") {
        let id = folder_id(arguments, runner, &drive, &to)?;
        body["parentReference"] = json!({ "id": id });
    }
    if let Some(name) = arguments.text("NewName") {
        body["name"] = json!(name);
    }
    if body.as_object().is_some_and(serde_json::Map::is_empty) {
        return Err(arguments
            .wrong("DestinationId or NewName is missing")
            .into());
    }
    let moved = runner.write(Verb::Patch, &path, Some(body))?;
    Ok(success(of_item(&moved)))
}

/// The real id of a folder: Graph takes neither a path nor `root` as one (FACTS §3.4).
pub(super) fn folder_id(
    arguments: &Arguments,
    runner: &Runner<'_>,
    drive: &str,
    named: &str,
) -> Sent<String> {
    if named != "root" && !named.starts_with('/') {
        return Ok(named.to_owned());
    }
    let path = item(arguments, drive, named)?;
    let found: Json = runner.read(&format!("{}?$select=id", path.trim_end_matches(':')))?;
    match found["id"].as_str() {
        Some(id) => Ok(id.to_owned()),
        None => Err(arguments
            .wrong(format!("the folder '{named}' has no id"))
            .into()),
    }
}
