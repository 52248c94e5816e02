//! Groups, their members and owners, and the groups of a user (FACTS 1.4).

use super::objects::{Object, expands_nothing, memberships, related};
use super::rules::{GROUP, USER};
use super::{delta, entity, list, not_found, only};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::delta::is_delta;
use crate::demo::error::{Answer, Fault};
use crate::demo::page::Rows;
use crate::demo::query::row::Row;
use crate::demo::query::select::{all_but, chosen, context_suffix};
use crate::demo::reply::Reply;
use crate::demo::world::groups::{Group, transitive};
use crate::demo::world::people::User;

/// Answers below `groups`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => list::list(
            call,
            &GROUP,
            "groups",
            &Groups(living(tenant)),
            &expands_nothing,
        ),
        [function] if is_delta(function) => delta::groups(call, tenant),
        ["$count"] => list::count_segment(call, &GROUP, &Groups(living(tenant))),
        [key] => single(call, find(tenant, key)?.1),
        [
            key,
            relation @ ("members" | "transitiveMembers" | "owners"),
            rest @ ..,
        ] => {
            let (place, group) = find(tenant, key)?;
            let (users, groups) = match *relation {
                "members" => (group.members.clone(), group.nested.clone()),
                "owners" => (group.owners.clone(), Vec::new()),
                _ => transitive(&tenant.now.groups, place),
            };
            let groups = groups.into_iter().map(Object::Group);
            let users = users.into_iter().map(Object::User);
            related(call, tenant, &USER, groups.chain(users).collect(), rest)
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// `users/{id}/memberOf` and `transitiveMemberOf`.
pub fn member_of(
    call: &Call,
    tenant: &Tenant,
    user: &User,
    through: bool,
    rest: &[&str],
) -> Answer<Reply> {
    related(
        call,
        tenant,
        &GROUP,
        memberships(tenant, user, through),
        rest,
    )
}

/// One group: the properties that a collection does not have are here.
pub fn single(call: &Call, group: &Group) -> Answer<Reply> {
    only(&call.query, &["$select"])?;
    let select = call.query.select.as_deref();
    let hidden = [
        "hasMembersWithLicenseErrors",
        "assignedLabels",
        "assignedLicenses",
        "licenseProcessingState",
    ];
    let mut defaults = all_but("group", &hidden);
    defaults.retain(|name| GROUP.defaults.contains(name));
    let names = chosen("group", select, &defaults)?;
    Ok(Reply::json(entity(
        call,
        &format!("groups{}/$entity", context_suffix(select)),
        &group,
        &names,
    )))
}

/// The group with an id, and its place.
pub fn find<'t>(tenant: &'t Tenant, key: &str) -> Answer<(usize, &'t Group)> {
    let mut groups = tenant.now.groups.iter().enumerate();
    groups
        .find(|(_, group)| !group.gone && group.id.eq_ignore_ascii_case(key))
        .ok_or_else(|| not_found(key))
}

fn living(tenant: &Tenant) -> Vec<&Group> {
    let groups = tenant.now.groups.iter();
    groups.filter(|group| !group.gone).collect()
}

struct Groups<'w>(Vec<&'w Group>);

impl Rows for Groups<'_> {
    fn length(&self) -> usize {
        self.0.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(self.0[position])
    }
}
