//! Which handler answers which path: the table of contents of the demo tenant.

use http::Method;

use super::Tenant;
use super::calendar;
use super::call::Call;
use super::contacts;
use super::delta::is_delta;
use super::directory;
use super::error::{Answer, Fault};
use super::files::{self, now::Drives};
use super::group_mail;
use super::mail;
use super::outlook::place::Place;
use super::places;
use super::planner;
use super::presence;
use super::relevant;
use super::reply::Reply;
use super::reports;
use super::settings;
use super::signin::{Caller, permissions};
use super::sites;
use super::subscriptions;
use super::teams;
use super::todo;
use super::world::drives::Owner;
use super::world::people::User;

/// Does a request only read? Some reads are POSTs.
pub fn is_read(method: &Method, call: &Call) -> bool {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let expected = if is_read_by_post(&segments) {
        Method::POST
    } else {
        Method::GET
    };
    *method == expected
}

/// Answers a read below `/v1.0`.
pub fn respond(tenant: &Tenant, call: &Call) -> Answer<Reply> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    permissions::check(&call.caller, &segments)?;
    match segments.as_slice() {
        ["users"] => directory::users(call, tenant),
        ["users", function] if is_delta(function) => directory::delta::users(call, tenant),
        ["users", "$count"] => directory::users_count(call, tenant),
        // The first group owns the root site and its libraries.
        ["groups", key, rest @ ("drive" | "drives"), below @ ..] if tenant.groups[0].id == *key => {
            let rest: Vec<&str> = [&[*rest], below].concat();
            files::below_owner(
                call,
                &drives(tenant, call),
                &tenant.users,
                Owner::Site,
                &rest,
            )
        }
        [
            "groups",
            key,
            service @ ("planner" | "sites" | "conversations" | "threads"),
            below @ ..,
        ] => below_group(tenant, call, key, service, below),
        ["groups", rest @ ..] => directory::groups::respond(call, tenant, rest),
        ["places", rest @ ..] => places::respond(call, &tenant.users, rest),
        ["subscribedSkus"] => directory::licences::subscribed_skus(call, tenant, None),
        ["subscribedSkus", key] => directory::licences::subscribed_skus(call, tenant, Some(key)),
        ["organization"] => directory::organization::organization(call, None),
        ["organization", key] => directory::organization::organization(call, Some(key)),
        ["directory", "deletedItems" | "deleteditems", rest @ ..] => {
            directory::deleted::respond(call, tenant, rest)
        }
        ["devices", rest @ ..] => directory::devices::respond(call, tenant, rest),
        ["directoryRoles", rest @ ..] => directory::roles::respond(call, tenant, rest),
        ["applications", rest @ ..] => directory::applications::respond(call, rest),
        ["servicePrincipals", rest @ ..] => directory::applications::service_principals(call, rest),
        ["communications", "getPresencesByUserId"] => presence::by_user_ids(call, tenant),
        ["subscriptions", rest @ ..] => subscriptions::respond(call, tenant, rest),
        ["reports", rest @ ..] => reports::respond(call, tenant, rest),
        ["domains"] => directory::organization::domains(call, None),
        ["domains", key] => directory::organization::domains(call, Some(key)),
        ["me", rest @ ..] => below_user(tenant, call, me(tenant, call)?, rest),
        ["users", key, rest @ ..] => below_user(tenant, call, user(tenant, key, rest)?, rest),
        ["drives", id, rest @ ..] => {
            files::by_id(call, &drives(tenant, call), &tenant.users, id, rest)
        }
        ["sites", rest @ ..] => sites::respond(call, tenant, rest),
        ["planner", rest @ ..] => planner::respond(call, tenant, rest),
        ["teams", rest @ ..] => teams::respond(call, tenant, rest),
        [first, ..] => Err(Fault::unknown_segment(first)),
        [] => Err(Fault::unknown_segment("")),
    }
}

const GET_SCHEDULE: [&str; 2] = ["getSchedule", "microsoft.graph.getSchedule"];

/// Actions that only read.
fn is_read_by_post(segments: &[&str]) -> bool {
    match segments {
        ["communications", "getPresencesByUserId"] => true,
        ["me", "calendar", action] | ["users", _, "calendar", action] => {
            GET_SCHEDULE.contains(action)
        }
        _ => false,
    }
}

