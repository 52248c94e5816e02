//! Presence: of one user, and of many by their ids (FACTS 1.4).

use serde_json::{Value, json};

use super::Tenant;
use super::call::Call;
use super::error::{Answer, Fault};
use super::query::options::Query;
use super::query::row::{JsonRow, render};
use super::query::select::all_but;
use super::random::SplitMix;
use super::reply::Reply;
use super::signin::Caller;
use super::time;
use super::world::licences;
use super::world::people::User;
use super::world::rooms;

/// FACTS 1.4.
const MOST: usize = 650;

/// `users/{id}/presence` and `me/presence`.
pub fn single(call: &Call, user: &User) -> Answer<Reply> {
    allowed(call)?;
    let mut body = render(&presence(user), &names());
    // The context of an entity of a user names that user.
    let context = call.context(&format!("users('{}')/presence/$entity", user.id));
    body.insert("@odata.context".into(), json!(context));
    Ok(Reply::json(body))
}

/// `POST communications/getPresencesByUserId`. Nothing says what becomes of ids that nobody has: here a GUID of no user is left out, so that an answer may be shorter than its question, and what is no GUID is refused.
pub fn by_user_ids(call: &Call, tenant: &Tenant) -> Answer<Reply> {
    allowed(call)?;
    let body = call.json_body()?;
    let ids = body["ids"].as_array().filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| Fault::bad_request("The list 'ids' is missing or empty."))?;
    if ids.len() > MOST {
        return Err(Fault::bad_request(format!(
            "The list 'ids' has {} members. Max allowed: {MOST}.",
            ids.len()
        )));
    }
    let mut value: Vec<Value> = Vec::new();
    for id in ids {
        let id = id.as_str().filter(|id| is_guid(id));
        let id = id.ok_or_else(|| Fault::bad_request("A member of 'ids' is not a user id."))?;
        let mut users = tenant.now.users();
        if let Some(user) = users.find(|user| user.id.eq_ignore_ascii_case(id)) {
            value.push(Value::Object(render(&presence(user), &names())));
        }
    }
    Ok(Reply::json(call.page(
        "Collection(microsoft.graph.presence)",
        value,
        None,
    )))
}

/// No option is documented, so all are refused; and so are applications, which FACTS has only as a hypothesis.
fn allowed(call: &Call) -> Answer<()> {
    if call.caller == Caller::Application {
        return Err(Fault::new(
            403,
            "Forbidden",
            "Presence needs a delegated token.",
        ));
    }
    no_option(&call.query)
}

/// 400 for every `$` option.
pub fn no_option(query: &Query) -> Answer<()> {
    match query.sent.iter().find(|(name, _)| name != "$format") {
        Some((name, _)) => Err(Fault::bad_request(format!(
            "The query option '{name}' is not supported on this resource."
        ))),
        None => Ok(()),
    }
}

fn names() -> Vec<String> {
    all_but("presence", &[])
        .into_iter()
        .map(String::from)
        .collect()
}

fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let sizes: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let hex = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    sizes == [8, 4, 4, 4, 12] && groups.iter().all(hex)
}

const STATES: &[(&str, &str)] = &[
    ("Available", "Available"),
    ("Busy", "InAMeeting"),
    ("Busy", "InACall"),
    ("DoNotDisturb", "Presenting"),
    ("DoNotDisturb", "UrgentInterruptionsOnly"),
    ("Away", "Away"),
    ("BeRightBack", "BeRightBack"),
    ("AvailableIdle", "Available"),
    ("Offline", "OffWork"),
];

const NOTES: &[Option<&str>] = &[
    None,
    Some("Back at 14:00 – call me"),
    None,
    Some("🏖️ until Monday"),
    Some("<b>Don't</b> disturb: \"Q4\" & 100%"),
];

/// Who holds no licence or is switched off is nowhere to be seen.
fn presence(user: &User) -> JsonRow {
    let mut random = SplitMix::of(&[160, user.index as u64]);
    let (availability, activity) = random.pick(STATES);
    let reachable = user.enabled && !licences::held(user.index).is_empty();
    let (availability, activity) = match user.index {
        _ if !reachable => ("PresenceUnknown", "PresenceUnknown"),
        // Has not signed in for months.
        9 => ("Offline", "Offline"),
        _ => (availability, activity),
    };
    let note = NOTES[user.index % NOTES.len()].filter(|_| reachable);
    let today = time::today();
    let note = note.map(|note| {
        let until = (!user.index.is_multiple_of(2))
            .then(|| json!({"dateTime": time::show_wall(today + time::DAY), "timeZone": "UTC"}));
        json!({
            "message": {"content": note, "contentType": "text"}, "expiryDateTime": until,
            "publishedDateTime": time::show(today - 3 * time::DAY),
        })
    });
    // Who was last here with an old client shows no more than the two states (presence-get).
    let told = reachable && user.index % 8 != 1;
    // Megan is one of them: her mailbox says so, too.
    let away = told && user.index % 4 == 2;
    let place = (reachable && user.index.is_multiple_of(3)).then(|| work_location(user));
    JsonRow::of(
        "presence",
        json!({
            "id": user.id, "availability": availability, "activity": activity, "statusMessage": note,
            "outOfOfficeSettings": told.then(|| json!({"isOutOfOffice": away, "message": away.then_some("I am out of office.\nBack on Monday.")})),
            "sequenceNumber": told.then(|| format!("A{:010}", random.below(10_000_000))), "workLocation": place,
        }),
    )
}

/// At a place of the tenant, or at home.
fn work_location(user: &User) -> Value {
    if user.index.is_multiple_of(6) {
        let room = rooms::id(user.index);
        return json!({"placeId": room, "source": "manual", "workLocationType": "office"});
    }
    json!({"placeId": null, "source": "manual", "workLocationType": "remote"})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_have_five_groups() {
        assert!(is_guid("87D349ED-44d7-43e1-9a83-5f2406dee5bd"));
        for text in [
            "",
            "87d349ed",
            "87d349ed-44d7-43e1-9a83-5f2406dee5bg",
            "a-b-c-d-e",
        ] {
            assert!(!is_guid(text), "{text}");
        }
    }
}
