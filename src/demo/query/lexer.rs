//! Cuts a `$filter` text into tokens, strictly by OData's literal syntax (FACTS 2.8).

use crate::demo::time;

/// One token of a filter expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A property, operator, function or lambda variable name; may hold dots for qualified names.
    Name(String),
    /// `'it''s'`, unescaped.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number with fraction or exponent.
    Float(f64),
    /// A date-time with zone, in ticks.
    Instant(i64),
    /// A date alone, in ticks at midnight UTC.
    Date(i64),
    /// A bare GUID.
    Guid(String),
    /// `duration'PT1H'` or `microsoft.graph.x'member'`: the prefix and the quoted text.
    Typed(String, String),
    /// One of `( ) , / : $`.
    Mark(char),
}

/// The tokens of the text, or where and why it is not one.
pub fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(' ');
        let Some(first) = rest.chars().next() else {
            return Ok(out);
        };
        let position = text.len() - rest.len();
        let (token, length) = match first {
            '(' | ')' | ',' | '/' | ':' | '$' => (Token::Mark(first), 1),
            '\'' => quoted(rest).map(|(text, length)| (Token::Text(text), length)).ok_or_else(|| {
                format!("There is an unterminated string literal at position {} in '{text}'.", text.len())
            })?,
            _ => word(rest).ok_or_else(|| format!("Syntax error: character '{first}' is not valid at position {position} in '{text}'."))?,
        };
        out.push(token);
        rest = &rest[length..];
    }
}

fn word(rest: &str) -> Option<(Token, usize)> {
    let length = rest
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '+' | '@')))
        .unwrap_or(rest.len());
    // A lambda's colon (`x:x/id`) belongs to no word; a clock's (`08:00`) does.
    let starts_with_digit = rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
    let length = match rest[..length].find(':') {
        Some(colon) if !starts_with_digit && !looks_like_guid(&rest[..length]) => colon,
        _ => length,
    };
    let text = &rest[..length];
    if text.is_empty() {
        return None;
    }
    if rest[length..].starts_with('\'') {
        let (inner, quoted_length) = quoted(&rest[length..])?;
        return Some((
            Token::Typed(text.to_string(), inner),
            length + quoted_length,
        ));
    }
    literal(text)
        .or_else(|| name(text))
        .map(|token| (token, length))
}

fn literal(text: &str) -> Option<Token> {
    if looks_like_guid(text) {
        return Some(Token::Guid(text.to_ascii_lowercase()));
    }
    if let Some(ticks) = time::parse(text) {
        return Some(Token::Instant(ticks));
    }
    if let Some(ticks) = time::parse_date(text) {
        return Some(Token::Date(ticks));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return None;
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(Token::Int(number));
    }
    text.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map(Token::Float)
}

fn name(text: &str) -> Option<Token> {
    let good = text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '@');
    good.then(|| Token::Name(text.to_string()))
}

fn looks_like_guid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(i, c)| {
            if [8, 13, 18, 23].contains(&i) {
                c == '-'
            } else {
                c.is_ascii_hexdigit()
            }
        })
}

/// The unescaped text of a leading quoted literal and how many bytes it takes.
fn quoted(rest: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            out.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == '\'') {
            chars.next();
            out.push('\'');
        } else {
            return Some((out, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        let tokens =
            tokens("a/b eq 'it''s' and n ge -5 and t lt 2026-01-01T00:00:00Z").expect("valid");
        assert_eq!(tokens[4], Token::Text("it's".into()));
        assert_eq!(tokens[8], Token::Int(-5));
        assert_eq!(tokens[12], Token::Instant(time::date(2026, 1, 1)));
    }

    #[test]
    fn lambda_colon_is_a_mark() {
        let tokens = tokens("categories/any(c:c eq 'x')").expect("valid");
        assert_eq!(tokens[4], Token::Name("c".into()));
        assert_eq!(tokens[5], Token::Mark(':'));
    }

    #[test]
    fn guid_date_and_errors() {
        assert_eq!(
            tokens("184efa21-98c3-4e5d-95ab-d07053a96e67").map(|t| t.len()),
            Ok(1)
        );
        assert_eq!(
            tokens("2017-04-01"),
            Ok(vec![Token::Date(time::date(2017, 4, 1))])
        );
        assert!(tokens("subject eq 'open").is_err());
        assert!(tokens("a eq 2026-13-01").is_err());
        assert!(tokens("a eq 1;drop").is_err());
    }
}
