//! What a mailbox is set to: MailRules, Categories and MailboxSettings, and the languages and zones
//! that it can be set to, SupportedLanguages and SupportedTimeZones.
//!
//! None of these filters, sorts or pages (FACTS §1.1, §1.2): they are short lists that are read whole.
//! A rule has three objects that are asked for whole: what it looks for, what exempts a message, and
//! what it does.

use super::calendar::SENSITIVITY;
use super::directory::{AUDIENCE, DELEGATE_DELIVERY, PURPOSE, REPLIES_STATUS};
use super::mail::IMPORTANCE;
use super::{
    Column, Owner, Role, Service, Table, boolean, collection, enumeration, input, integer, item,
    json, text, time, written, zoned,
};

/// categoryColor
const CATEGORY_COLOR: &[&str] = &[
    "none", "preset0", "preset1", "preset2", "preset3", "preset4", "preset5", "preset6", "preset7",
    "preset8", "preset9", "preset10", "preset11", "preset12", "preset13", "preset14", "preset15",
    "preset16", "preset17", "preset18", "preset19", "preset20", "preset21", "preset22", "preset23",
    "preset24",
];
/// messageActionFlag
const ACTION_FLAG: &[&str] = &[
    "any",
    "call",
    "doNotForward",
    "followUp",
    "fyi",
    "forward",
    "noResponseNecessary",
    "read",
    "reply",
    "replyToAll",
    "review",
];

