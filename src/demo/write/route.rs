//! Which handler takes which write.

use http::Method;

use super::ledger::Ledger;
use crate::demo::Tenant;
use crate::demo::calendar;
use crate::demo::call::Call;
use crate::demo::contacts;
use crate::demo::directory;
use crate::demo::error::{Answer, Fault};
use crate::demo::files;
use crate::demo::mail;
use crate::demo::outlook::place::Place;
use crate::demo::planner;
use crate::demo::reply::Reply;
use crate::demo::route::{me, user};
use crate::demo::settings;
use crate::demo::signin::permissions;
use crate::demo::sites;
use crate::demo::subscriptions;
use crate::demo::todo;
use crate::demo::world::drives::Owner;
use crate::demo::world::people::User;

/// One write: what is asked, the world, and the draft of the ledger that counts if the write succeeds.
pub struct Write<'w> {
    /// The generated world.
    pub tenant: &'w Tenant,
    /// The request; its ledger is the one from before.
    pub call: &'w Call,
    /// POST, PATCH, PUT or DELETE.
    pub method: &'w Method,
    /// What this write changes.
    pub ledger: &'w mut Ledger,
}

impl Write<'_> {
    /// A user's mailbox as the write has left it so far; 404 without one.
    pub fn place(&self, user: &User) -> Answer<Place<'_>> {
        Ok(Place {
            mailbox: user.mailbox.ok_or_else(directory::no_mailbox)?,
            users: &self.tenant.users,
            ledger: self.ledger,
        })
    }
}

/// Answers a request that is no read.
pub fn respond(
    tenant: &Tenant,
    method: &Method,
    call: &Call,
    ledger: &mut Ledger,
) -> Answer<Reply> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let mut write = Write {
        tenant,
        call,
        method,
        ledger,
    };
    permissions::check_write(&call.caller, &segments)?;
    match segments.as_slice() {
        // The first group owns the root site and its libraries.
        ["groups", key, "drive" | "drives", ..] if tenant.groups[0].id == *key => {
            files::write::below_owner(&mut write, Owner::Site, &segments[2..])
        }
        ["groups", key, "sites", rest @ ..] => {
            let (group, _) = directory::groups::find(tenant, key)?;
            sites::write::of_group(&mut write, group, rest)
        }
        ["sites", rest @ ..] => sites::write::respond(&mut write, rest),
        ["drives", id, rest @ ..] => files::write::by_id(&mut write, id, rest),
        ["me", rest @ ..] => below_user(&mut write, me(tenant, call)?, rest),
        ["planner", rest @ ..] => planner::write::respond(&mut write, rest),
        ["subscriptions", rest @ ..] => subscriptions::write::respond(&mut write, rest),
        ["users"] => directory::write::users::create(&mut write),
        ["directory", "deletedItems" | "deleteditems", rest @ ..] => {
            directory::write::users::deleted(&mut write, rest)
        }
        ["applications"] => directory::write::applications::create(&mut write),
        ["groups"] => directory::write::groups::create(&mut write),
        ["groups", key, rest @ ..] => directory::write::groups::below(&mut write, key, rest),
        ["users", key, rest @ ..] => below_user(&mut write, user(tenant, key, rest)?, rest),
        _ => Err(no_such_verb()),
    }
}

fn below_user(write: &mut Write, user: &User, rest: &[&str]) -> Answer<Reply> {
    match rest {
        ["drive" | "drives", ..] => files::write::below_owner(write, Owner::User(user.index), rest),
        ["events" | "calendar" | "calendars" | "calendarGroups", ..] => {
            calendar::write::respond(write, user, rest)
        }
        ["contacts" | "contactFolders", ..] => contacts::write::respond(write, user, rest),
        ["messages" | "mailFolders" | "sendMail", ..] => mail::write::respond(write, user, rest),
        ["mailboxSettings" | "outlook", ..] => settings::write::respond(write, user, rest),
        ["todo", rest @ ..] => todo::write::respond(write, user, rest),
        []
        | ["assignLicense" | "microsoft.graph.assignLicense"]
        | ["revokeSignInSessions" | "microsoft.graph.revokeSignInSessions"]
        | ["manager", "$ref"] => directory::write::users::below(write, user, rest),
        _ => Err(no_such_verb()),
    }
}

/// Graph's answer to a verb that a resource does not take.
pub fn no_such_verb() -> Fault {
    Fault::new(
        405,
        "Request_BadRequest",
        "Specified HTTP method is not allowed for the request target.",
    )
}
