//! A message as Graph shows it: every property made when it is asked for.

use serde_json::{Value, json};

use super::{Place, body};
use crate::demo::encoding::{base64, percent_encode};
use crate::demo::query::kql::Searchable;
use crate::demo::query::row::Row;
use crate::demo::random::{guid, mix};
use crate::demo::time::{self, DAY, SECOND};
use crate::demo::world::ids::{Form, Item, Kind, encode};
use crate::demo::world::message::{Facts, facts, text};
use crate::demo::write::ledger::Entry;

/// What a message does not have that another mail system put there: the body, what nobody chose, and when it left.
const UNKNOWN: &[&str] = &[
    "body",
    "bodyPreview",
    "uniqueBody",
    "sentDateTime",
    "conversationId",
    "flag",
    "importance",
    "inferenceClassification",
];

/// How the caller wants to see messages.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Which form ids take.
    pub form: Form,
    /// `text` or `html` when asked for; else as stored.
    pub body: Option<&'static str>,
    /// Without what `Mail.ReadBasic` hides.
    pub basic: bool,
}

impl View {
    /// With ids of a form, and otherwise as stored.
    pub fn plain(form: Form) -> View {
        View {
            form,
            body: None,
            basic: false,
        }
    }
}

/// One message.
pub struct MessageRow<'b> {
    place: Place<'b>,
    number: usize,
    view: View,
    /// What was written about it.
    entry: Option<&'b Entry>,
    /// What the properties of a generated one follow from.
    facts: Option<Facts>,
}

