//! Who an address of a schedule request means, and what keeps them busy: the real events of the default calendars.

use serde_json::Value;

use super::super::events;
use super::super::row::EventRow;
use crate::demo::Tenant;
use crate::demo::outlook::place::Place;
use crate::demo::query::row::Row;
use crate::demo::world::groups;
use crate::demo::world::people::MAILBOXES;
use crate::demo::world::rooms;
use crate::demo::write::ledger::Ledger;

/// What an address stands for.
pub enum Who {
    /// The mailbox with this number.
    User(usize),
    /// The room with this name: it has no calendar of its own here, but is busy while an event takes place in it.
    Room(String),
    /// The members of the group at this place.
    List(usize),
}

/// How much an appointment binds: the later ones outweigh the earlier ones (EWS: away before busy before tentative; elsewhere, still reachable, after these).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Not at all.
    Free,
    /// Works at another place.
    Elsewhere,
    /// Perhaps.
    Tentative,
    /// Busy.
    Busy,
    /// Away.
    Oof,
}

impl Status {
    /// As `availabilityView` writes it (FACTS 1.2).
    pub fn digit(self) -> char {
        match self {
            Status::Free => '0',
            Status::Tentative => '1',
            Status::Busy => '2',
            Status::Oof => '3',
            Status::Elsewhere => '4',
        }
    }

    /// As `freeBusyStatus` writes it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Free => "free",
            Status::Tentative => "tentative",
            Status::Busy => "busy",
            Status::Oof => "oof",
            Status::Elsewhere => "workingElsewhere",
        }
    }
}

/// One appointment.
pub struct Busy {
    /// From when.
    pub start: i64,
    /// Until when.
    pub end: i64,
    /// How much it binds.
    pub status: Status,
    /// Marked private.
    pub private: bool,
    /// What it is about.
    pub subject: Value,
    /// Where it is.
    pub location: Value,
}

/// Who has the address: a mailbox under its principal name, mail address or alias, a room, or a group with mail.
pub fn find(tenant: &Tenant, address: &str) -> Option<Who> {
    let same = |other: &str| other.eq_ignore_ascii_case(address);
    let user = tenant.users.iter().find(|user| {
        let proxies = user.property("proxyAddresses");
        let aliases = proxies.as_array().into_iter().flatten();
        let mut aliases = aliases.filter_map(|proxy| proxy.as_str()?.get("smtp:".len()..));
        same(&user.upn) || aliases.any(same)
    });
    if let Some(mailbox) = user.and_then(|user| user.mailbox) {
        return Some(Who::User(mailbox));
    }
    let rooms = rooms::rooms(&tenant.users);
    if let Some(room) = rooms.into_iter().find(|room| room.has_address(address)) {
        return Some(Who::Room(room.name));
    }
    let group = tenant
        .groups
        .iter()
        .position(|group| group.property("mail").as_str().is_some_and(same));
    group.map(Who::List)
}

/// Everything between two instants, by start. Cancelled events are not there; free ones are, as free.
pub fn between(tenant: &Tenant, ledger: &Ledger, who: &Who, (start, end): (i64, i64)) -> Vec<Busy> {
    let window = (start, end);
    let of = |mailbox: usize| {
        let place = Place {
            mailbox,
            users: &tenant.users,
            ledger,
        };
        events::default_calendar(place, window)
    };
    let mut found: Vec<Busy> = match who {
        Who::User(mailbox) => of(*mailbox).iter().filter_map(busy).collect(),
        Who::Room(name) => (0..MAILBOXES)
            .flat_map(of)
            .filter(|row| row.property("location")["displayName"] == **name)
            .filter_map(|row| busy(&row))
            .collect(),
        Who::List(group) => {
            let members = groups::transitive(&tenant.groups, *group).0;
            let mailboxes = members
                .into_iter()
                .filter_map(|user| tenant.users[user].mailbox);
            mailboxes
                .flat_map(of)
                .filter_map(|row| busy(&row))
                .collect()
        }
    };
    found.sort_by_key(|busy| busy.start);
    found
}

fn busy(row: &EventRow) -> Option<Busy> {
    if row.facts.cancelled {
        return None;
    }
    let status = match row.property("showAs").as_str() {
        Some("tentative") => Status::Tentative,
        Some("busy") => Status::Busy,
        Some("oof") => Status::Oof,
        Some("workingElsewhere") => Status::Elsewhere,
        _ => Status::Free,
    };
    let (start, end) = row.span();
    Some(Busy {
        start,
        end,
        status,
        private: row.property("sensitivity") == "private",
        subject: row.property("subject"),
        location: row.property("location")["displayName"].take(),
    })
}
