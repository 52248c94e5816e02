//! Single occurrences of a series are changed and taken away.

use serde_json::{Value, json};

use super::{lunch, made, path};
use crate::demo::write::client::{Client, Told};

const WINDOW: &str = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2027-01-31T00:00:00Z";

/// Mondays and Wednesdays at noon in Berlin, from the seventh on.
fn lunches(client: &Client) -> Told {
    let mut body = lunch();
    body["recurrence"] = json!({
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "wednesday"]},
        "range": {"type": "numbered", "startDate": "2026-12-07", "numberOfOccurrences": 4},
    });
    made(client, body)
}

fn instances(client: &Client, series: &Told) -> Vec<Value> {
    let told = client.get(&format!("{}/instances?{WINDOW}", path(series)));
    told.rows().to_vec()
}

fn address(row: &Value) -> String {
    let id = row["id"].as_str().expect("an id").replace('=', "%3D");
    format!("me/events/{id}")
}

/// Type, subject and start of each.
fn shown(rows: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let one = |row: &Value| {
        let start = text(&row["start"]["dateTime"]);
        format!(
            "{} {} {}",
            text(&row["type"]),
            text(&row["subject"]),
            &start[5..16]
        )
    };
    rows.iter().map(one).collect()
}

fn from(day: u8, hour: u8) -> Value {
    let at = |hour: u8| json!({"dateTime": format!("2026-12-{day:02}T{hour:02}:00:00"), "timeZone": "UTC"});
    json!({"start": at(hour), "end": at(hour + 1)})
}

#[test]
fn one_that_is_changed_is_an_exception() {
    let client = Client::new();
    let series = lunches(&client);
    let second = address(&instances(&client, &series)[1]);
    let original = client.get(&second).body["originalStart"].clone();
    let told = client.patch(
        &second,
        json!({"subject": "Dinner", "body": {"contentType": "text", "content": "Steak"}}),
    );
    assert_eq!(
        (told.status, &told.body["type"]),
        (200, &json!("exception"))
    );
    assert_eq!(told.body["bodyPreview"], "Steak");
    let told = client.patch(&second, from(10, 18));
    assert_eq!(told.status, 200, "{told:?}");
    assert_eq!(
        told.body["subject"], "Dinner",
        "what was changed before stays"
    );
    assert_eq!(
        (&told.body["originalStart"], &told.body["seriesMasterId"]),
        (&original, &series.body["id"])
    );
    assert_eq!(
        shown(&instances(&client, &series)),
        [
            "occurrence Lunch with Jörg 12-07T11:00",
            "exception Dinner 12-10T18:00",
            "occurrence Lunch with Jörg 12-14T11:00",
            "occurrence Lunch with Jörg 12-16T11:00",
        ]
    );
    let day = "me/calendarView?startDateTime=2026-12-10T00:00:00Z&endDateTime=2026-12-11T00:00:00Z";
    let there = client.get(day);
    let is_there = |row: &&Value| row["subject"] == "Dinner";
    assert_eq!(there.rows().iter().filter(is_there).count(), 1);
    let master = client.get(&path(&series)).body;
    assert_eq!(
        (&master["subject"], &master["bodyPreview"]),
        (&json!("Lunch with Jörg"), &json!("Soup & bread"))
    );
    assert_eq!(client.delete(&second).status, 204);
    assert_eq!(instances(&client, &series).len(), 3);
}

#[test]
fn one_that_moves_far_is_found_where_it_is() {
    let client = Client::new();
    let series = lunches(&client);
    // The last one may go as far as it wants.
    let last = address(&instances(&client, &series)[3]);
    assert_eq!(client.patch(&last, from(30, 9)).status, 200);
    let before = "startDateTime=2026-12-16T00:00:00Z&endDateTime=2026-12-17T00:00:00Z";
    let after = "startDateTime=2026-12-30T00:00:00Z&endDateTime=2026-12-31T00:00:00Z";
    let count = |window: &str| {
        let told = client.get(&format!("{}/instances?{window}", path(&series)));
        told.rows().len()
    };
    assert_eq!((count(before), count(after)), (0, 1));
    // And the first one to a day before the window of its own.
    let first = address(&instances(&client, &series)[0]);
    assert_eq!(client.patch(&first, from(2, 9)).status, 200);
    let early = "startDateTime=2026-12-02T00:00:00Z&endDateTime=2026-12-03T00:00:00Z";
    assert_eq!(count(early), 1);
}

