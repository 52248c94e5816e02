//! People within items, a row for each: MessageRecipients, EventAttendees and ContactEmails.
//!
//! No service filters on these collections (FACTS §1.1, §1.2, §1.3), so what people are asked for by is
//! compared here; what narrows the items is theirs, and taken from their tables with its operators.

use super::calendar::{EVENT_COLUMNS, RESPONSE};
use super::contacts::CONTACT_COLUMNS;
use super::mail::MESSAGE_COLUMNS;
use super::{
    Column, Elements, OrderRule, Owner, Role, Rows, Service, Source, Table, collection, computed,
    enumeration, input, instant, item, item_anywhere, ordinal, parent, text, zoned,
};

/// attendeeType
const ATTENDEE_TYPE: &[&str] = &["required", "optional", "resource"];

/// To whom messages go.
pub static MESSAGE_RECIPIENTS: Table = Table {
    name: "MessageRecipients",
    doc: "A recipient of a message, or an address that replies to it go to.",
    question: "To whom does mail go?",
    example: "SELECT address, count(*) AS messages FROM MessageRecipients WHERE folder = 'sentitems' AND kind = 'to' GROUP BY address ORDER BY messages DESC, address LIMIT 5",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: RECIPIENT_COLUMNS,
    routes: &[
        collection("{owner}/messages"),
        collection("{owner}/mailFolders/{parentFolderId}/messages"),
        collection("{owner}/mailFolders/{folder}/messages"),
        item("{owner}/messages/{id}"),
    ],
    rows: Rows::Elements(&[
        Elements {
            path: "toRecipients",
            kind: "to",
        },
        Elements {
            path: "ccRecipients",
            kind: "cc",
        },
        Elements {
            path: "bccRecipients",
            kind: "bcc",
        },
        Elements {
            path: "replyTo",
            kind: "replyTo",
        },
    ]),
    page: 1000,
    heavy_page: 1000,
    order: OrderRule::FilterFirst,
    permission: "Mail.ReadBasic",
    app_permission: "Mail.ReadBasic.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const RECIPIENT_COLUMNS: &[Column] = &[
    text("id", "The id of the message.").named("MessageId").references("Messages"),
    computed("kind", Source::Kind,                               "What the address is to the message, to, cc, bcc or replyTo."),
    ordinal("n", "The number of the address among those of its kind, from 1."),
    text("emailAddress/address",                                 "The SMTP address.").of_element().named("address"),
    text("emailAddress/name",                                    "The display name, NULL where not known.").of_element().named("name"),
    // The message.
    of(MESSAGE_COLUMNS, "subject"),
    of(MESSAGE_COLUMNS, "receivedDateTime"),
    of(MESSAGE_COLUMNS, "sentDateTime"),
    of(MESSAGE_COLUMNS, "from/emailAddress/address"),
    of(MESSAGE_COLUMNS, "isRead"),
    of(MESSAGE_COLUMNS, "isDraft"),
    of(MESSAGE_COLUMNS, "parentFolderId"),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("folder", Role::Folder,   "The folder whose messages to read, as an id, a well-known name such as inbox, or a path.").hidden(),
    input("filter", Role::Filter,   "An OData filter of messages that is added to what the driver asks.").hidden(),
];

