//! Procedures of mail.

pub mod move_mail;
pub mod send_mail;

use serde_json::{Value as Json, json};

use super::Arguments;
use crate::catalog::List;
use crate::write::element;

/// The recipients that a parameter lists, as Graph has them.
fn recipients(arguments: &Arguments, name: &str) -> Vec<Json> {
    let people = arguments.list(name);
    people
        .iter()
        .map(|person| element(List::Recipients, person))
        .collect()
}

/// One recipient.
fn recipient(address: &str) -> Json {
    json!({ "emailAddress": { "address": address } })
}
