//! DownloadAttachments: the files of a message or an event (FACTS §1.1).

use std::path::Path;

use base64::Engine;
use serde_json::Value as Json;

use crate::catalog::Type;
use crate::graph::change::Sent;
use crate::odata::path_segment;
use crate::procs::attach::item;
use crate::procs::local::{ENCODING, FILE_STREAM, file_data, free_place, save};
use crate::procs::{
    Arguments, Outcome, Procedure, Record, Runner, STATUS, USER_ID, output, parameter, text,
    text_of,
};
use crate::value::Value;

/// Fetches attachments.
pub static DOWNLOAD_ATTACHMENTS: Procedure = Procedure {
    name: "DownloadAttachments",
    doc: "Fetches the attachments of a message or an event, one of them or all.",
    parameters: &[
        text(
            "MessageId",
            "The message's id; or name the source with the next two.",
        ),
        parameter(
            "AttachmentSource",
            Type::Enum(&["Message", "Event"]),
            "What SourceId is: Message (the default) or Event.",
        ),
        text("SourceId", "The id of the message or event."),
        text(
            "AttachmentId",
            "The one attachment that is wanted; all without it.",
        ),
        text(
            "DownloadTo",
            "The folder to write the files to; without it their content comes out as FileData.",
        ),
        ENCODING,
        FILE_STREAM,
        USER_ID,
    ],
    positional: &["MessageId", "DownloadTo"],
    outputs: &[
        STATUS,
        output("Id", Type::Text, "The attachment's id."),
        output("Name", Type::Text, "Its file name."),
        output("ContentType", Type::Text, "Its media type."),
        output("Size", Type::Integer, "Its size in bytes."),
        output(
            "IsInline",
            Type::Boolean,
            "Whether it is shown in the body.",
        ),
        output(
            "LastModifiedDateTime",
            Type::Text,
            "When it was changed last.",
        ),
        output(
            "ContentBytes",
            Type::Blob,
            "Its content, where no folder was named.",
        ),
        output(
            "FileData",
            Type::Text,
            "The same as text, in the form that Encoding says.",
        ),
        output("Path", Type::Text, "The file that was written."),
    ],
    permission: "Mail.Read",
    app_permission: "Mail.Read",
    reads: true,
    example: "EXEC DownloadAttachments MessageId = (SELECT id FROM Messages WHERE hasAttachments = 1 ORDER BY receivedDateTime DESC LIMIT 1)",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let source = source(arguments, &user)?;
    let listed: Vec<Json> = match arguments.text("AttachmentId") {
        Some(id) => {
            let path = format!("{source}/attachments/{}", path_segment(&id));
            vec![runner.read(&path)?]
        }
        None => match runner.read(&format!("{source}/attachments"))?["value"].take() {
            Json::Array(listed) => listed,
            _ => Vec::new(),
        },
    };
    listed
        .iter()
        .map(|attachment| fetched(arguments, runner, &source, attachment))
        .collect()
}

/// The path of the message or event that has the attachments.
pub(in crate::procs) fn source(arguments: &Arguments, user: &str) -> crate::error::Result<String> {
    let is_event = arguments
        .text("AttachmentSource")
        .is_some_and(|source| source.eq_ignore_ascii_case("Event"));
    let id = arguments
        .text("MessageId")
        .or_else(|| arguments.text("SourceId"))
        .ok_or_else(|| arguments.wrong("MessageId is missing, or AttachmentSource and SourceId"))?;
    let collection = if is_event { "events" } else { "messages" };
    Ok(item(user, collection, &id))
}

fn fetched(
    arguments: &Arguments,
    runner: &Runner<'_>,
    source: &str,
    attachment: &Json,
) -> Sent<Record> {
    let content = content(runner, source, attachment)?;
    let name = attachment["name"].as_str().unwrap_or("attachment");
    let mut record: Record = vec![
        ("Status", Value::text("Success")),
        ("Id", text_of(&attachment["id"])),
        ("Name", Value::text(name)),
        ("ContentType", text_of(&attachment["contentType"])),
        (
            "Size",
            attachment["size"]
                .as_i64()
                .map_or(Value::Null, Value::Integer),
        ),
        (
            "IsInline",
            Value::Integer(attachment["isInline"].as_bool().unwrap_or(false).into()),
        ),
        (
            "LastModifiedDateTime",
            text_of(&attachment["lastModifiedDateTime"]),
        ),
    ];
    match arguments.text("DownloadTo") {
        Some(folder) => {
            let path = free_place(Path::new(&folder), name);
            save(arguments, &path, &content)?;
            record.push(("Path", Value::text(path.display().to_string())));
        }
        None => {
            record.push(("FileData", file_data(arguments, &content)));
            record.push(("ContentBytes", Value::Blob(content.into())));
        }
    }
    Ok(record)
}

/// The bytes of a file come with it; of an attached item, its MIME; of a reference there are none (FACTS §1.1).
fn content(runner: &Runner<'_>, source: &str, attachment: &Json) -> Sent<Vec<u8>> {
    let inline = attachment["contentBytes"].as_str().and_then(|text| {
        base64::engine::general_purpose::STANDARD
            .decode(text.as_bytes())
            .ok()
    });
    if let Some(bytes) = inline {
        return Ok(bytes);
    }
    let is_reference = attachment["@odata.type"] == "#microsoft.graph.referenceAttachment";
    match (is_reference, attachment["id"].as_str()) {
        (false, Some(id)) => {
            let path = format!("{source}/attachments/{}/$value", path_segment(id));
            Ok(runner.read_bytes(&path)?.body.to_vec())
        }
        _ => Ok(Vec::new()),
    }
}
