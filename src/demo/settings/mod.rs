//! What a user has set up: `mailboxSettings`, master categories and inbox rules; and what there is to choose from, languages and time zones (FACTS 1.1, 1.2).

mod choices;
mod lists;
mod mailbox;
pub mod write;

use super::call::Call;
use super::error::{Answer, Fault};
use super::outlook::place::Place;
use super::reply::Reply;
pub use lists::rules;
pub use mailbox::now;

/// Answers below `mailboxSettings` and `outlook`.
pub fn respond(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    match rest {
        ["mailboxSettings"] => mailbox::whole(call, place),
        ["mailboxSettings", part] => mailbox::part(call, place, part),
        ["outlook", "masterCategories", rest @ ..] => lists::categories(call, place, rest),
        ["outlook", function] => choices::respond(call, function),
        [.., other] => Err(Fault::unknown_segment(other)),
        [] => Err(Fault::unknown_segment("")),
    }
}
