//! What Tab offers: decided from the text and a list of names, without asking the database.

use super::modes::{self, KEYWORDS};
use super::{dot, names};
use crate::procs;
use rusqlite::Connection;

/// The names that may be completed.
#[derive(Default)]
pub struct Names {
    /// Each table with its columns.
    pub tables: Vec<(String, Vec<String>)>,
    /// Functions that SQL may call.
    pub functions: Vec<String>,
}

impl Names {
    /// The names that a connection has now.
    ///
    /// # Errors
    /// SQLite's, when the schema cannot be read.
    pub fn of(db: &Connection) -> rusqlite::Result<Self> {
        let tables = names::tables(db)?
            .into_iter()
            .map(|table| {
                // A view over something that is gone has no columns to offer.
                let columns = names::columns(db, &table).unwrap_or_default();
                (table, columns)
            })
            .collect();
        Ok(Self {
            tables,
            functions: names::functions(db)?,
        })
    }

    fn has_table(&self, table: &str) -> bool {
        self.tables
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(table))
    }

    fn columns(&self, table: &str) -> impl Iterator<Item = &str> {
        self.tables
            .iter()
            .filter(move |(name, _)| name.eq_ignore_ascii_case(table))
            .flat_map(|(_, columns)| columns.iter().map(String::as_str))
    }
}

/// Where the word before the cursor begins, and what it may become.
pub fn complete(text: &str, cursor: usize, names: &Names) -> (usize, Vec<String>) {
    let before = text.get(..cursor).unwrap_or(text);
    if before.starts_with(['.', '\\']) {
        return complete_command(before, names);
    }
    let start = before.rfind(|each: char| !is_word(each)).map_or(0, |at| {
        at + before[at..].chars().next().map_or(1, char::len_utf8)
    });
    let word = &before[start..];
    if let Some(found) = in_exec(&before[..start], word) {
        return (start, found);
    }
    if let Some(owner) = before[..start].strip_suffix('.') {
        let owner = last_word(owner);
        let table = table_of_alias(text, owner).unwrap_or(owner);
        return (start, matching(word, names.columns(table)));
    }
    if word.is_empty() && !after_table_keyword(&before[..start]) {
        return (start, Vec::new());
    }
    let tables = names.tables.iter().map(|(name, _)| name.as_str());
    if after_table_keyword(&before[..start]) {
        return (start, matching(word, tables));
    }
    let mentioned: Vec<&str> = words(text).collect();
    let columns = mentioned.iter().flat_map(|word| names.columns(word));
    let mut found = matching(word, columns);
    if !mentioned.iter().any(|word| names.has_table(word)) {
        // SELECT comes before FROM: any table may follow.
        let columns = names.tables.iter().flat_map(|(_, columns)| columns);
        found.extend(matching(word, columns.map(String::as_str)));
    }
    found.extend(matching(word, tables));
    let functions = matching(word, names.functions.iter().map(String::as_str));
    found.extend(functions.into_iter().map(|name| format!("{name}(")));
    let lower = word.starts_with(|first: char| first.is_ascii_lowercase());
    found.extend(
        matching(word, KEYWORDS.split(' '))
            .into_iter()
            .map(|keyword| {
                if lower {
                    keyword.to_ascii_lowercase()
                } else {
                    keyword
                }
            }),
    );
    let mut seen = std::collections::HashSet::new();
    found.retain(|name| seen.insert(name.clone()));
    // What begins as it was typed: reports have columns that differ from Graph's in capitals alone, and
    // among both no letter more could be offered.
    if found.iter().any(|name| name.starts_with(word)) {
        found.retain(|name| name.starts_with(word));
    }
    (start, found)
}

/// What may follow in a call: a procedure behind EXEC, its parameters behind its name and behind commas.
fn in_exec(before: &str, word: &str) -> Option<Vec<String>> {
    let statement = before.rsplit(';').next()?.trim_start();
    let (keyword, rest) = statement.split_once(char::is_whitespace)?;
    if !["exec", "execute"]
        .iter()
        .any(|each| keyword.eq_ignore_ascii_case(each))
    {
        return None;
    }
    let Some((name, given)) = rest.trim_start().split_once(char::is_whitespace) else {
        let names = procs::ALL.iter().map(|procedure| procedure.name);
        return Some(matching(word, names));
    };
    let is_place = given.trim().is_empty() || given.trim_end().ends_with(',');
    let procedure = procs::procedure(name).filter(|_| is_place)?;
    let parameters = procedure.parameters.iter().map(|parameter| parameter.name);
    let is_new = |name: &String| !words(given).any(|word| word.eq_ignore_ascii_case(name));
    let found = matching(word, parameters).into_iter().filter(is_new);
    Some(found.map(|name| format!("{name} = ")).collect())
}

