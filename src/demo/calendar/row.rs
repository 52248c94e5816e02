//! An event as Graph shows it: a single instance, a series master, an occurrence or an exception.

mod online;

use serde_json::{Map, Value, json};

use super::Place;
use crate::demo::encoding::{base64, percent_encode};
use crate::demo::mail::body;
use crate::demo::query::row::Row;
use crate::demo::random::{guid, mix};
use crate::demo::time::{self, DAY, SECOND};
use crate::demo::world::event::{Facts, Fate, fate};
use crate::demo::world::ids::{Form, Item, Kind, encode};
use crate::demo::world::zones::Zone;

/// How the caller wants to see events.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Which form ids take.
    pub form: Form,
    /// The zone of `start` and `end`, and the name the caller gave it.
    pub zone: &'static Zone,
    /// The body as text.
    pub text: bool,
}

/// What an event does not have that another calendar system put there: all that its maker would have to say. The times, the kind, and what the service itself counts are there.
const UNSAID: &[&str] = &[
    "subject",
    "body",
    "bodyPreview",
    "organizer",
    "location",
    "importance",
    "sensitivity",
    "showAs",
    "isReminderOn",
    "reminderMinutesBeforeStart",
    "responseRequested",
    "responseStatus",
    "allowNewTimeProposals",
    "hideAttendees",
    "originalStartTimeZone",
    "originalEndTimeZone",
    "isOnlineMeeting",
    "onlineMeetingProvider",
    "iCalUId",
    "transactionId",
];

/// One occurrence of a series: which, and on which day by the series' rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// Its number in the series.
    pub ordinal: usize,
    /// Its day.
    pub day: i64,
}

/// One event.
pub struct EventRow<'w> {
    place: Place<'w>,
    number: usize,
    occurrence: Option<Occurrence>,
    view: View,
    /// What the properties follow from.
    pub facts: Facts,
}

