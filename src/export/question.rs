//! What is read: a table of the catalogue, or a statement; for each mailbox, or once.

use fallible_iterator::FallibleIterator as _;
use rusqlite::types::Value;
use rusqlite::{Batch, Connection};

use super::kind::{Column, Kind};
use crate::catalog::Table;
use crate::error::{Error, Result};
use crate::sqlite::Live;
use crate::sync::{copy, full};

/// The parameter of a statement that is run for each mailbox.
const MAILBOX: &str = ":mailbox";

/// What one folder of an export holds.
#[derive(Clone, Debug)]
pub enum Source {
    /// All rows of a table.
    Table(&'static Table),
    /// The rows of a statement.
    Statement {
        /// The statement.
        sql: String,
        /// The folder's name.
        name: String,
    },
}

/// A source, understood.
#[derive(Debug)]
pub struct Question {
    /// What is read.
    pub source: Source,
    /// Whether it is read for each mailbox.
    pub of_mailboxes: bool,
    /// What it gives.
    pub columns: Vec<Column>,
}

impl Source {
    /// The folder's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Table(table) => table.name,
            Self::Statement { name, .. } => name,
        }
    }

    /// The statement; nothing for a table.
    pub fn sql(&self) -> Option<&str> {
        match self {
            Self::Table(_) => None,
            Self::Statement { sql, .. } => Some(sql),
        }
    }
}

impl Question {
    /// Understands a source; asks nobody.
    ///
    /// # Errors
    /// A statement that is wrong, changes something, has other parameters, or names two columns alike.
    pub fn understand(source: Source, live: &Live) -> Result<Self> {
        let (of_mailboxes, columns) = match &source {
            Source::Table(table) => (copy::user_column(table).is_some(), of_table(table)),
            Source::Statement { sql, .. } => of_statement(sql, live)?,
        };
        Ok(Self {
            source,
            of_mailboxes,
            columns,
        })
    }

    /// The statement to run for a mailbox, and its parameters.
    pub fn sql(&self, mailbox: Option<&str>) -> (String, Vec<Value>) {
        match &self.source {
            Source::Table(table) => full::question(table, mailbox),
            Source::Statement { sql, .. } => (
                sql.clone(),
                mailbox
                    .filter(|_| self.of_mailboxes)
                    .map(|mailbox| Value::Text(mailbox.to_owned()))
                    .into_iter()
                    .collect(),
            ),
        }
    }
}

fn of_table(table: &Table) -> Vec<Column> {
    copy::columns(table)
        .into_iter()
        .map(|position| Column {
            name: table.columns[position].name(),
            kind: Kind::of_type(table.columns[position].ty),
        })
        .collect()
}

fn of_statement(sql: &str, live: &Live) -> Result<(bool, Vec<Column>)> {
    let said = |error: rusqlite::Error| live.error(error);
    let mut batch = Batch::new(&live.connection, sql);
    let Some(statement) = batch.next().map_err(said)? else {
        return Err(Error::usage("the statement is empty").next("Give a SELECT"));
    };
    if batch.next().map_err(said)?.is_some() {
        return Err(Error::usage("there are two statements")
            .next("Give one, and export the other one with a --name of its own"));
    }
    if !statement.readonly() || statement.column_count() == 0 {
        return Err(
            Error::usage("the statement gives no rows, or changes something")
                .next("Give a SELECT; office365 --write runs the others"),
        );
    }
    let mut of_mailboxes = false;
    for parameter in 1..=statement.parameter_count() {
        let name = statement.parameter_name(parameter).unwrap_or("?");
        if name != MAILBOX {
            return Err(Error::usage(format!("nothing is known for the parameter {name}"))
                .next("Write the value into the statement; :mailbox alone is given, one mailbox after the other"));
        }
        of_mailboxes = true;
    }
    let affinities = statement
        .expanded_sql()
        .map(|sql| affinities(&sql, &live.connection))
        .unwrap_or_default();
    let columns: Vec<Column> = statement
        .columns()
        .enumerate()
        .map(|(position, column)| {
            let declared = column
                .decl_type()
                .or_else(|| affinities.get(position).map(String::as_str));
            Column {
                name: column.name().to_owned(),
                kind: declared.map_or(Kind::Any, Kind::of_declared),
            }
        })
        .collect();
    match twice(&columns) {
        Some(name) => Err(
            Error::usage(format!("two columns are called {name}")).next(format!(
                "Name one of them otherwise: {name} AS another_name"
            )),
        ),
        None => Ok((of_mailboxes, columns)),
    }
}

