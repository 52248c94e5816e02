//! References to directory objects: `{"@odata.id": "https://…/v1.0/directoryObjects/{id}"}` and `…@odata.bind`.

use serde_json::Value;

use super::super::groups::find;
use super::super::list::bad_request;
use super::super::not_found;
use crate::demo::Tenant;
use crate::demo::encoding::percent_decode;
use crate::demo::error::Answer;
use crate::demo::write::body::Body;
use crate::demo::write::route::Write;

/// FACTS 3.3: the most in one body.
const MOST: usize = 20;

/// What a reference points to, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A user.
    User(usize),
    /// A group.
    Group(usize),
}

impl Target {
    /// The id of the object.
    pub fn id(self, tenant: &Tenant) -> &str {
        match self {
            Target::User(place) => &tenant.now.all[place].id,
            Target::Group(place) => &tenant.now.groups[place].id,
        }
    }
}

/// The object of a body that is one reference and nothing else.
pub fn one(write: &Write, body: &Value) -> Answer<Target> {
    let map = body.as_object().filter(|map| map.len() == 1);
    let url = map.and_then(|map| map.get("@odata.id")?.as_str());
    let url = url.ok_or_else(|| {
        bad_request("The body must be an object with the property '@odata.id' alone.")
    })?;
    target(write.tenant, url)
}

/// The objects that a body binds by this name; none if it does not name them.
pub fn bound(write: &Write, body: &mut Body, name: &str) -> Answer<Vec<Target>> {
    let Some(urls) = body.remove(&format!("{name}@odata.bind")) else {
        return Ok(Vec::new());
    };
    let urls = urls
        .as_array()
        .ok_or_else(|| bad_request(&format!("'{name}@odata.bind' must be a list of URLs.")))?;
    if urls.len() > MOST {
        return Err(bad_request(&format!(
            "The request has {} references in '{name}'. Max allowed: {MOST}.",
            urls.len()
        )));
    }
    let mut targets = Vec::new();
    for url in urls {
        let target = target(write.tenant, url.as_str().unwrap_or(""))?;
        if targets.contains(&target) {
            return Err(bad_request("A reference is there twice."));
        }
        targets.push(target);
    }
    Ok(targets)
}

fn target(tenant: &Tenant, url: &str) -> Answer<Target> {
    let invalid = || bad_request(&format!("Invalid URL '{url}' in a reference."));
    let (_, rest) = url.split_once("://").ok_or_else(invalid)?;
    let (_, path) = rest.split_once("/v1.0/").ok_or_else(invalid)?;
    let (kind, key) = path.split_once('/').ok_or_else(invalid)?;
    let key = percent_decode(key).ok_or_else(invalid)?;
    match kind {
        "users" => user(tenant, &key).ok_or_else(|| not_found(&key)),
        "groups" => Ok(Target::Group(find(tenant, &key)?.0)),
        "directoryObjects" => match user(tenant, &key).filter(|_| !key.contains('@')) {
            Some(user) => Ok(user),
            None => Ok(Target::Group(find(tenant, &key)?.0)),
        },
        _ => Err(invalid()),
    }
}

fn user(tenant: &Tenant, key: &str) -> Option<Target> {
    let mut users = tenant.now.users();
    let same = |known: &str| known.eq_ignore_ascii_case(key);
    let user = users.find(|user| same(&user.id) || same(&user.upn))?;
    Some(Target::User(user.index))
}
