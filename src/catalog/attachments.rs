//! The attachment tables: MessageAttachments and EventAttachments, over `attachment`.
//!
//! `$filter` is ignored by every collection of attachments, and a listing without `$select` carries the
//! bytes of each file (FACTS §1.1). What only the derived types have, the bytes among it, cannot be
//! named in `$select` there: it is read attachment by attachment.

use super::{
    Column, Owner, Role, Service, Table, blob, boolean, collection, input, instant, integer, item,
    parent, text, written,
};

/// What is attached to one message.
pub static MESSAGE_ATTACHMENTS: Table = Table {
    name: "MessageAttachments",
    doc: "An attachment of a message: a file, an Outlook item, or a link to a file elsewhere.",
    question: "What is attached to a message?",
    example: "SELECT name, contentType, size FROM MessageAttachments WHERE MessageId = (SELECT id FROM Messages WHERE hasAttachments = 1 ORDER BY receivedDateTime DESC LIMIT 1) ORDER BY name LIMIT 10",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: &MESSAGE_COLUMNS,
    routes: &[
        collection("{owner}/messages/{MessageId}/attachments"),
        item("{owner}/messages/{MessageId}/attachments/{id}"),
    ],
    writes: Some(&written::MESSAGE_ATTACHMENTS),
    permission: "Mail.Read",
    app_permission: "Mail.Read",
    ..Table::PLAIN
};

const MESSAGE_COLUMNS: [Column; 13] = columns(parent(
    "MessageId",
    "Messages",
    "Which message, echoed from the query.",
));

/// What is attached to one event.
pub static EVENT_ATTACHMENTS: Table = Table {
    name: "EventAttachments",
    doc: "An attachment of an event: a file, an Outlook item, or a link to a file elsewhere.",
    question: "What is attached to an event?",
    example: "SELECT name, contentType, size FROM EventAttachments WHERE EventId = (SELECT id FROM Events WHERE hasAttachments = 1 ORDER BY subject, id LIMIT 1) ORDER BY name LIMIT 10",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: &EVENT_COLUMNS,
    routes: &[
        collection("{owner}/events/{EventId}/attachments"),
        item("{owner}/events/{EventId}/attachments/{id}"),
    ],
    writes: Some(&written::EVENT_ATTACHMENTS),
    permission: "Calendars.Read",
    app_permission: "Calendars.Read",
    ..Table::PLAIN
};

const EVENT_COLUMNS: [Column; 13] = columns(parent(
    "EventId",
    "Events",
    "Which event, echoed from the query.",
));

/// The columns, with what the attachments hang on.
#[rustfmt::skip]
const fn columns(parent: Column) -> [Column; 13] {
    [
        text("id", "The attachment's id."),
        text("name",                    "The name shown below the icon, of a file its file name."),
        text("contentType",             "The media type, NULL where not known."),
        integer("size",                 "The length in bytes."),
        boolean("isInline",             "Whether the attachment is shown inside the body."),
        instant("lastModifiedDateTime", "When the attachment was last changed, in UTC."),
        text("@odata.type",             "Which kind it is, #microsoft.graph.fileAttachment, itemAttachment or referenceAttachment.").named("odataType"),
        // Inputs.
        parent,
        input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
        input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
        // What only files have.
        blob("contentBytes",    "The bytes of a file, NULL for what is not a file.").item_only().unselectable(),
        text("contentId",       "The id by which the body shows a file in its place, NULL where it does not.").item_only().unselectable(),
        text("contentLocation", "The address by which the body shows a file in its place, NULL for nearly all.").item_only().unselectable(),
    ]
}
