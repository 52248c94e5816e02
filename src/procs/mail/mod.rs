//! Procedures of mail.

pub mod add_attachments;
pub mod copy_mail;
pub mod delete_attachment;
pub mod download_attachments;
pub mod download_email;
pub mod forward_mail;
pub mod get_mail_message;
pub mod move_mail;
pub mod reply_to_message;
pub mod send_mail;
pub mod send_notification;

use serde_json::{Value as Json, json};

use super::Arguments;
use crate::catalog::List;
use crate::write::element;

/// The recipients that a parameter lists, as Graph has them.
pub(super) fn recipients(arguments: &Arguments, name: &str) -> Vec<Json> {
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
