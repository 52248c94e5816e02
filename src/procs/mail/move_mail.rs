//! MoveMail: POST …/move (FACTS §3.1).

use serde_json::json;

use crate::catalog::{Type, Verb};
use crate::procs::attach::item;
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, output, success, text, text_of,
};

/// Moves a message.
pub static MOVE_MAIL: Procedure = Procedure {
    name: "MoveMail",
    doc: "Moves a message to another folder.",
    parameters: &[
        text("MessageId", "The message's id.").required(),
        text(
            "DestinationId",
            "The folder to move it to, as an id or a well-known name such as archive.",
        )
        .required(),
        USER_ID,
    ],
    positional: &["MessageId", "DestinationId", "UserId"],
    outputs: &[
        STATUS,
        output("Id", Type::Text, "The message's id in the new folder."),
        output("ParentFolderId", Type::Text, "The new folder's id."),
    ],
    permission: "Mail.ReadWrite",
    app_permission: "Mail.ReadWrite",
    reads: false,
    example: "EXEC MoveMail MessageId = (SELECT id FROM Messages WHERE subject LIKE 'Newsletter%' ORDER BY receivedDateTime LIMIT 1), DestinationId = 'archive'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let message = item(&user, "messages", &arguments.required("MessageId")?);
    let to = json!({ "destinationId": arguments.required("DestinationId")? });
    let moved = runner.write(Verb::Post, &format!("{message}/move"), Some(to))?;
    Ok(success(vec![
        ("Id", text_of(&moved["id"])),
        ("ParentFolderId", text_of(&moved["parentFolderId"])),
    ]))
}
