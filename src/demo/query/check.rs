//! Type-checks a filter against the declared types, and lists what it asks of which property, so that each service can apply its own rules.

use super::filter::{Expr, Literal, Operator};
use super::schema;

/// What a filter wants to do with a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `eq` with a value.
    Eq,
    /// `ne` with a value.
    Ne,
    /// `ge`
    Ge,
    /// `le`
    Le,
    /// `gt`
    Gt,
    /// `lt`
    Lt,
    /// `in`
    In,
    /// `startswith`
    StartsWith,
    /// `endswith`
    EndsWith,
    /// `contains`
    Contains,
    /// `eq null`
    IsNull,
    /// `ne null`
    NotNull,
    /// `any()` without a body.
    NotEmpty,
    /// `/$count`
    Count,
    /// A boolean property standing alone.
    Truth,
}

/// One use of a property in a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The path joined by `/`; inside a lambda, the collection's path followed by the path on the variable.
    pub path: String,
    /// What is done.
    pub action: Action,
    /// Below a `not`.
    pub negated: bool,
    /// Inside a lambda.
    pub lambda: bool,
    /// The longest text compared with.
    pub text_length: usize,
    /// Compared with the empty string.
    pub empty_text: bool,
}

/// Why a filter does not fit the type.
#[derive(Debug, Clone, PartialEq)]
pub enum Misfit {
    /// There is no such property.
    Unknown {
        /// Its name.
        name: String,
        /// The type it was looked for on.
        on: String,
    },
    /// A literal of the wrong type.
    Types(String),
}

/// Lambda variables in force, with the collection they range over and its element type.
type Scope<'e> = Vec<(&'e str, String, &'e str)>;

/// Checks names and literal types, and returns every use of a property.
pub fn uses(
    type_name: &'static str,
    expr: &Expr,
    dates_for_instants: bool,
) -> Result<Vec<Use>, Misfit> {
    let mut visit = Visit {
        type_name,
        dates_for_instants,
        found: Vec::new(),
    };
    visit.expr(expr, false, &mut Vec::new())?;
    Ok(visit.found)
}

struct Visit {
    type_name: &'static str,
    dates_for_instants: bool,
    found: Vec<Use>,
}

