//! The settings of the mailboxes: automatic replies, working hours, categories.

use serde_json::{Value, json};

use super::ids::{Form, Item, Kind, encode};
use super::mailbox::ARCHIVE;
use super::people::MAILBOXES;
use crate::demo::random::guid;

/// `mailboxSettings` of a mailbox, also what the user property of that name shows.
pub fn settings(mailbox: usize) -> Value {
    let chosen = (mailbox != UNOPENED).then_some(());
    json!({
        "archiveFolder": archive(mailbox),
        "timeZone": chosen.map(|()| "UTC"),
        "delegateMeetingMessageDeliveryOptions": delegates(mailbox),
        "dateFormat": chosen.map(|()| "yyyy-MM-dd"),
        "timeFormat": chosen.map(|()| "HH:mm"),
        "userPurpose": chosen.map(|()| "user"),
        "automaticRepliesSetting": automatic_replies(mailbox),
        "language": language(mailbox),
        "workingHours": working_hours(mailbox),
    })
}

/// The mailbox whose owner reads mail on a telephone only: nobody ever chose anything there.
const UNOPENED: usize = 10;

/// The folder into which old mail is moved; most people never named one.
fn archive(mailbox: usize) -> Option<String> {
    let folder = Item {
        kind: Kind::Folder,
        mailbox,
        number: ARCHIVE,
        part: 0,
    };
    (mailbox == 1).then(|| encode(folder, Form::Container))
}

fn delegates(mailbox: usize) -> Option<&'static str> {
    [
        Some("sendToDelegateOnly"),
        Some("sendToDelegateAndPrincipal"),
        None,
        Some("sendToDelegateAndInformationToPrincipal"),
    ][mailbox % 4]
}

/// Megan is away and tells the world, Patrick will be, Jürgen forgot to stop in January.
fn automatic_replies(mailbox: usize) -> Value {
    if mailbox == UNOPENED {
        return Value::Null;
    }
    let (status, audience, from, to, inside, outside) = match mailbox {
        1 => (
            "disabled",
            "all",
            "2025-08-01",
            "2025-08-15",
            Some("Away until 15 August."),
            Some(""),
        ),
        2 => (
            "alwaysEnabled",
            "all",
            "2026-11-30",
            "2026-12-01",
            Some("On leave. Ask <b>Adele</b>."),
            Some(
                "I'm on leave & back in March. My deputy: adele@contoso.com, mobile +1 425 555 0100.",
            ),
        ),
        3 => (
            "scheduled",
            "contactsOnly",
            "2026-12-20",
            "2027-01-04",
            Some("Merry Christmas 🎄"),
            Some("Merry Christmas"),
        ),
        4 => (
            "scheduled",
            "none",
            "2026-01-02",
            "2026-01-09",
            Some("Bin im Urlaub, Grüße, Jürgen"),
            None,
        ),
        _ => ("disabled", "all", "2026-11-30", "2026-12-01", None, None),
    };
    let at = |day: &str| json!({"dateTime": format!("{day}T08:00:00.0000000"), "timeZone": "UTC"});
    json!({
        "status": status,
        "externalAudience": audience,
        "scheduledStartDateTime": at(from),
        "scheduledEndDateTime": at(to),
        "internalReplyMessage": inside,
        "externalReplyMessage": outside,
    })
}

/// Null where nobody ever opened the mailbox in a browser.
fn language(mailbox: usize) -> Value {
    match mailbox {
        4 => json!({"locale": "de-DE", "displayName": "German (Germany)"}),
        5 | UNOPENED | 11 => Value::Null,
        8 => json!({"locale": "zh-CN", "displayName": "Chinese (Simplified, China)"}),
        _ => json!({"locale": "en-US", "displayName": "English (United States)"}),
    }
}

