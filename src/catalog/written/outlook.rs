//! Mail, calendars, contacts and settings (FACTS §3.1, §3.2).

use crate::catalog::{List, Moves, Writes, delete, patch, post};

/// INSERT makes drafts; what a message says can be changed while it is one.
#[rustfmt::skip]
pub const MESSAGES: Writes = Writes {
    insert: &[
        post("{owner}/mailFolders/{folder}/messages"),
        post("{owner}/mailFolders/{parentFolderId}/messages"),
        post("{owner}/messages"),
    ],
    update: Some(patch("{owner}/messages/{id}")),
    delete: Some(delete("{owner}/messages/{id}")),
    moves: Some(Moves {
        column: "parentFolderId",
        path: "{owner}/messages/{id}/move",
        destination: "destinationId",
    }),
    settable: &[
        "subject", "body/content", "body/contentType", "toRecipients", "ccRecipients", "bccRecipients",
        "replyTo", "from/emailAddress/address", "from/emailAddress/name", "sender/emailAddress/address",
        "sender/emailAddress/name", "importance", "isRead", "categories", "flag/flagStatus",
        "flag/dueDateTime/dateTime", "flag/dueDateTime/timeZone", "flag/startDateTime/dateTime",
        "flag/startDateTime/timeZone", "flag/completedDateTime/dateTime",
        "flag/completedDateTime/timeZone", "inferenceClassification", "internetMessageId",
        "isDeliveryReceiptRequested", "isReadReceiptRequested",
    ],
    only_new: &["internetMessageHeaders"],
    lists: &[
        ("toRecipients", List::Recipients),
        ("ccRecipients", List::Recipients),
        ("bccRecipients", List::Recipients),
        ("replyTo", List::Recipients),
        ("categories", List::Texts),
    ],
    permission: "Mail.ReadWrite",
    example: "UPDATE Messages SET isRead = 1, categories = 'Read; Archive' WHERE id IN (SELECT id FROM Messages WHERE isRead = 0 ORDER BY receivedDateTime LIMIT 2)",
    ..Writes::NONE
};

/// Folders, in the mailbox's root or in another folder.
pub const MAIL_FOLDERS: Writes = Writes {
    insert: &[
        post("{owner}/mailFolders/{folder}/childFolders"),
        post("{owner}/mailFolders/{parentFolderId}/childFolders"),
        post("{owner}/mailFolders"),
    ],
    update: Some(patch("{owner}/mailFolders/{id}")),
    delete: Some(delete("{owner}/mailFolders/{id}")),
    moves: Some(Moves {
        column: "parentFolderId",
        path: "{owner}/mailFolders/{id}/move",
        destination: "destinationId",
    }),
    settable: &["displayName"],
    // R/mailfolder: only when the folder is made.
    only_new: &["isHidden"],
    required: &["displayName"],
    permission: "Mail.ReadWrite",
    example: "INSERT INTO MailFolders(displayName, folder) VALUES ('2026', 'archive')",
    ..Writes::NONE
};

/// Files of less than 3 MB; larger ones need an upload session.
const ATTACHMENTS: Writes = Writes {
    only_new: &[
        "name",
        "contentType",
        "isInline",
        "contentBytes",
        "contentId",
    ],
    required: &["name", "contentBytes"],
    constants: &[("@odata.type", "\"#microsoft.graph.fileAttachment\"")],
    largest: Some(("contentBytes", 3_000_000, "AddAttachments")),
    ..Writes::NONE
};

/// Attachments of a draft.
pub const MESSAGE_ATTACHMENTS: Writes = Writes {
    insert: &[post("{owner}/messages/{MessageId}/attachments")],
    delete: Some(delete("{owner}/messages/{MessageId}/attachments/{id}")),
    permission: "Mail.ReadWrite",
    example: "INSERT INTO MessageAttachments(MessageId, name, contentBytes) SELECT id, 'minutes.txt', CAST('As agreed.' AS BLOB) FROM Messages WHERE isDraft = 1 ORDER BY receivedDateTime DESC LIMIT 1",
    ..ATTACHMENTS
};

