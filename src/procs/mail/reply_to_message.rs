//! ReplyToMessage: POST …/reply or …/replyAll (FACTS §3.1).

use serde_json::json;

use crate::catalog::{Type, Verb};
use crate::procs::attach::item;
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, parameter, success, text,
};

/// Answers a message.
pub static REPLY_TO_MESSAGE: Procedure = Procedure {
    name: "ReplyToMessage",
    doc: "Answers a message.",
    parameters: &[
        text("MessageId", "The message's id.").required(),
        text("Comment", "The answer, above the quoted message."),
        parameter(
            "ToAll",
            Type::Boolean,
            "Whether everybody who got the message gets the answer, false by default.",
        ),
        USER_ID,
    ],
    positional: &["MessageId", "Comment", "ToAll"],
    outputs: &[STATUS],
    permission: "Mail.Send",
    app_permission: "Mail.Send",
    reads: false,
    example: "EXEC ReplyToMessage MessageId = (SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT 1), Comment = 'Thank you'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let message = item(&user, "messages", &arguments.required("MessageId")?);
    let action = match arguments.boolean("ToAll") {
        Some(true) => "replyAll",
        _ => "reply",
    };
    let body = json!({ "comment": arguments.text("Comment").unwrap_or_default() });
    runner.write(Verb::Post, &format!("{message}/{action}"), Some(body))?;
    Ok(success(Vec::new()))
}
