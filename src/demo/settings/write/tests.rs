//! What is written to rules, categories and settings, and what reads say then.

use serde_json::{Value, json};

use crate::demo::write::client::Client;

const RULES: &str = "me/mailFolders/inbox/messageRules";
const CATEGORIES: &str = "me/outlook/masterCategories";
const SETTINGS: &str = "me/mailboxSettings";

fn rule() -> Value {
    json!({"displayName": "New", "sequence": 2, "conditions": {"subjectContains": ["x"]},
        "actions": {"markAsRead": true, "stopProcessingRules": true}})
}

#[test]
fn rules_are_made_changed_and_deleted() {
    let client = Client::new();
    let before = client.get(RULES).rows().len();
    let mut body = rule();
    body["actions"]["moveToFolder"] = json!("archive");
    let made = client.post(RULES, body);
    assert_eq!(made.status, 201);
    assert!(made.headers.contains_key("Location"));
    let told = |name: &str| made.body[name].clone();
    assert_eq!(
        (told("isEnabled"), told("hasError"), told("exceptions")),
        (json!(true), json!(false), Value::Null)
    );
    let archive = client.get("me/mailFolders/archive").body["id"].clone();
    assert_eq!(told("actions")["moveToFolder"], archive);
    let path = format!("{RULES}/{}", made.id().replace('/', "%2F"));
    assert_eq!(client.get(&path).body, made.body);
    assert_eq!(client.get(RULES).rows().len(), before + 1);
    let changed = client.patch(
        &path,
        json!({"isEnabled": false, "actions": {"markImportance": "high"}}),
    );
    assert_eq!(
        (changed.status, &changed.body["isEnabled"]),
        (200, &json!(false))
    );
    assert_eq!(changed.body["actions"], json!({"markImportance": "high"}));
    assert_eq!(changed.body["conditions"], told("conditions"));
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&path).refusal(), (404, "ErrorItemNotFound"));
    assert_eq!(client.delete(&path).status, 404);
    let old = client.get(RULES).rows()[0].clone();
    let path = format!("{RULES}/{}", old["id"].as_str().expect("an id"));
    assert_eq!(
        client.patch(&path, json!({"sequence": 9})).body["sequence"],
        9
    );
    assert_eq!(client.get(RULES).rows()[0]["sequence"], 9);
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(RULES).rows().len(), before - 1);
}

#[test]
fn refused_rules() {
    let client = Client::new();
    let before = client.get(RULES).body;
    let with = |name: &str, value: Value| {
        let mut body = rule();
        body[name] = value;
        body
    };
    for body in [
        json!({"displayName": "a", "actions": {"delete": true}}),
        json!({"displayName": "a", "sequence": 1}),
        with("sequence", json!(0)),
        with("sequence", json!(1.5)),
        with("displayName", json!("")),
        with("actions", json!({})),
        with("actions", json!({"fly": true})),
        with("conditions", json!({"importance": "urgent"})),
        with("hasError", json!(false)),
        with("id", json!("AQAAAJ5dZp8=")),
    ] {
        let told = client.post(RULES, body.clone());
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{body}");
    }
    let nowhere = with("actions", json!({"moveToFolder": "nowhere"}));
    assert_eq!(
        client.post(RULES, nowhere).refusal(),
        (400, "ErrorInvalidIdMalformed")
    );
    let other = client.post("me/mailFolders/archive/messageRules", rule());
    assert_eq!(other.refusal(), (400, "ErrorInvalidRequest"));
    assert_eq!(client.patch(RULES, rule()).status, 405);
    let missing = format!("{RULES}/AQAAAAAAAAA=");
    assert_eq!(client.patch(&missing, json!({"sequence": 1})).status, 404);
    let read_only = before["value"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["isReadOnly"] == true)
        .expect("a rule");
    let path = format!("{RULES}/{}", read_only["id"].as_str().expect("an id"));
    assert_eq!(client.delete(&path).status, 400);
    assert_eq!(client.patch(&path, json!({"sequence": 1})).status, 400);
    for scope in ["MailboxSettings.Read", "Mail.ReadWrite"] {
        let told = client.ask_as(0, scope, "POST", RULES, rule());
        assert_eq!(told.refusal(), (403, "ErrorAccessDenied"), "{scope}");
    }
    assert_eq!(client.get(RULES).body, before);
    let told = client.ask_as(0, "MailboxSettings.ReadWrite", "POST", RULES, rule());
    assert_eq!(told.status, 201);
}

