//! What hangs on an item beside its content: permissions, versions, and what others share with a user (FACTS 1.6).

use serde_json::{Value, json};

use super::now::Drives;
use super::row::{ItemRow, Place, drive_type};
use super::{facets, no_item};
use crate::demo::call::Call;
use crate::demo::collection::{self, Nulls, Rules, without_nulls};
use crate::demo::directory::json_row;
use crate::demo::encoding::base64_url;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::guid;
use crate::demo::reply::Reply;
use crate::demo::signin::Caller;
use crate::demo::time::{self, DAY};
use crate::demo::world::drives::{Drive, Kind, Owner};
use crate::demo::world::people::User;
use crate::demo::world::sharing::{self as world, Grant};

const PERMISSION: Rules = Rules {
    type_name: "permission",
    code: "invalidRequest",
    options: &["$select"],
    options_on_one: &["$select"],
    filters: &[],
    sorts: &[],
    hidden: &[],
    pages: None,
    nulls: Nulls::LeftOut,
};

/// No option (FACTS 1.6).
const VERSION: Rules = Rules {
    type_name: "driveItemVersion",
    options: &[],
    options_on_one: &[],
    hidden: &["content"],
    ..PERMISSION
};

/// No option (FACTS 1.6).
const SHARED: Rules = Rules {
    type_name: "driveItem",
    ..VERSION
};

/// `permissions` and `permissions/{id}`
pub fn permissions(call: &Call, place: Place, item: usize, rest: &[&str]) -> Answer<Reply> {
    let secrets = may_share(call, place);
    let all = world::effective(place.drive, item);
    let rows = all.iter().map(|(from, number, grant)| {
        let mut row = permission(place, *from, *number, grant, secrets);
        if *from != item {
            row.map
                .insert("inheritedFrom".into(), inherited(place.drive, *from));
        }
        row
    });
    below(
        call,
        &PERMISSION,
        &resource(place, item, "permissions"),
        rows,
        rest,
    )
}

/// `versions` and `versions/{id}`: of files only, the newest first.
pub fn versions(call: &Call, place: Place, item: usize, rest: &[&str]) -> Answer<Reply> {
    if place.drive.items[item].kind != Kind::File {
        return Err(Fault::new(
            400,
            "invalidRequest",
            "Only files have versions.",
        ));
    }
    let rows = all_versions(place, item).into_iter();
    let rows = rows.map(|row| json_row("driveItemVersion", row));
    below(
        call,
        &VERSION,
        &resource(place, item, "versions"),
        rows,
        rest,
    )
}

/// The versions of a file, the newest first: those written down, or as many as were generated.
pub fn all_versions(place: Place, item: usize) -> Vec<Value> {
    if let Some(Value::Array(written)) = place.drive.items[item].set("versions") {
        return written.clone();
    }
    let count = world::versions(place.drive, item);
    let rows = (0..count).map(|age| version(place, item, count, age));
    rows.collect()
}

/// `sharedWithMe`: what others share with the owner of the drive, who alone may ask (FACTS 1.6 has no application permission).
pub fn shared_with_me(call: &Call, place: Place, drives: &Drives) -> Answer<Reply> {
    let Owner::User(me) = place.drive.owner else {
        return Err(Fault::new(
            400,
            "invalidRequest",
            "Only the drive of a user has items shared with it.",
        ));
    };
    if !is_caller(call, &place.users[me]) {
        return Err(Fault::new(403, "accessDenied", "Access denied"));
    }
    let mut rows = Vec::new();
    for drive in drives
        .iter()
        .filter(|drive| drive.owner != place.drive.owner)
    {
        for number in drive.living() {
            let mut grants = world::own(drive, number).into_iter();
            if grants.any(|grant| world::names(&grant, me)) {
                let row = ItemRow {
                    place: Place { drive, ..place },
                    number,
                    origin: &call.origin,
                    pathless: true,
                };
                rows.push(remote(&row));
            }
        }
    }
    collection::list(call, &SHARED, "Collection(driveItem)", rows)
}

