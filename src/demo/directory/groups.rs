//! Groups, their members and owners, and the groups of a user (FACTS 1.4).

use serde_json::{Value, json};

use super::list::{self, unsupported};
use super::rules::{GROUP, Rules, USER};
use super::{entity, not_found, only};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::page::Rows;
use crate::demo::query::row::Row;
use crate::demo::query::select::{all_but, chosen, context_suffix};
use crate::demo::reply::Reply;
use crate::demo::world::groups::{Group, of_user, transitive};
use crate::demo::world::people::User;

/// Answers below `groups`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => list::list(
            call,
            &GROUP,
            "groups",
            &Groups(&tenant.groups),
            &expands_nothing,
        ),
        ["$count"] => list::count_segment(call, &GROUP, &Groups(&tenant.groups)),
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
                _ => transitive(&tenant.groups, place),
            };
            related(call, tenant, users, groups, rest)
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
        Vec::new(),
        of_user(&tenant.groups, user, through),
        rest,
    )
}

/// One group: the properties that a collection does not have are here.
fn single(call: &Call, group: &Group) -> Answer<Reply> {
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
    let mut groups = tenant.groups.iter().enumerate();
    groups
        .find(|(_, group)| group.id.eq_ignore_ascii_case(key))
        .ok_or_else(|| not_found(key))
}

/// A collection of directory objects: filter, search, order and cast are advanced queries here (FACTS 1.4).
fn related(
    call: &Call,
    tenant: &Tenant,
    users: Vec<usize>,
    groups: Vec<usize>,
    rest: &[&str],
) -> Answer<Reply> {
    let (cast, count) = match rest {
        [] => (None, false),
        ["$count"] => (None, true),
        [cast] => (Some(*cast), false),
        [cast, "$count"] => (Some(*cast), true),
        [.., other] => return Err(Fault::unknown_segment(other)),
    };
    let narrowed = cast.is_some()
        || ["$filter", "$search", "$orderby"]
            .iter()
            .any(|option| call.query.has(option));
    if narrowed && !count && !call.advanced() {
        return Err(unsupported(
            "The specified filter, order or cast needs the header 'ConsistencyLevel: eventual' and $count=true.",
        ));
    }
    let rules: &Rules = match cast {
        None if users.is_empty() => &GROUP,
        None | Some("microsoft.graph.user") => &USER,
        Some("microsoft.graph.group") => &GROUP,
        Some(other) => return Err(Fault::unknown_segment(other)),
    };
    let only_users = cast == Some("microsoft.graph.user");
    let only_groups = cast == Some("microsoft.graph.group");
    let objects = Objects {
        tenant,
        users: if only_groups { Vec::new() } else { users },
        groups: if only_users { Vec::new() } else { groups },
        marked: cast.is_none(),
    };
    if count {
        return list::count_segment(call, rules, &objects);
    }
    let resource = if only_users {
        "users"
    } else if only_groups {
        "groups"
    } else {
        "directoryObjects"
    };
    list::list(call, rules, resource, &objects, &expands_nothing)
}

fn expands_nothing(_: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    Err(Fault::new(
        400,
        "ExpandNotSupported",
        format!("Expand is not supported for the relationship '{text}' here."),
    ))
}

struct Groups<'w>(&'w [Group]);

impl Rows for Groups<'_> {
    fn length(&self) -> usize {
        self.0.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(&self.0[position])
    }
}

/// Groups, then users, each marked with its type unless a cast says it.
struct Objects<'w> {
    tenant: &'w Tenant,
    users: Vec<usize>,
    groups: Vec<usize>,
    marked: bool,
}

impl Rows for Objects<'_> {
    fn length(&self) -> usize {
        self.groups.len() + self.users.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        let row: Box<dyn Row> = match self.groups.get(position) {
            Some(place) => Box::new(&self.tenant.groups[*place]),
            None => Box::new(&self.tenant.users[self.users[position - self.groups.len()]]),
        };
        if self.marked {
            Box::new(Marked(row))
        } else {
            row
        }
    }
}

struct Marked<'w>(Box<dyn Row + 'w>);

impl Row for Marked<'_> {
    fn type_name(&self) -> &'static str {
        self.0.type_name()
    }
    fn property(&self, name: &str) -> Value {
        self.0.property(name)
    }
    fn annotations(&self) -> Vec<(&'static str, Value)> {
        vec![(
            "@odata.type",
            json!(format!("#microsoft.graph.{}", self.0.type_name())),
        )]
    }
}
