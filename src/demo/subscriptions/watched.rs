//! Which things a subscription watches: its resource, looked up among what there is.

use super::path;
use crate::demo::Tenant;
use crate::demo::error::{Answer, Fault};
use crate::demo::files::now::shelf;
use crate::demo::notify::news::{Change, News, Step, Wish};
use crate::demo::outlook::place::Place;
use crate::demo::outlook::{self, Rules};
use crate::demo::query::filter::Expr;
use crate::demo::query::options::Query;
use crate::demo::route;
use crate::demo::world::drives::Owner;
use crate::demo::world::people::User;
use crate::demo::write::ledger::Ledger;
use crate::demo::{calendar, contacts, directory, mail, sites, todo};

/// What is watched.
#[derive(Debug, PartialEq)]
pub enum Watched {
    /// Messages of a mailbox, or of one folder.
    Messages(usize, Option<usize>),
    /// Events of a mailbox, in whichever calendar (K), or of one calendar.
    Events(usize, Option<usize>),
    /// Contacts of a mailbox, in whichever folder (K), or of one folder.
    Contacts(usize, Option<usize>),
    /// Tasks of a list.
    Tasks(usize, String),
    /// All users, or one.
    Users(Option<String>),
    /// All groups, or one.
    Groups(Option<String>),
    /// Members or owners of a group.
    Related(String, &'static str),
    /// A drive or list, by the shelves of its changes.
    Whole(Vec<String>),
    /// Something of which this tenant knows no change: teams, chats, presence, calls, alerts.
    Still,
}

/// Where a resource is looked up.
pub struct Ground<'g> {
    /// The world, with the directory of the ledger.
    pub tenant: &'g Tenant,
    /// What has been written.
    pub ledger: &'g Ledger,
    /// Whose `me` is.
    pub me: Option<&'g str>,
}

/// What a resource names; the refusal of its service if it names nothing.
pub fn find(ground: &Ground, resource: &str) -> Answer<Watched> {
    let segments = path(resource)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let tenant = ground.tenant;
    match segments.as_slice() {
        ["users"] => Ok(Watched::Users(None)),
        ["users", key] => Ok(Watched::Users(Some(
            route::user(tenant, key, &[])?.id.clone(),
        ))),
        ["groups"] => Ok(Watched::Groups(None)),
        ["groups", key, rest @ ..] => below_group(ground, key, rest),
        ["drives", id, "root"] => {
            let drive = tenant.drives.iter().find(|drive| drive.id == *id);
            whole(drive.map(|drive| drive.number))
        }
        ["sites", site, "drive", "root"] => {
            let is_root = sites::news::is_root(tenant, site)?;
            whole(default_drive(tenant, Owner::Site).filter(|_| is_root))
        }
        ["sites", site, "lists", list] => {
            let shelves = sites::news::shelves(tenant, ground.ledger, site, list)?;
            Ok(Watched::Whole(shelves))
        }
        ["me", rest @ ..] => below_user(ground, ground.me(rest)?, rest),
        ["users", key, rest @ ..] => below_user(ground, route::user(tenant, key, rest)?, rest),
        _ => Ok(Watched::Still),
    }
}

/// Who is not in the directory any more is still known by id.
pub fn gone(resource: &str) -> Option<Watched> {
    let segments = path(resource).ok()?;
    match segments.as_slice() {
        [users, id] if users == "users" => Some(Watched::Users(Some(id.clone()))),
        [groups, id] if groups == "groups" => Some(Watched::Groups(Some(id.clone()))),
        _ => None,
    }
}

impl<'g> Ground<'g> {
    fn me(&self, rest: &[&str]) -> Answer<&'g User> {
        let id = self.me.ok_or_else(|| {
            Fault::bad_request("/me is only valid with delegated authentication flow.")
        })?;
        route::user(self.tenant, id, rest)
    }
}

