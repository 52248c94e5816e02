//! ForwardMail: POST …/forward (FACTS §3.1).

use serde_json::{Value as Json, json};

use super::recipients;
use crate::catalog::Verb;
use crate::procs::attach::item;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, success, text};

/// Forwards a message.
pub static FORWARD_MAIL: Procedure = Procedure {
    name: "ForwardMail",
    doc: "Forwards a message.",
    parameters: &[
        text("MessageId", "The message's id.").required(),
        text(
            "ToRecipients",
            "Who gets it, addresses with ; or , between them, or a JSON array.",
        )
        .required(),
        text("Comment", "What stands before the message."),
        USER_ID,
    ],
    positional: &["MessageId", "ToRecipients", "Comment"],
    outputs: &[STATUS],
    permission: "Mail.Send",
    app_permission: "Mail.Send",
    reads: false,
    example: "EXEC ForwardMail MessageId = (SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT 1), ToRecipients = 'alex@contoso.com', Comment = 'For you'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let message = item(&user, "messages", &arguments.required("MessageId")?);
    let to: Json = recipients(arguments, "ToRecipients").into();
    let comment = arguments.text("Comment").unwrap_or_default();
    let body = json!({ "comment": comment, "toRecipients": to });
    runner.write(Verb::Post, &format!("{message}/forward"), Some(body))?;
    Ok(success(Vec::new()))
}
