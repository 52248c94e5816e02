//! EXEC: a procedure is called by inserting into its table, and what came out is shown as rows.

use std::ops::Range;

use rusqlite::Connection;
use sqlparser::ast::{BinaryOperator, Expr, Statement as Parsed};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

use crate::procs::{self, Procedure};

/// A part of a text.
pub enum Piece<'a> {
    /// Statements for SQLite.
    Plain(&'a str),
    /// One EXEC.
    Exec(&'a str),
}

/// The statements of a text, those of SQLite together and each EXEC alone.
pub fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let execs = match Tokenizer::new(&SQLiteDialect {}, sql).tokenize_with_location() {
        Ok(tokens) => execs(sql, &tokens),
        // SQLite says better what is wrong.
        Err(_) => Vec::new(),
    };
    let mut pieces = Vec::new();
    let mut from = 0;
    for exec in execs {
        pieces.push(Piece::Plain(&sql[from..exec.start]));
        from = exec.end;
        pieces.push(Piece::Exec(&sql[exec]));
    }
    pieces.push(Piece::Plain(&sql[from..]));
    pieces
}

/// Where the statements are that begin with EXEC.
fn execs(sql: &str, tokens: &[TokenWithSpan]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut begin: Option<usize> = None;
    let mut at_start = true;
    for token in tokens {
        match &token.token {
            Token::Whitespace(_) => {}
            Token::SemiColon => {
                if let Some(start) = begin.take() {
                    found.push(start..offset(sql, token.span.start));
                }
                at_start = true;
            }
            Token::Word(word) if at_start => {
                let is_exec = ["EXEC", "EXECUTE"]
                    .iter()
                    .any(|keyword| word.value.eq_ignore_ascii_case(keyword));
                begin = is_exec.then(|| offset(sql, token.span.start));
                at_start = false;
            }
            _ => at_start = false,
        }
    }
    found.extend(begin.map(|start| start..sql.len()));
    found
}

/// The byte of a place that is given in lines and letters, both from 1.
fn offset(sql: &str, place: Location) -> usize {
    let line = usize::try_from(place.line.saturating_sub(1)).unwrap_or(0);
    let column = usize::try_from(place.column.saturating_sub(1)).unwrap_or(0);
    let start: usize = sql.split_inclusive('\n').take(line).map(str::len).sum();
    sql[start..]
        .char_indices()
        .nth(column)
        .map_or(sql.len(), |(at, _)| start + at)
}

/// A call, as SQL.
pub struct Call {
    procedure: &'static Procedure,
    /// Inserts into the procedure's table.
    pub insert: String,
}

/// Understands one EXEC.
///
/// # Errors
/// A sentence that says what is wrong, and what the parameters are.
pub fn parse(sql: &str) -> Result<Call, String> {
    let parsed = Parser::parse_sql(&SQLiteDialect {}, sql)
        .map_err(|error| format!("EXEC: {error}. Write EXEC Name Parameter = value, …"))?;
    let Some(Parsed::Execute {
        name: Some(name),
        parameters,
        ..
    }) = parsed.into_iter().next()
    else {
        return Err("EXEC needs the name of a procedure. sys_procedures lists them".to_owned());
    };
    let name = name.to_string();
    let bare = name.rsplit('.').next().unwrap_or(&name);
    let bare = bare.trim_matches(['"', '[', ']', '`']);
    let procedure = procs::procedure(bare).ok_or_else(|| {
        let names = procs::ALL.iter().map(|procedure| procedure.name);
        match crate::settings::nearest(bare, names) {
            Some(near) => format!("there is no procedure {bare}. Did you mean {near}?"),
            None => format!("there is no procedure {bare}. sys_procedures lists them"),
        }
    })?;
    let mut columns = Vec::new();
    let mut values = Vec::new();
    for (place, parameter) in parameters.iter().enumerate() {
        let (column, value) = assignment(procedure, place, parameter)?;
        columns.push(format!("\"{}\"", column.replace('"', "\"\"")));
        values.push(value);
    }
    let insert = match columns.is_empty() {
        true => format!("INSERT INTO \"{}\" DEFAULT VALUES", procedure.name),
        false => format!(
            "INSERT INTO \"{}\"({}) SELECT {}",
            procedure.name,
            columns.join(", "),
            values.join(", ")
        ),
    };
    Ok(Call { procedure, insert })
}

