//! What can go wrong between the driver and Graph: one named test per fault, over a real socket.
//!
//! Each test has a server of its own, whose answers it scripts, so that all of them run side by side.

mod answers;
mod bounds;
mod headers;
mod pages;
mod reports;
mod secrets;
mod sharing;
mod sign_in;
#[path = "../support/mod.rs"]
mod support;
mod throttling;
mod time;
