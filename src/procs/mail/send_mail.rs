//! SendMail: POST sendMail, or a draft with its attachments and then POST send (FACTS §3.1).

use serde_json::{Value as Json, json};

use super::{recipient, recipients};
use crate::catalog::{Type, Verb};
use crate::error::Result;
use crate::graph::change::Sent;
use crate::procs::attach::{Attachment, attachments, item};
use crate::procs::{
    Arguments, Outcome, Procedure, Runner, STATUS, USER_ID, WARNING, output, parameter, success,
    text,
};
use crate::value::Value;

/// What a request of sendMail may hold in all: about 4 MB (FACTS §3.1), base64 and the rest included.
const SMALL: usize = 2_500_000;

const IMPORTANCE: &[&str] = &["low", "normal", "high"];

/// Sends a mail.
pub static SEND_MAIL: Procedure = Procedure {
    name: "SendMail",
    doc: "Sends a mail, or a draft that exists.",
    parameters: &[
        text(
            "ToRecipients",
            "Who gets it, addresses with ; or , between them, or a JSON array.",
        ),
        text("Subject", "The subject line."),
        text("Content", "The body."),
        text("Id", "The draft to send as it is, in place of a new mail."),
        text(
            "Attachments",
            "Files, as name,content;name,content with content as base64 or @path, or as JSON: [{key, value}].",
        ),
        text(
            "FileName",
            "The name of one more attachment, whose content LocalFile or ContentBytes gives.",
        ),
        text("LocalFile", "The path of a file to attach."),
        parameter(
            "ContentBytes",
            Type::Blob,
            "The content of the attachment, as a BLOB or base64.",
        ),
        text("CCRecipients", "Who gets a copy."),
        text(
            "BccRecipients",
            "Who gets a copy that the others do not see.",
        ),
        text("ReplyTo", "Where replies go."),
        text(
            "SenderEmail",
            "On whose behalf it is sent: the mail says so.",
        ),
        text(
            "FromEmail",
            "As whom it is sent: the mail does not tell the difference.",
        ),
        parameter(
            "ContentType",
            Type::Enum(&["text", "html"]),
            "The format of Content: text (the default) or html.",
        ),
        parameter(
            "Importance",
            Type::Enum(IMPORTANCE),
            "low, normal (the default) or high.",
        ),
        parameter(
            "SaveToSentItems",
            Type::Boolean,
            "Whether Sent Items keeps a copy, true by default.",
        ),
        USER_ID,
    ],
    positional: &["ToRecipients", "Subject", "Content"],
    outputs: &[
        STATUS,
        WARNING,
        output(
            "Id",
            Type::Text,
            "The draft's id, where the mail was sent by way of one.",
        ),
    ],
    permission: "Mail.Send",
    app_permission: "Mail.Send",
    reads: false,
    example: "EXEC SendMail ToRecipients = 'alex@contoso.com', Subject = 'Minutes', Content = 'As agreed.'",
    run,
};

fn run(arguments: &Arguments, runner: &mut Runner<'_>) -> Outcome {
    let user = arguments.user(runner.user_id())?;
    if let Some(id) = arguments.text("Id") {
        return send_draft(arguments, runner, &user, &id);
    }
    let (files, warning) = attachments(arguments)?;
    let message = message(arguments)?;
    let save = arguments.boolean("SaveToSentItems").unwrap_or(true);
    let size: usize = files.iter().map(|file| file.content.len()).sum();
    let draft = match size < SMALL {
        true => send_at_once(runner, &user, message, &files, save).map(|()| None)?,
        false if !save => {
            return Err(arguments
                .wrong("attachments of this size go by way of a draft, which is always kept")
                .next("Leave SaveToSentItems out")
                .into());
        }
        false => send_in_parts(runner, &user, message, &files)?,
    };
    let mut record = Vec::new();
    record.extend(warning.map(|warning| ("Warning", Value::text(warning))));
    record.extend(draft.map(|id| ("Id", Value::text(id))));
    Ok(success(record))
}

