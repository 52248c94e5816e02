//! GetMailMessage: a message as MIME, taken apart.

use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value as Json, json};

use crate::catalog::Type;
use crate::procs::attach::item;
use crate::procs::{Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, output, success, text};
use crate::value::Value;

/// Fetches a message and takes its MIME apart.
pub static GET_MAIL_MESSAGE: Procedure = Procedure {
    name: "GetMailMessage",
    doc: "Fetches a message as MIME and takes it apart: headers, bodies and parts.",
    parameters: &[text("MessageId", "The message's id.").required(), USER_ID],
    positional: &["MessageId", "UserId"],
    outputs: &[
        STATUS,
        output("Subject", Type::Text, "The subject, decoded."),
        output("From", Type::Text, "The first address of the From header."),
        output("Date", Type::Text, "The Date header, as RFC 3339."),
        output("TextBody", Type::Text, "The body as text."),
        output(
            "HtmlBody",
            Type::Text,
            "The body as HTML, where there is one.",
        ),
        output(
            "Headers",
            Type::Json,
            "All headers in their order, as an array of {name, value}.",
        ),
        output(
            "Parts",
            Type::Json,
            "The attachments, as an array of {name, contentType, size, contentId, contentBytes}.",
        ),
    ],
    permission: "Mail.Read",
    app_permission: "Mail.Read",
    reads: true,
    example: "EXEC GetMailMessage MessageId = (SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT 1)",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    let path = item(&user, "messages", &arguments.required("MessageId")?);
    let content = runner.read_bytes(&format!("{path}/$value"))?.body;
    let message = MessageParser::default()
        .parse(&content[..])
        .ok_or_else(|| arguments.wrong("the message is no MIME"))?;
    let text = |text: Option<String>| text.map_or(Value::Null, Value::text);
    let from = message.from().and_then(|from| from.first()?.address());
    let headers: Vec<Json> = message
        .headers_raw()
        .map(|(name, value)| json!({ "name": name, "value": value.trim() }))
        .collect();
    let parts: Vec<Json> = message.attachments().map(part).collect();
    Ok(success(vec![
        ("Subject", text(message.subject().map(str::to_owned))),
        ("From", text(from.map(str::to_owned))),
        ("Date", text(message.date().map(|date| date.to_rfc3339()))),
        (
            "TextBody",
            text(message.body_text(0).map(|body| body.into_owned())),
        ),
        (
            "HtmlBody",
            text(message.body_html(0).map(|body| body.into_owned())),
        ),
        ("Headers", Value::text(Json::Array(headers).to_string())),
        ("Parts", Value::text(Json::Array(parts).to_string())),
    ]))
}

fn part(part: &mail_parser::MessagePart<'_>) -> Json {
    use base64::Engine;
    let kind = part.content_type().map(|kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()),
        None => kind.ctype().to_owned(),
    });
    let bytes = part.contents();
    json!({
        "name": part.attachment_name(),
        "contentType": kind,
        "size": bytes.len(),
        "contentId": part.content_id(),
        "contentBytes": base64::engine::general_purpose::STANDARD.encode(bytes),
    })
}
