//! `people`: who matters to a user, by how many mails they wrote (FACTS 1.3).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Tenant;
use super::call::Call;
use super::directory::json_row;
use super::error::{Answer, Fault};
use super::outlook::place::Place;
use super::outlook::{self, Rules, Source};
use super::query::row::{JsonRow, Row};
use super::query::search::words;
use super::random::{guid, mix_text};
use super::reply::Reply;
use super::world::message;
use super::world::people::User;

const RULES: Rules = Rules {
    type_name: "person",
    // Relevance is the only order, and nothing filters.
    options: &["$search", "$select", "$skip", "$top"],
    ..Rules::BARE
};

/// `people`
pub fn respond(call: &Call, tenant: &Tenant, place: Place, rest: &[&str]) -> Answer<Reply> {
    if let Some(other) = rest.first() {
        return Err(Fault::unknown_segment(other));
    }
    let wanted = wanted(call)?;
    let rows: Vec<JsonRow> = writers(tenant, place)
        .into_iter()
        .map(|writer| row(place, &writer))
        .collect();
    let found = |row: &dyn Row| {
        let have = words(&format!(
            "{} {}",
            row.property("displayName").as_str().unwrap_or_default(),
            row.property("scoredEmailAddresses")[0]["address"]
        ));
        wanted
            .iter()
            .all(|word| have.iter().any(|token| token.starts_with(word)))
    };
    let resource = place.resource("people");
    let source = Source {
        also: Some(&found),
        ..Source::plain(&rows, &resource)
    };
    outlook::list(call, &RULES, &source)
}

/// The words that a name or address must have as beginnings. The real search also forgives misspellings and knows topics: the one cannot be told from a wrong answer, so this is the stricter, and the other is refused.
fn wanted(call: &Call) -> Answer<Vec<String>> {
    let Some(text) = &call.query.search else {
        return Ok(Vec::new());
    };
    let text = text.trim_matches('"');
    let wanted = words(text);
    if text.contains(':') || wanted.is_empty() {
        return Err(Fault::new(
            400,
            "ErrorInvalidUrlQuery",
            "The search text must be a name or an address.",
        ));
    }
    Ok(wanted)
}

/// Somebody who wrote to the mailbox.
struct Writer<'w> {
    name: String,
    address: String,
    mails: usize,
    user: Option<&'w User>,
}

/// The most diligent first.
fn writers<'w>(tenant: &Tenant, place: Place<'w>) -> Vec<Writer<'w>> {
    let mailbox = &tenant.mailboxes[place.mailbox];
    // Guests of the directory are people from outside here: a mail does not say that they were invited.
    let staff = || {
        place
            .users
            .iter()
            .filter(|user| !user.upn.contains("#EXT#"))
    };
    let mut found: BTreeMap<String, Writer> = BTreeMap::new();
    // Extra messages are for measuring and matter to nobody.
    for number in 0..mailbox.folder_of.len() {
        let Some((name, address)) = message::facts(mailbox, place.users, number).from else {
            continue;
        };
        let same = |mail: &String| mail.eq_ignore_ascii_case(&address);
        found
            .entry(address.to_lowercase())
            .or_insert_with(|| Writer {
                user: staff().find(|user| user.mail.as_ref().is_some_and(same)),
                name,
                address: address.clone(),
                mails: 0,
            })
            .mails += 1;
    }
    let own = &place.owner().id;
    let mut writers: Vec<Writer> = found
        .into_values()
        .filter(|writer| writer.user.is_none_or(|user| user.id != *own))
        .collect();
    writers.sort_by_key(|writer| std::cmp::Reverse(writer.mails));
    writers
}

/// A colleague has the id of the directory in everybody's list; anybody else has one per list.
fn row(place: Place, writer: &Writer) -> JsonRow {
    let lot = mix_text(&writer.address);
    let from_user = |name: &str| writer.user.map_or(Value::Null, |user| user.property(name));
    let id = match writer.user {
        Some(user) => user.id.clone(),
        None => guid(&[240, place.mailbox as u64, lot]),
    };
    let subclass = match writer.user {
        Some(_) => "OrganizationUser",
        None if lot.is_multiple_of(3) => "PersonalContact",
        None => "ImplicitContact",
    };
    // Somebody who wrote once is an address, and nothing was found out about it.
    let known = writer.mails > 1;
    let one_in = |n: u64, text: &str| lot.is_multiple_of(n).then(|| text.to_string());
    let value = json!({
        "id": id,
        "displayName": known.then_some(&writer.name),
        "givenName": from_user("givenName"),
        "surname": from_user("surname"),
        "userPrincipalName": from_user("userPrincipalName"),
        "companyName": from_user("companyName"),
        "department": from_user("department"),
        "jobTitle": from_user("jobTitle"),
        "officeLocation": from_user("officeLocation"),
        "imAddress": writer.user.map(|user| format!("sip:{}", user.upn)),
        "isFavorite": (!lot.is_multiple_of(5)).then_some(lot.is_multiple_of(2)),
        "birthday": one_in(6, "1984-03-02"),
        "personNotes": one_in(4, "Knows \"everybody\" & 50% more."),
        "profession": one_in(7, "Ingenieur/in"),
        "yomiCompany": one_in(8, "コントソ"),
        "personType": known.then(|| json!({"class": "Person", "subclass": subclass})),
        "phones": phones(&from_user("businessPhones")),
        "postalAddresses": addresses(lot),
        "websites": if lot.is_multiple_of(6) { json!([{"type": "blog", "address": "https://example.com/?a=1&b=2", "displayName": null}]) } else { json!([]) },
        "scoredEmailAddresses": [{
            "address": writer.address,
            "relevanceScore": writer.mails as f64,
            "selectionLikelihood": if writer.mails > 20 { "high" } else { "notSpecified" },
            "itemId": null,
        }],
    });
    json_row("person", value)
}

fn phones(numbers: &Value) -> Value {
    let numbers = numbers.as_array().into_iter().flatten();
    let phone = |number: &Value| json!({"type": "business", "number": number, "region": null, "language": null});
    numbers.map(phone).collect()
}

fn addresses(lot: u64) -> Value {
    if !lot.is_multiple_of(5) {
        return json!([]);
    }
    json!([{
        "displayName": "Home", "locationType": "homeAddress", "uniqueIdType": "unknown",
        "address": {"street": "Marienplatz 8", "city": "München", "postalCode": "80331", "countryOrRegion": "Germany", "state": null},
    }])
}