impl<'w> EventRow<'w> {
    /// A single instance or master, or one occurrence of it.
    pub fn new(
        place: Place<'w>,
        number: usize,
        occurrence: Option<Occurrence>,
        view: View,
    ) -> EventRow<'w> {
        EventRow {
            place,
            number,
            occurrence,
            view,
            facts: place.event_facts(number),
        }
    }

    /// Start and end as instants.
    pub fn span(&self) -> (i64, i64) {
        span(&self.facts, self.occurrence)
    }

    /// Whether it is one of a series.
    pub fn is_occurrence(&self) -> bool {
        self.occurrence.is_some()
    }

    fn changed(&self) -> bool {
        is_changed(&self.facts, self.occurrence)
    }

    fn kind(&self) -> &'static str {
        match (&self.facts.recurrence, self.occurrence) {
            (None, _) => "singleInstance",
            (Some(_), None) => "seriesMaster",
            (_, Some(occurrence)) if self.facts.exceptions.contains_key(&occurrence.ordinal) => {
                "exception"
            }
            _ if self.changed() => "exception",
            _ => "occurrence",
        }
    }

    fn id(&self) -> String {
        match self.occurrence {
            Some(occurrence) => encode(
                self.item(Kind::Occurrence, occurrence.ordinal),
                self.view.form,
            ),
            None => self.master_id(),
        }
    }

    fn master_id(&self) -> String {
        encode(self.item(Kind::Event, 0), self.view.form)
    }

    fn item(&self, kind: Kind, part: usize) -> Item {
        Item {
            kind,
            mailbox: self.place.mailbox,
            number: self.number,
            part,
        }
    }

    fn seed(&self) -> u64 {
        mix(&[
            90,
            self.facts.seed,
            self.occurrence
                .map_or(0, |occurrence| occurrence.ordinal as u64 + 1),
        ])
    }

    fn change_key(&self) -> String {
        let seed = match self.place.event_entry(self.number) {
            None => self.seed(),
            Some(entry) => mix(&[self.seed(), entry.revision]),
        };
        base64(&[b"ZlnW4RIAV0".as_slice(), &seed.to_be_bytes()].concat())
    }

    /// What somebody wrote, where it does not follow from the facts.
    fn written(&self, name: &str) -> Option<Value> {
        let entry = self.place.event_entry(self.number)?;
        if ["start", "end", "recurrence"].contains(&name) {
            return None;
        }
        let own = self.occurrence;
        let own = own.and_then(|own| self.place.exception(self.number, own.ordinal));
        if let Some(value) = own.and_then(|own| self.written_in(own, name)) {
            return Some(value);
        }
        match name {
            "subject" => None,
            "iCalUId" if self.occurrence.is_some() => None,
            _ => self.written_in(&entry.values, name),
        }
    }

    fn written_in(&self, values: &Map<String, Value>, name: &str) -> Option<Value> {
        match name {
            "body" | "bodyPreview" => {
                let written = values.get("body")?;
                let part = |name: &str| written[name].as_str().unwrap_or_default();
                let wanted = if name == "body" && !self.view.text {
                    "html"
                } else {
                    "text"
                };
                let kind = part("contentType").to_ascii_lowercase();
                let (kind, content) = body::shown(&kind, part("content"), Some(wanted));
                Some(match name {
                    "body" => json!({"contentType": kind, "content": content}),
                    _ => json!(content.chars().take(255).collect::<String>()),
                })
            }
            other => values.get(other).cloned(),
        }
    }

    /// dateTimeTimeZone in the wanted zone; all-day midnights are not converted, only labelled (FACTS 1.2).
    fn at(&self, ticks: i64) -> Value {
        let wall = if self.all_day() {
            ticks
        } else {
            self.view.zone.to_wall(ticks)
        };
        json!({"dateTime": time::show_wall(wall), "timeZone": self.view.zone.windows})
    }

    /// Whether it takes whole days, which an occurrence may do although its series does not.
    fn all_day(&self) -> bool {
        let own = self.occurrence;
        let moved = own.and_then(|own| self.facts.moved(own.ordinal));
        moved.map_or(self.facts.all_day, |moved| moved.all_day)
    }

    fn created(&self) -> i64 {
        self.facts.start.min(time::date(2026, 11, 1)) - (5 + (self.facts.seed % 30) as i64) * DAY
    }

    fn text(&self) -> String {
        let note = if self.changed() {
            "Moved by one hour. "
        } else {
            ""
        };
        format!(
            "{note}Agenda for {}: numbers & plans.",
            self.facts.subject.as_deref().unwrap_or("the meeting")
        )
    }

    fn location(&self) -> Value {
        match self.facts.seed % 4 {
            0 => {
                json!({"displayName": "", "locationType": "default", "uniqueIdType": "unknown", "address": {}, "coordinates": {}})
            }
            1 => place("Conf Room Adams", "conferenceRoom"),
            2 => place("Café \"Süd\"", "default"),
            _ => room(),
        }
    }

    fn locations(&self) -> Value {
        match self.location() {
            _ if self.facts.imported => json!([]),
            location if location["displayName"] == "" => json!([]),
            location => json!([location]),
        }
    }

    fn attendees(&self) -> Value {
        let all = self.facts.attendees.iter().enumerate();
        all.map(|(i, person)| self.attendee(i, person)).collect()
    }

    fn attendee(&self, number: usize, (name, address): &(String, String)) -> Value {
        let kinds = ["required", "optional", "resource"];
        let answers = [
            "none",
            "accepted",
            "tentativelyAccepted",
            "declined",
            "notResponded",
        ];
        let lot = mix(&[91, self.facts.seed, number as u64]) as usize;
        let time = if lot.is_multiple_of(5) {
            "0001-01-01T00:00:00Z".to_string()
        } else {
            time::show(self.created() + DAY)
        };
        let mut attendee = json!({
            "type": kinds[lot / 8 % 3],
            "status": {"response": (answers[lot % 5]), "time": time},
            "emailAddress": {"name": name, "address": address},
        });
        // Only a "perhaps" or a "no" comes with another time (event-get), and few do.
        if matches!(lot % 5, 2 | 3) && (lot / 5).is_multiple_of(4) {
            attendee["proposedNewTime"] = self.a_later_time();
        }
        // The other system invited some by name only, some by address only, and never asked for an answer.
        if self.facts.imported {
            let missing = ["name", "address"][number % 2];
            attendee["emailAddress"][missing] = Value::Null;
            attendee["type"] = Value::Null;
            attendee["status"] = Value::Null;
        }
        attendee
    }

    /// An hour later, or the next day where days are whole.
    fn a_later_time(&self) -> Value {
        let (start, end) = span(&self.facts, self.occurrence);
        let delay = if self.facts.all_day {
            DAY
        } else {
            3_600 * SECOND
        };
        let later = |ticks: i64| self.at(ticks + delay);
        json!({"start": later(start), "end": later(end)})
    }

    /// Properties that are the same for the master and its occurrences.
    fn common(&self, name: &str) -> Value {
        let facts = &self.facts;
        let mine = facts.organizer.1 == self.place.owner().upn;
        let modified = self.created() + (facts.seed % 100) as i64 * 3_600 * SECOND;
        match name {
            "attendees" => self.attendees(),
            // Events that another system put there name nobody.
            "organizer" if facts.seed.is_multiple_of(33) => Value::Null,
            "organizer" => {
                json!({"emailAddress": {"name": facts.organizer.0, "address": facts.organizer.1}})
            }
            "isOrganizer" => json!(mine),
            "responseStatus" => {
                json!({"response": if mine { "organizer" } else { "accepted" }, "time": "0001-01-01T00:00:00Z"})
            }
            "location" => self.location(),
            "locations" => self.locations(),
            "categories" => json!(facts.categories),
            "createdDateTime" => json!(time::show(self.created())),
            "lastModifiedDateTime" => json!(time::show(modified)),
            "originalStartTimeZone" | "originalEndTimeZone" => json!(facts.zone.windows),
            "transactionId" => json!(
                facts
                    .seed
                    .is_multiple_of(3)
                    .then(|| guid(&[93, facts.seed]))
            ),
            other => self.marks(other),
        }
    }

    /// Switches and enumerations.
    fn marks(&self, name: &str) -> Value {
        let facts = &self.facts;
        let one_in = |n: u64| facts.seed.is_multiple_of(n);
        match name {
            "isAllDay" => json!(facts.all_day),
            "isCancelled" => json!(facts.cancelled),
            "isDraft" => json!(one_in(40)),
            "hasAttachments" => json!(facts.has_attachments()),
            "hideAttendees" => json!(one_in(30)),
            "responseRequested" => json!(!one_in(12)),
            // Null where another calendar system made the event.
            "allowNewTimeProposals" => json!((!one_in(9)).then_some(!one_in(5))),
            "importance" => {
                json!(["normal", "normal", "normal", "high", "low"][(facts.seed % 5) as usize])
            }
            "sensitivity" => json!(
                ["normal", "normal", "personal", "private", "confidential"]
                    [(facts.seed / 5 % 5) as usize]
            ),
            "showAs" => json!(
                [
                    "busy",
                    "busy",
                    "free",
                    "tentative",
                    "oof",
                    "workingElsewhere"
                ][(facts.seed / 25 % 6) as usize]
            ),
            "isReminderOn" => json!(!facts.all_day),
            // All-day events without a reminder have no minutes either, some of them.
            "reminderMinutesBeforeStart" if facts.all_day => json!((!one_in(3)).then_some(1_080)),
            "reminderMinutesBeforeStart" => json!(15),
            other => self.online(other),
        }
    }
}

