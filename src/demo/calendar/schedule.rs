//! `getSchedule`: when people, rooms and distribution lists are free (FACTS 1.2).
//!
//! This file answers; what is asked is read in `schedule/ask.rs`, who is meant and what keeps them busy is found in `schedule/busy.rs`.

mod ask;
mod busy;

use serde_json::{Map, Value, json};

use self::ask::Ask;
use self::busy::{Busy, Status, Who};
use super::view;
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::error::Answer;
use crate::demo::outlook;
use crate::demo::reply::Reply;
use crate::demo::settings::now;
use crate::demo::signin::Caller;
use crate::demo::time;
use crate::demo::world::settings;
use crate::demo::world::zones::Zone;

/// `POST calendar/getSchedule`: one answer for each address, in the order asked, also for the same one twice.
pub fn respond(call: &Call, tenant: &Tenant) -> Answer<Reply> {
    outlook::only(&call.query, &[])?;
    // Times come in the preferred zone, UTC without one, whatever zone the question is in (calendar-getschedule).
    let zone = view(call)?.zone;
    let ask = ask::read(call)?;
    let value = ask
        .schedules
        .iter()
        .map(|address| schedule(call, tenant, &ask, address, zone))
        .collect();
    let resource = "Collection(microsoft.graph.scheduleInformation)";
    let reply = Reply::json(call.page(resource, value, None));
    Ok(outlook::with_preferences(call, reply))
}

fn schedule(call: &Call, tenant: &Tenant, ask: &Ask, address: &str, zone: &Zone) -> Value {
    let Some(who) = busy::find(tenant, address) else {
        // All that such an answer has (I microsoft-graph-docs#11225).
        return json!({"scheduleId": address, "error": {
            "message": format!("Unable to resolve e-mail address {address} to an Active Directory object."),
            "responseCode": "5009",
        }});
    };
    let busy = busy::between(tenant, &call.ledger, &who, (ask.start, ask.end));
    let mut map = Map::new();
    map.insert("scheduleId".into(), json!(address));
    map.insert("availabilityView".into(), json!(digits(ask, &busy)));
    let items: Vec<Value> = match who {
        // The members of a list are merged into one view; whose appointment is whose is not told.
        Who::List(_) => Vec::new(),
        _ => busy
            .iter()
            .map(|busy| item(busy, zone, is_own(call, tenant, &who)))
            .collect(),
    };
    map.insert("scheduleItems".into(), json!(items));
    match who {
        Who::User(mailbox) => {
            let mut set = now(&call.ledger, mailbox);
            map.insert("workingHours".into(), set["workingHours"].take());
        }
        Who::Room(_) => {
            map.insert("workingHours".into(), settings::working_hours(0));
        }
        Who::List(_) => {}
    }
    Value::Object(map)
}

/// What an appointment is about is shown to its owner only; others see when (calendar-getschedule's example).
fn is_own(call: &Call, tenant: &Tenant, who: &Who) -> bool {
    match (&call.caller, who) {
        (Caller::Delegated { id, .. }, Who::User(mailbox)) => tenant.users[*mailbox].id == *id,
        _ => false,
    }
}

fn item(busy: &Busy, zone: &Zone, own: bool) -> Value {
    let at = |ticks: i64| json!({"dateTime": time::show_wall(zone.to_wall(ticks)), "timeZone": zone.windows});
    let mut item =
        json!({"status": busy.status.name(), "start": at(busy.start), "end": at(busy.end)});
    if own {
        item["isPrivate"] = json!(busy.private);
        item["subject"] = busy.subject.clone();
        item["location"] = busy.location.clone();
    }
    item
}

/// One digit for each interval from the start on; the last may be cut short by the end. Of several appointments the one that binds most counts.
fn digits(ask: &Ask, busy: &[Busy]) -> String {
    let slots = (ask.end - ask.start + ask.interval - 1) / ask.interval;
    let digit = |slot: i64| {
        let from = ask.start + slot * ask.interval;
        let to = (from + ask.interval).min(ask.end);
        busy.iter()
            .filter(|busy| busy.start < to && busy.end > from)
            .map(|busy| busy.status)
            .max()
            .unwrap_or(Status::Free)
            .digit()
    };
    (0..slots).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_appointment_that_binds_most_decides() {
        let busy = |start, end, status| Busy {
            start,
            end,
            status,
            private: false,
            subject: Value::Null,
            location: Value::Null,
        };
        let ask = Ask {
            schedules: Vec::new(),
            start: 100,
            end: 145,
            interval: 10,
        };
        let all = [
            busy(90, 101, Status::Tentative),
            busy(110, 120, Status::Busy),
            busy(119, 121, Status::Oof),
            busy(125, 127, Status::Free),
            busy(130, 131, Status::Elsewhere),
            busy(131, 132, Status::Tentative),
            busy(145, 150, Status::Busy),
        ];
        // The fifth interval ends with the window, before what begins there.
        assert_eq!(digits(&ask, &all), "13310");
        assert_eq!(digits(&ask, &all[4..5]), "00040");
    }
}