/// The parameter that a value is for: the one it names, or the one of its place.
fn assignment(
    procedure: &'static Procedure,
    place: usize,
    parameter: &Expr,
) -> Result<(&'static str, String), String> {
    let named = match parameter {
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq,
            right,
        } => match left.as_ref() {
            Expr::Identifier(name) => Some((name.value.clone(), right.to_string())),
            Expr::Value(value) => Some((value.to_string(), right.to_string())),
            _ => None,
        },
        _ => None,
    };
    let listed = || {
        let names = procedure.parameters.iter().map(|parameter| parameter.name);
        names.collect::<Vec<_>>().join(", ")
    };
    match named {
        Some((name, value)) => {
            let bare = name.trim_start_matches('@');
            let mut parameters = procedure.parameters.iter();
            parameters
                .find(|parameter| parameter.name.eq_ignore_ascii_case(bare))
                .map(|parameter| (parameter.name, value))
                .ok_or_else(|| {
                    format!(
                        "{}: {bare} is no parameter. The parameters are: {}",
                        procedure.name,
                        listed()
                    )
                })
        }
        None => procedure
            .positional
            .get(place)
            .map(|name| (*name, parameter.to_string()))
            .ok_or_else(|| {
                format!(
                    "{}: write Parameter = value, and parentheses around a value that is a \
                     condition. The parameters are: {}",
                    procedure.name,
                    listed()
                )
            }),
    }
}

impl Call {
    /// The statement that shows what came out of calls after number `after`.
    ///
    /// # Errors
    /// SQLite's own, which there should not be.
    pub fn shown(&self, db: &Connection, after: i64) -> rusqlite::Result<String> {
        let name = self.procedure.name;
        let sql =
            format!("SELECT max(Status = 'DryRun') FROM \"{name}\" WHERE o365_call > {after}");
        let is_dry_run: Option<bool> = db.query_row(&sql, [], |row| row.get(0))?;
        let outputs: Vec<&str> = match is_dry_run {
            Some(true) => vec!["Status", "Warning", "Requests"],
            _ => self
                .procedure
                .outputs
                .iter()
                .map(|output| output.name)
                .collect(),
        };
        let is_own = |output: &str| {
            let mut parameters = self.procedure.parameters.iter();
            let given = parameters.any(|parameter| parameter.name.eq_ignore_ascii_case(output));
            !given && self.procedure.outputs.iter().any(|own| own.name == output)
        };
        let columns: Vec<String> = outputs
            .into_iter()
            .filter(|output| *output != "Warning" || is_dry_run != Some(true))
            .map(|output| match is_own(output) {
                true => format!("\"{output}\""),
                false => format!("json_extract(Result, '$.{output}') AS \"{output}\""),
            })
            .collect();
        Ok(format!(
            "SELECT {} FROM \"{name}\" WHERE o365_call > {after}",
            columns.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<String> {
        pieces(sql)
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) => format!("- {}", text.trim()),
                Piece::Exec(text) => format!("! {}", text.trim()),
            })
            .filter(|text| text != "-" && text != "- ")
            .collect()
    }

    #[test]
    fn each_exec_is_alone_and_the_rest_together() {
        assert_eq!(
            texts(
                "SELECT 1; SELECT ';EXEC x';\n-- no\nexec SendMail ToRecipients = 'ä;b'; SELECT 2"
            ),
            [
                "- SELECT 1; SELECT ';EXEC x';\n-- no",
                "! exec SendMail ToRecipients = 'ä;b'",
                "- ; SELECT 2"
            ]
        );
        assert_eq!(texts("SELECT 'open"), ["- SELECT 'open"]);
    }

    #[test]
    fn parameters_are_named_or_by_place() {
        let insert = |sql: &str| parse(sql).map(|call| call.insert);
        assert_eq!(
            insert("EXEC MoveMail @messageid = (SELECT id FROM Messages LIMIT 1), DestinationId = 'a' || 'b'").as_deref(),
            Ok(r#"INSERT INTO "MoveMail"("MessageId", "DestinationId") SELECT (SELECT id FROM Messages LIMIT 1), 'a' || 'b'"#)
        );
        assert_eq!(
            insert("EXEC [MoveMail] 'x', 'archive'").as_deref(),
            Ok(r#"INSERT INTO "MoveMail"("MessageId", "DestinationId") SELECT 'x', 'archive'"#)
        );
        let wrong = |sql: &str| insert(sql).expect_err("wrong");
        assert!(wrong("EXEC MovMail 'x'").contains("Did you mean MoveMail?"));
        assert!(wrong("EXEC MoveMail Message = 'x'").contains("The parameters are: MessageId"));
        assert!(wrong("EXEC MoveMail 'x', 'y', 'z', 'w'").contains("write Parameter = value"));
    }
}
