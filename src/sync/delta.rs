//! A table that Graph tells the changes of: each round goes on from the token of the one before.

use std::collections::HashMap;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row};

use super::apply::{Wholeness, parent_column};
use super::full::scope;
use super::stage::{self, names, places, values};
use super::{Done, Sync, copy};
use crate::catalog::Table;
use crate::catalog::changes::{Changes, Parent};
use crate::error::{Error, Kind, Result};
use crate::scan::is_expired;
use crate::sqlite::entries::quoted;

/// What precedes the columns of the table in the stage.
const LINE: &str = "seq INTEGER PRIMARY KEY, parent TEXT, change TEXT, properties TEXT, ";
pub(super) const FURTHER: usize = 4;

/// A parent whose changes were read, or nothing where there are none.
pub(super) struct Part {
    pub parent: Option<String>,
    token: String,
    /// Everything was told, so that what was not told is gone.
    pub is_whole: bool,
}

impl Sync {
    /// A round of changes.
    pub(super) fn by_changes(
        &self,
        changes: &'static Changes,
        mailbox: Option<&str>,
    ) -> Result<Done> {
        let table = changes.table;
        let tokens = self
            .tokens(table, mailbox)
            .map_err(|error| copy::trouble(&error))?;
        let parents: Vec<Option<String>> = match changes.parent {
            Some(parent) if parent.sole => match self.sole_parent(changes, mailbox, &tokens)? {
                Some(sole) => vec![Some(sole)],
                // Without a row nobody knows whose children are to be asked for.
                None => return self.whole(table, mailbox),
            },
            Some(Parent { all: Some(all), .. }) => {
                self.parents(all, mailbox)?.into_iter().map(Some).collect()
            }
            _ => vec![None],
        };
        stage::make(&self.copy, table, LINE)
            .and_then(|()| {
                self.copy.execute_batch(&format!(
                    "CREATE INDEX temp.stage_key ON stage({})",
                    quoted(table.key)
                ))
            })
            .map_err(|error| copy::trouble(&error))?;
        let parts = self.read_changes(changes, mailbox, parents, &tokens)?;
        let apply = || -> rusqlite::Result<Done> {
            let transaction = copy::begin(&self.copy)?;
            let done = self.apply(changes, mailbox, &parts)?;
            self.keep_tokens(table, mailbox, &parts)?;
            self.note_success(table, mailbox, &done)?;
            transaction.commit()?;
            Ok(done)
        };
        apply().map_err(|error| copy::trouble(&error))
    }

