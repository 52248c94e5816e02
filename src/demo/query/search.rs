//! `$search` on directory objects: `"property:text"` clauses with AND, OR and parentheses (FACTS 1.4).

use serde_json::Value;

use super::row::Row;

/// A search expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Search {
    /// `"property:text"`
    Clause(String, String),
    /// Both.
    And(Box<Search>, Box<Search>),
    /// Either.
    Or(Box<Search>, Box<Search>),
}

/// Reads the option's value.
pub fn parse(text: &str) -> Result<Search, String> {
    let mut reader = Reader {
        rest: text.trim(),
        depth: 0,
    };
    let search = reader.or()?;
    if reader.rest.is_empty() {
        Ok(search)
    } else {
        Err(format!(
            "Syntax error: character '{}' is not valid in '{text}'.",
            reader.rest.chars().next().unwrap_or(' ')
        ))
    }
}

/// The properties searched in.
pub fn properties(search: &Search) -> Vec<&str> {
    match search {
        Search::Clause(property, _) => vec![property],
        Search::And(a, b) | Search::Or(a, b) => [properties(a), properties(b)].concat(),
    }
}

/// True when the row is found: displayName and description by word beginnings in any order, other properties by their own beginning.
pub fn finds(search: &Search, row: &dyn Row) -> bool {
    match search {
        Search::And(a, b) => finds(a, row) && finds(b, row),
        Search::Or(a, b) => finds(a, row) || finds(b, row),
        Search::Clause(property, text) => {
            let value = row.property(property);
            let texts: Vec<&str> = match &value {
                Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
                other => other.as_str().into_iter().collect(),
            };
            let tokenised = property == "displayName" || property == "description";
            texts.iter().any(|value| {
                if tokenised {
                    words_found(value, text)
                } else {
                    value.to_lowercase().starts_with(&text.to_lowercase())
                }
            })
        }
    }
}

fn words_found(value: &str, text: &str) -> bool {
    let have = words(value);
    words(text)
        .iter()
        .all(|word| have.iter().any(|token| token.starts_with(word)))
}

/// Lower-case runs of letters and digits.
pub fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(String::from)
        .collect()
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl Reader<'_> {
    fn or(&mut self) -> Result<Search, String> {
        let mut left = self.and()?;
        while self.word("OR") {
            left = Search::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Search, String> {
        let mut left = self.clause()?;
        while self.word("AND") {
            left = Search::And(Box::new(left), Box::new(self.clause()?));
        }
        Ok(left)
    }

    fn clause(&mut self) -> Result<Search, String> {
        self.depth += 1;
        if self.depth > 50 {
            return Err("The search is nested too deeply.".into());
        }
        if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest.trim_start();
            let inner = self.or()?;
            self.rest = self
                .rest
                .strip_prefix(')')
                .ok_or("Syntax error: a parenthesis is not closed.")?
                .trim_start();
            return Ok(inner);
        }
        let text = self.quoted()?;
        let (property, value) = text
            .split_once(':')
            .ok_or("The search clause must have the form \"property:text\".")?;
        Ok(Search::Clause(
            property.trim().to_string(),
            value.trim().to_string(),
        ))
    }

    /// The inside of a leading `"…"`, in which `\"` and `\\` stand for themselves.
    fn quoted(&mut self) -> Result<String, String> {
        let unquoted =
            "Syntax error: character ':' is not valid: the search clause must be in double quotes.";
        let mut chars = self.rest.strip_prefix('"').ok_or(unquoted)?.char_indices();
        let mut out = String::new();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = self.rest[at + 2..].trim_start();
                    return Ok(out);
                }
                '\\' => out.extend(chars.next().map(|(_, c)| c)),
                _ => out.push(c),
            }
        }
        Err("Syntax error: the search clause has no closing quote.".into())
    }

    fn word(&mut self, word: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(word) else {
            return false;
        };
        self.rest = rest.trim_start();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar() {
        assert!(matches!(
            parse("\"displayName:wa\" AND \"mail:ad\" OR \"mail:x\""),
            Ok(Search::Or(..))
        ));
        assert_eq!(
            parse("\"displayName:a\\\"b\""),
            Ok(Search::Clause("displayName".into(), "a\"b".into()))
        );
        for text in [
            "displayName:wa",
            "\"displayName\"",
            "\"a:b\" and \"c:d\"",
            "(\"a:b\"",
            "\"a:b",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn words_begin() {
        assert!(words_found("Adele Vance", "van ad"));
        assert!(!words_found("Adele Vance", "ance"));
    }
}
