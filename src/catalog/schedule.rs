//! When people and rooms are free, and which rooms there are: ScheduleAvailability, Rooms and RoomLists,
//! over `scheduleInformation`, `room` and `roomList`.
//!
//! getSchedule is a read that is posted. It answers with a schedule for each address, of which one digit
//! for each slot of time becomes a row (FACTS §1.2). Rooms and room lists are the two kinds of `place`;
//! what their collections filter is claimed by A/place-list but proven nowhere, so nothing is sent.

use super::{
    Body, Column, Owner, Role, Route, Rows, Service, Source, Table, Type, Window, boolean,
    collection, computed, double, enumeration, input, integer, json, ordinal, text, time,
};

/// bookingType
const BOOKING_TYPE: &[&str] = &["unknown", "standard", "reserved"];

/// Free and busy time of mailboxes. The addresses come first, for the sake of the form with arguments,
/// so the mailbox is named by UserId alone.
pub static SCHEDULE_AVAILABILITY: Table = Table {
    name: "ScheduleAvailability",
    doc: "A slot of time of a person, room or group, with whether it is free; where the schedule cannot be read, one row without a slot tells why.",
    question: "Who is free when?",
    example: "SELECT slotStart, slotEnd, status FROM ScheduleAvailability('adele@contoso.com', '2026-03-03 08:00', '2026-03-03 12:00') ORDER BY slotStart",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    key: "scheduleId",
    columns: SCHEDULE_COLUMNS,
    routes: &[Route {
        body: Some(Body::Schedule),
        ..collection("{owner}/calendar/getSchedule")
    }],
    rows: Rows::Slots,
    window: Some(Window {
        start: "slotStart",
        end: "slotEnd",
    }),
    select: false,
    permission: "Calendars.Read",
    app_permission: "Calendars.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
const SCHEDULE_COLUMNS: &[Column] = &[
    text("scheduleId", "The SMTP address of the person, room or group."),
    ordinal("slot", "The number of the slot in the window, from 1, NULL where the schedule cannot be read."),
    Column { ty: Type::Instant, ..computed("slotStart", Source::SlotStart, "When the slot begins, in UTC.") },
    Column { ty: Type::Instant, ..computed("slotEnd", Source::SlotEnd,     "When the slot ends, in UTC.") },
    computed("status", Source::SlotStatus,                                 "What the slot is, free, tentative, busy, oof or workingElsewhere."),
    text("error/responseCode",                                             "The code of what went wrong with this schedule, NULL where nothing did."),
    text("error/message",                                                  "What went wrong with this schedule, NULL where nothing did."),
    // The whole schedule, the same in each of its rows.
    text("availabilityView",           "One digit for each slot, 0 free, 1 tentative, 2 busy, 3 out of office, 4 working elsewhere."),
    json("scheduleItems",              "What fills the schedule, as an array of {status, start, end} and, where it may be seen, subject, location and isPrivate."),
    json("workingHours/daysOfWeek",    "The days that are worked, as an array of names."),
    time("workingHours/startTime",     "The time of day work begins, in the zone of the working hours."),
    time("workingHours/endTime",       "The time of day work ends, in the zone of the working hours."),
    text("workingHours/timeZone/name", "The zone of the working hours."),
    // Inputs.
    input("UserId", Role::Mailbox,                            "On whose behalf, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("addresses", Role::Parent("addresses"),             "Whose schedules, as SMTP addresses with ; between them or as a JSON array of texts.").hidden(),
    input("windowStart", Role::WindowStart,                   "The point in time from which slots are wanted, in timeZone unless it has an offset.").hidden(),
    input("windowEnd", Role::WindowEnd,                       "The point in time up to which slots are wanted, in timeZone unless it has an offset.").hidden(),
    input("intervalMinutes", Role::Parent("intervalMinutes"), "How many minutes a slot lasts, from 5 to 1440, 30 where none was given.").hidden(),
    input("timeZone", Role::Parent("timeZone"),               "The zone of windowStart and windowEnd, as a Windows or IANA name, UTC where none was given.").hidden(),
];

/// The meeting rooms of the tenant.
pub static ROOMS: Table = Table {
    name: "Rooms",
    doc: "A meeting room of the tenant, or of the list that roomList names.",
    question: "Which rooms are there, where, and how many people do they hold?",
    example: "SELECT displayName, building, floorNumber, capacity FROM Rooms ORDER BY capacity DESC, displayName LIMIT 10",
    columns: ROOM_COLUMNS,
    // `places/{id}` answers for rooms and room lists alike.
    routes: &[
        collection("places/microsoft.graph.room"),
        collection("places/{roomList}/microsoft.graph.roomlist/rooms"),
    ],
    page: 100,
    heavy_page: 100,
    permission: "Place.Read.All",
    app_permission: "Place.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const ROOM_COLUMNS: &[Column] = &[
    text("id", "The room's id, which can change with its mailbox."),
    text("displayName",                      "The name of the room."),
    text("emailAddress",                     "The SMTP address of the room, to invite it and to read its schedule."),
    integer("capacity",                      "How many people the room holds, NULL where not known."),
    text("building",                         "The name or number of the building."),
    integer("floorNumber",                   "The number of the floor."),
    text("floorLabel",                       "The label of the floor, such as P."),
    enumeration("bookingType", BOOKING_TYPE, "Whether the room can be booked (standard) or belongs to who comes first (reserved)."),
    text("label",                            "What the room is known by, such as a number."),
    text("nickname",                         "What the room is called for short."),
    text("phone",                            "The telephone number of the room."),
    boolean("isWheelChairAccessible",        "Whether a wheelchair gets in, NULL where not known."),
    json("tags",                             "What else the room offers, as an array of texts."),
    text("audioDeviceName",                  "The name of the audio device in the room, NULL where there is none."),
    text("videoDeviceName",                  "The name of the video device in the room, NULL where there is none."),
    text("displayDeviceName",                "The name of the display in the room, NULL where there is none."),
    // Where.
    text("address/street",             "The street and number of the room's address."),
    text("address/city",               "The city of the room's address."),
    text("address/state",              "The state or province of the room's address."),
    text("address/postalCode",         "The postal code of the room's address."),
    text("address/countryOrRegion",    "The country or region of the room's address, by name or code."),
    double("geoCoordinates/latitude",  "The latitude of the room in degrees, north positive."),
    double("geoCoordinates/longitude", "The longitude of the room in degrees, east positive."),
    // A/place-list: the list is named by its address, not by its id.
    input("roomList", Role::Parent("roomList"), "The SMTP address of the room list whose rooms are wanted, echoed from the query.").hidden(),
    double("geoCoordinates/altitude",           "The altitude of the room in metres.").hidden(),
    double("geoCoordinates/accuracy",           "How exact latitude and longitude are, in metres.").hidden(),
    double("geoCoordinates/altitudeAccuracy",   "How exact the altitude is, in metres.").hidden(),
];

/// The lists that rooms are found by.
pub static ROOM_LISTS: Table = Table {
    name: "RoomLists",
    doc: "A list of meeting rooms, such as those of a building.",
    question: "Which lists of rooms are there?",
    example: "SELECT displayName, emailAddress FROM RoomLists ORDER BY displayName LIMIT 10",
    columns: ROOM_LIST_COLUMNS,
    routes: &[collection("places/microsoft.graph.roomlist")],
    page: 100,
    heavy_page: 100,
    permission: "Place.Read.All",
    app_permission: "Place.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const ROOM_LIST_COLUMNS: &[Column] = &[
    text("id", "The room list's id, which can change with its mailbox."),
    text("displayName",                       "The name of the list."),
    text("emailAddress",                      "The SMTP address of the list, which Rooms takes as roomList."),
    text("phone",                             "The telephone number of the place."),
    text("address/street",                    "The street and number of the place's address."),
    text("address/city",                      "The city of the place's address."),
    text("address/state",                     "The state or province of the place's address."),
    text("address/postalCode",                "The postal code of the place's address."),
    text("address/countryOrRegion",           "The country or region of the place's address, by name or code."),
    double("geoCoordinates/latitude",         "The latitude of the place in degrees, north positive."),
    double("geoCoordinates/longitude",        "The longitude of the place in degrees, east positive."),
    double("geoCoordinates/altitude",         "The altitude of the place in metres.").hidden(),
    double("geoCoordinates/accuracy",         "How exact latitude and longitude are, in metres.").hidden(),
    double("geoCoordinates/altitudeAccuracy", "How exact the altitude is, in metres.").hidden(),
];
