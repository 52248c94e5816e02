//! DeleteAttachment: DELETE …/attachments/{id} (FACTS §3.1).

use super::download_attachments::source;
use crate::catalog::{Type, Verb};
use crate::odata::path_segment;
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, parameter, success, text,
};

/// Removes an attachment.
pub static DELETE_ATTACHMENT: Procedure = Procedure {
    name: "DeleteAttachment",
    doc: "Removes an attachment of a draft or an event.",
    parameters: &[
        text("AttachmentId", "The attachment's id.").required(),
        text(
            "MessageId",
            "The draft's id; or name the source with the next two.",
        ),
        parameter(
            "AttachmentSource",
            Type::Enum(&["Message", "Event"]),
            "What SourceId is: Message (the default) or Event.",
        ),
        text("SourceId", "The id of the draft or event."),
        USER_ID,
    ],
    positional: &["AttachmentId", "MessageId"],
    outputs: &[STATUS],
    permission: "Mail.ReadWrite",
    app_permission: "Mail.ReadWrite",
    reads: false,
    example: "EXEC DeleteAttachment AttachmentId = 'AAMkAttachment', MessageId = (SELECT id FROM Messages WHERE isDraft = 1 ORDER BY receivedDateTime DESC LIMIT 1)",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let source = source(arguments, &user)?;
    let id = path_segment(&arguments.required("AttachmentId")?);
    runner.write(Verb::Delete, &format!("{source}/attachments/{id}"), None)?;
    Ok(success(Vec::new()))
}