/// Sends a draft as it is.
fn send_draft(arguments: &Arguments, runner: &mut Runner<'_>, user: &str, id: &str) -> Outcome {
    let others = arguments.values().iter().map(|(name, _)| *name);
    let other = others
        .into_iter()
        .find(|name| !["Id", "UserId"].contains(name));
    if let Some(other) = other {
        return Err(arguments
            .wrong(format!(
                "Id sends a draft as it is, and {other} would change it"
            ))
            .next("Change the draft with UPDATE Messages first, or leave Id out")
            .into());
    }
    let draft = item(user, "messages", id);
    runner.send(Verb::Post, &format!("{draft}/send"), Vec::new(), None)?;
    Ok(success(vec![("Id", Value::text(id))]))
}

/// The message, without its attachments.
fn message(arguments: &Arguments) -> Result<Json> {
    let to = recipients(arguments, "ToRecipients");
    let cc = recipients(arguments, "CCRecipients");
    let bcc = recipients(arguments, "BccRecipients");
    if to.is_empty() && cc.is_empty() && bcc.is_empty() {
        return Err(arguments
            .wrong("nobody would get it")
            .next("Give ToRecipients, CCRecipients or BccRecipients, or the Id of a draft"));
    }
    let html = arguments
        .text("ContentType")
        .is_some_and(|ty| ty.eq_ignore_ascii_case("html"));
    let mut message = json!({
        "subject": arguments.text("Subject").unwrap_or_default(),
        "body": {
            "contentType": if html { "html" } else { "text" },
            "content": arguments.text("Content").unwrap_or_default(),
        },
        "toRecipients": to,
    });
    let reply_to = recipients(arguments, "ReplyTo");
    for (name, people) in [
        ("ccRecipients", cc),
        ("bccRecipients", bcc),
        ("replyTo", reply_to),
    ] {
        if !people.is_empty() {
            message[name] = Json::Array(people);
        }
    }
    if let Some(importance) = arguments.text("Importance") {
        message["importance"] = json!(importance.to_ascii_lowercase());
    }
    if let Some(address) = arguments.text("SenderEmail") {
        message["from"] = recipient(&address);
    }
    if let Some(address) = arguments.text("FromEmail") {
        message["from"] = recipient(&address);
        message["sender"] = recipient(&address);
    }
    Ok(message)
}

fn send_at_once(
    runner: &mut Runner<'_>,
    user: &str,
    mut message: Json,
    files: &[Attachment],
    save: bool,
) -> Sent<()> {
    if !files.is_empty() {
        message["attachments"] = files.iter().map(Attachment::json).collect();
    }
    let mut body = json!({ "message": message });
    if !save {
        body["saveToSentItems"] = json!(false);
    }
    runner
        .write(Verb::Post, &format!("{user}/sendMail"), Some(body))
        .map(drop)
}

/// A draft, its attachments one by one, and then the draft is sent; gives the draft's id.
fn send_in_parts(
    runner: &mut Runner<'_>,
    user: &str,
    message: Json,
    files: &[Attachment],
) -> Sent<Option<String>> {
    let made = runner.write(Verb::Post, &format!("{user}/messages"), Some(message))?;
    let id = made["id"]
        .as_str()
        .unwrap_or("{id of the draft}")
        .to_owned();
    let draft = item(user, "messages", &id);
    let sent = add_and_send(runner, &draft, files);
    sent.map(|()| Some(id)).map_err(|mut failed| {
        failed.error.sentence = format!(
            "{}; the mail is in Drafts with what was attached so far",
            failed.error.sentence
        );
        failed
    })
}

fn add_and_send(runner: &mut Runner<'_>, draft: &str, files: &[Attachment]) -> Sent<()> {
    for file in files {
        file.add(runner, draft)?;
    }
    runner
        .send(Verb::Post, &format!("{draft}/send"), Vec::new(), None)
        .map(drop)
}
