//! RespondToEvent: POST …/accept, …/tentativelyAccept or …/decline (FACTS §3.2).

use serde_json::json;

use super::{EVENT_ID, USER_PRINCIPAL_NAME, acted};
use crate::catalog::Type;
use crate::instant::Instant;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, parameter, text};

const ANSWERS: &[&str] = &["Accept", "Tentative", "Decline"];

/// Answers an invitation.
pub static RESPOND_TO_EVENT: Procedure = Procedure {
    name: "RespondToEvent",
    doc: "Answers an invitation.",
    parameters: &[
        EVENT_ID,
        parameter(
            "ResponseType",
            Type::Enum(ANSWERS),
            "Accept, Tentative or Decline.",
        )
        .required(),
        parameter(
            "SendResponse",
            Type::Boolean,
            "Whether the organizer is told, true by default.",
        ),
        text("Comment", "What the organizer is told."),
        parameter(
            "ProposedStart",
            Type::Instant,
            "Another time that is proposed, in UTC: not when accepting.",
        ),
        parameter(
            "ProposedEnd",
            Type::Instant,
            "The end of that time, in UTC.",
        ),
        USER_ID,
        USER_PRINCIPAL_NAME,
    ],
    positional: &["EventId", "ResponseType", "Comment"],
    outputs: &[STATUS],
    permission: "Calendars.ReadWrite",
    app_permission: "Calendars.ReadWrite",
    reads: false,
    example: "EXEC RespondToEvent EventId = (SELECT id FROM Events WHERE isOrganizer = 0 ORDER BY start_dateTime DESC, id LIMIT 1), ResponseType = 'Tentative', Comment = 'I may be late'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let answer = arguments.required("ResponseType")?.to_ascii_lowercase();
    let action = match answer.as_str() {
        "accept" => "accept",
        "tentative" => "tentativelyAccept",
        _ => "decline",
    };
    let tells = arguments.boolean("SendResponse").unwrap_or(true);
    let mut body = json!({ "sendResponse": tells });
    if let Some(comment) = arguments.text("Comment") {
        body["comment"] = json!(comment);
    }
    let at = |name: &str| {
        let instant = arguments
            .text(name)
            .and_then(|text| Instant::parse(&text))?;
        let text = instant.to_string().replace(' ', "T");
        Some(json!({ "dateTime": text, "timeZone": "UTC" }))
    };
    match (at("ProposedStart"), at("ProposedEnd")) {
        (None, None) => {}
        (Some(start), Some(end)) if action != "accept" && tells => {
            body["proposedNewTime"] = json!({ "start": start, "end": end });
        }
        // FACTS §3.2: Graph refuses these with 400.
        (Some(_), Some(_)) => {
            return Err(arguments
                .wrong("another time cannot be proposed when accepting, or without telling the organizer")
                .next("Answer Tentative or Decline, with SendResponse = true")
                .into());
        }
        _ => {
            return Err(arguments
                .wrong("ProposedStart and ProposedEnd go together")
                .into());
        }
    }
    acted(arguments, runner, action, body)
}
