//! The invented data: pure functions of fixed seeds.

pub mod names;
pub mod people;
mod profile;
