//! The calendar tables: Events, CalendarView, EventOccurrences, Calendars and CalendarGroups, over
//! `event`, `calendar` and `calendarGroup`.
//!
//! Events holds series masters and single events; CalendarView holds what really takes place in a
//! window of time, that is occurrences, exceptions and single events (FACTS §1.2); EventOccurrences is the
//! part of that which one series gives. All have the same properties, so the other lists are derived from
//! the first; but filters on a view are silently ignored, and a view neither sorts nor counts.

use super::mail::{BODY_TYPE, IMPORTANCE};
use super::{
    Column, Count, Mode, OrderRule, Owner, Role, Service, Table, Window, boolean, collection, date,
    double, enumeration, input, instant, integer, item, json, parent, text, written, zoned,
};

/// eventType
const EVENT_TYPE: &[&str] = &["singleInstance", "occurrence", "exception", "seriesMaster"];
/// freeBusyStatus
const FREE_BUSY: &[&str] = &[
    "unknown",
    "free",
    "tentative",
    "busy",
    "oof",
    "workingElsewhere",
];
/// responseType
pub(super) const RESPONSE: &[&str] = &[
    "none",
    "organizer",
    "tentativelyAccepted",
    "accepted",
    "declined",
    "notResponded",
];
/// sensitivity
pub(super) const SENSITIVITY: &[&str] = &["normal", "personal", "private", "confidential"];
/// onlineMeetingProviderType
const MEETING_PROVIDER: &[&str] = &[
    "unknown",
    "skypeForBusiness",
    "skypeForConsumer",
    "teamsForBusiness",
];
/// locationType
const LOCATION_TYPE: &[&str] = &[
    "default",
    "conferenceRoom",
    "homeAddress",
    "businessAddress",
    "geoCoordinates",
    "streetAddress",
    "hotel",
    "restaurant",
    "localBusiness",
    "postalAddress",
];
/// locationUniqueIdType
const LOCATION_ID_TYPE: &[&str] = &["unknown", "locationStore", "directory", "private", "bing"];
/// recurrencePatternType
pub(super) const PATTERN_TYPE: &[&str] = &[
    "daily",
    "weekly",
    "absoluteMonthly",
    "relativeMonthly",
    "absoluteYearly",
    "relativeYearly",
];
/// recurrenceRangeType
pub(super) const RANGE_TYPE: &[&str] = &["endDate", "noEnd", "numbered"];
/// dayOfWeek
pub(super) const DAY_OF_WEEK: &[&str] = &[
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];
/// weekIndex
pub(super) const WEEK_INDEX: &[&str] = &["first", "second", "third", "fourth", "last"];
/// calendarColor
const CALENDAR_COLOR: &[&str] = &[
    "auto",
    "lightBlue",
    "lightGreen",
    "lightOrange",
    "lightGray",
    "lightYellow",
    "lightTeal",
    "lightPink",
    "lightBrown",
    "lightRed",
    "maxColor",
];

/// Events as they are stored: a series is one row.
pub static EVENTS: Table = Table {
    name: "Events",
    doc: "An event as it is stored in a calendar, a recurring series being one row.",
    question: "What is in a calendar, series as one row each?",
    example: "SELECT subject, recurrence_pattern_type FROM Events WHERE type = 'seriesMaster' ORDER BY subject LIMIT 5",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: &EVENT_COLUMNS,
    routes: &[
        collection("{owner}/events"),
        collection("{owner}/calendars/{CalendarId}/events"),
        item("{owner}/events/{id}"),
    ],
    // An occurrence has an id too, but the collection has its series instead (FACTS §1.2).
    only: Some(("type", &["singleInstance", "seriesMaster"])),
    page: 1000,
    heavy_page: 100,
    count: Count::Plain,
    order: OrderRule::Alone,
    writes: Some(&written::EVENTS),
    permission: "Calendars.Read",
    app_permission: "Calendars.Read",
    ..Table::PLAIN
};