/// Who is invited to events.
pub static EVENT_ATTENDEES: Table = Table {
    name: "EventAttendees",
    doc: "A person or room invited to an event, a recurring series being one event.",
    question: "Who is invited, and who has answered what?",
    example: "SELECT subject, name, type, response FROM EventAttendees ORDER BY start_dateTime, EventId, n LIMIT 5",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: ATTENDEE_COLUMNS,
    routes: &[
        collection("{owner}/events"),
        collection("{owner}/calendars/{CalendarId}/events"),
        item("{owner}/events/{id}"),
    ],
    rows: Rows::Elements(&[Elements {
        path: "attendees",
        kind: "attendee",
    }]),
    // As Events: an occurrence has an id too, but the collection has its series instead (FACTS §1.2).
    only: Some(("type", &["singleInstance", "seriesMaster"])),
    page: 1000,
    heavy_page: 1000,
    permission: "Calendars.Read",
    app_permission: "Calendars.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
const ATTENDEE_COLUMNS: &[Column] = &[
    text("id", "The id of the event.").named("EventId").references("Events"),
    ordinal("n", "The number of the attendee among those of the event, from 1."),
    enumeration("type", ATTENDEE_TYPE,                           "Whether the attendee is required, optional or a resource such as a room.").of_element(),
    text("emailAddress/address",                                 "The SMTP address of the attendee.").of_element().named("address"),
    text("emailAddress/name",                                    "The display name of the attendee, NULL where not known.").of_element().named("name"),
    enumeration("status/response", RESPONSE,                     "What the attendee answered, as far as the mailbox knows.").of_element().named("response"),
    instant("status/time",                                       "When the attendee answered, in UTC; the service writes year 1 where there is no answer.").of_element().named("responded"),
    // The event.
    of(&EVENT_COLUMNS, "subject"),
    of(&EVENT_COLUMNS, "start/dateTime"),
    of(&EVENT_COLUMNS, "end/dateTime"),
    of(&EVENT_COLUMNS, "isAllDay"),
    of(&EVENT_COLUMNS, "isCancelled"),
    of(&EVENT_COLUMNS, "isOrganizer"),
    of(&EVENT_COLUMNS, "organizer/emailAddress/address"),
    of(&EVENT_COLUMNS, "organizer/emailAddress/name"),
    // Inputs.
    parent("CalendarId", "Calendars", "Which calendar, echoed from the query and NULL where none was named."),
    input("UserId", Role::Mailbox,    "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox,   "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("filter", Role::Filter,     "An OData filter of events that is added to what the driver asks.").hidden(),
    // What the attendee would rather have.
    zoned("proposedNewTime/start/dateTime", "When the attendee would rather begin, in UTC, NULL without a proposal.").of_element().hidden(),
    text("proposedNewTime/start/timeZone",  "The zone that Graph gave that start in.").of_element().hidden(),
    zoned("proposedNewTime/end/dateTime",   "When the attendee would rather end, in UTC, NULL without a proposal.").of_element().hidden(),
    text("proposedNewTime/end/timeZone",    "The zone that Graph gave that end in.").of_element().hidden(),
];

/// The mail addresses of contacts.
pub static CONTACT_EMAILS: Table = Table {
    name: "ContactEmails",
    doc: "A mail address of a contact of a mailbox's default folder, or of the folder that ContactFolderId names.",
    question: "Which contact does a mail address belong to?",
    example: "SELECT displayName, address FROM ContactEmails WHERE address LIKE '%@adatum.com' ORDER BY displayName, address LIMIT 5",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: CONTACT_EMAIL_COLUMNS,
    routes: &[
        collection("{owner}/contacts"),
        collection("{owner}/contactFolders/{ContactFolderId}/contacts"),
        item_anywhere("{owner}/contacts/{id}"),
    ],
    rows: Rows::Elements(&[Elements {
        path: "emailAddresses",
        kind: "email",
    }]),
    page: 100,
    heavy_page: 100,
    permission: "Contacts.Read",
    app_permission: "Contacts.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
const CONTACT_EMAIL_COLUMNS: &[Column] = &[
    text("id", "The id of the contact.").named("ContactId").references("Contacts"),
    ordinal("n", "The number of the address among those of the contact, from 1."),
    text("address",                                              "The SMTP address.").of_element(),
    text("name",                                                 "The name that belongs to the address, NULL where there is none.").of_element(),
    // The contact.
    of(CONTACT_COLUMNS, "displayName"),
    of(CONTACT_COLUMNS, "givenName"),
    of(CONTACT_COLUMNS, "surname"),
    of(CONTACT_COLUMNS, "companyName"),
    of(CONTACT_COLUMNS, "jobTitle"),
    // Inputs.
    of(CONTACT_COLUMNS, "ContactFolderId"),
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("filter", Role::Filter,   "An OData filter of contacts that is added to what the driver asks.").hidden(),
];

/// The column of an item's own table, with its sentence and its operators.
const fn of(columns: &[Column], path: &str) -> Column {
    let mut at = 0;
    while !columns[at].is(path) {
        at += 1;
    }
    columns[at]
}