/// Spark and DuckDB tell names apart by their letters only, not by capitals.
fn twice(columns: &[Column]) -> Option<&str> {
    let mut seen = std::collections::HashSet::new();
    columns
        .iter()
        .map(|column| column.name.as_str())
        .find(|name| !seen.insert(name.to_lowercase()))
}

/// The types that `CREATE TABLE AS` gives the columns of a statement: those of `CAST(…)` are among them, which have
/// no declared type otherwise. LIMIT 0 ends the statement before it asks for anything. Nothing where SQLite does
/// not want to: then the values decide.
fn affinities(sql: &str, live: &Connection) -> Vec<String> {
    const SHAPE: &str = "temp.o365_export_shape";
    let sql = sql.trim_end().trim_end_matches(';');
    let made = live.execute_batch(&format!(
        "DROP TABLE IF EXISTS {SHAPE}; CREATE TABLE {SHAPE} AS SELECT * FROM (\n{sql}\n) LIMIT 0"
    ));
    let read = || -> rusqlite::Result<Vec<String>> {
        live.prepare("SELECT type FROM pragma_table_info('o365_export_shape')")?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    made.and_then(|()| read()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Kind, Question, Source};
    use crate::catalog;
    use crate::error::Result;
    use crate::sqlite::Live;

    fn understood(sql: &str) -> Result<Question> {
        let live = Live::open("Demo=true").expect("the demo tenant");
        let source = Source::Statement {
            sql: sql.to_owned(),
            name: "query".to_owned(),
        };
        let question = Question::understand(source, &live);
        assert!(live.session().log.entries().is_empty(), "{sql} was asked");
        question
    }

    #[test]
    fn columns_have_the_types_that_sql_tells() {
        let question = understood(
            "WITH m AS (SELECT * FROM Messages WHERE UserId = :mailbox)
             SELECT id, receivedDateTime AS at, isRead, CAST(subject AS INTEGER) AS i, CAST(subject AS REAL) AS r,
                    subject || 'x' AS t, length(subject) AS n, count(*) OVER () AS c
             FROM m ORDER BY at; -- the end",
        )
        .expect("understood");
        assert!(question.of_mailboxes);
        assert_eq!(question.columns.len(), 8);
        let kinds: Vec<(&str, Kind)> = question
            .columns
            .iter()
            .map(|column| (column.name.as_str(), column.kind))
            .collect();
        assert_eq!(
            kinds[..6],
            [
                ("id", Kind::Text),
                ("at", Kind::Instant),
                ("isRead", Kind::Boolean),
                ("i", Kind::Integer),
                ("r", Kind::Double),
                ("t", Kind::Any),
            ]
        );
        assert!(
            kinds[6..].iter().all(|(_, kind)| *kind == Kind::Any),
            "{kinds:?}"
        );
    }

    #[test]
    fn what_is_no_question_is_refused() {
        for (sql, why) in [
            ("", "empty"),
            ("SELECT 1; SELECT 2", "two statements"),
            ("CREATE TABLE t(a)", "no rows"),
            ("DELETE FROM Messages WHERE id = 'x'", "changes something"),
            ("SELECT ?1", "parameter ?1"),
            ("SELECT :user", "parameter :user"),
            ("SELECT id, ID FROM Users", "two columns are called id"),
            ("SELECT nonsense FROM Users", "no such column"),
        ] {
            let error = understood(sql).expect_err(sql);
            assert!(error.to_string().contains(why), "{sql}: {error}");
        }
    }

    #[test]
    fn tables_are_asked_for_each_mailbox_where_they_have_one() {
        let live = Live::open("Demo=true").expect("the demo tenant");
        for (name, of_mailboxes) in [("Messages", true), ("Users", false), ("TodoTasks", true)] {
            let table = catalog::table(name).expect("a table");
            let question = Question::understand(Source::Table(table), &live).expect(name);
            assert_eq!(question.of_mailboxes, of_mailboxes, "{name}");
            let (sql, parameters) = question.sql(Some("adele@contoso.com"));
            assert_eq!(sql.contains("\"UserId\" = ?1"), of_mailboxes, "{sql}");
            assert_eq!(parameters.len(), usize::from(of_mailboxes));
        }
    }
}
