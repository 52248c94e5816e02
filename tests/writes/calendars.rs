//! Calendars, their groups and the attachments of events are written in the demo tenant, and are there.

use crate::tenant::story;

#[test]
fn calendars_and_their_groups_are_managed() {
    let all = "SELECT name || ' ' || color FROM Calendars WHERE name LIKE 'Garden%' ORDER BY 1";
    let groups = "SELECT name FROM CalendarGroups WHERE name LIKE 'House%'";
    story(&[
        (
            "INSERT INTO Calendars(name, color) VALUES ('Garden', 'lightGreen')",
            all,
            "Garden lightGreen",
        ),
        (
            "UPDATE Calendars SET name = 'Garden and yard', color = 'lightRed' WHERE name = 'Garden'",
            all,
            "Garden and yard lightRed",
        ),
        (
            "INSERT INTO CalendarGroups(name) VALUES ('House')",
            groups,
            "House",
        ),
        (
            "UPDATE CalendarGroups SET name = 'Houses' WHERE name = 'House'",
            groups,
            "Houses",
        ),
        (
            "INSERT INTO Calendars(CalendarGroupId, name) SELECT id, 'Garden of the house' FROM CalendarGroups WHERE name = 'Houses'",
            "SELECT c.name FROM CalendarGroups g JOIN Calendars c ON c.CalendarGroupId = g.id WHERE g.name = 'Houses'",
            "Garden of the house",
        ),
        (
            "INSERT INTO Events(CalendarId, subject, start_dateTime, end_dateTime) SELECT id, 'Sowing', '2026-12-09 10:00', '2026-12-09 11:00' FROM Calendars WHERE name = 'Garden and yard'",
            "SELECT subject FROM Events WHERE CalendarId = (SELECT id FROM Calendars WHERE name = 'Garden and yard')",
            "Sowing",
        ),
        ("DELETE FROM Calendars WHERE name LIKE 'Garden%'", all, ""),
        (
            "DELETE FROM CalendarGroups WHERE name = 'Houses'",
            groups,
            "",
        ),
    ]);
}

#[test]
fn attachments_of_events_are_managed() {
    let names = "SELECT name || ' ' || CAST(contentBytes AS TEXT) FROM EventAttachments WHERE EventId = (SELECT id FROM Events WHERE subject = 'Review of all') ORDER BY name";
    story(&[
        (
            "INSERT INTO Events(subject, start_dateTime, start_timeZone, end_dateTime, end_timeZone) VALUES ('Review of all', '2026-12-09 10:00', 'UTC', '2026-12-09 11:00', 'UTC')",
            names,
            "",
        ),
        (
            "INSERT INTO EventAttachments(EventId, name, contentBytes) SELECT id, n.name, CAST('1. Numbers' AS BLOB) FROM Events, (SELECT 'agenda.txt' AS name UNION SELECT 'more.txt') n WHERE subject = 'Review of all'",
            names,
            "agenda.txt 1. Numbers | more.txt 1. Numbers",
        ),
        (
            "DELETE FROM EventAttachments WHERE name = 'more.txt' AND EventId = (SELECT id FROM Events WHERE subject = 'Review of all')",
            names,
            "agenda.txt 1. Numbers",
        ),
        (
            "SELECT 1",
            "SELECT hasAttachments FROM Events WHERE subject = 'Review of all'",
            "1",
        ),
    ]);
}

#[test]
fn one_occurrence_of_a_series_is_changed_and_deleted() {
    let days = "SELECT group_concat(strftime('%d', start_dateTime) || ' ' || subject, ', ') FROM
                  (SELECT * FROM CalendarView WHERE start_dateTime >= '2026-12-07' AND start_dateTime < '2026-12-11'
                      AND seriesMasterId = (SELECT id FROM Events WHERE subject = 'Watering') ORDER BY start_dateTime)";
    story(&[
        (
            "INSERT INTO Events(subject, start_dateTime, start_timeZone, end_dateTime, end_timeZone, recurrence_pattern_type, recurrence_pattern_interval, recurrence_range_type, recurrence_range_startDate, recurrence_range_numberOfOccurrences)
               VALUES ('Watering', '2026-12-07 08:00', 'UTC', '2026-12-07 09:00', 'UTC', 'daily', 1, 'numbered', '2026-12-07', 4)",
            days,
            "07 Watering, 08 Watering, 09 Watering, 10 Watering",
        ),
        (
            "UPDATE CalendarView SET subject = 'Rain' WHERE start_dateTime >= '2026-12-08' AND start_dateTime < '2026-12-09' AND subject = 'Watering'",
            days,
            "07 Watering, 08 Rain, 09 Watering, 10 Watering",
        ),
        (
            "DELETE FROM EventOccurrences WHERE EventId = (SELECT id FROM Events WHERE subject = 'Watering') AND start_dateTime >= '2026-12-10' AND start_dateTime < '2026-12-11'",
            days,
            "07 Watering, 08 Rain, 09 Watering",
        ),
        (
            "SELECT 1",
            "SELECT type FROM Events WHERE subject IN ('Watering', 'Rain')",
            "seriesMaster",
        ),
    ]);
}
