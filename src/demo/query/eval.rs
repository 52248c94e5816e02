//! Decides whether a row passes a filter, with the case rule and the null rule of the service (FACTS 2.4, 2.6).

use std::cmp::Ordering;

use serde_json::Value;

use super::filter::{Expr, Literal, Operator};
use super::row::{Row, at_path, descend};
use crate::demo::time;

/// Says of a text comparison (`eq`, `contains` …) whether the service misses the row although it should pass (FACTS 2.5).
pub type Misses = fn(operation: &str, path: &[String], value: &str, row: &dyn Row) -> bool;

/// Never misses: every service but mail.
pub fn never_misses(_: &str, _: &[String], _: &str, _: &dyn Row) -> bool {
    false
}

/// True when the row passes. Null, like false, drops the row (FACTS 0.1 rule 4).
pub fn passes(expr: &Expr, row: &dyn Row, misses: Misses) -> bool {
    Eval {
        row,
        misses,
        bound: Vec::new(),
    }
    .expr(expr)
        == Some(true)
}

/// Orders two JSON values of one property: null first, text without regard to case, instants by time.
/// FACTS is silent on where nulls sort; ascending puts them first here, as SQLite does.
pub fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a
            .as_f64()
            .partial_cmp(&b.as_f64())
            .unwrap_or(Ordering::Equal),
        (Value::String(a), Value::String(b)) => fold(a).cmp(&fold(b)),
        _ => Ordering::Equal,
    }
}

struct Eval<'r> {
    row: &'r dyn Row,
    misses: Misses,
    bound: Vec<(String, Value)>,
}

impl Eval<'_> {
    fn expr(&mut self, expr: &Expr) -> Option<bool> {
        match expr {
            Expr::And(parts) => fold_logic(parts.iter().map(|part| self.expr(part)), false),
            Expr::Or(parts) => fold_logic(parts.iter().map(|part| self.expr(part)), true),
            Expr::Not(inner) => self.expr(inner).map(|value| !value),
            Expr::Compare(path, operator, literal) => {
                let value = self.value(path);
                if let (Operator::Eq, Literal::Text(text)) = (operator, literal)
                    && (self.misses)("eq", path, text, self.row)
                {
                    return Some(false);
                }
                compare(&value, *operator, literal)
            }
            Expr::In(path, literals) => {
                let value = self.value(path);
                fold_logic(
                    literals
                        .iter()
                        .map(|literal| compare(&value, Operator::Eq, literal)),
                    true,
                )
            }
            Expr::Call(name, path, text) => {
                if (self.misses)(name, path, text, self.row) {
                    return Some(false);
                }
                let value = self.value(path);
                let (value, text) = (fold(value.as_str()?), fold(text));
                Some(match name.as_str() {
                    "startswith" => value.starts_with(&text),
                    "endswith" => value.ends_with(&text),
                    _ => value.contains(&text),
                })
            }
            Expr::Any(path, variable, body) => self.any(path, variable, body.as_deref()),
            Expr::Count(path, operator, number) => {
                let length = self.value(path).as_array().map_or(0, Vec::len) as i64;
                Some(holds(length.cmp(number), *operator))
            }
            Expr::Truth(path) => self.value(path).as_bool(),
        }
    }

    fn any(&mut self, path: &[String], variable: &str, body: Option<&Expr>) -> Option<bool> {
        let value = self.value(path);
        let elements = value.as_array().cloned().unwrap_or_default();
        let Some(body) = body else {
            return Some(!elements.is_empty());
        };
        for element in elements {
            self.bound.push((variable.to_string(), element));
            let passed = self.expr(body);
            self.bound.pop();
            if passed == Some(true) {
                return Some(true);
            }
        }
        Some(false)
    }

    fn value(&self, path: &[String]) -> Value {
        let bound = path.first().and_then(|first| {
            self.bound
                .iter()
                .rev()
                .find(|(variable, _)| variable == first)
        });
        match bound {
            Some((_, value)) => descend(value.clone(), &path[1..]),
            None => at_path(self.row, path),
        }
    }
}

/// Three-valued `or` (`decisive` true) and `and` (`decisive` false).
fn fold_logic(values: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut unknown = false;
    for value in values {
        match value {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(!decisive) }
}

/// OData's rule for null: `null eq 'x'` is false and `null ne 'x'` is true, unlike SQL; order with null is null.
/// FACTS 2.6 marks the services' own behaviour K. This reading makes `ne` return rows that SQL's `<>` must drop, so that a driver that does not re-check is caught.
fn compare(value: &Value, operator: Operator, literal: &Literal) -> Option<bool> {
    let absent = value.is_null();
    match (operator, literal) {
        (Operator::Eq, Literal::Null) => return Some(absent),
        (Operator::Ne, Literal::Null) => return Some(!absent),
        (_, Literal::Null) => return None,
        (Operator::Eq, _) if absent => return Some(false),
        (Operator::Ne, _) if absent => return Some(true),
        _ if absent => return None,
        _ => {}
    }
    let ordering = match (value, literal) {
        (Value::Bool(a), Literal::Bool(b)) => a.cmp(b),
        (Value::Number(a), Literal::Int(b)) => a.as_f64()?.partial_cmp(&(*b as f64))?,
        (Value::Number(a), Literal::Float(b)) => a.as_f64()?.partial_cmp(b)?,
        (Value::String(a), Literal::Text(b)) => fold(a).cmp(&fold(b)),
        (Value::String(a), Literal::Guid(b)) => fold(a).cmp(b),
        (Value::String(a), Literal::Instant(b) | Literal::Date(b)) => {
            time::parse(a).or_else(|| time::parse_date(a))?.cmp(b)
        }
        (Value::String(a), Literal::Typed(_, b)) => a.cmp(b),
        _ => return None,
    };
    Some(holds(ordering, operator))
}

fn holds(ordering: Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Eq => ordering.is_eq(),
        Operator::Ne => ordering.is_ne(),
        Operator::Gt => ordering.is_gt(),
        Operator::Ge => ordering.is_ge(),
        Operator::Lt => ordering.is_lt(),
        Operator::Le => ordering.is_le(),
    }
}

fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::filter::parse;
    use crate::demo::query::row::JsonRow;
    use serde_json::json;

    fn check(filter: &str) -> bool {
        let row = json!({"name": "O'Brien", "city": null, "n": 5, "on": true, "at": "2026-01-01T00:00:00Z", "tags": ["Red", "blue"], "in": {"side": "x"}});
        let Value::Object(map) = row else {
            panic!("an object")
        };
        let row = JsonRow {
            type_name: "user",
            map,
            annotations: Vec::new(),
        };
        passes(&parse(filter).expect("grammatical"), &row, never_misses)
    }

    #[test]
    fn comparisons() {
        for filter in [
            "name eq 'o''brien'",
            "startswith(name,'O''B')",
            "n ge 5 and n lt 6",
            "on eq true",
            "at gt 2025-12-31T23:59:59Z",
            "at eq 2026-01-01T01:00:00+01:00",
            "tags/any(t:t eq 'BLUE')",
            "tags/$count eq 2",
            "in/side eq 'x'",
            "n in (1,5)",
            "city eq null",
            "city ne 'x'",
        ] {
            assert!(check(filter), "{filter}");
        }
        for filter in [
            "city eq 'x'",
            "city ge 'x'",
            "not startswith(city,'x')",
            "not (n eq 5)",
            "city ne null",
            "tags/any(t:t eq 'green')",
        ] {
            assert!(!check(filter), "{filter}");
        }
    }
}
