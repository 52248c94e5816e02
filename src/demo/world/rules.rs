//! The inbox rules of the mailboxes: ordinary ones, and those that somebody should look into.

use serde_json::{Map, Value, json};

use super::ids::{Form, Item, Kind, encode};
use super::mailbox::ARCHIVE;
use crate::demo::encoding::base64;

/// The rules of a mailbox in the order in which they run.
pub fn all(mailbox: usize) -> Vec<Value> {
    let rules = match mailbox {
        0 => adele(),
        1 => alex(),
        2 => megan(),
        3 => patrick(),
        4 => jurgen(),
        5 => diego(),
        6 => isaiah(),
        7 => vec![rule(
            "Newsletters",
            json!({"headerContains": ["List-Unsubscribe"]}),
            json!({"moveToFolder": folder(7, JUNK), "stopProcessingRules": true}),
        )],
        9 => vec![rule(
            "LUNCH",
            json!({"subjectContains": ["Lunch?", "lunch"]}),
            json!({"assignCategories": ["Blue category"]}),
        )],
        10 => miriam(),
        _ => Vec::new(),
    };
    let numbered = rules.into_iter().enumerate().map(|(place, mut rule)| {
        // Ids are given out per mailbox, so every mailbox has the same ones.
        let id = base64(&[1, 0, 0, 0, 0x9E, 0x5D, 0x66, 0x9F + place as u8]);
        rule.insert("id".into(), json!(id));
        rule.entry("sequence").or_insert(json!(place + 1));
        Value::Object(rule)
    });
    numbered.collect()
}

const DELETED: usize = 4;
const JUNK: usize = 5;
const PROJECTS: usize = 15;
const ADATUM: usize = 25;
/// No mailbox has so many folders.
const GONE: usize = 999;

fn folder(mailbox: usize, number: usize) -> String {
    let item = Item {
        kind: Kind::Folder,
        mailbox,
        number,
        part: 0,
    };
    encode(item, Form::Container)
}

fn people(list: &[(&str, &str)]) -> Value {
    let recipient = |(name, address): &(&str, &str)| json!({"emailAddress": {"name": name, "address": address}});
    list.iter().map(recipient).collect()
}

