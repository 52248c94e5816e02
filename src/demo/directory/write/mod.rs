//! Writes to the directory (FACTS 3.3): users, their licences and managers, groups, their members and owners.

pub mod applications;
mod fields;
pub mod groups;
mod licences;
mod links;
#[cfg(test)]
mod tests;
pub mod users;

use serde_json::{Value, json};

use super::list::bad_request;
use crate::demo::error::{Answer, Fault};
use crate::demo::reply::Reply;
use crate::demo::write::body::Body;

/// 201 for what is readable at an address now.
fn created(mut reply: Reply, address: String) -> Reply {
    reply.status = 201;
    reply.header("Location", address)
}

/// A body out of JSON.
fn values(value: Value) -> Body {
    match value {
        Value::Object(map) => map,
        _ => Body::new(),
    }
}

/// 400 for a value that something else has already.
fn taken(property: &str) -> Fault {
    bad_request(&format!(
        "Another object with the same value for property {property} already exists."
    ))
}

/// One name or nickname without what an address cannot have: FACTS is silent, this is what the directory says of nicknames.
fn local_part(property: &str, text: &str) -> Answer<()> {
    let strange = |letter: char| {
        !letter.is_ascii() || letter.is_whitespace() || "@()\\[]\";:<>,".contains(letter)
    };
    if text.is_empty() || text.len() > 64 || text.contains(strange) {
        return Err(bad_request(&format!(
            "Invalid value specified for property '{property}' of resource."
        )));
    }
    Ok(())
}

/// A list of ids as it is stored.
fn ids<'i>(ids: impl Iterator<Item = &'i String>) -> Value {
    json!(ids.collect::<Vec<_>>())
}
