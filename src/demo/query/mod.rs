//! The demo tenant's own OData: written from FACTS alone and sharing nothing with the driver's, so that the two cannot agree on a mistake.

pub mod check;
pub mod eval;
pub mod filter;
pub mod kql;
pub mod lexer;
pub mod options;
pub mod row;
pub mod schema;
pub mod search;
pub mod select;