/// Attachments of an event.
pub const EVENT_ATTACHMENTS: Writes = Writes {
    insert: &[post("{owner}/events/{EventId}/attachments")],
    delete: Some(delete("{owner}/events/{EventId}/attachments/{id}")),
    permission: "Calendars.ReadWrite",
    example: "INSERT INTO EventAttachments(EventId, name, contentBytes) SELECT id, 'agenda.txt', CAST('1. Numbers' AS BLOB) FROM Events WHERE isOrganizer = 1 ORDER BY start_dateTime DESC, id LIMIT 1",
    ..ATTACHMENTS
};

/// Inbox rules: conditions, exceptions and actions are whole objects, each part a column.
#[rustfmt::skip]
pub const MAIL_RULES: Writes = Writes {
    insert: &[post("{owner}/mailFolders/inbox/messageRules")],
    update: Some(patch("{owner}/mailFolders/inbox/messageRules/{id}")),
    delete: Some(delete("{owner}/mailFolders/inbox/messageRules/{id}")),
    settable: &[
        "displayName", "sequence", "isEnabled",
        "actions/moveToFolder", "actions/copyToFolder", "actions/forwardTo",
        "actions/forwardAsAttachmentTo", "actions/redirectTo", "actions/delete",
        "actions/permanentDelete", "actions/markAsRead", "actions/markImportance",
        "actions/assignCategories", "actions/stopProcessingRules",
        "conditions/subjectContains", "conditions/bodyContains", "conditions/bodyOrSubjectContains",
        "conditions/senderContains", "conditions/fromAddresses", "conditions/recipientContains",
        "conditions/sentToAddresses", "conditions/sentToMe", "conditions/sentOnlyToMe",
        "conditions/hasAttachments", "conditions/importance", "conditions/sentCcMe",
        "conditions/sentToOrCcMe", "conditions/notSentToMe", "conditions/headerContains",
        "conditions/categories", "conditions/sensitivity", "conditions/messageActionFlag",
        "conditions/withinSizeRange/minimumSize", "conditions/withinSizeRange/maximumSize",
        "conditions/isApprovalRequest", "conditions/isAutomaticForward",
        "conditions/isAutomaticReply", "conditions/isEncrypted", "conditions/isMeetingRequest",
        "conditions/isMeetingResponse", "conditions/isNonDeliveryReport",
        "conditions/isPermissionControlled", "conditions/isReadReceipt", "conditions/isSigned",
        "conditions/isVoicemail",
        "exceptions/subjectContains", "exceptions/bodyContains", "exceptions/bodyOrSubjectContains",
        "exceptions/senderContains", "exceptions/fromAddresses", "exceptions/recipientContains",
        "exceptions/sentToAddresses", "exceptions/hasAttachments", "exceptions/importance",
    ],
    // FACTS §3.1: without a sequence above 0 the rule is refused.
    required: &["displayName", "sequence"],
    lists: &[
        ("actions/forwardTo", List::Recipients),
        ("actions/forwardAsAttachmentTo", List::Recipients),
        ("actions/redirectTo", List::Recipients),
        ("actions/assignCategories", List::Texts),
        ("conditions/subjectContains", List::Texts),
        ("conditions/bodyContains", List::Texts),
        ("conditions/bodyOrSubjectContains", List::Texts),
        ("conditions/senderContains", List::Texts),
        ("conditions/fromAddresses", List::Recipients),
        ("conditions/recipientContains", List::Texts),
        ("conditions/sentToAddresses", List::Recipients),
        ("conditions/headerContains", List::Texts),
        ("conditions/categories", List::Texts),
        ("exceptions/subjectContains", List::Texts),
        ("exceptions/bodyContains", List::Texts),
        ("exceptions/bodyOrSubjectContains", List::Texts),
        ("exceptions/senderContains", List::Texts),
        ("exceptions/fromAddresses", List::Recipients),
        ("exceptions/recipientContains", List::Texts),
        ("exceptions/sentToAddresses", List::Recipients),
    ],
    permission: "MailboxSettings.ReadWrite",
    example: "INSERT INTO MailRules(displayName, sequence, conditions_subjectContains, actions_assignCategories) VALUES ('Invoices', 5, 'invoice; bill', 'Blue category')",
    ..Writes::NONE
};

