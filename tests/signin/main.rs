//! Signing in, as users do it: the binary against the demo server's own sign-in, over TLS and over HTTP.

#[path = "../command/mod.rs"]
mod command;
mod flows;
mod network;
mod profiles;
mod schemes;
mod secrets;
mod store;
mod world;