    /// The changes of each parent, into the stage.
    fn read_changes(
        &self,
        changes: &'static Changes,
        mailbox: Option<&str>,
        parents: Vec<Option<String>>,
        tokens: &HashMap<String, String>,
    ) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        for parent in parents {
            let token = tokens.get(parent.as_deref().unwrap_or("")).cloned();
            let part = match self.read_part(changes, mailbox, parent.clone(), token.clone()) {
                // Told from the start again, with everything that is there.
                Err(error) if token.is_some() && is_expired(&error) => {
                    self.unstage(parent.as_deref())?;
                    self.read_part(changes, mailbox, parent, None)
                }
                // It went away since it was listed.
                Err(error) if parent.is_some() && error.kind == Kind::NotFound => continue,
                outcome => outcome,
            };
            parts.push(part?);
        }
        Ok(parts)
    }

    /// The only parent of a table's rows: of the round before, or as any row names it; there may be none.
    fn sole_parent(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        tokens: &HashMap<String, String>,
    ) -> Result<Option<String>> {
        if let Some(known) = tokens.keys().next() {
            return Ok(Some(known.clone()));
        }
        let Some(column) = parent_column(changes) else {
            return Ok(None);
        };
        let table = changes.table;
        let sql = format!(
            "SELECT {column} FROM {} WHERE {} LIMIT 1",
            table.name,
            scope(table, mailbox)
        );
        Ok(self.live.texts(&sql, [])?.into_iter().next())
    }

    /// The keys of all parents: of the copy, where it has just been brought up to date.
    fn parents(&self, all: &Table, mailbox: Option<&str>) -> Result<Vec<String>> {
        let unit = (all.name, mailbox.unwrap_or("").to_owned());
        let source = match self.fresh.borrow().contains(&unit) {
            true => &self.copy,
            false => &self.live.connection,
        };
        let key = quoted(all.key);
        let sql = match mailbox {
            Some(_) => format!("SELECT {key} FROM {} WHERE \"UserId\" = ?1", all.name),
            None => format!("SELECT {key} FROM {}", all.name),
        };
        let mut statement = source
            .prepare(&sql)
            .map_err(|error| self.live.error(error))?;
        statement
            .query_map(rusqlite::params_from_iter(mailbox), |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(|error| self.live.error(error))
    }

    /// What was staged of a parent is of a round that begins anew.
    fn unstage(&self, parent: Option<&str>) -> Result<()> {
        self.copy
            .execute("DELETE FROM temp.stage WHERE parent IS ?1", [parent])
            .map(drop)
            .map_err(|error| copy::trouble(&error))
    }

    fn read_part(
        &self,
        changes: &'static Changes,
        mailbox: Option<&str>,
        parent: Option<String>,
        token: Option<String>,
    ) -> Result<Part> {
        let is_whole = token.is_none();
        let table = changes.table;
        let trouble = |error: rusqlite::Error| copy::trouble(&error);
        let mut insert = self
            .copy
            .prepare(&format!(
                "INSERT INTO temp.stage VALUES (NULL, {})",
                places(FURTHER - 1 + names(table).len())
            ))
            .map_err(trouble)?;
        let (sql, parameters) = question(changes, mailbox, parent.as_deref(), token);
        let mut statement = self
            .live
            .connection
            .prepare(&sql)
            .map_err(|error| self.live.error(error))?;
        let mut rows = statement
            .query(rusqlite::params_from_iter(parameters))
            .map_err(|error| self.live.error(error))?;
        let mut next = None;
        let mut wholeness = Wholeness::of(changes);
        let count = copy::columns(table).len();
        while let Some(row) = rows.next().map_err(|error| self.live.error(error))? {
            let line = Line::of(row, count).map_err(|error| self.live.error(error))?;
            if line.change == "end" {
                next = line.token;
                continue;
            }
            let is_part = line.change == "changed" && !wholeness.is_whole(&line.properties);
            let is_news = is_part && !self.is_known(changes, mailbox, &line, is_whole)?;
            let line = match (is_news, is_whole) {
                (false, _) => line,
                // Everything is told: what is absent is not set.
                (true, true) => Line {
                    properties: Value::Null,
                    ..line
                },
                (true, false) => match self.item(table, mailbox, &line)? {
                    Some(whole) => whole,
                    None => continue,
                },
            };
            let mut values = vec![
                parent.clone().map_or(Value::Null, Value::Text),
                Value::Text(line.change),
                line.properties,
            ];
            values.extend(line.values);
            insert
                .execute(rusqlite::params_from_iter(values))
                .map_err(trouble)?;
        }
        let token = next
            .ok_or_else(|| Error::new(Kind::Malformed, "the round has no end").on(changes.name))?;
        Ok(Part {
            parent,
            token,
            is_whole,
        })
    }

    /// Whether the row is there that a line tells a part of: in the stage, or in the copy, whose rows count for
    /// nothing where everything is told anew.
    fn is_known(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        line: &Line,
        anew: bool,
    ) -> Result<bool> {
        let table = changes.table;
        let key = quoted(table.key);
        let mut sql = format!(
            "SELECT EXISTS (SELECT 1 FROM temp.stage WHERE {key} = ?1 AND change = 'changed')"
        );
        if !anew {
            sql.push_str(&format!(
                " OR EXISTS (SELECT 1 FROM main.{} WHERE {} AND {key} = ?1)",
                table.name,
                scope(table, mailbox)
            ));
        }
        self.copy
            .prepare(&sql)
            .and_then(|mut statement| statement.query_row([&line.id], |row| row.get(0)))
            .map_err(|error| copy::trouble(&error))
    }

    /// A row as the live table has it, where a line tells a part of it only.
    fn item(&self, table: &Table, mailbox: Option<&str>, line: &Line) -> Result<Option<Line>> {
        let names = names(table);
        let user = mailbox.map_or(String::new(), |mailbox| {
            format!(" AND \"UserId\" = '{}'", mailbox.replace('\'', "''"))
        });
        let sql = format!(
            "SELECT {} FROM {} WHERE {} = ?1{user}",
            names.join(", "),
            table.name,
            quoted(table.key)
        );
        let found = self
            .live
            .connection
            .query_row(&sql, [&line.id], |row| values(row, 0, names.len()))
            .optional()
            .map_err(|error| self.live.error(error))?;
        Ok(found.map(|values| Line {
            change: "changed".to_owned(),
            properties: Value::Null,
            token: None,
            id: line.id.clone(),
            values,
        }))
    }

    fn tokens(
        &self,
        table: &Table,
        mailbox: Option<&str>,
    ) -> rusqlite::Result<HashMap<String, String>> {
        self.copy
            .prepare(
                "SELECT parent, token FROM o365_sync_tokens WHERE \"table\" = ?1 AND mailbox = ?2",
            )?
            .query_map([table.name, mailbox.unwrap_or("")], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect()
    }

    fn keep_tokens(
        &self,
        table: &Table,
        mailbox: Option<&str>,
        parts: &[Part],
    ) -> rusqlite::Result<()> {
        let mailbox = mailbox.unwrap_or("");
        self.copy.execute(
            "DELETE FROM o365_sync_tokens WHERE \"table\" = ?1 AND mailbox = ?2",
            [table.name, mailbox],
        )?;
        let mut insert = self
            .copy
            .prepare("INSERT INTO o365_sync_tokens VALUES (?1, ?2, ?3, ?4)")?;
        for part in parts {
            let parent = part.parent.as_deref().unwrap_or("");
            insert.execute([table.name, mailbox, parent, &part.token])?;
        }
        Ok(())
    }
}

/// The columns of the table that its changes tell, as SQL gives them; NULL for those they do not.
fn question(
    changes: &Changes,
    mailbox: Option<&str>,
    parent: Option<&str>,
    token: Option<String>,
) -> (String, Vec<Value>) {
    let table = changes.table;
    let told = changes.columns();
    let wanted: Vec<String> = copy::columns(table)
        .into_iter()
        .map(|position| {
            let name = table.columns[position].name();
            let is_input = name == "UserId" && changes.has_owner()
                || changes.parent.is_some_and(|parent| parent.name == name);
            // An input that a property of each row names.
            let known = table.columns[position].known;
            let named = known.and_then(|path| table.property(path));
            match (told.contains(&position) || is_input, named) {
                (true, _) => quoted(&name),
                (false, Some(named)) if told.contains(&named) => {
                    quoted(&table.columns[named].name())
                }
                (false, _) => "NULL".to_owned(),
            }
        })
        .collect();
    let mut parameters = vec![token.map_or(Value::Null, Value::Text)];
    let mut terms = vec!["since = ?1".to_owned()];
    if parameters[0] == Value::Null {
        terms.clear();
        parameters.clear();
    }
    let mut add = |name: &str, value: &str| {
        parameters.push(Value::Text(value.to_owned()));
        terms.push(format!("{} = ?{}", quoted(name), parameters.len()));
    };
    if let (true, Some(mailbox)) = (changes.has_owner(), mailbox) {
        add("UserId", mailbox);
    }
    if let (Some(known), Some(parent)) = (changes.parent, parent) {
        add(known.name, parent);
    }
    let filter = match terms.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", terms.join(" AND ")),
    };
    let sql = format!(
        "SELECT change, properties, token, {}, {} FROM {}{filter}",
        quoted(table.key),
        wanted.join(", "),
        changes.name
    );
    (sql, parameters)
}

/// One line of an answer.
struct Line {
    change: String,
    properties: Value,
    token: Option<String>,
    id: Value,
    values: Vec<Value>,
}

impl Line {
    fn of(row: &Row<'_>, count: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            change: row.get(0)?,
            properties: row.get(1)?,
            token: row.get(2)?,
            id: row.get(3)?,
            values: values(row, 4, count)?,
        })
    }
}
