//! What each Graph collection is and what its endpoint can honestly do: data, one entry a table.
//!
//! An entry is a Rust struct literal, so the compiler is the validator and the invariants that types
//! cannot say are tests at the end of this folder. From an entry follow the `CREATE TABLE` text,
//! `$select`, pushdown, required inputs, the permission named on a 403 and the documentation. The
//! catalogue knows nothing of SQLite, HTTP, clocks or files.

mod attachments;
mod calendar;
pub mod changes;
mod column;
mod contacts;
mod conversations;
mod directory;
mod files;
mod groups;
mod keys;
mod licences;
mod mail;
mod mailbox;
pub mod notified;
mod planner;
mod recipients;
mod reports;
mod schedule;
mod sites;
mod subscriptions;
mod teams;
mod tenant;
#[cfg(test)]
mod tests;
mod todo;
mod writes;
mod written;

pub use keys::{key, relations};
pub use mail::MAIL_FOLDERS;

pub use column::{
    Column, Fetch, Mode, Operators, Role, Source, Type, blob, boolean, computed, date, difference,
    double, enumeration, input, instant, integer, json, long, ordinal, parent, text, time, zoned,
};

pub use writes::{List, Moves, Payload, Verb, Way, Writes, delete, patch, post};

/// Every table, in the order of the documentation.
pub static ALL: &[&Table] = &[
    &mail::MESSAGES,
    &mail::MAIL_FOLDERS,
    &recipients::MESSAGE_RECIPIENTS,
    &attachments::MESSAGE_ATTACHMENTS,
    &mailbox::MAIL_RULES,
    &mailbox::CATEGORIES,
    &mailbox::MAILBOX_SETTINGS,
    &mailbox::SUPPORTED_LANGUAGES,
    &mailbox::SUPPORTED_TIME_ZONES,
    &calendar::EVENTS,
    &calendar::CALENDAR_VIEW,
    &calendar::EVENT_OCCURRENCES,
    &recipients::EVENT_ATTENDEES,
    &attachments::EVENT_ATTACHMENTS,
    &calendar::CALENDARS,
    &calendar::CALENDAR_GROUPS,
    &schedule::SCHEDULE_AVAILABILITY,
    &schedule::ROOMS,
    &schedule::ROOM_LISTS,
    &contacts::CONTACTS,
    &recipients::CONTACT_EMAILS,
    &contacts::CONTACT_FOLDERS,
    &contacts::PEOPLE,
    &directory::USERS,
    &directory::ME,
    &directory::DIRECT_REPORTS,
    &directory::DELETED_USERS,
    &groups::GROUPS,
    &groups::GROUP_MEMBERS,
    &groups::GROUP_TRANSITIVE_MEMBERS,
    &groups::GROUP_OWNERS,
    &groups::USER_GROUPS,
    &licences::SUBSCRIBED_SKUS,
    &licences::SERVICE_PLANS,
    &licences::USER_LICENSES,
    &licences::USER_SERVICE_PLANS,
    &licences::USER_PROVISIONED_PLANS,
    &tenant::ORGANIZATION,
    &tenant::DOMAINS,
    &tenant::DEVICES,
    &tenant::DIRECTORY_ROLES,
    &tenant::DIRECTORY_ROLE_MEMBERS,
    &subscriptions::SUBSCRIPTIONS,
    &subscriptions::PRESENCE,
    &files::FILES,
    &files::DRIVES,
    &files::FILE_VERSIONS,
    &files::FILE_PERMISSIONS,
    &files::SHARED_WITH_ME,
    &sites::SITES,
    &sites::LISTS,
    &sites::LIST_ITEMS,
    &planner::PLANS,
    &planner::BUCKETS,
    &planner::TASKS,
    &planner::TASK_ASSIGNMENTS,
    &todo::TODO_LISTS,
    &todo::TODO_TASKS,
    &teams::TEAMS,
    &teams::CHANNELS,
    &teams::TEAM_MEMBERS,
    &teams::CHANNEL_MESSAGES,
    &conversations::CONVERSATIONS,
    &conversations::THREADS,
    &conversations::POSTS,
    &reports::MAILBOX_USAGE_DETAIL,
    &reports::EMAIL_ACTIVITY_USER_DETAIL,
    &reports::ONEDRIVE_USAGE_ACCOUNT_DETAIL,
    &reports::SHAREPOINT_SITE_USAGE_DETAIL,
    &reports::TEAMS_USER_ACTIVITY_USER_DETAIL,
    &reports::M365_APP_USER_DETAIL,
    &reports::OFFICE365_ACTIVE_USER_DETAIL,
];

