//! Collections of directory objects of several types: members, owners, what a user is a member of. Filter, search, order and cast are advanced queries here (FACTS 1.4).

use serde_json::{Value, json};

use super::devices::DEVICE;
use super::list::{self, unsupported};
use super::roles::ROLE;
use super::rules::{GROUP, Rules, USER};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::page::Rows;
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::signin::{Caller, permissions};
use crate::demo::world::groups::of_user;
use crate::demo::world::people::User;

/// One directory object, by its place among those of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// A group.
    Group(usize),
    /// A directory role.
    Role(usize),
    /// A user.
    User(usize),
    /// A device.
    Device(usize),
}

impl Object {
    /// The object as a row.
    pub fn row(self, tenant: &Tenant) -> Box<dyn Row + '_> {
        match self {
            Object::Group(place) => Box::new(&tenant.now.groups[place]),
            Object::Role(place) => Box::new(&tenant.roles[place].row),
            Object::User(place) => Box::new(&tenant.now.all[place]),
            Object::Device(place) => Box::new(&tenant.devices[place].row),
        }
    }

    /// A path that opens objects of this type.
    fn place(self) -> &'static str {
        match self {
            Object::Group(_) => "groups",
            Object::Role(_) => "directoryRoles",
            Object::User(_) => "users",
            Object::Device(_) => "devices",
        }
    }

    fn rules(self) -> &'static Rules {
        match self {
            Object::Group(_) => &GROUP,
            Object::Role(_) => &ROLE,
            Object::User(_) => &USER,
            Object::Device(_) => &DEVICE,
        }
    }
}

/// What a user is a member of: groups, then directory roles (A/user-list-memberof).
pub fn memberships(tenant: &Tenant, user: &User, through: bool) -> Vec<Object> {
    let groups = of_user(&tenant.now.groups, user, through)
        .into_iter()
        .map(Object::Group);
    let roles = (0..tenant.roles.len())
        .filter(|place| tenant.roles[*place].members.contains(&user.index))
        .map(Object::Role);
    groups.chain(roles).collect()
}

/// Answers at such a relationship: the collection, a cast of it, or a count of either. `usual` is the type that most of its objects have.
pub fn related(
    call: &Call,
    tenant: &Tenant,
    usual: &'static Rules,
    mut objects: Vec<Object>,
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
    let (rules, resource) = match cast {
        // The types that the collection can hold share a base, which has hardly any property; the metadata of the service is more generous than that and takes those of the usual type, whatever is in the collection.
        None => (usual, "directoryObjects"),
        Some(cast) => cast_to(cast)?,
    };
    if cast.is_some() {
        objects.retain(|object| object.rules().type_name == rules.type_name);
    }
    let rows = Objects {
        tenant,
        objects,
        marked: cast.is_none(),
        caller: &call.caller,
    };
    if count {
        return list::count_segment(call, rules, &rows);
    }
    list::list(call, rules, resource, &rows, &expands_nothing)
}

fn cast_to(cast: &str) -> Answer<(&'static Rules, &'static str)> {
    match cast {
        "microsoft.graph.user" => Ok((&USER, "users")),
        "microsoft.graph.group" => Ok((&GROUP, "groups")),
        "microsoft.graph.directoryRole" => Ok((&ROLE, "directoryRoles")),
        "microsoft.graph.device" => Ok((&DEVICE, "devices")),
        other => Err(Fault::unknown_segment(other)),
    }
}

/// No relationship of a member can be expanded.
pub fn expands_nothing(_: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    Err(Fault::new(
        400,
        "ExpandNotSupported",
        format!("Expand is not supported for the relationship '{text}' here."),
    ))
}

/// Objects in the given order, each marked with its type unless a cast says it.
struct Objects<'w> {
    tenant: &'w Tenant,
    objects: Vec<Object>,
    marked: bool,
    caller: &'w Caller,
}

impl Rows for Objects<'_> {
    fn length(&self) -> usize {
        self.objects.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        let object = self.objects[position];
        let mut row = object.row(self.tenant);
        if permissions::check(self.caller, &[object.place()]).is_err() {
            row = Box::new(Veiled(row));
        }
        if self.marked {
            Box::new(Marked(row))
        } else {
            row
        }
    }
}

/// A row that says its type.
pub struct Marked<'w>(pub Box<dyn Row + 'w>);

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

/// An object whose type the caller may not read: only its id and its type are known (FACTS 1.4).
struct Veiled<'w>(Box<dyn Row + 'w>);

impl Row for Veiled<'_> {
    fn type_name(&self) -> &'static str {
        self.0.type_name()
    }
    fn property(&self, name: &str) -> Value {
        if name == "id" {
            self.0.property(name)
        } else {
            Value::Null
        }
    }
}