impl Visit {
    fn expr<'e>(
        &mut self,
        expr: &'e Expr,
        negated: bool,
        scope: &mut Scope<'e>,
    ) -> Result<(), Misfit> {
        match expr {
            Expr::And(parts) | Expr::Or(parts) => parts
                .iter()
                .try_for_each(|part| self.expr(part, negated, scope)),
            Expr::Not(inner) => self.expr(inner, !negated, scope),
            Expr::Any(path, variable, body) => {
                self.lambda(path, variable, body.as_deref(), negated, scope)
            }
            leaf => {
                let (path, action, literals) = self.leaf(leaf, scope)?;
                self.note(path, action, negated, scope, &literals);
                Ok(())
            }
        }
    }

    /// A comparison of one property: what it does to which, and with what.
    fn leaf(&self, expr: &Expr, scope: &Scope) -> Result<(String, Action, Vec<Literal>), Misfit> {
        let misfit = |reason: &str| Err(Misfit::Types(reason.to_string()));
        match expr {
            Expr::Compare(path, operator, literal) => {
                let (path, kind) = self.resolve(path, scope)?;
                self.fits(kind, literal, &format!("{operator:?}"))?;
                Ok((path, action(*operator, literal), vec![literal.clone()]))
            }
            Expr::In(path, literals) => {
                let (path, kind) = self.resolve(path, scope)?;
                literals
                    .iter()
                    .try_for_each(|literal| self.fits(kind, literal, "In"))?;
                Ok((path, Action::In, literals.clone()))
            }
            Expr::Call(name, path, text) => {
                let (path, kind) = self.resolve(path, scope)?;
                let action = match name.as_str() {
                    _ if kind != "String" => {
                        return misfit(&format!(
                            "No function signature for the function with name '{name}' matches the specified arguments."
                        ));
                    }
                    "startswith" => Action::StartsWith,
                    "endswith" => Action::EndsWith,
                    _ => Action::Contains,
                };
                Ok((path, action, vec![Literal::Text(text.clone())]))
            }
            Expr::Count(path, _, _) => match self.resolve(path, scope)? {
                (path, kind) if schema::element(kind).is_some() => {
                    Ok((path, Action::Count, Vec::new()))
                }
                _ => misfit("$count can only be applied to a collection."),
            },
            Expr::Truth(path) => match self.resolve(path, scope)? {
                (path, "Boolean") => Ok((path, Action::Truth, Vec::new())),
                _ => misfit("The filter must evaluate to a boolean value."),
            },
            Expr::And(_) | Expr::Or(_) | Expr::Not(_) | Expr::Any(..) => {
                misfit("The filter is not a comparison.")
            }
        }
    }

    fn lambda<'e>(
        &mut self,
        path: &'e [String],
        variable: &'e str,
        body: Option<&'e Expr>,
        negated: bool,
        scope: &mut Scope<'e>,
    ) -> Result<(), Misfit> {
        let (full, kind) = self.resolve(path, scope)?;
        let Some(element) = schema::element(kind) else {
            return Err(Misfit::Types(
                "Any/All may only be used following a collection.".into(),
            ));
        };
        let Some(body) = body else {
            self.note(full, Action::NotEmpty, negated, scope, &[]);
            return Ok(());
        };
        scope.push((variable, full, element));
        let result = self.expr(body, negated, scope);
        scope.pop();
        result
    }

    /// The full path and the Edm type of a path, lambda variables replaced.
    fn resolve(&self, path: &[String], scope: &Scope) -> Result<(String, &'static str), Misfit> {
        let bound = scope
            .iter()
            .rev()
            .find(|(variable, _, _)| path.first().is_some_and(|first| first == variable));
        let (start, prefix, rest) = match bound {
            Some((_, full, element)) => (*element, full.as_str(), &path[1..]),
            None => (self.type_name, "", path),
        };
        let mut full = prefix.to_string();
        for segment in rest {
            if !full.is_empty() {
                full.push('/');
            }
            full.push_str(segment);
        }
        if rest.is_empty() {
            return Ok((full, schema::interned(start)));
        }
        schema::path_type(start, rest)
            .map(|kind| (full, kind))
            .map_err(|(on, name)| Misfit::Unknown {
                name: name.to_string(),
                on: on.to_string(),
            })
    }

    fn fits(&self, kind: &str, literal: &Literal, operator: &str) -> Result<(), Misfit> {
        let good = match literal {
            Literal::Null => true,
            Literal::Bool(_) => kind == "Boolean",
            Literal::Int(_) => ["Int16", "Int32", "Int64", "Double"].contains(&kind),
            Literal::Float(_) => kind == "Double",
            Literal::Instant(_) => kind == "DateTimeOffset",
            Literal::Date(_) => {
                kind == "Date" || (kind == "DateTimeOffset" && self.dates_for_instants)
            }
            Literal::Guid(_) => kind == "Guid",
            Literal::Text(text) => {
                kind == "String"
                    || schema::enum_members(kind)
                        .is_some_and(|members| members.contains(&text.as_str()))
            }
            Literal::Typed(prefix, _) => kind == "Duration" && prefix == "duration",
        };
        if good {
            return Ok(());
        }
        Err(Misfit::Types(format!(
            "A binary operator with incompatible types was detected. Found operand types '{}' and '{}' for operator kind '{}'.",
            edm(kind),
            literal_type(literal),
            operator_kind(operator)
        )))
    }

    fn note(
        &mut self,
        path: String,
        action: Action,
        negated: bool,
        scope: &Scope,
        literals: &[Literal],
    ) {
        let texts = || {
            literals.iter().filter_map(|literal| {
                if let Literal::Text(text) = literal {
                    Some(text)
                } else {
                    None
                }
            })
        };
        self.found.push(Use {
            path,
            action,
            negated,
            lambda: !scope.is_empty(),
            text_length: texts().map(|text| text.chars().count()).max().unwrap_or(0),
            empty_text: texts().any(|text| text.is_empty()),
        });
    }
}

/// How high the tree is once chains of one operator are one node: a comparison is 1 (FACTS 2.7, "excessive height").
pub fn height(expr: &Expr) -> usize {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => 1 + parts.iter().map(height).max().unwrap_or(0),
        Expr::Not(inner) => 1 + height(inner),
        _ => 1,
    }
}

