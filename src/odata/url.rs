//! Percent-encoding and the query options of one request.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may not stand as it is in a value of the query: everything that ends it or means something
/// to a server (`&`, `#`, `+`, `%`), and what no URL may hold. The apostrophe is encoded because URL
/// libraries do so anyway and the log should show what was sent.
const QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b';')
    .add(b'=')
    .add(b'?');

/// Everything but unreserved letters and what ids and addresses commonly hold.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'@')
    .remove(b'!')
    .remove(b',');

/// A text as one segment of a path, so that no letter of it can end the segment.
pub fn path_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// A text as the value of a query option.
pub fn query_value(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// The query options of a request, in the order they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(Vec<(&'static str, String)>);

impl Options {
    /// Adds an option; its value is encoded when the URL is written.
    pub fn push(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.push((name, value.into()));
    }

    /// Writes `path?name=value&…`; a path that has options already is continued.
    pub fn on(&self, path: &str) -> String {
        let mut url = path.to_owned();
        let mut separator = if path.contains('?') { '&' } else { '?' };
        for (name, value) in &self.0 {
            url.push(separator);
            url.push_str(name);
            url.push('=');
            url.push_str(&query_value(value));
            separator = '&';
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_segment() {
        assert_eq!(path_segment("a/b?c#d%e+f'g"), "a%2Fb%3Fc%23d%25e%2Bf%27g");
        assert_eq!(path_segment("adele@contoso.com"), "adele@contoso.com");
        assert_eq!(path_segment("AAMk-_=="), "AAMk-_%3D%3D");
        assert_eq!(path_segment("ü"), "%C3%BC");
    }

    #[test]
    fn options_are_encoded_once() {
        let mut options = Options::default();
        options.push("$filter", "subject eq 'a&b+c #1 100%'");
        options.push("$top", "5");
        assert_eq!(
            options.on("me/messages"),
            "me/messages?$filter=subject%20eq%20%27a%26b%2Bc%20%231%20100%25%27&$top=5"
        );
        assert!(options.on("me/x?y=1").starts_with("me/x?y=1&$filter="));
    }
}
