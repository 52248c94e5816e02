//! Where an online meeting takes place, as its properties tell it.

use serde_json::{Value, json};

use super::EventRow;
use crate::demo::random::{guid, mix};
use crate::demo::world::event::Online;

impl EventRow<'_> {
    /// What is said of an online meeting.
    pub(super) fn online(&self, name: &str) -> Value {
        let online = self.facts.online;
        match name {
            "isOnlineMeeting" => json!(online.is_some()),
            "onlineMeetingProvider" => json!(match online {
                None => "unknown",
                Some(Online::Skype) => "skypeForBusiness",
                Some(Online::Teams | Online::Phone) => "teamsForBusiness",
            }),
            "onlineMeeting" => match online {
                None | Some(Online::Skype) => Value::Null,
                Some(Online::Teams) => json!({"joinUrl": self.join_url()}),
                Some(Online::Phone) => self.dial_in(),
            },
            // Null for Teams meetings (FACTS 1.2).
            "onlineMeetingUrl" => json!((online == Some(Online::Skype)).then(|| {
                format!(
                    "https://meet.contoso.com/adele/{:08X}",
                    mix(&[92, self.facts.seed]) >> 32
                )
            })),
            _ => Value::Null,
        }
    }

    fn join_url(&self) -> String {
        format!(
            "https://teams.microsoft.com/l/meetup-join/{}",
            guid(&[92, self.facts.seed])
        )
    }

    fn dial_in(&self) -> Value {
        let conference = (self.facts.seed % 1_000_000_000).to_string();
        json!({
            "joinUrl": self.join_url(),
            "conferenceId": conference,
            "tollNumber": "+1 323-555-0166",
            "tollFreeNumbers": ["+1 866-555-0199", "0800 555 0100"],
            "quickDial": format!("tel:+13235550166,,{conference}#"),
            "phones": [{"type": "business", "number": "+1 323-555-0166", "region": "United States", "language": "en-US"}],
        })
    }
}
