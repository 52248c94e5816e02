//! What changes by the minute: Subscriptions to change notifications, and Presence.

use super::{
    Column, Owner, Role, Table, boolean, collection, enumeration, input, instant, item, text,
    written, zoned,
};

/// bodyType
const BODY_TYPE: &[&str] = &["text", "html"];
/// workLocationSource
const LOCATION_SOURCE: &[&str] = &["none", "manual", "scheduled", "automatic"];
/// workLocationType
const LOCATION_TYPE: &[&str] = &["unspecified", "office", "remote", "timeOff"];

/// Subscriptions to change notifications. An application sees its own with whatever permission the
/// resource takes, which is why none is named for it; all of the tenant's take Subscription.Read.All.
pub static SUBSCRIPTIONS: Table = Table {
    name: "Subscriptions",
    doc: "A subscription to change notifications, the program's own unless it may see all of them.",
    question: "Which changes are we told of, and until when?",
    example: "SELECT resource, changeType, expirationDateTime FROM Subscriptions ORDER BY expirationDateTime, id LIMIT 10",
    columns: SUBSCRIPTION_COLUMNS,
    routes: &[collection("subscriptions"), item("subscriptions/{id}")],
    // FACTS §1.9: no option at all.
    select: false,
    writes: Some(&written::SUBSCRIPTIONS),
    permission: "Subscription.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const SUBSCRIPTION_COLUMNS: &[Column] = &[
    text("id",                        "The subscription's id, which notifications name."),
    text("resource",                  "The path that is watched, such as me/messages."),
    text("changeType",                "The changes that are told, created, updated and deleted, with a comma between them."),
    instant("expirationDateTime",     "When the subscription ends unless it is renewed, in UTC."),
    text("notificationUrl",           "The address that notifications are sent to."),
    text("lifecycleNotificationUrl",  "The address that is told of what becomes of the subscription itself, NULL for none."),
    text("applicationId",             "The id of the application that subscribed."),
    text("creatorId",                 "The object id of the user or application that subscribed."),
    boolean("includeResourceData",    "Whether notifications carry what changed, NULL where not known."),
    text("notificationQueryOptions",  "The OData options of what notifications carry."),
    text("latestSupportedTlsVersion", "The newest version of TLS that the address takes, such as v1_2."),
    text("clientState",               "The secret that notifications repeat, which the service may leave out."),
    text("encryptionCertificateId",   "The subscriber's own name for the certificate."),
    text("encryptionCertificate",     "The certificate that contents are encrypted for, in Base64."),
    text("notificationUrlAppId",      "The id of the application that notifications are signed for."),
];

/// Whether somebody can be reached. Presence.Read is for one's own: that of others takes
/// Presence.Read.All (A/presence-get).
pub static PRESENCE: Table = Table {
    name: "Presence",
    doc: "Whether one user can be reached right now, as Teams shows it.",
    question: "Is somebody available?",
    example: "SELECT availability, activity FROM Presence WHERE UserId = 'adele@contoso.com'",
    owner: Owner::Mailbox,
    columns: PRESENCE_COLUMNS,
    routes: &[item("{owner}/presence")],
    select: false,
    permission: "Presence.Read",
    app_permission: "Presence.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const PRESENCE_COLUMNS: &[Column] = &[
    text("id",                                   "The object id of the user."),
    text("availability",                         "Whether the user can be reached, such as Available, Busy, DoNotDisturb, Away or Offline."),
    text("activity",                             "What the user is doing, such as Available, InACall, InAMeeting or Presenting."),
    boolean("outOfOfficeSettings/isOutOfOffice", "Whether the user is out of office."),
    text("outOfOfficeSettings/message",          "The message for those who write meanwhile."),
    text("statusMessage/message/content",        "The status message that the user set, NULL for none."),
    enumeration("statusMessage/message/contentType", BODY_TYPE, "The format of the status message."),
    instant("statusMessage/publishedDateTime",   "When the status message was set, in UTC."),
    zoned("statusMessage/expiryDateTime/dateTime", "When the status message goes away, in UTC, NULL for never."),
    text("statusMessage/expiryDateTime/timeZone", "The zone that Graph gave that time in."),
    enumeration("workLocation/workLocationType", LOCATION_TYPE, "Where the user works now."),
    enumeration("workLocation/source", LOCATION_SOURCE, "How that place became known."),
    text("workLocation/placeId",                 "The id of the office, NULL where not known."),
    text("sequenceNumber",                       "The number of the state, which grows with each change."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose presence, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
];
