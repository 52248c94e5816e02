//! The invented data: pure functions of fixed seeds.

pub mod channels;
pub mod contact;
pub mod conversations;
pub mod drives;
pub mod event;
pub mod groups;
pub mod ids;
pub mod languages;
pub mod lists;
pub mod mailbox;
pub mod message;
pub mod names;
pub mod opaque;
pub mod people;
pub mod planner;
mod profile;
pub mod recurrence;
pub mod rooms;
pub mod rules;
pub mod settings;
pub mod sharing;
pub mod sites;
pub mod todo;
pub mod zones;
