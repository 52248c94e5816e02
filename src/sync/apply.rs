//! What a round has read of changes, put into the copy: first what is there, then what is gone.

use std::collections::HashSet;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::delta::{FURTHER, Part};
use super::full::scope;
use super::stage::{self, names, places, values};
use super::{Done, Method, Sync, copy};
use crate::catalog::changes::Changes;
use crate::sqlite::entries::quoted;

impl Sync {
    /// Brings the copy to what was told.
    pub(super) fn apply(
        &self,
        changes: &Changes,
        mailbox: Option<&str>,
        parts: &[Part],
    ) -> rusqlite::Result<Done> {
        let table = changes.table;
        let scope = scope(table, mailbox);
        let count = format!("SELECT count(*) FROM main.{} WHERE {scope}", table.name);
        let before: i64 = self.copy.query_row(&count, [], |row| row.get(0))?;
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

/// The copy's column that tells a row's parent, quoted.
pub(super) fn parent_column(changes: &Changes) -> Option<String> {
    let parent = changes.parent?;
    let table = changes.table;
    let column = match parent.property {
        Some(path) => table.property(path),
        None => table.named(parent.name),
    };
    column.map(|column| quoted(&table.columns[column].name()))
}

/// Whether a line tells an item as it is now. Most lines have the same properties: the last answer is kept.
///
/// A service may tell what changed only, or everything but what was never set (FACTS §6: absent is not null).
pub(super) struct Wholeness {
    asked: Vec<&'static str>,
    constant: Option<&'static str>,
    last: Option<(Value, bool)>,
}

impl Wholeness {
    pub fn of(changes: &Changes) -> Self {
        Self {
            asked: changes.properties().collect(),
            constant: changes.constant,
            last: None,
        }
    }

    pub fn is_whole(&mut self, properties: &Value) -> bool {
        if let Some((last, is_whole)) = &self.last
            && last == properties
        {
            return *is_whole;
        }
        let is_whole = came(properties).is_none_or(|came| {
            let has_constant = self.constant.is_some_and(|name| came.contains(name));
            has_constant || self.asked.iter().all(|name| came.contains(*name))
        });
        self.last = Some((properties.clone(), is_whole));
        is_whole
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
        let key = quoted(self.changes.table.key);
        let id_at = FURTHER + self.names.iter().position(|name| *name == key).unwrap_or(0);
        let mut wholeness = Wholeness::of(self.changes);
        while let Some(row) = rows.next()? {
            let properties: Value = row.get(FURTHER - 1)?;
            let values = values(row, FURTHER, self.names.len())?;
            let id: String = row.get(id_at)?;
            let changed = match wholeness.is_whole(&properties) {
                true => whole.execute(rusqlite::params_from_iter(values))?,
                false => self.merge(&came(&properties).unwrap_or_default(), values)?,
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