/// The table of this name, in capitals or not.
pub fn table(name: &str) -> Option<&'static Table> {
    ALL.iter()
        .copied()
        .find(|table| table.name.eq_ignore_ascii_case(name))
}

/// The inputs that every way to a table's rows needs.
pub fn required(table: &Table) -> Vec<usize> {
    let in_every_way = |role: Role| {
        table
            .routes
            .iter()
            .all(|route| table.needs(route).any(|needed| needed == role))
    };
    let window = |role| {
        matches!(role, Role::WindowStart | Role::WindowEnd)
            && table
                .window
                .as_ref()
                .is_some_and(|window| table.property(window.start).is_none())
    };
    (0..table.columns.len())
        .filter(|position| match table.columns[*position].source {
            Source::Input(role) => in_every_way(role) || window(role),
            _ => false,
        })
        .collect()
}

/// One SQL table over one Graph collection. An entry says what differs from [`Table::PLAIN`].
#[derive(Debug)]
pub struct Table {
    /// The SQL name, as CData spells it.
    pub name: &'static str,
    /// One sentence: what a row is.
    pub doc: &'static str,
    /// The question that people come with, for the documentation.
    pub question: &'static str,
    /// A statement that answers it, run by the tests.
    pub example: &'static str,
    /// Whose rules the endpoint follows.
    pub service: Service,
    /// Who owns the collection: the start of every path with `{owner}`.
    pub owner: Owner,
    /// The property that tells an item from the others of its collection; empty where nothing does.
    pub key: &'static str,
    /// In declaration order: commonest first, inputs last among the visible, then the hidden ones.
    pub columns: &'static [Column],
    /// The ways to the rows: of those whose placeholders are all given, the first.
    pub routes: &'static [Route],
    /// What a row is made of.
    pub rows: Rows,
    /// Set where rows form a tree whose levels are separate requests.
    pub tree: Option<Tree>,
    /// Set where more can be had by its id than the collection has: rows have one of these values of
    /// this property.
    pub only: Option<(&'static str, &'static [&'static str])>,
    /// Set where the collection cannot be asked without a time window (calendarView).
    pub window: Option<Window>,
    /// Whether `$select` is honoured.
    pub select: bool,
    /// The largest `$top` the endpoint takes; 0 where it takes none.
    pub page: u32,
    /// The largest sensible `$top` when a column marked heavy is selected.
    pub heavy_page: u32,
    /// Whether `$count=true` is honoured.
    pub count: Count,
    /// What `MATCH` becomes.
    pub search: Option<Search>,
    /// How `$orderby` may be combined with `$filter`.
    pub order: OrderRule,
    /// What can be written.
    pub writes: Option<&'static Writes>,
    /// The least privileged delegated permission, for the hint on a 403.
    pub permission: &'static str,
    /// The least privileged application permission; empty where applications are refused.
    pub app_permission: &'static str,
}

/// What a row is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// A row for each item.
    Items,
    /// A row for each element of these collections of an item; further properties are the item's.
    Elements(&'static [Elements]),
    /// A row for each slot of each schedule that the item's `availabilityView` describes.
    Slots,
    /// A row for each line of a CSV file that the path redirects to; properties are its columns.
    Csv,
}

/// A collection within an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elements {
    /// The property: an array, or an open object whose members are the elements.
    pub path: &'static str,
    /// What [`Source::Kind`] says of its elements.
    pub kind: &'static str,
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
    /// Planner, To Do, Teams, reports …: no headers and no rules of their own.
    Plain,
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
///
/// The path below the version has placeholders: `{owner}`; an input column by its name (`{GroupId}`),
/// which must be given for this way; a property by its path (`{id}`), with which the statement must
/// compare by `=` or IN, and which SQLite compares again.
#[derive(Debug)]
pub struct Route {
    /// The path.
    pub path: &'static str,
    /// What the path answers.
    pub answer: Answer,
    /// The part of `$filter` that makes the collection the table's; empty for none.
    pub filter: &'static str,
    /// What is posted, where reading is a POST.
    pub body: Option<Body>,
    /// An item's path that also answers for items which the table's collections do not have, and is
    /// taken all the same: an id means one thing whoever it belongs to.
    pub anywhere: bool,
}

/// What is posted to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// getSchedule: the window, and the inputs `addresses`, `intervalMinutes` and `timeZone`.
    Schedule,
}

/// A way to a collection.
pub const fn collection(path: &'static str) -> Route {
    Route {
        path,
        answer: Answer::Collection,
        filter: "",
        body: None,
        anywhere: false,
    }
}

/// A way to one item.
pub const fn item(path: &'static str) -> Route {
    Route {
        answer: Answer::Item,
        ..collection(path)
    }
}

/// A way to one item, whoever it belongs to.
pub const fn item_anywhere(path: &'static str) -> Route {
    Route {
        anywhere: true,
        ..item(path)
    }
}

/// A way to one level of a tree.
pub const fn top_level(path: &'static str) -> Route {
    Route {
        answer: Answer::TopLevel,
        ..collection(path)
    }
}

/// The names between braces in a path, in their order.
pub fn placeholders(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

impl Route {
    /// The names between braces, in their order.
    pub fn placeholders(&self) -> impl Iterator<Item = &'static str> {
        placeholders(self.path)
    }

    /// Whether the path begins with the table's owner.
    pub fn has_owner(&self) -> bool {
        self.path.contains("{owner}")
    }
}

/// What fills a placeholder of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// The owner of the collection.
    Owner,
    /// The value given for an input.
    Input(Role),
    /// The value that a property is compared with.
    Property(&'static str),
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
    /// What most tables are: items with an `id`, `$select` and nothing else honoured.
    pub const PLAIN: Table = Table {
        name: "",
        doc: "",
        question: "",
        example: "",
        service: Service::Plain,
        owner: Owner::Tenant,
        key: "id",
        columns: &[],
        routes: &[],
        rows: Rows::Items,
        tree: None,
        only: None,
        window: None,
        select: true,
        page: 0,
        heavy_page: 0,
        count: Count::Never,
        search: None,
        order: OrderRule::Never,
        writes: None,
        permission: "",
        app_permission: "",
    };

    /// The position of the column of this SQL name, in capitals or not.
    pub fn named(&self, name: &str) -> Option<usize> {
        let mut columns = self.columns.iter();
        columns.position(|column| column.name().eq_ignore_ascii_case(name))
    }

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

    /// What fills a placeholder of one of this table's paths.
    pub fn placeholder(&self, name: &'static str) -> Placeholder {
        if name == "owner" {
            return Placeholder::Owner;
        }
        let role = self.columns.iter().find_map(|column| match column.source {
            Source::Input(role) if column.path == name => Some(role),
            _ => None,
        });
        role.map_or(Placeholder::Property(name), Placeholder::Input)
    }

    /// The inputs that a way needs, the owner aside.
    pub fn needs(&self, route: &Route) -> impl Iterator<Item = Role> {
        let body: &[Role] = match route.body {
            Some(Body::Schedule) => &[Role::Parent("addresses")],
            None => &[],
        };
        route
            .placeholders()
            .filter_map(|name| match self.placeholder(name) {
                Placeholder::Input(role) => Some(role),
                _ => None,
            })
            .chain(body.iter().copied())
    }

    /// The properties that a way needs.
    pub fn keys(&self, route: &Route) -> impl Iterator<Item = &'static str> {
        route
            .placeholders()
            .filter_map(|name| match self.placeholder(name) {
                Placeholder::Property(path) => Some(path),
                _ => None,
            })
    }
}
