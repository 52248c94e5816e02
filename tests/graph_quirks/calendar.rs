//! Calendar: events, calendar views, instances, time zones (FACTS 1.2).

use crate::http::{self, get, get_with};
use crate::{encoded, refused};
use serde_json::Value;

const YEAR: &str = "startDateTime=2025-06-01T00:00:00Z&endDateTime=2026-06-01T00:00:00Z";

fn kinds(rows: &[Value]) -> std::collections::BTreeSet<&str> {
    rows.iter().filter_map(|row| row["type"].as_str()).collect()
}

#[test]
fn events_have_masters_and_no_occurrences() {
    let rows = http::all("/v1.0/me/events?$top=100", &[]);
    assert_eq!(
        kinds(&rows).into_iter().collect::<Vec<_>>(),
        ["seriesMaster", "singleInstance"]
    );
    assert_eq!(
        get("/v1.0/me/calendar/events/$count").text(),
        rows.len().to_string()
    );
    assert_eq!(get("/v1.0/me/events").rows().len(), 10, "the default page");
    let master = rows
        .iter()
        .find(|row| row["type"] == "seriesMaster")
        .expect("a series");
    assert!(
        master["recurrence"]["pattern"]["type"].is_string() && master["seriesMasterId"].is_null()
    );
    assert!(
        rows.iter()
            .all(|row| row.get("cancelledOccurrences").is_none())
    );
}

#[test]
fn calendar_view_has_no_masters_and_needs_its_window() {
    let rows = http::all(&format!("/v1.0/me/calendarView?{YEAR}&$top=500"), &[]);
    assert_eq!(
        kinds(&rows).into_iter().collect::<Vec<_>>(),
        ["exception", "occurrence", "singleInstance"]
    );
    let starts: Vec<&str> = rows
        .iter()
        .filter_map(|row| row["start"]["dateTime"].as_str())
        .collect();
    assert!(starts.windows(2).all(|pair| pair[0] <= pair[1]));
    assert!(
        rows.iter()
            .filter(|row| row["type"] != "singleInstance")
            .all(|row| row["seriesMasterId"].is_string() && row["recurrence"].is_null())
    );
    refused(&get("/v1.0/me/calendarView"), 400, "ErrorInvalidArgument");
    refused(
        &get("/v1.0/me/calendarView?startDateTime=2026-01-01T00:00:00Z"),
        400,
        "ErrorInvalidArgument",
    );
    refused(
        &get(
            "/v1.0/me/calendarView?startDateTime=2026-02-01T00:00:00Z&endDateTime=2026-01-01T00:00:00Z",
        ),
        400,
        "ErrorInvalidArgument",
    );
    refused(
        &get("/v1.0/me/calendarView?startDateTime=x&endDateTime=y"),
        400,
        "ErrorInvalidArgument",
    );
}

#[test]
fn a_view_shows_what_overlaps_its_window() {
    let all = http::all(&format!("/v1.0/me/calendarView?{YEAR}&$top=1000"), &[]);
    let one = all
        .iter()
        .find(|row| row["isAllDay"] == false)
        .expect("an event with a clock time");
    let start = one["start"]["dateTime"].as_str().expect("a start");
    // A window of one minute inside the event still shows it; UTC is meant where no offset stands.
    let inside = format!(
        "startDateTime={}&endDateTime={}Z",
        &start[..19],
        start[..19]
            .replace(":00:00", ":01:00")
            .replace(":15:00", ":16:00")
            .replace(":30:00", ":31:00")
            .replace(":45:00", ":46:00")
    );
    let found = http::all(&format!("/v1.0/me/calendarView?{inside}"), &[]);
    assert!(found.iter().any(|row| row["id"] == one["id"]), "{inside}");
}