#[test]
fn a_day_may_become_whole() {
    let client = Client::new();
    let series = lunches(&client);
    let second = address(&instances(&client, &series)[1]);
    let day = |day: u8| json!({"dateTime": format!("2026-12-{day:02}T00:00:00"), "timeZone": "Europe/Berlin"});
    let told = client.patch(
        &second,
        json!({"isAllDay": true, "start": day(9), "end": day(10)}),
    );
    assert_eq!(told.status, 200, "{told:?}");
    assert_eq!(
        (&told.body["isAllDay"], &told.body["start"]["dateTime"]),
        (&json!(true), &json!("2026-12-09T00:00:00.0000000"))
    );
    assert_eq!(
        client.patch(&second, json!({"subject": "Retreat"})).body["isAllDay"],
        true
    );
    assert_eq!(instances(&client, &series)[2]["isAllDay"], false);
}

#[test]
fn neighbours_are_not_overtaken() {
    let client = Client::new();
    let series = lunches(&client);
    let second = address(&instances(&client, &series)[1]);
    for day in [6, 7, 14, 20] {
        let told = client.patch(&second, from(day, 15));
        assert_eq!(
            told.refusal(),
            (400, "ErrorOccurrenceCrossingBoundary"),
            "{day}"
        );
    }
    let weekly = json!({"pattern": {"type": "daily", "interval": 1}, "range": {"type": "noEnd", "startDate": "2026-12-09"}});
    assert_eq!(
        client.patch(&second, json!({"recurrence": weekly})).status,
        400
    );
    assert_eq!(client.patch(&second, json!({"colour": 1})).status, 400);
    assert_eq!(
        shown(&instances(&client, &series))[1],
        "occurrence Lunch with Jörg 12-09T11:00"
    );
}

#[test]
fn another_time_of_the_series_forgets_its_exceptions() {
    let client = Client::new();
    let series = lunches(&client);
    let all = instances(&client, &series);
    client.patch(&address(&all[1]), json!({"subject": "Dinner"}));
    client.delete(&address(&all[2]));
    let master = path(&series);
    assert_eq!(
        client
            .patch(&master, json!({"location": {"displayName": "Roof"}}))
            .status,
        200
    );
    let types =
        |rows: Vec<Value>| -> Vec<Value> { rows.iter().map(|row| row["type"].clone()).collect() };
    assert_eq!(
        types(instances(&client, &series)),
        ["occurrence", "exception", "occurrence"]
    );
    let told = client.patch(&master, from(7, 8));
    assert_eq!(told.status, 200, "{told:?}");
    assert_eq!(types(instances(&client, &series)), ["occurrence"; 4]);
}

#[test]
fn an_answer_to_one_is_no_answer_to_all() {
    let client = Client::new();
    let list = client.get("me/events?$top=150&$select=id,type,isOrganizer,subject");
    let series = list
        .rows()
        .iter()
        .find(|row| row["type"] == "seriesMaster" && row["isOrganizer"] == false);
    let series = address(series.expect("somebody else's series"));
    let window = "startDateTime=2020-01-01T00:00:00Z&endDateTime=2030-01-01T00:00:00Z";
    let first = address(&client.get(&format!("{series}/instances?{window}")).rows()[0]);
    assert_eq!(
        client.post(&format!("{first}/decline"), json!({})).status,
        202
    );
    let answer = |path: &str| client.get(path).body["responseStatus"]["response"].clone();
    assert_eq!(
        (answer(&first), answer(&series)),
        (json!("declined"), json!("accepted"))
    );
}

#[test]
fn what_the_world_moved_can_be_moved_back() {
    let client = Client::new();
    let window = "startDateTime=2025-01-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z";
    let view = client.get(&format!("me/calendarView?{window}&$top=1000"));
    let moved = view
        .rows()
        .iter()
        .find(|row| row["type"] == "exception" && row["isAllDay"] == false);
    let moved = moved.expect("an exception").clone();
    let path = address(&moved);
    let original = moved["originalStart"]
        .as_str()
        .expect("an instant")
        .trim_end_matches('Z');
    let at = |text: &str| json!({"dateTime": text, "timeZone": "UTC"});
    let told = client.patch(
        &path,
        json!({"start": at(original), "end": moved["end"], "subject": "Back"}),
    );
    assert_eq!(told.status, 200, "{told:?}");
    assert_eq!(
        told.body["start"]["dateTime"],
        json!(format!("{original}.0000000"))
    );
    assert_eq!(
        (&told.body["subject"], &told.body["originalStart"]),
        (&json!("Back"), &moved["originalStart"])
    );
}
