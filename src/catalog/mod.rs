//! What each Graph collection is and what its endpoint can honestly do: data, one entry a table.
//!
//! An entry is a Rust struct literal, so the compiler is the validator and the invariants that types
//! cannot say are tests at the end of this folder. From an entry follow the `CREATE TABLE` text,
//! `$select`, pushdown, required inputs, the permission named on a 403 and the documentation. The
//! catalogue knows nothing of SQLite, HTTP, clocks or files.

mod calendar;
mod column;
mod directory;
mod files;
mod mail;
#[cfg(test)]
mod tests;

pub use mail::MAIL_FOLDERS;

pub use column::{
    Column, Fetch, Mode, Operators, Role, Source, Type, blob, boolean, computed, date, double,
    enumeration, input, instant, integer, json, long, text, time, zoned,
};

/// Every table, in the order of the documentation.
pub static ALL: &[&Table] = &[
    &mail::MESSAGES,
    &mail::MAIL_FOLDERS,
    &calendar::EVENTS,
    &calendar::CALENDAR_VIEW,
    &calendar::CALENDARS,
    &directory::USERS,
    &directory::ME,
    &files::FILES,
    &files::DRIVES,
];

/// The table of this name, in capitals or not.
pub fn table(name: &str) -> Option<&'static Table> {
    ALL.iter()
        .copied()
        .find(|table| table.name.eq_ignore_ascii_case(name))
}

/// One SQL table over one Graph collection.
#[derive(Debug)]
pub struct Table {
    /// The SQL name, as CData spells it.
    pub name: &'static str,
    /// One sentence: what a row is.
    pub doc: &'static str,
    /// Whose rules the endpoint follows.
    pub service: Service,
    /// Who owns the collection: the start of every path.
    pub owner: Owner,
    /// In declaration order: commonest first, inputs last among the visible, then the hidden ones.
    pub columns: &'static [Column],
    /// The ways to the rows. The first is taken where no other one's key is given.
    pub routes: &'static [Route],
    /// Set where rows form a tree whose levels are separate requests.
    pub tree: Option<Tree>,
    /// Set where more can be had by its id than the collection has: rows have one of these values of
    /// this property.
    pub only: Option<(&'static str, &'static [&'static str])>,
    /// Set where the collection cannot be asked without a time window (calendarView).
    pub window: Option<Window>,
    /// The largest `$top` the endpoint takes.
    pub page: u32,
    /// The largest sensible `$top` when a column marked heavy is selected.
    pub heavy_page: u32,
    /// Whether `$count=true` is honoured.
    pub count: Count,
    /// What `MATCH` becomes.
    pub search: Option<Search>,
    /// How `$orderby` may be combined with `$filter`.
    pub order: OrderRule,
    /// The least privileged delegated permission, for the hint on a 403.
    pub permission: &'static str,
}

/// The Graph workload behind a table: it decides headers, text comparison and limits (FACTS §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Exchange: immutable ids and UTC are asked for, text `eq` may miss rows (FACTS §2.5).
    Outlook,
    /// Entra ID: advanced queries need `ConsistencyLevel: eventual` (FACTS §1.4).
    Directory,
    /// OneDrive and SharePoint: nothing but paths and paging is dependable (FACTS §1.6).
    Drive,
}

/// The first part of a path, `{owner}` in a [`Route`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Nobody: the path starts at the version.
    Tenant,
    /// `me`, or `users/{UserId}`.
    Mailbox,
    /// `me/drive`, `users/{UserId}/drive`, or `drives/{DriveId}`.
    Drive,
}

/// One way to the rows of a table.
#[derive(Debug)]
pub struct Route {
    /// What must be given for this way.
    pub key: Key,
    /// The path below the version, with `{owner}` and `{key}`.
    pub path: &'static str,
    /// What the path answers.
    pub answer: Answer,
}

/// What opens a [`Route`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Nothing.
    None,
    /// `=` (or IN) on this property: data, which SQLite compares again.
    Property(&'static str),
    /// A value for this input.
    Input(Role),
}

/// What a [`Route`] answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A collection; `$filter`, `$orderby` and the like are the table's.
    Collection,
    /// A collection that holds one level of the table's tree: the scan goes down by itself.
    TopLevel,
    /// One item; absent (404) means no row.
    Item,
}

/// How the levels of a tree are reached.
#[derive(Debug)]
pub struct Tree {
    /// The path of an item's children, with `{owner}` and `{key}` (the item's id).
    pub children: &'static str,
    /// The property that tells whether an item has children: a number above zero. Where the service
    /// leaves it out, the item is asked.
    pub child_count: &'static str,
    /// The property of items that are kept out of sight: the number leaves such children out, and where
    /// the parent is out of sight too it may be zero for a full item.
    pub hidden: Option<&'static str>,
    /// The property that only items which can have children have; all can where there is none.
    pub container: Option<&'static str>,
    /// How the root is known: it can be had by its id, but is no row.
    pub root: Root,
    /// The property that names an item, for a computed path.
    pub name: &'static str,
    /// A way to all items at once, where there is one.
    pub flat: Option<Flat>,
}

/// A way to all items of a tree in one collection: far fewer requests than a walk.
#[derive(Debug)]
pub struct Flat {
    /// The path, with `{owner}`.
    pub path: &'static str,
    /// Properties that items have on a walk but may lack here: who needs them walks.
    pub lacks: &'static [&'static str],
    /// The property that marks items which are gone, and are no rows.
    pub gone: &'static str,
}

/// How the root of a tree is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// By this property, which no other item has.
    Property(&'static str),
    /// By its id, to be asked at this path.
    Path(&'static str),
}

/// The time window that an endpoint requires, taken from predicates or from inputs.
#[derive(Debug)]
pub struct Window {
    /// The property a row's time starts at.
    pub start: &'static str,
    /// The property a row's time ends at.
    pub end: &'static str,
}

/// Whether and how `$count=true` is honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Not at all: rows are counted by reading them.
    Never,
    /// As a parameter of any request.
    Plain,
    /// Together with `ConsistencyLevel: eventual`.
    Advanced,
}

/// What `MATCH` becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// `$search` in KQL, alone, and at most `hits` rows (FACTS §2.3).
    Kql {
        /// Where the service stops.
        hits: usize,
    },
    /// `$search` with `property:text` terms; a bare text asks this property (FACTS §1.4).
    Properties {
        /// The property that a text without one asks.
        default: &'static str,
    },
    /// The function `search(q='…')` below a drive's root (FACTS §1.6).
    DriveFunction,
}

/// How `$orderby` may be combined with `$filter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderRule {
    /// Sorting is never pushed.
    Never,
    /// Either one, but not both.
    Alone,
    /// Each sorted property must come first in the filter, in the same order (FACTS §2.2).
    FilterFirst,
    /// Both, in advanced mode (FACTS §1.4).
    Advanced,
}

impl Table {
    /// The position of a property's column.
    pub fn property(&self, path: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| matches!(column.source, Source::Property) && column.path == path)
    }

    /// The position of the first column (the visible one, where there are two) of an input.
    pub fn input(&self, role: Role) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.source == Source::Input(role))
    }
}
