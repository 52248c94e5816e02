//! `mailboxSettings`: one complex value and its parts (FACTS 1.1).

use serde_json::{Map, Value, json};

use crate::demo::call::Call;
use crate::demo::directory::json_row;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook;
use crate::demo::outlook::place::Place;
use crate::demo::query::row::render;
use crate::demo::query::select::{all_but, chosen, context_suffix};
use crate::demo::reply::Reply;
use crate::demo::world::settings;
use crate::demo::write::ledger::Ledger;

/// The parts that have an address of their own (FACTS 1.1); `archiveFolder` and `userPurpose` are not among them.
const PARTS: [&str; 7] = [
    "automaticRepliesSetting",
    "dateFormat",
    "delegateMeetingMessageDeliveryOptions",
    "language",
    "timeFormat",
    "timeZone",
    "workingHours",
];

/// The shelf of the settings, by the numbers of mailboxes.
pub const SHELF: &str = "mailboxSettings";

/// The settings of a mailbox with what was written.
pub fn now(ledger: &Ledger, mailbox: usize) -> Value {
    let mut all = settings::settings(mailbox);
    let entry = ledger.shelf(SHELF).numbered(mailbox);
    if let (Some(entry), Some(map)) = (entry, all.as_object_mut()) {
        map.extend(entry.values.clone());
    }
    all
}

/// Some of the settings: what a PATCH answers.
pub fn some(call: &Call, place: Place, names: &[String]) -> Answer<Reply> {
    let row = json_row("mailboxSettings", now(place.ledger, place.mailbox));
    let mut body = render(&row, names);
    let resource = place.resource("mailboxSettings");
    body.insert("@odata.context".into(), json!(call.context(&resource)));
    Ok(Reply::json(body))
}

/// `mailboxSettings`: `$select` only.
pub fn whole(call: &Call, place: Place) -> Answer<Reply> {
    outlook::only(&call.query, &["$select"])?;
    let select = call.query.select.as_deref();
    let names = chosen("mailboxSettings", select, &all_but("mailboxSettings", &[]))?;
    let row = json_row("mailboxSettings", now(place.ledger, place.mailbox));
    let mut body = render(&row, &names);
    let resource = place.resource(&format!("mailboxSettings{}", context_suffix(select)));
    body.insert("@odata.context".into(), json!(call.context(&resource)));
    Ok(Reply::json(body))
}

/// `mailboxSettings/{part}`: a complex part is itself, a simple one is in `value`. Options are nowhere said to work there.
pub fn part(call: &Call, place: Place, part: &str) -> Answer<Reply> {
    if !PARTS.contains(&part) {
        return Err(Fault::unknown_segment(part));
    }
    outlook::only(&call.query, &[])?;
    let mut body = match now(place.ledger, place.mailbox)[part].take() {
        // OData: a null at an address of its own is no content.
        Value::Null => return Ok(Reply::empty(204)),
        Value::Object(map) => map,
        value => Map::from_iter([("value".to_string(), value)]),
    };
    let resource = place.resource(&format!("mailboxSettings/{part}"));
    body.insert("@odata.context".into(), json!(call.context(&resource)));
    Ok(Reply::json(body))
}
