//! The groups of contoso.com: Microsoft 365, security, distribution and dynamic ones, some within others.

use serde_json::{Map, Value, json};

use super::licences::{FLOW, SKUS};
use super::people::{COUNT, User};
use crate::demo::query::row::Row;
use crate::demo::query::schema;
use crate::demo::random::{SplitMix, guid};
use crate::demo::time::{self, DAY, SECOND};

/// How many groups there are: more than one page.
pub const GROUPS: usize = 105;

/// One group.
#[derive(Clone)]
pub struct Group {
    /// Object id.
    pub id: String,
    /// Places of the users who are members.
    pub members: Vec<usize>,
    /// Places of the groups that are members.
    pub nested: Vec<usize>,
    /// Places of the owners.
    pub owners: Vec<usize>,
    /// Deleted by a write.
    pub gone: bool,
    map: Map<String, Value>,
}

impl Group {
    /// A group that was created.
    pub fn created(values: &Map<String, Value>) -> Group {
        let mut group = Group {
            id: String::new(),
            members: Vec::new(),
            nested: Vec::new(),
            owners: Vec::new(),
            gone: false,
            map: Map::new(),
        };
        group.set(values);
        group
    }

    /// Overwrites properties.
    pub fn set(&mut self, values: &Map<String, Value>) {
        self.map.extend(values.clone());
        if let Some(id) = self.map.get("id").and_then(Value::as_str) {
            self.id = id.to_string();
        }
    }

    /// Is this among its `groupTypes`?
    pub fn is(&self, kind: &str) -> bool {
        let kinds = self.map.get("groupTypes").and_then(Value::as_array);
        kinds.is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    }
}

/// Whether the group at a place is also a team.
pub fn is_team(place: usize) -> bool {
    is_unified(place) && place.is_multiple_of(4)
}

/// Whether the group at a place is a Microsoft 365 group: the only kind with a mailbox, plans and a site.
pub fn is_unified(place: usize) -> bool {
    place % 3 != 1
}

impl Row for &Group {
    fn type_name(&self) -> &'static str {
        "group"
    }
    fn property(&self, name: &str) -> Value {
        match (self.map.get(name), schema::member("group", name)) {
            (Some(value), _) => value.clone(),
            (None, Some(schema::Member::Property(kind))) if kind.starts_with("Collection") => {
                json!([])
            }
            _ => Value::Null,
        }
    }
}

/// All groups.
pub fn all() -> Vec<Group> {
    (0..GROUPS).map(group).collect()
}

/// The users in a group and in the groups within it.
pub fn transitive(groups: &[Group], place: usize) -> (Vec<usize>, Vec<usize>) {
    let (mut users, mut seen, mut open) = (
        groups[place].members.clone(),
        Vec::new(),
        groups[place].nested.clone(),
    );
    while let Some(next) = open.pop() {
        if !seen.contains(&next) {
            seen.push(next);
            users.extend(&groups[next].members);
            open.extend(&groups[next].nested);
        }
    }
    users.sort_unstable();
    users.dedup();
    seen.sort_unstable();
    (users, seen)
}

const NAMES: &[&str] = &[
    "All Company",
    "Sales",
    "SALES",
    "Müller & Friends",
    "O'Brien's team",
    "Project 50%",
    "board_members",
    "🎉 Events",
];

fn group(place: usize) -> Group {
    let mut random = SplitMix::of(&[120, place as u64]);
    let members = if place == 0 {
        (0..COUNT).collect()
    } else {
        (0..COUNT).filter(|_| random.percent(10)).collect()
    };
    Group {
        id: guid(&[121, place as u64]),
        members,
        nested: if place == 1 {
            vec![2, 3]
        } else if place == 3 {
            vec![4]
        } else {
            Vec::new()
        },
        owners: (0..place % 3).map(|i| (place + i * 7) % 12).collect(),
        gone: false,
        map: properties(place),
    }
}

