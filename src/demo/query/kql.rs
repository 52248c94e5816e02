//! KQL as `$search` on messages takes it: words, phrases, `key:value`, AND, OR, NOT and parentheses (FACTS 2.3).

use super::search::words;
use crate::demo::time;

/// A parsed search.
#[derive(Debug, Clone, PartialEq)]
pub enum Kql {
    /// A word or phrase anywhere; the flag asks for a word beginning only.
    Text(Vec<String>, bool),
    /// `key:value`
    Key(String, String),
    /// All of them.
    And(Vec<Kql>),
    /// One of them.
    Or(Vec<Kql>),
    /// The contrary.
    Not(Box<Kql>),
}

/// What a search looks at.
pub struct Searchable {
    /// Texts by key: from, to, cc, bcc, subject, body, attachment, importance, kind.
    pub texts: Vec<(&'static str, String)>,
    /// When it was received, sent.
    pub received: i64,
    /// Bytes.
    pub size: i64,
    /// Has attachments.
    pub attachments: bool,
}

const KEYS: &[&str] = &[
    "attachment",
    "bcc",
    "body",
    "cc",
    "from",
    "hasattachment",
    "hasattachments",
    "importance",
    "kind",
    "participants",
    "received",
    "recipients",
    "sent",
    "size",
    "subject",
    "to",
];

/// Reads the option's value, which must stand in double quotes.
pub fn parse(text: &str) -> Result<Kql, String> {
    let inner = text
        .trim()
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .ok_or("The $search value must be in double quotes.")?;
    let unescaped = inner.replace("\\\"", "\"").replace("\\\\", "\\");
    let mut reader = Reader {
        tokens: tokens(&unescaped),
        at: 0,
        depth: 0,
    };
    let kql = reader.or()?;
    if reader.at == reader.tokens.len() {
        Ok(kql)
    } else {
        Err(format!("Syntax error in the search '{inner}'."))
    }
}

/// True when the search finds the item.
pub fn finds(kql: &Kql, item: &Searchable) -> bool {
    match kql {
        Kql::And(parts) => parts.iter().all(|part| finds(part, item)),
        Kql::Or(parts) => parts.iter().any(|part| finds(part, item)),
        Kql::Not(inner) => !finds(inner, item),
        Kql::Text(phrase, prefix) => ["subject", "body", "from"]
            .iter()
            .any(|key| in_key(item, key, phrase, *prefix)),
        Kql::Key(key, value) => key_finds(key, value, item),
    }
}

fn key_finds(key: &str, value: &str, item: &Searchable) -> bool {
    let people: &[&str] = match key {
        "participants" => &["from", "to", "cc", "bcc"],
        "recipients" => &["to", "cc", "bcc"],
        _ => &[],
    };
    match key {
        "hasattachment" | "hasattachments" => {
            value.eq_ignore_ascii_case("true") == item.attachments
        }
        "received" | "sent" => in_range(value, item.received, day),
        "size" => in_range(value, item.size, |text| {
            text.parse().ok().map(|size| (size, size))
        }),
        _ => {
            let prefix = value.ends_with('*');
            let phrase = words(value);
            let keys = if people.is_empty() {
                std::slice::from_ref(&key)
            } else {
                people
            };
            keys.iter().any(|key| in_key(item, key, &phrase, prefix))
        }
    }
}

fn in_key(item: &Searchable, key: &str, phrase: &[String], prefix: bool) -> bool {
    let texts = item.texts.iter().filter(|(known, _)| *known == key);
    // Words, never parts of words: the reason why LIKE must not become a search.
    texts.into_iter().any(|(_, text)| {
        let have = words(text);
        !phrase.is_empty()
            && have.windows(phrase.len()).any(|window| {
                window
                    .iter()
                    .zip(phrase)
                    .enumerate()
                    .all(|(i, (have, want))| {
                        if prefix && i + 1 == phrase.len() {
                            have.starts_with(want)
                        } else {
                            have == want
                        }
                    })
            })
    })
}

/// `a..b`, `>=a`, `<=b`, `>a`, `<b` or one value; a value is itself a range, such as a day.
fn in_range(text: &str, number: i64, value: fn(&str) -> Option<(i64, i64)>) -> bool {
    if let Some((from, to)) = text.split_once("..") {
        return value(from)
            .zip(value(to))
            .is_some_and(|((from, _), (_, to))| (from..=to).contains(&number));
    }
    for (mark, holds) in [(">=", 0), ("<=", 1), (">", 2), ("<", 3)] {
        if let Some((first, last)) = text.strip_prefix(mark).and_then(value) {
            return [
                number >= first,
                number <= last,
                number > last,
                number < first,
            ][holds];
        }
    }
    value(text).is_some_and(|(first, last)| (first..=last).contains(&number))
}

/// `mm/dd/yyyy` or `yyyy-mm-dd`: the day's first and last tick.
fn day(text: &str) -> Option<(i64, i64)> {
    let mut parts = text.split('/');
    let start = match (parts.next(), parts.next(), parts.next()) {
        (Some(month), Some(day), Some(year)) => {
            time::parse_date(&format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => time::parse_date(text),
    }?;
    Some((start, start + time::DAY - 1))
}

fn tokens(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.push(c);
            }
            ' ' | '(' | ')' if !quoted => {
                out.push(std::mem::take(&mut word));
                if c != ' ' {
                    out.push(c.to_string());
                }
            }
            _ => word.push(c),
        }
    }
    out.push(word);
    out.retain(|token| !token.is_empty());
    out
}