fn below_user(tenant: &Tenant, call: &Call, user: &User, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => directory::user(call, tenant, user),
        ["memberOf", rest @ ..] => directory::groups::member_of(call, tenant, user, false, rest),
        ["transitiveMemberOf", rest @ ..] => {
            directory::groups::member_of(call, tenant, user, true, rest)
        }
        ["manager"] => directory::manager(call, &tenant.now.all, user),
        ["presence"] => presence::single(call, user),
        ["directReports", rest @ ..] => directory::direct_reports(call, tenant, user, rest),
        ["ownedDevices" | "registeredDevices", rest @ ..] => {
            directory::devices::of_user(call, tenant, user.index, rest)
        }
        ["licenseDetails"] => directory::licences::details(call, user),
        ["messages" | "mailFolders", ..] => {
            let mailbox = user.mailbox.ok_or_else(directory::no_mailbox)?;
            mail::respond(call, mail::Place::new(tenant, mailbox, &call.ledger), rest)
        }
        ["drive" | "drives", ..] => files::below_owner(
            call,
            &drives(tenant, call),
            &tenant.users,
            Owner::User(user.index),
            rest,
        ),
        ["calendar", action] if GET_SCHEDULE.contains(action) => {
            place(tenant, call, user)?;
            calendar::schedule::respond(call, tenant)
        }
        [
            "calendar" | "calendars" | "calendarGroups" | "events" | "calendarView",
            ..,
        ] => calendar::respond(call, place(tenant, call, user)?, rest),
        ["contacts" | "contactFolders", ..] => {
            contacts::respond(call, place(tenant, call, user)?, rest)
        }
        ["people", rest @ ..] => relevant::respond(call, tenant, place(tenant, call, user)?, rest),
        ["mailboxSettings" | "outlook", ..] => {
            settings::respond(call, place(tenant, call, user)?, rest)
        }
        ["planner", rest @ ..] => planner::of_user(call, tenant, user, rest),
        ["todo", rest @ ..] => todo::respond(call, place(tenant, call, user)?, rest),
        ["joinedTeams"] => teams::joined(call, tenant, user),
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// The drives as the request sees them.
fn drives<'t>(tenant: &'t Tenant, call: &Call) -> Drives<'t> {
    Drives::now(&tenant.drives, &call.ledger)
}

/// The user's mailbox; 404 without one.
fn place<'t>(tenant: &'t Tenant, call: &'t Call, user: &User) -> Answer<Place<'t>> {
    Ok(Place {
        mailbox: user.mailbox.ok_or_else(directory::no_mailbox)?,
        users: &tenant.users,
        ledger: &call.ledger,
    })
}

/// What other services hang on a group.
fn below_group(
    tenant: &Tenant,
    call: &Call,
    key: &str,
    service: &str,
    rest: &[&str],
) -> Answer<Reply> {
    let (group, _) = directory::groups::find(tenant, key)?;
    // The other services have not heard of a group that was created, as of a user (FACTS 3.3).
    if group >= tenant.groups.len() {
        return Err(directory::not_found(key));
    }
    match service {
        "planner" => planner::of_group(call, tenant, group, rest),
        "sites" => sites::of_group(call, tenant, group, rest),
        "conversations" | "threads" => group_mail::respond(call, tenant, group, service, rest),
        other => Err(Fault::unknown_segment(other)),
    }
}

/// `/me` never works with an app-only token (FACTS 1).
pub fn me<'t>(tenant: &'t Tenant, call: &Call) -> Answer<&'t User> {
    let Caller::Delegated { id, .. } = &call.caller else {
        return Err(Fault::bad_request(
            "/me request is only valid with delegated authentication flow.",
        ));
    };
    tenant
        .now
        .users()
        .find(|user| user.id == *id)
        .ok_or_else(|| directory::not_found(id))
}

/// By object id or user principal name. Mailbox and directory say "no such user" in different words (FACTS 4.4).
pub fn user<'t>(tenant: &'t Tenant, key: &str, rest: &[&str]) -> Answer<&'t User> {
    let found = tenant
        .now
        .users()
        .find(|user| user.id.eq_ignore_ascii_case(key) || user.upn.eq_ignore_ascii_case(key));
    found.ok_or_else(|| {
        let outlook = [
            "messages",
            "mailFolders",
            "sendMail",
            "calendar",
            "calendars",
            "events",
            "calendarView",
            "calendarGroups",
            "contacts",
            "contactFolders",
            "mailboxSettings",
            "outlook",
            "people",
            "todo",
        ];
        if rest
            .first()
            .is_some_and(|segment| outlook.contains(segment))
        {
            Fault::new(
                404,
                "ErrorInvalidUser",
                format!("The requested user '{key}' is invalid."),
            )
        } else {
            directory::not_found(key)
        }
    })
}
