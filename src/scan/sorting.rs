//! Rows sorted here, when Graph was not asked for the order or refused it.

use std::cmp::Ordering;

use super::Row;
use crate::catalog::{Table, Type};
use crate::instant;
use crate::plan::Term;
use crate::value::{self, Value};

/// Rows in their order.
pub(super) struct Sorted(std::vec::IntoIter<Row>);

impl Sorted {
    /// Sorts rows by the terms, rows that compare equal keeping their order.
    pub fn new(table: &Table, terms: &[Term], mut rows: Vec<Row>) -> Self {
        rows.sort_by(|left, right| {
            terms
                .iter()
                .map(|term| {
                    compare(
                        table,
                        *term,
                        cell(left, term.column),
                        cell(right, term.column),
                    )
                })
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        Self(rows.into_iter())
    }

    /// The next row.
    pub fn next(&mut self) -> Option<Row> {
        self.0.next()
    }
}

fn cell(row: &Row, column: usize) -> &Value {
    match row {
        Row::Read {
            page, index, shape, ..
        } => match shape.cell(column) {
            Some(cell) => page.cell(*index, cell),
            None => &Value::Null,
        },
        Row::Counted { .. } => &Value::Null,
    }
}

/// SQLite's order of two values of a column: NULL before everything, DESC the other way round.
pub(super) fn compare(table: &Table, term: Term, left: &Value, right: &Value) -> Ordering {
    let collation = match table.columns[term.column].ty {
        Type::Instant | Type::Zoned => instant::compare,
        _ => value::binary,
    };
    let order = match (left.is_null(), right.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => value::compare(left, right, collation).unwrap_or(Ordering::Equal),
    };
    if term.descending {
        order.reverse()
    } else {
        order
    }
}
