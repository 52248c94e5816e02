//! The directory's resources: users and what hangs on them, licences, the organization.

pub mod applications;
pub mod deleted;
pub mod delta;
pub mod devices;
mod expand;
pub mod groups;
pub mod licences;
pub mod list;
pub mod news;
pub mod now;
mod objects;
pub mod organization;
mod relations;
pub mod roles;
pub mod rules;
pub mod write;

use serde_json::{Map, Value, json};

use self::list::bad_request;
use self::objects::{Object, related};
use self::rules::{Rules, USER};
use super::Tenant;
use super::call::Call;
use super::error::{Answer, Fault};
use super::page::Rows;
use super::query::options::Query;
use super::query::row::{Expand, JsonRow, Row, render};
use super::query::select::{chosen, context_suffix};
use super::reply::Reply;
use super::world::people::User;

/// Users in the directory's own order.
pub struct Users<'w>(pub Vec<&'w User>);

impl Rows for Users<'_> {
    fn length(&self) -> usize {
        self.0.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(self.0[position])
    }
}

/// Rows that are simply their JSON.
struct Lines<'w>(Vec<&'w JsonRow>);

impl Rows for Lines<'_> {
    fn length(&self) -> usize {
        self.0.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(self.0[position])
    }
}

/// `/users`
pub fn users(call: &Call, tenant: &Tenant) -> Answer<Reply> {
    list::list(
        call,
        &USER,
        "users",
        &Users(tenant.now.users().collect()),
        &|row, text| expand::expand(tenant, row, text),
    )
}

/// `/users/$count`
pub fn users_count(call: &Call, tenant: &Tenant) -> Answer<Reply> {
    list::count_segment(call, &USER, &Users(tenant.now.users().collect()))
}

/// `/users/{id}` and `/me`
pub fn user(call: &Call, tenant: &Tenant, user: &User) -> Answer<Reply> {
    only(&call.query, &["$select", "$expand"])?;
    let select = call.query.select.as_deref();
    let mut names = chosen("user", select, USER.defaults)?;
    let by_name = call
        .segments
        .get(1)
        .is_some_and(|key| call.segments[0] == "users" && key.contains('@'));
    if by_name && names.iter().any(|name| name == "signInActivity") {
        // FACTS 1.4 (K): on one user it needs the object id.
        return Err(bad_request(
            "Get By Key only supports UserId and the key has to be a valid Guid",
        ));
    }
    if user.mailbox.is_none() && names.iter().any(|name| name == "mailboxSettings") {
        return Err(no_mailbox());
    }
    names.dedup();
    let mut body = entity(
        call,
        &format!("users{}/$entity", context_suffix(select)),
        &user,
        &names,
    );
    if let (Some(settings), Some(mailbox)) = (body.get_mut("mailboxSettings"), user.mailbox) {
        *settings = crate::demo::settings::now(&call.ledger, mailbox);
    }
    if let Some(text) = &call.query.expand {
        list::check_expand_on_one(text, &USER)?;
        body.extend(expand::expand(tenant, &user, text)?);
    }
    Ok(Reply::json(body))
}

/// `/users/{id}/manager`: 404 when there is none.
pub fn manager(call: &Call, users: &[User], user: &User) -> Answer<Reply> {
    only(&call.query, &["$select"])?;
    let Some(manager) = user.manager.and_then(|place| users.get(place)) else {
        return Err(Fault::new(
            404,
            "Request_ResourceNotFound",
            "Resource 'manager' does not exist or one of its queried reference-property objects are not present.",
        ));
    };
    let names = chosen("user", call.query.select.as_deref(), USER.defaults)?;
    let mut body = entity(call, "directoryObjects/$entity", &manager, &names);
    body.insert("@odata.type".into(), json!("#microsoft.graph.user"));
    Ok(Reply::json(body))
}

/// `/users/{id}/directReports`
pub fn direct_reports(call: &Call, tenant: &Tenant, user: &User, rest: &[&str]) -> Answer<Reply> {
    let reports = tenant
        .now
        .users()
        .filter(|other| other.manager == Some(user.index))
        .map(|other| Object::User(other.index));
    related(call, tenant, &USER, reports.collect(), rest)
}

/// 400 unless the `$` options are all among these; `$count=true` without effect is let through as the directory does (FACTS 2.1).
pub fn only(query: &Query, allowed: &[&str]) -> Answer<()> {
    let allowed_always = ["$format", "$count"];
    match query.sent.iter().find(|(name, _)| {
        !allowed.contains(&name.as_str()) && !allowed_always.contains(&name.as_str())
    }) {
        Some((name, _)) => Err(bad_request(&format!(
            "'{name}' is not supported by the service."
        ))),
        None => Ok(()),
    }
}

/// 404 for a directory object.
pub fn not_found(key: &str) -> Fault {
    Fault::new(
        404,
        "Request_ResourceNotFound",
        format!(
            "Resource '{key}' does not exist or one of its queried reference-property objects are not present."
        ),
    )
}

/// 404 for a user without a mailbox (FACTS 4.4).
pub fn no_mailbox() -> Fault {
    Fault::new(
        404,
        "MailboxNotEnabledForRESTAPI",
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    )
}

/// A row out of a JSON object.
pub fn json_row(type_name: &'static str, value: Value) -> JsonRow {
    JsonRow::of(type_name, value)
}

/// The value of `(name='value')`: a key that is not the id.
fn alternate_key<'k>(key: &'k str, name: &str) -> Option<&'k str> {
    key.strip_prefix('(')?
        .strip_prefix(name)?
        .strip_prefix("='")?
        .strip_suffix("')")
}

/// One object of a collection, with its selection and perhaps a relationship.
fn single(
    call: &Call,
    rules: &Rules,
    resource: &str,
    row: &dyn Row,
    expand: Expand,
) -> Answer<Reply> {
    only(&call.query, &["$select", "$expand"])?;
    let select = call.query.select.as_deref();
    let names = chosen(rules.type_name, select, rules.defaults)?;
    let context = format!("{resource}{}/$entity", context_suffix(select));
    let mut body = entity(call, &context, row, &names);
    if let Some(text) = &call.query.expand {
        list::check_expand_on_one(text, rules)?;
        body.extend(expand(row, text)?);
    }
    Ok(Reply::json(body))
}

/// One item with its context.
pub fn entity(call: &Call, resource: &str, row: &dyn Row, names: &[String]) -> Map<String, Value> {
    let mut body = render(row, names);
    body.insert("@odata.context".into(), json!(call.context(resource)));
    body
}

/// A collection that is never paged.
pub fn whole(call: &Call, resource: &str, rows: Vec<JsonRow>, names: &[String]) -> Reply {
    let suffix = context_suffix(call.query.select.as_deref());
    let value: Vec<Value> = rows
        .iter()
        .map(|row| Value::Object(render(row, names)))
        .collect();
    let mut body = Map::new();
    body.insert(
        "@odata.context".into(),
        json!(call.context(&format!("{resource}{suffix}"))),
    );
    body.insert("value".into(), Value::Array(value));
    Reply::json(body)
}