/// The largest number of clauses below one `or`; an `in` list counts as its values (FACTS 2.7).
pub fn widest_or(expr: &Expr) -> usize {
    match expr {
        Expr::Or(parts) => {
            let own: usize = parts
                .iter()
                .map(|part| {
                    if let Expr::In(_, values) = part {
                        values.len()
                    } else {
                        1
                    }
                })
                .sum();
            own.max(parts.iter().map(widest_or).max().unwrap_or(0))
        }
        Expr::And(parts) => parts.iter().map(widest_or).max().unwrap_or(0),
        Expr::Not(inner) => widest_or(inner),
        Expr::In(_, values) => values.len(),
        Expr::Any(_, _, Some(body)) => widest_or(body),
        _ => 1,
    }
}

/// The paths in the order in which they are written.
pub fn paths_in_order(uses: &[Use]) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for one in uses {
        if !out.contains(&one.path.as_str()) {
            out.push(&one.path);
        }
    }
    out
}

fn action(operator: Operator, literal: &Literal) -> Action {
    match (operator, literal) {
        (Operator::Eq, Literal::Null) => Action::IsNull,
        (Operator::Ne, Literal::Null) => Action::NotNull,
        (Operator::Eq, _) => Action::Eq,
        (Operator::Ne, _) => Action::Ne,
        (Operator::Ge, _) => Action::Ge,
        (Operator::Le, _) => Action::Le,
        (Operator::Gt, _) => Action::Gt,
        (Operator::Lt, _) => Action::Lt,
    }
}

fn edm(kind: &str) -> String {
    match schema::element(kind) {
        Some(element) => format!("Collection({})", edm(element)),
        None if kind.starts_with(|c: char| c.is_ascii_uppercase()) => format!("Edm.{kind}"),
        None => format!("microsoft.graph.{kind}"),
    }
}

fn literal_type(literal: &Literal) -> &'static str {
    match literal {
        Literal::Null => "<null>",
        Literal::Bool(_) => "Edm.Boolean",
        Literal::Int(_) => "Edm.Int32",
        Literal::Float(_) => "Edm.Double",
        Literal::Text(_) => "Edm.String",
        Literal::Instant(_) => "Edm.DateTimeOffset",
        Literal::Date(_) => "Edm.Date",
        Literal::Guid(_) => "Edm.Guid",
        Literal::Typed(..) => "Edm.Untyped",
    }
}

fn operator_kind(operator: &str) -> &str {
    match operator {
        "Eq" => "Equal",
        "Ne" => "NotEqual",
        "Gt" => "GreaterThan",
        "Ge" => "GreaterThanOrEqual",
        "Lt" => "LessThan",
        "Le" => "LessThanOrEqual",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::filter::parse;

    fn check(type_name: &'static str, text: &str) -> Result<Vec<Use>, Misfit> {
        uses(type_name, &parse(text).expect("grammatical"), true)
    }

    #[test]
    fn quoted_instants_are_refused() {
        let Err(Misfit::Types(message)) =
            check("message", "receivedDateTime ge '2026-01-01T00:00:00Z'")
        else {
            panic!("accepted")
        };
        assert!(
            message.contains(
                "'Edm.DateTimeOffset' and 'Edm.String' for operator kind 'GreaterThanOrEqual'"
            ),
            "{message}"
        );
    }

    #[test]
    fn lambdas_resolve() {
        let found = check(
            "user",
            "assignedLicenses/any(x:x/skuId eq 184efa21-98c3-4e5d-95ab-d07053a96e67)",
        )
        .expect("fits");
        assert_eq!(
            (found[0].path.as_str(), found[0].lambda),
            ("assignedLicenses/skuId", true)
        );
        let found = check("message", "categories/any(c:c eq 'Blue')").expect("fits");
        assert_eq!(found[0].path, "categories");
        assert!(check("message", "categories/any(c:c/x eq 'Blue')").is_err());
        assert!(check("message", "importance eq 'High'").is_err());
    }

    #[test]
    fn heights_and_widths() {
        let expr = parse("((a eq 1 and b eq 2) or c eq 3) and d eq 4").expect("grammatical");
        assert_eq!(height(&expr), 4);
        assert_eq!(
            widest_or(&parse("a in (1,2,3) or b eq 1").expect("grammatical")),
            4
        );
    }
}
