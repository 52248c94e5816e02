//! Calendars and their groups are made, renamed and thrown away.

use serde_json::{Value, json};

use super::lunch;
use crate::demo::write::client::{Client, Told};

fn made(client: &Client, path: &str, body: Value) -> Told {
    let told = client.post(path, body);
    assert_eq!(told.status, 201, "{path}: {told:?}");
    told
}

fn at(collection: &str, told: &Told) -> String {
    format!("me/{collection}/{}", told.id().replace('=', "%3D"))
}

fn names(client: &Client, path: &str) -> Vec<String> {
    let told = client.get(path);
    let name = |row: &Value| row["name"].as_str().unwrap_or_default().to_string();
    told.rows().iter().map(name).collect()
}

#[test]
fn a_calendar_is_made_renamed_filled_and_thrown_away() {
    let client = Client::new();
    let before = client.count("me/calendars/$count");
    let told = made(
        &client,
        "me/calendars",
        json!({"name": "Garden", "color": "lightGreen"}),
    );
    assert_eq!(
        (
            &told.body["name"],
            &told.body["color"],
            &told.body["hexColor"],
            &told.body["isDefaultCalendar"]
        ),
        (
            &json!("Garden"),
            &json!("lightGreen"),
            &json!("#7bd148"),
            &json!(false)
        )
    );
    assert!(
        told.headers["Location"]
            .to_str()
            .expect("text")
            .contains("/calendars('")
    );
    assert_eq!(client.count("me/calendars/$count"), before + 1);
    let one = at("calendars", &told);
    assert_eq!(client.get(&one).body["id"], told.body["id"]);
    let changed = client.patch(&one, json!({"name": "Garden & yard"}));
    assert_eq!(changed.status, 200);
    assert_eq!(
        (&changed.body["name"], &changed.body["color"]),
        (&json!("Garden & yard"), &json!("lightGreen"))
    );
    assert_ne!(changed.body["changeKey"], told.body["changeKey"]);
    let event = made(&client, &format!("{one}/events"), lunch());
    let event = at("events", &event);
    assert_eq!(
        client.get(&format!("{event}/calendar")).body["name"],
        "Garden & yard"
    );
    assert_eq!(client.get(&format!("{one}/events")).rows().len(), 1);
    assert_eq!(client.delete(&one).status, 204);
    assert_eq!(
        (client.get(&one).status, client.get(&event).status),
        (404, 404)
    );
    assert_eq!(client.count("me/calendars/$count"), before);
}

#[test]
fn a_generated_calendar_goes_with_its_events() {
    let client = Client::new();
    let list = client.get("me/calendars?$top=50");
    let row = list.rows().iter().find(|row| row["name"] == "Team O'Brien");
    let id = row.expect("it is there")["id"].as_str().unwrap_or_default();
    let one = format!("me/calendars/{}", id.replace('=', "%3D"));
    let events = client.get(&format!("{one}/events"));
    let event = format!(
        "me/events/{}",
        events.rows()[0]["id"]
            .as_str()
            .unwrap_or_default()
            .replace('=', "%3D")
    );
    assert_eq!(client.get(&event).status, 200);
    assert_eq!(
        client.patch(&one, json!({"color": "lightRed"})).body["hexColor"],
        "#f83a22"
    );
    assert_eq!(client.delete(&one).status, 204);
    assert_eq!(client.get(&event).status, 404);
    assert!(!names(&client, "me/calendars?$top=50").contains(&"Team O'Brien".to_string()));
}

#[test]
fn a_group_is_made_renamed_and_thrown_away_when_it_is_empty() {
    let client = Client::new();
    let before = names(&client, "me/calendarGroups?$top=50");
    let told = made(&client, "me/calendarGroups", json!({"name": "Projects"}));
    assert_eq!(told.body["classId"], Value::Null);
    let group = at("calendarGroups", &told);
    let inside = made(
        &client,
        &format!("{group}/calendars"),
        json!({"name": "Roof"}),
    );
    assert_eq!(names(&client, &format!("{group}/calendars")), ["Roof"]);
    assert!(names(&client, "me/calendars?$top=50").contains(&"Roof".to_string()));
    assert_eq!(
        client.patch(&group, json!({"name": "Houses"})).body["name"],
        "Houses"
    );
    assert_eq!(client.delete(&group).status, 400, "it is not empty");
    let below = format!("{group}/calendars/{}", inside.id().replace('=', "%3D"));
    let elsewhere = client.get("me/calendarGroups?$top=50").rows()[0]["id"]
        .as_str()
        .unwrap_or_default()
        .replace('=', "%3D");
    let wrong = format!(
        "me/calendarGroups/{elsewhere}/calendars/{}",
        inside.id().replace('=', "%3D")
    );
    assert_eq!(client.delete(&wrong).status, 404);
    assert_eq!(client.patch(&below, json!({"name": "Attic"})).status, 200);
    assert_eq!(client.delete(&below).status, 204);
    assert_eq!(client.delete(&group).status, 204);
    assert_eq!(client.get(&group).status, 404);
    assert_eq!(names(&client, "me/calendarGroups?$top=50"), before);
}

#[test]
fn what_cannot_be_is_refused() {
    let client = Client::new();
    made(&client, "me/calendars", json!({"name": "Garden"}));
    for (path, body, refusal) in [
        (
            "me/calendars",
            json!({"name": "GARDEN"}),
            (409, "ErrorFolderExists"),
        ),
        (
            "me/calendarGroups",
            json!({"name": "my calendars"}),
            (409, "ErrorFolderExists"),
        ),
        ("me/calendars", json!({}), (400, "ErrorInvalidRequest")),
        (
            "me/calendars",
            json!({"name": ""}),
            (400, "ErrorInvalidRequest"),
        ),
        (
            "me/calendars",
            json!({"name": "x", "color": "black"}),
            (400, "ErrorInvalidRequest"),
        ),
        (
            "me/calendars",
            json!({"name": "x", "isDefaultCalendar": true}),
            (400, "ErrorInvalidRequest"),
        ),
        (
            "me/calendarGroups",
            json!({"name": null}),
            (400, "ErrorInvalidRequest"),
        ),
        (
            "me/calendarGroups",
            json!({"name": "x", "color": "auto"}),
            (400, "ErrorInvalidRequest"),
        ),
    ] {
        assert_eq!(
            client.post(path, body.clone()).refusal(),
            refusal,
            "{path} {body}"
        );
    }
    let default = client.get("me/calendar");
    let default = at("calendars", &default);
    assert_eq!(
        client.delete(&default).refusal(),
        (400, "ErrorDeleteDistinguishedFolder")
    );
    let mine = client.get("me/calendarGroups").rows()[0]["id"]
        .as_str()
        .unwrap_or_default()
        .replace('=', "%3D");
    let mine = format!("me/calendarGroups/{mine}");
    assert_eq!(
        client.delete(&mine).refusal(),
        (400, "ErrorDeleteDistinguishedFolder")
    );
    assert_eq!(
        client.delete("me/calendars/x").refusal(),
        (400, "ErrorInvalidIdMalformed")
    );
    assert_eq!(
        client.ask("PUT", "me/calendars", &[], json!({})).status,
        405
    );
    let denied = client.ask_as(
        0,
        "Calendars.Read",
        "POST",
        "me/calendars",
        json!({"name": "x"}),
    );
    assert_eq!(denied.status, 403);
}