#[test]
fn the_view_counts_in_the_offset_of_its_bounds_and_shows_the_preferred_zone() {
    let berlin = ("Prefer", "outlook.timezone=\"W. Europe Standard Time\"");
    let utc = get(
        "/v1.0/me/calendarView?startDateTime=2026-01-05T23:00:00Z&endDateTime=2026-01-12T23:00:00Z&$top=100",
    );
    let offset = get_with(
        "/v1.0/me/calendarView?startDateTime=2026-01-06T00:00:00%2B01:00&endDateTime=2026-01-13T00:00:00%2B01:00&$top=100",
        &[berlin],
    );
    assert_eq!(
        offset.header("preference-applied"),
        Some("outlook.timezone=\"W. Europe Standard Time\"")
    );
    let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    let (utc, offset) = (utc.rows(), offset.rows());
    assert!(!utc.is_empty());
    assert_eq!(ids(&utc), ids(&offset));
    for (utc, berlin) in utc.iter().zip(&offset) {
        assert_eq!(
            (&utc["start"]["timeZone"], &berlin["start"]["timeZone"]),
            (&"UTC".into(), &"W. Europe Standard Time".into())
        );
        let hour = |row: &Value| {
            row["start"]["dateTime"]
                .as_str()
                .and_then(|text| text[11..13].parse::<u32>().ok())
                .expect("an hour")
        };
        // All-day events are wall-clock midnights in every zone.
        let shift = if utc["isAllDay"] == true { 0 } else { 1 };
        assert_eq!((hour(utc) + shift) % 24, hour(berlin));
    }
    refused(
        &get_with(
            "/v1.0/me/events",
            &[("Prefer", "outlook.timezone=\"Middle Earth\"")],
        ),
        400,
        "TimeZoneNotSupportedException",
    );
}

#[test]
fn times_have_seven_digits_and_no_offset() {
    let row = get("/v1.0/me/events?$top=1&$select=start,isAllDay")
        .rows()
        .remove(0);
    let start = row["start"]["dateTime"].as_str().expect("a start");
    assert!(
        start.len() == 27 && start.ends_with(".0000000") && row["id"].is_string(),
        "{row}"
    );
    let all_day = http::all("/v1.0/me/events?$filter=isAllDay eq true", &[]);
    assert!(
        !all_day.is_empty()
            && all_day.iter().all(|row| row["start"]["dateTime"]
                .as_str()
                .is_some_and(|text| text.ends_with("T00:00:00.0000000")))
    );
}

#[test]
fn the_view_cannot_select_created_and_ignores_filters_on_times() {
    refused(
        &get(&format!(
            "/v1.0/me/calendarView?{YEAR}&$select=subject,createdDateTime"
        )),
        400,
        "BadRequest",
    );
    refused(
        &get(&format!(
            "/v1.0/me/calendarView?{YEAR}&$select=lastModifiedDateTime"
        )),
        400,
        "BadRequest",
    );
    let all =
        get(&format!("/v1.0/me/calendarView?{YEAR}&$count=true&$top=1")).json()["@odata.count"]
            .clone();
    let ignored = get(&format!("/v1.0/me/calendarView?{YEAR}&$count=true&$top=1&$filter=start/dateTime ge '2026-05-01T00:00:00'")).json()["@odata.count"].clone();
    assert_eq!(all, ignored);
    refused(
        &get(&format!(
            "/v1.0/me/calendarView?{YEAR}&$filter=isOnlineMeeting eq true"
        )),
        400,
        "ErrorInvalidUrlQueryFilter",
    );
    let cancelled = http::all(
        &format!("/v1.0/me/calendarView?{YEAR}&$filter=isCancelled eq true"),
        &[],
    );
    assert!(cancelled.iter().all(|row| row["isCancelled"] == true));
}

#[test]
fn event_filters_and_sorts() {
    let late = http::all(
        "/v1.0/me/events?$filter=start/dateTime ge '2026-01-01T00:00'&$orderby=start/dateTime&$select=start",
        &[],
    );
    assert!(
        late.len() > 20
            && late
                .iter()
                .all(|row| row["start"]["dateTime"].as_str() >= Some("2026-01-01"))
    );
    for filter in [
        "attendees/any(a:a/emailAddress/address eq 'x')",
        "contains(body/content,'x')",
        "type eq 'seriesMaster'",
        "isOnlineMeeting eq true",
        "not isAllDay eq true",
    ] {
        refused(
            &get(&format!("/v1.0/me/events?$filter={filter}")),
            400,
            "ErrorInvalidUrlQueryFilter",
        );
    }
    refused(
        &get("/v1.0/me/events?$filter=start/dateTime ge 2026-01-01T00:00:00Z"),
        400,
        "RequestBroker--ParseUri",
    );
    refused(
        &get("/v1.0/me/events?$orderby=subject"),
        400,
        "ErrorInvalidUrlQuery",
    );
    refused(
        &get("/v1.0/me/events?$search=\"x\""),
        400,
        "ErrorInvalidUrlQuery",
    );
}

