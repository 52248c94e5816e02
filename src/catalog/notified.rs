//! The collections of whose changes Graph notifies subscribers (FACTS §3.5).

use super::{Table, calendar, contacts, directory, files, groups, mail, todo};

/// What can be watched.
#[derive(Debug)]
pub struct Notified {
    /// The table whose rows change.
    pub table: &'static Table,
    /// The resource of a subscription, with `{owner}` and perhaps the key of a parent by its name.
    pub resource: &'static str,
    /// The name of that key, and the table of all parents.
    pub parent: Option<(&'static str, &'static Table)>,
    /// The changes that are told, with commas between them.
    pub changes: &'static str,
    /// How long a subscription lives, in minutes: a little less than the service allows.
    pub minutes: u32,
    /// What a copy has of it, in the order in which it is brought up to date.
    pub copied: &'static [&'static Table],
    /// The last or the last but one segment of the paths that show it, in lower case.
    pub segments: &'static [&'static str],
}

const ALL: &str = "created,updated,deleted";

/// Everything that can be watched, in the order of the documentation.
pub static NOTIFIED: &[Notified] = &[
    Notified {
        table: &mail::MESSAGES,
        resource: "{owner}/messages",
        parent: None,
        changes: ALL,
        minutes: 10_070,
        copied: &[&mail::MAIL_FOLDERS, &mail::MESSAGES],
        segments: &["messages", "mailfolders", "childfolders", "attachments"],
    },
    Notified {
        table: &calendar::EVENTS,
        resource: "{owner}/events",
        parent: None,
        changes: ALL,
        minutes: 10_070,
        copied: &[&calendar::EVENTS, &calendar::CALENDAR_VIEW],
        segments: &[
            "events",
            "calendarview",
            "calendar",
            "instances",
            "attachments",
        ],
    },
    Notified {
        table: &contacts::CONTACTS,
        resource: "{owner}/contacts",
        parent: None,
        changes: ALL,
        minutes: 10_070,
        copied: &[&contacts::CONTACTS],
        segments: &["contacts", "people"],
    },
    // A new user or group is told as updated.
    Notified {
        table: &directory::USERS,
        resource: "users",
        parent: None,
        changes: "updated,deleted",
        minutes: 41_750,
        copied: &[&directory::USERS],
        segments: &["users"],
    },
    Notified {
        table: &groups::GROUPS,
        resource: "groups",
        parent: None,
        changes: "updated,deleted",
        minutes: 41_750,
        copied: &[&groups::GROUPS, &groups::GROUP_MEMBERS],
        segments: &["groups", "members", "owners", "memberof"],
    },
    Notified {
        table: &files::FILES,
        resource: "{owner}/root",
        parent: None,
        changes: "updated",
        minutes: 42_290,
        copied: &[&files::FILES],
        segments: &["drive", "root", "root:", "items", "children"],
    },
    Notified {
        table: &todo::TODO_TASKS,
        resource: "{owner}/todo/lists/{TodoListId}/tasks",
        parent: Some(("TodoListId", &todo::TODO_LISTS)),
        changes: ALL,
        minutes: 4_220,
        copied: &[&todo::TODO_LISTS, &todo::TODO_TASKS],
        segments: &["lists", "tasks"],
    },
];

impl Notified {
    /// What can be watched of a table.
    pub fn of(table: &Table) -> Option<&'static Self> {
        NOTIFIED
            .iter()
            .find(|notified| notified.table.name == table.name)
    }

    /// Whether each mailbox or drive has its own.
    pub fn has_owner(&self) -> bool {
        self.resource.contains("{owner}")
    }

    /// Whether a path shows what is watched, so that what was read there is no longer true.
    pub fn is_shown_at(&self, path: &str) -> bool {
        let lower = path.trim_end_matches('/').to_ascii_lowercase();
        lower
            .rsplit('/')
            .take(2)
            .any(|segment| self.segments.contains(&segment))
    }
}

#[cfg(test)]
mod tests {
    use super::Notified;
    use crate::catalog::table;

    #[test]
    fn paths_that_show_it() {
        let shows = |name: &str, path: &str| {
            table(name)
                .and_then(Notified::of)
                .is_some_and(|known| known.is_shown_at(path))
        };
        for path in [
            "me/messages",
            "users/a/mailFolders/b/messages",
            "me/messages/x",
            "me/mailFolders/x/childFolders",
            "me/messages/x/attachments",
        ] {
            assert!(shows("Messages", path), "{path}");
            assert!(!shows("Users", path), "{path}");
        }
        for path in ["users", "users/x", "users/x/messages", "me/contacts"] {
            assert!(!shows("Events", path), "{path}");
        }
        assert!(shows("Users", "users") && shows("Users", "users/x"));
        assert!(!shows("Users", "users/x/messages"));
        assert!(shows("Files", "me/drive/root/children"));
        assert!(shows("TodoTasks", "me/todo/lists/x/tasks"));
        assert!(!shows("TodoTasks", "me/messages"));
    }
}
