//! What can be written to each table: which requests, and which properties Graph lets one set (FACTS §3; where
//! it is silent, the property pages of Graph's documentation).

mod directory;
mod files;
mod outlook;
mod tasks;

pub use directory::{GROUPS, MEMBERS, OWNERS, SUBSCRIPTIONS, USER_LICENSES, USERS};
pub use files::{FILES, LIST_ITEMS};
pub use outlook::{
    CALENDAR_GROUPS, CALENDARS, CATEGORIES, CONTACT_FOLDERS, CONTACTS, EVENT_ATTACHMENTS, EVENTS,
    MAIL_FOLDERS, MAIL_RULES, MAILBOX_SETTINGS, MESSAGE_ATTACHMENTS, MESSAGES, OCCURRENCES,
};
pub use tasks::{BUCKETS, TASKS, TODO_LISTS, TODO_TASKS};
