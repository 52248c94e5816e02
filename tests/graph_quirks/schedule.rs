//! Calendar groups, attachments of events, and getSchedule (FACTS 1.2).

use crate::http::{self, APP, Answer, ask, get, get_with};
use crate::{encoded, refused};
use office365::demo::DELEGATED_TOKEN;
use serde_json::{Value, json};

fn post_with(path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    let mut all = vec![
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    all.extend_from_slice(headers);
    ask("POST", path, &all, body)
}

const SCHEDULE: &str = "/v1.0/me/calendar/getSchedule";

fn schedule(body: &Value) -> Answer {
    post_with(SCHEDULE, &[], &body.to_string())
}

/// A day and twenty minutes in March 2026, by the clock of Seattle, in hours.
fn question(schedules: &[&str]) -> Value {
    let at = |wall: &str| json!({"dateTime": wall, "timeZone": "Pacific Standard Time"});
    json!({
        "schedules": schedules,
        "startTime": at("2026-03-02T08:00:00"),
        "endTime": at("2026-03-03T08:20:00"),
        "availabilityViewInterval": 60,
    })
}

/// The same with one key changed or, by null, taken away.
fn but(key: &str, value: Value) -> Value {
    let mut body = question(&["adele@contoso.com"]);
    match value {
        Value::Null => {
            body.as_object_mut().expect("an object").remove(key);
        }
        value => body[key] = value,
    }
    body
}

#[test]
fn calendars_stand_in_groups() {
    let groups = http::all("/v1.0/me/calendarGroups", &[]);
    assert_eq!(
        (groups.len(), get("/v1.0/me/calendarGroups").rows().len()),
        (12, 10)
    );
    assert_eq!(groups[0]["name"], "My Calendars");
    assert!(groups[6]["name"].is_null() && groups[6]["classId"].is_null());
    let mut found = Vec::new();
    for group in &groups {
        let path = format!("/v1.0/me/calendarGroups/{}", encoded(&group["id"]));
        assert_eq!(get(&path).json()["name"], group["name"]);
        let calendars = http::all(&format!("{path}/calendars"), &[]);
        found.extend(calendars.into_iter().map(|row| row["id"].to_string()));
    }
    let mut all: Vec<String> = http::all("/v1.0/me/calendars", &[])
        .iter()
        .map(|row| row["id"].to_string())
        .collect();
    found.sort();
    all.sort();
    assert_eq!(found, all, "each calendar in one group");
    let three = get("/v1.0/users/alex@contoso.com/calendarGroups").rows();
    assert_eq!(three.len(), 3);
    let one = get("/v1.0/users/nestor@contoso.com/calendarGroups").rows();
    assert_eq!(one.len(), 1);
    let path = "/v1.0/users/svc59@contoso.onmicrosoft.com/calendarGroups";
    refused(&get(path), 404, "MailboxNotEnabledForRESTAPI");
}

#[test]
fn a_calendar_is_found_below_its_own_group() {
    let groups = http::all("/v1.0/me/calendarGroups", &[]);
    let path = |group: usize| {
        let id = encoded(&groups[group]["id"]);
        format!("/v1.0/me/calendarGroups/{id}/calendars")
    };
    let own = get(&path(3)).rows();
    let names: Vec<&Value> = own.iter().map(|row| &row["name"]).collect();
    assert_eq!(names, ["Team O'Brien", "on_call"]);
    let id = encoded(&own[0]["id"]);
    let events = get(&format!("{}/{id}/events/$count", path(3)));
    assert_eq!(
        events.text(),
        get(&format!("/v1.0/me/calendars/{id}/events/$count")).text()
    );
    refused(&get(&format!("{}/{id}", path(0))), 404, "ErrorItemNotFound");
    refused(
        &get(&format!("{}/x", path(0))),
        400,
        "ErrorInvalidIdMalformed",
    );
    assert_eq!(
        get(&format!("{}?$count=true", path(5))).json()["@odata.count"],
        0
    );
    // FACTS 1.2: groups have no `$count`, calendars do.
    for option in [
        "$count=true",
        "$expand=calendars",
        "$search=\"x\"",
        "$orderby=id",
    ] {
        refused(
            &get(&format!("/v1.0/me/calendarGroups?{option}")),
            400,
            "ErrorInvalidUrlQuery",
        );
    }
    let named = get("/v1.0/me/calendarGroups?$filter=name eq 'Other Calendars'");
    assert_eq!(named.rows().len(), 2, "without regard to case");
    refused(
        &get("/v1.0/me/calendarGroups?$filter=startswith(name,'O')"),
        400,
        "ErrorInvalidUrlQueryFilter",
    );
}

#[test]
fn attachments_of_events_are_of_three_kinds() {
    let events = http::all("/v1.0/me/events?$top=150&$select=hasAttachments", &[]);
    let mut kinds = std::collections::BTreeMap::new();
    for event in &events {
        let path = format!("/v1.0/me/events/{}/attachments", encoded(&event["id"]));
        let rows = get(&path).rows();
        assert_eq!(event["hasAttachments"] == true, !rows.is_empty());
        for row in rows {
            let path = format!("{path}/{}", encoded(&row["id"]));
            assert_eq!(get(&path).json()["name"], row["name"]);
            let kind = row["@odata.type"].as_str().unwrap_or_default().to_string();
            kinds.entry(kind).or_insert(path);
        }
    }
    let value = |kind: &str| get(&format!("{}/$value", kinds[kind]));
    let file = value("#microsoft.graph.fileAttachment");
    assert_eq!(
        (file.text().as_str(), file.header("content-type")),
        ("Agenda", Some("text/plain"))
    );
    let item = value("#microsoft.graph.itemAttachment");
    assert_eq!(item.header("content-type"), Some("text/vcard"));
    assert!(item.text().starts_with("BEGIN:VCARD\r\n"));
    refused(
        &value("#microsoft.graph.referenceAttachment"),
        405,
        "ErrorInvalidRequest",
    );
    let list = kinds["#microsoft.graph.fileAttachment"].rsplit_once('/');
    let (list, _) = list.expect("a path");
    assert_eq!(get(list).rows()[0]["contentBytes"], "QWdlbmRh");
    let ignored = get(&format!("{list}?$filter=name eq 'nothing'"));
    assert!(!ignored.rows().is_empty(), "FACTS 2.1");
    refused(&get(&format!("{list}?$top=1")), 400, "ErrorInvalidUrlQuery");
    refused(&get(&format!("{list}/x")), 400, "ErrorInvalidIdMalformed");
    refused(
        &get(&format!("{list}/{}", encoded(&events[0]["id"]))),
        404,
        "ErrorItemNotFound",
    );
    let selected = get(&format!(
        "{list}?$select=name,microsoft.graph.fileAttachment/contentBytes"
    ));
    assert_eq!(selected.rows()[0]["contentBytes"], "QWdlbmRh");
}

#[test]
fn availability_is_that_of_the_events() {
    let answer = schedule(&question(&["adele@contoso.com"])).json();
    assert!(
        answer["@odata.context"]
            .as_str()
            .is_some_and(|text| text.ends_with("#Collection(microsoft.graph.scheduleInformation)"))
    );
    let adele = &answer["value"][0];
    // 24 hours and 20 minutes are 25 digits; the first nine belong to an all-day event, which ends at midnight UTC, and to a meeting that it hides.
    assert_eq!(adele["availabilityView"], "2222222220003300000220000");
    let view = "/v1.0/me/calendarView?startDateTime=2026-03-02T16:00:00Z&endDateTime=2026-03-03T16:20:00Z&$top=100";
    let shown = |row: &Value| json!([row["subject"], row["start"], row["end"]]);
    let events: Vec<Value> = get(view)
        .rows()
        .iter()
        .filter(|row| row["isCancelled"] == false)
        .map(shown)
        .collect();
    let items = adele["scheduleItems"].as_array().expect("items");
    assert_eq!(items.iter().map(shown).collect::<Vec<_>>(), events);
    assert_eq!(
        items[2],
        json!({
            "isPrivate": false, "location": "Café \"Süd\"", "subject": "Moved: 🎂 Party", "status": "oof",
            "start": {"dateTime": "2026-03-03T04:15:00.0000000", "timeZone": "UTC"},
            "end": {"dateTime": "2026-03-03T05:15:00.0000000", "timeZone": "UTC"},
        })
    );
    let settings = get("/v1.0/me/mailboxSettings").json();
    assert_eq!(adele["workingHours"], settings["workingHours"]);
}

#[test]
fn the_question_has_one_zone_and_the_answer_another() {
    let mut body = question(&["adele@contoso.com"]);
    body["startTime"] = json!({"dateTime": "2026-03-02T16:00:00", "timeZone": "UTC"});
    body["endTime"] = json!({"dateTime": "2026-03-03T17:20:00", "timeZone": "Europe/Berlin"});
    let preferred = [("Prefer", "outlook.timezone=\"Tokyo Standard Time\"")];
    let answer = post_with(SCHEDULE, &preferred, &body.to_string());
    assert_eq!(
        answer.header("preference-applied"),
        Some("outlook.timezone=\"Tokyo Standard Time\"")
    );
    let same = &answer.json()["value"][0];
    assert_eq!(same["availabilityView"], "2222222220003300000220000");
    assert_eq!(
        same["scheduleItems"][2]["start"],
        json!({"dateTime": "2026-03-03T13:15:00.0000000", "timeZone": "Tokyo Standard Time"})
    );
}

#[test]
fn cancelled_and_free_events_leave_one_free() {
    // Every single event of a year, asked alone.
    let year = "startDateTime=2025-06-01T00:00:00Z&endDateTime=2026-06-01T00:00:00Z";
    let mut seen = std::collections::BTreeSet::new();
    for user in ["adele", "alex", "megan"] {
        let rows = http::all(
            &format!("/v1.0/users/{user}@contoso.com/calendarView?{year}&$top=1000"),
            &[],
        );
        let timed: Vec<&Value> = rows.iter().filter(|row| row["isAllDay"] == false).collect();
        for (place, row) in timed.iter().enumerate() {
            let bound = |name: &str| row[name]["dateTime"].as_str().unwrap_or_default();
            let (from, to) = (bound("start"), bound("end"));
            let alone = rows.iter().all(|other| {
                other["id"] == row["id"]
                    || other["start"]["dateTime"].as_str() >= Some(to)
                    || other["end"]["dateTime"].as_str() <= Some(from)
            });
            // One in seven is enough, but of the few cancelled ones all.
            if !alone || (place % 7 != 0 && row["isCancelled"] == false) {
                continue;
            }
            let at = |wall: &str| json!({"dateTime": wall, "timeZone": "UTC"});
            let body = json!({"schedules": [format!("{user}@contoso.com")], "startTime": at(from), "endTime": at(to), "availabilityViewInterval": 1440});
            let digit = schedule(&body).json()["value"][0]["availabilityView"].clone();
            let status = if row["isCancelled"] == true {
                "cancelled"
            } else {
                row["showAs"].as_str().unwrap_or_default()
            };
            let expected = match status {
                "tentative" => "1",
                "busy" => "2",
                "oof" => "3",
                "workingElsewhere" => "4",
                _ => "0",
            };
            assert_eq!(digit, expected, "{row}");
            seen.insert(status.to_string());
        }
    }
    let all = [
        "busy",
        "cancelled",
        "free",
        "oof",
        "tentative",
        "workingElsewhere",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all);
}

/// The views of all mailboxes, and of each hour the digit that binds most.
fn merged_by_hand() -> String {
    let addresses: Vec<String> = (0..12).map(|i| format!("alias{i}@contoso.com")).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let answer = schedule(&question(&addresses)).json();
    let views: Vec<&str> = answer["value"]
        .as_array()
        .expect("answers")
        .iter()
        .filter_map(|one| one["availabilityView"].as_str())
        .collect();
    assert_eq!(views.len(), 12);
    let rank = |digit: &char| "04123".find(*digit);
    let hour = |at: usize| {
        views
            .iter()
            .filter_map(|view| view.chars().nth(at))
            .max_by_key(rank)
    };
    (0..25).filter_map(hour).collect()
}

#[test]
fn people_rooms_lists_and_strangers() {
    let asked = [
        "ADELE@contoso.com",
        "alias1@contoso.com",
        "room52@contoso.com",
        "group0@contoso.com",
        "nobody@contoso.com",
        "ADELE@contoso.com",
        "HenriettaMueller14@Contoso.com",
    ];
    let answer = schedule(&question(&asked)).json();
    let all = answer["value"].as_array().expect("answers");
    let ids: Vec<&Value> = all.iter().map(|one| &one["scheduleId"]).collect();
    assert_eq!(ids, asked, "in the order and the spelling of the question");
    assert_eq!(all[0], all[5]);
    // The room is taken by a meeting of somebody's, whose subject it does not tell.
    assert_eq!(all[2]["availabilityView"], "3000000000000000000000000");
    let keys: Vec<&String> = all[2]["scheduleItems"][0]
        .as_object()
        .expect("an item")
        .keys()
        .collect();
    assert_eq!(keys, ["end", "start", "status"]);
    // A list merges its members, here all who have a mailbox.
    assert_eq!(all[3]["availabilityView"], merged_by_hand());
    assert_eq!(all[3]["scheduleItems"], json!([]));
    assert_eq!(
        all[4],
        json!({"scheduleId": "nobody@contoso.com", "error": {
            "message": "Unable to resolve e-mail address nobody@contoso.com to an Active Directory object.",
            "responseCode": "5009",
        }})
    );
    // An address alone is no mailbox.
    assert_eq!(all[6]["error"]["responseCode"], "5009");
}

#[test]
fn schedules_of_others_through_them_and_by_applications() {
    let body = question(&["adele@contoso.com"]).to_string();
    let path = "/v1.0/users/alex@contoso.com/calendar/getSchedule";
    let answer = post_with(path, &[], &body).json();
    assert_eq!(answer["value"][0]["scheduleItems"][2]["status"], "oof");
    let app = [
        ("Authorization", APP.as_str()),
        ("Content-Type", "application/json"),
    ];
    let answer = ask("POST", path, &app, &body).json();
    assert!(
        answer["value"][0]["scheduleItems"][2]
            .get("subject")
            .is_none()
    );
    refused(&ask("POST", SCHEDULE, &app, &body), 400, "BadRequest");
    let nobody = "/v1.0/users/room52@contoso.com/calendar/getSchedule";
    refused(
        &post_with(nobody, &[], &body),
        404,
        "MailboxNotEnabledForRESTAPI",
    );
    refused(&get(SCHEDULE), 405, "Request_BadRequest");
    refused(
        &post_with("/v1.0/me/calendar", &[], &body),
        405,
        "Request_BadRequest",
    );
    let batch = json!({"requests": [{"id": "1", "method": "POST", "url": "/me/calendar/getSchedule", "headers": {"Content-Type": "application/json"}, "body": question(&["adele@contoso.com"])}]});
    let answer = post_with("/v1.0/$batch", &[], &batch.to_string()).json();
    assert_eq!(
        answer["responses"][0]["body"]["value"][0]["availabilityView"],
        "2222222220003300000220000"
    );
}

#[test]
fn limits_of_a_question() {
    let view = |body: &Value| schedule(body).json()["value"][0]["availabilityView"].to_string();
    let half_hours = but("availabilityViewInterval", Value::Null);
    assert_eq!(view(&half_hours).len() - 2, 49, "30 minutes by default");
    assert_eq!(
        view(&but("availabilityViewInterval", json!(5))).len() - 2,
        292
    );
    assert_eq!(
        view(&but("availabilityViewInterval", json!(1440))),
        "\"30\""
    );
    for minutes in [4, 1441, 0, -30] {
        refused(
            &schedule(&but("availabilityViewInterval", json!(minutes))),
            400,
            "ErrorInvalidMergedFreeBusyInterval",
        );
    }
    let many = |count: usize| but("schedules", json!(vec!["adele@contoso.com"; count]));
    assert_eq!(schedule(&many(20)).rows().len(), 20);
    refused(&schedule(&many(21)), 400, "ErrorInvalidArgument");
    refused(&schedule(&many(0)), 400, "ErrorInvalidArgument");
    let until = |wall: &str| {
        but(
            "endTime",
            json!({"dateTime": wall, "timeZone": "Pacific Standard Time"}),
        )
    };
    // In between the clocks of Seattle lose an hour.
    assert_eq!(schedule(&until("2026-05-03T09:00:00")).status, 200);
    refused(
        &schedule(&until("2026-05-03T09:00:01")),
        400,
        "ErrorTimeIntervalTooBig",
    );
    refused(
        &schedule(&until("2026-03-02T08:00:00")),
        400,
        "ErrorInvalidArgument",
    );
}

#[test]
fn malformed_questions() {
    let read = "RequestBodyRead";
    for (key, value, code) in [
        ("schedules", Value::Null, read),
        ("schedules", json!("adele@contoso.com"), read),
        ("schedules", json!([1]), read),
        ("startTime", Value::Null, "ErrorInvalidArgument"),
        (
            "startTime",
            json!("2026-03-02T08:00:00"),
            "ErrorInvalidArgument",
        ),
        (
            "endTime",
            json!({"dateTime": "2026-03-03T08:00:00"}),
            "ErrorInvalidArgument",
        ),
        (
            "endTime",
            json!({"dateTime": "2026-03-03", "timeZone": "UTC"}),
            "ErrorInvalidArgument",
        ),
        (
            "endTime",
            json!({"dateTime": "2026-03-03T08:00:00Z", "timeZone": "UTC"}),
            "ErrorInvalidArgument",
        ),
        (
            "endTime",
            json!({"dateTime": "2026-03-03T08:00:00", "timeZone": "Middle Earth"}),
            "TimeZoneNotSupportedException",
        ),
        ("availabilityViewInterval", json!("30"), read),
        ("availabilityViewInterval", json!(30.5), read),
        ("Schedules", json!(["adele@contoso.com"]), read),
    ] {
        refused(&schedule(&but(key, value)), 400, code);
    }
    for body in ["", "{", "[]", "null"] {
        refused(&post_with(SCHEDULE, &[], body), 400, "BadRequest");
    }
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    let plain = [("Authorization", bearer.as_str())];
    let body = question(&["adele@contoso.com"]).to_string();
    refused(&ask("POST", SCHEDULE, &plain, &body), 400, "BadRequest");
    refused(
        &post_with(&format!("{SCHEDULE}?$top=1"), &[], &body),
        400,
        "ErrorInvalidUrlQuery",
    );
    let unknown = [("Prefer", "outlook.timezone=\"Middle Earth\"")];
    refused(
        &post_with(SCHEDULE, &unknown, &body),
        400,
        "TimeZoneNotSupportedException",
    );
    assert_eq!(get_with("/v1.0/me/calendar", &unknown).status, 400);
}