/// A place of which the name was typed.
fn place(name: &str, kind: &str) -> Value {
    json!({"displayName": name, "locationType": kind, "uniqueId": name, "uniqueIdType": "private"})
}

/// A place that was picked from the directory, which knows where it is.
fn room() -> Value {
    json!({
        "displayName": "Building 5, Room 12",
        "locationType": "default",
        "uniqueId": "Building 5, Room 12",
        "uniqueIdType": "private",
        "locationEmailAddress": "conf4@contoso.com",
        "locationUri": "https://contoso.sharepoint.com/sites/rooms/building5?room=12",
        "address": {"street": "4567 Main Street", "city": "Redmond", "state": "WA", "postalCode": "98052", "countryOrRegion": "United States"},
        "coordinates": {"latitude": 47.640568, "longitude": -122.129662, "altitude": 101.5, "accuracy": 12.5, "altitudeAccuracy": 3.0},
    })
}

/// Start and end as instants; all-day events count as if their midnights were UTC (FACTS 1.2).
pub fn span(facts: &Facts, occurrence: Option<Occurrence>) -> (i64, i64) {
    let given = occurrence.and_then(|occurrence| facts.moved(occurrence.ordinal));
    if let Some(given) = given {
        return (given.start, given.start + given.length);
    }
    by_rule(facts, occurrence)
}