#[test]
fn instances_are_of_masters() {
    let rows = http::all("/v1.0/me/events?$top=100", &[]);
    let daily = rows
        .iter()
        .find(|row| row["recurrence"]["range"]["type"] == "numbered")
        .expect("a numbered series");
    let id = encoded(&daily["id"]);
    let instances = http::all(
        &format!(
            "/v1.0/me/events/{id}/instances?startDateTime=2024-12-01T00:00:00Z&endDateTime=2029-11-01T00:00:00Z&$top=100"
        ),
        &[],
    );
    assert!(
        !instances.is_empty()
            && instances
                .iter()
                .all(|row| row["seriesMasterId"] == daily["id"])
    );
    let uids: std::collections::HashSet<String> = instances
        .iter()
        .map(|row| row["iCalUId"].to_string())
        .collect();
    assert_eq!(
        uids.len(),
        instances.len(),
        "iCalUId differs per occurrence"
    );
    let one = get(&format!("/v1.0/me/events/{}", encoded(&instances[0]["id"])));
    assert_eq!(
        (one.status, &one.json()["start"]),
        (200, &instances[0]["start"])
    );
}

#[test]
fn only_masters_have_instances_and_only_in_a_window() {
    let rows = http::all("/v1.0/me/events?$top=100", &[]);
    let master = rows
        .iter()
        .find(|row| row["type"] == "seriesMaster")
        .expect("a series");
    let id = encoded(&master["id"]);
    let single = rows
        .iter()
        .find(|row| row["type"] == "singleInstance")
        .expect("a single one");
    refused(
        &get(&format!(
            "/v1.0/me/events/{}/instances?{YEAR}",
            encoded(&single["id"])
        )),
        400,
        "ErrorInvalidRequest",
    );
    refused(
        &get(&format!("/v1.0/me/events/{id}/instances")),
        400,
        "ErrorInvalidArgument",
    );
}

#[test]
fn calendars_and_their_events() {
    let calendars = http::all("/v1.0/me/calendars", &[]);
    assert_eq!(
        (calendars.len(), get("/v1.0/me/calendars").rows().len()),
        (12, 10)
    );
    assert_eq!(calendars[0]["isDefaultCalendar"], true);
    assert_eq!(get("/v1.0/me/calendar").json()["id"], calendars[0]["id"]);
    let team = calendars
        .iter()
        .find(|row| row["name"] == "Team O'Brien")
        .expect("there is one");
    let events = http::all(
        &format!("/v1.0/me/calendars/{}/events", encoded(&team["id"])),
        &[],
    );
    let default = http::all("/v1.0/me/events?$top=200", &[]);
    assert!(
        !events.is_empty()
            && events
                .iter()
                .all(|event| default.iter().all(|other| other["id"] != event["id"])),
        "me/events is the default calendar"
    );
    assert_eq!(get("/v1.0/users/nestor@contoso.com/events").rows().len(), 0);
    refused(
        &get("/v1.0/me/calendars/xyz"),
        400,
        "ErrorInvalidIdMalformed",
    );
}

#[test]
fn view_delta_ignores_options_but_not_top() {
    let page = get_with(
        &format!("/v1.0/me/calendarView/delta?{YEAR}&$select=subject&$filter=isAllDay eq true"),
        &[("Prefer", "odata.maxpagesize=50")],
    );
    let rows = page.rows();
    assert!(
        rows.len() == 50
            && rows.iter().any(|row| row["isAllDay"] == false)
            && rows[0]["start"].is_object()
    );
    refused(
        &get(&format!("/v1.0/me/calendarView/delta?{YEAR}&$top=5")),
        400,
        "ErrorInvalidUrlQuery",
    );
}