impl<'b> MessageRow<'b> {
    /// The message with a number.
    pub fn new(place: Place<'b>, number: usize, view: View) -> MessageRow<'b> {
        let generated = number < place.mailbox.length();
        MessageRow {
            place,
            number,
            view,
            entry: place.changes.numbered(number),
            facts: generated.then(|| facts(place.mailbox, place.users, number)),
        }
    }

    /// What a generated one follows from.
    pub fn facts(&self) -> Option<&Facts> {
        self.facts.as_ref()
    }

    /// What `$search` looks at.
    pub fn searchable(&self) -> Searchable {
        let people = |name: &str| {
            let value = self.property(name);
            let all = value
                .as_array()
                .map_or(std::slice::from_ref(&value), Vec::as_slice);
            all.iter()
                .map(name_and_address)
                .collect::<Vec<_>>()
                .join(" ")
        };
        let word = |name: &str| {
            let value = self.property(name);
            value.as_str().unwrap_or_default().to_string()
        };
        let body = self.plain();
        let size = 2_000 + body.len() as i64;
        let attachments = self.property("hasAttachments") == true;
        let meeting = self.type_name() != "message";
        let texts = vec![
            ("subject", word("subject")),
            ("body", body),
            ("from", people("from")),
            ("to", people("toRecipients")),
            ("cc", people("ccRecipients")),
            ("bcc", people("bccRecipients")),
            ("importance", word("importance")),
            ("kind", (if meeting { "meetings" } else { "email" }).into()),
            (
                "attachment",
                (if attachments { "report pdf" } else { "" }).into(),
            ),
        ];
        Searchable {
            texts,
            received: time::parse(&word("receivedDateTime")).unwrap_or_default(),
            size,
            attachments,
        }
    }

    /// The id in the form asked for.
    pub fn id(&self) -> String {
        let part = self.place.part(self.number, self.view.form);
        let item = Item {
            part,
            ..self.item(Kind::Message)
        };
        encode(item, self.view.form)
    }

    /// The body, as text or HTML.
    pub fn body(&self) -> (&'static str, String) {
        match (&self.facts, self.written_body()) {
            (Some(facts), None) => {
                let html = self.view.body.map_or(facts.html, |wanted| wanted == "html");
                let text = text(facts);
                if html {
                    ("html", body::html(&text))
                } else {
                    ("text", text)
                }
            }
            (_, Some((kind, content))) => body::shown(kind, content, self.view.body),
            (None, None) => ("text", String::new()),
        }
    }

    /// The text of the body, without markup.
    pub fn plain(&self) -> String {
        match (&self.facts, self.written_body()) {
            (Some(facts), None) => text(facts),
            (_, Some((kind, content))) => body::shown(kind, content, Some("text")).1,
            (None, None) => String::new(),
        }
    }

    fn written_body(&self) -> Option<(&'b str, &'b str)> {
        let body = self.entry?.values.get("body")?;
        let kind = body["contentType"].as_str().unwrap_or("text");
        Some((kind, body["content"].as_str().unwrap_or_default()))
    }

    fn item(&self, kind: Kind) -> Item {
        Item {
            kind,
            mailbox: self.place.mailbox.number,
            number: self.number,
            part: 0,
        }
    }

    /// Another one after each write.
    pub fn change_key(&self) -> String {
        let seed = self
            .facts
            .as_ref()
            .map_or(self.number as u64, |facts| facts.seed);
        let key = match self.entry {
            None => mix(&[60, seed]),
            Some(entry) => mix(&[60, seed, entry.revision]),
        };
        base64(&[b"CQAAABYAAA".as_slice(), &key.to_be_bytes()].concat())
    }

    fn flag(&self, facts: &Facts) -> Value {
        let at = |ticks: i64| json!({"dateTime": time::show_wall(ticks), "timeZone": "UTC"});
        let day = facts.received / DAY * DAY;
        match facts.flag {
            "flagged" => {
                json!({"flagStatus": "flagged", "startDateTime": at(day), "dueDateTime": at(day + 3 * DAY)})
            }
            "complete" => json!({"flagStatus": "complete", "completedDateTime": at(day + 2 * DAY)}),
            other => json!({"flagStatus": other}),
        }
    }

    fn conversation(&self) -> usize {
        self.number / 4
    }

    fn instant(facts: &Facts, name: &str) -> Value {
        let (received, later) = (facts.received, (mix(&[63, facts.seed]) % 7) as i64 * DAY);
        let sent = received - (mix(&[62, facts.seed]) % 60) as i64 * SECOND;
        json!(match name {
            "receivedDateTime" => Some(time::show(received)),
            "sentDateTime" => Some(time::show(sent)),
            "createdDateTime" => Some(time::show(received + SECOND)),
            "lastModifiedDateTime" => Some(time::show(received + 2 * SECOND + later)),
            _ => None,
        })
    }

    /// What few people look at. Drafts were never sent: what transport would have filled in is null on some of them.
    fn rare(&self, facts: &Facts, name: &str) -> Value {
        let unsent = facts.draft && facts.seed.is_multiple_of(2);
        match name {
            "conversationIndex" => json!((!unsent).then(|| {
                base64(
                    &mix(&[64, self.conversation() as u64])
                        .to_be_bytes()
                        .repeat(3)[..22],
                )
            })),
            "internetMessageId" => json!((!unsent).then(|| message_id(facts))),
            "isReadReceiptRequested" => json!((!unsent).then_some(facts.seed.is_multiple_of(20))),
            "isDeliveryReceiptRequested" => {
                json!((!facts.draft).then_some(facts.seed.is_multiple_of(25)))
            }
            "internetMessageHeaders" => {
                json!([{"name": "Message-ID", "value": message_id(facts)}, {"name": "X-Mailer", "value": "Contoso"}])
            }
            "receivedDateTime" | "sentDateTime" | "createdDateTime" | "lastModifiedDateTime" => {
                Self::instant(facts, name)
            }
            other => Self::event_property(facts, other),
        }
    }

    fn event_property(facts: &Facts, name: &str) -> Value {
        if facts.type_name == "message" {
            return Value::Null;
        }
        let start = facts.received / DAY * DAY + 3 * DAY + 9 * 3_600 * SECOND;
        let at = |ticks: i64| json!({"dateTime": time::show_wall(ticks), "timeZone": "UTC"});
        match name {
            "meetingMessageType" => json!(if facts.type_name == "eventMessageRequest" {
                "meetingRequest"
            } else {
                "meetingAccepted"
            }),
            "startDateTime" => at(start),
            "endDateTime" => at(start + 3_600 * SECOND),
            "type" => json!("singleInstance"),
            "isAllDay"
            | "isDelegated"
            | "isOutOfDate"
            | "responseRequested"
            | "allowNewTimeProposals" => json!(name.starts_with(['r', 'a'])),
            "meetingRequestType" => json!("newMeetingRequest"),
            "location" => {
                json!({"displayName": "Conf Room Adams", "locationType": "default", "uniqueIdType": "unknown"})
            }
            _ => Value::Null,
        }
    }

    /// Whether a message that another mail system put there has never been told this.
    fn lacks(&self, name: &str) -> bool {
        let imported = self.facts.as_ref().is_some_and(|facts| facts.imported);
        let source = match name {
            "bodyPreview" | "uniqueBody" => "body",
            other => other,
        };
        let written = || {
            self.entry
                .is_some_and(|entry| entry.values.contains_key(source))
        };
        imported && UNKNOWN.contains(&name) && !written()
    }

    /// What a generated message says.
    fn generated(&self, facts: &Facts, name: &str) -> Value {
        match name {
            "subject" => json!(facts.subject),
            "from" | "sender" => facts.from.as_ref().map_or(Value::Null, recipient),
            "toRecipients" => people(&facts.recipients[0]),
            "ccRecipients" => people(&facts.recipients[1]),
            "bccRecipients" => people(&facts.recipients[2]),
            "replyTo" => people(&facts.recipients[3]),
            "isRead" => json!(facts.read),
            "isDraft" => json!(facts.draft),
            "hasAttachments" => json!(facts.attachments > 0),
            "importance" => json!(facts.importance),
            "inferenceClassification" => json!(facts.inference),
            "categories" => json!(facts.categories),
            "flag" => self.flag(facts),
            other => self.rare(facts, other),
        }
    }

    /// What follows from where the message is and what it says now; none for all the rest.
    fn derived(&self, name: &str) -> Option<Value> {
        Some(match name {
            "body" | "bodyPreview" | "uniqueBody" if self.view.basic => Value::Null,
            "id" => json!(self.id()),
            "changeKey" => json!(self.change_key()),
            "parentFolderId" => json!(self.place.folder_id(self.place.folder_of(self.number))),
            "body" | "uniqueBody" => {
                let (kind, content) = self.body();
                json!({"contentType": kind, "content": content})
            }
            "bodyPreview" => json!(self.plain().chars().take(255).collect::<String>()),
            "webLink" => {
                let id = percent_encode(&self.id());
                json!(format!(
                    "https://outlook.office365.com/owa/?ItemID={id}&exvsurl=1&viewmodel=ReadMessageItem"
                ))
            }
            _ => return None,
        })
    }

    fn conversation_id(&self) -> Value {
        let conversation = Item {
            number: self.conversation(),
            ..self.item(Kind::Conversation)
        };
        json!(encode(conversation, Form::Mutable))
    }
}

impl Row for MessageRow<'_> {
    fn type_name(&self) -> &'static str {
        let created = self.entry.and_then(|entry| entry.type_name);
        let generated = || self.facts.as_ref().map(|facts| facts.type_name);
        created.or_else(generated).unwrap_or("message")
    }

    fn property(&self, name: &str) -> Value {
        if self.lacks(name) {
            return Value::Null;
        }
        if let Some(value) = self.derived(name) {
            return value;
        }
        let written = self.entry.and_then(|entry| entry.values.get(name));
        match (written, &self.facts) {
            (Some(value), _) => value.clone(),
            (None, _) if name == "conversationId" => self.conversation_id(),
            (None, Some(facts)) => self.generated(facts, name),
            (None, None) => Value::Null,
        }
    }

    fn annotations(&self) -> Vec<(&'static str, Value)> {
        let mut all = vec![("@odata.etag", json!(format!("W/\"{}\"", self.change_key())))];
        if self.type_name() != "message" {
            all.push((
                "@odata.type",
                json!(format!("#microsoft.graph.{}", self.type_name())),
            ));
        }
        all
    }
}