#[test]
fn categories_are_made_coloured_and_deleted() {
    let client = Client::new();
    let before = client.get(CATEGORIES).rows().len();
    let made = client.post(
        CATEGORIES,
        json!({"displayName": "New", "color": "preset9"}),
    );
    assert_eq!((made.status, &made.body["color"]), (201, &json!("preset9")));
    assert!(made.headers.contains_key("Location"));
    let path = format!("{CATEGORIES}/{}", made.id());
    assert_eq!(client.get(&path).body, made.body);
    assert_eq!(client.get(CATEGORIES).rows().len(), before + 1);
    let changed = client.patch(&path, json!({"color": "preset1"}));
    assert_eq!(
        (
            changed.status,
            &changed.body["color"],
            &changed.body["displayName"]
        ),
        (200, &json!("preset1"), &json!("New"))
    );
    let plain = client.post(CATEGORIES, json!({"displayName": "Plain"}));
    assert_eq!(plain.body["color"], "none");
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&path).status, 404);
    assert_eq!(client.delete(&path).status, 404);
    let old = client.get(CATEGORIES).rows()[0].clone();
    let path = format!("{CATEGORIES}/{}", old["id"].as_str().expect("an id"));
    assert_eq!(client.patch(&path, json!({"color": "preset2"})).status, 200);
    assert_eq!(client.get(CATEGORIES).rows()[0]["color"], "preset2");
    // The default categories have the same ids in every mailbox.
    let alex = client.get("users/alex@contoso.com/outlook/masterCategories");
    assert_eq!(alex.rows()[0]["color"], old["color"]);
}

#[test]
fn refused_categories() {
    let client = Client::new();
    let before = client.get(CATEGORIES).body;
    for body in [
        json!({}),
        json!({"displayName": ""}),
        json!({"displayName": "a", "color": "red"}),
        json!({"displayName": "a", "x": 1}),
    ] {
        let told = client.post(CATEGORIES, body.clone());
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{body}");
    }
    let taken = client.post(CATEGORIES, json!({"displayName": "RED category"}));
    assert_eq!(taken.status, 409);
    let id = before["value"][0]["id"].as_str().expect("an id");
    let path = format!("{CATEGORIES}/{id}");
    let renamed = client.patch(&path, json!({"displayName": "New"}));
    assert_eq!(renamed.refusal(), (400, "ErrorInvalidPropertySet"));
    let malformed = client.delete(&format!("{CATEGORIES}/x"));
    assert_eq!(malformed.refusal(), (400, "ErrorInvalidIdMalformed"));
    assert_eq!(client.ask("PUT", &path, &[], json!({})).status, 405);
    assert_eq!(
        client
            .post("me/outlook/supportedLanguages", json!({}))
            .status,
        405
    );
    let read = client.ask_as(0, "MailboxSettings.Read", "DELETE", &path, Value::Null);
    assert_eq!(read.refusal(), (403, "ErrorAccessDenied"));
    assert_eq!(client.get(CATEGORIES).body, before);
}

