//! How a reviewed list and the one that is made now differ.

use std::collections::BTreeSet;

/// The lines of one text that the other does not have.
pub fn without<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let other: BTreeSet<&str> = other.lines().collect();
    text.lines().filter(|line| !other.contains(line)).collect()
}
