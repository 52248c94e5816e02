//! AddAttachments: files for a draft or an event, large ones through upload sessions (FACTS §3.1).

use super::download_attachments::source;
use crate::catalog::Type;
use crate::procs::attach::attachments;
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, WARNING, output, parameter, text,
};
use crate::value::Value;

/// Attaches files.
pub static ADD_ATTACHMENTS: Procedure = Procedure {
    name: "AddAttachments",
    doc: "Attaches files of any size to a draft or an event.",
    parameters: &[
        text(
            "MessageId",
            "The draft's id; or name the target with the next two.",
        ),
        parameter(
            "AttachmentSource",
            Type::Enum(&["Message", "Event"]),
            "What SourceId is: Message (the default) or Event.",
        ),
        text("SourceId", "The id of the draft or event."),
        text(
            "Attachments",
            "Files, as name,content;name,content with content as base64 or @path, or as JSON: [{key, value}].",
        ),
        text(
            "FileName",
            "The name of one more file, whose content LocalFile or ContentBytes gives.",
        ),
        text("LocalFile", "The path of a file to attach."),
        parameter(
            "ContentBytes",
            Type::Blob,
            "The content of the file, as a BLOB or base64.",
        ),
        USER_ID,
    ],
    positional: &["MessageId", "Attachments"],
    outputs: &[
        STATUS,
        WARNING,
        output("Id", Type::Text, "The attachment's id."),
        output("Name", Type::Text, "Its file name."),
        output("Size", Type::Integer, "Its size in bytes."),
    ],
    permission: "Mail.ReadWrite",
    app_permission: "Mail.ReadWrite",
    reads: false,
    example: "EXEC AddAttachments MessageId = (SELECT id FROM Messages WHERE isDraft = 1 ORDER BY receivedDateTime DESC LIMIT 1), FileName = 'a.txt', ContentBytes = 'SGk='",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let target = source(arguments, &user)?;
    let (files, warning) = attachments(arguments)?;
    if files.is_empty() {
        let why = warning.unwrap_or_else(|| "there is no file to attach".to_owned());
        return Err(arguments
            .wrong(why)
            .next("Give Attachments, LocalFile, or FileName with ContentBytes")
            .into());
    }
    let mut records = Vec::new();
    for file in &files {
        let id = file.add(runner, &target)?;
        records.push(vec![
            ("Status", Value::text("Success")),
            ("Id", id.map_or(Value::Null, Value::text)),
            ("Name", Value::text(file.name.as_str())),
            (
                "Size",
                Value::Integer(i64::try_from(file.content.len()).unwrap_or(i64::MAX)),
            ),
        ]);
    }
    if let (Some(warning), Some(first)) = (warning, records.first_mut()) {
        first.push(("Warning", Value::text(warning)));
    }
    Ok(records)
}
