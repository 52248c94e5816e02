//! Microsoft 365 as a SQL database: SQLite virtual tables over Microsoft Graph.

pub mod cache;
pub mod catalog;
pub mod cli;
pub mod countries;
pub mod decode;
pub mod demo;
pub mod error;
pub mod extension;
pub mod graph;
pub mod instant;
pub mod journal;
pub mod odata;
pub mod plan;
pub mod procs;
pub mod runtime;
pub mod scan;
pub mod sender;
pub mod session;
pub mod settings;
pub mod sqlite;
pub mod templates;
pub mod text;
pub mod value;
pub mod write;
pub mod zone;
