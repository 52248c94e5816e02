//! What of a message may be written when (FACTS 3.1).

use serde_json::{Value, json};

use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::write::body::{Body, Fields};

/// Kept while a message is a draft only.
const DRAFT_ONLY: [&str; 9] = [
    "subject",
    "body",
    "toRecipients",
    "ccRecipients",
    "bccRecipients",
    "replyTo",
    "from",
    "sender",
    "internetMessageId",
];

/// FACTS 3.1, R/message.
const MOST_RECIPIENTS: usize = 500;

/// Messages. The receipts are settable like their like; FACTS' list ends in "…".
pub const MESSAGE: Fields = Fields {
    type_name: "message",
    code: "ErrorInvalidPropertySet",
    on_create: &[
        "subject",
        "body",
        "toRecipients",
        "ccRecipients",
        "bccRecipients",
        "replyTo",
        "from",
        "sender",
        "internetMessageId",
        "internetMessageHeaders",
        "isRead",
        "categories",
        "flag",
        "importance",
        "inferenceClassification",
        "isReadReceiptRequested",
        "isDeliveryReceiptRequested",
    ],
    on_update: &[
        "subject",
        "body",
        "toRecipients",
        "ccRecipients",
        "bccRecipients",
        "replyTo",
        "from",
        "sender",
        "internetMessageId",
        "isRead",
        "categories",
        "flag",
        "importance",
        "inferenceClassification",
        "isReadReceiptRequested",
        "isDeliveryReceiptRequested",
    ],
    deep: &[("attachments", "attachment")],
    conditions: &[only_on_drafts, few_recipients],
    ..Fields::NONE
};

/// Attachments that come with a message. References cannot be made so: FACTS shows files only, and items need what is in them.
pub const FILE: Fields = Fields {
    type_name: "fileAttachment",
    code: "ErrorInvalidPropertySet",
    required: &["name", "contentBytes"],
    on_create: &[
        "name",
        "contentBytes",
        "contentType",
        "contentId",
        "isInline",
    ],
    ..Fields::NONE
};

/// An Outlook item on a message; its `item` is checked for itself.
pub const ITEM: Fields = Fields {
    type_name: "itemAttachment",
    code: "ErrorInvalidPropertySet",
    required: &["name"],
    on_create: &["name", "contentType", "isInline"],
    ..Fields::NONE
};

/// A link on a message: v1.0 has no property for where it leads (M).
pub const REFERENCE: Fields = Fields {
    type_name: "referenceAttachment",
    ..ITEM
};

/// Mail folders: `isHidden` is for new ones only (FACTS 1.1).
pub const FOLDER: Fields = Fields {
    type_name: "mailFolder",
    code: "ErrorInvalidPropertySet",
    required: &["displayName"],
    on_create: &["displayName", "isHidden"],
    on_update: &["displayName"],
    conditions: &[named],
    ..Fields::NONE
};

fn named(body: &Body, _: Option<&dyn Row>) -> Answer<()> {
    match body.get("displayName") {
        Some(name) if name.as_str().is_none_or(|name| name.trim().is_empty()) => {
            Err(FOLDER.refuse("The folder's display name must not be empty."))
        }
        _ => Ok(()),
    }
}

fn only_on_drafts(body: &Body, row: Option<&dyn Row>) -> Answer<()> {
    let sent = row.is_some_and(|row| row.property("isDraft") != true);
    match DRAFT_ONLY.iter().find(|name| body.contains_key(**name)) {
        Some(name) if sent => Err(MESSAGE.refuse(format!(
            "The property '{name}' can only be changed while the message is a draft."
        ))),
        _ => Ok(()),
    }
}

fn few_recipients(body: &Body, row: Option<&dyn Row>) -> Answer<()> {
    let count = |name: &str| match (body.get(name), row) {
        (Some(value), _) => value.as_array().map_or(0, Vec::len),
        (None, Some(row)) => row.property(name).as_array().map_or(0, Vec::len),
        (None, None) => 0,
    };
    let all: usize = ["toRecipients", "ccRecipients", "bccRecipients"]
        .map(count)
        .iter()
        .sum();
    if all > MOST_RECIPIENTS {
        // FACTS has no code for it.
        return Err(Fault::new(
            400,
            "ErrorInvalidRecipients",
            format!("A message has at most {MOST_RECIPIENTS} recipients."),
        ));
    }
    Ok(())
}

/// A recipient without a name is called by the address, as far as is to be seen in answers.
pub fn tidy(body: &mut Body) {
    for name in ["from", "sender"] {
        if let Some(person) = body.get_mut(name) {
            called(person);
        }
    }
    for name in ["toRecipients", "ccRecipients", "bccRecipients", "replyTo"] {
        let people = body.get_mut(name).and_then(Value::as_array_mut);
        people.into_iter().flatten().for_each(called);
    }
    if let Some(body) = body.get_mut("body").and_then(Value::as_object_mut) {
        body.entry("contentType").or_insert(json!("text"));
        body.entry("content").or_insert(json!(""));
    }
}

fn called(person: &mut Value) {
    let Some(address) = person
        .get_mut("emailAddress")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let own = address.get("address").cloned().unwrap_or(Value::Null);
    let name = address.entry("name").or_insert(Value::Null);
    if name.is_null() {
        *name = own;
    }
}
