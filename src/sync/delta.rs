//! A table that Graph tells the changes of: each round goes on from the token of the one before.

use std::collections::{HashMap, HashSet};

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row};

use super::full::scope;
use super::stage::{self, names, places, values};
use super::{Done, Method, Sync, copy};
use crate::catalog::changes::Changes;
use crate::catalog::{Column, Source, Table};
use crate::error::{Error, Kind, Result};
use crate::odata::path_segment;
use crate::scan::is_expired;
use crate::sqlite::entries::quoted;

/// What precedes the columns of the table in the stage.
const LINE: &str = "seq INTEGER PRIMARY KEY, parent TEXT, change TEXT, properties TEXT, ";
const FURTHER: usize = 4;

/// A parent whose changes were read, or nothing where there are none.
struct Part {
    parent: Option<String>,
    token: String,
    /// Everything was told, so that what was not told is gone.
    is_whole: bool,
}

impl Sync {
    /// A round of changes.
    pub(super) fn by_changes(
        &self,
        changes: &'static Changes,
        mailbox: Option<&str>,
    ) -> Result<Done> {
        let table = changes.table;
        stage::make(&self.copy, table, LINE).map_err(|error| copy::trouble(&error))?;
        let parts = self.read_changes(changes, mailbox)?;
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
    fn read_changes(&self, changes: &'static Changes, mailbox: Option<&str>) -> Result<Vec<Part>> {
        let tokens = self
            .tokens(changes.table, mailbox)
            .map_err(|error| copy::trouble(&error))?;
        let parents: Vec<Option<String>> = match changes.parent.and_then(|parent| parent.all) {
            None => vec![None],
            Some(all) => self.parents(all, mailbox)?.into_iter().map(Some).collect(),
        };
        let mut parts = Vec::new();
        for parent in parents {
            let token = tokens.get(parent.as_deref().unwrap_or("")).cloned();
            let part = match self.read_part(changes, mailbox, parent.clone(), token.clone()) {
                // Told from the start again, with everything that is there.
                Err(error) if token.is_some() && is_expired(&error) => {
                    self.forget(parent.as_deref())?;
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

    /// The keys of all parents: of the copy, where it has just been brought up to date.
    fn parents(&self, all: &Table, mailbox: Option<&str>) -> Result<Vec<String>> {
        let unit = (all.name, mailbox.unwrap_or("").to_owned());
        let source = match self.fresh.borrow().contains(&unit) {
            true => &self.copy,
            false => &self.live,
        };
        let key = quoted(all.key);
        let sql = match mailbox {
            Some(_) => format!("SELECT {key} FROM {} WHERE \"UserId\" = ?1", all.name),
            None => format!("SELECT {key} FROM {}", all.name),
        };
        let mut statement = source.prepare(&sql).map_err(|error| self.error(error))?;
        statement
            .query_map(rusqlite::params_from_iter(mailbox), |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(|error| self.error(error))
    }

    /// What was staged of a parent is of a round that begins anew.
    fn forget(&self, parent: Option<&str>) -> Result<()> {
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
        let mut statement = self.live.prepare(&sql).map_err(|error| self.error(error))?;
        let mut rows = statement
            .query(rusqlite::params_from_iter(parameters))
            .map_err(|error| self.error(error))?;
        let mut next = None;
        while let Some(row) = rows.next().map_err(|error| self.error(error))? {
            let line = Line::of(changes, row).map_err(|error| self.error(error))?;
            if line.change == "end" {
                next = line.token;
                continue;
            }
            let line = match self.is_part_of_nothing(changes, mailbox, &line)? {
                true => match self.item(table, mailbox, &line)? {
                    Some(whole) => whole,
                    None => continue,
                },
                false => line,
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

    /// Whether a line tells some properties of a row that neither the copy nor the stage has.
    fn is_part_of_nothing(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        line: &Line,
    ) -> Result<bool> {
        if line.change != "changed" || line.is_whole(changes) {
            return Ok(false);
        }
        let table = changes.table;
        let key = quoted(table.key);
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM main.{0} WHERE {1} AND {key} = ?1)
                 OR EXISTS (SELECT 1 FROM temp.stage WHERE {key} = ?1 AND change = 'changed')",
            table.name,
            scope(table, mailbox)
        );
        self.copy
            .query_row(&sql, [&line.id], |row| row.get(0))
            .map(|is_known: bool| !is_known)
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
            .query_row(&sql, [&line.id], |row| values(row, 0, names.len()))
            .optional()
            .map_err(|error| self.error(error))?;
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

    /// Brings the copy to what was told.
    fn apply(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        parts: &[Part],
    ) -> rusqlite::Result<Done> {
        let table = changes.table;
        let scope = scope(table, mailbox);
        let count = format!("SELECT count(*) FROM main.{} WHERE {scope}", table.name);
        let before: i64 = self.copy.query_row(&count, [], |row| row.get(0))?;
        self.copy.execute_batch(&format!(
            "CREATE INDEX temp.stage_key ON stage({})",
            quoted(table.key)
        ))?;
        let written = Writer::new(&self.copy, changes)?.write()?;
        let mut removed = self.remove_told(changes, mailbox)?;
        for part in parts.iter().filter(|part| part.is_whole) {
            removed += self.remove_untold(changes, mailbox, part)?;
        }
        removed += self.remove_orphans(changes, mailbox, parts)?;
        self.name_paths(table, mailbox)?;
        let rows: i64 = self.copy.query_row(&count, [], |row| row.get(0))?;
        let added = rows - (before - removed);
        Ok(Done {
            method: Method::Delta,
            rows,
            added,
            changed: (written - added).max(0),
            removed,
        })
    }

    /// Removes what the last line of a parent says is gone from it.
    fn remove_told(&self, changes: &Changes, mailbox: Option<&str>) -> rusqlite::Result<i64> {
        let table = changes.table;
        let (key, own) = (quoted(table.key), table.name);
        let of_parent = parent_column(changes).map_or(String::new(), |column| {
            format!(" AND ({column} IS s.parent OR s.parent IS NULL)")
        });
        let sql = format!(
            "DELETE FROM main.{own} WHERE {} AND EXISTS (SELECT 1 FROM temp.stage s WHERE s.{key} = main.{own}.{key}
               AND s.change = 'removed'{of_parent} AND NOT EXISTS (
                 SELECT 1 FROM temp.stage later WHERE later.{key} = s.{key} AND later.parent IS s.parent AND later.seq > s.seq))",
            scope(table, mailbox)
        );
        let removed = self.copy.execute(&sql, [])?;
        Ok(i64::try_from(removed).unwrap_or(i64::MAX))
    }

    /// Removes what a whole answer did not tell.
    fn remove_untold(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        part: &Part,
    ) -> rusqlite::Result<i64> {
        let table = changes.table;
        let key = quoted(table.key);
        let of_parent = match (parent_column(changes), &part.parent) {
            (Some(column), Some(_)) => format!(" AND {column} = ?1"),
            _ => " AND ?1 IS NULL".to_owned(),
        };
        let sql = format!(
            "DELETE FROM main.{} WHERE {}{of_parent}
               AND {key} NOT IN (SELECT {key} FROM temp.stage WHERE parent IS ?1 AND change = 'changed')",
            table.name,
            scope(table, mailbox)
        );
        let removed = self.copy.execute(&sql, [&part.parent])?;
        Ok(i64::try_from(removed).unwrap_or(i64::MAX))
    }

    /// Removes the rows of parents that are not there any more.
    fn remove_orphans(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        parts: &[Part],
    ) -> rusqlite::Result<i64> {
        let Some(column) = parent_column(changes) else {
            return Ok(0);
        };
        let there: Vec<&str> = parts
            .iter()
            .filter_map(|part| part.parent.as_deref())
            .collect();
        let sql = format!(
            "DELETE FROM main.{} WHERE {} AND {column} NOT IN ({})",
            changes.table.name,
            scope(changes.table, mailbox),
            places(there.len())
        );
        let removed = self.copy.execute(&sql, rusqlite::params_from_iter(there))?;
        Ok(i64::try_from(removed).unwrap_or(i64::MAX))
    }
}

impl Sync {
    /// The paths of files, which changes do not tell, or not always: from the names of the folders above.
    fn name_paths(&self, table: &Table, mailbox: Option<&str>) -> rusqlite::Result<()> {
        let by_names = |column: &Column| column.source == Source::DrivePath;
        let is_changed: bool =
            self.copy
                .query_row("SELECT EXISTS (SELECT 1 FROM temp.stage)", [], |row| {
                    row.get(0)
                })?;
        if !is_changed || !table.columns.iter().any(by_names) {
            return Ok(());
        }
        make_path_encoded(&self.copy)?;
        let (own, scope) = (table.name, scope(table, mailbox));
        self.copy.execute_batch(&format!(
            "DROP TABLE IF EXISTS temp.tree;
             CREATE TEMP TABLE tree(id TEXT PRIMARY KEY, above TEXT, path TEXT);
             INSERT INTO temp.tree
               WITH RECURSIVE tree(id, above, path) AS (
                 SELECT id, '', '/' || name FROM main.{own} WHERE {scope}
                   AND parentReference_id NOT IN (SELECT id FROM main.{own} WHERE {scope})
                 UNION ALL
                 SELECT f.id, tree.path, tree.path || '/' || f.name FROM tree
                   JOIN main.{own} f ON f.parentReference_id = tree.id WHERE {scope})
               SELECT id, above, path FROM tree;
             UPDATE main.{own} SET path = tree.path, parentReference_path =
                 '/drives/' || parentReference_driveId || '/root:' || o365_encoded(tree.above)
               FROM temp.tree AS tree WHERE tree.id = {own}.id AND {scope}
                AND ({own}.path IS NOT tree.path OR parentReference_path IS NOT
                 '/drives/' || parentReference_driveId || '/root:' || o365_encoded(tree.above));"
        ))
    }
}

/// `o365_encoded(path)`: each name as a URL has it, which is how Graph writes the paths of parents.
fn make_path_encoded(copy: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    copy.create_scalar_function(c"o365_encoded", 1, flags, |context| {
        let path: String = context.get(0)?;
        let names: Vec<String> = path.split('/').map(path_segment).collect();
        Ok(names.join("/"))
    })
}

/// The copy's column that tells a row's parent, quoted.
fn parent_column(changes: &Changes) -> Option<String> {
    let parent = changes.parent?;
    let table = changes.table;
    let column = match parent.property {
        Some(path) => table.property(path),
        None => table.named(parent.name),
    };
    column.map(|column| quoted(&table.columns[column].name()))
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
            match told.contains(&position) || is_input {
                true => quoted(&name),
                false => "NULL".to_owned(),
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
    fn of(changes: &Changes, row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            change: row.get(0)?,
            properties: row.get(1)?,
            token: row.get(2)?,
            id: row.get(3)?,
            values: values(row, 4, names(changes.table).len())?,
        })
    }

    /// Whether every property came that was asked for.
    fn is_whole(&self, changes: &Changes) -> bool {
        let came = came(&self.properties);
        came.is_none_or(|came| changes.properties().all(|name| came.contains(name)))
    }
}

/// The names in an array of JSON; none where all came.
fn came(properties: &Value) -> Option<HashSet<String>> {
    match properties {
        Value::Text(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// Puts lines into the copy, in their order.
struct Writer<'a> {
    copy: &'a Connection,
    changes: &'a Changes,
    whole: String,
    /// For each column of the copy, the property that tells it; none for those that always count.
    told_by: Vec<Option<&'static str>>,
    names: Vec<String>,
    key: String,
}

impl<'a> Writer<'a> {
    fn new(copy: &'a Connection, changes: &'a Changes) -> rusqlite::Result<Self> {
        let table = changes.table;
        let told = changes.columns();
        let names = names(table);
        let told_by = copy::columns(table)
            .into_iter()
            .map(|position| {
                told.contains(&position)
                    .then(|| table.columns[position].selected())
            })
            .collect();
        let key: Vec<String> = copy::key(table)
            .iter()
            .map(|position| {
                let name = quoted(&table.columns[*position].name());
                let place = names.iter().position(|known| *known == name).unwrap_or(0) + 1;
                format!("{name} IS ?{place}")
            })
            .collect();
        let numbered: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
        Ok(Self {
            copy,
            changes,
            whole: stage::upsert(
                table,
                &copy::key(table),
                &format!("VALUES ({})", numbered.join(", ")),
            ),
            told_by,
            names,
            key: key.join(" AND "),
        })
    }

    /// Gives how many rows have other values now.
    fn write(&self) -> rusqlite::Result<i64> {
        let mut lines = self.copy.prepare(
            // Of what was removed last, and did not come back, nothing is written.
            &format!(
                "SELECT * FROM temp.stage s WHERE change = 'changed' AND NOT EXISTS (
                   SELECT 1 FROM temp.stage later WHERE later.{0} = s.{0} AND later.parent IS s.parent
                     AND later.seq > s.seq AND later.change = 'removed') ORDER BY seq",
                quoted(self.changes.table.key)
            ),
        )?;
        let mut whole = self.copy.prepare(&self.whole)?;
        let mut rows = lines.query([])?;
        let mut written = HashSet::new();
        while let Some(row) = rows.next()? {
            let properties: Value = row.get(FURTHER - 1)?;
            let values = values(row, FURTHER, self.names.len())?;
            let id: String = row.get(quoted(self.changes.table.key).trim_matches('"'))?;
            let changed = match came(&properties) {
                Some(came) if !self.changes.properties().all(|name| came.contains(name)) => {
                    self.merge(&came, values)?
                }
                _ => whole.execute(rusqlite::params_from_iter(values))?,
            };
            if changed > 0 {
                written.insert(id);
            }
        }
        Ok(i64::try_from(written.len()).unwrap_or(i64::MAX))
    }

    /// Sets the properties that came; the others stay.
    fn merge(&self, came: &HashSet<String>, values: Vec<Value>) -> rusqlite::Result<usize> {
        let is_told = |told_by: &Option<&str>| told_by.is_none_or(|name| came.contains(name));
        let set: Vec<String> = self
            .names
            .iter()
            .zip(&self.told_by)
            .zip(1..)
            .filter(|((_, told_by), _)| told_by.is_some() && is_told(told_by))
            .map(|((name, _), n)| format!("{name} = ?{n}"))
            .collect();
        let sql = format!(
            "UPDATE main.{} SET {} WHERE {}",
            self.changes.table.name,
            set.join(", "),
            self.key
        );
        let mut statement = self.copy.prepare(&sql)?;
        for (value, n) in values.into_iter().zip(1..) {
            if n <= statement.parameter_count() {
                statement.raw_bind_parameter(n, value)?;
            }
        }
        statement.raw_execute()
    }
}