fn complete_command(before: &str, names: &Names) -> (usize, Vec<String>) {
    let Some(space) = before.find(char::is_whitespace) else {
        let commands = dot::all()
            .flat_map(|command| command.aliases.iter().copied().chain([command.name]))
            .filter(|name| name.starts_with(before));
        let mut found: Vec<String> = commands.map(str::to_owned).collect();
        found.sort_unstable();
        return (0, found);
    };
    let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let word = &before[start..];
    let found = match &before[..space] {
        ".mode" => matching(word, modes::MODES.iter().map(|mode| mode.name)),
        ".help" => matching(word, dot::all().map(|command| command.name)),
        ".plan" => {
            // The statement behind it completes like any other.
            let behind = space + 1;
            let (start, found) = complete(&before[behind..], before.len() - behind, names);
            return (behind + start, found);
        }
        _ => matching(word, names.tables.iter().map(|(name, _)| name.as_str())),
    };
    (start, found)
}

/// Names that begin so, whatever their case.
fn matching<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names
        .filter(|name| {
            name.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        })
        .map(str::to_owned)
        .collect()
}

/// A table is expected here.
fn after_table_keyword(before: &str) -> bool {
    let keyword = last_word(before.trim_end());
    before.ends_with(char::is_whitespace)
        && ["from", "join", "into", "update", "table"]
            .iter()
            .any(|each| keyword.eq_ignore_ascii_case(each))
}

/// `FROM Messages m` and `JOIN Messages AS m` give `m` its table.
fn table_of_alias<'a>(text: &'a str, alias: &str) -> Option<&'a str> {
    let words: Vec<&str> = words(text).collect();
    let at = |index: usize| words.get(index).copied().unwrap_or_default();
    (0..words.len())
        .filter(|&index| {
            at(index).eq_ignore_ascii_case("from") || at(index).eq_ignore_ascii_case("join")
        })
        .find_map(|index| {
            let named = if at(index + 2).eq_ignore_ascii_case("as") {
                at(index + 3)
            } else {
                at(index + 2)
            };
            named.eq_ignore_ascii_case(alias).then(|| at(index + 1))
        })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|each: char| !is_word(each))
        .filter(|word| !word.is_empty())
}

fn last_word(text: &str) -> &str {
    text.rsplit(|each: char| !is_word(each))
        .next()
        .unwrap_or_default()
}

fn is_word(each: char) -> bool {
    each.is_alphanumeric() || each == '_'
}

#[cfg(test)]
mod tests {
    use super::{Names, complete};

    fn names() -> Names {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Names {
            tables: vec![
                (
                    "Messages".to_owned(),
                    columns(&["subject", "sender_name", "isRead"]),
                ),
                ("Users".to_owned(), columns(&["displayName", "mail"])),
            ],
            functions: vec!["substr".to_owned(), "o365_version".to_owned()],
        }
    }

    fn offered(text: &str) -> Vec<String> {
        complete(text, text.len(), &names()).1
    }

    #[test]
    fn tables_after_from_and_join() {
        assert_eq!(offered("SELECT * FROM me"), ["Messages"]);
        assert_eq!(offered("SELECT * FROM "), ["Messages", "Users"]);
        assert_eq!(offered("select 1 from Users u join U"), ["Users"]);
    }

    #[test]
    fn procedures_after_exec_and_then_their_parameters() {
        assert_eq!(offered("EXEC Mov"), ["MoveMail", "MoveFile"]);
        assert_eq!(
            offered("SELECT 1; exec MoveMail "),
            ["MessageId = ", "DestinationId = ", "UserId = "]
        );
        assert_eq!(
            offered("EXEC MoveMail MessageId = 'x', d"),
            ["DestinationId = "]
        );
        // Behind an equals sign stands any expression.
        let value = offered("EXEC MoveMail MessageId = (SELECT id FROM M");
        assert_eq!(value, ["Messages"]);
        assert_eq!(offered("SELECT exec"), [""; 0]);
    }

    #[test]
    fn columns_of_the_tables_in_the_statement() {
        let text = "SELECT s FROM Messages";
        let (start, found) = complete(text, 8, &names());
        assert_eq!(start, 7);
        assert_eq!(
            &found[..4],
            ["subject", "sender_name", "substr(", "savepoint"]
        );
        assert_eq!(
            offered("SELECT mail FROM Users WHERE display"),
            ["displayName"]
        );
    }

    #[test]
    fn columns_of_every_table_before_one_is_named() {
        assert_eq!(offered("SELECT dis"), ["displayName", "distinct"]);
    }

    #[test]
    fn columns_of_an_alias() {
        let text = "SELECT m. FROM Messages AS m JOIN Users u";
        assert_eq!(
            complete(text, 9, &names()),
            (
                9,
                vec![
                    "subject".to_owned(),
                    "sender_name".to_owned(),
                    "isRead".to_owned()
                ]
            )
        );
        assert_eq!(offered("SELECT 1 FROM Users u WHERE u.d"), ["displayName"]);
    }

    #[test]
    fn keywords_keep_the_case_that_was_begun() {
        assert_eq!(offered("SELECT 1 WHE"), ["WHEN", "WHERE"]);
        assert_eq!(offered("select 1 whe"), ["when", "where"]);
    }

    #[test]
    fn commands_and_their_arguments() {
        assert_eq!(offered(".ti"), [".timer", ".timing"]);
        assert_eq!(offered(".mode js"), ["json", "jsonl"]);
        assert_eq!(offered(".schema U"), ["Users"]);
        assert_eq!(offered("\\d Mes"), ["Messages"]);
        assert_eq!(offered(".plan SELECT 1 FROM Us"), ["Users"]);
    }
}
