//! What is made is there, in every list that could show it; what is refused changes nothing.

mod attachments;
mod calendars;
mod series;

use serde_json::{Value, json};

use crate::demo::write::client::{Client, Told};

const DAY: &str = "startDateTime=2026-12-07T00:00:00Z&endDateTime=2026-12-08T00:00:00Z";

fn at(hour: &str) -> Value {
    json!({"dateTime": format!("2026-12-07T{hour}:00:00"), "timeZone": "Europe/Berlin"})
}

fn lunch() -> Value {
    json!({
        "subject": "Lunch with Jörg", "start": at("12"), "end": at("13"),
        "attendees": [{"emailAddress": {"address": "alex@contoso.com"}}],
        "location": {"displayName": "Canteen"}, "body": {"contentType": "text", "content": "Soup & bread"},
    })
}

fn made(client: &Client, body: Value) -> Told {
    let told = client.post("me/events", body);
    assert_eq!(told.status, 201, "{told:?}");
    told
}

fn path(told: &Told) -> String {
    format!("me/events/{}", told.id().replace('=', "%3D"))
}

fn subjects(client: &Client, list: &str) -> Vec<String> {
    let told = client.get(list);
    let text = |row: &Value| row["subject"].as_str().unwrap_or_default().to_string();
    told.rows().iter().map(text).collect()
}

#[test]
fn an_event_is_made_changed_and_deleted() {
    let client = Client::new();
    let before = client.count("me/events/$count");
    let told = made(&client, lunch());
    assert_eq!(
        told.body["start"]["dateTime"],
        "2026-12-07T11:00:00.0000000"
    );
    assert_eq!(told.body["locations"][0]["uniqueId"], "Canteen");
    assert_eq!(told.body["attendees"][0]["status"]["response"], "none");
    assert_eq!(told.body["bodyPreview"], "Soup & bread");
    assert_eq!(
        (told.body["isOrganizer"].clone(), told.body["type"].clone()),
        (json!(true), json!("singleInstance"))
    );
    let one = path(&told);
    assert_eq!(client.get(&one).body["id"], told.body["id"]);
    assert_eq!(client.count("me/events/$count"), before + 1);
    let found = subjects(
        &client,
        "me/events?$filter=subject%20eq%20'Lunch%20with%20J%C3%B6rg'",
    );
    assert_eq!(found, ["Lunch with Jörg"]);
    let view = format!("me/calendarView?{DAY}&$top=50");
    assert!(subjects(&client, &view).contains(&"Lunch with Jörg".to_string()));

    let changed = client.ask(
        "PATCH",
        &one,
        &[],
        json!({"end": at("14"), "subject": "Long lunch"}),
    );
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(
        changed.body["start"]["dateTime"],
        "2026-12-07T11:00:00.0000000"
    );
    assert_eq!(
        changed.body["end"]["dateTime"],
        "2026-12-07T13:00:00.0000000"
    );
    assert_ne!(changed.body["changeKey"], told.body["changeKey"]);
    let stale = (
        "If-Match",
        told.body["@odata.etag"].as_str().expect("an etag"),
    );
    let refused = client.ask("PATCH", &one, &[stale], json!({"subject": "x"}));
    assert_eq!(refused.refusal(), (400, "ErrorInvalidChangeKey"));
    assert_eq!(client.ask("DELETE", &one, &[], Value::Null).status, 204);
    assert_eq!(client.get(&one).status, 404);
    assert_eq!(client.ask("DELETE", &one, &[], Value::Null).status, 404);
    assert_eq!(client.count("me/events/$count"), before);
    assert!(!subjects(&client, &view).contains(&"Long lunch".to_string()));
}

#[test]
fn the_same_transaction_makes_one_event() {
    let client = Client::new();
    let mut body = lunch();
    body["transactionId"] = json!("once");
    let (one, two) = (made(&client, body.clone()), made(&client, body));
    assert_eq!(one.id(), two.id());
    assert_eq!(
        subjects(
            &client,
            "me/events?$filter=subject%20eq%20'Lunch%20with%20J%C3%B6rg'"
        )
        .len(),
        1
    );
}

#[test]
fn a_series_takes_place_on_its_days_but_for_those_taken_out() {
    let client = Client::new();
    let mut body = lunch();
    body["recurrence"] = json!({
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "wednesday"]},
        "range": {"type": "numbered", "startDate": "2026-12-07", "numberOfOccurrences": 4},
    });
    let told = made(&client, body.clone());
    assert_eq!(told.body["type"], "seriesMaster");
    let window = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2027-01-31T00:00:00Z";
    let instances = format!("{}/instances?{window}", path(&told));
    let rows = client.get(&instances);
    let starts: Vec<&str> = rows
        .rows()
        .iter()
        .filter_map(|row| row["start"]["dateTime"].as_str())
        .collect();
    assert_eq!(
        starts.iter().map(|text| &text[5..10]).collect::<Vec<_>>(),
        ["12-07", "12-09", "12-14", "12-16"]
    );
    assert!(rows.rows().iter().all(|row| row["type"] == "occurrence"));
    let second = rows.rows()[1]["id"]
        .as_str()
        .expect("an id")
        .replace('=', "%3D");
    let second = format!("me/events/{second}");
    assert_eq!(client.ask("DELETE", &second, &[], Value::Null).status, 204);
    assert_eq!(client.get(&second).status, 404);
    assert_eq!(client.get(&instances).rows().len(), 3);
    body["recurrence"]["pattern"]["daysOfWeek"] = json!(["friday"]);
    let refused = client.post("me/events", body);
    assert_eq!(refused.refusal(), (400, "ErrorPropertyValidationFailure"));
}

