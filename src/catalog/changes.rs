//! The collections whose changes Graph tells: `…/delta` gives everything once, and then what changed since
//! (FACTS §6).

use super::{
    Column, Fetch, Source, Table, calendar, contacts, directory, files, groups, mail, todo,
};

/// A table of the changes of another one.
#[derive(Debug)]
pub struct Changes {
    /// The SQL name.
    pub name: &'static str,
    /// The table whose rows change.
    pub table: &'static Table,
    /// The path, with `{owner}` and perhaps an input by its name.
    pub path: &'static str,
    /// The input in the path: whose children the rows are.
    pub parent: Option<Parent>,
    /// How a row that is gone is told.
    pub gone: Gone,
    /// What a copy can make of it.
    pub keeps: Keeps,
    /// The first round takes the two ends of a window of time, which the token keeps, and no other option.
    pub window: bool,
    /// How the size of a page is asked for.
    pub page: Page,
    /// The property that marks what is no row of the table, such as a drive's root; empty for none.
    pub no_row: &'static str,
    /// A property that never changes: a line that has it tells the item as it is now, and what is absent there is
    /// not set. None where lines are known to tell what changed only.
    pub constant: Option<&'static str>,
    /// Relationships whose own changes come along: the column's name, and the annotation.
    pub further: &'static [(&'static str, &'static str)],
}

/// Whose children a collection's rows are.
#[derive(Clone, Copy, Debug)]
pub struct Parent {
    /// The input's name.
    pub name: &'static str,
    /// The property that tells a row's parent: what is told of another one's (search folders show them) is none.
    pub property: Option<&'static str>,
    /// The table of all parents; without it the input must be given.
    pub all: Option<&'static Table>,
    /// The table has the rows of one parent only, which the property of any row names.
    pub sole: bool,
}

/// What a copy of the table can make of its changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Nothing: rows of the table change untold, as hidden folders do.
    Nothing,
    /// Every row, by what is told of it.
    Rows,
    /// Whether anything changed: what is told of a row is too little to make it (occurrences, FACTS §6).
    Signal,
}

/// How a row that is gone is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// `@removed`, with a reason.
    Removed,
    /// This facet.
    Facet(&'static str),
}

/// How the size of a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// `Prefer: odata.maxpagesize`
    Prefer,
    /// `$top`
    Top(u32),
    /// Not at all.
    Fixed,
}

/// Every table of changes, in the order of the documentation.
pub static CHANGES: &[&Changes] = &[
    &Changes {
        name: "MessageChanges",
        table: &mail::MESSAGES,
        path: "{owner}/mailFolders/{folder}/messages/delta",
        parent: Some(Parent {
            name: "folder",
            property: Some("parentFolderId"),
            all: Some(&mail::MAIL_FOLDERS),
            sole: false,
        }),
        gone: Gone::Removed,
        keeps: Keeps::Rows,
        window: false,
        page: Page::Prefer,
        no_row: "",
        constant: Some("createdDateTime"),
        further: &[],
    },
    &Changes {
        name: "MailFolderChanges",
        table: &mail::MAIL_FOLDERS,
        path: "{owner}/mailFolders/delta",
        parent: None,
        gone: Gone::Removed,
        keeps: Keeps::Nothing,
        window: false,
        page: Page::Prefer,
        no_row: "",
        constant: None,
        further: &[],
    },
    &Changes {
        name: "CalendarViewChanges",
        table: &calendar::CALENDAR_VIEW,
        path: "{owner}/calendarView/delta",
        parent: None,
        gone: Gone::Removed,
        keeps: Keeps::Signal,
        window: true,
        page: Page::Prefer,
        no_row: "",
        constant: None,
        further: &[],
    },
    &Changes {
        name: "ContactChanges",
        table: &contacts::CONTACTS,
        path: "{owner}/contactFolders/{ContactFolderId}/contacts/delta",
        parent: Some(Parent {
            name: "ContactFolderId",
            property: None,
            all: None,
            sole: true,
        }),
        gone: Gone::Removed,
        keeps: Keeps::Rows,
        window: false,
        page: Page::Prefer,
        no_row: "",
        constant: Some("createdDateTime"),
        further: &[],
    },
    &Changes {
        name: "UserChanges",
        table: &directory::USERS,
        path: "users/delta",
        parent: None,
        gone: Gone::Removed,
        keeps: Keeps::Rows,
        window: false,
        page: Page::Fixed,
        no_row: "",
        constant: Some("createdDateTime"),
        further: &[],
    },
    &Changes {
        name: "GroupChanges",
        table: &groups::GROUPS,
        path: "groups/delta",
        parent: None,
        gone: Gone::Removed,
        keeps: Keeps::Rows,
        window: false,
        page: Page::Fixed,
        no_row: "",
        constant: Some("createdDateTime"),
        further: &[("members", "members@delta"), ("owners", "owners@delta")],
    },
    &Changes {
        name: "FileChanges",
        table: &files::FILES,
        path: "{owner}/root/delta",
        parent: None,
        gone: Gone::Facet("deleted"),
        keeps: Keeps::Rows,
        window: false,
        page: Page::Top(1_000),
        no_row: "root",
        constant: Some("createdDateTime"),
        further: &[],
    },
    &Changes {
        name: "TodoListChanges",
        table: &todo::TODO_LISTS,
        path: "{owner}/todo/lists/delta",
        parent: None,
        gone: Gone::Removed,
        keeps: Keeps::Rows,
        window: false,
        page: Page::Fixed,
        no_row: "",
        constant: None,
        further: &[],
    },
    &Changes {
        name: "TodoTaskChanges",
        table: &todo::TODO_TASKS,
        path: "{owner}/todo/lists/{TodoListId}/tasks/delta",
        parent: Some(Parent {
            name: "TodoListId",
            property: None,
            all: Some(&todo::TODO_LISTS),
            sole: false,
        }),
        gone: Gone::Removed,
        keeps: Keeps::Rows,
        window: false,
        page: Page::Fixed,
        no_row: "",
        constant: Some("createdDateTime"),
        further: &[],
    },
];

impl Changes {
    /// The first levels of the properties that changes are told of.
    pub fn properties(&self) -> impl Iterator<Item = &'static str> {
        let columns = self.table.columns;
        self.columns()
            .into_iter()
            .map(move |position| columns[position].selected())
    }

    /// Whether the rows are a mailbox's or a drive's.
    pub fn has_owner(&self) -> bool {
        self.path.contains("{owner}")
    }

    /// The columns of the table that changes are told of, as their positions: plain properties.
    pub fn columns(&self) -> Vec<usize> {
        let is_told = |column: &Column| {
            column.source == Source::Property
                && column.fetch == Fetch::List
                && !column.hidden
                && !column.unselectable
                && !column.expanded
        };
        (0..self.table.columns.len())
            .filter(|position| is_told(&self.table.columns[*position]))
            .collect()
    }
}