// What filters FACTS §1.2 names. The literal for start and end is compared in UTC, but an all-day
// event keeps its wall-clock midnight, so a pushed bound must leave a day of room.
#[rustfmt::skip]
pub(super) const EVENT_COLUMNS: [Column; 82] = [
    text("id", "The event's id, which stays the same for its whole life."),
    // What a calendar shows.
    text("subject",                        "The title of the event.").ops("d - - - d - -"),
    zoned("start/dateTime",                "When the event begins, in UTC, except that an all-day event has the wall-clock midnight of its first day.").ops("- - - d - - -"),
    text("start/timeZone",                 "The zone that Graph gave the start in."),
    zoned("end/dateTime",                  "When the event ends, in UTC, except that an all-day event has the wall-clock midnight after its last day.").ops("- - - d - - -"),
    text("end/timeZone",                   "The zone that Graph gave the end in."),
    boolean("isAllDay",                    "Whether the event takes whole days.").ops("d - d - - - -"),
    text("location/displayName",           "The name of the place."),
    text("organizer/emailAddress/address", "The SMTP address of the organizer.").ops("d - - - - - -"),
    text("organizer/emailAddress/name",    "The display name of the organizer."),
    json("attendees",                      "The people and rooms invited, as an array of {type, status, emailAddress: {name, address}}."),
    boolean("isCancelled",                 "Whether the organizer has called the event off.").ops("d - d - - - -"),
    enumeration("showAs", FREE_BUSY,       "How the time counts when others look for a free slot."),
    enumeration("type", EVENT_TYPE,        "Whether the row is a single event, a series master, an occurrence or an exception."),
    text("seriesMasterId",                 "The id of the series that an occurrence or exception belongs to, NULL otherwise."),
    // The invitation.
    boolean("isOrganizer",                           "Whether the mailbox's owner organizes the event."),
    enumeration("responseStatus/response", RESPONSE, "What the mailbox's owner answered."),
    instant("responseStatus/time",                   "When the mailbox's owner answered, in UTC."),
    boolean("responseRequested",                     "Whether the organizer wants answers."),
    boolean("allowNewTimeProposals",                 "Whether invited people may propose another time, NULL where not known."),
    boolean("hideAttendees",                         "Whether each attendee sees only himself in the list."),
    // The online meeting.
    boolean("isOnlineMeeting",                             "Whether people can join online."),
    text("onlineMeeting/joinUrl",                          "The address to join at, for Teams meetings too."),
    enumeration("onlineMeetingProvider", MEETING_PROVIDER, "The service that holds the online meeting."),
    // What it says.
    text("bodyPreview",                        "The first 255 characters of the body, as plain text."),
    text("body/content",                       "The whole body, in the format that body_contentType names.").heavy(),
    enumeration("body/contentType", BODY_TYPE, "The format of body_content."),
    json("categories",                         "The names of the colour categories on the event, as an array of texts."),
    enumeration("importance", IMPORTANCE,      "The importance of the event.").ops("d - - - - - -"),
    enumeration("sensitivity", SENSITIVITY,    "How private the event is."),
    boolean("hasAttachments",                  "Whether there are attachments."),
    boolean("isDraft",                         "Whether changes have been made that attendees have not been told of."),
    boolean("isReminderOn",                    "Whether a reminder will be shown."),
    integer("reminderMinutesBeforeStart",      "How many minutes before the start the reminder is shown."),
    instant("createdDateTime",                 "When the event was created, in UTC.").sorts(Mode::Default),
    instant("lastModifiedDateTime",            "When the event was last changed, in UTC.").ops("d - d d - - -"),
    text("webLink",                            "The address that opens the event in Outlook on the web."),
    text("iCalUId",                            "The id of the event across calendars, which differs for each occurrence of a series.").ops("d - - - - - -"),
    // The rule of a series.
    enumeration("recurrence/pattern/type", PATTERN_TYPE,          "How often the series repeats, NULL for what is not a series master."),
    integer("recurrence/pattern/interval",                        "How many days, weeks, months or years lie between two repetitions."),
    json("recurrence/pattern/daysOfWeek",                         "The days of the week on which the series takes place, as an array of names."),
    integer("recurrence/pattern/dayOfMonth",                      "The day of the month on which the series takes place."),
    integer("recurrence/pattern/month",                           "The month, from 1 to 12, in which a yearly series takes place."),
    enumeration("recurrence/pattern/index", WEEK_INDEX,           "The week of the month in which the series takes place."),
    enumeration("recurrence/pattern/firstDayOfWeek", DAY_OF_WEEK, "The day on which the weeks of the rule begin."),
    enumeration("recurrence/range/type", RANGE_TYPE,              "How the series ends."),
    date("recurrence/range/startDate",                            "The first day of the series."),
    date("recurrence/range/endDate",                              "The last day of a series that ends by date."),
    integer("recurrence/range/numberOfOccurrences",               "How many times a numbered series takes place."),
    text("recurrence/range/recurrenceTimeZone",                   "The zone of the dates of the series."),
    // Inputs out of sight, and what only one event's own address returns (R/event).
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("filter", Role::Filter,   "An OData filter that is added to what the driver asks.").hidden(),
    json("cancelledOccurrences",    "The ids of the occurrences of a series that were cancelled, as an array of texts.").item_only(),
    // The place.
    json("locations",                                      "The places of the event, as an array of objects like location."),
    text("location/address/street",                        "The street and number of the place."),
    text("location/address/city",                          "The city of the place."),
    text("location/address/state",                         "The state or province of the place."),
    text("location/address/postalCode",                    "The postal code of the place."),
    text("location/address/countryOrRegion",               "The country or region of the place, by name or code."),
    // Inputs.
    input("CalendarId", Role::Parent("CalendarId"), "Which calendar, echoed from the query and NULL where none was named."),
    input("UserId", Role::Mailbox,      "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    // The place in detail.
    enumeration("location/locationType", LOCATION_TYPE,    "What kind of place it is.").hidden(),
    text("location/locationEmailAddress",                  "The SMTP address of the room.").hidden(),
    text("location/locationUri",                           "An address on the web that tells more of the place.").hidden(),
    double("location/coordinates/latitude",                "The latitude of the place in degrees, north positive.").hidden(),
    double("location/coordinates/longitude",               "The longitude of the place in degrees, east positive.").hidden(),
    double("location/coordinates/altitude",                "The altitude of the place in metres.").hidden(),
    double("location/coordinates/accuracy",                "How exact latitude and longitude are, in metres.").hidden(),
    double("location/coordinates/altitudeAccuracy",        "How exact the altitude is, in metres.").hidden(),
    text("location/uniqueId",                              "An id of the place for the service's own use.").hidden(),
    enumeration("location/uniqueIdType", LOCATION_ID_TYPE, "What kind of id location_uniqueId is.").hidden(),
    // The online meeting in detail.
    text("onlineMeeting/conferenceId",    "The number to give after dialling in.").hidden(),
    text("onlineMeeting/tollNumber",      "The number to dial at the caller's cost.").hidden(),
    json("onlineMeeting/tollFreeNumbers", "The numbers to dial free of charge, as an array of texts.").hidden(),
    text("onlineMeeting/quickDial",       "A number and conference id to dial in one go.").hidden(),
    json("onlineMeeting/phones",          "All numbers to dial, as an array of {type, number}.").hidden(),
    text("onlineMeetingUrl",              "The old address of the online meeting, NULL for Teams meetings.").hidden(),
    // For those who synchronise.
    instant("originalStart",      "When an occurrence was to begin by the rule of its series, in UTC.").hidden(),
    text("originalStartTimeZone", "The zone the start was given in when the event was created.").hidden(),
    text("originalEndTimeZone",   "The zone the end was given in when the event was created.").hidden(),
    text("transactionId",         "The id that the creating program chose so that a repeated request creates nothing.").hidden(),
    text("changeKey",             "The version of the event, new after each change.").hidden(),
];

/// What takes place between two points in time: a series is one row for each time it takes place.
pub static CALENDAR_VIEW: Table = Table {
    name: "CalendarView",
    doc: "An event that takes place in a window of time, each occurrence of a series being its own row.",
    question: "What takes place in a week, each occurrence by itself?",
    example: "SELECT start_dateTime, subject FROM CalendarView WHERE start_dateTime >= '2026-03-02' AND start_dateTime < '2026-03-04' ORDER BY start_dateTime, subject",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: &VIEW_COLUMNS,
    routes: &[
        collection("{owner}/calendarView"),
        collection("{owner}/calendars/{CalendarId}/calendarView"),
        item("{owner}/events/{id}"),
    ],
    window: Some(Window {
        start: "start/dateTime",
        end: "end/dateTime",
    }),
    page: 1000,
    heavy_page: 100,
    writes: Some(&written::OCCURRENCES),
    permission: "Calendars.Read",
    app_permission: "Calendars.Read",
    ..Table::PLAIN
};

const VIEW_COLUMNS: [Column; 84] = view_columns();

/// The columns of Events, without filters and sorting, with the two ends of the window.
const fn view_columns() -> [Column; 84] {
    let mut view = [EVENT_COLUMNS[0]; 84];
    let (mut from, mut to) = (0, 0);
    while from < EVENT_COLUMNS.len() {
        let column = EVENT_COLUMNS[from].local();
        if column.is("filter") {
            view[to] = WINDOW_INPUTS[0];
            view[to + 1] = WINDOW_INPUTS[1];
            to += 2;
        }
        // The view refuses these two in $select (FACTS §1.2).
        view[to] = if column.is("createdDateTime") || column.is("lastModifiedDateTime") {
            column.unselectable()
        } else {
            column
        };
        from += 1;
        to += 1;
    }
    view
}

#[rustfmt::skip]
const WINDOW_INPUTS: [Column; 2] = [
    input("windowStart", Role::WindowStart, "The point in time from which events are wanted, UTC unless it has an offset.").hidden(),
    input("windowEnd", Role::WindowEnd,     "The point in time up to which events are wanted, UTC unless it has an offset.").hidden(),
];

/// What a series gives in a window of time.
pub static EVENT_OCCURRENCES: Table = Table {
    name: "EventOccurrences",
    doc: "An occurrence or exception of one series, of those that take place in a window of time.",
    question: "When does a series take place?",
    example: "SELECT start_dateTime, subject FROM EventOccurrences WHERE EventId = (SELECT id FROM Events WHERE type = 'seriesMaster' AND subject = 'All hands' ORDER BY id LIMIT 1) AND start_dateTime >= '2026-01-01' AND start_dateTime < '2027-01-01' ORDER BY start_dateTime LIMIT 10",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: &OCCURRENCE_COLUMNS,
    routes: &[
        collection("{owner}/events/{EventId}/instances"),
        // For values that only one event's own address has; M has it below `instances` too.
        item("{owner}/events/{EventId}/instances/{id}"),
    ],
    window: Some(Window {
        start: "start/dateTime",
        end: "end/dateTime",
    }),
    page: 100,
    heavy_page: 50,
    writes: Some(&written::OCCURRENCES),
    permission: "Calendars.Read",
    app_permission: "Calendars.Read",
    ..Table::PLAIN
};

const OCCURRENCE_COLUMNS: [Column; 84] = occurrence_columns();

/// The columns of CalendarView, of an event in place of a calendar.
const fn occurrence_columns() -> [Column; 84] {
    let mut columns = VIEW_COLUMNS;
    let mut at = 0;
    while !columns[at].is("CalendarId") {
        at += 1;
    }
    columns[at] = parent(
        "EventId",
        "Events",
        "Which series, as the id of its master, echoed from the query.",
    );
    columns
}

/// The calendars of a mailbox.
pub static CALENDARS: Table = Table {
    name: "Calendars",
    doc: "A calendar of a mailbox, shared calendars that were accepted included.",
    question: "Which calendars are there, and whose are they?",
    example: "SELECT name, owner_address, canEdit FROM Calendars ORDER BY name",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: CALENDAR_COLUMNS,
    routes: &[
        collection("{owner}/calendars"),
        collection("{owner}/calendarGroups/{CalendarGroupId}/calendars"),
        item("{owner}/calendars/{id}"),
    ],
    page: 100,
    heavy_page: 100,
    count: Count::Plain,
    writes: Some(&written::CALENDARS),
    permission: "Calendars.Read",
    app_permission: "Calendars.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
const CALENDAR_COLUMNS: &[Column] = &[
    text("id",                                                    "The calendar's id, which stays the same for its whole life."),
    text("name",                                                  "The name of the calendar."),
    boolean("isDefaultCalendar",                                  "Whether new events go here unless told otherwise."),
    text("owner/name",                                            "The display name of the person the calendar belongs to."),
    text("owner/address",                                         "The SMTP address of the person the calendar belongs to."),
    enumeration("color", CALENDAR_COLOR,                          "The colour theme of the calendar."),
    text("hexColor",                                              "The colour of the calendar as hexadecimal RGB, empty where none was chosen."),
    boolean("canEdit",                                            "Whether the mailbox's owner may change events in the calendar."),
    boolean("canShare",                                           "Whether the mailbox's owner may share the calendar."),
    boolean("canViewPrivateItems",                                "Whether the mailbox's owner sees events marked as private."),
    boolean("isRemovable",                                        "Whether the calendar can be deleted."),
    boolean("isTallyingResponses",                                "Whether answers to invitations are counted in this calendar."),
    enumeration("defaultOnlineMeetingProvider", MEETING_PROVIDER, "The service that online meetings are made with unless told otherwise."),
    json("allowedOnlineMeetingProviders",                         "The services that online meetings can be made with, as an array of names."),
    text("changeKey",                                             "The version of the calendar, new after each change."),
    // Inputs.
    parent("CalendarGroupId", "CalendarGroups", "Which group, echoed from the query and NULL where none was named."),
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("filter", Role::Filter,   "An OData filter that is added to what the driver asks.").hidden(),
];

/// The groups that a mailbox shows its calendars in.
pub static CALENDAR_GROUPS: Table = Table {
    name: "CalendarGroups",
    doc: "A group of calendars of a mailbox, such as My Calendars.",
    question: "How are the calendars of a mailbox grouped?",
    example: "SELECT name FROM CalendarGroups ORDER BY name LIMIT 10",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: CALENDAR_GROUP_COLUMNS,
    routes: &[
        collection("{owner}/calendarGroups"),
        item("{owner}/calendarGroups/{id}"),
    ],
    page: 100,
    heavy_page: 100,
    writes: Some(&written::CALENDAR_GROUPS),
    permission: "Calendars.Read",
    app_permission: "Calendars.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
const CALENDAR_GROUP_COLUMNS: &[Column] = &[
    text("id",        "The group's id, which stays the same for its whole life."),
    text("name",      "The name of the group."),
    text("classId",   "The class of the group, as a GUID."),
    text("changeKey", "The version of the group, new after each change."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("filter", Role::Filter,   "An OData filter that is added to what the driver asks.").hidden(),
];
