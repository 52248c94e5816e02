//! A message as Graph shows it: every property made when it is asked for.

use serde_json::{Value, json};

use super::Place;
use crate::demo::encoding::{base64, percent_encode};
use crate::demo::query::kql::Searchable;
use crate::demo::query::row::Row;
use crate::demo::random::{guid, mix};
use crate::demo::time::{self, DAY, SECOND};
use crate::demo::world::ids::{Form, Item, Kind, encode};
use crate::demo::world::message::{Facts, facts, text};

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

/// One message.
pub struct MessageRow<'b> {
    place: Place<'b>,
    number: usize,
    view: View,
    /// What the properties follow from.
    pub facts: Facts,
}

impl<'b> MessageRow<'b> {
    /// The message with a number.
    pub fn new(place: Place<'b>, number: usize, view: View) -> MessageRow<'b> {
        MessageRow {
            place,
            number,
            view,
            facts: facts(place.mailbox, place.users, number),
        }
    }

    /// What `$search` looks at.
    pub fn searchable(&self) -> Searchable {
        let join = |people: &[(String, String)]| {
            people
                .iter()
                .map(|(name, address)| format!("{name} {address}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let [to, cc, bcc, _] = &self.facts.recipients;
        let from: Vec<_> = self.facts.from.iter().cloned().collect();
        let texts = vec![
            ("subject", self.facts.subject.clone().unwrap_or_default()),
            ("body", text(&self.facts)),
            ("from", join(&from)),
            ("to", join(to)),
            ("cc", join(cc)),
            ("bcc", join(bcc)),
            ("importance", self.facts.importance.to_string()),
            (
                "kind",
                if self.facts.type_name == "message" {
                    "email"
                } else {
                    "meetings"
                }
                .to_string(),
            ),
            (
                "attachment",
                if self.facts.attachments > 0 {
                    "report pdf"
                } else {
                    ""
                }
                .to_string(),
            ),
        ];
        Searchable {
            texts,
            received: self.facts.received,
            size: 2_000 + text(&self.facts).len() as i64,
            attachments: self.facts.attachments > 0,
        }
    }

    /// The id in the form asked for.
    pub fn id(&self) -> String {
        encode(self.item(Kind::Message), self.view.form)
    }

    /// The body, as text or HTML.
    pub fn body(&self) -> (&'static str, String) {
        let text = text(&self.facts);
        let html = self
            .view
            .body
            .map_or(self.facts.html, |wanted| wanted == "html");
        if !html {
            return ("text", text);
        }
        let escaped = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace("\r\n", "<br>\r\n");
        (
            "html",
            format!(
                "<html><head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head><body><div>{escaped}</div></body></html>"
            ),
        )
    }

    fn item(&self, kind: Kind) -> Item {
        Item {
            kind,
            mailbox: self.place.mailbox.number,
            number: self.number,
            part: 0,
        }
    }

    fn change_key(&self) -> String {
        base64(
            &[
                b"CQAAABYAAA".as_slice(),
                &mix(&[60, self.facts.seed]).to_be_bytes(),
            ]
            .concat(),
        )
    }

    fn message_id(&self) -> String {
        format!("<{}@contoso.com>", guid(&[61, self.facts.seed]))
    }

    fn flag(&self) -> Value {
        let at = |ticks: i64| json!({"dateTime": time::show_wall(ticks), "timeZone": "UTC"});
        let day = self.facts.received / DAY * DAY;
        match self.facts.flag {
            "flagged" => {
                json!({"flagStatus": "flagged", "startDateTime": at(day), "dueDateTime": at(day + 3 * DAY)})
            }
            "complete" => json!({"flagStatus": "complete", "completedDateTime": at(day + 2 * DAY)}),
            other => json!({"flagStatus": other}),
        }
    }

    fn sent(&self) -> i64 {
        self.facts.received - (mix(&[62, self.facts.seed]) % 60) as i64 * SECOND
    }

    fn conversation(&self) -> usize {
        self.number / 4
    }

    fn instant(&self, name: &str) -> Value {
        let (received, later) = (
            self.facts.received,
            (mix(&[63, self.facts.seed]) % 7) as i64 * DAY,
        );
        json!(match name {
            "receivedDateTime" => Some(time::show(received)),
            "sentDateTime" => Some(time::show(self.sent())),
            "createdDateTime" => Some(time::show(received + SECOND)),
            "lastModifiedDateTime" => Some(time::show(received + 2 * SECOND + later)),
            _ => None,
        })
    }

    /// What few people look at. Drafts were never sent: what transport would have filled in is null on some of them.
    fn rare(&self, name: &str) -> Value {
        let facts = &self.facts;
        let unsent = facts.draft && facts.seed.is_multiple_of(2);
        match name {
            "changeKey" => json!(self.change_key()),
            "conversationId" => {
                let conversation = Item {
                    number: self.conversation(),
                    ..self.item(Kind::Conversation)
                };
                json!(encode(conversation, Form::Mutable))
            }
            "conversationIndex" => json!((!unsent).then(|| {
                base64(
                    &mix(&[64, self.conversation() as u64])
                        .to_be_bytes()
                        .repeat(3)[..22],
                )
            })),
            "internetMessageId" => json!((!unsent).then(|| self.message_id())),
            "isReadReceiptRequested" => json!((!unsent).then_some(facts.seed.is_multiple_of(20))),
            "isDeliveryReceiptRequested" => {
                json!((!facts.draft).then_some(facts.seed.is_multiple_of(25)))
            }
            "webLink" => {
                let id = percent_encode(&self.id());
                json!(format!(
                    "https://outlook.office365.com/owa/?ItemID={id}&exvsurl=1&viewmodel=ReadMessageItem"
                ))
            }
            "internetMessageHeaders" => {
                json!([{"name": "Message-ID", "value": self.message_id()}, {"name": "X-Mailer", "value": "Contoso"}])
            }
            "receivedDateTime" | "sentDateTime" | "createdDateTime" | "lastModifiedDateTime" => {
                self.instant(name)
            }
            other => self.event_property(other),
        }
    }

    fn event_property(&self, name: &str) -> Value {
        if self.facts.type_name == "message" {
            return Value::Null;
        }
        let start = self.facts.received / DAY * DAY + 3 * DAY + 9 * 3_600 * SECOND;
        let at = |ticks: i64| json!({"dateTime": time::show_wall(ticks), "timeZone": "UTC"});
        match name {
            "meetingMessageType" => json!(if self.facts.type_name == "eventMessageRequest" {
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
}

impl Row for MessageRow<'_> {
    fn type_name(&self) -> &'static str {
        self.facts.type_name
    }

    fn property(&self, name: &str) -> Value {
        let facts = &self.facts;
        match name {
            "body" | "bodyPreview" | "uniqueBody" if self.view.basic => Value::Null,
            _ if facts.imported && UNKNOWN.contains(&name) => Value::Null,
            "id" => json!(self.id()),
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
            "flag" => self.flag(),
            "parentFolderId" => json!(self.place.folder_id(self.place.mailbox.folder(self.number))),
            "body" | "uniqueBody" => {
                let (kind, content) = self.body();
                json!({"contentType": kind, "content": content})
            }
            "bodyPreview" => json!(text(facts).chars().take(255).collect::<String>()),
            other => self.rare(other),
        }
    }

    fn annotations(&self) -> Vec<(&'static str, Value)> {
        let mut all = vec![("@odata.etag", json!(format!("W/\"{}\"", self.change_key())))];
        if self.facts.type_name != "message" {
            all.push((
                "@odata.type",
                json!(format!("#microsoft.graph.{}", self.facts.type_name)),
            ));
        }
        all
    }
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