/// Start and end as the series has them, or the hour later that the world moved some.
fn by_rule(facts: &Facts, occurrence: Option<Occurrence>) -> (i64, i64) {
    let moved = if is_changed(facts, occurrence) {
        3_600 * SECOND
    } else {
        0
    };
    let wall = occurrence.map_or(facts.start, |occurrence| {
        occurrence.day + facts.start.rem_euclid(DAY) + moved
    });
    let start = if facts.all_day {
        wall / DAY * DAY
    } else {
        facts.zone.to_utc(wall)
    };
    (start, start + facts.length)
}

fn is_changed(facts: &Facts, occurrence: Option<Occurrence>) -> bool {
    occurrence.is_some_and(|occurrence| fate(facts, occurrence.ordinal) == Fate::Changed)
}

impl Row for EventRow<'_> {
    fn type_name(&self) -> &'static str {
        "event"
    }

    fn property(&self, name: &str) -> Value {
        if let Some(value) = self.written(name) {
            return value;
        }
        let (start, end) = span(&self.facts, self.occurrence);
        match name {
            _ if self.facts.imported && UNSAID.contains(&name) => Value::Null,
            "id" => json!(self.id()),
            "type" => json!(self.kind()),
            "seriesMasterId" => json!(self.occurrence.map(|_| self.master_id())),
            "subject" if self.changed() => json!(format!(
                "Moved: {}",
                self.facts.subject.as_deref().unwrap_or("")
            )),
            "subject" => json!(self.facts.subject),
            "start" => self.at(start),
            "end" => self.at(end),
            "originalStart" => json!(self.occurrence.map(|_| {
                let (start, _) = by_rule(&self.facts, self.occurrence);
                time::show(if self.changed() {
                    start - 3_600 * SECOND
                } else {
                    start
                })
            })),
            "recurrence" if self.occurrence.is_none() => self
                .facts
                .recurrence
                .as_ref()
                .map_or(Value::Null, |recurrence| {
                    recurrence.show(self.facts.zone.windows)
                }),
            "recurrence" => Value::Null,
            "cancelledOccurrences" => json!([]),
            // Differs for every occurrence (FACTS 1.2).
            "iCalUId" => json!(format!(
                "040000008200E00074C5B7101A82E008{:016X}{:016X}",
                self.seed(),
                mix(&[94, self.seed()])
            )),
            "changeKey" => json!(self.change_key()),
            "bodyPreview" => json!(self.text()),
            "body" if self.view.text => json!({"contentType": "text", "content": self.text()}),
            "body" => {
                json!({"contentType": "html", "content": format!("<html><head></head><body><p>{}</p></body></html>", self.text().replace('&', "&amp;"))})
            }
            "webLink" => json!(format!(
                "https://outlook.office365.com/owa/?itemid={}&exvsurl=1&path=/calendar/item",
                percent_encode(&self.id())
            )),
            other => self.common(other),
        }
    }

    fn annotations(&self) -> Vec<(&'static str, Value)> {
        vec![("@odata.etag", json!(format!("W/\"{}\"", self.change_key())))]
    }
}