/// An ordinary rule: on, sound, without exceptions.
fn rule(name: &str, conditions: Value, actions: Value) -> Map<String, Value> {
    let value = json!({
        "displayName": name, "isEnabled": true, "hasError": false, "isReadOnly": false,
        "conditions": conditions, "actions": actions, "exceptions": null,
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The same with one property changed.
fn but(mut rule: Map<String, Value>, name: &str, value: Value) -> Map<String, Value> {
    rule.insert(name.into(), value);
    rule
}

fn adele() -> Vec<Map<String, Value>> {
    let mut rules = filing();
    rules.extend(idle());
    rules.extend([
        rule(
            "Big mails",
            json!({"withinSizeRange": {"minimumSize": 10_000, "maximumSize": 50_000}, "hasAttachments": true}),
            json!({"copyToFolder": folder(0, ARCHIVE)}),
        ),
        but(
            but(everything(), "isEnabled", json!(false)),
            "sequence",
            json!(40),
        ),
        rule(
            "Out-of-office answers",
            json!({"isAutomaticReply": true, "sentToMe": true}),
            json!({"markAsRead": true, "moveToFolder": folder(0, DELETED)}),
        ),
    ]);
    rules
}

/// What she uses every day; one has exceptions.
fn filing() -> Vec<Map<String, Value>> {
    let adatum = people(&[
        ("Dana Swope", "danas@adatum.com"),
        ("Samantha Booth", "samanthab@adatum.com"),
    ]);
    let customers = rule(
        "Customers: Adatum",
        json!({"fromAddresses": adatum}),
        json!({"moveToFolder": folder(0, ADATUM)}),
    );
    let urgent =
        json!({"importance": "high", "sentOnlyToMe": true, "subjectContains": ["URGENT", "50%"]});
    vec![
        rule(
            "Remove spam",
            json!({"subjectContains": ["enter to win"]}),
            json!({"delete": true, "stopProcessingRules": true}),
        ),
        rule(
            "Weekly digests",
            json!({"subjectContains": ["weekly digest"]}),
            json!({"moveToFolder": folder(0, ARCHIVE), "markAsRead": true}),
        ),
        but(customers, "exceptions", urgent),
        rule(
            "O'Brien → \"VIP\" 🎉",
            json!({"fromAddresses": people(&[("Patrick O'Brien", "patrick.o'brien@contoso.com")])}),
            json!({"markImportance": "high", "assignCategories": ["Red category", "Müller's"]}),
        ),
    ]
}

/// Switched off, broken, and beyond what Graph can say.
fn idle() -> [Map<String, Value>; 3] {
    let paused = rule(
        "Old project (paused)",
        json!({"subjectContains": ["Project X"]}),
        json!({"moveToFolder": folder(0, PROJECTS)}),
    );
    let broken = rule(
        "Move to a folder that is gone",
        json!({"senderContains": ["@fabrikam.com"]}),
        json!({"moveToFolder": folder(0, GONE)}),
    );
    let unseen = rule("Received before 2026", Value::Null, Value::Null);
    [
        but(paused, "isEnabled", json!(false)),
        but(broken, "hasError", json!(true)),
        // What Graph cannot express it leaves out and marks as read-only (I microsoft-graph-docs#13225).
        but(unseen, "isReadOnly", json!(true)),
    ]
}

/// One rule that uses all there is.
fn everything() -> Map<String, Value> {
    let someone = people(&[("Megan Bowen", "megan@contoso.com")]);
    let conditions = json!({
        "bodyContains": ["a & b", "it's"], "bodyOrSubjectContains": ["Größe"], "categories": ["Blue category"], "fromAddresses": someone, "hasAttachments": true,
        "headerContains": ["X-Mailer: Contoso"], "importance": "low", "isApprovalRequest": false, "isAutomaticForward": false, "isAutomaticReply": false,
        "isEncrypted": false, "isMeetingRequest": true, "isMeetingResponse": false, "isNonDeliveryReport": false, "isPermissionControlled": false,
        "isReadReceipt": false, "isSigned": true, "isVoicemail": false, "messageActionFlag": "followUp", "notSentToMe": true, "recipientContains": ["sales"],
        "senderContains": ["ADELE"], "sensitivity": "confidential", "sentCcMe": true, "sentOnlyToMe": false, "sentToAddresses": someone, "sentToMe": false,
        "sentToOrCcMe": true, "subjectContains": ["snake_case", "100%"], "withinSizeRange": {"minimumSize": 0, "maximumSize": 2_147_483_647},
    });
    let actions = json!({
        "assignCategories": ["Blue category"], "copyToFolder": folder(0, PROJECTS), "delete": false, "forwardAsAttachmentTo": someone, "forwardTo": someone,
        "markAsRead": false, "markImportance": "normal", "moveToFolder": folder(0, ARCHIVE), "permanentDelete": false, "redirectTo": someone, "stopProcessingRules": false,
    });
    but(
        rule("Everything at once 100%_", conditions.clone(), actions),
        "exceptions",
        conditions,
    )
}

/// What an intruder leaves behind: all mail goes outside, invoices are gone before anyone sees them, and the names say nothing.
fn alex() -> Vec<Map<String, Value>> {
    vec![
        rule(
            ".",
            Value::Null,
            json!({"forwardTo": people(&[("alex", "alex.wilber.1987@mailbox.example")])}),
        ),
        rule(
            "..",
            json!({"subjectContains": ["invoice", "payment", "IBAN"]}),
            json!({"redirectTo": people(&[("", "billing@c0ntoso.example")]), "delete": true, "stopProcessingRules": true}),
        ),
        rule(
            "Team",
            json!({"sentToAddresses": people(&[("Sales", "group1@contoso.com")])}),
            json!({"moveToFolder": folder(1, PROJECTS)}),
        ),
    ]
}

fn megan() -> Vec<Map<String, Value>> {
    vec![
        rule(
            "Legal",
            json!({"senderContains": ["legal", "compliance"]}),
            json!({"permanentDelete": true}),
        ),
        rule(
            "Deputy",
            json!({"isMeetingRequest": true}),
            json!({"forwardTo": people(&[("Adele Vance", "adele@contoso.com"), ("Alex Wilber", "alex@contoso.com")])}),
        ),
    ]
}

fn patrick() -> Vec<Map<String, Value>> {
    let statements = rule(
        "Statements to the accountant",
        json!({"bodyOrSubjectContains": ["statement"]}),
        json!({"forwardAsAttachmentTo": people(&[("Rene\u{301}e", "renee@litware.com"), ("Jürgen Müller", "juergen.mueller@contoso.com")])}),
    );
    vec![but(
        statements,
        "exceptions",
        json!({"sensitivity": "private", "fromAddresses": people(&[("Adele Vance", "adele@contoso.com")])}),
    )]
}

/// Forwards outside, but only while he is away, and he is not.
fn jurgen() -> Vec<Map<String, Value>> {
    let away = rule(
        "Urlaub 2025",
        Value::Null,
        json!({"forwardTo": people(&[("Jürgen privat", "juergen@beispiel.de")])}),
    );
    vec![but(away, "isEnabled", json!(false))]
}

/// Two rules of one name, and one that has none.
fn diego() -> Vec<Map<String, Value>> {
    let status = |text: &str| {
        rule(
            "Status",
            json!({"subjectContains": [text]}),
            json!({"moveToFolder": folder(5, ARCHIVE)}),
        )
    };
    let nameless = rule(
        "",
        json!({"isVoicemail": true}),
        json!({"markAsRead": true}),
    );
    vec![
        status("status"),
        status("Status"),
        but(nameless, "displayName", Value::Null),
    ]
}

/// An old client made it and told the server nothing but the name.
fn isaiah() -> Vec<Map<String, Value>> {
    let mut old = rule("made by an old client", Value::Null, Value::Null);
    for name in ["sequence", "isEnabled", "hasError", "isReadOnly"] {
        old.insert(name.into(), Value::Null);
    }
    vec![old]
}

/// A telephone made it and told the server nothing but what to do.
fn miriam() -> Vec<Map<String, Value>> {
    let mut unsaid = rule(
        "",
        json!({"isVoicemail": true}),
        json!({"markAsRead": true}),
    );
    for name in [
        "displayName",
        "sequence",
        "isEnabled",
        "hasError",
        "isReadOnly",
    ] {
        unsaid.insert(name.into(), Value::Null);
    }
    vec![unsaid]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::schema;

    #[test]
    fn rules_are_made_of_what_the_schema_knows() {
        let (mut seen, mut null) = (Vec::new(), Vec::new());
        for rule in (0..12).flat_map(all) {
            for (name, value) in rule.as_object().expect("an object") {
                assert!(schema::member("messageRule", name).is_some(), "{name}");
                if value.is_null() {
                    &mut null
                } else {
                    &mut seen
                }
                .push(name.clone());
                let inner = match name.as_str() {
                    "actions" => "messageRuleActions",
                    _ => "messageRulePredicates",
                };
                for (part, _) in value.as_object().into_iter().flatten() {
                    assert!(schema::member(inner, part).is_some(), "{inner} {part}");
                }
            }
        }
        for (name, _) in schema::properties("messageRule") {
            assert!(seen.iter().any(|seen| seen == name), "{name} is never set");
            assert!(
                name == "id" || null.iter().any(|null| null == name),
                "{name} is never null"
            );
        }
        let all = everything();
        for (part, kind) in [
            ("conditions", "messageRulePredicates"),
            ("actions", "messageRuleActions"),
        ] {
            let used = all[part].as_object().map(Map::len);
            assert_eq!(used, Some(schema::properties(kind).len()), "{kind}");
        }
    }
}
