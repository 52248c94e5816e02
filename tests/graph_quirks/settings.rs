//! Inbox rules, master categories, mailbox settings, languages and time zones (FACTS 1.1, 1.2).

use crate::http::{APP, ask, get, get_with};
use crate::{encoded, refused};
use serde_json::{Value, json};

const RULES: &str = "/v1.0/me/mailFolders/inbox/messageRules";
const CATEGORIES: &str = "/v1.0/me/outlook/masterCategories";

fn of(user: &str, rest: &str) -> Vec<Value> {
    get(&format!("/v1.0/users/{user}@contoso.com/{rest}")).rows()
}

fn named<'r>(rows: &'r [Value], name: &str) -> &'r Value {
    let found = rows.iter().find(|row| row["displayName"] == name);
    found.expect("a row of that name")
}

#[test]
fn rules_come_whole_in_the_order_in_which_they_run() {
    let rules = get(RULES).rows();
    assert_eq!(rules.len(), 10);
    assert_eq!(
        (
            &rules[0]["id"],
            &rules[0]["displayName"],
            &rules[0]["sequence"]
        ),
        (&json!("AQAAAJ5dZp8="), &json!("Remove spam"), &json!(1))
    );
    assert_eq!(
        rules[0]["actions"],
        json!({"delete": true, "stopProcessingRules": true}),
        "only what is set"
    );
    assert!(rules[0]["exceptions"].is_null());
    assert_eq!(rules[8]["sequence"], 40);
    let without = of("lee", "mailFolders/inbox/messageRules");
    assert_eq!(without, Vec::<Value>::new());
    // The id is of the mailbox only: others have the same.
    assert_eq!(
        of("alex", "mailFolders/inbox/messageRules")[0]["id"],
        rules[0]["id"]
    );
    let one = get(&format!("{RULES}/{}", encoded(&rules[2]["id"])));
    assert_eq!(one.json()["exceptions"]["importance"], "high");
    refused(&get(&format!("{RULES}/x")), 400, "ErrorInvalidIdMalformed");
    refused(
        &get(&format!("{RULES}/AQAAAAAAAAA%3D")),
        404,
        "ErrorItemNotFound",
    );
}

#[test]
fn rules_are_of_the_inbox_only() {
    let inbox = get("/v1.0/me/mailFolders/inbox?$select=id").json();
    let by_id = format!(
        "/v1.0/me/mailFolders/{}/messageRules",
        encoded(&inbox["id"])
    );
    assert_eq!(get(&by_id).rows().len(), 10);
    for folder in ["drafts", "archive", "msgfolderroot"] {
        refused(
            &get(&format!("/v1.0/me/mailFolders/{folder}/messageRules")),
            400,
            "ErrorInvalidRequest",
        );
    }
    refused(
        &get("/v1.0/me/mailFolders/nowhere/messageRules"),
        400,
        "ErrorInvalidIdMalformed",
    );
}

#[test]
fn rules_and_categories_select_and_nothing_else() {
    for path in [RULES, CATEGORIES] {
        for option in [
            "$filter=displayName eq 'x'",
            "$top=1",
            "$skip=1",
            "$count=true",
            "$orderby=displayName",
            "$search=\"x\"",
            "$expand=extensions",
        ] {
            refused(
                &get(&format!("{path}?{option}")),
                400,
                "ErrorInvalidUrlQuery",
            );
        }
        refused(&get(&format!("{path}?$select=nothing")), 400, "BadRequest");
        let row = get(&format!("{path}?$select=displayName")).rows().remove(0);
        let keys: Vec<&String> = row.as_object().expect("a row").keys().collect();
        assert_eq!(keys, ["displayName", "id"], "{path}");
        // Not paged, so a preferred page size changes nothing.
        let all = get_with(path, &[("Prefer", "odata.maxpagesize=2")]);
        assert_eq!((all.rows().len() > 9, all.next()), (true, None), "{path}");
    }
}

#[test]
fn rules_that_somebody_should_look_into() {
    let mine = get(RULES).rows();
    let folder = |rule: &Value| encoded(&rule["actions"]["moveToFolder"]);
    let broken = named(&mine, "Move to a folder that is gone");
    assert_eq!(broken["hasError"], true);
    refused(
        &get(&format!("/v1.0/me/mailFolders/{}", folder(broken))),
        404,
        "ErrorItemNotFound",
    );
    let adatum = named(&mine, "Customers: Adatum");
    let path = format!("/v1.0/me/mailFolders/{}", folder(adatum));
    assert_eq!(get(&path).json()["displayName"], "Adatum");
    assert_eq!(named(&mine, "Old project (paused)")["isEnabled"], false);
    let unseen = named(&mine, "Received before 2026");
    assert_eq!(
        (
            &unseen["isReadOnly"],
            &unseen["conditions"],
            &unseen["actions"]
        ),
        (&json!(true), &Value::Null, &Value::Null)
    );
    let alex = of("alex", "mailFolders/inbox/messageRules");
    assert_eq!(
        (&alex[0]["displayName"], &alex[0]["conditions"]),
        (&json!("."), &Value::Null)
    );
    assert_eq!(
        alex[0]["actions"]["forwardTo"][0]["emailAddress"]["address"],
        "alex.wilber.1987@mailbox.example"
    );
    let megan = of("megan", "mailFolders/inbox/messageRules");
    assert_eq!(megan[0]["actions"], json!({"permanentDelete": true}));
    let old = of("isaiah", "mailFolders/inbox/messageRules");
    assert!(old[0]["sequence"].is_null() && old[0]["isEnabled"].is_null());
}

