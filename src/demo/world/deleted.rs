//! Users who were deleted in the last thirty days, after which nothing is left of them.

use serde_json::{Map, json};

use super::names::PEOPLE;
use super::people::{COUNT, Kind, User};
use super::profile;
use crate::demo::random::guid;
use crate::demo::time::{self, SECOND};

/// How many: more than one page.
pub const DELETED: usize = 112;

/// The deleted users, the latest first. Some have the names of users who are there: they left and came back.
pub fn all() -> Vec<User> {
    (0..DELETED).map(gone).collect()
}

/// Display names that are hard to carry.
const GONE: &[&str] = &[
    "Megan Bowen",
    "Temp, Summer \"Intern\"",
    "O'Hara-Žižka, 100%",
    "🏖️ left_us",
];

fn gone(place: usize) -> User {
    let (given, surname) = (
        PEOPLE[place * 5 % PEOPLE.len()].0,
        PEOPLE[place * 11 % PEOPLE.len()].1,
    );
    let guest = place % 14 == 13;
    let name = GONE
        .get(place)
        .map_or_else(|| format!("{given} {surname}"), ToString::to_string);
    let index = COUNT + place;
    let id = guid(&[1, index as u64]);
    let mail = format!("leaver{place}@contoso.com");
    let at = time::date(2026, 11, 30) - (place as i64 * 6 + 5) * 3_600 * SECOND + place as i64 % 3;
    let mut user = User {
        index,
        // The prefix makes the name free for somebody else (K).
        upn: format!("{}{mail}", id.replace('-', "")),
        id,
        name,
        mail: (place % 5 != 4).then_some(mail),
        enabled: !place.is_multiple_of(3),
        mailbox: None,
        manager: None,
        gone: false,
        map: Map::new(),
    };
    let kind = if guest { Kind::Guest } else { Kind::Staff };
    let known = (place > 3).then_some((given, surname)).unzip();
    user.map = profile::properties(&user, &kind, known.0, known.1);
    let last = (user.enabled && !guest).then(|| {
        json!({
            "lastSignInDateTime": time::show(at - 40 * 3_600 * SECOND), "lastSignInRequestId": guid(&[5, index as u64]),
            "lastNonInteractiveSignInDateTime": null, "lastNonInteractiveSignInRequestId": null,
            "lastSuccessfulSignInDateTime": null, "lastSuccessfulSignInRequestId": null,
        })
    });
    for (name, value) in [
        ("deletedDateTime", json!(time::show(at))),
        ("mailNickname", json!(format!("leaver{place}"))),
        ("signInActivity", json!(last)),
    ] {
        user.map.insert(name.into(), value);
    }
    user
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_deleted_lies_within_thirty_days() {
        let gone = all();
        assert_eq!(gone.len(), 112);
        let at = |user: &User| user.map["deletedDateTime"].clone();
        assert_eq!(at(&gone[0]), "2026-11-29T19:00:00Z");
        assert_eq!(at(&gone[111]), "2026-11-02T01:00:00Z");
    }
}
