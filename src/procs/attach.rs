//! Attachments as the procedures take them, and how they are added to a message or an event.

use bytes::Bytes;
use serde_json::{Value as Json, json};

use super::upload::{attachment_item, upload};
use super::{Arguments, Runner};
use crate::catalog::Verb;
use crate::error::Result;
use crate::graph::change::Sent;
use crate::odata::path_segment;

/// FACTS §3.1: larger ones need an upload session.
const SMALL: usize = 3_000_000;

/// One file to attach.
pub(super) struct Attachment {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Bytes,
}

impl Attachment {
    /// The resource (FACTS §3.1).
    pub(super) fn json(&self) -> Json {
        use base64::Engine;
        json!({
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": self.name,
            "contentType": self.content_type(),
            "contentBytes": base64::engine::general_purpose::STANDARD.encode(&self.content),
        })
    }

    fn content_type(&self) -> String {
        mime_guess::from_path(&self.name)
            .first_or_octet_stream()
            .to_string()
    }

    /// Adds it to the message or event at a path; gives its id.
    ///
    /// # Errors
    /// As [`Runner::write`].
    pub(super) fn add(&self, runner: &mut Runner<'_>, item: &str) -> Sent<Option<String>> {
        if self.content.len() < SMALL {
            let made = runner.write(
                Verb::Post,
                &format!("{item}/attachments"),
                Some(self.json()),
            )?;
            return Ok(made["id"].as_str().map(str::to_owned));
        }
        let path = format!("{item}/attachments/createUploadSession");
        let body = attachment_item(&self.name, &self.content_type(), self.content.len());
        let session = runner.write(Verb::Post, &path, Some(body))?;
        if runner.is_dry_run() {
            return Ok(None);
        }
        let reply = upload(runner, &session, &self.content)?;
        // The id is the last part of the address of what was made.
        let location = reply
            .headers
            .get("Location")
            .and_then(|value| value.to_str().ok());
        Ok(location.and_then(id_in))
    }
}

/// `…/attachments('AAMk…')`, or `…/attachments/AAMk…`.
fn id_in(location: &str) -> Option<String> {
    let below = location.rsplit("ttachments").next()?;
    let id = below.trim_matches(['/', '(', ')', '\'']);
    Some(id.to_owned()).filter(|id| !id.is_empty())
}

/// What a call says of attachments: the files, and what was odd.
pub(super) fn attachments(arguments: &Arguments) -> Result<(Vec<Attachment>, Option<String>)> {
    let mut files = match arguments.text("Attachments") {
        Some(text) => listed(arguments, &text)?,
        None => Vec::new(),
    };
    let name = arguments.text("FileName");
    let content = match arguments.file("LocalFile")? {
        Some(content) => Some(content),
        None => arguments.bytes("ContentBytes")?,
    };
    let local = arguments.text("LocalFile");
    let own_name = local.as_deref().and_then(|path| {
        let name = std::path::Path::new(path).file_name()?;
        Some(name.to_string_lossy().into_owned())
    });
    let mut warning = None;
    match (name.or(own_name), content) {
        (Some(name), Some(content)) => files.push(Attachment {
            name,
            content: content.into(),
        }),
        (None, Some(_)) => {
            return Err(arguments.wrong("ContentBytes needs a FileName"));
        }
        // The sample of seed 000 does this: the mail goes out, and the caller is told.
        (Some(name), None) => {
            warning = Some(format!(
                "FileName '{name}' has no content and was not attached: give LocalFile or ContentBytes"
            ));
        }
        (None, None) => {}
    }
    Ok((files, warning))
}

/// `name,content;name,content`, where content is base64 or `@path`; or JSON: `[{"key": name, "value":
/// content}]`.
fn listed(arguments: &Arguments, text: &str) -> Result<Vec<Attachment>> {
    if text.trim_start().starts_with('[') {
        let items: Vec<Json> = serde_json::from_str(text)
            .map_err(|error| arguments.wrong(format!("Attachments is no JSON array: {error}")))?;
        return items.iter().map(|item| of_json(arguments, item)).collect();
    }
    text.split(';')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(|item| {
            let (name, content) =
                item.split_once(',').ok_or_else(|| {
                    arguments
                    .wrong(format!("the attachment '{}' has no content", shortened(item)))
                    .next(
                        "Write name,content;name,content, content being base64 or @path, or JSON: \
                         [{\"key\": name, \"value\": content}]",
                    )
                })?;
            of_text(arguments, name.trim(), content.trim())
        })
        .collect()
}

fn of_json(arguments: &Arguments, item: &Json) -> Result<Attachment> {
    let member = |names: [&str; 2]| names.iter().find_map(|name| item[*name].as_str());
    match (member(["key", "name"]), member(["value", "contentBytes"])) {
        (Some(name), Some(content)) => of_text(arguments, name, content),
        _ => Err(arguments
            .wrong("an attachment lacks key or value")
            .next("Write [{\"key\": name, \"value\": base64 or @path}]")),
    }
}

fn of_text(arguments: &Arguments, name: &str, content: &str) -> Result<Attachment> {
    use base64::Engine;
    let bytes = match content.strip_prefix('@') {
        Some(path) => arguments.read(path)?,
        None => base64::engine::general_purpose::STANDARD
            .decode(content.as_bytes())
            .map_err(|_| {
                arguments.wrong(format!(
                    "the content of '{}' is not base64",
                    shortened(name)
                ))
            })?,
    };
    Ok(Attachment {
        name: name.to_owned(),
        content: bytes.into(),
    })
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

/// The path of an item of a user.
pub(super) fn item(user: &str, collection: &str, id: &str) -> String {
    format!("{user}/{collection}/{}", path_segment(id))
}
