//! A table that Graph tells no changes of: read whole, compared, and brought to the same rows.

use rusqlite::types::Value;

use super::stage::{self, names, same, values};
use super::{Done, Method, Sync, copy, window};
use crate::catalog::{self, Role, Rows, Source, Table};
use crate::error::Result;
use crate::sqlite::entries::quoted;

/// What a table's parents must be, for it to be asked of them at all: the others have no such collection, and the
/// service refuses to be asked.
const SUITABLE: &[(&str, &str)] = &[
    ("EventOccurrences", "type = 'seriesMaster'"),
    ("FileVersions", "file_mimeType IS NOT NULL"),
    ("Conversations", "groupTypes LIKE '%Unified%'"),
    ("Threads", "groupTypes LIKE '%Unified%'"),
    ("Posts", "groupTypes LIKE '%Unified%'"),
];

/// What usage reports are copied of: the last 30 days.
const PERIOD: &str = "D30";

impl Sync {
    /// A round that reads everything.
    pub(super) fn whole(&self, table: &'static Table, mailbox: Option<&str>) -> Result<Done> {
        self.read_whole(table, mailbox)?;
        let apply = || -> rusqlite::Result<Done> {
            let transaction = copy::begin(&self.copy)?;
            let done = self.replace(table, mailbox)?;
            self.note_success(table, mailbox, &done)?;
            transaction.commit()?;
            Ok(done)
        };
        apply().map_err(|error| copy::trouble(&error))
    }

    pub(super) fn read_whole(&self, table: &'static Table, mailbox: Option<&str>) -> Result<()> {
        let trouble = |error: rusqlite::Error| copy::trouble(&error);
        stage::make(&self.copy, table, "").map_err(trouble)?;
        let (sql, parameters) = question(table, mailbox);
        let count = names(table).len();
        let mut insert = self
            .copy
            .prepare(&format!(
                "INSERT INTO temp.stage VALUES ({})",
                stage::places(count)
            ))
            .map_err(trouble)?;
        let mut statement = self
            .live
            .connection
            .prepare(&sql)
            .map_err(|error| self.live.error(error))?;
        let mut rows = statement
            .query(rusqlite::params_from_iter(parameters))
            .map_err(|error| self.live.error(error))?;
        while let Some(row) = rows.next().map_err(|error| self.live.error(error))? {
            let values = values(row, 0, count).map_err(|error| self.live.error(error))?;
            insert
                .execute(rusqlite::params_from_iter(values))
                .map_err(trouble)?;
        }
        Ok(())
    }

    /// Makes the copy's rows those of the stage.
    pub(super) fn replace(&self, table: &Table, mailbox: Option<&str>) -> rusqlite::Result<Done> {
        let copy = &self.copy;
        let scope = scope(table, mailbox);
        let count =
            |sql: &str| -> rusqlite::Result<i64> { copy.query_row(sql, [], |row| row.get(0)) };
        let own = table.name;
        let all = format!("SELECT count(*) FROM main.{own} WHERE {scope}");
        let before = count(&all)?;
        let (columns, key) = (names(table).join(", "), copy::key(table));
        let different = count(&format!(
            "SELECT count(*) FROM (SELECT {columns} FROM temp.stage EXCEPT SELECT {columns} FROM main.{own} WHERE {scope})"
        ))?;
        let removed = if key.is_empty() {
            let gone = count(&format!(
                "SELECT count(*) FROM (SELECT {columns} FROM main.{own} WHERE {scope} EXCEPT SELECT {columns} FROM temp.stage)"
            ))?;
            copy.execute(&format!("DELETE FROM main.{own} WHERE {scope}"), [])?;
            copy.execute(
                &format!("INSERT INTO main.{own} SELECT * FROM temp.stage"),
                [],
            )?;
            gone
        } else {
            let names: Vec<String> = key
                .iter()
                .map(|position| quoted(&table.columns[*position].name()))
                .collect();
            copy.execute_batch(&format!(
                "CREATE INDEX temp.stage_key ON stage({})",
                names.join(", ")
            ))?;
            let gone = copy.execute(
                &format!(
                    "DELETE FROM main.{own} AS t WHERE {scope} AND NOT EXISTS (SELECT 1 FROM temp.stage s WHERE {})",
                    same(table, &key, "s", "t")
                ),
                [],
            )?;
            copy.execute(
                &stage::upsert(table, &key, "SELECT * FROM temp.stage WHERE true"),
                [],
            )?;
            i64::try_from(gone).unwrap_or(i64::MAX)
        };
        let rows = count(&all)?;
        let added = rows - (before - removed);
        Ok(Done {
            method: Method::Full,
            rows,
            added,
            changed: (different - added).max(0),
            removed,
        })
    }
}

/// The rows of a mailbox in the copy.
pub fn scope(table: &Table, mailbox: Option<&str>) -> String {
    match (copy::user_column(table), mailbox) {
        (Some(_), Some(mailbox)) => format!("\"UserId\" = '{}'", mailbox.replace('\'', "''")),
        _ => "true".to_owned(),
    }
}