fn properties(place: usize) -> Map<String, Value> {
    let name = NAMES
        .get(place)
        .map_or_else(|| format!("Team {place:03}"), |name| name.to_string());
    let (unified, dynamic, synced) = (is_unified(place), place % 10 == 6, place % 10 == 7);
    let mail_enabled = unified || place.is_multiple_of(2);
    let nickname = format!("group{place}");
    let mail = mail_enabled.then(|| format!("{nickname}@contoso.com"));
    let created =
        time::date(2024, 12, 1) + place as i64 * 5 * DAY + (place as i64 * 977 % 86_400) * SECOND;
    let kinds: Vec<&str> = unified
        .then_some("Unified")
        .into_iter()
        .chain(dynamic.then_some("DynamicMembership"))
        .collect();
    let value = json!({
        "id": guid(&[121, place as u64]),
        "displayName": name,
        "description": (place % 4 != 3).then(|| format!("{name}: people & plans")),
        "mail": mail,
        "mailEnabled": mail_enabled,
        "mailNickname": nickname,
        "securityEnabled": !unified || place.is_multiple_of(5),
        "groupTypes": kinds,
        "visibility": unified.then_some(if place.is_multiple_of(2) { "Public" } else { "Private" }),
        "classification": (place % 6 == 2).then_some("Confidential"),
        "createdDateTime": time::show(created),
        "renewedDateTime": time::show(created + 30 * DAY),
        "expirationDateTime": (place % 7 == 3).then(|| time::show(created + 1_000 * DAY)),
        "membershipRule": dynamic.then_some("user.department -eq \"Sales\""),
        "membershipRuleProcessingState": dynamic.then_some("On"),
        "isAssignableToRole": (place % 5 == 1).then_some(true),
        "onPremisesSyncEnabled": synced.then_some(true),
        "onPremisesLastSyncDateTime": synced.then_some("2026-11-20T00:00:00Z"),
        "onPremisesDomainName": synced.then_some("corp.contoso.com"),
        "onPremisesNetBiosName": synced.then_some("CORP"),
        "onPremisesSamAccountName": synced.then_some(&nickname),
        "onPremisesSecurityIdentifier": synced.then(|| format!("S-1-5-21-100-200-300-{}", 5_000 + place)),
        "preferredDataLocation": (place % 12 == 5).then_some("EUR"),
        "onPremisesExtensionAttributes": (place % 20 == 17).then(|| super::profile::attributes(None, true)),
        "uniqueName": (place % 14 == 2).then(|| format!("unique-{place}")),
        "isManagementRestricted": (place % 20 == 6).then_some(true),
        "preferredLanguage": (place % 8 == 1).then_some("en-US"),
        "proxyAddresses": mail.iter().map(|mail| format!("SMTP:{mail}")).collect::<Vec<String>>(),
        "resourceProvisioningOptions": if is_team(place) { vec!["Team"] } else { Vec::new() },
        "securityIdentifier": format!("S-1-12-1-{}", 4_000 + place),
        "theme": (place % 9 == 4).then_some("Teal"),
        "assignedLicenses": if place == 8 { json!([{"skuId": SKUS[FLOW].id, "disabledPlans": []}]) } else { json!([]) },
    });
    let mut map = object(value);
    map.extend(single_only(place));
    map
}

/// Served for one group only (FACTS 1.4).
fn single_only(place: usize) -> Map<String, Value> {
    object(json!({
        "allowExternalSenders": false,
        "autoSubscribeNewMembers": false,
        "hideFromAddressLists": place.is_multiple_of(11),
        "hideFromOutlookClients": false,
        "isSubscribedByMail": true,
        "unseenCount": place % 4,
    }))
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value {
        map
    } else {
        Map::new()
    }
}

/// The groups that a user is a member of: directly, or through other groups too.
pub fn of_user(groups: &[Group], user: &User, through: bool) -> Vec<usize> {
    let holds = |place: &usize| {
        let direct = groups[*place].members.contains(&user.index);
        direct || (through && transitive(groups, *place).0.contains(&user.index))
    };
    (0..groups.len()).filter(holds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_followed() {
        let groups = all();
        assert_eq!((groups.len(), groups[0].members.len()), (105, 60));
        let (users, nested) = transitive(&groups, 1);
        assert_eq!(nested, [2, 3, 4]);
        assert!(groups[4].members.iter().all(|user| users.contains(user)));
    }

    #[test]
    fn every_property_in_use_exists_in_the_schema() {
        for name in properties(6).keys() {
            assert!(schema::member("group", name).is_some(), "{name}");
        }
    }
}