fn resource(place: Place, item: usize, below: &str) -> String {
    let (drive, item) = (&place.drive.id, &place.drive.items[item].id);
    format!("drives('{drive}')/items('{item}')/{below}")
}

fn below(
    call: &Call,
    rules: &Rules,
    resource: &str,
    mut rows: impl Iterator<Item = JsonRow>,
    rest: &[&str],
) -> Answer<Reply> {
    match rest {
        [] => collection::list(call, rules, resource, rows.collect()),
        [key] => {
            let row = rows.find(|row| row.property("id") == *key);
            collection::single(call, rules, resource, &row.ok_or_else(no_item)?)
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

fn is_caller(call: &Call, user: &User) -> bool {
    matches!(&call.caller, Caller::Delegated { id, .. } if *id == user.id)
}

/// Secrets of links are for those who could make them (FACTS 1.6): the owner, everybody in a library, applications.
fn may_share(call: &Call, place: Place) -> bool {
    match place.drive.owner {
        Owner::User(owner) => {
            call.caller == Caller::Application || is_caller(call, &place.users[owner])
        }
        Owner::Site => true,
    }
}

fn permission(place: Place, item: usize, number: usize, grant: &Grant, secrets: bool) -> JsonRow {
    let parts = [262, place.drive.number as u64, item as u64, number as u64];
    let value = match grant {
        Grant::Owner => owner(place),
        Grant::Person { user, role } => {
            let user = &place.users[*user];
            let guest = user.upn.contains("#EXT#");
            json!({
                "id": login(user),
                "roles": [role],
                "grantedTo": {"user": plain(user)},
                "grantedToV2": {"user": with_mail(user), "siteUser": site_user(user)},
                "invitation": guest.then(|| json!({"email": user.mail, "signInRequired": true, "invitedBy": place.owner_identity(), "redeemedBy": user.mail})),
            })
        }
        Grant::Link {
            scope,
            kind,
            expires,
            password,
            users,
        } => {
            let id = guid(&parts);
            let named = || users.iter().map(|user| &place.users[*user]);
            let url = format!(
                "https://contoso-my.sharepoint.com/:u:/g/{}",
                base64_url(id.as_bytes())
            );
            json!({
                "id": id,
                "roles": [if *kind == "edit" { "write" } else { "read" }],
                "expirationDateTime": expires.map(time::show),
                "hasPassword": password,
                "shareId": secrets.then(|| format!("u!{}", base64_url(url.as_bytes()))),
                "link": without_nulls_in(json!({"scope": scope, "type": kind, "webUrl": secrets.then_some(&url), "preventsDownload": false, "application": application(scope, item)})),
                "grantedToIdentities": named().map(|user| json!({"user": plain(user)})).collect::<Vec<_>>(),
                "grantedToIdentitiesV2": named().map(|user| json!({"user": plain(user), "siteUser": site_user(user)})).collect::<Vec<_>>(),
            })
        }
    };
    json_row("permission", value)
}

/// Links for everybody at work were often made by the program in which somebody shared.
fn application(scope: &str, item: usize) -> Value {
    match scope == "organization" && item.is_multiple_of(2) {
        true => json!({"id": guid(&[263]), "displayName": "Contoso Meetings"}),
        false => Value::Null,
    }
}

fn owner(place: Place) -> Value {
    match place.drive.owner {
        Owner::User(user) => {
            let user = &place.users[user];
            json!({"id": login(user), "roles": ["owner"], "grantedTo": {"user": plain(user)}, "grantedToV2": {"user": with_mail(user), "siteUser": site_user(user)}})
        }
        Owner::Site => {
            json!({"id": "Q29udG9zbyBUZWFtIE93bmVycw", "roles": ["owner"], "grantedToV2": {"siteGroup": {"id": "3", "displayName": "Contoso Team Owners", "loginName": "Contoso Team Owners"}}})
        }
    }
}

/// The id of a person's permission is the login name: the same on every item.
fn login(user: &User) -> String {
    base64_url(format!("i:0#.f|membership|{}", user.upn).as_bytes())
}

fn plain(user: &User) -> Value {
    json!({"id": user.id, "displayName": user.name})
}

/// The newer identity tells the address as well, of those who have one.
fn with_mail(user: &User) -> Value {
    let mut identity = plain(user);
    if let Some(mail) = &user.mail {
        identity["email"] = json!(mail);
    }
    identity
}

fn site_user(user: &User) -> Value {
    json!({"id": (user.index + 1).to_string(), "displayName": user.name, "loginName": format!("i:0#.f|membership|{}", user.upn)})
}

fn inherited(drive: &Drive, item: usize) -> Value {
    let mut reference = json!({"driveId": drive.id, "id": drive.items[item].id, "path": format!("/drives/{}/root:{}", drive.id, drive.path(item))});
    // From the root down everything is told.
    if item == 0 {
        let whole = facets::reference(117);
        for name in ["driveType", "name", "shareId", "siteId", "sharepointIds"] {
            reference[name] = whole[name].clone();
        }
    }
    reference
}

fn without_nulls_in(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(without_nulls(map)),
        other => other,
    }
}

fn version(place: Place, item: usize, count: usize, age: usize) -> Value {
    let file = &place.drive.items[item];
    let by = &place.users[(item + age) % 12];
    let id = format!("{}.0", count - age);
    // Whoever has left the tenant is named no more; not every library publishes its versions.
    let left = age > 0 && (item + age).is_multiple_of(5);
    let published = item.is_multiple_of(3);
    json!({
        "id": id,
        "lastModifiedDateTime": time::show(file.modified - age as i64 * 3 * DAY),
        "lastModifiedBy": (!left).then(|| by.identity()),
        "publication": published.then(|| json!({"level": "published", "versionId": id})),
        "size": file.size / (age as u64 + 1),
    })
}

/// Properties that the item and its `remoteItem` share.
const BOTH: [&str; 8] = [
    "id",
    "name",
    "size",
    "createdDateTime",
    "createdBy",
    "lastModifiedDateTime",
    "lastModifiedBy",
    "webUrl",
];
/// Properties of the `remoteItem` alone.
const THERE: [&str; 4] = ["webDavUrl", "file", "folder", "fileSystemInfo"];

/// An item of another drive: what it is stands in `remoteItem`, with the key under which it is found there.
fn remote(row: &ItemRow) -> JsonRow {
    let drive = row.place.drive;
    let owner = match drive.owner {
        Owner::User(user) => row.place.users[user].identity(),
        Owner::Site => Value::Null,
    };
    let mut remote = json!({
        "parentReference": {"driveId": drive.id, "driveType": drive_type(drive), "id": drive.items[drive.items[row.number].parent].id},
        "shared": {"scope": "users", "owner": owner, "sharedBy": owner, "sharedDateTime": row.property("lastModifiedDateTime")},
    });
    for name in BOTH.iter().chain(&THERE) {
        remote[name] = row.property(name);
    }
    let mut value = json!({"remoteItem": without_nulls_in(remote)});
    for name in BOTH {
        value[name] = row.property(name);
    }
    json_row("driveItem", value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::Tenant;
    use crate::demo::collection::survey;

    #[test]
    fn names_exist() {
        let tenant = Tenant::standard();
        let place = Place {
            drive: &tenant.drives[0],
            users: &tenant.users,
        };
        let all = (0..60).flat_map(|item| world::effective(place.drive, item));
        let rows = all.map(|(from, number, grant)| permission(place, from, number, &grant, true));
        let (strange, full) = survey(&rows.collect::<Vec<_>>());
        assert_eq!((strange, full), (Vec::new(), vec!["id", "roles"]));
        let version = json_row("driveItemVersion", version(place, 17, 12, 0));
        assert_eq!(survey(&[version]).0, [""; 0]);
    }
}