/// All rows of a mailbox, parents taken from the tables that have them.
pub(crate) fn question(table: &'static Table, mailbox: Option<&str>) -> (String, Vec<Value>) {
    let parents = Parents::of(table);
    let mailbox = mailbox.filter(|_| copy::user_column(table).is_some());
    let mut terms = parents.terms(mailbox.is_some());
    if is_report(table) {
        terms.push(format!("t.period = '{PERIOD}'"));
    }
    let mut parameters = Vec::new();
    if let Some(mailbox) = mailbox {
        parameters.push(Value::Text(mailbox.to_owned()));
        terms.push("t.\"UserId\" = ?1".to_owned());
    }
    let start = table
        .window
        .as_ref()
        .and_then(|window| table.property(window.start));
    if let Some(column) = start {
        let name = quoted(&table.columns[column].name());
        let (from, to) = window::now();
        terms.push(format!("t.{name} >= '{from}' AND t.{name} < '{to}'"));
    }
    let wanted: Vec<String> = names(table)
        .iter()
        .map(|name| format!("t.{name}"))
        .collect();
    let filter = match terms.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", terms.join(" AND ")),
    };
    (
        format!(
            "SELECT {} FROM {}{filter}",
            wanted.join(", "),
            parents.from()
        ),
        parameters,
    )
}

fn is_report(table: &Table) -> bool {
    table.rows == Rows::Csv
}

/// The tables that a table's required inputs come from.
pub(super) struct Parents {
    table: &'static Table,
    /// An input, and the table whose key it is.
    plain: Vec<(usize, &'static Table)>,
    /// The same of a table that has required inputs itself, which are this table's too: a list of a site.
    nested: Option<(usize, &'static Table)>,
}

impl Parents {
    /// Those of a table.
    pub fn of(table: &'static Table) -> Self {
        let (mut plain, mut nested) = (Vec::new(), None);
        for position in catalog::required(table) {
            let column = &table.columns[position];
            let is_parent = matches!(column.source, Source::Input(Role::Parent(_) | Role::Site));
            let Some(parent) = column
                .references
                .and_then(catalog::table)
                .filter(|_| is_parent)
            else {
                continue;
            };
            match catalog::required(parent).is_empty() {
                true => plain.push((position, parent)),
                false => nested = Some((position, parent)),
            }
        }
        Self {
            table,
            plain,
            nested,
        }
    }

    /// Whether a required input has a table that gives it.
    pub fn give(&self, position: usize) -> bool {
        let is_plain = self.plain.iter().any(|(known, _)| *known == position);
        let is_period = is_report(self.table) && self.table.named("period") == Some(position);
        is_plain || is_period || self.nested.is_some_and(|(known, _)| known == position)
    }

    fn name(&self, position: usize) -> String {
        self.table.columns[position].name()
    }

    fn from(&self) -> String {
        match self.nested {
            // In this order: which list is of which site is told by the lists.
            Some((_, parent)) => {
                format!("{} AS p CROSS JOIN {} AS t", parent.name, self.table.name)
            }
            None => format!("{} AS t", self.table.name),
        }
    }

    fn terms(&self, of_user: bool) -> Vec<String> {
        let mut terms: Vec<String> = self
            .plain
            .iter()
            .map(|(position, parent)| {
                let name = self.name(*position);
                // What the nested parent has too is asked of it.
                let side = if self.is_shared(&name) { "p" } else { "t" };
                let keys = keys(self.table, parent, of_user);
                format!("{side}.{} IN ({keys})", quoted(&name))
            })
            .collect();
        if let Some((position, parent)) = self.nested {
            terms.push(format!(
                "t.{} = p.{}",
                quoted(&self.name(position)),
                quoted(parent.key)
            ));
            let shared = self.plain.iter().map(|(position, _)| self.name(*position));
            for name in shared.filter(|name| self.is_shared(name)) {
                let name = quoted(&name);
                terms.push(format!("t.{name} = p.{name}"));
            }
        }
        terms
    }

    fn is_shared(&self, name: &str) -> bool {
        self.nested
            .is_some_and(|(_, parent)| parent.named(name).is_some())
    }
}

/// The keys of the parents that a table can be asked of.
fn keys(table: &Table, parent: &Table, of_user: bool) -> String {
    let suitable = SUITABLE.iter().find(|(name, _)| *name == table.name);
    let mut terms: Vec<&str> = suitable.iter().map(|(_, term)| *term).collect();
    if of_user && copy::user_column(parent).is_some() {
        terms.push("\"UserId\" = ?1");
    }
    let filter = match terms.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", terms.join(" AND ")),
    };
    format!("SELECT {} FROM {}{filter}", quoted(parent.key), parent.name)
}

#[cfg(test)]
mod tests {
    use super::question;
    use crate::catalog::table;

    #[test]
    fn parents_are_asked_for_in_the_statement() {
        let asked = |name: &str, mailbox: Option<&str>| {
            let (sql, parameters) = question(table(name).expect("a table"), mailbox);
            let from = sql
                .split_once(" FROM ")
                .map_or("", |(_, from)| from)
                .to_owned();
            (from, parameters.len())
        };
        assert_eq!(asked("Users", None), ("Users AS t".to_owned(), 0));
        assert_eq!(
            asked("Messages", Some("a")),
            ("Messages AS t WHERE t.\"UserId\" = ?1".to_owned(), 1)
        );
        assert_eq!(
            asked("ListItems", None).0,
            "Lists AS p CROSS JOIN ListItems AS t WHERE p.\"SiteId\" IN (SELECT \"id\" FROM Sites) \
             AND t.\"ListId\" = p.\"id\" AND t.\"SiteId\" = p.\"SiteId\""
        );
        assert_eq!(
            asked("FileVersions", Some("a")).0,
            "FileVersions AS t WHERE t.\"FileId\" IN (SELECT \"id\" FROM Files WHERE file_mimeType IS NOT NULL \
             AND \"UserId\" = ?1) AND t.\"UserId\" = ?1"
        );
    }
}
