//! Ids that look like Outlook's and are recognised by comparison alone: of To Do and of group conversations. (Those of mail and calendar, which can be read back, are in `ids`.)

use crate::demo::encoding::{base64_url_decode, base64_url_padded};
use crate::demo::random::mix;

/// The id of the thing that these numbers name.
pub fn id(prefix: &str, parts: &[u64]) -> String {
    let mut bytes = base64_url_decode(prefix).unwrap_or_default();
    for salt in 0..7 {
        bytes.extend(mix(&[&[220, salt], parts].concat()).to_be_bytes());
    }
    // One byte less than a multiple of three: the ids end in `=`, which a path must encode (FACTS 2.9).
    bytes.truncate(bytes.len() / 3 * 3 - 1);
    base64_url_padded(&bytes)
}

/// Whether a text could be such an id: otherwise it is malformed, not missing (FACTS 4.4).
pub fn plausible(text: &str) -> bool {
    text.starts_with('A') && base64_url_decode(text).is_some_and(|bytes| bytes.len() > 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_end_in_an_equals_sign() {
        let (a, b) = (id("AAMk", &[1, 2]), id("AAMk", &[1, 3]));
        assert!(a != b && a.ends_with('=') && a.starts_with("AAMk"));
        assert!(plausible(&a) && !plausible("x") && !plausible("Tasks"));
    }
}
