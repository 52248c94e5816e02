//! Directory roles and their members.
//!
//! They are not in FACTS. M says that `$top` is not supported; of the documentation's pages the older refuses every option and the newer has `$filter` with `eq`, `$select` and `$expand` of the members: these are taken, everything else is refused.

use serde_json::Value;

use super::expand::show;
use super::objects::{Object, related};
use super::rules::{Rules, USER};
use super::{Lines, list, not_found, only, single};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::world::roles::Role;

/// Directory roles: equality only, and nothing that pages or sorts.
pub const ROLE: Rules = Rules {
    type_name: "directoryRole",
    filters: &[
        ("id", "d------"),
        ("displayName", "d------"),
        ("description", "d------"),
        ("roleTemplateId", "d------"),
    ],
    sorts: &[],
    sorts_advanced: &[],
    defaults: &[
        "id",
        "deletedDateTime",
        "description",
        "displayName",
        "roleTemplateId",
    ],
    single_only: &[],
    expands: &["members"],
    searches: &[],
};

/// Answers below `directoryRoles`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    let rows = Lines(tenant.roles.iter().map(|role| &role.row).collect());
    let expand = |row: &dyn Row, text: &str| expand(tenant, row, text);
    match rest {
        [] => {
            only(&call.query, &["$filter", "$select", "$expand"])?;
            list::list(call, &ROLE, "directoryRoles", &rows, &expand)
        }
        [key] => single(
            call,
            &ROLE,
            "directoryRoles",
            &find(tenant, key)?.row,
            &expand,
        ),
        [key, "members", rest @ ..] => {
            let members = find(tenant, key)?.members.iter();
            let members = members.filter(|place| !tenant.now.all[**place].gone);
            related(
                call,
                tenant,
                &USER,
                members.map(|place| Object::User(*place)).collect(),
                rest,
            )
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// By object id; the template's id is another key, which has a syntax of its own.
fn find<'t>(tenant: &'t Tenant, key: &str) -> Answer<&'t Role> {
    let mut roles = tenant.roles.iter();
    match super::alternate_key(key, "roleTemplateId") {
        Some(template) => roles.find(|role| role.template.eq_ignore_ascii_case(template)),
        None => roles.find(|role| role.id.eq_ignore_ascii_case(key)),
    }
    .ok_or_else(|| not_found(key))
}

fn expand(tenant: &Tenant, row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    let (_, inner) = text.split_once('(').unwrap_or((text, ""));
    let mut roles = tenant.roles.iter();
    let role = roles.find(|role| row.property("id") == role.id.as_str());
    let members = role.map_or(&[][..], |role| role.members).iter();
    let members = members.filter(|place| !tenant.now.all[**place].gone);
    let shown = members.map(|place| show(&&tenant.now.all[*place], inner));
    Ok(vec![(
        "members".into(),
        shown.collect::<Answer<Vec<Value>>>()?.into(),
    )])
}