/// The name of a category stays what it was when it was made.
pub const CATEGORIES: Writes = Writes {
    insert: &[post("{owner}/outlook/masterCategories")],
    update: Some(patch("{owner}/outlook/masterCategories/{id}")),
    delete: Some(delete("{owner}/outlook/masterCategories/{id}")),
    settable: &["color"],
    only_new: &["displayName"],
    required: &["displayName"],
    permission: "MailboxSettings.ReadWrite",
    example: "INSERT INTO Categories(displayName, color) VALUES ('Travel', 'preset9')",
    ..Writes::NONE
};

/// The one row of a mailbox.
#[rustfmt::skip]
pub const MAILBOX_SETTINGS: Writes = Writes {
    update: Some(patch("{owner}/mailboxSettings")),
    only_old: &[
        "timeZone", "language/locale", "dateFormat", "timeFormat", "automaticRepliesSetting/status",
        "automaticRepliesSetting/scheduledStartDateTime/dateTime",
        "automaticRepliesSetting/scheduledStartDateTime/timeZone",
        "automaticRepliesSetting/scheduledEndDateTime/dateTime",
        "automaticRepliesSetting/scheduledEndDateTime/timeZone",
        "automaticRepliesSetting/externalAudience", "automaticRepliesSetting/internalReplyMessage",
        "automaticRepliesSetting/externalReplyMessage", "workingHours/daysOfWeek",
        "workingHours/startTime", "workingHours/endTime", "workingHours/timeZone/name",
        "delegateMeetingMessageDeliveryOptions",
    ],
    lists: &[("workingHours/daysOfWeek", List::Texts)],
    permission: "MailboxSettings.ReadWrite",
    example: "UPDATE MailboxSettings SET automaticRepliesSetting_status = 'scheduled', automaticRepliesSetting_scheduledStartDateTime_dateTime = '2026-12-20', automaticRepliesSetting_scheduledEndDateTime_dateTime = '2027-01-04'",
    ..Writes::NONE
};

/// Invitations go out when attendees are given, and cancellations when the organizer deletes.
#[rustfmt::skip]
pub const EVENTS: Writes = Writes {
    insert: &[
        post("{owner}/calendars/{CalendarId}/events"),
        post("{owner}/events"),
    ],
    update: Some(patch("{owner}/events/{id}")),
    delete: Some(delete("{owner}/events/{id}")),
    settable: &[
        "subject", "start/dateTime", "start/timeZone", "end/dateTime", "end/timeZone", "isAllDay",
        "location/displayName", "location/locationEmailAddress", "location/locationUri",
        "location/address/street", "location/address/city", "location/address/state",
        "location/address/postalCode", "location/address/countryOrRegion", "locations", "attendees",
        "showAs", "responseRequested", "allowNewTimeProposals", "hideAttendees", "isOnlineMeeting",
        "onlineMeetingProvider", "body/content", "body/contentType", "categories", "importance",
        "sensitivity", "isReminderOn", "reminderMinutesBeforeStart", "recurrence/pattern/type",
        "recurrence/pattern/interval", "recurrence/pattern/daysOfWeek",
        "recurrence/pattern/dayOfMonth", "recurrence/pattern/month", "recurrence/pattern/index",
        "recurrence/pattern/firstDayOfWeek", "recurrence/range/type", "recurrence/range/startDate",
        "recurrence/range/endDate", "recurrence/range/numberOfOccurrences",
        "recurrence/range/recurrenceTimeZone",
    ],
    only_new: &["transactionId"],
    required: &["start/dateTime", "end/dateTime"],
    lists: &[
        ("attendees", List::Attendees),
        ("categories", List::Texts),
        ("recurrence/pattern/daysOfWeek", List::Texts),
    ],
    // R/event: the service makes no second event for the same one.
    transaction: Some("transactionId"),
    permission: "Calendars.ReadWrite",
    example: "INSERT INTO Events(subject, start_dateTime, start_timeZone, end_dateTime, end_timeZone, attendees, transactionId) VALUES ('Lunch', '2026-12-01 12:00', 'Europe/Berlin', '2026-12-01 13:00', 'Europe/Berlin', 'alex@contoso.com', 'lunch-1')",
    ..Writes::NONE
};

