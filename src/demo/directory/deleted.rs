//! Deleted users, kept for thirty days (FACTS 3.3).
//!
//! The collection needs a cast and then obeys the rules of the type that it names (A/directory-deleteditems-list).

use serde_json::json;

use super::list::{self, bad_request};
use super::objects::expands_nothing;
use super::rules::USER;
use super::{Users, entity, not_found, only};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::select::{chosen, context_suffix};
use crate::demo::reply::Reply;

/// Answers below `directory/deletedItems`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    let rows = Users(tenant.now.deleted.iter().collect());
    match rest {
        [] => Err(bad_request(
            "The collection 'deletedItems' needs a cast to one type, such as microsoft.graph.user.",
        )),
        ["microsoft.graph.user"] => list::list(call, &USER, "users", &rows, &expands_nothing),
        ["microsoft.graph.user", "$count"] => list::count_segment(call, &USER, &rows),
        // Other types are deleted too, but none was here.
        [cast, ..] if cast.starts_with("microsoft.graph.") => Err(Fault::unknown_segment(cast)),
        [key] => single(call, tenant, key),
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

fn single(call: &Call, tenant: &Tenant, key: &str) -> Answer<Reply> {
    only(&call.query, &["$select"])?;
    let mut deleted = tenant.now.deleted.iter();
    let user = deleted
        .find(|user| user.id.eq_ignore_ascii_case(key))
        .ok_or_else(|| not_found(key))?;
    let select = call.query.select.as_deref();
    let mut body = entity(
        call,
        &format!("directoryObjects{}/$entity", context_suffix(select)),
        &user,
        &chosen("user", select, USER.defaults)?,
    );
    body.insert("@odata.type".into(), json!("#microsoft.graph.user"));
    Ok(Reply::json(body))
}
