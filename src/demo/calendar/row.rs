//! An event as Graph shows it: a single instance, a series master, an occurrence or an exception.

use serde_json::{Value, json};

use super::Place;
use crate::demo::encoding::{base64, percent_encode};
use crate::demo::query::row::Row;
use crate::demo::random::{guid, mix};
use crate::demo::time::{self, DAY, SECOND};
use crate::demo::world::event::{Facts, Fate, facts, fate};
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

/// What events of other systems lack: everything but who, when and what about.
const NOT_FOREIGN: [&str; 22] = [
    "allowNewTimeProposals",
    "body",
    "bodyPreview",
    "createdDateTime",
    "hasAttachments",
    "hideAttendees",
    "iCalUId",
    "importance",
    "isDraft",
    "isOnlineMeeting",
    "isReminderOn",
    "lastModifiedDateTime",
    "location",
    "onlineMeetingProvider",
    "originalEndTimeZone",
    "originalStartTimeZone",
    "reminderMinutesBeforeStart",
    "responseRequested",
    "responseStatus",
    "sensitivity",
    "showAs",
    "webLink",
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
            facts: facts(place.mailbox, place.users, number),
        }
    }

    /// Start and end as instants.
    pub fn span(&self) -> (i64, i64) {
        span(&self.facts, self.occurrence)
    }

    fn changed(&self) -> bool {
        is_changed(&self.facts, self.occurrence)
    }

    fn kind(&self) -> &'static str {
        match (&self.facts.recurrence, self.occurrence) {
            (None, _) => "singleInstance",
            (Some(_), None) => "seriesMaster",
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

    /// Put there by another system, which filled in little.
    fn is_foreign(&self) -> bool {
        match self.occurrence {
            Some(occurrence) => occurrence.ordinal % 11 == 7,
            None => self.facts.seed % 37 == 5,
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
        base64(&[b"ZlnW4RIAV0".as_slice(), &self.seed().to_be_bytes()].concat())
    }

    /// dateTimeTimeZone in the wanted zone; all-day midnights are not converted, only labelled (FACTS 1.2).
    fn at(&self, ticks: i64) -> Value {
        let wall = if self.facts.all_day {
            ticks
        } else {
            self.view.zone.to_wall(ticks)
        };
        json!({"dateTime": time::show_wall(wall), "timeZone": self.view.zone.windows})
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
            n => {
                let name =
                    ["Conf Room Adams", "Café \"Süd\"", "Building 5, Room 12"][n as usize - 1];
                let mut location = json!({"displayName": name, "locationType": if n == 1 { "conferenceRoom" } else { "default" }, "uniqueId": name, "uniqueIdType": "private"});
                // Places that somebody took from the directory or from a map say where they are.
                if self.facts.seed % 8 == 7 {
                    location["address"] = json!({"street": "1 Contoso Way", "city": "Redmond", "state": "WA", "countryOrRegion": "US", "postalCode": "98052"});
                    location["coordinates"] = json!({"latitude": 47.64, "longitude": -122.13, "altitude": 52.5, "accuracy": 10.0, "altitudeAccuracy": 3.0});
                    location["locationEmailAddress"] = json!("room12@contoso.com");
                    location["locationUri"] = json!("https://www.bing.com/maps?q=Contoso");
                }
                location
            }
        }
    }

    fn attendees(&self) -> Value {
        let kinds = ["required", "optional", "resource"];
        let answers = [
            "none",
            "accepted",
            "tentativelyAccepted",
            "declined",
            "notResponded",
        ];
        let shown = self
            .facts
            .attendees
            .iter()
            .enumerate()
            .map(|(i, (name, address))| {
                let lot = mix(&[91, self.facts.seed, i as u64]) as usize;
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
                if lot % 13 == 3 {
                    let at = |hours: i64| json!({"dateTime": time::show_wall(self.facts.start + hours * 3_600 * SECOND), "timeZone": "UTC"});
                    attendee["proposedNewTime"] = json!({"start": at(24), "end": at(25)});
                }
                // Copied from a list of names that knew no more.
                if lot % 29 == 4 {
                    attendee["status"] = Value::Null;
                    attendee["type"] = Value::Null;
                    attendee["emailAddress"]["address"] = Value::Null;
                }
                attendee
            });
        Value::Array(shown.collect())
    }

    fn online(&self, name: &str) -> Value {
        match name {
            "isOnlineMeeting" => json!(self.facts.online),
            "onlineMeetingProvider" => json!(if self.facts.online {
                "teamsForBusiness"
            } else {
                "unknown"
            }),
            "onlineMeeting" if self.facts.online => {
                let mut meeting = json!({"joinUrl": format!("https://teams.microsoft.com/l/meetup-join/{}", guid(&[92, self.facts.seed]))});
                // Where the tenant has telephone conferences.
                if self.facts.seed.is_multiple_of(3) {
                    meeting["conferenceId"] = json!("123 456 789#");
                    meeting["tollNumber"] = json!("+1 425 555 0199");
                    meeting["tollFreeNumbers"] = json!(["+1 800 555 0199"]);
                    meeting["quickDial"] = json!("tel:+14255550199,,123456789#");
                    meeting["phones"] = json!([{"number": "+1 425 555 0199", "type": "business"}]);
                }
                meeting
            }
            // onlineMeetingUrl is null for Teams meetings (FACTS 1.2); older services used it.
            "onlineMeetingUrl" if !self.facts.online && self.facts.seed % 10 == 3 => {
                json!(format!(
                    "https://meet.contoso.com/{}",
                    self.facts.seed % 1_000
                ))
            }
            _ => Value::Null,
        }
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
            "locations" if facts.seed.is_multiple_of(4) => json!([]),
            "locations" => json!([self.location()]),
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
            "hasAttachments" => json!(one_in(15)),
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

/// Start and end as instants; all-day events count as if their midnights were UTC (FACTS 1.2).
pub fn span(facts: &Facts, occurrence: Option<Occurrence>) -> (i64, i64) {
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
        let (start, end) = span(&self.facts, self.occurrence);
        match name {
            _ if self.is_foreign() && NOT_FOREIGN.contains(&name) => Value::Null,
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
            "originalStart" => json!(self.occurrence.map(|_| time::show(if self.changed() {
                start - 3_600 * SECOND
            } else {
                start
            }))),
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
