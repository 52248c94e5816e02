//! The invented data: pure functions of fixed seeds.

pub mod contact;
pub mod deleted;
pub mod devices;
pub mod domains;
pub mod drives;
pub mod event;
pub mod groups;
pub mod ids;
pub mod languages;
pub mod licences;
pub mod mailbox;
pub mod message;
pub mod names;
pub mod people;
mod profile;
pub mod recurrence;
pub mod roles;
pub mod rooms;
pub mod rules;
pub mod settings;
pub mod subscriptions;
pub mod zones;
