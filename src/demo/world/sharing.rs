//! Who may see which file beside its owner: links and grants, most of them planted because questions are asked about them.

use super::drives::Drive;
use crate::demo::random::mix;
use crate::demo::time::{self, SECOND};

/// One way to get at an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Grant {
    /// What the owner has, at the root of the drive.
    Owner,
    /// Given to a person, by place; an invitation when the person is from outside.
    Person {
        /// Place of the user.
        user: usize,
        /// `read` or `write`.
        role: &'static str,
    },
    /// A link.
    Link {
        /// `anonymous`, `organization`, `users`.
        scope: &'static str,
        /// `view` or `edit`.
        kind: &'static str,
        /// When it ends.
        expires: Option<i64>,
        /// It asks for a password.
        password: bool,
        /// Places of the users it works for.
        users: &'static [usize],
    },
}

const fn person(user: usize, role: &'static str) -> Grant {
    Grant::Person { user, role }
}

const fn link(scope: &'static str, kind: &'static str, users: &'static [usize]) -> Grant {
    Grant::Link {
        scope,
        kind,
        expires: None,
        password: false,
        users,
    }
}

/// The grants of an item itself, without those that it inherits.
pub fn own(drive: &Drive, item: usize) -> Vec<Grant> {
    let end = |year, month, day| time::date(year, month, day) + 12 * 3_600 * SECOND;
    let limited = |expires, password| Grant::Link {
        scope: "anonymous",
        kind: "view",
        expires: Some(expires),
        password,
        users: &[],
    };
    match (drive.number, item) {
        (_, 0) => vec![Grant::Owner],
        _ if drive.items[item].is_made() => Vec::new(),
        // Anybody with the link may edit, for ever.
        (0, 17) => vec![link("anonymous", "edit", &[])],
        (0, 25) => vec![limited(end(2026, 12, 15), true), person(3, "write")],
        (0, 33) => vec![link("organization", "view", &[])],
        // A guest may write.
        (0, 41) => vec![person(42, "write"), person(1, "read")],
        // A link that has ended and still stands there.
        (8, 41) => vec![limited(end(2026, 6, 30), false)],
        (8, 49) => vec![link("users", "edit", &[0, 5, 43])],
        // Alex shares a folder with Adele, and with it all that is in it.
        (1, 1) => vec![person(0, "read")],
        (1, 25) | (2, 17) => vec![person(0, "write")],
        (3, 25) => vec![link("users", "view", &[0, 1])],
        (4, 33) => vec![person(0, "read"), person(2, "read")],
        _ if mix(&[260, drive.number as u64, item as u64]).is_multiple_of(29) => {
            vec![link("organization", "view", &[])]
        }
        _ => Vec::new(),
    }
}

/// All grants of an item with the item that they were given on: its own, then those of the folders above.
pub fn effective(drive: &Drive, item: usize) -> Vec<(usize, usize, Grant)> {
    let mut found = Vec::new();
    let mut at = item;
    loop {
        let grants = own(drive, at).into_iter().enumerate();
        found.extend(grants.map(|(number, grant)| (at, number, grant)));
        if at == 0 {
            return found;
        }
        at = drive.items[at].parent;
    }
}

/// Whether a grant names the user.
pub fn names(grant: &Grant, user: usize) -> bool {
    match grant {
        Grant::Owner => false,
        Grant::Person { user: named, .. } => *named == user,
        Grant::Link { users, .. } => users.contains(&user),
    }
}

/// How many versions a file has.
pub fn versions(drive: &Drive, item: usize) -> usize {
    match (drive.number, item) {
        _ if drive.items[item].is_made() => 1,
        (0, 17) => 12,
        _ => 1 + (mix(&[261, drive.number as u64, item as u64]) % 4) as usize,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::drives::{self, Kind};

    #[test]
    fn what_is_planted_is_a_file_or_the_shared_folder() {
        let drives = drives::all();
        for (drive, item) in [
            (0, 17),
            (0, 25),
            (0, 33),
            (0, 41),
            (8, 41),
            (8, 49),
            (1, 25),
            (2, 17),
            (3, 25),
            (4, 33),
        ] {
            assert_eq!(drives[drive].items[item].kind, Kind::File, "{drive} {item}");
            assert!(!own(&drives[drive], item).is_empty());
        }
        assert_eq!(drives[1].items[1].kind, Kind::Folder);
        let deep = effective(&drives[1], 9);
        assert_eq!(deep.last(), Some(&(0, 0, Grant::Owner)));
        assert!(
            deep.iter()
                .any(|(from, _, grant)| *from == 1 && names(grant, 0))
        );
    }
}
