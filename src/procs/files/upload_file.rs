//! UploadFile: one PUT for a small file, an upload session for a large one (FACTS §3.4).

use bytes::Bytes;
use serde_json::{Value as Json, json};

use super::create_folder::CONFLICTS;
use super::{DRIVE_ID, ID, NAME, WEB_URL, drive, item, of_item};
use crate::catalog::{Type, Verb};
use crate::error::Result;
use crate::odata::path_segment;
use crate::procs::upload::upload;
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, output, parameter, success, text,
    text_of,
};

/// FACTS §3.4: what every service takes in one request.
const SMALL: usize = 4_000_000;

/// Uploads a file.
pub static UPLOAD_FILE: Procedure = Procedure {
    name: "UploadFile",
    doc: "Puts a file of any size into a folder.",
    parameters: &[
        text(
            "ParentId",
            "The folder, as an id or a path such as /Reports; the drive's root by default.",
        ),
        text("FileName", "The file's name; that of LocalFile by default."),
        text("LocalFile", "The path of the file to upload."),
        parameter(
            "ContentStream",
            Type::Blob,
            "The content, as a BLOB or base64, where LocalFile is not given.",
        ),
        text("Content", "The content as text, where neither is given."),
        parameter(
            "ConflictBehavior",
            Type::Enum(CONFLICTS),
            "What happens when the name is taken: fail, replace (the default) or rename.",
        ),
        USER_ID,
        DRIVE_ID,
    ],
    positional: &["ParentId", "FileName", "ContentStream"],
    outputs: &[
        STATUS,
        ID,
        NAME,
        WEB_URL,
        output(
            "DownloadUrl",
            Type::Text,
            "An address that gives the content to whoever has it, for minutes.",
        ),
    ],
    permission: "Files.ReadWrite",
    app_permission: "Files.ReadWrite.All",
    reads: false,
    example: "EXEC UploadFile ParentId = 'root', FileName = 'hello.txt', Content = 'Hello'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let drive = drive(arguments, runner)?;
    let (name, content) = content(arguments)?;
    let parent = arguments.text("ParentId");
    let parent = item(arguments, &drive, parent.as_deref().unwrap_or("root"))?;
    let target = match parent.strip_suffix(':') {
        // A path goes on behind the folder's own.
        Some(path) => format!("{path}/{}:", path_segment(&name)),
        None => format!("{parent}:/{}:", path_segment(&name)),
    };
    let conflict = arguments
        .text("ConflictBehavior")
        .unwrap_or_else(|| "replace".to_owned())
        .to_ascii_lowercase();
    let made = match content.len() < SMALL {
        true => small(runner, &target, &conflict, &name, content)?,
        false => large(runner, &target, &conflict, &name, &content)?,
    };
    let mut record = of_item(&made);
    record.push((
        "DownloadUrl",
        text_of(&made["@microsoft.graph.downloadUrl"]),
    ));
    Ok(success(record))
}

fn content(arguments: &Arguments) -> Result<(String, Bytes)> {
    let local = arguments.text("LocalFile");
    let bytes = match (
        arguments.file("LocalFile")?,
        arguments.bytes("ContentStream")?,
    ) {
        (Some(bytes), _) | (None, Some(bytes)) => bytes,
        (None, None) => match arguments.value("Content") {
            Some(crate::value::Value::Text(text)) => text.as_bytes().to_vec(),
            _ => {
                return Err(arguments
                    .wrong("there is nothing to upload")
                    .next("Give LocalFile, ContentStream or Content"));
            }
        },
    };
    let own = local.as_deref().and_then(|path| {
        let name = std::path::Path::new(path).file_name()?;
        Some(name.to_string_lossy().into_owned())
    });
    let name = arguments.text("FileName").or(own);
    let name = name.ok_or_else(|| arguments.wrong("FileName is missing"))?;
    Ok((name, bytes.into()))
}

fn small(
    runner: &mut Runner<'_>,
    target: &str,
    conflict: &str,
    name: &str,
    content: Bytes,
) -> crate::graph::change::Sent<Json> {
    let path = format!("{target}/content?@microsoft.graph.conflictBehavior={conflict}");
    let kind = mime_guess::from_path(name)
        .first_or_octet_stream()
        .to_string();
    let reply = runner.send(Verb::Put, &path, Vec::new(), Some((kind, content)))?;
    Ok(reply.map_or(Json::Null, |reply| {
        serde_json::from_slice(&reply.body).unwrap_or(Json::Null)
    }))
}

fn large(
    runner: &mut Runner<'_>,
    target: &str,
    conflict: &str,
    name: &str,
    content: &Bytes,
) -> crate::graph::change::Sent<Json> {
    let body = json!({ "item": {
        "@microsoft.graph.conflictBehavior": conflict,
        "name": name,
    }});
    let session = runner.write(
        Verb::Post,
        &format!("{target}/createUploadSession"),
        Some(body),
    )?;
    if runner.is_dry_run() {
        return Ok(Json::Null);
    }
    let reply = upload(runner, &session, content)?;
    Ok(serde_json::from_slice(&reply.body).unwrap_or(Json::Null))
}