#[test]
fn settings_change_in_parts() {
    let client = Client::new();
    let before = client.get(SETTINGS).body;
    let told = client.patch(
        SETTINGS,
        json!({"timeZone": "Europe/Berlin", "language": {"locale": "de-DE"}, "dateFormat": "dd.MM.yyyy"}),
    );
    assert_eq!(told.status, 200);
    assert_eq!(told.body["language"]["displayName"], "German (Germany)");
    assert_eq!(told.body.get("workingHours"), None);
    let away = json!({"automaticRepliesSetting": {"status": "scheduled", "internalReplyMessage": "Away",
        "scheduledStartDateTime": {"dateTime": "2026-12-01T08:00:00", "timeZone": "UTC"},
        "scheduledEndDateTime": {"dateTime": "2026-12-05T08:00:00", "timeZone": "UTC"}}});
    let told = client.patch(SETTINGS, away).body;
    let replies = &told["automaticRepliesSetting"];
    assert_eq!(
        replies["scheduledEndDateTime"]["dateTime"],
        "2026-12-05T08:00:00.0000000"
    );
    assert_eq!(replies["externalAudience"], "all");
    let hours = json!({"workingHours": {"startTime": "07:30", "daysOfWeek": ["monday"]}});
    assert_eq!(client.patch(SETTINGS, hours).status, 200);
    let now = client.get(SETTINGS).body;
    assert_eq!(now["timeZone"], "Europe/Berlin");
    assert_eq!(now["timeFormat"], before["timeFormat"]);
    assert_eq!(now["workingHours"]["startTime"], "07:30:00.0000000");
    assert_eq!(
        now["workingHours"]["endTime"],
        before["workingHours"]["endTime"]
    );
    let part = client.get(&format!("{SETTINGS}/timeZone")).body;
    assert_eq!(part["value"], "Europe/Berlin");
    let user = client.get("me?$select=mailboxSettings").body;
    assert_eq!(user["mailboxSettings"]["dateFormat"], "dd.MM.yyyy");
    let asked = json!({"schedules": ["adele@contoso.com"],
        "startTime": {"dateTime": "2026-12-01T00:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-12-02T00:00:00", "timeZone": "UTC"}});
    let free = client.post("me/calendar/getSchedule", asked);
    assert_eq!(free.rows()[0]["workingHours"], now["workingHours"]);
    let alex = client.get("users/alex@contoso.com/mailboxSettings").body;
    assert_ne!(alex["timeZone"], "Europe/Berlin");
}

#[test]
fn refused_settings() {
    let client = Client::new();
    let before = client.get(SETTINGS).body;
    for body in [
        json!({"userPurpose": "room"}),
        json!({"archiveFolder": "x"}),
        json!({"foo": 1}),
        json!({"timeZone": "Middle Earth"}),
        json!({"timeZone": 1}),
        json!({"language": {"locale": "xx"}}),
        json!({"workingHours": {"startTime": "25:00"}}),
        json!({"workingHours": {"daysOfWeek": ["Monday"]}}),
        json!({"workingHours": {"timeZone": {"name": "Nowhere"}}}),
        json!({"automaticRepliesSetting": {"status": "on"}}),
        json!({"automaticRepliesSetting": {"scheduledStartDateTime": {"dateTime": "soon", "timeZone": "UTC"}}}),
        json!({"automaticRepliesSetting": {"status": "scheduled",
            "scheduledStartDateTime": {"dateTime": "2027-01-01T00:00:00", "timeZone": "UTC"}}}),
        json!({"delegateMeetingMessageDeliveryOptions": "nobody"}),
    ] {
        let told = client.patch(SETTINGS, body.clone());
        assert_eq!(told.refusal(), (400, "ErrorInvalidPropertySet"), "{body}");
    }
    assert_eq!(client.post(SETTINGS, json!({})).status, 405);
    assert_eq!(client.delete(SETTINGS).status, 405);
    let part = format!("{SETTINGS}/timeZone");
    assert_eq!(client.patch(&part, json!({"value": "UTC"})).status, 405);
    let body = json!({"timeZone": "UTC"});
    let read = client.ask_as(0, "MailboxSettings.Read", "PATCH", SETTINGS, body.clone());
    assert_eq!(read.refusal(), (403, "ErrorAccessDenied"));
    assert_eq!(client.get(SETTINGS).body, before);
    let may = client.ask_as(0, "MailboxSettings.ReadWrite", "PATCH", SETTINGS, body);
    assert_eq!(may.status, 200);
}
