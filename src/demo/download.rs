//! Addresses outside of Graph that prove themselves: a seal in the query stands for the sign-in, and a token must not travel there (FACTS 3.4).

use http::HeaderMap;

use super::error::{Answer, Fault};
use super::sha256::seal;

/// The query of such an address: `parameter=seal`.
pub fn sealed(parameter: &str, purpose: &str, key: &str) -> String {
    format!("{parameter}={}", seal(purpose, key))
}

/// 401 unless the query is the one that was sealed for this key, and for an Authorization header.
pub fn check(headers: &HeaderMap, query: &str, sealed: &str) -> Answer<()> {
    if headers.contains_key("Authorization") {
        return Err(Fault::new(
            401,
            "unauthenticated",
            "This pre-authenticated address does not take an Authorization header.",
        ));
    }
    if query != sealed {
        return Err(Fault::new(
            401,
            "unauthenticated",
            "The address has expired or was altered.",
        ));
    }
    Ok(())
}
