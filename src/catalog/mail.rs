//! The mail tables: Messages and MailFolders, over `message` and `mailFolder`.
//!
//! Operators and sorting follow the whitelist in FACTS §1.1: text takes `eq` and `startswith`, true
//! or false takes `eq` and `ne`, instants take every comparison, and recipients and bodies take
//! nothing. `in` is written as an `or` chain by the driver, so no column claims it. Only instants
//! sort: Exchange orders text by its own collation, which SQLite cannot repeat.

use super::{
    Column, Count, Mode, OrderRule, Owner, Role, Root, Search, Service, Source, Table, Tree, blob,
    boolean, collection, computed, enumeration, input, instant, integer, item, json, text,
    top_level, written, zoned,
};

/// bodyType
pub(super) const BODY_TYPE: &[&str] = &["text", "html"];
/// importance
pub(super) const IMPORTANCE: &[&str] = &["low", "normal", "high"];
/// inferenceClassificationType
const INFERENCE: &[&str] = &["focused", "other"];
/// followupFlagStatus
const FLAG_STATUS: &[&str] = &["notFlagged", "complete", "flagged"];

/// Every message of a mailbox, or of one folder.
pub static MESSAGES: Table = Table {
    name: "Messages",
    doc: "A message of a mailbox, in any folder, drafts and Deleted Items included.",
    question: "Which mail came in, from whom, and what is unread?",
    example: "SELECT subject, from_emailAddress_address, receivedDateTime FROM Messages WHERE isRead = 0 AND receivedDateTime >= '2026-01-01' ORDER BY receivedDateTime DESC LIMIT 5",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: MESSAGE_COLUMNS,
    routes: &[
        collection("{owner}/messages"),
        collection("{owner}/mailFolders/{parentFolderId}/messages"),
        collection("{owner}/mailFolders/{folder}/messages"),
        item("{owner}/messages/{id}"),
    ],
    page: 1000,
    // Pages of a thousand bodies end in 504 (FACTS §2.10).
    heavy_page: 100,
    count: Count::Plain,
    search: Some(Search::Kql { hits: 1000 }),
    order: OrderRule::FilterFirst,
    writes: Some(&written::MESSAGES),
    permission: "Mail.Read",
    app_permission: "Mail.ReadBasic.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
pub(super) const MESSAGE_COLUMNS: &[Column] = &[
    text("id", "The message's id, which stays the same when the message moves to another folder."),
    // What a list of mail shows.
    text("subject",                       "The subject line.").ops("d - - - d - -"),
    text("from/emailAddress/address",     "The SMTP address of the mailbox the message was sent from.").ops("d - - - d - -"),
    text("from/emailAddress/name",        "The display name of the mailbox the message was sent from.").ops("d - - - d - -"),
    instant("receivedDateTime",           "When the message arrived, in UTC.").ops("d - d d - - -").sorts(Mode::Default).pairs().always(),
    boolean("isRead",                     "Whether the message is marked as read.").ops("d - d - - - -").pairs(),
    boolean("hasAttachments",             "Whether there are attachments, not counting those shown inline in the body.").ops("d - d - - - -"),
    enumeration("importance", IMPORTANCE, "The importance the sender gave the message.").ops("d - - - - - -"),
    text("bodyPreview",                   "The first 255 characters of the body, as plain text."),
    // Who and when.
    json("toRecipients",                "The To: recipients, as an array of {emailAddress: {name, address}}."),
    json("ccRecipients",                "The Cc: recipients, as an array of {emailAddress: {name, address}}."),
    json("bccRecipients",               "The Bcc: recipients, as an array of {emailAddress: {name, address}}, empty on received mail."),
    json("replyTo",                     "The addresses that replies go to, as an array of {emailAddress: {name, address}}."),
    text("sender/emailAddress/address", "The SMTP address that really sent the message, other than from when sent on somebody's behalf.").ops("d - - - d - -"),
    text("sender/emailAddress/name",    "The display name of the mailbox that really sent the message."),
    instant("sentDateTime",             "When the message was sent, in UTC.").ops("d - d d - - -").sorts(Mode::Default).pairs(),
    instant("createdDateTime",          "When the message was created in the mailbox, in UTC.").ops("d - d d - - -").sorts(Mode::Default),
    instant("lastModifiedDateTime",     "When the message was last changed, in UTC.").ops("d - d d - - -").sorts(Mode::Default),
    // What it says and where it lies.
    text("body/content",                       "The whole body, in the format that body_contentType names.").heavy(),
    enumeration("body/contentType", BODY_TYPE, "The format of body_content."),
    text("parentFolderId",                     "The id of the folder that holds the message.").ops("d - - - - - -").references("MailFolders"),
    text("conversationId",                     "The id that all messages of one conversation share.").ops("d - - - - - -"),
    blob("conversationIndex",                  "The place of the message in its conversation, as Exchange's binary index."),
    text("internetMessageId",                  "The Message-ID header of RFC 5322, angle brackets included.").ops("d - - - - - -"),
    text("webLink",                            "The address that opens the message in Outlook on the web."),
    // Marks.
    json("categories",                                "The names of the colour categories on the message, as an array of texts."),
    boolean("isDraft",                                "Whether the message has not been sent yet.").ops("d - d - - - -").pairs(),
    enumeration("flag/flagStatus", FLAG_STATUS,       "The state of the follow-up flag.").ops("d - - - - - -"),
    zoned("flag/dueDateTime/dateTime",                "When the follow-up is due, in UTC, NULL without a due date."),
    text("flag/dueDateTime/timeZone",                 "The zone the due date was given in."),
    zoned("flag/startDateTime/dateTime",              "When the follow-up begins, in UTC, NULL without a start date."),
    text("flag/startDateTime/timeZone",               "The zone the start date was given in."),
    zoned("flag/completedDateTime/dateTime",          "When the follow-up was completed, in UTC, NULL until it is."),
    text("flag/completedDateTime/timeZone",           "The zone the completion date was given in."),
    enumeration("inferenceClassification", INFERENCE, "The half of the Inbox that the message was sorted into.").ops("d - - - - - -"),
    boolean("isDeliveryReceiptRequested",             "Whether the sender asked for a delivery receipt, NULL where not known."),
    boolean("isReadReceiptRequested",                 "Whether the sender asked for a read receipt."),
    text("changeKey",                                 "The version of the message, new after each change."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("folder", Role::Folder,   "The folder to read, as an id, a well-known name such as inbox, or a path.").hidden(),
    input("filter", Role::Filter,   "An OData filter that is added to what the driver asks.").hidden(),
    input("Messages", Role::Match,  "The left side of MATCH, which takes a KQL search and finds at most 1,000 messages.").hidden(),
    // Returned only when named in $select (FACTS §1.1).
    json("internetMessageHeaders",                   "The transport headers, as an array of {name, value}.").asked().heavy(),
    text("uniqueBody/content",                       "The part of the body that is not quoted from earlier messages.").asked().heavy(),
    enumeration("uniqueBody/contentType", BODY_TYPE, "The format of uniqueBody_content.").asked(),
];

/// Every folder of a mailbox, at every depth.
pub static MAIL_FOLDERS: Table = Table {
    name: "MailFolders",
    doc: "A mail folder of a mailbox, at any depth, hidden folders and search folders included.",
    question: "Which folders does a mailbox have, and how full are they?",
    example: "SELECT path, totalItemCount, unreadItemCount FROM MailFolders WHERE unreadItemCount > 20 ORDER BY unreadItemCount DESC",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: MAIL_FOLDER_COLUMNS,
    routes: &[
        top_level("{owner}/mailFolders?includeHiddenFolders=true"),
        collection("{owner}/mailFolders/{parentFolderId}/childFolders?includeHiddenFolders=true"),
        top_level("{owner}/mailFolders/{folder}/childFolders?includeHiddenFolders=true"),
        item("{owner}/mailFolders/{id}"),
    ],
    tree: Some(Tree {
        children: "{owner}/mailFolders/{key}/childFolders?includeHiddenFolders=true",
        child_count: "childFolderCount",
        hidden: Some("isHidden"),
        container: None,
        root: Root::Path("{owner}/mailFolders/msgfolderroot"),
        name: "displayName",
        flat: None,
    }),
    page: 1000,
    heavy_page: 1000,
    // The service counts one level, never the tree.
    writes: Some(&written::MAIL_FOLDERS),
    permission: "Mail.ReadBasic",
    app_permission: "Mail.ReadBasic.All",
    ..Table::PLAIN
};

// The operators come from the table of the old Outlook service (FACTS §1.1); neither id nor
// parentFolderId is in it.
#[rustfmt::skip]
const MAIL_FOLDER_COLUMNS: &[Column] = &[
    text("id",                         "The folder's id, which stays the same for its whole life."),
    text("displayName",                "The name of the folder, in the language of the mailbox.").ops("d - - - d - -"),
    computed("path", Source::TreePath, "The names from the top of the mailbox down to this folder, with / between them."),
    integer("totalItemCount",          "How many items of any type lie directly in the folder.").ops("d - - d - - -"),
    integer("unreadItemCount",         "How many of these items are not read.").ops("d - - d - - -"),
    integer("childFolderCount",        "How many folders lie directly in the folder.").ops("d - - d - - -"),
    text("parentFolderId",             "The id of the folder that holds this one.").references("MailFolders"),
    boolean("isHidden",                "Whether mail programs keep the folder out of sight."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("folder", Role::Folder,   "The folder below which to list, as an id, a well-known name such as inbox, or a path.").hidden(),
    input("filter", Role::Filter,   "An OData filter that is added to what the driver asks.").hidden(),
    // What only a mailSearchFolder has: $select on the base type refuses these names.
    text("filterQuery",             "The OData filter of a search folder, NULL for other folders.").hidden().unselectable(),
    boolean("includeNestedFolders", "Whether a search folder looks below its source folders too, NULL for other folders.").hidden().unselectable(),
    boolean("isSupported",          "Whether Graph can change a search folder, NULL for other folders.").hidden().unselectable(),
    json("sourceFolderIds",         "The ids of the folders that a search folder looks through, as an array, NULL for other folders.").hidden().unselectable(),
];
