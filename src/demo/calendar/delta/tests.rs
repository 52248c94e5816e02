//! Rounds of a calendar view.

use serde_json::{Value, json};

use crate::demo::write::client::{Client, round};

const DECEMBER: &str =
    "me/calendarView/delta?startDateTime=2026-12-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z";

fn on(day: u8, hour: u8) -> Value {
    json!({"dateTime": format!("2026-12-{day:02}T{hour:02}:00:00"), "timeZone": "UTC"})
}

fn made(client: &Client, subject: &str, day: u8) -> String {
    let body = json!({"subject": subject, "start": on(day, 9), "end": on(day, 10)});
    client.post("me/events", body).id().to_string()
}

fn series(client: &Client) -> String {
    let told = client.post(
        "me/events",
        json!({
            "subject": "Weekly", "start": on(7, 12), "end": on(7, 13),
            "recurrence": {
                "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]},
                "range": {"type": "numbered", "startDate": "2026-12-07", "numberOfOccurrences": 3},
            },
        }),
    );
    assert_eq!(told.status, 201, "{}", told.body);
    told.id().to_string()
}

fn event(id: &str) -> String {
    format!("me/events/{}", id.replace('=', "%3D"))
}

fn line<'r>(rows: &'r [Value], id: &str) -> &'r Value {
    let found = rows.iter().find(|row| row["id"] == id);
    found.unwrap_or_else(|| panic!("{id} in {rows:?}"))
}

#[test]
fn the_window_is_in_the_token() {
    let client = Client::new();
    let prefer = [("Prefer", "odata.maxpagesize=7")];
    let first = client.ask("GET", DECEMBER, &prefer, Value::Null);
    assert_eq!(first.rows().len(), 7);
    let next = first.body["@odata.nextLink"].as_str().expect("more");
    assert!(!next.contains("DateTime"), "{next}");
    let (rows, link) = round(&client, DECEMBER, &prefer);
    let kinds = |kind: &str| rows.iter().filter(|row| row["type"] == kind).count();
    let view = DECEMBER.replace("/delta", "") + "&$top=1000";
    let view = client.get(&view).rows().len();
    assert_eq!(rows.len() - kinds("seriesMaster"), view);
    assert!(kinds("seriesMaster") > 0 && kinds("occurrence") > 0);
    assert_eq!(round(&client, &link, &prefer).0.len(), 0);
    made(&client, "outside", 1);
    let shorter = DECEMBER.replace("2027-01-01", "2026-12-15");
    assert_ne!(round(&client, &shorter, &[]).0.len(), rows.len());
    let (rows, _) = round(&client, &link, &[]);
    assert_eq!((rows.len(), &rows[0]["subject"]), (1, &json!("outside")));
}

#[test]
fn events_come_change_and_leave_the_window() {
    let client = Client::new();
    let (stays, moves, goes) = (
        made(&client, "stays", 8),
        made(&client, "moves", 9),
        made(&client, "goes", 10),
    );
    let far = client.post(
        "me/events",
        json!({
            "subject": "far", "start": {"dateTime": "2027-03-01T09:00:00", "timeZone": "UTC"},
            "end": {"dateTime": "2027-03-01T10:00:00", "timeZone": "UTC"},
        }),
    );
    let (_, link) = round(&client, DECEMBER, &[]);
    client.patch(&event(&stays), json!({"subject": "stayed"}));
    let later = json!({"dateTime": "2027-02-01T09:00:00", "timeZone": "UTC"});
    let end = json!({"dateTime": "2027-02-01T10:00:00", "timeZone": "UTC"});
    client.patch(&event(&moves), json!({"start": later, "end": end}));
    client.delete(&event(&goes));
    client.patch(
        &event(far.id()),
        json!({"start": on(11, 9), "end": on(11, 10)}),
    );
    let (rows, link) = round(&client, &link, &[]);
    assert_eq!(rows.len(), 4, "{rows:?}");
    let changed = line(&rows, &stays);
    assert_eq!(changed["subject"], "stayed");
    assert!(changed.get("start").is_none() && changed["@odata.etag"].is_string());
    assert_eq!(line(&rows, far.id())["subject"], "far");
    assert_eq!(line(&rows, &moves)["@removed"]["reason"], "changed");
    assert_eq!(line(&rows, &goes)["@removed"]["reason"], "deleted");
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
}

#[test]
fn occurrences_have_few_fields_and_their_master_the_others() {
    let client = Client::new();
    let (_, link) = round(&client, DECEMBER, &[]);
    let master = series(&client);
    let (rows, link) = round(&client, &link, &[]);
    let kinds: Vec<&Value> = rows.iter().map(|row| &row["type"]).collect();
    assert_eq!(
        kinds,
        ["seriesMaster", "occurrence", "occurrence", "occurrence"]
    );
    assert_eq!(
        (&rows[0]["id"], &rows[0]["subject"]),
        (&json!(master), &json!("Weekly"))
    );
    let fields = rows[1].as_object().expect("a row").keys();
    assert_eq!(
        fields.collect::<Vec<_>>(),
        ["end", "id", "seriesMasterId", "start", "type"]
    );
    assert_eq!(rows[1]["seriesMasterId"], master.as_str());
    let (first, second) = (
        rows[1]["id"].as_str().expect("an id"),
        rows[2]["id"].as_str().expect("an id"),
    );
    client.delete(&event(second));
    let (rows, link) = round(&client, &link, &[]);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(line(&rows, second)["@removed"]["reason"], "deleted");
    assert_eq!(rows[0]["id"], master.as_str());
    client.patch(&event(&master), json!({"subject": "Renamed"}));
    let (rows, link) = round(&client, &link, &[]);
    assert_eq!((rows.len(), &rows[0]["subject"]), (1, &json!("Renamed")));
    client.delete(&event(&master));
    let (rows, link) = round(&client, &link, &[]);
    assert_eq!(rows.len(), 3);
    assert_eq!(line(&rows, first)["@removed"]["reason"], "deleted");
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
}

#[test]
fn what_delta_does_not_take() {
    let client = Client::new();
    let refused = |path: &str| {
        let told = client.get(path);
        let (status, code) = told.refusal();
        (status, code.to_string())
    };
    let invalid = (400, "ErrorInvalidUrlQuery".to_string());
    assert_eq!(refused(&format!("{DECEMBER}&$top=5")), invalid);
    let argument = (400, "ErrorInvalidArgument".to_string());
    assert_eq!(refused("me/calendarView/delta"), argument);
    let lost = (410, "syncStateNotFound".to_string());
    assert_eq!(refused("me/calendarView/delta?$deltatoken=latest"), lost);
    let (_, link) = round(&client, DECEMBER, &[]);
    let other_window = format!("{link}&startDateTime=2026-12-05T00:00:00Z");
    assert_eq!(refused(&other_window), invalid);
    let calendars = client.get("me/calendars").rows().to_vec();
    let other = calendars[1]["id"].as_str().expect("an id");
    let path = DECEMBER.replace("me/", &format!("me/calendars/{other}/"));
    assert_eq!(refused(&path), (400, "BadRequest".to_string()));
}