#[test]
fn a_generated_event_is_changed_in_place() {
    let client = Client::new();
    let first = client
        .get("me/events?$top=1&$select=id,subject,importance,end")
        .rows()[0]
        .clone();
    let one = format!(
        "me/events/{}",
        first["id"].as_str().expect("an id").replace('=', "%3D")
    );
    let before = client.count("me/events/$count");
    let told = client.ask(
        "PATCH",
        &one,
        &[],
        json!({"categories": ["Blue category", "New"], "location": {"displayName": "Roof"}}),
    );
    assert_eq!(told.status, 200, "{told:?}");
    let now = client.get(&one).body;
    assert_eq!(now["categories"], json!(["Blue category", "New"]));
    assert_eq!(now["locations"][0]["displayName"], "Roof");
    assert_eq!(
        (&now["subject"], &now["importance"], &now["end"]),
        (&first["subject"], &first["importance"], &first["end"])
    );
    assert_eq!(client.count("me/events/$count"), before);
}

#[test]
fn only_the_organizer_calls_off_and_all_others_answer() {
    let client = Client::new();
    let mine = path(&made(&client, lunch()));
    let refused = client.post(&format!("{mine}/accept"), json!({"comment": "Yes"}));
    assert_eq!(refused.refusal(), (400, "ErrorInvalidRequest"));
    assert_eq!(
        client
            .post(&format!("{mine}/cancel"), json!({"comment": "Sorry"}))
            .status,
        202
    );
    assert_eq!(client.get(&mine).status, 404);

    let others = client.get("me/events?$top=100&$select=id,isOrganizer,allowNewTimeProposals");
    let other = |proposals: bool| {
        let row = others
            .rows()
            .iter()
            .find(|row| row["isOrganizer"] == false && row["allowNewTimeProposals"] == proposals);
        let id = row.expect("one")["id"]
            .as_str()
            .expect("an id")
            .replace('=', "%3D");
        format!("me/events/{id}")
    };
    let (open, closed) = (other(true), other(false));
    assert_eq!(
        client
            .post(&format!("{open}/cancel"), Value::Null)
            .refusal(),
        (400, "ErrorInvalidRequest")
    );
    let slot = json!({"start": at("15"), "end": at("16")});
    for (path, action, body, status) in [
        (&open, "accept", json!({"proposedNewTime": slot}), 400),
        (
            &open,
            "decline",
            json!({"proposedNewTime": slot, "sendResponse": false}),
            400,
        ),
        (&closed, "decline", json!({"proposedNewTime": slot}), 400),
        (
            &open,
            "decline",
            json!({"proposedNewTime": slot, "comment": "Later?"}),
            202,
        ),
        (&open, "tentativelyAccept", Value::Null, 202),
        (&open, "forward", json!({"Comment": "x"}), 400),
        (
            &open,
            "forward",
            json!({"ToRecipients": [{"emailAddress": {"address": "a@x.com"}}]}),
            202,
        ),
        (&open, "snoozeReminder", json!({}), 400),
        (&open, "explode", json!({}), 405),
    ] {
        let told = client.post(&format!("{path}/{action}"), body);
        assert_eq!(told.status, status, "{action}: {told:?}");
    }
    assert_eq!(
        client.get(&open).body["responseStatus"]["response"],
        "tentativelyAccepted"
    );
    let mine = path(&made(&client, lunch()));
    assert_eq!(
        client
            .post(
                &format!("{mine}/snoozeReminder"),
                json!({"newReminderTime": at("11")})
            )
            .status,
        200
    );
    assert_eq!(
        client
            .post(&format!("{mine}/dismissReminder"), Value::Null)
            .status,
        200
    );
}

#[test]
fn what_is_no_event_is_refused() {
    let client = Client::new();
    let before = client.count("me/events/$count");
    let with = |name: &str, value: Value| {
        let mut body = lunch();
        body[name] = value;
        body
    };
    for body in [
        json!({"subject": "No times"}),
        with("end", at("11")),
        with("end", json!({"dateTime": "soon", "timeZone": "UTC"})),
        with(
            "start",
            json!({"dateTime": "2026-12-07T12:00:00", "timeZone": "Nowhere"}),
        ),
        with("isAllDay", json!(true)),
        with("webLink", json!("x")),
        with("id", json!("x")),
        with("importance", json!("urgent")),
        with("nonsense", json!(1)),
    ] {
        let told = client.post("me/events", body.clone());
        assert_eq!(told.status, 400, "{body}: {told:?}");
    }
    assert_eq!(client.post("me/calendars/nope/events", lunch()).status, 400);
    assert_eq!(client.ask("PUT", "me/events", &[], lunch()).status, 405);
    let denied = client.ask_as(0, "Calendars.Read", "POST", "me/events", lunch());
    assert_eq!(denied.status, 403);
    assert_eq!(client.count("me/events/$count"), before);
}