/// The rules that the service applies to incoming mail. Only the Inbox has any (FACTS §1.1).
pub static MAIL_RULES: Table = Table {
    name: "MailRules",
    doc: "An inbox rule of a mailbox, a condition, exception or action that it does not have being NULL.",
    question: "What do the rules of a mailbox do with incoming mail, and do they send it elsewhere?",
    example: "SELECT sequence, displayName, isEnabled, actions_moveToFolder, actions_forwardTo FROM MailRules ORDER BY sequence LIMIT 10",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: RULE_COLUMNS,
    routes: &[
        collection("{owner}/mailFolders/inbox/messageRules"),
        item("{owner}/mailFolders/inbox/messageRules/{id}"),
    ],
    writes: Some(&written::MAIL_RULES),
    permission: "MailboxSettings.Read",
    app_permission: "MailboxSettings.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
const RULE_COLUMNS: &[Column] = &[
    text("id", "The rule's id."),
    text("displayName",   "The name of the rule."),
    integer("sequence",   "The place of the rule among those of the mailbox, which are applied in this order."),
    boolean("isEnabled",  "Whether the rule is applied."),
    boolean("hasError",   "Whether something is wrong with the rule, such as a folder that is gone."),
    boolean("isReadOnly", "Whether Graph cannot change or delete the rule."),
    // What it does.
    text("actions/moveToFolder",                      "The id of the folder that the message is moved to.").references("MailFolders"),
    text("actions/copyToFolder",                      "The id of the folder that a copy of the message goes to.").references("MailFolders"),
    json("actions/forwardTo",                         "To whom the message is forwarded, as an array of {emailAddress: {name, address}}."),
    json("actions/forwardAsAttachmentTo",             "To whom the message is forwarded as an attachment, as an array of {emailAddress: {name, address}}."),
    json("actions/redirectTo",                        "To whom the message is redirected, as an array of {emailAddress: {name, address}}."),
    boolean("actions/delete",                         "Whether the message is moved to Deleted Items."),
    boolean("actions/permanentDelete",                "Whether the message is deleted for good."),
    boolean("actions/markAsRead",                     "Whether the message is marked as read."),
    enumeration("actions/markImportance", IMPORTANCE, "The importance that the message is given."),
    json("actions/assignCategories",                  "The names of the categories that the message is given, as an array of texts."),
    boolean("actions/stopProcessingRules",            "Whether the rules behind this one are not applied."),
    // What it looks for, as a rule.
    json("conditions/subjectContains",               "The texts looked for in the subject, as an array of texts."),
    json("conditions/bodyContains",                  "The texts looked for in the body, as an array of texts."),
    json("conditions/bodyOrSubjectContains",         "The texts looked for in the body and the subject, as an array of texts."),
    json("conditions/senderContains",                "The texts looked for in the sender, as an array of texts."),
    json("conditions/fromAddresses",                 "The senders looked for, as an array of {emailAddress: {name, address}}."),
    json("conditions/recipientContains",             "The texts looked for in the To: and Cc: recipients, as an array of texts."),
    json("conditions/sentToAddresses",               "The recipients looked for, as an array of {emailAddress: {name, address}}."),
    boolean("conditions/sentToMe",                   "Whether the mailbox's owner has to be among the To: recipients."),
    boolean("conditions/sentOnlyToMe",               "Whether the mailbox's owner has to be the only recipient."),
    boolean("conditions/hasAttachments",             "Whether the message has to have attachments."),
    enumeration("conditions/importance", IMPORTANCE, "The importance that the message has to have."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    // What it looks for, rarely.
    boolean("conditions/sentCcMe",                           "Whether the mailbox's owner has to be among the Cc: recipients.").hidden(),
    boolean("conditions/sentToOrCcMe",                       "Whether the mailbox's owner has to be among the To: or Cc: recipients.").hidden(),
    boolean("conditions/notSentToMe",                        "Whether the mailbox's owner must not be a recipient.").hidden(),
    json("conditions/headerContains",                        "The texts looked for in the headers, as an array of texts.").hidden(),
    json("conditions/categories",                            "The names of the categories looked for, as an array of texts.").hidden(),
    enumeration("conditions/sensitivity", SENSITIVITY,       "The sensitivity that the message has to have.").hidden(),
    enumeration("conditions/messageActionFlag", ACTION_FLAG, "The action that the message has to be flagged for.").hidden(),
    integer("conditions/withinSizeRange/minimumSize",        "The least size of the message, in kilobytes.").hidden(),
    integer("conditions/withinSizeRange/maximumSize",        "The greatest size of the message, in kilobytes.").hidden(),
    boolean("conditions/isApprovalRequest",                  "Whether the message has to be a request for approval.").hidden(),
    boolean("conditions/isAutomaticForward",                 "Whether the message has to be forwarded automatically.").hidden(),
    boolean("conditions/isAutomaticReply",                   "Whether the message has to be an automatic reply.").hidden(),
    boolean("conditions/isEncrypted",                        "Whether the message has to be encrypted.").hidden(),
    boolean("conditions/isMeetingRequest",                   "Whether the message has to be an invitation.").hidden(),
    boolean("conditions/isMeetingResponse",                  "Whether the message has to be the answer to an invitation.").hidden(),
    boolean("conditions/isNonDeliveryReport",                "Whether the message has to be a report that mail was not delivered.").hidden(),
    boolean("conditions/isPermissionControlled",             "Whether the message has to be protected by rights management.").hidden(),
    boolean("conditions/isReadReceipt",                      "Whether the message has to be a read receipt.").hidden(),
    boolean("conditions/isSigned",                           "Whether the message has to be signed with S/MIME.").hidden(),
    boolean("conditions/isVoicemail",                        "Whether the message has to be a voice mail.").hidden(),
    // What exempts a message.
    json("exceptions/subjectContains",                       "The texts in the subject that exempt a message, as an array of texts.").hidden(),
    json("exceptions/bodyContains",                          "The texts in the body that exempt a message, as an array of texts.").hidden(),
    json("exceptions/bodyOrSubjectContains",                 "The texts in the body or the subject that exempt a message, as an array of texts.").hidden(),
    json("exceptions/senderContains",                        "The texts in the sender that exempt a message, as an array of texts.").hidden(),
    json("exceptions/fromAddresses",                         "The senders that exempt a message, as an array of {emailAddress: {name, address}}.").hidden(),
    json("exceptions/recipientContains",                     "The texts in the To: and Cc: recipients that exempt a message, as an array of texts.").hidden(),
    json("exceptions/sentToAddresses",                       "The recipients that exempt a message, as an array of {emailAddress: {name, address}}.").hidden(),
    boolean("exceptions/sentToMe",                           "Whether it exempts a message that the mailbox's owner is among the To: recipients.").hidden(),
    boolean("exceptions/sentOnlyToMe",                       "Whether it exempts a message that the mailbox's owner is the only recipient.").hidden(),
    boolean("exceptions/sentCcMe",                           "Whether it exempts a message that the mailbox's owner is among the Cc: recipients.").hidden(),
    boolean("exceptions/sentToOrCcMe",                       "Whether it exempts a message that the mailbox's owner is among the To: or Cc: recipients.").hidden(),
    boolean("exceptions/notSentToMe",                        "Whether it exempts a message that the mailbox's owner is no recipient.").hidden(),
    boolean("exceptions/hasAttachments",                     "Whether attachments exempt a message.").hidden(),
    enumeration("exceptions/importance", IMPORTANCE,         "The importance that exempts a message.").hidden(),
    enumeration("exceptions/sensitivity", SENSITIVITY,       "The sensitivity that exempts a message.").hidden(),
    json("exceptions/headerContains",                        "The texts in the headers that exempt a message, as an array of texts.").hidden(),
    json("exceptions/categories",                            "The names of the categories that exempt a message, as an array of texts.").hidden(),
    enumeration("exceptions/messageActionFlag", ACTION_FLAG, "The action whose flag exempts a message.").hidden(),
    integer("exceptions/withinSizeRange/minimumSize",        "The least of the sizes that exempt a message, in kilobytes.").hidden(),
    integer("exceptions/withinSizeRange/maximumSize",        "The greatest of the sizes that exempt a message, in kilobytes.").hidden(),
    boolean("exceptions/isApprovalRequest",                  "Whether requests for approval are exempt.").hidden(),
    boolean("exceptions/isAutomaticForward",                 "Whether messages forwarded automatically are exempt.").hidden(),
    boolean("exceptions/isAutomaticReply",                   "Whether automatic replies are exempt.").hidden(),
    boolean("exceptions/isEncrypted",                        "Whether encrypted messages are exempt.").hidden(),
    boolean("exceptions/isMeetingRequest",                   "Whether invitations are exempt.").hidden(),
    boolean("exceptions/isMeetingResponse",                  "Whether answers to invitations are exempt.").hidden(),
    boolean("exceptions/isNonDeliveryReport",                "Whether reports that mail was not delivered are exempt.").hidden(),
    boolean("exceptions/isPermissionControlled",             "Whether messages protected by rights management are exempt.").hidden(),
    boolean("exceptions/isReadReceipt",                      "Whether read receipts are exempt.").hidden(),
    boolean("exceptions/isSigned",                           "Whether messages signed with S/MIME are exempt.").hidden(),
    boolean("exceptions/isVoicemail",                        "Whether voice mails are exempt.").hidden(),
];

/// The colour categories that a mailbox offers.
pub static CATEGORIES: Table = Table {
    name: "Categories",
    doc: "A colour category of a mailbox, which messages, events and contacts name in their categories.",
    question: "Which colour categories does a mailbox have?",
    example: "SELECT displayName, color FROM Categories ORDER BY displayName LIMIT 10",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: CATEGORY_COLUMNS,
    routes: &[
        collection("{owner}/outlook/masterCategories"),
        // R/outlookCategory has it among the methods.
        item("{owner}/outlook/masterCategories/{id}"),
    ],
    writes: Some(&written::CATEGORIES),
    permission: "MailboxSettings.Read",
    app_permission: "MailboxSettings.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
const CATEGORY_COLUMNS: &[Column] = &[
    text("id", "The category's id."),
    text("displayName",                  "The name of the category, which items name it by."),
    enumeration("color", CATEGORY_COLOR, "The colour, as the number of a preset that each Outlook shows in its own shade."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
];

/// The settings of one mailbox, which have no id of their own.
pub static MAILBOX_SETTINGS: Table = Table {
    name: "MailboxSettings",
    doc: "The settings of a mailbox, as its only row.",
    question: "Who is away, and in which zone and language does a mailbox live?",
    example: "SELECT timeZone, language_locale, automaticRepliesSetting_status FROM MailboxSettings",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    key: "",
    columns: SETTINGS_COLUMNS,
    routes: &[item("{owner}/mailboxSettings")],
    writes: Some(&written::MAILBOX_SETTINGS),
    permission: "MailboxSettings.Read",
    app_permission: "MailboxSettings.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
const SETTINGS_COLUMNS: &[Column] = &[
    text("timeZone",                    "The zone of the mailbox, as a Windows or IANA name."),
    text("language/locale",             "The language of the mailbox, as a code such as en-US."),
    text("language/displayName",        "The name of the language of the mailbox."),
    text("dateFormat",                  "The pattern that dates are shown in."),
    text("timeFormat",                  "The pattern that times of day are shown in."),
    enumeration("userPurpose", PURPOSE, "What the mailbox serves, such as a person or a room."),
    // When the owner is away. The dates are given in a zone of their own, so they are made UTC here.
    enumeration("automaticRepliesSetting/status", REPLIES_STATUS,     "Whether automatic replies are sent."),
    zoned("automaticRepliesSetting/scheduledStartDateTime/dateTime",  "When scheduled automatic replies begin, in UTC."),
    text("automaticRepliesSetting/scheduledStartDateTime/timeZone",   "The zone that Graph gave that start in."),
    zoned("automaticRepliesSetting/scheduledEndDateTime/dateTime",    "When scheduled automatic replies end, in UTC."),
    text("automaticRepliesSetting/scheduledEndDateTime/timeZone",     "The zone that Graph gave that end in."),
    enumeration("automaticRepliesSetting/externalAudience", AUDIENCE, "Who outside the organization receives automatic replies."),
    text("automaticRepliesSetting/internalReplyMessage",              "The automatic reply to people of the organization, in HTML."),
    text("automaticRepliesSetting/externalReplyMessage",              "The automatic reply to people outside the organization, in HTML."),
    // When the owner works.
    json("workingHours/daysOfWeek",    "The days the user works, as an array of names."),
    time("workingHours/startTime",     "The time of day work begins, in the zone of the working hours."),
    time("workingHours/endTime",       "The time of day work ends, in the zone of the working hours."),
    text("workingHours/timeZone/name", "The zone of the working hours."),
    // Where mail goes.
    text("archiveFolder",                                                   "The id of the folder that Archive moves mail to, NULL before it is first used.").references("MailFolders"),
    enumeration("delegateMeetingMessageDeliveryOptions", DELEGATE_DELIVERY, "Who receives meeting messages when there is a delegate."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
];

/// The languages that a mailbox can be set to: a function's answer, without query options (FACTS §1.2).
pub static SUPPORTED_LANGUAGES: Table = Table {
    name: "SupportedLanguages",
    doc: "A language that a mailbox can be set to.",
    question: "Which languages can a mailbox have?",
    example: "SELECT locale, displayName FROM SupportedLanguages WHERE locale LIKE 'de-%' ORDER BY locale LIMIT 10",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    key: "locale",
    columns: LANGUAGE_COLUMNS,
    routes: &[collection("{owner}/outlook/supportedLanguages")],
    select: false,
    permission: "User.Read",
    app_permission: "User.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const LANGUAGE_COLUMNS: &[Column] = &[
    text("locale",      "The code of the language and the country, such as en-US."),
    text("displayName", "The name of the language and the country."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
];

/// The zones that a mailbox can be set to: a function's answer, without query options (FACTS §1.2).
pub static SUPPORTED_TIME_ZONES: Table = Table {
    name: "SupportedTimeZones",
    doc: "A time zone that a mailbox can be set to, by its Windows name unless timeZoneStandard asks for IANA names.",
    question: "Which time zones can a mailbox have, and how are they spelled?",
    example: "SELECT alias, displayName FROM SupportedTimeZones WHERE displayName LIKE '(UTC+01:00)%' ORDER BY alias LIMIT 10",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    key: "alias",
    columns: ZONE_COLUMNS,
    routes: &[
        collection("{owner}/outlook/supportedTimeZones"),
        collection(
            "{owner}/outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'{timeZoneStandard}')",
        ),
    ],
    select: false,
    permission: "User.Read",
    app_permission: "User.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const ZONE_COLUMNS: &[Column] = &[
    text("alias",       "The name that other tables and procedures take."),
    text("displayName", "The name as it is shown, of a Windows zone with its distance from UTC."),
    // Inputs.
    input("UserId", Role::Mailbox,                              "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox,                             "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("timeZoneStandard", Role::Parent("timeZoneStandard"), "Whose spelling is wanted, Windows or Iana.").hidden(),
];
