//! Microsoft 365 as a SQL database: SQLite virtual tables over Microsoft Graph.

pub mod catalog;
pub mod extension;
pub mod sqlite;
