//! CopyMail: POST …/copy (FACTS §3.1).

use super::move_mail::{DESTINATION, carried};
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, text};

/// Copies a message.
pub static COPY_MAIL: Procedure = Procedure {
    name: "CopyMail",
    doc: "Copies a message to another folder.",
    parameters: &[
        text("MessageId", "The message's id.").required(),
        DESTINATION,
        USER_ID,
    ],
    positional: &["MessageId", "DestinationId", "UserId"],
    outputs: &[STATUS, super::move_mail::ID, super::move_mail::FOLDER],
    permission: "Mail.ReadWrite",
    app_permission: "Mail.ReadWrite",
    reads: false,
    example: "EXEC CopyMail MessageId = (SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT 1), DestinationId = 'archive'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    carried(arguments, runner, "copy")
}
