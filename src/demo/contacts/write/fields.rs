//! What of a contact may be written (FACTS 3.2, A/contact-update), and what the service makes of it.

use serde_json::{Map, Value, json};

use crate::demo::error::Answer;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::time::{self, DAY, SECOND};
use crate::demo::write::body::{Body, Fields};

/// FACTS ends its list in "…"; these are the properties of A/contact-update as the public documentation has them. Its `parentFolderId` is refused: nothing says that a contact moves by it. The first, second and third address are told, not set: they are those of `emailAddresses`. v1.0 has no `flag`.
const SETTABLE: &[&str] = &[
    "assistantName",
    "birthday",
    "businessAddress",
    "businessHomePage",
    "businessPhones",
    "categories",
    "children",
    "companyName",
    "department",
    "displayName",
    "emailAddresses",
    "fileAs",
    "generation",
    "givenName",
    "homeAddress",
    "homePhones",
    "imAddresses",
    "initials",
    "jobTitle",
    "manager",
    "middleName",
    "mobilePhone",
    "nickName",
    "officeLocation",
    "otherAddress",
    "personalNotes",
    "profession",
    "spouseName",
    "surname",
    "title",
    "yomiCompanyName",
    "yomiGivenName",
    "yomiSurname",
];

/// Contacts. The documentation requires nothing of a new one.
pub const CONTACT: Fields = Fields {
    type_name: "contact",
    code: "ErrorInvalidPropertySet",
    on_create: SETTABLE,
    on_update: SETTABLE,
    conditions: &[few_addresses],
    ..Fields::NONE
};

/// Contact folders. Their `parentFolderId` is refused like that of contacts: the address says where a new one goes.
pub const FOLDER: Fields = Fields {
    type_name: "contactFolder",
    code: "ErrorInvalidPropertySet",
    required: &["displayName"],
    on_create: &["displayName"],
    on_update: &["displayName"],
    conditions: &[named],
    ..Fields::NONE
};

/// Where the service tells the addresses once more, one each.
const EACH_ADDRESS: [&str; 3] = [
    "primaryEmailAddress",
    "secondaryEmailAddress",
    "tertiaryEmailAddress",
];
const PLACES: [&str; 3] = ["businessAddress", "homeAddress", "otherAddress"];
/// What a display name is made of, in this order.
const NAME_PARTS: [&str; 4] = ["givenName", "middleName", "surname", "generation"];

/// FACTS has no limit; Exchange has room for as many addresses as the type has properties for single ones.
fn few_addresses(body: &Body, _: Option<&dyn Row>) -> Answer<()> {
    let addresses = body.get("emailAddresses").and_then(Value::as_array);
    if addresses.is_some_and(|all| all.len() > EACH_ADDRESS.len()) {
        return Err(CONTACT.refuse("A contact has at most three email addresses."));
    }
    Ok(())
}

fn named(body: &Body, _: Option<&dyn Row>) -> Answer<()> {
    match body.get("displayName") {
        Some(name) if name.as_str().is_none_or(|name| name.trim().is_empty()) => {
            Err(FOLDER.refuse("The folder's display name must not be empty."))
        }
        _ => Ok(()),
    }
}

/// A birthday is a day, which Outlook keeps at 11:59 UTC; A/contact-update sends it without a time.
pub fn with_whole_day(mut sent: Value) -> Value {
    let text = sent["birthday"].as_str();
    let at = text.and_then(|text| time::parse(text).or_else(|| time::parse_date(text)));
    if let Some(at) = at {
        let noon = at.div_euclid(DAY) * DAY + (12 * 60 - 1) * 60 * SECOND;
        sent["birthday"] = json!(time::show(noon));
    }
    sent
}

/// A new contact, whole.
pub fn begin(mut body: Body, now: i64) -> Body {
    let blank = JsonRow::of("contact", blank(now));
    complete(&mut body, &blank);
    let mut whole = blank.map;
    whole.extend(body);
    whole
}

/// Adds what follows from a change of a contact.
pub fn complete(body: &mut Body, old: &JsonRow) {
    for name in PLACES {
        body.get_mut(name).map(tidy);
    }
    if let Some(Value::Array(addresses)) = body.get_mut("emailAddresses") {
        addresses.iter_mut().for_each(both_members);
        let addresses = addresses.clone();
        for (name, at) in EACH_ADDRESS.into_iter().zip(0..) {
            let address = addresses.get(at).cloned();
            body.insert(name.into(), address.unwrap_or(Value::Null));
        }
    }
    name(body, old);
}

/// The service makes the display name anew when a part changes and nobody says how it is to be (FACTS 1.3). Whether `fileAs` follows is nowhere said: here it does as long as it is what the service made.
fn name(body: &mut Body, old: &JsonRow) {
    let unsaid = |body: &Body, name: &str| body.get(name).is_none_or(Value::is_null);
    let filed_by_service = old.property("fileAs") == json!(filed(&old.map));
    let mut now = old.map.clone();
    now.extend(body.clone());
    let parts_change = NAME_PARTS.iter().any(|part| body.contains_key(*part));
    let full = full_name(&now);
    if full.is_some() && parts_change && unsaid(body, "displayName") {
        now.insert("displayName".into(), json!(full));
        body.insert("displayName".into(), json!(full));
    }
    if filed_by_service && unsaid(body, "fileAs") {
        body.insert("fileAs".into(), json!(filed(&now)));
    }
}

fn full_name(contact: &Map<String, Value>) -> Option<String> {
    let parts: Vec<&str> = NAME_PARTS.iter().filter_map(|p| said(contact, p)).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// "Surname, Given", as in the generated contacts; else the firm, or whatever name there is.
fn filed(contact: &Map<String, Value>) -> Option<String> {
    match (said(contact, "surname"), said(contact, "givenName")) {
        (Some(surname), Some(given)) => Some(format!("{surname}, {given}")),
        (surname, given) => said(contact, "companyName")
            .or(surname)
            .or(given)
            .or_else(|| said(contact, "displayName"))
            .map(String::from),
    }
}

fn said<'c>(contact: &'c Map<String, Value>, name: &str) -> Option<&'c str> {
    let text = contact.get(name)?.as_str()?;
    (!text.trim().is_empty()).then_some(text)
}

/// An address that nobody filled in is an empty object, and one without a part leaves it out.
fn tidy(place: &mut Value) {
    match place.as_object_mut() {
        Some(parts) => parts.retain(|_, part| !part.is_null()),
        None => *place = json!({}),
    }
}

fn both_members(address: &mut Value) {
    if let Some(members) = address.as_object_mut() {
        for name in ["name", "address"] {
            members.entry(name).or_insert(Value::Null);
        }
    }
}

/// A contact that says nothing.
fn blank(now: i64) -> Value {
    let at = time::show(now);
    let mut all = json!({
        "businessPhones": [], "homePhones": [], "imAddresses": [], "children": [], "categories": [],
        "emailAddresses": [], "createdDateTime": at, "lastModifiedDateTime": at,
    });
    for place in PLACES {
        all[place] = json!({});
    }
    all
}
