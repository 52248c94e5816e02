//! The only writer of OData text: literals, filters, and the encoding of paths and options.

mod filter;
mod literal;
mod url;

pub use filter::{Filter, conjuncts};
pub use literal::Literal;
pub use url::{Options, path_segment, query_value};