#[test]
fn categories_have_ids_of_their_mailbox() {
    let (mine, alex) = (
        get(CATEGORIES).rows(),
        of("alex", "outlook/masterCategories"),
    );
    assert_eq!((mine.len(), alex.len()), (11, 6));
    assert_eq!(named(&mine, "Blue category")["color"], "preset7");
    assert_eq!(
        named(&mine, "Blue category")["id"],
        named(&alex, "Blue category")["id"]
    );
    // In use there, but not in the list.
    assert!(alex.iter().all(|row| row["displayName"] != "Müller's"));
    assert_eq!(of("nestor", "outlook/masterCategories").len(), 0);
    let own = named(&mine, "Müller's")["id"].as_str().expect("an id");
    assert_eq!(
        get(&format!("{CATEGORIES}/{own}")).json()["displayName"],
        "Müller's"
    );
    refused(
        &get(&format!(
            "/v1.0/users/alex@contoso.com/outlook/masterCategories/{own}"
        )),
        404,
        "ErrorItemNotFound",
    );
    refused(
        &get(&format!("{CATEGORIES}/Red")),
        400,
        "ErrorInvalidIdMalformed",
    );
}

#[test]
fn settings_are_one_value_and_seven_parts() {
    let all = get("/v1.0/me/mailboxSettings").json();
    assert_eq!(
        all["workingHours"]["timeZone"]["name"],
        "Pacific Standard Time"
    );
    let of_user = get("/v1.0/me?$select=mailboxSettings").json();
    for (name, value) in of_user["mailboxSettings"].as_object().expect("settings") {
        assert_eq!(all[name], *value, "{name}");
    }
    let part = |name: &str| get(&format!("/v1.0/me/mailboxSettings/{name}"));
    assert_eq!(part("timeZone").json()["value"], "UTC");
    assert_eq!(part("dateFormat").json()["value"], "yyyy-MM-dd");
    assert_eq!(part("workingHours").json()["startTime"], "08:00:00.0000000");
    assert_eq!(part("language").json()["locale"], "en-US");
    assert_eq!(part("automaticRepliesSetting").json()["status"], "disabled");
    refused(&part("archiveFolder"), 400, "BadRequest");
    refused(&part("nothing"), 400, "BadRequest");
    // A part that is null has an address and no content.
    let none = get("/v1.0/users/diego@contoso.com/mailboxSettings/language");
    assert_eq!((none.status, none.body.len()), (204, 0));
    let selected = get("/v1.0/me/mailboxSettings?$select=timeZone,language").json();
    let keys: Vec<&String> = selected.as_object().expect("settings").keys().collect();
    assert_eq!(keys, ["@odata.context", "language", "timeZone"]);
    refused(
        &get("/v1.0/me/mailboxSettings?$top=1"),
        400,
        "ErrorInvalidUrlQuery",
    );
    refused(
        &get("/v1.0/me/mailboxSettings?$select=x"),
        400,
        "BadRequest",
    );
    let away = get("/v1.0/users/megan@contoso.com/mailboxSettings").json();
    assert_eq!(away["automaticRepliesSetting"]["status"], "alwaysEnabled");
}

#[test]
fn settings_need_a_mailbox() {
    for rest in [
        "mailboxSettings",
        "mailboxSettings/timeZone",
        "outlook/masterCategories",
        "outlook/supportedLanguages",
        "mailFolders/inbox/messageRules",
    ] {
        let path = format!("/v1.0/users/room52@contoso.com/{rest}");
        refused(&get(&path), 404, "MailboxNotEnabledForRESTAPI");
        refused(
            &get(&format!("/v1.0/users/nobody@contoso.com/{rest}")),
            404,
            "ErrorInvalidUser",
        );
        let app = [("Authorization", APP.as_str())];
        let path = format!("/v1.0/users/adele@contoso.com/{rest}");
        assert_eq!(ask("GET", &path, &app, "").status, 200, "{rest}");
    }
}

#[test]
fn languages_and_time_zones() {
    let languages = get("/v1.0/me/outlook/supportedLanguages").rows();
    assert_eq!(languages.len(), 79);
    assert_eq!(
        languages[0],
        json!({"locale": "af-ZA", "displayName": "Afrikaans (South Africa)"})
    );
    let zones = |function: &str| get(&format!("/v1.0/me/outlook/supportedTimeZones{function}"));
    let windows = zones("").rows();
    assert_eq!(windows.len(), 60);
    assert_eq!(
        windows[1],
        json!({"alias": "Pacific Standard Time", "displayName": "(UTC-08:00) Pacific Time (US & Canada)"})
    );
    let standard = |name: &str| {
        zones(&format!(
            "(TimeZoneStandard=microsoft.graph.timeZoneStandard'{name}')"
        ))
    };
    assert_eq!(standard("Windows").rows(), windows);
    let iana = standard("Iana").rows();
    assert_eq!(
        iana[1],
        json!({"alias": "America/Los_Angeles", "displayName": "America/Los_Angeles"})
    );
    refused(&standard("Posix"), 400, "BadRequest");
    refused(&zones("(x='1')"), 400, "BadRequest");
    refused(&zones("?$top=1"), 400, "ErrorInvalidUrlQuery");
    refused(&zones("?$select=alias"), 400, "ErrorInvalidUrlQuery");
    refused(&get("/v1.0/me/outlook/nothing"), 400, "BadRequest");
    // Each of them can be preferred, under both names.
    for name in [&windows[59]["alias"], &iana[59]["alias"]] {
        let prefer = format!("outlook.timezone=\"{}\"", name.as_str().expect("a name"));
        let event = get_with("/v1.0/me/events?$top=1", &[("Prefer", &prefer)]);
        assert_eq!(
            event.rows()[0]["start"]["timeZone"],
            "Line Islands Standard Time"
        );
    }
}