struct Reader {
    tokens: Vec<String>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn or(&mut self) -> Result<Kql, String> {
        let mut parts = vec![self.and()?];
        while self.take("OR") {
            parts.push(self.and()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Kql::Or(parts)
        })
    }

    fn and(&mut self) -> Result<Kql, String> {
        let mut parts = vec![self.term()?];
        loop {
            let joined = self.take("AND");
            let more = self
                .tokens
                .get(self.at)
                .is_some_and(|token| token != "OR" && token != ")");
            if !more {
                return if joined {
                    Err("Syntax error: AND needs a right side.".into())
                } else {
                    Ok(if parts.len() == 1 {
                        parts.remove(0)
                    } else {
                        Kql::And(parts)
                    })
                };
            }
            parts.push(self.term()?);
        }
    }

    fn term(&mut self) -> Result<Kql, String> {
        self.depth += 1;
        if self.depth > 200 {
            return Err("The search is too long.".into());
        }
        if self.take("NOT") {
            return Ok(Kql::Not(Box::new(self.term()?)));
        }
        if self.take("(") {
            let inner = self.or()?;
            return if self.take(")") {
                Ok(inner)
            } else {
                Err("Syntax error: a parenthesis is not closed.".into())
            };
        }
        let token = self
            .tokens
            .get(self.at)
            .cloned()
            .ok_or("The search is empty.")?;
        self.at += 1;
        if let Some((key, value)) = token
            .split_once(':')
            .filter(|(key, _)| KEYS.contains(&key.to_ascii_lowercase().as_str()))
        {
            return Ok(Kql::Key(
                key.to_ascii_lowercase(),
                value.trim_matches('"').to_string(),
            ));
        }
        let phrase = words(&token);
        if phrase.is_empty() {
            Err(format!("Syntax error at '{token}'."))
        } else {
            Ok(Kql::Text(phrase, token.ends_with('*')))
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|token| token == word);
        self.at += usize::from(found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(search: &str) -> bool {
        let item = Searchable {
            texts: vec![
                ("subject", "Budget 2026 plan".into()),
                ("from", "Adele Vance adele@contoso.com".into()),
                ("body", "see attached".into()),
            ],
            received: time::date(2026, 1, 15) + 5,
            size: 2_000,
            attachments: true,
        };
        finds(&parse(search).expect("valid"), &item)
    }

    #[test]
    fn words_keys_and_ranges() {
        for search in [
            "\"budget\"",
            "\"subject:budg*\"",
            "\"from:adele plan\"",
            "\"from:adele@contoso.com\"",
            "\"received:01/15/2026\"",
            "\"received:01/01/2026..01/31/2026\"",
            "\"hasAttachments:true AND NOT subject:invoice\"",
            "\"x OR (budget AND size:1000..3000)\"",
            "\"\\\"budget 2026\\\"\"",
            "\"participants:vance\"",
        ] {
            assert!(hit(search), "{search}");
        }
        for search in [
            "\"budg\"",
            "\"subject:adele\"",
            "\"received:2026-01-16\"",
            "\"size:>2000\"",
            "\"\\\"2026 budget\\\"\"",
        ] {
            assert!(!hit(search), "{search}");
        }
        assert!(parse("budget").is_err());
        assert!(parse("\"\"").is_err());
        assert!(parse("\"a AND\"").is_err());
    }
}
