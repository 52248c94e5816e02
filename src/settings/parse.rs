//! Reads a connection string: what was said, not yet what it means.

use std::collections::BTreeMap;

use super::{IGNORED, PROPERTIES, Property, Said};
use crate::error::{Error, Result};

/// A parsed connection string, and notes about what was accepted without effect.
pub struct Parsed {
    /// The properties.
    pub said: Said,
    /// Sentences for the user.
    pub notes: Vec<String>,
}

/// Reads `Key=Value;Key=Value`, with ODBC's quoting: a value in braces, or in single or double quotes,
/// may hold semicolons; the closing sign is doubled inside.
///
/// # Errors
/// An unknown key, naming the nearest one; an unfinished quote; a key given twice with two values.
pub fn parse(text: &str) -> Result<Parsed> {
    let mut said = BTreeMap::new();
    let mut notes = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
        if rest.is_empty() {
            break;
        }
        let Some((key, behind)) = rest.split_once('=') else {
            return Err(Error::usage(format!(
                "the connection string has `{}` where Key=Value is expected",
                shorten(rest)
            ))
            .next("write properties as Key=Value, separated by semicolons"));
        };
        let (value, behind) = take_value(behind)?;
        rest = behind;
        match canonical(key.trim())? {
            Some(property) => {
                said.insert(property.name, value);
            }
            None => notes.push(format!("{} has no meaning here and is ignored", key.trim())),
        }
    }
    Ok(Parsed {
        said: Said(said),
        notes,
    })
}

/// The property of a name in any spelling; `None` for one that means nothing here.
///
/// # Errors
/// A name that nobody knows, with the nearest one.
pub fn canonical(key: &str) -> Result<Option<&'static Property>> {
    let same = |name: &&str| name.eq_ignore_ascii_case(key);
    let found = PROPERTIES
        .iter()
        .find(|property| same(&property.name) || property.aliases.iter().any(same));
    if found.is_some() || IGNORED.iter().any(same) {
        return Ok(found);
    }
    let names = PROPERTIES.iter().map(|property| property.name);
    let nearest = nearest(key, names).unwrap_or("AuthScheme");
    Err(
        Error::usage(format!("unknown connection property `{}`", shorten(key)))
            .next(format!("did you mean {nearest}?")),
    )
}

/// The value at the start of the text and what follows its semicolon.
fn take_value(text: &str) -> Result<(String, &str)> {
    let text = text.trim_start();
    let close = match text.chars().next() {
        Some('{') => '}',
        Some(quote @ ('\'' | '"')) => quote,
        _ => {
            let (value, rest) = text.split_once(';').unwrap_or((text, ""));
            return Ok((value.trim_end().to_owned(), rest));
        }
    };
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((position, letter)) = letters.next() {
        if letter != close {
            value.push(letter);
        } else if letters.peek().is_some_and(|(_, next)| *next == close) {
            value.push(close);
            letters.next();
        } else {
            let rest = text[position + close.len_utf8()..].trim_start();
            return match rest.strip_prefix(';') {
                Some(rest) => Ok((value, rest)),
                None if rest.is_empty() => Ok((value, rest)),
                None => Err(
                    Error::usage("text follows a quoted value in the connection string")
                        .next("put a semicolon between properties"),
                ),
            };
        }
    }
    Err(
        Error::usage("a quoted value in the connection string has no end")
            .next(format!("close it with {close}")),
    )
}

/// Secrets must not reach an error by way of a mistyped string.
pub(super) fn shorten(text: &str) -> String {
    text.chars().take(24).collect()
}

/// The name with the fewest single-letter changes to `key`.
pub fn nearest<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let key = key.to_ascii_lowercase();
    names.min_by_key(|name| distance(&key, &name.to_ascii_lowercase()))
}

/// Levenshtein's distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[right.len()]
}
