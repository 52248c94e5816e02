//! Errors for people: a sentence, where in the statement it is, and what to do next.

use rusqlite::{Connection, ErrorCode};
use serde_json::Value;

use super::exit::Exit;
use crate::error::Error;

/// Where the statement came from: the line it begins on, in a script.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The file, or nothing for standard input.
    pub file: Option<&'a str>,
    /// Counted from 1.
    pub line: usize,
}

/// Reports an error that SQLite gave, and says which exit code it means.
pub fn error(db: &Connection, error: &rusqlite::Error, place: Option<Place<'_>>) -> Exit {
    if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) {
        sentence("interrupted", None);
        return Exit::Interrupted;
    }
    let (mut text, mark) = message(error);
    let ours = our_error(db, &text);
    let field = |name: &str| ours.as_ref().and_then(|ours| ours.get(name)?.as_str());
    let next = field("next").map(str::to_owned);
    if let Some(next) = &next {
        let end = text.len() - text.strip_suffix(next.as_str()).map_or(0, |_| next.len());
        text.truncate(end);
        text.truncate(text.trim_end_matches(['.', ' ', ':', ';']).len());
    }
    if let Some(place) = place {
        text = format!("{}: {text}", place.words());
    }
    text.push_str(&mark);
    sentence(&text, next.as_deref());
    field("kind").map_or(Exit::Failed, Exit::of_kind)
}

/// Writes `Error: …` and the next step below it.
pub fn sentence(text: &str, next: Option<&str>) {
    eprintln!("Error: {text}");
    if let Some(next) = next {
        eprintln!("  {next}");
    }
}

/// Reports an error of the engine.
pub fn ours(error: &Error) {
    let without_next = Error {
        next: None,
        ..error.clone()
    };
    sentence(&without_next.to_string(), error.next.as_deref());
}

impl Place<'_> {
    fn words(self) -> String {
        match self.file {
            Some(file) => format!("near line {} of {file}", self.line),
            None => format!("near line {}", self.line),
        }
    }
}

/// SQLite's sentence, and the lines that point into the statement where it knows the place.
fn message(error: &rusqlite::Error) -> (String, String) {
    match error {
        rusqlite::Error::SqlInputError {
            msg, sql, offset, ..
        } => {
            let offset = usize::try_from(*offset).unwrap_or_default();
            (msg.clone(), pointer(sql, offset).unwrap_or_default())
        }
        rusqlite::Error::SqliteFailure(_, Some(text)) => (text.clone(), String::new()),
        other => (other.to_string(), String::new()),
    }
}

/// The statement on one line with an arrow below, as the sqlite3 shell draws it.
fn pointer(sql: &str, offset: usize) -> Option<String> {
    let before = sql.get(..offset)?;
    if offset >= sql.len() {
        return None;
    }
    // Fifty bytes before the place and 78 in all.
    let mut start = offset.saturating_sub(50);
    while !sql.is_char_boundary(start) {
        start += 1;
    }
    let mut end = sql.len().min(start + 78);
    while !sql.is_char_boundary(end) {
        end -= 1;
    }
    let shown: String = sql[start..end]
        .chars()
        .map(|each| {
            if each.is_ascii_whitespace() {
                ' '
            } else {
                each
            }
        })
        .collect();
    let indent = before[start..].chars().count();
    Some(if indent < 25 {
        format!("\n  {shown}\n  {:indent$}^--- error here", "")
    } else {
        format!("\n  {shown}\n  {:1$}error here ---^", "", indent - 14)
    })
}

/// What `o365_last_error()` says, if it is about this very message.
fn our_error(db: &Connection, message: &str) -> Option<Value> {
    let text: String = db
        .query_row("SELECT o365_last_error()", [], |row| row.get(0))
        .ok()?;
    let ours: Value = serde_json::from_str(&text).ok()?;
    let sentence = ours.get("sentence")?.as_str()?;
    message.contains(sentence).then_some(ours)
}

#[cfg(test)]
mod tests {
    use super::pointer;

    #[test]
    fn the_arrow_points_at_the_place() {
        assert_eq!(
            pointer("select\n nosuch", 8).as_deref(),
            Some("\n  select  nosuch\n          ^--- error here")
        );
        assert_eq!(
            pointer("select 1, 2, 3, 4, 5, 6, nosuch", 25).as_deref(),
            Some("\n  select 1, 2, 3, 4, 5, 6, nosuch\n             error here ---^")
        );
        assert_eq!(pointer("select", 6), None);
    }
}
