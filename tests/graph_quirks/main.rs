//! What FACTS says of Microsoft Graph, asked of the demo tenant over a raw socket and without the driver: one test per quirk.
//!
//! If one of these fails, the demo tenant has become kinder (or stranger) than Graph, and the driver's own tests prove less than they seem to.

mod batch;
mod calendar;
mod contacts;
mod delta;
mod directory;
mod directory_objects;
mod files;
mod general;
mod group_mail;
mod groups;
mod http;
mod licences;
mod mail;
mod mail_items;
mod people;
mod permissions;
mod places;
mod planner;
mod presence;
mod relations;
mod reports;
mod schedule;
mod settings;
mod sharing;
mod signin;
mod sites;
mod subscriptions;
mod teams;
mod todo;

use http::Answer;

/// Half of what makes a directory query an advanced one.
const EVENTUAL: (&str, &str) = ("ConsistencyLevel", "eventual");

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (status, code),
        "{}",
        answer.text()
    );
}

/// An id as a path segment.
fn encoded(id: &serde_json::Value) -> String {
    id.as_str().expect("an id").replace('=', "%3D")
}
