//! The Graph client: requests in, JSON out. It never hears of tables or SQL.

pub mod change;
pub mod client;
pub mod effort;
pub mod fault;
pub mod limits;
pub mod log;
pub mod retry;
pub mod token;
pub mod transport;