fn below_user(ground: &Ground, user: &User, rest: &[&str]) -> Answer<Watched> {
    if rest == ["drive", "root"] {
        return whole(default_drive(ground.tenant, Owner::User(user.index)));
    }
    let mailbox = user.mailbox.ok_or_else(directory::no_mailbox)?;
    let place = Place {
        mailbox,
        users: &ground.tenant.users,
        ledger: ground.ledger,
    };
    Ok(match rest {
        ["messages"] => Watched::Messages(mailbox, None),
        ["mailFolders" | "mailfolders", key, "messages"] => {
            let folders = mail::Place::new(ground.tenant, mailbox, ground.ledger);
            Watched::Messages(mailbox, Some(folders.folder(key)?))
        }
        ["events"] => Watched::Events(mailbox, None),
        ["calendars", key, "events"] => Watched::Events(mailbox, Some(place.calendar(key)?)),
        ["contacts"] => Watched::Contacts(mailbox, None),
        ["contactFolders", key, "contacts"] => {
            Watched::Contacts(mailbox, Some(place.contact_folder(key)?))
        }
        ["todo", "lists", key, "tasks"] => {
            todo::news::is_there(place, key)?;
            Watched::Tasks(mailbox, key.to_string())
        }
        _ => Watched::Still,
    })
}

fn below_group(ground: &Ground, key: &str, rest: &[&str]) -> Answer<Watched> {
    let (place, group) = directory::groups::find(ground.tenant, key)?;
    let id = group.id.clone();
    match rest {
        [] => Ok(Watched::Groups(Some(id))),
        ["members"] => Ok(Watched::Related(id, "members")),
        ["owners"] => Ok(Watched::Related(id, "owners")),
        // The first group owns the root site and its libraries; the others have none.
        ["drive", "root"] => {
            whole(default_drive(ground.tenant, Owner::Site).filter(|_| place == 0))
        }
        _ => Ok(Watched::Still),
    }
}

fn default_drive(tenant: &Tenant, owner: Owner) -> Option<usize> {
    let drive = tenant.drives.iter().find(|drive| drive.owner == owner);
    drive.map(|drive| drive.number)
}

fn whole(drive: Option<usize>) -> Answer<Watched> {
    let missing = || Fault::new(404, "itemNotFound", "The resource could not be found.");
    let drive = drive.ok_or_else(missing)?;
    Ok(Watched::Whole(vec![shelf(drive)]))
}

impl Watched {
    /// The `$filter` of a resource: Outlook's and To Do's take those of their lists. `$select` is for resource data alone, and passed over (K).
    pub fn filter(&self, resource: &str) -> Answer<Option<Expr>> {
        let query = resource.split_once('?').map_or("", |(_, query)| query);
        let query = Query::parse(query)?;
        let rules: &Rules = match self {
            Watched::Messages(..) => mail::news::FILTERS,
            Watched::Events(..) => calendar::news::FILTERS,
            Watched::Contacts(..) => contacts::news::FILTERS,
            Watched::Tasks(..) => todo::news::FILTERS,
            // What a tenant without such changes would filter is not checked either.
            Watched::Still => return Ok(None),
            _ => return outlook::only(&query, &[]).map(|()| None),
        };
        outlook::only(&query, &["$filter", "$select"])?;
        outlook::filter(&query, rules)
    }

    /// What a write changed of it.
    pub fn news(&self, step: &Step, resource: &str, wish: &Wish) -> Vec<News> {
        match self {
            Watched::Messages(mailbox, folder) => mail::news::news(step, *mailbox, *folder, wish),
            Watched::Events(mailbox, calendar) => {
                calendar::news::news(step, *mailbox, *calendar, wish)
            }
            Watched::Contacts(mailbox, folder) => {
                contacts::news::news(step, *mailbox, *folder, wish)
            }
            Watched::Tasks(mailbox, list) => todo::news::news(step, *mailbox, list, wish),
            Watched::Users(id) => directory::news::users(step, id.as_deref()),
            Watched::Groups(id) => directory::news::groups(step, id.as_deref()),
            Watched::Related(group, relation) => directory::news::related(step, group, relation),
            Watched::Whole(shelves) => whole_news(step, resource, shelves),
            Watched::Still => Vec::new(),
        }
    }
}

/// Of a drive or list one hears only that something changed: once for each write, and not what (FACTS 3.5; the form of the resource is K).
fn whole_news(step: &Step, resource: &str, shelves: &[String]) -> Vec<News> {
    let is_changed = |shelf: &String| step.changed(shelf).next().is_some();
    if !shelves.iter().any(is_changed) {
        return Vec::new();
    }
    let kind = match resource.contains("/lists/") {
        true => "#Microsoft.Graph.List",
        false => "#Microsoft.Graph.DriveItem",
    };
    vec![News {
        change: Change::Updated,
        resource: resource.to_string(),
        data: serde_json::json!({"@odata.type": kind}),
    }]
}