/// Null where nobody ever set any.
pub fn working_hours(mailbox: usize) -> Value {
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let (days, start, end, zone): (&[&str], &str, &str, Value) = match mailbox {
        0 => (
            &week,
            "08:00",
            "17:00",
            json!({"name": "Pacific Standard Time"}),
        ),
        1 | 4 => (
            &week[..4],
            "09:00",
            "17:30",
            json!({"name": "W. Europe Standard Time"}),
        ),
        2 => (&week, "08:00", "17:00", customized()),
        3 => (
            &["sunday", "monday"],
            "22:00",
            "06:00",
            json!({"name": "Tokyo Standard Time"}),
        ),
        5 => (&[], "09:00", "17:00", json!({"name": "UTC"})),
        7 | UNOPENED => return Value::Null,
        _ => (&week, "09:00", "17:00", json!({"name": "UTC"})),
    };
    json!({
        "daysOfWeek": days,
        "startTime": format!("{start}:00.0000000"),
        "endTime": format!("{end}:00.0000000"),
        "timeZone": zone,
    })
}

/// The zone of calendar-getschedule's example: one that has no name of its own.
fn customized() -> Value {
    let change = |occurrence: u8, month: u8| json!({"time": "02:00:00.0000000", "dayOccurrence": occurrence, "dayOfWeek": "sunday", "month": month, "year": 0});
    let mut daylight = change(2, 3);
    daylight["daylightBias"] = json!(-60);
    json!({
        "@odata.type": "#microsoft.graph.customTimeZone",
        "bias": 480,
        "name": "Customized Time Zone",
        "standardOffset": change(1, 11),
        "daylightOffset": daylight,
    })
}

/// The categories that every new mailbox gets, and their colours.
const DEFAULT: &[(&str, &str)] = &[
    ("Red category", "preset0"),
    ("Orange category", "preset1"),
    ("Yellow category", "preset3"),
    ("Green category", "preset4"),
    ("Blue category", "preset7"),
    ("Purple category", "preset8"),
];
/// Categories of the first mailbox's own; an old client left one without a colour.
const OWN: &[(&str, Option<&str>)] = &[
    ("Müller's", Some("preset9")),
    ("100% done", Some("preset22")),
    ("snake_case", Some("none")),
    ("🎉 / \"Party\"", None),
    ("Unused", Some("preset24")),
];

/// The master categories of a mailbox; the last has none. "Müller's" is in use in mailboxes that do not list it.
pub fn categories(mailbox: usize) -> Vec<Value> {
    let default = match mailbox {
        last if last + 1 == MAILBOXES => 0,
        10 => 1,
        _ => DEFAULT.len(),
    };
    let own = match mailbox {
        0 => OWN,
        4 => &OWN[..1],
        _ => &[],
    };
    let category = |id: String, name: &str, color: Option<&str>| json!({"id": id, "displayName": name, "color": color});
    // The default ones have the same ids everywhere: ids are unique per mailbox only.
    let given = DEFAULT[..default].iter().enumerate();
    let mut all: Vec<Value> = given
        .map(|(i, (name, color))| category(guid(&[210, i as u64]), name, Some(*color)))
        .collect();
    let more = own.iter().enumerate();
    all.extend(
        more.map(|(i, (name, color))| {
            category(guid(&[211, mailbox as u64, i as u64]), name, *color)
        }),
    );
    // A category that an old client made has no name.
    if mailbox == 10 {
        all.push(json!({"id": guid(&[212]), "displayName": null, "color": "preset5"}));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::schema;

    #[test]
    fn settings_are_made_of_what_the_schema_knows() {
        let all: Vec<Value> = (0..MAILBOXES).map(settings).collect();
        let known = schema::properties("mailboxSettings");
        assert_eq!(all[0].as_object().map(|map| map.len()), Some(known.len()));
        for (name, kind) in known {
            for value in all.iter().map(|settings| &settings[name]) {
                for (part, _) in value.as_object().into_iter().flatten() {
                    assert!(schema::member(kind, part).is_some(), "{name} {part}");
                }
                if let (Some(members), false) = (schema::enum_members(kind), value.is_null()) {
                    assert!(value.as_str().is_some_and(|value| members.contains(&value)));
                }
            }
        }
        let colors = schema::enum_members("categoryColor").expect("an enumeration");
        for category in (0..MAILBOXES).flat_map(categories) {
            let color = &category["color"];
            assert!(color.is_null() || color.as_str().is_some_and(|color| colors.contains(&color)));
        }
    }
}