/// What takes place: a single event, or one occurrence of a series, which becomes an exception of it (FACTS §3.2). The
/// rule of a series is the series's.
pub const OCCURRENCES: Writes = Writes {
    insert: &[],
    only_new: &[],
    required: &[],
    transaction: None,
    example: "UPDATE CalendarView SET reminderMinutesBeforeStart = 5 WHERE start_dateTime >= '2026-03-02' AND start_dateTime < '2026-03-03'",
    ..EVENTS
};

/// Calendars, of the default group or another.
pub const CALENDARS: Writes = Writes {
    insert: &[
        post("{owner}/calendarGroups/{CalendarGroupId}/calendars"),
        post("{owner}/calendars"),
    ],
    update: Some(patch("{owner}/calendars/{id}")),
    delete: Some(delete("{owner}/calendars/{id}")),
    settable: &["name", "color"],
    required: &["name"],
    permission: "Calendars.ReadWrite",
    example: "INSERT INTO Calendars(name, color) VALUES ('Holidays', 'lightGreen')",
    ..Writes::NONE
};

/// Groups of calendars; one that is deleted must be empty.
pub const CALENDAR_GROUPS: Writes = Writes {
    insert: &[post("{owner}/calendarGroups")],
    update: Some(patch("{owner}/calendarGroups/{id}")),
    delete: Some(delete("{owner}/calendarGroups/{id}")),
    settable: &["name"],
    required: &["name"],
    permission: "Calendars.ReadWrite",
    example: "INSERT INTO CalendarGroups(name) VALUES ('Projects')",
    ..Writes::NONE
};

/// An UPDATE that leaves displayName out lets Graph make it anew from the other names.
#[rustfmt::skip]
pub const CONTACTS: Writes = Writes {
    insert: &[
        post("{owner}/contactFolders/{ContactFolderId}/contacts"),
        post("{owner}/contacts"),
    ],
    update: Some(patch("{owner}/contacts/{id}")),
    delete: Some(delete("{owner}/contacts/{id}")),
    settable: &[
        "displayName", "givenName", "surname", "companyName", "jobTitle", "department",
        "emailAddresses", "mobilePhone", "businessPhones", "homePhones", "imAddresses", "categories",
        "businessAddress/street", "businessAddress/city", "businessAddress/state",
        "businessAddress/postalCode", "businessAddress/countryOrRegion", "homeAddress/street",
        "homeAddress/city", "homeAddress/state", "homeAddress/postalCode",
        "homeAddress/countryOrRegion", "otherAddress/street", "otherAddress/city",
        "otherAddress/state", "otherAddress/postalCode", "otherAddress/countryOrRegion",
        "officeLocation", "businessHomePage", "title", "middleName", "nickName", "initials",
        "generation", "fileAs", "profession", "manager", "assistantName", "spouseName", "children",
        "birthday", "personalNotes", "yomiGivenName", "yomiSurname", "yomiCompanyName",
    ],
    lists: &[
        ("emailAddresses", List::Addresses),
        ("businessPhones", List::Texts),
        ("homePhones", List::Texts),
        ("imAddresses", List::Texts),
        ("categories", List::Texts),
        ("children", List::Texts),
    ],
    permission: "Contacts.ReadWrite",
    example: "INSERT INTO Contacts(givenName, surname, emailAddresses) VALUES ('Pavel', 'Bansky', 'Pavel Bansky <pavelb@fabrikam.com>')",
    ..Writes::NONE
};

/// Folders of contacts, in the root or in another folder.
pub const CONTACT_FOLDERS: Writes = Writes {
    insert: &[
        post("{owner}/contactFolders/{ParentFolderId}/childFolders"),
        post("{owner}/contactFolders"),
    ],
    update: Some(patch("{owner}/contactFolders/{id}")),
    delete: Some(delete("{owner}/contactFolders/{id}")),
    settable: &["displayName"],
    required: &["displayName"],
    permission: "Contacts.ReadWrite",
    example: "INSERT INTO ContactFolders(displayName) VALUES ('Suppliers')",
    ..Writes::NONE
};