fn message_id(facts: &Facts) -> String {
    format!("<{}@contoso.com>", guid(&[61, facts.seed]))
}

fn name_and_address(person: &Value) -> String {
    let part = |name: &str| person["emailAddress"][name].as_str().unwrap_or_default();
    format!("{} {}", part("name"), part("address"))
}

/// FACTS 2.5: `eq` on an address misses a whole domain, and `subject eq` misses some rows. FACTS 1.1: `contains(body/content,…)` answers 200 with the wrong rows; here it sees the beginning of the text only.
pub fn misses(operation: &str, path: &[String], value: &str, row: &dyn Row) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match (operation, path.as_slice()) {
        ("eq", ["from" | "sender", "emailAddress", "address"]) => {
            value.to_ascii_lowercase().ends_with("@aol.com")
        }
        ("eq", ["subject"]) => row.property("changeKey").as_str().is_some_and(|key| {
            let sum: u32 = key.bytes().map(u32::from).sum();
            sum.is_multiple_of(13)
        }),
        ("contains", ["body", "content"]) => {
            row.property("bodyPreview").as_str().is_some_and(|preview| {
                let start: String = preview.chars().take(60).collect();
                !start.to_lowercase().contains(&value.to_lowercase())
            })
        }
        _ => false,
    }
}

/// `{emailAddress: {name, address}}`; what is empty is not known.
pub fn recipient(person: &(String, String)) -> Value {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_string());
    json!({"emailAddress": {"name": known(&person.0), "address": known(&person.1)}})
}

fn people(list: &[(String, String)]) -> Value {
    Value::Array(list.iter().map(recipient).collect())
}
