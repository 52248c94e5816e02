//! The tokens of delta rounds: opaque, sealed, and good for one path only.

use crate::demo::encoding::{base64_url, base64_url_decode};
use crate::demo::sha256::seal;

/// What a token says.
#[derive(Debug, PartialEq, Eq)]
pub struct Token {
    /// The write after which the round begins; none for everything.
    pub since: Option<u64>,
    /// The last write before the round began.
    pub upto: u64,
    /// Where the page begins.
    pub start: usize,
    /// The options of the first request.
    pub query: String,
}

impl Token {
    /// The token as the option of this name on this path.
    pub fn written(&self, name: &str, path: &str) -> String {
        let since = self.since.map_or(String::new(), |since| since.to_string());
        let text = format!("{since}.{}.{}.{}", self.upto, self.start, self.query);
        format!(
            "{}.{}",
            base64_url(text.as_bytes()),
            mark(name, path, &text)
        )
    }

    /// Reads what was written for the same option and path.
    pub fn read(name: &str, path: &str, token: &str) -> Option<Token> {
        let (packed, sealed) = token.split_once('.')?;
        let text = String::from_utf8(base64_url_decode(packed)?).ok()?;
        if mark(name, path, &text) != sealed {
            return None;
        }
        let mut parts = text.splitn(4, '.');
        Some(Token {
            since: parts.next()?.parse().ok(),
            upto: parts.next()?.parse().ok()?,
            start: parts.next()?.parse().ok()?,
            query: parts.next()?.to_string(),
        })
    }
}

fn mark(name: &str, path: &str, text: &str) -> String {
    seal(name, &format!("{path}|{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_option_and_path() {
        let token = || Token {
            since: None,
            upto: 7,
            start: 50,
            query: "%24filter=id%20eq%20%27a.b%27".into(),
        };
        let written = token().written("$skiptoken", "users/delta");
        let read = |name: &str, path: &str| Token::read(name, path, &written);
        assert_eq!(read("$skiptoken", "users/delta"), Some(token()));
        assert_eq!(read("$deltatoken", "users/delta"), None);
        assert_eq!(read("$skiptoken", "groups/delta"), None);
        assert_eq!(Token::read("$skiptoken", "users/delta", "x"), None);
    }
}
