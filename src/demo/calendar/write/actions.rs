//! What a POST behind an event's id does (FACTS 3.2).

use serde_json::{Value, json};

use super::Target;
use crate::demo::calendar::standing::wall;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::time;
use crate::demo::write::body::{Body, parameters};
use crate::demo::write::optional_body;
use crate::demo::write::route::{Write, no_such_verb};

/// An action.
pub type Action = fn(&mut Write, Target) -> Answer<Reply>;

const ACTIONS: [(&str, Action); 7] = [
    ("cancel", cancel),
    ("accept", |write, target| answer(write, target, "accepted")),
    ("tentativelyAccept", |write, target| {
        answer(write, target, "tentativelyAccepted")
    }),
    ("decline", |write, target| answer(write, target, "declined")),
    ("forward", forward),
    ("dismissReminder", dismiss),
    ("snoozeReminder", snooze),
];

const CODE: &str = "ErrorInvalidRequest";

/// The action of a name.
pub fn find(name: &str) -> Answer<Action> {
    let name = name.trim_start_matches("microsoft.graph.");
    let known = ACTIONS.iter().find(|(known, _)| *known == name);
    known.map(|(_, run)| *run).ok_or_else(no_such_verb)
}

fn refused(reason: &str) -> Fault {
    Fault::new(400, CODE, reason)
}

/// The organizer calls a meeting off: it leaves the calendar.
fn cancel(write: &mut Write, target: Target) -> Answer<Reply> {
    parameters(&optional_body(write.call)?, &[("comment", "String")], CODE)?;
    if target.row(write).property("isOrganizer") != true {
        return Err(refused("You need to be an organizer to cancel a meeting."));
    }
    target.remove(write);
    Ok(Reply::empty(202))
}

/// Somebody who was invited says yes, perhaps or no.
fn answer(write: &mut Write, target: Target, response: &str) -> Answer<Reply> {
    let known = [
        ("comment", "String"),
        ("sendResponse", "Boolean"),
        ("proposedNewTime", "timeSlot"),
    ];
    let body = parameters(&optional_body(write.call)?, &known, CODE)?;
    let row = target.row(write);
    if row.property("isOrganizer") == true {
        return Err(refused(
            "You can't respond to this meeting because you're the meeting organizer.",
        ));
    }
    if let Some(slot) = body.get("proposedNewTime").filter(|slot| !slot.is_null()) {
        let sends = body.get("sendResponse") != Some(&json!(false));
        if response == "accepted" || !sends || row.property("allowNewTimeProposals") != true {
            return Err(refused(
                "A new time cannot be proposed with this answer, or for this meeting.",
            ));
        }
        if [&slot["start"], &slot["end"]]
            .iter()
            .any(|at| wall(at).is_none())
        {
            return Err(refused("The proposed time is no time."));
        }
    }
    let status = json!({"response": response, "time": time::show(write.ledger.now())});
    target.set(
        write,
        Body::from_iter([("responseStatus".to_string(), status)]),
    );
    Ok(Reply::empty(202))
}

/// The organizer is asked to invite more people: nothing here changes.
fn forward(write: &mut Write, _target: Target) -> Answer<Reply> {
    let known = [
        ("ToRecipients", "Collection(recipient)"),
        ("Comment", "String"),
    ];
    // The names begin with small or capital letters alike (K).
    let mut sent = write.call.json_body()?;
    if let Some(map) = sent.as_object_mut() {
        for (small, capital) in [("toRecipients", "ToRecipients"), ("comment", "Comment")] {
            if let Some(value) = map.remove(small) {
                map.insert(capital.into(), value);
            }
        }
    }
    let body = parameters(&sent, &known, CODE)?;
    let to = body.get("ToRecipients").and_then(Value::as_array);
    match to {
        Some(to) if !to.is_empty() => Ok(Reply::empty(202)),
        _ => Err(Fault::new(
            400,
            "ErrorInvalidRecipients",
            "At least one recipient isn't valid.",
        )),
    }
}

/// No property tells whether a reminder was dismissed.
fn dismiss(write: &mut Write, target: Target) -> Answer<Reply> {
    parameters(&optional_body(write.call)?, &[], CODE)?;
    reminds(write, target)?;
    Ok(Reply::empty(200))
}

fn snooze(write: &mut Write, target: Target) -> Answer<Reply> {
    let known = [("newReminderTime", "dateTimeTimeZone")];
    let body = parameters(&write.call.json_body()?, &known, CODE)?;
    if body.get("newReminderTime").and_then(wall).is_none() {
        return Err(refused(
            "The parameter 'newReminderTime' is missing or no time.",
        ));
    }
    reminds(write, target)?;
    Ok(Reply::empty(200))
}

fn reminds(write: &Write, target: Target) -> Answer<()> {
    match target.row(write).property("isReminderOn") == true {
        true => Ok(()),
        false => Err(refused("The event has no reminder.")),
    }
}
