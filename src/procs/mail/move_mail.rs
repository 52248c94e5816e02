//! MoveMail: POST …/move (FACTS §3.1).

use serde_json::json;

use crate::catalog::{Type, Verb};
use crate::procs::attach::item;
use crate::procs::{
    Arguments, Outcome, Output, Parameter, Procedure, Runner, STATUS, USER_ID, output, success,
    text, text_of,
};

/// Where to.
pub(super) const DESTINATION: Parameter = text(
    "DestinationId",
    "The folder it goes to, as an id or a well-known name such as archive.",
)
.required();
/// What it is called there.
pub(super) const ID: Output = output("Id", Type::Text, "The message's id in that folder.");
/// Where it is now.
pub(super) const FOLDER: Output = output("ParentFolderId", Type::Text, "The folder's id.");

/// Moves a message.
pub static MOVE_MAIL: Procedure = Procedure {
    name: "MoveMail",
    doc: "Moves a message to another folder.",
    parameters: &[
        text("MessageId", "The message's id.").required(),
        DESTINATION,
        USER_ID,
    ],
    positional: &["MessageId", "DestinationId", "UserId"],
    outputs: &[STATUS, ID, FOLDER],
    permission: "Mail.ReadWrite",
    app_permission: "Mail.ReadWrite",
    reads: false,
    example: "EXEC MoveMail MessageId = (SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT 1), DestinationId = 'archive'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    carried(arguments, runner, "move")
}

/// Moves or copies.
pub(super) fn carried(arguments: &Arguments, runner: &mut Runner<'_>, action: &str) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let message = item(&user, "messages", &arguments.required("MessageId")?);
    let to = json!({ "destinationId": arguments.required("DestinationId")? });
    let made = runner.write(Verb::Post, &format!("{message}/{action}"), Some(to))?;
    Ok(success(vec![
        ("Id", text_of(&made["id"])),
        ("ParentFolderId", text_of(&made["parentFolderId"])),
    ]))
}
