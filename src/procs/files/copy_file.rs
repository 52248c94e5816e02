//! CopyFile: POST …/copy, and the monitor that says when it is done (FACTS §3.4).

use std::time::Duration;

use http::Method;
use serde_json::{Value as Json, json};

use super::move_file::folder_id;
use super::{DRIVE_ID, ID, drive, item};
use crate::catalog::{Type, Verb};
use crate::error::{Error, Kind};
use crate::graph::change::{Certainty, Failed, Reply, Sent};
use crate::odata::path_segment;
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, parameter, success, text, text_of,
};

/// Between two looks at the monitor.
const PAUSE: Duration = Duration::from_secs(1);

/// Copies a file or folder.
pub static COPY_FILE: Procedure = Procedure {
    name: "CopyFile",
    doc: "Copies a file or folder, also to another drive, and waits until it is done.",
    parameters: &[
        text(
            "FileId",
            "The item, as an id or a path such as /Reports/a.docx.",
        )
        .required(),
        text(
            "DestinationId",
            "The folder the copy goes into, as an id, or a path in the same drive.",
        )
        .required(),
        text("NewName", "The copy's name; the item's own by default."),
        text(
            "DestinationDriveId",
            "The drive of DestinationId, where it is another one.",
        ),
        parameter(
            "WaitSeconds",
            Type::Integer,
            "How long to wait for the end, 60 by default.",
        ),
        USER_ID,
        DRIVE_ID,
    ],
    positional: &["FileId", "DestinationId", "NewName"],
    outputs: &[STATUS, ID],
    permission: "Files.ReadWrite",
    app_permission: "Files.ReadWrite.All",
    reads: false,
    example: "EXEC CopyFile FileId = (SELECT id FROM Files WHERE file_mimeType = 'application/pdf' ORDER BY name, id LIMIT 1), DestinationId = 'root', NewName = 'copy.pdf'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let drive = drive(arguments, runner)?;
    let path = item(arguments, &drive, &arguments.required("FileId")?)?;
    let to = arguments.required("DestinationId")?;
    let parent = destination(arguments, runner, &drive, &to)?;
    let mut body = json!({ "parentReference": parent });
    if let Some(name) = arguments.text("NewName") {
        body["name"] = json!(name);
    }
    let text = body.to_string();
    let content = ("application/json".to_owned(), text.into());
    let Some(begun) = runner.send(
        Verb::Post,
        &format!("{path}/copy"),
        Vec::new(),
        Some(content),
    )?
    else {
        return Ok(success(Vec::new()));
    };
    let seconds = arguments
        .integer("WaitSeconds")
        .unwrap_or(60)
        .clamp(0, 86_400);
    let done = followed(runner, &begun, seconds)?;
    Ok(success(vec![("Id", text_of(&done["resourceId"]))]))
}

/// The folder and its drive, by their ids (FACTS §3.4).
fn destination(arguments: &Arguments, runner: &Runner<'_>, drive: &str, to: &str) -> Sent<Json> {
    let other = arguments.text("DestinationDriveId");
    let path = match &other {
        Some(id) => format!("drives/{}", path_segment(id)),
        None => drive.to_owned(),
    };
    let folder = folder_id(arguments, runner, &path, to)?;
    let drive = match other.or_else(|| arguments.text("DriveId")) {
        Some(id) => json!(id),
        None => runner.read(&format!("{drive}?$select=id"))?["id"].take(),
    };
    Ok(json!({ "driveId": drive, "id": folder }))
}

/// Looks at the monitor until the copy is done.
fn followed(runner: &Runner<'_>, begun: &Reply, seconds: i64) -> Sent<Json> {
    let location = begun
        .headers
        .get("Location")
        .and_then(|value| value.to_str().ok());
    let Some(monitor) = location else {
        return Ok(Json::Null);
    };
    for _ in 0..=seconds {
        let reply = runner.bare(Method::GET, monitor, Vec::new(), None, true)?;
        let state: Json = serde_json::from_slice(&reply.body).unwrap_or(Json::Null);
        match state["status"].as_str() {
            Some("failed") => {
                let why = state["error"]["message"]
                    .as_str()
                    .unwrap_or("no reason is given");
                let error = Error::new(Kind::Refused, format!("the copy failed: {why}"));
                return Err(Failed::not_done(error));
            }
            Some("completed") => return Ok(state),
            _ if reply.status == 200 || reply.status == 303 => return Ok(state),
            _ => {}
        }
        if runner.is_stopped() {
            break;
        }
        runner.sleep(PAUSE);
    }
    Err(Failed {
        error: Error::new(
            Kind::Timeout,
            "the copy has begun and was not done in this time",
        )
        .next("Look for it later, or give more WaitSeconds"),
        certainty: Certainty::Unknown,
    })
}
